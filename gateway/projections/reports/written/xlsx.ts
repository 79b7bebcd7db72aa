// Rows as a workbook of Excel (XLSX), sheet after sheet as far as one goes. Owns: types and formats of its cells. Never touches: the format itself (hucre).
//   written.X1. It is written while rows come, and takes the same memory however many there are.
//   written.X2. Every text is a text cell with the format of texts: it stays one, also when somebody edits it. No cell is a formula.

import { writeXlsxStream } from 'hucre/xlsx';
import type { ColumnType, Row } from '../shapes.js';
import { assetIn, offsetAt, pointsText } from './cells.js';
import type { FileForm } from './shapes.js';

/** Digits that a spreadsheet's numbers have. */
const DIGITS_MAX = 15;
/** Characters of one cell. */
const CHARACTERS_MAX = 32_767;
/** What XML cannot say. */
const UNSPEAKABLE = /[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu;
const TITLE_MAX = 25;

const FORMATS: Readonly<Record<ColumnType, string>> = {
  date: '@',
  text: '@',
  time: 'yyyy-mm-dd hh:mm:ss',
  count: '#,##0',
  points: 'General',
  ratio: '0.00%',
};
const WIDTHS: Readonly<Record<ColumnType, number>> = {
  ...{ date: 12, text: 20, time: 20, count: 12, points: 14, ratio: 10 },
};

type Value = string | number | Date | null;

const textOf = (value: unknown): string =>
  String(value).toWellFormed().replace(UNSPEAKABLE, '').slice(0, CHARACTERS_MAX).toWellFormed();

/** A number as a spreadsheet has it, or else as a text. */
const numberOf = (text: string): Value =>
  text.replace(/[-.]/g, '').replace(/^0+/, '').length > DIGITS_MAX ? text : Number(text);

/** The file in pieces. */
export function xlsxOf(
  form: FileForm,
  rows: AsyncIterable<readonly Row[]>,
): AsyncIterable<Uint8Array> {
  const { columns, headings, title, offsets } = form;
  const assetAt = assetIn(columns);
  const cellOf = (row: Row, at: number): Value => {
    const value = row[at] ?? null;
    if (value === null) return null;
    switch (columns[at]?.type) {
      case 'points':
        return numberOf(pointsText(value, row, assetAt, form));
      case 'time':
        return new Date(Number(value) + offsetAt(Number(value), offsets));
      case 'count':
      case 'ratio':
        return numberOf(String(value));
      default:
        return textOf(value);
    }
  };
  async function* cells(): AsyncIterable<Value[]> {
    for await (const some of rows)
      for (const row of some) yield columns.map((_, at) => cellOf(row, at));
  }
  const name =
    textOf(title)
      .replace(/[\\/?*[\]:']/g, ' ')
      .slice(0, TITLE_MAX) || 'report';
  return writeXlsxStream(cells(), {
    name,
    columns: columns.map(({ type }, at) => ({
      header: textOf(headings[at] ?? ''),
      width: WIDTHS[type],
      numFmt: FORMATS[type],
    })),
    freezePane: { rows: 1 },
  }) as unknown as AsyncIterable<Uint8Array>;
}
