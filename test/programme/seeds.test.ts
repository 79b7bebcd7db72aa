// Seeds of real shards: when they are made, used and published; after a restart; without their key. And an attacker who tries to know a draw before it
// counts, or to have another one.

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { hashOfSeed } from '../../engine/protocol/chance.js';
import { until } from '../until.js';
import { ASSET } from './earning-world.js';
import {
  check,
  codeOf,
  LOTTERY,
  LotteryWorld,
  PERIOD_MS,
  type Prize,
  whyOf,
} from './lottery-world.js';

const PRIZES: readonly Prize[] = [
  { key: 'much', weight: 1_000_000, points: 100 },
  { key: 'none', weight: 3_000_000 },
];
const FREE = { cooldownSeconds: 0, dailyLimit: 100_000 };

t.test('a seed is published before it is used as a hash, and afterwards itself', async (t) => {
  const world = new LotteryWorld(t, 2);
  const members = await world.begin({ ...FREE, prizes: PRIZES });
  const first = await world.seeds();
  for (const { seed, from, hash } of first) {
    t.equal(seed, undefined, 'nobody is told a seed that is in use or to come');
    t.match(hash, /^[0-9a-f]{64}$/);
    t.ok(from > world.now - PERIOD_MS);
  }
  await until('the next ones are logged', async () => (await world.seeds()).length === 4);
  const drawn: [string, ReturnType<typeof whyOf>][] = [];
  for (const owner of [members[0]![0]!, members[1]![0]!]) {
    await world.word(owner, `word-of-${owner}`);
    for (let i = 0; i < 10; i++) drawn.push([owner, whyOf(await world.draw(owner))]);
  }
  await world.close();
  await world.open();
  await world.decides();
  for (const owner of [members[0]![0]!, members[1]![0]!])
    drawn.push([owner, whyOf(await world.draw(owner))]);
  t.same(drawn.at(-1)![1]['number'], 11, 'a restart goes on');
  t.throws(() => check(...drawn[0]!, first, PRIZES), 'not published');
  await world.later(2 * PERIOD_MS);
  await until(
    'they are published',
    async () => (await world.seeds()).filter(({ seed }) => seed !== undefined).length >= 2,
  );
  const seeds = await world.seeds();
  for (const { shard, number, hash } of first) {
    const now = seeds.find((one) => one.shard === shard && one.number === number)!;
    t.equal(now.hash, hash, 'the hash that was told before');
    if (now.seed !== undefined) t.equal(hashOfSeed(Buffer.from(now.seed, 'hex')), hash);
  }
  for (const [owner, why] of drawn) check(owner, why, seeds, PRIZES);
  const [owner, why] = drawn[0]!;
  const altered = seeds.map((one) => ({
    ...one,
    ...(one.seed && { seed: `00${one.seed.slice(2)}` }),
  }));
  t.throws(() => check(owner, why, altered, PRIZES), /not the one of its hash/);
  const found = [
    { ...why, word: 'other' },
    { ...why, number: 99 },
    { ...why, lottery: 9 },
  ];
  for (const one of found) t.throws(() => check(owner, one, seeds, PRIZES), /another/);
  t.throws(() => check('somebody', why, seeds, PRIZES), /another/);
  await world.inUse();
  t.equal(codeOf(await world.draw(owner)), 'ok', 'the next period goes on');
  await world.close();
  const { problems } = await verifyFolder(world.folder, { why: true });
  t.same(problems, []);
});

t.test('a lost key ends its period, and is told', async (t) => {
  const world = new LotteryWorld(t, 1);
  const [members] = await world.begin({ ...FREE, prizes: PRIZES });
  const [owner] = members as [string];
  await world.draw(owner);
  await world.close();
  const key = join(world.folder, 'draw-keys', '0.key');
  t.equal(statSync(key).mode & 0o077, 0, 'nobody else reads the key');
  writeFileSync(key, 'something else');
  await world.open();
  await world.decides();
  t.equal(codeOf(await world.draw(owner)), 'LOTTERY_NOT_OPEN');
  const lost = (await world.seeds()).filter(({ isLost }) => isLost === true);
  t.ok(lost.length >= 1 && lost.every(({ to }) => to <= world.now));
  await world.inUse();
  t.match(whyOf(await world.draw(owner)), { number: 2 });
});

t.test('an attacker learns nothing of a draw, and gets no other one', async (t) => {
  const world = new LotteryWorld(t, 2);
  const members = await world.begin({ ...FREE, prizes: PRIZES });
  const [owner] = members[0] as [string];
  const { engine } = world;
  const draw = world.act('draw', owner, {}, 'the-one');
  const trials = [
    await engine.submit(draw, { dryRun: true }),
    ...(await engine.submitBatch([draw], { dryRun: true })),
    ...(await engine.submitBatch([draw], { atomic: true })),
    ...(await engine.submitBatch([draw], { atomic: true, dryRun: true })),
    await engine.submit(world.act('draw-word', owner, { word: 'a' }), { dryRun: true }),
  ];
  t.same(
    trials.map(codeOf),
    trials.map(() => 'DRAW_NOT_TRIED'),
  );
  // Beside what is to fail where the draw is lost, before it and behind it: none of it is done, and nothing of the draw is said.
  const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount: 2_000_000 }];
  const stake = { type: 'transfer', legs } as const;
  for (const together of [
    [stake, draw],
    [draw, stake],
    [draw, world.act('draw', owner, {}, 'another')],
  ])
    for (const way of [{ atomic: true }, { dryRun: true }, { atomic: true, dryRun: true }]) {
      const told = await engine.submitBatch(together, way);
      t.ok(
        told.every(({ ok }) => !ok),
        JSON.stringify(told.map(codeOf)),
      );
      t.notMatch(JSON.stringify(told), /roll|prize/);
    }
  // A loser would want the same draw again with another word, or none of it.
  t.equal(codeOf(await world.word(owner, 'first')), 'ok');
  t.equal(codeOf(await world.word(owner, 'second')), 'DRAW_WORD_COMMITTED');
  const one = await engine.submit(draw);
  const again = await Promise.all([engine.submit(draw), engine.submit(draw)]);
  for (const outcome of again) t.same(whyOf(outcome), whyOf(one));
  t.equal(codeOf(await world.word(owner, 'third')), 'DRAW_WORD_COMMITTED');
  const undone = await engine.submit({ type: 'reverse', owner, transferId: 'the-one' });
  t.equal(codeOf(undone), 'NOT_REVERSIBLE');
  // Many at once take a number each, whatever they win.
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.draw(owner)));
  const numbers = outcomes.map((outcome) => whyOf(outcome)['number'] as number);
  t.same(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 50 }, (_, n) => n + 2),
  );
  const record = await engine.transfer(owner, 'the-one');
  t.match(record, { outcome: { ok: true } });
  const definition = await engine.definition('lottery', LOTTERY);
  t.match(definition, { versions: [{ version: 1 }] });
});
