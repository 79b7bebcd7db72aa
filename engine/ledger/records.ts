// Owner records. Owns: their refusals and changes. Never touches: other commands.

import { NEVER, RECORDS_MAX } from '../limits.js';
import type { Said } from '../protocol/commands.js';
import { EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED, type Ledger } from './ledger.js';
import type { Page } from './page.js';
import { recordKey } from './page-items.js';

/** The page of the command's owner, with what was due applied. */
function settledPage(ledger: Ledger, owner: string): Page {
  const hash = ownerHash(owner);
  ledger.settleOwner(owner, hash);
  return ledger.state.pages.pageOf(hash);
}

function isFull(page: Page, owner: string): boolean {
  if (page.records === null || page.records.size < RECORDS_MAX) return false;
  let count = 0;
  for (const record of page.records.values()) if (record.owner === owner) count++;
  return count >= RECORDS_MAX;
}

export function putRecord(ledger: Ledger, command: Said<'put-record'>): number {
  const { owner, recordType: type, key, value, expiresAt = NEVER, ifVersion } = command;
  if (expiresAt <= ledger.time) return REFUSALS.EXPIRY_PAST.number;
  const page = settledPage(ledger, owner);
  const place = recordKey(owner, type, key);
  const current = page.records?.get(place);
  if (ifVersion !== undefined && ifVersion !== (current?.version ?? 0))
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  if (current === undefined && isFull(page, owner)) return REFUSALS.RECORD_LIMIT.number;
  // From here the command must succeed.
  ledger.begin();
  ledger.state.pages.touch(page);
  const version = ++ledger.state.recordVersion;
  page.records ??= new Map();
  page.records.set(place, { owner, type, key, value, version, expiresAt });
  page.measure();
  ledger.state.pages.lowerDue(page, expiresAt);
  ledger.draft.effects.extra(EXTRA.record, [version, expiresAt, value.length], [owner, type, key]);
  return APPLIED;
}

export function deleteRecord(ledger: Ledger, command: Said<'delete-record'>): number {
  const { owner, recordType: type, key, ifVersion } = command;
  const page = settledPage(ledger, owner);
  const place = recordKey(owner, type, key);
  const current = page.records?.get(place);
  if (current === undefined) return REFUSALS.RECORD_NOT_FOUND.number;
  if (ifVersion !== undefined && ifVersion !== current.version)
    return REFUSALS.RECORD_VERSION_MISMATCH.number;
  // From here the command must succeed.
  ledger.begin();
  ledger.state.pages.touch(page);
  page.records?.delete(place);
  page.measure();
  ledger.draft.effects.extra(
    EXTRA.record,
    [current.version, current.expiresAt, -1],
    [owner, type, key],
  );
  return APPLIED;
}
