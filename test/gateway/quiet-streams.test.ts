// Connections over which nothing is said end with what opened them, too: within `accessRefreshMs` and a little.

import t, { type Test } from 'tap';
import { ALL, caller, signature, token } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const REFRESH_MS = 200;
/** For a machine that has more to do. */
const LATE_MS = 15_000;
/** How long what expires by itself is good: it is shown at once. */
const SHORT_MS = 4_000;
const SSE = '/v1/stream/sse?owner=ann';

async function opened(t: Test): Promise<Gateway> {
  // No beats, no messages: what ends them is that somebody looks.
  const server = await gateway(t, {
    limits: { accessRefreshMs: REFRESH_MS, eventsBeatMs: 9_000 },
    assets: ['gold', 'tin'],
  });
  return server;
}

/** A WebSocket and an event stream, both silent; how they end, and how long that takes from when it is asked. */
async function silent(server: Gateway, socket: () => Headers, events: () => Headers = socket) {
  const talk = await Talk.open(server.port, socket());
  await talk.nextOf('ready');
  const stream = await fetch(server.server.address + SSE, { headers: events() });
  const reader = stream.body!.getReader();
  await reader.read();
  const over = reader.read().then(
    ({ done }) => (done ? 'ended' : 'something was told'),
    () => 'ended',
  );
  return async (ms = LATE_MS) => {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('it is open still'), ms);
    });
    const closed = talk.closed.then(({ code }) => String(code));
    const ends = [await Promise.race([closed, late]), await Promise.race([over, late])];
    clearTimeout(timer);
    talk.close();
    await reader.cancel().catch(() => undefined);
    return { ends, ms: performance.now() - began };
  };
}

t.test('a quiet connection ends with its credentials', async (t) => {
  const server = await opened(t);
  const make = (more: object) =>
    server.ask('POST /v1/keys', { name: 'k', operations: ALL, ...more }).then(({ body }) => body);
  const bearer = ({ key }: { readonly key: string }) => ({ Authorization: `Bearer ${key}` });
  const tokenOf = async (id: string): Promise<Headers> => {
    const { secret } = await caller(server, id);
    return { 'X-Platform-Token': await token(id, secret) };
  };
  const platform = (id: string, verb: string, body?: object) => () =>
    server.ask(`${verb.startsWith('/') ? 'POST' : 'PUT'} /v1/platforms/${id}${verb.trim()}`, body);
  const key = await make({});
  const soon = async () => bearer(await make({ expiresAt: Date.now() + SHORT_MS }));
  const signing = await caller(server, 'signing');
  const signed = (path: string) => signature('signing', signing.secret, `GET ${path}`, undefined);
  const nothing = async () => undefined;
  const { secret } = await caller(server, 'exp');
  const exp = () => Math.floor((Date.now() + SHORT_MS) / 1_000);
  const expired = async () => ({ 'X-Platform-Token': await token('exp', secret, { exp: exp() }) });
  type Shown = Headers | (() => Promise<Headers>) | [() => Headers, () => Headers];
  const rows: [string, Shown, () => Promise<unknown>][] = [
    ['a key that is revoked', bearer(key), () => server.ask(`POST /v1/keys/${key.id}/revoke`)],
    ['a key that expires', soon, nothing],
    ['a token that expires', expired, nothing],
    ['a platform that is disabled', await tokenOf('off'), platform('off', '/disable')],
    ['a secret that ends', await tokenOf('out'), platform('out', '/rotate', { overlapSeconds: 0 })],
    [
      'a secret that ends later',
      await tokenOf('later'),
      platform('later', '/rotate', { overlapSeconds: 1 }),
    ],
    ['fewer assets', await tokenOf('few'), platform('few', ' ', { assets: ['tin'] })],
    ['fewer operations', await tokenOf('can'), platform('can', ' ', { operations: ['earn'] })],
    [
      'a signature',
      [() => signed('/v1/stream'), () => signed(SSE)],
      platform('signing', '/disable'),
    ],
  ];
  const ending: [string, Awaited<ReturnType<typeof silent>>][] = [];
  const acts: (() => Promise<unknown>)[] = [];
  for (const [name, shown, act] of rows) {
    const made = typeof shown === 'function' ? await shown() : shown;
    const [socket, events] = Array.isArray(made) ? made : [() => made, () => made];
    ending.push([name, await silent(server, socket, events)]);
    acts.push(act);
  }
  const administrator = await silent(server, () => bearer(server));
  const good = await tokenOf('kept');
  const kept = await silent(server, () => good);
  for (const act of acts) await act();
  await platform('kept', '/rotate', { overlapSeconds: 60 })();
  await platform('kept', ' ', { name: 'another' })();
  for (const [name, end] of ending) {
    const { ends, ms } = await end();
    t.same(ends, ['4401', 'ended'], `${name}: ${Math.round(ms)} ms`);
  }
  const open = ['it is open still', 'it is open still'];
  t.same((await kept(3 * REFRESH_MS)).ends, open, 'what is good is kept');
  t.same((await administrator(1)).ends, open);
});

t.test('what was changed by somebody else is heard of', async (t) => {
  const server = await opened(t);
  const { body } = await server.ask('POST /v1/keys', { name: 'k', operations: ALL });
  const end = await silent(server, () => ({ Authorization: `Bearer ${body.key}` }));
  // As another node would: the record changes, and nobody here is told.
  const { engine } = server.server;
  const record = await engine.own.record('#keys', 'key', body.id);
  if (record === undefined || 'ok' in record) throw new Error('there is no key');
  const value = Buffer.from(
    JSON.stringify({ ...JSON.parse(`${Buffer.from(record.value)}`), revokedAt: 1 }),
  );
  const place = { owner: '#keys', recordType: 'key', key: body.id } as const;
  t.equal((await engine.own.submit({ type: 'put-record', ...place, value })).ok, true);
  t.same((await end()).ends, ['4401', 'ended']);
});
