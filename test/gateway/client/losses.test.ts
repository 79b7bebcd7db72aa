// A stream whose connection is lost, silent or wrong: batches are given up after a while and each by itself, pauses grow, what is final
// ends it, and a listener that throws harms nobody.

import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import type { BalanceEvent, TransferCommand } from '../../../engine/index.js';
import {
  type ClientOptions,
  connect,
  type SocketLike,
  type StreamState,
} from '../../../gateway/client/node.js';
import { until } from '../../until.js';
import { gateway, recordsThatFail } from '../harness.js';
import { between, errorOf } from './between.js';

const earn = (id?: string, to = 'alice'): TransferCommand => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to, asset: 'points', amount: 10 }],
});

/** A real WebSocket over a line so slow that `waiting` bytes are still to be sent. */
class Slow extends WebSocket {
  waiting = 0;

  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    Object.defineProperty(this, 'bufferedAmount', { get: () => this.waiting });
  }
}

async function started(t: Test, options: Partial<ClientOptions> = {}) {
  const server = await gateway(t, { assets: ['points'] });
  const proxy = await between(t, server.server.address);
  const client = connect({ url: proxy.url, key: server.key, attempts: 4, ...options });
  t.teardown(() => client.close());
  return { server, proxy, client };
}

for (const [code, mostConnections] of [
  [1006, 6],
  [1009, 4],
] as const)
  t.test(`a batch that is closed on (${code}) is given up, its neighbours are not`, async (t) => {
    const { server, proxy, client } = await started(t);
    proxy.fate = (message) => (message.includes('poison') ? code : 'pass');
    const told: BalanceEvent[] = [];
    client.stream.watch('alice', (event) => told.push(event));
    await until('balances', () => told.length === 1);
    const before = client.stream.submitBatch([earn('before')]);
    const poison = client.stream.submitBatch([earn('poison')]);
    const after = Array.from({ length: 40 }, (_, i) => client.stream.submitBatch([earn(`a${i}`)]));
    const error = await errorOf(poison);
    if (code === 1006)
      t.match(error, { reason: 'unreachable', isOutcomeUnknown: true, message: /lost 4 times/ });
    else t.match(error, { reason: 'refused', isOutcomeUnknown: false, message: /1009/ });
    t.match(error.commands, [{ id: 'poison' }]);
    for (const outcomes of [await before, ...(await Promise.all(after))])
      t.match(outcomes, [{ ok: true }]);
    t.ok(proxy.connections.length <= mostConnections, `${proxy.connections.length} connections`);
    t.match((await server.ask('GET /v1/accounts/alice')).body.accounts, [{ available: 410 }]);
    const entries = () => told.flatMap((event) => (event.type === 'entries' ? event.entries : []));
    await until('41 entries', () => entries().length >= 41);
    const versions = entries().map(({ version }) => version);
    t.same(
      versions,
      Array.from({ length: versions.length }, (_, i) => versions[0]! + i),
      'each once, in order',
    );
  });

t.test('the pause grows until there is an answer: to be let in is none', async (t) => {
  const { proxy, client } = await started(t);
  let isFlapping = true;
  proxy.onConnect = (socket: WebSocket) => {
    if (isFlapping) socket.on('message', () => setTimeout(() => socket.terminate(), 30));
  };
  const call = client.stream.submitBatch([earn('1')], { timeoutMs: 1_500 });
  proxy.fate = (message) => (message.includes('commands') ? 'swallow' : 'pass');
  await errorOf(call);
  t.ok(proxy.connections.length <= 6, `${proxy.connections.length} connections in 1.5 s`);
  const gaps = proxy.connections.map((at, i) => at - (proxy.connections[i - 1] ?? at)).slice(1);
  t.ok((gaps.at(-1) ?? 0) > (gaps[0] ?? 0), `${gaps}`);
  isFlapping = false;
  proxy.fate = () => 'pass';
  t.match(await client.stream.submitBatch([earn('2')]), [{ ok: true }]);
  // A busy machine may make one of them longer, and hardly all.
  const pauses: number[] = [];
  for (let n = 0; n < 4; n++) {
    const { length } = proxy.connections;
    proxy.cut();
    const cutAt = performance.now();
    await until('it is back', () => proxy.connections.length > length);
    pauses.push(performance.now() - cutAt);
    t.match(await client.stream.submitBatch([earn(`back-${n}`)]), [{ ok: true }]);
  }
  t.ok(Math.min(...pauses) < 400, `after an answer the pause is short again: ${pauses}`);
});

