// What opening is told, checked. Owns: which options are refused. Never touches: the ledger.

import { join } from 'node:path';
import type { OpenOptions, SegmentOptions } from './api.js';
import { shardsText } from './cluster/description.js';
import {
  AUDIT_DAYS,
  DAY_MS,
  DISK_FREE_BYTES_MIN,
  DRAW_PERIOD_MS,
  DRAW_PERIOD_MS_MAX,
  DRAW_PERIOD_MS_MIN,
  FAILOVER_STAND_MS,
  FAILOVER_STAND_MS_MAX,
  FAILOVER_STAND_MS_MIN,
  REPLICA_NAME_LENGTH_MAX,
  SEGMENT_BYTES,
  SEGMENT_DAYS,
  SEGMENT_HOT_BYTES,
} from './limits.js';
import type { SealingSettings } from './sealing/figures.js';
import { FolderError } from './store/errors.js';
import type { Folder } from './store/folder.js';

const MIB = 1024 * 1024;
const CACHE_MB = 1_024;
const REPLICA_NAME = new RegExp(`^[A-Za-z0-9._-]{1,${REPLICA_NAME_LENGTH_MAX}}$`);

/** The wall clock, as tests may have set it. */
export function clockOf({ clockOffset }: OpenOptions): () => number {
  if (clockOffset === undefined) return Date.now;
  const offset = new Float64Array(clockOffset);
  return () => Date.now() + Math.round(offset[0] ?? 0);
}

/** Memory for caches, over all shards. */
export const cacheBytesOf = ({ cacheMb = CACHE_MB }: OpenOptions): number => cacheMb * MIB;

function checkReplica({ replica, record }: OpenOptions): void {
  if (replica === undefined) return;
  if (record === undefined) throw new TypeError('replica goes with record: others take over by it');
  if (!REPLICA_NAME.test(replica.name))
    throw new TypeError(
      `replica.name: 1 to ${REPLICA_NAME_LENGTH_MAX} characters out of A-Z a-z 0-9 . _ -`,
    );
  const { standMs = FAILOVER_STAND_MS } = replica;
  const isRight = standMs >= FAILOVER_STAND_MS_MIN && standMs <= FAILOVER_STAND_MS_MAX;
  if (!Number.isSafeInteger(standMs) || !isRight)
    throw new RangeError(
      `replica.standMs is a whole number from ${FAILOVER_STAND_MS_MIN} to ${FAILOVER_STAND_MS_MAX}`,
    );
}

function checkBytes(name: string, bytes = 0): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new RangeError(`${name} is a whole number of bytes, 0 or more`);
}

function checkDays(days = AUDIT_DAYS): void {
  if (!Number.isSafeInteger(days) || days < 1)
    throw new RangeError('auditDays is a whole number of days, 1 or more');
}

function checkPeriod(periodMs = DRAW_PERIOD_MS): void {
  const isRight = periodMs >= DRAW_PERIOD_MS_MIN && periodMs <= DRAW_PERIOD_MS_MAX;
  if (!Number.isSafeInteger(periodMs) || !isRight)
    throw new RangeError(
      `drawPeriodMs is a whole number from ${DRAW_PERIOD_MS_MIN} to ${DRAW_PERIOD_MS_MAX}`,
    );
}

function checkSegments({ bytes = 1, days = 1, hotBytes }: SegmentOptions = {}): void {
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new RangeError('segments.bytes is a whole number of bytes, 1 or more');
  if (!Number.isSafeInteger(days) || days < 1)
    throw new RangeError('segments.days is a whole number of days, 1 or more');
  checkBytes('segments.hotBytes', hotBytes);
}

/** When segments are sealed. */
export function sealingOf({ segments = {}, diskFreeBytesMin }: OpenOptions): SealingSettings {
  return {
    bytes: segments.bytes ?? SEGMENT_BYTES,
    ms: (segments.days ?? SEGMENT_DAYS) * DAY_MS,
    hotBytes: segments.hotBytes ?? SEGMENT_HOT_BYTES,
    freeBytesMin: diskFreeBytesMin ?? DISK_FREE_BYTES_MIN,
  };
}

/** Throws RangeError where an option is not what it may be. */
export function checkOptions(options: OpenOptions): void {
  const { cluster, shards } = options;
  checkBytes('diskFreeBytesMin', options.diskFreeBytesMin);
  checkDays(options.auditDays);
  checkSegments(options.segments);
  checkPeriod(options.drawPeriodMs);
  checkReplica(options);
  if (cluster !== undefined && shards !== undefined && shards !== cluster.description.shards)
    throw new RangeError(`shards is ${shards}, and the cluster has ${cluster.description.shards}`);
}

/** Throws where a folder has a part of the shards only. */
export function expectWhole({ here, shards, path }: Folder): void {
  if (here.length === shards) return;
  const what = `only shards ${shardsText(here)} of ${shards} are here; it is one of a cluster's`;
  throw new FolderError(join(path, 'folder.json'), 'here', what);
}
