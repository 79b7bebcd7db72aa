// Members who were merged, as it is kept. Owns: the answers, out of records. Never touches: state; who may be merged.

import type { OwnRecords } from '../api.js';
import {
  MERGED,
  MERGED_FROM,
  MERGED_KEY,
  type Merged,
  type MergedFrom,
} from '../programme/merging.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { MergeState } from '../protocol/member.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;

/** A page is all that one member takes over in its life: more are told in part. */
const FROM_MAX = 1_000;
/** One after the other, each merged into the next, that are followed: `now` says it, but for the moment in which another merge arrives. */
const FOLLOWED_MAX = 16;

const mergedOf = async (own: Own, owner: string): Promise<Merged | undefined | Refused> => {
  const found = await own.record(owner, recordTypeOf(MERGED), MERGED_KEY);
  return found === undefined || isRefusal(found)
    ? found
    : (recordValueIn(found.value) as unknown as Merged);
};

export async function mergeState(own: Own, owner: string): Promise<MergeState | Refused> {
  const merged = await mergedOf(own, owner);
  if (isRefusal(merged)) return merged;
  const recordType = recordTypeOf(MERGED_FROM);
  const found = await own.records({ owner, recordType, limit: FROM_MAX });
  if (isRefusal(found)) return found;
  const from = found.map(({ key, value }) => {
    const { at, until, through } = recordValueIn(value) as unknown as MergedFrom;
    return { owner: key, at, until, ...(through === undefined ? {} : { through }) };
  });
  return { owner, ...(merged === undefined ? {} : { merged }), from };
}

/** Who has the points of an owner: who was merged is whom that one was merged into. */
export async function ownerNow(own: Own, owner: string): Promise<string | Refused> {
  let now = owner;
  for (let n = 0; n < FOLLOWED_MAX; n++) {
    const merged = await mergedOf(own, now);
    if (merged === undefined) break;
    if (isRefusal(merged)) return merged;
    now = merged.now;
  }
  return now;
}
