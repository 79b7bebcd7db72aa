// `/live`: a page that shows a balance as it changes. Owns: the page's files and the headers that they are served with. Never
// touches: the ledger; the page asks for what it shows as any client does.
//   B1. The page asks nothing of any other host, and runs no script but its own files (Content-Security-Policy).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANYONE } from '../auth/principal.js';
import type { Answer } from '../http/problem.js';
import type { Route } from '../http/routes.js';
import { pageDescription, partDescription } from '../schema/operation-descriptions.js';
import { PAGE, STYLE } from './page-text.js';

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
const LIVE = '/live';
const SCRIPT = 'text/javascript; charset=utf-8';
/** The client's entry for Node.js needs packages that a browser does not have. */
const NOT_FOR_BROWSERS = 'node.js';

/** The page, its style, its script and the client's modules, at the paths where they find each other. */
export function liveRoutes(): Route[] {
  const clientFolder = join(import.meta.dirname, '..', 'client');
  const modules = readdirSync(clientFolder).filter(
    (name) => name.endsWith('.js') && name !== NOT_FOR_BROWSERS,
  );
  return [
    route(LIVE, 'text/html; charset=utf-8', PAGE),
    route('/live/style.css', 'text/css; charset=utf-8', STYLE),
    route('/live/page/page.js', SCRIPT, moduleText(join(import.meta.dirname, 'page.js'))),
    ...modules.map((name) =>
      route(`/live/client/${name}`, SCRIPT, moduleText(join(clientFolder, name))),
    ),
  ];
}

/** A compiled module, without the line that names its source map. */
function moduleText(path: string): string {
  return readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}

function route(path: string, contentType: string, body: string): Route {
  const answer: Answer = { status: 200, contentType, body, headers: HEADERS };
  const describes =
    path === LIVE
      ? pageDescription('A page that shows a balance live.')
      : partDescription(contentType);
  return {
    method: 'GET',
    path,
    access: ANYONE,
    module: 'operations',
    describes,
    handle: () => answer,
  };
}
