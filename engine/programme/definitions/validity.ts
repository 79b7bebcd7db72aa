// When something of a programme counts, and for whom. Owns: the field `audience`; whether it, and two times, can be so. Never touches: whether it
// counts now.

import { expression } from '../../protocol/definition-fields.js';
import { optional } from '../../protocol/fields.js';
import { compileIn } from '../cel.js';
import type { AttributeTypes } from './attributes.js';
import type { Known } from './kind.js';
import { programmeProblem } from './programme.js';
import { scopeOf } from './scope.js';

type Problem = { readonly field: string; readonly detail: string } | null;

export const AUDIENCE = optional(
  expression('For whom it is: a condition in CEL over member, profile and day. Left out: for all.'),
);

/** What is wrong with the times from which on, and before which, it counts. */
export const timesProblem = ({
  from,
  to,
}: {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}): Problem =>
  from !== undefined && to !== undefined && to <= from
    ? { field: 'to', detail: 'to must be after from.' }
    : null;

/** What is wrong with the programme, or with an audience of its members. */
export function audienceProblem(
  { programme, audience }: { readonly programme: string; readonly audience?: string | undefined },
  known: Known,
): Problem {
  const found = programmeProblem(programme, known);
  const whole = known('programme', programme);
  if (found !== null || whole === 'unknown' || audience === undefined) return found;
  const profile = whole?.['profile'] as AttributeTypes | undefined;
  const made = compileIn(scopeOf(undefined, profile), audience, 'bool');
  return typeof made === 'string'
    ? { field: 'audience', detail: `audience is not accepted: ${made}.` }
    : null;
}
