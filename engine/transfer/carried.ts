// The commands that go from shard to shard inside prepares and decisions: transfers, captures, reversals. Owns: where their
// legs are, what a capture is completed with, what it keeps busy while it is open. Never touches: state.

import { LEG, LEGS } from '../ledger/keys.js';
import { NEVER } from '../limits.js';
import { packTuple, type Tuple } from '../protocol/codec.js';
import { CommandView } from '../protocol/command-view.js';
import { OP } from '../protocol/layout.js';

/** What a leg has. */
export const [FROM, TO, ASSET, AMOUNT, EXPIRY] = [0, 1, 2, 3, 4] as const;
/** Places of a capture: its owner, hold, what follows; the last two are added on the way. */
export const CAPTURE = {
  owner: 7,
  holdId: 8,
  to: 9,
  amount: 10,
  releaseRest: 11,
  expiry: 12,
  asset: 13,
  deadline: 14,
} as const;
const CAPTURE_LEG = [CAPTURE.owner, CAPTURE.to, CAPTURE.asset, CAPTURE.amount, CAPTURE.expiry];
/** Places of a reversal. */
export const REVERSAL = { owner: 7, transferId: 8, allowDebt: 9 } as const;

/** How many legs it has. */
export const legsIn = (carried: CommandView): number =>
  carried.op === OP.capture ? 1 : (carried.count - LEGS) / LEG;

/** Where a field of a leg is. */
export const legPlace = (carried: CommandView, leg: number, field: number): number =>
  carried.op === OP.capture ? (CAPTURE_LEG[field] as number) : LEGS + leg * LEG + field;

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

/** The op of a packed command. */
export const opOf = (bytes: Uint8Array): number => bytes[bytes[0] === 0xdc ? 4 : 2] as number;

/** What names a hold, and a transfer that is to be reversed, among what is busy. */
export const busyHold = (owner: string, holdId: string): string => `hold\0${owner}\0${holdId}`;
export const busyTransfer = (owner: string, id: string): string => `transfer\0${owner}\0${id}`;

/** What no other command may touch while this one is open; undefined: nothing but its accounts. */
export function busyBy(bytes: Uint8Array): string | undefined {
  const op = opOf(bytes);
  if (op !== OP.capture && op !== OP.reverse) return undefined;
  const view = new CommandView();
  view.read(bytes, 0);
  return op === OP.capture
    ? busyHold(view.text(CAPTURE.owner), view.text(CAPTURE.holdId))
    : busyTransfer(view.text(REVERSAL.owner), view.text(REVERSAL.transferId));
}
