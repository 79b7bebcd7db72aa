// Rows that have all come, as a list that comes page by page: so that only those are in the document that are seen. Owns: their numbers.

import type { Pages } from '../../../../../web/page/shell/pages.js';
import type { Cell } from '../../../ui/chart/data.js';

export interface WholeRow {
  readonly n: number;
  readonly row: readonly Cell[];
}

export function wholeOf(rows: readonly (readonly Cell[])[]): Pages<never, WholeRow> {
  const items = rows.map((row, n) => ({ n, row }));
  // There is no operation that any of it could be asked for by again.
  const known = {
    answer: items as never,
    at: 0,
    isOld: false,
    problem: undefined,
    isAsking: false,
  };
  return { known, items, isMore: false, isBusy: false, problem: undefined, more: () => {} };
}
