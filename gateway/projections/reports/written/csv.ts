// Rows as CSV (RFC 4180), in UTF-8 with a mark, so that spreadsheets know it. Owns: its bytes. Never touches: where they go.

import type { Row } from '../shapes.js';
import { assetIn, defused, pointsText, timeText } from './cells.js';
import type { FileForm } from './shapes.js';

const MARK = '\uFEFF';
const QUOTED = /[",\r\n]/;

const cell = (text: string): string =>
  QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The file in pieces: its head, then some rows each. */
export async function* csvOf(
  form: FileForm,
  rows: AsyncIterable<readonly Row[]>,
): AsyncIterable<Uint8Array> {
  const { columns, headings, offsets } = form;
  const assetAt = assetIn(columns);
  const text = (row: Row, at: number): string => {
    const value = row[at] ?? null;
    if (value === null) return '';
    switch (columns[at]?.type) {
      case 'points':
        return pointsText(value, row, assetAt, form);
      case 'time':
        return timeText(Number(value), offsets);
      case 'text':
        return cell(defused(String(value)));
      default:
        return String(value);
    }
  };
  yield Buffer.from(`${MARK}${headings.map((one) => cell(defused(one))).join(',')}\r\n`);
  for await (const some of rows) {
    let lines = '';
    for (const row of some) {
      for (let at = 0; at < columns.length; at++)
        lines += at === 0 ? text(row, at) : `,${text(row, at)}`;
      lines += '\r\n';
    }
    if (lines !== '') yield Buffer.from(lines);
  }
}
