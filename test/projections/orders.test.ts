// Orders beside the shards: listed by what is asked for, made anew from the logs alike; what is not paid in time ends; and stock that falls below a step
// is said.

import { join } from 'node:path';
import t from 'tap';
import {
  type Command,
  type Engine,
  isRefusal,
  type OrderPage,
  type OrderQuery,
  open,
  rebuildProjections,
  verifyFolder,
} from '../../engine/index.js';
import { levelOf } from '../../engine/projections/levels.js';
import { ASSET } from '../programme/earning-world.js';
import { withMall } from '../programme/mall-kill-child.js';
import { PIECE } from '../programme/mall-world.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const GOODS = { programme: 'club', price: 10, delivery: 'physical', stockAsset: PIECE };
const HOUR_MS = 3_600_000;
/** How far the clock is set on: beyond the time from which definitions decide, and to which an order is held. All of it is less than a jump may be. */
const [LEAD_MS, PAID_IN_MS] = [11_000, 20_000];

const page = async (engine: Engine, query: Partial<OrderQuery> = {}): Promise<OrderPage> => {
  const found = await engine.orders({ programme: 'club', ...query });
  if (isRefusal(found)) throw new Error(found.code);
  return found;
};

t.test('listed, ended in time, and how far stock has fallen', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const engine = await withMall(folder, 5, clockOffset);
  const put = async (kind: string, key: string, document: object): Promise<void> => {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
    const outcome = await engine.submit(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
  };
  await put('programme', 'club', { asset: ASSET, zone: 'UTC' });
  await put('pricing', 'club', { stockFactors: [{ under: 10, percent: 120 }] });
  await put('goods', 'pot', { ...GOODS, payInMs: HOUR_MS });
  await put('goods', 'lid', { ...GOODS, price: 7 });
  for (const goods of ['pot', 'lid']) {
    const legs = [{ from: '@issue', to: `#item:${goods}`, asset: PIECE, amount: 20 }] as const;
    await engine.own.submit({ type: 'transfer', id: `in-${goods}`, legs });
  }
  clock[0] = (clock[0] as number) + LEAD_MS;
  const act = async (name: string, owner: string, body: object, id: string) => {
    const said = { type: 'act', act: name, owner, id, body } as unknown as Command;
    const outcome = await until(`${name} of ${owner} is decided`, async () => {
      const one = await engine.submit(said);
      return (one.ok || !one.retry) && one;
    });
    if (!outcome.ok) throw new Error(`${name}: ${outcome.code}`);
    return outcome;
  };
  const numberIn = (made: Awaited<ReturnType<typeof act>>): string =>
    String(made.act?.effects[0]?.['number']);
  const numbers: string[] = [];
  for (let n = 0; n < 9; n++) {
    const body = { goods: n % 3 === 0 ? 'lid' : 'pot' };
    numbers.push(numberIn(await act('order', `m${n % 4}`, body, `o${n}`)));
  }
  await until('all are listed', async () => (await page(engine)).orders.length === 9);
  const all = await page(engine);
  t.strictSame(new Set(all.orders.map(({ number }) => number)), new Set(numbers));
  t.ok(all.orders.every(({ at }, i) => i === 0 || at <= (all.orders[i - 1]?.at as number)));
  t.equal(all.cursor, undefined);
  const paged: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 20; pages++) {
    const one = await page(engine, { limit: 2, cursor });
    paged.push(...one.orders.map(({ number }) => number));
    cursor = one.cursor;
    if (cursor === undefined) break;
  }
  t.strictSame(
    paged,
    all.orders.map(({ number }) => number),
    'page by page they are the same',
  );
  t.equal((await page(engine, { goods: 'lid' })).orders.length, 3);
  t.equal((await page(engine, { owner: 'm1' })).orders.length, 2);
  t.equal((await page(engine, { owner: 'm1', goods: 'lid' })).orders.length, 0);
  t.strictSame(
    (await page(engine, { number: numbers[3] })).orders.map(({ owner }) => owner),
    ['m3'],
  );
  t.equal((await page(engine, { number: '0123456789ABCDEF' })).orders.length, 0);
  const [newest] = all.orders;
  t.equal((await page(engine, { from: (newest?.at as number) + 1 })).orders.length, 0);
  t.equal((await page(engine, { to: (newest?.at as number) + 1 })).orders.length, 9);
  t.match(await engine.orders({ programme: 'none' }), { code: 'DEFINITION_NOT_FOUND' });
  t.match(await engine.orders({ programme: 'shop' }), { orders: [] });
  t.match(await engine.orders({ programme: 'club', cursor: 'x' }), { code: 'CURSOR_INVALID' });
  const others = engine.as({ operations: new Set(['read']), assets: new Set(['gold']) });
  t.match(await others.orders({ programme: 'club' }), { code: 'ASSET_FORBIDDEN' });
  const member = engine.as({ operations: new Set(['read']), owner: 'm1' });
  t.match(await member.orders({ programme: 'club' }), { code: 'OWNER_FORBIDDEN' });
  t.match(await member.orders({ programme: 'club', owner: 'm1' }), { ok: true });
  // What becomes of them.
  const [first = '', second = ''] = [numbers[0], numbers[1]];
  await act('order-cancel', 'm0', { number: first }, 'x0');
  await act('order-ship', 'm1', { number: second, quantity: 1 }, 's1');
  await act('order-complete', 'm1', { number: second }, 'c1');
  const states = async (state: 'cancelled' | 'completed' | 'held'): Promise<string[]> =>
    (await page(engine, { state })).orders.map(({ number }) => number);
  await until('the cancelled one is', async () => (await states('cancelled')).includes(first));
  await until('the completed one is', async () => (await states('completed')).includes(second));
  // Held, and not paid in time.
  const time = Date.now() + (clock[0] as number) + PAID_IN_MS;
  const held: string[] = [];
  for (let n = 0; n < 3; n++)
    held.push(numberIn(await act('order', `m${n}`, { goods: 'pot', until: time }, `h${n}`)));
  await act('order-confirm', 'm1', { number: held[1] as string }, 'k1');
  await until('two are held', async () => (await states('held')).length === 2);
  clock[0] = (clock[0] as number) + PAID_IN_MS + 1_000;
  await until('both have ended', async () => (await states('held')).length === 0);
  await until('they are cancelled', async () => (await states('cancelled')).length === 3);
  t.notOk((await states('cancelled')).includes(held[1] as string), 'what was paid has not');
  const left = async (): Promise<number> => {
    const pool = await engine.own.pool('#item:pot', PIECE);
    return isRefusal(pool) ? -1 : pool.available + pool.lent;
  };
  // 6 pots, one of those that were held.
  await until('their pieces are back', async () => (await left()) === 20 - 6 - 1);
  // Stock falls below ten: it is said, and counts.
  const level = async () => {
    const found = await engine.definition('stock-level', 'pot');
    return found === undefined || isRefusal(found) ? undefined : found.versions.at(-1);
  };
  t.equal(await level(), undefined);
  await act('order', 'm3', { goods: 'pot', quantity: 4 }, 'big');
  await until('the level is said', async () => (await level())?.document?.['under'] === 10);
  clock[0] = (clock[0] as number) + LEAD_MS;
  await until('the price is another one', async () => {
    const said = { type: 'act', act: 'order-quote', owner: 'm2', body: { goods: 'pot' } } as const;
    const outcome = await engine.submit(said, { dryRun: true });
    return outcome.ok && outcome.act?.effects[0]?.['price'] === 12;
  });
  const legs = [{ from: '@issue', to: '#item:pot', asset: PIECE, amount: 10 }] as const;
  await engine.own.submit({ type: 'transfer', id: 'more', legs });
  await until('the level is retired', async () => (await level())?.state === 'retired');
  const before = await page(engine, { limit: 200 });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
  // Thrown away and made anew, they are the same.
  await rebuildProjections(folder);
  const again = await open({ folder });
  await until('they are there again', async () => {
    const found = await again.orders({ programme: 'club', limit: 200 });
    return !isRefusal(found) && found.orders.length === before.orders.length && found;
  }).then(({ orders }) => t.strictSame(orders, before.orders));
  await again.close();
});

t.test('a level is said up again only where the stock is above its step by a tenth', async (t) => {
  const steps = [
    { under: 10, percent: 120 },
    { under: 50, percent: 110 },
  ];
  const how = { document: { stockFactors: steps } } as never;
  for (const [left, had, is] of [
    [100, undefined, undefined],
    [49, undefined, 50],
    [9, undefined, 10],
    [9, 50, 10],
    [10, 10, 10],
    [11, 10, 50],
    [50, 50, 50],
    [54, 50, 50],
    [55, 50, undefined],
    [100, 10, undefined],
    // A step that is no more.
    [100, 20, undefined],
    [15, 20, 50],
  ] as const)
    t.equal(levelOf(how, left, had), is, `${left} left, ${had} said`);
  t.equal(levelOf({ document: {} } as never, 3, 10), undefined, 'there are no steps any more');
});
