// What is asked of the projections' database. Owns: how a question becomes one statement, its bounds in time and size, answers piece by piece.
// Never touches: what is stored.
//   tables.A1. A question and the positions that it is exact as of are read in one transaction, which cannot write.
//   tables.A2. Whatever is asked ends: at its time, or when nobody has asked for more of it for a while.

import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import { sqlFault } from './allowed.js';
import type { Asked, Bounds, Collected, Fault, Opened, Piece } from './messages.js';
import type { Parameter, ReportPosition, ReportRow, ReportType, ReportValue } from './question.js';
import type { ReportStore } from './store.js';

/** Rows of a piece, about; and characters of it. */
const PIECE_ROWS = 8_192;
const PIECE_CHARACTERS = 512 * 1024;
/** Who has not asked for more for so long does not any more. */
const IDLE_MS = 60_000;
/** How often what has gone on for too long is interrupted again. */
const LATE_MS = 100;

/** It is refused. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.detail);
    this.fault = fault;
  }
}

/** One answer that is under way. */
export class Answering {
  readonly #connection: DuckDBConnection;
  readonly #bounds: Bounds;
  readonly #end: () => void;
  readonly #asText: boolean;
  #result: DuckDBResult | undefined;
  #timer: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isLate = false;
  #isClosed = false;
  #rows = 0;
  #characters = 0;

  constructor(connection: DuckDBConnection, bounds: Bounds, asText: boolean, end: () => void) {
    this.#connection = connection;
    this.#bounds = bounds;
    this.#asText = asText;
    this.#end = end;
  }

  /** Begins to answer. Throws FaultError, closed again. */
  async open(store: ReportStore, asked: Asked): Promise<Opened> {
    const { timeoutMs } = this.#bounds;
    this.#timer = setTimeout(() => this.#late(), timeoutMs);
    try {
      return await this.#opened(store, asked);
    } catch (error) {
      throw await this.#ended(error);
    }
  }

