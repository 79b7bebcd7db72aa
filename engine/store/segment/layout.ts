// The bytes of a segment: where everything is. Owns: header, table of frames, owners, footer. Never touches: files, what blocks contain.
//   segment.F1. A file is: header | frames, one after the other | table of frames | owners | footer. Each of them has a checksum and
//       they tile the file, so that no byte belongs to nothing.
//   segment.F2. A checksum begins with the shard and the part's place, so that a part of another file, or another part, is found.
//   segment.F3. Every number is little-endian; what a newer format says is refused by its number.

import { crc32 } from 'node:zlib';
import { CorruptionError } from '../errors.js';

/** "JFSEGMNT" */
const MAGIC = 0x544e_4d47_4553_464an;
/** Version of this layout. */
export const SEGMENT_FORMAT = 1;

export const HEADER_BYTES = 64;
export const FOOTER_BYTES = 256;
const FRAME_ROW_BYTES = 48;
export const HASH_BYTES = 32;

/** Some blocks, compressed together. */
export interface Frame {
  /** Its first block, and how many there are. */
  readonly first: number;
  readonly blocks: number;
  /** Time of its first block, milliseconds since 1970. */
  readonly time: number;
  /** Where it is in the file. */
  readonly offset: number;
  readonly length: number;
  /** Bytes once they are expanded. */
  readonly rawLength: number;
  readonly crc: number;
}

/** What a segment holds: the same in its footer and in the manifest. */
export interface SegmentFacts {
  readonly shard: number;
  /** First and last block. */
  readonly first: number;
  readonly last: number;
  /** Commands in its blocks, and bytes of the blocks as they were in the log. */
  readonly commands: number;
  readonly rawBytes: number;
  /** Times of the first and the last block, milliseconds since 1970. */
  readonly fromTime: number;
  readonly toTime: number;
  /** Of the block before the first one, and of the last one: hex. */
  readonly previousHash: string;
  readonly lastHash: string;
}

/** A part of the file behind the frames. */
interface Section {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** What the end of a file says. */
export interface Footer extends SegmentFacts {
  readonly table: Section;
  readonly owners: Section;
}

/** What a part's checksum begins with: no two parts of any segment of a folder have the same. */
const seed = (shard: number, first: number, part: number): number =>
  crc32(Float64Array.of(shard, first, part));
/** Parts that are no frames; a frame's number is its offset. */
const PART = { header: -1, table: -2, owners: -3, footer: -4 } as const;

export const frameCrc = (shard: number, first: number, offset: number, bytes: Uint8Array): number =>
  crc32(bytes, seed(shard, first, offset));

export const sectionCrc = (
  shard: number,
  first: number,
  part: 'table' | 'owners',
  bytes: Uint8Array,
): number => crc32(bytes, seed(shard, first, PART[part]));

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Ends a part of fixed length with its checksum. */
function sealed(bytes: Uint8Array, begin: number): Uint8Array {
  const at = bytes.length - 4;
  viewOf(bytes).setUint32(at, crc32(bytes.subarray(0, at), begin), true);
  return bytes;
}

const isSealed = (bytes: Uint8Array, begin: number): boolean => {
  const at = bytes.length - 4;
  return viewOf(bytes).getUint32(at, true) === crc32(bytes.subarray(0, at), begin);
};

export function encodeHeader(shard: number, first: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  view.setBigUint64(0, MAGIC, true);
  view.setUint32(8, SEGMENT_FORMAT, true);
  view.setUint32(12, shard, true);
  view.setFloat64(16, first, true);
  return sealed(bytes, seed(shard, first, PART.header));
}

/** Throws CorruptionError where these are not the first bytes of the segment of this shard that begins with this block. */
export function checkHeader(file: string, bytes: Uint8Array, shard: number, first: number): void {
  const fail = (what: string): never => {
    throw new CorruptionError(file, 'header', what);
  };
  const view = viewOf(bytes);
  if (bytes.length < HEADER_BYTES || view.getBigUint64(0, true) !== MAGIC) fail('is no segment');
  const format = view.getUint32(8, true);
  if (format !== SEGMENT_FORMAT)
    fail(`format ${format}, and this program knows format ${SEGMENT_FORMAT}`);
  if (!isSealed(bytes, seed(shard, first, PART.header)))
    fail(`is damaged, or of another segment than that of shard ${shard} from block ${first}`);
}

export function encodeTable(frames: readonly Frame[]): Uint8Array {
  const bytes = new Uint8Array(frames.length * FRAME_ROW_BYTES);
  const view = viewOf(bytes);
  for (const [i, frame] of frames.entries()) {
    const at = i * FRAME_ROW_BYTES;
    view.setFloat64(at, frame.first, true);
    view.setFloat64(at + 8, frame.time, true);
    view.setFloat64(at + 16, frame.offset, true);
    view.setUint32(at + 24, frame.length, true);
    view.setUint32(at + 28, frame.rawLength, true);
    view.setUint32(at + 32, frame.crc, true);
    view.setUint32(at + 36, frame.blocks, true);
  }
  return bytes;
}

/** The frames of a segment, by place. Rows are made as they are asked for: a large segment has some 100,000. */
export class FrameTable {
  readonly count: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.count = Math.floor(bytes.length / FRAME_ROW_BYTES);
    this.#view = viewOf(bytes);
  }

