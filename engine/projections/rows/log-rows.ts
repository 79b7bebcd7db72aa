// The logs of a folder as rows, block by block, for who keeps them in tables of its own. Owns: its views of the logs. Never touches: state, where rows are
// stored.
//   rows.L1. It reads durable blocks only, as LMDB shows them to other threads and processes (trail.T3): shards know nothing of it.

import { BlockView } from '../../protocol/block.js';
import { openFolder, shardLogPath } from '../../store/folder.js';
import { Log } from '../../store/log.js';
import { RowMaker } from './rows.js';
import type { Rows } from './tables.js';

export interface LogRowsOptions {
  /** Some process, of this machine, may have it open. */
  readonly folder: string;
  /** Codes of assets by their numbers, as far as rows said them before. */
  readonly assets: ReadonlyMap<number, string>;
  /** Takes the lock of a folder that nobody has open, until it is closed. */
  readonly lock?: boolean;
}

/** A block that was taken. */
export interface TakenBlock {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly bytes: number;
  readonly rows: number;
}

export class LogRows {
  readonly #logs: ReadonlyMap<number, Log>;
  readonly #maker: RowMaker;
  readonly #release: () => void;

  constructor({ folder: path, assets, lock = false }: LogRowsOptions) {
    const folder = openFolder(path, { create: false, lock });
    this.#release = () => (lock ? folder.release() : undefined);
    const open = (shard: number): Log => Log.open(shardLogPath(path, shard), { readOnly: true });
    this.#logs = new Map(folder.here.map((shard) => [shard, open(shard)]));
    this.#maker = new RowMaker({ slotMap: folder.slotMap, assets });
  }

  /** Those of the folder. */
  get shards(): readonly number[] {
    return [...this.#logs.keys()];
  }

  /** The last block that is durable now; 0: none is. */
  head(shard: number): number {
    return this.#log(shard).headSeq();
  }

  /** The hash of a block, hex; undefined: there is no such block. */
  hash(shard: number, seq: number): string | undefined {
    const bytes = this.#log(shard).read(seq);
    return bytes && hex(new BlockView(bytes).hash);
  }

  /** When a block was written, milliseconds since 1970; undefined: there is no such block. */
  time(shard: number, seq: number): number | undefined {
    const bytes = this.#log(shard).read(seq);
    return bytes && new BlockView(bytes).header.time;
  }

  /** Adds the rows of a durable block: those of a shard are asked for in order. */
  take(shard: number, seq: number, into: Rows): TakenBlock {
    const bytes = this.#log(shard).read(seq);
    if (bytes === undefined) throw new Error(`shard ${shard}: block ${seq} is missing`);
    const block = new BlockView(bytes);
    const rows = this.#maker.take(block, into);
    return { seq, hash: hex(block.hash), time: block.header.time, bytes: bytes.length, rows };
  }

  async close(): Promise<void> {
    for (const log of this.#logs.values()) await log.close();
    this.#release();
  }

  #log(shard: number): Log {
    const log = this.#logs.get(shard);
    if (log === undefined) throw new RangeError(`shard ${shard} is not read here`);
    return log;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
