// Many callers on a budget of too few points, over real nodes that are killed and frozen meanwhile: exactly what the budget has is issued, and
// nobody is refused for good before.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { Client } from './client.js';
import { fault } from './faults.js';
import { Nodes } from './nodes.js';
import { Rush } from './rush.js';
import { stripeFaults, totalsOf, verifyFaults } from './totals.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const [CALLERS, POINTS] = IS_LONG ? [10_000, 1_000] : [800, 150];
const ASSET = 'coin';
const BUDGET = `/v1/budgets/spring/assets/${ASSET}`;

const runs = campaign({ name: 'a budget under kills', long: 5, sample: 1 });

t.test('as many are issued as there are, and nobody is refused for good before', async (t) => {
  for (const seed of runs.seeds)
    await t.test(`seed ${seed}`, async (t) => {
      const nodes = await Nodes.start(t, { nodes: 2, shards: 4 });
      const clients = nodes.all.map((node) => new Client(node, 3_000));
      t.teardown(() => clients.forEach((client) => void client.close()));
      await programme(clients[0] as Client);
      const claims = new Rush(clients, new Random(seed + 1), {
        callers: CALLERS,
        call: '/v1/acts/claim',
        body: (owner) => ({ owner, id: 'c', body: { offer: 'spring' } }),
        over: 'BUDGET_EXHAUSTED',
      });
      let isOver = false;
      const asking = claims.all().finally(() => {
        isOver = true;
      });
      const random = new Random(seed);
      for (let n = 0; !isOver && n < (IS_LONG ? 40 : 3); n++) {
        await Promise.race([asking, sleep(100 + random.int(200))]);
        t.comment(await fault(nodes, random));
      }
      await asking;
      t.equal(claims.posted, POINTS, 'issued');
      t.equal(claims.refused, CALLERS - POINTS, 'refused for good');
      t.equal(claims.late, 0, 'issued after somebody was refused for good');
      t.comment(`${claims.repeats} asked again: ${[...claims.codes].join(', ')}`);
      t.ok((await nodes.settled(10_000)) < 10_000, 'nothing stays open');
      for (const client of clients)
        t.match((await client.ask(`GET ${BUDGET}`)).body, {
          available: 0,
          held: 0,
          lent: 0,
          funded: POINTS,
          paid: POINTS,
        });
      t.same(await nodes.stop(), []);
      const folders = nodes.all.map(({ folder }) => folder);
      t.same(await verifyFaults(folders), []);
      const totals = await totalsOf(folders, nodes.shards);
      t.equal(totals.sums.get(ASSET), 0);
      t.same(stripeFaults(totals), []);
    });
});

/** An offer that each member may claim once, and its budget. */
async function programme(client: Client): Promise<void> {
  const said = async (call: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await client.ask(call, body);
    if (status >= 300) throw new Error(`${call}: ${JSON.stringify(answer)}`);
  };
  await said(`PUT /v1/assets/${ASSET}`, { scale: 0 });
  const document = { points: 1, asset: ASSET, budget: '#budget:spring' };
  await said('PUT /v1/definitions/offer/spring', { state: 'active', document });
  await said(`POST ${BUDGET}/fund`, { id: 'f', amount: POINTS });
  const owners = Array.from({ length: 16 }, (_, n) => `try${n}`);
  await until('every shard decides', async () => {
    const tries = owners.map((owner) =>
      client.ask('POST /v1/acts/claim?dryRun=true', { owner, body: { offer: 'spring' } }),
    );
    return (await Promise.all(tries)).every(({ status }) => status === 200);
  });
}
