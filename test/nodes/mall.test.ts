// A rush for one hot good over two nodes that are killed and frozen, and cut off from each other meanwhile: as many orders as there are pieces, every
// point and every piece accounted for, and nobody is told that it is sold out before it is.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { Client } from './client.js';
import { fault } from './faults.js';
import { type Node, Nodes } from './nodes.js';
import { Rush } from './rush.js';
import { stripeFaults, totalsOf, verifyFaults } from './totals.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const [CALLERS, PIECES] = IS_LONG ? [100_000, 10_000] : [400, 80];
const PRICE = 100;
const HAS = 150;
const AT_ONCE = 500;

const runs = campaign({ name: 'a rush under kills', long: 1, sample: 1 });

t.test(
  'as many orders as there are pieces, and every point and piece is where it should be',
  async (t) => {
    for (const seed of runs.seeds)
      await t.test(`seed ${seed}`, async (t) => {
        const nodes = await Nodes.start(t, { nodes: 2, shards: 4 });
        const [one, other] = nodes.all as [Node, Node];
        await other.kill();
        copyFileSync(join(one.folder, 'secrets.key'), join(other.folder, 'secrets.key'));
        await other.start();
        const clients = nodes.all.map((node) => new Client(node, 3_000));
        t.teardown(() => clients.forEach((client) => void client.close()));
        await open(clients[0] as Client);
        const rush = new Rush(clients, new Random(seed + 1), {
          callers: CALLERS,
          call: '/v1/orders',
          body: (owner) => ({ owner, id: 'o', goods: 'hot' }),
          over: 'SOLD_OUT',
        });
        let isOver = false;
        const asking = rush.all().finally(() => {
          isOver = true;
        });
        const random = new Random(seed);
        for (let n = 0; !isOver && n < (IS_LONG ? 60 : 3); n++) {
          await Promise.race([asking, sleep(100 + random.int(200))]);
          t.comment(await fault(nodes, random));
        }
        await asking;
        t.equal(rush.posted, PIECES, 'orders');
        t.equal(rush.refused, CALLERS - PIECES, 'told that it is sold out');
        t.equal(rush.late, 0, 'ordered after somebody was told that it is sold out');
        t.comment(`${rush.repeats} asked again: ${[...rush.codes].join(', ')}`);
        t.ok((await nodes.settled(20_000)) < 20_000, 'nothing stays open');
        for (const client of clients)
          t.match(await stockAt(client), {
            ...{ available: 0, held: 0, lent: 0, funded: PIECES, paid: PIECES },
          });
        t.equal(await buyers(clients[0] as Client), PIECES, 'members who have paid, once each');
        t.same(await nodes.stop(), []);
        const folders = nodes.all.map(({ folder }) => folder);
        t.same(await verifyFaults(folders), []);
        const totals = await totalsOf(folders, nodes.shards);
        t.equal(totals.sums.get('coin'), 0);
        t.equal(totals.sums.get('piece'), 0);
        // Out of the logs alone, whatever was answered.
        t.equal(totals.accounts.get('@redeem piece'), PIECES, 'pieces that went');
        t.equal(totals.accounts.get('@redeem coin'), PIECES * PRICE, 'points that were paid');
        const lent = [...totals.accounts].filter(([key, has]) => key.startsWith('#') && has !== 0);
        t.same(lent, [], 'what was lent is home, and all of it gone');
        t.same(stripeFaults(totals), []);
      });
  },
);

const member = (_: unknown, n: number): string => `m${n}`;

/** Goods with so many pieces, and callers with points for one of them. */
async function open(client: Client): Promise<void> {
  const said = async (call: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await client.ask(call, body, 30_000);
    if (status >= 300) throw new Error(`${call}: ${JSON.stringify(answer)}`);
  };
  for (const asset of ['coin', 'piece']) await said(`PUT /v1/assets/${asset}`, { scale: 0 });
  const active = (document: object) => ({ state: 'active', document });
  await said('PUT /v1/definitions/programme/club', active({ asset: 'coin', zone: 'UTC' }));
  const hot = { programme: 'club', price: PRICE, delivery: 'physical', stockAsset: 'piece' };
  await said('PUT /v1/definitions/goods/hot', active(hot));
  await said('POST /v1/goods/hot/stock', { id: 'in', pieces: PIECES, reason: 'rush' });
  for (let first = 0; first < CALLERS; first += AT_ONCE) {
    const owners = Array.from({ length: Math.min(AT_ONCE, CALLERS - first) }, (_, n) =>
      member(_, first + n),
    );
    const given = owners.map((to) => ({
      id: `g-${to}`,
      legs: [{ from: '@issue', to, asset: 'coin', amount: HAS }],
    }));
    const { body } = await client.ask('POST /v1/transfers', given, 30_000);
    if (body.some(({ status }: { status: number }) => status >= 300))
      throw new Error(JSON.stringify(body.slice(0, 3)));
  }
  const owners = Array.from({ length: 16 }, member);
  await until('every shard decides', async () => {
    const tries = owners.map((owner) => client.ask('POST /v1/quotes', { owner, goods: 'hot' }));
    return (await Promise.all(tries)).every(({ status }) => status === 200);
  });
}

/** What is left of the goods, as soon as all nodes say it. */
const stockAt = (client: Client): Promise<unknown> =>
  until('the stock is told', async () => {
    const { status, body } = await client.ask('GET /v1/goods/hot/stock');
    return status === 200 && body;
  });

/** How many have paid for a piece; nobody has paid anything else. */
async function buyers(client: Client): Promise<number> {
  let count = 0;
  for (let first = 0; first < CALLERS; first += AT_ONCE) {
    const owners = Array.from({ length: Math.min(AT_ONCE, CALLERS - first) }, (_, n) =>
      member(_, first + n),
    );
    const { body } = await client.ask('POST /v1/balances', { owners, asset: 'coin' }, 30_000);
    for (const { owner, accounts } of body.balances) {
      const [{ available, held }] = accounts;
      const hasPaid = available === HAS - PRICE;
      if (held !== 0 || !(hasPaid || available === HAS))
        throw new Error(`${owner} has ${available}, and ${held} held`);
      if (hasPaid) count++;
    }
  }
  return count;
}
