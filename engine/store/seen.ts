// What a shard has seen of those elsewhere, kept beside it. Owns: the record. Never touches: what follows from it.
// Written whole (store.R1) at a clean stop and now and then, not for every message: after a crash the last seconds are not known.

import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Sight } from '../bus/seen.js';
import { CorruptionError } from './errors.js';
import { shardPath } from './folder.js';
import { readRecord, writeRecord } from './record.js';

const seenPath = (folder: string, shard: number): string =>
  join(shardPath(folder, shard), 'seen.json');

const crcOf = (shard: number, sights: readonly Sight[]): number =>
  crc32(`${shard} ${JSON.stringify(sights)}`);

export function writeSeen(folder: string, shard: number, sights: readonly Sight[]): void {
  const text = JSON.stringify({ sights, crc: crcOf(shard, sights) });
  writeRecord(seenPath(folder, shard), `${text}\n`);
}

/** None where there is no record. Throws CorruptionError when it is damaged. */
export function readSeen(folder: string, shard: number): readonly Sight[] {
  const path = seenPath(folder, shard);
  const text = readRecord(path);
  if (text === undefined) return [];
  let value: { readonly sights?: readonly Sight[]; readonly crc?: unknown };
  try {
    value = Object(JSON.parse(text));
  } catch {
    throw new CorruptionError(path, 'record of what was seen', 'not JSON');
  }
  const { sights, crc } = value;
  if (!Array.isArray(sights) || crc !== crcOf(shard, sights))
    throw new CorruptionError(path, 'record of what was seen', 'its CRC does not match');
  return sights;
}
