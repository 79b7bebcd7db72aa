// A programme: in which points it is, in which zone its days are, how late events may be.

import {
  DEFINITION_DESCRIPTION_LENGTH_MAX,
  DEFINITION_NAME_LENGTH_MAX,
  EVENT_LATE_MS,
  EVENT_LATE_MS_MAX,
  EVENT_RETURN_MS_MAX,
} from '../../limits.js';
import { oneOf, words } from '../../protocol/definition-fields.js';
import { asset, optional, whole, zone } from '../../protocol/fields.js';
import { APPROVALS } from './approval.js';
import { attributeTypes } from './attributes.js';
import { type Known, kind } from './kind.js';
import { platform } from './platform.js';

/** What every kind may show. */
export const WORDS = {
  /** What it is called. */
  name: optional(words(DEFINITION_NAME_LENGTH_MAX, 'What it is called.')),
  /** What is told of it. */
  description: optional(words(DEFINITION_DESCRIPTION_LENGTH_MAX, 'What is told of it.')),
};

/** By what of a member's earnings the tier is found. */
export const TIER_PERIODS = ['lifetime', 'year', 'rolling', 'anniversary'] as const;
export const RETURNS = ['within-balance', 'unlimited', 'only-pending'] as const;
export const DOWNGRADES = ['one', 'earned'] as const;

/** How late an event of this programme may be, in milliseconds. */
export const lateOf = ({
  lateMs = EVENT_LATE_MS,
}: {
  readonly lateMs?: number | undefined;
}): number => lateMs;

/** A programme is defined before what belongs to it. */
export const programmeProblem = (
  programme: string,
  known: Known,
): { field: string; detail: string } | null =>
  known('programme', programme) === undefined
    ? { field: 'programme', detail: `there is no programme ${programme}.` }
    : null;

export const programme = kind({
  name: 'programme',
  about: 'A programme: the asset that its points are in, and the zone that its days are of.',
  decides: {
    asset: asset(),
    zone: zone(),
    /** How late an event may be reported, in milliseconds after it happened. Left out: limits.EVENT_LATE_MS. */
    lateMs: optional(
      whole(
        0,
        EVENT_LATE_MS_MAX,
        'DEFINITION_INVALID',
        'How late an event may be, in milliseconds.',
      ),
    ),
    /** How long an event may be given back, in milliseconds after it happened. Left out: limits.EVENT_RETURN_MS. */
    returnMs: optional(
      whole(
        0,
        EVENT_RETURN_MS_MAX,
        'DEFINITION_INVALID',
        'How long after it happened an event may be given back, in milliseconds.',
      ),
    ),
    tierPeriod: optional(
      oneOf(
        TIER_PERIODS,
        'What counts for tiers: all that was ever earned, that of a calendar year, that of twelve months, that of a year from the day of the year on which the member joined. Left out: lifetime.',
      ),
    ),
    downgrade: optional(
      oneOf(
        DOWNGRADES,
        'Where less was earned in a period: one tier down, or down to what was earned. Left out: one.',
      ),
    ),
    returns: optional(
      oneOf(
        RETURNS,
        'What a return may take back: no more than is available; whatever was earned, so that a member may owe points; or only what is pending still. Left out: within-balance.',
      ),
    ),
    profile: optional(
      attributeTypes(
        'What is known of a member: by name, of which type. Rules ask for `profile.<name>`.',
      ),
    ),
    ...APPROVALS,
  },
  shows: {
    ...WORDS,
    /** Members register by themselves, as users of this platform. */
    registration: optional(
      platform(
        'DEFINITION_INVALID',
        'Members register by themselves, and are users of this platform, by its id. Left out: nobody does.',
      ),
    ),
  },
  zone: 'zone',
});
