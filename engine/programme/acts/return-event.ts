// A member gives back what an event was about: what it has earned is taken back, in parts, by line, quantity or amount.
//   return.R1. All returns of an event together take back what it has earned, and no more; parts sum to the whole.

import { AMOUNT_MAX, ORDER_LINES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { isId } from '../../protocol/syntax.js';
import { act, type Json } from '../act.js';
import { eventTypeKey } from '../definitions/event-type.js';
import { eventType, programme } from '../definitions/index.js';
import { sharesOf } from '../earning/points.js';
import { type EventBody, event, type Line } from './event.js';

/** The record of what was returned of an event, by its id: units by line. */
const RETURNED = 'returned';
/** The one line of an order without lines. */
const ALL = '*';

type Returned = Readonly<Record<string, number>>;

/** A part of a line that is given back; left out: all of it that is left. */
interface Part {
  readonly line: string;
  readonly amount?: number;
  readonly quantity?: number;
}

const isUnits = (value: unknown): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) > 0);

const isPart = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { line, amount, quantity, ...more } = value as Part;
  const isOne = amount === undefined || quantity === undefined;
  return (
    isId(line) && isUnits(amount) && isUnits(quantity) && isOne && Object.keys(more).length === 0
  );
};

const part = { type: 'integer', minimum: 1 } as const;

/** The units of each line that are given back now; undefined: there is not so much of it. */
function unitsOf(
  lines: readonly Line[],
  parts: readonly Part[] | undefined,
  returned: Returned,
): number[] | undefined {
  const left = lines.map(({ line, amount }) => amount - (returned[line] ?? 0));
  if (parts === undefined) return left;
  const now = lines.map(() => 0);
  for (const { line, amount, quantity } of parts) {
    const place = lines.findIndex((one) => one.line === line);
    const of = lines[place];
    if (of === undefined) return undefined;
    let units = amount ?? (left[place] as number);
    if (quantity !== undefined) {
      if (of.quantity === undefined || quantity > of.quantity) return undefined;
      // The last of a line takes what rounding has left of it.
      const each = Math.floor((of.amount * quantity) / of.quantity);
      const rest = (left[place] as number) - each;
      units = rest < Math.floor(of.amount / of.quantity) ? (left[place] as number) : each;
    }
    now[place] = (now[place] as number) + units;
  }
  return now.every((units, i) => units <= (left[i] as number)) ? now : undefined;
}

/** What of a share has gone when so many of the units have. */
const goneOf = (share: number, units: number, of: number): number =>
  units === of ? share : Number((BigInt(share) * BigInt(units)) / BigInt(Math.max(1, of)));

export const returnEvent = act({
  name: 'return-event',
  version: 1,
  about:
    'A member gives back what an event was about, or a part of it: what it has earned is taken back.',
  body: {
    /** The id of the event. */
    event: id('ACT_BODY_INVALID'),
    lines: optional(
      json<readonly Part[]>(
        {
          type: 'array',
          minItems: 1,
          maxItems: ORDER_LINES_MAX,
          items: {
            type: 'object',
            required: ['line'],
            additionalProperties: false,
            properties: { line: { type: 'string' }, amount: part, quantity: part },
          },
        },
        (value) =>
          Array.isArray(value) &&
          value.length >= 1 &&
          value.length <= ORDER_LINES_MAX &&
          value.every(isPart),
        'What is given back of which lines of the order. Left out, and no amount: all that is left.',
        'ACT_BODY_INVALID',
      ),
    ),
    /** How much of the amount of an event without lines. */
    amount: optional(
      whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Of the amount of an event without lines.'),
    ),
  },
  needs: ['earn'],
  refusals: ['EVENT_NOT_FOUND', 'DEFINITION_NOT_FOUND', 'RETURN_INVALID', 'POINTS_SHORT'],

  decide(see, { event: eventId, lines: parts, amount }) {
    const past = see.past(eventId);
    if (past === undefined || past.act !== event.name) return { refusal: 'EVENT_NOT_FOUND' };
    const said = past.body as EventBody;
    const of = see.definition(programme, said.programme);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const typed = see.definition(eventType, eventTypeKey(said.programme, said.type));
    const counted = typed?.document.amount;
    const units = counted === undefined ? undefined : (said.attributes?.[counted] as number);
    const isPartly = parts !== undefined || amount !== undefined;
    if (isPartly && (units === undefined || (parts !== undefined && amount !== undefined)))
      return { refusal: 'RETURN_INVALID' };
    const lines = said.lines ?? [{ line: ALL, amount: Math.max(1, units ?? 1) }];
    const returned: Returned = see.record<Json & Returned>(RETURNED, eventId) ?? {};
    const asked = amount === undefined ? parts : [{ line: ALL, amount }];
    const now = unitsOf(lines, asked, returned);
    if (now === undefined || now.every((one) => one === 0)) return { refusal: 'RETURN_INVALID' };
    const after: Record<string, number> = { ...returned };
    for (const [i, { line }] of lines.entries())
      if (now[i] !== 0) after[line] = (after[line] ?? 0) + (now[i] as number);
    const weights = lines.map((line) => line.amount);
    if (weights.every((weight) => weight === 0)) return { refusal: 'RETURN_INVALID' };
    const legs = past.amounts.flatMap((all, leg) => {
      const shares = sharesOf(all, weights);
      const gone = shares.reduce(
        (sum, share, i) =>
          sum + goneOf(share, after[lines[i]?.line ?? ALL] ?? 0, weights[i] as number),
        0,
      );
      const back = gone - (past.undone[leg] as number);
      return back > 0 ? [{ leg, amount: back }] : [];
    });
    const records = [{ type: RETURNED, key: eventId, value: after }];
    const effects = [
      { type: 'returned', event: eventId, units: now.reduce((sum, one) => sum + one, 0) },
    ];
    const why = { event: eventId, programme: of.version };
    const assets = [of.document.asset];
    if (legs.length === 0) return { legs: [], assets, records, effects, why };
    const allowDebt = of.document.returns === 'unlimited';
    return { legs: [], reversal: { transferId: past.id, legs, allowDebt }, records, effects, why };
  },

  undo: () => ({ effects: [], why: {} }),
});
