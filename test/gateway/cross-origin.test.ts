// Web pages of other origins: off, unless their origins are named; then every answer says so, refusals too.

import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import t from 'tap';
import { WebSocket } from 'ws';
import { originProblem } from '../../gateway/http/server/cross-origin.js';
import { gateway, raw } from './harness.js';

const PROGRAM = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
const SHOP = 'https://shop.example';
const PREFLIGHT = {
  Origin: SHOP,
  'Access-Control-Request-Method': 'POST',
  'Access-Control-Request-Headers': 'authorization,content-type',
};

/** What an opening of a WebSocket came to: 101, or the status of the refusal. */
function opening(url: string, origin?: string): Promise<number | undefined> {
  const socket = new WebSocket(url, { ...(origin === undefined ? {} : { origin }) });
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_, answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    socket.on('error', () => resolve(undefined));
  });
}

const corsOf = (headers: Headers) =>
  [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary');

t.test('off by default', async (t) => {
  const { ask, port } = await gateway(t);
  for (const line of ['GET /v1/assets', 'GET /nowhere', 'OPTIONS /v1/assets'])
    t.same(corsOf((await ask(line, undefined, PREFLIGHT)).headers), [], line);
  t.equal((await ask('OPTIONS /v1/transfers', undefined, PREFLIGHT)).status, 405);
  t.equal(await opening(`ws://127.0.0.1:${port}/v1/stream`, 'https://any.example'), 101);
});

t.test('every answer says who may read it', async (t) => {
  const { ask, port } = await gateway(t, { origins: [SHOP, 'http://localhost:3000'] });
  const table: readonly (readonly [string, unknown, Record<string, string>, number])[] = [
    ['GET /v1/assets', undefined, {}, 200],
    ['GET /v1/assets', undefined, { Authorization: '' }, 401],
    ['GET /v1/assets?what=1', undefined, {}, 400],
    ['GET /nowhere', undefined, {}, 404],
    ['DELETE /v1/assets', undefined, {}, 405],
    ['POST /v1/transfers', '{', {}, 400],
    ['POST /v1/transfers', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['GET /v1/stream', undefined, {}, 426],
    ['GET /v1/stream/sse', undefined, {}, 400],
    ['GET /healthz', undefined, {}, 200],
    ['GET /v1/shards/0/log?limit=1', undefined, {}, 200],
  ];
  for (const [line, body, headers, status] of table) {
    const known = await ask(line, body, { ...headers, Origin: SHOP });
    t.equal(known.status, status, line);
    t.equal(known.headers.get('access-control-allow-origin'), SHOP, line);
    t.match(
      known.headers.get('access-control-expose-headers'),
      /Idempotency-Replayed.*Retry-After/,
    );
    t.equal(known.headers.get('vary'), 'Origin');
    t.equal(known.headers.get('access-control-allow-credentials'), null);
    for (const Origin of ['https://evil.example', 'null', `${SHOP}.evil.example`, `${SHOP}:444`]) {
      const other = await ask(line, body, { ...headers, Origin });
      t.same(corsOf(other.headers), [['vary', 'Origin']], `${line} ${Origin}`);
    }
    t.same(corsOf((await ask(line, body, headers)).headers), [['vary', 'Origin']]);
  }
  const stream = await raw(
    port,
    [
      `GET /v1/stream/sse?owner=a HTTP/1.1\r\nHost: x\r\nOrigin: ${SHOP}\r\nAccept: text/event-stream\r\n\r\n`,
    ],
    { quietMs: 300 },
  );
  t.match(stream, /401 .*Access-Control-Allow-Origin: https:\/\/shop\.example/s);
});

t.test('a browser asks first', async (t) => {
  const { ask } = await gateway(t, { origins: [SHOP] });
  const asked = await ask('OPTIONS /v1/transfers', undefined, PREFLIGHT);
  t.equal(asked.status, 200);
  t.equal(asked.headers.get('access-control-allow-origin'), SHOP);
  t.equal(asked.headers.get('access-control-allow-methods'), 'POST');
  t.match(
    asked.headers.get('access-control-allow-headers'),
    /Authorization, Content-Type, Idempot/,
  );
  t.equal(asked.headers.get('access-control-max-age'), '600');
  t.equal(asked.text, '');
  t.equal((await ask('GET /healthz')).status, 200, 'the connection goes on');
  const parts = await ask('OPTIONS /v1/assets/points', undefined, PREFLIGHT);
  t.equal(parts.headers.get('access-control-allow-methods'), 'GET, PUT');
  const other = { ...PREFLIGHT, Origin: 'https://evil.example' };
  const refused = await ask('OPTIONS /v1/transfers', undefined, other);
  t.match(refused, { status: 403, body: { code: 'ORIGIN_FORBIDDEN', field: 'Origin' } });
  t.equal(refused.headers.get('access-control-allow-origin'), null);
  t.equal((await ask('OPTIONS /v1/transfers')).status, 405, 'no page asks');
});

t.test('WebSockets: named origins, its own, and whoever is no browser', async (t) => {
  const { port } = await gateway(t, { origins: [SHOP] });
  const url = `ws://127.0.0.1:${port}/v1/stream`;
  for (const [origin, status] of [
    [SHOP, 101],
    [`http://127.0.0.1:${port}`, 101],
    [undefined, 101],
    ['https://evil.example', 403],
    ['null', 403],
  ] as const)
    t.equal(await opening(url, origin), status, `${origin}`);
});

t.test('what is an origin', async (t) => {
  for (const origin of [SHOP, 'http://localhost:3000', 'https://xn--fiq228c.example:8443'])
    t.equal(originProblem(origin), undefined, origin);
  const bad = ['*', 'null', '', 'shop.example', `${SHOP}/`, `${SHOP}/a`, 'ftp://a.example'];
  for (const text of [...bad, 'https://SHOP.example', 'https://a.example:443', 'file:///a'])
    t.match(originProblem(text), /is not an origin/, text);
});

t.test('a page in a browser', async (t) => {
  const site = createServer((_, res) =>
    res.setHeader('Content-Type', 'text/html').end('<p>A shop'),
  );
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => site.close());
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const named = await gateway(t, { origins: [origin] });
  const closed = await gateway(t);
  for (const { ask } of [named, closed]) await ask('PUT /v1/assets/points', { scale: 0 });
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.goto(origin);
  const call = ({ server, key }: typeof named, auth = key): Promise<any> =>
    page.evaluate(`fetch('${server.address}/v1/transfers', {
      method: 'POST',
      headers: { Authorization: 'Bearer ${auth}', 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
      body: '{"legs":[{"from":"@issue","to":"alice","asset":"points","amount":1}]}',
    }).then(async (answer) => ({ status: answer.status, replayed: answer.headers.get('Idempotency-Replayed'), body: await answer.json() }),
      (error) => String(error))`) as Promise<any>;
  t.match(await call(named), { status: 201, replayed: null });
  t.match(await call(named), { status: 200, replayed: 'true' });
  t.match(await call(named, 'wrong'), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.match(await call(closed), /Failed to fetch/);
  const { ticket } = (await named.ask('POST /v1/stream/tickets', { owner: 'alice' })).body;
  const told = await page.evaluate(`new Promise((resolve) => {
    const source = new EventSource('${named.server.address}/v1/stream/sse?owner=alice&ticket=${ticket}');
    source.addEventListener('balances', (event) => resolve(JSON.parse(event.data)));
    source.onerror = () => resolve('an error');
  })`);
  t.match(told, [{ asset: 'points', available: 1 }]);
  const socket = await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket('ws://127.0.0.1:${named.port}/v1/stream?ticket=${ticket}');
    socket.onmessage = (event) => resolve(JSON.parse(event.data).type);
    socket.onerror = () => resolve('an error');
  })`);
  t.equal(socket, 'ready');
});
