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
  /** Of what it is, beside that. */
  readonly of: string | undefined;
  readonly axis: Axis;
  readonly lines: readonly Line[];
  readonly type: ColumnType;
  /** Its lines are parts of one whole. */
  readonly isSplit: boolean;
}

/** Of what a drawing is, beside its points: a column that is drawn by itself, or a value of the column that lines are split by. */
interface Part {
  readonly of: string | undefined;
  /** Columns that are lines, by their numbers. */
  readonly series: readonly number[];
  /** The column whose values are lines. */
  readonly by: number | undefined;
  readonly rows: Table['rows'];
}

/**
 * The drawings of a report. Points of different assets are never in one, nor columns of different types. Where lines are split and there are several columns, each
 * value that they are split by has a drawing with all columns; where the report's rows are in groups, each column has one with all groups.
 */
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
  const asset = chart.x === 'asset' ? -1 : at('asset');
  const group = at('group');
  const isGrouped = group >= 0 && rows.some((row) => row[group] !== null && row[group] !== '');
  const split = chart.split === undefined || chart.split === 'asset' ? -1 : at(chart.split);
  const titleOf = (n: number): string => {
    const column = columns[n];
    return column === undefined ? '' : words.title(column);
  };
  const partsOf = (mine: Table['rows'], series: readonly number[]): readonly Part[] => {
    if (isGrouped)
      return series.map((n) => ({ of: titleOf(n), series: [n], by: group, rows: mine }));
    if (split < 0) return [{ of: undefined, series, by: undefined, rows: mine }];
    if (series.length === 1) return [{ of: undefined, series, by: split, rows: mine }];
    return valuesOf(mine, split).map((value) => ({
      of: String(value ?? words.none),
      ...{ series, by: undefined },
      rows: mine.filter((row) => row[split] === value),
    }));
  };
  const series = chart.series.map(at).filter((n) => n >= 0);
  const types = [...new Set(series.map((n) => columns[n]?.type ?? 'count'))];
  const assets = asset < 0 ? [undefined] : valuesOf(rows, asset);
  return assets.flatMap((one) => {
    const mine = asset < 0 ? rows : rows.filter((row) => row[asset] === one);
    return types.flatMap((type) =>
      partsOf(
        mine,
        series.filter((n) => columns[n]?.type === type),
      ).map((part): Drawing => {
        const { others, none } = words;
        const { axis, lines } = pivot(part.rows, {
          ...{ x, by: part.by, values: part.series, labels: part.series.map(titleOf) },
          ...{ most: LINES_MAX, others, none },
        });
        const unit = asset < 0 ? undefined : String(one ?? '');
        return { asset: unit, of: part.of, axis, lines, type, isSplit: part.by !== undefined };
      }),
    );
  });
}

/** The different values of a column, as they come. */
const valuesOf = (rows: Table['rows'], column: number): readonly Cell[] => [
  ...new Set(rows.map((row) => row[column] ?? null)),
];

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
