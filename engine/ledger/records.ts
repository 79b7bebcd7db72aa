// Owner records. Owns: their refusals and changes. Never touches: other commands.

import { NEVER, RECORDS_MAX } from '../limits.js';
import type { Said } from '../protocol/commands.js';
import { EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Page } from './page.js';
import type { StoredRecord } from './page-items.js';
import { APPLIED } from './result.js';
import type { State } from './state.js';
import type { Work } from './work.js';

/** The page of the command's owner, with what was due applied. */
function settledPage(work: Work, owner: string): Page {
  const hash = ownerHash(owner);
  work.settleOwner(owner, hash);
  return work.state.pages.pageOf(hash);
}

/** Has an owner room for so many more records? Returns a refusal's number or 0; what open commands keep, they may give up. */
export function recordRoom(state: State, page: Page, owner: string, more: number): number {
  const kept = state.transits.slotsOf(owner)?.records ?? 0;
  if ((page.records?.size ?? 0) + kept + more <= RECORDS_MAX) return APPLIED;
  const count = (page.records?.countOf(owner) ?? 0) + more;
  if (count > RECORDS_MAX) return REFUSALS.RECORD_LIMIT.number;
  return count + kept <= RECORDS_MAX ? APPLIED : REFUSALS.ACCOUNT_BUSY.number;
}

type Written = Omit<StoredRecord, 'version' | 'value'>;

/** Writes a record, whose value is [start, end) of these bytes: after the line. */
export function writeRecord(
  work: Work,
  page: Page,
  record: Written,
  value: Uint8Array,
  start = 0,
  end = value.length,
): void {
  const { owner, type, key, expiresAt } = record;
  const { pages } = work.state;
  pages.touch(page);
  const version = ++work.state.recordVersion;
  const before = page.records?.memory ?? 0;
  const records = page.makeRecords();
  records.set({ owner, type, key, version, expiresAt }, value, start, end);
  const more = records.memory - before;
  if (more !== 0) page.grow(more);
  pages.lowerDue(page, expiresAt);
  work.draft.effects.extra(EXTRA.record, [version, expiresAt, end - start], [owner, type, key]);
}

/** Deletes a record: after the line. */
export function eraseRecord(work: Work, page: Page, record: StoredRecord): void {
  const { owner, type, key, version, expiresAt } = record;
  work.state.pages.touch(page);
  page.records?.delete(owner, type, key);
  work.draft.effects.extra(EXTRA.record, [version, expiresAt, -1], [owner, type, key]);
}

export function putRecord(work: Work, command: Said<'put-record'>): number {
  const { owner, recordType: type, key, value, expiresAt = NEVER, ifVersion } = command;
  if (expiresAt <= work.time) return REFUSALS.EXPIRY_PAST.number;
  const page = settledPage(work, owner);
  const current = page.records?.get(owner, type, key);
  if (ifVersion !== undefined && ifVersion !== (current?.version ?? 0))
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  const full = current === undefined ? recordRoom(work.state, page, owner, 1) : APPLIED;
  if (full !== APPLIED) return full;
  // From here the command must succeed.
  work.begin();
  writeRecord(work, page, { owner, type, key, expiresAt }, value);
  return APPLIED;
}

export function deleteRecord(work: Work, command: Said<'delete-record'>): number {
  const { owner, recordType: type, key, ifVersion } = command;
  const page = settledPage(work, owner);
  const current = page.records?.get(owner, type, key);
  if (current === undefined) return REFUSALS.RECORD_NOT_FOUND.number;
  if (ifVersion !== undefined && ifVersion !== current.version)
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  // From here the command must succeed.
  work.begin();
  eraseRecord(work, page, current);
  return APPLIED;
}
