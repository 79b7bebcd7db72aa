// The benches, tiny: they run, their figures have the format that is promised, the sums are right.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.js');

t.test('npm run bench -- engine acts outbox partners growth --smoke', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'jifen-bench-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const json = join(folder, 'figures.json');
  const html = join(folder, 'figures.html');
  const files = ['--json', json, '--html', html];
  const args = [
    MAIN,
    'engine',
    'acts',
    'outbox',
    'partners',
    'growth',
    '--smoke',
    ...files,
    '--folder',
    folder,
  ];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.equal(run.status, 0, run.stderr);

  const { machine, figures } = JSON.parse(readFileSync(json, 'utf8'));
  for (const field of ['cpu', 'node', 'kernel', 'fileSystem', 'durability']) {
    t.type(machine[field], 'string', `machine.${field}`);
  }
  for (const field of ['cores', 'memoryGb', 'diskSyncMs', 'diskSyncMaxMs']) {
    t.ok(machine[field] > 0, `machine.${field}`);
  }

  const names = figures.map((figure: { name: string }) => figure.name);
  for (const name of [
    'engine/batch-1/shards-2/uniform',
    'engine/batch-100/shards-2/uniform',
    'engine/batch-1000/shards-1/zipf',
    'engine/batch-1000/shards-2/uniform',
    'engine/batch-8000/shards-2/uniform',
    'engine/batch-1000/shards-2/uniform-lots',
    'engine/batch-1000/shards-2/holds-30',
    'engine/packed-1000/shards-2/uniform',
    'engine/single-64-callers',
    'engine/single-1000-callers',
    'engine/ceiling',
    'acts/transfer',
    'acts/claim/own-shard',
    'acts/claim/between-shards',
    'outbox/transfers-beside',
    'outbox/webhooks',
    'partners/add-guarded',
    'engine/growth-20k',
    'engine/growth-20k/restart',
    'engine/growth-20k/history-page',
    'growth/history-5k',
  ]) {
    t.ok(names.includes(name), name);
  }
  for (const figure of figures) {
    t.ok(figure.value > 0, `${figure.name}: a value`);
    t.type(figure.unit, 'string', `${figure.name}: a unit`);
    t.ok(run.stdout.includes(`| ${figure.name} `), `${figure.name}: a line of the table`);
    if (figure.ratioTo !== 'ceiling') continue;
    t.ok(figure.ratio > 0, `${figure.name}: a ratio`);
    t.match(figure.digest, /^[0-9a-f]{16,}$/, `${figure.name}: a digest`);
    const ordered =
      0 < figure.p50Ms && figure.p50Ms <= figure.p99Ms && figure.p99Ms <= figure.maxMs;
    t.ok(ordered, `${figure.name}: latencies in order`);
  }
  t.same(readdirSync(folder).sort(), ['figures.html', 'figures.json'], 'data folders are removed');
  const page = readFileSync(html, 'utf8');
  for (const { name } of figures)
    t.ok(page.includes(`<td>${name}</td>`), `${name}: a line of the page`);
  t.end();
});

t.test('arguments', (t) => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  t.match(bench('--help').stdout, /--seconds/);
  const list = bench('engine', '--list').stdout.trim().split('\n');
  const shapes = ['shards-1/uniform', 'shards-1/zipf', 'shards-2/uniform', 'shards-2/zipf'];
  for (const size of [1, 100, 1000, 8000]) {
    for (const shape of shapes) {
      t.ok(list.includes(`engine/batch-${size}/${shape}`), `batch-${size}/${shape}`);
    }
  }
  const growth = bench('growth', '--list').stdout.trim().split('\n');
  const sizes = ['10k', '100k', '1m', '5m'].map((size) => `engine/growth-${size}`);
  t.same(growth, [...sizes, 'growth/history']);
  t.match(bench('peers', '--list').stdout, /^peers\/postgresql\npeers\/mariadb-redis\n/);
  t.match(bench('engine', '--list', '--only', 'single').stdout, /^engine\/single-64-callers\n/);
  for (const args of [
    ['nothing'],
    ['engine', '--only', 'nothing'],
    ['engine', '--seconds', '-1'],
    ['engine', '--runs', '1.5'],
    ['engine', '--unknown'],
  ]) {
    t.equal(bench(...args).status, 1, args.join(' '));
  }
  t.end();
});
