// Any value as MessagePack: what is stored beside accounts, and plans of acts. Owns: how such bytes are written and read. Never touches:
// commands (codec.ts).

import { Packr, Unpackr } from 'msgpackr';
import { OTHER, PackedReader } from './packed-reader.js';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true, int64AsType: 'number' });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number', mapsAsObjects: true });

/** Any value as bytes of its own. */
export function packValue(value: unknown): Uint8Array {
  return new Uint8Array(packr.pack(value));
}

const reader = new PackedReader();

/** The value that packValue(), or a PackedWriter, packed into the bytes [start, end). */
export function unpackValue(bytes: Uint8Array, start = 0, end = bytes.length): unknown {
  const value = reader.read(bytes, start, end);
  return value === OTHER ? unpackr.unpack(bytes.subarray(start, end) as Buffer) : value;
}
