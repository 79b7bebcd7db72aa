// Imports go one way, the pure part is pure, and no file outgrows its owner (DESIGN, "Layout").
// Works on the text of the sources without their comments, so what is forbidden is forbidden in
// types too.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import t from 'tap';
import { ROOT } from './setup.js';

const LINES_MAX = 600;

interface Source {
  /** From the package's folder, with slashes: engine/ledger/apply.ts */
  readonly path: string;
  readonly lines: number;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

interface Import {
  /** A source file without its ending (engine/protocol/codec), or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** What the files under a path may import: paths (a folder or a file) and packages. */
interface Fence {
  readonly under: string;
  readonly may: readonly string[];
  /** May be imported for their types only. */
  readonly types?: readonly string[];
}

// The longest `under` that fits is the one that holds; a folder may always import itself.
const FENCES: readonly Fence[] = [
  { under: 'engine/limits', may: [] },
  { under: 'engine/protocol/', may: ['engine/limits', 'msgpackr', 'hyperid'] },
  // Two folders of one pure layer: what a shard does by itself, and with others.
  { under: 'engine/ledger/', may: ['engine/protocol/', 'engine/limits', 'engine/transfer/'] },
  { under: 'engine/points/', may: ['engine/protocol/', 'engine/limits'] },
  { under: 'engine/transfer/', may: ['engine/protocol/', 'engine/limits', 'engine/ledger/'] },
  {
    under: 'engine/store/',
    may: ['engine/protocol/', 'engine/limits', 'lmdb', 'node:'],
    types: ['engine/ledger/', 'engine/bus/'],
  },
  {
    under: 'engine/bus/',
    may: ['engine/protocol/', 'engine/limits', 'nats', 'node:'],
  },
  {
    under: 'engine/cluster/',
    may: [
      'engine/bus/',
      'engine/limits',
      'engine/protocol/',
      'engine/shard/messages',
      'msgpackr',
      'node:',
    ],
  },
  {
    under: 'engine/audit/',
    may: [
      'engine/ledger/',
      'engine/limits',
      'engine/protocol/',
      'engine/shard/',
      'engine/store/',
      'engine/transfer/',
      'node:',
    ],
  },
  // Its replies go over by transfer, which takes Piscina's marks.
  {
    under: 'engine/shard/worker',
    may: ['engine/shard/', 'engine/bus/', 'engine/store/', 'engine/transfer/', 'piscina'],
  },
  {
    under: 'engine/shard/',
    may: [
      'engine/bus/',
      'engine/ledger/',
      'engine/limits',
      'engine/points/',
      'engine/protocol/',
      'engine/store/',
      'engine/transfer/',
      'node:',
    ],
  },
];

// What would make the same block give another state on another day or machine.
const IMPURE = [
  /\bDate\b/,
  /\bMath\.random\b/,
  /\bperformance\b/,
  /\bprocess\b/,
  /\bglobalThis\b/,
  /\bcrypto\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
  /\bqueueMicrotask\b/,
  /\bIntl\b/,
  /\btoLocale\w*\b/,
  /\blocaleCompare\b/,
];

const IMPORTS = [
  /(?:^|[;}\s])(import|export)\s+(type\s)?[^'"`;=()]*?from\s*['"]([^'"]+)['"]/g,
  /(?:^|[;}\s])(import)\s+()['"]([^'"]+)['"]/g,
  /\b(import|require)\s*()\(\s*['"]([^'"]+)['"]/g,
];

function sourcesOf(folder: string): Source[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => read(posix.join(folder, name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = withoutComments(text);
  return { path, lines: text.split('\n').length - 1, code, imports: importsOf(path, code) };
}

// Strings are kept whole, so that a URL in one does not pass for a comment; lines keep their number.
function withoutComments(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]+/g, ' ') : found,
  );
}

function withoutStrings(code: string): string {
  return code.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
}

function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  for (const pattern of IMPORTS) {
    for (const [, , type, name] of code.matchAll(pattern)) {
      const local = name!.startsWith('.');
      const to = local ? posix.join(dirname(path), name!).replace(/\.[jt]s$/, '') : name!;
      found.push({ to, typeOnly: (type ?? '') !== '' });
    }
  }
  return found;
}

const fits = (to: string, allowed: string) =>
  to === allowed || ((allowed.endsWith('/') || allowed.endsWith(':')) && to.startsWith(allowed));

function breaches(source: Source, fence: Fence): string[] {
  return source.imports
    .filter(({ to, typeOnly }) => {
      if (fence.under.endsWith('/') && to.startsWith(fence.under)) return false;
      if (fence.may.some((allowed) => fits(to, allowed))) return false;
      return !(typeOnly && fence.types?.some((allowed) => fits(to, allowed)));
    })
    .map(({ to }) => `${source.path} imports ${to}`);
}

