// A list that comes page by page, however long it is. Owns: which rows are in the document: those that are seen, and the one that has the focus. Never touches: how
// a page is asked for (web/page/shell/pages.ts).
//   console.V1. What is in the document does not grow with the list; the next page is asked for when its end comes near.

import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { Button, Skeleton } from '../../../../web/page/ui/parts.js';
import { ProblemNote, saidOf, Unanswered } from '../../../../web/page/ui/told.js';
import { AROUND } from '../../../../web/page/words/around.js';
import { table } from '../../../../web/page/words/words.js';
import { type Column, Heads, Row } from './columns.js';

const around = speaker(AROUND);
const t = speaker(
  table({
    en: {
      shown: { one: '{n} row, and that is all', other: '{n} rows, and that is all' },
      soFar: { one: '{n} row so far', other: '{n} rows so far' },
      none: 'There is nothing here.',
      old: 'This could not be asked for again: {why}',
      further: 'Nothing more has been found so far. Look further',
    },
    zh: {
      shown: '共 {n} 行',
      soFar: '已加载 {n} 行',
      none: '没有内容。',
      old: '未能刷新：{why}',
      further: '目前没有更多结果，继续查找',
    },
  }),
);

/** As `--row` in style.css. */
const ROW_PX = 40;
/** Rows beyond those that are seen. */
const OVERSCAN = 12;
/** Pages in a row with nothing in them: filters of large lists look through much. Then somebody says whether to go on. */
const EMPTY_MAX = 20;
/** Rows before the end at which the next page is asked for. */
const NEAR = 30;

/** The rows to be shown, and how high what is left out before each of them is. */
function useRows(count: number) {
  const scroll = useRef<HTMLElement>(null);
  const focused = useRef<number | undefined>(undefined);
  const [, draw] = useReducer((times: number, _: undefined) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(undefined),
    // Whoever has gone to a link by keys and scrolls on is still there.
    rangeExtractor: (range: Range) => {
      const rows = defaultRangeExtractor(range);
      const at = focused.current;
      if (at === undefined || at >= count || rows.includes(at)) return rows;
      return [...rows, at].sort((a, b) => a - b);
    },
  };
  const [made] = useState(() => new Virtualizer<HTMLElement, HTMLTableRowElement>(options));
  made.setOptions(options);
  useLayoutEffect(() => made._didMount(), []);
  useLayoutEffect(() => made._willUpdate());
  return { scroll, focused, rows: made.getVirtualItems(), height: made.getTotalSize() };
}

const Gap = ({ px, columns }: { px: number; columns: number }): JSX.Element | null =>
  px <= 0 ? null : (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can be focused.
    <tr class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${px}px` }} />
    </tr>
  );

/** A list as far as it has come: what `usePages` gives (web/page/shell/pages.ts). */
interface Listed<Item> {
  readonly known: { readonly answer: unknown; readonly problem: Problem | undefined };
  readonly items: readonly Item[];
  readonly isMore: boolean;
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
  more(): void;
}

/** What is shown of a list. */
export interface PagedTableProps<Item> {
  /** What it is a list of: said by screen readers. */
  readonly label: string;
  readonly pages: Listed<Item>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** Where a row leads. */
  readonly hrefOf?: (item: Item) => string | undefined;
  /** What is said where there is nothing. */
  readonly empty?: ComponentChildren;
}

export function PagedTable<Item>(props: PagedTableProps<Item>): JSX.Element {
  const { known, items } = props.pages;
  if (known.answer === undefined)
    return known.problem === undefined ? (
      <>
        <span class="hidden" role="status">
          {around('loading')}
        </span>
        <Skeleton lines={8} />
      </>
    ) : (
      <Unanswered problem={known.problem} />
    );
  if (items.length === 0 && !props.pages.isMore)
    return <p class="none">{props.empty ?? t('none')}</p>;
  return <Rows {...props} />;
}

/** How many pages have come since the list grew last. */
function useEmptyPages(length: number, isBusy: boolean): number {
  const seen = useRef({ length, pages: 0, isBusy });
  const now = seen.current;
  if (now.length !== length) now.pages = 0;
  else if (now.isBusy && !isBusy) now.pages++;
  now.length = length;
  now.isBusy = isBusy;
  return now.pages;
}

function Rows<Item>({ label, pages, columns, keyOf, hrefOf }: PagedTableProps<Item>): JSX.Element {
  const { items, isMore, isBusy, problem, known } = pages;
  const { scroll, focused, rows, height } = useRows(items.length);
  const last = rows.at(-1)?.index ?? 0;
  const isNear = last >= items.length - NEAR;
  const empty = useEmptyPages(items.length, isBusy);
  const goesOn = isMore && problem === undefined && empty < EMPTY_MAX;
  useEffect(() => {
    if (isNear && goesOn && !isBusy) pages.more();
  }, [isNear, goesOn, isBusy, items.length]);
  let end = 0;
  return (
    <div class="paged">
      <section
        class="table-scroll high"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        tabIndex={0}
        ref={scroll}
        onFocusIn={(event) => {
          const row = event.target instanceof Element ? event.target.closest('tr') : null;
          const at = row?.dataset.index;
          focused.current = at === undefined ? undefined : Number(at);
        }}
        onFocusOut={() => {
          focused.current = undefined;
        }}
      >
        <table aria-label={label} aria-rowcount={isMore ? -1 : items.length + 1}>
          <Heads columns={columns} />
          <tbody>
            {rows.flatMap(({ index, start, end: rowEnd }) => {
              const item = items[index];
              if (item === undefined) return [];
              const gap = start - end;
              end = rowEnd;
              return [
                ...(gap > 0
                  ? [<Gap key={`gap-${index}`} px={gap} columns={columns.length} />]
                  : []),
                <Row
                  key={keyOf(item)}
                  item={item}
                  columns={columns}
                  href={hrefOf?.(item)}
                  index={index}
                />,
              ];
            })}
            <Gap px={height - end} columns={columns.length} />
          </tbody>
        </table>
      </section>
      {problem !== undefined && <ProblemNote problem={problem} onAgain={() => pages.more()} />}
      {known.problem !== undefined && <p class="old">{t('old', { why: saidOf(known.problem) })}</p>}
      {isMore && empty >= EMPTY_MAX && (
        <Button kind="plain" isBusy={isBusy} onClick={() => pages.more()}>
          {t('further')}
        </Button>
      )}
      <p class="foot" role="status">
        {isBusy && <span class="spinner" aria-hidden="true" />}
        {t(isMore ? 'soFar' : 'shown', { n: items.length })}
      </p>
    </div>
  );
}
