// Runs the tests: `npm test`, or `npm test -- dist/test/x.test.js` for some of them.
// Owns: what is run, and for how long. Never touches: the tests' own environment, but for CI.
//   JIFEN_LONG=1 (`npm run test:long`) runs the campaigns whole, so no file is timed out.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, setup, tapProgram } from './setup.js';

const LONG_TIMEOUT_SECONDS = 24 * 3600;

// Compiled tests whose source is gone stay behind in the output folder; those are not run.
function compiledTests(): string[] {
  const sources = join(ROOT, 'test');
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(relative(ROOT, import.meta.dirname), name.replace(/\.ts$/, '.js')))
    .sort();
}

const problems = setup();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);

const args = process.argv.slice(2);
if (!args.some((arg) => existsSync(join(ROOT, arg)))) args.push(...compiledTests());
if (process.env.JIFEN_LONG === '1') args.unshift(`--timeout=${LONG_TIMEOUT_SECONDS}`);
// Without a terminal tap would print its moving picture frame by frame; under CI it does not.
const env = process.stdout.isTTY ? process.env : { ...process.env, CI: 'true' };
const run = spawnSync(process.execPath, [tapProgram, ...args], {
  cwd: ROOT,
  env,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
