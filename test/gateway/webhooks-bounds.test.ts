// Webhooks at their bounds: fifty receivers that do not answer beside one that does, what waits over a restart, what is full, a gap that is told once, a
// file that is lost.

import { rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { type Answered, bare, gateway } from './harness.js';
import { type Listening, listening } from './listening.js';

const HOSTS = ['127.0.0.1'];
const earned = (owner: string, amount: number) => ({
  legs: [{ from: '@issue', to: owner, asset: 'gold', amount }],
});

t.test('fifty receivers that do not answer hold up nobody else', async (t) => {
  const server = await gateway(t, {
    ...{ assets: ['gold'], webhookHosts: HOSTS },
    limits: { webhookTimeoutMs: 600_000 },
  });
  const open: ServerResponse[] = [];
  const silent = await listening(t, (_, response) => {
    open.push(response);
    return undefined;
  });
  const quick = await listening(t);
  const hook = (n: number) =>
    server.ask('POST /v1/webhooks', { url: `${silent.url}/${n}`, types: ['points.*'] });
  const made = await Promise.all(Array.from({ length: 50 }, (_, n) => hook(n)));
  t.ok(made.every(({ status }) => status === 201));
  await server.ask('POST /v1/webhooks', { url: quick.url, types: ['points.*'] });
  const many = Array.from({ length: 600 }, (_, n) => earned(`m${n}`, 1));
  await server.ask('POST /v1/transfers', many);
  await until('the quick one is told everything', () => quick.arrived.length === many.length);
  await until('the others have what they may', () => open.length === 50 * 8);
  t.notOk(
    open.some(({ writableEnded }) => writableEnded),
    'none of them has answered',
  );
  await server.ask('POST /v1/transfers', many.slice(0, 100));
  await until('and what comes after', () => quick.arrived.length === many.length + 100);
  t.equal(open.length, 50 * 8, 'a receiver has so many attempts under way at most');
  await silent.close();
});

/** A gateway that can be started again on its folder. */
async function served(t: Test, data: string, limits: object = {}) {
  const server = await startServer({
    ...{ port: 0, webhookHosts: HOSTS, limits: { webhookPauseMs: 20, ...limits } },
    engine: { folder: data, shards: 1, cacheMb: 64 },
  });
  t.teardown(() => server.close());
  const ask = (request: string, body?: unknown): Promise<Answered> =>
    bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
  const laneOf = async (id: string) => (await ask(`GET /v1/webhooks/${id}`)).body.shards[0];
  return { server, ask, laneOf };
}

const amounts = ({ arrived }: Listening, owner: string): number[] =>
  arrived.filter(({ event }) => event.subject === owner).map(({ event }) => event.data.delta);

t.test('what waits and what was given up is there after a restart', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const first = await served(t, data);
  await first.ask('PUT /v1/assets/gold', { scale: 0 });
  const at = await listening(t);
  at.answering = ({ event }) => (event.data.delta === 13 ? 500 : 204);
  const { id } = (await first.ask('POST /v1/webhooks', { url: at.url, types: ['points.*'] })).body;
  for (const amount of [1, 13, 2, 3]) await first.ask('POST /v1/transfers', earned('ann', amount));
  await first.ask('POST /v1/transfers', earned('bob', 5));
  await until('it has failed', async () => (await first.laneOf(id)).waiting === 3);
  await until('the other one is told', () => amounts(at, 'bob').length === 1);
  await first.server.close();
  // From now on what failed is given up at once.
  const second = await served(t, data, {
    ...{ webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2 },
  });
  await until('the rest follows', () => amounts(at, 'ann').at(-1) === 3);
  t.same(
    amounts(at, 'ann').filter((amount) => amount !== 13),
    [1, 2, 3],
    'each once, in order',
  );
  t.equal(amounts(at, 'bob').length, 1);
  const [letter] = (await second.ask(`GET /v1/webhooks/${id}/dead-letters`)).body.deadLetters;
  await second.server.close();
  const third = await served(t, data);
  t.match((await third.ask(`GET /v1/webhooks/${id}/dead-letters`)).body.deadLetters, [letter]);
  const dropped = await third.ask(`DELETE /v1/webhooks/${id}/dead-letters/${letter.id}`);
  t.equal(dropped.status, 200);
  for (const amount of [6, 7]) await third.ask('POST /v1/transfers', earned('ann', amount));
  await until('they are told', () => amounts(at, 'ann').at(-1) === 7);
  const [gap, none] = at.arrived.slice(-2).map(({ event }) => event);
  t.match(gap, { gapcount: 1, gapsequence: letter.sequence });
  t.notOk('gapcount' in none, 'a gap that nobody fills is told once');
  await third.server.close();
});

