// Pages for people. Owns: the headers that their files are served with. Never touches: the ledger; a page asks for what it shows as
// any client does.
//   B1. A page asks nothing of any other host, and runs no script but its own files (Content-Security-Policy).

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

/** The page itself. */
export const page = (path: string, summary: string, html: string): Route =>
  file(path, 'text/html; charset=utf-8', html, pageDescription(summary));

/** Its style. */
export const style = (path: string, css: string): Route =>
  file(path, 'text/css; charset=utf-8', css, partDescription('text/css'));

/** The text of a compiled module of it, without the line that names its source map. */
export const script = (path: string, text: string): Route =>
  file(
    path,
    SCRIPT,
    text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
    partDescription('text/javascript'),
  );

function file(
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
