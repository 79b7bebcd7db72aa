// Builds the pages of the gateway: the member's (gateway/member/page/) and the console (gateway/console/page/), after tsc, in `npm run build`. Makes their client of
// the API out of the OpenAPI document, checks the types, has Vite build each into dist/gateway/<page>/built/, and packs what was built. Owns: how that is done. Never
// touches: sources that are written by hand.
//   `node ops/page.js --types FOLDER`: makes the client out of what was compiled into that folder and checks the types, and nothing else.
//   `node ops/page.js --only console`: builds that page alone.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { iconPng } from './page-icon.js';

/** What pages have in common, and the client. */
const WEB = resolve('gateway/web/page');
/** The pages by the folders they are in. */
const PAGES = [
  { folder: 'member', base: '/me/', hasWorker: true },
  { folder: 'console', base: '/console/', hasWorker: false },
];
const sourceOf = ({ folder }) => resolve('gateway', folder, 'page');
const builtOf = ({ folder }) => resolve('dist/gateway', folder, 'built');
/** Smaller ones do not get shorter by it, or by little. */
const PACKED_BYTES_MIN = 512;
/** The lowest versions of browsers that it runs in: 2022 and later. */
const TARGET = ['chrome105', 'safari16', 'firefox110'];

const [what, folder = 'dist'] = process.argv.slice(2);

async function makeClient() {
  const from = (name) => import(pathToFileURL(resolve(folder, name)).href);
  const { apiSource, documentOf, schemaSource } = await from('gateway/web/make-api.js');
  const document = documentOf();
  mkdirSync(join(WEB, 'api'), { recursive: true });
  for (const [name, { script, types }] of [
    ['operations', apiSource(document)],
    ['schemas', schemaSource(document)],
  ]) {
    writeFileSync(join(WEB, `api/${name}.js`), script);
    writeFileSync(join(WEB, `api/${name}.d.ts`), types);
  }
}

function checkTypes() {
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', WEB], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const filesOf = (built, within) =>
  readdirSync(join(built, within), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(built.length + 1))
    .sort();

async function buildPage(page) {
  const source = sourceOf(page);
  await build({
    configFile: false,
    root: source,
    base: page.base,
    logLevel: 'warn',
    publicDir: join(source, 'public'),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: builtOf(page),
      emptyOutDir: true,
      target: TARGET,
      sourcemap: false,
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}

/** What a phone installs the page with. */
function drawIcons(built) {
  for (const size of [180, 192, 512])
    writeFileSync(join(built, `icons/icon-${size}.png`), iconPng(size, false));
  writeFileSync(join(built, 'icons/maskable-512.png'), iconPng(512, true));
}

/** The service worker knows all files of this build, and is another one where any of them is. */
async function buildWorker(page) {
  const built = builtOf(page);
  const files = filesOf(built, 'assets');
  const version = createHash('sha256');
  for (const name of [...files, 'index.html']) version.update(readFileSync(join(built, name)));
  await bundle({
    entryPoints: [join(sourceOf(page), 'worker/sw.ts')],
    outfile: join(built, 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: TARGET,
    logLevel: 'warning',
    define: {
      BUILD_FILES: JSON.stringify(files.map((name) => page.base + name)),
      BUILD_VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
    },
  });
}

function pack(built) {
  for (const name of filesOf(built, '.').filter((one) =>
    /\.(js|css|html|svg|webmanifest)$/.test(one),
  )) {
    const path = join(built, name);
    const bytes = readFileSync(path);
    if (bytes.length < PACKED_BYTES_MIN) continue;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

async function make(page) {
  await buildPage(page);
  if (page.hasWorker) {
    drawIcons(builtOf(page));
    await buildWorker(page);
  }
  pack(builtOf(page));
}

if (what === '--only') {
  for (const page of PAGES.filter((one) => one.folder === folder)) await make(page);
} else {
  await makeClient();
  checkTypes();
  if (what !== '--types') for (const page of PAGES) await make(page);
}
