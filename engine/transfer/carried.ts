// The commands that go from shard to shard inside prepares and decisions: transfers, captures, reversals, acts. Owns: where their
// legs are, what a capture is completed with, what it keeps busy while it is open. Never touches: state.

import { NEVER } from '../limits.js';
import { MERGED, MERGED_KEY } from '../programme/merging.js';
import { HOLD, type LoggedPlan, planOf, recordTypeOf } from '../programme/plan.js';
import { packTuple, type Tuple, unpackTuple } from '../protocol/codec.js';
import { packCommand } from '../protocol/command-buffer.js';
import { CommandView } from '../protocol/command-view.js';
import { hasRules, LEG_PLACES, OP, PLACES, planPlace, typeOfOp } from '../protocol/layout.js';

const { act: ACT, capture: CAPTURE, reverse: REVERSAL } = PLACES;
const POOL_MARK = 35; // #
/** Where legs begin. */
const legsAt = (op: number): number => (op === OP.act ? ACT.legs : PLACES.transfer.legs);
/** Where a capture has what a leg has, in the order of a leg's places. */
const CAPTURE_LEG = [CAPTURE.owner, CAPTURE.to, CAPTURE.asset, CAPTURE.amount, CAPTURE.expiresAt];

/** How many legs it has. */
export const legsIn = (carried: CommandView): number =>
  carried.op === OP.capture ? 1 : (carried.count - legsAt(carried.op)) / LEG_PLACES;

/** Where a field of a leg is. */
export const legPlace = (carried: CommandView, leg: number, field: number): number =>
  carried.op === OP.capture
    ? (CAPTURE_LEG[field] as number)
    : legsAt(carried.op) + leg * LEG_PLACES + field;

/** A capture as other shards must know it: with its amount, its asset and its hold's deadline, which its hold's shard alone knows. */
export function completeCapture(
  capture: Tuple,
  hold: { readonly remaining: number; readonly deadline: number },
  asset: string,
): Uint8Array {
  const complete = [...capture];
  complete[CAPTURE.amount] ??= hold.remaining;
  complete.push(asset, hold.deadline === NEVER ? null : hold.deadline);
  return packTuple(complete);
}

/** May its earnings merge lots where an account is full of them? Transfers have done so since version 2. */
export const mergesLots = ({ op, version }: CommandView): boolean =>
  op === OP.act || (op === OP.transfer && version >= 2);

/** Where the version of a packed command is; its op is the byte after it. */
const versionAt = (bytes: Uint8Array, start: number): number =>
  bytes[start] === 0xdc ? start + 3 : start + 1;

/** The op of a packed command. */
export const opOf = (bytes: Uint8Array): number => bytes[versionAt(bytes, 0) + 1] as number;

/** What this release has not the rules for: the command, or what a prepare or decision carries; undefined: it has them. */
export function withoutRules(bytes: Uint8Array, start: number): string | undefined {
  const at = versionAt(bytes, start);
  const version = bytes[at] as number;
  const op = bytes[at + 1] as number;
  if (!hasRules(op, version)) return `${typeOfOp(op)} of version ${version}`;
  if (op !== OP.prepare && op !== OP.decision) return undefined;
  const phase = new CommandView();
  phase.read(bytes, start);
  const place = op === OP.prepare ? PLACES.prepare.transfer : PLACES.decision.transfer;
  return phase.isNil(place) ? undefined : withoutRules(bytes, phase.bytesStart(place));
}

/** What names a hold, and a transfer that is to be reversed, among what is busy. */
export const busyHold = (owner: string, holdId: string): string => `hold\0${owner}\0${holdId}`;
export const busyTransfer = (owner: string, id: string): string => `transfer\0${owner}\0${id}`;

export const busyRecord = (owner: string, type: string, key: string): string =>
  `record\0${owner}\0${type}\0${key}`;

const MERGED_TYPE = recordTypeOf(MERGED);
const MERGE_END = busyRecord('', MERGED_TYPE, MERGED_KEY).slice('record\0'.length);
/** What names that a member is being merged; is it such a name? */
export const busyMerge = (owner: string): string => busyRecord(owner, MERGED_TYPE, MERGED_KEY);
export const isOfMerge = (name: string): boolean => name.endsWith(MERGE_END);

const NOTHING: readonly string[] = [];
const NO_SLOTS: readonly Slots[] = [];

