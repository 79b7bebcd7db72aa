// Rate limits: token buckets (R3.5). Owns: whose rate is which, how full each bucket is. Never touches: who asks, requests.
//   auth.A17. A bucket holds `limit` tokens and gains `limit` in `seconds`, evenly: there is no window at
//        whose border twice as many get through, and requests of one millisecond are all counted.
//   auth.A18. Memory is bounded: a bucket that is full again is forgotten, and beyond `bucketsMax` the one
//        that was used longest ago.
// Each gateway process counts for itself.

import type { GatewayLimits, Rate } from '../limits.js';
import type { Principal } from './principal.js';

/** How often somebody may ask; undefined: there is no limit. */
export const rateOf = ({ kind, rate }: Principal, limits: GatewayLimits): Rate | undefined =>
  rate ??
  (kind === 'key' || kind === 'operator'
    ? limits.keyRate
    : kind === 'visitor'
      ? limits.visitorRate
      : kind === 'member'
        ? limits.memberRate
        : undefined);

interface Bucket {
  tokens: number;
  /** When that was, by the monotonic clock. */
  at: number;
}

/** What a bucket says after it was asked. */
export interface Taken {
  readonly ok: boolean;
  /** Whole tokens left. */
  readonly left: number;
  /** Seconds until as many are there as were asked for (where not ok), or until it is full. */
  readonly seconds: number;
}

/** How many buckets are looked at for being full again, at each one that is made. */
const SWEPT = 2;

export class RateLimits {
  readonly #bucketsMax: number;
  readonly #now: () => number;
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket & { readonly rate: Rate }>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(bucketsMax: number, now: () => number = () => performance.now()) {
    this.#bucketsMax = bucketsMax;
    this.#now = now;
  }

  /** Buckets in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes `count` tokens, or none where there are fewer. */
  take(name: string, rate: Rate, count: number): Taken {
    const now = this.#now();
    const known = this.#buckets.get(name);
    const isKnown = known?.rate.limit === rate.limit && known.rate.seconds === rate.seconds;
    const bucket = isKnown ? known : { tokens: rate.limit, at: now, rate };
    if (known === undefined) this.#sweep(now);
    const perMs = rate.limit / (rate.seconds * 1_000);
    bucket.tokens = Math.min(rate.limit, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    // More than the bucket holds never get through: the wait is until it is full.
    const ok = bucket.tokens >= count;
    if (ok) bucket.tokens -= count;
    const wanted = ok ? rate.limit : Math.min(count, rate.limit);
    const seconds = Math.ceil((wanted - bucket.tokens) / perMs / 1_000);
    return { ok, left: Math.floor(bucket.tokens), seconds };
  }

  /** Puts tokens back that were taken. A bucket that was forgotten meanwhile is full. */
  giveBack(name: string, count: number): void {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) bucket.tokens = Math.min(bucket.rate.limit, bucket.tokens + count);
  }

  #sweep(now: number): void {
    let looked = 0;
    for (const [name, { tokens, at, rate }] of this.#buckets) {
      const isFull = tokens + ((now - at) * rate.limit) / (rate.seconds * 1_000) >= rate.limit;
      if (!isFull && this.#buckets.size < this.#bucketsMax) return;
      this.#buckets.delete(name);
      if (++looked === SWEPT) return;
    }
  }
}
