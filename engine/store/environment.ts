// Opening LMDB environments, the same way for log and state. Owns: lmdb-js's options, creation that
// survives a power cut, the reason behind a failed commit. Never touches: what is stored.
//   store.E1. A file under its final name is a valid environment: it is made under another name, synced,
//       then renamed, and the directory synced.
//   store.E2. Every commit is: data pages written, fdatasync, meta page written through an O_DSYNC
//       descriptor (overlappingSync off; never noSync, never useWritemap). See README.md for what
//       lmdb-js's promises mean then.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb';
import { checkEnvironment } from './check-environment.js';
import { canWriteEmptyEnvironment, writeEmptyEnvironment } from './empty-environment.js';
import { syncDirectory, syncFile } from './sync.js';

/** How an environment is opened. */
export interface EnvironmentOptions {
  /** Only read. A second opening in one process shares the first one's: let the writer open first. */
  readonly readOnly?: boolean;
  /** Passed to LMDB for an opening after a recorded sync failure. See README.md: it changes nothing with store.E2. */
  readonly safeRestore?: boolean;
}

/** How lmdb-js encodes a key of our own. */
export interface KeyEncoder<K> {
  writeKey(key: K, target: Uint8Array, start: number): number;
  readKey(source: Uint8Array, start: number, end: number): K;
}

/** Options of lmdb-js that its declarations leave out. */
export interface Undeclared<K> {
  readonly keyEncoder?: KeyEncoder<K>;
  readonly eventTurnBatching?: boolean;
  readonly txnStartThreshold?: number;
}

/** Databases of one environment; a projection has the most. */
const DATABASES_MAX = 16;
/** Suffix of an environment while it is made. */
const NEW = '.new';
/** LMDB's lock file, beside the environment. */
const LOCK = '-lock';
/** More than LMDB's 126 readers need. */
const LOCK_BYTES = 16 * 1024;

/**
 * Open an environment, making it where it does not exist. `prepare` runs on a new one (to make its
 * databases) before it gets its name.
 */
export function openEnvironment<K>(
  path: string,
  mapBytes: number,
  options: EnvironmentOptions,
  undeclared: Undeclared<K>,
  prepare?: (root: RootDatabase<Uint8Array, never>) => void,
): RootDatabase<Uint8Array, never> {
  const readOnly = options.readOnly === true;
  const settings = (file: string): RootDatabaseOptionsWithPath => ({
    path: file,
    encoding: 'binary',
    overlappingSync: false,
    noSubdir: true,
    mapSize: mapBytes,
    maxDbs: DATABASES_MAX,
    readOnly,
    ...(options.safeRestore === true ? { safeRestore: true } : {}),
    ...undeclared,
  });
  if (!existsSync(path)) {
    if (readOnly) throw new Error(`${path} does not exist`);
    const directory = dirname(path);
    mkdirSync(directory, { recursive: true });
    for (const leftover of [path + NEW, path + NEW + LOCK, path + LOCK]) {
      rmSync(leftover, { force: true });
    }
    if (canWriteEmptyEnvironment) writeEmptyEnvironment(path + NEW, mapBytes);
    if (prepare !== undefined || !canWriteEmptyEnvironment) {
      makeLockFile(path + NEW + LOCK);
      const made = open<Uint8Array, never>(settings(path + NEW));
      prepare?.(made);
      // Nothing is pending, so lmdb-js closes before it returns.
      void made.close();
      syncFile(path + NEW);
    }
    renameSync(path + NEW, path);
    rmSync(path + NEW + LOCK, { force: true });
    syncDirectory(directory);
  }
  checkEnvironment(path);
  if (!readOnly) makeLockFile(path + LOCK);
  return open<Uint8Array, never>(settings(path));
}

/**
 * LMDB makes its lock file with holes and writes to it through a map: on a full disk that is a SIGBUS, and in lmdb-js
 * a SIGSEGV. Filled beforehand, a full disk is an error like any other.
 */
function makeLockFile(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(LOCK_BYTES), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    // Half a file would be taken for a whole one next time.
    rmSync(path, { force: true });
    throw error;
  }
}

/** How long the reason of a failed commit may follow the failure. */
const REASON_WAIT_MS = 1_000;

/**
 * Why a commit failed. lmdb-js rejects the writes with an error whose `commitError` is a promise that
 * rejects with LMDB's own error; left alone, that one is an unhandled rejection.
 */
export function commitReason(error: unknown): Promise<unknown> {
  const later = (error as { commitError?: Promise<unknown> } | undefined)?.commitError;
  if (later === undefined) return Promise.resolve(error);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, REASON_WAIT_MS, error);
    const tell = (reason: unknown): void => {
      clearTimeout(timer);
      resolve(reason);
    };
    later.then(tell, tell);
  });
}

/** What an error says, for one line. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
