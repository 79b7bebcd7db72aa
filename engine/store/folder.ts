// The data folder: what it was made with, where its files are, who has it open. Owns: folder.json, the
// lock, the clean-stop records. Never touches: the environments.
//   store.D1. What decides where an owner lives (hash, slots, slot map, shards) is fixed when the folder is
//       made and checked at every opening; a folder that does not fit is not opened. So is which shards are here.
//   store.D2. folder.json and clean-stop records are written whole (store.R1); shard folders exist before it does.
//   store.D3. With `lock`, one process at a time (store.K1-K3).
//   store.D4. A folder names the newest rules that may have written to it, and the newest layout of its files, before they are there: so that
//       an older release refuses it. Older ones are read as they are.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { SHARDS_MAX, SLOTS } from '../limits.js';
import { APPLY_VERSION } from '../protocol/block.js';
import { OWNER_HASH, ownerHash } from '../protocol/hash.js';
import { CorruptionError, FolderError } from './errors.js';
import { type Lock, lockHolder, takeLock } from './lock.js';
import { readRecord, writeRecord } from './record.js';
import { syncDirectory } from './sync.js';

/** What a data folder was made with. */
export const DESCRIPTION_FILE = 'folder.json';

/** Version of the folder's layout: 1, and once a part of a log has been sealed (segment/) 2, which releases without segments refuse. */
export const FOLDER_FORMAT = 2;
const WITHOUT_SEGMENTS = 1;

/** Owners whose hashes a folder records, so that another implementation of the hash is noticed. */
const VECTOR_OWNERS: readonly string[] = [
  'a',
  'ab',
  'abc',
  'alice',
  '@issue',
  '#item:17',
  'user.0042:x-Y_z',
];

/** A data folder that is open. */
export interface Folder {
  /** Absolute. */
  readonly path: string;
  /** Of the whole ledger. */
  readonly shards: number;
  /** Those that are in this folder, by number; the others are in those of other nodes. */
  readonly here: readonly number[];
  /** The shard of each slot. */
  readonly slotMap: Uint16Array;
  /** When it was made, ISO 8601. */
  readonly created: string;
  /** What incarnations of shards are made of: another text for each folder that is no copy of another. */
  readonly incarnation: string;
  /** What tells a shard of this folder from one of another folder, its copies excepted: hex, of 16 bytes. */
  incarnationOf(shard: number): string;
  /** Version of the newest rules that may have written to it (store.D4). */
  readonly applyVersion: number;
  /** Let another process have it. */
  release(): void;
}

/** What a clean stop leaves behind. */
export interface CleanStop {
  /** The last block. */
  readonly seq: number;
  /** Its hash, hex. */
  readonly hash: string;
}

/** folder.json */
interface Description {
  readonly format: number;
  readonly created: string;
  readonly applyVersion: number;
  readonly shards: number;
  readonly slots: number;
  readonly ownerHash: string;
  readonly hashVectors: readonly (readonly [string, number])[];
  readonly slotMap: readonly number[];
  /** The shards in this folder; left out: all. */
  readonly here?: readonly number[];
  /** By chance; left out: what is made of `created`. */
  readonly incarnation?: string;
  /** Of all the rest. */
  readonly crc: number;
}

/** Incarnations that are made of a text. */
const incarnated = (incarnation: string): Pick<Folder, 'incarnation' | 'incarnationOf'> => ({
  incarnation,
  incarnationOf: (shard) =>
    createHash('sha256').update(`${incarnation} ${shard}`).digest('hex').slice(0, 32),
});

/** The same folder as a copy of the one whose incarnations are made of this text. */
export const copyOf = (folder: Folder, incarnation: string): Folder => ({
  ...folder,
  ...incarnated(incarnation),
});

/** The folder of a shard. */
export function shardPath(folder: string, shard: number): string {
  return join(folder, `shard-${String(shard).padStart(3, '0')}`);
}

/** The log environment of a shard. */
export function shardLogPath(folder: string, shard: number): string {
  return join(shardPath(folder, shard), 'log.mdb');
}

/** The state environment of a shard. */
export function shardStatePath(folder: string, shard: number): string {
  return join(shardPath(folder, shard), 'state.mdb');
}

/** How many shards a folder has where nobody says. */
export function defaultShards(): number {
  return Math.min(SHARDS_MAX, Math.max(2, availableParallelism()));
}

/** Has a data folder been made here? */
export function isDataFolder(path: string): boolean {
  return existsSync(join(path, DESCRIPTION_FILE));
}

const lockPath = (folder: string): string => join(folder, 'lock');

/** Which process has a folder open, or had it and ended without closing it. Throws FolderError where its lock cannot be read. */
export const folderHolder = (path: string): ReturnType<typeof lockHolder> =>
  lockHolder(lockPath(path));

/** How a data folder is opened. */
export interface FolderOptions {
  /** Of the whole ledger. */
  readonly shards?: number | undefined;
  /** The shards in this folder, by number. With `shards` and without this: all. */
  readonly here?: readonly number[] | undefined;
  readonly create: boolean;
  readonly lock: boolean;
}

