// Requests that are not quite what they should be: encoded bodies, openings of WebSockets, tickets in addresses.

import { gzipSync } from 'node:zlib';
import t from 'tap';
import { WebSocket } from 'ws';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { type Gateway, gateway, raw, statusesIn } from './harness.js';

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const UPGRADE = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';

t.test(
  'an encoded body is refused by name, and so is a plain one that is called encoded',
  async (t) => {
    const { port, key } = await gateway(t);
    const text = '{"scale": 0}';
    const send = async (encoding: string, body: Uint8Array | string, auth = key) => {
      const head = `PUT /v1/assets/points HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${auth}\r\nContent-Type: application/json\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`;
      return raw(port, [Buffer.concat([Buffer.from(head), Buffer.from(body)])], { quietMs: 500 });
    };
    for (const [encoding, body] of [
      ['gzip', gzipSync(text)],
      ['gzip', text],
      ['deflate, gzip', text],
      ['br', text],
      ['identity, gzip', text],
    ] as const) {
      const answer = await send(encoding, body);
      t.same(statusesIn(answer), [415], encoding);
      t.match(answer, /^Accept-Encoding: identity\r$/m);
      t.match(answer, /"field":"Content-Encoding"/);
    }
    t.same(statusesIn(await send('gzip', text, 'wrong')), [401], 'who asks comes first');
    for (const encoding of ['identity', 'Identity', ''])
      t.same(statusesIn(await send(encoding, text)), [200], encoding);
  },
);

t.test('a WebSocket of another version, or none at all, is told what is taken', async (t) => {
  const { port, key } = await gateway(t);
  const open = (headers: string, path = '/v1/stream', method = 'GET') =>
    raw(port, [
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n${headers}\r\n`,
    ]);
  for (const headers of [
    ...['8', '7', '0', '', '13, 8', '013', 'x'].map(
      (version) => `${UPGRADE}${KEY}Sec-WebSocket-Version: ${version}\r\n`,
    ),
    `${UPGRADE}${KEY}`,
    '',
    'Upgrade: h2c\r\nConnection: Upgrade\r\n',
  ]) {
    const answer = await open(headers);
    t.same(statusesIn(answer), [426], headers);
    t.match(answer, /^Sec-WebSocket-Version: 13\r$/m);
    t.match(answer, /^Upgrade: websocket\r$/m);
    t.match(answer, /"code":"UPGRADE_REQUIRED"/);
  }
  t.same(statusesIn(await open(`${UPGRADE}${KEY}Sec-WebSocket-Version: 13\r\n`)), [101]);
  t.same(statusesIn(await open('', '/v1/stream', 'DELETE')), [426]);
});

/** Opens one with this query; what its first message or its refusal was. */
function opened({ port }: Gateway, query: string): Promise<{ socket: WebSocket; said: any }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream${query}`);
  return new Promise((resolve) => {
    socket.on('message', (data) => resolve({ socket, said: JSON.parse(data.toString()) }));
    socket.on('error', () => {});
    socket.on('unexpected-response', (_, answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ socket, said: JSON.parse(text) }));
    });
  });
}

t.test('a ticket in the address of a WebSocket', async (t) => {
  const server = await gateway(t);
  const asked = { owner: 'alice', ttlMs: 3_000 };
  const { ticket } = (await server.ask('POST /v1/stream/tickets', asked)).body;
  const { socket, said } = await opened(server, `?ticket=${ticket}`);
  t.match(said, { type: 'ready' });
  const next = () =>
    new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(`${data}`))));
  const told = next();
  socket.send('{"type":"subscribe","id":1,"owner":"alice"}');
  t.match(await told, { type: 'balances' });
  const refused = next();
  socket.send('{"type":"subscribe","id":2,"owner":"bob"}');
  t.match(await refused, { code: 'STREAM_FORBIDDEN' });
  const code = await new Promise((resolve) => socket.on('close', resolve));
  t.equal(code, CLOSE.revoked[0], 'it ends with the ticket');
  for (const [query, status, field] of [
    [`?ticket=${ticket}`, 401, 'ticket'],
    ['?ticket=jifen_ticket_no', 401, 'ticket'],
    ['?ticket=', 401, 'ticket'],
    [`?ticket=${server.key}`, 401, 'ticket'],
    ['?tickets=x', 400, 'tickets'],
    ['?ticket=a&ticket=b', 400, 'ticket'],
    ['?ticket=%zz', 400, 'ticket'],
  ] as const)
    t.match((await opened(server, query)).said, { status, field }, query);
  const events = await fetch(
    `${server.server.address}/v1/stream/sse?owner=alice&ticket=${server.key}`,
  );
  t.match(await events.json(), { status: 401, field: 'ticket' }, 'a key is no ticket');
});

t.test('HEAD: as GET, without the body, where no key is needed', async (t) => {
  const { port } = await gateway(t);
  const ask = (line: string) => raw(port, [`${line} HTTP/1.1\r\nHost: x\r\n\r\n`]);
  const linesOf = (answer: string) =>
    (/^(HTTP.*?)\r\n\r\n/s.exec(answer)?.[1] ?? '')
      .split('\r\n')
      .filter((line) => !line.startsWith('Date'))
      .sort();
  for (const path of ['/healthz', '/readyz', '/docs', '/live', '/openapi.json']) {
    const head = await ask(`HEAD ${path}`);
    const get = await ask(`GET ${path}`);
    t.same(linesOf(head), linesOf(get), path);
    t.match(head, /\r\n\r\n$/, 'no body');
  }
  t.same(
    statusesIn(await raw(port, ['HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)])),
    [200, 200, 200],
  );
  t.same(statusesIn(await ask('HEAD /v1/assets')), [405]);
  t.match(await ask('DELETE /healthz'), /^Allow: GET, HEAD\r$/m);
});

t.test('a body with a trailer is refused before it is carried out', async (t) => {
  const { port, key, ask } = await gateway(t);
  const body = '{"scale":0}';
  const head = `PUT /v1/assets/points HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
  const begin = `${head}Trailer: X-Sum\r\n\r\n${chunk}`;
  const whole = await raw(port, [`${begin}X-Sum: 1\r\n\r\n`]);
  t.match(statusesIn(whole)[0], /400|505/, 'the web server may notice first');
  const answer = await raw(port, [begin, 100, 'X-Sum: 1\r\n\r\n']);
  t.match(answer, /^HTTP\/1\.1 400 .*"field":"Trailer"/s);
  t.equal((await ask('GET /v1/assets/points')).status, 404);
  t.equal((await ask('GET /healthz')).status, 200);
});
