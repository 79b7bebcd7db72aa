// Copies of folders. Owns: what a copy is made of, in which order, and that a part of one is never taken for the whole.
// Never touches: the folder it copies, but its lock.
//   audit.C1. A copy is made beside its name and gets the name when it is complete and synced. Until then it has no folder.json, so
//       that nothing opens it.
//   audit.C2. Blocks are verified on their way; a folder whose tail is lost is not copied.
//   audit.C4. What receipts need goes along: the key of the salts, and what was signed of the log.
//   audit.C3. A copy is not made inside a data folder, by whatever name that is reached: a folder has nothing in it but its own.

import { randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SALTS_KEY_FILE } from '../receipts/salts.js';
import { SIGNED_FILE } from '../receipts/signed.js';
import { FolderError } from '../store/errors.js';
import {
  DESCRIPTION_FILE,
  descriptionOfSome,
  type Folder,
  openFolder,
  readCleanStop,
  shardLogPath,
  shardPath,
  shardStatePath,
  writeCleanStop,
} from '../store/folder.js';
import { readRecord, writeRecord } from '../store/record.js';
import { syncDirectory } from '../store/sync.js';
import { Reader } from './reader.js';
import { readRoot } from './state-check.js';

/** A copy of a large file on a slow disk may be silent for long. */
const STEP_MS = 600_000;

/** The data folder that a path is in, all links followed; undefined: none. What is not there yet counts as where it would be. */
function dataFolderAround(path: string): string | undefined {
  let at = dirname(path);
  while (!existsSync(at)) at = dirname(at);
  at = realpathSync(at);
  while (!existsSync(join(at, DESCRIPTION_FILE))) {
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return at;
}

/** A copy in the making. */
export class Copy {
  readonly to: string;
  readonly #from: Folder;
  readonly #shards: readonly number[];
  readonly #path: string;

  /** Of these shards of the folder; throws FolderError where `to` exists, or is inside a data folder. */
  constructor(from: Folder, to: string, shards = from.here) {
    this.#from = from;
    this.#shards = shards;
    this.to = resolve(to);
    // A link that leads nowhere is there, too.
    if (lstatSync(this.to, { throwIfNoEntry: false }) !== undefined)
      throw new FolderError(this.to, '', 'exists already; a backup goes into a new folder');
    const around = dataFolderAround(this.to);
    if (around !== undefined)
      throw new FolderError(
        this.to,
        '',
        `is inside the data folder ${around}; a backup goes elsewhere`,
      );
    this.#path = `${this.to}.incomplete-${randomBytes(4).toString('hex')}`;
    for (const shard of shards) {
      mkdirSync(shardPath(this.#path, shard), { recursive: true });
      this.#copyTreeFiles(shard);
    }
  }

  /** C4: before the log is cut, so that nothing was signed of what is not in the copy. */
  #copyTreeFiles(shard: number): void {
    for (const name of [SIGNED_FILE, SALTS_KEY_FILE]) {
      const text = readRecord(join(shardPath(this.#from.path, shard), name));
      if (text !== undefined) writeRecord(join(shardPath(this.#path, shard), name), text);
    }
  }

  logPath(shard: number): string {
    return shardLogPath(this.#path, shard);
  }

  statePath(shard: number): string {
    return shardStatePath(this.#path, shard);
  }

  /** The shard's log is copied up to this block. */
  stopped(shard: number, seq: number, hash: string): void {
    if (seq > 0) writeCleanStop(this.#path, shard, { seq, hash });
    for (const path of [this.logPath(shard), this.statePath(shard)])
      rmSync(`${path}-lock`, { force: true });
    syncDirectory(shardPath(this.#path, shard));
  }

  /** Gives it its name, durably. */
  finish(): void {
    const text = readFileSync(join(this.#from.path, DESCRIPTION_FILE), 'utf8');
    const isWhole = this.#shards.length === this.#from.here.length;
    const description = isWhole ? text : descriptionOfSome(text, this.#shards);
    writeRecord(join(this.#path, DESCRIPTION_FILE), description);
    syncDirectory(this.#path);
    if (existsSync(this.to)) throw new FolderError(this.to, '', 'has come to exist meanwhile');
    renameSync(this.#path, this.to);
    syncDirectory(dirname(this.to));
  }

  /** Removes what there is of it. */
  abandon(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

/** What was copied. */
export interface BackedUp {
  readonly shards: readonly number[];
  /** The last block copied of each of them. */
  readonly seqs: readonly number[];
}

/**
 * Copies a folder that nobody has open into a new one: all of its shards, or some. A copy of some is a folder of a node that
 * has these shards and no others. Rejects, nothing left behind, where `to` exists, where the folder has not all that are named,
 * or the log is damaged or has lost its tail.
 */
export async function backupFolder(
  path: string,
  to: string,
  some?: readonly number[],
): Promise<BackedUp> {
  const folder = openFolder(path, { create: false, lock: true });
  const reader = new Reader({ stepMs: STEP_MS });
  try {
    const shards = some ?? folder.here;
    const absent = shards.find((shard) => !folder.here.includes(shard));
    if (absent !== undefined)
      throw new FolderError(folder.path, 'here', `shard ${absent} is not in this folder`);
    const copy = new Copy(folder, to, shards);
    try {
      const seqs: number[] = [];
      for (const shard of shards) seqs.push(await copyShard(reader, folder, shard, copy));
      copy.finish();
      return { shards, seqs };
    } catch (error) {
      copy.abandon();
      throw error;
    }
  } finally {
    await reader.end();
    folder.release();
  }
}

async function copyShard(
  reader: Reader,
  folder: Folder,
  shard: number,
  copy: Copy,
): Promise<number> {
  const logPath = shardLogPath(folder.path, shard);
  const statePath = shardStatePath(folder.path, shard);
  const marks: [string, number][] = [['clean stop', readCleanStop(folder.path, shard)?.seq ?? 0]];
  try {
    if (existsSync(statePath)) {
      const { root } = await reader.run('open-state', { path: statePath });
      if (root !== undefined) marks.push(['checkpoint', readRoot(root).seq]);
      await reader.run('copy-state', { to: copy.statePath(shard) });
    }
    const { head } = existsSync(logPath)
      ? await reader.run('open-log', { path: logPath })
      : { head: 0 };
    for (const [what, seq] of marks) {
      if (seq > head)
        throw new Error(
          `the log ends at block ${head}, and the ${what} names block ${seq}: blocks are missing`,
        );
    }
    const { hash } =
      head === 0
        ? { hash: '' }
        : await reader.run('copy-log', { to: copy.logPath(shard), seq: head });
    copy.stopped(shard, head, hash);
    return head;
  } catch (error) {
    throw new Error(`shard ${shard}: ${(error as Error).message}`, { cause: error });
  }
}
