// How much of a plan an event has taken. Owns: an upper bound of records and bytes. Never touches: what is decided.
//   earning.R1. What was let in fits the plan, with the member's record and changes of tier beside it; and so does what a return writes.

import {
  ACT_PLAN_BYTES_MAX,
  ACT_RECORDS_MAX,
  COUPONS_BACK_BYTES,
  COUPONS_PER_ORDER_MAX,
  DAY_MS,
  MEMBER_BYTES_MAX,
  STORED_ID_LENGTH_MAX,
  STREAK_RUNS_MAX,
} from '../../limits.js';
import type { Span } from '../definitions/rule.js';

/** A number, and what is around a text or a list, packed. */
const NUMBER = 9;
const HEAD = 3;
/** Names of fields: of a leg's effect and its line in `why`; of a counter, its record and what was added. */
const EARN = 60;
const COUNTER = 100;
const STREAK = 100;
/** Until when a leg is pending, in its effect and in the plan. */
export const PENDING_BYTES = 50;
const REWARD = 60;

/** Windows of a span that are kept at once, at most. */
function windowsOf(span: Span, lateMs: number): number {
  if (span === 'ever') return 1;
  const days = { day: 1, week: 7, month: 28, year: 365 }[span];
  return Math.ceil(lateMs / (days * DAY_MS)) + 2;
}

export const earnBytes = (key: string): number => EARN + 2 * key.length + 4 * NUMBER;
/** Why something does not pay, what of a budget is left, and the names of two records that were looked at. */
export const noteBytes = (key: string): number => 30 + 3 * key.length + 32 + NUMBER;
/** A counter is logged as what was added, and as all its windows. */
export const counterBytes = (key: string, span: Span, lateMs: number): number =>
  COUNTER + 2 * key.length + 3 * NUMBER + windowsOf(span, lateMs) * (HEAD + 3 * NUMBER);
/** Which event has completed a task. */
export const rewardBytes = (key: string): number => REWARD + key.length + STORED_ID_LENGTH_MAX;
/** A coupon is a record, what its code says, and an effect. */
export const couponBytes = (key: string): number => 400 + 6 * key.length + 10 * NUMBER;
export const streakBytes = (key: string): number =>
  STREAK + 2 * key.length + STREAK_RUNS_MAX * (1 + 2 * HEAD);

export class Room {
  /** One record is the member's, one what was returned; the rest are coupons that come back, what was counted of them, and which they were. */
  #records = ACT_RECORDS_MAX - 2 - (2 * COUPONS_PER_ORDER_MAX + 1);
  #bytes = ACT_PLAN_BYTES_MAX - MEMBER_BYTES_MAX - COUPONS_BACK_BYTES;

  /** Takes so much of it, where there is so much. */
  take(records: number, bytes: number): boolean {
    if (records > this.#records || bytes > this.#bytes) return false;
    this.#records -= records;
    this.#bytes -= bytes;
    return true;
  }
}
