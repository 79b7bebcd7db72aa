// Which segments a shard has: a small file beside them. Owns: that file, names of segments' files. Never touches: the segments.
//   segment.M1. A segment belongs to the log once its entry is in the manifest, and not before: a file without one is what a sealing that was
//       ended has left.
//   segment.M2. The manifest is written whole (store.R1). Entries follow each other, by seq and by hash, from the first block of the log on.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CorruptionError } from '../errors.js';
import { readRecord, writeRecord } from '../record.js';
import type { WrittenSegment } from './writer.js';

/** Version of the manifest's layout. */
const MANIFEST_FORMAT = 1;
const MANIFEST = 'manifest.json';
const SEQ_DIGITS = 16;
const NAME = /^\d{16}\.segment$/;

/** An entry: what was sealed, as it was read back. */
export type SegmentEntry = WrittenSegment;

interface Manifest {
  readonly format: number;
  readonly segments: readonly SegmentEntry[];
  readonly crc: number;
}

/** The folder of a shard's segments. */
export const segmentsPath = (shardFolder: string): string => join(shardFolder, 'segments');

/** The name of the file of a segment that begins with this block: names sort as segments do. */
export const segmentName = (first: number): string =>
  `${String(first).padStart(SEQ_DIGITS, '0')}.segment`;

/** Is this the name of a segment's file? */
export const isSegmentName = (name: string): boolean => NAME.test(name);

export const manifestPath = (folder: string): string => join(folder, MANIFEST);

const crcOf = (manifest: Omit<Manifest, 'crc'>): number =>
  crc32(JSON.stringify({ format: manifest.format, segments: manifest.segments }));

/** The segments of a folder, the oldest first; none: it has no manifest. Throws CorruptionError where it is damaged. */
export function readManifest(folder: string): readonly SegmentEntry[] {
  const path = manifestPath(folder);
  const text = readRecord(path);
  if (text === undefined) return [];
  const fail = (what: string): never => {
    throw new CorruptionError(path, 'manifest', what);
  };
  let manifest: Manifest;
  try {
    manifest = Object(JSON.parse(text)) as Manifest;
  } catch {
    return fail('is not JSON');
  }
  const { format, segments } = manifest;
  if (format !== MANIFEST_FORMAT)
    fail(`format ${format}, and this program knows format ${MANIFEST_FORMAT}`);
  if (!Array.isArray(segments) || manifest.crc !== crcOf(manifest)) fail('its CRC does not match');
  const gap = gapIn(segments);
  if (gap !== undefined) fail(gap);
  return segments;
}

/** Where entries do not follow each other; undefined: they do. */
function gapIn(segments: readonly SegmentEntry[]): string | undefined {
  for (const [i, { first, last, previousHash }] of segments.entries()) {
    const before = segments[i - 1];
    const follows =
      before === undefined || (first === before.last + 1 && previousHash === before.lastHash);
    if (!follows || last < first)
      return `the segment from block ${first} does not follow the one before it`;
  }
  return undefined;
}

/** Writes the manifest, durably, into a folder that is there. */
export function writeManifest(folder: string, segments: readonly SegmentEntry[]): void {
  const gap = gapIn(segments);
  if (gap !== undefined) throw new Error(`${folder}: ${gap}`);
  const manifest = { format: MANIFEST_FORMAT, segments };
  writeRecord(manifestPath(folder), `${JSON.stringify({ ...manifest, crc: crcOf(manifest) })}\n`);
}

/** Names in the folder that are neither of the manifest nor of one of its segments, nor what a sealing that was ended leaves. */
export function strangeIn(folder: string, segments: readonly SegmentEntry[]): readonly string[] {
  if (!existsSync(folder)) return [];
  const known = new Set(segments.map(({ first }) => segmentName(first)));
  const isLeft = (name: string): boolean => name.endsWith('.new') || isSegmentName(name);
  return readdirSync(folder).filter(
    (name) => name !== MANIFEST && !known.has(name) && !isLeft(name),
  );
}

/** What tells one manifest of a folder from the next one: it is renamed into its place. undefined: there is none. */
export function manifestStamp(folder: string): string | undefined {
  const stat = statSync(manifestPath(folder), { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}
