// Sockets that do their worst: as slow as can be, gone at every point, frames that are wrong, and a crowd of them while a good
// client is served. JIFEN_LONG=1: every point, 10,000 WebSockets, and the good client's latency is held to twice the quiet one.

import { connect, type Socket } from 'node:net';
import t from 'tap';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { until } from '../until.js';
import { type Gateway, gateway, raw, statusesIn } from './harness.js';
import { readScrape, sumOf } from './scrape.js';
import { ServerProcess } from './server-process.js';
import { Talk } from './talk.js';

const LONG = process.env.JIFEN_LONG === '1';

const socketTo = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });

const body = (id: string) =>
  `{"id":"${id}","legs":[{"from":"@issue","to":"alice","asset":"gold","amount":1}]}`;
const post = (key: string, id: string, more = `Content-Length: ${body(id).length}`) =>
  `POST /v1/transfers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;

async function shop(t: Parameters<typeof gateway>[0]): Promise<Gateway> {
  const opened = await gateway(t, {
    limits: { streamMessageBytesMax: 2 * 1024 * 1024 },
    assets: ['gold'],
  });
  return opened;
}

/** Until nothing is in flight but the question. */
const quiet = ({ ask }: Gateway) =>
  until('nothing is in flight', async () => {
    const found = readScrape((await ask('GET /metrics')).text);
    return sumOf(found, 'jifen_http_in_flight') === 1;
  });

t.test('whoever is too slow is closed, and nobody else notices', async (t) => {
  const server = await shop(t);
  const { port, key, ask } = server;
  const whole = `${post(key, 'slow')}${body('slow')}`;
  const chunks = `${post(key, 'slow', 'Transfer-Encoding: chunked')}400\r\n`;
  const ways: readonly (readonly [string, string, string])[] = [
    ['says nothing', '', ''],
    ['a request line byte by byte', '', whole],
    ['a header byte by byte', whole.slice(0, 80), whole.slice(80)],
    ['headers without end', whole.slice(0, 40), 'X-More: a\r\n'.repeat(200)],
    ['a body byte by byte', post(key, 'slow', 'Content-Length: 100000'), 'x'.repeat(1_000)],
    ['a chunk byte by byte', chunks, 'x'.repeat(1_000)],
    [
      'a chunk size byte by byte',
      post(key, 'slow', 'Transfer-Encoding: chunked'),
      '0'.repeat(1_000),
    ],
  ];
  await Promise.all(
    ways.map(async ([name, first, rest]) => {
      const socket = await socketTo(port);
      const closed = closeOf(socket);
      socket.write(first);
      let at = 0;
      const drip = setInterval(() => socket.writable && socket.write(rest[at++] ?? ''), 400);
      await closed;
      clearInterval(drip);
      t.pass(name);
    }),
  );
  t.equal((await ask('GET /v1/accounts/alice/transfers/slow')).status, 404);
  await quiet(server);
});

t.test('a client may go away at every point', async (t) => {
  const server = await shop(t);
  const { port, key, ask } = server;
  const bytes = (id: string) => `${post(key, id)}${body(id)}`;
  const length = bytes('c0000').length;
  const points = Array.from({ length: length + 1 }, (_, at) => at).filter(
    (at) => LONG || at % 5 === 0 || at >= length - 2,
  );
  const gone = async (at: number, how: number) => {
    const id = `c${String(at).padStart(3, '0')}${how}`;
    const socket = await socketTo(port);
    const closed = closeOf(socket);
    await new Promise<void>((resolve) => {
      socket.write(bytes(id).slice(0, at), () => resolve());
    });
    if (how === 0) socket.resetAndDestroy();
    else if (how === 1) socket.end();
    else setTimeout(() => socket.destroy(), how);
    await closed;
    const found = (await ask(`GET /v1/accounts/alice/transfers/${id}`)).status;
    if (at < length) t.equal(found, 404, `cut at ${at}`);
    else t.ok(found === 404 || found === 200, 'all of it was sent');
  };
  for (const at of points) await Promise.all([0, 1, 2, 5].map((how) => gone(at, how)));
  // Gone while the answer is on its way.
  for (let kept = 0; kept < (LONG ? 300 : 30); kept++) {
    const socket = await socketTo(port);
    const closed = closeOf(socket);
    socket.once('data', () => socket.resetAndDestroy());
    socket.write(bytes(`a${kept}`));
    await closed;
    t.equal((await ask(`GET /v1/accounts/alice/transfers/a${kept}`)).status, 200);
  }
  await quiet(server);
  const { accounts } = (await ask('GET /v1/accounts/alice')).body;
  const entries = accounts[0].version;
  t.equal(accounts[0].available, entries, 'each that was carried out was carried out once');
  t.equal((await ask('GET /readyz')).status, 200);
});

t.test('frames that are wrong end their connection, and no other', async (t) => {
  const { port, key, ask } = await shop(t);
  const upgrade = `GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const frame = (first: number, payload: Uint8Array | string): Buffer => {
    const bytes = Buffer.from(payload as string);
    const { length } = bytes;
    const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), bytes]);
  };
  const [TEXT, CLOSE_FRAME, PING] = [0x81, 0x88, 0x89];
  const code = (value: number, reason: Uint8Array = new Uint8Array()) =>
    Buffer.from([value >> 8, value & 255, ...reason]);
  const wrong: Readonly<Record<string, readonly Buffer[]>> = {
    // The web server unmasks it all the same: what comes out is no message.
    'not masked': [
      Buffer.concat([Buffer.from([TEXT, 15]), Buffer.from('{"type":"ping"}'.padEnd(30))]),
    ],
    ...Object.fromEntries(
      [0x40, 0x20, 0x10].map((bit) => [`reserved bit ${bit}`, [frame(TEXT | bit, '{}')]]),
    ),
    ...Object.fromEntries(
      [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((op) => [`opcode ${op}`, [frame(0x80 | op, '')]]),
    ),
    'a fragmented close': [frame(0x08, code(1000))],
    'a fragmented ping': [frame(0x09, 'x')],
    'a fragmented pong': [frame(0x0a, 'x')],
    'a ping of 126 bytes': [frame(PING, 'x'.repeat(126))],
    'a continuation of nothing': [frame(0x80, '{}')],
    'UTF-8 that is none': [frame(TEXT, Uint8Array.of(0xc3, 0x28))],
    'UTF-8 of a surrogate': [frame(TEXT, Uint8Array.of(0xed, 0xa0, 0x80))],
    'UTF-8 cut off at the end': [frame(0x01, Uint8Array.of(0x22, 0xe4)), frame(0x80, '')],
    'a close of one byte': [frame(CLOSE_FRAME, 'x')],
    ...Object.fromEntries(
      [0, 999, 1004, 1005, 1006, 1015, 2999, 65_535].map((value) => [
        `close code ${value}`,
        [frame(CLOSE_FRAME, code(value))],
      ]),
    ),
    'a reason that is no UTF-8': [frame(CLOSE_FRAME, code(1000, Uint8Array.of(0xc3, 0x28)))],
    'a message that is too large': [
      Buffer.from([TEXT, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0]),
    ],
    'fragments that are too large together': [
      frame(0x01, 'x'.repeat(60_000)),
      ...new Array(40).fill(frame(0x00, 'x'.repeat(60_000))),
    ],
    'no message of ours': [frame(TEXT, '{"type":')],
    'binary in place of text': [frame(0x82, '{}')],
  };
  await Promise.all(
    Object.entries(wrong).map(async ([name, frames]) => {
      const socket = await socketTo(port);
      const closed = closeOf(socket);
      await new Promise<void>((resolve) => {
        socket.once('data', () => resolve());
        socket.write(upgrade);
      });
      for (const part of frames) if (socket.writable) socket.write(part);
      await closed;
      t.pass(name);
    }),
  );
  const good = await Talk.open(port, key);
  t.teardown(() => good.close());
  await good.nextOf('ready');
  t.match(await good.ask({ type: 'ping' }), { type: 'pong' });
  const found = readScrape((await ask('GET /metrics')).text);
  t.equal(sumOf(found, 'jifen_stream_connections'), 1);
  good.socket.send('{');
  t.equal((await good.closed).code, CLOSE.unreadable[0]);
});

