// A task: what a member does so often, or of so much, in a span, for a reward, once.

import { AMOUNT_MAX } from '../../limits.js';
import { json, oneOf } from '../../protocol/definition-fields.js';
import { flag, id, optional, whole } from '../../protocol/fields.js';
import { couponProblem } from './coupon-problem.js';
import { eventTypeKey, typeOf } from './event-type.js';
import { kind } from './kind.js';
import { isPaying, PAYING, payingProblem } from './paying.js';
import { WORDS } from './programme.js';

/** In what a task is done once. */
export const TASK_SPANS = ['day', 'week', 'month', 'year', 'ever'] as const;

const STEPS_MAX = 16;
const DAYS_MAX = 10_000;
/** (from which day in a row on, points). */
export type Steps = readonly (readonly [days: number, points: number])[];

const isCounted = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= AMOUNT_MAX;

const isSteps = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= STEPS_MAX &&
  value.every((step) => Array.isArray(step) && step.length === 2 && step.every(isCounted));

/** Does each step come after the one before, and none after all days that are counted? */
const isRising = (steps: Steps): boolean =>
  steps.every(([day], i) => day <= DAYS_MAX && day > (steps[i - 1]?.[0] ?? 0));

export const task = kind({
  name: 'task',
  about: 'What a member does so often, or of so much, in a span of time, for a reward, once.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    event: id('DEFINITION_INVALID'),
    need: optional(
      whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', 'How often, or of how much. Left out: 1.'),
    ),
    /** The attribute that is summed; left out: events are counted. */
    of: optional(id('DEFINITION_INVALID')),
    span: optional(oneOf(TASK_SPANS, 'In what it is done once. Left out: day.')),
    reward: optional(whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', 'Points.')),
    /** A coupon of this campaign, in place of points. */
    coupon: optional(id('DEFINITION_INVALID')),
    steps: optional(
      json<Steps>(
        {
          type: 'array',
          minItems: 1,
          maxItems: STEPS_MAX,
          items: {
            type: 'array',
            minItems: 2,
            maxItems: 2,
            items: { type: 'integer', minimum: 1, maximum: AMOUNT_MAX },
          },
        },
        isSteps,
        'Rewards of days in a row, in place of `reward`: [from which day on, points], rising. Only of spans of a day.',
      ),
    ),
    ...PAYING,
    /** Does who does it get a badge, each time, beside a reward or in place of points? It stays when the task is no more. */
    badge: flag(false),
  },
  shows: WORDS,
  group: ({ programme, event }) => eventTypeKey(programme, event),
  check: (document, _, known) => {
    const { programme, event, of, need, reward, steps, coupon, span = 'day', badge } = document;
    const paying = payingProblem(document);
    if (paying !== null) return paying;
    const given = [reward, steps, coupon].filter((one) => one !== undefined).length;
    if (given > 1 || (given === 0 && badge !== true))
      return {
        field: 'reward',
        detail: 'A task has one of a reward, steps and a coupon, or a badge alone.',
      };
    if (given === 0 && isPaying(document))
      return { field: 'badge', detail: 'A badge alone is neither paid by a budget nor pending.' };
    const wrong = couponProblem(document, known);
    if (wrong !== null) return wrong;
    if (coupon !== undefined && badge === true)
      return { field: 'badge', detail: 'A badge is for a reward, and not for a coupon.' };
    if (steps !== undefined && (span !== 'day' || steps[0]?.[0] !== 1))
      return { field: 'steps', detail: 'Steps are of days, and begin with the first.' };
    if (steps !== undefined && !isRising(steps))
      return { field: 'steps', detail: `Steps rise, up to day ${DAYS_MAX}.` };
    if (steps !== undefined && (need !== undefined || of !== undefined))
      return { field: 'steps', detail: 'Steps count days, and need nothing else.' };
    if (steps !== undefined && badge === true)
      return { field: 'badge', detail: 'A badge is for a reward, and not for steps.' };
    const found = typeOf(programme, event, known);
    if ('field' in found) return found;
    return of === undefined || found.attributes === 'unknown' || found.attributes[of] === 'integer'
      ? null
      : { field: 'of', detail: `${of} is no attribute of type integer.` };
  },
});
