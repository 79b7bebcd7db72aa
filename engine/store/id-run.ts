// Sorted runs of ids in the state environment's chunks. Owns: their layout, writing one, looking into one.
// Never touches: which runs there are, when one is made.
//   store.U1. A run's chunks carry its number, which is never used again; nothing in a run changes.
//   store.U2. Entries are in key order, those of one key oldest first and all in one chunk.
// Chunks of a run: `ids-N-0`, `ids-N-1` ... hold entries, `ids-N-f0` ... its filter, `ids-N-d` the first key of
// each chunk of entries. All little-endian, columns of 32-bit words.

import { CorruptionError } from './errors.js';
import type { Found } from './id-columns.js';
import { IdColumns, joinSeq } from './id-columns.js';
import { IdFilter } from './id-filter.js';

/** Where chunks are read from. */
export interface ChunkSource {
  readChunk(key: string): Uint8Array | undefined;
  /** The keys of all chunks, for finding what an unfinished checkpoint left. */
  chunkKeys?(): Iterable<string>;
}

/** Chunks to write: key, bytes. */
export type Chunks = [string, Uint8Array][];

/** What all chunk keys of runs begin with. */
const RUN_PREFIX = 'ids-';

const CHUNK_MAGIC = 0x31434449;
const DIRECTORY_MAGIC = 0x31444449;
const HEADER_WORDS = 4;
const COLUMNS = 5;
/** With the header and its CRC a chunk fills eight of LMDB's pages and no ninth. */
const CHUNK_ENTRIES = 1_630;
const FILTER_PART_BYTES = 512 * 1024;

/** The number of the run that a chunk belongs to; undefined: it is no run's. */
export function runOfChunk(key: string): number | undefined {
  const match = /^ids-(\d+)-/.exec(key);
  return match === null ? undefined : Number(match[1]);
}

function entriesKey(run: number, chunk: number): string {
  return `${RUN_PREFIX}${run}-${chunk}`;
}

function filterKey(run: number, part: number): string {
  return `${RUN_PREFIX}${run}-f${part}`;
}

function directoryKey(run: number): string {
  return `${RUN_PREFIX}${run}-d`;
}

function readWords(source: ChunkSource, key: string): Uint32Array {
  const bytes = source.readChunk(key);
  if (bytes === undefined) throw new CorruptionError('state', `chunk ${key}`, 'missing');
  if (bytes.length % 4 !== 0) throw new CorruptionError('state', `chunk ${key}`, 'cut short');
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** A chunk of entries. */
export class IdChunk {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly seqLow: Uint32Array;
  readonly seqHigh: Uint32Array;
  readonly offset: Uint32Array;
  readonly length: number;
  readonly bytes: number;

  constructor(words: Uint32Array, key: string) {
    const length = words[1] as number;
    if (words[0] !== CHUNK_MAGIC || words.length !== HEADER_WORDS + length * COLUMNS) {
      throw new CorruptionError('state', `chunk ${key}`, 'not a chunk of ids');
    }
    const column = (number: number): Uint32Array =>
      words.subarray(HEADER_WORDS + number * length, HEADER_WORDS + (number + 1) * length);
    this.hi = column(0);
    this.lo = column(1);
    this.seqLow = column(2);
    this.seqHigh = column(3);
    this.offset = column(4);
    this.length = length;
    this.bytes = words.byteLength;
  }

  /** Push every position under a key, newest first. */
  find(hi: number, lo: number, found: Found): void {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.hi[middle] as number;
      // After the last entry of the key.
      if (at < hi || (at === hi && (this.lo[middle] as number) <= lo)) low = middle + 1;
      else high = middle;
    }
    for (let row = low - 1; row >= 0 && this.hi[row] === hi && this.lo[row] === lo; row -= 1) {
      found.push(
        joinSeq(this.seqLow[row] as number, this.seqHigh[row] as number),
        this.offset[row] as number,
      );
    }
  }
}

/** A run that is wholly written. */
export class IdRun {
  readonly number: number;
  readonly count: number;
  readonly chunks: number;
  readonly filterBytes: number;
  readonly #directory: Uint32Array;
  /** Undefined: let go, to save memory. */
  filter: IdFilter | undefined;

  constructor(
    number: number,
    count: number,
    directory: Uint32Array,
    filterBytes: number,
    filter: IdFilter | undefined,
  ) {
    this.number = number;
    this.count = count;
    this.chunks = directory.length / 2;
    this.filterBytes = filterBytes;
    this.#directory = directory;
    this.filter = filter;
  }

  /** A run that was written before, its filter left in the environment. */
  static load(
    source: ChunkSource,
    number: number,
    count: number,
    chunks: number,
    filterBytes: number,
  ): IdRun {
    const key = directoryKey(number);
    const words = readWords(source, key);
    if (words[0] !== DIRECTORY_MAGIC || words[1] !== chunks || words.length !== 2 + chunks * 2) {
      throw new CorruptionError('state', `chunk ${key}`, 'not the directory that was described');
    }
    return new IdRun(number, count, words.subarray(2), filterBytes, undefined);
  }

