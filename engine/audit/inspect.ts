// A block of a folder, readable. Owns: how a block is shown. Never touches: the folder, not even its lock: a server may have
// it open, LMDB lets others read beside it.

import { existsSync } from 'node:fs';
import type { BlockView } from '../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import type { LoggedCommand } from '../protocol/commands.js';
import { type EffectReader, EXTRA, type Extra, FLAG, PENDING } from '../protocol/effects.js';
import { type Asset, assetOfExtra, type Entry, type HoldState } from '../protocol/outcomes.js';
import { entryOf, holdOfExtra } from '../protocol/read-back.js';
import { refusalCode } from '../protocol/refusals.js';
import { DEFINITION_STATES } from '../protocol/syntax.js';
import { openFolder, shardLogPath, shardStatePath } from '../store/folder.js';
import { verifiedBlock } from '../store/verified-block.js';
import {
  followUpText,
  type InspectedCommand,
  reserveText,
  shownCommand,
  transitText,
  undoText,
} from './inspect-cross.js';
import { Reader } from './reader.js';
import { readRoot } from './state-check.js';
import { unpack } from './tasks.js';

/** A hold, or a pending earning: its id is then the transfer's, its deadline when it is activated. */
export interface InspectedHold extends HoldState {
  readonly isPending?: boolean;
}

/** A command of a block with what it did. */
export interface InspectedRecord {
  readonly command: InspectedCommand;
  /** `ok` or the refusal's code. */
  readonly outcome: string;
  readonly entries: readonly Entry[];
  /** After hold, capture, release, and of holds past their deadline: what remains of them. */
  readonly holds: readonly InspectedHold[];
  /** What else it changed: flags and limits, owner records, assets, reserves and how a cross-shard transfer stands. */
  readonly changes: readonly string[];
}

export interface InspectedBlock {
  readonly shard: number;
  readonly seq: number;
  /** ISO 8601. */
  readonly time: string;
  /** How often the folder had been opened. */
  readonly epoch: number;
  readonly applyVersion: number;
  readonly bytes: number;
  /** Hex. */
  readonly previousHash: string;
  readonly hash: string;
  readonly records: readonly InspectedRecord[];
}

/**
 * A block of the log; undefined: there is no such block. Works while a server has the folder open. Throws where the folder is
 * none or the block is damaged.
 */
export async function inspectBlock(
  path: string,
  shard: number,
  seq: number,
): Promise<InspectedBlock | undefined> {
  const folder = openFolder(path, { create: false, lock: false });
  const logPath = shardLogPath(folder.path, shard);
  if (shard >= folder.shards || seq < 1 || !existsSync(logPath)) return undefined;
  const reader = new Reader();
  try {
    const assets = await storedAssets(reader, shardStatePath(folder.path, shard));
    const { head } = await reader.run('open-log', { path: logPath });
    if (seq > head) return undefined;
    return shown(await readBlock(reader, seq), assets);
  } finally {
    await reader.end();
  }
}

/** A block of the log that `reader` has open, its hash checked. */
export async function readBlock(reader: Reader, seq: number): Promise<BlockView> {
  const { blocks, fault } = await reader.run('blocks', { from: seq, to: seq, bytes: 1 });
  const [bytes] = unpack(blocks);
  if (bytes === undefined) throw new Error(`block ${seq} ${fault?.what ?? 'is missing'}`);
  return verifiedBlock(bytes, seq);
}

/** The assets of the last checkpoint, for their codes; none where it cannot be read. */
async function storedAssets(reader: Reader, path: string): Promise<readonly Asset[]> {
  try {
    const { root } = existsSync(path)
      ? await reader.run('open-state', { path })
      : { root: undefined };
    return root === undefined ? [] : readRoot(root).assets;
  } catch {
    return [];
  }
}

function inspectedHold(extra: Extra, list: readonly Asset[]): InspectedHold {
  const hold = holdOfExtra(extra, { list });
  return extra.texts[2] === PENDING ? { ...hold, isPending: true } : hold;
}

function shown(block: BlockView, known: readonly Asset[]): InspectedBlock {
  const { header, applyVersion, bytes, previousHash, hash, effects, commands } = block;
  const list = [...known];
  const records: InspectedRecord[] = [];
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    const extras = effects.extras(at);
    for (const extra of extras) learnAsset(extra, list);
    const start = effects.commandOffset(at);
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    records.push({
      command: shownCommand(commandOfTuple(tuple) as LoggedCommand),
      outcome: outcomeText(effects, at),
      entries: effects.entries(at).map((view) => entryOf(view, { list })),
      holds: extras
        .filter(({ tag }) => tag === EXTRA.hold)
        .map((extra) => inspectedHold(extra, list)),
      changes: extras.map((extra) => changeText(extra, list)).filter((text) => text !== ''),
    });
  }
  const { shard, seq, time, epoch } = header;
  return {
    shard,
    seq,
    time: new Date(time).toISOString(),
    epoch,
    applyVersion,
    bytes: bytes.length,
    previousHash: Buffer.from(previousHash).toString('hex'),
    hash: Buffer.from(hash).toString('hex'),
    records,
  };
}

function outcomeText(effects: EffectReader, at: number): string {
  const number = effects.refusalNumber(at);
  return number === 0 ? 'ok' : refusalCode(number);
}

/** Takes over an asset that an extra defines. */
export function learnAsset(extra: Extra, list: Asset[]): void {
  if (extra.tag !== EXTRA.asset) return;
  const [number, asset] = assetOfExtra(extra);
  if (number <= list.length) list[number] = asset;
}

function changeText({ tag, numbers, texts }: Extra, list: readonly Asset[]): string {
  const [first = 0, second = 0, third = 0] = numbers;
  if (tag === EXTRA.account) {
    const flags = [
      (second & FLAG.frozen) !== 0 ? ', frozen' : '',
      (second & FLAG.closed) !== 0 ? ', closed' : '',
    ].join('');
    return `account ${texts[0]} ${list[first]?.asset ?? `#${first}`}: credit limit ${third}${flags}`;
  }
  if (tag === EXTRA.record) {
    return `record ${texts.join(' ')}: ${third < 0 ? `version ${first} deleted` : `version ${first}, ${third} bytes`}`;
  }
  if (tag === EXTRA.reserve)
    return reserveText({ tag, numbers, texts }, list[first]?.asset ?? `#${first}`);
  if (tag === EXTRA.transit) return transitText({ tag, numbers, texts });
  if (tag === EXTRA.undo) return undoText(numbers);
  if (tag === EXTRA.occurred) return `occurred at ${new Date(first).toISOString()}`;
  if (tag === EXTRA.followUp) return followUpText({ tag, numbers, texts });
  if (tag === EXTRA.definition) {
    const [number, version, state = 0, activeFrom = 0] = numbers;
    const from = activeFrom === 0 ? '' : ` from ${new Date(activeFrom).toISOString()}`;
    return `definition ${texts.join(' ')}: version ${version}, ${DEFINITION_STATES[state]}${from}, number ${number}`;
  }
  return tag === EXTRA.asset ? `asset ${texts[0]}: number ${first}, version ${numbers[5]}` : '';
}
