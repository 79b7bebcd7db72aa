// Values of rows as cells of files. Owns: points in whole units, times of a zone, texts that no program takes for a formula. Never touches: files.
//   written.C1. No text of a file begins with what a spreadsheet takes for a formula; where one does, an apostrophe stands before it.
//   written.C2. No number is rounded: of one that a spreadsheet cannot hold (more than 15 digits) the cell is a text.

import type { Cell, Column, Row } from '../shapes.js';
import type { FileForm } from './shapes.js';

/** What begins a formula in a spreadsheet, also of full width, and what they skip before looking. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|\uFF1D\uFF0B\uFF0D\uFF20\uFF5C]|^\p{Cc}/u;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** A text that nothing takes for a formula. */
export const defused = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Minor units as a decimal number. */
export function decimal(minor: string, scale: number): string {
  const isBelow = minor.startsWith('-');
  const digits = (isBelow ? minor.slice(1) : minor).padStart(scale + 1, '0');
  const [whole, part] = [
    digits.slice(0, digits.length - scale),
    digits.slice(digits.length - scale),
  ];
  return `${isBelow ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

/** How far clocks are ahead at a time. */
export function offsetAt(time: number, offsets: readonly number[]): number {
  let at = 0;
  while (at + 2 < offsets.length && (offsets[at + 2] as number) <= time) at += 2;
  return offsets[at + 1] ?? 0;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A time as the clocks of the zone show it, with how far they are ahead. */
export function timeText(time: number, offsets: readonly number[]): string {
  const offset = offsetAt(time, offsets);
  const minutes = Math.abs(offset) / MINUTE_MS;
  const [hour, minute] = [Math.floor(minutes / HOUR_MINUTES), Math.floor(minutes % HOUR_MINUTES)];
  const shown = new Date(time + offset).toISOString().slice(0, -1);
  return `${shown}${offset < 0 ? '-' : '+'}${two(hour)}:${two(minute)}`;
}

/** Which of the columns names the asset of the others; -1: none does. */
export const assetIn = (columns: readonly Column[]): number =>
  columns.findIndex(({ name }) => name === 'asset');

/** Points of a row in whole units. */
export const pointsText = (value: Cell, row: Row, assetAt: number, { scales }: FileForm): string =>
  decimal(String(value), scales[String(row[assetAt])] ?? 0);
