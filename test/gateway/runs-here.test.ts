// What Node.js the server runs on, and what it says where it does not.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cannotRun, isTooOld, LINES } from '../../gateway/cli/runs-here.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { PROGRAM } from './program.js';

t.test('package.json says the same', async (t) => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  t.equal(engines.node, LINES.map(({ from }) => `^${from}`).join(' || '));
});

t.test('each line has its binaries, for Linux and macOS', async (t) => {
  const abis = { 20: 115, 22: 127, 24: 137 } as Record<number, number>;
  const files = readdirSync(join(ROOT, 'node_modules', 'uWebSockets.js'));
  for (const { major, glibc } of LINES) {
    for (const machine of ['linux_x64', 'linux_arm64', 'darwin_x64', 'darwin_arm64']) {
      const file = `uws_${machine}_${abis[major]}.node`;
      t.ok(files.includes(file), file);
      if (!machine.startsWith('linux')) continue;
      const text = readFileSync(join(ROOT, 'node_modules', 'uWebSockets.js', file), 'latin1');
      const needs = [...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
      t.equal(`2.${Math.max(...needs)}`, glibc, `${file} needs what is said`);
    }
  }
});

t.test('releases before the first of a line', async (t) => {
  for (const [node, isOld] of [
    ['18.20.0', true],
    ['20.15.1', true],
    ['20.19.0', false],
    ['20.20.2', false],
    ['22.11.0', true],
    ['22.12.0', false],
    ['24.0.0', false],
    ['26.1.0', false],
  ] as const)
    t.equal(isTooOld(node), isOld, node);
});

t.test('what would run is named', async (t) => {
  const said = (glibc: string | undefined, machine = 'linux x64') =>
    cannotRun({ node: '23.1.0', machine, glibc }, 'a cause').message;
  t.match(said('2.36'), /use Node\.js 20\. Loading it said: a cause$/);
  t.match(said('2.38'), /use Node\.js 20 or 22 or 24\./);
  t.match(said('2.17'), /glibc 2\.17\).* macOS\. Loading/);
  t.match(said(undefined), /no glibc/);
  t.match(said(undefined, 'darwin arm64'), /\(darwin arm64\)/);
});

t.test('a start that cannot load the web server opens nothing', async (t) => {
  const folder = temporaryFolder(t);
  // As on a version that has no binary.
  const preload = join(folder, 'preload.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, modules: '131' } });`,
  );
  const start = [PROGRAM, 'start', '--port', '0', '--folder', join(folder, 'data')];
  const args = ['--require', preload, ...start];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.equal(status, 1);
  t.match(
    stderr,
    /^jifen: the web server does not run on Node\.js .* Node\.js 22 from 22\.12 on .*uws_[^\n]*_131\.node'\n$/,
  );
  t.same(readdirSync(folder), ['preload.cjs']);
});
