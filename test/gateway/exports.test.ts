// Exports in lines: nothing missing, nothing twice, while writes go on; readers who go in the middle; who may.

import { type IncomingMessage, request } from 'node:http';
import t from 'tap';
import { caller, operator } from './callers.js';
import { gateway, linesOf } from './harness.js';

const LINES = 'application/x-ndjson';
const COUNT = process.env.JIFEN_LONG === '1' ? 20_000 : 3_000;

const opened = gateway(t, { engine: { shards: 1, folder: '' } });
const earn = (to: string, n: number) => ({
  kind: n % 2 === 0 ? 'EVEN' : 'ODD',
  legs: [{ from: '@issue', to, asset: 'gold', amount: 1 }],
});
t.before(async () => {
  const server = await opened;
  for (const asset of ['gold', 'tin']) await server.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  for (let n = 0; n < COUNT; n += 1_000)
    await server.ask(
      'POST /v1/transfers?brief=true',
      Array.from({ length: 1_000 }, (_, i) => earn('ann', n + i)),
    );
});

t.test('the history of an account, while it grows', async (t) => {
  const server = await opened;
  const path = 'GET /v1/accounts/ann/entries?asset=gold';
  const read = async (query = '') =>
    linesOf((await server.ask(path + query, undefined, { Accept: LINES })).text);
  let isWriting = true;
  const writing = (async () => {
    while (isWriting)
      await server.ask(
        'POST /v1/transfers',
        Array.from({ length: 50 }, (_, i) => earn('ann', i)),
      );
  })();
  const [oldest, newest] = await Promise.all([read('&order=oldest'), read()]);
  isWriting = false;
  await writing;
  t.same(
    oldest.map(({ version }) => version),
    oldest.map((_, i) => i + 1),
  );
  t.same(
    newest.map(({ version }) => version),
    newest.map((_, i) => newest.length - i),
  );
  t.ok(oldest.length >= COUNT && newest.length >= COUNT);
  const page = await server.ask(`${path}&limit=1000&order=oldest`);
  t.same(oldest.slice(0, 1_000), page.body.entries, 'what a page says');
  const rest = await read(`&order=oldest&version=${COUNT - 9}`);
  t.match(
    rest.slice(0, 10).map(({ version }) => version),
    Array.from({ length: 10 }, (_, i) => COUNT - 9 + i),
  );
  const even = await read('&kind=EVEN&order=oldest');
  t.ok(even.length >= COUNT / 2 && even.every(({ kind }) => kind === 'EVEN'));
  const none = await server.ask('GET /v1/accounts/nobody/entries?asset=gold', undefined, {
    Accept: LINES,
  });
  t.match(none, { status: 200, text: '' });
  for (const query of ['&limit=5', '&cursor=x'])
    t.match(await server.ask(path + query, undefined, { Accept: LINES }), { status: 400 });
  const shop = await caller(server, 'shop', { assets: ['tin'] });
  t.equal((await shop.ask(path, undefined, { Accept: LINES })).status, 403);
});

t.test('the log of a shard, in parts that fit together', async (t) => {
  const server = await opened;
  const path = 'GET /v1/shards/0/log';
  const whole = linesOf((await server.ask(path)).text);
  const owners = whole.flatMap(({ outcome }) =>
    (outcome.entries ?? []).map(({ owner }: any) => owner),
  );
  t.ok(owners.filter((owner) => owner === 'ann').length >= COUNT);
  const parts: any[] = [];
  for (let from = '1'; parts.length < whole.length; from = parts.at(-1).next) {
    const part = linesOf((await server.ask(`${path}?from=${from}&limit=777`)).text);
    t.equal(part.length, Math.min(777, whole.length - parts.length));
    if (part.length === 0) break;
    parts.push(...part);
  }
  t.same(parts, whole, 'nothing missing, nothing twice');
  const { next } = whole.at(-1);
  t.equal((await server.ask(`${path}?from=${next}`)).text, '', 'nothing is new');
  await server.ask('POST /v1/transfers', { ...earn('bob', 1), id: 'NEW' });
  const more = linesOf((await server.ask(`${path}?from=${next}`)).text);
  t.match(more, [{ command: { id: 'NEW' }, state: 'posted', outcome: { status: 201 } }]);
  for (const [query, status] of [
    ['from=0', 400],
    ['from=x', 400],
    ['limit=0', 400],
    ['from=999999', 409],
  ])
    t.equal((await server.ask(`${path}?${query}`)).status, status, `${query}`);
  t.equal((await server.ask('GET /v1/shards/7/log')).status, 400);
  const admin = await operator(server, ['admin']);
  t.match(await server.ask(path, undefined, admin), {
    status: 403,
    body: { code: 'OPERATION_FORBIDDEN' },
  });
  t.equal(
    (await server.ask(path, undefined, await operator(server, ['admin', 'read']))).status,
    200,
  );
});

t.test('a reader who goes in the middle', async (t) => {
  const server = await opened;
  for (const path of ['/v1/shards/0/log', '/v1/accounts/ann/entries?asset=gold']) {
    const headers = { Authorization: `Bearer ${server.key}`, Accept: LINES };
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(server.server.address + path, { headers }, resolve).end();
    });
    await new Promise((resolve) => response.once('data', resolve));
    response.destroy();
  }
  t.equal((await server.ask('GET /healthz')).status, 200);
});
