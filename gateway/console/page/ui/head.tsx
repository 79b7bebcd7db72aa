// The head of a screen: where it is, what it is called, what can be done with all of it. Owns: the title of the document, where the focus goes when another screen is
// shown. Never touches: what is below.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { speaker } from '../../../web/page/shell/language.js';
import { AROUND } from '../../../web/page/words/around.js';
import { SHELL } from '../words/shell.js';

const t = speaker(SHELL);
const around = speaker(AROUND);

/** A screen that the one shown is below. */
export interface Crumb {
  readonly title: string;
  readonly href: string;
}

let isFirst = true;

/** Each screen begins with one. `actions`: buttons beside the title. */
export function Head({
  title,
  crumbs = [],
  actions,
  children,
}: {
  title: string;
  crumbs?: readonly Crumb[];
  actions?: ComponentChildren;
  /** Below the title: what it is, how it stands. */
  children?: ComponentChildren;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Not at the first screen: whoever opens the page begins at its beginning.
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title]);
  return (
    <header class="head">
      {crumbs.length > 0 && (
        <nav class="crumbs" aria-label={around('sections')}>
          {crumbs.map((crumb) => (
            <a key={crumb.href} href={crumb.href}>
              {crumb.title}
            </a>
          ))}
        </nav>
      )}
      <div class="head-line">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions !== undefined && <div class="head-actions">{actions}</div>}
      </div>
      {children}
    </header>
  );
}
