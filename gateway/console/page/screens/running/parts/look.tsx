// Small things that screens of this area show. Owns: lists of short texts, lists that are whole filtered by what is typed. Never touches: where it comes from.

import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { place } from '../../../../../web/page/shell/router.js';
import { type Filter, Filters } from '../../../ui/parts.js';
import { COMMON } from './words.js';

const t = speaker(COMMON);

/** Short texts in a line: assets, operations, types. */
export const Chips = ({ of }: { of: readonly string[] }): JSX.Element => (
  <span class="chips">
    {of.map((one) => (
      <code key={one}>{one}</code>
    ))}
  </span>
);

/** What the address says of a filter. */
export const chosen = (name: string): string => place.value.query[name] ?? '';

/** One of some values, or none. */
export const oneOf = <Of extends string>(name: string, of: readonly Of[]): Of | undefined =>
  of.find((one) => one === chosen(name));

/** Filters of a list that is whole: a text that rows must have in them, and others. */
export const Seek = ({ others = [] }: { others?: readonly Filter[] }): JSX.Element => (
  <Filters filters={[{ name: 'q', label: t('filter') }, ...others]} />
);

/** A filter that is chosen out of names. */
export const choice = (
  name: string,
  label: string,
  of: readonly (readonly [value: string, title: string])[],
): Filter => ({ name, label, options: of.map(([value, title]) => ({ value, title })) });

/** Those of a list whose texts have what is looked for in them. */
export function sought<Row>(
  rows: readonly Row[],
  textsOf: (row: Row) => readonly (string | undefined)[],
): readonly Row[] {
  const wanted = chosen('q').trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) => textsOf(row).some((text) => text?.toLowerCase().includes(wanted)));
}
