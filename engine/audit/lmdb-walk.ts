// The pages of an LMDB file, walked without LMDB. Owns: what makes such a file whole. Never touches: what is stored in it.
//   audit.W1. Works on any bytes: whatever they are, it ends, and every fault is an answer, not an exception.
//   audit.W2. A file without a fault can be read and written: every page in use is where the tree says, is in use once, and
//       is not in the list of free pages, from which the next write would take it.
// LMDB keeps no checksums of its pages and believes them; a damaged one crashes the process. The layout is that of
// data format 2 (the LMDB of lmdb-js 3), 64 bits, little-endian. Pages that neither a tree nor the free list knows are
// not a fault: lmdb-js may lose some, and nothing reads or writes them.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  CORE,
  compareIntegers,
  FLAG,
  HEAD,
  keyOf,
  Meta,
  NO_PAGE,
  NODE,
  nodeBytes,
  type TreeRecord,
  u16,
  u32,
  u48,
  u64,
} from './lmdb-layout.js';

/** Faults after which the walk ends. */
const FAULTS_MAX = 8;
const DEPTH_MAX = 32;
/** How much larger than the file the pages may be that it names: a commit may end with free pages. */
const SPARSE_PAGES_MAX = 1 << 20;

const UNSEEN = 0;
const USED = 1;
const FREE = 2;

/** What a walk found. */
export interface Walked {
  /** What is wrong, each with the page; empty: nothing. */
  readonly faults: readonly string[];
  /** Values in the main database. */
  readonly entries: number;
  readonly pages: number;
  readonly used: number;
  readonly free: number;
}

/** Thrown where nothing further can be walked. */
class Stop extends Error {}

/** Told of every value of a tree: its key, its node's flags, the value (of one on overflow pages: nothing). */
type OnEntry = (key: Uint8Array, flags: number, value: Uint8Array) => void;

/** A tree being walked, and what was counted in it so far. */
class Tree {
  readonly record: TreeRecord;
  readonly name: string;
  readonly onEntry: OnEntry;
  branches = 0;
  leaves = 0;
  overflows = 0;
  entries = 0;
  depth = 0;

  constructor(record: TreeRecord, name: string, onEntry: OnEntry) {
    this.record = record;
    this.name = name;
    this.onEntry = onEntry;
  }
}

/** Keys of a page lie in [low, high); undefined: no bound. */
interface Bounds {
  readonly low: Uint8Array | undefined;
  readonly high: Uint8Array | undefined;
}

class Walk {
  readonly faults: string[] = [];
  readonly #file: number;
  readonly #filePages: number;
  readonly #pageBytes: number;
  readonly #meta: Meta;
  readonly #marks: Uint8Array;
  readonly #onProgress: () => void;
  used = CORE.metas;
  free = 0;

  constructor(file: number, meta: Meta, size: number, onProgress: () => void) {
    this.#file = file;
    this.#onProgress = onProgress;
    this.#meta = meta;
    this.#pageBytes = meta.pageBytes;
    this.#filePages = Math.floor(size / meta.pageBytes);
    if (meta.lastPage + 1 > this.#filePages + SPARSE_PAGES_MAX) {
      throw new Stop(`names ${meta.lastPage + 1} pages, and the file has ${this.#filePages}`);
    }
    this.#marks = new Uint8Array(meta.lastPage + 1);
    this.#marks.fill(USED, 0, CORE.metas);
  }

  get pages(): number {
    return this.#marks.length;
  }

