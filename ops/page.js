// Builds the member's page (gateway/member/page/): after tsc, in `npm run build`. Makes the client of its API out of the OpenAPI document, checks the
// types, has Vite build it into dist/gateway/member/built/, and packs what was built. Owns: how that is done. Never touches: sources that are written by hand.
//   `node ops/page.js --types FOLDER`: makes the client out of what was compiled into that folder and checks the types, and nothing else.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { iconPng } from './page-icon.js';

const PAGE = resolve('gateway/member/page');
const BUILT = resolve('dist/gateway/member/built');
/** Smaller ones do not get shorter by it, or by little. */
const PACKED_BYTES_MIN = 512;
/** The lowest versions of browsers that it runs in: 2022 and later. */
const TARGET = ['chrome105', 'safari16', 'firefox110'];

const [what, folder = 'dist'] = process.argv.slice(2);

async function makeClient() {
  const from = (name) => import(pathToFileURL(resolve(folder, name)).href);
  const { apiSource, documentOf } = await from('gateway/member/make-api.js');
  const { script, types } = apiSource(documentOf());
  mkdirSync(join(PAGE, 'api'), { recursive: true });
  writeFileSync(join(PAGE, 'api/operations.js'), script);
  writeFileSync(join(PAGE, 'api/operations.d.ts'), types);
}

function checkTypes() {
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', PAGE], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const filesOf = (within) =>
  readdirSync(join(BUILT, within), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(BUILT.length + 1))
    .sort();

async function buildPage() {
  await build({
    configFile: false,
    root: PAGE,
    base: '/me/',
    logLevel: 'warn',
    publicDir: join(PAGE, 'public'),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: BUILT,
      emptyOutDir: true,
      target: TARGET,
      sourcemap: false,
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  for (const size of [180, 192, 512])
    writeFileSync(join(BUILT, `icons/icon-${size}.png`), iconPng(size, false));
  writeFileSync(join(BUILT, 'icons/maskable-512.png'), iconPng(512, true));
}

/** The service worker knows all files of this build, and is another one where any of them is. */
async function buildWorker() {
  const files = filesOf('assets');
  const version = createHash('sha256');
  for (const name of [...files, 'index.html']) version.update(readFileSync(join(BUILT, name)));
  await bundle({
    entryPoints: [join(PAGE, 'worker/sw.ts')],
    outfile: join(BUILT, 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: TARGET,
    logLevel: 'warning',
    define: {
      BUILD_FILES: JSON.stringify(files.map((name) => `/me/${name}`)),
      BUILD_VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
    },
  });
}

function pack() {
  for (const name of filesOf('.').filter((one) => /\.(js|css|html|svg|webmanifest)$/.test(one))) {
    const path = join(BUILT, name);
    const bytes = readFileSync(path);
    if (bytes.length < PACKED_BYTES_MIN) continue;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

await makeClient();
checkTypes();
if (what !== '--types') {
  await buildPage();
  await buildWorker();
  pack();
}