  /** What is interrupted between two statements goes on with the next one: it is interrupted until it is closed. */
  #late(): void {
    this.#isLate = true;
    this.#connection.interrupt();
    this.#timer = setTimeout(() => this.#late(), LATE_MS);
  }

  async #opened({ duckdb }: ReportStore, asked: Asked): Promise<Opened> {
    const connection = this.#connection;
    const sql = statementOf(asked);
    // Each by itself, and what becomes of them: so that none ends where the other one begins.
    if (asked.isFree === true)
      for (const text of [asked.parts, asked.merge, sql]) {
        const fault = text && (await sqlFault(connection, text));
        if (fault) throw new FaultError({ code: 'SQL_INVALID', detail: fault });
      }
    if (asked.collected !== undefined) await this.#collect(duckdb, asked.collected);
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const asOf = await positionsOf(connection);
    const prepared = await connection.prepare(sql);
    try {
      const { values, types } = bindings(duckdb, asked.parameters ?? {}, prepared);
      prepared.bind(values, types);
      this.#result = await prepared.stream();
    } finally {
      prepared.destroySync();
    }
    const types = this.#result.columnTypes();
    const columns = this.#result.deduplicatedColumnNames().map((name, i) => ({
      name,
      type: typeOf(types[i] as DuckDBType),
    }));
    this.#rest();
    return { columns, asOf, sql: types.map(String) };
  }

  /** The parts of all nodes as a table of this connection's own. */
  async #collect(
    { VARCHAR, DuckDBDataChunk: Chunk }: ReportStore['duckdb'],
    { columns, rows }: Collected,
  ): Promise<void> {
    const connection = this.#connection;
    const texts = columns.map((_, i) => `c${i} VARCHAR`).join();
    await connection.run(`CREATE TEMP TABLE collected (${texts})`);
    const appender = await connection.createAppender('collected', null, 'temp');
    const chunk = Chunk.create(columns.map(() => VARCHAR));
    for (let from = 0; from < rows.length; from += 2_048) {
      chunk.reset();
      chunk.setRows(rows.slice(from, from + 2_048) as (string | null)[][]);
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    const cast = columns.map(({ name, sql }, i) => `CAST(c${i} AS ${sql}) AS ${quoted(name)}`);
    await connection.run(`CREATE TEMP TABLE parts AS SELECT ${cast.join()} FROM collected`);
  }

  /** Some more rows; `isLast`: there are no others, and it is closed. Throws FaultError, closed. */
  async more(): Promise<Piece> {
    clearTimeout(this.#idle);
    const rows: ReportRow[] = [];
    let characters = 0;
    try {
      while (rows.length < PIECE_ROWS && characters < PIECE_CHARACTERS) {
        const chunk = await this.#result?.fetchChunk();
        if (chunk === null || chunk === undefined || chunk.rowCount === 0) {
          await this.close();
          return { rows, isLast: true };
        }
        const taken = this.#take(chunk, rows);
        characters += taken;
        this.#characters += taken;
        this.#judge(rows.length);
      }
    } catch (error) {
      throw await this.#ended(error);
    }
    this.#rows += rows.length;
    this.#rest();
    return { rows, isLast: false };
  }

  /** All rows, piece by piece. Throws FaultError, closed. */
  async *rows(): AsyncGenerator<readonly ReportRow[]> {
    for (let isLast = false; !isLast; ) {
      const piece = await this.more();
      ({ isLast } = piece);
      yield piece.rows;
    }
  }

  /** The same as the database has them, of these columns. */
  get raw(): {
    readonly columns: readonly { readonly name: string; readonly type: DuckDBType }[];
    readonly rows: AsyncGenerator<readonly Value[][]>;
  } {
    const result = this.#result as DuckDBResult;
    const types = result.columnTypes();
    const columns = result
      .deduplicatedColumnNames()
      .map((name, i) => ({ name, type: types[i] as DuckDBType }));
    return { columns, rows: this.#raw(result) };
  }

  async *#raw(result: DuckDBResult): AsyncGenerator<readonly Value[][]> {
    clearTimeout(this.#idle);
    try {
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        this.#rows += chunk.rowCount;
        this.#judge(0);
        yield chunk.getRows();
      }
    } catch (error) {
      throw await this.#ended(error);
    }
    await this.close();
  }

  #judge(more: number): void {
    const { rowsMax, charactersMax } = this.#bounds;
    if (rowsMax !== undefined && this.#rows + more > rowsMax)
      throw new FaultError({ code: 'ANSWER_TOO_LARGE', detail: `More than ${rowsMax} rows.` });
    if (charactersMax !== undefined && this.#characters > charactersMax)
      throw new FaultError({
        code: 'ANSWER_TOO_LARGE',
        detail: `More than ${charactersMax} characters.`,
      });
  }

  #take(chunk: DuckDBDataChunk, into: ReportRow[]): number {
    let characters = 0;
    const asText = this.#asText;
    chunk.visitRows((row) => {
      const told = row.map((value) => {
        const shown = asText ? textOf(value) : shownOf(value);
        characters += typeof shown === 'string' ? shown.length + 2 : 8;
        return shown;
      });
      into.push(told);
    });
    return characters;
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.close(), IDLE_MS);
  }

  /** Closed, and why. */
  async #ended(error: unknown): Promise<FaultError> {
    const isLate = this.#isLate;
    await this.close();
    if (error instanceof FaultError) return error;
    return new FaultError(faultOf(error as Error, isLate, this.#bounds));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#idle);
    this.#connection.interrupt();
    await this.#connection.run('ROLLBACK').catch(() => undefined);
    this.#connection.closeSync();
    this.#end();
  }
}

async function positionsOf(connection: DuckDBConnection): Promise<readonly ReportPosition[]> {
  const found = await connection.runAndReadAll(
    'SELECT shard, seq, time FROM positions ORDER BY shard',
  );
  return found.getRows().map(([shard, seq, time]) => ({
    shard: Number(shard),
    seq: Number(seq),
    time: Number(time),
  }));
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const WITH = /^\s*WITH\s+(?!RECURSIVE\b)/i;

/** One statement of a question. A text may end with a comment: what comes next is on a line of its own. */
function statementOf({ parts, merge, collected, asText, isEmpty }: Asked): string {
  if (collected !== undefined) return merge ?? 'SELECT * FROM parts';
  if (isEmpty === true) return `SELECT * FROM (${parts}\n) LIMIT 0`;
  if (asText === true) return `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${parts}\n)`;
  // As it is: in the order that it says.
  if (merge === undefined) return parts;
  const isWith = WITH.test(merge);
  return `WITH parts AS (${parts}\n)${isWith ? ', ' : ' '}${isWith ? merge.replace(WITH, '') : merge}`;
}

type Prepared = Awaited<ReturnType<DuckDBConnection['prepare']>>;

/** Values of the parameters that a statement has. */
function bindings(
  { BIGINT, BOOLEAN, DOUBLE, VARCHAR }: ReportStore['duckdb'],
  parameters: Readonly<Record<string, Parameter>>,
  prepared: Prepared,
): {
  values: Record<string, string | bigint | number | boolean | null>;
  types: Record<string, DuckDBType>;
} {
  const values: Record<string, string | bigint | number | boolean | null> = {};
  const types: Record<string, DuckDBType> = {};
  for (let i = 1; i <= prepared.parameterCount; i++) {
    const name = prepared.parameterName(i);
    if (!Object.hasOwn(parameters, name))
      throw new FaultError({ code: 'SQL_INVALID', detail: `There is no value of $${name}.` });
    const value = parameters[name] as Parameter;
    const isWhole = typeof value === 'number' && Number.isSafeInteger(value);
    values[name] = isWhole ? BigInt(value) : value;
    types[name] = isWhole
      ? BIGINT
      : typeof value === 'number'
        ? DOUBLE
        : typeof value === 'boolean'
          ? BOOLEAN
          : VARCHAR;
  }
  return { values, types };
}

const WHOLE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const DECIMAL = /^(DECIMAL|DOUBLE|FLOAT|BIGNUM)/;

function typeOf(type: DuckDBType): ReportType {
  const name = String(type);
  if (WHOLE.test(name)) return 'number';
  if (DECIMAL.test(name)) return 'decimal';
  return name === 'BOOLEAN' ? 'flag' : 'text';
}

type Value = ReturnType<DuckDBDataChunk['getRowValues']>[number];

const textOf = (value: Value): string | null => (value === null ? null : String(value));

/** As answers have it. */
function shownOf(value: Value): ReportValue {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'string':
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      return 'scale' in value && 'width' in value ? Number(String(value)) : String(value);
  }
}

const OUT_OF_MEMORY = /out of memory|failed to (allocate|pin|offload)|max_temp_directory_size/i;
const INTERRUPTED = /interrupt/i;
/** Lines behind the first one show the place in the text. */
const MESSAGE_LENGTH_MAX = 1_000;

function faultOf({ message }: Error, isLate: boolean, { timeoutMs }: Bounds): Fault {
  if (isLate || INTERRUPTED.test(message))
    return { code: 'ANSWER_TOO_LARGE', detail: `It took more than ${timeoutMs} ms.` };
  if (OUT_OF_MEMORY.test(message))
    return { code: 'ANSWER_TOO_LARGE', detail: 'It takes more memory than it may.' };
  return { code: 'SQL_INVALID', detail: message.slice(0, MESSAGE_LENGTH_MAX) };
}
