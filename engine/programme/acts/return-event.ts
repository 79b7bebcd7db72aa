// A member gives back what an event was about: what it has earned is taken back, in parts, by line, quantity or amount.
//   return.R1. All returns of an event together take back what it has earned, and no more; parts sum to the whole.

import { AMOUNT_MAX, ORDER_LINES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { isId } from '../../protocol/syntax.js';
import { act, type Json } from '../act.js';
import { programme } from '../definitions/index.js';
import { EVENT, type EventBody, type Line } from '../earning/order.js';
import { shareOf, sharesOf } from '../earning/points.js';

/** The record of what was returned of an event, by its id, as long as some of it is left. */
const RETURNED = 'returned';
/** The one line of an order without lines. */
const ALL = '*';

/** Of each line the amount, and the quantity, that were given back. */
type Returned = readonly (readonly [amount: number, quantity: number])[];

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

const wholeOf = ({ amount, quantity = 0 }: Line): Returned[number] => [amount, quantity];
const isAllOf = (line: Line, [amount, quantity]: Returned[number]): boolean =>
  amount === line.amount && quantity === (line.quantity ?? 0);

/** A line with a part more of it given back; undefined: there is not so much of it. */
function withPart(
  line: Line,
  before: Returned[number],
  { amount, quantity }: Part,
): Returned[number] | undefined {
  const [had, count] = before;
  if (isAllOf(line, before)) return undefined;
  const { quantity: of = 0 } = line;
  let after = line.amount;
  if (amount !== undefined) after = had + amount;
  else if (quantity !== undefined) {
    if (count + quantity > of) return undefined;
    const units = shareOf(line.amount, count + quantity, of) - shareOf(line.amount, count, of);
    if (count + quantity < of) return [Math.min(had + units, line.amount), count + quantity];
  }
  if (after > line.amount) return undefined;
  return after === line.amount ? wholeOf(line) : [after, count];
}

/** What is given back of each line with these parts; undefined: there is not so much of it, or nothing. */
function withParts(
  lines: readonly Line[],
  parts: readonly Part[] | undefined,
  before: Returned,
): Returned | undefined {
  if (parts === undefined) {
    const isLeft = lines.some((line, i) => !isAllOf(line, before[i] as Returned[number]));
    return isLeft ? lines.map(wholeOf) : undefined;
  }
  const after = [...before];
  for (const one of parts) {
    const place = lines.findIndex(({ line }) => line === one.line);
    const line = lines[place];
    const now = line && withPart(line, after[place] as Returned[number], one);
    if (now === undefined) return undefined;
    after[place] = now;
  }
  return after;
}

/** The lines by which points are shared: an event without any is one, and what costs nothing counts as one unit each. */
function linesOf({ lines }: EventBody, units: number): readonly Line[] {
  if (lines === undefined || lines.length === 0) return [{ line: ALL, amount: units }];
  return lines.some(({ amount }) => amount > 0)
    ? lines
    : lines.map((line) => ({ ...line, amount: 1 }));
}

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
  refusals: ['EVENT_NOT_FOUND', 'RETURN_INVALID', 'ALREADY_REVERSED', 'POINTS_SHORT'],

  decide(see, { event: eventId, lines: parts, amount }) {
    const past = see.past(eventId);
    if (past === undefined || past.act !== EVENT) return { refusal: 'EVENT_NOT_FOUND' };
    const said = past.body as EventBody;
    const units = past.why['units'] as number | undefined;
    const isByLine = said.lines !== undefined;
    if (isByLine ? amount !== undefined : parts !== undefined) return { refusal: 'RETURN_INVALID' };
    if (amount !== undefined && units === undefined) return { refusal: 'RETURN_INVALID' };
    const lines = linesOf(said, Math.max(1, units ?? 1));
    const known = see.record<Json & Returned>(RETURNED, eventId);
    if (known === undefined && past.isUndone) return { refusal: 'ALREADY_REVERSED' };
    const before: Returned = known ?? lines.map(() => [0, 0]);
    const after = withParts(lines, amount === undefined ? parts : [{ line: ALL, amount }], before);
    if (after === undefined) return { refusal: 'RETURN_INVALID' };
    const isWhole = lines.every((line, i) => isAllOf(line, after[i] as Returned[number]));
    const weights = lines.map((line) => line.amount);
    const legs = past.amounts.flatMap((all, leg) => {
      const gone = sharesOf(all, weights).reduce((sum, share, i) => {
        const [of] = after[i] as Returned[number];
        return sum + (of === 0 ? 0 : shareOf(share, of, weights[i] as number));
      }, 0);
      const back = gone - (past.undone[leg] as number);
      return back > 0 ? [{ leg, amount: back }] : [];
    });
    const sumOf = (returned: Returned): number => returned.reduce((sum, [one]) => sum + one, 0);
    const of = see.definition(programme, said.programme);
    // Of what was given back whole, the ledger itself knows that it was.
    const value = isWhole ? null : (after as Returned & Json);
    const plan = {
      legs: [],
      assets: of === undefined ? [] : [of.document.asset],
      records: [{ type: RETURNED, key: eventId, value }],
      effects: [{ type: 'returned', event: eventId, units: sumOf(after) - sumOf(before) }],
      why: { event: eventId, programme: of?.version ?? 0 },
    };
    const allowDebt = of?.document.returns === 'unlimited';
    // What has earned nothing is undone at once, with the last of it.
    if (past.amounts.length === 0 && isWhole && !past.isUndone)
      return { ...plan, reversal: { transferId: past.id, allowDebt } };
    if (legs.length === 0) return plan;
    return { ...plan, reversal: { transferId: past.id, legs, allowDebt } };
  },

  undo: () => ({ effects: [], why: {} }),
});
