// Records on their way from files to requests: put where those of a member are together. Owns: the folder that an import works in. Never touches:
// what records say, requests.
//   importing.G1. What a folder has counts only with its checkpoint, which is written last, and whole: a crash before it begins the reading anew.
//   importing.G2. Of a part that was through, the checkpoint says so, after its refusals were written. So a crash repeats one part, as repeats.
//   importing.G3. A member's lines are all in one part, and parts are read one at a time.
//   importing.G4. One process at a time works in a folder; and whatever else somebody keeps there stays.

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Lock, takeLock } from '../../engine/index.js';
import { LineSplitter } from '../encoding/lines.js';
import type { Understood } from './words.js';

/** A record as it is kept: who, which file, which line of it, what it says. */
export type Staged = readonly [
  key: string,
  file: number,
  line: number,
  member: Understood['member'],
  said: Understood['line'] | null,
  /** 1: its member is told of twice, under both of his names. */
  isEcho: 0 | 1,
];

/** A refused line as the report has it. */
export interface Reported {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly field?: string | undefined;
  readonly detail: string;
}

/** What counts, of an import that was begun. */
export interface Checkpoint {
  /** Of the files and of how they are read. */
  readonly digest: string;
  readonly parts: number;
  /** Of the parts, how many are through. */
  readonly through: number;
  readonly figures: Figures;
}

/** What came of lines so far. */
export interface Figures {
  lines: number;
  refused: number;
  empty: number;
  members: number;
  assets: Record<string, { lines: number; earned: number; spent: number; expired: number }>;
}

export const noFigures = (): Figures => ({
  lines: 0,
  refused: 0,
  empty: 0,
  members: 0,
  assets: {},
});

/** Bytes of files for each part, and how many parts there are at most. */
const PART_BYTES = 1024 * 1024;
const PARTS_MAX = 512;
/** Characters of a record, and bytes of a part that are read at a time. */
const RECORD_LENGTH_MAX = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
/** Bytes of a part that wait to be written. */
const WAITING_BYTES = 64 * 1024;

/** How many parts files of so many bytes are put into. */
export const partsFor = (bytes: number): number =>
  Math.min(PARTS_MAX, Math.max(1, Math.ceil(bytes / PART_BYTES)));

const partOf = (key: string, parts: number): number =>
  createHash('sha256').update(key).digest().readUInt32BE() % parts;

/** What this has in its folder. */
const OURS = /^(?:checkpoint\.(?:json|tmp)|part-\d+\.ndjson|refused-(?:reading|part-\d+)\.ndjson)$/;
const LOCK = 'lock';

export class Staging {
  readonly folder: string;
  #lock: Lock | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  /** What counts of an earlier run; undefined: nothing. */
  checkpoint(digest: string): Checkpoint | undefined {
    const path = this.#path('checkpoint.json');
    if (!existsSync(path)) return undefined;
    const found = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
    return found.digest === digest ? found : undefined;
  }

  /** Writes it whole. */
  save(checkpoint: Checkpoint): void {
    const beside = this.#path('checkpoint.tmp');
    const file = openSync(beside, 'w', 0o600);
    writeSync(file, `${JSON.stringify(checkpoint)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, this.#path('checkpoint.json'));
  }

  /** Nobody else works in the folder until it is let go; throws where another process does. */
  take(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.#lock = takeLock(this.#path(LOCK));
  }

  letGo(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** Begins anew. */
  clear(): void {
    for (const name of readdirSync(this.folder))
      if (OURS.test(name)) rmSync(this.#path(name), { force: true });
  }

  /** Leaves nothing of it. */
  remove(): void {
    this.clear();
    this.letGo();
    if (readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }

  /** What members are and had is kept no longer than it takes. */
  clearParts(parts: number): void {
    for (let part = 0; part < parts; part++)
      rmSync(this.#path(`part-${part}.ndjson`), { force: true });
  }

  /** Where records are put, for as many parts. */
  writer(parts: number): PartWriter {
    return new PartWriter(
      Array.from({ length: parts }, (_, part) => this.#path(`part-${part}.ndjson`)),
    );
  }

  /** The records of a part, in the order of their lines. */
  *part(part: number): Generator<Staged> {
    const file = openSync(this.#path(`part-${part}.ndjson`), 'r');
    const splitter = new LineSplitter(RECORD_LENGTH_MAX);
    try {
      for (let read = 1; read > 0; ) {
        // The splitter keeps what it has not told yet.
        const piece = Buffer.allocUnsafe(PIECE_BYTES);
        read = readSync(file, piece);
        const lines = read > 0 ? splitter.take(piece.subarray(0, read)) : splitter.end();
        for (const line of lines) if (line) yield JSON.parse(line) as Staged;
      }
    } finally {
      closeSync(file);
    }
  }

  /** Writes the refusals of a part, or of the reading, in the place of those that were there. */
  writeRefused(name: string, refused: readonly Reported[]): void {
    writeFileSync(this.#path(`refused-${name}.ndjson`), linesOf(refused), { mode: 0o600 });
  }

  addRefused(name: string, refused: readonly Reported[]): void {
    if (refused.length > 0)
      appendFileSync(this.#path(`refused-${name}.ndjson`), linesOf(refused), { mode: 0o600 });
  }

  /** Writes all refusals into one file. */
  report(path: string, names: readonly string[]): void {
    writeFileSync(path, '', { mode: 0o600 });
    for (const name of names) {
      const from = this.#path(`refused-${name}.ndjson`);
      if (existsSync(from)) appendFileSync(path, readFileSync(from));
    }
  }
}

const linesOf = (all: readonly object[]): string =>
  all.map((one) => `${JSON.stringify(one)}\n`).join('');

class PartWriter {
  readonly #files: readonly number[];
  readonly #waiting: string[];

  constructor(paths: readonly string[]) {
    this.#files = paths.map((path) => openSync(path, 'w', 0o600));
    this.#waiting = paths.map(() => '');
  }

  add(record: Staged): void {
    const part = partOf(record[0], this.#files.length);
    const waiting = `${this.#waiting[part]}${JSON.stringify(record)}\n`;
    if (waiting.length < WAITING_BYTES) this.#waiting[part] = waiting;
    else this.#write(part, waiting);
  }

  #write(part: number, text: string): void {
    writeSync(this.#files[part] as number, text);
    this.#waiting[part] = '';
  }

  end(): void {
    for (const [part, waiting] of this.#waiting.entries()) this.#write(part, waiting);
    for (const file of this.#files) closeSync(file);
  }
}
