// What a folder lacks, in words, and what of it can be mended from where. Owns: what is looked for, what is put back. Never touches: the
// database of a log, the state: those are mended by a restore, or by `jifen rebuild`.
//   audit.F1. Nothing is put back that was not checked to its last byte against what the log's own manifest says, or, where that is gone, against
//       the chain of hashes that the tail goes on from.
//   audit.F2. Without `mend` nothing is written.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { copyFile, open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CorruptionError, FolderError } from '../store/errors.js';
import {
  type Folder,
  openFolder,
  readCleanStop,
  shardLogPath,
  shardPath,
  shardStatePath,
} from '../store/folder.js';
import { expectUnlocked } from '../store/lock.js';
import { checkSegment, readFacts } from '../store/segment/check.js';
import {
  isSegmentName,
  manifestPath,
  readManifest,
  type SegmentEntry,
  segmentName,
  segmentsPath,
  writeManifest,
} from '../store/segment/manifest.js';
import { syncDirectory } from '../store/sync.js';
import { Reader } from './reader.js';
import { readRoot } from './state-check.js';

/** Something that a folder lacks. */
export interface Lack {
  /** Undefined: the folder as a whole. */
  readonly shard?: number | undefined;
  /** What is wrong, and what it means for the ledger. */
  readonly what: string;
  /** What can be done. */
  readonly remedy: string;
  readonly isMended: boolean;
}

export interface FsckOptions {
  /** Folders that segments may be taken from: data folders, backups, or folders with files of segments in them. */
  readonly from?: readonly string[] | undefined;
  /** Is what can be mended to be mended? The folder's lock is held meanwhile. */
  readonly mend?: boolean | undefined;
}

const NEW = '.new';
const day = (ms: number): string => new Date(ms).toISOString();

/** Looks a folder over that nobody has open. Throws FolderError where there is none, or another process has it. */
export async function fsckFolder(path: string, options: FsckOptions = {}): Promise<Lack[]> {
  const reader = new Reader();
  try {
    return await fsckWith(reader, path, options);
  } finally {
    await reader.end();
  }
}

/** The same with a reading process that is there. */
export async function fsckWith(
  reader: Reader,
  path: string,
  options: FsckOptions = {},
): Promise<Lack[]> {
  let folder: Folder;
  try {
    folder = openFolder(path, { create: false, lock: options.mend === true });
    if (options.mend !== true) expectUnlocked(join(folder.path, 'lock'));
  } catch (error) {
    if (!(error instanceof FolderError) || error.field === '') throw error;
    const remedy =
      'copy folder.json from a backup of this ledger: it does not change but for the versions that it names';
    return [{ what: error.message, remedy, isMended: false }];
  }
  try {
    const lacks: Lack[] = [];
    for (const shard of folder.here)
      lacks.push(...(await new ShardFsck(folder, shard, reader, options).run()));
    return lacks;
  } finally {
    await reader.run('close', {});
    folder.release();
  }
}

class ShardFsck {
  readonly #shard: number;
  readonly #folder: string;
  readonly #segments: string;
  readonly #logPath: string;
  readonly #statePath: string;
  readonly #reader: Reader;
  readonly #from: readonly string[];
  readonly #mends: boolean;
  readonly #lacks: Lack[] = [];

