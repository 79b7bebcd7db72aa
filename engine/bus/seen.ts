// What a shard knows of the lives of shards elsewhere. Owns: the judgement whether one that comes back is what it was. Never
// touches: files, connections.
//   Q4. A shard whose log, when it was opened, ended before a block that was seen of it, or that is another log altogether, is
//       not believed: what it sends is ignored until an operator says otherwise.

/** A shard's standing, which goes along with everything that it sends. */
export interface Standing {
  /** Hex, of 16 bytes: made with the shard's folder. */
  readonly incarnation: string;
  /** The life of its process. */
  readonly session: number;
  /** Its last durable block when it was opened, and now. */
  readonly openedSeq: number;
  readonly durableSeq: number;
}

/** What was last seen of a shard. */
export interface Sight {
  readonly shard: number;
  readonly incarnation: string;
  readonly session: number;
  /** The highest durable block. */
  readonly seq: number;
}

export class Seen {
  readonly #sights = new Map<number, Sight>();
  /** The session of each shard that is not believed. */
  readonly #refused = new Map<number, number>();
  /** Has anything changed since the last look? */
  #isChanged = false;

  constructor(sights: readonly Sight[]) {
    for (const sight of sights) this.#sights.set(sight.shard, sight);
  }

  get sights(): readonly Sight[] {
    return [...this.#sights.values()];
  }

  /** Was there anything new since this was asked last? */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  /** The block that a shard was seen at; 0: never. */
  seqOf(shard: number): number {
    return this.#sights.get(shard)?.seq ?? 0;
  }

  /** Is this shard believed? */
  believes(shard: number, { incarnation, session, openedSeq, durableSeq }: Standing): boolean {
    const sight = this.#sights.get(shard);
    if (this.#refused.get(shard) === session) return false;
    if (sight !== undefined && sight.session !== session) {
      const isBack = sight.incarnation === incarnation && openedSeq >= sight.seq;
      if (!isBack) {
        this.#refused.set(shard, session);
        return false;
      }
    }
    if (sight?.session === session && sight.seq >= durableSeq) return true;
    this.#refused.delete(shard);
    this.#sights.set(shard, {
      shard,
      incarnation,
      session,
      seq: Math.max(durableSeq, sight?.seq ?? 0),
    });
    this.#isChanged = true;
    return true;
  }
}
