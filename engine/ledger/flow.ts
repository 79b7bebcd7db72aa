// Points between accounts while one command moves them. Owns: their slices. Never touches: accounts.

/** Points on their way from one account to another: what came out of which lots, and the rest. */
export class Flow {
  /** Expiries, soonest first; the first `count` of them count. */
  readonly expiries: number[] = [];
  readonly amounts: number[] = [];
  count = 0;
  /** What came out of no lot. */
  loose = 0;

  clear(): void {
    this.count = 0;
    this.loose = 0;
  }

  /** Adds a slice in its place; equal expiries merge. */
  add(expiry: number, amount: number): void {
    if (amount === 0) return;
    const { expiries, amounts, count } = this;
    let at = count;
    while (at > 0 && (expiries[at - 1] as number) >= expiry) at--;
    if (at < count && expiries[at] === expiry) {
      amounts[at] = (amounts[at] as number) + amount;
      return;
    }
    for (let i = count; i > at; i--) {
      expiries[i] = expiries[i - 1] as number;
      amounts[i] = amounts[i - 1] as number;
    }
    expiries[at] = expiry;
    amounts[at] = amount;
    this.count = count + 1;
  }

  /** What it has of a lot. */
  amountOf(expiry: number): number {
    for (let i = 0; i < this.count; i++)
      if (this.expiries[i] === expiry) return this.amounts[i] as number;
    return 0;
  }

  /** Takes out what it has of a lot, or a part of it. */
  remove(expiry: number, amount: number): void {
    const { expiries, amounts } = this;
    for (let i = 0; i < this.count; i++) {
      if (expiries[i] !== expiry) continue;
      amounts[i] = (amounts[i] as number) - amount;
      if (amounts[i] !== 0) return;
      expiries.splice(i, 1);
      amounts.splice(i, 1);
      this.count--;
      return;
    }
  }

  /** Its slices: (expiry, amount), soonest first. */
  pairs(): number[] {
    const pairs: number[] = [];
    for (let i = 0; i < this.count; i++)
      pairs.push(this.expiries[i] as number, this.amounts[i] as number);
    return pairs;
  }
}