  run(): void {
    this.#freeTree(this.#meta.free);
    this.#tree(this.#meta.main, 'main', (key, flags, value) => {
      if ((flags & NODE.subtree) !== 0) this.#database(key, value);
    });
  }

  #database(key: Uint8Array, value: Uint8Array): void {
    const name = `database ${Buffer.from(key)
      .toString('latin1')
      .replace(/[^a-z]/g, '')}`;
    if (value.length !== CORE.treeBytes) {
      this.#fault(`${name}: its record has ${value.length} bytes`);
      return;
    }
    this.#tree(this.#meta.tree(value), name, (_key, flags) => {
      if ((flags & NODE.subtree) !== 0) this.#fault(`${name}: holds a database`);
    });
  }

  #fault(what: string): void {
    this.faults.push(what);
    if (this.faults.length >= FAULTS_MAX) throw new Stop('and maybe more');
  }

  /** The pages the free list names: none in use, none twice. */
  #freeTree(tree: TreeRecord): void {
    const ranges: [number, number][] = [];
    let before = 0;
    this.#tree(tree, 'free list', (key, _flags, data) => {
      const transaction = key.length === 8 ? u64(key, 0) : Number.NaN;
      if (!(transaction > before && transaction <= this.#meta.transaction)) {
        this.#fault(
          `free list: record of transaction ${transaction} in a file at ${this.#meta.transaction}`,
        );
      }
      before = transaction;
      this.#freeRecord(data, ranges);
    });
    for (const [first, count] of ranges) {
      for (let page = first; page < first + count; page++) {
        if (this.#marks[page] === FREE) this.#fault(`page ${page}: twice in the free list`);
        if (this.#marks[page] === USED)
          this.#fault(`page ${page}: in the free list, and in use by it`);
        this.#marks[page] = FREE;
        this.free++;
      }
    }
  }

  /** A count, then page numbers; a negative number is a length that goes with the page number after it, 0 is a gap. */
  #freeRecord(data: Uint8Array, ranges: [number, number][]): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const length = data.length >= 8 ? u64(data, 0) : Number.NaN;
    if (!(length * 8 + 8 <= data.length)) {
      this.#fault(`free list: a record of ${data.length} bytes for ${length} entries`);
      return;
    }
    for (let i = 1; i <= length; i++) {
      let value = view.getBigInt64(i * 8, true);
      let count = 1;
      if (value === 0n) continue;
      if (value < 0n) {
        count = Number(-value);
        i++;
        value = i <= length ? view.getBigInt64(i * 8, true) : 0n;
      }
      const first = Number(value);
      if (first >= CORE.metas && first + count <= this.#marks.length) ranges.push([first, count]);
      else this.#fault(`free list: names ${count} pages at ${first} of ${this.#marks.length}`);
    }
  }

  #tree(record: TreeRecord, name: string, onEntry: OnEntry): void {
    const tree = new Tree(record, name, onEntry);
    if ((record.flags & FLAG.duplicates) !== 0) this.#fault(`${name}: has flags ${record.flags}`);
    if (record.root !== NO_PAGE) {
      this.#page(tree, record.root, 1, { low: undefined, high: undefined });
    }
    for (const [what, is, says] of [
      ['depth', tree.depth, record.depth],
      ['branch pages', tree.branches, record.branches],
      ['leaf pages', tree.leaves, record.leaves],
      ['overflow pages', tree.overflows, record.overflows],
      ['entries', tree.entries, record.entries],
    ] as const) {
      if (is !== says) this.#fault(`${name}: has ${is} ${what}, and its record says ${says}`);
    }
  }

  /** Marks pages as used by a tree; false: they cannot be. */
  #take(name: string, page: number, count: number): boolean {
    if (
      !(page >= CORE.metas && page + count <= this.#marks.length && page + count <= this.#filePages)
    ) {
      this.#fault(
        `${name}: names page ${page} of ${Math.min(this.#marks.length, this.#filePages)}`,
      );
      return false;
    }
    for (let at = page; at < page + count; at++) {
      if (this.#marks[at] === UNSEEN) continue;
      this.#fault(
        `${name}: page ${at} is ${this.#marks[at] === FREE ? 'also in the free list' : 'in use twice'}`,
      );
      return false;
    }
    this.#marks.fill(USED, page, page + count);
    this.used += count;
    return true;
  }

  #read(page: number, bytes: number): Uint8Array {
    const buffer = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const read = readSync(this.#file, buffer, at, bytes - at, page * this.#pageBytes + at);
      if (read === 0) throw new Stop(`page ${page}: the file ends before it`);
      at += read;
    }
    return buffer;
  }

  /** The header that pages of trees and overflow pages share: number, transaction, flags. Returns the flags; 0: wrong. */
  #header(name: string, page: number, bytes: Uint8Array): number {
    const number = u64(bytes, HEAD.page);
    const transaction = u64(bytes, HEAD.transaction);
    const flags = (bytes[HEAD.flags] as number) | ((bytes[HEAD.flags + 1] as number) << 8);
    if (number !== page) this.#fault(`${name}: page ${page} says that it is ${number}`);
    else if (!(transaction <= this.#meta.transaction)) {
      this.#fault(
        `${name}: page ${page} is of transaction ${transaction} in a file at ${this.#meta.transaction}`,
      );
    } else return flags;
    return 0;
  }

  #page(tree: Tree, page: number, depth: number, bounds: Bounds): void {
    const { name } = tree;
    if (depth > DEPTH_MAX || !this.#take(name, page, 1)) return;
    this.#onProgress();
    const bytes = this.#read(page, this.#pageBytes);
    const flags = this.#header(name, page, bytes);
    if (flags === 0) return;
    if (flags !== HEAD.branch && flags !== HEAD.leaf) {
      this.#fault(`${name}: page ${page} has flags ${flags}`);
      return;
    }
    const isBranch = flags === HEAD.branch;
    const nodes = this.#nodes(name, page, bytes, isBranch);
    if (nodes === undefined) return;
    const keys = nodes.map((at) => keyOf(bytes, at));
    if (!inOrder(tree.record, keys, isBranch, bounds)) {
      this.#fault(`${name}: page ${page} has keys out of order`);
    } else if (isBranch) {
      tree.branches++;
      nodes.forEach((at, i) => {
        const inside = { low: i === 0 ? bounds.low : keys[i], high: keys[i + 1] ?? bounds.high };
        this.#page(tree, u48(bytes, at), depth + 1, inside);
      });
    } else this.#leaf(tree, page, depth, bytes, nodes, keys);
  }

  #leaf(
    tree: Tree,
    page: number,
    depth: number,
    bytes: Uint8Array,
    nodes: readonly number[],
    keys: readonly Uint8Array[],
  ): void {
    tree.leaves++;
    tree.entries += nodes.length;
    if (tree.depth === 0) tree.depth = depth;
    else if (tree.depth !== depth) {
      this.#fault(`${tree.name}: page ${page} is a leaf at depth ${depth}`);
    }
    nodes.forEach((at, i) => {
      const value = this.#value(tree, page, bytes, at);
      if (value === undefined) return;
      tree.onEntry(keys[i] as Uint8Array, u16(bytes, at + NODE.flags), value);
    });
  }

  /** Offsets of the nodes of a page, which must lie within it and not over each other. */
  #nodes(name: string, page: number, bytes: Uint8Array, isBranch: boolean): number[] | undefined {
    const lower = u16(bytes, HEAD.lower);
    const upper = u16(bytes, HEAD.upper);
    const end = this.#pageBytes - HEAD.bytes;
    if ((lower & 1) !== 0 || lower > upper || upper > end || lower < (isBranch ? 4 : 2)) {
      this.#fault(`${name}: page ${page} has its nodes between ${lower} and ${upper}`);
      return undefined;
    }
    const nodes: number[] = [];
    let taken = 0;
    for (let at = HEAD.bytes; at < HEAD.bytes + lower; at += 2) {
      const place = u16(bytes, at);
      const start = HEAD.bytes + place;
      const size =
        place >= upper && place + NODE.bytes <= end
          ? nodeBytes(bytes, start, isBranch)
          : Number.NaN;
      if ((place & 1) !== 0 || !(start + size <= this.#pageBytes)) {
        this.#fault(`${name}: page ${page} has a node at ${place}`);
        return undefined;
      }
      taken += size + (size & 1);
      nodes.push(start);
    }
    // Nodes fill [upper, end) without gaps, so that ones over each other are too large together.
    if (taken !== end - upper) {
      this.#fault(`${name}: page ${page} has ${taken} bytes of nodes in ${end - upper}`);
      return undefined;
    }
    return nodes;
  }

  /** The value of a leaf's node; undefined: a fault. Of one on overflow pages, the free list's apart, nothing. */
  #value(tree: Tree, page: number, bytes: Uint8Array, at: number): Uint8Array | undefined {
    const flags = u16(bytes, at + NODE.flags);
    const size = u32(bytes, at);
    const start = at + NODE.bytes + u16(bytes, at + NODE.keyBytes);
    if ((flags & ~(NODE.overflow | NODE.subtree)) !== 0) {
      this.#fault(`${tree.name}: page ${page} has a node with flags ${flags}`);
      return undefined;
    }
    if ((flags & NODE.overflow) === 0) return bytes.subarray(start, start + size);
    const count = u64(bytes, start + 16);
    if (!(count * this.#pageBytes >= HEAD.bytes + size)) {
      this.#fault(`${tree.name}: page ${page} has a value of ${size} bytes on ${count} pages`);
      return undefined;
    }
    return this.#overflow(tree, u64(bytes, start), count, size);
  }

  #overflow(tree: Tree, first: number, count: number, size: number): Uint8Array | undefined {
    const { name } = tree;
    if (!this.#take(name, first, count)) return undefined;
    tree.overflows += count;
    const isRead = tree.record === this.#meta.free;
    const head = this.#read(first, isRead ? HEAD.bytes + size : HEAD.bytes);
    const kind = this.#header(name, first, head);
    if (kind === 0) return undefined;
    if (kind !== HEAD.overflow || u32(head, HEAD.lower) !== count) {
      this.#fault(`${name}: page ${first} is not the first of ${count} overflow pages`);
      return undefined;
    }
    return isRead ? head.subarray(HEAD.bytes) : new Uint8Array(0);
  }
}

