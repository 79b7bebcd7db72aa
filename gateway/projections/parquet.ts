// Rows into a Parquet file. Owns: the database that writes it, beside the projections' own. Never touches: the projections: their database writes no file.
//   tables.W1. A file that is there is whole: it is written beside its name, then named.
//   tables.W2. No number is rounded: sums, which are wider than 64 bits, are decimals without places. As they are they would be written as floating numbers.

import { chmod, rename, rm, stat } from 'node:fs/promises';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { duckDb } from './store.js';

/** Memory of that database, and rows that are given to it at once: DuckDB's own number. */
const MEMORY = '256MiB';
const CHUNK_ROWS = 2_048;

/** Whole numbers that Parquet has none of (W2). */
const WIDE = /^U?HUGEINT$/;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Writes rows of these columns; resolves with how many rows and bytes. Rejects where rows end by an error: then there is no file. */
export async function writeParquet(
  { DuckDBInstance, DuckDBDataChunk }: Awaited<ReturnType<typeof duckDb>>,
  path: string,
  columns: readonly { readonly name: string; readonly type: DuckDBType }[],
  rows: AsyncIterable<readonly (readonly DuckDBValue[])[]>,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const [database, part] = [`${path}.duckdb`, `${path}.part`];
  const remove = async (): Promise<void> => {
    for (const one of [database, `${database}.wal`, `${database}.tmp`])
      await rm(one, { recursive: true, force: true });
  };
  await remove();
  const instance = await DuckDBInstance.create(database, { memory_limit: MEMORY, threads: '1' });
  const connection = await instance.connect();
  let count = 0;
  try {
    const all = columns.map(({ name, type }) => `${quoted(name)} ${type}`);
    await connection.run(`CREATE TABLE rows (${all.join()})`);
    const appender = await connection.createAppender('rows');
    const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
    for await (const some of rows)
      for (let from = 0; from < some.length; from += CHUNK_ROWS) {
        const next = some.slice(from, from + CHUNK_ROWS);
        chunk.reset();
        chunk.setRows(next as DuckDBValue[][]);
        appender.appendDataChunk(chunk);
        count += next.length;
      }
    appender.closeSync();
    const written = columns.map(({ name, type }) =>
      WIDE.test(String(type))
        ? `CAST(${quoted(name)} AS DECIMAL(38, 0)) AS ${quoted(name)}`
        : quoted(name),
    );
    await connection.run(
      `COPY (SELECT ${written.join()} FROM rows) TO '${part.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    await chmod(part, 0o600);
    await rename(part, path);
    return { rows: count, bytes: (await stat(path)).size };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await remove();
    await rm(part, { force: true });
  }
}
