// A platform reports what a member did: the rules of the programme decide what it earns.

import { EVENT_EARLY_MS, ORDER_LINES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { flag, id, optional, time } from '../../protocol/fields.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import {
  act,
  type CounterAdd,
  type Effect,
  type Reads,
  type RecordDelta,
  type Undone,
  type Window,
} from '../act.js';
import { isInClear, wrongAttribute } from '../definitions/attributes.js';
import { programme } from '../definitions/index.js';
import { correctedIn } from '../earning/corrected.js';
import { badgeTask, COUNTS, counterOf } from '../earning/counts.js';
import { earnedBy } from '../earning/event.js';
import { type GivenBack, givenBack } from '../earning/given-back.js';
import {
  earning,
  memberIn,
  memberRecord,
  type Programme,
  RETIRED,
  settled,
  tiersIn,
} from '../earning/member.js';
import {
  areLines,
  EVENT,
  type EventBody,
  isLine,
  isObject,
  type Line,
  RETURN_EVENT,
} from '../earning/order.js';
import {
  linesOf,
  nothingOf,
  returnableUntil,
  returnedIn,
  returnedRecord,
  unitsOf,
} from '../earning/returned.js';
import { rewardedIn, rewardedRecord, TAKE_REWARD } from '../earning/rewards.js';
import { sharesBack } from '../earning/shares.js';
import { type EventType, termsOf } from '../earning/terms.js';
import { windowAt } from '../earning/windows.js';
import { countedBack, isGone, isWhole } from '../undone.js';

export const event = act({
  name: EVENT,
  version: 1,
  about: 'A platform reports what a member did: the rules of the programme decide what it earns.',
  body: {
    /** The key of the programme. */
    programme: id('ACT_BODY_INVALID'),
    /** The type of the event, within its programme. */
    type: id('ACT_BODY_INVALID'),
    /** When it happened, in milliseconds since 1970. Left out: now. */
    time: optional(time('ACT_BODY_INVALID')),
    attributes: optional(
      json<Readonly<Record<string, unknown>>>(
        { type: 'object', additionalProperties: true },
        isObject,
        'What there is to say of it, by the attributes of its type.',
        'ACT_BODY_INVALID',
      ),
    ),
    lines: optional(
      json<readonly Line[]>(
        {
          type: 'array',
          maxItems: ORDER_LINES_MAX,
          items: {
            type: 'object',
            required: ['line', 'amount'],
            additionalProperties: false,
            properties: {
              line: { type: 'string' },
              amount: { type: 'integer', minimum: 0 },
              quantity: { type: 'integer', minimum: 1 },
            },
          },
        },
        (value) => Array.isArray(value) && value.length <= ORDER_LINES_MAX && value.every(isLine),
        'The lines of an order, which sum to its amount: a return may name them.',
        'ACT_BODY_INVALID',
      ),
    ),
    /** Does the member report it of itself? Then it is of now, and no more than its type lets members say (`byMember`, `memberSays`). Left out: no. */
    own: flag(false),
  },
  causes: ['transfer', TAKE_REWARD],
  needs: ['earn'],
  own: { needs: ['participate'], says: ({ own }) => own === true },
  refusals: [
    'DEFINITION_NOT_FOUND',
    'EVENT_TYPE_UNKNOWN',
    'EVENT_TIME_INVALID',
    'EVENT_TOO_LATE',
    'EVENT_ATTRIBUTE_INVALID',
    'ACT_BODY_INVALID',
    'EVENT_LINES_INVALID',
    'EVENT_REPORTED',
    'ASSET_UNKNOWN',
    'BUDGET_SHORT',
    'BUDGET_BUSY',
    'COUPON_UNAVAILABLE',
  ],

  decide(see, body, { time, owner }) {
    const { programme: key, type, time: said = time, attributes = {}, lines, own } = body;
    const terms = termsOf(see, key, type);
    if (typeof terms === 'string') return { refusal: terms };
    const { programme: of, type: typed } = terms;
    if (isInClear(attributes, typed.document.attributes ?? {}))
      return { refusal: 'ACT_BODY_INVALID' };
    const unsaid = own === true ? saysTooMuch(body as EventBody, typed.document) : undefined;
    if (unsaid !== undefined) return { refusal: unsaid };
    if (said > time + EVENT_EARLY_MS) return { refusal: 'EVENT_TIME_INVALID' };
    const at = Math.min(said, time);
    if (at < time - terms.lateMs) return { refusal: 'EVENT_TOO_LATE' };
    if (wrongAttribute(attributes, typed.document.attributes ?? {}) !== undefined)
      return { refusal: 'EVENT_ATTRIBUTE_INVALID' };
    const { amount } = typed.document;
    if (lines !== undefined && !areLines(lines, amount && attributes[amount]))
      return { refusal: 'EVENT_LINES_INVALID' };
    const once = own === true ? reported(typed.key, terms.offsets, time) : undefined;
    if (once !== undefined && see.counter(once.name, once.window) >= (typed.document.byMember ?? 0))
      return { refusal: 'EVENT_REPORTED' };
    const account = see.account(of.document.asset);
    if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
    return earnedBy(see, terms, account, { owner, type, at, time, attributes, once });
  },

  /** What its rules counted is given back by what of their legs is. */
  undo(see, undone, { time, owner }) {
    const { programme: key, type } = undone.body as EventBody;
    const { effects, by } = undone;
    const records: RecordDelta[] = rewardsBack(see, undone);
    const back = undone.now.reduce((sum, amount) => sum + amount, 0);
    const told: Effect[] = [{ type: 'takeBack', amount: back }];
    const progress = effects.find((one) => one.type === 'progress');
    const of = see.definition(programme, key);
    if (progress !== undefined && back > 0) {
      const before = memberIn(see, key);
      const tiers = tiersIn(see, key);
      const period = progress['period'] as number;
      const less = earning(before, of ?? RETIRED, tiers, period, -back);
      const now = of && settled(before, less, of, tiers, time);
      records.push(memberRecord(key, now?.member ?? less));
      told.push(...(now?.effects ?? []));
    }
    // What goes beside its points, a return says itself, by what is given back; and where a reward alone is taken, its event stays.
    const isAll = by === undefined && isWhole(undone);
    const all = isAll ? allBack(see, undone, of, owner, time) : undefined;
    const undo = {
      records: [...records, ...(all?.records ?? [])],
      counters: [...countersBack(see, undone, time), ...(all?.counters ?? [])],
      followUps: all?.followUps ?? [],
      effects: [...told, ...(all?.effects ?? [])],
      why: { event: type },
    };
    const undoes = sharesBack(undone);
    return undoes === undefined ? undo : { ...undo, undoes };
  },
});