/** Milliseconds that transfers take one after the other, sorted. */
async function latencies(server: ServerProcess, name: string, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    const answer = await fetch(`${server.url}/v1/transfers`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' },
      body: body(`${name}${i}`),
    });
    await answer.arrayBuffer();
    if (answer.status !== 201) throw new Error(`answered ${answer.status}`);
    took.push(performance.now() - begun);
  }
  return took.sort((a, b) => a - b);
}

t.test('a crowd of WebSockets does not slow down a good client', async (t) => {
  const server = await ServerProcess.start(t, '--no-logs', '--shards', '1');
  const port = Number(new URL(server.url).port);
  const { key } = server;
  const defined = `{"scale":0}`;
  const asset = post(key, '', `Content-Length: ${defined.length}`)
    .replace('POST /v1/transfers', 'PUT /v1/assets/gold')
    .concat(defined);
  t.same(statusesIn(await raw(port, [asset], { quietMs: 500 })), [200]);
  const count = LONG ? 2_000 : 200;
  await latencies(server, 'warm', count);
  const alone = await latencies(server, 'alone', count);
  const upgrade = `GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const crowd = LONG ? 10_000 : 1_000;
  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let at = 0; at < crowd; at += 100) {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await socketTo(port);
        sockets.push(socket);
        socket.on('error', () => {});
        await new Promise<void>((resolve) => {
          socket.once('data', () => resolve());
          socket.write(upgrade);
        });
        socket.resume();
      }),
    );
  }
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  t.equal(sumOf(readScrape(metrics), 'jifen_stream_connections'), crowd);
  // Some of them are no good: half frames, slow ones.
  for (const socket of sockets.slice(0, crowd / 10)) socket.write(Buffer.from([0x81, 0xfe, 0x10]));
  const among = await latencies(server, 'among', count);
  const at = (sorted: readonly number[], share: number) =>
    sorted[Math.floor(sorted.length * share)] ?? 0;
  const said = [0.5, 0.95].map(
    (share) =>
      `p${share * 100} ${at(alone, share).toFixed(2)} -> ${at(among, share).toFixed(2)} ms`,
  );
  t.comment(`alone -> among ${crowd} WebSockets: ${said.join(', ')}`);
  process.stderr.write(`a good client among ${crowd} WebSockets: ${said.join(', ')}\n`);
  if (LONG) t.ok(at(among, 0.5) <= 2 * at(alone, 0.5), 'within twice');
});
