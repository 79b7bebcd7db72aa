// Makes one file of what is always loaded together, in the place of the compiled one: after tsc, in `npm run build`. A thread
// starts in half of the time, a server in less. Owns: which files these are. Never touches: sources.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const MODULES = 'node_modules';

/** What a thread or a process of its own begins with: with all of the program's modules that it imports. */
const STARTS = [
  'engine/shard/worker',
  'engine/shard/reader',
  'engine/audit/reader-process',
  'gateway/logs/trail-thread',
  'gateway/outbound/thread',
  'gateway/main',
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

async function bundle(name, own) {
  const outfile = `dist/${name}.js`;
  const outdir = resolve(dirname(outfile));
  const part = `${basename(name)}-`;
  for (const file of readdirSync(outdir))
    if (file.startsWith(part) && PART.test(file.slice(part.length))) rmSync(join(outdir, file));
  const { metafile } = await build({
    entryPoints: [outfile],
    outdir,
    allowOverwrite: true,
    bundle: true,
    // What is imported later becomes parts beside it.
    splitting: true,
    chunkNames: `${part}[hash]`,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    // What CommonJS libraries ask Node.js for.
    banner: {
      js: "var require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    plugins: [bounds(own), places(outdir)],
    logLevel: 'warning',
  });
  const licences = licencesOf(metafile.inputs).join('');
  if (licences !== '') writeFileSync(outfile, `${readFileSync(outfile, 'utf8')}\n${licences}`);
}

// Of what the compiler made; so before the modules within are bundles themselves.
await Promise.all(STARTS.map((name) => bundle(name, true)));
await Promise.all(Object.keys(LIBRARIES).map((name) => bundle(name, false)));
