// Codes of goods and gift cards over HTTP: uploaded, ordered, shown to who may see them; and in no file as they are.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { connect } from '../../gateway/client/node.js';
import { temporaryFolder } from '../temporary.js';
import { caller, operator } from './callers.js';
import { bare } from './harness.js';
import { shop } from './shop.js';

const BOOK = { programme: 'shop', price: 100, delivery: 'code', stockAsset: 'piece' };
const GIFT = { programme: 'shop', price: 50, delivery: 'card', cardAmount: 40, cardDays: 30 };
const GOODS = [
  ['goods/book', { ...BOOK, name: 'A book' }],
  ['goods/gift', GIFT],
  ['goods/mug', { ...BOOK, delivery: 'physical' }],
] as const;
const CODES = 'POST /v1/goods/book/codes';

async function mall(t: Test, logs?: string) {
  const server = await shop(
    t,
    GOODS,
    3,
    {},
    {},
    logs === undefined ? {} : { logs: { folder: logs } },
  );
  await server.ask('PUT /v1/assets/piece', { scale: 0 });
  const give = (owner: string, amount: number) =>
    server.ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to: owner, asset: 'points', amount }],
    });
  for (const owner of ['ann', 'bob']) await give(owner, 1_000);
  const order = async (body: object) => server.ask('POST /v1/orders', body);
  return { server, order };
}

function numberIn({ body, text }: { readonly body: any; readonly text: string }): string {
  const number = body.act?.effects[0]?.number;
  if (number === undefined) throw new Error(text);
  return number;
}

t.test('codes are uploaded, ordered, and shown to who may see them', async (t) => {
  const { server, order } = await mall(t);
  const ask = server.ask;
  t.match(await ask(CODES, { codes: ['A-1', 'B 2', 'A-1', '礼品码 3'] }), {
    status: 200,
    body: { goods: 'book', added: 3, known: 0, repeated: 1 },
  });
  t.match(await ask(CODES, { codes: ['A-1', 'C-4'] }), { body: { added: 1, known: 1 } });
  t.match((await ask('GET /v1/goods/book/codes')).body, { free: 4, reserved: 0, given: 0 });
  const first = await order({ owner: 'ann', id: 'o1', goods: 'book' });
  t.match(first, { status: 201, body: { act: { effects: [{ state: 'completed' }, {}] } } });
  const number = numberIn(first);
  const repeat = await order({ owner: 'ann', id: 'o1', goods: 'book' });
  t.match(repeat, { status: 200, body: { replayed: true } });
  t.equal(numberIn(repeat), number);
  const read = `GET /v1/orders/${number}?owner=ann`;
  const { codes } = (await ask(read)).body;
  t.equal(codes.length, 1);
  const may = async (operations: readonly string[], more: object = {}) => {
    const { key } = (await ask('POST /v1/keys', { name: 'x', operations, ...more })).body;
    return (await bare(server.server.address, read, undefined, { Authorization: `Bearer ${key}` }))
      .body.codes;
  };
  t.same(await may(['read']), ['********']);
  t.same(await may(['read', 'redeem']), codes);
  t.same(await may(['read'], { owner: 'ann' }), codes, 'the member');
  const all = new Set(codes);
  const three = await order({ owner: 'bob', goods: 'book', quantity: 3 });
  for (const one of (await ask(`GET /v1/orders/${numberIn(three)}?owner=bob`)).body.codes)
    all.add(one);
  t.same([...all].sort(), ['A-1', 'B 2', 'C-4', '礼品码 3'].sort());
  t.match((await ask('GET /v1/goods/book/codes')).body, { free: 0, reserved: 0, given: 4 });
  t.match(await order({ owner: 'bob', goods: 'book' }), {
    status: 409,
    body: { code: 'SOLD_OUT', field: 'goods' },
  });
  t.match(
    await order({ owner: 'ann', id: 'o1', goods: 'book' }),
    { status: 200 },
    'a repeat is one, when all are gone',
  );
  t.match(await ask(CODES, { codes: ['D-5'] }), { body: { added: 1 } });
  t.match(await ask(`POST /v1/orders/${number}/cancel`, { owner: 'ann' }), {
    status: 409,
    body: { code: 'ORDER_STATE_INVALID' },
  });
  const physical = await ask('POST /v1/goods/mug/codes', { codes: ['A'] });
  t.match(physical, { status: 422, body: { code: 'GOODS_WITHOUT_CODES', field: 'goods' } });
  const stock = await ask('POST /v1/goods/book/stock', { pieces: 1, reason: 'x' });
  t.match(stock, { status: 422, body: { code: 'STOCK_OF_CODES', field: 'goods' } });
});

