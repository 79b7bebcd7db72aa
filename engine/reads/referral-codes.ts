// What a referral code says. Owns: how it is read. Never touches: state; who may know it.

import type { OwnRecords } from '../api.js';
import { type CodeSays, codeOf, codePlace, isCode } from '../programme/earning/referral.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { ReferralCodeState } from '../protocol/member.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

/** A code of a programme; undefined: there is none. */
export async function referralCodeOf(
  own: Pick<OwnRecords, 'record'>,
  programme: string,
  code: string,
): Promise<ReferralCodeState | undefined | Refused> {
  if (!isCode(code)) return undefined;
  const { owner, type, key } = codePlace(programme, code);
  const found = await own.record(owner, recordTypeOf(type), key);
  if (found === undefined || isRefusal(found)) return found;
  const { by, since, until, upper } = recordValueIn(found.value) as unknown as CodeSays;
  return { programme, code: codeOf(code), owner: by, since, until, referredBy: upper };
}
