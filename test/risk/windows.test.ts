// Sums and sets in windows that slide, beside naive ones; what they do where there is no room; estimates.

import t from 'tap';
import { Counts } from '../../engine/risk/counts.js';
import { digestOf, mixed } from '../../engine/risk/digests.js';
import { Distinct } from '../../engine/risk/distinct.js';
import { GROUP_NAMES_MAX, Groups } from '../../engine/risk/groups.js';
import { PANES } from '../../engine/risk/panes.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const WINDOW = 3_600_000;
const PANE = WINDOW / PANES;
const START = Date.UTC(2026, 8, 1);

/** What came within the window of a time: its own pane and the eight before. */
const within = (at: number, time: number): boolean =>
  Math.floor(at / PANE) >= Math.floor(time / PANE) - PANES && at <= time + WINDOW;

t.test('sums are those of a naive list, also where shards are not at the same time', async () => {
  const cases = campaign({ name: 'sums in windows', long: 500, sample: 10 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const counts = new Counts(WINDOW, 4_096);
    const said: [key: number, amount: number, time: number][] = [];
    let time = START;
    for (let n = 0; n < 600; n++) {
      time += random.int(random.chance(0.02) ? 3 * WINDOW : PANE);
      const at = random.chance(0.2) ? time - random.int(PANE) : time;
      const [key, amount] = [1 + random.int(20), 1 + random.int(1_000)];
      const newest = Math.max(at, ...said.filter(([of]) => of === key).map((one) => one[2]));
      said.push([key, amount, at]);
      const sum = counts.add(key, amount, at);
      const [first, last] = [Math.floor(at / PANE) - PANES, Math.floor(newest / PANE)];
      const naive = said
        .filter(
          ([of, , when]) => of === key && Math.floor(when / PANE) >= Math.max(first, last - PANES),
        )
        .reduce((all, one) => all + one[1], 0);
      if (sum !== naive) throw new Error(`seed ${seed}, ${n}: ${sum} instead of ${naive}`);
    }
  });
});

t.test('a window forgets what is over, and reaches back an eighth more at most', async (t) => {
  const counts = new Counts(WINDOW, 1_024);
  counts.add(7, 5, START);
  t.equal(counts.of(7, START + WINDOW - 1), 5, 'all of it counts');
  t.equal(counts.of(7, START + WINDOW + PANE), 0, 'and nothing after an eighth more');
  t.equal(counts.of(8, START), 0);
});

t.test('without room sums are too small, never too large, and who does much is kept', async (t) => {
  const random = new Random(5);
  const counts = new Counts(WINDOW, 1_024);
  const truth = new Map<number, number>();
  let wrong = 0;
  for (let n = 0; n < 40_000; n++) {
    // One in ten is of the twenty that do much.
    const key = digestOf(random.chance(0.1) ? `busy${random.int(20)}` : `once${n}`);
    truth.set(key, (truth.get(key) ?? 0) + 1);
    if (counts.add(key, 1, START + n) > (truth.get(key) ?? 0)) wrong++;
  }
  t.equal(wrong, 0);
  t.equal(counts.bytes, 1_024 * 48, 'no larger than it may be');
  t.ok(counts.forgotten > 30_000);
  for (let n = 0; n < 20; n++) {
    const key = digestOf(`busy${n}`);
    t.ok(counts.of(key, START + 40_000) > 0.9 * (truth.get(key) ?? 0), `busy${n}`);
  }
});

const groupsOf = (room: Partial<ConstructorParameters<typeof Groups>[0]> = {}) =>
  new Groups({ windowMs: WINDOW, cellsMax: 65_536, groupsMax: 4_096, sketchesMax: 4, ...room });

