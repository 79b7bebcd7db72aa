// The file of the projections: a DuckDB database. Owns: how it is opened, that rows and positions are stored in one transaction. Never touches: the logs,
// what is asked.
//   tables.S1. Rows of blocks and up to where they are stored are one transaction: after whatever end of the process they agree.
//   tables.S2. It holds nothing that does not follow from the logs: a file that cannot be read is thrown away and made anew.
//   tables.S3. Nothing that is asked of it reads or writes another file, loads anything, or changes a setting: that is shut when it is opened.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as DuckDb from '@duckdb/node-api';
import {
  ROW_TABLES,
  type RowColumns,
  type Rows,
  type RowTable,
  type RowValue,
} from '../../engine/index.js';
import { DDL, FORMAT } from './tables.js';

/** It is not installed: it is optional. */
export class NoDatabaseError extends Error {}

/** The package, where it is installed. Throws NoDatabaseError. */
export async function duckDb(): Promise<typeof DuckDb> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new NoDatabaseError(`@duckdb/node-api cannot be loaded: ${(error as Error).message}`);
  }
}

/** Where the projections of a ledger lie. */
export const reportsPath = (folder: string): string =>
  join(folder, 'projections', 'reports.duckdb');

export interface StoreOptions {
  /** Of the ledger. */
  readonly folder: string;
  readonly memoryMiB: number;
  readonly threads: number;
  /** Bytes that questions which do not fit into the memory may write beside the file. */
  readonly spillBytes: number;
}

/** Up to where what is stored is exact. */
export interface StoredPosition {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

type Connection = DuckDb.DuckDBConnection;
type Vector = DuckDb.DuckDBVector;

/** Rows of one chunk: DuckDB's own number. */
const CHUNK_ROWS = 2_048;
const UINT32 = 2 ** 32;
/** Another process has it open: it is not broken. */
const IN_USE = /lock/i;

export class ReportStore {
  readonly #instance: DuckDb.DuckDBInstance;
  readonly #connection: Connection;
  readonly #duckdb: typeof DuckDb;
  readonly #chunks = new Map<RowTable, DuckDb.DuckDBDataChunk>();
  #positions = new Map<number, StoredPosition>();

