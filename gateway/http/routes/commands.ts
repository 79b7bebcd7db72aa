// Commands of any type in one packed batch. Owns: its path. Never touches: what a command does.
//   http.H35. Commands go to the ledger as the bytes that came; each is judged there, by what its caller may do. A batch that cannot be told apart
//        into commands is refused as a whole.

import { type PackedOutcomes, packedHead, packOutcomes, REFUSALS } from '../../../engine/index.js';
import { either, MOVEMENTS } from '../../auth/principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { OUTCOMES_TYPE } from '../../encoding/media.js';
import { toldOf } from '../../encoding/outcome-json.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, type Route, type ServedLedger, submitterOf } from '../../route.js';
import * as about from '../../schema/ledger-descriptions.js';
import { submitPacked, unrecordedPacked } from '../../submission.js';
import { leftMs } from '../server/time-limit.js';
import { KEYED } from './batches.js';
import { OK } from './submit.js';

/** The route of packed batches. */
export function commandRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/commands',
      body: 'batch',
      formats: ['commands'],
      access: either(...MOVEMENTS, 'correct', 'freeze', 'configure', 'settle'),
      module: 'points',
      describes: about.commandsDescription(limits),
      weigh: (body) => (body instanceof Uint8Array ? (packedHead(body)?.count ?? 1) : 1),
      handle: (call) => packedBatch(ledger, call, limits),
    },
  ];
}

/** Does any of them say to try again later? */
const isBusy = (outcomes: PackedOutcomes): boolean =>
  outcomes.refused > 0 &&
  Array.from({ length: outcomes.length }, (_, place) => outcomes.code(place)).some(
    (code) => code !== undefined && REFUSALS[code].status === 503,
  );

async function packedBatch(
  ledger: ServedLedger,
  call: Call,
  { batchItemsMax, retryAfterSeconds }: GatewayLimits,
): Promise<Answer> {
  const { body, idempotencyKey } = call;
  if (!(body instanceof Uint8Array))
    return problem(refuse('MEDIA_TYPE_UNSUPPORTED', 'Content-Type'));
  if (idempotencyKey !== undefined) return problem(refuse('ID_INVALID', 'Idempotency-Key', KEYED));
  const { count = 0 } = packedHead(body) ?? {};
  if (count > batchItemsMax) {
    const detail = `A batch has at most ${batchItemsMax} commands.`;
    return problem(refuse('BATCH_TOO_LARGE', 'body', detail));
  }
  const submitter = submitterOf(ledger, call);
  const outcomes = await submitPacked(submitter, body, { timeoutMs: leftMs(call) });
  if (isRefusal(outcomes)) return problem(outcomes);
  const rest = unrecordedPacked(submitter, outcomes);
  call.isRecorded = outcomes.length > 0 && rest.length === 0;
  return {
    status: OK,
    contentType: OUTCOMES_TYPE,
    body: packOutcomes(outcomes),
    headers: isBusy(outcomes) ? [['Retry-After', String(retryAfterSeconds)]] : undefined,
    told: toldOf(rest),
  };
}
