// A member's points of one asset while his history goes by. Owns: which lots are spent and expire, as the source must have had it. Never touches:
// commands, the ledger.
//   importing.B1. Who spends, spends of what had not expired then, the soonest-expiring first; beyond that, of what had, the latest first: the source
//       let it.
//   importing.B2. What has expired stays until a line by which points expired takes it, or nothing does: then it was over when it expired.

/** Points that expire at the same time; Infinity: never. */
export interface Lot {
  readonly expiresAt: number;
  amount: number;
}

/** The expiry of points that expire as their asset says: later than any time, before those that never do. */
export const AS_ASSET_SAYS = Number.MAX_VALUE;
export const NEVER = Number.POSITIVE_INFINITY;

export class Books {
  /** The soonest first. */
  #live: Lot[] = [];
  readonly #over: Lot[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** What can still be spent, and what has expired and nobody has taken, the soonest first. */
  lots(): { readonly over: readonly Lot[]; readonly live: readonly Lot[] } {
    return { over: this.#over, live: this.#live };
  }

  /** Lets points expire up to a time. */
  advance(time: number): void {
    let count = 0;
    while (count < this.#live.length && (this.#live[count] as Lot).expiresAt <= time) count++;
    if (count > 0) this.#over.push(...this.#live.splice(0, count));
  }

  earn(amount: number, expiresAt: number): void {
    this.#total += amount;
    let at = this.#live.length;
    while (at > 0 && (this.#live[at - 1] as Lot).expiresAt > expiresAt) at--;
    const before = this.#live[at - 1];
    if (before?.expiresAt === expiresAt) before.amount += amount;
    else this.#live.splice(at, 0, { expiresAt, amount });
  }

  /** Takes no more than `total`. */
  spend(amount: number): void {
    this.#total -= amount;
    let rest = takeFirst(this.#live, amount);
    while (rest > 0) {
      const last = this.#over.at(-1) as Lot;
      const taken = Math.min(rest, last.amount);
      last.amount -= taken;
      rest -= taken;
      if (last.amount === 0) this.#over.pop();
    }
  }

  /** The same by a line by which points expired: what has expired first. */
  expire(amount: number): void {
    this.#total -= amount;
    takeFirst(this.#live, takeFirst(this.#over, amount));
  }
}

/** Takes up to `amount` out of the first of the lots; returns what they do not have. */
function takeFirst(lots: Lot[], amount: number): number {
  let rest = amount;
  let emptied = 0;
  for (const lot of lots) {
    if (rest === 0) break;
    const taken = Math.min(rest, lot.amount);
    lot.amount -= taken;
    rest -= taken;
    if (lot.amount === 0) emptied++;
  }
  if (emptied > 0) lots.splice(0, emptied);
  return rest;
}
