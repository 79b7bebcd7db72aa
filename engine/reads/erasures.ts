// Members who were erased, as the ledger keeps it. Owns: the answers, out of records. Never touches: state, keys.

import type { OwnRecords } from '../api.js';
import { RECORDS_PAGE_MAX } from '../limits.js';
import { ERASING, ERASURE, ERASURE_KEY, type Erased, erasingOwner } from '../programme/erasure.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

/** That a member is erased; undefined: it is not. */
export async function erasureAt(
  own: Pick<OwnRecords, 'record'>,
  owner: string,
): Promise<Erased | undefined | Refused> {
  const found = await own.record(owner, recordTypeOf(ERASURE), ERASURE_KEY);
  if (found === undefined || isRefusal(found)) return found;
  return recordValueIn(found.value) as Erased;
}

/** Members of whom something is left to be erased: some of them. */
export async function erasingNow(
  own: Pick<OwnRecords, 'records'>,
): Promise<readonly string[] | Refused> {
  const of = { owner: erasingOwner, recordType: recordTypeOf(ERASING) };
  const page = await own.records({ ...of, limit: RECORDS_PAGE_MAX });
  return isRefusal(page) ? page : page.map(({ key }) => key);
}
