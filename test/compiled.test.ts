// What threads run, compiled when the program was built: it does the same with its code, without it, and with damaged code.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import t from 'tap';
import { HEAP_MB } from '../engine/audit/reader.js';
import { compile, runCompiled } from '../engine/compiled.js';
import { Random } from './random.js';
import { temporaryFolder } from './temporary.js';

const SOURCE = `const { sep } = require('node:path');
exports.sum = (to) => { let sum = 0; for (let i = 1; i <= to; i++) sum += i; return sum; };
exports.name = __filename.split(sep).at(-1);
exports.later = () => require('node:os').EOL;
`;

t.test('a bundle does the same however its code fares', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'bundle.cjs');
  writeFileSync(path, SOURCE);
  const right = (what: string): void => {
    const { sum, name, later } = runCompiled(pathToFileURL(path)) as {
      sum(to: number): number;
      name: string;
      later(): string;
    };
    t.same([sum(100), name, later()], [5_050, 'bundle.cjs', '\n'], what);
  };
  right('without code');
  await compile(pathToFileURL(path), true);
  t.same(readdirSync(folder).sort(), ['bundle.cjs', `bundle.cjs.v8-${cachedDataVersionTag()}`]);
  const file = join(folder, readdirSync(folder).sort()[1] as string);
  right('with code');
  const code = readFileSync(file);
  const random = new Random(1);
  for (let trial = 0; trial < 50; trial++) {
    const damaged = Buffer.from(code);
    const at = random.int(code.length);
    damaged[at] = (damaged[at] as number) ^ (1 << random.int(8));
    writeFileSync(file, damaged);
    right(`byte ${at} changed`);
  }
  for (const length of [0, 3, 4, 5, code.length - 1]) {
    writeFileSync(file, code.subarray(0, length));
    right(`${length} bytes of code`);
  }
  // Code of other source is of another length of source, which V8 looks at.
  writeFileSync(file, code);
  writeFileSync(path, `${SOURCE}// longer`);
  right('code of what stood there before');
  t.end();
});

t.test(
  'threads and processes come with their code, for the ways in which they are started',
  (t) => {
    const dist = join(import.meta.dirname, '..');
    const script = "console.log(require('node:v8').cachedDataVersionTag())";
    const tagOf = (...options: string[]): string =>
      `${execFileSync(process.execPath, [...options, '-e', script], { env: {} })}`.trim();
    const isThere = (name: string, ...options: string[]): void => {
      const file = join(dist, `${name}.cjs.v8-${tagOf(...options)}`);
      t.ok(existsSync(file), `${name} ${options.join(' ')}`);
    };
    for (const name of [
      ...['gateway/main', 'engine/shard/worker', 'engine/shard/reader'],
      ...['engine/simulation/shard-thread', 'engine/projections/thread'],
      ...['engine/recount/thread', 'engine/risk/thread'],
      ...['gateway/logs/trail-thread', 'gateway/outbound/thread'],
    ]) {
      isThere(name);
      isThere(name, '--max-semi-space-size=64');
    }
    isThere('engine/audit/reader-process', `--max-old-space-size=${HEAP_MB}`);
    t.end();
  },
);
