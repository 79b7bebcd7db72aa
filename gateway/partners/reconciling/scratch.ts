// Two lists of any length, brought together by the ids of their operations. Owns: a file for the time of a run, how much of it is in memory. Never
// touches: what is found.
//   reconciling.S1. Memory is that of one part of PARTS, and of what waits to be written: not of the lists. An id that comes again and again takes the
//       room of few.
//   reconciling.S2. Nothing is left behind: the file has no name from its first moment on.

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Entry, Group } from './judging.js';

/** Parts that operations are in, by their ids. */
const PARTS = 256;
/** Characters of a part that wait to be written. */
const WAITING = 16 * 1024;
/** Different entries of one id that are told apart. */
const TOLD_APART = 4;
/** Lines between which others have a turn. */
const LINES_AT_ONCE = 2_000;
/** The list here, in place of a page of the partner's. */
const HERE = -1;

/** An entry as it lies in the file. */
type Line = readonly [
  page: number,
  operation: string,
  kind: Entry['kind'],
  state: Entry['state'],
  user: string,
  asset: string,
  amount: number,
  at: number,
];

interface Part {
  waiting: string;
  readonly pieces: { readonly at: number; readonly bytes: number }[];
}

/** Of the entries of one id so far. */
interface Gathered {
  ours: Entry | undefined;
  /** On which page each was seen last. */
  readonly theirs: { entry: Entry; page: number; readonly states: Set<Entry['state']> }[];
  isDouble: boolean;
}

export class Scratch {
  readonly #file: FileHandle;
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({
    waiting: '',
    pieces: [],
  }));
  /** Unforeseeable, so that nobody can choose ids of one part. */
  readonly #seed = randomBytes(4).readUInt32LE();
  #end = 0;
  /** Entries that stand on two pages. */
  repeated = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** In a folder, which is made where there is none. */
  static async open(folder: string): Promise<Scratch> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `run-${randomBytes(12).toString('hex')}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new Scratch(file);
  }

  /** An operation of the list here. */
  ours(operation: string, entry: Entry): Promise<void> | undefined {
    return this.#add(HERE, operation, entry);
  }

  /** One of a page of the partner's. */
  theirs(page: number, operation: string, entry: Entry): Promise<void> | undefined {
    return this.#add(page, operation, entry);
  }

  #add(page: number, operation: string, entry: Entry): Promise<void> | undefined {
    const { kind, state, user, asset, amount, at } = entry;
    const line: Line = [page, operation, kind, state, user, asset, amount, at];
    const part = this.#parts[this.#partOf(operation)] as Part;
    part.waiting += `${JSON.stringify(line)}\n`;
    return part.waiting.length < WAITING ? undefined : this.#write(part);
  }

  #partOf(operation: string): number {
    let hash = this.#seed;
    for (let i = 0; i < operation.length; i++) {
      hash = Math.imul(hash ^ operation.charCodeAt(i), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    return (hash >>> 0) % PARTS;
  }

  async #write(part: Part): Promise<void> {
    const bytes = Buffer.from(part.waiting);
    part.waiting = '';
    const at = this.#end;
    this.#end += bytes.length;
    part.pieces.push({ at, bytes: bytes.length });
    await this.#file.write(bytes, 0, bytes.length, at);
  }

  /** What both lists have of each operation, part by part. */
  async *groups(): AsyncGenerator<readonly Group[], void, void> {
    for (const part of this.#parts) {
      const all = new Map<string, Gathered>();
      let count = 0;
      for (const { at, bytes } of part.pieces) {
        const piece = Buffer.allocUnsafe(bytes);
        await this.#file.read(piece, 0, bytes, at);
        count += this.#gather(all, piece.toString('utf8'));
        if (count >= LINES_AT_ONCE) await turn();
      }
      this.#gather(all, part.waiting);
      await turn();
      yield [...all].map(([operation, one]) => groupOf(operation, one));
    }
  }

  #gather(all: Map<string, Gathered>, text: string): number {
    const lines = text.split('\n');
    for (const text of lines) {
      if (text === '') continue;
      const [page, operation, kind, state, user, asset, amount, at] = JSON.parse(text) as Line;
      const entry = { kind, state, user, asset, amount, at };
      let one = all.get(operation);
      if (one === undefined) all.set(operation, (one = { ...EMPTY, theirs: [] }));
      if (page === HERE) one.ours = entry;
      else if (isRepeated(one, page, entry)) this.repeated++;
    }
    return lines.length;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const EMPTY = { ours: undefined, isDouble: false };

const isSame = (a: Entry, b: Entry): boolean =>
  a.at === b.at &&
  a.amount === b.amount &&
  a.kind === b.kind &&
  a.user === b.user &&
  a.asset === b.asset;

/** Takes an entry of a page; true: it stands on another page, too, as it does where a list grows while it is read. */
function isRepeated(one: Gathered, page: number, entry: Entry): boolean {
  const known = one.theirs.find((other) => isSame(other.entry, entry));
  if (known === undefined) {
    if (one.theirs.length > 0) one.isDouble = true;
    one.theirs.push({ entry, page, states: new Set([entry.state]) });
    if (one.theirs.length > TOLD_APART) one.theirs.sort(inOrder).pop();
    return false;
  }
  known.states.add(entry.state);
  if (known.page === page) one.isDouble = true;
  else known.page = page;
  return !one.isDouble;
}

/** In an order that follows from what they say, not from when they came. */
const inOrder = (a: Gathered['theirs'][number], b: Gathered['theirs'][number]): number =>
  a.entry.at - b.entry.at ||
  a.entry.amount - b.entry.amount ||
  (JSON.stringify(a.entry) < JSON.stringify(b.entry) ? -1 : 1);

function groupOf(operation: string, { ours, theirs, isDouble }: Gathered): Group {
  const sorted = theirs.length > 1 ? theirs.sort(inOrder) : theirs;
  const states = sorted[0]?.states;
  return {
    ...{ operation, ours, isDouble },
    theirs: sorted.map(({ entry }) => entry),
    states: states === undefined ? [] : [...states],
  };
}
