// Runs the tests: `npm test`, or `npm test -- dist/test/x.test.js` for some of them.
// Owns: what is run, in which processes, how many at a time, for how long. Never touches: the tests' own environment, but for tap's time limit.
//   tap's own runner watches what every process and thread of a test loads, for the coverage of code. Nobody asks for that here,
//   and it doubles the time of all that the tests start; so files are started as they are, and only tap's report is used.
//   JIFEN_LONG=1 (`npm run test:long`) runs the campaigns whole, so no file is timed out.

import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { report } from './report.js';
import { OPTIONS, ROOT, setup } from './setup.js';

/** Many files wait more than they work: for a disk, a process, a time limit. */
const JOBS = 3 * availableParallelism();
const IS_LONG = process.env['JIFEN_LONG'] === '1';
const TIMEOUT_SECONDS = IS_LONG ? 24 * 3600 : 600;
/** The files that take longest, longest first: begun last, they would run on when all others are done. */
const LONGEST = [
  'history/history',
  'nodes/nodes',
  'gateway/cli',
  'crash/kill',
  'nodes/budget',
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
  'ledger/reversals',
  'programme/acts',
  'programme/pools',
  'programme/follow-ups',
  'crash/power-cut',
  'gateway/abuse',
];
/** Of the benchmarks, not of the program: run where they are named (.ci/run), and under JIFEN_LONG=1. */
const ONLY_NAMED = ['bench/peers', 'bench/smoke'];

/** Files that take long, though not longest, and such as watch or change the process they run in: each has one of its own. */
const ALONE = ['gateway/memory', 'transfer/kill'];
/** How many of the others share a process: those of one folder, one after the other. */
const IN_TURN = 8;
/** The folders whose files take longest, longest first. */
const LONGEST_FOLDERS = [
  'nodes',
  'console',
  'gateway',
  'member',
  'projections',
  'gateway/oauth',
  'gateway/client',
  'cluster',
  'transfer',
  'audit',
  'trials',
  'programme',
  'ledger',
];

const beside = (file: string): string => join(import.meta.dirname, file);

const compiled = (name: string): string =>
  join(relative(ROOT, import.meta.dirname), `${name}.test.js`);

/** The files of each process. Compiled tests whose source is gone stay behind in the output folder; those are not run. */
function processes(): string[][] {
  const names = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.test\.ts$/, ''))
    .filter((name) => IS_LONG || !ONLY_NAMED.includes(name))
    .sort();
  const longest = LONGEST.filter((name) => names.includes(name));
  const rest = names.filter((name) => !longest.includes(name));
  // A campaign that runs whole takes as long as many files: nothing waits behind it.
  const isAlone = (name: string): boolean => IS_LONG || ALONE.includes(name);
  const folders = new Map<string, string[]>(LONGEST_FOLDERS.map((folder) => [folder, []]));
  for (const name of rest.filter((name) => !isAlone(name))) {
    const folder = dirname(name);
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  const shared = [...folders.values()].flatMap((all) =>
    inParts(all, Math.ceil(all.length / IN_TURN)),
  );
  const alone = [...longest, ...rest.filter(isAlone)].map((name) => [name]);
  return [...alone, ...shared].map((files) => files.map(compiled));
}

/** So many parts; neighbours go to different ones, for they take about as long. */
const inParts = (all: readonly string[], parts: number): string[][] =>
  Array.from({ length: parts }, (_, part) => all.filter((_, n) => n % parts === part));

const problems = setup();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);

process.chdir(ROOT);
const given = process.argv.slice(2);
const missing = given.filter((file) => !existsSync(file));
for (const file of missing) process.stderr.write(`There is no ${file}.\n`);
if (missing.length > 0) process.exit(1);
const files = given.length > 0 ? given.map((file) => [file]) : processes();

// Only now: setup builds tap's test class.
const { default: t } = await import('tap');
report(t);
t.setTimeout(0);
t.jobs = JOBS;
t.plan(files.length);
for (const some of files) {
  const [first = ''] = some;
  const run = some.length === 1 ? some : [beside('in-turn.js'), ...some];
  // In the place of the watching of what files load, which tap puts there.
  const args = [
    `NODE_OPTIONS=${OPTIONS.join(' ')}`,
    process.execPath,
    beside('unwatched.js'),
    ...run,
  ];
  const name =
    some.length === 1
      ? first
      : `${dirname(first)}: ${some.map((file) => basename(file, '.test.js')).join(', ')}`;
  const seconds = some.length === 1 ? TIMEOUT_SECONDS : 2 * TIMEOUT_SECONDS;
  const env = { ...process.env, TAP_TIMEOUT: `${seconds}` };
  const options = { buffered: true, stdio: 'pipe', timeout: seconds * 1_000, env } as const;
  t.spawn('env', args, options, name);
}