t.test('a connection that is silent is given up, with what it had', async (t) => {
  const { proxy, client } = await started(t, { heartbeatMs: 100 });
  await client.stream.submitBatch([earn('1')]);
  const before = proxy.connections.length;
  await sleep(350);
  t.equal(proxy.connections.length, before, 'signs of life keep it');
  proxy.fate = () => 'swallow';
  const call = client.stream.submitBatch([earn('2')]);
  await until('another connection', () => proxy.connections.length > before);
  proxy.fate = () => 'pass';
  t.match(await call, [{ ok: true, id: '2' }]);
});

t.test('a connection over which a large batch still moves is not silent', async (t) => {
  const sockets: Slow[] = [];
  const { proxy, client } = await started(t, {
    heartbeatMs: 60,
    openSocket: (url, protocol) => {
      const socket = new Slow(url, [protocol]);
      sockets.push(socket);
      return socket as unknown as SocketLike;
    },
  });
  await client.stream.submitBatch([earn('1')]);
  proxy.fate = () => 'swallow';
  const [socket] = sockets;
  socket!.waiting = 1_000;
  const moving = setInterval(() => socket!.waiting--, 20);
  const call = client.stream.submitBatch([earn('2')]);
  await sleep(400);
  t.equal(proxy.connections.length, 1);
  clearInterval(moving);
  await until('another connection', () => proxy.connections.length > 1);
  proxy.fate = () => 'pass';
  t.match(await call, [{ ok: true }]);
});

t.test('no more is sent than may wait for answers, and the rest in order', async (t) => {
  const { server, proxy, client } = await started(t);
  await client.stream.submitBatch([earn('0')]);
  const metadata = { text: 'x'.repeat(1_000) };
  const calls = Array.from({ length: 24 }, (_, n) =>
    client.stream.submitBriefly(
      Array.from({ length: 800 }, (_, i) => ({ ...earn(`${n}.${i}`), metadata })),
    ),
  );
  proxy.fate = () => 'swallow';
  await until('some are sent', () => proxy.messages.length > 15);
  await sleep(100);
  const bytes = proxy.messages.reduce((all, { length }) => all + length, 0);
  t.ok(bytes < 17 * 1024 * 1024, `${bytes} bytes are on the way`);
  t.ok(proxy.messages.length < 24 + 2);
  proxy.fate = () => 'pass';
  proxy.cut();
  for (const outcomes of await Promise.all(calls)) t.ok(outcomes.every(({ ok }) => ok));
  const { body } = await server.ask('GET /v1/accounts/alice');
  t.equal(body.accounts[0].available, 10 + 24 * 800 * 10);
});

t.test('what is ended while there is no connection is not subscribed again', async (t) => {
  const { proxy, client } = await started(t);
  const told: unknown[] = [];
  const ends = ['a', 'b', 'c'].map((owner) => client.stream.watch(owner, () => told.push(owner)));
  await until('three', () => told.length === 3);
  const states: StreamState[] = [];
  client.stream.onState = (state) => {
    states.push(state);
    // The connection is lost: nobody hears this.
    if (state === 'connecting') for (const end of ends.slice(0, 2)) end();
  };
  const { length } = proxy.messages;
  proxy.cut();
  await until('the third again', () => told.length === 4);
  t.same(states, ['connecting', 'open']);
  const said = proxy.messages.slice(length).filter((message) => message.includes('subscribe'));
  t.equal(said.length, 1);
  t.equal(told[3], 'c');
});