  constructor(folder: Folder, shard: number, reader: Reader, options: FsckOptions) {
    this.#shard = shard;
    this.#folder = folder.path;
    this.#segments = segmentsPath(shardPath(folder.path, shard));
    this.#logPath = shardLogPath(folder.path, shard);
    this.#statePath = shardStatePath(folder.path, shard);
    this.#reader = reader;
    this.#mends = options.mend === true;
    this.#from = (options.from ?? []).flatMap((one) => [
      segmentsPath(shardPath(one, shard)),
      join(one, `shard-${String(shard).padStart(3, '0')}`),
      one,
    ]);
  }

  #lack(what: string, remedy: string, isMended = false): void {
    this.#lacks.push({ shard: this.#shard, what, remedy, isMended });
  }

  async run(): Promise<Lack[]> {
    const entries = await this.#manifest();
    for (const entry of entries) await this.#segment(entry);
    const head = await this.#tail(entries);
    await this.#marks(head);
    return this.#lacks;
  }

  /** The segments as the manifest names them, or as their files do where it is gone. */
  async #manifest(): Promise<readonly SegmentEntry[]> {
    const file = manifestPath(this.#segments);
    try {
      const entries = readManifest(this.#segments);
      if (entries.length > 0 || !this.#names().some(isSegmentName)) return entries;
      return await this.#rebuilt(`${file} is missing, and files of segments are there`);
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      return this.#rebuilt(error.message);
    }
  }

  #names(): string[] {
    return existsSync(this.#segments) ? readdirSync(this.#segments).sort() : [];
  }

  async #rebuilt(what: string): Promise<readonly SegmentEntry[]> {
    const entries: SegmentEntry[] = [];
    for (const name of this.#names().filter(isSegmentName)) {
      const path = join(this.#segments, name);
      try {
        const entry = await readFacts(path, this.#shard, Number(name.slice(0, 16)));
        await checkSegment(path, entry);
        const before = entries.at(-1);
        const follows = before?.lastHash === entry.previousHash && before.last + 1 === entry.first;
        // What does not go on from the one before it was left by a sealing that was ended, or is damaged: the gap is told.
        if (before === undefined ? entry.first === 1 : follows) entries.push(entry);
      } catch (error) {
        this.#lack((error as Error).message, 'see below: its blocks are looked for elsewhere');
      }
    }
    const last = entries.at(-1)?.last ?? 0;
    const remedy = `it can be written anew out of the files, which go on from each other up to block ${last}`;
    if (this.#mends && entries.length > 0) writeManifest(this.#segments, entries);
    this.#lack(what, remedy, this.#mends && entries.length > 0);
    return entries;
  }

  async #segment(entry: SegmentEntry): Promise<void> {
    const path = join(this.#segments, segmentName(entry.first));
    let fault: string;
    try {
      await checkSegment(path, entry);
      return;
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      fault = isAbsent ? `${path} is missing` : (error as Error).message;
    }
    const means = `blocks ${entry.first} to ${entry.last} (${day(entry.fromTime)} to ${day(entry.toTime)}) cannot be read from it`;
    await this.#putBack(entry, `${fault}: ${means}`);
  }

  /** Takes a segment from where it is, checked there and here. */
  async #putBack(entry: SegmentEntry, what: string): Promise<boolean> {
    const name = segmentName(entry.first);
    for (const folder of [this.#segments, ...this.#from]) {
      const source = join(folder, name);
      if (!existsSync(source)) continue;
      const isSame = await checkSegment(source, entry).then(
        () => true,
        () => false,
      );
      if (!isSame) continue;
      if (this.#mends && folder !== this.#segments) await this.#copy(source, entry);
      this.#lack(what, `${source} is the same segment, whole`, this.#mends);
      return true;
    }
    this.#lack(
      what,
      `look for ${name} with SHA-256 ${entry.digest} in backups, and name the folder with --from; without it history from before block ${entry.last + 1} has a gap, balances are not concerned`,
    );
    return false;
  }

  async #copy(source: string, entry: SegmentEntry): Promise<void> {
    const path = join(this.#segments, segmentName(entry.first));
    await copyFile(source, path + NEW);
    const file = await openFile(path + NEW, 'r');
    await file.sync().finally(() => file.close());
    await checkSegment(path + NEW, entry);
    renameSync(path + NEW, path);
    syncDirectory(this.#segments);
  }

  /** `tail`: the first block in the database; what begins there or later is in it as well. */
  #leftovers(entries: readonly SegmentEntry[], tail: number): void {
    const known = new Set(entries.map(({ first }) => segmentName(first)));
    for (const name of this.#names()) {
      const path = join(this.#segments, name);
      const isInDatabase = isSegmentName(name) && tail > 0 && Number(name.slice(0, 16)) >= tail;
      if (name.endsWith(NEW) || (isInDatabase && !known.has(name))) {
        if (this.#mends) rmSync(path, { force: true });
        const remedy = 'it can go: the next sealing removes it';
        this.#lack(`${path} is of a sealing that was ended: nothing lacks`, remedy, this.#mends);
      } else if (isSegmentName(name) && !known.has(name))
        this.#lack(
          `${path} is not in the manifest, and does not go on from what is`,
          'keep it: once the segments before it are back, it is entered again',
        );
    }
  }

  /** Does the database go on from the segments? Its last block; 0: there is none. */
  async #tail(entries: readonly SegmentEntry[]): Promise<number> {
    const sealed = entries.at(-1)?.last ?? 0;
    const lost = `restore ${this.#logPath} from a backup, or take the folder's backup as a whole; what was answered after that backup is lost`;
    if (!existsSync(this.#logPath)) {
      if (sealed > 0 || existsSync(this.#statePath))
        this.#lack(
          `${this.#logPath} is missing: the blocks after block ${sealed} are lost with it`,
          lost,
        );
      return 0;
    }
    try {
      const walked = await this.#reader.run('walk', { path: this.#logPath });
      for (const fault of walked.faults)
        this.#lack(`${this.#logPath}: ${fault}`, `jifen verify says which blocks; ${lost}`);
      const { tail, head } = await this.#reader.run('open-log', { path: this.#logPath });
      if (tail === 0 && sealed > 0)
        this.#lack(`${this.#logPath} is empty, and the segments end with block ${sealed}`, lost);
      const all = tail > sealed + 1 ? await this.#gap(entries, sealed + 1, tail - 1) : entries;
      this.#leftovers(all, tail);
      return head;
    } catch (error) {
      this.#lack(`${this.#logPath} cannot be read: ${(error as Error).message}`, lost);
      return 0;
    }
  }

  /** Blocks that are in no segment and not in the database: a segment elsewhere may have them. */
  async #gap(
    entries: readonly SegmentEntry[],
    from: number,
    to: number,
  ): Promise<readonly SegmentEntry[]> {
    let all = entries;
    for (const folder of [...this.#from, this.#segments, ...this.#from, this.#segments]) {
      for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
        const next = (all.at(-1)?.last ?? 0) + 1;
        if (name !== segmentName(next)) continue;
        const entry = await readFacts(join(folder, name), this.#shard, next).catch(() => undefined);
        const follows = next === 1 || entry?.previousHash === all.at(-1)?.lastHash;
        if (entry === undefined || !follows || entry.last > to) continue;
        const what = `no segment has blocks ${entry.first} to ${entry.last}, and they have left the database`;
        if (await this.#putBack(entry, what)) all = [...all, entry];
      }
    }
    if (this.#mends && all.length > entries.length) writeManifest(this.#segments, all);
    const left = (all.at(-1)?.last ?? 0) + 1;
    if (left > to) return all;
    this.#lack(
      `blocks ${Math.max(left, from)} to ${to} are in no segment, and not in the database`,
      `look for ${segmentName(left)} in backups, and name the folder with --from`,
    );
    return all;
  }

  /** What says how far the log must reach, and the state that is made of it. */
  async #marks(head: number): Promise<void> {
    const remedy =
      'blocks were lost after they had been answered: take a newer copy of the log; do not go on with this folder';
    try {
      const stop = readCleanStop(this.#folder, this.#shard);
      if (stop !== undefined && stop.seq > head)
        this.#lack(`a clean stop names block ${stop.seq}, the log ends at block ${head}`, remedy);
    } catch (error) {
      this.#lack(
        (error as Error).message,
        'it says only how far the log must reach: once jifen verify finds nothing else, remove it',
      );
    }
    const rebuild = 'jifen rebuild makes it anew from the log';
    if (!existsSync(this.#statePath)) {
      if (head > 0) this.#lack(`${this.#statePath} is missing`, rebuild);
      return;
    }
    try {
      const { root } = await this.#reader.run('open-state', { path: this.#statePath });
      const { faults } = await this.#reader.run('sweep', {});
      for (const fault of faults) this.#lack(`${this.#statePath}: ${fault}`, rebuild);
      const seq = root === undefined ? 0 : readRoot(root).seq;
      if (seq > head)
        this.#lack(`the state is after block ${seq}, the log ends at block ${head}`, remedy);
    } catch (error) {
      this.#lack(`${this.#statePath} cannot be read: ${(error as Error).message}`, rebuild);
    }
  }
}
