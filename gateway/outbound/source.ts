// Events of the shards here, by place. Owns: which blocks' events are in memory. Never touches: who is told, how far they are.
//   outbound.E1. Events of a block are made once for all who are near it, and kept within bounds: who is far behind has them made again.

import type { LogFeed, LoggedBlock } from '../../engine/index.js';
import { eventsOf } from './derive.js';
import { itemOf, type OutboundEvent, type Place } from './event.js';

/** Events that are kept, of all blocks; what is beyond that is made again. */
const KEPT_MAX = 50_000;

interface Kept {
  readonly events: readonly OutboundEvent[];
  readonly hash: string;
}

/** What is found from a place on. */
export interface Found {
  readonly event: OutboundEvent;
  /** Behind it. */
  readonly next: Place;
}

export class EventSource {
  readonly #feed: LogFeed;
  /** By shard and seq; the one that was asked for last is the last. */
  readonly #kept = new Map<string, Kept>();
  #count = 0;
  readonly #heads = new Map<number, number>();

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
      if (head !== this.#heads.get(shard)) isMore = true;
      this.#heads.set(shard, head);
    }
    return isMore;
  }

  head(shard: number): number {
    return this.#heads.get(shard) ?? 0;
  }

  /** The hash of a block; '': of what is before the first one; undefined: there is no such block. */
  hash(shard: number, seq: number): string | undefined {
    if (seq === 0) return '';
    const kept = this.#kept.get(keyOf(shard, seq));
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

  /** The first event at a place or behind it, in its block or in one of the next; where there is none, from where to ask again. */
  from(shard: number, place: Place): Found | Place {
    const { seq, n } = place;
    if (seq > this.head(shard)) return place;
    const events = this.#events(shard, seq);
    // It names an asset that is not known yet.
    if (events === undefined) return place;
    const at = firstFrom(events, n);
    const event = events[at];
    if (event === undefined) return { seq: seq + 1, n: 0 };
    const next = at + 1 < events.length ? { seq, n: event.n + 1 } : { seq: seq + 1, n: 0 };
    return { event, next };
  }

  /** The event at a place; undefined: it cannot be read now. */
  at(shard: number, place: Place): OutboundEvent | undefined {
    const { seq, n } = place;
    const kept = this.#kept.get(keyOf(shard, seq))?.events;
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

  #events(shard: number, seq: number): readonly OutboundEvent[] | undefined {
    const key = keyOf(shard, seq);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.events;
    }
    const logged = this.#feed.read(shard, seq);
    if (logged === undefined) return undefined;
    const events = this.#made(logged);
    this.#kept.set(key, { events, hash: logged.hash });
    this.#count += 1 + events.length;
    for (const [oldest, one] of this.#kept) {
      if (this.#count <= KEPT_MAX || oldest === key) break;
      this.#kept.delete(oldest);
      this.#count -= 1 + one.events.length;
    }
    return events;
  }
}

const keyOf = (shard: number, seq: number): string => `${shard} ${seq}`;

/** Where the first event is that is not before a place in the block. */
function firstFrom(events: readonly OutboundEvent[], n: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as OutboundEvent).n < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
