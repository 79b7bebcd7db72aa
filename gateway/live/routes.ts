// `/live`: a page that shows a balance as it changes. Owns: which files it has, and where. Never touches: how they are served
// (pages.ts).

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { page, script } from '../pages.js';
import type { Route } from '../route.js';
import { MAIN, STYLE, TITLE } from './page-text.js';

/** Where compiled modules lie. */
const COMPILED = join(import.meta.dirname, '..', '..');
const PAGE_SCRIPT = join(import.meta.dirname, 'page.js');
const IMPORTED = /(\bfrom\s*)'(\.[^']+)'/g;

/** The page, its style, its script and what that imports. */
export function liveRoutes(): Route[] {
  return [
    ...page('/live', 'A page that shows a balance live.', {
      title: TITLE,
      main: MAIN,
      style: STYLE,
    }),
    ...scripts(),
  ];
}

/** Where a module is served: those of the engine beside those of the gateway, all under `/live`. */
function pathOf(compiled: string): string {
  const path = relative(COMPILED, compiled);
  return `/live/${path.replace(/^gateway\/(live\/)?/, (_, own) => (own ? 'page/' : ''))}`;
}

function scripts(): Route[] {
  const found = new Map<string, Route>();
  const follow = (compiled: string): void => {
    if (found.has(compiled)) return;
    const imported: string[] = [];
    const text = readFileSync(compiled, 'utf8').replace(IMPORTED, (_, from, name) => {
      const file = join(dirname(compiled), name);
      imported.push(file);
      return `${from}'${pathOf(file)}'`;
    });
    found.set(compiled, script(pathOf(compiled), text));
    for (const file of imported) follow(file);
  };
  follow(PAGE_SCRIPT);
  return [...found.values()];
}
