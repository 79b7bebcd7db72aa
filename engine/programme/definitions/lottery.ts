// A lottery: what a draw costs, what may be won and how likely.

import { AMOUNT_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import type { Weighted } from '../../protocol/draw.js';
import { amount, id, isObject, optional, time, whole } from '../../protocol/fields.js';
import { isBudget, isId, isItem } from '../../protocol/syntax.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { AUDIENCE, audienceProblem, timesProblem } from './validity.js';

/** What may be won. */
export interface Prize extends Weighted {
  /** What it is called. */
  readonly name?: string;
  /** Its place among those that are shown, lowest first; left out: 0. */
  readonly order?: number;
  /** Minor units that are won; left out: 0. */
  readonly points?: number;
  /** Whose stock it comes out of: `#budget:<name>` pays the points, `#item:<name>` gives one of what it has. Left out: points are issued. */
  readonly stock?: string;
  /** The key of the prize that is won in its place where the stock has not enough. */
  readonly substitute?: string;
}

const PRIZES_MAX = 32;
const NAME_LENGTH_MAX = 60;
const WEIGHT_MAX = 1_000_000_000;
const ORDER_MAX = 1_000_000;
const COOLDOWN_SECONDS_MAX = 366 * 86_400;
const TIMES_MAX = 100_000;
const FIELDS: ReadonlySet<string> = new Set(
  'key name order weight points stock substitute'.split(' '),
);

const isWithin = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const isName = (value: unknown): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= NAME_LENGTH_MAX &&
  value.isWellFormed();

const isText = (value: unknown): boolean => typeof value === 'string';

function isPrize(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).some((name) => !FIELDS.has(name))) return false;
  const { key, name, order, weight, points, stock, substitute } = value as Partial<Prize>;
  return (
    isText(key) &&
    isWithin(weight, 1, WEIGHT_MAX) &&
    (name === undefined || isName(name)) &&
    (order === undefined || isWithin(order, 0, ORDER_MAX)) &&
    (points === undefined || isWithin(points, 0, AMOUNT_MAX)) &&
    (stock === undefined || isText(stock)) &&
    (substitute === undefined || isText(substitute))
  );
}

/** What is wrong with prizes whose fields are right each by itself; undefined: nothing. */
function prizesProblem(prizes: readonly Prize[]): string | undefined {
  const byKey = new Map(prizes.map((prize) => [prize.key, prize]));
  if (byKey.size < prizes.length) return 'Two prizes have the same key.';
  for (const { key, points = 0, stock, substitute } of prizes) {
    if (!isId(key)) return `${key.slice(0, 100)} is not a key of a prize.`;
    if (stock !== undefined && !isBudget(stock) && !isItem(stock))
      return `${key}: its stock is neither #budget:<name> nor #item:<name>.`;
    if ((stock === undefined) !== (substitute === undefined))
      return `${key}: stock and substitute belong together.`;
    if (stock !== undefined && isBudget(stock) && points === 0)
      return `${key}: a budget pays points, and it has none.`;
    let next = substitute;
    for (let steps = 0; next !== undefined; steps++) {
      const one = byKey.get(next);
      if (one === undefined) return `${key}: there is no prize ${next}.`;
      if (steps === prizes.length) return `${key}: its substitutes never end in one without stock.`;
      next = one.substitute;
    }
  }
  return undefined;
}

export const lottery = kind({
  name: 'lottery',
  about: 'A lottery of a programme: what a draw costs, what may be won, and how likely.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    /** What a draw costs, in minor units of the programme's asset. */
    cost: amount(),
    /** How long after a draw the next one may be, in seconds. Left out: at once. */
    cooldownSeconds: optional(
      whole(0, COOLDOWN_SECONDS_MAX, 'DEFINITION_INVALID', 'Seconds between two draws.'),
    ),
    /** How many draws a member has on a day of the programme's zone. Left out: any number. */
    dailyLimit: optional(
      whole(1, TIMES_MAX, 'DEFINITION_INVALID', 'How often a member may draw in a day.'),
    ),
    prizes: json<readonly Prize[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: PRIZES_MAX,
        items: {
          type: 'object',
          required: ['key', 'weight'],
          additionalProperties: false,
          properties: {
            key: { type: 'string' },
            name: { type: 'string', minLength: 1, maxLength: NAME_LENGTH_MAX },
            order: { type: 'integer', minimum: 0, maximum: ORDER_MAX },
            weight: { type: 'integer', minimum: 1, maximum: WEIGHT_MAX },
            points: { type: 'integer', minimum: 0 },
            stock: { type: 'string' },
            substitute: { type: 'string' },
          },
        },
      },
      (value) =>
        Array.isArray(value) &&
        value.length >= 1 &&
        value.length <= PRIZES_MAX &&
        value.every(isPrize),
      'What may be won: each as likely as its weight says among all. Where its stock has not enough, its substitute is won.',
    ),
    from: optional(time('DEFINITION_INVALID')),
    to: optional(time('DEFINITION_INVALID')),
    audience: AUDIENCE,
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: (document, _, known) => {
    const problem = prizesProblem(document.prizes);
    if (problem !== undefined) return { field: 'prizes', detail: problem };
    return timesProblem(document) ?? audienceProblem(document, known);
  },
});