  private constructor(
    duckdb: typeof DuckDb,
    instance: DuckDb.DuckDBInstance,
    connection: Connection,
  ) {
    this.#duckdb = duckdb;
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Opens the file, or makes it. Throws NoDatabaseError; an error that says so where another process has it open. */
  static async open(options: StoreOptions): Promise<ReportStore> {
    const duckdb = await duckDb();
    const path = reportsPath(options.folder);
    mkdirSync(join(options.folder, 'projections'), { recursive: true });
    try {
      return await ReportStore.#opened(duckdb, path, options);
    } catch (error) {
      if (IN_USE.test((error as Error).message)) throw error;
      // S2.
      removeReports(options.folder);
      return ReportStore.#opened(duckdb, path, options);
    }
  }

  static async #opened(
    duckdb: typeof DuckDb,
    path: string,
    { memoryMiB, threads, spillBytes }: StoreOptions,
  ): Promise<ReportStore> {
    const instance = await duckdb.DuckDBInstance.create(path, {
      memory_limit: `${memoryMiB}MiB`,
      threads: String(threads),
      temp_directory: `${path}.tmp`,
      max_temp_directory_size: `${Math.ceil(spillBytes / 2 ** 20)}MiB`,
      checkpoint_threshold: '64MiB',
      preserve_insertion_order: 'false',
      // S3.
      enable_external_access: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      lock_configuration: 'true',
    });
    try {
      const connection = await instance.connect();
      const store = new ReportStore(duckdb, instance, connection);
      await store.#prepare();
      return store;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const found = await this.#rows(
      "SELECT table_name FROM duckdb_tables() WHERE table_name = 'meta'",
    );
    const format =
      found.length === 0 ? undefined : (await this.#rows('SELECT format FROM meta'))[0];
    if (format?.[0] !== FORMAT) await this.clear();
    for (const [shard, seq, hash, time] of await this.#rows(
      'SELECT shard, seq, hash, time FROM positions',
    ))
      this.#positions.set(Number(shard), {
        seq: Number(seq),
        hash: String(hash),
        time: Number(time),
      });
  }

  async #rows(sql: string): Promise<readonly DuckDb.DuckDBValue[][]> {
    return (await this.#connection.runAndReadAll(sql)).getRows();
  }

  /** A connection of its own, for what is asked. */
  connect(): Promise<Connection> {
    return this.#instance.connect();
  }

  get duckdb(): typeof DuckDb {
    return this.#duckdb;
  }

  get positions(): ReadonlyMap<number, StoredPosition> {
    return this.#positions;
  }

  /** Codes of assets by their numbers. */
  async assets(): Promise<ReadonlyMap<number, string>> {
    const rows = await this.#rows('SELECT DISTINCT number, asset FROM assets');
    return new Map(rows.map(([number, asset]) => [Number(number), String(asset)]));
  }

  /** S1. */
  async commit(rows: Rows, positions: ReadonlyMap<number, StoredPosition>): Promise<void> {
    const connection = this.#connection;
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const table of Object.keys(ROW_TABLES) as RowTable[])
        if (rows[table].length > 0) await this.#append(table, rows[table]);
      for (const [shard, { seq, hash, time }] of positions)
        await connection.run(
          `INSERT OR REPLACE INTO positions VALUES (${shard}, ${seq}, '${hash}', ${time})`,
        );
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.#positions = new Map([...this.#positions, ...positions]);
  }

  async #append(table: RowTable, rows: readonly (readonly RowValue[])[]): Promise<void> {
    const { DuckDBDataChunk, BIGINT, INTEGER, VARCHAR } = this.#duckdb;
    const columns: RowColumns = ROW_TABLES[table];
    const types = Object.values(columns);
    let chunk = this.#chunks.get(table);
    if (chunk === undefined) {
      const of = { big: BIGINT, int: INTEGER, text: VARCHAR } as const;
      chunk = DuckDBDataChunk.create(types.map((type) => of[type]));
      this.#chunks.set(table, chunk);
    }
    const appender = await this.#connection.createAppender(table);
    try {
      for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, rows.length - from);
        chunk.reset();
        chunk.rowCount = count;
        for (let column = 0; column < types.length; column++) {
          const vector = chunk.getColumnVector(column);
          if (types[column] === 'big') fillBig(vector, rows, column, from, count);
          else fill(vector as DuckDb.DuckDBVarCharVector, rows, column, from, count);
          vector.flush();
        }
        appender.appendDataChunk(chunk);
      }
    } finally {
      appender.closeSync();
    }
  }

  /** Throws away all that is stored. */
  async clear(): Promise<void> {
    const connection = this.#connection;
    await connection.run('BEGIN TRANSACTION');
    const views = await this.#rows('SELECT view_name FROM duckdb_views() WHERE NOT internal');
    for (const [view] of views) await connection.run(`DROP VIEW "${view}"`);
    const tables = await this.#rows('SELECT table_name FROM duckdb_tables() WHERE NOT internal');
    for (const [table] of tables) await connection.run(`DROP TABLE "${table}"`);
    for (const statement of DDL) await connection.run(statement);
    await connection.run(`INSERT INTO meta VALUES (${FORMAT})`);
    await connection.run('COMMIT');
    this.#positions = new Map();
  }

  /** Nothing is asked of it any more. */
  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Throws away the file of a ledger whose projections nobody has open. */
export function removeReports(folder: string): void {
  const path = reportsPath(folder);
  for (const one of [path, `${path}.wal`, `${path}.tmp`])
    rmSync(one, { recursive: true, force: true });
}

/** What of a vector of whole numbers its declaration leaves out. */
interface BigVector {
  readonly items: BigInt64Array;
  readonly validity: { setItemValid(item: number, isValid: boolean): void };
}

/** Whole numbers, written as two halves: without making a BigInt of each. */
function fillBig(
  vector: Vector,
  rows: readonly (readonly RowValue[])[],
  column: number,
  from: number,
  count: number,
): void {
  const { items, validity } = vector as unknown as BigVector;
  const halves = new Int32Array(items.buffer, items.byteOffset, count * 2);
  for (let i = 0; i < count; i++) {
    const value = (rows[from + i] as readonly RowValue[])[column] as number | null;
    if (value === null) {
      validity.setItemValid(i, false);
      continue;
    }
    validity.setItemValid(i, true);
    halves[i * 2] = value | 0;
    halves[i * 2 + 1] = Math.floor(value / UINT32);
  }
}

function fill(
  vector: DuckDb.DuckDBVarCharVector,
  rows: readonly (readonly RowValue[])[],
  column: number,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++)
    vector.setItem(i, (rows[from + i] as readonly RowValue[])[column] as string | null);
}
