// What expressions of a programme may ask for. Owns: the names. Never touches: values.

import type { Scope, Type } from '../cel.js';
import { type AttributeTypes, askable } from './attributes.js';

const MEMBER = {
  available: 'integer',
  earned: 'integer',
  held: 'integer',
  /** The tier's key; empty: none. */
  tier: 'text',
  /** What counts for tiers, in minor units. */
  progress: 'integer',
} as const satisfies Readonly<Record<string, Type>>;

/** In the programme's zone, of the time at which the event happened. */
const DAY = {
  /** 1: Monday .. 7: Sunday. */
  weekday: 'integer',
  hour: 'integer',
  day: 'integer',
  month: 'integer',
  year: 'integer',
} as const satisfies Readonly<Record<string, Type>>;

const NONE: AttributeTypes = {};
const scopes = new WeakMap<AttributeTypes, WeakMap<AttributeTypes, Scope>>();

/** The scope of events with these attributes, of members with these: the same one each time. */
export function scopeOf(
  attributes: AttributeTypes | undefined = NONE,
  profile: AttributeTypes | undefined = NONE,
): Scope {
  let of = scopes.get(attributes);
  if (of === undefined) scopes.set(attributes, (of = new WeakMap()));
  let scope = of.get(profile);
  if (scope === undefined) {
    scope = { event: askable(attributes), member: MEMBER, profile: askable(profile), day: DAY };
    of.set(profile, scope);
  }
  return scope;
}
