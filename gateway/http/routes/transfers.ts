// Transfers: sent, read back, reversed, confirmed. Owns: their paths, which bodies are batches. Never touches: what moves.

import type { Caller } from '../../../engine/index.js';
import { either, MOVEMENTS } from '../../auth/principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { packed } from '../../encoding/media.js';
import { recordAnswer } from '../../encoding/outcome-json.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, callerOf, count, isTrue, type Route, type ServedLedger } from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { leftMs } from '../server/time-limit.js';
import { ACCOUNT, commandOf, submitted } from './submit.js';
import { batch, lineBatch } from './transfer-batches.js';

const TRANSFER = new CommandReader('transfer');
const REVERSE = new CommandReader('reverse', ['owner', 'transferId']);
const CONFIRM = new CommandReader('confirm-pending', ['owner', 'transferId']);
const MOVES = either(...MOVEMENTS);

/** The routes of transfers. */
export function transferRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/transfers',
      body: 'batch',
      formats: ['packed', 'lines'],
      access: MOVES,
      module: 'points',
      describes: about.transferDescription(limits),
      repeats: true,
      handle: (call) => carriedOut(ledger, call, limits),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/transfers/{id}`,
      access: either('read'),
      module: 'points',
      describes: about.recordDescription,
      handle: (call) => readBack(callerOf(ledger, call), call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/reverse`,
      body: 'optional',
      access: MOVES,
      module: 'points',
      describes: about.reverseDescription(limits),
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(REVERSE, call)),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/confirm`,
      body: 'optional',
      access: MOVES,
      module: 'points',
      describes: about.confirmDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(CONFIRM, call)),
    },
  ];
}

/** One transfer, an array of them, or lines that are still coming. */
function carriedOut(
  ledger: ServedLedger,
  call: Call,
  limits: GatewayLimits,
): Answer | Promise<Answer> {
  const { body, lines, query, idempotencyKey } = call;
  const isMany = lines !== undefined || Array.isArray(body);
  if (query.brief !== undefined && (!isMany || query.dryRun === 'true'))
    return problem(refuse('QUERY_INVALID', 'brief', 'brief is for batches that are carried out.'));
  if (!isMany) {
    const one = submitted(ledger, call, TRANSFER.read(body, [], idempotencyKey));
    return call.format === 'packed' ? one.then(packed) : one;
  }
  if (lines !== undefined && call.isRepeat)
    return problem(refuse('SIGNATURE_REPLAYED', 'X-Signature'));
  const settings = {
    // Lines come for as long as they come: the limit is of each group of them.
    timeoutMs: lines === undefined ? leftMs(call) : count(query, 'timeoutMs'),
    brief: query.brief === 'true',
    atomic: isTrue(query, 'atomic'),
    dryRun: isTrue(query, 'dryRun'),
  };
  return lines === undefined
    ? batch(ledger, call, body as readonly unknown[], settings, limits)
    : lineBatch(ledger, call, lines, settings, limits);
}

async function readBack(caller: Caller, owner: string, id: string): Promise<Answer> {
  const record = await caller.transfer(owner, id);
  if (record === undefined)
    return problem(refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.'));
  return isRefusal(record) ? problem(record) : recordAnswer(record);
}
