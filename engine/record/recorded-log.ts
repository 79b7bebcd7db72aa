// The log of a shard whose log of record is elsewhere, with the local one as its copy. Owns: which comes first, what is done at a start.
// Never touches: what a block contains.
//   record.F1. A block is in the local log only when the log of record has it. So the local one is never ahead by itself: a block that it has
//       and the log of record has not was acknowledged.
//   record.F2. Before a shard opens, the local log is filled from the log of record, block by block, each verified; an empty one too.
//   record.F3. Acknowledged blocks that the log of record lost are appended again where the folder that has them was the last to hold the shard,
//       or the shard does not open (SHARD_ROLLED_BACK). They are never cut but by the operator's word, and then kept beside.

import { renameSync } from 'node:fs';
import { CorruptionError } from '../store/errors.js';
import { shardPath } from '../store/folder.js';
import type { Log } from '../store/log.js';
import { syncDirectory } from '../store/sync.js';
import { verifiedBlock } from '../store/verified-block.js';
import { blockGroups } from './groups.js';
import { positionOf } from './postgres.js';
import {
  BEFORE_FIRST,
  type Holding,
  type LogOfRecord,
  type Position,
  RolledBackError,
} from './record.js';
import { readTenure, type Tenure, writeTenure } from './tenure.js';

/** What of a shard's folder is made of its log. */
const MADE_OF_LOG = [
  'log.mdb',
  'segments',
  'state.mdb',
  'clean-stop.json',
  'seen.json',
  'record.json',
];

export interface RecordedSettings {
  readonly folder: string;
  readonly shard: number;
  /** The ledger that the log of record is of. */
  readonly ledger: string;
  readonly record: LogOfRecord & { readonly holder: string };
  /** Opens the local log. */
  local(): Log;
  /** The operator's word: what the log of record lacks is given up. */
  readonly accept: boolean;
}

/** What is to be done with the local log before a shard opens. */
type Standing =
  /** It is the beginning of the log of record, or all of it. */
  | { readonly type: 'behind'; readonly local: Position }
  /** It has blocks, acknowledged by this folder, that the log of record is to have again. */
  | { readonly type: 'ahead'; readonly local: Position }
  | { readonly type: 'apart'; readonly local: Position; readonly what: string };

const isSame = (one: Position, other: Position | undefined): boolean =>
  one.seq === other?.seq && Buffer.compare(one.hash, other.hash) === 0;

function positionIn(log: Log, seq: number): Position {
  if (seq === 0) return BEFORE_FIRST;
  const bytes = log.read(seq);
  if (bytes === undefined) throw new CorruptionError('log', `block ${seq}`, 'is missing');
  verifiedBlock(bytes, seq);
  return positionOf(bytes);
}

/** Did this folder hold the shard last? Then what it has beyond the log of record was acknowledged, and by nobody else since. */
function wasLast(seen: Holding, tenure: Tenure | undefined): boolean {
  // It comes to the log of record with what it has, before anybody else.
  if (tenure === undefined) return seen.epoch === 0;
  const { holder, replaced } = tenure;
  return (
    seen.holder === holder || (seen.holder === replaced.holder && seen.epoch === replaced.epoch)
  );
}

async function standingOf(
  { record, folder, shard }: RecordedSettings,
  log: Log,
  seen: Holding,
): Promise<Standing> {
  const local = positionIn(log, log.headSeq());
  const head = await record.head();
  if (local.seq <= head.seq) {
    if (isSame(local, await record.position(local.seq))) return { type: 'behind', local };
    const what = `block ${local.seq} of this folder is not the one of the log of record`;
    return { type: 'apart', local, what };
  }
  const isBeginning = isSame(head, positionIn(log, head.seq));
  if (isBeginning && wasLast(seen, readTenure(folder, shard))) return { type: 'ahead', local };
  const what = isBeginning
    ? `the log of record ends with block ${head.seq}, this folder with block ${local.seq}, and ${JSON.stringify(seen.node)} has held the shard since`
    : `block ${head.seq} of this folder is not the one of the log of record`;
  return { type: 'apart', local, what };
}

