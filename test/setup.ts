// What the tests need beyond `npm install`, checked before any of them runs.
// Owns: the list of such needs. Never touches: anything that is already there.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../bench/programs.js';

/** The package's folder: compiled tests live in <root>/<out>/test. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** How Node.js is started for them, and for what they start. */
export const OPTIONS: readonly string[] = ['--require', join(import.meta.dirname, 'later.cjs')];

/** Makes everything the tests need available; returns one line per need that is not met. */
export function setup(): string[] {
  const needs = [compiler, natsServer, postgresql, prometheus, nginx, browser, tapPlugins, code];
  return needs.map((need) => need()).filter((problem) => problem !== undefined);
}

// The power-cut and disk-error tests compile a small shim.
function compiler(): string | undefined {
  if (runs('cc', ['--version'])) return undefined;
  install('No C compiler', ['gcc', 'libc6-dev']);
  if (runs('cc', ['--version'])) return undefined;
  return 'The tests need a C compiler named cc: install gcc or clang (Debian: gcc libc6-dev).';
}

// Nodes talk to each other over it.
function natsServer(): string | undefined {
  if (runs('nats-server', ['--version'])) return undefined;
  install('No nats-server', ['nats-server']);
  if (runs('nats-server', ['--version'])) return undefined;
  return 'The tests need nats-server, 2.9 or later, in PATH (Debian: nats-server).';
}

// The log of record may be there; its programs are in nobody's PATH.
function postgresql(): string | undefined {
  const areThere = (): boolean =>
    ['initdb', 'pg_ctl', 'pg_basebackup', 'postgres'].every(
      (name) => findProgram(name) !== undefined,
    );
  if (areThere()) return undefined;
  install('No PostgreSQL', ['postgresql-15']);
  if (areThere()) return undefined;
  return 'The tests need PostgreSQL 13 or later with its server (Debian: postgresql-15).';
}

// It scrapes what /metrics says, and its promtool checks the rules.
function prometheus(): string | undefined {
  const areThere = (): boolean =>
    runs('prometheus', ['--version']) && runs('promtool', ['--version']);
  if (areThere()) return undefined;
  install('No prometheus', ['prometheus']);
  if (areThere()) return undefined;
  return 'The tests need prometheus and promtool, 2.42 or later, in PATH (Debian: prometheus).';
}

// It stands in front, with the file that ops/ ships.
function nginx(): string | undefined {
  if (runs('nginx', ['-v'])) return undefined;
  install('No nginx', ['nginx-light']);
  if (runs('nginx', ['-v'])) return undefined;
  return 'The tests need nginx, 1.18 or later, in PATH (Debian: nginx-light).';
}

// The pages are looked at in a real one.
function browser(): string | undefined {
  if (runs('chromium', ['--version'])) return undefined;
  install('No chromium', ['chromium']);
  if (runs('chromium', ['--version'])) return undefined;
  return 'The tests need chromium in PATH (Debian: chromium).';
}

// Debian's packages, where this may install any.
function install(why: string, packages: readonly string[]): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  if (!runs('apt-get', ['--version'])) return;
  process.stderr.write(`${why}: installing ${packages.join(' ')}.\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
  spawnSync('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}

// Threads and programs begin with code that counts for one way of starting Node.js.
function code(): string | undefined {
  const asked = [...OPTIONS, '-p', "require('node:v8').cachedDataVersionTag()"];
  const tag = spawnSync(process.execPath, asked, { encoding: 'utf8' }).stdout.trim();
  // A build takes away what was of the one before.
  if (existsSync(join(import.meta.dirname, '..', `gateway/main.cjs.v8-${tag}`))) return undefined;
  const make = spawnSync(process.execPath, ['ops/bundle.js', '--code', ...OPTIONS], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return make.status === 0
    ? undefined
    : `There is no code for the tests' processes: ${make.stderr}`;
}

// tap compiles its plugins into its test class. A run notices that .taprc names other ones and
// rebuilds, but that first run still starts its test files with the plugins of before.
function tapPlugins(): string | undefined {
  const built = join(ROOT, 'node_modules/@tapjs/test/test-built/dist/esm/index.js');
  const linked = existsSync(join(ROOT, '.tap/plugins/node_modules'));
  if (linked && !readFileSync(built, 'utf8').includes('@tapjs/typescript')) return undefined;
  const build = spawnSync(process.execPath, [tapProgram, 'build'], { cwd: ROOT, encoding: 'utf8' });
  return build.status === 0 ? undefined : `tap cannot build its test class: ${build.stderr}`;
}

/** The program that runs test files. */
const tapProgram = join(ROOT, 'node_modules/.bin/tap');

function runs(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