t.test('what is given up: never sent, or its outcome not known', async (t) => {
  const nobody = connect({ url: 'http://127.0.0.1:9', key: 'x' });
  t.teardown(() => nobody.close());
  const late = await errorOf(nobody.stream.submitBatch([earn()], { timeoutMs: 150 }));
  t.match(late, { reason: 'timeout', isOutcomeUnknown: false, message: /ECONNREFUSED/ });
  t.match(late.commands, [{ id: /^[0-9a-f]{32}$/ }]);
  const { server, proxy, client } = await started(t);
  await client.stream.submitBatch([earn('first')]);
  const controller = new AbortController();
  const { signal } = controller;
  t.match(await client.stream.submitBatch([earn('2')], { signal, timeoutMs: 60_000 }), [
    { ok: true },
  ]);
  t.equal(getEventListeners(signal, 'abort').length, 0, 'nothing is left on the signal');
  proxy.fate = (message) => (message.includes('commands') ? 'swallow' : 'pass');
  const calls = [
    client.stream.submitBatch([earn()], { signal }),
    client.stream.submitBatch([earn()], { signal, timeoutMs: 100 }),
  ];
  const stopped = client.stream.watch('alice', () => {}, { signal });
  const other = client.stream.watch('alice', () => {}, { signal });
  other();
  const timed = await errorOf(calls[1] as Promise<unknown>);
  t.match(timed, { reason: 'timeout', isOutcomeUnknown: true, refusal: undefined });
  const dry = client.stream.submitBatch([earn('dry')], { dryRun: true, timeoutMs: 50 });
  t.match(await errorOf(dry), { isOutcomeUnknown: false, commands: [] });
  controller.abort(new Error('enough'));
  const aborted = await errorOf(calls[0] as Promise<unknown>);
  t.match(aborted, { reason: 'aborted', isOutcomeUnknown: true, cause: { message: 'enough' } });
  stopped();
  t.equal(getEventListeners(signal, 'abort').length, 0);
  t.match(await errorOf(client.stream.submitBatch([earn()], { signal })), {
    reason: 'aborted',
    isOutcomeUnknown: false,
  });
  await t.rejects(client.stream.submitBatch([earn()], { timeoutMs: 2 ** 31 }), RangeError);
  await t.rejects(client.stream.submitBatch([earn()], { timeoutMs: Number.NaN }), RangeError);
  proxy.fate = () => 'pass';
  const again = await client.stream.submitBatch(timed.commands);
  t.match(again, [{ ok: true, id: (timed.commands[0] as TransferCommand).id }]);
  t.equal((await server.ask('GET /v1/accounts/alice')).status, 200);
});

t.test('more than the client keeps is refused at once', async (t) => {
  const nobody = connect({ url: 'http://127.0.0.1:9', key: 'x', queueBytesMax: 10_000 });
  const metadata = { text: 'x'.repeat(900) };
  const calls = Array.from({ length: 20 }, (_, i) =>
    errorOf(nobody.stream.submitBatch([{ ...earn(`${i}`), metadata }])),
  );
  const last = await (calls.at(-1) as (typeof calls)[0]);
  t.match(last, { refusal: { code: 'STREAM_LIMIT', retry: true }, isOutcomeUnknown: false });
  nobody.close();
  const codes = (await Promise.all(calls)).map(({ reason }) => reason);
  const kept = codes.filter((reason) => reason === 'closed').length;
  t.ok(kept >= 8 && kept <= 10, `${kept} were kept`);
});

t.test('a listener that throws is reported and told the next event', async (t) => {
  const reported: unknown[] = [];
  const global = globalThis as { reportError?: (error: unknown) => void };
  global.reportError = (error) => reported.push(error);
  t.teardown(() => {
    delete global.reportError;
  });
  const { proxy, client } = await started(t);
  const states: StreamState[] = [];
  client.stream.onState = (state) => {
    states.push(state);
    throw new Error('onState');
  };
  const told: BalanceEvent[] = [];
  const calm: BalanceEvent[] = [];
  client.stream.watch('alice', (event) => {
    told.push(event);
    throw new Error('listener');
  });
  client.stream.watch('alice', (event) => calm.push(event));
  await until('balances', () => calm.length === 1);
  for (const id of ['1', '2', '3']) await client.stream.submitBatch([earn(id)]);
  await until('entries', () => calm.length === 4);
  t.same(told, calm);
  t.same(states, ['open']);
  t.equal(reported.length, 5);
  client.stream.watch('@issue', () => {
    throw new Error('ended');
  });
  await until('the end', () => reported.length === 6);
  client.close();
  t.equal(reported.length, 8, 'the end of one, and a state');
  t.equal(proxy.connections.length, 1);
});