const engine = sourcesOf('engine');
const gateway = sourcesOf('gateway');

t.test('the fence sees every kind of import', async (t) => {
  const code = withoutComments(`
    import a from 'one';
    import type { B } from "../protocol/two.js";
    import {
      c, // from 'nowhere'
      d,
    } from './three.js';
    export * as e from 'four';
    export type * from 'five';
    import 'six';
    const f = await import('seven');
    /* import g from 'nowhere'; */
    const h = 'http://nowhere'; // import i from 'nowhere'
    export const k = () => from('nowhere');
  `);
  t.same(importsOf('engine/ledger/x.ts', code), [
    { to: 'one', typeOnly: false },
    { to: 'engine/protocol/two', typeOnly: true },
    { to: 'engine/ledger/three', typeOnly: false },
    { to: 'four', typeOnly: false },
    { to: 'five', typeOnly: true },
    { to: 'six', typeOnly: false },
    { to: 'seven', typeOnly: false },
  ]);
});

t.test('each folder of the engine imports only what it may', async (t) => {
  for (const fence of FENCES) {
    const held = engine.filter(({ path }) => {
      const fitting = FENCES.filter(({ under }) => path.startsWith(under));
      const longest = Math.max(...fitting.map(({ under }) => under.length));
      return path.startsWith(fence.under) && fence.under.length === longest;
    });
    t.same(
      held.flatMap((source) => breaches(source, fence)),
      [],
      fence.under,
    );
  }
});

// Browsers load these: `engine/index` would bring them threads. test/gateway/client/package.test.ts compiles the proof.
const SHARED_WITH_BROWSERS: ReadonlySet<string> = new Set([
  'engine/limits',
  'engine/protocol/commands',
  'engine/protocol/outcomes',
  'engine/protocol/reads',
  'engine/protocol/refusals',
]);
const isForBrowsers = (path: string) =>
  path.startsWith('gateway/client/') || path === 'gateway/message-limits.ts';

t.test(
  'the engine imports nothing of the gateway, and the gateway only its public API',
  async (t) => {
    const inward = engine.flatMap((source) =>
      source.imports.filter(({ to }) => to.startsWith('gateway/')).map(() => source.path),
    );
    t.same(inward, []);
    const outward = gateway.flatMap((source) =>
      source.imports
        .filter(({ to }) => to.startsWith('engine/') && to !== 'engine/index')
        .filter(({ to }) => !(isForBrowsers(source.path) && SHARED_WITH_BROWSERS.has(to)))
        .map(({ to }) => `${source.path} imports ${to}`),
    );
    t.same(outward, []);
  },
);

t.test('the ledger and the points rules read no clock, chance or environment', async (t) => {
  const pure = engine.filter(({ path }) => /^engine\/(ledger|points)\//.test(path));
  const found = pure.flatMap(({ path, code }) =>
    withoutStrings(code)
      .split('\n')
      .flatMap((line, at) =>
        IMPURE.filter((pattern) => pattern.test(line)).map(
          (pattern) => `${path} line ${at + 1}: ${pattern.source}`,
        ),
      ),
  );
  t.same(found, []);
});

t.test('one file only knows the web server', async (t) => {
  const knowing = [...engine, ...gateway]
    .filter(({ imports }) => imports.some(({ to }) => to === 'uWebSockets.js'))
    .map(({ path }) => path);
  t.ok(knowing.length <= 1, `uWebSockets.js is imported by ${knowing.join(', ') || 'none'}`);
});

// A library that is fenced in can be replaced in one place.
const KNOWN_IN: Readonly<Record<string, string>> = {
  jose: 'gateway/auth/token.ts',
  pino: 'gateway/logs/',
};

t.test('libraries of the gateway are known where they are named', async (t) => {
  for (const [name, place] of Object.entries(KNOWN_IN)) {
    const elsewhere = [...engine, ...gateway]
      .filter(({ imports }) => imports.some(({ to }) => to === name))
      .filter(({ path }) => !path.startsWith(place));
    t.same(
      elsewhere.map(({ path }) => path),
      [],
      name,
    );
  }
});

t.test(`no file has more than ${LINES_MAX} lines`, async (t) => {
  const all = [...engine, ...gateway, ...sourcesOf('bench'), ...sourcesOf('test')];
  const long = all.filter(({ lines }) => lines > LINES_MAX);
  t.same(
    long.map(({ path, lines }) => `${path}: ${lines}`),
    [],
  );
});

t.test('every folder with sources says what lives in it', async (t) => {
  const folders = [...new Set([...engine, ...gateway].map(({ path }) => dirname(path)))];
  t.same(
    folders.filter((folder) => !existsSync(join(ROOT, folder, 'README.md'))),
    [],
  );
});
