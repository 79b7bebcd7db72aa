// A period with many members: what it takes, and how quickly ranks are found and changed. Not a test.
//   node --expose-gc dist/test/projections/measure.js [members]

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderKey, type Ranked } from '../../engine/projections/boards/keys.js';
import { Standings } from '../../engine/projections/boards/standings.js';
import { ProjectionStore } from '../../engine/projections/store.js';

const members = Number(process.argv[2] ?? 1_000_000);
const AT_ONCE = 20_000;
const ASKED = 50_000;
const HERE = Buffer.from([1]);

const ranked = (n: number, more = 0): Ranked => ({
  owner: `user${n}`,
  score: 1 + ((n * 7919) % 100_003) + more,
  reached: 1_795_960_817_637 + (n % 1_000),
});

const say = (what: string, value: string): void => {
  process.stdout.write(`${what}: ${value}\n`);
};

/** How often in a second. */
function rate(times: number, work: () => void): string {
  const began = performance.now();
  work();
  return Math.round(times / ((performance.now() - began) / 1_000)).toLocaleString('en');
}

const memory = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const folder = mkdtempSync(join(tmpdir(), 'jifen-standings-'));
const path = join(folder, 'order.mdb');
const store = new ProjectionStore(path, ['order']);
const order = store.of('order');
for (let from = 0; from < members; from += AT_ONCE)
  store.commit(() => {
    for (let n = from; n < Math.min(members, from + AT_ONCE); n++)
      order.putSync(orderKey(1, ranked(n)), HERE);
  });
const before = memory();
const began = performance.now();
const standings = new Standings(order, 1);
say('marks made in', `${Math.round(performance.now() - began)} ms of ${standings.members} members`);
say('memory', `${((memory() - before) / 1e6).toFixed(1)} MB`);
say('disk', `${Math.round(statSync(path).size / 1e6)} MB`);
const places = rate(ASKED, () => {
  for (let i = 0; i < ASKED; i++) standings.before(ranked((i * 104_729) % members));
});
say('ranks a second', places);
const moves = rate(10 * AT_ONCE, () => {
  for (let round = 0; round < 10; round++) {
    const [gone, come]: [Buffer[], Buffer[]] = [[], []];
    store.commit(() => {
      for (let n = round * AT_ONCE; n < (round + 1) * AT_ONCE && n < members; n++) {
        gone.push(orderKey(1, ranked(n)));
        come.push(orderKey(1, ranked(n, 6)));
        order.removeSync(gone.at(-1) as Buffer);
        order.putSync(come.at(-1) as Buffer, HERE);
      }
    });
    standings.moved(gone, come);
  }
});
say('changes of scores a second', moves);
await store.close();
rmSync(folder, { recursive: true, force: true });
