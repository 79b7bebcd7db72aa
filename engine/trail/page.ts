// A stretch of a shard's audit trail, from the newest on. Owns: which records fit, where it goes on. Never touches: files, other shards.
//   trail.T4. Every record that fits is in exactly one page of one question: a page ends behind a record or a block, and the next one goes on there.

import type { BlockView } from '../protocol/block.js';
import type { AuditRecord } from '../protocol/outcomes.js';
import type { AuditQuery } from '../protocol/reads.js';
import { bareId } from '../protocol/scope.js';
import { auditRecords, type OpenOrigin } from './records.js';

/** A place in a shard's trail. */
export interface Place {
  readonly seq: number;
  readonly index: number;
}

/** What is asked of one shard. */
export interface AuditRead
  extends Pick<
    AuditQuery,
    'principal' | 'owner' | 'operation' | 'act' | 'programme' | 'type' | 'outcome' | 'id'
  > {
  /** Only what is before this place. */
  readonly before: Place;
  /** Times: from the first one on, before the second one. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** About so many bytes of the log are looked at. */
  readonly bytes: number;
}

/** What one shard has. */
export interface AuditStretch {
  /** The newest first. */
  readonly records: readonly AuditRecord[];
  /** What is from this place on was not asked for, or not there yet. */
  readonly began: Place;
  /** What is before this place was not looked at; undefined: there is no more. */
  readonly next?: Place | undefined;
  /** Nothing that was not looked at is newer. */
  readonly reached: number;
}

/** Where the log is read. */
export interface BlockSource {
  readonly block: (seq: number) => BlockView;
  readonly open: OpenOrigin;
}

/** Does a command name this owner? */
function names({ owner, command }: AuditRecord, wanted: string): boolean {
  if (owner === wanted || command['to'] === wanted) return true;
  const { legs } = command as { readonly legs?: readonly { from: string; to: string }[] };
  return legs?.some(({ from, to }) => from === wanted || to === wanted) === true;
}

function fits(record: AuditRecord, read: AuditRead): boolean {
  const { principal, owner, operation, act, programme, type, outcome, id } = read;
  const { command } = record;
  const body = (command['body'] ?? {}) as Readonly<Record<string, unknown>>;
  return (
    (principal === undefined || record.principal === principal) &&
    (operation === undefined || record.operation === operation) &&
    (act === undefined || command['act'] === act) &&
    (programme === undefined || body['programme'] === programme) &&
    (type === undefined || body['type'] === type) &&
    (outcome === undefined || cameTo(record, outcome)) &&
    (id === undefined ||
      record.id === id ||
      (record.id !== undefined && bareId(record.id) === id)) &&
    (owner === undefined || names(record, owner))
  );
}

/** Did it come to this? `refused`: to any refusal. */
const cameTo = ({ outcome }: AuditRecord, wanted: string): boolean =>
  wanted === 'refused' ? outcome !== 'ok' && outcome !== 'PREPARED' : outcome === wanted;

/** The last block before a time, up to `last`; 0: none. */
function lastBefore({ block }: BlockSource, last: number, time: number): number {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (block(middle).header.time < time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Reads from the newest record on. */
export function readAudit(source: BlockSource, read: AuditRead): AuditStretch {
  const { before, from, to, limit } = read;
  const records: AuditRecord[] = [];
  const last = before.index > 0 ? before.seq : before.seq - 1;
  let left = read.bytes;
  for (let seq = lastBefore(source, last, to); seq > 0; seq--) {
    const block = source.block(seq);
    const { time } = block.header;
    if (time < from) break;
    const end = seq === before.seq ? before.index : Number.POSITIVE_INFINITY;
    for (const record of auditRecords(block, source.open).reverse()) {
      if (record.index >= end || !fits(record, read)) continue;
      records.push(record);
      if (records.length === limit)
        return { records, began: before, next: { seq, index: record.index }, reached: time };
    }
    left -= block.bytes.length;
    if (left <= 0) return { records, began: before, next: { seq, index: 0 }, reached: time };
  }
  return { records, began: before, reached: Number.NEGATIVE_INFINITY };
}