t.test('gift cards are issued, ordered, looked at, and pay', async (t) => {
  const { server, order } = await mall(t);
  const ask = server.ask;
  await ask('POST /v1/goods/mug/stock', { pieces: 10, reason: 'first' });
  const issued = await ask('POST /v1/cards', { id: 'c1', programme: 'shop', amount: 70 });
  t.match(issued, { status: 201, body: { balance: 70, state: 'active', asset: 'points' } });
  const { code, card } = issued.body;
  t.match(code, /^(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}$/);
  t.match(await ask('POST /v1/cards', { id: 'c1', programme: 'shop', amount: 70 }), {
    status: 200,
    body: { code, card },
  });
  t.match(await ask('POST /v1/cards', { id: 'c1', programme: 'shop', amount: 71 }), {
    status: 409,
    body: { code: 'ID_REUSED' },
  });
  const bought = numberIn(await order({ owner: 'ann', goods: 'gift', quantity: 2 }));
  const { codes } = (await ask(`GET /v1/orders/${bought}?owner=ann`)).body;
  t.equal(new Set(codes).size, 2);
  const pay = { owner: 'bob', id: 'p', goods: 'mug' };
  const by = [
    { code: code.toLowerCase().replaceAll('-', ' '), amount: 30 },
    { code: codes[0], amount: 40 },
    { card, amount: 15 },
  ];
  t.match(await order({ ...pay, cards: by.slice(0, 2) }), { status: 201 });
  t.match(await order({ ...pay, cards: by.slice(0, 2) }), { status: 200 });
  const balances = async (...all: readonly string[]) =>
    Promise.all(
      all.map(async (one) => (await ask('POST /v1/cards/look-up', { code: one })).body.balance),
    );
  t.same(await balances(code, codes[0], codes[1]), [40, 0, 40]);
  t.match((await ask('GET /v1/accounts/bob')).body.accounts, [{ available: 970 }]);
  t.match(await order({ ...pay, id: 'q', cards: [{ code: codes[0], amount: 1 }] }), {
    status: 422,
    body: { code: 'CARD_SHORT', field: 'cards' },
  });
  t.match(
    await order({
      ...pay,
      id: 'r',
      cards: [{ code: `${code.slice(0, -1)}${code.endsWith('2') ? 3 : 2}`, amount: 1 }],
    }),
    {
      status: 404,
      body: { code: 'CARD_NOT_FOUND', field: 'cards[0].code' },
    },
  );
  const later = Date.now() + 3_600_000;
  t.match((await ask(`PUT /v1/cards/${card}/expiry`, { expiresAt: later })).body, {
    expiresAt: later,
  });
  server.later(2 * 3_600_000);
  await server.server.engine.acceptClock();
  t.match((await ask(`GET /v1/cards/${card}`)).body, { balance: 40 });
  t.match(await order({ ...pay, id: 's', cards: [{ card, amount: 1 }] }), {
    body: { code: 'CARD_SHORT' },
  });
  t.match((await ask(`PUT /v1/cards/${card}/expiry`, { expiresAt: null })).body, {
    state: 'active',
  });
  t.match(await order({ ...pay, id: 't', cards: [{ card, amount: 1 }] }), { status: 201 });
  const stranger = await caller(server, 'club', { assets: ['piece'] });
  t.match(await stranger.ask('POST /v1/cards/look-up', { code }), { status: 403 });
  t.match(await stranger.ask('POST /v1/cards', { programme: 'shop', amount: 1 }), { status: 401 });
  const reader = await operator(server, ['read']);
  t.match(await bare(server.server.address, CODES, { codes: ['x'] }, reader), { status: 403 });
  const client = connect({ url: server.server.address, key: server.key });
  const made = await client.digital.issue({ programme: 'shop', amount: 5 });
  t.match(await client.digital.lookUp(made.code), { card: made.card, balance: 5 });
  t.match(await client.digital.card(made.card), { balance: 5 });
  t.match(await client.digital.extend(made.card, null), { state: 'active' });
  t.equal(await client.digital.lookUp('2222-2222-2222-2222'), undefined);
  t.match(await client.digital.upload('book', ['Z-1', 'Z-2']), { added: 2 });
  t.match(await client.digital.count('book'), { free: 2 });
});

