// The audit trail as a thread reads it beside the shards. Owns: its own views of the logs. Never touches: state, what is done with the trail.
//   trail.T3. It reads durable blocks only: LMDB shows a block to other threads when its meta page is synced, and nothing is copied for it
//       that was not asked for. Shards know nothing of it.

import { AUDIT_DAYS } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { AuditKeys } from './keys.js';
import { type AuditGroup, auditGroups, type OpenOrigin } from './records.js';

/** Whose trail is read. */
export interface TrailOptions {
  readonly folder: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
  /** As the ledger was opened with. */
  readonly auditDays?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** A stretch of a shard's trail. */
export interface Stretch {
  /** Request by request. */
  readonly groups: readonly AuditGroup[];
  /** The first block that was not looked at. */
  readonly next: number;
}

export class Trail {
  readonly #logs: ReadonlyMap<number, Log>;
  readonly #keys: AuditKeys;
  readonly #open: OpenOrigin = (sealed) => this.#keys.open(sealed);

  constructor({ folder, shards, auditDays = AUDIT_DAYS, now }: TrailOptions) {
    this.#keys = new AuditKeys(folder, auditDays, now);
    const open = (shard: number) => Log.open(shardLogPath(folder, shard), { readOnly: true });
    this.#logs = new Map(shards.map((shard) => [shard, open(shard)]));
  }

  get shards(): readonly number[] {
    return [...this.#logs.keys()];
  }

  /** The last block that is durable now; 0: none is. */
  head(shard: number): number {
    return this.#log(shard).headSeq();
  }

  /** The trail from a block on, up to `to`: of about so many bytes of the log. */
  read(shard: number, from: number, to: number, bytes: number): Stretch {
    const groups: AuditGroup[] = [];
    let next = from;
    for (let left = bytes; next <= to && left > 0; next++) {
      const block = this.#block(shard, next);
      left -= block.bytes.length;
      for (const group of auditGroups(block, this.#open)) groups.push(group);
    }
    return { groups, next };
  }

  /** The first block from a time on; the one after the last where there is none. */
  firstSince(shard: number, time: number): number {
    let [low, high] = [1, this.head(shard) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#block(shard, middle).header.time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async close(): Promise<void> {
    for (const log of this.#logs.values()) await log.close();
  }

  #block(shard: number, seq: number): BlockView {
    const bytes = this.#log(shard).read(seq);
    if (bytes === undefined) throw new Error(`shard ${shard}: block ${seq} is missing`);
    return new BlockView(bytes);
  }

  #log(shard: number): Log {
    const log = this.#logs.get(shard);
    if (log === undefined) throw new RangeError(`shard ${shard} is not read here`);
    return log;
  }
}

/** See engine/index.ts. */
export const openTrail = async (options: TrailOptions): Promise<Trail> => new Trail(options);
