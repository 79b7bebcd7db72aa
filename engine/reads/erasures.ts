// Members who were erased, as the ledger keeps it. Owns: the answers, out of records. Never touches: state, keys.

import type { OwnRecords } from '../api.js';
import { RECORDS_PAGE_MAX } from '../limits.js';
import type { RecordType } from '../programme/act.js';
import {
  ERASING,
  ERASURE,
  ERASURE_KEY,
  type Erased,
  erasingOwner,
  PERSONAL_TYPES,
} from '../programme/erasure.js';
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

/** Has a member records of its own that are about the person? */
export async function isPersonalLeft(
  own: Pick<OwnRecords, 'records'>,
  owner: string,
): Promise<boolean | Refused> {
  for (const type of PERSONAL_TYPES) {
    const page = await own.records({
      owner,
      recordType: recordTypeOf(type as RecordType),
      limit: 1,
    });
    if (isRefusal(page)) return page;
    if (page.length > 0) return true;
  }
  return false;
}
