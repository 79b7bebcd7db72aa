// Where a projection is stored: one LMDB environment of its own, whose databases have keys in order. Owns: its file, its commits.
// Never touches: what is stored.

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { openEnvironment } from '../store/environment.js';

/** Address space of the map. Growth beyond works, by mapping anew. */
const MAP_BYTES = 256 * 2 ** 30;
/** Keys that are removed in one commit, where all of them are. */
const CLEARED_AT_ONCE = 20_000;
const NO_KEY = Buffer.alloc(0);

/** What is used of one of lmdb-js's databases. */
export interface Ordered {
  getBinary(key: Uint8Array): Buffer | undefined;
  putSync(key: Uint8Array, value: Uint8Array): boolean;
  removeSync(key: Uint8Array): boolean;
  getKeys(range: KeyRange): Iterable<Buffer>;
  getRange(range: KeyRange): Iterable<{ readonly key: Buffer; readonly value: Buffer }>;
  getKeysCount(range: KeyRange): number;
}

/** Keys from `start` (with it) to `end` (without it), or backwards. */
export interface KeyRange {
  readonly start?: Uint8Array;
  readonly end?: Uint8Array;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** The file of a projection of a ledger. */
export const projectionPath = (folder: string, name: string): string =>
  join(folder, 'projections', `${name}.mdb`);

/** Throws away what is stored of all projections of a ledger that nobody has open. */
export const removeProjections = (folder: string): void =>
  rmSync(dirname(projectionPath(folder, '')), { recursive: true, force: true });

export class ProjectionStore<Name extends string> {
  readonly #root: RootDatabase<Uint8Array, never>;
  readonly #databases: Readonly<Record<Name, Ordered>>;

  constructor(path: string, names: readonly Name[]) {
    const make = (root: RootDatabase<Uint8Array, never>): void => {
      for (const name of names) database(root, name);
    };
    this.#root = openEnvironment(path, MAP_BYTES, {}, {}, make);
    this.#databases = Object.fromEntries(
      names.map((name) => [name, database(this.#root, name)]),
    ) as Record<Name, Ordered>;
  }

  of(name: Name): Ordered {
    return this.#databases[name];
  }

  /** One durable commit. */
  commit(changes: () => void): void {
    this.#root.transactionSync(changes);
  }

  /** Throws away all that is stored, some at a time: what is in the first database, its positions, goes last. */
  clear(): void {
    for (const one of Object.values<Ordered>(this.#databases).reverse())
      for (let keys: Uint8Array[] = [NO_KEY]; keys.length > 0; ) {
        keys = [...one.getKeys({ limit: CLEARED_AT_ONCE })];
        this.#root.transactionSync(() => {
          for (const key of keys) one.removeSync(key);
        });
      }
  }

  close(): Promise<void> {
    return this.#root.close();
  }
}

const database = (root: RootDatabase<Uint8Array, never>, name: string): Ordered =>
  root.openDB({ name, encoding: 'binary', keyEncoding: 'binary' }) as unknown as Ordered;
