// The projections kept up with the logs. Owns: which block is next, how much at a time. Never touches: what rows say, how they are stored.
//   tables.F1. Where a log is not the one that was looked at (put back to an earlier copy), all that was made of it is thrown away.

import { type LogRows, noRows, openRows } from '../../engine/index.js';
import type { ReportStore, StoredPosition } from './store.js';

/** What is stored in one transaction, at most: blocks of so many bytes, or so many rows. */
const STEP_BYTES = 4 * 1024 * 1024;
const STEP_ROWS = 60_000;

/** How far it is. */
export interface FollowingFigures {
  /** Blocks of the logs here that are not stored yet. */
  readonly lagBlocks: number;
  /** How old the oldest of them is, in milliseconds; 0: there is none. */
  readonly lagMs: number;
  /** Blocks of the logs here. */
  readonly blocks: number;
  /** Rows that were stored since the process began. */
  readonly rows: number;
}

export class Following {
  readonly #store: ReportStore;
  readonly #logs: LogRows;
  #turn = 0;
  #rows = 0;

  private constructor(store: ReportStore, logs: LogRows) {
    this.#store = store;
    this.#logs = logs;
  }

  /** `lock`: of a folder that nobody has open. */
  static async open(store: ReportStore, folder: string, lock = false): Promise<Following> {
    const logs = await openRows({ folder, lock, assets: await store.assets() });
    const isSame = ([shard, { seq, hash }]: readonly [number, StoredPosition]): boolean =>
      logs.shards.includes(shard) && logs.hash(shard, seq) === hash;
    if ([...store.positions].every(isSame)) return new Following(store, logs);
    // F1.
    await logs.close();
    await store.clear();
    return new Following(store, await openRows({ folder, lock, assets: new Map() }));
  }

  get shards(): readonly number[] {
    return this.#logs.shards;
  }

  head(shard: number): number {
    return this.#logs.head(shard);
  }

  #seq(shard: number): number {
    return this.#store.positions.get(shard)?.seq ?? 0;
  }

  /** Takes some of what there is, and stores it; true: there is more. */
  async step(): Promise<boolean> {
    const { shards } = this;
    const rows = noRows();
    const positions = new Map<number, StoredPosition>();
    let bytes = 0;
    let count = 0;
    let isBehind = false;
    this.#turn++;
    for (let i = 0; i < shards.length; i++) {
      const shard = shards[(i + this.#turn) % shards.length] as number;
      const head = this.head(shard);
      for (let seq = this.#seq(shard) + 1; seq <= head; seq++) {
        if (bytes >= STEP_BYTES || count >= STEP_ROWS) {
          isBehind = true;
          break;
        }
        const taken = this.#logs.take(shard, seq, rows);
        bytes += taken.bytes;
        count += taken.rows;
        positions.set(shard, { seq, hash: taken.hash, time: taken.time });
      }
    }
    if (positions.size > 0) await this.#store.commit(rows, positions);
    this.#rows += count;
    return isBehind;
  }

  /** Has it stored all up to these blocks? */
  hasReached(heads: ReadonlyMap<number, number>): boolean {
    return [...heads].every(([shard, seq]) => this.#seq(shard) >= seq);
  }

  heads(): ReadonlyMap<number, number> {
    return new Map(this.shards.map((shard) => [shard, this.head(shard)]));
  }

  figures(now: number): FollowingFigures {
    let [lagBlocks, oldest, blocks] = [0, now, 0];
    for (const [shard, head] of this.heads()) {
      const seq = this.#seq(shard);
      blocks += head;
      lagBlocks += Math.max(0, head - seq);
      if (seq < head) oldest = Math.min(oldest, this.#logs.time(shard, seq + 1) ?? now);
    }
    return { lagBlocks, lagMs: Math.max(0, now - oldest), blocks, rows: this.#rows };
  }

  close(): Promise<void> {
    return this.#logs.close();
  }
}
