// A leaderboard over two nodes: ranks over both, the same whichever is asked; frozen and paid once, by the node that has its shard.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Engine, isRefusal, type LeaderboardPage, open } from '../../engine/index.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const MEMBERS = 24;

t.test('members of two nodes are on one board', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const node = async (name: string): Promise<Engine> => {
    const engine = await open({ ...cluster.options(name), clockOffset, tickMs: 20 });
    cluster.engines.set(name, engine);
    return engine;
  };
  const nodes = await Promise.all([node('a'), node('b')]);
  const [a, b] = nodes as [Engine, Engine];
  const start = Date.now();
  await a.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const legs = [{ from: '@issue', to: '#budget:prizes', asset: 'points', amount: 1_000 }];
  t.ok((await b.own.submit({ type: 'transfer', id: 'f', legs })).ok);
  const board = {
    ...{ programme: 'shop', period: 'once', from: start, to: start + 60_000, graceMs: 0 },
    ...{ kinds: ['RUN'], prizes: [[1, 3, 100]], budget: '#budget:prizes' },
  };
  for (const [kind, key, document] of [
    ['programme', 'shop', { asset: 'points', zone: 'UTC' }],
    ['leaderboard', 'run', board],
  ] as const) {
    const outcome = await b.submit({
      type: 'put-definition',
      kind,
      key,
      state: 'active',
      document,
    });
    t.ok(outcome.ok, key);
  }
  for (let i = 0; i < 3; i++) {
    clock[0] = 4_000 * (i + 1);
    await sleep(1_200);
  }
  const scores: [string, number][] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const owner = `m${i}`;
    const score = 10 * (1 + (i % 7));
    const leg = { from: '@issue', to: owner, asset: 'points', amount: score };
    const run = { type: 'transfer', id: 'run', kind: 'RUN', legs: [leg] } as const;
    t.ok((await nodes[i % 2]!.submit(run)).ok);
    scores.push([owner, score]);
  }
  const should = scores
    .sort(([, one], [, other]) => other - one)
    .map(([owner, score], _, all) => [1 + all.filter(([, more]) => more > score).length, owner]);
  const shown = async (engine: Engine): Promise<LeaderboardPage | undefined> => {
    const found = await engine.leaderboard({ board: 'run', limit: 100 });
    return isRefusal(found) ? undefined : found;
  };
  for (const engine of nodes) {
    await until('all are on it', async () => (await shown(engine))?.members === MEMBERS);
    const page = await shown(engine);
    t.same(
      page?.entries.map(({ rank, owner }) => [rank, owner]),
      should,
    );
    t.match(page?.asOf, /^0:\d+,1:\d+,2:\d+,3:\d+$/);
    const told: unknown[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
      const part = await engine.leaderboard({ board: 'run', limit: 5, cursor });
      if (isRefusal(part)) throw new Error(part.code);
      told.push(...part.entries.map(({ rank, owner }) => [rank, owner]));
      cursor = part.cursor;
      if (cursor === undefined) break;
    }
    t.same(told, should, 'page by page');
    for (const at of [0, 7, MEMBERS - 1]) {
      const [rank, owner] = should[at] as [number, string];
      const found = await engine.standing({ board: 'run', owner, around: 3 });
      if (isRefusal(found)) throw new Error(found.code);
      t.equal(found.rank, rank);
      const near = found.around.map((one) => [one.rank, one.owner]);
      t.same(near, should.slice(Math.max(0, at - 3), at + 4));
    }
  }
  const aliases = await Promise.all(
    nodes.map((engine) => engine.leaderboard({ board: 'run', alias: true })),
  );
  t.same(...(aliases.map((one) => !isRefusal(one) && one.entries) as [unknown, unknown]));
  clock[0] = 61_000;
  await Promise.all(nodes.map((engine) => engine.acceptClock()));
  for (const engine of nodes)
    await until('it is paid', async () => (await shown(engine))?.state === 'paid');
  t.match((await shown(a))?.frozen, { winners: 3, paid: 3, points: 300 });
  await sleep(1_500);
  for (const [, owner] of should.slice(0, 4) as [number, string][]) {
    const found = await b.balance(owner);
    const prize = should.findIndex(([, one]) => one === owner) < 3 ? 100 : 0;
    t.match(found, [{ available: scores.find(([one]) => one === owner)![1] + prize }], owner);
  }
  await cluster.verify(t);
});
