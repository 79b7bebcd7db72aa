// Makes one file of what is always loaded together, in the place of the compiled one: after tsc, in `npm run build`. A thread
// starts in half of the time, a server in less. Owns: which files these are. Never touches: sources.
//   `node ops/bundle.js --code OPTION ...`: only the code of what is made, for a Node.js that is started with these options, too.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const MODULES = 'node_modules';

/** `npm start` and the image give new objects more room. */
const SERVING = ['--max-semi-space-size=64'];
/**
 * What is begun again and again, by itself, for every shard or every question, and the ways in which Node.js is started for it: for each of
 * them what V8 makes of it is kept, too (engine/compiled.ts). `run`: how it runs before, for what has run is kept, too.
 */
const READY = 'it does nothing but get ready';
const SERVED = 'as a server, until it listens';
const STARTED = [
  { name: 'gateway/main', run: SERVED, ways: [[], SERVING] },
  { name: 'engine/shard/worker', run: READY, ways: [[], SERVING] },
  { name: 'engine/shard/reader', run: READY, ways: [[], SERVING] },
  { name: 'engine/simulation/shard-thread', ways: [[], SERVING] },
  { name: 'engine/projections/thread', ways: [[], SERVING] },
  { name: 'engine/recount/thread', ways: [[], SERVING] },
  { name: 'engine/risk/thread', ways: [[], SERVING] },
  { name: 'engine/audit/reader-process', ways: [['--max-old-space-size=4096']] },
  { name: 'gateway/logs/trail-thread', ways: [[], SERVING] },
  { name: 'gateway/outbound/thread', ways: [[], SERVING] },
];
/** The one module that knows a library of many files: with that library. */
const LIBRARIES = {
  'engine/programme/cel': '@marcbachmann/cel-js',
  'gateway/auth/token': 'jose',
  'gateway/metrics/metrics': 'prom-client',
  'gateway/schema/typebox': 'typebox',
};
/** The others are binaries, find files of their own, or are a single file. */
const INLINED = new Set(Object.values(LIBRARIES));

/** The package that an import names. */
const packageOf = (path) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '';

/** What belongs to the bundle: of the program's own modules those that `own` says, of libraries those of LIBRARIES. */
const bounds = (own) => ({
  name: 'bounds',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point' || importer.includes(`/${MODULES}/`)) return undefined;
      const isWithin = path.startsWith('.') ? own : INLINED.has(packageOf(path));
      return isWithin ? undefined : { external: true };
    });
  },
});

/** A module within a bundle finds the files beside its own place. */
const places = (outdir) => ({
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\/dist\/.*\.js$/ }, ({ path }) => {
      const of = (place) => `new URL('${relative(outdir, place)}', import.meta.url)`;
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', `${of(path)}.href`)
        .replaceAll(
          'import.meta.dirname',
          `process.getBuiltinModule('node:url').fileURLToPath(${of(dirname(path))})`,
        );
      return { contents, loader: 'js' };
    });
  },
});

/** What the licences of the libraries within ask for. */
function licencesOf(inputs) {
  const names = Object.keys(inputs).map((path) => path.split(`${MODULES}/`)[1]);
  const packages = new Set(names.filter(Boolean).map(packageOf));
  return [...packages].map((name) => {
    const folder = join(MODULES, name);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence`);
    return `/*! ${name}\n${readFileSync(join(folder, file), 'utf8').trim()}\n*/\n`;
  });
}

const BUNDLED = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};

/** One of LIBRARIES, and the module that knows it. */
async function library(name) {
  const outfile = `dist/${name}.js`;
  const { metafile } = await build({
    ...BUNDLED,
    entryPoints: [outfile],
    outfile,
    allowOverwrite: true,
    metafile: true,
    format: 'esm',
    // What CommonJS libraries ask Node.js for.
    banner: {
      js: "var require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    plugins: [bounds(false), places(resolve(dirname(outfile)))],
  });
  const licences = licencesOf(metafile.inputs).join('');
  writeFileSync(outfile, `${readFileSync(outfile, 'utf8')}\n${licences}`);
}

/** As engine/compiled.ts reads it: esbuild escapes what is in texts, not what is in regular expressions. */
const inAscii = (source) =>
  source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A bundle that the compiled file of the same name runs. */
async function started({ name }) {
  const file = `dist/${name}.js`;
  const outfile = `dist/${name}.cjs`;
  const folder = dirname(outfile);
  for (const old of readdirSync(folder))
    if (old.startsWith(`${basename(outfile)}.v8`)) rmSync(join(folder, old));
  const { metafile } = await build({
    ...BUNDLED,
    entryPoints: [file],
    outfile,
    metafile: true,
    format: 'cjs',
    // What is imported later is required later.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'BUNDLED_PLACE_' },
    banner: { js: "const BUNDLED_PLACE_ = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [bounds(true), places(resolve(folder))],
  });
  const licences = licencesOf(metafile.inputs).join('');
  writeFileSync(outfile, `${inAscii(readFileSync(outfile, 'utf8'))}${licences}`);
  const compiled = relative(dirname(file), 'dist/engine/compiled.js');
  writeFileSync(
    file,
    `import { runCompiled } from '${compiled}';
export default runCompiled(new URL('./${basename(outfile)}', import.meta.url)).default;
`,
  );
}

/** Keeps the code of those files for a Node.js that is started with these options. */
async function keepCode(options, files) {
  const urlOf = ({ name }) => pathToFileURL(resolve(`dist/${name}.cjs`)).href;
  // As a script: what a module is given as does not count for the threads that it begins.
  const script = `import('./dist/engine/compiled.js').then(async ({ compile }) => {
    ${files.map((file) => `await compile(new URL('${urlOf(file)}'), ${file.run !== undefined});`).join('\n')}
  });`;
  const folder = mkdtempSync(join(tmpdir(), 'jifen-build-'));
  const serve = ['start', '--folder', join(folder, 'data'), '--port', '0', '--shards', '2'];
  const args = ['--eval', script, '--', 'jifen', ...serve];
  const child = spawn(process.execPath, [...options, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  child.stdout.on('data', (part) => {
    said += part;
    if (said.includes('Listening on')) child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  rmSync(folder, { recursive: true });
  if (code !== 0) throw new Error(`no code for node ${options.join(' ')}: ${said}`);
}

const [what, ...more] = process.argv.slice(2);
if (what !== '--code') {
  // Of what the compiler made; so before the modules within are bundles themselves.
  await Promise.all(STARTED.map(started));
  await Promise.all(Object.keys(LIBRARIES).map(library));
}
for (const way of new Set(STARTED.flatMap(({ ways }) => ways.map((one) => one.join(' '))))) {
  const files = STARTED.filter(({ ways }) => ways.some((one) => one.join(' ') === way));
  await keepCode([...way.split(' ').filter(Boolean), ...more], files);
}
