// Texts of notices, filled in. Owns: what of a value gets into a text, how amounts and times look. Never touches: which texts there are.
//   notices.F1. What is filled in is text of one line, whatever was in it: it makes no line, no header and no other place to be filled.

import { FILL } from '../../../engine/index.js';

/** Characters of one value. */
const VALUE_LENGTH_MAX = 200;
/** Of a link: what is cut off opens nothing. */
const LINK_LENGTH_MAX = 2_000;

/** A value as it may stand in a text: one line, no more than so many characters. */
export const plainValue = (value: unknown, most = VALUE_LENGTH_MAX): string => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const line = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return [...line].slice(0, most).join('').trim();
};

/** A text with its places filled in, each once. */
export const filled = (text: string, values: Readonly<Record<string, unknown>>): string =>
  text.replace(FILL, (_, name: string) =>
    plainValue(
      Object.hasOwn(values, name) ? values[name] : '',
      name === 'link' ? LINK_LENGTH_MAX : undefined,
    ),
  );

/** An amount in minor units as people read it. */
export function amountText(minor: number, scale: number): string {
  const digits = String(Math.abs(minor)).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const part = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${minor < 0 ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

/** A time as people in a zone read it, to the minute: `2026-11-29 08:00`. */
export function timeText(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of['year']}-${of['month']}-${of['day']} ${of['hour']}:${of['minute']}`;
}
