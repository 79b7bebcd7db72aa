// A projection kept up with the logs. Owns: which block is next, how much is taken at a time. Never touches: what a projection makes of it; state.
//   projections.J3. It reads durable blocks only, as LMDB shows them to other threads (trail.T3): shards know nothing of it and wait for nothing.
//   projections.J4. Where a log is not the one that was looked at (put back to an earlier copy), what was made of it is thrown away.

import { PROJECTION_CHANGES_MAX, PROJECTION_STEP_BYTES } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import type { Log } from '../store/log.js';
import { NOWHERE, type Position, type Projection } from './projection.js';

/** The log of a shard, as far as a follower needs it. */
export type FollowedLog = Pick<Log, 'headSeq' | 'read'>;

export class Follower {
  readonly #logs: ReadonlyMap<number, FollowedLog>;
  readonly #projection: Projection;
  /** Which shard is looked at first, so that none waits for another one that is far behind. */
  #turn = 0;

  constructor(logs: ReadonlyMap<number, FollowedLog>, projection: Projection) {
    this.#logs = logs;
    this.#projection = projection;
    if (![...logs.keys()].every((shard) => this.#isSame(shard))) projection.clear();
  }

  /** J4. */
  #isSame(shard: number): boolean {
    const { seq, hash } = this.#projection.position(shard);
    if (seq === 0) return true;
    const block = this.#logs.get(shard)?.read(seq);
    return block !== undefined && hashOf(new BlockView(block)) === hash;
  }

  /** Takes some of what there is, and stores it; true: there is more. */
  step(): boolean {
    const shards = [...this.#logs.keys()];
    const positions = new Map<number, Position>();
    let bytes = 0;
    let isBehind = false;
    this.#turn++;
    for (let i = 0; i < shards.length; i++) {
      const shard = shards[(i + this.#turn) % shards.length] as number;
      const log = this.#logs.get(shard) as FollowedLog;
      const head = log.headSeq();
      let position = this.#projection.position(shard);
      while (position.seq < head) {
        if (bytes >= PROJECTION_STEP_BYTES || this.#projection.pending >= PROJECTION_CHANGES_MAX) {
          isBehind = true;
          break;
        }
        const read = log.read(position.seq + 1);
        if (read === undefined)
          throw new Error(`shard ${shard}: block ${position.seq + 1} is missing`);
        const block = new BlockView(read);
        this.#projection.take(block);
        bytes += read.length;
        position = { seq: position.seq + 1, hash: hashOf(block), time: block.header.time };
        positions.set(shard, position);
      }
    }
    return this.#projection.commit(positions) || isBehind;
  }

  /** How many blocks of the logs it has not looked at. */
  get lagBlocks(): number {
    let lag = 0;
    for (const [shard, log] of this.#logs)
      lag += Math.max(0, log.headSeq() - this.#projection.position(shard).seq);
    return lag;
  }

  /** How old, in milliseconds, the oldest block is that it has not looked at; 0: it has looked at all. */
  lagMs(now: number): number {
    let oldest = now;
    for (const [shard, log] of this.#logs) {
      const { seq } = this.#projection.position(shard) ?? NOWHERE;
      const next = seq < log.headSeq() ? log.read(seq + 1) : undefined;
      if (next !== undefined) oldest = Math.min(oldest, new BlockView(next).header.time);
    }
    return Math.max(0, now - oldest);
  }
}

const hashOf = ({ hash }: BlockView): string => Buffer.from(hash).toString('hex');
