// What a chart is drawn from. Owns: what an axis is of, rows turned into lines, lines stacked on one another. Never touches: drawing (chart.tsx), where rows come from.

/** A line of a chart, or the bars of one colour: a value for each place of the axis; null: there is none. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/**
 * Of an axis: `day` and `month` have a place in time, so what is missing between two of them is a gap; `label` has an order alone.
 */
export type AxisKind = 'day' | 'month' | 'label';

export interface Axis {
  readonly kind: AxisKind;
  /** Milliseconds since 1970 (UTC) of days and months; else 0, 1, 2 ... */
  readonly places: readonly number[];
  readonly labels: readonly string[];
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MONTH = /^\d{4}-\d\d$/;

/** The axis of some labels, in the order of time where they are days or months, else in their own. */
export function axisOf(labels: readonly string[]): Axis {
  const kind = kindOf(labels);
  if (kind === 'label') return { kind, places: labels.map((_, n) => n), labels };
  return { kind, places: labels.map((label) => timeOf(kind, label)), labels };
}

function kindOf(labels: readonly string[]): AxisKind {
  if (labels.length === 0) return 'label';
  for (const [kind, form] of [
    ['day', DAY],
    ['month', MONTH],
  ] as const) {
    if (!labels.every((label) => form.test(label))) continue;
    const places = labels.map((label) => timeOf(kind, label));
    // A drawn line goes forwards, and to no day that there is not.
    if (places.every((at, n) => Number.isFinite(at) && at > (places[n - 1] ?? -Infinity)))
      return kind;
  }
  return 'label';
}

const timeOf = (kind: 'day' | 'month', label: string): number =>
  Date.parse(`${kind === 'day' ? label : `${label}-01`}T00:00:00Z`);

/** A value out of a row, as it is answered. */
export type Cell = string | number | boolean | null;

/** How rows are turned into lines: the numbers of their columns. */
export interface Pivot {
  readonly x: number;
  /** The column whose values are lines; left out: each column of `values` is one. */
  readonly by?: number | undefined;
  readonly values: readonly number[];
  /** Of each of `values`, for people. */
  readonly labels: readonly string[];
  /** Lines there are at most; the smallest of more are summed as one. */
  readonly most: number;
  /** Of the line that they are summed as, and of an empty value. */
  readonly others: string;
  readonly none: string;
}

/** Lines out of rows: their axis, in its order, and a value for each place of it. Several rows of one place are summed. */
export function pivot(
  rows: readonly (readonly Cell[])[],
  { x, by, values, labels, most, others, none }: Pivot,
): { readonly axis: Axis; readonly lines: readonly Line[] } {
  const textOf = (cell: Cell | undefined): string =>
    cell === null || cell === undefined || cell === '' ? none : String(cell);
  const seen = new Set(rows.map((row) => textOf(row[x])));
  const places = [...seen];
  if (kindOf([...places].sort()) !== 'label') places.sort();
  const at = new Map(places.map((label, n) => [label, n]));
  const sums = new Map<string, (number | null)[]>();
  const add = (name: string, place: number, cell: Cell | undefined): void => {
    const number = numberOf(cell);
    if (number === undefined) return;
    const line = sums.get(name) ?? places.map(() => null);
    line[place] = (line[place] ?? 0) + number;
    sums.set(name, line);
  };
  for (const row of rows) {
    const place = at.get(textOf(row[x])) ?? 0;
    if (by === undefined)
      for (const [n, column] of values.entries()) add(labels[n] ?? '', place, row[column]);
    else add(textOf(row[by]), place, row[values[0] ?? 0]);
  }
  const lines = [...sums].map(([label, line]): Line => ({ label, values: line }));
  return {
    axis: axisOf(places),
    lines: by === undefined ? lines : atMost(lines, most, others),
  };
}

/** Numbers come as such, or as texts where they are beyond what JSON keeps exactly. */
export function numberOf(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}

const sizeOf = ({ values }: Line): number =>
  values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);

function atMost(lines: readonly Line[], most: number, others: string): readonly Line[] {
  const bySize = [...lines].sort((a, b) => sizeOf(b) - sizeOf(a));
  if (bySize.length <= most) return bySize;
  const rest = bySize.slice(most - 1);
  const summed = (rest[0]?.values ?? []).map((_, n) =>
    rest.reduce<number | null>(
      (sum, { values }) => (values[n] == null ? sum : (sum ?? 0) + values[n]),
      null,
    ),
  );
  return [...bySize.slice(0, most - 1), { label: others, values: summed }];
}

/** Each line on top of those before it. What is below zero is no part of a stack, and stays where it is. */
export function stacked(lines: readonly Line[]): readonly Line[] {
  const top: number[] = [];
  return lines.map(({ label, values }) => ({
    label,
    values: values.map((value, n) => {
      if (value === null || value < 0) return value;
      top[n] = (top[n] ?? 0) + value;
      return top[n];
    }),
  }));
}