t.test('whatever is sent, nothing breaks', async (t) => {
  const { server } = await mall(t);
  const bodies = [
    ...[
      '',
      '[]',
      'null',
      '7',
      '{',
      '{"codes": 7}',
      '{"codes": []}',
      '{"codes": [7]}',
      '{"codes": [""]}',
    ],
    ...[
      '{"codes": ["\\u0000"]}',
      '{"codes": ["\\ud800"]}',
      '{"codes": [" a"]}',
      '{"codes": ["a\\nb"]}',
    ],
    JSON.stringify({ codes: ['x'.repeat(201)] }),
    JSON.stringify({ codes: ['😀'.repeat(60)] }),
    JSON.stringify({ codes: new Array(10_001).fill('a') }),
    JSON.stringify({ code: 7 }),
    JSON.stringify({ code: '2222-2222-2222-2223' }),
    JSON.stringify({ programme: 'shop', amount: 0 }),
    JSON.stringify({ programme: 'none', amount: 1 }),
    JSON.stringify({ programme: 'shop', amount: 1, expiresAt: 1 }),
    JSON.stringify({ programme: 'shop', amount: 1, budget: '#card:x' }),
    JSON.stringify({ programme: 'shop', amount: 1, budget: '#budget:none' }),
    JSON.stringify({ expiresAt: -1 }),
    JSON.stringify({ expiresAt: 'soon' }),
  ];
  const paths = [
    CODES,
    'POST /v1/goods/%00/codes',
    'POST /v1/goods/none/codes',
    'POST /v1/cards',
    'POST /v1/cards/look-up',
    'PUT /v1/cards/AAAAAAAAAAAAAAAAAAAAAA/expiry',
    'PUT /v1/cards/x/expiry',
  ];
  const strange = [
    7,
    {},
    'x',
    [7],
    [{}],
    [{ code: 7, amount: 1 }],
    [{ code: 'x' }],
    [{ card: 'x', amount: 1 }],
  ];
  for (const path of paths)
    for (const body of bodies) {
      const { status, text } = await server.ask(path, body);
      t.ok(status >= 400 && status < 500, `${path} ${body.slice(0, 60)}: ${status} ${text}`);
    }
  for (const cards of strange) {
    const { status, body } = await server.ask('POST /v1/orders', {
      owner: 'ann',
      goods: 'book',
      cards,
    });
    t.ok(status >= 400 && status < 500, `${JSON.stringify(cards)}: ${status}`);
    t.match(body.field, /^cards/);
  }
  for (const codes of [7, ['x'], ['A'.repeat(22), 'A'.repeat(22)], [`${'A'.repeat(21)}~`]]) {
    const { status, body } = await server.ask('POST /v1/acts/order', {
      owner: 'ann',
      body: { goods: 'book', codes },
    });
    t.match({ status, body }, { status: 400, body: { field: 'body.codes' } });
  }
  for (const act of ['code-add', 'card-issue', 'card-extend']) {
    const answer = await server.ask(`POST /v1/acts/${act}`, { owner: 'ann', body: {} });
    t.equal(answer.status, 404, act);
  }
  t.match((await server.ask('GET /v1/goods/book/codes')).body, { free: 0, given: 0 });
});

t.test('no code is in any file as it is', async (t) => {
  const logs = join(temporaryFolder(t), 'logs');
  const { server, order } = await mall(t, logs);
  const ask = server.ask;
  const secrets = ['SECRET-BOOK-CODE-1', 'SECRET-BOOK-CODE-2', '秘密的码 3'];
  await ask(CODES, { codes: secrets });
  await ask(CODES, { codes: [...secrets, ' SECRET-REFUSED-CODE'] });
  await ask('POST /v1/goods/mug/codes', { codes: ['SECRET-REFUSED-CODE'] });
  await order({ owner: 'ann', goods: 'book', quantity: 2 });
  const { code } = (await ask('POST /v1/cards', { programme: 'shop', amount: 70 })).body;
  const number = numberIn(await order({ owner: 'ann', goods: 'gift' }));
  const [bought] = (await ask(`GET /v1/orders/${number}?owner=ann`)).body.codes;
  await order({
    owner: 'bob',
    goods: 'book',
    cards: [
      { code, amount: 30 },
      { code: bought, amount: 10 },
    ],
  });
  await order({ owner: 'bob', goods: 'book', cards: [{ code, amount: 3_000 }] });
  await ask('POST /v1/cards/look-up', { code });
  await server.server.engine.checkpoint();
  const cards = [code, bought].flatMap((one: string) => [one, one.replaceAll('-', '')]);
  const wanted = [...secrets, 'SECRET-REFUSED-CODE', ...cards];
  let looked = 0;
  for (const folder of [server.folder, logs])
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (!statSync(path).isFile()) continue;
      looked++;
      const bytes = readFileSync(path);
      for (const text of wanted) {
        t.notOk(bytes.includes(text), `${path}: ${text}`);
        t.notOk(bytes.includes(Buffer.from(text, 'utf16le')), `${path}: ${text}`);
      }
    }
  t.ok(looked > 5);
});
