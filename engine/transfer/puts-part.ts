// Records of `#` owners that an act writes where they live, if they are as it expects. Owns: that condition, and the writing. Never
// touches: records of the home owner (ledger/plan-records.ts).

import type { Page } from '../ledger/page.js';
import { postRecord } from '../ledger/plan-records.js';
import { recordRoom } from '../ledger/records.js';
import { APPLIED } from '../ledger/result.js';
import type { Work } from '../ledger/work.js';
import type { ConditionalPut, Json } from '../programme/act.js';
import { type LoggedPlan, recordTypeOf, recordValueIn } from '../programme/plan.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import { busyRecord } from './carried.js';

const NONE: readonly ConditionalPut[] = [];

export class PutsPart {
  readonly #work: Work;
  /** Those on this shard. */
  #puts = NONE;

  constructor(work: Work) {
    this.#work = work;
  }

  begin(plan: LoggedPlan | undefined): void {
    const { places } = this.#work.state;
    const isHere = (owner: string): boolean => places.shardOf(ownerHash(owner)) === places.shard;
    this.#puts = plan?.puts?.filter(({ owner }) => isHere(owner)) ?? NONE;
  }

  #page(owner: string): Page {
    return this.#work.state.pages.pageOf(ownerHash(owner));
  }

  /** Are all as expected, and is there room? Returns a refusal's number or 0. */
  reserve(): number {
    const { state } = this.#work;
    for (const put of this.#puts) {
      const { owner, type, key, value, otherwise } = put;
      const kept = recordTypeOf(type);
      if (state.transits.isBusy(busyRecord(owner, kept, key))) return REFUSALS.ACCOUNT_BUSY.number;
      const page = this.#page(owner);
      const found = page.records?.get(owner, kept, key);
      const is = found === undefined ? null : recordValueIn(found.value);
      if (!isAsExpected(is, put, this.#work.time)) return REFUSALS[otherwise].number;
      const more = this.#puts.filter((one) => one.owner === owner && isNew(one)).length;
      const full = value === null ? APPLIED : recordRoom(state, page, owner, more);
      if (full !== APPLIED) return full;
    }
    return APPLIED;
  }

  /** After the line. */
  post(): void {
    for (const put of this.#puts)
      if (put.mustCount !== true) postRecord(this.#work, this.#page(put.owner), put.owner, put);
  }
}

/** Is a record what a put expects, at this block time? */
function isAsExpected(
  is: Json,
  { expected, orLapsed = false, mustCount }: ConditionalPut,
  time: number,
): boolean {
  if (mustCount === true) return is !== null && !isLapsed(is, time);
  return JSON.stringify(is) === JSON.stringify(expected) || (orLapsed && isLapsed(is, time));
}

/** Does a record say until when it counts, and has that time come? */
function isLapsed(is: Json, time: number): boolean {
  if (typeof is !== 'object' || is === null || Array.isArray(is)) return false;
  const { until } = is as { readonly until?: Json };
  return typeof until === 'number' && until <= time;
}

/** Does it add a record? */
const isNew = ({ expected, value }: ConditionalPut): boolean => expected === null && value !== null;
