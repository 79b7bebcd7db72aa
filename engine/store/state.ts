// The state environment of one shard. Owns: pages, chunks and the root as sealed values, in three LMDB
// databases; when they are durable. Never touches: what they contain.
//   store.E3. Every value is followed by the CRC-32 of its database, key and bytes; a value that does not
//       match is never returned: CorruptionError. A value under another key does not match either.
//   store.E4. A write is one transaction: all of it or nothing is there after a crash.

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RootDatabase } from 'lmdb';
import { Commits } from './commit.js';
import { type EnvironmentOptions, openEnvironment } from './environment.js';
import { CorruptionError } from './errors.js';
import { syncDirectory, syncFile } from './sync.js';

/** Address space of the map. Growth beyond works, by mapping anew; the old maps stay. */
const MAP_BYTES = 64 * 2 ** 30;
/** A write's sealed values are put together in one buffer; it is kept when no larger than this. */
const SCRATCH_KEPT_BYTES = 8 * 2 ** 20;
const CRC_BYTES = 4;

/** Where the CRC begins: another one for each database, so that a value is bound to its own. */
const PAGE_SEED = 0x70616765;
const CHUNK_SEED = 0x6368756e;
const ROOT_SEED = 0x726f6f74;
const ROOT_KEY = 0;

/** What is used of one of lmdb-js's databases. */
interface Values<K> {
  put(key: K, value: Uint8Array): Promise<boolean>;
  remove(key: K): Promise<boolean>;
  getBinaryFast(key: K): Uint8Array | undefined;
  getKeys(): Iterable<K>;
  lastSize: number;
}

/** What one transaction changes. */
export interface Puts {
  readonly pages?: readonly (readonly [number, Uint8Array])[];
  readonly chunks?: readonly (readonly [string, Uint8Array])[];
  readonly removeChunks?: readonly string[];
}

/** The checkpoint of one shard, on disk. */
export class StateStore {
  readonly #path: string;
  readonly #readOnly: boolean;
  readonly #environment: RootDatabase<Uint8Array, never>;
  readonly #pages: Values<number>;
  readonly #chunks: Values<string>;
  readonly #root: Values<number>;
  readonly #commits: Commits;
  /** Backups under way, which end before the environment is closed. */
  readonly #copies = new Set<Promise<void>>();
  #scratch = new Uint8Array(0);
  #scratchUsed = 0;
  #closed = false;

  private constructor(
    path: string,
    readOnly: boolean,
    environment: RootDatabase<Uint8Array, never>,
    limitMs: number | undefined,
  ) {
    this.#path = path;
    this.#readOnly = readOnly;
    this.#environment = environment;
    this.#pages = database(path, environment, 'pages', 'uint32');
    this.#chunks = database(path, environment, 'chunks', 'ordered-binary');
    this.#root = database(path, environment, 'root', 'uint32');
    this.#commits = new Commits(path, limitMs);
  }

  /** Open the state, making an empty one where there is none (not with `readOnly`). */
  static open(path: string, options: EnvironmentOptions = {}, limitMs?: number): StateStore {
    const environment = openEnvironment(path, MAP_BYTES, options, {}, (made) => {
      database(path, made, 'pages', 'uint32');
      database(path, made, 'chunks', 'ordered-binary');
      database(path, made, 'root', 'uint32');
    });
    return new StateStore(path, options.readOnly === true, environment, limitMs);
  }

  /** The root, in a buffer of its own; undefined: none was written yet. */
  readRoot(): Uint8Array | undefined {
    return this.#read(this.#root, ROOT_KEY, ROOT_SEED, 'root');
  }

  /** A page, in a buffer of its own; undefined: there is none under this key. */
  readPage(key: number): Uint8Array | undefined {
    return this.#read(this.#pages, key, pageSeed(key), 'page');
  }

  /** A chunk, in a buffer of its own; undefined: there is none under this key. */
  readChunk(key: string): Uint8Array | undefined {
    return this.#read(this.#chunks, key, crc32(key, CHUNK_SEED), 'chunk');
  }

  /** The keys of all chunks, in order: to find leftovers of an unfinished checkpoint at start. */
  chunkKeys(): Iterable<string> {
    return this.#chunks.getKeys();
  }

  /** The keys of all pages, in order. */
  pageKeys(): Iterable<number> {
    return this.#pages.getKeys();
  }

