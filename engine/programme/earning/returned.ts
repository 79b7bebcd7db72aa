// What of an event has been given back: of which line how much. Owns: the record of it, and how parts add up. Never touches: points.
//   earning.B1. It is kept as long as the event can be given back, and some of it is left: the ledger lets it expire by itself.

import { EVENT_RETURN_MS } from '../../limits.js';
import { isId } from '../../protocol/syntax.js';
import type { Json, PastAct, Reads, RecordDelta } from '../act.js';
import { recordType, STAYS } from '../record-type.js';
import type { EventBody, Line } from './order.js';
import { shareOf, sharesOf } from './points.js';

/** The type of the record, whose key is the event's id. */
const RETURNED = recordType('returned', STAYS);
/** The one line of an order without lines. */
const ALL = '*';

/** Of each line the amount, and the quantity, that were given back. */
export type Returned = readonly (readonly [amount: number, quantity: number])[];

/** A part of a line that is given back; left out: all of it that is left. */
export interface Part {
  readonly line: string;
  readonly amount?: number;
  readonly quantity?: number;
}

const isUnits = (value: unknown): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) > 0);

export const isPart = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { line, amount, quantity, ...more } = value as Part;
  const isOne = amount === undefined || quantity === undefined;
  return (
    isId(line) && isUnits(amount) && isUnits(quantity) && isOne && Object.keys(more).length === 0
  );
};

/** So much of an event without lines. */
export const partOfAll = (amount: number): readonly Part[] => [{ line: ALL, amount }];

const wholeOf = ({ amount, quantity = 0 }: Line): Returned[number] => [amount, quantity];
const isAllOf = (line: Line, [amount, quantity]: Returned[number]): boolean =>
  amount === line.amount && quantity === (line.quantity ?? 0);

/** Is all of the lines given back? */
export const isAllReturned = (lines: readonly Line[], returned: Returned): boolean =>
  lines.every((line, i) => isAllOf(line, returned[i] as Returned[number]));

export const unitsOf = (returned: Returned): number =>
  returned.reduce((sum, [one]) => sum + one, 0);

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
export function withParts(
  lines: readonly Line[],
  parts: readonly Part[] | undefined,
  before: Returned,
): Returned | undefined {
  if (parts === undefined) return isAllReturned(lines, before) ? undefined : lines.map(wholeOf);
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

/** What of an act, as it was logged, lines and times are found by. */
type Logged = Pick<PastAct, 'body' | 'why'>;

/** The lines by which points are shared: an event without any is one, and what costs nothing counts as one unit each. */
export function linesOf({ body, why }: Logged): readonly Line[] {
  const { lines } = body as EventBody;
  const units = Math.max(1, (why['units'] as number | undefined) ?? 1);
  if (lines === undefined || lines.length === 0) return [{ line: ALL, amount: units }];
  return lines.some(({ amount }) => amount > 0)
    ? lines
    : lines.map((line) => ({ ...line, amount: 1 }));
}

export const returnedIn = (see: Reads, event: string): Returned | undefined =>
  see.record<Json & Returned>(RETURNED, event);
export const nothingOf = (lines: readonly Line[]): Returned => lines.map(() => [0, 0]);

/** What is known of it until then; null: the ledger itself knows that all of it is given back. */
export const returnedRecord = (
  event: string,
  value: Returned | null,
  until: number,
): RecordDelta => {
  const record = { type: RETURNED, key: event, value: value as Json };
  return value === null ? record : { ...record, expiresAt: until };
};

/** Until when an event may be given back. */
export function returnableUntil(
  { body, time }: Pick<PastAct, 'body' | 'time'>,
  programme: { readonly document: { readonly returnMs?: number | undefined } } | undefined,
): number {
  const at = Math.min((body as EventBody).time ?? time, time);
  return at + (programme?.document.returnMs ?? EVENT_RETURN_MS);
}

/** What has gone of a whole that is shared among lines, of which so much is given back. */
export function sharesGone(whole: number, lines: readonly Line[], returned: Returned): number {
  const weights = lines.map((line) => line.amount);
  return sharesOf(whole, weights).reduce((sum, share, i) => {
    const [of] = returned[i] as Returned[number];
    return sum + (of === 0 ? 0 : shareOf(share, of, weights[i] as number));
  }, 0);
}

/** What of so many points of a rule would have gone with what of an event is given back: by its lines, or else by its points. */
export function goneOf(see: Reads, past: PastAct, whole: number): number {
  const lines = linesOf(past);
  const returned = returnedIn(see, past.id);
  const paid = past.effects.filter(({ type }) => type === 'earn');
  const legs = [...past.amounts.keys()].filter((leg) => paid[leg]?.['rule'] !== undefined);
  const of = (amounts: readonly number[], leg: number): number => amounts[leg] as number;
  const isByLines = (by: Returned): boolean =>
    past.amounts.length === 0
      ? !past.isUndone
      : legs.every((leg) => of(past.undone, leg) <= sharesGone(of(past.amounts, leg), lines, by));
  // What was reversed by hand has gone further than its lines say.
  if (returned !== undefined && isByLines(returned)) return sharesGone(whole, lines, returned);
  if (past.isUndone) return whole;
  const [all, undone] = [past.amounts, past.undone].map((amounts) =>
    legs.reduce((sum, leg) => sum + of(amounts, leg), 0),
  ) as [number, number];
  return undone === 0 ? 0 : shareOf(whole, undone, all);
}
