// A tier by hand.

import { id, optional, time } from '../../protocol/fields.js';
import { act } from '../act.js';
import { programme } from '../definitions/index.js';
import { memberIn, memberRecord, settled, tiersIn } from '../earning/member.js';

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
  or: 'correct',
  refusals: ['DEFINITION_NOT_FOUND', 'TIER_UNKNOWN'],

  decide(see, { programme: key, tier, until = null }, { time: now }) {
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const tiers = tiersIn(see, key);
    if (tier !== undefined && !tiers.some((one) => one.key === tier))
      return { refusal: 'TIER_UNKNOWN' };
    const before = memberIn(see, key);
    const { granted: _, ...member } = before;
    const isGiven = tier !== undefined && (until === null || until > now);
    const given = isGiven ? { ...member, granted: { tier, until } } : member;
    const after = settled(before, given, of, tiers, now);
    return {
      legs: [],
      assets: [of.document.asset],
      records: [memberRecord(key, after.member)],
      effects: after.effects,
      why: { programme: of.version, tier: tier ?? null, until },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
