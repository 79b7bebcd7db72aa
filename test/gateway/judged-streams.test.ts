// WebSockets whose credentials take time to judge: none is lost, what is sent meanwhile waits, and who is refused is told why.

import t, { type Test } from 'tap';
import { type Caller, caller, type Headers, signature, token } from './callers.js';
import { type Gateway, gateway } from './harness.js';
import { Talk } from './talk.js';

const REQUEST = 'GET /v1/stream';
const BATCHES = 3;

async function opened(t: Test, limits = {}): Promise<{ server: Gateway; shop: Caller }> {
  const server = await gateway(t, { limits });
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  return { server, shop: await caller(server, 'shop') };
}

const signed = ({ id, secret }: Caller): Headers => signature(id, secret, REQUEST, undefined);

/** A token that nobody has shown before. */
const tokenOf = async ({ id, secret }: Caller, jti: number): Promise<Headers> => ({
  'X-Platform-Token': await token(id, secret, { jti: String(jti) }),
});

/** How a WebSocket with these headers comes out: what is told first, or why not. */
async function outcome(server: Gateway, headers: Headers): Promise<string> {
  try {
    const talk = await Talk.open(server.port, headers);
    const { type } = (await talk.next()) ?? {};
    if (type !== undefined) {
      talk.close();
      return type;
    }
    const { code, reason } = await talk.closed;
    return `${code} ${reason}`;
  } catch (error) {
    return /\d{3}/.exec(String(error))?.[0] ?? String(error);
  }
}

t.test('of 300 at once, under load, none is lost', async (t) => {
  const { server, shop } = await opened(t);
  const headers: Headers[] = [];
  for (let i = 0; i < 300; i++) headers.push(i % 3 === 0 ? signed(shop) : await tokenOf(shop, i));
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const asked = async (i: number) => {
    const { status } = await server.ask('POST /v1/transfers', { id: `T${i}`, legs });
    return status;
  };
  const load = Promise.all(Array.from({ length: 300 }, (_, i) => asked(i)));
  const outcomes = await Promise.all(headers.map((one) => outcome(server, one)));
  t.same(
    outcomes.filter((one) => one !== 'ready'),
    [],
  );
  t.ok((await load).every((status) => status === 201));
});

/** Gives the shard so much to do that a signature's use waits. Resolves when it is done. */
async function busy({ port, key }: Gateway): Promise<() => Promise<void>> {
  const talk = await Talk.open(port, key);
  await talk.nextOf('ready');
  const legs = [{ from: '@issue', to: 'busy', asset: 'gold', amount: 1 }];
  const commands = Array.from({ length: 8_000 }, () => ({ type: 'transfer', legs }));
  for (let id = 0; id < BATCHES; id++) talk.send({ type: 'commands', id, commands, brief: true });
  // The batches are with the shard when the message behind them is answered.
  talk.send({ type: 'ping', id: 'there' });
  await talk.nextOf('pong');
  return async () => {
    for (let id = 0; id < BATCHES; id++) await talk.nextOf('outcomes');
    talk.close();
  };
}

t.test('it is a WebSocket at once, and told nothing before it is judged', async (t) => {
  const { server, shop } = await opened(t);
  const headers = signed(shop);
  const done = await busy(server);
  const began = performance.now();
  const talk = await Talk.open(server.port, headers);
  const ms = performance.now() - began;
  t.comment('open', ms);
  talk.send({ type: 'ping', id: 1 });
  await talk.nextOf('ready');
  t.comment('ready', performance.now() - began);
  await done();
  t.comment('done', performance.now() - began);
});