/**
 * Open a data folder; with `create`, make it where there is none. Throws FolderError naming the file and
 * the field when it does not fit this program, `shards` or `here`, or when another process has it.
 */
export function openFolder(path: string, options: FolderOptions): Folder {
  const folder = resolve(path);
  const file = join(folder, DESCRIPTION_FILE);
  checkShardsOption(options.shards);
  const known = isDataFolder(folder);
  if (!known && !options.create) throw new FolderError(file, '', 'not found: no data folder');
  if (!known) prepare(folder, file);
  const lock = options.lock ? takeLock(lockPath(folder)) : undefined;
  try {
    // Only now: another process may have made it meanwhile.
    const text =
      readRecord(file) ?? make(folder, file, options.shards ?? defaultShards(), options.here);
    return open(folder, file, parse(file, text), options, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Record, before anything is written by this release's rules, that older releases cannot go on with the folder. */
export function raiseRules({ path, applyVersion }: Folder): void {
  if (applyVersion < APPLY_VERSION) raise(path, { applyVersion: APPLY_VERSION });
}

/** The same, before the first segment is entered: of the folder at this path, whose lock this process has. */
export function raiseFormat(path: string): void {
  raise(path, { format: FOLDER_FORMAT });
}

function raise(path: string, change: Partial<Description>): void {
  const file = join(path, DESCRIPTION_FILE);
  const known = parse(file, readRecord(file) ?? '');
  const text = textOf({ ...known, ...change });
  if (text !== textOf(known)) writeRecord(file, text);
}

/** Record that a shard was stopped with this block as its last. */
export function writeCleanStop(folder: string, shard: number, record: CleanStop): void {
  const { seq, hash } = record;
  const text = JSON.stringify({ seq, hash, crc: cleanStopCrc(shard, seq, hash) });
  writeRecord(cleanStopPath(folder, shard), `${text}\n`);
}

/** The record of the last clean stop; undefined: there was none. Throws CorruptionError when damaged. */
export function readCleanStop(folder: string, shard: number): CleanStop | undefined {
  const path = cleanStopPath(folder, shard);
  const text = readRecord(path);
  if (text === undefined) return undefined;
  let value: Record<string, unknown>;
  try {
    value = Object(JSON.parse(text));
  } catch {
    throw new CorruptionError(path, 'clean-stop record', 'not JSON');
  }
  const { seq, hash, crc } = value;
  if (
    typeof seq !== 'number' ||
    typeof hash !== 'string' ||
    crc !== cleanStopCrc(shard, seq, hash)
  ) {
    throw new CorruptionError(path, 'clean-stop record', 'its CRC does not match');
  }
  return { seq, hash };
}

function cleanStopPath(folder: string, shard: number): string {
  return join(shardPath(folder, shard), 'clean-stop.json');
}

function cleanStopCrc(shard: number, seq: number, hash: string): number {
  return crc32(`${shard} ${seq} ${hash}`);
}

function checkShardsOption(shards: number | undefined): void {
  if (shards === undefined) return;
  if (!Number.isInteger(shards) || shards < 1 || shards > SHARDS_MAX) {
    throw new RangeError(`shards must be a whole number from 1 to ${SHARDS_MAX}, not ${shards}`);
  }
}

/** Make the folder itself, durably; refuse one that holds something else. */
function prepare(folder: string, file: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) {
    for (let up = folder; up.length >= made.length; up = dirname(up)) syncDirectory(dirname(up));
  }
  for (const name of readdirSync(folder)) {
    // What an earlier start may leave that did not get as far as folder.json.
    if (name.startsWith('lock') || name === DESCRIPTION_FILE) continue;
    if (name === `${DESCRIPTION_FILE}.new`) continue;
    // Keys are put there before the first start.
    if (name.endsWith('.key')) continue;
    const shard = /^shard-\d{3}$/.test(name);
    if (shard && readdirSync(join(folder, name)).length === 0) continue;
    throw new FolderError(
      file,
      '',
      shard ? `missing, although ${name} holds data` : `missing, and the folder holds ${name}`,
    );
  }
}

function all(shards: number): number[] {
  return Array.from({ length: shards }, (_, shard) => shard);
}

function make(
  folder: string,
  file: string,
  shards: number,
  here: readonly number[] | undefined,
): string {
  for (const shard of here ?? all(shards)) {
    mkdirSync(shardPath(folder, shard), { recursive: true });
  }
  const description: Description = {
    format: WITHOUT_SEGMENTS,
    created: new Date().toISOString(),
    applyVersion: APPLY_VERSION,
    shards,
    slots: SLOTS,
    ownerHash: OWNER_HASH,
    hashVectors: VECTOR_OWNERS.map((owner) => [owner, ownerHash(owner)] as const),
    slotMap: Array.from({ length: SLOTS }, (_, slot) => slot % shards),
    ...(here === undefined || here.length === shards ? {} : { here }),
    incarnation: randomBytes(16).toString('hex'),
    crc: 0,
  };
  const text = textOf(description);
  writeRecord(file, text);
  return text;
}

/** As it is in the file. */
function textOf(description: Description): string {
  return `${JSON.stringify({ ...description, crc: descriptionCrc(description) })}\n`;
}

function parse(file: string, text: string): Description {
  try {
    return Object(JSON.parse(text)) as Description;
  } catch {
    throw new FolderError(file, '', 'not JSON');
  }
}

function open(
  path: string,
  file: string,
  description: Description,
  { shards, here }: FolderOptions,
  lock: Lock | undefined,
): Folder {
  const refuse = (field: keyof Description, what: string): never => {
    throw new FolderError(file, field, what);
  };
  const d = description;
  if (d.format !== WITHOUT_SEGMENTS && d.format !== FOLDER_FORMAT) {
    refuse('format', `${say(d.format)}, and this program knows format ${FOLDER_FORMAT}`);
  }
  if (!isWhole(d.applyVersion, 1)) refuse('applyVersion', `${say(d.applyVersion)} is no version`);
  if (d.applyVersion > APPLY_VERSION) {
    refuse('applyVersion', `${d.applyVersion}, and this program's rules are ${APPLY_VERSION}`);
  }
  if (typeof d.created !== 'string') refuse('created', 'not a time');
  if (!isWhole(d.shards, 1) || d.shards > SHARDS_MAX) {
    refuse('shards', `${say(d.shards)} is not 1 to ${SHARDS_MAX}`);
  }
  if (shards !== undefined && shards !== d.shards) {
    refuse('shards', `${d.shards}, fixed when the folder was made; ${shards} was asked for`);
  }
  if (d.slots !== SLOTS) refuse('slots', `${say(d.slots)}, and this program has ${SLOTS}`);
  if (d.ownerHash !== OWNER_HASH) {
    refuse('ownerHash', `${say(d.ownerHash)}, and this program has ${OWNER_HASH}`);
  }
  const vectors = vectorsFault(d.hashVectors);
  if (vectors !== undefined) refuse('hashVectors', vectors);
  const slots = slotMapFault(d.slotMap, d.shards);
  if (slots !== undefined) refuse('slotMap', slots);
  const found = d.here ?? all(d.shards);
  if (!isShards(found, d.shards)) refuse('here', `${say(found)} are no shards of ${d.shards}`);
  const wanted = here ?? (shards === undefined ? found : all(d.shards));
  if (say(wanted) !== say(found)) {
    refuse('here', `${say(found)}, fixed when the folder was made; ${say(wanted)} was asked for`);
  }
  if (d.crc !== descriptionCrc(d)) refuse('crc', 'does not match: damaged, or changed by hand');
  return {
    path,
    shards: d.shards,
    here: found,
    slotMap: Uint16Array.from(d.slotMap),
    created: d.created,
    ...incarnated(d.incarnation ?? d.created),
    applyVersion: d.applyVersion,
    release: () => lock?.release(),
  };
}

/** What is wrong with the recorded hashes; undefined: nothing. */
function vectorsFault(vectors: unknown): string | undefined {
  if (!Array.isArray(vectors) || vectors.length === 0) return 'missing';
  for (const vector of vectors as unknown[]) {
    const [owner, hash] = Array.isArray(vector) ? (vector as unknown[]) : [];
    if (typeof owner !== 'string') return `${say(vector)} is no owner and hash`;
    if (ownerHash(owner) !== hash) {
      return `${owner} hashes to ${say(hash)} there and ${ownerHash(owner)} here`;
    }
  }
  return undefined;
}

/** What is wrong with the slot map; undefined: nothing. */
function slotMapFault(map: unknown, shards: number): string | undefined {
  if (!Array.isArray(map) || map.length !== SLOTS) return `not ${SLOTS} entries`;
  const used = new Set<number>();
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const shard: unknown = map[slot];
    if (!isWhole(shard, 0) || shard >= shards) {
      return `slot ${slot} is on shard ${say(shard)} of ${shards}`;
    }
    used.add(shard);
  }
  for (let shard = 0; shard < shards; shard += 1) {
    if (!used.has(shard)) return `shard ${shard} has no slot`;
  }
  return undefined;
}

/** Some shards, by number. */
function isShards(value: unknown, shards: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const numbers = value as unknown[];
  return numbers.every(
    (shard, i) =>
      isWhole(shard, 0) && shard < shards && (i === 0 || shard > (numbers[i - 1] as number)),
  );
}

/** The text of a folder.json, changed to that of a folder which has only these of its shards. */
export function descriptionOfSome(text: string, here: readonly number[]): string {
  const some: Description = { ...(JSON.parse(text) as Description), here };
  return `${JSON.stringify({ ...some, crc: descriptionCrc(some) })}\n`;
}

/** Over everything but the CRC itself, in the order of the file. */
function descriptionCrc(description: Description): number {
  return crc32(JSON.stringify({ ...description, crc: 0 }));
}

function isWhole(value: unknown, least: number): value is number {
  return Number.isInteger(value) && (value as number) >= least;
}

function say(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
