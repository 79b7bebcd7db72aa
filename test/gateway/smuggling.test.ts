// Requests that two readers could see end in different places: whatever follows them is never carried out as a request. A
// proxy in front that reads them in the other way would otherwise hand one caller's bytes to another's request.

import t from 'tap';
import { type Gateway, gateway, raw, statusesIn } from './harness.js';

interface Attack {
  readonly name: string;
  /** The bytes, with the request that must not be carried out at their end. */
  readonly bytes: (hidden: string) => string;
}

const all: Attack[] = [];
const attack = (name: string, bytes: Attack['bytes']): void => {
  all.push({ name, bytes });
};

const KEY = '<key>';
const head = (headers: string, line = 'POST /v1/holds HTTP/1.1') =>
  `${line}\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\nContent-Type: application/json\r\n${headers}\r\n`;

// Length and chunks, both.
attack(
  'CL.TE',
  (h) => `${head('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n${h}`,
);
attack(
  'TE.CL',
  (h) => `${head('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n')}0\r\n\r\n${h}`,
);
attack(
  'TE.CL that covers all',
  (h) =>
    `${head(`Transfer-Encoding: chunked\r\nContent-Length: ${5 + h.length}\r\n`)}0\r\n\r\n${h}`,
);
for (const value of ['identity', 'xchunked', 'chunked\x0b', '\x0bchunked', '', 'chunked, x'])
  attack(
    `TE ${JSON.stringify(value)} and a length`,
    (h) => `${head(`Transfer-Encoding: ${value}\r\nContent-Length: 2\r\n`)}{}${h}`,
  );

// Several lengths, and strange ones.
for (const [first, second] of [
  [() => 2, () => 2],
  [() => 2, (h: string) => 2 + h.length],
  [(h: string) => 2 + h.length, () => 2],
  [() => '', (h: string) => 2 + h.length],
] as const)
  attack(
    `two lengths: ${first('')}, ${second('')}`,
    (h) => `${head(`Content-Length: ${first(h)}\r\nContent-Length: ${second(h)}\r\n`)}{}${h}`,
  );
for (const value of [
  '2, 2',
  '+2',
  '-2',
  '0x2',
  '2;',
  '',
  '1e0',
  '2.0',
  '\x0b2',
  '2\r',
  '\uff12',
  '0'.repeat(31) + 2,
])
  attack(
    `the length ${JSON.stringify(value)}`,
    (h) => `${head(`Content-Length: ${value}\r\n`)}{}${h}`,
  );

// Encodings that are not chunks, and chunks under other names.
for (const value of [
  ...['identity', 'xchunked', 'chunked, chunked', 'chunked\x0b', 'chunked, identity'],
  ...['identity, chunked', 'gzip, chunked', '"chunked"', 'chunked;q=1', ''],
  // These are chunks: what is behind them is not looked at, either.
  ...['chunked', 'Chunked', '\tchunked'],
])
  attack(
    `the encoding ${JSON.stringify(value)}`,
    (h) => `${head(`Transfer-Encoding: ${value}\r\n`)}2\r\n{}\r\n0\r\n\r\n${h}`,
  );
for (const header of [
  ...['Transfer-Encoding : chunked', 'Transfer-Encoding\t: chunked', ' Transfer-Encoding: chunked'],
  ...['X: y\r\n Transfer-Encoding: chunked', 'Transfer-Encoding:\r\n chunked'],
  ...[
    'Transfer-Encoding\r\n: chunked',
    'Transfer_Encoding: chunked',
    'X: y\nTransfer-Encoding: chunked',
  ],
  ...['X: y\rTransfer-Encoding: chunked', 'X:\x00\r\nTransfer-Encoding: chunked'],
  ...['Transfer-Encoding\x00: chunked', 'Content-Length\x00: 3', 'Host: y', ': z', '\x7f: z'],
])
  attack(`the header ${JSON.stringify(header)}`, (h) => {
    // A name of its own that nobody takes for the other is no attack: then both end at the length.
    const length = header.startsWith('Transfer_') ? 2 + h.length : 2;
    return `${head(`${header}\r\nContent-Length: ${length}\r\n`)}{}${h}`;
  });

// Lines that end with less than they should.
attack('bare line feeds', (h) => `${head('Content-Length: 2\r\n').replaceAll('\r\n', '\n')}{}${h}`);
attack(
  'a bare line feed at the end',
  (h) => `${head('Content-Length: 2\r\n').slice(0, -2)}\n{}${h}`,
);
attack('no host', (h) => `${head('Content-Length: 2\r\n').replace('Host: x\r\n', '')}{}${h}`);

