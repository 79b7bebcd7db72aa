// What a simulated shard runs on: a disk that outlives it, clocks and timers of simulated time. Owns: what is synced, what a crash
// leaves. Never touches: what is written.

import type { Ledger } from '../../engine/ledger/ledger.js';
import type { State } from '../../engine/ledger/state.js';
import type { BlockLog, CheckpointStore, Machine } from '../../engine/shard/machine.js';
import type { Secrets } from '../../engine/shard/secrets.js';
import type { CleanStop } from '../../engine/store/folder.js';
import type { Puts } from '../../engine/store/state.js';
import { Random } from '../random.js';
import { BASE_MS, type Outside } from './outside.js';
import type { SimShard } from './shard.js';

/** What becomes of what was handed over just before a crash. One for each: it keeps whoever waits for it. */
const never = (): Promise<never> => new Promise(() => {});

export class SimDisk {
  /** Blocks as written; the first `durable` of them are synced. */
  readonly blocks: Uint8Array[] = [];
  durable = 0;
  stop: CleanStop | undefined;
  /** How often random bytes were asked for. */
  drawn = 0;
  /** What checkpoints wrote, by kind and key. */
  readonly values = new Map<string, Uint8Array>();
  /** The transaction of a checkpoint that is not synced. */
  unsynced: (() => void) | null = null;

  /** What is not synced is lost; or not, for it may reach the disk without anybody having been told. */
  crash(keepsUnsynced: boolean): void {
    if (keepsUnsynced) this.unsynced?.();
    this.unsynced = null;
    if (!keepsUnsynced) this.blocks.length = this.durable;
  }
}

/** Random bytes that follow from how often they were asked for; nobody is there to look into the box. */
const secretsOf = ({ number, disk }: SimShard): Secrets => ({
  random: (bytes) => {
    const random = new Random(number * 1_000_003 + ++disk.drawn);
    return Uint8Array.from({ length: bytes }, () => random.int(256));
  },
  seal: (_, bytes) => bytes.slice(),
  open: (_, sealed) => sealed.slice(),
});

/** For one life of a shard. */
/** At one moment of simulated time: more than any checkpoint takes. */
const PAUSES_MAX = 10_000;

/** The key that all shards have. */
const SECRET = new Uint8Array(32).fill(7);

export class SimMachine implements Machine {
  readonly blockCommands: number;
  readonly secrets: Secrets;
  /** Off: whatever runs on it has no effect any more. */
  isOn = true;
  #pausedAt = -1;
  #pauses = 0;
  readonly #shard: SimShard;
  readonly #disk: SimDisk;
  readonly #outside: Outside;
  readonly #skewMs: number;

  constructor(shard: SimShard) {
    this.#shard = shard;
    this.#disk = shard.disk;
    this.blockCommands = shard.settings.blockCommands;
    this.#outside = shard.outside;
    this.secrets = secretsOf(shard);
    this.#skewMs = shard.outside.skewMs();
  }

  secret(): Uint8Array {
    return SECRET;
  }

  ledger(state: State): Ledger {
    return this.#shard.assemble(state);
  }

  wallMs(): number {
    return BASE_MS + this.#outside.now + this.#skewMs;
  }

  steadyMs(): number {
    return this.#outside.now;
  }

  after(ms: number, run: () => void): void {
    this.#outside.queue.after(ms, () => {
      if (this.isOn) run();
    });
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  every(ms: number, run: () => void): () => void {
    let isEnded = false;
    const again = (): void =>
      this.after(ms, () => {
        if (isEnded) return;
        run();
        again();
      });
    again();
    return () => {
      isEnded = true;
    };
  }

  /**
   * How often a checkpoint pauses is by the clock on the wall, so that takes no simulated time. Who pauses without end waits for something
   * that does: a disk.
   */
  readonly pause = async (): Promise<void> => {
    const { queue } = this.#outside;
    if (this.#pausedAt !== queue.now) this.#pauses = 0;
    this.#pausedAt = queue.now;
    if (++this.#pauses < PAUSES_MAX) return;
    await new Promise<void>((resolve) => {
      this.after(1, () => {
        resolve();
        queue.stir();
      });
    });
  };

  rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, () => {
        resolve();
        this.#outside.queue.stir();
      });
    });
  }

  readCleanStop(): CleanStop | undefined {
    return this.#disk.stop;
  }

  writeCleanStop(stop: CleanStop): void {
    if (this.isOn) this.#disk.stop = stop;
  }

  openLog(): BlockLog {
    const { blocks } = this.#disk;
    return {
      headSeq: () => blocks.length,
      read: (seq) => blocks[seq - 1]?.slice(),
      append: (seq, block) => this.#append(seq, block),
      close: async () => {},
    };
  }

  #append(seq: number, block: Uint8Array): Promise<void> | undefined {
    const { blocks } = this.#disk;
    if (!this.isOn || this.#outside.crashesAt(this.#shard, 'before-append')) return never();
    const isNext = seq === blocks.length + 1 && this.#disk.durable === blocks.length;
    if (!isNext && seq !== blocks.length)
      throw new Error(`S3: block ${seq} comes after ${this.#disk.durable} of ${blocks.length}`);
    blocks[seq - 1] = block.slice();
    this.#shard.sealed(seq, block);
    const done = (): void => {
      this.#disk.durable = seq;
    };
    if (!this.#outside.waitsForLog()) return this.#synced(done);
    if (this.#outside.crashesAt(this.#shard, 'before-sync')) return never();
    done();
    return this.#outside.crashesAt(this.#shard, 'after-sync') ? never() : undefined;
  }

  openStore(): CheckpointStore {
    const { values } = this.#disk;
    const read = (key: string): Uint8Array | undefined => {
      const value = values.get(key);
      return value === undefined ? undefined : new Uint8Array(value);
    };
    return {
      readRoot: () => read('root'),
      readPage: (key) => read(`page ${key}`),
      readChunk: (key) => read(`chunk ${key}`),
      chunkKeys: () =>
        [...values.keys()].filter((key) => key.startsWith('chunk ')).map((key) => key.slice(6)),
      write: (puts) => this.#write(puts),
      writeRoot: (root) => this.#commit(() => values.set('root', root)),
      backup: () => Promise.reject(new Error('a simulated disk has no files')),
      close: async () => {},
    };
  }

  #write({ pages = [], chunks = [], removeChunks = [] }: Puts): Promise<void> {
    const { values } = this.#disk;
    // Where they lie is used again for others.
    const copies = pages.map(([key, bytes]) => [key, bytes.slice()] as const);
    return this.#commit(() => {
      for (const [key, bytes] of copies) values.set(`page ${key}`, bytes);
      for (const [key, bytes] of chunks) values.set(`chunk ${key}`, bytes);
      for (const key of removeChunks) values.delete(`chunk ${key}`);
    });
  }

  #commit(change: () => void): Promise<void> {
    if (!this.isOn) return never();
    if (this.#disk.unsynced !== null)
      throw new Error('a checkpoint has two transactions at a time');
    this.#disk.unsynced = change;
    return this.#synced(() => {
      change();
      this.#disk.unsynced = null;
    });
  }

  /** Resolves when what was handed over is synced, unless it crashes. */
  #synced(done: () => void): Promise<void> {
    if (this.#outside.crashesAt(this.#shard, 'before-sync')) return never();
    return new Promise((resolve) => {
      this.after(this.#outside.syncMs(), () => {
        done();
        if (this.#outside.crashesAt(this.#shard, 'after-sync')) return;
        resolve();
        this.#outside.queue.stir();
      });
    });
  }
}
