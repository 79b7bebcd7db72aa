// What an event says of itself, and the lines of its order. Owns: the shapes, and whether lines are right. Never touches: what they earn.

import { isId } from '../../protocol/syntax.js';

/** The act by which an event is reported. */
export const EVENT = 'event';
/** And the one by which it is given back. */
export const RETURN_EVENT = 'return-event';

/** A line of an order. */
export interface Line {
  readonly line: string;
  /** In the unit of the attribute that the type of events names as its amount. */
  readonly amount: number;
  readonly quantity?: number;
}

const isUnits = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const LINE_FIELDS: ReadonlySet<string> = new Set(['line', 'amount', 'quantity']);

export const isLine = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { line, amount, quantity } = value as Partial<Line>;
  const isKnown = Object.keys(value).every((name) => LINE_FIELDS.has(name));
  const isCounted = quantity === undefined || (isUnits(quantity) && quantity > 0);
  return isKnown && isId(line) && isUnits(amount) && isCounted;
};

export const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An event, as its act has it. */
export interface EventBody {
  readonly programme: string;
  readonly type: string;
  readonly time?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly lines?: readonly Line[];
  readonly own?: boolean;
}

/** Do the lines have different names, and sum to the order? */
export function areLines(lines: readonly Line[], amount: unknown): boolean {
  const sum = lines.reduce((all, line) => all + line.amount, 0);
  return new Set(lines.map(({ line }) => line)).size === lines.length && sum === amount;
}