// Chunks.
for (const chunk of [
  ...['2;a=b\r\n{}\r\n', `2;${'a'.repeat(5_000)}\r\n{}\r\n`, '+2\r\n{}\r\n', '0x2\r\n{}\r\n'],
  ...['-2\r\n{}\r\n', '2 \r\n{}\r\n', ' 2\r\n{}\r\n', 'ffffffffffffffff2\r\n{}\r\n', '2\n{}\r\n'],
  ...['10000000000000002\r\n{}\r\n', '2\r\n{}', '2\r\n{}\n', '2\r\n{}XX', '2\r\n{}\r', '\r\n'],
  ...['g\r\n{}\r\n', '2\r{}\r\n', '02\r\n{}\r\n', '2;\n\r\n{}\r\n'],
])
  attack(
    `the chunk ${JSON.stringify(chunk.slice(0, 24))}`,
    (h) => `${head('Transfer-Encoding: chunked\r\n')}${chunk}0\r\n\r\n${h}`,
  );
attack(
  'a trailer',
  (h) => `${head('Transfer-Encoding: chunked\r\n')}2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n${h}`,
);

// Bodies where none belongs.
for (const line of [
  ...['GET /v1/assets', 'HEAD /v1/assets', 'DELETE /v1/assets', 'POST /nowhere', 'GET /v1/stream'],
  ...['OPTIONS *', 'GET /v1/stream/sse?owner=a', 'GET /healthz'],
]) {
  const begin = `${line} HTTP/1.1`;
  attack(`${line} with a body`, (h) => `${head(`Content-Length: ${h.length}\r\n`, begin)}${h}`);
  attack(`${line} with two lengths`, (h) => {
    const lengths = `Content-Length: 2\r\nContent-Length: ${2 + h.length}\r\n`;
    return `${head(lengths, begin)}{}${h}`;
  });
  attack(
    `${line} with chunks`,
    (h) => `${head('Transfer-Encoding: chunked\r\n', begin)}2\nXX\r\n0\r\n\r\n${h}`,
  );
}
const SOCKET =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
for (const [name, headers] of [
  ['h2c', 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n'],
  ['a WebSocket', `${SOCKET}Sec-WebSocket-Version: 13\r\n`],
  ['a WebSocket of another version', `${SOCKET}Sec-WebSocket-Version: 99\r\n`],
] as const)
  attack(
    `an upgrade to ${name}`,
    (h) => `${head(`${headers}Content-Length: ${h.length}\r\n`, 'GET /v1/stream HTTP/1.1')}${h}`,
  );

/** A request that leaves a trace where it is carried out. */
function hidden(id: string): string {
  const body = `{"id":"${id}","legs":[{"from":"@issue","to":"mallory","asset":"shop","amount":1}]}`;
  return `${head(`Content-Length: ${body.length}\r\n`, 'POST /v1/transfers HTTP/1.1')}${body}`;
}

const carriedOut = async ({ ask }: Gateway, id: string) =>
  (await ask(`GET /v1/accounts/mallory/transfers/${id}`)).status === 200;

t.test('what is hidden behind a request is never carried out', async (t) => {
  const server = await gateway(t, { assets: ['shop'] });
  const send = async (bytes: string) =>
    statusesIn(await raw(server.port, [bytes.replaceAll(KEY, server.key)], { quietMs: 250 }));
  // That it would be seen: behind a request whose end is plain it is a request.
  const plain = await send(`${head('Content-Length:  2 \r\n')}{}${hidden('plain')}`);
  t.same(plain, [400, 201]);
  t.ok(await carriedOut(server, 'plain'));
  await Promise.all(
    all.map(async ({ name, bytes }, at) => {
      const statuses = await send(bytes(hidden(`h${at}`)));
      // 505: what is not HTTP/1.1; 101: what follows are frames.
      const isRefused = statuses.every((status) => [400, 401, 404, 405, 426, 505].includes(status));
      const isWhole = statuses.length === 1 && [101, 200].includes(statuses[0] ?? 0);
      t.ok(statuses.length <= 1 && (isRefused || isWhole), `${name}: ${statuses}`);
    }),
  );
  for (const [at, { name }] of all.entries())
    t.notOk(await carriedOut(server, `h${at}`), `${name}: not carried out`);
  t.equal((await server.ask('GET /healthz')).status, 200);
});

t.test('a refusal says which header is at fault, and the connection ends', async (t) => {
  const { port, key, ask } = await gateway(t);
  const twice = head('Content-Length: 2\r\nContent-Length: 3\r\n').replaceAll(KEY, key);
  const found = await raw(port, [`${twice}{}`], { quietMs: 2_000 });
  t.same(statusesIn(found), [400]);
  t.match(found, /Connection: close/i);
  t.match(found, /"code":"FRAMING_INVALID".*"field":"Content-Length"/);
  const chunks = head('Transfer-Encoding: chunked\r\n').replaceAll(KEY, key);
  const whole = await raw(port, [`${chunks}2\r\n{}\r\n0\r\n\r\n`], { quietMs: 2_000 });
  t.match(whole, /Connection: close/i, 'chunks are read, and nothing is read behind them');
  t.match(whole, /"field":"owner"|"field":"asset"/);
  t.equal((await ask('POST /v1/holds', {})).status, 400);
});
