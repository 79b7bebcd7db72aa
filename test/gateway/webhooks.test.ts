// Webhooks over a real server and real receivers: what is told to whom, signed, in order, until it is delivered or given up.

import { createHmac } from 'node:crypto';
import t from 'tap';
import { signatureHeaders } from '../../gateway/outbound/signing.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { type Gateway, gateway } from './harness.js';
import { type Arrived, type Listening, listening } from './listening.js';

const HOSTS = ['127.0.0.1'];
/** Quick enough for a test. */
const QUICK = { webhookPauseMs: 20, webhookTimeoutMs: 2_000 };
const isOf = (type: string) => (one: Arrived) => one.event.type === type;

const earn = (server: Gateway, owner: string, amount: number, asset = 'gold', id?: string) =>
  server.ask('POST /v1/transfers', {
    ...(id === undefined ? {} : { id }),
    legs: [{ from: '@issue', to: owner, asset, amount }],
  });

async function hooked(server: Gateway, at: Listening, more: object = {}) {
  const made = await server.ask('POST /v1/webhooks', { url: at.url, ...more });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}

const signedWith = (secret: string, { headers, text }: Arrived): string => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
};

t.test('it signs as Standard Webhooks do: the example of their libraries', async (t) => {
  const [id, secret] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  t.same(signatureHeaders(id, 1_614_265_330, '{"test": 2432232314}', [secret]), {
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

t.test(
  'an event is told once, in an envelope, signed; a new secret signs beside the last',
  async (t) => {
    const server = await gateway(t, { assets: ['gold'], webhookHosts: HOSTS });
    const at = await listening(t);
    const { id, secret } = await hooked(server, at, { types: ['points.*'] });
    t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    await earn(server, 'ann', 5, 'gold', 'T1');
    const [first] = await until('it is told', () => at.arrived.length === 1 && at.arrived);
    const { event, headers } = first!;
    t.match(event, {
      ...{ specversion: '1.0', type: 'points.earned', subject: 'ann', source: '/jifen/shards/0' },
      datacontenttype: 'application/json',
      data: { owner: 'ann', asset: 'gold', delta: 5, available: 5, version: 1, id: 'T1' },
    });
    t.match(event.sequence, /^\d{16}\.\d{10}$/);
    t.equal(headers['webhook-id'], event.id);
    t.equal(headers['webhook-signature'], signedWith(secret, first!));
    t.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8');
    const rotated = await server.ask(`POST /v1/webhooks/${id}/rotate`, { overlapSeconds: 60 });
    await earn(server, 'ann', 1);
    await until('it is told', () => at.arrived.length === 2);
    const both = [rotated.body.secret, secret].map((one) => signedWith(one, at.arrived[1]!));
    t.equal(at.arrived[1]!.headers['webhook-signature'], both.join(' '));
    // It is counted once the answer is there: a while after it has arrived.
    const shown = await until('both are counted', async () => {
      const { body } = await server.ask(`GET /v1/webhooks/${id}`);
      return body.delivered === 2 && body;
    });
    t.match(shown, { id, state: 'active', halted: null, delivered: 2, failed: 0 });
    t.notMatch((await server.ask('GET /v1/webhooks')).text, /secret|whsec/);
  },
);

t.test(
  'what failed holds up its subject alone, and is given up in the end; the gap is told',
  async (t) => {
    const clockOffset = new SharedArrayBuffer(8);
    const server = await gateway(t, {
      ...{ assets: ['gold'], webhookHosts: HOSTS, limits: QUICK },
      engine: { folder: '', shards: 1, clockOffset },
    });
    const at = await listening(t);
    const isPoison = ({ event }: Arrived) => event.data.delta === 13;
    at.answering = (one) => (isPoison(one) ? 500 : 204);
    const { id } = await hooked(server, at);
    for (const amount of [1, 13, 2, 3]) await earn(server, 'ann', amount);
    for (let n = 1; n <= 20; n++) await earn(server, `b${n}`, 100 + n);
    await until(
      'all others are told',
      () => at.arrived.filter(({ event }) => /^b/.test(event.subject)).length === 20,
    );
    await until('it is tried again', () => at.arrived.filter(isPoison).length >= 3);
    const ofAnn = () => at.arrived.filter((one) => one.event.subject === 'ann' && !isPoison(one));
    t.equal(ofAnn().length, 1, 'nothing behind it is told');
    const before = (await server.ask(`GET /v1/webhooks/${id}`)).body.shards[0];
    t.match(before, { waiting: 3, dead: 0 });
    new Float64Array(clockOffset)[0] = 3 * 86_400_000 + 1;
    await until('the others follow', () => ofAnn().length === 3);
    const [, second] = ofAnn();
    const dead = (await server.ask(`GET /v1/webhooks/${id}/dead-letters`)).body.deadLetters;
    t.equal(dead.length, 1);
    t.match(dead[0], { type: 'points.earned', subject: 'ann', status: 500, reason: 'STATUS' });
    t.match(second!.event, { gapcount: 1, gapsequence: dead[0].sequence });
    const path = `/v1/webhooks/${id}/dead-letters/${dead[0].id}`;
    t.match((await server.ask(`POST ${path}/retry`)).body, { isDelivered: false, status: 500 });
    at.answering = () => 204;
    t.match((await server.ask(`POST ${path}/retry`)).body, { isDelivered: true, status: 204 });
    t.match(await server.ask(`POST ${path}/retry`), {
      status: 404,
      body: { code: 'DEAD_LETTER_NOT_FOUND' },
    });
    await server.server.engine.acceptClock();
    await earn(server, 'ann', 4);
    await until('it is told', () => ofAnn().length === 4);
    t.notOk('gapcount' in ofAnn()[3]!.event, 'there is no gap any more');
  },
);

t.test('who makes a webhook is told what he may read, and nobody else finds it', async (t) => {
  const server = await gateway(t, { assets: ['gold', 'jade'], webhookHosts: HOSTS });
  const [ofShop, ofKey, ofAll] = [await listening(t), await listening(t), await listening(t)];
  const shop = await caller(server, 'shop', { assets: ['gold'] });
  const rival = await caller(server, 'rival', { assets: ['jade'] });
  const bob = await operator(server, ['read'], { owner: 'bob' });
  const made = await shop.ask('POST /v1/webhooks', { url: ofShop.url });
  t.equal(made.status, 201);
  t.equal(made.body.principal, 'platform:shop');
  t.equal((await server.ask('POST /v1/webhooks', { url: ofKey.url }, bob)).status, 201);
  await hooked(server, ofAll);
  t.match(await shop.ask('POST /v1/webhooks', { url: ofShop.url, platform: 'rival' }), {
    status: 403,
    body: { code: 'OPERATION_FORBIDDEN', field: 'platform' },
  });
  for (const ask of ['GET', 'DELETE'])
    t.match(await rival.ask(`${ask} /v1/webhooks/${made.body.id}`), { status: 404 });
  for (const verb of ['pause', 'rotate', 'test'])
    t.match(await rival.ask(`POST /v1/webhooks/${made.body.id}/${verb}`), {
      status: 404,
      body: { code: 'WEBHOOK_NOT_FOUND' },
    });
  t.same((await rival.ask('GET /v1/webhooks')).body.webhooks, []);
  t.equal((await server.ask('GET /v1/webhooks')).body.webhooks.length, 3);
  await shop.ask('POST /v1/transfers', {
    id: 'S1',
    legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }],
  });
  await earn(server, 'ann', 2, 'jade');
  await earn(server, 'bob', 3, 'jade');
  await earn(server, 'bob', 4);
  await until(
    'the last one is told',
    () => ofAll.arrived.filter(isOf('points.earned')).length === 4,
  );
  await until('he is told', () => ofKey.arrived.length === 2);
  await until('it is told', () => ofShop.arrived.length === 2);
  t.same(
    ofShop.arrived.map(({ event }) => [event.data.delta, event.data.id]),
    [
      [1, 'S1'],
      [4, ofShop.arrived[1]!.event.data.id],
    ],
  );
  t.same(
    ofKey.arrived.map(({ event }) => event.data.delta),
    [3, 4],
  );
  t.equal(ofAll.arrived.find(({ event }) => event.data.delta === 1)?.event.data.id, 'shop,S1');
  await server.ask('POST /v1/platforms/shop/disable');
  await earn(server, 'ann', 9);
  await until('the others are told', () =>
    ofAll.arrived.some(({ event }) => event.data.delta === 9),
  );
  t.match((await server.ask(`GET /v1/webhooks/${made.body.id}`)).body, { halted: 'forbidden' });
  t.equal(ofShop.arrived.length, 2);
  await server.ask('POST /v1/platforms/shop/enable');
  await until('it is told again', () => ofShop.arrived.length === 3);
});

t.test(
  'what comes while it may not be told is told later, also where an attempt ends meanwhile',
  async (t) => {
    const server = await gateway(t, { assets: ['gold'], webhookHosts: HOSTS });
    const shop = await caller(server, 'shop', { assets: ['gold'], operations: ['earn', 'read'] });
    const release: (() => void)[] = [];
    const held = await listening(t, async () => {
      await new Promise<void>((resolve) => release.push(resolve));
      return 204;
    });
    const others = await listening(t);
    const made = await shop.ask('POST /v1/webhooks', { url: held.url, types: ['points.*'] });
    t.equal(made.status, 201);
    await hooked(server, others, { types: ['points.*'] });
    await earn(server, 'ann', 1);
    await until('the first one is under way', () => release.length === 1);
    await server.ask('POST /v1/platforms/shop/disable');
    for (let n = 0; n < 20; n++) await earn(server, `m${n}`, 2);
    await until('the others are told', () => others.arrived.length === 21);
    held.answering = () => 204;
    release[0]?.();
    const path = `GET /v1/webhooks/${made.body.id}`;
    await until('it is answered', async () => (await server.ask(path)).body.inFlight === 0);
    await server.ask('POST /v1/platforms/shop/enable');
    await until('all of it is told', () => held.arrived.length === 21);
  },
);

t.test('paused, tested, replayed from a position, ended', async (t) => {
  const server = await gateway(t, { assets: ['gold'], webhookHosts: HOSTS });
  const at = await listening(t);
  await earn(server, 'zoe', 7);
  const { id } = await hooked(server, at, { types: ['points.*'] });
  const path = `/v1/webhooks/${id}`;
  t.match((await server.ask(`POST ${path}/pause`)).body, { state: 'paused' });
  await earn(server, 'ann', 1);
  t.match((await server.ask(`POST ${path}/test`)).body, { isDelivered: true, status: 204 });
  t.equal(at.arrived[0]!.event.type, 'webhook.test');
  t.equal(at.arrived.length, 1, 'and nothing else');
  await server.ask(`POST ${path}/resume`);
  await until('it is told', () => at.arrived.length === 2);
  t.equal(at.arrived[1]!.event.subject, 'ann', 'not what was before');
  for (const from of [Date.now() + 3_600_000, '1:1', '0:1,0:2', 'x', -1])
    t.match(await server.ask(`POST ${path}/replay`, { from }), {
      status: 400,
      body: { code: 'COMMAND_INVALID', field: 'from' },
    });
  t.match(await server.ask(`POST ${path}/replay`, { from: '0:1' }), { status: 200 });
  await until('all is told', () => at.arrived.length === 4);
  t.same(
    at.arrived.slice(2).map(({ event }) => event.subject),
    ['zoe', 'ann'],
  );
  t.equal(at.arrived[3]!.text, at.arrived[1]!.text, 'the same, to the byte');
  t.equal((await server.ask(`DELETE ${path}`)).status, 200);
  t.equal((await server.ask(`GET ${path}`)).status, 404);
  await earn(server, 'ann', 1);
  t.equal(at.arrived.length, 4);
});

t.test('who answers 410 is paused', async (t) => {
  const server = await gateway(t, { assets: ['gold'], webhookHosts: HOSTS });
  const at = await listening(t, () => 410);
  const { id } = await hooked(server, at);
  await earn(server, 'ann', 1);
  const found = await until('it is paused', async () => {
    const { body } = await server.ask(`GET /v1/webhooks/${id}`);
    return body.state === 'paused' && body;
  });
  t.match(found, { gone: true });
});
