// A platform reports what a member did: the rules of the programme decide what it earns.

import { EVENT_EARLY_MS, ORDER_LINES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, time } from '../../protocol/fields.js';
import { act, type CounterAdd, type Effect, type Reads, type Undone } from '../act.js';
import { wrongAttribute } from '../definitions/attributes.js';
import { eventTypeKey } from '../definitions/event-type.js';
import { eventType, programme } from '../definitions/index.js';
import { lateOf } from '../definitions/programme.js';
import { COUNTS, earnedBy, runsIn, runsRecord } from '../earning/event.js';
import { earning, memberIn, memberRecord, RETIRED, settled, tiersIn } from '../earning/member.js';
import { areLines, EVENT, type EventBody, isLine, isObject, type Line } from '../earning/order.js';
import { sharesBack } from '../earning/shares.js';
import { withoutDay } from '../earning/streak.js';
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
  },
  causes: ['transfer'],
  needs: ['earn'],
  refusals: [
    'DEFINITION_NOT_FOUND',
    'EVENT_TYPE_UNKNOWN',
    'EVENT_TIME_INVALID',
    'EVENT_TOO_LATE',
    'EVENT_ATTRIBUTE_INVALID',
    'EVENT_LINES_INVALID',
    'ASSET_UNKNOWN',
    'BUDGET_SHORT',
    'BUDGET_BUSY',
  ],

  decide(see, body, { time, owner }) {
    const { programme: key, type, time: said = time, attributes = {}, lines } = body;
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const typed = see.definition(eventType, eventTypeKey(key, type));
    if (typed === undefined) return { refusal: 'EVENT_TYPE_UNKNOWN' };
    if (said > time + EVENT_EARLY_MS) return { refusal: 'EVENT_TIME_INVALID' };
    const at = Math.min(said, time);
    if (at < time - lateOf(of.document)) return { refusal: 'EVENT_TOO_LATE' };
    if (wrongAttribute(attributes, typed.document.attributes ?? {}) !== undefined)
      return { refusal: 'EVENT_ATTRIBUTE_INVALID' };
    const { amount } = typed.document;
    if (lines !== undefined && !areLines(lines, amount && attributes[amount]))
      return { refusal: 'EVENT_LINES_INVALID' };
    const account = see.account(of.document.asset);
    if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
    return earnedBy(see, of, typed, account, { owner, type, at, time, attributes });
  },

  /** What its rules counted is given back by what of their legs is; a streak, and what tasks counted, with the last of it. */
  undo(see, undone, { time }) {
    const { programme: key, type } = undone.body as EventBody;
    const { effects } = undone;
    const isAll = isWhole(undone);
    const days = isAll ? effects.filter((one) => one.type === 'streak') : [];
    const records = days.map(({ task, day }) =>
      runsRecord(task as string, withoutDay(runsIn(see, task as string), day as number)),
    );
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
    const counters = allCountedBack(see, undone, isAll, time);
    const undoes = sharesBack(undone);
    const undo = { records, counters, effects: told, why: { event: type } };
    return undoes === undefined ? undo : { ...undo, undoes };
  },
});

/** What of counters is given back. */
function allCountedBack(see: Reads, undone: Undone, isAll: boolean, time: number): CounterAdd[] {
  const paid = undone.effects.filter(({ type }) => type === 'earn');
  return undone.counters.flatMap((one) => {
    const { name } = one;
    const isOfAll = name.startsWith(COUNTS.done) || name.startsWith(COUNTS.taken);
    const share = isOfAll ? (isAll ? one.add : 0) : partOf(undone, paid, name);
    return countedBack(see, one, share, time);
  });
}

/** How much of what a rule or a reward counted is given back with parts of its leg. */
function partOf(undone: Undone, paid: readonly Effect[], name: string): number {
  const key = name.slice(2);
  const leg = paid.findIndex(({ rule, task }) =>
    name.startsWith(COUNTS.rewarded) ? task === key : rule === key,
  );
  if (leg < 0) return 0;
  const now = undone.now[leg] as number;
  if (name.startsWith(COUNTS.points)) return now;
  return now > 0 && isGone(undone, leg) ? 1 : 0;
}
