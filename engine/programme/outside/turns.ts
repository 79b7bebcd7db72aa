// What is written as an exchange with a partner outside goes on. Owns: the process after a word, what else is written with it, its legs. Never touches:
// what an answer means (transition.ts); who asks.
//   outside.P2. Operations are listed before the partner is asked, and their states are changed with the process. So the list has all that the partner
//       may have seen.
//   outside.P3. Of what does not agree one thing is open at a time: the graver one. It is resolved where the answer comes, or the process ends without it.

import { DAY_MS, OPERATION_KEPT_MS, PARTNER_HISTORY_MAX } from '../../limits.js';
import type { InconsistencyKind, PartnerStatus, PartnerStep } from '../../protocol/outside.js';
import type {
  ConditionalPut,
  CounterAdd,
  Effect,
  Plan,
  PlannedLeg,
  Reads,
  Window,
} from '../act.js';
import { keptHold } from '../coalition/pending.js';
import { givenOf, type Terms } from '../coalition/terms.js';
import { clearingOf, reserveOf } from '../definitions/exchanging.js';
import { countedBack } from '../undone.js';
import {
  inconsistencyEffect,
  inconsistencyId,
  inconsistencyPuts,
  type KeptInconsistency,
} from './inconsistencies.js';
import { type KeptOperation, listedOperation } from './operations.js';
import {
  ADD,
  exchangeRecord,
  isEnded,
  type KeptExchange,
  type KeptSide,
  type OpenFinding,
  operationId,
  placesPuts,
  ROLLBACK_SOURCE,
  sideOf,
} from './process.js';
import { nextOf, type Word } from './transition.js';

/** What is said of a step. */
export interface Turn {
  readonly word: Word;
  /** As the history tells it. */
  readonly answer: string;
  readonly reason?: string | undefined;
  /** An operator says so, who knows what does not agree when it ends so. */
  readonly isKnown?: boolean;
}

/** Is the step that it is at done here, and no partner asked? */
export const isHere = ({ step, ...kept }: KeptExchange): boolean => !kept[sideOf(step)].isOutside;

const withEntry = (
  { history }: KeptExchange,
  step: PartnerStep,
  answer: string,
  time: number,
): KeptExchange['history'] =>
  [...history, [step, answer, time] as const].slice(-PARTNER_HISTORY_MAX);

/** The partner is asked from now on. */
export const asked = (side: KeptSide, time: number): KeptSide =>
  side.isOutside && side.user !== null && side.at === null
    ? { ...side, at: time, state: 'pending' }
    : side;

/** Something does not agree; what is open already stays where it is as grave. */
export function opened(
  exchange: string,
  kept: KeptExchange,
  [kind, finding]: readonly [kind: InconsistencyKind, finding: string],
  { time, ends, theirs = null }: { time: number; ends: PartnerStep; theirs?: number | null },
): KeptExchange {
  const { open, openings } = kept;
  const isGraver = open === null || (open.kind !== kind && open.kind !== 'failed_unfreeze');
  if (!isGraver || (kind === 'cross_system_reconciliation' && open !== null)) return kept;
  const name = sideOf(kept.step);
  const of = kept[name].isOutside ? name : name === 'source' ? 'target' : 'source';
  const { platform: partner, asset, amount } = kept[of];
  const found: OpenFinding = {
    inconsistency: inconsistencyId(partner, finding, `${exchange} ${openings}`),
    ...{ kind, partner, finding, operation: operationId(exchange, of), asset },
    ...{ ours: amount, theirs, openedAt: time, ends },
  };
  return { ...kept, open: found, openings: openings + 1, inconsistency: found.inconsistency };
}

