// Making runs, in small steps: from the frozen table, or out of several runs. Owns: how far each is.
// Never touches: which are made, when their results count.

import { IdColumns } from './id-columns.js';
import { type ChunkSource, type Chunks, type IdChunk, type IdRun, RunWriter } from './id-run.js';
import { type IdTable, TableScan } from './id-table.js';

/** Entries of one small step of a merge. */
const STEP_ENTRIES = 2_048;

/** A run in the making. */
export interface RunBuild {
  /** The run, when all its chunks have been handed out. */
  readonly run: IdRun | undefined;
  /** All entries are written; what remains is small. */
  readonly isFinishing: boolean;
  /** Memory it takes. */
  readonly bytes: number;
  /** A small step: chunks that are ready go to `out`. Returns how many entries it handled. */
  advance(out: Chunks): number;
}

/** The run of a frozen table. */
export class TableBuild implements RunBuild {
  run: IdRun | undefined;
  isFinishing = false;
  readonly #table: IdTable;
  readonly #writer: RunWriter;
  readonly #scan = new TableScan();
  readonly #columns = new IdColumns(2 * STEP_ENTRIES);

  constructor(number: number, table: IdTable) {
    this.#table = table;
    this.#writer = new RunWriter(number, table.count);
  }

  get bytes(): number {
    return this.#writer.bytes;
  }

  advance(out: Chunks): number {
    if (this.isFinishing) {
      this.run ??= this.#writer.finish(out);
      return 0;
    }
    this.#table.nextSorted(this.#scan, this.#columns);
    if (this.#columns.length === 0) this.isFinishing = true;
    else this.#writer.append(this.#columns, out);
    return this.#columns.length;
  }
}

/** Where the merge is in one of the runs it reads. */
class Cursor {
  readonly #run: IdRun;
  readonly #source: ChunkSource;
  #next = 0;
  chunk: IdChunk | undefined;
  row = 0;

  constructor(run: IdRun, source: ChunkSource) {
    this.#run = run;
    this.#source = source;
    this.nextChunk();
  }

  nextChunk(): void {
    this.row = 0;
    this.chunk =
      this.#next < this.#run.chunks ? this.#run.readEntries(this.#source, this.#next) : undefined;
    this.#next += 1;
  }
}

/** One run out of several, which lie one after the other in age. */
export class MergeBuild implements RunBuild {
  run: IdRun | undefined;
  isFinishing = false;
  /** Newest first, as in the index. */
  readonly inputs: readonly IdRun[];
  readonly count: number;
  readonly #source: ChunkSource;
  readonly #writer: RunWriter;
  readonly #columns = new IdColumns(STEP_ENTRIES);
  /** Those with entries left, oldest first. */
  #cursors: Cursor[] = [];
  #opened = 0;

  constructor(number: number, inputs: readonly IdRun[], source: ChunkSource) {
    this.inputs = inputs;
    this.count = inputs.reduce((sum, run) => sum + run.count, 0);
    this.#source = source;
    this.#writer = new RunWriter(number, this.count);
  }

  get bytes(): number {
    const chunks = this.#cursors.reduce((sum, cursor) => sum + (cursor.chunk?.bytes ?? 0), 0);
    return this.#writer.bytes + chunks;
  }

  advance(out: Chunks): number {
    if (this.isFinishing) {
      this.run ??= this.#writer.finish(out);
      return 0;
    }
    if (this.#opened < this.inputs.length) {
      this.#opened += 1;
      const run = this.inputs[this.inputs.length - this.#opened] as IdRun;
      this.#cursors.push(new Cursor(run, this.#source));
      return 0;
    }
    this.#fill();
    if (this.#columns.length === 0) this.isFinishing = true;
    else this.#writer.append(this.#columns, out);
    return this.#columns.length;
  }

  /** The next entries over all cursors; fewer where a chunk ends, so that a step reads few chunks. */
  #fill(): void {
    const columns = this.#columns;
    columns.length = 0;
    while (columns.length < STEP_ENTRIES && this.#cursors.length > 0) {
      const least = this.#least();
      const chunk = least.chunk as IdChunk;
      const { row } = least;
      const to = columns.length;
      columns.hi[to] = chunk.hi[row] as number;
      columns.lo[to] = chunk.lo[row] as number;
      columns.seqLow[to] = chunk.seqLow[row] as number;
      columns.seqHigh[to] = chunk.seqHigh[row] as number;
      columns.offset[to] = chunk.offset[row] as number;
      columns.length = to + 1;
      least.row = row + 1;
      if (least.row < chunk.length) continue;
      least.nextChunk();
      if (least.chunk === undefined) this.#cursors = this.#cursors.filter((c) => c !== least);
      return;
    }
  }

  /** The cursor with the least key; of equal ones the oldest run's. */
  #least(): Cursor {
    const cursors = this.#cursors;
    let least = cursors[0] as Cursor;
    let hi = least.chunk?.hi[least.row] as number;
    for (let index = 1; index < cursors.length; index += 1) {
      const cursor = cursors[index] as Cursor;
      const otherHi = cursor.chunk?.hi[cursor.row] as number;
      if (otherHi > hi) continue;
      if (otherHi === hi) {
        const lo = least.chunk?.lo[least.row] as number;
        if ((cursor.chunk?.lo[cursor.row] as number) >= lo) continue;
      }
      least = cursor;
      hi = otherHi;
    }
    return least;
  }
}