t.test('what is not a message renews the connection, and nothing is missed', async (t) => {
  const { proxy, client } = await started(t);
  const told: BalanceEvent[] = [];
  client.stream.watch('alice', (event) => told.push(event));
  await client.stream.submitBatch([earn('1')]);
  let left = 2;
  proxy.answer = (message) => {
    if (!message.includes('entries') || left === 0) return message;
    return --left === 1 ? Buffer.from([0xc1, 0xff]) : Buffer.from([0xc0]);
  };
  t.match(await client.stream.submitBatch([earn('2')]), [{ ok: true }]);
  const ids = () =>
    told.flatMap((event) => (event.type === 'entries' ? event.entries.map(({ id }) => id) : []));
  await until('both entries', () => ids().includes('2'));
  t.equal(ids().filter((id) => id === '2').length, 1);
  t.ok(proxy.connections.length > 1);
});

t.test(
  'a key that is revoked ends the stream, one that was let in is tried once more',
  async (t) => {
    const { server, proxy } = await started(t);
    const made = await server.ask('POST /v1/keys', { name: 'k', operations: ['earn', 'read'] });
    const { id, key } = made.body as { id: string; key: string };
    const client = connect({ url: proxy.url, key });
    t.teardown(() => client.close());
    const ended: string[] = [];
    client.stream.watch(
      'alice',
      (event) => event.type === 'ended' && ended.push(event.refusal.code),
    );
    t.match(await client.stream.submitBatch([earn('1')]), [{ ok: true }]);
    await server.ask(`POST /v1/keys/${id}/revoke`);
    const error = await errorOf(client.stream.submitBatch([earn('2')]));
    t.match(error, { reason: 'refused', refusal: { code: 'UNAUTHORIZED', status: 401 } });
    t.same(ended, ['UNAUTHORIZED']);
    const { length } = proxy.connections;
    await sleep(500);
    t.equal(proxy.connections.length, length, 'it does not come back');
    t.match(await errorOf(client.stream.submitBatch([earn('3')])), {
      refusal: { code: 'UNAUTHORIZED' },
    });
  },
);

t.test('credentials that cannot be looked at now are shown again', async (t) => {
  const { state, openEngine } = recordsThatFail();
  const limits = { accessRefreshMs: 20, accessStaleMsMax: 200 };
  const server = await gateway(t, { openEngine, limits, assets: ['points'] });
  const made = await server.ask('POST /v1/keys', { name: 'k', operations: ['earn', 'read'] });
  const proxy = await between(t, server.server.address);
  const client = connect({ url: proxy.url, key: made.body.key });
  t.teardown(() => client.close());
  const told: string[] = [];
  client.stream.watch('alice', ({ type }) => told.push(type));
  t.match(await client.stream.submitBatch([earn('1')]), [{ ok: true }]);
  state.isReadable = false;
  await sleep(300);
  const { length } = proxy.connections;
  proxy.cut();
  await until('attempts', () => proxy.connections.length > length + 2);
  state.isReadable = true;
  t.match(await client.stream.submitBatch([earn('2')]), [{ ok: true }]);
  t.notOk(told.includes('ended'), told.join());
});

t.test('a codec that the server cannot read ends the stream', async (t) => {
  const { proxy, server } = await started(t);
  const codec = {
    subprotocol: 'jifen.msgpack',
    encode: (message: object) => JSON.stringify(message),
    decode: (data: unknown) => ({ type: String(data) }),
  };
  const client = connect({ url: proxy.url, key: server.key, codec });
  const error = await errorOf(client.stream.submitBatch([earn('1')]));
  t.match(error.refusal, { code: 'SUBPROTOCOL_UNSUPPORTED' });
  t.equal(proxy.connections.length, 1);
});

t.test('closing while it connects, twice, and before it was asked for', async (t) => {
  const { proxy, server } = await started(t);
  const client = connect({ url: proxy.url, key: server.key });
  client.close();
  const call = client.stream.submitBatch([earn('1')]);
  client.close();
  client.close();
  t.match(await errorOf(call), { reason: 'closed', isOutcomeUnknown: false });
  await sleep(200);
  t.equal((await server.ask('GET /v1/accounts/alice/transfers/1')).status, 404);
});
