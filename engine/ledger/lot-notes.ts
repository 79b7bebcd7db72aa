// What a command notes of lots beside its entries. Owns: which leg made which lots, by which lots a record is found. Never touches: state.

/** Notes of the command under way, and of its record. */
export class LotNotes {
  /** (leg, expiry, amount) of what several legs bring to one account. */
  readonly legLots: number[] = [];
  readonly #lots: string[] = [];

  /** Nothing of the command before is left. */
  clear(): void {
    if (this.legLots.length > 0) this.legLots.length = 0;
  }

  beginRecord(): void {
    if (this.#lots.length > 0) this.#lots.length = 0;
  }

  /** Is this the first time that the record is about this lot? */
  isFirst(owner: string, asset: number, expiry: number): boolean {
    const lot = `${owner} ${asset} ${expiry}`;
    if (this.#lots.includes(lot)) return false;
    this.#lots.push(lot);
    return true;
  }

  /** Notes which lots a leg has made of an account that others pay, too. `before`: its changes of lots so far. */
  noteLeg(leg: number, { slices, sliceNumbers }: Slices, before: readonly number[]): void {
    for (const [expiry, amount] of grown(before, slices.slice(0, sliceNumbers)))
      this.legLots.push(leg, expiry, amount);
  }
}

/** Net changes of lots: (expiry, available, held), soonest first; the first `sliceNumbers` of them count. */
interface Slices {
  readonly slices: readonly number[];
  readonly sliceNumbers: number;
}

/** What lots have more after a leg than before; points that were moved between lots are no part of it. */
function grown(
  before: readonly number[],
  after: readonly number[],
): (readonly [expiry: number, amount: number])[] {
  const was = new Map<number, number>();
  for (let i = 0; i < before.length; i += 3)
    was.set(before[i] as number, (before[i + 1] as number) + (before[i + 2] as number));
  const changes: (readonly [number, number])[] = [];
  for (let i = 0; i < after.length; i += 3) {
    const [expiry = 0, available = 0, held = 0] = after.slice(i, i + 3);
    changes.push([expiry, available + held - (was.get(expiry) ?? 0)]);
  }
  return brought(changes);
}

/** What changes of lots, soonest first, bring: what went from one lot into a later one, where two became one, is not brought. */
export function brought(
  changes: readonly (readonly [expiry: number, amount: number])[],
): [expiry: number, amount: number][] {
  const found: [number, number][] = [];
  let moved = 0;
  for (const [expiry, amount] of changes) {
    if (amount < 0) moved -= amount;
    else {
      const part = Math.min(amount, moved);
      moved -= part;
      if (amount > part) found.push([expiry, amount - part]);
    }
  }
  return found;
}

/** What of so much more does not pay what an account owes that has so much available. */
export const inLot = (available: number, amount: number): number =>
  Math.max(0, available + amount) - Math.max(0, available);