/** Puts aside what is made of a log that the log of record does not continue. */
export function putAside(folder: string, shard: number): void {
  const path = shardPath(folder, shard);
  const suffix = `given-up-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`;
  for (const name of MADE_OF_LOG)
    try {
      renameSync(`${path}/${name}`, `${path}/${name}.${suffix}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  syncDirectory(path);
}

async function fill(record: LogOfRecord, log: Log, from: Position): Promise<Position> {
  let at = from;
  for (;;) {
    const blocks = await record.read(at.seq + 1);
    if (blocks.length === 0) return at;
    const first = at.seq + 1;
    for (const bytes of blocks) {
      const block = verifiedBlock(bytes, at.seq + 1);
      if (Buffer.compare(block.previousHash, at.hash) !== 0)
        throw new CorruptionError(
          'log of record',
          `block ${block.header.seq}`,
          `does not follow block ${at.seq}: the hash chain is broken`,
        );
      at = positionOf(bytes);
    }
    await log.appendAll(first, blocks);
  }
}

/** Gives the log of record what it lacks: blocks behind its head up to `to`. */
async function giveBack(record: LogOfRecord, log: Log, to: Position): Promise<void> {
  let before = await record.head();
  for (const group of blockGroups((seq) => log.read(seq), before.seq + 1, to.seq)) {
    await record.append(before, group);
    before = positionOf(group.at(-1) as Uint8Array);
  }
}

/** Becomes the holder. Throws RolledBackError, FencedError, RecordError. */
async function tookOver(settings: RecordedSettings, log: Log) {
  const { folder, shard, record, accept, ledger } = settings;
  for (;;) {
    const seen = await record.holding();
    // Looked at before, so that a folder that does not fit disturbs nobody.
    const before = await standingOf(settings, log, seen);
    if (before.type === 'apart' && !accept) throw new RolledBackError(shard, before.what);
    const least = log.headSeq() === 0 ? 1 : epochOf(log) + 1;
    const tenure = { ledger, holder: record.holder, replaced: seen };
    if (before.type !== 'apart') writeTenure(folder, shard, tenure);
    const epoch = await record.takeOver(seen, least);
    if (epoch !== undefined) return { epoch, seen, tenure };
  }
}

export class RecordedLog {
  readonly #record: LogOfRecord;
  readonly #log: Log;
  #last: Position;
  /** Blocks that the log of record has, and the local one not yet. */
  readonly #copying = new Map<number, Uint8Array>();
  /** With which the shard's blocks are sealed from now on. */
  readonly epoch: number;

  private constructor(record: LogOfRecord, log: Log, last: Position, epoch: number) {
    this.#record = record;
    this.#log = log;
    this.#last = last;
    this.epoch = epoch;
  }

  /** Takes over the shard, and brings both logs to the same end. Throws RolledBackError (F3), FencedError, RecordError. */
  static async open(settings: RecordedSettings): Promise<RecordedLog> {
    const { folder, shard, record, accept } = settings;
    let log = settings.local();
    try {
      const { epoch, seen, tenure } = await tookOver(settings, log);
      // And once more, now that nobody else appends.
      let standing = await standingOf(settings, log, seen);
      if (standing.type === 'apart') {
        if (!accept) throw new RolledBackError(shard, standing.what);
        await log.close();
        putAside(folder, shard);
        log = settings.local();
        standing = { type: 'behind', local: BEFORE_FIRST };
        writeTenure(folder, shard, tenure);
      }
      if (standing.type === 'ahead') await giveBack(record, log, standing.local);
      const last = await fill(record, log, standing.local);
      await record.confirm(last);
      return new RecordedLog(record, log, last, epoch);
    } catch (error) {
      await record.close();
      await log.close();
      throw error;
    }
  }

  headSeq(): number {
    return this.#log.headSeq();
  }

  read(seq: number): Uint8Array | undefined {
    return this.#copying.get(seq) ?? this.#log.read(seq);
  }

  /** A block of the local log is written and synced once more. */
  append(seq: number, block: Uint8Array): Promise<void> | undefined {
    if (seq > this.#log.headSeq())
      throw new Error(`record.F1: block ${seq} in the local log first`);
    return this.#log.append(seq, block);
  }

  /** The log of record has them when this resolves; the local one does not. */
  async appendGroup(seq: number, blocks: readonly Uint8Array[]): Promise<void> {
    await this.#record.append(this.#last, blocks);
    this.#last = positionOf(blocks.at(-1) as Uint8Array);
    for (const [i, block] of blocks.entries()) this.#copying.set(seq + i, block);
  }

  /** What the log of record has is written into the local one (F1): undefined: it is; else resolves when it is. The bytes must not change until then. */
  copyGroup(seq: number, blocks: readonly Uint8Array[]): Promise<void> | undefined {
    const [first] = blocks as [Uint8Array];
    const written =
      blocks.length === 1 ? this.#log.append(seq, first) : this.#log.appendAll(seq, blocks);
    const copied = (): void => {
      for (const i of blocks.keys()) this.#copying.delete(seq + i);
    };
    if (written !== undefined) return written.then(copied);
    copied();
    return undefined;
  }

  /** Resolves when it is certain that nobody else held the shard when this was called. */
  confirm(): Promise<void> {
    return this.#record.confirm(this.#last);
  }

  async close(): Promise<void> {
    await this.#record.close();
    await this.#log.close();
  }
}

const epochOf = (log: Log): number =>
  verifiedBlock(log.read(log.headSeq()) as Uint8Array, log.headSeq()).header.epoch;
