// A leaderboard: members by the points that they earn in a period, or how often they did something, with prizes at its end.

import {
  AMOUNT_MAX,
  BOARD_GRACE_MS,
  BOARD_PLACES_MAX,
  EVENT_LATE_MS_MAX,
  KIND_LENGTH_MAX,
} from '../../limits.js';
import {
  budget,
  type Document,
  expression,
  json,
  oneOf,
} from '../../protocol/definition-fields.js';
import { flag, id, optional, time, whole } from '../../protocol/fields.js';
import { ID_PATTERN, isId, isKind } from '../../protocol/syntax.js';
import { compile } from '../cel.js';
import { type Known, kind } from './kind.js';
import { programmeProblem, WORDS } from './programme.js';
import { timesProblem } from './validity.js';

/** What a board is of, one after the other; `once`: from a time to another. */
export const BOARD_PERIODS = ['day', 'week', 'month', 'once'] as const;
export type BoardSpan = (typeof BOARD_PERIODS)[number];

/** What a board counts: points; or how many events, rewards of tasks, rewards with a badge. */
export const BOARD_COUNTS = ['points', 'events', 'tasks', 'badges'] as const;
export type BoardCounts = (typeof BOARD_COUNTS)[number];

const NAMES_MAX = 32;
/** As isKind() has it. */
const KIND = `^[A-Za-z0-9._-]{1,${KIND_LENGTH_MAX}}$`;
const PRIZES_MAX = 16;
/** The owner `#board:<key>` has to have a name that can be one. */
const KEY = /^[A-Za-z0-9._:-]{1,48}$/;

/** (first place, last place, points of each of them). */
export type Prizes = readonly (readonly [from: number, to: number, points: number])[];

const isWithin = (value: unknown, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;

const arePrizes = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= PRIZES_MAX &&
  value.every(
    (one) =>
      Array.isArray(one) && one.length === 3 && one.every((part) => isWithin(part, AMOUNT_MAX)),
  );

/** What is wrong with prizes that have the right form. */
function prizesProblem(prizes: Prizes): string | undefined {
  let next = 1;
  let sum = 0;
  for (const [from, to, points] of prizes) {
    if (from !== next || to < from) return 'Places are without a gap, from place 1 on.';
    sum += (to - from + 1) * points;
    next = to + 1;
  }
  if (next > BOARD_PLACES_MAX + 1) return `At most ${BOARD_PLACES_MAX} places have prizes.`;
  return sum > AMOUNT_MAX ? 'All prizes together are more than there may be of points.' : undefined;
}

const names = (is: (value: unknown) => boolean, pattern: string, about: string) =>
  json<readonly string[]>(
    {
      type: 'array',
      minItems: 1,
      maxItems: NAMES_MAX,
      uniqueItems: true,
      items: { type: 'string', pattern },
    },
    (value) =>
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= NAMES_MAX &&
      new Set(value).size === value.length &&
      value.every(is),
    about,
  );

/** What a board counts: it stays as it is, so that a period is counted in one way from its beginning to its end. */
const FIXED = [
  ...(['programme', 'period', 'from', 'to', 'counts'] as const),
  ...(['events', 'rules', 'kinds', 'graceMs'] as const),
];

function changedField(document: Document, key: string, known: Known): string | undefined {
  const before = known('leaderboard', key);
  if (before === undefined || before === 'unknown') return undefined;
  return FIXED.find((name) => JSON.stringify(before[name]) !== JSON.stringify(document[name]));
}

export const leaderboard = kind({
  name: 'leaderboard',
  about:
    'Members by the points that they earn in a period, or by how often they did something; at its end the first ones get prizes.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    period: oneOf(
      BOARD_PERIODS,
      'Of what it is, one after the other, in the programme’s zone; once: from `from` to `to`.',
    ),
    from: optional(time('DEFINITION_INVALID')),
    to: optional(time('DEFINITION_INVALID')),
    counts: optional(
      oneOf(
        BOARD_COUNTS,
        'points: what is earned. events: how many events there were, until all that one has brought is given back. tasks: how many rewards of tasks. badges: how many of those came with a badge. Left out: points.',
      ),
    ),
    events: optional(
      names(isId, ID_PATTERN, 'What these types of events earn counts. Left out: of all.'),
    ),
    rules: optional(
      names(
        isId,
        ID_PATTERN,
        'Of that, what these rules and tasks pay, by their keys. Left out: all.',
      ),
    ),
    kinds: optional(
      names(
        isKind,
        KIND,
        'What transfers of these kinds bring their home owner in the programme’s asset counts, too; without events and rules: that alone.',
      ),
    ),
    graceMs: optional(
      whole(
        0,
        EVENT_LATE_MS_MAX,
        'DEFINITION_INVALID',
        `How long after its end what comes late, and returns, still count, in milliseconds. Left out: ${BOARD_GRACE_MS}.`,
      ),
    ),
    prizes: optional(
      json<Prizes>(
        {
          type: 'array',
          minItems: 1,
          maxItems: PRIZES_MAX,
          items: {
            type: 'array',
            minItems: 3,
            maxItems: 3,
            items: { type: 'integer', minimum: 1, maximum: AMOUNT_MAX },
          },
        },
        arePrizes,
        `[first place, last place, points of each], from place 1 on without a gap, up to place ${BOARD_PLACES_MAX}. Who share a rank share what its places get, rounded down.`,
      ),
    ),
    /** Who pays the prizes. */
    budget: optional(budget()),
    audience: optional(
      expression(
        'Who may get a prize: a condition in CEL over member.available, member.earned and member.held, when it is paid. Left out: all.',
      ),
    ),
    size: optional(
      whole(
        1,
        AMOUNT_MAX,
        'DEFINITION_INVALID',
        'How many it shows, from the first on. Left out: all.',
      ),
    ),
    /** Are others than who asks shown under an alias, to whoever asks? */
    alias: flag(false),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check(document, key, known) {
    const { programme, period, from, to, prizes, budget: of, audience } = document;
    if (!KEY.test(key))
      return { field: '', detail: `The key of a leaderboard is ${KEY.source.slice(1, -1)}.` };
    const isOnce = period === 'once';
    if (isOnce !== (from !== undefined) || isOnce !== (to !== undefined))
      return { field: 'from', detail: 'from and to are said of the period once, and of no other.' };
    const times = timesProblem(document);
    if (times !== null) return times;
    const { counts = 'points', kinds, rules } = document;
    if (counts !== 'points' && kinds !== undefined)
      return { field: 'kinds', detail: 'Transfers bring points: kinds goes with these alone.' };
    if (counts === 'events' && rules !== undefined)
      return { field: 'rules', detail: 'Events are counted whatever pays for them.' };
    if ((prizes === undefined) !== (of === undefined))
      return {
        field: 'budget',
        detail: 'Prizes are paid out of a budget, which pays nothing else.',
      };
    const wrong = prizes === undefined ? undefined : prizesProblem(prizes);
    if (wrong !== undefined) return { field: 'prizes', detail: wrong };
    const condition = audience === undefined ? undefined : compile(audience);
    if (typeof condition === 'string')
      return { field: 'audience', detail: `audience is not accepted: ${condition}.` };
    const changed = changedField(document as Document, key, known);
    if (changed !== undefined)
      return { field: changed, detail: `What a leaderboard counts stays: say another one.` };
    return programmeProblem(programme, known);
  },
});
