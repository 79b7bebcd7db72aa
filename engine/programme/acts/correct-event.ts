// What an event has earned by a rule or a task that was wrong is put right: the difference alone is posted, and names the correction.
//   correct.K1. It is judged by what the event has earned by then: what was returned meanwhile is not owed, nor taken.
//   correct.K2. An event is corrected once, by what gives and what takes; undone by `reverse`, it may be corrected by another correction.
//   correct.K3. Limits, progress and shares of who has referred the member are as if it had been right from the beginning. It is the same event that
//       completes a task; since when a tier was had, stays.

import { AMOUNT_MAX, LEGS_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, namedId } from '../../protocol/fields.js';
import { ISSUER, isScarceOwner, userProblem } from '../../protocol/syntax.js';
import {
  act,
  type CounterAdd,
  type Effect,
  type Json,
  type PastAct,
  type PlannedLeg,
  type Reads,
  type RecordDelta,
} from '../act.js';
import { correction, programme } from '../definitions/index.js';
import {
  CORRECT,
  type CorrectedSide,
  correctedIn,
  correctedRecord,
  countersOf,
  countOf,
  legOf,
  notCorrected,
  type PayingKind,
  type Right,
  rewardGone,
  SIDES,
  sharesWithout,
} from '../earning/corrected.js';
import {
  CORRECT_SHARE,
  eventKey,
  type Standing,
  shareIn,
  sharesAsked,
  sharesDue,
} from '../earning/corrected-shares.js';
import { earning, memberIn, memberRecord, RETIRED, settled, tiersIn } from '../earning/member.js';
import { EVENT, type EventBody } from '../earning/order.js';
import { goneOf, isAllReturned, linesOf, returnedIn } from '../earning/returned.js';
import { countedBack, isWhole } from '../undone.js';

/** Who has referred a member, and who has referred that one. */
const SHARES_MAX = 2;

const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isPaid = (value: unknown): boolean => {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [kind, key, amount, payer, expiresAt] = value;
  const isPayer = payer === ISSUER || (typeof payer === 'string' && isScarceOwner(payer));
  return (
    (kind === 'rule' || kind === 'task') &&
    typeof key === 'string' &&
    isAmount(amount) &&
    isPayer &&
    (expiresAt === null || isAmount(expiresAt))
  );
};

const isShare = (value: unknown): boolean => {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [owner, amount] = value;
  return typeof owner === 'string' && userProblem(owner) === null && isAmount(amount);
};

const isCounted = (value: unknown): boolean => {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [name, from, until, add] = value;
  return typeof name === 'string' && isAmount(from) && isAmount(until) && isAmount(add);
};

const isRight = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { paid, counted, period, shares = [], ...more } = value as Right;
  return (
    Object.keys(more).length === 0 &&
    Array.isArray(paid) &&
    paid.length <= 2 * LEGS_MAX &&
    paid.every(isPaid) &&
    new Set(paid.map(([kind, key]) => `${kind} ${key}`)).size === paid.length &&
    Array.isArray(counted) &&
    counted.length <= 2 * LEGS_MAX &&
    counted.every(isCounted) &&
    (period === null || isAmount(period)) &&
    Array.isArray(shares) &&
    shares.length <= 2 * SHARES_MAX &&
    shares.every(isShare) &&
    new Set(shares.map(([owner]) => owner)).size === shares.length
  );
};

const whole = { type: 'integer', minimum: 0, maximum: AMOUNT_MAX } as const;
const part = { anyOf: [{ type: 'string' }, whole, { type: 'null' }] } as const;
const RIGHT_SCHEMA = {
  type: 'object',
  required: ['paid', 'counted', 'period'],
  additionalProperties: false,
  properties: {
    paid: {
      type: 'array',
      maxItems: 2 * LEGS_MAX,
      description:
        '[rule or task, its key, minor units, who pays (@issue or a budget), when they expire or null], each source once.',
      items: { type: 'array', minItems: 5, maxItems: 5, items: part },
    },
    counted: {
      type: 'array',
      maxItems: 2 * LEGS_MAX,
      description: '[counter, from, until, added].',
      items: { type: 'array', minItems: 4, maxItems: 4, items: part },
    },
    period: { anyOf: [whole, { type: 'null' }] },
    shares: {
      type: 'array',
      maxItems: 2 * SHARES_MAX,
      description:
        '[who has referred the member, or that one; minor units], each once. Left out: nobody has a share.',
      items: { type: 'array', minItems: 2, maxItems: 2, items: part },
    },
  },
} as const;

