// `/me`: the member's page. Owns: which of its files are served, under which headers. Never touches: what they do, the ledger;
// who may put the page into a frame (`/me/embed/{platform}`) is told by the caller of `pageAnswer`.
//   member.F1. What has a hash in its name never changes and is kept for ever by browsers; the rest is asked for again each time.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANYONE } from '../auth/principal.js';
import { type Answer, problem } from '../encoding/answer.js';
import { refuse } from '../refusal.js';
import type { Call, Route } from '../route.js';
import { pageDescription, partDescription } from '../schema/operation-descriptions.js';

/** Where `npm run build` puts what the browser loads. */
const BUILT = join(import.meta.dirname, 'built');
const HTML = 'text/html; charset=utf-8';
const FOR_EVER = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';
const EACH_TIME = 'no-cache';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: HTML,
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
};
/** By how well they pack. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

/**
 * The page's Content-Security-Policy (gateway.B1). Images of goods come from wherever operators keep them, so images alone may come from others, over TLS.
 * Nothing is set as HTML (member.P3), and a browser that knows trusted types lets nothing be; the one policy names the service worker's file.
 */
export const policyOf = (frameAncestors: string): string =>
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
  "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; " +
  `trusted-types jifen; frame-ancestors ${frameAncestors}`;

const SAFE = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
] as const;

/** A file, whole and packed. */
interface Built {
  readonly bytes: Uint8Array;
  readonly packed: ReadonlyMap<string, Uint8Array>;
}

let built: ReadonlyMap<string, Built> | undefined;

/** All files by their path, read when the first is asked for: all of one build, whatever is installed while this runs. */
function files(): ReadonlyMap<string, Built> {
  if (built !== undefined) return built;
  if (!existsSync(BUILT)) throw new Error('the member’s page was not built: npm run build');
  const names = readdirSync(BUILT, { recursive: true, encoding: 'utf8' });
  const read = (name: string): Uint8Array => readFileSync(join(BUILT, name));
  const all = new Map<string, Built>();
  for (const name of names) {
    if (TYPES[endingOf(name)] === undefined) continue;
    const packed = ENCODINGS.filter(({ ending }) => names.includes(name + ending));
    all.set(name, {
      bytes: read(name),
      packed: new Map(packed.map(({ name: encoding, ending }) => [encoding, read(name + ending)])),
    });
  }
  built = all;
  return all;
}

const endingOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1] ?? '';

/** The page's HTML as it was built. */
export function pageHtml(): string {
  const page = files().get('index.html');
  return page === undefined ? '' : Buffer.from(page.bytes).toString('utf8');
}

/** Does `Accept-Encoding` take it? `q=0` says no. */
const takes = (accepted: string, encoding: string): boolean =>
  new RegExp(`(?:^|[,\\s])${encoding}\\s*(?:$|,|;(?!\\s*q=0(?:\\.0*)?\\s*(?:$|,)))`, 'i').test(
    accepted,
  );

function fileAnswer(name: string, cache: string, { headers }: Call, more: Answer['headers'] = []) {
  const file = files().get(name);
  if (file === undefined) return problem(refuse('ROUTE_NOT_FOUND', 'path'));
  const accepted = headers['accept-encoding'] ?? '';
  const encoding = [...file.packed.keys()].find((one) => takes(accepted, one));
  const body = (encoding === undefined ? undefined : file.packed.get(encoding)) ?? file.bytes;
  const answer: Answer = {
    status: 200,
    contentType: TYPES[endingOf(name)] ?? HTML,
    body,
    headers: [
      ...SAFE,
      ['Cache-Control', cache],
      ...(file.packed.size > 0 ? [['Vary', 'Accept-Encoding'] as const] : []),
      ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
      ...more,
    ],
  };
  return answer;
}

/** The page, framed by nobody. */
const PAGE_HEADERS: Answer['headers'] = [
  ['Content-Security-Policy', policyOf("'none'")],
  ['X-Frame-Options', 'DENY'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
];
const PART_HEADERS: Answer['headers'] = [
  ['Content-Security-Policy', policyOf("'none'")],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];
const WORKER_HEADERS: Answer['headers'] = [...PART_HEADERS, ['Service-Worker-Allowed', '/me']];

const file = (
  path: string,
  describes: Route['describes'],
  handle: (call: Call) => Answer,
): Route => ({
  method: 'GET',
  path,
  access: ANYONE,
  module: 'operations',
  headers: ['accept-encoding'],
  // Links to the page come with whatever others add to them.
  takesAny: true,
  describes,
  handle,
});

/** The page under all its addresses, and its files. */
export function memberRoutes(): Route[] {
  const shell = (call: Call): Answer => fileAnswer('index.html', EACH_TIME, call, PAGE_HEADERS);
  const part = (path: string, type: string, name: (call: Call) => string, cache: string): Route =>
    file(path, partDescription(type), (call) =>
      fileAnswer(name(call), cache, call, name(call) === 'sw.js' ? WORKER_HEADERS : PART_HEADERS),
    );
  return [
    file('/me', pageDescription('The member’s page.'), shell),
    // As people type it, too.
    ...['/me/', '/me/{screen}', '/me/{screen}/{item}', '/me/{screen}/{item}/{part}'].map((path) =>
      file(path, partDescription('text/html'), shell),
    ),
    part(
      '/me/assets/{file}',
      'application/octet-stream',
      ({ path }) => `assets/${path[0]}`,
      FOR_EVER,
    ),
    part('/me/icons/{file}', 'application/octet-stream', ({ path }) => `icons/${path[0]}`, A_DAY),
    part('/me/sw.js', 'text/javascript', () => 'sw.js', EACH_TIME),
    part(
      '/me/manifest.webmanifest',
      'application/manifest+json',
      () => 'manifest.webmanifest',
      EACH_TIME,
    ),
  ];
}