t.test(
  'what had failed behind what was under way is no second event after a restart',
  async (t) => {
    const data = join(temporaryFolder(t), 'data');
    const first = await served(t, data);
    await first.ask('PUT /v1/assets/gold', { scale: 0 });
    const at = await listening(t);
    let isSilent = true;
    at.answering = ({ event }) => {
      if (event.subject === 'zed' && isSilent) return undefined;
      return event.data.delta === 13 ? 500 : 204;
    };
    const { id } = (await first.ask('POST /v1/webhooks', { url: at.url, types: ['points.*'] }))
      .body;
    await first.ask('POST /v1/transfers', earned('zed', 1));
    for (const amount of [13, 2]) await first.ask('POST /v1/transfers', earned('ann', amount));
    await until('it has failed', async () => (await first.laneOf(id)).waiting === 2);
    await first.server.close();
    isSilent = false;
    const limits = { webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2 };
    const second = await served(t, data, limits);
    await until('the rest follows', () => amounts(at, 'ann').at(-1) === 2);
    await second.ask('POST /v1/transfers', earned('end', 1));
    await until('all is read', () => amounts(at, 'end').length === 1);
    t.equal(amounts(at, 'ann').filter((amount) => amount === 2).length, 1, 'told once');
    t.match(await second.laneOf(id), { waiting: 0, dead: 1 });
    await second.server.close();
  },
);

t.test('where too much was given up, nothing new is told until somebody looks', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const limits = { webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2 };
  const { server, ask, laneOf } = await served(t, data, { ...limits, webhookDeadMax: 2 });
  await ask('PUT /v1/assets/gold', { scale: 0 });
  const at = await listening(t, () => 500);
  const { id } = (await ask('POST /v1/webhooks', { url: at.url, types: ['points.*'] })).body;
  for (const owner of ['ann', 'bob']) await ask('POST /v1/transfers', earned(owner, 1));
  await until('both are given up', async () => (await laneOf(id)).dead === 2);
  t.match(await laneOf(id), { isFull: true });
  t.match((await ask('GET /metrics')).text, `jifen_webhook_full{webhook="${id}"} 1`);
  at.answering = () => 204;
  await ask('POST /v1/transfers', earned('cat', 1));
  const { deadLetters } = (await ask(`GET /v1/webhooks/${id}/dead-letters`)).body;
  t.same(amounts(at, 'cat'), []);
  const path = `/v1/webhooks/${id}/dead-letters/${deadLetters[0].id}/retry`;
  t.match((await ask(`POST ${path}`)).body, { isDelivered: true });
  await until('it goes on', () => amounts(at, 'cat').length === 1);
  await server.close();
});

t.test('where the file of the outbox is lost, it tells again, under the same ids', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const first = await served(t, data);
  await first.ask('PUT /v1/assets/gold', { scale: 0 });
  const at = await listening(t);
  await first.ask('POST /v1/webhooks', { url: at.url, types: ['points.*'] });
  for (const amount of [1, 2, 3]) await first.ask('POST /v1/transfers', earned('ann', amount));
  await until('all is told', () => at.arrived.length === 3);
  await first.server.close();
  rmSync(join(data, 'outbox'), { recursive: true });
  const second = await served(t, data);
  await until('all is told again', () => at.arrived.length === 6);
  const texts = at.arrived.map(({ text }) => text);
  t.same(texts.slice(3), texts.slice(0, 3), 'to the byte');
  await second.server.close();
});
