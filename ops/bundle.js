// Makes one file of what is always loaded together, in the place of the compiled one: after tsc, in `npm run build`. A thread
// starts in half of the time, a server in less. Owns: which files these are. Never touches: sources.

import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const MODULES = 'node_modules';

/** What a process of its own begins with: with all of the program's modules that it imports. */
const STARTS = ['gateway/main'];
/** `npm start` and the image give new objects more room. */
const SERVING = ['--max-semi-space-size=64'];
/**
 * What is begun again and again, for every shard or every question, and the ways in which Node.js is started for it: for each of them what V8
 * makes of it is kept, too (engine/compiled.ts). `runs`: to run it does nothing but get it ready, and what has run is kept, too.
 */
const THREADS = [
  { name: 'engine/shard/worker', runs: true, ways: [[], SERVING] },
  { name: 'engine/shard/reader', runs: true, ways: [[], SERVING] },
  { name: 'engine/audit/reader-process', runs: false, ways: [['--max-old-space-size=4096']] },
  { name: 'gateway/logs/trail-thread', runs: false, ways: [[], SERVING] },
  { name: 'gateway/outbound/thread', runs: false, ways: [[], SERVING] },
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

/** How a part's name ends. */
const PART = /^[A-Z0-9]{8}\.js(\.map)?$/;

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

async function bundle(name, own) {
  const outfile = `dist/${name}.js`;
  const outdir = resolve(dirname(outfile));
  const part = `${basename(name)}-`;
  for (const file of readdirSync(outdir))
    if (file.startsWith(part) && PART.test(file.slice(part.length))) rmSync(join(outdir, file));
  const { metafile } = await build({
    ...BUNDLED,
    entryPoints: [outfile],
    outdir,
    allowOverwrite: true,
    // What is imported later becomes parts beside it.
    splitting: true,
    chunkNames: `${part}[hash]`,
    metafile: true,
    format: 'esm',
    // What CommonJS libraries ask Node.js for.
    banner: {
      js: "var require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    plugins: [bounds(own), places(outdir)],
  });
  const licences = licencesOf(metafile.inputs).join('');
  if (licences !== '') writeFileSync(outfile, `${readFileSync(outfile, 'utf8')}\n${licences}`);
}

/** A bundle that the compiled file of the same name runs. */
async function thread({ name }) {
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
    define: { 'import.meta.url': 'PLACE' },
    banner: { js: "const PLACE = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [bounds(true), places(resolve(folder))],
  });
  appendFileSync(outfile, licencesOf(metafile.inputs).join(''));
  const compiled = relative(dirname(file), 'dist/engine/compiled.js');
  writeFileSync(
    file,
    `import { runCompiled } from '${compiled}';
export default runCompiled(new URL('./${basename(outfile)}', import.meta.url)).default;
`,
  );
}

// Of what the compiler made; so before the modules within are bundles themselves.
await Promise.all([...THREADS.map(thread), ...STARTS.map((name) => bundle(name, true))]);
await Promise.all(Object.keys(LIBRARIES).map((name) => bundle(name, false)));

const COMPILE = "const { compile } = await import('./dist/engine/compiled.js');";
const compileCall = ({ name, runs }) =>
  `compile(new URL('${pathToFileURL(resolve(`dist/${name}.cjs`)).href}'), ${runs});`;
for (const way of new Set(THREADS.flatMap(({ ways }) => ways.map((flags) => flags.join(' '))))) {
  const those = THREADS.filter(({ ways }) => ways.some((flags) => flags.join(' ') === way));
  const script = [COMPILE, ...those.map(compileCall)].join('\n');
  const flags = way === '' ? [] : way.split(' ');
  execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script]);
}
