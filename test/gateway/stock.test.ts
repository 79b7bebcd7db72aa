// The stock of goods over HTTP: taken out while orders rush and shards have lent pieces; few pieces are told; codes are withdrawn.

import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type Outcome, verifyFolder } from '../../engine/index.js';
import { RECALL_MS } from '../../engine/limits.js';
import { connect } from '../../gateway/client/node.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { linesOf } from './harness.js';
import { type Shop, shop } from './shop.js';

const SHARDS = 3;
const OWNERS = Array.from({ length: 24 }, (_, n) => `m${n}`);
const GOODS = [
  ['goods/tea', { programme: 'shop', price: 1, delivery: 'physical', stockAsset: 'piece' }],
  ['goods/book', { programme: 'shop', price: 1, delivery: 'code', stockAsset: 'piece' }],
] as const;
const STOCK = '/v1/goods/tea/stock';

async function mall(t: Test): Promise<Shop> {
  const of = await shop(t, GOODS, SHARDS);
  await of.ask('PUT /v1/assets/piece', { scale: 0 });
  for (const to of OWNERS)
    await of.ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to, asset: 'points', amount: 10_000 }],
    });
  return of;
}

/** The events of all shards that are not of orders, by type and subject. */
async function toldOf({ ask }: Shop): Promise<string[]> {
  const told: string[] = [];
  for (let shard = 0; shard < SHARDS; shard++)
    for (const { events = [] } of linesOf((await ask(`GET /v1/shards/${shard}/log`)).text))
      for (const { type, subject, owner, data } of events)
        if (!type.startsWith('exchange.')) told.push(`${type} ${subject} ${owner} ${data.left}`);
  return told;
}

const rushes = campaign({ name: 'stock taken out under a rush', long: 100, sample: 1 });

async function takenOut(t: Test, of: Shop): Promise<void> {
  const { ask, server } = of;
  const { engine } = server;
  let [sold, taken, added] = [0, 0, 0];
  await rushes.run(async (seed) => {
    const random = new Random(seed);
    const pieces = 6_000;
    await ask(`POST ${STOCK}`, { pieces, reason: 'in' });
    added += pieces;
    const isLent = async (): Promise<boolean> => (await ask(`GET ${STOCK}`)).body.lent > 500;
    let isOver = false;
    t.teardown(() => {
      isOver = true;
    });
    const rush = OWNERS.map(async (owner, i) => {
      for (let n = 0; !isOver; n++) {
        const id = `s${seed}-${i}-${n}`;
        const body = { goods: 'tea', quantity: 1 + (n % 2) };
        const outcome: Outcome = await engine.submit({
          type: 'act',
          act: 'order',
          owner,
          id,
          body,
        });
        if (outcome.ok) sold += body.quantity;
        await pause(random.int(30));
      }
    });
    await until('pieces are lent', isLent);
    // More than lies on the shard of the stock.
    const { available, held, lent } = (await ask(`GET ${STOCK}`)).body;
    const asked = [Math.floor((available + held) * 0.8), 40, 1_000_000];
    const answers = await Promise.all(
      asked.map((some, n) =>
        ask(`POST ${STOCK}`, { id: `t${seed}-${n}`, pieces: -some, reason: 'broken' }),
      ),
    );
    answers.forEach(({ status, text, body }, n) => {
      if (status === 201) taken += asked[n]!;
      else t.match(body, { status: 422, code: 'POINTS_SHORT' }, text);
    });
    t.equal(answers[0]?.status, 201, String(answers[0]?.text));
    isOver = true;
    await Promise.all(rush);
    // Repeats take nothing more.
    await Promise.all(
      asked.map(async (some, n) => {
        if (answers[n]?.status !== 201) return;
        const repeat = { id: `t${seed}-${n}`, pieces: -some, reason: 'broken' };
        t.match(await ask(`POST ${STOCK}`, repeat), { status: 200, body: { replayed: true } });
      }),
    );
    await until('nothing is under way', async () => (await ask(`GET ${STOCK}`)).body.held === 0);
    const after = (await ask(`GET ${STOCK}`)).body;
    t.match(after, { available: added - sold - taken, funded: added, paid: sold + taken });
    t.comment(`seed ${seed}: ${sold} sold, ${taken} of ${added} taken out, ${lent} were lent`);
  });
}

async function calledBack(t: Test, of: Shop): Promise<void> {
  const { ask, server, key } = of;
  const { engine } = server;
  // What was called back before is over.
  of.later(RECALL_MS);
  await ask(`POST ${STOCK}`, { pieces: 100_000, reason: 'in' });
  const order = (n: number) => {
    const owner = OWNERS[n % OWNERS.length]!;
    return engine.submit({ type: 'act', act: 'order', owner, body: { goods: 'tea' } });
  };
  await until('pieces are lent', async () => {
    await Promise.all(OWNERS.map((_, n) => order(n)));
    return (await ask(`GET ${STOCK}`)).body.lent > 0;
  });
  // Held by an order that is not decided, it cannot be taken out: as if by a rush.
  const recall = { type: 'act', act: 'stock-recall', owner: '#item:tea' } as const;
  const body = { asset: 'piece', pieces: 99_000 };
  t.ok((await engine.own.submit({ ...recall, id: 'r', body })).ok);
  t.match((await ask(`GET ${STOCK}`)).body, { recalled: { pieces: 99_000, since: Number } });
  const taken = await ask(`POST ${STOCK}`, { pieces: -99_000, reason: 'recalled' });
  t.equal(taken.status, 201, taken.text);
  const after = (await ask(`GET ${STOCK}`)).body;
  t.match(after, { lent: 0, recalled: undefined });
  t.ok((await engine.own.submit({ ...recall, id: 's', body: { ...body, pieces: 1 } })).ok);
  await Promise.all(Array.from({ length: 100 }, (_, n) => order(n)));
  t.equal((await ask(`GET ${STOCK}`)).body.lent, 0, 'sold, and not lent');
  of.later(RECALL_MS);
  await until('it lends again', async () => {
    await Promise.all(OWNERS.map((_, n) => order(n)));
    return (await ask(`GET ${STOCK}`)).body.lent > 0;
  });
  t.equal((await ask(`GET ${STOCK}`)).body.recalled, undefined);
  const client = connect({ url: server.address, key });
  t.match(await client.mall.stock('tea'), { low: false, lowStock: 0 });
  client.close();
}

