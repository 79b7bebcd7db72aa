// Imports go one way, the pure part is pure, and no file outgrows its owner (DESIGN, "Layout").
// Works on the text of the sources without their comments, so what is forbidden is forbidden in
// types too.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { type Fence, fenceOf } from './fences.js';
import { ROOT } from './setup.js';
import {
  cyclesIn,
  documents,
  importsOf,
  type Source,
  sourcesOf,
  withoutComments,
} from './sources.js';

const LINES_MAX = 600;
const DOCUMENT_LINE_MAX = 120;

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

function withoutStrings(code: string): string {
  return code.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
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

t.test('each folder imports only what it may', async (t) => {
  t.same(
    [...engine, ...gateway].flatMap((source) => {
      const fence = fenceOf(source.path);
      return fence === undefined ? [] : breaches(source, fence);
    }),
    [],
  );
});

t.test('every folder has a fence', async (t) => {
  const folders = new Set([...engine, ...gateway].map(({ path }) => dirname(path)));
  for (const top of ['engine', 'gateway']) folders.delete(top);
  t.same(
    [...folders].filter((folder) => fenceOf(`${folder}/`) === undefined),
    [],
  );
});

t.test('no file is in a circle of imports, types included', async (t) => {
  t.same(cyclesIn([...engine, ...gateway, ...sourcesOf('bench')]), []);
  const circle = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'b'],
  ].map(([from, to]) => ({
    path: `${from}.ts`,
    lines: 1,
    text: '',
    code: '',
    imports: [{ to: to!, typeOnly: true }],
  }));
  t.same(cyclesIn(circle), ['b -> c -> b']);
});

t.test('an invariant is declared at the head of one file', async (t) => {
  const declared = new Map<string, string[]>();
  for (const { path, text } of [...engine, ...gateway])
    for (const [, id] of text.matchAll(/^\/\/ {3}((?:[a-z]+\.)?[A-Z]+\d+)\.? /gm))
      declared.set(id!, [...(declared.get(id!) ?? []), path]);
  t.same(
    [...declared].filter(([, paths]) => paths.length > 1),
    [],
  );
});

t.test(
  `no line of a document but of tables has more than ${DOCUMENT_LINE_MAX} characters`,
  async (t) => {
    const isLong = (line: string) => line.length > DOCUMENT_LINE_MAX && !line.startsWith('|');
    const long = documents().flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .flatMap((line, at) => (isLong(line) ? [`${path} line ${at + 1}`] : [])),
    );
    t.same(long, []);
  },
);

const isForBrowsers = (path: string) =>
  /^gateway\/(client|draws|(console|member|web)\/page)\//.test(path) ||
  path === 'gateway/message-limits.ts';

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
        .filter(() => !isForBrowsers(source.path))
        .map(({ to }) => `${source.path} imports ${to}`),
    );
    t.same(outward, []);
  },
);

t.test('the pure part reads no clock, chance or environment', async (t) => {
  const pure = engine.filter(({ path }) => /^engine\/(ledger|transfer|programme)\//.test(path));
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
const KNOWN_IN: Readonly<Record<string, readonly string[]>> = {
  jose: ['gateway/auth/token.ts', 'gateway/clearing/signed-bytes.ts'],
  pino: ['gateway/logs/'],
  typebox: ['gateway/schema/typebox.ts'],
};

t.test('libraries of the gateway are known where they are named', async (t) => {
  for (const [name, places] of Object.entries(KNOWN_IN)) {
    const elsewhere = [...engine, ...gateway]
      .filter(({ imports }) => imports.some(({ to, typeOnly }) => to === name && !typeOnly))
      .filter(({ path }) => !places.some((place) => path.startsWith(place)));
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
