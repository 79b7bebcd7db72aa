// A replica that follows until it leads. Owns: when it tries to take the seat. Never touches: shards that are served.
//   failover.E1. A missing sign of life decides when to try, nothing else: the seat is taken by compare-and-set, the shards by the fence.
//   failover.E3. A replica that is behind leaves the seat to one that is in step, as long as there is one.

import { setTimeout as sleep } from 'node:timers/promises';
import { FAILOVER_BEATS, FAILOVER_FOLLOW_MS, FAILOVER_STAND_MS } from '../limits.js';
import type { RecordWay } from '../record/joining.js';
import type { Folder } from '../store/folder.js';
import { Follower } from './follower.js';
import { Leading } from './leading.js';
import { type Seat, Seats, type Sign } from './seats.js';

/** How a process is one of several that can serve the same shards. */
export interface ReplicaOptions {
  /** What it is called: another name for each. */
  readonly name: string;
  /** After how long without a sign of life a leader's shards are taken over, ms. Default limits.FAILOVER_STAND_MS. */
  readonly standMs?: number | undefined;
  /** Why this process could not serve; undefined: it could. `isFirst`: nobody ever led. Asked again and again. Default: it can. */
  readonly unfit?: ((isFirst: boolean) => string | undefined) | undefined;
  /** Told why it does not serve, each time that changes. */
  readonly onWaiting?: ((why: string) => void) | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

export interface StandingBy {
  readonly folder: Folder;
  readonly way: RecordWay;
  /** Of a cluster's node; empty: the whole ledger. */
  readonly node: string;
  readonly replica: ReplicaOptions;
  readonly cacheBytes: number;
}

/** Why this replica does not lead. */
function waitsFor({ leader, life, term }: Seat, { trouble, inStep }: Sign): string {
  if (trouble !== null) return trouble;
  const how = inStep ? 'follows' : 'fills its copy';
  const whom = life === '' ? 'nobody leads' : `replica ${JSON.stringify(leader)} leads`;
  return `this replica ${how}: ${whom} (term ${term})`;
}

class Candidate {
  readonly #settings: StandingBy;
  readonly #seats: Seats;
  readonly #follower: Follower;
  readonly #standMs: number;
  #said = '';
  /** Has nobody ever led, as far as is known? */
  #isFirst = true;

  constructor(settings: StandingBy, seats: Seats, follower: Follower, standMs: number) {
    this.#settings = settings;
    this.#seats = seats;
    this.#follower = follower;
    this.#standMs = standMs;
  }

  get #sign(): Sign {
    const { inStep, blocks, trouble } = this.#follower;
    const unfit = this.#settings.replica.unfit?.(this.#isFirst) ?? null;
    return { state: 'follows', inStep, blocks, trouble: trouble ?? unfit };
  }

  /** Follows until it leads. */
  async lead(): Promise<Leading> {
    const { signal } = this.#settings.replica;
    const beatMs = this.#standMs / FAILOVER_BEATS;
    for (let beatAt = Number.NEGATIVE_INFINITY; ; ) {
      signal?.throwIfAborted();
      const hasMore = await this.#follower.step();
      if (performance.now() - beatAt >= beatMs) {
        beatAt = performance.now();
        const leading = await this.#try();
        if (leading !== undefined) return leading;
      }
      if (!hasMore) await sleep(Math.min(FAILOVER_FOLLOW_MS, beatMs));
    }
  }

  /** A sign of life; and the seat, where it is this one's turn. */
  async #try(): Promise<Leading | undefined> {
    const { folder } = this.#settings;
    const sign = this.#sign;
    try {
      if (!(await this.#seats.sign(sign))) {
        this.#say(`another process is the replica ${JSON.stringify(this.#settings.replica.name)}`);
        return undefined;
      }
      const seat = await this.#seats.seat();
      // What it says of itself was of another time.
      if (this.#isFirst && seat.term > 0) {
        this.#isFirst = false;
        return undefined;
      }
      const isFree = seat.life === '' || seat.silentMs >= this.#standMs;
      if (isFree && sign.trouble === null && (await this.#isTurn(sign))) {
        const led = await this.#seats.lead(seat, folder.incarnation);
        if (led !== undefined) return new Leading(this.#seats, led, this.#standMs);
      }
      this.#say(waitsFor(seat, sign));
    } catch (error) {
      this.#say((error as Error).message);
    }
    return undefined;
  }

  /** Is there nobody whose copy is better (E3)? */
  async #isTurn({ inStep, blocks }: Sign): Promise<boolean> {
    if (inStep) return true;
    const others = await this.#seats.replicas();
    const { name } = this.#settings.replica;
    return !others.some(
      (one) => one.replica !== name && one.trouble === null && (one.inStep || one.blocks > blocks),
    );
  }

  #say(why: string): void {
    if (why !== this.#said) this.#settings.replica.onWaiting?.(why);
    this.#said = why;
  }
}

/** Resolves when this replica leads. Rejects where its copy cannot be gone on with, and with the signal's reason. */
export async function standBy(settings: StandingBy): Promise<Leading> {
  const { folder, way, node, replica, cacheBytes } = settings;
  const { standMs = FAILOVER_STAND_MS } = replica;
  const seats = new Seats({ place: way.place, node, replica: replica.name, standMs });
  const follower = await Follower.open({ folder, way, cacheBytes });
  try {
    return await new Candidate(settings, seats, follower, standMs).lead();
  } catch (error) {
    await seats.forget().catch(() => undefined);
    await seats.close();
    throw error;
  } finally {
    await follower.close();
  }
}
