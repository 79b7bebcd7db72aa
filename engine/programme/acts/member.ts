// What is known of a member of a programme, and tiers by hand.

import { PROFILE_BYTES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, time } from '../../protocol/fields.js';
import { canonicalJson, utf8Length } from '../../protocol/syntax.js';
import { act, type Json } from '../act.js';
import { wrongAttribute } from '../definitions/attributes.js';
import { programme } from '../definitions/index.js';
import { memberIn, memberRecord, settled, tiersIn } from '../earning/member.js';

type Profile = Readonly<Record<string, Json>>;

export const setProfile = act({
  name: 'set-profile',
  version: 1,
  about: 'Says what is known of a member of a programme; what is not named stays as it is.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    profile: json<Profile>(
      { type: 'object', additionalProperties: true },
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'By the names and types that the programme knows of; null: nothing is known any more.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['earn'],
  refusals: ['DEFINITION_NOT_FOUND', 'PROFILE_INVALID'],

  decide(see, { programme: key, profile }) {
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const member = memberIn(see, key);
    const all = { ...member.profile, ...profile };
    const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    const isWrong = wrongAttribute(known, of.document.profile ?? {}) !== undefined;
    if (isWrong || utf8Length(canonicalJson(known) ?? '') > PROFILE_BYTES_MAX)
      return { refusal: 'PROFILE_INVALID' };
    return {
      legs: [],
      assets: [of.document.asset],
      records: [memberRecord(key, { ...member, profile: known })],
      effects: [{ type: 'profile', names: Object.keys(profile) }],
      why: { programme: of.version },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});

export const grantTier = act({
  name: 'grant-tier',
  version: 1,
  about: 'An operator gives a member a tier by hand, for a time; what is earned counts beside it.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    /** The key of the tier; left out: what was given by hand is taken back. */
    tier: optional(id('ACT_BODY_INVALID')),
    /** Until when, in milliseconds since 1970; left out: for ever. */
    until: optional(time('ACT_BODY_INVALID')),
  },
  needs: ['adjust'],
  refusals: ['DEFINITION_NOT_FOUND', 'TIER_UNKNOWN'],

  decide(see, { programme: key, tier, until = null }, { time: now }) {
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const tiers = tiersIn(see, key);
    if (tier !== undefined && !tiers.some((one) => one.key === tier))
      return { refusal: 'TIER_UNKNOWN' };
    const { granted: _, ...member } = memberIn(see, key);
    const given = tier === undefined ? member : { ...member, granted: { tier, until } };
    const after = settled(given, of, tiers, now);
    const changed = { type: 'tierChanged', from: after.before, to: after.tier };
    return {
      legs: [],
      assets: [of.document.asset],
      records: [memberRecord(key, after.member)],
      effects: after.tier === after.before ? [] : [changed],
      why: { programme: of.version, tier: tier ?? null, until },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
