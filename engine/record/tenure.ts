// What a folder knows of its place in a log of record. Owns: the record of a shard's last opening. Never touches: what follows from it.
//   record.T1. Written before taking over: whoever reads it knows whom this folder was about to replace, whatever became of it.

import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CorruptionError } from '../store/errors.js';
import { shardPath } from '../store/folder.js';
import { readRecord, writeRecord } from '../store/record.js';

/** The last opening of a shard by this folder. */
export interface Tenure {
  /** The ledger that the log of record is of: a UUID. */
  readonly ledger: string;
  /** Of the opening. */
  readonly holder: string;
  /** Whom it took over from. */
  readonly replaced: { readonly epoch: number; readonly holder: string };
}

const tenurePath = (folder: string, shard: number): string =>
  join(shardPath(folder, shard), 'record.json');

const crcOf = (shard: number, { ledger, holder, replaced }: Tenure): number =>
  crc32(`${shard} ${ledger} ${holder} ${replaced.epoch} ${replaced.holder}`);

export function writeTenure(folder: string, shard: number, tenure: Tenure): void {
  const { ledger, holder, replaced } = tenure;
  const text = JSON.stringify({ ledger, holder, replaced, crc: crcOf(shard, tenure) });
  writeRecord(tenurePath(folder, shard), `${text}\n`);
}

/** undefined: this folder has never opened the shard by a log of record. Throws CorruptionError where the record is damaged. */
export function readTenure(folder: string, shard: number): Tenure | undefined {
  const path = tenurePath(folder, shard);
  const text = readRecord(path);
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Tenure & { crc: number };
    if (found.crc === crcOf(shard, found)) return found;
  } catch {
    // As one whose CRC does not match.
  }
  throw new CorruptionError(path, 'record of the last opening', 'its CRC does not match');
}
