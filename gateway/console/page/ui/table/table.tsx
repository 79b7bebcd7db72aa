// A table of few rows, all of them shown. Never touches: lists that come page by page (paged-table.tsx).

import type { ComponentChildren, JSX } from 'preact';
import { type Column, Heads, Row } from './columns.js';

export function Table<Item>({
  label,
  rows,
  columns,
  keyOf,
  hrefOf,
  empty,
}: {
  /** What it is a table of: said by screen readers. */
  label: string;
  rows: readonly Item[];
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
  hrefOf?: (item: Item) => string | undefined;
  /** What is said where there are no rows. */
  empty?: ComponentChildren;
}): JSX.Element {
  if (rows.length === 0 && empty !== undefined) return <p class="none">{empty}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      <table aria-label={label}>
        <Heads columns={columns} />
        <tbody>
          {rows.map((item, index) => (
            <Row
              key={keyOf(item)}
              item={item}
              columns={columns}
              href={hrefOf?.(item)}
              index={index}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}
