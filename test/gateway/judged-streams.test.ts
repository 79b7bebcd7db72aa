// WebSockets whose credentials take time to judge: none is lost, what is sent meanwhile waits, and who is refused is told why.

import t, { type Test } from 'tap';
import { connect } from '../../gateway/client/node.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { until } from '../until.js';
import { type Caller, caller, signature, token } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const REQUEST = 'GET /v1/stream';
const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
/** Batches that keep a shard busy for a while, and their commands. */
const BATCHES = 24;
const COMMANDS = 1_000;

async function opened(t: Test, limits: Partial<GatewayLimits> = {}) {
  const server = await gateway(t, { limits, assets: ['gold'] });
  return { server, shop: await caller(server, 'shop') };
}

const signed = ({ id, secret }: Caller): Headers => signature(id, secret, REQUEST, undefined);

/** A token that nobody has shown before. */
const tokenOf = async ({ id, secret }: Caller, jti: string): Promise<Headers> => ({
  'X-Platform-Token': await token(id, secret, { jti }),
});

const earn = (id: string) => ({ type: 'transfer', id, legs: [LEG] });
const earned = async (server: Gateway, id: string): Promise<number> =>
  (await server.ask(`GET /v1/accounts/ann/transfers/${id}`)).status;

/** What a WebSocket is told first, or why it is closed. */
async function first(talk: Talk): Promise<string> {
  const { type } = (await talk.next()) ?? {};
  if (type !== undefined) return type;
  const { code, reason } = await talk.closed;
  return `${code} ${reason}`;
}

/** How a WebSocket with these headers comes out: what is told first, or the status or close code of its refusal. */
async function outcome(server: Gateway, headers: Headers): Promise<string> {
  try {
    const talk = await Talk.open(server.port, headers);
    const told = await first(talk);
    talk.close();
    return told;
  } catch (error) {
    return /\d{3}/.exec(String(error))?.[0] ?? String(error);
  }
}

/** Gives the shard so much to do that the use of a signature waits for it. The function returned waits until that is done. */
async function busy({ port, key }: Gateway): Promise<() => Promise<void>> {
  const talk = await Talk.open(port, key);
  await talk.nextOf('ready');
  const legs = [{ ...LEG, to: 'busy' }];
  const commands = Array.from({ length: COMMANDS }, () => ({ type: 'transfer', legs }));
  for (let id = 0; id < BATCHES; id++) talk.send({ type: 'commands', id, commands, brief: true });
  // The shard has the batches when the message behind them is answered.
  talk.send({ type: 'ping', id: BATCHES });
  let answers = 0;
  const heard = async (): Promise<string> => {
    const { type } = (await talk.next()) ?? {};
    if (type === undefined) throw new Error('closed before the shard was done');
    if (type === 'outcomes') answers++;
    return type;
  };
  while ((await heard()) !== 'pong');
  return async () => {
    while (answers < BATCHES) await heard();
    talk.close();
  };
}

t.test('of 300 at once, under load, none is lost', async (t) => {
  const { server, shop } = await opened(t);
  const headers: Headers[] = [];
  for (let i = 0; i < 300; i++)
    headers.push(i % 3 === 0 ? signed(shop) : await tokenOf(shop, String(i)));
  const asked = async (_: unknown, i: number): Promise<number> =>
    (await server.ask('POST /v1/transfers', { id: `T${i}`, legs: [LEG] })).status;
  const load = Promise.all(Array.from({ length: 300 }, asked));
  const outcomes = await Promise.all(headers.map((one) => outcome(server, one)));
  t.same(new Set(outcomes), new Set(['ready']));
  t.same(new Set(await load), new Set([201]));
});

t.test('it is a WebSocket at once; what it says before it is judged waits', async (t) => {
  const { server, shop } = await opened(t);
  const used = signed(shop);
  t.equal(await outcome(server, used), 'ready');
  const done = await busy(server);
  let isDone = false;
  const over = done().then(() => {
    isDone = true;
  });
  const good = await Talk.open(server.port, signed(shop));
  const again = await Talk.open(server.port, used);
  const gone = await Talk.open(server.port, signed(shop));
  t.notOk(isDone, 'nobody waited for the shard');
  for (const [talk, id] of [
    [good, 'GOOD'],
    [again, 'AGAIN'],
    [gone, 'GONE'],
  ] as const) {
    talk.send({ type: 'subscribe', id: 1, owner: 'ann' });
    talk.send({ type: 'commands', id: 2, commands: [earn(id)] });
    talk.send({ type: 'ping', id: 3 });
  }
  gone.socket.close();
  t.equal((await gone.closed).code, 1005, 'it may be closed while it is judged');
  t.equal(await first(good), 'ready');
  await good.nextOf('pong');
  t.same(await first(again), '4403 SIGNATURE_REPLAYED');
  t.same(again.came, []);
  await over;
  t.equal(await earned(server, 'GOOD'), 200);
  t.equal(await earned(server, 'AGAIN'), 404);
  t.equal(await earned(server, 'GONE'), 404);
  good.close();
});

