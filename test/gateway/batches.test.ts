// Batches of transfers in lines (NDJSON) and in MessagePack: one outcome for each, in order, whatever is among them; senders and
// readers that stop in the middle.

import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { Packr, Unpackr } from 'msgpackr';
import t from 'tap';
import { caller, operator } from './callers.js';
import { type Gateway, gateway, linesOf } from './harness.js';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });
const LINES = 'application/x-ndjson';
const PACKED = 'application/vnd.msgpack';
const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const LINES_MAX = 50_000;

const opened = gateway(t, {
  engine: { shards: 2, folder: '' },
  limits: { lineLengthMax: 2_000, linesMax: LINES_MAX, streamedMax: 4, eventsBeatMs: 50 },
});
t.before(async () => {
  await (await opened).ask('PUT /v1/assets/gold', { scale: 0 });
});

/** A request whose body is still to be written. */
function begin(server: Gateway, query = '', headers: Record<string, string> = {}): ClientRequest {
  const begun = request(`${server.server.address}/v1/transfers${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': LINES, ...headers },
  });
  begun.flushHeaders();
  return begun;
}

/** Lines of an answer as they come. */
function answered(begun: ClientRequest): AsyncGenerator<any> {
  return linesIn(once(begun, 'response') as Promise<[IncomingMessage]>);
}

async function* linesIn(answer: Promise<[IncomingMessage]>): AsyncGenerator<any> {
  const [response] = await answer;
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part !== '') yield JSON.parse(part);
  }
}

const balanceOf = async (server: Gateway, owner: string): Promise<number> =>
  (await server.ask(`GET /v1/accounts/${owner}`)).body.accounts[0]?.available ?? 0;

t.test('lines: an outcome for each, those that cannot be read too', async (t) => {
  const server = await opened;
  const invalid = Buffer.from([0x7b, 0xff, 0x0a]);
  const parts = [
    line({ id: 'L1', legs: [LEG] }),
    '\n  \r\n',
    `${JSON.stringify({ id: 'L2', legs: [{ ...LEG, expiresAt: '2999-01-01T00:00:00Z' }] })}\r\n`,
    '{"id": nonsense}\n',
    line({ id: 'L1', legs: [LEG] }),
    line({ id: 'L1', legs: [{ ...LEG, amount: 2 }] }),
    invalid,
    line({ id: 'L3', legs: [LEG], memo: 'x'.repeat(2_000) }),
    line([{ id: 'L4', legs: [LEG] }]),
    line({ id: 'L5', legs: [{ ...LEG, amount: 9007199254740993n.toString() }] }),
    '{"id":"L6","legs":[{"from":"@issue","to":"ann","asset":"gold","amount":9007199254740993}]}\n',
    line({ id: 'L7', legs: [LEG], colour: 'red' }),
    line({ id: 'L8', legs: [{ ...LEG, from: 'ann', to: '@redeem', amount: 999 }] }),
    line({ id: 'L9', legs: [LEG] }).trimEnd(),
  ];
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const expected = [
    { status: 201, id: 'L1', replayed: false, entries: [{}, { owner: 'ann' }] },
    { status: 201, id: 'L2' },
    { status: 400, code: 'BODY_INVALID', detail: /^Line 5 is not valid JSON/ },
    { status: 200, id: 'L1', replayed: true },
    { status: 409, code: 'ID_REUSED' },
    { status: 400, code: 'BODY_INVALID', detail: /^Line 8 has more than 2000 characters/ },
    { status: 400, code: 'BODY_INVALID', detail: /^Line 9 has more than 2000 characters/ },
    { status: 400, code: 'COMMAND_INVALID' },
    { status: 400, code: 'AMOUNT_INVALID' },
    { status: 400, code: 'AMOUNT_INVALID' },
    { status: 400, code: 'COMMAND_INVALID', field: 'colour' },
    { status: 422, code: 'POINTS_SHORT', id: 'L8' },
    { status: 201, id: 'L9' },
  ];
  // Whichever way the bytes are cut.
  for (const size of [body.length, 7, 100]) {
    const begun = begin(server);
    const outcomes = answered(begun);
    for (let at = 0; at < body.length; at += size) begun.write(body.subarray(at, at + size));
    begun.end();
    const all = [];
    for await (const one of outcomes) all.push(one);
    const told =
      size === body.length
        ? expected
        : expected.map(({ status, ...one }) => {
            const { replayed: _, ...rest } = one as Record<string, unknown>;
            return { status: status === 201 ? 200 : status, ...rest };
          });
    t.match(all, told, `in pieces of ${size}`);
    t.equal(all.length, expected.length);
  }
  t.equal(await balanceOf(server, 'ann'), 3);
  const brief = await server.ask('POST /v1/transfers?brief=true', line({ id: 'L1', legs: [LEG] }), {
    'Content-Type': LINES,
  });
  t.same(Object.keys(linesOf(brief.text)[0]), ['status', 'id', 'shard', 'seq', 'time', 'replayed']);
  t.equal(brief.headers.get('content-type'), LINES);
  const none = await server.ask('POST /v1/transfers', '\n', { 'Content-Type': LINES });
  t.match(none, { status: 200, text: '' }, 'of nothing there is nothing to tell');
});

t.test('outcomes come while lines are still sent', async (t) => {
  const server = await opened;
  const begun = begin(server, '?brief=true');
  const outcomes = answered(begun);
  for (let i = 0; i < 5; i++) {
    begun.write(line({ id: `T${i}`, legs: [{ ...LEG, to: 'bob' }] }));
    t.match((await outcomes.next()).value, { id: `T${i}`, status: 201 }, 'before the next is sent');
  }
  begun.end();
  t.equal((await outcomes.next()).done, true);
});

t.test('many lines in one request, in order', async (t) => {
  const server = await opened;
  const count = process.env.JIFEN_LONG === '1' ? LINES_MAX : 5_000;
  const begun = begin(server, '?brief=true');
  const outcomes = answered(begun);
  const send = async () => {
    for (let i = 0; i < count; i++) {
      const transfer = { id: `M${i}`, legs: [{ ...LEG, to: `user${i % 50}` }] };
      if (!begun.write(line(transfer))) await once(begun, 'drain');
    }
    begun.end();
  };
  const sent = send();
  let told = 0;
  for await (const { id, status } of outcomes) {
    if (id !== `M${told}` || status !== 201) t.fail(`${told}: ${id} ${status}`);
    told++;
  }
  await sent;
  t.equal(told, count);
});

t.test('a sender who goes in the middle: what was submitted stays', async (t) => {
  const server = await opened;
  const begun = begin(server, '?brief=true');
  begun.on('error', () => undefined);
  const outcomes = answered(begun);
  begun.write(line({ id: 'G1', legs: [{ ...LEG, to: 'gone' }] }));
  t.match((await outcomes.next()).value, { id: 'G1' });
  begun.write(`${line({ id: 'G2', legs: [{ ...LEG, to: 'gone' }] })}{"id":"G3","legs":[`);
  begun.destroy();
  await t.rejects(outcomes.next());
  t.equal((await server.ask('GET /healthz')).status, 200);
  t.ok((await balanceOf(server, 'gone')) <= 2);
  t.equal((await server.ask('GET /v1/accounts/gone/transfers/G3')).status, 404);
});

t.test('what is refused as a whole', async (t) => {
  const server = await opened;
  const sent = line({ id: 'R1', legs: [LEG] });
  const typed = { 'Content-Type': LINES };
  const keyed = await server.ask('POST /v1/transfers', sent, { ...typed, 'Idempotency-Key': 'K' });
  t.match(keyed, { status: 400, body: { code: 'ID_INVALID' } });
  for (const [query, field] of [
    ['timeoutMs=x', 'timeoutMs'],
    ['brief=1', 'brief'],
    ['a=1', 'a'],
  ])
    t.match(await server.ask(`POST /v1/transfers?${query}`, sent, typed), {
      status: 400,
      body: { code: 'QUERY_INVALID', field },
    });
  const single = await server.ask('POST /v1/transfers?brief=true', { legs: [LEG] });
  t.match(single, { status: 400, body: { field: 'brief' } }, 'of one transfer');
  const holds = await server.ask('POST /v1/holds', sent, typed);
  t.match(holds, { status: 415, body: { code: 'MEDIA_TYPE_UNSUPPORTED' } });
  t.match(await server.ask('POST /v1/transfers', sent, { ...typed, Authorization: 'Bearer x' }), {
    status: 401,
  });
  const reader = await operator(server, ['read']);
  t.match(await server.ask('POST /v1/transfers', sent, { ...typed, ...reader }), { status: 403 });

  const open = Array.from({ length: 4 }, () => begin(server));
  const streams = open.map(answered);
  for (const [i, one] of open.entries()) {
    one.write(sent);
    t.match((await streams[i]!.next()).value, { id: 'R1' });
  }
  const fifth = await server.ask('POST /v1/transfers', sent, typed);
  t.match(fifth, { status: 503, body: { code: 'CONNECTIONS_LIMIT' } });
  for (const one of open) one.end();
  for (const stream of streams) for await (const _ of stream) t.fail('nothing more');
  const tooMany = begin(server, '?brief=true');
  tooMany.on('error', () => undefined);
  const outcomes = answered(tooMany);
  for (let i = 0; i <= LINES_MAX; i += 1_000) tooMany.write(line({ legs: [] }).repeat(1_000));
  let last: unknown;
  for await (const one of outcomes) last = one;
  const detail = `A body has at most ${LINES_MAX} lines.`;
  t.match(last, { code: 'BATCH_TOO_LARGE', detail });
  tooMany.destroy();
});

t.test('who may send which lines', async (t) => {
  const server = await opened;
  await server.ask('PUT /v1/assets/tin', { scale: 0 });
  const shop = await caller(server, 'shop', { assets: ['tin'] });
  const sent = line({ id: 'P1', legs: [{ ...LEG, asset: 'tin' }] }) + line({ legs: [LEG] });
  const expected = (status: number) => [{ status }, { status: 403, code: 'ASSET_FORBIDDEN' }];
  const headers = { 'Content-Type': LINES };
  t.match(linesOf((await shop.ask('POST /v1/transfers', sent, headers)).text), expected(201));
  const first = await shop.sign('POST /v1/transfers', sent, { headers });
  t.match(first, { status: 415, body: { field: 'Content-Type' } }, 'version 1 is for JSON');
  const signed = await shop.sign('POST /v1/transfers', sent, { headers, version: 2 });
  t.match(linesOf(signed.text), expected(200), 'a signed body is read whole first');
  const forged = { headers, version: 2 as const, sent: { body: sent.replace('tin', 'tan') } };
  t.match(await shop.sign('POST /v1/transfers', sent, forged), { status: 403 });

  const slow = await operator(server, ['earn'], { rate: { limit: 20, seconds: 1 } });
  const begun = begin(server, '?brief=true', { ...slow });
  const outcomes = answered(begun);
  for (let i = 0; i < 45; i++) begun.write(line({ id: `W${i}`, legs: [{ ...LEG, to: 'wait' }] }));
  begun.end();
  let told = 0;
  for await (const { id, status } of outcomes)
    t.match({ id, status }, { id: `W${told++}`, status: 201 });
  t.equal(told, 45, 'a rate is waited for');
});

t.test('MessagePack', async (t) => {
  const server = await opened;
  const send = async (body: unknown, headers: Record<string, string> = {}, query = '') => {
    const response = await fetch(`${server.server.address}/v1/transfers${query}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': PACKED, ...headers },
      body: body instanceof Uint8Array ? body : packr.pack(body),
    });
    const type = response.headers.get('content-type');
    const bytes = Buffer.from(await response.arrayBuffer());
    const told = type === PACKED ? unpackr.unpack(bytes) : JSON.parse(bytes.toString());
    return { status: response.status, type, body: told };
  };
  const batch = [
    { id: 'B1', legs: [LEG], metadata: { shop: 7 }, memo: '购物' },
    { id: 'B2', legs: [{ ...LEG, amount: 2 ** 53 }] },
    { id: 'B3', legs: [{ ...LEG, from: 'ann', to: '@redeem', amount: 999_999 }] },
    { id: 'B4', legs: [LEG], colour: 'red' },
    'nonsense',
    { id: 'B5', legs: [{ ...LEG, expiresAt: '2999-01-01T00:00:00Z' }] },
  ];
  const first = await send(batch);
  t.match(first, { status: 200, type: PACKED });
  const statuses = first.body.map(({ status }: any) => status);
  t.same(statuses, [201, 400, 422, 400, 400, 201]);
  const json = await send(batch, { Accept: 'application/json' });
  t.equal(json.type, 'application/json');
  const again = await send(batch);
  t.same(again.body, json.body, 'the same in both formats');
  const asJson = await server.ask('POST /v1/transfers', batch, { Accept: 'application/json' });
  t.same(asJson.body, json.body);
  const brief = await send(batch.slice(0, 1), {}, '?brief=true');
  t.same(Object.keys(brief.body[0]), ['status', 'id', 'shard', 'seq', 'time', 'replayed']);
  t.match(await send({ id: 'B9', legs: [LEG] }), { status: 201, type: PACKED, body: { id: 'B9' } });
  t.match(await send({ id: 'B9', legs: [] }), { status: 400, type: 'application/problem+json' });

  const nested = packr.pack(JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`));
  const wrong = [
    new Uint8Array(0),
    Buffer.from([0xc1]),
    Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
  ];
  for (const bytes of [...wrong, nested, Buffer.concat([packr.pack([]), packr.pack([])])])
    t.match(await send(bytes), { status: 400, body: { code: 'BODY_INVALID' } });
  const many = Array.from({ length: 8_193 }, () => 0);
  t.match(await send(many), { status: 413, body: { code: 'BATCH_TOO_LARGE' } });
});

t.test(
  'a reader who takes nothing: its sender is paused or broken off, and others are served',
  async (t) => {
    const server = await opened;
    // Each line is answered with many more bytes than it has.
    const legs = Array.from({ length: 16 }, (_, i) => ({ ...LEG, to: `slow${i}` }));
    await server.ask('POST /v1/transfers', { id: 'S1', legs });
    const chunk = Buffer.from(line({ id: 'S1', legs }).repeat(500));
    const head = [
      'POST /v1/transfers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n',
      `Content-Type: ${LINES}\r\nAuthorization: Bearer ${server.key}\r\n\r\n`,
    ].join('');
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    let hasEnded = false;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      hasEnded = true;
    });
    socket.write(head);
    const taken = () =>
      new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, 1_000, false);
        socket.write(`${chunk.length.toString(16)}\r\n`);
        socket.write(chunk);
        socket.write('\r\n', () => {
          clearTimeout(timer);
          resolve(true);
        });
      });
    let pieces = 0;
    // The web server reads on after it could not write, paused or not; what waits is bounded all the same (http.H23).
    while (pieces < 300 && !hasEnded && (await taken())) {
      pieces++;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    t.ok(pieces < 300, `no more after ${pieces} times ${chunk.length} bytes`);
    t.equal((await server.ask('GET /v1/accounts/slow1')).status, 200);
    socket.destroy();
  },
);
