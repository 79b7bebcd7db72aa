// How frames are compressed. Owns: the codec. Never touches: what is in a frame.

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Measured in README.md. */
const QUALITY = 4;

export const compress = (bytes: Uint8Array): Uint8Array =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/** Throws where the bytes are not a frame of that length: never more memory than that. */
export function expand(bytes: Uint8Array, rawLength: number): Uint8Array {
  const raw = brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, rawLength) });
  if (raw.length !== rawLength) throw new Error(`${raw.length} bytes in place of ${rawLength}`);
  return raw;
}
