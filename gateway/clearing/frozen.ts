// The bytes of a closed cycle's statement. Owns: where they lie, in pieces. Never touches: what is in them; signing.
//   clearing.B1. They are written before the cycle is closed, and never after it: whoever goes on closing writes the same ones.
//   clearing.B2. What is read back has the digest that the cycle says, or it is not told.

import { createHash } from 'node:crypto';
import { limits } from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';

const TYPE = 'statement';
const PIECE_DIGITS = 6;
const keyOf = (form: string, piece: number): string =>
  `${form}-${String(piece).padStart(PIECE_DIGITS, '0')}`;

/** SHA-256 in hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Writes bytes down, in pieces that records take. */
export async function freeze(
  { own }: OwnLedger,
  owner: string,
  form: string,
  bytes: Uint8Array,
): Promise<Refusal | undefined> {
  for (let at = 0; at < bytes.length; at += limits.RECORD_BYTES_MAX) {
    const value = bytes.subarray(at, at + limits.RECORD_BYTES_MAX);
    const key = keyOf(form, at / limits.RECORD_BYTES_MAX);
    const outcome = await own.submit({ type: 'put-record', owner, recordType: TYPE, key, value });
    if (!outcome.ok) return outcome;
  }
  return undefined;
}

/** The bytes that were written down. Throws where they are not what `digest` says. */
export async function frozen(
  { own }: OwnLedger,
  owner: string,
  form: string,
  digest: string,
): Promise<Uint8Array | Refusal> {
  const pieces: Uint8Array[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await own.records({ owner, recordType: TYPE, after });
    if (isRefusal(page)) return page;
    for (const { key, value } of page) if (key.startsWith(`${form}-`)) pieces.push(value);
    after = page.at(-1)?.key;
    if (page.length < limits.RECORDS_PAGE_MAX) break;
  }
  const bytes = Buffer.concat(pieces);
  if (sha256(bytes) !== digest) throw new Error(`B2: the statement of ${owner} is another one`);
  return bytes;
}
