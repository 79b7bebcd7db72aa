// The difference between two documents, field by field. Owns: how it is shown. Never touches: finding it (diff.ts).

import type { JSX } from 'preact';
import { speaker } from '../../../../web/page/shell/language.js';
import { type Difference, differencesOf, placeText, writtenOf } from './diff.js';
import { DIFF } from './words.js';

const t = speaker(DIFF);

/** One side of it: what was taken away, or what came. */
const Side = ({ value, is }: { value: unknown; is: 'before' | 'after' }): JSX.Element => {
  if (value === undefined) return <span class="muted">{t('notThere')}</span>;
  const text = writtenOf(value);
  return is === 'before' ? (
    <del class="diff-text">{text}</del>
  ) : (
    <ins class="diff-text">{text}</ins>
  );
};

/**
 * What differs, as a table. `words`: what fields are called, by place without positions; `written`: how a value is shown, where not as it stands in the document;
 * `names`: what is said above the two sides.
 */
export function Diff({
  before,
  after,
  words = {},
  written,
  names = {},
}: {
  before: unknown;
  after: unknown;
  words?: Readonly<Record<string, string | undefined>>;
  written?: (place: string, value: unknown) => unknown;
  names?: { readonly before?: string; readonly after?: string };
}): JSX.Element {
  const all = differencesOf(before, after);
  if (all.length === 0) return <p class="muted">{t('same')}</p>;
  const place = ({ path }: Difference): string => placeText(path).replace(/\[\d+\]/g, '[]');
  const shown = (one: Difference, value: unknown): unknown =>
    value === undefined ? value : (written?.(place(one), value) ?? value);
  return (
    <div class="table-scroll">
      <table class="table diff">
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{names.before ?? t('before')}</th>
            <th scope="col">{names.after ?? t('after')}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => {
            const name = placeText(one.path);
            return (
              <tr key={name}>
                <th scope="row">
                  {name === '' ? t('whole') : (words[place(one)] ?? name)}
                  {words[place(one)] !== undefined && <code class="field-name"> {name}</code>}
                </th>
                <td>
                  <Side value={shown(one, one.before)} is="before" />
                </td>
                <td>
                  <Side value={shown(one, one.after)} is="after" />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
