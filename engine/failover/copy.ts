// The warm copy of one shard: its log and the state after it. Owns: both environments while nobody serves the shard from this folder. Never
// touches: the log of record.
//   failover.W3. The state follows the log: what a takeover replays is bounded. What is copied is verified, and follows by its hash.

import { FAILOVER_REPLAY_BYTES } from '../limits.js';
import { positionOf } from '../record/postgres.js';
import { BEFORE_FIRST, type Position } from '../record/record.js';
import { putAside } from '../record/recorded-log.js';
import type { Head } from '../shard/checkpoint.js';
import { LostTailError, type Replaying, replay } from '../shard/recovery.js';
import { unserved } from '../shard/unserved.js';
import { CorruptionError } from '../store/errors.js';
import { shardLogPath, shardStatePath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { StateStore } from '../store/state.js';
import { verifiedBlock } from '../store/verified-block.js';
import type { Places } from '../transfer/open/places.js';

/** As shards open theirs. */
const AS_RECOVERY = { safeRestore: true } as const;

export interface CopySettings {
  readonly folder: string;
  readonly places: Places;
  readonly cacheBytes: number;
}

export class ShardCopy {
  readonly shard: number;
  readonly #log: Log;
  readonly #store: StateStore;
  readonly #replaying: Replaying;
  #last: Position;
  /** The block that the state is after. */
  #head: Head;
  /** Bytes of blocks that no checkpoint has taken in. */
  #tailBytes = 0;

  private constructor(shard: number, log: Log, store: StateStore, replaying: Replaying) {
    this.shard = shard;
    this.#log = log;
    this.#store = store;
    this.#replaying = replaying;
    const seq = log.headSeq();
    this.#last = seq === 0 ? BEFORE_FIRST : positionOf(replaying.blocks.block(seq).bytes);
    this.#head = replaying.checkpoint.head;
  }

  /** Opens it, and brings the state to the end of its log. A copy that is damaged is put aside, and begun anew. */
  static async open(settings: CopySettings): Promise<ShardCopy> {
    const { folder, places } = settings;
    try {
      return await ShardCopy.#opened(settings);
    } catch (error) {
      if (!(error instanceof CorruptionError || error instanceof LostTailError)) throw error;
      process.emitWarning(`${error.message}: put aside, and copied anew`);
      putAside(folder, places.shard);
      return ShardCopy.#opened(settings);
    }
  }

  static async #opened({ folder, places, cacheBytes }: CopySettings): Promise<ShardCopy> {
    const { shard } = places;
    const log = Log.open(shardLogPath(folder, shard), AS_RECOVERY);
    const store = StateStore.open(shardStatePath(folder, shard), AS_RECOVERY);
    try {
      const replaying = unserved(folder, places, log, store, cacheBytes);
      const copy = new ShardCopy(shard, log, store, replaying);
      await copy.#apply();
      return copy;
    } catch (error) {
      await log.close();
      await store.close();
      throw error;
    }
  }

  /** The last block that it has. */
  get last(): Position {
    return this.#last;
  }

  /** Takes blocks that follow its last one. Throws CorruptionError where they do not. */
  async take(taken: readonly Uint8Array[]): Promise<void> {
    const first = this.#last.seq + 1;
    let last = this.#last;
    for (const bytes of taken) {
      const { header, previousHash } = verifiedBlock(bytes, last.seq + 1);
      if (header.shard !== this.shard || Buffer.compare(previousHash, last.hash) !== 0)
        throw new CorruptionError(
          'log of record',
          `block ${header.seq} of shard ${header.shard}`,
          `does not follow block ${last.seq} of the copy of shard ${this.shard}`,
        );
      last = positionOf(bytes);
    }
    await this.#log.appendAll(first, taken);
    this.#last = last;
    await this.#apply();
  }

  async #apply(): Promise<void> {
    const { checkpoint } = this.#replaying;
    const to = this.#last.seq;
    const { head, tailBytes } = await replay(this.shard, this.#replaying, this.#head, to);
    const hasWritten = checkpoint.head.seq > this.#head.seq;
    this.#head = head;
    this.#tailBytes = tailBytes + (hasWritten ? 0 : this.#tailBytes);
    if (this.#tailBytes < FAILOVER_REPLAY_BYTES) return;
    await checkpoint.write(head, Promise.resolve(), true);
    this.#tailBytes = 0;
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#store.close();
  }
}
