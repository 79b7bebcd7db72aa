// Records of the ledger's own, read whole. Owns: that none is left out, however many there are. Never touches: what is in them.

import { type Engine, limits, type OwnerRecord } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** All records of one type that an engine-owned owner has, by key. */
export async function allRecords(
  { own }: Engine,
  owner: string,
  recordType: string,
): Promise<readonly OwnerRecord[] | Refusal> {
  const all: OwnerRecord[] = [];
  for (;;) {
    const page = await own.records({ owner, recordType, after: all.at(-1)?.key });
    if (isRefusal(page)) return page;
    all.push(...page);
    if (page.length < limits.RECORDS_PAGE_MAX) return all;
  }
}
