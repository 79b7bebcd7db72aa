// A segment that is read. Owns: finding a block in its file, that what does not fit its checksum is not read. Never touches: what blocks mean.
//   segment.R1. A block comes back as it was in the log, or not at all: a frame is expanded only when its checksum is right, and
//       callers check the block's own hash.
//   segment.R2. Reading takes no more memory than the largest frame, whatever a damaged file says.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SEGMENT_FRAME_BYTES_MAX } from '../../limits.js';
import { CorruptionError } from '../errors.js';
import { expand } from './codec.js';
import {
  blockIn,
  checkHeader,
  decodeFooter,
  FOOTER_BYTES,
  type Footer,
  type Frame,
  FrameTable,
  frameCrc,
  HEADER_BYTES,
  sectionCrc,
} from './layout.js';

/** A segment's file, open for reading. */
export class SegmentFile {
  readonly path: string;
  readonly bytes: number;
  readonly footer: Footer;
  readonly frames: FrameTable;
  readonly #descriptor: number;
  #owners: Uint8Array | undefined;

  /** Of a shard, from this block on. Throws CorruptionError where it is damaged or another one. */
  constructor(path: string, shard: number, first: number) {
    this.path = path;
    this.#descriptor = openSync(path, 'r');
    try {
      this.bytes = fstatSync(this.#descriptor).size;
      if (this.bytes < HEADER_BYTES + FOOTER_BYTES)
        throw new CorruptionError(path, 'file', `ends after ${this.bytes} bytes`);
      checkHeader(path, this.#read(0, HEADER_BYTES), shard, first);
      const end = this.bytes - FOOTER_BYTES;
      this.footer = decodeFooter(path, this.#read(end, FOOTER_BYTES), shard, first);
      this.frames = new FrameTable(this.#section('table'));
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** A block of it, in a buffer of its own. Throws CorruptionError where its frame is damaged. */
  block(seq: number, expanded: (place: number) => Uint8Array): Uint8Array {
    const place = this.frames.placeOf(seq);
    const { first, blocks } = this.frames.at(place);
    const bytes =
      seq >= first && seq < first + blocks ? blockIn(expanded(place), seq - first) : undefined;
    if (bytes === undefined)
      throw new CorruptionError(this.path, `block ${seq}`, 'is not where it should be');
    return bytes;
  }

  /** A frame, expanded. */
  expand(place: number): Uint8Array {
    const frame = this.frames.at(place);
    const fail = (what: string): never => {
      throw new CorruptionError(this.path, `frame of block ${frame.first}`, what);
    };
    if (!this.#fits(frame)) fail('does not lie within the file');
    const bytes = this.#read(frame.offset, frame.length);
    const { shard, first } = this.footer;
    if (frameCrc(shard, first, frame.offset, bytes) !== frame.crc) fail('its CRC does not match');
    try {
      return expand(bytes, frame.rawLength);
    } catch (error) {
      return fail(`cannot be expanded: ${(error as Error).message}`);
    }
  }

  #fits({ offset, length, rawLength }: Frame): boolean {
    const { table } = this.footer;
    const isWithin = offset >= HEADER_BYTES && offset + length <= table.offset;
    return isWithin && rawLength <= SEGMENT_FRAME_BYTES_MAX;
  }

  /** The hashes of owners with entries in it (owners.ts). */
  owners(): Uint8Array {
    this.#owners ??= this.#section('owners');
    return this.#owners;
  }

  #section(name: 'table' | 'owners'): Uint8Array {
    const { shard, first } = this.footer;
    const { offset, length, crc } = this.footer[name];
    const end = this.bytes - FOOTER_BYTES;
    if (!(offset >= HEADER_BYTES && length >= 0 && offset + length <= end))
      throw new CorruptionError(this.path, name, 'does not lie within the file');
    const bytes = this.#read(offset, length);
    if (sectionCrc(shard, first, name, bytes) !== crc)
      throw new CorruptionError(this.path, name, 'its CRC does not match');
    return bytes;
  }

  #read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const read = readSync(this.#descriptor, bytes, at, length - at, offset + at);
      if (read === 0) throw new CorruptionError(this.path, 'file', 'ends too early');
      at += read;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
