// The package as it is installed: `jifen/client` compiles for strict programs with and without Node.js's types, is bundled for
// browsers with nothing of Node.js, and runs as both against a real server.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { ROOT } from '../../setup.js';
import { temporaryFolder } from '../../temporary.js';
import { gateway } from '../harness.js';

const MODULES = join(ROOT, 'node_modules');

/** What a program writes that uses all of the client. */
const CONSUMER = `
import {
  type BalanceEvent, type Client, ClientError, type ClientOptions, type Command, connect,
  type EntryPage, type Outcome, type RefusalCode,
} from 'jifen/client';

export async function use(options: ClientOptions): Promise<string[]> {
  const client: Client = connect({ ...options, unref: true });
  const done: string[] = [];
  const controller = new AbortController();
  const defined: Outcome = await client.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  if (defined.ok) done.push('defined ' + defined.assetVersion);
  const told: BalanceEvent[] = [];
  const stop = client.stream.watch('alice', (event) => void told.push(event), { signal: controller.signal });
  const earn: Command = { type: 'transfer', id: '1', legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 5 }] };
  const [outcome] = await client.stream.submitBatch([earn], { timeoutMs: 20_000, signal: controller.signal });
  if (outcome?.ok) done.push('earned ' + outcome.entries.length);
  const page: EntryPage = await client.entries({ owner: 'alice', asset: 'points' }, { timeoutMs: 20_000 });
  done.push('entries ' + page.entries.length);
  try {
    await client.balances('a b');
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const code: RefusalCode | undefined = error.refusal?.code;
    done.push(code + ' ' + error.isOutcomeUnknown);
  }
  stop();
  client.close();
  return done;
}
`;
const DONE = ['defined 1', 'earned 2', 'entries 1', 'OWNER_INVALID false'];

/** A folder in which the packed package is installed, and nothing else. */
function installed(t: Test): string {
  const folder = temporaryFolder(t);
  const options = ['--ignore-scripts', '--offline', '--json', '--pack-destination', folder];
  const packed = execFileSync('npm', ['pack', ...options], { cwd: ROOT, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
  const home = join(folder, 'node_modules', 'jifen');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', home, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return folder;
}

function link(folder: string, ...names: string[]): void {
  for (const name of names) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(MODULES, name), place);
  }
}

/** Compiles the program; what the compiler says, '' where it is content. */
function compiled(folder: string, options: object): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: 'es2022',
    rootDir: '.',
    outDir: 'out',
    ...options,
  };
  writeFileSync(join(folder, 'program.ts'), CONSUMER);
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  try {
    execFileSync(join(MODULES, '.bin', 'tsc'), ['-p', config], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

/** Packed and unpacked once: that takes longer than all the rest. Node.js's types come into it last. */
const folder = installed(t);

t.test('for browsers: without types of Node.js, bundled and run without its globals', async (t) => {
  const lib = ['ES2022', 'DOM'];
  const bundler = { module: 'esnext', moduleResolution: 'bundler' };
  t.equal(compiled(folder, { ...bundler, lib, types: [], noEmit: true }), '', 'bundler');
  const node16 = { module: 'node16', moduleResolution: 'node16' };
  t.equal(compiled(folder, { ...node16, lib, types: [], noEmit: true }), '', 'node16');
  const { metafile, outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['program.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'program',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs).map((path) =>
    path.replace('node_modules/jifen/dist/', ''),
  );
  t.same(
    inputs.filter((path) => !/^(program\.ts$|gateway\/client\/|engine\/protocol\/)/.test(path)),
    ['engine/limits.js', 'gateway/message-limits.js'],
  );
  const [bundle] = outputFiles;
  t.notMatch(bundle?.text, /\brequire\(|node:|worker_threads/);
  // What a browser has, as far as the client needs it.
  class Socket extends WebSocket {}
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask };
  const texts = { atob, btoa, TextEncoder, crypto, AbortController };
  const context = createContext({ fetch, WebSocket: Socket, ...timers, ...texts });
  runInContext(bundle?.text ?? '', context);
  const { server, key } = await gateway(t);
  const options = { url: server.address, key };
  const done = await runInContext('(options) => program.use(options)', context)(options);
  t.same([...done], DONE);
});

t.test('for Node.js, with its types and without those of browsers', async (t) => {
  link(folder, '@types/node', 'undici-types', 'msgpackr', 'ws');
  const node16 = { module: 'node16', moduleResolution: 'node16' };
  t.equal(compiled(folder, { ...node16, lib: ['ES2022'], types: ['node'] }), '');
  const { server, key } = await gateway(t);
  const run = `import { use } from './program.js';
    console.log(JSON.stringify(await use({ url: process.argv[2], key: process.argv[3] })));`;
  writeFileSync(join(folder, 'out', 'run.js'), run);
  writeFileSync(join(folder, 'out', 'package.json'), '{"type": "module"}');
  const child = spawn(process.execPath, [join(folder, 'out', 'run.js'), server.address, key]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  t.equal(code, 0, said);
  t.same(JSON.parse(said), DONE);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  t.equal(manifest.allowScripts.esbuild, false, 'nothing needs a script to be installed');
});