/** What one rule or task has come to, and should have. */
interface Compared {
  readonly kind: PayingKind;
  readonly key: string;
  readonly payer: string;
  readonly expiresAt: number | null;
  /** Of what is not given back. */
  readonly had: number;
  readonly right: number;
  readonly side: CorrectedSide;
}

export const correctEvent = act({
  name: CORRECT,
  version: 1,
  about:
    'An operator puts right what an event has earned by what was wrong: the difference is posted, as far as the event was not returned.',
  body: {
    /** The id of the event, as the log has it. */
    event: namedId(),
    /** By what name the correction goes. */
    correction: id('ACT_BODY_INVALID'),
    /** The key of the definition of kind correction that allows it. */
    within: id('ACT_BODY_INVALID'),
    /** What it gives, or what it takes: two acts. */
    side: json<CorrectedSide>(
      { type: 'string', enum: SIDES },
      (value) => SIDES.includes(value as CorrectedSide),
      'What it gives (up), or what it takes (down).',
      'ACT_BODY_INVALID',
    ),
    /** The id of this act, by which a return finds it. */
    as: id('ACT_BODY_INVALID'),
    right: json<Right>(
      RIGHT_SCHEMA,
      isRight,
      'What the event should have come to, as a simulation tells it.',
      'ACT_BODY_INVALID',
    ),
  },
  causes: [CORRECT_SHARE],
  needs: ['adjust'],
  or: 'correct',
  refusals: [
    'DEFINITION_NOT_FOUND',
    'EVENT_NOT_FOUND',
    'ACCOUNT_BUSY',
    'EVENT_CORRECTED',
    'ASSET_UNKNOWN',
    'CORRECTION_TOO_LARGE',
    'APPROVAL_REQUIRED',
    'POINTS_SHORT',
  ],

  decide(see, body, { owner, time, principal }) {
    const { event, within, as, right, side, correction: name } = body;
    const allowed = see.definition(correction, within);
    if (allowed === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const past = see.past(event);
    if (past === undefined || past.act !== EVENT) return { refusal: 'EVENT_NOT_FOUND' };
    // What is pending is not the member's yet: ask again once it is.
    if (past.pending.some((amount) => amount > 0)) return { refusal: 'ACCOUNT_BUSY' };
    const before = correctedIn(see, past.id);
    if (before !== undefined && (before.correction !== name || before[side] !== ''))
      return { refusal: 'EVENT_CORRECTED' };
    const { asset, mostUp, mostDown, secondFrom } = allowed.document;
    const { programme: of } = past.body as EventBody;
    const programmeAsset = see.definition(programme, of)?.document.asset ?? asset;
    if (asset !== programmeAsset || see.account(asset) === undefined)
      return { refusal: 'ASSET_UNKNOWN' };
    const compared = comparedOf(see, past, right, side, time);
    const by = { correction: name, event: eventKey(owner, past.id), asset };
    const shared = sharesAsked(
      (right.shares ?? []).map(([of, amount]) => [of, amount, askedBefore(before, of)]),
      sharesDue(right.shares ?? [], standingOf(see, past, right)),
      by,
    );
    const up = compared.reduce((sum, { had, right }) => sum + Math.max(0, right - had), 0);
    const down = compared.reduce((sum, { had, right }) => sum + Math.max(0, had - right), 0);
    const shares = shared.followUps.map(({ body }) => [body['give'] ?? 0, body['take'] ?? 0]);
    const [given, taken] = [0, 1].map((side) =>
      shares.reduce((sum, one) => sum + (one[side] as number), 0),
    ) as [number, number];
    if (up + given > mostUp || down + taken > mostDown) return { refusal: 'CORRECTION_TOO_LARGE' };
    if (secondFrom !== undefined && Math.max(up + given, down + taken) >= secondFrom)
      return { refusal: 'APPROVAL_REQUIRED' };
    const legs: PlannedLeg[] = [];
    const effects: Effect[] = [];
    for (const { kind, key, payer, expiresAt, had, right } of compared) {
      const amount = right - had;
      if (amount === 0 || amount > 0 !== (side === 'up')) continue;
      const sides = amount > 0 ? { from: payer, to: owner } : { from: owner, to: payer };
      const expiry = amount > 0 && expiresAt !== null ? { expiresAt } : {};
      legs.push({ ...sides, asset, amount: Math.abs(amount), ...expiry });
      effects.push({ type: 'correct', [kind]: key, amount });
    }
    const progress = progressed(see, past, of, right.period, up - down, time);
    return {
      legs,
      assets: [asset],
      records: [
        correctedRecord(see, past.id, name, side, as, right, shared.shares),
        ...progress.records,
      ],
      followUps: shared.followUps,
      counters: countersTo(see, past, right, compared, time, 1),
      effects: [
        { type: 'corrected', event: past.id, programme: of, side, asset },
        ...effects,
        ...progress.effects,
      ],
      why: {
        correction: name,
        event: past.id,
        within,
        version: allowed.version,
        by: principal ?? null,
        // (what, which, what it had come to, what it should have).
        paid: compared.map(({ kind, key, had, right }) => [kind, key, had, right]),
        // (who, what that has of the event in the log, what it should have been).
        ...((right.shares ?? []).length === 0
          ? {}
          : { shares: right.shares?.map(([of, all]) => [of, shareIn(past, of), all]) as Json }),
      },
    };
  },

  /** Of a part: what its legs counted goes with them, as of an event. */
  undo(see, undone, { owner, time }) {
    const [told] = undone.effects.filter(({ type }) => type === 'corrected');
    const event = told?.['event'] as string;
    const side = told?.['side'] as CorrectedSide;
    const corrected = undone.effects.filter(({ type }) => type === 'correct');
    const back = corrected.reduce(
      (sum, { amount }, leg) => sum + Math.sign(amount as number) * (undone.now[leg] ?? 0),
      0,
    );
    const progress = undone.effects.find(({ type }) => type === 'progress');
    const { records, effects } =
      progress === undefined || back === 0
        ? UNCHANGED
        : withProgress(
            see,
            told?.['programme'] as string,
            progress['period'] as number,
            -back,
            time,
          );
    const undo = {
      effects: effects.filter(({ type }) => type !== 'progress'),
      why: { event },
      // What shares are without it, is asked for anew.
      undoes: [],
    };
    // With the event goes what it had counted, and that it was corrected counts on for what is left of it.
    if (undone.by !== undefined || !isWhole(undone)) return { ...undo, records };
    const past = see.past(event);
    const { right, correction: name } = undone.body as {
      readonly right: Right;
      readonly correction: string;
    };
    const shares = sharesWithout(see, event, side);
    const of = told?.['programme'] as string;
    const asset = (told?.['asset'] ??
      see.definition(programme, of)?.document.asset ??
      '') as string;
    const by = { correction: name, event: eventKey(owner, event), asset };
    const compared = past === undefined ? [] : comparedOf(see, past, right, side, time);
    return {
      ...undo,
      records: [...records, ...notCorrected(see, event, side)],
      followUps: sharesAsked(shares, [], by).followUps,
      counters: past === undefined ? [] : countersTo(see, past, right, compared, time, -1),
    };
  },
});

/** What of a side an event has come to, and should have. */
const comparedOf = (
  see: Reads,
  past: PastAct,
  { paid }: Right,
  wanted: CorrectedSide,
  time: number,
): Compared[] =>
  paid.map((one) => compare(see, past, one, time)).filter(({ side }) => side === wanted);

const askedBefore = (before: ReturnType<typeof correctedIn>, owner: string): number =>
  before?.shares?.find(([of]) => of === owner)?.[2] ?? 0;

/** What of an event, and of what it should have come to, is given back by now. */
function standingOf(see: Reads, past: PastAct, { paid }: Right): Standing {
  const lines = linesOf(past);
  const returned = returnedIn(see, past.id);
  return {
    past,
    undone: past.undone,
    isAll: past.isUndone || (returned !== undefined && isAllReturned(lines, returned)),
    paid: paid.map(([kind, key, all]) => {
      const leg = legOf(past, 'earn', kind, key);
      return [kind, all, kind === 'task' ? rewardGone(all, leg) : goneOf(see, past, all)];
    }),
  };
}

function compare(
  see: Reads,
  past: PastAct,
  [kind, key, all, payer, expiresAt]: Right['paid'][number],
  time: number,
): Compared {
  const leg = legOf(past, 'earn', kind, key);
  const had = leg.all - leg.undone;
  const owed = all - (kind === 'task' ? rewardGone(all, leg) : goneOf(see, past, all));
  // What would have expired by now is not given any more.
  const isExpired = expiresAt !== null && expiresAt <= time && owed > had;
  const side = all < leg.all ? 'down' : 'up';
  return { kind, key, payer, expiresAt, had, right: isExpired ? had : owed, side };
}

/** What counters come to, beyond what they have: of limits alone. `sign`: -1: back to what they had. */
function countersTo(
  see: Reads,
  past: PastAct,
  { counted }: Right,
  compared: readonly Compared[],
  time: number,
  sign: 1 | -1,
): CounterAdd[] {
  const adds: CounterAdd[] = [];
  const add = (name: string, from: number, until: number, more: number): void => {
    const window = { from, until };
    if (more > 0 && until > time) adds.push({ name, window, add: more });
    if (more < 0) adds.push(...countedBack(see, { name, window, add: -more }, -more, time));
  };
  for (const { kind, key, had, right } of compared)
    for (const name of kind === 'rule' ? countersOf(key) : []) {
      const before = past.counters.find((one) => one.name === name)?.window;
      const after = counted.find(([of]) => of === name);
      const [less, more] = [countOf(name, had), countOf(name, right)];
      const isSame = before?.from === after?.[1] && before?.until === after?.[2];
      if (isSame && after !== undefined) {
        add(name, after[1], after[2], sign * (more - less));
        continue;
      }
      if (before !== undefined) add(name, before.from, before.until, -sign * less);
      if (after !== undefined) add(name, after[1], after[2], sign * more);
    }
  return adds;
}

interface Progressed {
  readonly records: readonly RecordDelta[];
  readonly effects: readonly Effect[];
}

const UNCHANGED: Progressed = { records: [], effects: [] };

/** What counts for tiers, and what did not, or now does not. */
function progressed(
  see: Reads,
  past: PastAct,
  of: string,
  period: number | null,
  more: number,
  time: number,
): Progressed {
  const before = past.effects.find(({ type }) => type === 'progress')?.['period'];
  const counts = (before as number | undefined) ?? period;
  if (counts === null || more === 0) return UNCHANGED;
  return withProgress(see, of, counts, more, time);
}

function withProgress(
  see: Reads,
  of: string,
  period: number,
  more: number,
  time: number,
): Progressed {
  const defined = see.definition(programme, of);
  const tiers = tiersIn(see, of);
  const before = memberIn(see, of);
  const member = earning(before, defined ?? RETIRED, tiers, period, more);
  const now = defined && settled(before, member, defined, tiers, time);
  return {
    records: [memberRecord(of, now?.member ?? member)],
    effects: [{ type: 'progress', period, amount: more }, ...(now?.effects ?? [])],
  };
}
