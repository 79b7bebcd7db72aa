// Marks of risk, and reviews of what they stop. Owns: their paths. Never touches: what a mark stops, who may review (gateway/risk).

import { isRefusal as isRefused, limits, riskState } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { ADMINISTRATOR, either, VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { mayNow } from '../../operators/proposers.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { NO_FILE, riskFile } from '../../risk/files.js';
import {
  agreeToReview,
  type Review,
  type ReviewParts,
  type ReviewState,
  rejectReview,
  reviewAt,
  reviews,
} from '../../risk/reviews.js';
import {
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/risks.js';
import { leftMs } from '../server/time-limit.js';
import { OK, submitted } from './submit.js';

const READS_MARK = new ActReader(about.MARK, ['owner', 'mark']);
const READS_LIFT = new ActReader(about.LIFT, ['owner', 'mark']);
const readRejection = bodyReader(about.ReviewRejection);
const MARK = '/v1/members/{owner}/risks/{mark}';
const REVIEW = '/v1/reviews/{review}';
const { DAY_MS } = limits;
const CHANGES = { module: 'operations', access: whole('freeze') } as const;
const READS = { method: 'GET', module: 'operations', access: VIEWERS } as const;

/** The routes of marks and reviews. */
export function riskRoutes(ledger: ServedLedger, of: GatewayLimits): Route[] {
  return [
    {
      ...READS,
      path: '/v1/risks',
      describes: about.risksDescription,
      handle: async (call) => {
        const engine = engineOf(ledger);
        const { limit: _, ...asked } = call.query;
        const query = { ...asked, limit: count(call.query, 'limit'), time: engine.now() };
        return told(await engine.register.risks(query as never));
      },
    },
    {
      ...READS,
      path: '/v1/members/{owner}/risks',
      describes: about.memberRisksDescription,
      handle: (call) => memberRisks(ledger, call.path[0] ?? ''),
    },
    {
      ...CHANGES,
      method: 'PUT',
      path: MARK,
      body: 'required',
      repeats: true,
      describes: about.markDescription(of),
      handle: (call) =>
        submitted(ledger, call, READS_MARK.read(call.body, call.path, call.idempotencyKey), {
          fresh: OK,
          named: besideIt,
        }),
    },
    {
      ...CHANGES,
      method: 'DELETE',
      path: MARK,
      repeats: true,
      describes: about.liftDescription(of),
      handle: (call) => {
        const { reason, quietUntil } = call.query;
        const asked = { reason, ...(quietUntil === undefined ? {} : { quietUntil }) };
        const command = READS_LIFT.read(asked, call.path, call.idempotencyKey);
        return submitted(ledger, call, command, { fresh: OK, named: besideIt });
      },
    },
    {
      ...READS,
      path: '/v1/reviews',
      describes: about.reviewsDescription,
      handle: async ({ query }) => {
        const { state, owner } = query;
        const found = await reviews(engineOf(ledger), state as ReviewState | undefined, owner);
        return isRefusal(found) ? problem(found) : json(OK, { reviews: found.map(shown) });
      },
    },
    {
      method: 'GET',
      module: 'operations',
      path: REVIEW,
      access: either('read', 'view'),
      describes: about.reviewDescription,
      handle: async ({ path, principal }) => {
        const found = await reviewAt(engineOf(ledger), path[0] ?? '');
        if (isRefusal(found)) return problem(found);
        // Of others a platform, or a key that is restricted, is told that there is none.
        const isTheirs = found.by !== '' && found.by === principal.principal;
        const isWide = principal.operations.has('view') || principal.operations.has('admin');
        const isWhole = principal.kind !== 'platform' && isWide && principal.owner === undefined;
        const maySee = isTheirs || (isWhole && principal.assets === undefined);
        return maySee ? json(OK, shown(found)) : problem(refuse('REVIEW_NOT_FOUND', 'review'));
      },
    },
    {
      ...CHANGES,
      method: 'POST',
      path: `${REVIEW}/agree`,
      body: 'optional',
      describes: about.agreeDescription,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        return decided(await agreeToReview(partsOf(ledger, call, of), call.path[0] ?? ''));
      },
    },
    {
      ...CHANGES,
      method: 'POST',
      path: `${REVIEW}/reject`,
      body: 'optional',
      describes: about.rejectDescription,
      handle: async (call) => {
        const body = readRejection(call.body);
        if (isRefusal(body)) return problem(body);
        const { reason } = body;
        return decided(await rejectReview(partsOf(ledger, call, of), call.path[0] ?? '', reason));
      },
    },
  ];
}

const partsOf = (
  ledger: ServedLedger,
  call: Call,
  { proposalKeptDays }: GatewayLimits,
): ReviewParts => ({
  engine: engineOf(ledger),
  ledger: recordsOf(ledger, call),
  by: call.principal.principal ?? '',
  now: engineOf(ledger).now(),
  keptMs: proposalKeptDays * DAY_MS,
  timeoutMs: leftMs(call),
  isGood: async (by, scope) => {
    const platform = scope === undefined ? undefined : ledger.access?.directory.platform(scope);
    if (platform?.platform.disabled === true) return false;
    const now = await mayNow(engineOf(ledger), by, ADMINISTRATOR);
    return isRefusal(now) ? now : now !== undefined;
  },
});

/** Everything but the grants of who has asked. */
const shown = ({ grants: _, ...review }: Review): Omit<Review, 'grants'> => review;

const told = (found: object | Refusal): Answer => {
  if (isRefused(found as never)) return problem(found as Refusal);
  const { ok: _, ...page } = found as { readonly ok?: true };
  return json(OK, page);
};

const decided = (found: Review | Refusal): Answer =>
  isRefusal(found) ? problem(found) : json(OK, shown(found), { review: found.review });

async function memberRisks(ledger: ServedLedger, owner: string): Promise<Answer> {
  const engine = engineOf(ledger);
  const now = engine.now();
  const state = await riskState(engine.own, owner, now);
  if (isRefusal(state)) return problem(state);
  const found = await riskFile(engine, owner);
  if (isRefusal(found)) return problem(found);
  const { count: stopped, since, last, reviews: open } = found?.read() ?? NO_FILE;
  const waiting: Omit<Review, 'grants'>[] = [];
  for (const { review, until } of open) {
    if (until <= now) continue;
    const one = await reviewAt(engine, review);
    if (!isRefusal(one) && one.state === 'open') waiting.push(shown(one));
  }
  return json(OK, { ...state, stopped, since, last, reviews: waiting });
}
