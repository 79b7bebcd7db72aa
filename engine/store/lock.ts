// The lock that keeps a second process off a data folder. Owns: the lock file.
// Never touches: what it protects.
//   store.K1. The file appears whole, by link(2) from a finished one; whoever made it holds the lock.
//   store.K2. A lock whose process is gone is replaced only under a guard lock named after its very text, and
//       only if the file still has that text: two processes that both saw it stale cannot both win.
//   store.K3. A guard is a lock like any other, so a process that dies replacing one is got over the same way.
// A process is known by pid, its start time (Linux: /proc/<pid>/stat field 22, so that a pid used again is
// not taken for it) and the boot. Processes in other pid namespaces (containers) cannot be seen: their
// locks count as stale, so one folder belongs to one container at a time.

import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { FolderError } from './errors.js';
import { readRecord } from './record.js';

/** What a lock file says. */
interface Holder {
  readonly pid: number;
  /** When it was taken, for people. */
  readonly startedAt: string;
  /** Start of the process in ticks since boot; empty where it is not known. */
  readonly ticks: string;
  /** Empty where it is not known. */
  readonly bootId: string;
  /** Makes every lock's text its own. */
  readonly nonce: string;
}

/** A lock that is held. */
export interface Lock {
  release(): void;
}

/** How long to wait for somebody who is just replacing a stale lock. */
const GUARD_WAIT_MS = 5;
const GUARD_TRIES = 1_000;

/** Take the lock, or throw a FolderError that names the process that has it. */
export function takeLock(path: string): Lock {
  const text = describeSelf();
  if (!take(path, text)) throw heldError(path);
  return {
    release() {
      // Removed only if it is still ours: an operator may have given it to somebody else.
      if (readRecord(path) === text) rmSync(path, { force: true });
    },
  };
}

/** Which process a lock file names, and whether it still has the lock; undefined: there is no lock. */
export function lockHolder(
  path: string,
): { readonly pid: number; readonly isAlive: boolean } | undefined {
  const text = readRecord(path);
  if (text === undefined) return undefined;
  const alive = isAlive(path, text);
  return { pid: parse(text)?.pid ?? 0, isAlive: alive };
}

/** Throws a FolderError that names the process that has the lock, if one does. Writes nothing. */
export function expectUnlocked(path: string): void {
  const found = readRecord(path);
  if (found !== undefined && isAlive(path, found)) throw heldError(path);
}

function heldError(path: string): FolderError {
  const holder = parse(readRecord(path) ?? '');
  const who = holder?.pid === process.pid ? 'this process' : `process ${holder?.pid}`;
  return new FolderError(path, '', `the folder is in use by ${who} since ${holder?.startedAt}`);
}

/** True: taken. False: a living process has it. */
function take(path: string, text: string): boolean {
  const own = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  // Synced before it gets the name: a power cut must not leave a lock nobody can read.
  writeFileSync(own, text, { flag: 'wx', flush: true });
  try {
    for (let tries = 0; tries < GUARD_TRIES; tries += 1) {
      if (linked(own, path)) return true;
      const found = readRecord(path);
      if (found === undefined) continue;
      if (isAlive(path, found)) return false;
      if (replaceStale(path, found, own, text)) return true;
    }
    throw new FolderError(path, '', 'other processes keep replacing it');
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Put our file in the place of a stale one. False: look again. */
function replaceStale(path: string, stale: string, own: string, text: string): boolean {
  const guard = `${path.slice(0, path.length - suffixLength(path))}.over-${crc32(stale).toString(16)}`;
  if (!take(guard, text)) {
    pause(GUARD_WAIT_MS);
    return false;
  }
  try {
    if (readRecord(path) !== stale) return false;
    renameSync(own, path);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Guards of guards are named after the lock too, so that names do not grow. */
function suffixLength(path: string): number {
  return /\.over-[0-9a-f]+$/.exec(path)?.[0].length ?? 0;
}

function describeSelf(): string {
  const self: Holder = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    ticks: ticksOf(process.pid) ?? '',
    bootId: bootId(),
    nonce: randomBytes(8).toString('hex'),
  };
  return `${JSON.stringify(self)}\n`;
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Holder | null;
    return typeof value === 'object' && Number.isSafeInteger(value?.pid)
      ? (value ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(path: string, text: string): boolean {
  const holder = parse(text);
  if (holder === undefined || holder.pid <= 0) {
    throw new FolderError(
      path,
      'pid',
      'unreadable; if no process uses the folder, remove the file',
    );
  }
  const boot = bootId();
  if (holder.bootId && boot && holder.bootId !== boot) return false;
  const ticks = ticksOf(holder.pid);
  if (process.platform === 'linux') {
    return ticks !== undefined && (!holder.ticks || holder.ticks === ticks);
  }
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start of a process in ticks since boot; undefined: there is no such process (or no /proc). */
function ticksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field, the program's name in brackets, may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing any more, unless a thread of it is still inside a write.
    const ended = fields[0] === 'Z' || fields[0] === 'X';
    return ended && readdirSync(`/proc/${pid}/task`).length <= 1 ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
