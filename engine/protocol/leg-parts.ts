// How much of which legs a reversal is of. Owns: that kind of field. Never touches: what a leg is.

import { LEGS_MAX } from '../limits.js';
import {
  amount,
  checkerOf,
  type Field,
  type Fields,
  field,
  isObject,
  type Problem,
  refusalsIn,
  type TypeOf,
  whole,
  within,
} from './fields.js';
import { packNumbers, unpackNumbers } from './numbers.js';
import type { RefusalCode } from './refusals.js';

/** How much of which leg of a transfer. */
const LEG_PART = {
  /** Which leg: 0 is the first. */
  leg: whole(0, LEGS_MAX - 1, 'LEG_PARTS_INVALID', 'Which leg: 0 is the first.'),
  /** Minor units of it. */
  amount: amount(),
};
type LegPart = TypeOf<typeof LEG_PART>;
const checkLegPart = checkerOf(Object.entries(LEG_PART));

function legPartsProblem(value: unknown, command: Fields): RefusalCode | Problem | null {
  if (command.amount !== undefined || !Array.isArray(value)) return 'LEG_PARTS_INVALID';
  if (value.length < 1 || value.length > LEGS_MAX) return 'LEG_PARTS_INVALID';
  const seen = new Set<unknown>();
  for (let i = 0; i < value.length; i++) {
    const part: unknown = value[i];
    if (!isObject(part)) return { code: 'COMMAND_INVALID', field: `legs[${i}]` };
    const found = checkLegPart(part, false);
    if (found !== null) return within(found, `legs[${i}]`);
    if (seen.has(part.leg)) return { code: 'LEG_PARTS_INVALID', field: `legs[${i}].leg` };
    seen.add(part.leg);
  }
  return null;
}

/** How much of which legs, each named once. In its place: (leg, amount) one after the other, by leg. */
export const legParts = (): Field<readonly LegPart[], false> =>
  field(
    'leg-parts',
    'bytes',
    ['LEG_PARTS_INVALID', 'COMMAND_INVALID', ...refusalsIn(LEG_PART)],
    legPartsProblem,
    {
      parts: LEG_PART,
      items: [1, LEGS_MAX],
      toPlace: (parts: readonly LegPart[]) => {
        const sorted = [...parts].sort((a, b) => a.leg - b.leg);
        return packNumbers(sorted.flatMap(({ leg, amount: of }) => [leg, of]));
      },
      ofPlace: (place: Uint8Array) => {
        const numbers = unpackNumbers(place);
        return numbers.flatMap((leg, i) =>
          i % 2 === 0 ? [{ leg, amount: numbers[i + 1] as number }] : [],
        );
      },
    },
  );
