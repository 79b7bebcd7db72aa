// Which parts of an original a reversal undoes. Owns: what remains of each leg, what that is of each account's entry. Never touches:
// accounts, lots.
//   ledger.U4. All reversals of an original together undo no more of each of its legs than there was.

import { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { type EntryView, EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { LEG, OP } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isScarceOwner, isSystemOwner } from '../protocol/syntax.js';
import { busyTransfer, legPlace, legsIn, planOfTuple } from '../transfer/carried.js';
import { pendingId } from './hold-parts.js';
import { type Hold, holdKey } from './page-items.js';
import type { PastRecord } from './state.js';
import { madeBy, type Slices, type Undone, within } from './undo.js';
import type { Work } from './work.js';

type Reversal = Pick<Said<'reverse'>, 'owner' | 'transferId' | 'amount' | 'legs'>;

/** The original's record, or the refusal's number. */
function original(work: Work, owner: string, transferId: string): PastRecord | number {
  const past = work.known.lookUp(owner, transferId);
  if (past === null || past.effects.refusalNumber(past.offset) !== 0)
    return REFUSALS.TRANSFER_NOT_FOUND.number;
  const op = past.tuple[1];
  if (op !== OP.transfer && op !== OP.capture && op !== OP.act)
    return REFUSALS.NOT_REVERSIBLE.number;
  const { transits } = work.state;
  const isOpen = transits.size > 0 && transits.get(owner, transferId) !== undefined;
  if (isOpen || transits.isBusy(busyTransfer(owner, transferId)))
    return REFUSALS.ACCOUNT_BUSY.number;
  // What gave something back is none that could be given back.
  return planOfTuple(past.tuple)?.reversal === undefined ? past : REFUSALS.NOT_REVERSIBLE.number;
}

/** What a reversal is of, and what of it is undone. */
export interface ToUndo {
  readonly past: PastRecord;
  /** On this shard. */
  readonly entries: readonly EntryView[];
  readonly legs: readonly MovedLeg[];
  readonly parts: Parts;
}

/** On the home shard: what a reversal of this version undoes, or the refusal's number. */
export function toUndo(work: Work, reversal: Reversal, version: number): ToUndo | number {
  const past = original(work, reversal.owner, reversal.transferId);
  if (typeof past === 'number') return past;
  const entries = past.effects.entries(past.offset);
  const view = new CommandView();
  view.read(past.command, 0);
  const legs = movedLegs(work, view, entries);
  const amounts = legs.map(({ amount }) => amount);
  const parts = partsOf(work, reversal, version, amounts);
  return typeof parts === 'number' ? parts : { past, entries, legs, parts };
}

/** The first version of reversals that are in parts, and go by U2 and U3. */
const PARTS_VERSION = 2;

/** What a reversal undoes of an original, leg by leg. */
export interface Parts {
  /** Minor units of each leg, undone or not. */
  readonly amounts: readonly number[];
  /** Undone now. */
  readonly now: readonly number[];
  /** And before. */
  readonly before: readonly number[];
  /** false: by rules of version 1, which undid the whole. */
  readonly isInParts: boolean;
}

/** What a reversal of this version is to undo of each leg, or the refusal's number. */
export function partsOf(
  { known }: Work,
  { owner, transferId, amount, legs }: Reversal,
  version: number,
  amounts: readonly number[],
): Parts | number {
  const undone = known.undoneOf(owner, transferId);
  if (undone === 'whole') return REFUSALS.ALREADY_REVERSED.number;
  const isInParts = version >= PARTS_VERSION || undone !== null;
  const before = amounts.map((_, leg) => undone?.[leg] ?? 0);
  const remaining = amounts.map((all, leg) => all - (before[leg] as number));
  // What moves no points is undone once.
  const isDone = amounts.length > 0 ? remaining.every((left) => left === 0) : undone !== null;
  if (isDone) return REFUSALS.ALREADY_REVERSED.number;
  if (amount === undefined && legs === undefined)
    return { amounts, now: remaining, before, isInParts };
  if (amount !== undefined && amounts.length > 1) return REFUSALS.LEGS_REQUIRED.number;
  const asked = legs ?? [{ leg: 0, amount: amount as number }];
  const now = amounts.map(() => 0);
  for (const one of asked) {
    if (one.leg >= amounts.length) return REFUSALS.LEG_NOT_FOUND.number;
    now[one.leg] = one.amount;
  }
  const isTooMuch = now.some((part, leg) => part > (remaining[leg] as number));
  return isTooMuch
    ? REFUSALS.REVERSAL_EXCEEDS_REMAINING.number
    : { amounts, now, before, isInParts };
}

/** A leg of the original. */
export interface MovedLeg {
  readonly from: string;
  readonly to: string;
  readonly asset: number;
  readonly amount: number;
}

/** The legs of an original. `entries`: its own; what a capture leaves out is in those of its hold's shard. */
export function movedLegs(
  { state }: Work,
  original: CommandView,
  entries: readonly EntryView[],
): MovedLeg[] {
  return Array.from({ length: legsIn(original) }, (_, leg) => {
    const at = (field: number): number => legPlace(original, leg, field);
    const from = original.text(at(LEG.from));
    const to = original.text(at(LEG.to));
    const paid = original.op === OP.capture && entries.find(({ owner }) => owner === from);
    return paid
      ? { from, to, asset: paid.asset, amount: paid.spent }
      : {
          from,
          to,
          asset: state.assets.indexAt(original, at(LEG.asset)),
          amount: original.number(at(LEG.amount)),
        };
  });
}

/** What is taken back of a leg of an act whose points are pending. */
export interface PendingBack {
  readonly leg: number;
  readonly hold: Hold;
  readonly amount: number;
}

const NONE: readonly PendingBack[] = [];

/** On the home shard: what a reversal takes out of what is pending of an act. */
export function pendingBack(
  { state: { pages } }: Work,
  { owner, transferId }: Pick<Reversal, 'owner' | 'transferId'>,
  past: Pick<PastRecord, 'tuple'>,
  { now }: Parts,
): readonly PendingBack[] {
  const pending = past.tuple[1] === OP.act ? planOfTuple(past.tuple)?.pending : undefined;
  if (pending === undefined) return NONE;
  const { holds } = pages.pageOf(ownerHash(owner));
  return pending.flatMap(([leg]) => {
    const hold = holds?.get(holdKey(owner, pendingId(transferId, leg)));
    const amount = now[leg] as number;
    return hold === undefined || amount === 0 ? [] : [{ leg, hold, amount }];
  });
}

/**
 * What is undone of each entry of the original on this shard, or the refusal's number. `legs`: null: none of its accounts is here;
 * `pending`: what goes out of what is pending.
 */
export function undoneOf(
  { effects, offset }: Pick<PastRecord, 'effects' | 'offset'>,
  entries: readonly EntryView[],
  legs: readonly (MovedLeg | null)[],
  parts: Parts,
  pending = NONE,
): Undone[] | number {
  const found: Undone[] = [];
  const noted = effects.extras(offset).find(({ tag }) => tag === EXTRA.legLots)?.numbers;
  for (const entry of entries) {
    const { earned, spent } = entry;
    const now = parts.isInParts ? sums(entry, legs, parts.now) : { earned, spent };
    const before = parts.isInParts ? sums(entry, legs, parts.before) : NOTHING;
    // Who has no lots has nothing in it that belongs together.
    const isBoth = earned !== 0 && spent !== 0 && !hasNoLots(entry.owner);
    const isWhole = now.earned === earned && now.spent === spent;
    if (isBoth && !isWhole && now.earned + now.spent > 0) return REFUSALS.LEGS_INSEPARABLE.number;
    const net = now.earned - now.spent;
    const own = parts.isInParts && !isBoth && earned > 0 ? legsOf(entry, legs) : [];
    const isTold = own.length > 1 && noted !== undefined;
    // Which leg made which lot is not known of what was posted before legs were noted.
    const isUnknown = own.length > 1 && !isTold && !isWhole && madeBy(entry).length > 1;
    if (isUnknown && now.earned > 0) return REFUSALS.LEGS_INSEPARABLE.number;
    const held = pending.filter(({ leg }) => own.includes(leg));
    const heldBack = held.reduce((sum, { amount }) => sum + amount, 0);
    const others = own.filter((leg) => !held.some((one) => one.leg === leg));
    found.push({
      entry,
      ...now,
      made: isTold ? madeByLegs(others, noted, parts) : undefined,
      pending: heldBack,
      take: Math.max(0, net - heldBack),
      give: Math.max(0, -net),
      before: isBoth ? 0 : before.earned + before.spent,
    });
  }
  return found;
}

const NOTHING = { earned: 0, spent: 0 };

const hasNoLots = (owner: string): boolean => isSystemOwner(owner) || isScarceOwner(owner);

/** The legs that pay an entry's account. */
function legsOf({ owner, asset }: EntryView, legs: readonly (MovedLeg | null)[]): number[] {
  return legs.flatMap((leg, i) => (leg?.to === owner && leg.asset === asset ? [i] : []));
}

/** What is undone of the lots that each of these legs made. `noted`: (leg, expiry, amount). */
function madeByLegs(own: readonly number[], noted: ArrayLike<number>, parts: Parts): Slices {
  return own.flatMap((leg) => {
    const lots: [number, number][] = [];
    for (let i = 0; i < noted.length; i += 3)
      if (noted[i] === leg) lots.push([noted[i + 1] as number, noted[i + 2] as number]);
    const before = parts.before[leg] as number;
    return within(lots, before, before + (parts.now[leg] as number));
  });
}

/** What an entry's account got and gave by parts of the legs. */
function sums(
  { owner, asset }: EntryView,
  legs: readonly (MovedLeg | null)[],
  parts: readonly number[],
): { readonly earned: number; readonly spent: number } {
  let [earned, spent] = [0, 0];
  for (const [i, leg] of legs.entries()) {
    if (leg === null || leg.asset !== asset) continue;
    if (leg.to === owner) earned += parts[i] as number;
    if (leg.from === owner) spent += parts[i] as number;
  }
  return { earned, spent };
}

/** What is logged of it: what is undone of each leg with this, and what remains of each; null: by version 1, nothing. */
export function noteOf({ amounts, now, before, isInParts }: Parts): number[] | null {
  if (!isInParts) return null;
  const undone = now.map((part, leg) => part + (before[leg] as number));
  return [...undone, ...amounts.map((all, leg) => all - (undone[leg] as number))];
}

/** A leg of what was posted: minor units of it, and how many of them are not undone. */
interface LegLeft {
  readonly amount: number;
  readonly left: number;
}

/** What remains of each leg of a transfer or capture to be reversed; undefined: it is none, or was not posted. */
export function remainingOf(
  work: Work,
  owner: string,
  id: string,
  past: PastRecord,
): LegLeft[] | undefined {
  const op = past.tuple[1];
  if (op !== OP.transfer && op !== OP.capture && op !== OP.act) return undefined;
  if (past.effects.refusalNumber(past.offset) !== 0) return undefined;
  if (work.state.transits.get(owner, id) !== undefined) return undefined;
  const view = new CommandView();
  view.read(past.command, 0);
  const undone = work.known.undoneOf(owner, id);
  return movedLegs(work, view, past.effects.entries(past.offset)).map(({ amount }, leg) => ({
    amount,
    left: undone === 'whole' ? 0 : amount - (undone?.[leg] ?? 0),
  }));
}
