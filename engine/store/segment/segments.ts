// The sealed part of a shard's log, as its readers see it. Owns: which segment a block is in, files that are open, frames that are kept.
// Never touches: the tail (log.ts), the sealing.
//   segment.S1. What is read is what the manifest names: it is looked at again where a block is asked for that is not in what is known of it.
//   segment.S2. Memory and open files are bounded: SEGMENT_CACHE_BYTES of expanded frames, SEGMENT_FILES_OPEN files.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SEGMENT_CACHE_BYTES, SEGMENT_FILES_OPEN } from '../../limits.js';
import { CorruptionError } from '../errors.js';
import { SegmentFile } from './file.js';
import { manifestStamp, readManifest, type SegmentEntry, segmentName } from './manifest.js';

/** The oldest leave first. */
function shorten<K, V>(kept: Map<K, V>, isTooMuch: () => boolean, leave: (value: V) => void): void {
  for (const [key, value] of kept) {
    if (kept.size === 1 || !isTooMuch()) return;
    kept.delete(key);
    leave(value);
  }
}

/** What is looked up again moves behind all others. */
function again<K, V>(kept: Map<K, V>, key: K): V | undefined {
  const value = kept.get(key);
  if (value === undefined) return undefined;
  kept.delete(key);
  kept.set(key, value);
  return value;
}

export class Segments {
  /** Where they are. */
  readonly folder: string;
  #stamp: string | undefined;
  #entries: readonly SegmentEntry[] = [];
  readonly #files = new Map<number, SegmentFile>();
  readonly #frames = new Map<string, Uint8Array>();
  #frameBytes = 0;

  /** Throws CorruptionError where the manifest is damaged. */
  constructor(folder: string) {
    this.folder = folder;
    this.refresh();
  }

  /** Those that are known, the oldest first. */
  get entries(): readonly SegmentEntry[] {
    return this.#entries;
  }

  /** The first block of all; 0: there is no segment. */
  get first(): number {
    return this.#entries[0]?.first ?? 0;
  }

  /** The last block of all; 0: there is no segment. */
  get last(): number {
    return this.#entries.at(-1)?.last ?? 0;
  }

  /** Looks whether there are more. */
  refresh(): void {
    const stamp = manifestStamp(this.folder);
    if (stamp === this.#stamp) return;
    this.#entries = readManifest(this.folder);
    this.#stamp = stamp;
  }

  /** The segment with a block; undefined: none has it. */
  entryOf(seq: number): SegmentEntry | undefined {
    const entries = this.#entries;
    let [low, high] = [0, entries.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle] as SegmentEntry;
      if (seq < entry.first) high = middle - 1;
      else if (seq > entry.last) low = middle + 1;
      else return entry;
    }
    return undefined;
  }

  pathOf({ first }: SegmentEntry): string {
    return join(this.folder, segmentName(first));
  }

  /** Throws CorruptionError where the file of a segment is not there, or cut short. */
  expectFile(entry: SegmentEntry): void {
    const path = this.pathOf(entry);
    if (!existsSync(path)) throw new CorruptionError(path, 'file', 'is missing');
    const { size } = statSync(path);
    if (size !== entry.bytes)
      throw new CorruptionError(path, 'file', `has ${size} bytes in place of ${entry.bytes}`);
  }

  /** A block's bytes, in a buffer of its own; undefined: no segment has it. Throws CorruptionError where its segment is missing or damaged. */
  read(seq: number): Uint8Array | undefined {
    let entry = this.entryOf(seq);
    if (entry === undefined) {
      this.refresh();
      entry = this.entryOf(seq);
      if (entry === undefined) return undefined;
    }
    const file = this.#open(entry);
    return file.block(seq, (place) => this.#frame(file, place));
  }

  #open(entry: SegmentEntry): SegmentFile {
    const { first, shard } = entry;
    const known = again(this.#files, first);
    if (known !== undefined) return known;
    this.expectFile(entry);
    const file = new SegmentFile(this.pathOf(entry), shard, first);
    if (file.footer.lastHash !== entry.lastHash || file.footer.last !== entry.last) {
      file.close();
      throw new CorruptionError(
        file.path,
        'footer',
        'is of another segment than the manifest names',
      );
    }
    this.#files.set(first, file);
    shorten(
      this.#files,
      () => this.#files.size > SEGMENT_FILES_OPEN,
      (old) => old.close(),
    );
    return file;
  }

  #frame(file: SegmentFile, place: number): Uint8Array {
    const key = `${file.footer.first} ${place}`;
    const known = again(this.#frames, key);
    if (known !== undefined) return known;
    const frame = file.expand(place);
    this.#frames.set(key, frame);
    this.#frameBytes += frame.length;
    shorten(
      this.#frames,
      () => this.#frameBytes > SEGMENT_CACHE_BYTES,
      (old) => {
        this.#frameBytes -= old.length;
      },
    );
    return frame;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#frames.clear();
    this.#frameBytes = 0;
  }
}