  loadFilter(source: ChunkSource): void {
    const words = new Int32Array(this.filterBytes / 4);
    const bytes = new Uint8Array(words.buffer);
    for (let part = 0, at = 0; at < bytes.length; part += 1) {
      const read = source.readChunk(filterKey(this.number, part));
      if (read === undefined || read.length === 0 || at + read.length > bytes.length) {
        throw new CorruptionError('state', `chunk ${filterKey(this.number, part)}`, 'missing');
      }
      bytes.set(read, at);
      at += read.length;
    }
    this.filter = IdFilter.from(words);
  }

  /** Memory it takes. */
  get bytes(): number {
    return this.#directory.byteLength + (this.filter?.bytes ?? 0);
  }

  /** The chunk that has a key's entries, if any has; -1: none. hi and lo unsigned. */
  chunkOf(hi: number, lo: number): number {
    const directory = this.#directory;
    let low = 0;
    let high = this.chunks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = directory[middle * 2] as number;
      if (first < hi || (first === hi && (directory[middle * 2 + 1] as number) <= lo)) {
        low = middle + 1;
      } else high = middle;
    }
    return low - 1;
  }

  readEntries(source: ChunkSource, chunk: number): IdChunk {
    const key = entriesKey(this.number, chunk);
    return new IdChunk(readWords(source, key), key);
  }

  /** The keys of all its chunks. */
  keys(): string[] {
    const keys: string[] = [];
    for (let chunk = 0; chunk < this.chunks; chunk += 1) keys.push(entriesKey(this.number, chunk));
    const parts = Math.ceil(this.filterBytes / FILTER_PART_BYTES);
    for (let part = 0; part < parts; part += 1) keys.push(filterKey(this.number, part));
    keys.push(directoryKey(this.number));
    return keys;
  }
}

/** Writes one run: entries in key order, then finish() until it returns the run. */
export class RunWriter {
  readonly number: number;
  readonly #filter: IdFilter;
  readonly #staged = new IdColumns(CHUNK_ENTRIES);
  #directory = new Uint32Array(2 * 64);
  #chunks = 0;
  #count = 0;
  #filterWritten = 0;

  /** `ids`: how many will come, or a few more. */
  constructor(number: number, ids: number) {
    this.number = number;
    this.#filter = IdFilter.sized(ids);
  }

  get bytes(): number {
    return this.#filter.bytes + this.#directory.byteLength;
  }

  /** Add entries; chunks that are full go to `out`. */
  append(entries: IdColumns, out: Chunks): void {
    const { hi, lo, seqLow, seqHigh, offset, length } = entries;
    const staged = this.#staged;
    for (let row = 0; row < length; row += 1) {
      const keyHi = hi[row] as number;
      const keyLo = lo[row] as number;
      let to = staged.length;
      if (to >= CHUNK_ENTRIES) {
        if (staged.hi[to - 1] !== keyHi || staged.lo[to - 1] !== keyLo) {
          this.#cut(out);
          to = 0;
        } else staged.reserve(to + 1);
      }
      staged.hi[to] = keyHi;
      staged.lo[to] = keyLo;
      staged.seqLow[to] = seqLow[row] as number;
      staged.seqHigh[to] = seqHigh[row] as number;
      staged.offset[to] = offset[row] as number;
      staged.length = to + 1;
      this.#filter.add(keyHi, keyLo);
    }
    this.#count += length;
  }

  /** The rest, a part at a time; the run, when all of it is in `out`. */
  finish(out: Chunks): IdRun | undefined {
    if (this.#staged.length > 0) {
      this.#cut(out);
      return undefined;
    }
    const { words } = this.#filter;
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    if (this.#filterWritten < bytes.length) {
      const end = Math.min(bytes.length, this.#filterWritten + FILTER_PART_BYTES);
      const part = Math.floor(this.#filterWritten / FILTER_PART_BYTES);
      out.push([filterKey(this.number, part), bytes.subarray(this.#filterWritten, end)]);
      this.#filterWritten = end;
      return undefined;
    }
    const directory = this.#directory.slice(0, this.#chunks * 2);
    const chunk = new Uint32Array(2 + directory.length);
    chunk[0] = DIRECTORY_MAGIC;
    chunk[1] = this.#chunks;
    chunk.set(directory, 2);
    out.push([directoryKey(this.number), new Uint8Array(chunk.buffer)]);
    return new IdRun(this.number, this.#count, directory, bytes.length, this.#filter);
  }

  #cut(out: Chunks): void {
    const staged = this.#staged;
    const { length } = staged;
    const words = new Uint32Array(HEADER_WORDS + length * COLUMNS);
    words[0] = CHUNK_MAGIC;
    words[1] = length;
    let at = HEADER_WORDS;
    for (const column of [staged.hi, staged.lo, staged.seqLow, staged.seqHigh, staged.offset]) {
      words.set(column.subarray(0, length), at);
      at += length;
    }
    if (this.#chunks * 2 === this.#directory.length) {
      const longer = new Uint32Array(this.#directory.length * 2);
      longer.set(this.#directory);
      this.#directory = longer;
    }
    this.#directory[this.#chunks * 2] = staged.hi[0] as number;
    this.#directory[this.#chunks * 2 + 1] = staged.lo[0] as number;
    out.push([entriesKey(this.number, this.#chunks), new Uint8Array(words.buffer)]);
    this.#chunks += 1;
    staged.length = 0;
  }
}
