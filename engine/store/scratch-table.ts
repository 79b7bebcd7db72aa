// Values by key that nobody needs to survive, in bounded memory: what was not asked for lately is in a file. Owns: the file, made when it is
// first needed. Never touches: the data folder.
//   store.H1. Memory has at most twice `kept` values; whatever is asked for, it is the value that was set last.
//   store.H2. A disk that refuses to take more is an error of whoever sets a value, and nobody else's.

import { rmSync } from 'node:fs';
import type { RootDatabase } from 'lmdb';
import { packValue, unpackValue } from '../protocol/packed-value.js';
import { openEnvironment } from './environment.js';

const MAP_BYTES = 64 * 2 ** 30;
/** Values in memory of one generation, where nothing is said. */
const KEPT = 32_768;
/** In memory: it is there no more. */
const GONE = Symbol('gone');

type Kept<T> = Map<string, T | typeof GONE>;

export class ScratchTable<T> {
  readonly #path: string;
  readonly #kept: number;
  /** What was set or asked for lately, and before that; all of it may differ from the file. */
  #young: Kept<T> = new Map();
  #old: Kept<T> = new Map();
  #file: RootDatabase<Uint8Array, string> | undefined;

  constructor(path: string, kept = KEPT) {
    this.#path = path;
    this.#kept = kept;
  }

  /** Has it never had anything? */
  get isEmpty(): boolean {
    return this.#young.size === 0 && this.#old.size === 0 && this.#file === undefined;
  }

  /** The value itself: what is changed in it before anything else is asked for, is kept. */
  get(key: string): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young === GONE ? undefined : young;
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#set(key, old);
      return old === GONE ? undefined : old;
    }
    const bytes = this.#file?.getBinary(key);
    if (bytes === undefined) return undefined;
    const value = unpackValue(bytes) as T;
    this.#set(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#set(key, value);
  }

  delete(key: string): void {
    if (!this.isEmpty) this.#set(key, GONE);
  }

  #set(key: string, value: T | typeof GONE): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#kept) return;
    this.#write(this.#old);
    this.#old = this.#young;
    this.#young = new Map();
  }

  #write(values: Kept<T>): void {
    if (values.size === 0) return;
    const file = (this.#file ??= this.#open());
    file.transactionSync(() => {
      for (const [key, value] of values) {
        if (this.#young.has(key)) continue;
        if (value === GONE) file.removeSync(key);
        else file.putSync(key, packValue(value));
      }
    });
  }

  #open(): RootDatabase<Uint8Array, string> {
    return openEnvironment(this.#path, MAP_BYTES, {}, {}) as unknown as RootDatabase<
      Uint8Array,
      string
    >;
  }

  /** All keys and values, in whatever order; nothing is set meanwhile. */
  *entries(): Generator<readonly [key: string, value: T]> {
    for (const [key, value] of this.#young) if (value !== GONE) yield [key, value];
    for (const [key, value] of this.#old)
      if (value !== GONE && !this.#young.has(key)) yield [key, value];
    if (this.#file === undefined) return;
    for (const { key, value } of this.#file.getRange({ snapshot: true }))
      if (!this.#young.has(key) && !this.#old.has(key)) yield [key, unpackValue(value) as T];
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    for (const path of [this.#path, `${this.#path}-lock`]) rmSync(path, { force: true });
  }
}