/** What a member says of itself that is not for members to say, as a refusal; undefined: nothing. */
function saysTooMuch(
  { time, lines, attributes = {} }: EventBody,
  { byMember, memberSays = [] }: EventType['document'],
): RefusalCode | undefined {
  if (byMember === undefined) return 'EVENT_TYPE_UNKNOWN';
  if (time !== undefined) return 'EVENT_TIME_INVALID';
  if (!Object.keys(attributes).every((name) => memberSays.includes(name)))
    return 'EVENT_ATTRIBUTE_INVALID';
  return lines === undefined ? undefined : 'EVENT_LINES_INVALID';
}

/** That a member has reported an event of a type, counted by the day. */
const reported = (type: string, offsets: readonly number[], time: number): CounterAdd => ({
  name: counterOf('own', type),
  window: windowAt('day', time, offsets, 0),
  add: 1,
});

/** What goes beside its points with all that is left of it, which can then not be returned any more. */
function allBack(
  see: Reads,
  undone: Undone,
  of: Programme | undefined,
  owner: string,
  time: number,
): GivenBack {
  const lines = linesOf(undone);
  const all = lines.reduce((sum, { amount }) => sum + amount, 0);
  const before = unitsOf(returnedIn(see, undone.id) ?? nothingOf(lines));
  const isForgotten = time >= returnableUntil(undone, of);
  const units = { before, after: all, all, isForgotten };
  const back = givenBack(see, owner, undone, units, time, of?.document.returns);
  return { ...back, records: [...back.records, returnedRecord(undone.id, null, time)] };
}

/** What of limits and rewards is given back with their points. */
function countersBack(see: Reads, undone: Undone, time: number): CounterAdd[] {
  const paid = undone.effects.filter(({ type }) => type === 'earn');
  // Of what was corrected, the return says itself what limits had counted.
  const isCorrected = undone.by === RETURN_EVENT && correctedIn(see, undone.id) !== undefined;
  return undone.counters.flatMap((one) =>
    isCorrected && isOfRule(one)
      ? []
      : countedBack(see, one, partOf(see, undone, paid, one, time), time),
  );
}

const isOfRule = ({ name }: CounterAdd): boolean =>
  name.startsWith(COUNTS.points) || name.startsWith(COUNTS.times);

/** How much of what a rule or a reward counted is given back with parts of its leg. */
function partOf(
  see: Reads,
  undone: Undone,
  paid: readonly Effect[],
  { name }: CounterAdd,
  time: number,
): number {
  const badge = badgeTask(name);
  const key = badge ?? name.slice(2);
  const isReward = badge !== undefined || name.startsWith(COUNTS.rewarded);
  const isOther = name.startsWith(COUNTS.done) || name.startsWith(COUNTS.taken);
  const leg = paid.findIndex(({ rule, task }) => (isReward ? task === key : rule === key));
  if (isOther || leg < 0) return 0;
  const now = undone.now[leg] as number;
  if (name.startsWith(COUNTS.points)) return now;
  if (now === 0 || !isGone(undone, leg)) return 0;
  const progress = isReward ? undone.counters.find(isOf(counterOf('done', key))) : undefined;
  if (progress === undefined) return 1;
  // It may have been earned anew meanwhile, by another event.
  if (progress.window.until > time) return isRewardOf(see, undone, key, progress.window) ? 1 : 0;
  // A part of it has gone before with its badge, for what counted was not enough any more.
  return badge !== undefined && undone.by !== TAKE_REWARD && undone.before[leg] === 0 ? 1 : 0;
}

const isOf =
  (counter: string) =>
  ({ name }: CounterAdd): boolean =>
    name === counter;

const isRewardOf = (see: Reads, { id }: Undone, task: string, window: Window): boolean =>
  rewardedIn(see, task, window)?.[0] === id;

/** That it had completed tasks is forgotten with their rewards. */
function rewardsBack(see: Reads, undone: Undone): RecordDelta[] {
  const paid = undone.effects.filter(({ type }) => type === 'earn');
  return paid.flatMap(({ task }, leg) => {
    if (task === undefined || (undone.now[leg] as number) === 0 || !isGone(undone, leg)) return [];
    const counted = undone.counters.find(isOf(counterOf('done', task as string)));
    if (counted === undefined || !isRewardOf(see, undone, task as string, counted.window))
      return [];
    return [rewardedRecord(task as string, counted.window, null)];
  });
}
