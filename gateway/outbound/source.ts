// Events of the shards here, by place. Owns: which blocks' events are in memory. Never touches: who is told, how far they are.
//   outbound.E1. Events of a block are made once for all who are near it, and kept within bounds. Of many more blocks their heads are kept, which is
//       all that is needed to pass over what a receiver does not want: so many who are at different places do not have the same blocks made again.

import type { LogFeed, LoggedBlock } from '../../engine/index.js';
import { eventsOf } from './derive.js';
import { type EventHead, itemOf, type OutboundEvent, type Place } from './event.js';

/** Events that are kept, and heads of events, of all blocks; what is beyond that is made again. */
const EVENTS_MAX = 20_000;
const HEADS_MAX = 400_000;

interface Kept<E extends EventHead> {
  readonly events: readonly E[];
  readonly hash: string;
}

/** Events by block, as many as there is room for: those that were asked for last. */
class Blocks<E extends EventHead> {
  readonly #most: number;
  readonly #kept = new Map<string, Kept<E>>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Kept<E> | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  set(key: string, kept: Kept<E>): void {
    this.#kept.set(key, kept);
    this.#count += 1 + kept.events.length;
    for (const [oldest, { events }] of this.#kept) {
      if (this.#count <= this.#most || oldest === key) break;
      this.#kept.delete(oldest);
      this.#count -= 1 + events.length;
    }
  }
}

export class EventSource {
  readonly #feed: LogFeed;
  readonly #whole = new Blocks<OutboundEvent>(EVENTS_MAX);
  readonly #heads = new Blocks<EventHead>(HEADS_MAX);
  /** One list for all events of one asset, by it. */
  readonly #assets = new Map<string, readonly string[]>();
  readonly #lengths = new Map<number, number>();

  constructor(feed: LogFeed) {
    this.#feed = feed;
    this.look();
  }

  get shards(): readonly number[] {
    return this.#feed.shards;
  }

  /** Looks how long the logs are now; true: there is more than before. */
  look(): boolean {
    let isMore = false;
    for (const shard of this.#feed.shards) {
      const head = this.#feed.head(shard);
      if (head !== this.#lengths.get(shard)) isMore = true;
      this.#lengths.set(shard, head);
    }
    return isMore;
  }

  head(shard: number): number {
    return this.#lengths.get(shard) ?? 0;
  }

  /** The hash of a block; '': of what is before the first one; undefined: there is no such block. */
  hash(shard: number, seq: number): string | undefined {
    if (seq === 0) return '';
    const kept = this.#heads.get(keyOf(shard, seq));
    if (kept !== undefined) return kept.hash;
    return seq > this.#feed.head(shard) ? undefined : this.#feed.hash(shard, seq);
  }

  /** Before the first block that is of this time or later. */
  since(shard: number, time: number): Place {
    return { seq: this.#feed.firstSince(shard, time), n: 0 };
  }

  /** How old the first block is that is not behind a place, in milliseconds; 0: there is none. */
  lagMs(shard: number, { seq }: Place, now: number): number {
    if (seq > this.head(shard)) return 0;
    return Math.max(0, now - (this.#feed.time(shard, seq) ?? now));
  }

  /** The heads of a block's events, in their order; undefined: it cannot be read now, for it is not there, or names an asset that is not known yet. */
  heads(shard: number, seq: number): readonly EventHead[] | undefined {
    return seq > this.head(shard) ? undefined : this.#headsOf(shard, seq);
  }

  /** The event at a place; undefined: it cannot be read now. */
  at(shard: number, place: Place): OutboundEvent | undefined {
    const { seq, n } = place;
    const kept = this.#whole.get(keyOf(shard, seq))?.events;
    const event = kept?.[firstFrom(kept, n)] ?? this.#one(shard, place);
    return event?.n === n ? event : undefined;
  }

  /** Without all others of its block: most of what is tried again is far behind. */
  #one(shard: number, place: Place): OutboundEvent | undefined {
    const logged = this.#feed.read(shard, place.seq, itemOf(place));
    return logged && this.#made(logged).find(({ n }) => n === place.n);
  }

  #made(logged: LoggedBlock): readonly OutboundEvent[] {
    return eventsOf(logged, (owner) => this.#feed.shardOf(owner));
  }

  #headsOf(shard: number, seq: number): readonly EventHead[] | undefined {
    const key = keyOf(shard, seq);
    const known = this.#heads.get(key);
    if (known !== undefined) return known.events;
    const logged = this.#feed.read(shard, seq);
    if (logged === undefined) return undefined;
    const { hash } = logged;
    const events = this.#made(logged);
    const heads = events.map((event) => this.#headOf(event));
    this.#whole.set(key, { events, hash });
    this.#heads.set(key, { events: heads, hash });
    return heads;
  }

  #headOf(event: OutboundEvent): EventHead {
    const { shard, seq, n, hash, type, subject, owner, assets, platforms, time } = event;
    const of = { shard, seq, n, hash, type, subject, owner, platforms, time };
    const [asset, another] = assets;
    if (asset === undefined || another !== undefined) return { ...of, assets };
    const shared = this.#assets.get(asset) ?? assets;
    this.#assets.set(asset, shared);
    return { ...of, assets: shared };
  }
}

const keyOf = (shard: number, seq: number): string => `${shard} ${seq}`;

/** Where the first event is that is not before a place in the block. */
export function firstFrom(events: readonly EventHead[], n: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as EventHead).n < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
