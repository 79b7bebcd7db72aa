// Owner records. Owns: their refusals and changes. Never touches: other commands.

import { NEVER, RECORDS_MAX } from '../limits.js';
import type { Said } from '../protocol/commands.js';
import { EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Page } from './page.js';
import { recordKey } from './page-items.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

/** The page of the command's owner, with what was due applied. */
function settledPage(work: Work, owner: string): Page {
  const hash = ownerHash(owner);
  work.settleOwner(owner, hash);
  return work.state.pages.pageOf(hash);
}

function isFull(page: Page, owner: string): boolean {
  if (page.records === null || page.records.size < RECORDS_MAX) return false;
  let count = 0;
  for (const record of page.records.values()) if (record.owner === owner) count++;
  return count >= RECORDS_MAX;
}

export function putRecord(work: Work, command: Said<'put-record'>): number {
  const { owner, recordType: type, key, value, expiresAt = NEVER, ifVersion } = command;
  if (expiresAt <= work.time) return REFUSALS.EXPIRY_PAST.number;
  const page = settledPage(work, owner);
  const place = recordKey(owner, type, key);
  const current = page.records?.get(place);
  if (ifVersion !== undefined && ifVersion !== (current?.version ?? 0))
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  if (current === undefined && isFull(page, owner)) return REFUSALS.RECORD_LIMIT.number;
  // From here the command must succeed.
  work.begin();
  work.state.pages.touch(page);
  const version = ++work.state.recordVersion;
  page.records ??= new Map();
  page.records.set(place, { owner, type, key, value, version, expiresAt });
  page.measure();
  work.state.pages.lowerDue(page, expiresAt);
  work.draft.effects.extra(EXTRA.record, [version, expiresAt, value.length], [owner, type, key]);
  return APPLIED;
}

export function deleteRecord(work: Work, command: Said<'delete-record'>): number {
  const { owner, recordType: type, key, ifVersion } = command;
  const page = settledPage(work, owner);
  const place = recordKey(owner, type, key);
  const current = page.records?.get(place);
  if (current === undefined) return REFUSALS.RECORD_NOT_FOUND.number;
  if (ifVersion !== undefined && ifVersion !== current.version)
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  // From here the command must succeed.
  work.begin();
  work.state.pages.touch(page);
  page.records?.delete(place);
  page.measure();
  work.draft.effects.extra(
    EXTRA.record,
    [current.version, current.expiresAt, -1],
    [owner, type, key],
  );
  return APPLIED;
}
