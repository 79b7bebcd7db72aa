// The bytes of an LMDB environment with nothing in it. Owns: LMDB's two meta pages, as far as an empty
// environment needs them. Never touches: environments that exist.
// Why not leave it to LMDB: lmdb-js 3.5.6 dies of a SIGSEGV when the first write of a new environment is
// refused (a full disk). Written here, such a refusal is an error like any other. A test compares these
// bytes with those that LMDB itself writes.

import { writeFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** LMDB takes an environment's page size from its header, on every machine. */
const PAGE_BYTES = 4096;
/** Offsets in a meta page: the page's number, its flags, and what LMDB calls MDB_meta. */
export const PAGE_NUMBER = 0;
export const PAGE_FLAGS = 18;
export const MAGIC = 24;
export const FORMAT = 28;
const MAP_BYTES = 40;
export const PAGE_SIZE = 48;
const ENVIRONMENT_FLAGS = 52;
export const FREE_ROOT = 88;
export const MAIN_ROOT = 136;
export const LAST_PAGE = 144;
export const TRANSACTION = 152;

export const META_MAGIC = 0xbeefc0de;
export const META_FORMAT = 2;
export const IS_META = 0x08;
/** MDB_NOSUBDIR and MDB_INTEGERKEY (of the database of free pages). */
const NO_SUBDIR_INTEGER_KEY = 0x4008;
/** The root of a database that is empty. */
export const NO_PAGE = 2n ** 64n - 1n;

/** LMDB lays its pages out as the processor does; only this order is written here. */
export const canWriteEmptyEnvironment = endianness() === 'LE';

/** Both meta pages of an empty environment. */
export function emptyEnvironment(mapBytes: number): Buffer {
  const bytes = Buffer.alloc(2 * PAGE_BYTES);
  for (const page of [0, 1]) {
    const at = page * PAGE_BYTES;
    bytes.writeBigUInt64LE(BigInt(page), at + PAGE_NUMBER);
    bytes.writeUInt16LE(IS_META, at + PAGE_FLAGS);
    bytes.writeUInt32LE(META_MAGIC, at + MAGIC);
    bytes.writeUInt32LE(META_FORMAT, at + FORMAT);
    bytes.writeBigUInt64LE(BigInt(mapBytes), at + MAP_BYTES);
    bytes.writeUInt32LE(PAGE_BYTES, at + PAGE_SIZE);
    bytes.writeUInt16LE(NO_SUBDIR_INTEGER_KEY, at + ENVIRONMENT_FLAGS);
    bytes.writeBigUInt64LE(NO_PAGE, at + FREE_ROOT);
    bytes.writeBigUInt64LE(NO_PAGE, at + MAIN_ROOT);
    bytes.writeBigUInt64LE(1n, at + LAST_PAGE);
  }
  return bytes;
}

/** Makes the file of an empty environment, synced; throws where the disk refuses. */
export function writeEmptyEnvironment(path: string, mapBytes: number): void {
  writeFileSync(path, emptyEnvironment(mapBytes), { flag: 'wx', flush: true });
}
