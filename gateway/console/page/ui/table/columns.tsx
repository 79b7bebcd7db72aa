// Tables: their heads and rows. Owns: how a row is made of an item. Never touches: which rows are shown.

import type { ComponentChildren, JSX } from 'preact';

/** A column of a table of items. The first one is what a row is called. */
export interface Column<Item> {
  readonly name: string;
  readonly title: string;
  readonly cell: (item: Item) => ComponentChildren;
  /** Figures stand at the end of their column. */
  readonly isNumber?: boolean;
  /** Not shown on a phone. */
  readonly isMinor?: boolean;
}

export const classOf = <Item,>({ isNumber, isMinor }: Column<Item>): string =>
  `${isNumber ? 'number' : ''} ${isMinor ? 'minor' : ''}`;

export const Heads = <Item,>({ columns }: { columns: readonly Column<Item>[] }): JSX.Element => (
  <thead>
    <tr aria-rowindex={1}>
      {columns.map((column) => (
        <th key={column.name} scope="col" class={classOf(column)}>
          {column.title}
        </th>
      ))}
    </tr>
  </thead>
);

/** What a row is made of. `href`: where its first cell leads, and a press anywhere on the row. */
export function Row<Item>({
  item,
  columns,
  href,
  index,
}: {
  item: Item;
  columns: readonly Column<Item>[];
  href: string | undefined;
  /** Of the row, from 0 on. */
  index: number;
}): JSX.Element {
  return (
    <tr aria-rowindex={index + 2} data-index={index} class={href === undefined ? '' : 'linked'}>
      {columns.map((column, n) => {
        const content = column.cell(item);
        if (n > 0)
          return (
            <td key={column.name} class={classOf(column)}>
              {content}
            </td>
          );
        return (
          <th key={column.name} scope="row" class={classOf(column)}>
            {href === undefined ? (
              content
            ) : (
              <a class="row-link" href={href}>
                {content}
              </a>
            )}
          </th>
        );
      })}
    </tr>
  );
}
