// A lottery whose processes are killed, on one node and on two, while members draw and cheat: as `jifen draw verify` says, each draw is the one of its
// seed, number and word; nobody has another try, another word, or more than there is.

import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { DrawSeed, ToldDraw } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { Client } from './client.js';
import { Drawers } from './drawers.js';
import * as lottery from './lottery.js';
import { type Node, Nodes } from './nodes.js';
import { saidBefore } from './said-before.js';
import { stripeFaults, totalsOf, verifyFaults } from './totals.js';

const { ASSET, BIG, COST, FUNDS, LOTTERY, MEMBERS, THINGS } = lottery;
const SHARDS = 4;
const IS_LONG = process.env['JIFEN_LONG'] === '1';
const HEALED_MS = 30_000;
const WAIT_MS = 60_000;
const PAGE = 200;
/** So many are told between two kills. */
const BETWEEN = 40;
const LOOK_MS = 250;

const runs = campaign({ name: 'draws under kills', long: 6, sample: 1 });

type Told = ToldDraw & { readonly draw: string; readonly amount: number };

for (const [count, kills] of [
  [1, IS_LONG ? 25 : 1],
  [2, IS_LONG ? 25 : 2],
] as const)
  t.test(count === 1 ? 'one node' : 'two nodes', async (t) => {
    for (const seed of runs.seeds)
      await t.test(`seed ${seed}: to repeat: ${runs.repeat(seed)}`, (t) =>
        course(t, count, kills, new Random(seed)),
      );
  });

async function course(t: Test, count: number, kills: number, random: Random): Promise<void> {
  const nodes = await Nodes.start(t, {
    ...{ nodes: count, shards: SHARDS },
    making: (folder, here) => saidBefore(folder, SHARDS, here, lottery.lotteryOf(SHARDS)),
  });
  const client = new Client(nodes.all[0] as Node);
  t.teardown(() => client.close());
  await begin(client);
  const drawers = new Drawers(nodes, random);
  t.teardown(() => drawers.close());
  const drawing = drawers.run();
  const enough = (count: number): Promise<true> =>
    until(
      'more is drawn',
      async () => drawers.told.size >= count || sleep(LOOK_MS, false),
      WAIT_MS,
    );
  for (let n = 0; n < kills; n++) {
    await enough((n + 1) * BETWEEN);
    // Who has just lost would like the draw not to have been.
    const owner = await Promise.race([
      drawers.nextLoss(),
      sleep(2_000 + random.int(2_000), random.pick(MEMBERS)),
    ]);
    if (random.chance(0.5)) await sleep(random.int(600));
    const node = nodes.nodeOf(nodes.shardOf(owner));
    await node.kill();
    await sleep(random.int(400));
    await node.start();
  }
  await enough((kills + 1) * BETWEEN);
  drawers.finish();
  await drawing;
  t.ok((await nodes.settled(HEALED_MS)) < HEALED_MS, 'nothing stays open');
  t.same(drawers.wrong, []);

  const draws = await logged(nodes);
  const isShort = draws.filter(({ soldOut }) => soldOut !== undefined).length;
  t.comment(`${draws.length} draws, ${isShort} short, ${JSON.stringify(drawers.tried)}`);
  const ids = draws.map(({ owner, draw }) => `${owner} ${draw}`);
  t.equal(new Set(ids).size, ids.length, 'no draw has two outcomes');
  t.same(ids.toSorted(), [...drawers.told.keys()].toSorted(), 'what was told is in the log');
  for (const draw of draws) {
    const [[told], why] = JSON.parse(
      drawers.told.get(`${draw.owner} ${draw.draw}`)?.text ?? '[[]]',
    );
    t.strictSame(
      [told?.number, told?.prize, why?.roll, why?.word, why?.hash, why?.soldOut],
      [draw.number, draw.prize, draw.roll, draw.word, draw.seed.hash, draw.soldOut],
      `${draw.owner} ${draw.draw}`,
    );
  }
  await stock(t, nodes, client, draws);
  t.same(await nodes.stop(), []);
  const folders = nodes.all.map(({ folder }) => folder);
  const totals = await totalsOf(folders, SHARDS);
  t.equal(totals.sums.get(ASSET), 0);
  t.same(stripeFaults(totals), []);
  const won = (key: string) => draws.filter(({ prize }) => prize === key).length;
  t.equal(lottery.thingsLeft(totals.accounts, SHARDS), THINGS - won('thing'), 'things');
  const seeds: DrawSeed[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const { folder } = nodes.nodeOf(shard);
    const here = [...Array(SHARDS).keys()].filter((one) => nodes.nodeOf(one).folder === folder);
    seeds.push(...(await lottery.seedsLater(folder, shard, SHARDS, here)));
  }
  t.same(await lottery.wrongDraws(draws, seeds), [], 'each follows from seed, number and word');
  t.same(
    MEMBERS.flatMap((name) => lottery.wrongOfMember(draws.filter(({ owner }) => owner === name))),
    [],
  );
  t.same(await verifyFaults(folders), []);
}

