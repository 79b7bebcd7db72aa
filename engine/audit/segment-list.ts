// The sealed segments of a folder, as a list. Owns: what is told of one. Never touches: anything in the folder.

import { join } from 'node:path';
import { ownerHash } from '../protocol/hash.js';
import { openFolder, shardPath } from '../store/folder.js';
import { SegmentFile } from '../store/segment/file.js';
import {
  readManifest,
  type SegmentEntry,
  segmentName,
  segmentsPath,
} from '../store/segment/manifest.js';
import { hasOwner } from '../store/segment/owners.js';

/** A segment, with where it is. */
export interface ListedSegment extends SegmentEntry {
  readonly path: string;
}

/**
 * The segments of a folder, shard by shard, the oldest first; with `owner`, those with entries of that owner's accounts (and rarely one
 * without). Takes no lock. Throws FolderError where there is no data folder, CorruptionError where what it reads is damaged.
 */
export async function listSegments(path: string, owner?: string): Promise<ListedSegment[]> {
  const folder = openFolder(path, { create: false, lock: false });
  const found: ListedSegment[] = [];
  for (const shard of folder.here) {
    const segments = segmentsPath(shardPath(folder.path, shard));
    for (const entry of readManifest(segments)) {
      const file = join(segments, segmentName(entry.first));
      if (owner === undefined || holds(file, entry, owner)) found.push({ ...entry, path: file });
    }
  }
  return found;
}

function holds(path: string, { shard, first }: SegmentEntry, owner: string): boolean {
  const file = new SegmentFile(path, shard, first);
  try {
    return hasOwner(file.owners(), ownerHash(owner));
  } finally {
    file.close();
  }
}
