// What screens of this area show things with. Owns: lists of facts, tables, marks of states, the filter in the address. Never touches: where it comes from.

import type { ComponentChildren, JSX } from 'preact';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { ask, place } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { COMMON } from './words.js';

const t = speaker(COMMON);

/** What is known of something, as terms and what they are. Those that are undefined are left out. */
export const Facts = ({
  facts,
}: {
  facts: readonly (readonly [string, ComponentChildren | undefined])[];
}): JSX.Element => (
  <dl class="facts">
    {facts.map(([term, is]) =>
      is === undefined || is === '' ? null : (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{is}</dd>
        </div>
      ),
    )}
  </dl>
);

/** How good a state is. */
export type Kind = 'plain' | 'good' | 'warn' | 'danger';

export const Tag = ({
  kind = 'plain',
  children,
}: {
  kind?: Kind;
  children: ComponentChildren;
}): JSX.Element => <span class={`tag ${kind}`}>{children}</span>;

/** Short texts in a line: assets, operations, types. */
export const Chips = ({ of }: { of: readonly string[] }): JSX.Element => (
  <span class="chips">
    {of.map((one) => (
      <code key={one} class="chip">
        {one}
      </code>
    ))}
  </span>
);

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly kind?: 'text' | 'number';
}

/** A table of something, whose rows lead on. The first column is the head of its row. */
export function Rows<Row>({
  label,
  columns,
  rows,
  keyOf,
  none,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What is said where there are none. */
  none?: string;
}): JSX.Element {
  if (rows.length === 0) return <p class="hint">{none ?? t('none')}</p>;
  return (
    // What scrolls can be focused, so that keys scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said.
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table class="rows">
        <thead>
          <tr>
            {columns.map(({ head, kind }) => (
              <th key={head} scope="col" class={kind}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ head, kind, cell }, n) =>
                n === 0 ? (
                  <th key={head} scope="row" class={kind}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={head} class={kind}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Sets a part of the address's query, and leaves the others. */
export const choose = (name: string, value: string): void => {
  const { [name]: _, ...others } = place.peek().query;
  ask({ ...others, [name]: value });
};

/** What is asked for in the address, of a name. */
export const asked = (name: string): string => place.value.query[name] ?? '';

/** A text that lists which are whole are filtered by: kept in the address. */
export const Filter = ({ name = 'q', label }: { name?: string; label?: string }): JSX.Element => (
  <Field
    label={label ?? t('filter')}
    type="search"
    value={asked(name)}
    onInput={(value) => choose(name, value)}
  />
);

/** One of some values: kept in the address. */
export const Choice = ({
  name,
  label,
  of,
}: {
  name: string;
  label: string;
  /** Values and what they are called; all of them where none is chosen. */
  of: readonly (readonly [string, string])[];
}): JSX.Element => (
  <Field label={label} value={asked(name)} onInput={(value) => choose(name, value)}>
    <option value="">{t('all')}</option>
    {of.map(([value, text]) => (
      <option key={value} value={value}>
        {text}
      </option>
    ))}
  </Field>
);

/** Those of a list whose texts have what is looked for in them. */
export function filtered<Row>(
  rows: readonly Row[],
  textsOf: (row: Row) => readonly (string | undefined)[],
  sought = asked('q'),
): readonly Row[] {
  const wanted = sought.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) => textsOf(row).some((text) => text?.toLowerCase().includes(wanted)));
}

/** A number, as it is written. */
export const Count = ({ of }: { of: number }): JSX.Element => (
  <span class="number">{number(of)}</span>
);