/** What no other command may touch while this one is open, beside its accounts. */
export function busyBy(bytes: Uint8Array): readonly string[] {
  const op = opOf(bytes);
  if (op !== OP.capture && op !== OP.reverse && op !== OP.act) return NOTHING;
  const view = new CommandView();
  view.read(bytes, 0);
  if (op === OP.capture) return [busyHold(view.text(CAPTURE.owner), view.text(CAPTURE.holdId))];
  const plan = planIn(view);
  const owner = view.text(op === OP.act ? ACT.owner : REVERSAL.owner);
  const read = (plan?.names ?? []).map(([type, key]) =>
    type === HOLD ? busyHold(owner, key) : busyRecord(owner, type, key),
  );
  const own = (plan?.records ?? []).map((one) => ({ ...one, owner }));
  const written = [...own, ...(plan?.puts ?? [])].map((one) =>
    busyRecord(one.owner, recordTypeOf(one.type), one.key),
  );
  const records = [...read, ...written];
  // What it is going to hold, nobody captures before it is held.
  if (op === OP.act) return plan?.hold ? [busyHold(owner, view.text(ACT.id)), ...records] : records;
  return [busyTransfer(owner, view.text(REVERSAL.transferId)), ...records];
}

/** Holds that an act has looked at or changes, as busyHold: while it is open, they do not end by themselves. */
export function heldBack(bytes: Uint8Array): readonly string[] {
  const op = opOf(bytes);
  if (op !== OP.act && op !== OP.reverse) return NOTHING;
  const view = new CommandView();
  view.read(bytes, 0);
  const owner = view.text(op === OP.act ? ACT.owner : REVERSAL.owner);
  const names = planIn(view)?.names ?? [];
  return names.flatMap(([type, id]) => (type === HOLD ? [busyHold(owner, id)] : []));
}

/** Room that a command keeps for its home owner while it is open: for records that it writes, holds that it makes or may put back, and what is pending of it. */
export interface Slots {
  readonly owner: string;
  readonly records: number;
  readonly holds: number;
}

/** What an open act, or an open reversal of one, keeps, owner by owner. */
export function slotsBy(bytes: Uint8Array): readonly Slots[] {
  const op = opOf(bytes);
  if (op !== OP.act && op !== OP.reverse) return NO_SLOTS;
  const view = new CommandView();
  view.read(bytes, 0);
  const plan = planIn(view);
  if (plan === undefined) return NO_SLOTS;
  const { records = [], takes = [], hold, puts = [], pending = [] } = plan;
  const own = {
    owner: view.text(op === OP.act ? ACT.owner : REVERSAL.owner),
    records: records.filter(({ value }) => value !== null).length,
    holds:
      takes.filter(({ legs }) => legs.length > 0).length +
      (hold === undefined ? 0 : 1) +
      pending.length,
  };
  return [own, ...puts.map(({ owner }) => ({ owner, records: 1, holds: 0 }))];
}

/** Is it an act of a pool, which the engine makes? */
export const isPoolAct = (command: CommandView): boolean =>
  command.op === OP.act &&
  command.bytes[command.textStart(ACT.id)] === POOL_MARK &&
  command.bytes[command.textStart(ACT.owner)] === POOL_MARK;

/** May it be refused for now (cross.X7): an act, or the reversal of one? */
export const isOfAct = (command: CommandView): boolean =>
  command.op === OP.act || (command.op === OP.reverse && !command.isNil(REVERSAL.plan));

/** What an act or a reversal has decided beside its legs; undefined: nothing. */
export function planOfTuple(tuple: Tuple | undefined): LoggedPlan | undefined {
  const at = planPlace(tuple?.[1] as number | undefined);
  const place = at === undefined ? undefined : (tuple?.[at] as Uint8Array | null);
  return place ? planOf(place) : undefined;
}

/** An act that gives something back, as a reversal with the act's plan: so other shards know it. undefined: it does not. */
export function reversalBy(act: Tuple): Tuple | undefined {
  const reversal = act[1] === OP.act ? planOfTuple(act)?.reversal : undefined;
  if (reversal === undefined) return undefined;
  const [id, owner] = [act[ACT.id] as string, act[ACT.owner] as string];
  const packed = packCommand({ type: 'reverse', owner, ...reversal }, id);
  const tuple = [...unpackTuple(packed, 0, packed.length)];
  for (const name of ['kind', 'ref', 'plan', 'cause'] as const)
    tuple[REVERSAL[name]] = act[ACT[name]] ?? null;
  return tuple;
}

/** The plan of a packed one. */
export function planIn(view: CommandView): LoggedPlan | undefined {
  const place = planPlace(view.op);
  return place === undefined || view.isNil(place) ? undefined : planOf(view.opaque(place));
}
