// Packed commands in a frame, with how many they are: i32 count, i32 0 | commands. Owns: that layout. Never touches: commands.

import type { Frame } from './ring.js';

const HEAD_BYTES = 8;
const head = new Int32Array(HEAD_BYTES / 4);
const headBytes = new Uint8Array(head.buffer);

/** The parts of a frame with so many packed commands; the first part is used again for the next one. */
export function parcelParts(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  head[0] = count;
  return [headBytes, bytes];
}

/** Packed commands as they came. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** What is in a frame; the bytes are a view of it. */
export function parcelIn({ bytes }: Frame): Parcel {
  const [count = 0] = new Int32Array(bytes.buffer, bytes.byteOffset, 1);
  return { bytes: bytes.subarray(HEAD_BYTES), count };
}