t.test('sets are those of a naive map', async () => {
  const cases = campaign({ name: 'sets in windows', long: 500, sample: 10 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const groups = groupsOf();
    const said = new Map<number, Map<string, number>>();
    let time = START;
    for (let n = 0; n < 600; n++) {
      time += random.int(random.chance(0.02) ? 3 * WINDOW : PANE);
      const key = digestOf(`address${random.int(12)}`);
      const member = `m${random.int(30)}`;
      groups.see(key, digestOf(member), member, n + 1, time);
      const all = said.get(key) ?? new Map<string, number>();
      said.set(key, all.set(member, time));
      const naive = [...all].filter(([, at]) => within(at, time)).map(([name]) => name);
      const count = groups.count(key, time);
      if (count !== naive.length)
        throw new Error(`seed ${seed}, ${n}: ${count} of ${naive.length}`);
      const names = groups.members(key, time).flatMap(({ name }) => name ?? []);
      if (names.some((name) => !naive.includes(name))) throw new Error(`seed ${seed}: a stranger`);
    }
  });
});

t.test('the first of two is known by where it was seen', async (t) => {
  const groups = groupsOf();
  groups.see(9, digestOf('ann'), 'ann', 41, START);
  groups.see(9, digestOf('bob'), 'bob', 42, START);
  const [first, second] = groups.members(9, START);
  t.match(first, { name: undefined, where: 41 });
  t.ok(groups.isPrint(first!.digest, digestOf('ann')));
  t.notOk(groups.isPrint(first!.digest, digestOf('bob')));
  t.match(second, { name: 'bob' });
  groups.see(9, digestOf('ann'), 'ann', 43, START);
  t.match(
    groups.members(9, START).map(({ name }) => name),
    ['ann', 'bob'],
  );
});

t.test('what others have counted is a floor, within the window', async (t) => {
  const groups = groupsOf();
  groups.see(9, digestOf('ann'), 'ann', 1, START);
  groups.told(9, 7, START);
  t.equal(groups.count(9, START), 7);
  groups.told(9, 4, START + PANE);
  t.equal(groups.count(9, START + PANE), 7, 'never less within it');
  t.equal(groups.count(9, START + 3 * WINDOW), 0);
});

t.test('many at one address are estimated within 10%', async (t) => {
  for (const many of [100, 1_000, 20_000]) {
    const groups = groupsOf();
    for (let n = 0; n < many; n++) {
      const member = `m${many}.${n}`;
      groups.see(9, digestOf(member), member, n + 1, START + n);
    }
    const found = groups.count(9, START + many);
    t.ok(Math.abs(found - many) < 0.1 * many, `${found} of ${many}`);
    t.equal(groups.members(9, START + many).length, GROUP_NAMES_MAX);
    t.equal(groups.count(9, START + 3 * WINDOW), 0, 'and forgotten');
  }
});

t.test('the estimate is as near as its error says', async (t) => {
  const errors: number[] = [];
  for (let run = 0; run < 40; run++) {
    const distinct = new Distinct();
    for (let n = 0; n < 5_000; n++) distinct.add(digestOf(`${run} ${n}`), 100);
    errors.push(distinct.count(100) / 5_000 - 1);
  }
  const deviation = Math.sqrt(errors.reduce((sum, one) => sum + one * one, 0) / errors.length);
  t.ok(deviation < 0.05, `standard error ${deviation.toFixed(3)}, of 0.033`);
});

t.test('without room sets are forgotten and nothing is invented', async (t) => {
  const groups = groupsOf({ cellsMax: 1_024, groupsMax: 64 });
  let wrong = 0;
  const random = new Random(3);
  for (let n = 0; n < 20_000; n++) {
    const key = digestOf(`address${n >> 1}`);
    groups.see(key, digestOf(`m${n}`), `m${n}`, n + 1, START + n);
    if (groups.count(key, START + n) > 1 + (n & 1)) wrong++;
    if (random.chance(0.01)) {
      const farm = digestOf('farm');
      groups.see(farm, digestOf(`f${n}`), `f${n}`, n + 1, START + n);
    }
  }
  t.equal(wrong, 0);
  t.ok(groups.sets <= 64 && groups.bytes === 1_024 * 22);
  t.ok(groups.count(digestOf('farm'), START + 20_000) >= 60, 'a farm is not forgotten');
});

t.test('digests', async (t) => {
  const all = new Set<number>();
  for (let n = 0; n < 100_000; n++)
    all.add(mixed(digestOf(`m${n % 1_000}`), digestOf(`k${n % 97}`)));
  t.equal(all.size, 97_000, 'no two pairs are one');
  t.ok([...all].every((one) => Number.isSafeInteger(one) && one >= 1));
});
