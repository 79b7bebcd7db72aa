// What a partner asks of this ledger: points to a member, points from one. Owns: what is kept of such an operation, its legs, what is refused for good.
// Never touches: who the partner is, and for which assets it may ask (its grants, judged in the commit).
//   outside.B1. An operation is decided once, in one commit with its record: done, or refused for good. A refusal that may pass leaves nothing behind.
//   outside.B2. A rollback is decided once, too: the operation is undone, or void before it came, or it stands for ever, whatever the member gets later.
//       Where the member was merged since, it is undone with who has the points now.
//   outside.B3. What a partner's operations have added and deducted is the balance of two owners beside its clearing owner, by legs of the same commits:
//       so it is known as of any time, and a rollback takes it back.

import { DAY_MS } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { amount, asset, type TypeOf } from '../../protocol/fields.js';
import type { OperationKind, OperationState } from '../../protocol/outside.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import type {
  ActRefusal,
  ConditionalPut,
  Effect,
  Moment,
  PastAct,
  Plan,
  PlannedLeg,
  Reads,
  Undo,
  Undone,
} from '../act.js';
import { isMember } from '../coalition/members.js';
import { dayOf, givenOf, isBeyond } from '../coalition/terms.js';
import { clearingOf, reserveOf } from '../definitions/exchanging.js';
import { coalition, exchanging, type Versioned } from '../definitions/index.js';
import { platform } from '../definitions/platform.js';
import { mergedIn } from '../merging.js';
import { countedBack } from '../undone.js';
import {
  type KeptOperation,
  listedOperation,
  OPERATION,
  OPERATION_KEY,
  operationOwner,
} from './operations.js';

/** How partners may name operations: as ids of commands, but longer. */
export const OPERATION_ID = '^(?!\\.{1,2}$)[A-Za-z0-9._:@/+=~-]{1,128}$';
const IS_OPERATION = new RegExp(OPERATION_ID);

/** What is said of an operation; its home owner is the member. */
export const operationFields = () => ({
  /** The partner, by its id as a platform. */
  partner: platform('ACT_BODY_INVALID'),
  /** By what the partner knows it. */
  operation: json<string>(
    { type: 'string', pattern: OPERATION_ID },
    (value) => typeof value === 'string' && IS_OPERATION.test(value),
    'The operation, by the partner’s id: 1 to 128 characters.',
    'ACT_BODY_INVALID',
  ),
  asset: asset(),
  amount: amount(),
});
export type SaidOperation = TypeOf<ReturnType<typeof operationFields>>;

/** What an operation, or a rollback, may be refused with for now: what is refused for good is its answer. */
export const OPERATION_REFUSALS: readonly RefusalCode[] = [
  'ACCOUNT_CLOSED',
  'BUDGET_SHORT',
  'BUDGET_BUSY',
  'CHANGED_MEANWHILE',
];

/** An operation of a partner as it is kept; `act`: what has carried it out, as it is logged; null: nothing moved. */
export interface InboundOperation extends KeptOperation {
  readonly direction: 'in';
  readonly code: string | null;
  readonly act: string | null;
}

const EFFECT = 'partnerOperation';

/** Who has what a partner has added, deducted, and the other side of both. */
export const tallyOf = (partner: string, of: 'added' | 'deducted' | 'asked'): string =>
  `${clearingOf(partner)}.${of}`;

type Named = Pick<SaidOperation, 'partner' | 'operation'>;

/** What is told of an operation that has another state now. */
const operationEffect = ({ partner, operation }: Named, kept: InboundOperation): Effect => ({
  ...{ type: EFFECT, partner, operation, platforms: [partner] },
  ...kept,
});

/** An operation as an effect tells it. */
export function inboundOperationIn(
  effect: Readonly<Record<string, unknown>> | undefined,
): InboundOperation | undefined {
  if (effect?.['type'] !== EFFECT) return undefined;
  const { type: _, partner: __, operation: ___, platforms: ____, ...kept } = effect;
  return kept as unknown as InboundOperation;
}

/** Into its record and its list. `before`: null: the id is new. */
function operationPuts(
  { partner, operation }: Named,
  before: InboundOperation | null,
  after: InboundOperation,
): readonly ConditionalPut[] {
  const owner = operationOwner(partner, operation);
  const record = { owner, type: OPERATION, key: OPERATION_KEY } as const;
  return [
    { ...record, expected: before, value: after, otherwise: 'CHANGED_MEANWHILE' },
    listedOperation(partner, operation, before, after),
  ];
}

