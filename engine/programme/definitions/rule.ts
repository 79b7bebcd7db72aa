// A rule: what an event of a type earns.

import { AMOUNT_MAX } from '../../limits.js';
import { expression, oneOf } from '../../protocol/definition-fields.js';
import { amount, flag, id, optional, time, whole } from '../../protocol/fields.js';
import { compileIn } from '../cel.js';
import type { AttributeTypes } from './attributes.js';
import { couponProblem } from './coupon-problem.js';
import { eventTypeKey, typeOf } from './event-type.js';
import { type Known, kind } from './kind.js';
import { PAYING, payingProblem } from './paying.js';
import { WORDS } from './programme.js';
import { scopeOf } from './scope.js';
import { timesProblem } from './validity.js';

/** In what a limit counts: a span of time of the programme's zone. */
export const SPANS = ['day', 'week', 'month', 'year', 'ever'] as const;
export type Span = (typeof SPANS)[number];
/** How parts of a point are rounded. */
export const ROUNDINGS = ['down', 'up', 'half-up'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

const ORDER_MAX = 1_000_000;
/** Days after which points may expire. */
const DAYS_MAX = 36_500;
const most = (about: string) => whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', about);

export const rule = kind({
  name: 'rule',
  about:
    'What an event of a type earns: fixed points, so many per unit of an attribute, or by a formula.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    /** The type of events, as platforms report it. */
    event: id('DEFINITION_INVALID'),
    points: optional(amount()),
    /** Points for every so many units of an attribute: `points` for each `per` of it. */
    per: optional(
      most(
        'For how many units of the attribute `of` the points are; left out: the points are fixed.',
      ),
    ),
    /** The attribute whose units are counted. */
    of: optional(id('DEFINITION_INVALID')),
    formula: optional(
      expression(
        'The points, in place of `points`: a whole number in CEL over event, member, profile and day.',
      ),
    ),
    /** A coupon of this campaign, in place of points. */
    coupon: optional(id('DEFINITION_INVALID')),
    when: optional(
      expression('Only where this holds: a condition in CEL over event, member, profile and day.'),
    ),
    rounding: optional(oneOf(ROUNDINGS, 'How parts of a point are rounded. Left out: down.')),
    /** Are the multipliers of the tier and of campaigns taken? */
    multiplied: flag(true),
    limitTimes: optional(most('How often it is paid in a span.')),
    limitPoints: optional(most('How many points it pays in a span; what is beyond is cut off.')),
    span: optional(
      oneOf(SPANS, 'In what limits count, in the zone of the programme. Left out: day.'),
    ),
    order: optional(
      whole(
        0,
        ORDER_MAX,
        'DEFINITION_INVALID',
        'Rules are looked at by this, lowest first, then by key. Left out: 0.',
      ),
    ),
    /** No later rule is looked at where this one has paid. */
    stops: flag(false),
    from: optional(time('DEFINITION_INVALID')),
    to: optional(time('DEFINITION_INVALID')),
    expiresAfterDays: optional(
      whole(
        1,
        DAYS_MAX,
        'DEFINITION_INVALID',
        'The points expire after so many days. Left out: as the asset says.',
      ),
    ),
    ...PAYING,
  },
  shows: WORDS,
  group: ({ programme, event }) => eventTypeKey(programme, event),
  check: (document, _, known) => {
    const { points, per, of, formula, coupon, limitPoints } = document;
    if ([points, formula, coupon].filter((one) => one !== undefined).length !== 1)
      return { field: 'points', detail: 'A rule has one of points, a formula and a coupon.' };
    if (coupon !== undefined && limitPoints !== undefined)
      return { field: 'limitPoints', detail: 'limitPoints is of points.' };
    const unknown = couponProblem(document, known);
    if (unknown !== null) return unknown;
    if ((per === undefined) !== (of === undefined) || (per !== undefined && points === undefined))
      return { field: 'per', detail: 'per and of belong together, and to points.' };
    const times = timesProblem(document);
    if (times !== null) return times;
    return payingProblem(document) ?? expressionProblem(document, known);
  },
});

/** What is wrong with the expressions, by the types that the event and the programme have. */
function expressionProblem(
  {
    programme,
    event,
    of,
    when,
    formula,
  }: {
    programme: string;
    event: string;
    of?: string | undefined;
    when?: string | undefined;
    formula?: string | undefined;
  },
  known: Known,
): { field: string; detail: string } | null {
  const type = typeOf(programme, event, known);
  if ('field' in type) return type;
  const whole = known('programme', programme);
  const { attributes } = type;
  if (attributes === 'unknown' || whole === 'unknown') return null;
  if (of !== undefined && attributes[of] !== 'integer')
    return { field: 'of', detail: `${of} is no attribute of type integer.` };
  const scope = scopeOf(attributes, whole?.['profile'] as AttributeTypes | undefined);
  for (const [field, text, wanted] of [
    ['when', when, 'bool'],
    ['formula', formula, 'int'],
  ] as const) {
    const made = text === undefined ? undefined : compileIn(scope, text, wanted);
    if (typeof made === 'string') return { field, detail: `${field} is not accepted: ${made}.` };
  }
  return null;
}
