// Folders changed on purpose, more cleverly than a disk would. Owns: putting blocks and stored values back so that hashes and
// CRCs are right again where a test wants that. Never touches: what finds it.

import { createHash } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { F_STRIDE } from '../../engine/ledger/page.js';
import { BLOCK_HEADER, BlockView, blockBytes, HASH_BYTES } from '../../engine/protocol/block.js';
import { EXTRA, RECORD_HEAD } from '../../engine/protocol/effects.js';
import { OP } from '../../engine/protocol/layout.js';
import { decodeRoot, directoryKey, pageKey } from '../../engine/shard/checkpoint.js';
import {
  readCleanStop,
  shardLogPath,
  shardStatePath,
  writeCleanStop,
} from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { StateStore } from '../../engine/store/state.js';

/** All blocks of the folder's one shard, in order. */
export async function blocksOf(folder: string): Promise<Uint8Array[]> {
  const log = Log.open(shardLogPath(folder, 0), { readOnly: true });
  const blocks: Uint8Array[] = [];
  for (let seq = 1; seq <= log.headSeq(); seq++) blocks.push(log.read(seq) as Uint8Array);
  await log.close();
  return blocks;
}

/** Puts other blocks into the log, numbered from 1. */
export async function writeBlocks(folder: string, blocks: readonly Uint8Array[]): Promise<void> {
  const path = shardLogPath(folder, 0);
  rmSync(path, { force: true });
  const log = Log.open(path);
  for (let i = 0; i < blocks.length; i++) await log.append(i + 1, blocks[i] as Uint8Array);
  await log.close();
}

/** The hash that ends a block made right again. */
export function sealed(block: Uint8Array): Uint8Array {
  const end = block.length - HASH_BYTES;
  block.set(createHash('sha256').update(block.subarray(0, end)).digest(), end);
  return block;
}

/**
 * All hashes from one block on made right again, as whoever has the whole folder could: the clean stop names the last, and the
 * state, which names another, is gone.
 */
export function rechained(folder: string, blocks: readonly Uint8Array[], from: number): void {
  for (let i = from; i < blocks.length; i++) {
    const block = blocks[i] as Uint8Array;
    if (i > 0) block.set(new BlockView(blocks[i - 1] as Uint8Array).hash, 48);
    sealed(block);
  }
  rmSync(shardStatePath(folder, 0), { force: true });
  const last = new BlockView(blocks.at(-1) as Uint8Array);
  const hash = Buffer.from(last.hash).toString('hex');
  if (readCleanStop(folder, 0) !== undefined)
    writeCleanStop(folder, 0, { seq: blocks.length, hash });
}

/** Where effects begin in a block. */
function effectsAt(block: Uint8Array): number {
  return BLOCK_HEADER + ((new BlockView(block).commands.length + 7) & ~7);
}

/** Offsets, within the block, of the records that fit. */
export function recordsOf(
  block: Uint8Array,
  fits: (view: BlockView, at: number) => boolean,
): number[] {
  const view = new BlockView(block);
  const found: number[] = [];
  for (let at = 0; at < view.effects.u8.length; at += view.effects.recordLength(at)) {
    if (fits(view, at)) found.push(effectsAt(block) + at);
  }
  return found;
}

/** Is it a transfer of new points? */
export const isIssue = ({ effects }: BlockView, at: number): boolean =>
  effects.op(at) === OP.transfer &&
  effects.refusalNumber(at) === 0 &&
  effects.entry(at + RECORD_HEAD).owner === '@issue';

/** Is it a refusal? */
export const isRefused = ({ effects }: BlockView, at: number): boolean =>
  effects.refusalNumber(at) !== 0;

/** Where the first entry, that of `@issue`, of the block's first transfer of new points begins. */
export function firstEntry(block: Uint8Array): number {
  const [record] = recordsOf(block, isIssue);
  if (record === undefined) throw new Error('no transfer of new points in this block');
  return record + RECORD_HEAD;
}

/** The f64 at a place, changed. */
export function addTo(block: Uint8Array, at: number, by: number): void {
  const view = new DataView(block.buffer, block.byteOffset);
  view.setFloat64(at, view.getFloat64(at, true) + by, true);
}

/** Changes the amount in the command of the block's first transfer of new points, not what it did. */
export function changeAmount(block: Uint8Array): void {
  const [record] = recordsOf(block, isIssue) as [number];
  const view = new DataView(block.buffer, block.byteOffset);
  const start = BLOCK_HEADER + view.getInt32(record + 8, true);
  const command = Buffer.from(block.buffer, start, view.getInt32(record + 12, true));
  const asset = Math.max(command.indexOf('gold'), command.indexOf('coin'));
  // After the asset: the amount, in one byte, or in one or two after a mark.
  const mark = command[asset + 4] as number;
  const at = asset + 4 + (mark === 0xcd ? 2 : mark === 0xcc ? 1 : 0);
  command[at] = (command[at] as number) ^ 1;
}

