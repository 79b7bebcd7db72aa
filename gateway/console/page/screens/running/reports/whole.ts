// Rows that have all come, as a list that comes page by page: so that only those are in the document that are seen. Owns: their numbers.

import type { Cell } from '../../../ui/chart/data.js';

export interface WholeRow {
  readonly n: number;
  readonly row: readonly Cell[];
}

export function wholeOf(rows: readonly (readonly Cell[])[]) {
  const items = rows.map((row, n): WholeRow => ({ n, row }));
  const known = { answer: items, problem: undefined };
  return { known, items, isMore: false, isBusy: false, problem: undefined, more: () => {} };
}
