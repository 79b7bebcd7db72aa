// For whom goods and sales are, where a member is looked at from outside. Owns: the answer, out of what is told of a member. Never touches: whether an
// order is taken, which its commit decides by what is true then.

import type { MemberState } from '../../protocol/member.js';
import type { Balance } from '../../protocol/outcomes.js';
import { expressionIn } from '../cel.js';
import type { AttributeTypes } from '../definitions/attributes.js';
import { scopeOf } from '../definitions/scope.js';
import { dayFigures } from '../earning/figures.js';
import type { Programme } from '../earning/member.js';

/** Points of a member, as they are told. */
type Points = Pick<Balance, 'available' | 'earned' | 'held'>;

/** Is a member one of an audience, at this time? Each is asked once. */
export function audiencesOf(
  programme: Programme,
  { tier, progress, profile }: Pick<MemberState, 'tier' | 'progress' | 'profile'>,
  { available, earned, held }: Points,
  time: number,
): (audience: string) => boolean {
  const scope = scopeOf(undefined, programme.document.profile as AttributeTypes | undefined);
  const figures = {
    event: {},
    member: { available, earned, held, tier: tier ?? '', progress },
    profile,
    day: dayFigures(programme, time),
  };
  const known = new Map<string, boolean>();
  return (audience) => {
    let is = known.get(audience);
    if (is === undefined) {
      is = expressionIn(scope, audience, 'bool')?.of(figures) === true;
      known.set(audience, is);
    }
    return is;
  };
}