t.test(
  'they count among those that are not known; no signature is used up for nothing',
  async (t) => {
    const { server, shop } = await opened(t, { streamsUnknownMax: 2 });
    const done = await busy(server);
    const judged = [
      await Talk.open(server.port, signed(shop)),
      await Talk.open(server.port, signed(shop)),
    ];
    const headers = signed(shop);
    t.equal(await outcome(server, headers), '503');
    t.equal(await outcome(server, await tokenOf(shop, 'one too many')), '503');
    t.equal(await outcome(server, {}), '503', 'nor one that has shown nothing');
    t.equal(
      await outcome(server, { Authorization: `Bearer ${server.key}` }),
      'ready',
      'a key is known',
    );
    await done();
    for (const talk of judged) t.equal(await first(talk), 'ready');
    t.equal(await outcome(server, headers), 'ready', 'the signature is good still');
    for (const talk of judged) talk.close();
  },
);

t.test('what waits is bounded, for each and for all', async (t) => {
  const bytes = 16 * 1024;
  const { server, shop } = await opened(t, {
    bodyBytesMax: bytes,
    streamMessageBytesMax: 128 * 1024,
    streamsHeldBytesMax: 192 * 1024,
  });
  const done = await busy(server);
  const [one, empty, ...others] = await Promise.all(
    Array.from({ length: 5 }, () => Talk.open(server.port, signed(shop))),
  );
  if (one === undefined || empty === undefined) throw new Error('there are five');
  const text = JSON.stringify({ type: 'ping', id: 1 }).padEnd(bytes);
  for (let i = 0; i < 9; i++) one.socket.send(text);
  t.same(await one.closed, { code: CLOSE.early[0], reason: CLOSE.early[1] });
  for (let i = 0; i < 1_030; i++) empty.socket.send('');
  t.equal((await empty.closed).code, CLOSE.early[0], 'empty ones count, too');
  for (const talk of others) for (let i = 0; i < 5; i++) talk.socket.send(text);
  const outcomes = await Promise.all(others.map(first));
  t.same(outcomes.sort(), [`${CLOSE.early[0]} ${CLOSE.early[1]}`, 'ready', 'ready']);
  await done();
  for (const talk of others) talk.close();
  // Nothing of that is counted any more.
  const again = await busy(server);
  const last = await Talk.open(server.port, signed(shop));
  for (let i = 0; i < 7; i++) last.socket.send(text);
  t.equal(await first(last), 'ready');
  last.close();
  await again();
});

t.test('it is judged in time, or closed', async (t) => {
  const { server, shop } = await opened(t, { streamAuthMs: 20 });
  const done = await busy(server);
  t.equal(await outcome(server, signed(shop)), `${CLOSE.authTimeout[0]} ${CLOSE.authTimeout[1]}`);
  await done();
});

t.test('it is closed with the server', async (t) => {
  const { server, shop } = await opened(t);
  const done = await busy(server);
  const talk = await Talk.open(server.port, signed(shop));
  const closed = server.server.close();
  await done();
  const told = await first(talk);
  t.ok(told === 'ready' || told.startsWith('1001'), told);
  t.equal((await talk.closed).code, CLOSE.goingAway[0]);
  await closed;
});

t.test('a client that is refused does not come back', async (t) => {
  const { server, shop } = await opened(t);
  const off = await caller(server, 'off');
  await server.ask('POST /v1/platforms/off/disable');
  for (const [name, shown, code] of [
    ['a disabled platform', () => token(off.id, off.secret), 'PLATFORM_DISABLED'],
    ['another secret', () => token(shop.id, 'another'), 'TOKEN_INVALID'],
    ['no such platform', () => token('nobody', 'x'), 'PLATFORM_UNKNOWN'],
  ] as const) {
    const told: string[] = [];
    const states: string[] = [];
    const client = connect({ url: server.server.address, token: shown });
    client.stream.onState = (state) => states.push(state);
    client.stream.watch('ann', (event) => {
      if (event.type === 'ended') told.push(event.refusal.code);
    });
    await until(name, () => states.includes('closed'));
    t.same(told, [code], name);
    t.notOk(states.includes('connecting'), 'once is enough');
    client.close();
  }
});
