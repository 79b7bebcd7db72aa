// Pages that were built (ops/page.js): which of a page's files are served, under which headers. Owns: that. Never touches: what they do, the ledger; who may put a
// page into a frame is told by the caller of `policyOf`.
//   web.F1. What has a hash in its name never changes and is kept for ever by browsers; the rest is asked for again each time.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANYONE } from '../auth/principal.js';
import { type Answer, problem } from '../encoding/answer.js';
import { refuse } from '../refusal.js';
import type { Call, Route } from '../route.js';
import { pageDescription, partDescription } from '../schema/operation-descriptions.js';

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

const SAFE = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
] as const;

/** What may differ in a page's policy. */
export interface Policy {
  /** Who may put it into a frame; left out: nobody. */
  readonly framedBy?: string;
  /** Has it a service worker and a manifest? Its file is named by the one policy of trusted types. */
  readonly hasWorker?: boolean;
}

/**
 * A page's Content-Security-Policy (gateway.B1). Images of goods come from wherever operators keep them, so images alone may come from others, over TLS.
 * Nothing is set as HTML (member.P3), and a browser that knows trusted types lets nothing be.
 */
export const policyOf = ({ framedBy = "'none'", hasWorker = false }: Policy): string =>
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
  `font-src 'self'; connect-src 'self'; ${hasWorker ? "manifest-src 'self'; worker-src 'self'; " : ''}` +
  "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; " +
  `trusted-types ${hasWorker ? 'jifen' : "'none'"}; frame-ancestors ${framedBy}`;

/** A file, whole and packed. */
interface Built {
  readonly bytes: Uint8Array;
  readonly packed: ReadonlyMap<string, Uint8Array>;
}

const endingOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1] ?? '';

/** Does `Accept-Encoding` take it? `q=0` says no. */
const takes = (accepted: string, encoding: string): boolean =>
  new RegExp(`(?:^|[,\\s])${encoding}\\s*(?:$|,|;(?!\\s*q=0(?:\\.0*)?\\s*(?:$|,)))`, 'i').test(
    accepted,
  );

/** All files in a folder by their path. */
function filesIn(folder: string): ReadonlyMap<string, Built> {
  if (!existsSync(folder)) throw new Error('a page was not built: npm run build');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const read = (name: string): Uint8Array => readFileSync(join(folder, name));
  const all = new Map<string, Built>();
  for (const name of names) {
    if (TYPES[endingOf(name)] === undefined) continue;
    const packed = ENCODINGS.filter(({ ending }) => names.includes(name + ending));
    all.set(name, {
      bytes: read(name),
      packed: new Map(packed.map(({ name: encoding, ending }) => [encoding, read(name + ending)])),
    });
  }
  return all;
}

/** A page that was built, by its address: `/me`, `/console`. */
export class BuiltPage {
  readonly #path: string;
  readonly #folder: string;
  readonly #policy: string;
  readonly #hasWorker: boolean;
  #files: ReadonlyMap<string, Built> | undefined;

  constructor(path: string, folder: string, hasWorker: boolean) {
    this.#path = path;
    this.#folder = folder;
    this.#hasWorker = hasWorker;
    this.#policy = policyOf({ hasWorker });
  }

  /** Its HTML as it was built. */
  html(): string {
    const page = this.#all().get('index.html');
    return page === undefined ? '' : Buffer.from(page.bytes).toString('utf8');
  }

  /** The page under its own address and those below it that `screens` says, and its files. */
  routes(summary: string, screens: readonly string[]): Route[] {
    const shell = (call: Call): Answer =>
      this.#answer('index.html', EACH_TIME, call, [
        ['Content-Security-Policy', this.#policy],
        ['X-Frame-Options', 'DENY'],
        ['Cross-Origin-Opener-Policy', 'same-origin'],
      ]);
    return [
      this.#route('', pageDescription(summary), shell),
      // As people type it, too.
      ...['/', ...screens].map((path) => this.#route(path, partDescription('text/html'), shell)),
      this.#part('/assets/{file}', 'application/octet-stream', FOR_EVER),
      this.#part('/icons/{file}', 'application/octet-stream', A_DAY),
      ...(this.#hasWorker
        ? [
            this.#part('/sw.js', 'text/javascript', EACH_TIME, [
              ['Service-Worker-Allowed', this.#path],
            ]),
            this.#part('/manifest.webmanifest', 'application/manifest+json', EACH_TIME),
          ]
        : []),
    ];
  }

  /** A file by its path, or one of a folder. */
  #part(path: string, type: string, cache: string, more: Answer['headers'] = []): Route {
    return this.#route(path, partDescription(type), (call) =>
      this.#answer(path.slice(1).replace('{file}', call.path[0] ?? ''), cache, call, [
        ['Content-Security-Policy', this.#policy],
        ['Cross-Origin-Resource-Policy', 'same-origin'],
        ...more,
      ]),
    );
  }

  #route(path: string, describes: Route['describes'], handle: (call: Call) => Answer): Route {
    return {
      method: 'GET',
      path: this.#path + path,
      access: ANYONE,
      module: 'operations',
      headers: ['accept-encoding'],
      // Links to the page come with whatever others add to them.
      takesAny: true,
      describes,
      handle,
    };
  }

  /** Read when the first is asked for: all of one build, whatever is installed while this runs. */
  #all(): ReadonlyMap<string, Built> {
    this.#files ??= filesIn(this.#folder);
    return this.#files;
  }

  #answer(name: string, cache: string, { headers }: Call, more: Answer['headers']): Answer {
    const file = this.#all().get(name);
    if (file === undefined) return problem(refuse('ROUTE_NOT_FOUND', 'path'));
    const accepted = headers['accept-encoding'] ?? '';
    const encoding = [...file.packed.keys()].find((one) => takes(accepted, one));
    return {
      status: 200,
      contentType: TYPES[endingOf(name)] ?? HTML,
      body: (encoding === undefined ? undefined : file.packed.get(encoding)) ?? file.bytes,
      headers: [
        ...SAFE,
        ['Cache-Control', cache],
        ...(file.packed.size > 0 ? [['Vary', 'Accept-Encoding'] as const] : []),
        ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
        ...(more ?? []),
      ],
    };
  }
}
