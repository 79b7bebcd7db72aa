// Which folder may import what, and what the sources import. Owns: the one list of fences; reading sources without their
// comments. Never touches: what is done with it (fence.test.ts, readmes.test.ts).

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ROOT } from './setup.js';

export interface Source {
  /** From the package's folder, with slashes: engine/ledger/apply.ts */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A source file without its ending (engine/protocol/codec), or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** What the files under a path may import beside each other. */
export interface Fence {
  readonly under: string;
  /** Paths (a folder or a file) and packages. */
  readonly may: readonly string[];
  /** May be imported for their types only. */
  readonly types?: readonly string[];
}

const LIMITS = 'engine/limits';
const PROTOCOL = 'engine/protocol/';
const ENGINE = 'engine/index';
const RING = 'engine/ring/';

// The longest `under` that fits is the one that holds.
export const FENCES: readonly Fence[] = [
  { under: LIMITS, may: [] },
  { under: 'gateway/message-limits', may: [LIMITS] },
  { under: PROTOCOL, may: [LIMITS, 'msgpackr'] },
  { under: 'engine/protocol/caused-id', may: [PROTOCOL, 'node:crypto'] },
  { under: 'engine/protocol/digest', may: ['node:crypto'] },
  { under: 'engine/protocol/keyed-digest', may: ['node:crypto'] },
  // Two folders of one pure layer: what a shard does by itself, and with others.
  { under: 'engine/ledger/', may: [PROTOCOL, LIMITS, 'engine/programme/', 'engine/transfer/'] },
  { under: 'engine/transfer/', may: [PROTOCOL, LIMITS, 'engine/ledger/', 'engine/programme/'] },
  { under: 'engine/transfer/open/', may: [PROTOCOL, LIMITS, 'engine/transfer/carried'] },
  { under: 'engine/programme/', may: [PROTOCOL, LIMITS, 'engine/ledger/calendar'] },
  { under: 'engine/programme/cel', may: [LIMITS, '@marcbachmann/cel-js'] },
  { under: 'engine/programme/definitions/', may: [PROTOCOL, LIMITS, 'engine/programme/cel'] },
  {
    under: 'engine/store/',
    may: [PROTOCOL, LIMITS, 'lmdb', 'node:'],
    types: ['engine/ledger/', 'engine/bus/'],
  },
  { under: RING, may: [] },
  { under: 'engine/bus/', may: [PROTOCOL, LIMITS, RING, 'nats', 'node:'] },
  {
    under: 'engine/cluster/',
    may: [PROTOCOL, LIMITS, 'engine/bus/', 'engine/shard/messages', 'msgpackr', 'node:'],
  },
  {
    under: 'engine/audit/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/ledger/',
      'engine/programme/',
      'engine/shard/',
      'engine/store/',
      'engine/transfer/',
      'node:',
    ],
  },
  {
    under: 'engine/simulation/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/ledger/',
      'engine/programme/',
      'engine/reference/zones',
      'engine/shard/',
      'engine/store/',
      'engine/thread',
      'engine/transfer/',
      'node:',
    ],
  },
  { under: 'engine/trail/', may: [PROTOCOL, LIMITS, 'engine/store/', 'node:'] },
  {
    under: 'engine/shard/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/bus/',
      'engine/ledger/',
      'engine/programme/definitions/',
      'engine/programme/member-state',
      'engine/programme/plan',
      'engine/programme/seeds',
      RING,
      'engine/store/',
      'engine/trail/',
      'engine/transfer/',
      'node:',
    ],
  },
  {
    under: 'engine/router/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/api',
      'engine/cluster/',
      'engine/programme/',
      'engine/projections/leaderboards',
      'engine/projections/order-list',
      'engine/projections/register-list',
      'engine/reads/',
      'engine/reference/',
      RING,
      'engine/shard/frames',
      'engine/shard/messages',
      'engine/store/',
      'engine/thread',
      'engine/transfer/',
      'hyperid',
      'node:',
    ],
  },
  {
    under: 'engine/projections/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/programme/definitions/',
      'engine/programme/earning/order',
      'engine/programme/leaderboards/',
      'engine/programme/mall/',
      'engine/programme/plan',
      'engine/store/',
      'lmdb',
      'node:',
    ],
    types: ['engine/api', 'engine/cluster/', 'engine/programme/act', 'engine/router/'],
  },
  {
    under: 'engine/reads/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/programme/',
      'engine/shard/messages',
      'engine/store/',
      'engine/thread',
      'node:',
    ],
    types: ['engine/api', 'engine/router/', 'engine/shard/', 'engine/trail/'],
  },
  {
    under: 'engine/reference/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/programme/definitions/',
      'engine/shard/messages',
    ],
    types: ['engine/api', 'engine/router/'],
  },
  {
    under: 'engine/live/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/reads/',
      'engine/router/',
      'engine/shard/history',
      'engine/store/',
    ],
    types: ['engine/api'],
  },
  // Browsers load it: `engine/index` would bring them threads. test/gateway/client/package.test.ts compiles the proof.
  {
    under: 'gateway/client/',
    may: [
      LIMITS,
      'engine/protocol/commands',
      'engine/protocol/leaderboards',
      'engine/protocol/draw',
      'engine/protocol/coupon',
      'engine/protocol/member',
      'engine/protocol/coalition',
      'engine/protocol/outside',
      'engine/protocol/digital',
      'engine/protocol/order',
      'engine/protocol/outcomes',
      'engine/protocol/packed-outcomes',
      'engine/protocol/reads',
      'engine/protocol/refusals',
      'gateway/message-limits',
      'msgpackr',
      'ws',
    ],
    types: ['engine/protocol/batch-writer', 'engine/protocol/outside', 'engine/simulation/result'],
  },
  {
    under: 'gateway/client/node',
    may: [
      'gateway/client/',
      'engine/protocol/batch-writer',
      'engine/protocol/packed-batch',
      'msgpackr',
      'ws',
    ],
  },
  {
    under: 'gateway/auth/',
    may: [
      ENGINE,
      'gateway/documents',
      'gateway/limits',
      'gateway/oauth/scopes',
      'gateway/refusal',
      'gateway/schema/',
      'jose',
      'node:',
    ],
  },
  {
    under: 'gateway/partners/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/documents',
      'gateway/identity/',
      'gateway/known-definitions',
      'gateway/limits',
      'gateway/looking',
      'gateway/outbound/addresses',
      'gateway/outbound/pauses',
      'gateway/refusal',
      'gateway/schema/',
      'node:',
    ],
  },
  {
    under: 'gateway/partners/reconciling/',
    may: [
      ENGINE,
      'croner',
      'gateway/documents',
      'gateway/limits',
      'gateway/looking',
      'gateway/partners/',
      'gateway/refusal',
      'node:',
    ],
  },
  {
    under: 'gateway/clearing/',
    may: [
      ENGINE,
      'gateway/documents',
      'gateway/identity/',
      'gateway/known-definitions',
      'gateway/looking',
      'gateway/refusal',
      'jose',
      'node:',
    ],
  },
  {
    under: 'gateway/cli/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/clearing/signed-bytes',
      'gateway/draws/check',
      'gateway/encoding/',
      'gateway/http/server/',
      'gateway/importing/',
      'gateway/limits',
      'gateway/limits-file',
      'gateway/partners/conformance/',
      'gateway/partners/sandbox/',
      'gateway/schema/import-words',
      'gateway/serve',
      'node:',
    ],
    types: ['gateway/logs/'],
  },
  {
    under: 'gateway/docs/',
    may: [
      'gateway/auth/',
      'gateway/encoding/',
      'gateway/pages',
      'gateway/schema/',
      'gateway/version',
      'node:',
    ],
    types: ['gateway/route'],
  },
  {
    under: 'gateway/encoding/',
    may: [ENGINE, 'gateway/refusal', 'msgpackr'],
    types: ['gateway/http/server/', 'gateway/limits'],
  },
  {
    under: 'gateway/http/routes/',
    may: [
      ENGINE,
      'gateway/act-faults',
      'gateway/auth/',
      'gateway/clearing/',
      'gateway/corrections',
      'gateway/encoding/',
      'gateway/http/server/',
      'gateway/identity/',
      'gateway/importing/',
      'gateway/known-definitions',
      'gateway/jobs',
      'gateway/mall/',
      'gateway/oauth/',
      'gateway/outbound/',
      'gateway/own-programmes',
      'gateway/partners/',
      'gateway/refusal',
      'gateway/route',
      'gateway/schema/',
      'gateway/sign-in/',
      'gateway/submission',
      'gateway/worth',
      'node:',
    ],
    types: ['gateway/limits', 'gateway/metrics/', 'typebox'],
  },
  {
    under: 'gateway/http/server/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/encoding/',
      'gateway/limits',
      'gateway/logs/',
      'gateway/metrics/',
      'gateway/refusal',
      'gateway/schema/',
      'gateway/ws/',
      'uWebSockets.js',
    ],
    types: ['gateway/route', 'gateway/submission'],
  },
  {
    under: 'gateway/oauth/pages/',
    may: [
      ...['gateway/auth/principal', 'gateway/encoding/', 'gateway/oauth/', 'gateway/pages'],
      ...['gateway/refusal', 'gateway/route', 'gateway/schema/', 'gateway/sign-in/', 'node:'],
    ],
    types: ['gateway/limits'],
  },
  {
    under: 'gateway/oauth/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/documents',
      'gateway/encoding/',
      'gateway/limits',
      'gateway/refusal',
      'gateway/schema/',
      'node:',
    ],
  },
  {
    under: 'gateway/sign-in/',
    may: [
      ENGINE,
      '@node-rs/argon2',
      '@zxcvbn-ts/language-common',
      'gateway/auth/',
      'gateway/documents',
      'gateway/identity/',
      'gateway/known-definitions',
      'gateway/limits',
      'gateway/outbound/notices/contacts',
      'gateway/refusal',
      'gateway/schema/',
      'node:',
    ],
    types: ['gateway/oauth/', 'gateway/outbound/notices/shapes'],
  },
  {
    under: 'gateway/identity/',
    may: [ENGINE, 'gateway/documents', 'gateway/refusal', 'gateway/schema/', 'node:'],
  },
  {
    under: 'gateway/importing/',
    may: [
      ENGINE,
      'gateway/documents',
      'gateway/encoding/',
      'gateway/identity/',
      'gateway/refusal',
      'gateway/schema/',
      'node:',
    ],
  },
  { under: 'engine/protocol/chance', may: [PROTOCOL, 'node:crypto'] },
  {
    under: 'gateway/draws/',
    may: ['engine/protocol/draw', 'gateway/pages'],
    types: ['gateway/route'],
  },
  {
    under: 'gateway/live/',
    may: ['gateway/client/', 'gateway/pages'],
    types: ['gateway/route'],
  },
  {
    under: 'gateway/logs/',
    may: [ENGINE, 'gateway/limits', 'node:', 'pino'],
    types: ['gateway/auth/'],
  },
  {
    under: 'gateway/mall/',
    may: [ENGINE, 'gateway/looking', 'gateway/refusal', 'minisearch/SearchableMap', 'node:'],
  },
  {
    under: 'gateway/member/',
    may: ['gateway/auth/', 'gateway/schema/', 'gateway/web/built', 'node:'],
    types: ['gateway/encoding/', 'gateway/route'],
  },
  {
    under: 'gateway/member/page/',
    may: [
      ...['@preact/signals', 'preact', 'preact/hooks', 'gateway/client/', 'gateway/web/page/'],
      ...['engine/protocol/draw', 'engine/protocol/outcomes', 'gateway/draws/check'],
      ...['gateway/draws/digests', 'gateway/message-limits'],
    ],
  },
  { under: 'gateway/console/', may: ['gateway/web/built', 'node:'], types: ['gateway/route'] },
  {
    under: 'gateway/console/page/',
    may: [
      ...['@preact/signals', '@tanstack/virtual-core', 'preact', 'preact/hooks', 'uplot'],
      ...['uplot/', 'gateway/client/', 'gateway/web/page/'],
    ],
    types: ['engine/protocol/grants'],
  },
  {
    under: 'gateway/web/',
    may: ['gateway/auth/', 'gateway/encoding/', 'gateway/refusal', 'gateway/schema/', 'node:'],
    types: ['gateway/route'],
  },
  // Run once, while the package is built.
  {
    under: 'gateway/web/make-api',
    may: [
      ...['gateway/limits', 'gateway/metrics/', 'gateway/route', 'gateway/schema/'],
      ...['gateway/serve', 'gateway/version', 'gateway/web/api-source', 'gateway/ws/'],
    ],
  },
  // What runs in the browser.
  {
    under: 'gateway/web/page/',
    may: ['@preact/signals', 'gateway/client/', 'preact', 'preact/hooks'],
  },
  { under: 'gateway/metrics/', may: [ENGINE, 'prom-client'] },
  {
    under: 'gateway/outbound/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/documents',
      'gateway/known-definitions',
      'gateway/limits',
      'gateway/refusal',
      'gateway/schema/',
      'nats',
      'node:',
      'nodemailer',
    ],
  },
  {
    under: 'gateway/schema/',
    may: [
      ENGINE,
      'gateway/encoding/',
      'gateway/limits',
      'gateway/outbound/event',
      'gateway/outbound/notices/shapes',
      'gateway/refusal',
      'typebox',
      'typebox/schema',
    ],
    types: ['gateway/auth/'],
  },
  {
    under: 'gateway/ws/',
    may: [
      ENGINE,
      'gateway/auth/',
      'gateway/encoding/',
      'gateway/refusal',
      'gateway/schema/',
      'gateway/submission',
      'node:',
    ],
    types: ['gateway/http/server/', 'gateway/limits', 'gateway/logs/', 'gateway/route'],
  },
];