async function fewAreTold(t: Test, of: Shop): Promise<void> {
  const { ask, server, key } = of;
  const client = connect({ url: server.address, key });
  const codes = Array.from({ length: 20 }, (_, n) => `CODE-${n}`);
  const gauge = async (): Promise<string | undefined> =>
    /^jifen_low_stock_pieces\{goods="book"\} (\d+)$/m.exec((await ask('GET /metrics')).text)?.[1];
  t.same(await toldOf(of), [], 'their first codes may be on their way');
  await client.digital.upload('book', codes.slice(0, 1));
  await until('it is told', async () => (await toldOf(of)).length > 0);
  t.same(await toldOf(of), ['stock.low book #item:book 1']);
  await client.digital.upload('book', codes.slice(0, 3));
  await until('it is counted', async () => (await gauge()) === '3');
  t.match(await client.digital.count('book'), { free: 3, low: true, lowStock: 10 });
  t.match((await ask('GET /v1/goods/book/stock')).body, { low: true, lowStock: 10 });
  await ask('POST /v1/orders', { owner: 'm1', goods: 'book' });
  await until('it is counted', async () => (await gauge()) === '2');
  await client.digital.upload('book', codes);
  await until('there are enough again', async () => (await toldOf(of)).length > 1);
  t.equal((await toldOf(of))[1], 'stock.enough book #item:book 19');
  t.equal(await gauge(), undefined);
  t.match(await client.digital.count('book'), { free: 19, low: false });
  // Whoever looks at goods as a member is not told from when on there are few.
  t.notMatch((await ask('GET /v1/goods/book')).text, /lowStock/);
  const reason = 'the partner has cancelled them';
  const some = [...codes.slice(0, 12), 'NEVER'];
  const first = await client.digital.withdraw('book', { codes: some, reason });
  t.match(first, { withdrawn: 11, before: 0, given: 1, unknown: 1 });
  const again = await client.digital.withdraw('book', { codes: some, reason });
  t.match(again, { withdrawn: 0, before: 11, given: 1, unknown: 1 });
  t.match(await client.digital.upload('book', codes), { added: 0, known: 20 });
  t.match(await client.digital.count('book'), { free: 8, given: 1, withdrawn: 11, low: true });
  await until('that is told, too', async () => (await toldOf(of)).length > 2);
  // Goods that are not on offer any more have codes all the same.
  t.equal((await ask('PUT /v1/definitions/goods/book', { state: 'retired' })).status, 200);
  of.later(11_000);
  const last = await client.digital.withdraw('book', { codes: 'all', reason });
  t.match(last, { withdrawn: 8, given: 0, before: 0 });
  t.match(await client.digital.count('book'), { free: 0, given: 1, withdrawn: 19 });
  t.equal((await ask('POST /v1/orders', { owner: 'm2', goods: 'book' })).status, 404);
  const rows: readonly (readonly [string, unknown, number, string?])[] = [
    ['book', { codes: ['A'] }, 400, 'reason'],
    ['book', { codes: ['A'], reason: '' }, 400, 'reason'],
    ['book', { codes: ['A'], reason: 'x'.repeat(300) }, 400, 'reason'],
    ['book', { codes: ['A'], reason: '字'.repeat(100) }, 400, 'reason'],
    ['book', { codes: ['A'], reason: '\ud800' }, 400, 'reason'],
    ['book', { reason }, 400, 'codes'],
    ['book', { codes: ['A'], all: true, reason }, 400, 'all'],
    ['book', { codes: 'some', reason }, 400, 'codes'],
    ['book', { codes: [], reason }, 400, 'codes'],
    ['book', { codes: ['é'.repeat(101)], reason }, 400, 'codes[0]'],
    ['book', { codes: [7], reason }, 400, 'codes'],
    ['tea', { codes: ['A'], reason }, 422, 'goods'],
    ['none', { codes: ['A'], reason }, 404, 'goods'],
  ];
  for (const [goods, body, status, field] of rows) {
    const answer = await ask(`POST /v1/goods/${goods}/codes/withdraw`, body);
    t.match(answer, { status, body: { field } }, JSON.stringify(body).slice(0, 60) + answer.text);
  }
  // Who has withdrawn them, and why, is in the audit trail; no code is.
  const trail = (await ask('GET /v1/audit?limit=500')).text;
  t.match(trail, /code-withdraw/);
  t.notMatch(trail, /CODE-1/);
  client.close();
}

t.test('stock and codes', async (t) => {
  const of = await mall(t);
  await t.test('what is lent is called back, and all of it is taken out, or nothing', (t) =>
    takenOut(t, of),
  );
  await t.test('what is called back is said, and nothing is lent meanwhile', (t) =>
    calledBack(t, of),
  );
  await t.test('few are told, shown and counted; those that nobody has are withdrawn', (t) =>
    fewAreTold(t, of),
  );
  await of.server.close();
  t.same((await verifyFolder(of.folder)).problems, []);
});
