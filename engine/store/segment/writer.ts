// Writing a segment. Owns: what follows what in the file, its digest. Never touches: whether it may be believed (check.ts), its entry in
// the manifest.
//   segment.W1. Blocks follow each other: by seq, by hash, by time, of one shard. What does not is not written.
//   segment.W2. end() has synced the file. It has a name that nobody takes for a segment's until it was read back.

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { SEGMENT_FRAME_BYTES } from '../../limits.js';
import { type BlockView, HASH_BYTES } from '../../protocol/block.js';
import { CorruptionError } from '../errors.js';
import { compress } from './codec.js';
import {
  encodeFooter,
  encodeHeader,
  encodeTable,
  type Frame,
  frameCrc,
  packFrame,
  type SegmentFacts,
  sectionCrc,
} from './layout.js';
import { OwnerHashes } from './owners.js';

/** A segment as it is on disk. */
export interface WrittenSegment extends SegmentFacts {
  /** Of the file. */
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
}

/** Writes one segment, block by block. */
export class SegmentWriter {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #digest = createHash('sha256');
  readonly #frames: Frame[] = [];
  readonly #owners = new OwnerHashes();
  readonly #shard: number;
  readonly #first: number;
  readonly #previousHash: Uint8Array;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #waitingTime = 0;
  #offset = 0;
  #last: number;
  #lastHash: Uint8Array;
  #fromTime = 0;
  #toTime = 0;
  #commands = 0;
  #rawBytes = 0;
  #isOpen = true;

  /** `before`: the hash of the block before the first one. */
  constructor(path: string, shard: number, first: number, before: Uint8Array) {
    this.#path = path;
    this.#shard = shard;
    this.#first = first;
    this.#last = first - 1;
    this.#previousHash = before.slice();
    this.#lastHash = this.#previousHash;
    this.#descriptor = openSync(path, 'w', 0o600);
    this.#write(encodeHeader(shard, first));
  }

  /** Frames that are written. */
  get frames(): number {
    return this.#frames.length;
  }

  /** Bytes of the blocks so far. */
  get rawBytes(): number {
    return this.#rawBytes;
  }

  /** The next block, whose hash was checked. */
  add(block: BlockView): void {
    const { header } = block;
    const fail = (what: string): never => {
      throw new CorruptionError('log', `block ${header.seq}`, what);
    };
    if (header.shard !== this.#shard) fail(`belongs to shard ${header.shard}`);
    if (header.seq !== this.#last + 1) fail(`does not follow block ${this.#last}`);
    if (Buffer.compare(block.previousHash, this.#lastHash) !== 0)
      fail(`does not follow block ${this.#last}: the hash chain is broken`);
    if (header.time < this.#toTime) fail('its time is before that of the block before it');
    if (header.seq === this.#first) this.#fromTime = header.time;
    if (this.#waiting.length === 0) this.#waitingTime = header.time;
    this.#owners.addOf(block);
    this.#waiting.push(block.bytes);
    this.#waitingBytes += block.bytes.length;
    this.#rawBytes += block.bytes.length;
    this.#commands += header.count;
    this.#last = header.seq;
    this.#toTime = header.time;
    this.#lastHash = block.hash.slice(0, HASH_BYTES);
    if (this.#waitingBytes >= SEGMENT_FRAME_BYTES) this.#endFrame();
  }

  #endFrame(): void {
    const { length: blocks } = this.#waiting;
    if (blocks === 0) return;
    const raw = packFrame(this.#waiting, this.#waitingBytes);
    const bytes = compress(raw);
    const offset = this.#offset;
    this.#frames.push({
      ...{ first: this.#last - blocks + 1, blocks, time: this.#waitingTime, offset },
      ...{ length: bytes.length, rawLength: raw.length },
      crc: frameCrc(this.#shard, this.#first, offset, bytes),
    });
    this.#write(bytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Ends the file and syncs it; the file is closed, whatever happens. */
  end(): WrittenSegment {
    try {
      return this.#end();
    } finally {
      this.abandon();
    }
  }

  #end(): WrittenSegment {
    this.#endFrame();
    const section = (part: 'table' | 'owners', bytes: Uint8Array) => {
      const crc = sectionCrc(this.#shard, this.#first, part, bytes);
      const place = { offset: this.#offset, length: bytes.length, crc };
      this.#write(bytes);
      return place;
    };
    const facts: SegmentFacts = {
      ...{ shard: this.#shard, first: this.#first, last: this.#last },
      ...{ commands: this.#commands, rawBytes: this.#rawBytes },
      ...{ fromTime: this.#fromTime, toTime: this.#toTime },
      previousHash: Buffer.from(this.#previousHash).toString('hex'),
      lastHash: Buffer.from(this.#lastHash).toString('hex'),
    };
    const table = section('table', encodeTable(this.#frames));
    const owners = section('owners', this.#owners.bytes());
    this.#write(encodeFooter({ ...facts, table, owners }));
    fsyncSync(this.#descriptor);
    return { ...facts, bytes: this.#offset, digest: this.#digest.digest('hex') };
  }

  /** Lets go of the file; what is there of it stays. */
  abandon(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isOpen) throw new Error(`${this.#path} is not open for writing`);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.#digest.update(bytes);
    this.#offset += bytes.length;
  }
}