  /** One durable transaction. The buffers must not change until it resolves. */
  write(puts: Puts): Promise<void> {
    this.#writable();
    return this.#commits.run('a part of a checkpoint', () => {
      this.#reserve(puts);
      return this.#environment.batch(() => {
        for (const [key, bytes] of puts.pages ?? []) {
          this.#pages.put(key, this.#seal(bytes, pageSeed(key)));
        }
        for (const [key, bytes] of puts.chunks ?? []) {
          this.#chunks.put(key, this.#seal(bytes, crc32(key, CHUNK_SEED)));
        }
        for (const key of puts.removeChunks ?? []) this.#chunks.remove(key);
      });
    });
  }

  /** The root flip: one durable transaction. */
  writeRoot(root: Uint8Array): Promise<void> {
    this.#writable();
    return this.#commits.run('the root of a checkpoint', () => {
      this.#reserve({ pages: [[ROOT_KEY, root]] });
      return this.#root.put(ROOT_KEY, this.#seal(root, ROOT_SEED));
    });
  }

  /** A consistent, synced copy into a new file, while running. */
  async backup(path: string): Promise<void> {
    if (existsSync(path)) throw new Error(`${path} exists already`);
    const copied = this.#environment.backup(path, false);
    this.#copies.add(copied);
    await copied.finally(() => this.#copies.delete(copied));
    syncFile(path);
    syncDirectory(dirname(path));
  }

  /** Size of the file, in bytes. */
  bytes(): number {
    return statSync(this.#path).size;
  }

  /** Wait for the writes and close. After a failed write it only lets go: LMDB may hang. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#copies);
    await this.#commits.idle();
    if (this.#commits.failure === undefined) await this.#environment.close();
  }

  #writable(): void {
    if (this.#closed || this.#readOnly) throw new Error(`${this.#path} is not open for writing`);
  }

  #read<K extends number | string>(
    values: Values<K>,
    key: K,
    seed: number,
    what: string,
  ): Uint8Array | undefined {
    if (this.#commits.failure !== undefined) throw this.#commits.failure;
    const stored = values.getBinaryFast(key);
    if (stored === undefined) return undefined;
    const size = values.lastSize - CRC_BYTES;
    if (size < 0) throw new CorruptionError(this.#path, named(what, key), 'shorter than its CRC');
    const bytes = new Uint8Array(size);
    bytes.set(stored.subarray(0, size));
    const crc = crc32(bytes, seed);
    if (
      stored[size] !== (crc & 0xff) ||
      stored[size + 1] !== ((crc >>> 8) & 0xff) ||
      stored[size + 2] !== ((crc >>> 16) & 0xff) ||
      stored[size + 3] !== crc >>> 24
    ) {
      throw new CorruptionError(this.#path, named(what, key), 'its CRC does not match');
    }
    return bytes;
  }

  /** Room for all sealed values of one transaction. The one before is durable, so its room is free. */
  #reserve(puts: Puts): void {
    let needed = 0;
    for (const [, bytes] of puts.pages ?? []) needed += sealedBytes(bytes);
    for (const [, bytes] of puts.chunks ?? []) needed += sealedBytes(bytes);
    if (needed > this.#scratch.length || this.#scratch.length > SCRATCH_KEPT_BYTES) {
      this.#scratch = new Uint8Array(needed);
    }
    this.#scratchUsed = 0;
  }

  #seal(bytes: Uint8Array, seed: number): Uint8Array {
    const start = this.#scratchUsed;
    const end = start + bytes.length;
    const scratch = this.#scratch;
    scratch.set(bytes, start);
    const crc = crc32(bytes, seed);
    scratch[end] = crc;
    scratch[end + 1] = crc >>> 8;
    scratch[end + 2] = crc >>> 16;
    scratch[end + 3] = crc >>> 24;
    this.#scratchUsed = start + sealedBytes(bytes);
    return scratch.subarray(start, end + CRC_BYTES);
  }
}

function named(what: string, key: number | string): string {
  return what === 'root' ? what : `${what} ${key}`;
}

function pageSeed(key: number): number {
  return (key ^ PAGE_SEED) >>> 0;
}

/** Bytes of a sealed value, rounded up so that each one begins aligned. */
function sealedBytes(bytes: Uint8Array): number {
  return (bytes.length + CRC_BYTES + 7) & ~7;
}

function database<K>(
  path: string,
  environment: RootDatabase<Uint8Array, never>,
  name: string,
  keyEncoding: 'uint32' | 'ordered-binary',
): Values<K> {
  const opened = environment.openDB<Uint8Array, never>(name, { encoding: 'binary', keyEncoding });
  if (opened === undefined) throw new CorruptionError(path, `database ${name}`, 'missing');
  return opened as unknown as Values<K>;
}