  at(place: number): Frame {
    const [view, at] = [this.#view, place * FRAME_ROW_BYTES];
    return {
      first: view.getFloat64(at, true),
      time: view.getFloat64(at + 8, true),
      offset: view.getFloat64(at + 16, true),
      length: view.getUint32(at + 24, true),
      rawLength: view.getUint32(at + 28, true),
      crc: view.getUint32(at + 32, true),
      blocks: view.getUint32(at + 36, true),
    };
  }

  /** The place of the frame with a block of the segment. */
  placeOf(seq: number): number {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#view.getFloat64(middle * FRAME_ROW_BYTES, true) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export function encodeFooter(footer: Footer): Uint8Array {
  const { shard, first, table, owners } = footer;
  const bytes = new Uint8Array(FOOTER_BYTES);
  const view = viewOf(bytes);
  view.setBigUint64(0, MAGIC, true);
  view.setUint32(8, SEGMENT_FORMAT, true);
  view.setUint32(12, shard, true);
  const numbers = [
    ...[first, footer.last, footer.commands, footer.rawBytes, footer.fromTime, footer.toTime],
    ...[table.offset, table.length, table.crc, owners.offset, owners.length, owners.crc],
  ];
  for (const [i, number] of numbers.entries()) view.setFloat64(16 + i * 8, number, true);
  bytes.set(Buffer.from(footer.previousHash, 'hex'), 112);
  bytes.set(Buffer.from(footer.lastHash, 'hex'), 112 + HASH_BYTES);
  return sealed(bytes, seed(shard, first, PART.footer));
}

/** Throws CorruptionError where these are not the last bytes of the segment of this shard that begins with this block. */
export function decodeFooter(
  file: string,
  bytes: Uint8Array,
  shard: number,
  first: number,
): Footer {
  const view = viewOf(bytes);
  if (bytes.length < FOOTER_BYTES || !isSealed(bytes, seed(shard, first, PART.footer)))
    throw new CorruptionError(file, 'footer', 'is damaged, or the file is cut short');
  const number = (place: number): number => view.getFloat64(16 + place * 8, true);
  const hex = (at: number): string =>
    Buffer.from(bytes.subarray(at, at + HASH_BYTES)).toString('hex');
  const section = (place: number): Section => ({
    offset: number(place),
    length: number(place + 1),
    crc: number(place + 2),
  });
  return {
    ...{ shard, first, last: number(1), commands: number(2), rawBytes: number(3) },
    ...{ fromTime: number(4), toTime: number(5), table: section(6), owners: section(9) },
    ...{ previousHash: hex(112), lastHash: hex(112 + HASH_BYTES) },
  };
}

/** The bytes of a frame before they are compressed: how many blocks, the length of each, then the blocks. */
export function packFrame(blocks: readonly Uint8Array[], bytes: number): Uint8Array {
  const head = 4 + 4 * blocks.length;
  const raw = new Uint8Array(head + bytes);
  const view = viewOf(raw);
  view.setUint32(0, blocks.length, true);
  let at = head;
  for (const [i, block] of blocks.entries()) {
    view.setUint32(4 + 4 * i, block.length, true);
    raw.set(block, at);
    at += block.length;
  }
  return raw;
}

/** Block `place` of an expanded frame, in a buffer of its own; undefined: the frame's bytes do not say where. */
export function blockIn(raw: Uint8Array, place: number): Uint8Array | undefined {
  const view = viewOf(raw);
  if (raw.length < 4) return undefined;
  const count = view.getUint32(0, true);
  let at = 4 + 4 * count;
  if (place >= count || at > raw.length) return undefined;
  for (let i = 0; i < place; i++) at += view.getUint32(4 + 4 * i, true);
  const end = at + view.getUint32(4 + 4 * place, true);
  return end > raw.length ? undefined : Uint8Array.prototype.slice.call(raw, at, end);
}