/** It is done, or refused for good. */
function decided(
  see: Reads,
  kind: OperationKind,
  said: SaidOperation,
  { owner, time }: Moment,
  { code, ...moves }: Pick<Plan, 'legs' | 'counters' | 'why'> & { readonly code?: RefusalCode },
): Plan {
  const isDone = code === undefined;
  const kept: InboundOperation = {
    ...{ direction: 'in', kind, state: isDone ? 'completed' : 'refused', user: owner },
    ...{ asset: said.asset, amount: said.amount, at: time },
    ...{ code: code ?? null, act: isDone ? see.id : null },
  };
  return {
    ...moves,
    assets: [said.asset],
    puts: operationPuts(said, null, kept),
    effects: [operationEffect(said, kept)],
  };
}

type Side = Versioned<TypeOf<typeof exchanging.decides>>;
type All = Versioned<TypeOf<typeof coalition.decides>>;

/** How the asset takes part in exchanges; or why nothing of it is added or deducted. */
function sideOf(
  see: Reads,
  { partner, asset: code }: SaidOperation,
): RefusalCode | { readonly source: Side; readonly coalition: All } {
  const source = see.definition(exchanging, code);
  const all = source && see.definition(coalition, source.document.coalition);
  if (source === undefined || all === undefined) return 'EXCHANGE_UNSUPPORTED';
  // The partner asks who its user is now (identity.U6).
  if (mergedIn(see) !== undefined) return 'MEMBER_MERGED';
  // Points of the partner's own, or another one's, are not here.
  const { outside, platform: whose } = source.document;
  if (outside === true || whose === partner) return 'EXCHANGE_UNSUPPORTED';
  const { members } = source.document;
  const isKnown = members === 'all' || isMember(see, whose) || isMember(see, partner);
  return isKnown ? { source, coalition: all } : 'MEMBER_UNKNOWN';
}

const tallied = (
  { partner, asset: code, amount: units }: SaidOperation,
  as: 'added' | 'deducted',
): PlannedLeg => ({
  ...{ from: tallyOf(partner, 'asked'), to: tallyOf(partner, as) },
  ...{ asset: code, amount: units },
});

/** The partner adds points to a member: its clearing owner pays, and who covers that pays the platform. */
export function decideAdd(see: Reads, said: SaidOperation, at: Moment): ActRefusal | Plan {
  const refused = (code: RefusalCode): Plan =>
    decided(see, 'add', said, at, { legs: [], why: {}, code });
  const side = sideOf(see, said);
  if (typeof side === 'string') return refused(side);
  const { partner, asset: code, amount: units } = said;
  const room = see.room(code, units);
  if (room === 'ACCOUNT_CLOSED') return { refusal: room };
  if (room !== undefined) return refused(room);
  const { platform: of, reserve, expiresDays } = side.source.document;
  const pool = reserve === 'pool' ? reserveOf(of) : undefined;
  if (pool !== undefined && see.isExhausted(pool, code, units)) return refused('RESERVE_SHORT');
  const expiresAt = expiresDays === undefined ? undefined : at.time + expiresDays * DAY_MS;
  const move = { asset: code, amount: units } as const;
  const legs: PlannedLeg[] = [
    { from: clearingOf(partner), to: at.owner, ...move, expiresAt },
    tallied(said, 'added'),
  ];
  if (pool !== undefined) legs.push({ from: pool, to: clearingOf(of), ...move, isOptional: true });
  return decided(see, 'add', said, at, { legs, why: whyOf(side) });
}

/** The partner takes points from a member, within what a member may give: its clearing owner is paid. */
export function decideDeduct(see: Reads, said: SaidOperation, at: Moment): ActRefusal | Plan {
  const refused = (code: RefusalCode): Plan =>
    decided(see, 'deduct', said, at, { legs: [], why: {}, code });
  const side = sideOf(see, said);
  if (typeof side === 'string') return refused(side);
  const { partner, asset: code, amount: units } = said;
  const day = dayOf(side, at.time);
  if (isBeyond(see, side, units, day)) return refused('EXCHANGE_LIMIT');
  if ((see.account(code)?.available ?? 0) < units) return refused('POINTS_SHORT');
  return decided(see, 'deduct', said, at, {
    legs: [
      { from: at.owner, to: clearingOf(partner), asset: code, amount: units },
      tallied(said, 'deducted'),
    ],
    counters: day === undefined ? [] : [{ name: givenOf(code), window: day, add: units }],
    why: whyOf(side),
  });
}