function inOrder(
  tree: TreeRecord,
  keys: readonly Uint8Array[],
  isBranch: boolean,
  { low, high }: Bounds,
): boolean {
  const compare = (tree.flags & FLAG.integerKey) !== 0 ? compareIntegers : Buffer.compare;
  // The first key of a branch page stands for everything below the second and is empty.
  const first = isBranch ? 1 : 0;
  for (let i = first; i < keys.length; i++) {
    const key = keys[i] as Uint8Array;
    if (key.length === 0) return false;
    if (i > first && !(compare(keys[i - 1] as Uint8Array, key) < 0)) return false;
    if (low !== undefined && !(compare(key, low) >= 0)) return false;
    if (high !== undefined && !(compare(key, high) < 0)) return false;
  }
  return true;
}

/** Walks a file. An unreadable one is a fault too. */
export function walkFile(path: string, onProgress: () => void = () => {}): Walked {
  let walk: Walk | undefined;
  let entries = 0;
  const faults: string[] = [];
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const meta = Meta.read(file, size, faults);
      if (meta !== undefined) {
        entries = meta.main.entries;
        walk = new Walk(file, meta, size, onProgress);
        walk.run();
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    faults.push(...(walk?.faults ?? []), (error as Error).message);
    return { faults, entries, pages: 0, used: 0, free: 0 };
  }
  faults.push(...(walk?.faults ?? []));
  return { faults, entries, pages: walk?.pages ?? 0, used: walk?.used ?? 0, free: walk?.free ?? 0 };
}
