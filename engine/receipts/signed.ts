// What was signed last of a shard's tree: a small file beside the log, which nothing throws away. Owns: that file. Never touches: trees, keys.
//   receipts.G1. A signed head is written down, durably, before anybody is shown it. So a log that is put back to an earlier copy is told from the
//       one that was signed.
//   receipts.G2. What an operator has accepted to be forgotten stays in the file.

import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SignedHead } from '../protocol/receipts.js';
import { CorruptionError } from '../store/errors.js';
import { shardPath } from '../store/folder.js';
import { readRecord, writeRecord } from '../store/record.js';

/** Its name in the folder of a shard. */
export const SIGNED_FILE = 'signed.json';

interface Signed {
  readonly signed: SignedHead | null;
  /** Of logs that were given up, the last one last. */
  readonly forgotten: readonly SignedHead[];
}

const NOTHING: Signed = { signed: null, forgotten: [] };

const pathOf = (folder: string, shard: number): string =>
  join(shardPath(folder, shard), SIGNED_FILE);

const crcOf = (shard: number, { signed, forgotten }: Signed): number =>
  crc32(JSON.stringify([shard, signed, forgotten]));

/** Throws CorruptionError where it is damaged. */
function read(folder: string, shard: number): Signed {
  const path = pathOf(folder, shard);
  const text = readRecord(path);
  if (text === undefined) return NOTHING;
  try {
    const { signed, forgotten, crc } = JSON.parse(text);
    if (crc === crcOf(shard, { signed, forgotten })) return { signed, forgotten };
  } catch {
    // Told below.
  }
  throw new CorruptionError(path, 'signed head', 'its CRC does not match');
}

function write(folder: string, shard: number, { signed, forgotten }: Signed): void {
  const crc = crcOf(shard, { signed, forgotten });
  writeRecord(pathOf(folder, shard), `${JSON.stringify({ signed, forgotten, crc })}\n`);
}

/** What was signed last; undefined: nothing was. Throws CorruptionError where that cannot be read. */
export const readSigned = (folder: string, shard: number): SignedHead | undefined =>
  read(folder, shard).signed ?? undefined;

/** Those of the shards of a folder that this process has open. */
export class SignedHeads {
  readonly #folder: string;
  readonly #known = new Map<number, Signed>();

  constructor(folder: string, shards: readonly number[]) {
    this.#folder = folder;
    for (const shard of shards) this.#known.set(shard, read(folder, shard));
  }

  of(shard: number): SignedHead | undefined {
    return this.#known.get(shard)?.signed ?? undefined;
  }

  /** G1. */
  remember(shard: number, signed: SignedHead): void {
    this.#write(shard, { signed, forgotten: this.#known.get(shard)?.forgotten ?? [] });
  }

  /** G2. */
  forget(shard: number): SignedHead | undefined {
    const { signed, forgotten } = this.#known.get(shard) ?? NOTHING;
    if (signed === null) return undefined;
    this.#write(shard, { signed: null, forgotten: [...forgotten, signed] });
    return signed;
  }

  #write(shard: number, next: Signed): void {
    write(this.#folder, shard, next);
    this.#known.set(shard, next);
  }
}