/** A block that holds one record of another, and follows `last`. */
export function oneRecord(block: Uint8Array, at: number, last: Uint8Array): Uint8Array {
  const { effects, commands } = new BlockView(block);
  const offset = at - effectsAt(block);
  const start = effects.commandOffset(offset);
  const command = commands.slice(start, start + effects.commandLength(offset));
  const record = effects.u8.slice(offset, offset + effects.recordLength(offset));
  const made = new Uint8Array(blockBytes(command.length, record.length));
  made.set(last.subarray(0, BLOCK_HEADER));
  const { header, hash } = new BlockView(last);
  const view = new DataView(made.buffer);
  view.setFloat64(16, header.seq + 1, true);
  view.setUint32(32, 1, true);
  view.setUint32(36, command.length, true);
  view.setUint32(40, record.length, true);
  made.set(hash, 48);
  made.set(command, BLOCK_HEADER);
  const to = BLOCK_HEADER + ((command.length + 7) & ~7);
  made.set(record, to);
  view.setInt32(to + 8, 0, true);
  return sealed(made);
}

/** Changes the stored state, CRCs and all. */
export async function withState(
  folder: string,
  change: (store: StateStore) => Promise<void>,
): Promise<void> {
  const store = StateStore.open(shardStatePath(folder, 0));
  await change(store);
  await store.close();
}

/** Changes what the first account of a page has that somebody of this name is on, or each account of it, CRC and all. */
export const changedAmounts = (
  folder: string,
  name: string,
  by: number,
  isEach = false,
): Promise<void> =>
  withState(folder, async (store) => {
    const { shape, directory } = decodeRoot(store.readRoot() as Uint8Array);
    const chunk = store.readChunk(directoryKey(0, directory[0] as number));
    const sides = (chunk as Uint8Array).slice(shape.buckets * 8);
    for (let bucket = 0; bucket < shape.buckets; bucket++) {
      const side = sides[bucket] ?? 0;
      if (side === 0) continue;
      const key = pageKey(bucket, side - 1);
      const page = store.readPage(key) as Uint8Array;
      if (!Buffer.from(page).includes(name)) continue;
      const accounts = new Float64Array(page.buffer, 0, 8)[2] as number;
      for (let n = 0; n < (isEach ? accounts : 1); n++)
        addTo(page, 64 + ((accounts * 4 + 7) & ~7) + n * F_STRIDE * 8, by);
      await store.write({ pages: [[key, page]] });
      return;
    }
    throw new Error(`${name} is on no page`);
  });

/** A copy of a folder beside it. */
export function copyOf(folder: string, name: string): string {
  const copy = join(folder, '..', name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** A copy whose blocks are changed and chained again; `how` returns the first block that it changed. */
export async function alteredCopy(
  folder: string,
  how: (blocks: Uint8Array[]) => number,
): Promise<string> {
  const copy = copyOf(folder, 'altered');
  const blocks = await blocksOf(copy);
  const from = how(blocks);
  rechained(copy, blocks, from);
  await writeBlocks(copy, blocks);
  return copy;
}

/** Where the numbers of the first extra of this kind begin in a record. */
export function extraNumbers(block: Uint8Array, record: number, tag: number): number {
  const view = new DataView(block.buffer, block.byteOffset);
  let at = record + view.getInt32(record + 16, true);
  for (let left = view.getInt32(record + 20, true); left > 0; left--) {
    if (view.getInt32(at, true) === tag) return at + 16;
    at += view.getInt32(at + 4, true);
  }
  throw new Error(`no extra ${tag}`);
}

/** Where a record's first entry is: earned, spent, held delta, available and held after, 8 bytes each; lots from byte 80 on. */
export const entryOf = (record: number): number => record + RECORD_HEAD;

/** A place in the log, block and record: of the command that says so of a transfer. */
export function find(
  blocks: readonly Uint8Array[],
  op: number,
  id: string,
  state: number,
): [number, number] {
  for (const [i, block] of blocks.entries()) {
    const [record] = recordsOf(block, ({ effects }: BlockView, at) => {
      const transit = effects.extras(at).find(({ tag }) => tag === EXTRA.transit);
      return effects.op(at) === op && transit?.numbers[0] === state && transit.texts[1] === id;
    });
    if (record !== undefined) return [i, record];
  }
  throw new Error('no such record');
}
