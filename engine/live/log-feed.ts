// The committed feed as a thread reads it beside the shards, block by block. Owns: its own views of the logs. Never touches: state, what is made of
// blocks.
//   live.E4. It reads durable blocks only, as LMDB shows them to other threads (trail.T3): shards know nothing of it and copy nothing for it.
//   live.E5. A block that names an asset which is not known here is not told: it is asked for again once `know` has been told of that.

import { FEED_WINDOW_BYTES } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { slotOf } from '../protocol/hash.js';
import type { Asset, FeedBlock } from '../protocol/outcomes.js';
import { openFolder, shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { feedBlock } from './feed.js';

/** Whose feed is read. */
export interface LogFeedOptions {
  /** That this process has open. */
  readonly folder: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
}

/** A block of the feed, and what tells it from one of another log. */
export interface LoggedBlock {
  /** Hex. */
  readonly hash: string;
  readonly block: FeedBlock;
}

/** What an asset is called that is not known: no code is. */
const UNKNOWN = /^#/;

export class LogFeed {
  readonly #logs: ReadonlyMap<number, Log>;
  readonly #slotMap: Uint16Array;
  /** Those that were asked for last, as they lie in the log, the newest last: what is read item by item is read from the log once. */
  readonly #views = new Map<string, BlockView>();
  #viewBytes = 0;
  #assets: readonly Asset[] = [];

  constructor({ folder, shards }: LogFeedOptions) {
    const open = (shard: number): Log => Log.open(shardLogPath(folder, shard), { readOnly: true });
    this.#logs = new Map(shards.map((shard) => [shard, open(shard)]));
    this.#slotMap = openFolder(folder, { create: false, lock: false }).slotMap;
  }

  get shards(): readonly number[] {
    return [...this.#logs.keys()];
  }

  /** The assets defined so far, in the order in which they were. */
  know(assets: readonly Asset[]): void {
    this.#assets = assets;
  }

  /** The shard an owner lives on. */
  shardOf(owner: string): number {
    return this.#slotMap[slotOf(owner)] as number;
  }

  /** The last block that is durable now; 0: none is. */
  head(shard: number): number {
    return this.#log(shard).headSeq();
  }

  /** The hash of a block, hex; undefined: there is no such block. */
  hash(shard: number, seq: number): string | undefined {
    const view = this.#view(shard, seq);
    return view && hex(view.hash);
  }

  /** When a block was written, milliseconds since 1970; undefined: there is no such block. */
  time(shard: number, seq: number): number | undefined {
    return this.#view(shard, seq)?.header.time;
  }

  /** A durable block, or of its items one alone, by its index; undefined: it names an asset that is not known yet (live.E5). */
  read(shard: number, seq: number, only?: number): LoggedBlock | undefined {
    const view = this.#view(shard, seq);
    if (view === undefined) throw new Error(`shard ${shard}: block ${seq} is missing`);
    const block = feedBlock(view, { list: this.#assets }, only);
    for (const { outcome, reserves = [] } of block.items)
      for (const { asset } of outcome.ok ? outcome.entries : reserves)
        if (UNKNOWN.test(asset)) return undefined;
    return { hash: hex(view.hash), block };
  }

  /** The first block from a time on; the one after the last where there is none. */
  firstSince(shard: number, time: number): number {
    let [low, high] = [1, this.head(shard) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.time(shard, middle) as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async close(): Promise<void> {
    for (const log of this.#logs.values()) await log.close();
  }

  #view(shard: number, seq: number): BlockView | undefined {
    const key = `${shard} ${seq}`;
    const known = this.#views.get(key);
    if (known !== undefined) {
      this.#views.delete(key);
      this.#views.set(key, known);
      return known;
    }
    const bytes = this.#log(shard).read(seq);
    if (bytes === undefined) return undefined;
    const view = new BlockView(bytes);
    this.#views.set(key, view);
    this.#viewBytes += bytes.length;
    for (const [oldest, one] of this.#views) {
      if (this.#viewBytes <= FEED_WINDOW_BYTES) break;
      this.#views.delete(oldest);
      this.#viewBytes -= one.bytes.length;
    }
    return view;
  }

  #log(shard: number): Log {
    const log = this.#logs.get(shard);
    if (log === undefined) throw new RangeError(`shard ${shard} is not read here`);
    return log;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** See engine/index.ts. */
export const openFeed = async (options: LogFeedOptions): Promise<LogFeed> => new LogFeed(options);
