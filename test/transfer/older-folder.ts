// Folders that an earlier release wrote, out of the blocks that tests keep of it. Owns: how they are put there. Never touches: what is
// in them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Test } from 'tap';
import { BlockView, blockBytes, HASH_BYTES, writeBlock } from '../../engine/protocol/block.js';
import { openFolder, shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { hashOf } from '../../engine/store/verified-block.js';
import { temporaryFolder } from '../temporary.js';

/** A shard's blocks, each with its length before it, deflated, in base64. */
export function unpacked(text: string): Uint8Array[] {
  const all = inflateRawSync(Buffer.from(text, 'base64'));
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at);
    blocks.push(new Uint8Array(all.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return blocks;
}

/** The blocks of a shard as a release with that version of all rules would have written them. */
export function asOlder(blocks: readonly Uint8Array[], applyVersion: number): Uint8Array[] {
  let previous: Uint8Array = new Uint8Array(HASH_BYTES);
  return blocks.map((bytes) => {
    const { header, commands, effects } = new BlockView(bytes);
    const block = new Uint8Array(blockBytes(commands.length, effects.u8.length));
    const hashed = writeBlock(block, header, previous, commands, effects.u8);
    new DataView(block.buffer).setUint16(6, applyVersion, true);
    previous = hashOf(block.subarray(0, hashed));
    block.set(previous, hashed);
    return block;
  });
}

/** All blocks of a shard. */
export async function blocksOf(folder: string, shard: number): Promise<Uint8Array[]> {
  const log = Log.open(shardLogPath(folder, shard));
  const blocks: Uint8Array[] = [];
  for (let seq = 1; ; seq++) {
    const block = log.read(seq);
    if (block === undefined) break;
    blocks.push(block.slice());
  }
  await log.close();
  return blocks;
}

/** A folder with these blocks of each shard, as the release with that version of all rules left it. */
export async function olderFolder(
  t: Test,
  applyVersion: number,
  blocks: readonly (readonly Uint8Array[])[],
): Promise<string> {
  const folder = join(temporaryFolder(t), 'folder');
  openFolder(folder, { shards: blocks.length, create: true, lock: false });
  const file = join(folder, 'folder.json');
  const made = { ...JSON.parse(readFileSync(file, 'utf8')), applyVersion, crc: 0 };
  writeFileSync(file, JSON.stringify({ ...made, crc: crc32(JSON.stringify(made)) }));
  for (const [shard, some] of blocks.entries()) {
    const log = Log.open(shardLogPath(folder, shard));
    for (const [i, block] of some.entries()) await log.append(i + 1, block.slice());
    await log.close();
  }
  return folder;
}
