// Pages for people. Owns: what their HTML has in common, the headers that their files are served with. Never touches: the ledger; a page asks for what it shows as
// any client does.
//   gateway.B1. A page asks nothing of any other host, and runs no script but its own files (Content-Security-Policy).

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ANYONE } from './auth/principal.js';
import type { Answer } from './encoding/answer.js';
import type { Route } from './route.js';
import { pageDescription, partDescription } from './schema/operation-descriptions.js';

const HEADERS: Answer['headers'] = [
  [
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-cache'],
];
const SCRIPT = 'text/javascript; charset=utf-8';

/** What differs from page to page. */
export interface PageText {
  readonly title: string;
  /** The HTML of its `main`. */
  readonly main: string;
  readonly style: string;
}

/** A page and its style; its script is `<path>/page/page.js`. */
export const page = (path: string, summary: string, text: PageText): Route[] => [
  file(path, 'text/html; charset=utf-8', html(path, text), pageDescription(summary)),
  file(
    `${path}/style.css`,
    'text/css; charset=utf-8',
    `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
${text.style}`,
    partDescription('text/css'),
  ),
];

const html = (path: string, { title, main }: PageText): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${path}/style.css">
<script type="module" src="${path}/page/page.js"></script>
</head>
<body>
<main>
${main}</main>
</body>
</html>
`;

/** Where compiled modules lie. */
const COMPILED = join(import.meta.dirname, '..');
const IMPORTED = /(\bfrom\s*)'(\.[^']+)'/g;

/**
 * The script of a page, `page.js` in a folder of the gateway, and all that it imports, module by module as it was compiled: what is of the page's
 * folder under `<path>/page`, what is of others under their names.
 */
export function modules(path: string, folder: string): Route[] {
  const found = new Map<string, Route>();
  const pathOf = (compiled: string): string => {
    const within = relative(folder, compiled);
    if (!within.startsWith('..')) return `${path}/page/${within}`;
    return `${path}/${relative(COMPILED, compiled).replace(/^gateway\//, '')}`;
  };
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
  follow(join(folder, 'page.js'));
  return [...found.values()];
}

/** The text of a compiled module of it, without the line that names its source map. */
export const script = (path: string, text: string): Route =>
  file(
    path,
    SCRIPT,
    text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
    partDescription('text/javascript'),
  );

/** A file of a page, as it is served. */
export function file(
  path: string,
  contentType: string,
  body: string,
  describes: Route['describes'],
): Route {
  const answer: Answer = { status: 200, contentType, body, headers: HEADERS };
  return {
    method: 'GET',
    path,
    access: ANYONE,
    module: 'operations',
    describes,
    handle: () => answer,
  };
}