/** The process after a word of the step that it is at. */
export function turned(
  exchange: string,
  kept: KeptExchange,
  { word, answer, reason, isKnown = false }: Turn,
  time: number,
): KeptExchange {
  const { next, opens } = nextOf(kept, word);
  const { step } = kept;
  const isEnd = next === 'completed' || next === 'failed';
  const isClean = isEnd && opens === undefined;
  // Beside a reversal nothing is written of others: what is open then is resolved at the end.
  const isAnswered = kept.open?.ends === step && word !== 'late' && !isHere(kept);
  const after: KeptExchange = {
    ...kept,
    ...(isEnd ? { status: next, endedAt: time } : { status: 'in_progress', step: next }),
    ...(next === ADD ? { target: asked(kept.target, time) } : {}),
    updatedAt: time,
    history: withEntry(kept, step, answer, time),
    reason: next === 'completed' && isClean ? null : (reason ?? kept.reason),
    open: isAnswered || isClean ? null : kept.open,
  };
  if (opens === undefined || (isKnown && isEnd)) return after;
  return opened(exchange, after, opens, { time, ends: ROLLBACK_SOURCE });
}

/** What came of a step is not known, or cannot be now: it is asked again. */
export const retrying = (kept: KeptExchange, time: number): KeptExchange =>
  kept.status === 'retrying' ? kept : { ...kept, status: 'retrying', updatedAt: time };

const TYPES: Partial<Record<PartnerStatus, string>> = {
  pending_approval: 'partnerExchangePending',
  started: 'partnerExchangeStarted',
  completed: 'partnerExchangeCompleted',
  failed: 'partnerExchangeFailed',
};
/** Of what is told to nobody but who asks. */
const GOES_ON = 'partnerExchangeGoesOn';

function effectOf(exchange: string, before: KeptExchange | null, after: KeptExchange): Effect {
  const { status, step, source, target, fee, receiver, reason, until } = after;
  const type = before?.status === status ? GOES_ON : (TYPES[status] ?? GOES_ON);
  return {
    ...{ type, exchange, status, step, from: source.asset, to: target.asset },
    ...{ amount: source.amount, fee, result: target.amount },
    ...(receiver === null ? {} : { receiver }),
    ...(reason === null ? {} : { reason }),
    ...(isEnded(after) ? {} : { until }),
    platforms: [source.platform, target.platform],
  };
}

const operationOf = (name: 'source' | 'target', side: KeptSide): KeptOperation | null => {
  const { user, asset, amount, at, state } = side;
  if (at === null || user === null || state === null) return null;
  return {
    ...{ direction: 'out', kind: name === 'source' ? 'deduct' : 'add', state },
    ...{ user, asset, amount, at },
  };
};

/** What its list has of an operation that has changed. One that is so old that it is listed no more, is not. */
function operationPuts(
  exchange: string,
  name: 'source' | 'target',
  before: KeptExchange | null,
  after: KeptExchange,
  time: number,
): readonly ConditionalPut[] {
  const is = operationOf(name, after[name]);
  const was = before && operationOf(name, before[name]);
  if (is === null || is.state === was?.state || time >= is.at + OPERATION_KEPT_MS) return [];
  return [listedOperation(after[name].platform, operationId(exchange, name), was, is)];
}

/** Who resolves what does not agree, and why; by itself: where the answer came. */
interface Resolved {
  readonly reason: string | null;
  readonly by: string | null;
}
const BY_ITSELF: Resolved = { reason: 'answered', by: null };

function inconsistencyChanges(
  exchange: string,
  before: OpenFinding | null,
  after: OpenFinding | null,
  time: number,
  { reason, by }: Resolved,
): { readonly puts: readonly ConditionalPut[]; readonly effects: readonly Effect[] } {
  if (before?.inconsistency === after?.inconsistency) return { puts: [], effects: [] };
  const openOf = ({ inconsistency: _id, ends: _ends, ...found }: OpenFinding) =>
    ({
      ...{ kind: found.kind, state: 'open', partner: found.partner, finding: found.finding },
      ...{ exchange, operation: found.operation, asset: found.asset },
      ...{ ours: found.ours, theirs: found.theirs, openedAt: found.openedAt },
      ...{ resolvedAt: null, reason: null, by: null },
    }) as const satisfies KeptInconsistency;
  const puts: ConditionalPut[] = [];
  const effects: Effect[] = [];
  const change = (id: string, was: KeptInconsistency | null, is: KeptInconsistency): void => {
    puts.push(...inconsistencyPuts(id, was, is));
    effects.push(inconsistencyEffect(id, is));
  };
  if (before !== null) {
    const was = openOf(before);
    const is = { ...was, state: 'resolved', resolvedAt: time, reason, by } as const;
    change(before.inconsistency, was, is);
  }
  if (after !== null) change(after.inconsistency, null, openOf(after));
  return { puts, effects };
}

