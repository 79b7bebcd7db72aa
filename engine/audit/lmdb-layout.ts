// Where things are in an LMDB file. Owns: offsets and flags of data format 2, 64 bits, little-endian; which of the two
// metas counts. Never touches: pages of trees.

import { readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
const FORMAT = 2;
const PAGE_BYTES_MIN = 512;
const PAGE_BYTES_MAX = 65_536;

/** Pages at the beginning, and bytes of a tree's record. */
export const CORE = { metas: 2, treeBytes: 48 } as const;
/** A page's head: offsets, its length, its kinds. */
export const HEAD = {
  page: 0,
  transaction: 8,
  flags: 18,
  lower: 20,
  upper: 22,
  bytes: 24,
  branch: 1,
  leaf: 2,
  overflow: 4,
  meta: 8,
} as const;
/** A node: offsets, its head's length, its flags. */
export const NODE = {
  flags: 4,
  keyBytes: 6,
  bytes: 8,
  overflow: 1,
  subtree: 2,
  /** What stands in place of a value that is on overflow pages. */
  overflowBytes: 24,
} as const;
/** Flags of a tree. */
export const FLAG = { integerKey: 0x08, duplicates: 0x04 | 0x10 | 0x20 | 0x40 } as const;
/** The root of an empty tree. */
export const NO_PAGE = Number(0xffff_ffff_ffff_ffffn);

const META = {
  magic: 24,
  version: 28,
  free: 48,
  main: 96,
  lastPage: 144,
  transaction: 152,
  bytes: 168,
};

/** A database's record. */
export interface TreeRecord {
  readonly flags: number;
  readonly depth: number;
  readonly branches: number;
  readonly leaves: number;
  readonly overflows: number;
  readonly entries: number;
  readonly root: number;
}

/** 64 bits; beyond 2^53 not exact, which no valid file has. */
export function u64(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
}

/** 48 bits: the page of a branch's node. */
export function u48(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 6);
  return view.getUint16(4, true) * 2 ** 32 + view.getUint32(0, true);
}

/** 16 bits. */
export const u16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
/** 32 bits. */
export const u32 = (bytes: Uint8Array, at: number): number =>
  (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;

/** Bytes of the node at `at`, its value included where it is in the page. */
export function nodeBytes(bytes: Uint8Array, at: number, isBranch: boolean): number {
  const key = u16(bytes, at + NODE.keyBytes);
  if (isBranch) return NODE.bytes + key;
  const isLarge = (u16(bytes, at + NODE.flags) & NODE.overflow) !== 0;
  return NODE.bytes + key + (isLarge ? NODE.overflowBytes : u32(bytes, at));
}

/** The key of the node at `at`. */
export function keyOf(bytes: Uint8Array, at: number): Uint8Array {
  const start = at + NODE.bytes;
  return bytes.subarray(start, start + u16(bytes, at + NODE.keyBytes));
}

/** Compares little-endian whole numbers of one length. */
export function compareIntegers(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return Number.NaN;
  for (let i = one.length - 1; i >= 0; i--) {
    if (one[i] !== other[i]) return (one[i] as number) - (other[i] as number);
  }
  return 0;
}

/** The state of a file after one transaction. */
export class Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: number;
  readonly free: TreeRecord;
  readonly main: TreeRecord;

  private constructor(bytes: Uint8Array, pageBytes: number) {
    this.pageBytes = pageBytes;
    this.lastPage = u64(bytes, META.lastPage);
    this.transaction = u64(bytes, META.transaction);
    this.free = this.tree(bytes.subarray(META.free));
    this.main = this.tree(bytes.subarray(META.main));
  }

  /** A tree's record out of its bytes. */
  tree(bytes: Uint8Array): TreeRecord {
    const view = new DataView(bytes.buffer, bytes.byteOffset, CORE.treeBytes);
    return {
      flags: view.getUint16(4, true),
      depth: view.getUint16(6, true),
      branches: u64(bytes, 8),
      leaves: u64(bytes, 16),
      overflows: u64(bytes, 24),
      entries: u64(bytes, 32),
      root: u64(bytes, 40),
    };
  }

  /** The meta that LMDB takes: the one of the later transaction. Undefined: neither can be read; what is wrong with any goes to `faults`. */
  static read(file: number, size: number, faults: string[]): Meta | undefined {
    const first = metaBytes(file, 0);
    const pageBytes = new DataView(first.buffer).getUint32(META.free, true);
    const isPageSize =
      pageBytes >= PAGE_BYTES_MIN &&
      pageBytes <= PAGE_BYTES_MAX &&
      (pageBytes & (pageBytes - 1)) === 0;
    if (!isPageSize || size < CORE.metas * pageBytes) {
      faults.push(`page 0: names pages of ${pageBytes} bytes in a file of ${size}`);
      return undefined;
    }
    const both = [first, metaBytes(file, pageBytes)];
    let latest: Meta | undefined;
    both.forEach((bytes, page) => {
      const fault = metaFault(bytes, page, pageBytes);
      if (fault !== undefined) {
        faults.push(`page ${page}: ${fault}`);
        return;
      }
      const meta = new Meta(bytes, pageBytes);
      if (latest === undefined || meta.transaction > latest.transaction) latest = meta;
    });
    return latest;
  }
}

function metaBytes(file: number, at: number): Uint8Array {
  const bytes = new Uint8Array(META.bytes);
  const read = readSync(file, bytes, 0, META.bytes, at);
  if (read !== META.bytes) throw new Error('too short for an LMDB file');
  return bytes;
}

function metaFault(bytes: Uint8Array, page: number, pageBytes: number): string | undefined {
  const view = new DataView(bytes.buffer);
  if (u64(bytes, HEAD.page) !== page) return `says that it is ${u64(bytes, HEAD.page)}`;
  if (view.getUint16(HEAD.flags, true) !== HEAD.meta)
    return `has flags ${view.getUint16(HEAD.flags, true)}`;
  if (view.getUint32(META.magic, true) !== MAGIC) return 'is not that of an LMDB file';
  if (view.getUint32(META.version, true) !== FORMAT)
    return `has format ${view.getUint32(META.version, true)}`;
  if (view.getUint32(META.free, true) !== pageBytes)
    return `names pages of ${view.getUint32(META.free, true)} bytes`;
  const transaction = u64(bytes, META.transaction);
  // The two metas take turns; of a new file both are of transaction 0 or 1.
  if (transaction > 1 && transaction % 2 !== page) return `is of transaction ${transaction}`;
  return undefined;
}
