// What a record says of an act, or of the reversal of one, against the plan that its command has: every record that the plan writes, no
// other, and what its outcome tells. Owns: that check. Never touches: rules of acts, which only decide.
//   audit.A1. What is posted of an act does what its plan says of the shard, and its home shard tells it; where it is refused, nothing.

import { type LoggedPlan, recordBytes, recordTypeOf } from '../programme/plan.js';
import type { Tuple } from '../protocol/codec.js';
import { opaqueIn } from '../protocol/effects.js';
import { slotOf } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES, planPlace } from '../protocol/layout.js';
import { planOfTuple } from '../transfer/carried.js';
import { broken } from './broken.js';
import { carriedBy, type Home } from './transit-check.js';

/** Records that a plan writes, and whose. */
const writtenBy = (carried: Tuple | undefined, plan: LoggedPlan | undefined) =>
  carried === undefined || plan === undefined
    ? []
    : [
        ...(plan.records ?? []).map((one) => ({ ...one, owner: homeOwnerOfTuple(carried) })),
        // What must not be there, and still is not, is only a condition.
        ...(plan.puts ?? []).filter(({ expected, value }) => (expected ?? value) !== null),
      ];

/** The value of a record that a command writes. */
export function writtenValue(tuple: Tuple, owner: string, type: string, key: string): unknown {
  if (tuple[1] === OP['put-record']) return tuple[PLACES['put-record'].value];
  const carried = carriedBy(tuple);
  const found = writtenBy(carried, planOfTuple(carried)).find(
    (one) => one.owner === owner && recordTypeOf(one.type) === type && one.key === key,
  );
  return (found && recordBytes(found)) ?? undefined;
}

export class PlanCheck {
  readonly #home: Home;
  /** What the record under way writes. */
  readonly #written: string[] = [];
  #told: Uint8Array | undefined;

  constructor(home: Home) {
    this.#home = home;
  }

  begin(): void {
    this.#written.length = 0;
    this.#told = undefined;
  }

  wrote(owner: string, type: string, key: string, isDeleted: boolean): void {
    this.#written.push(`${owner} ${type} ${key}${isDeleted ? ' deleted' : ''}`);
  }

  told(texts: readonly string[]): void {
    if (this.#told !== undefined) broken('tells twice what an act has done');
    this.#told = opaqueIn({ texts });
  }

  /** `posted`: what is done with this record; `isOwn`: it is its command; `isHome`: on its home shard, where all is told. */
  end(posted: Tuple | undefined, isOwn: boolean, isHome: boolean): void {
    const plan = planOfTuple(posted);
    if (posted === undefined || plan === undefined) {
      const isMarked = this.#written.some((one) => one.split(' ')[1]?.startsWith('$') === true);
      if (isMarked || this.#told !== undefined) broken('A1: does what no act has decided');
      return;
    }
    const { shard, slotMap } = this.#home;
    const planned = writtenBy(posted, plan)
      .filter(({ owner }) => slotMap[slotOf(owner)] === shard)
      .map(
        ({ owner, type, key, value }) =>
          `${owner} ${recordTypeOf(type)} ${key}${value === null ? ' deleted' : ''}`,
      );
    if (planned.join('\n') !== this.#written.join('\n'))
      broken('A1: writes other records than its plan');
    if (!isHome) {
      if (this.#told !== undefined) broken('A1: tells elsewhere what an act has done');
      return;
    }
    // A record that has the plan in its command does not tell it again.
    if (this.#told === undefined && isOwn) return;
    const decided = posted[planPlace(posted[1] as number) as number] as Uint8Array;
    if (this.#told === undefined || Buffer.compare(this.#told, decided) !== 0)
      broken('A1: tells something else than its plan');
  }
}