/** What a limit has counted it in. */
export const countedIn = ({ day, source: { asset, amount } }: KeptExchange): CounterAdd[] =>
  day === null ? [] : [{ name: givenOf(asset), window: day as Window, add: amount }];

/** What is written with the process as it is now; `before`: null: it is new. */
export function written(
  see: Reads,
  exchange: string,
  { owner, time }: { readonly owner: string; readonly time: number },
  before: KeptExchange | null,
  after: KeptExchange,
  resolved = BY_ITSELF,
): Plan & Required<Pick<Plan, 'records' | 'puts' | 'counters'>> {
  const isFailing = after.status === 'failed' && before?.status !== 'failed';
  const back = isFailing ? countedIn(after) : [];
  // What the target's step has not moved, the last one does.
  const isMoving = after.status === 'completed' && after.moved === null;
  const kept = {
    ...after,
    // What is given back is so once.
    ...(isFailing ? { day: null } : {}),
    ...(isMoving ? { moved: see.id } : {}),
  };
  const open = inconsistencyChanges(exchange, before?.open ?? null, kept.open, time, resolved);
  const isFreed = isEnded(kept) && !kept.source.isOutside;
  return {
    legs: isMoving ? partnerLegs(kept, owner, time) : [],
    records: [
      exchangeRecord(exchange, kept),
      ...(before === null && !kept.source.isOutside ? [keptHold(kept.id, true)] : []),
      ...(isFreed ? [keptHold(kept.id, false)] : []),
    ],
    counters: back.flatMap((one) => countedBack(see, one, one.add, time)),
    puts: [
      ...placesPuts(exchange, owner, before, kept),
      ...operationPuts(exchange, 'source', before, kept, time),
      ...operationPuts(exchange, 'target', before, kept, time),
      ...open.puts,
    ],
    effects: [effectOf(exchange, before, kept), ...open.effects],
    why: { exchange },
  };
}

/** What moves here. `target`: the points that are got are here, on its terms. */
export function partnerLegs(
  { id, source, target, fee, receiver }: KeptExchange,
  owner: string,
  time: number,
  terms?: Terms['target'],
): readonly PlannedLeg[] {
  const clears = clearingOf(source.platform);
  const paid = { asset: source.asset, ...(source.isOutside ? {} : { holdId: id }) };
  const from = source.isOutside ? clears : owner;
  const legs: PlannedLeg[] = [];
  if (!source.isOutside) legs.push({ ...paid, from, to: clears, amount: source.amount - fee });
  if (fee > 0) legs.push({ ...paid, from, to: '@fee', amount: fee });
  const payee = clearingOf(target.platform);
  const { asset, amount } = target;
  if (terms === undefined) {
    if (payee !== clears) legs.push({ from: clears, to: payee, asset, amount });
    return legs;
  }
  const { expiresDays, reserve } = terms.document;
  const expiresAt = expiresDays === undefined ? undefined : time + expiresDays * DAY_MS;
  legs.push({ from: clears, to: receiver ?? owner, asset, amount, expiresAt });
  if (reserve === 'pool') {
    const pays = reserveOf(target.platform);
    legs.push({ from: pays, to: payee, asset, amount, isOptional: true });
  }
  return legs;
}
