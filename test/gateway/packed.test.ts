// Packed batches over HTTP and the stream: the same outcomes in both, and as objects; who may not, who is counted, what is no batch; the client's
// writers, also where the connection breaks.

import t from 'tap';
import type { Outcome, PackedOutcomes } from '../../engine/index.js';
import { packedBatch } from '../../engine/protocol/packed-batch.js';
import { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import { connect as connectInBrowser } from '../../gateway/client/index.js';
import { ClientError, connect } from '../../gateway/client/node.js';
import { caller, operator, secondSignature, signature, token } from './callers.js';
import { between, errorOf } from './client/between.js';
import { bare, type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const COMMANDS = 'application/vnd.jifen.commands';
const OUTCOMES = 'application/vnd.jifen.outcomes';

const opened = gateway(t, {
  assets: ['gold'],
  engine: { shards: 2, folder: '' },
  limits: { batchItemsMax: 50, userRates: { spend: { limit: 2, seconds: 3600 } } },
});

const clientOf = ({ server, key }: Gateway, other = key) =>
  connect({ url: server.address, key: other, limits: { batchItemsMax: 50 } });

/** What is said of each. */
const codes = (outcomes: PackedOutcomes<unknown>): string[] =>
  Array.from({ length: outcomes.length }, (_, i) =>
    outcomes.ok(i) ? `ok${outcomes.replayed(i) ? ' again' : ''}` : String(outcomes.code(i)),
  );

/** A batch with a bad command among good ones, in which ids begin so. */
function batchOf(server: Gateway, prefix: string): Uint8Array {
  const batch = clientOf(server).batch();
  batch.move(`${prefix}1`, '@issue', 'ann', 'gold', 100);
  batch.move(`${prefix}2`, 'ann', 'ann', 'gold', 1);
  batch.transfer({
    id: `${prefix}3`,
    legs: [{ from: 'ann', to: '@redeem', asset: 'gold', amount: 1 }],
    metadata: { a: 1 },
  });
  batch.add({ type: 'hold', id: `${prefix}4`, owner: 'ann', asset: 'gold', amount: 5 });
  batch.move(`${prefix}5`, 'ann', '@redeem', 'silver', 1);
  return batch.take();
}
const EXPECTED = ['ok', 'SAME_ACCOUNT', 'ok', 'ok', 'ASSET_UNKNOWN'];

async function post(server: Gateway, bytes: Uint8Array, headers: Headers = {}, query = '') {
  const answer = await fetch(`${server.server.address}/v1/commands${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': COMMANDS, ...headers },
    body: bytes,
  });
  const type = answer.headers.get('content-type');
  const body = new Uint8Array(await answer.arrayBuffer());
  const told =
    type === OUTCOMES ? codes(new OutcomesInBytes(body)) : JSON.parse(String(Buffer.from(body)));
  return { status: answer.status, type, told };
}

t.test('over HTTP and the stream, and again as objects', async (t) => {
  const server = await opened;
  const client = clientOf(server);
  t.teardown(() => client.close());
  for (const [way, caller] of [
    ['http', client],
    ['stream', client.stream],
  ] as const) {
    const bytes = batchOf(server, way);
    const first = await caller.submitPacked(bytes);
    t.same(codes(first), EXPECTED, way);
    t.equal(first.refused, 2);
    t.match(first.outcome(0), {
      ok: true,
      id: `${way}1`,
      shard: Number,
      seq: Number,
      time: Number,
      replayed: false,
    });
    t.match(first.outcome(1), {
      ok: false,
      code: 'SAME_ACCOUNT',
      status: 400,
      field: 'legs[0].to',
      id: `${way}2`,
    });
    t.ok(first.seq(0) > 0 && first.time(0) > 1e12);
    t.same([first.seq(1), first.shard(1)], [0, 0]);
    t.throws(() => first.outcome(5), RangeError);
    const again = await (way === 'http' ? client.stream : client).submitPacked(bytes);
    t.same(
      codes(again),
      ['ok again', 'SAME_ACCOUNT', 'ok again', 'ok again', 'ASSET_UNKNOWN'],
      'over the other',
    );
    const object = await client.stream.submit({
      type: 'hold',
      id: `${way}4`,
      owner: 'ann',
      asset: 'gold',
      amount: 5,
    });
    t.match(object, { ok: true, replayed: true });
  }
  t.equal((await server.ask('GET /v1/accounts/ann')).body.accounts[0].available, 188);
});

t.test('the client’s writers', async (t) => {
  const server = await opened;
  const client = clientOf(server);
  t.teardown(() => client.close());
  for (const caller of [client, client.stream]) {
    const batch = caller.batch();
    for (let i = 0; i < 50; i++) batch.move('', '@issue', 'bob', 'gold', 1);
    t.ok(batch.isFull, 'as many as the server takes');
    const submitted = batch.submit({ timeoutMs: 20_000, decisionMs: 500 });
    batch.move('', '@issue', 'bob', 'gold', 1);
    const outcomes = await submitted;
    t.equal(outcomes.refused, 0);
    t.equal(
      new Set(Array.from({ length: 50 }, (_, i) => outcomes.id(i))).size,
      50,
      'ids of their own',
    );
    t.equal((await batch.submit()).length, 1, 'it was filled again at once');
  }
  t.equal((await server.ask('GET /v1/accounts/bob')).body.accounts[0].available, 102);
  const browser = connectInBrowser({ url: server.server.address, key: server.key });
  t.throws(() => browser.batch(), /Node.js/);
  const json = connect({
    url: server.server.address,
    key: server.key,
    codec: {
      subprotocol: 'jifen.json',
      encode: JSON.stringify,
      decode: (data) => JSON.parse(String(data)),
    },
  });
  t.teardown(() => json.close());
  await t.rejects(json.stream.submitPacked(batchOf(server, 'j')), /jifen.msgpack/);
});

t.test('what is no batch, or not to be had so', async (t) => {
  const server = await opened;
  const good = batchOf(server, 'w');
  t.match(await post(server, good.subarray(0, -1)), {
    status: 400,
    told: { code: 'COMMAND_INVALID', field: 'batch' },
  });
  t.match(await post(server, Buffer.from('[]'), { 'Content-Type': 'application/json' }), {
    status: 415,
  });
  t.match(await post(server, good, { 'Content-Type': 'application/vnd.msgpack' }), { status: 415 });
  t.match(await post(server, good, { 'Idempotency-Key': 'x' }), {
    status: 400,
    told: { code: 'ID_INVALID' },
  });
  t.match(await post(server, good, {}, '?dryRun=true'), {
    status: 400,
    told: { code: 'QUERY_INVALID' },
  });
  const many = packedBatch(good.subarray(7), 51);
  t.match(await post(server, many), { told: { code: 'BATCH_TOO_LARGE' } });
  t.match(await post(server, good, { Authorization: 'Bearer nobody' }), { status: 401 });
  t.match(
    await bare(server.server.address, 'POST /v1/transfers', 'x', {
      Authorization: `Bearer ${server.key}`,
      'Content-Type': COMMANDS,
    }),
    { status: 415 },
  );
  const talk = await Talk.open(server.port, server.key, 'jifen.msgpack');
  t.match(await talk.nextOf('ready'), {});
  for (const [batch, expected] of [
    [good.subarray(0, -1), { code: 'COMMAND_INVALID', field: 'batch' }],
    [many, { code: 'BATCH_TOO_LARGE', field: 'batch' }],
    [Buffer.from('none'), { code: 'MESSAGE_INVALID', field: 'batch' }],
    ['text', { code: 'MESSAGE_INVALID', field: 'batch' }],
  ] as const) {
    talk.send({ type: 'packed', id: 7, batch });
    t.match(await talk.nextOf('error'), { id: 7, ...expected });
  }
  talk.socket.close();
  const text = await Talk.open(server.port, server.key, 'jifen.json');
  await text.nextOf('ready');
  text.send({ type: 'packed', id: 8, batch: Buffer.from(good).toString('base64') });
  t.match(await text.nextOf('error'), { id: 8, code: 'MESSAGE_INVALID', field: 'batch' });
  text.socket.close();
  t.equal(
    (await server.ask('GET /v1/accounts/ann/transfers/w1')).status,
    404,
    'nothing of it was carried out',
  );
});

t.test('who may not as an object may not as bytes', async (t) => {
  const server = await opened;
  const { Authorization = '' } = await operator(server, ['earn'], { assets: ['gold'] });
  const client = clientOf(server, Authorization.slice('Bearer '.length));
  t.teardown(() => client.close());
  const expected = [
    'ok',
    'SAME_ACCOUNT',
    'OPERATION_FORBIDDEN',
    'OPERATION_FORBIDDEN',
    'OPERATION_FORBIDDEN',
  ];
  t.same(codes(await client.submitPacked(batchOf(server, 'o'))), expected);
  t.same(codes(await client.stream.submitPacked(batchOf(server, 'p'))), expected);
});

t.test('a platform’s ids are its own, and its users are counted', async (t) => {
  const server = await opened;
  const shop = await caller(server, 'shop', { operations: ['earn', 'spend', 'redeem'] });
  const show = () => token(shop.id, shop.secret);
  const client = connect({ url: server.server.address, token: show });
  t.teardown(() => client.close());
  const write = (to: typeof client | typeof client.stream, from: number) => {
    const batch = to.batch();
    if (from === 0) batch.move('e', '@issue', 'cat', 'gold', 50);
    for (let i = 0; i < 2; i++) batch.move(`s${from + i}`, 'cat', '@fee', 'gold', 1);
    return batch.take();
  };
  const first = write(client, 0);
  t.same(codes(await client.submitPacked(first)), ['ok', 'ok', 'ok']);
  t.same(codes(await client.stream.submitPacked(write(client.stream, 1))), [
    'ok again',
    'RATE_LIMITED',
  ]);
  t.same(codes(await client.submitPacked(first)), ['ok again', 'ok again', 'ok again']);
  t.match((await server.ask('GET /v1/accounts/cat/transfers/shop,s1')).body, { state: 'posted' });
  const rival = await caller(server, 'rival', { assets: ['tin'] });
  const other = connect({ url: server.server.address, token: () => token('rival', rival.secret) });
  t.teardown(() => other.close());
  for (const to of [other, other.stream])
    t.same(codes(await to.submitPacked(first)), Array(3).fill('ASSET_FORBIDDEN'), 'nobody else’s');

  const signing = connect({
    url: server.server.address,
    sign: { platform: shop.id, secret: shop.secret },
  });
  t.same(codes(await signing.submitPacked(first)), ['ok again', 'ok again', 'ok again'], 'signed');
  const signed = secondSignature(shop, 'POST /v1/commands', first, { 'Content-Type': COMMANDS });
  const sent = { ...signed, Authorization: '' };
  t.equal((await post(server, first, sent)).status, 200);
  t.match(await post(server, first, sent), { told: { code: 'SIGNATURE_REPLAYED' } });
  const old = signature(shop.id, shop.secret, 'POST /v1/commands', String(first));
  t.match(await post(server, first, { ...old, Authorization: '' }), { told: { code: /./ } });
});

t.test('lost with its connection, a batch is sent again, and carried out once', async (t) => {
  const server = await opened;
  const proxy = await between(t, server.server.address);
  const client = connect({ url: proxy.url, key: server.key, attempts: 2 });
  t.teardown(() => client.close());
  await client.stream.submit({ type: 'open-account', owner: 'dan', asset: 'gold' });
  const batch = client.stream.batch();
  batch.move('d1', '@issue', 'dan', 'gold', 3);
  const bytes = batch.take();
  let lost = 1;
  proxy.fate = () => 'pass';
  proxy.answer = (message) => {
    if (message.includes('outcomes') && lost-- > 0) proxy.cut();
    return message;
  };
  t.same(codes(await client.stream.submitPacked(bytes)), ['ok again']);
  lost = 9;
  const error = await errorOf(client.stream.submitPacked(bytes));
  t.type(error, ClientError);
  t.match(error, { reason: 'unreachable', isOutcomeUnknown: true, commands: [] });
  t.same(error.packed, bytes);
});

t.test('the outcomes of both ways are the engine’s', async (t) => {
  const server = await opened;
  const { engine } = server.server;
  const outcomes = (await engine.submitPacked(batchOf(server, 'x'))) as PackedOutcomes;
  const entries = (outcome: Outcome) => (outcome.ok ? outcome.entries.length : 0);
  t.same(
    Array.from({ length: 5 }, (_, i) => entries(outcomes.outcome(i))),
    [2, 0, 2, 1, 0],
  );
});