/** The fence that holds for a path; undefined: none does. */
export const fenceOf = (path: string): Fence | undefined =>
  FENCES.filter(({ under }) => path.startsWith(under)).sort(
    (a, b) => b.under.length - a.under.length,
  )[0];

const IMPORTS = [
  /(?:^|[;}\s])(import|export)\s+(type\s)?[^'"`;=()]*?from\s*['"]([^'"]+)['"]/g,
  /(?:^|[;}\s])(import)\s+()['"]([^'"]+)['"]/g,
  /\b(import|require)\s*()\(\s*['"]([^'"]+)['"]/g,
];

/** The names of the files under a folder that end so, from the package's folder on. */
export function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => posix.join(folder, name))
    .sort();
}

/** The documents there are. */
export const documents = (): readonly string[] => [
  ...['README.md', 'CHANGELOG.md'],
  ...['bench', 'engine', 'gateway', 'ops', 'test'].flatMap((folder) => filesUnder(folder, '.md')),
];

export function sourcesOf(folder: string): Source[] {
  return [...filesUnder(folder, '.ts'), ...filesUnder(folder, '.tsx')]
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const code = withoutComments(text);
      return {
        path,
        text,
        lines: text.split('\n').length - 1,
        code,
        imports: importsOf(path, code),
      };
    });
}

// Strings are kept whole, so that a URL in one does not pass for a comment; lines keep their number.
export function withoutComments(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]+/g, ' ') : found,
  );
}

export function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  for (const pattern of IMPORTS) {
    for (const [, , type, name] of code.matchAll(pattern)) {
      const local = name!.startsWith('.');
      const to = local ? posix.join(dirname(path), name!).replace(/\.[jt]sx?$/, '') : name!;
      found.push({ to, typeOnly: (type ?? '') !== '' });
    }
  }
  return found;
}

/** Circles of imports, types included, each as the files on the way round. */
export function cyclesIn(sources: readonly Source[]): string[] {
  const byName = new Map(sources.map((source) => [source.path.replace(/\.tsx?$/, ''), source]));
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): void => {
    const at = way.indexOf(name);
    if (at >= 0) found.push([...way.slice(at), name].join(' -> '));
    if (at >= 0 || done.has(name)) return;
    way.push(name);
    for (const { to } of byName.get(name)?.imports ?? []) if (byName.has(to)) visit(to);
    way.pop();
    done.add(name);
  };
  for (const name of byName.keys()) visit(name);
  return found;
}
