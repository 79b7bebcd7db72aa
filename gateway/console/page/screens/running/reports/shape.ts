// A report as it is drawn and shown. Owns: which of its columns are axis and lines; how a cell is written. Never touches: drawing, the API.

import { type Axis, type Cell, type Line, numberOf, pivot } from '../../../ui/chart/data.js';

export type ColumnType = 'date' | 'time' | 'text' | 'count' | 'points' | 'ratio';

/** A column as the API tells of it. */
export interface ReportColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly title: { readonly zh: string; readonly en: string };
}

/** What is drawn of a report, by names of columns. */
export interface ReportChart {
  readonly kind: 'line' | 'bars';
  readonly x: string;
  readonly series: readonly string[];
  readonly split?: string | undefined;
}

export interface Table {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Lines of a chart there are at most; the smallest of more are drawn as one. */
export const LINES_MAX = 8;

/** What is drawn: one drawing for each asset, as points of different ones are never in one scale. */
export interface Drawing {
  /** Of which points; undefined: of none, or of those there are. */
  readonly asset: string | undefined;
  readonly axis: Axis;
  readonly lines: readonly Line[];
  readonly type: ColumnType;
}

/** The drawings of a report. Columns of several types (points and counts) are drawn each by itself, too. */
export function drawingsOf(
  { columns, rows }: Table,
  chart: ReportChart,
  words: {
    readonly title: (column: ReportColumn) => string;
    readonly others: string;
    readonly none: string;
  },
): readonly Drawing[] {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const x = at(chart.x);
  if (x < 0) return [];
  const by = chart.split === undefined ? -1 : at(chart.split);
  const asset = at('asset');
  const isByAsset = asset >= 0 && chart.x !== 'asset' && chart.split !== 'asset';
  const assets = isByAsset ? [...new Set(rows.map((row) => row[asset]))] : [undefined];
  const series = chart.series.map(at).filter((n) => n >= 0);
  const types = [...new Set(series.map((n) => columns[n]?.type ?? 'count'))];
  return assets.flatMap((one) => {
    const mine = isByAsset ? rows.filter((row) => row[asset] === one) : rows;
    return types.flatMap((type): Drawing[] => {
      const values = series.filter((n) => columns[n]?.type === type);
      const labels = values.map((n) => {
        const column = columns[n];
        return column === undefined ? '' : words.title(column);
      });
      const { others, none } = words;
      // Of a split there is one line for each value: of the first column that is drawn.
      const split = by < 0 ? { values, labels } : { by, values: values.slice(0, 1), labels };
      const { axis, lines } = pivot(mine, { x, ...split, most: LINES_MAX, others, none });
      return [{ asset: isByAsset ? String(one ?? '') : undefined, axis, lines, type }];
    });
  });
}

/** How cells are written: numbers, points, times of a language. */
export interface Writing {
  readonly number: (value: number) => string;
  readonly points: (minor: number, asset: string | undefined) => string;
  readonly time: (ms: number) => string;
}

/** A cell as people read it. */
export function cellText(
  cell: Cell | undefined,
  type: ColumnType,
  asset: string | undefined,
  { number, points, time }: Writing,
): string {
  if (cell === null || cell === undefined) return '–';
  const value = numberOf(cell);
  if (value === undefined || type === 'text' || type === 'date') return String(cell);
  switch (type) {
    case 'points':
      return points(value, asset);
    case 'ratio':
      return `${number(Math.round(value * 10_000) / 100)}%`;
    case 'time':
      return time(value);
    default:
      return number(value);
  }
}

const DAY_MS = 86_400_000;

/** The day after a day, `2026-11-30`; what is no day stays as it is, and is refused. */
export function dayAfter(text: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? text : new Date(at + DAY_MS).toISOString().slice(0, 10);
}