const whyOf = ({ source, coalition: all }: Exclude<ReturnType<typeof sideOf>, string>) => ({
  ...{ coalition: all.version, exchanging: source.version },
});

/** What is said of a rollback. */
export interface SaidRollback extends SaidOperation {
  readonly kind: OperationKind;
  readonly act?: string | undefined;
  readonly isSpent?: true | undefined;
}

/** An operation is rolled back; one that never came is void. */
export function decideRollback(see: Reads, said: SaidRollback, at: Moment): ActRefusal | Plan {
  const { asset: code, amount: units, kind, operation, partner } = said;
  if (said.act === undefined) {
    const kept: InboundOperation = {
      ...{ direction: 'in', kind, state: 'void', user: at.owner, asset: code, amount: units },
      ...{ at: at.time, code: null, act: null },
    };
    return settled(said, null, kept);
  }
  const past = see.past(said.act);
  const before = inboundOperationIn(past?.effects[0]);
  const { partner: whose, operation: which } = (past?.body ?? {}) as Partial<SaidOperation>;
  const isIt = whose === partner && which === operation && before?.state === 'completed';
  // What it was meant for is another one by now, or never was.
  if (past === undefined || !isIt || past.isUndone) return { refusal: 'CHANGED_MEANWHILE' };
  const merged = mergedIn(see);
  if (merged !== undefined) return undoneNow(see, said, [before, past], merged.now);
  const isShort = kind === 'add' && (see.account(code)?.available ?? 0) < units;
  if (said.isSpent === true && isShort)
    return settled(said, before, { ...before, code: 'POINTS_SHORT' });
  return { legs: [], reversal: { transferId: past.id }, effects: [], why: {} };
}

/** An operation of who was merged is rolled back: who has the points now gives them back, or gets them. */
function undoneNow(
  see: Reads,
  said: SaidRollback,
  [before, past]: readonly [kept: InboundOperation, act: PastAct],
  now: string,
): Plan {
  const { partner, asset: code, amount: units, kind, isSpent } = said;
  // What that one has is known on its shard alone, which has refused it.
  if (isSpent === true) return settled(said, before, { ...before, code: 'POINTS_SHORT' });
  const move = { asset: code, amount: units } as const;
  const clears = clearingOf(partner);
  const [from, to] = kind === 'add' ? [now, clears] : [clears, now];
  const tallies = tallyOf(partner, kind === 'add' ? 'added' : 'deducted');
  const legs: PlannedLeg[] = [
    { from, to, ...move },
    { from: tallies, to: tallyOf(partner, 'asked'), ...move },
  ];
  // What a reserve has paid for it, or what of that it could.
  const paid = kind === 'add' ? past.amounts[2] : undefined;
  const of = see.definition(exchanging, code)?.document.platform;
  if (paid !== undefined && paid > 0 && of !== undefined)
    legs.push({ from: clearingOf(of), to: reserveOf(of), asset: code, amount: paid });
  return settled(said, before, { ...before, state: 'rolled_back' }, legs);
}

/** Its state is another one; without legs it is void, or stands. */
function settled(
  said: SaidRollback,
  before: InboundOperation | null,
  after: InboundOperation,
  legs: readonly PlannedLeg[] = [],
): Plan {
  return {
    ...{ legs, assets: [said.asset], why: {} },
    puts: operationPuts(said, before, after),
    effects: [operationEffect(said, after)],
  };
}

/** What is changed back where an operation is rolled back: nobody but its partner takes it back. */
export function undoneOperation(see: Reads, undone: Undone, { time }: Moment): ActRefusal | Undo {
  const before = inboundOperationIn(undone.effects[0]);
  if (undone.by !== ROLLBACK || before?.state !== 'completed') return { refusal: 'NOT_REVERSIBLE' };
  const said = undone.body as SaidOperation;
  const state: OperationState = 'rolled_back';
  const after = { ...before, state };
  return {
    counters: undone.counters.flatMap((one) => countedBack(see, one, before.amount, time)),
    puts: operationPuts(said, before, after),
    effects: [operationEffect(said, after)],
    why: {},
  };
}

/** The act that rolls one back. */
export const ROLLBACK = 'partner-rollback';