/** Members have points, the budget has its own, and every shard draws. */
async function begin(client: Client): Promise<void> {
  const said = async (call: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await client.ask(call, body);
    if (status >= 300) throw new Error(`${call}: ${JSON.stringify(answer)}`);
  };
  const { budget, funded } = BIG;
  await until('points can be given', async () => {
    const { status } = await client.ask(`PUT /v1/assets/${ASSET}`, { scale: 0 });
    return status === 200;
  });
  await said(`POST /v1/budgets/${budget}/assets/${ASSET}/fund`, { id: 'f', amount: funded });
  for (const to of MEMBERS)
    await said('POST /v1/transfers', {
      ...{ id: 'funds', legs: [{ from: '@issue', to, asset: ASSET, amount: FUNDS }] },
    });
  // Nobody who looks whether it is open commits to a word that counts: the probes are no members.
  const probes = Array.from({ length: 4 * SHARDS }, (_, n) => `probe${n}`);
  const isOpen = async (owner: string): Promise<boolean> => {
    const { status } = await client.ask(`POST /v1/lotteries/${LOTTERY}/words`, {
      ...{ owner, word: 'w' },
    });
    return status === 200 || status === 201;
  };
  await until(
    'every shard draws',
    async () => {
      for (const probe of probes) if (!(await isOpen(probe))) return sleep(LOOK_MS, false);
      return true;
    },
    WAIT_MS,
  );
}

/** All draws of all members, by the log, as one node tells them, and the other one, too. */
async function logged(nodes: Nodes): Promise<Told[]> {
  const told = await Promise.all(
    nodes.all.map(async (node) => {
      const client = new Client(node);
      const all: Told[] = [];
      for (const owner of MEMBERS)
        for (let cursor = ''; ; ) {
          const path = `/v1/members/${owner}/draws?lottery=${LOTTERY}&limit=${PAGE}${cursor}`;
          const { status, body } = await client.ask(`GET ${path}`);
          if (status !== 200) throw new Error(JSON.stringify(body));
          all.push(...body.draws);
          if (body.cursor === undefined) break;
          cursor = `&cursor=${encodeURIComponent(body.cursor)}`;
        }
      client.close();
      return all;
    }),
  );
  const [first = [], ...others] = told;
  for (const other of others)
    if (JSON.stringify(other) !== JSON.stringify(first)) throw new Error('nodes tell other draws');
  return first;
}

/** Stock is exact, and each member has what was paid and won. */
async function stock(t: Test, nodes: Nodes, client: Client, draws: readonly Told[]): Promise<void> {
  const big = draws.filter(({ prize }) => prize === 'big').length;
  const paid = big * BIG.points;
  const { body } = await client.ask(`GET /v1/budgets/${BIG.budget}/assets/${ASSET}`);
  t.match(body, { funded: BIG.funded, paid, available: BIG.funded - paid, held: 0 });
  t.ok(big <= BIG.funded / BIG.points, `${big} have won the best prize`);
  for (const owner of MEMBERS) {
    const mine = draws.filter((one) => one.owner === owner);
    const won = mine.reduce((sum, { amount }) => sum + amount, 0);
    const { body: has } = await client.ask(`GET /v1/accounts/${owner}`);
    const of = `${owner} on shard ${nodes.shardOf(owner)}`;
    t.match(has.accounts[0], { available: FUNDS - COST * mine.length + won, held: 0 }, of);
  }
}
