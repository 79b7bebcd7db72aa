// WebSockets whose credentials take time to judge: none is lost, what is sent meanwhile waits, and who is refused is told why.

import { once } from 'node:events';
import t, { type Test } from 'tap';
import { type Engine, type OpenOptions, open } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { until } from '../until.js';
import { type Caller, caller, signature, token } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const REQUEST = 'GET /v1/stream';
const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
/** A busy machine closes nothing that is being judged, but where a test is about that. */
const PATIENCE_MS = 60_000;

/** An engine that writes down that a signature is used when it may: judging one takes as long as a test wants. */
function usesThatWait() {
  let may: Promise<void> = Promise.resolve();
  const openEngine = async (options: OpenOptions): Promise<Engine> => {
    const engine = await open(options);
    const { own } = engine;
    const submit: typeof own.submit = async (command) => {
      if (command.type === 'put-record' && command.recordType === 'signature') await may;
      return own.submit(command);
    };
    return Object.assign(engine, { own: { ...own, submit } });
  };
  /** From now on they wait, until the function returned is called. */
  const hold = (): (() => void) => {
    let release = (): void => undefined;
    may = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  return { openEngine, hold };
}

async function opened(t: Test, limits: Partial<GatewayLimits> = {}) {
  const { openEngine, hold } = usesThatWait();
  const limited = { streamAuthMs: PATIENCE_MS, ...limits };
  const server = await gateway(t, { openEngine, limits: limited, assets: ['gold'] });
  return { server, hold, shop: await caller(server, 'shop') };
}

const signed = ({ id, secret }: Caller): Headers => signature(id, secret, REQUEST, undefined);

/** A token that nobody has shown before. */
const tokenOf = async ({ id, secret }: Caller, jti: string): Promise<Headers> => ({
  'X-Platform-Token': await token(id, secret, { jti }),
});

const earn = (id: string) => ({ type: 'transfer', id, legs: [LEG] });
const earned = async (server: Gateway, id: string): Promise<number> =>
  (await server.ask(`GET /v1/accounts/ann/transfers/shop,${id}`)).status;

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

/** Resolves when the server has read all that this one has sent. */
async function read({ socket }: Talk): Promise<void> {
  const pong = once(socket, 'pong');
  socket.ping();
  await pong;
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
  const { server, shop, hold } = await opened(t);
  const used = signed(shop);
  t.equal(await outcome(server, used), 'ready');
  const release = hold();
  // Nobody waits for the shard.
  const good = await Talk.open(server.port, signed(shop));
  const again = await Talk.open(server.port, used);
  const gone = await Talk.open(server.port, signed(shop));
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
  await Promise.all([good, again].map(read));
  t.same([good.came, again.came], [[], []], 'and is told nothing before');
  release();
  t.equal(await first(good), 'ready');
  await good.nextOf('pong');
  t.same(await first(again), '4403 SIGNATURE_REPLAYED');
  t.same(again.came, []);
  t.equal(await earned(server, 'GOOD'), 200);
  t.equal(await earned(server, 'AGAIN'), 404);
  t.equal(await earned(server, 'GONE'), 404);
  good.close();
});

t.test(
  'they count among those that are not known; no signature is used up for nothing',
  async (t) => {
    const { server, shop, hold } = await opened(t, { streamsUnknownMax: 2 });
    const release = hold();
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
    release();
    for (const talk of judged) t.equal(await first(talk), 'ready');
    t.equal(await outcome(server, headers), 'ready', 'the signature is good still');
    for (const talk of judged) talk.close();
  },
);

t.test('what waits is bounded, for each and for all', async (t) => {
  const bytes = 16 * 1024;
  const { server, shop, hold } = await opened(t, {
    bodyBytesMax: bytes,
    streamMessageBytesMax: 128 * 1024,
    streamsHeldBytesMax: 192 * 1024,
  });
  const release = hold();
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
  await Promise.race(others.map(({ closed }) => closed));
  release();
  const outcomes = await Promise.all(others.map(first));
  t.same(outcomes.sort(), [`${CLOSE.early[0]} ${CLOSE.early[1]}`, 'ready', 'ready']);
  for (const talk of others) talk.close();
  // Nothing of that is counted any more.
  const releaseLast = hold();
  const last = await Talk.open(server.port, signed(shop));
  for (let i = 0; i < 7; i++) last.socket.send(text);
  await read(last);
  releaseLast();
  t.equal(await first(last), 'ready');
  last.close();
});

t.test('it is judged in time, or closed', async (t) => {
  const { server, shop, hold } = await opened(t, { streamAuthMs: 20 });
  const release = hold();
  t.equal(await outcome(server, signed(shop)), `${CLOSE.authTimeout[0]} ${CLOSE.authTimeout[1]}`);
  release();
});

t.test('it is closed with the server', async (t) => {
  const { server, shop, hold } = await opened(t);
  const release = hold();
  const talk = await Talk.open(server.port, signed(shop));
  const closed = server.server.close();
  release();
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
