// A segment read back as a whole. Owns: what must be true of every byte of it. Never touches: what commands and records mean, which is for
// engine/audit.
//   segment.V1. Every block is expanded and hashed, follows the one before it, and all together are what header, table, owners and footer say
//       of them; the file has nothing else in it.
//   segment.V2. The digest is of the same bytes: where an entry of the manifest says another one, the file is not that segment.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { BlockView } from '../../protocol/block.js';
import { CorruptionError } from '../errors.js';
import { verifiedBlock } from '../verified-block.js';
import { SegmentFile } from './file.js';
import { blockIn, FOOTER_BYTES, HEADER_BYTES, type SegmentFacts } from './layout.js';
import { OwnerHashes } from './owners.js';
import type { WrittenSegment } from './writer.js';

/** Bytes that are hashed at a time. */
const STEP_BYTES = 1024 * 1024;

/** SHA-256 of a file, hex. `pause`: called between two steps. */
export async function digestOf(path: string, pause: () => Promise<void>): Promise<string> {
  const hash = createHash('sha256');
  const bytes = new Uint8Array(STEP_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(descriptor, bytes, 0, STEP_BYTES, null);
      if (read === 0) return hash.digest('hex');
      hash.update(bytes.subarray(0, read));
      await pause();
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What a check asks for beside the file. */
export interface CheckWay {
  /** Called after every frame, with the last block that was looked at. */
  readonly onProgress?: ((seq: number) => void) | undefined;
  /** Called between two steps: other things have their turn. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Checks a segment against what was said of it. Throws CorruptionError that names file and place. */
export async function checkSegment(
  path: string,
  said: WrittenSegment,
  { onProgress = () => {}, pause = async () => {} }: CheckWay = {},
): Promise<void> {
  const fail = (key: string, what: string): never => {
    throw new CorruptionError(path, key, what);
  };
  const file = new SegmentFile(path, said.shard, said.first);
  try {
    const { footer, frames } = file;
    const owners = new OwnerHashes();
    let offset = HEADER_BYTES;
    const sums = { last: said.first - 1, commands: 0, rawBytes: 0, fromTime: 0, toTime: 0 };
    let hash = said.previousHash;
    for (let place = 0; place < frames.count; place++) {
      const frame = frames.at(place);
      if (frame.offset !== offset || frame.first !== sums.last + 1)
        fail('table', `frame ${place} does not follow the one before it`);
      offset += frame.length;
      const raw = file.expand(place);
      let rawBytes = 0;
      for (let i = 0; i < frame.blocks; i++) {
        const bytes = blockIn(raw, i);
        if (bytes === undefined) return fail(`frame of block ${frame.first}`, 'lacks a block');
        const block = verifiedBlock(bytes, sums.last + 1);
        const fault = faultIn(block, said.shard, hash, sums.toTime);
        if (fault !== undefined) fail(`block ${block.header.seq}`, fault);
        if (place === 0 && i === 0) sums.fromTime = block.header.time;
        if (i === 0 && frame.time !== block.header.time)
          fail('table', `frame ${place} has another time than its first block`);
        owners.addOf(block);
        rawBytes += bytes.length;
        sums.commands += block.header.count;
        sums.last = block.header.seq;
        sums.toTime = block.header.time;
        hash = Buffer.from(block.hash).toString('hex');
      }
      if (raw.length !== 4 + 4 * frame.blocks + rawBytes)
        fail(`frame of block ${frame.first}`, 'has more in it than its blocks');
      sums.rawBytes += rawBytes;
      onProgress(sums.last);
      await pause();
    }
    const { table, owners: listed } = footer;
    if (table.offset !== offset) fail('table', 'does not follow the frames');
    if (listed.offset !== offset + table.length) fail('owners', 'do not follow the table');
    if (listed.offset + listed.length !== file.bytes - FOOTER_BYTES)
      fail('footer', 'does not follow the owners');
    if (Buffer.compare(owners.bytes(), file.owners()) !== 0) fail('owners', 'are others');
    const found = { ...sums, lastHash: hash };
    for (const name of Object.keys(found) as (keyof typeof found)[])
      for (const [who, facts] of [
        ['footer', footer],
        ['manifest', said],
      ] as const)
        if (found[name] !== facts[name])
          fail(who, `says ${name} ${facts[name]}, and the blocks come to ${found[name]}`);
    if (footer.previousHash !== said.previousHash) fail('footer', 'names another block before it');
  } finally {
    file.close();
  }
  if (file.bytes !== said.bytes) fail('file', `has ${file.bytes} bytes in place of ${said.bytes}`);
  if ((await digestOf(path, pause)) !== said.digest) fail('file', 'is another one than was sealed');
}

/** Why a block is not the next one; undefined: it is. */
function faultIn(
  { header, previousHash }: BlockView,
  shard: number,
  before: string,
  time: number,
): string | undefined {
  if (header.shard !== shard) return `belongs to shard ${header.shard}`;
  if (Buffer.from(previousHash).toString('hex') !== before)
    return 'does not follow the block before it: the hash chain is broken';
  return header.time < time ? 'its time is before that of the block before it' : undefined;
}

/** What a file says of itself, as far as its ends are sound: what an entry of the manifest that is lost would say. */
export async function readFacts(
  path: string,
  shard: number,
  first: number,
  pause: () => Promise<void> = async () => {},
): Promise<WrittenSegment> {
  const file = new SegmentFile(path, shard, first);
  const { table: _table, owners: _owners, ...facts } = file.footer;
  file.close();
  return {
    ...(facts satisfies SegmentFacts),
    bytes: file.bytes,
    digest: await digestOf(path, pause),
  };
}
