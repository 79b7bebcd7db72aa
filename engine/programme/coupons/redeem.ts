// A use of a coupon. Owns: what is written where one is used. Never touches: whether it may be (use.ts), what it is worth.

import type { ConditionalPut, CounterAdd, RecordDelta } from '../act.js';
import type { Usable } from './use.js';
import { codes, isReserved, kept, newcomer, type Use, usedOf } from './wallet.js';

export interface Redeemed {
  readonly record: RecordDelta;
  readonly counters: readonly CounterAdd[];
  readonly puts: readonly ConditionalPut[];
  /** What brings it back (`givenBack`). */
  readonly use: Use;
}

/** A member uses a coupon: for an order, by its id, or for nothing else. */
export function redeemed(
  { of, campaign, had, isOpen, window }: Usable,
  owner: string,
  order: string | null,
  time: number,
): Redeemed {
  const one = had ?? newcomer(campaign);
  const uses = one.uses + 1;
  const used = { ...one, state: 'used', order, reserved: 0, bearer: false, uses } as const;
  const isHeld = had !== undefined && isReserved(had, time);
  return {
    record: kept(of.code, used, time),
    counters: window === undefined ? [] : [{ name: usedOf(of.campaign), window, add: 1 }],
    puts: isOpen ? [isHeld ? codes.used(of, owner, had) : codes.taken(of, owner)] : [],
    use: [of.code, uses, window?.from ?? 0, window?.until ?? 0],
  };
}
