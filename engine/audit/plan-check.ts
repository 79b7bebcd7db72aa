// What a record says of an act, or of the reversal of one, against the plan that its command has: every record that the plan writes, no
// other, and what its outcome tells. Owns: that check. Never touches: rules of acts, which only decide.
//   audit.A1. On its home shard, what is posted of an act does what its plan says, and tells it; elsewhere, and where it is refused, nothing.

import { recordBytes, recordTypeOf } from '../programme/plan.js';
import type { Tuple } from '../protocol/codec.js';
import { opaqueIn } from '../protocol/effects.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { planOfTuple, planPlace } from '../transfer/carried.js';
import { broken } from './broken.js';
import { carriedBy } from './transit-check.js';

export class PlanCheck {
  /** What the record under way writes. */
  readonly #written: string[] = [];
  #told: Uint8Array | undefined;

  begin(): void {
    this.#written.length = 0;
    this.#told = undefined;
  }

  /** The value of a record that a command writes. */
  valueOf(tuple: Tuple, type: string, key: string): unknown {
    if (tuple[1] === OP['put-record']) return tuple[PLACES['put-record'].value];
    const found = planOfTuple(carriedBy(tuple))?.records?.find(
      (one) => recordTypeOf(one.type) === type && one.key === key,
    );
    return (found && recordBytes(found)) ?? undefined;
  }

  wrote(owner: string, type: string, key: string, isDeleted: boolean): void {
    this.#written.push(`${owner} ${type} ${key}${isDeleted ? ' deleted' : ''}`);
  }

  told(texts: readonly string[]): void {
    if (this.#told !== undefined) broken('tells twice what an act has done');
    this.#told = opaqueIn({ texts });
  }

  /** `posted`: what is done on its home shard with this record. */
  end(posted: Tuple | undefined): void {
    const plan = planOfTuple(posted);
    if (posted === undefined || plan === undefined) {
      const isMarked = this.#written.some((one) => one.split(' ')[1]?.startsWith('$') === true);
      if (isMarked || this.#told !== undefined) broken('A1: does what no act has decided');
      return;
    }
    const owner = homeOwnerOfTuple(posted);
    const planned = (plan.records ?? []).map(
      ({ type, key, value }) =>
        `${owner} ${recordTypeOf(type)} ${key}${value === null ? ' deleted' : ''}`,
    );
    if (planned.join('\n') !== this.#written.join('\n'))
      broken('A1: writes other records than its plan');
    const decided = posted[planPlace(posted[1] as number)] as Uint8Array;
    if (this.#told === undefined || Buffer.compare(this.#told, decided) !== 0)
      broken('A1: tells something else than its plan');
  }
}
