// A coalition of platforms: what their points are worth, in one unit; how far that, and rates, change before a second person must agree.

import {
  ANSWER_DAYS,
  CHANGE_PERCENT,
  CHANGE_PERCENT_MAX,
  CHANGE_WINDOW_MS,
  CHANGE_WINDOW_MS_MAX,
  DISPUTE_DAYS,
  DISPUTE_DAYS_MAX,
  QUOTE_SECONDS_MAX,
} from '../../limits.js';
import { isRate, RATE_SCHEMA } from '../../protocol/decimal.js';
import { type Document, json, words } from '../../protocol/definition-fields.js';
import { isObject, optional, whole, zone } from '../../protocol/fields.js';
import { ID_PATTERN, isId } from '../../protocol/syntax.js';
import { APPROVALS } from './approval.js';
import { type Known, kind } from './kind.js';
import { WORDS } from './programme.js';
import { type Figures, references, takesStep } from './steps.js';

/** What has no multiplier of its own. */
export const UNKNOWN = '1.0';
const NAMES_MAX = 64;
const CURRENCY_LENGTH_MAX = 16;

/** An exact decimal above 0. */
export const rate = (about: string) => json<string>(RATE_SCHEMA, isRate, about);

const multipliers = (about: string) =>
  optional(
    json<Readonly<Record<string, string>>>(
      {
        type: 'object',
        maxProperties: NAMES_MAX,
        propertyNames: { pattern: ID_PATTERN },
        additionalProperties: RATE_SCHEMA,
      },
      (value) =>
        isObject(value) &&
        !Array.isArray(value) &&
        Object.keys(value).length <= NAMES_MAX &&
        Object.entries(value).every(
          ([name, one]) => isId(name) && name.length <= 64 && isRate(one),
        ),
      about,
    ),
  );

/** What a document says of value, by name; a name that it has not is worth what is unknown. */
export function figuresOf(document: Document): Figures {
  const { base, unknown = UNKNOWN } = document as { base: string; unknown?: string };
  const figures = new Map([
    ['base', base],
    ['unknown', unknown],
  ]);
  for (const list of ['platforms', 'categories'])
    for (const [name, one] of Object.entries((document[list] ?? {}) as Record<string, string>))
      figures.set(`${list}.${name}`, one);
  return { figures, otherwise: unknown };
}

export const coalition = kind({
  name: 'coalition',
  about:
    'Platforms whose points are exchanged: a point is worth `base` times the multiplier of its platform and of its category.',
  needs: 'settle',
  decides: {
    currency: words(CURRENCY_LENGTH_MAX, 'The unit of value, e.g. CNY.'),
    base: rate('What a whole point is worth before multipliers, in units of the currency: 0.01.'),
    platforms: multipliers('Multipliers of platforms, by their name.'),
    categories: multipliers('Multipliers of categories, by their name.'),
    unknown: optional(
      rate('The multiplier of a platform, or a category, that is not named. Left out: 1.0.'),
    ),
    zone: zone(),
    changePercent: optional(
      whole(
        1,
        CHANGE_PERCENT_MAX,
        'DEFINITION_INVALID',
        `By how many percent a rate or a multiplier may change, at once or summed over the window, before a second person must agree. Left out: ${CHANGE_PERCENT}.`,
      ),
    ),
    changeWindowMs: optional(
      whole(
        1,
        CHANGE_WINDOW_MS_MAX,
        'DEFINITION_INVALID',
        'Over how long changes are summed, in milliseconds. Left out: 7 days.',
      ),
    ),
    quoteSeconds: optional(
      whole(
        1,
        QUOTE_SECONDS_MAX,
        'DEFINITION_INVALID',
        'How long a quote holds, in seconds. Left out: 300.',
      ),
    ),
    disputeDays: optional(
      whole(
        1,
        DISPUTE_DAYS_MAX,
        'DEFINITION_INVALID',
        `For how many days after its cycle was cut, or its exchange made, a line may be disputed. Left out: ${DISPUTE_DAYS}.`,
      ),
    ),
    answerDays: optional(
      whole(
        1,
        DISPUTE_DAYS_MAX,
        'DEFINITION_INVALID',
        `Within how many days the other platform answers a dispute, before the operator may decide it without. Left out: ${ANSWER_DAYS}.`,
      ),
    ),
    ...APPROVALS,
  },
  shows: WORDS,
  zone: 'zone',
  asksSecond: (next, past) => {
    const before = references(past);
    if (next === undefined || before.length === 0) return false;
    const guard = guardOf(before);
    const mine = guardOf([next]);
    if (mine.percent > guard.percent || mine.windowMs < guard.windowMs) return true;
    return takesStep(figuresOf, next, past, guard);
  },
});

/** What of these documents lets through least. */
export function guardOf(documents: readonly Document[]): {
  readonly percent: number;
  readonly windowMs: number;
} {
  const all = (field: string, byDefault: number): number[] =>
    documents.length === 0
      ? [byDefault]
      : documents.map((one) => (one[field] as number | undefined) ?? byDefault);
  return {
    percent: Math.min(...all('changePercent', CHANGE_PERCENT)),
    windowMs: Math.max(...all('changeWindowMs', CHANGE_WINDOW_MS)),
  };
}

/** A coalition is defined before what belongs to it. */
export const coalitionProblem = (
  name: string,
  known: Known,
): { field: string; detail: string } | null =>
  known('coalition', name) === undefined
    ? { field: 'coalition', detail: `there is no coalition ${name}.` }
    : null;
