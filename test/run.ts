// Runs the tests: `npm test`, or `npm test -- dist/test/x.test.js` for some of them.
// Owns: what is run, how many at a time, for how long. Never touches: the tests' own environment, but for tap's time limit.
//   tap's own runner watches what every process and thread of a test loads, for the coverage of code. Nobody asks for that here,
//   and it doubles the time of all that the tests start; so files are started as they are, and only tap's report is used.
//   JIFEN_LONG=1 (`npm run test:long`) runs the campaigns whole, so no file is timed out.

import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, setup } from './setup.js';

/** Many files wait more than they work: for a disk, a process, a time limit. */
const JOBS = 2 * availableParallelism();
const IS_LONG = process.env['JIFEN_LONG'] === '1';
const TIMEOUT_SECONDS = IS_LONG ? 24 * 3600 : 300;
/** The files that take longest, longest first: begun last, they would run on when all others are done. */
const LONGEST = [
  'history/history',
  'nodes/nodes',
  'gateway/cli',
  'crash/kill',
  'crash/disk-error',
  'transfer/history',
  'nodes/served-twice',
  'sim/sim',
  'sim/defects',
  'ops/runbook',
  'gateway/signed-meaning',
  'crash/shim',
  'audit/flips',
  'ledger/property',
  'crash/power-cut',
  'gateway/abuse',
];
/** Of the benchmarks, not of the program: run where they are named (.ci/run), and under JIFEN_LONG=1. */
const ONLY_NAMED = ['bench/peers', 'bench/smoke'];

// Compiled tests whose source is gone stay behind in the output folder; those are not run.
function compiledTests(): string[] {
  const names = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.test\.ts$/, ''))
    .filter((name) => IS_LONG || !ONLY_NAMED.includes(name))
    .sort();
  const longest = LONGEST.filter((name) => names.includes(name));
  return [...new Set([...longest, ...names])].map((name) =>
    join(relative(ROOT, import.meta.dirname), `${name}.test.js`),
  );
}

const problems = setup();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);

process.chdir(ROOT);
const given = process.argv.slice(2);
const missing = given.filter((file) => !existsSync(file));
for (const file of missing) process.stderr.write(`There is no ${file}.\n`);
if (missing.length > 0) process.exit(1);
const files = given.length > 0 ? given : compiledTests();

// Without a terminal the report would be a moving picture, frame by frame; under CI it is not.
if (!process.stdout.isTTY) process.env['CI'] = 'true';
// Only now: setup builds tap's test class, and the report looks for CI when it is loaded.
const { report } = await import('@tapjs/reporter');
const { default: t } = await import('tap');

const config = { get: () => undefined };
await report('base', t, config as never);
t.setTimeout(0);
t.jobs = JOBS;
t.plan(files.length);
const env = { ...process.env, TAP_TIMEOUT: `${TIMEOUT_SECONDS}` };
for (const file of files) {
  // What starts files adds the watching of what they load to NODE_OPTIONS.
  const args = ['-u', 'NODE_OPTIONS', process.execPath, file];
  const timeout = TIMEOUT_SECONDS * 1000;
  t.spawn('env', args, { buffered: true, stdio: 'pipe', timeout, env }, file);
}
