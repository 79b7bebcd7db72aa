// Commands that posted transfers have caused and that are not known to be carried out. Owns: which there are. Never touches:
// what a follow-up does. Part of the state: stored with the checkpoint, the same after a replay.

/** One that waits to be acknowledged. */
export interface FollowUp {
  readonly id: string;
  /** The shard of its home owner. */
  readonly to: number;
  /** The block in which its cause was posted. */
  readonly seq: number;
  /** The transfer, as it was packed. */
  readonly command: Uint8Array;
  /** It goes from then on; 0: at once. */
  readonly notBefore: number;
}

/** What waits on one shard. Part of the state: stored with the checkpoint, the same after a replay. */
export class FollowUps {
  #open = new Map<string, FollowUp>();
  /** How many wait for each shard, without those that wait for their time. */
  #towards = new Map<number, number>();
  #later = 0;
  /** These are another's, and are copied before the first change. */
  #isBorrowed = false;

  get size(): number {
    return this.#open.size;
  }

  /** All, in the order in which they were caused. */
  all(): IterableIterator<FollowUp> {
    return this.#open.values();
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  towards(shard: number): number {
    return this.#towards.get(shard) ?? 0;
  }

  /** How many could go now. */
  get due(): number {
    return this.#open.size - this.#later;
  }

  /** How many wait for a time that was set, or have not gone since. */
  get later(): number {
    return this.#later;
  }

  add(one: FollowUp): void {
    if (this.#isBorrowed) this.#own();
    this.#open.set(one.id, one);
    this.#count(one, 1);
  }

  #count({ to, notBefore }: FollowUp, more: number): void {
    if (notBefore > 0) this.#later += more;
    else this.#towards.set(to, this.towards(to) + more);
  }

  /** The same ones, to be added to and taken from apart. While it is used, these here must stay as they are. */
  copy(): FollowUps {
    const copy = new FollowUps();
    copy.#open = this.#open;
    copy.#towards = this.#towards;
    copy.#later = this.#later;
    copy.#isBorrowed = true;
    return copy;
  }

  #own(): void {
    this.#open = new Map(this.#open);
    this.#towards = new Map(this.#towards);
    this.#isBorrowed = false;
  }

  delete(id: string): void {
    const one = this.#open.get(id);
    if (one === undefined) return;
    if (this.#isBorrowed) this.#own();
    this.#open.delete(id);
    this.#count(one, -1);
  }
}

/** One as it is stored. */
export const followUpTuple = ({ id, to, seq, command, notBefore }: FollowUp): unknown[] =>
  notBefore === 0 ? [id, to, seq, command] : [id, to, seq, command, notBefore];

/** A stored one. */
export const followUpOfTuple = (t: readonly unknown[]): FollowUp => ({
  id: t[0] as string,
  to: t[1] as number,
  seq: t[2] as number,
  command: new Uint8Array(t[3] as Uint8Array),
  notBefore: (t[4] as number | undefined) ?? 0,
});
