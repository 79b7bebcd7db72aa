// What of a campaign's limit in total is taken for coupons that are reserved. Owns: that record of the member, and what gives it back. Never touches:
// the limit itself, which is a budget.
//   coupon.T1. A reservation takes one unit of the limit, in its own commit, unless the coupon has one already. A use takes the unit that is there, and
//       is then what it is taken for; else one of its own.
//   coupon.T2. A unit that is taken for a reservation goes back once: when that is released, or by `coupon-lapse` when its time is over, or by the
//       reversal of what had taken it. It is the leg of the act that took it which is given back.

import type { FollowUp, Json, PastAct, Reads, RecordDelta } from '../act.js';
import { recordType, STAYS } from '../record-type.js';

/** Of a coupon that is reserved, which keeps its member from being merged. */
const CLAIM = recordType('coupon-claim', STAYS);
/** The acts that give such a unit back. */
export const [LAPSE, RELEASE] = ['coupon-lapse', 'coupon-release'] as const;

/** By code: the id of the reservation that took the unit, as the log has it, and until when that is. */
export type Claim = readonly [by: string, until: number];

export const claimIn = (see: Reads, code: string): Claim | undefined =>
  see.record<Claim & Json>(CLAIM, code);

export const claimRecord = (code: string, value: Claim | null): RecordDelta => ({
  type: CLAIM,
  key: code,
  value: value as Json,
});

/** The act that took a unit. A platform's caller names what is nobody's with a comma before it. */
export const claimingAct = (see: Reads, by: string): PastAct | undefined =>
  see.past(by) ?? see.past(`,${by}`);

/** What gives a unit back when a reservation is over, where nobody has used or released it by then. */
export const lapsing = (owner: string, code: string, until: number): FollowUp => ({
  owner,
  act: LAPSE,
  body: { code, until },
  notBefore: until,
});

/** What gives the unit back that this act took, though the act stays as it is. */
export const freed = (owner: string, code: string, by: string): FollowUp => ({
  owner,
  act: LAPSE,
  body: { code, by },
});
