// The package is what its README says it is: its commands exist and its versions are fixed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { campaign } from './campaign.js';
import { Random } from './random.js';
import { ROOT } from './setup.js';

interface Package {
  readonly license: string;
  readonly scripts: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const manifest = JSON.parse(read('package.json')) as Package;

t.test('the commands of the README exist', async (t) => {
  for (const script of ['start', 'build', 'test', 'test:long', 'lint', 'bench']) {
    t.ok(manifest.scripts[script], script);
  }
  t.ok(manifest.bin.jifen, 'jifen is a command');
});

t.test('every dependency is one exact version', async (t) => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(all)) {
    t.match(version, /^(npm:[a-z]+@)?\d+\.\d+\.\d+$/, `${name} ${version}`);
  }
});

t.test('the lock file names no registry', async (t) => {
  t.notMatch(read('package-lock.json'), /"resolved"/);
});

t.test('the licence is Apache-2.0', async (t) => {
  t.equal(manifest.license, 'Apache-2.0');
  t.match(read('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
});

t.test('one seed, one sequence', async (t) => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 8 }, () => random.next());
  };
  t.same(draw(7), draw(7));
  t.strictNotSame(draw(7), draw(8));
});

t.test('draws are spread evenly and stay in range', async (t) => {
  const random = new Random(1);
  const seen = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) seen[random.int(10)]!++;
  t.ok(
    seen.every((count) => count > 850 && count < 1_150),
    `0..9: ${seen}`,
  );
  let outside = 0;
  for (let i = 0; i < 10_000; i++) {
    const large = random.int(Number.MAX_SAFE_INTEGER);
    if (!(Number.isSafeInteger(large) && large >= 0 && large < Number.MAX_SAFE_INTEGER)) outside++;
  }
  t.equal(outside, 0);
  t.equal(random.int(1), 0);
  t.equal(random.pick(['only']), 'only');
  t.notOk(random.chance(0));
  t.ok(random.chance(1));
  t.same(
    random.shuffle([1, 2, 3, 4, 5]).sort((a, b) => a - b),
    [1, 2, 3, 4, 5],
  );
});

t.test('a campaign runs its cases, or the one that is asked for', async (t) => {
  const before = { ...process.env };
  const write = process.stderr.write;
  t.teardown(() => {
    process.env = before;
    process.stderr.write = write;
  });
  process.stderr.write = () => true;
  const plan = (set: Record<string, string>) => {
    process.env = { ...set };
    const { count, seeds } = campaign({ name: 'scaffold', long: 9, sample: 3 });
    return { count, seeds: [...seeds] };
  };
  t.same(plan({}), { count: 3, seeds: [1, 2, 3] });
  t.equal(plan({ JIFEN_LONG: '1' }).seeds.length, 9);
  t.same(plan({ JIFEN_SEED: '123' }), { count: 1, seeds: [123] });
  t.same(plan({ JIFEN_SEED: '123', JIFEN_COUNT: '2' }), { count: 2, seeds: [123, 124] });
  t.throws(() => plan({ JIFEN_SEED: 'x' }), /JIFEN_SEED/);
});
