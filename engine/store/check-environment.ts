// Is a file an LMDB environment, as far as its two meta pages tell? Owns: that question.
// Never touches: anything behind the meta pages.
// Why ask: lmdb-js 3.5.6 dies of a SIGSEGV where LMDB refuses to open a file, and LMDB takes an empty
// file for a new environment. Whoever starts a damaged folder should read what is damaged instead.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  canWriteEmptyEnvironment,
  FORMAT,
  FREE_ROOT,
  IS_META,
  LAST_PAGE,
  MAGIC,
  MAIN_ROOT,
  META_FORMAT,
  META_MAGIC,
  NO_PAGE,
  PAGE_FLAGS,
  PAGE_NUMBER,
  PAGE_SIZE,
  TRANSACTION,
} from './empty-environment.js';
import { CorruptionError } from './errors.js';

const META_BYTES = 160;
const PAGE_BYTES_MIN = 256;
const PAGE_BYTES_MAX = 65_536;

/** Throws CorruptionError where LMDB would not open the file, or would not find what its newest meta page names. */
export function checkEnvironment(path: string): void {
  if (!canWriteEmptyEnvironment) return;
  try {
    check(path);
  } catch {
    // Beside a writer a meta page may be read half old, half new: a damaged one is still so the second time.
    check(path);
  }
}

function check(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const first = readMeta(path, descriptor, 0, 0);
    const pageBytes = first.readUInt32LE(PAGE_SIZE);
    const isPower = (pageBytes & (pageBytes - 1)) === 0;
    if (!isPower || pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX) {
      throw new CorruptionError(path, 'meta page 0', `a page size of ${pageBytes}`);
    }
    const second = readMeta(path, descriptor, 1, pageBytes);
    const newer = second.readBigUInt64LE(TRANSACTION) > first.readBigUInt64LE(TRANSACTION);
    checkRoots(path, newer ? second : first, newer ? 1 : 0, BigInt(Math.floor(size / pageBytes)));
  } finally {
    closeSync(descriptor);
  }
}

function readMeta(path: string, descriptor: number, page: number, at: number): Buffer {
  const meta = Buffer.alloc(META_BYTES);
  const name = `meta page ${page}`;
  if (readSync(descriptor, meta, 0, META_BYTES, at) !== META_BYTES) {
    throw new CorruptionError(path, name, 'the file ends before it');
  }
  const isMeta = (meta.readUInt16LE(PAGE_FLAGS) & IS_META) !== 0;
  if (meta.readUInt32LE(MAGIC) !== META_MAGIC || !isMeta) {
    throw new CorruptionError(path, name, 'not a meta page of LMDB');
  }
  if (meta.readBigUInt64LE(PAGE_NUMBER) !== BigInt(page)) {
    throw new CorruptionError(path, name, 'another page number');
  }
  const format = meta.readUInt32LE(FORMAT) & 0xffff;
  if (format !== META_FORMAT) {
    throw new CorruptionError(path, name, `data format ${format}, not ${META_FORMAT}`);
  }
  return meta;
}

/** Roots within the file. Pages at its end that were freed at once need not be in it, so no more is asked. */
function checkRoots(path: string, meta: Buffer, page: number, pages: bigint): void {
  const last = meta.readBigUInt64LE(LAST_PAGE);
  for (const at of [FREE_ROOT, MAIN_ROOT]) {
    const root = meta.readBigUInt64LE(at);
    if (root === NO_PAGE) continue;
    if (root > last || root >= pages || root < 2n) {
      const what = `root page ${root}, of ${pages} in the file, the last in use ${last}`;
      throw new CorruptionError(path, `meta page ${page}`, what);
    }
  }
}
