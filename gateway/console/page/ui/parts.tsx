// Small parts of the console's screens: facts, states, tabs, filters, documents. Owns: how they look and what they say to a screen reader. Never touches: what is in them.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { speaker } from '../../../web/page/shell/language.js';
import { ask, place } from '../../../web/page/shell/router.js';
import { Button, Field } from '../../../web/page/ui/parts.js';
import { Copy } from '../../../web/page/ui/secret.js';
import { table } from '../../../web/page/words/words.js';

const t = speaker(
  table({
    en: { all: 'All', clear: 'Clear filters', filters: 'Filters', document: 'Document' },
    zh: { all: '全部', clear: '清除筛选', filters: '筛选', document: '文档' },
  }),
);

/** What is known of a thing: terms and values. A value that is undefined is left out. */
export const Facts = ({
  rows,
}: {
  rows: readonly (readonly [term: string, value: ComponentChildren])[];
}): JSX.Element => (
  <dl class="facts">
    {rows
      .filter(([, value]) => value !== undefined && value !== null && value !== false)
      .map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** How something stands, in a word. */
export const Status = ({
  kind = 'plain',
  children,
}: {
  kind?: 'plain' | 'good' | 'warn' | 'danger' | 'accent';
  children: ComponentChildren;
}): JSX.Element => <span class={`chip ${kind}`}>{children}</span>;

/** An id, whole, with a button that copies it. */
export const Id = ({ id, label }: { id: string; label: string }): JSX.Element => (
  <span class="id">
    <code class="wrap">{id}</code>
    <Copy text={id} label={label} />
  </span>
);

export interface Tab {
  readonly name: string;
  readonly title: string;
}

/** The tab that the address says, or the first one. */
export const tabOf = (tabs: readonly Tab[]): string =>
  tabs.find(({ name }) => name === place.value.query.tab)?.name ?? tabs[0]?.name ?? '';

/** Parts of a screen, one shown at a time; which one stands in the address. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }): JSX.Element {
  const now = tabOf(tabs);
  const row = useRef<HTMLElement>(null);
  // On a phone the one that is shown may be beyond the edge.
  useEffect(() => {
    const shown = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (row.current && shown) row.current.scrollLeft = shown.offsetLeft - row.current.offsetLeft;
  }, [now]);
  return (
    <nav class="tabs" aria-label={label} ref={row}>
      {tabs.map(({ name, title }) => (
        <a
          key={name}
          href={`${location.pathname}?tab=${encodeURIComponent(name)}`}
          aria-current={name === now ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** A filter of a list. Its value stands in the address under `name`. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  /** It is chosen out of these; left out: it is typed. */
  readonly options?: readonly { readonly value: string; readonly title: string }[];
  /** What it is called that none is chosen; left out: All. */
  readonly none?: string;
  /** `date`: `2026-11-30`. */
  readonly type?: 'text' | 'date' | 'number';
  readonly placeholder?: string;
}

/** Whoever types is left to type on. */
const TYPED_MS = 400;

function TypedFilter({ filter }: { filter: Filter }): JSX.Element {
  const { name, label, type = 'text', placeholder } = filter;
  const known = place.value.query[name] ?? '';
  const text = useSignal(known);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    text.value = known;
  }, [known]);
  const say = (): void => {
    clearTimeout(timer.current);
    const value = text.peek().trim();
    if (value !== (place.peek().query[name] ?? '')) ask({ ...place.peek().query, [name]: value });
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Field
      label={label}
      type={type}
      value={text.value}
      {...(placeholder !== undefined && { placeholder })}
      onInput={(now) => {
        text.value = now;
        clearTimeout(timer.current);
        timer.current = setTimeout(say, TYPED_MS);
      }}
      onEnter={say}
    />
  );
}

/** Filters of a list: what is chosen stands in the address, so that it can be linked to. */
export function Filters({ filters }: { filters: readonly Filter[] }): JSX.Element {
  const { query } = place.value;
  const isAny = filters.some(({ name }) => (query[name] ?? '') !== '');
  return (
    <search class="filters" aria-label={t('filters')}>
      {filters.map((filter) =>
        filter.options === undefined ? (
          <TypedFilter key={filter.name} filter={filter} />
        ) : (
          <Field
            key={filter.name}
            label={filter.label}
            value={query[filter.name] ?? ''}
            onInput={(value) => ask({ ...place.peek().query, [filter.name]: value })}
          >
            <option value="">{filter.none ?? t('all')}</option>
            {filter.options.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </Field>
        ),
      )}
      {isAny && (
        <Button
          kind="quiet"
          onClick={() => {
            const names = new Set(filters.map(({ name }) => name));
            const rest = Object.entries(place.peek().query).filter(([name]) => !names.has(name));
            ask(Object.fromEntries(rest));
          }}
        >
          {t('clear')}
        </Button>
      )}
    </search>
  );
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
/** The beginning of a day of the browser's zone, `days` later: milliseconds since 1970; undefined: it is no day. */
export function dayMs(text: string | undefined, days = 0): number | undefined {
  const match = DAY.exec(text ?? '');
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const ms = new Date(Number(year), Number(month) - 1, Number(day) + days).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

/** A document as it is, for whoever wants to see all of it. */
export const Json = ({ value, label }: { value: unknown; label?: string }): JSX.Element => (
  <details class="json">
    <summary>{label ?? t('document')}</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
    <pre tabIndex={0}>
      <code>{JSON.stringify(value, null, 2)}</code>
    </pre>
  </details>
);
