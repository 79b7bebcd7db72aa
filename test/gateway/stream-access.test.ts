// What keys and platforms may do over a WebSocket, how much, what is written down of it, and when it ends.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Operation, TransferCommand } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { temporaryFolder } from '../temporary.js';
import { ALL, type Caller, caller, signature, token } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

async function keyOf(server: Gateway, operations: readonly Operation[], more: object = {}) {
  const made = await server.ask('POST /v1/keys', { name: 'k', operations, ...more });
  return made.body as { readonly id: string; readonly key: string };
}

const earn = (id: string, asset = 'gold') => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'ann', asset, amount: 1 }],
});
const codes = (answer: any) =>
  answer.outcomes.map(({ ok, code }: { ok: boolean; code?: string }) => (ok ? 'ok' : code));

t.test('what a key may do over a connection', async (t) => {
  const server = await gateway(t, { assets: ['gold', 'tin'] });
  const narrow = await keyOf(server, ['earn', 'read', 'admin'], { assets: ['gold'] });
  const talk = await Talk.open(server.port, narrow.key);
  await talk.nextOf('ready');
  const commands = [
    earn('A'),
    earn('B', 'tin'),
    { ...earn('C'), followUps: [{ legs: earn('', 'tin').legs }] },
    { ...earn('D'), condition: { owner: 'ann', asset: 'tin', availableAtLeast: 0 } },
    { type: 'transfer', legs: [{ from: 'ann', to: 'bob', asset: 'gold', amount: 1 }] },
    { type: 'define-asset', asset: 'gold', scale: 0, defaultExpiryMs: 5_000 },
    { type: 'put-record', owner: 'ann', recordType: 'r', key: 'k', value: '' },
    { type: 'put-record', owner: '#keys', recordType: 'key', key: narrow.id, value: '' },
    { type: 'freeze-account', owner: 'ann', asset: 'tin' },
    { type: 'freeze-account', owner: 'ann', asset: 'gold' },
  ];
  t.same(codes(await talk.ask({ type: 'commands', id: 1, commands })), [
    'ok',
    ...new Array(3).fill('ASSET_FORBIDDEN'),
    'OPERATION_FORBIDDEN',
    ...['ASSET_FORBIDDEN', 'ASSET_FORBIDDEN', 'OWNER_RESERVED', 'ASSET_FORBIDDEN'],
    'ok',
  ]);
  await server.ask('POST /v1/transfers', { id: 'T', legs: earn('', 'tin').legs });
  const balances = await talk.ask({ type: 'subscribe', id: 2, owner: 'ann' });
  t.same(
    balances.balances.map(({ asset }: { asset: string }) => asset),
    ['gold'],
  );
  t.match(await talk.ask({ type: 'follow', id: 3, shard: 0, seq: 1 }), {
    code: 'STREAM_FORBIDDEN',
  });
  talk.close();
  const root = await Talk.open(server.port, server.key);
  await root.nextOf('ready');
  const record = { type: 'put-record', owner: '#keys', recordType: 'key', key: 'x', value: '' };
  t.same(codes(await root.ask({ type: 'commands', id: 1, commands: [record] })), [
    'OWNER_RESERVED',
  ]);
  root.close();
});

t.test('how much, and what is written down', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await gateway(t, { logs: { folder }, assets: ['gold'] });
  const { id, key } = await keyOf(server, ALL, { rate: { limit: 5, seconds: 3_600 } });
  const talk = await Talk.open(server.port, key);
  await talk.nextOf('ready');
  const batch = (...ids: string[]) => ({
    type: 'commands',
    id: 1,
    commands: ids.map((one) => earn(one)),
  });
  t.same(codes(await talk.ask(batch('A', 'B', 'C'))), ['ok', 'ok', 'ok']);
  t.match(await talk.ask(batch('D', 'E', 'F')), {
    type: 'error',
    code: 'RATE_LIMITED',
    status: 429,
  });
  t.same(codes(await talk.ask(batch('D', 'E'))), ['ok', 'ok']);
  const headers = { Authorization: `Bearer ${key}` };
  t.equal((await server.ask('GET /v1/accounts/ann', undefined, headers)).status, 429, 'one rate');
  talk.close();
  await talk.closed;
  await server.server.close();
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('audit-'));
  const lines = readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(
    lines.filter(({ what }) => what === 'transfer'),
    [
      { who: `key:${id}`, ip: /127/, details: { commands: 3, refused: 0, ids: ['A', 'B', 'C'] } },
      { who: `key:${id}`, details: { commands: 2, refused: 0, ids: ['D', 'E'] } },
    ],
  );
});

t.test('a key that is revoked ends what it opened', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const { id, key } = await keyOf(server, ALL);
  const [watching, commanding] = [
    await Talk.open(server.port, key),
    await Talk.open(server.port, key),
  ];
  for (const talk of [watching, commanding]) await talk.nextOf('ready');
  watching.send({ type: 'subscribe', id: 1, owner: 'ann' });
  await watching.nextOf('balances');
  const events = await fetch(`${server.server.address}/v1/stream/sse?owner=ann`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  t.equal(events.status, 200);
  await server.ask(`POST /v1/keys/${id}/revoke`);
  commanding.send({ type: 'commands', id: 1, commands: [earn('REVOKED')] });
  t.equal((await commanding.closed).code, 4401);
  await server.ask('POST /v1/transfers', { id: 'A', legs: earn('A').legs });
  t.equal((await watching.closed).code, 4401);
  t.notOk(
    watching.came.some(({ type }) => type === 'entries'),
    'nothing more is told',
  );
  t.equal((await server.ask('GET /v1/accounts/ann/transfers/REVOKED')).status, 404);
  await t.rejects(Talk.open(server.port, key), /401/);
});

const REQUEST = 'GET /v1/stream';
const SSE = '/v1/stream/sse?owner=ann';

async function platforms(t: Test, settings: object = {}) {
  const server = await gateway(t, { ...settings, assets: ['gold', 'tin'] });
  for (const asset of ['gold', 'tin'])
    await server.ask('POST /v1/transfers', { id: `M-${asset}`, legs: earn('', asset).legs });
  return server;
}

const tokenOf = async ({ id, secret }: Caller, claims = {}): Promise<Headers> => ({
  'X-Platform-Token': await token(id, secret, claims),
});
const now = () => Math.floor(Date.now() / 1_000);

/** What is said of these headers: the status or close code of a WebSocket, the code of an event stream. */
async function judged(server: Gateway, socket: Headers, events: Headers) {
  const opened = await Talk.open(server.port, socket)
    .then(async (talk) => {
      await talk.nextOf('ready');
      talk.close();
      return 'ok';
    })
    .catch(({ message }: Error) => /\d{3,4}(?: [A-Z_]+)?/.exec(message)?.[0]);
  const abort = new AbortController();
  const { signal } = abort;
  const answer = await fetch(server.server.address + SSE, { headers: events, signal });
  const code = answer.ok ? 'ok' : ((await answer.json()) as { code: string }).code;
  abort.abort();
  return [opened, code];
}

t.test('which credentials of platforms open a stream', async (t) => {
  const server = await platforms(t);
  const shop = await caller(server, 'shop');
  const strict = await caller(server, 'strict', { proof: 'both' });
  const signing = await caller(server, 'signing', { proof: 'signature' });
  const closed = await caller(server, 'closed');
  await server.ask('POST /v1/platforms/closed/disable');
  const good = await token(shop.id, shop.secret);
  const none = await caller(server, 'writer', { operations: ['earn'] });
  const both = (headers: Headers, more: Headers = headers) => [headers, more] as const;
  const signed = ({ id, secret }: Caller, more: Headers = {}) =>
    [
      { ...signature(id, secret, REQUEST, undefined), ...more },
      { ...signature(id, secret, `GET ${SSE}`, undefined), ...more },
    ] as const;
  const used = signed(shop)[0];
  const rows: [string, readonly [Headers, Headers], string, string][] = [
    ['a token', both({ 'X-Platform-Token': good }), 'ok', 'ok'],
    ['the same again', both({ 'X-Platform-Token': good }), 'ok', 'ok'],
    ['a signature', signed(shop), 'ok', 'ok'],
    ['both, where both are asked for', signed(strict, await tokenOf(strict)), 'ok', 'ok'],
    ['none', both({}), 'ok', 'UNAUTHORIZED'],
    ['wrong', both(await tokenOf({ ...shop, secret: 'x' })), '4401 TOKEN_INVALID', 'TOKEN_INVALID'],
    [
      'expired',
      both(await tokenOf(shop, { exp: now() - 60 })),
      '4401 TOKEN_EXPIRED',
      'TOKEN_EXPIRED',
    ],
    [
      'tampered',
      both({ 'X-Platform-Token': `${good.slice(0, -4)}AAAA` }),
      '4401 TOKEN_INVALID',
      'TOKEN_INVALID',
    ],
    ['unknown', both(await tokenOf({ ...shop, id: 'nobody' })), '401', 'PLATFORM_UNKNOWN'],
    ['disabled', both(await tokenOf(closed)), '4403 PLATFORM_DISABLED', 'PLATFORM_DISABLED'],
    ['a token is not enough', both(await tokenOf(strict)), '401', 'SIGNATURE_MISSING'],
    ['a signature is asked for', both(await tokenOf(signing)), '401', 'SIGNATURE_MISSING'],
    ['a signature of another call', both(used, used), 'ok', 'SIGNATURE_INVALID'],
    ['a signature again', both(used, used), '4403 SIGNATURE_REPLAYED', 'SIGNATURE_INVALID'],
    [
      'a key, too',
      both({ 'X-Platform-Token': good, Authorization: `Bearer ${server.key}` }),
      '403',
      'CREDENTIALS_CONFLICT',
    ],
    ['no permission to read', both(await tokenOf(none)), 'ok', 'OPERATION_FORBIDDEN'],
  ];
  for (const [name, [socket, events], opened, code] of rows) {
    const found = await judged(server, name === 'none' ? await tokenOf(shop) : socket, events);
    t.same(found, [opened, code], name);
  }
  for (const [name, message] of Object.entries({
    'wrong in band': { token: `${good}x` },
    'signatures are not for messages': { token: await token(signing.id, signing.secret) },
    'a key and a token': { token: good, key: server.key },
    nothing: {},
  })) {
    const talk = await Talk.open(server.port);
    talk.send({ type: 'auth', ...message });
    t.equal((await talk.closed).code, 4401, name);
  }
});

t.test('what a platform may do over a connection', async (t) => {
  const server = await platforms(t, {
    limits: { userRates: { earn: { limit: 4, seconds: 3_600 } } },
  });
  const shop = await caller(server, 'shop', { operations: ['read', 'earn', 'spend'] });
  const talk = await Talk.open(server.port);
  // What comes while the token is being checked waits.
  talk.send({ type: 'auth', token: await token(shop.id, shop.secret) });
  talk.send({ type: 'subscribe', id: 1, owner: 'ann' });
  await talk.nextOf('ready');
  const names = (told: any) => told.balances.map(({ asset }: { asset: string }) => asset);
  t.same(names(await talk.nextOf('balances')), ['gold']);
  for (const [more, code, field] of [
    [{ asset: 'tin' }, 'ASSET_FORBIDDEN', 'asset'],
    [{ versions: { tin: 999 } }, 'ASSET_FORBIDDEN', 'versions'],
  ] as const)
    t.match(await talk.ask({ type: 'subscribe', id: 2, owner: 'ann', ...more }), { code, field });
  t.match(await talk.ask({ type: 'follow', id: 3, shard: 0, seq: 1 }), {
    code: 'STREAM_FORBIDDEN',
  });
  for (const asset of ['tin', 'gold'])
    await server.ask('POST /v1/transfers', { id: `N-${asset}`, legs: earn('', asset).legs });
  t.match((await talk.next()).entries, [{ asset: 'gold', version: 2 }], 'and nothing of tin');
  // Everything that was missed, of its own.
  talk.send({ type: 'subscribe', id: 4, owner: 'ann', versions: {} });
  const missed = (await talk.nextOf('entries')).entries;
  t.same(new Set(missed.map(({ asset }: { asset: string }) => asset)), new Set(['gold']));
  talk.send({ type: 'unsubscribe', id: 1 });
  talk.send({ type: 'unsubscribe', id: 4 });
  for (let i = 0; i < 2; i++) await talk.nextOf('unsubscribed');

  const hold = { type: 'hold', owner: 'ann', amount: 1 };
  await server.ask('POST /v1/holds', { id: 'H-tin', owner: 'ann', asset: 'tin', amount: 1 });
  const capture = { type: 'capture', owner: 'ann', to: '@redeem' };
  const commands = [
    earn('A'),
    earn('B', 'tin'),
    { type: 'transfer', id: 'C', legs: [{ from: 'ann', to: 'bob', asset: 'gold', amount: 1 }] },
    { ...hold, id: 'H-gold', asset: 'gold' },
    { ...hold, id: 'H-other', asset: 'tin' },
    { type: 'freeze-account', id: 'F', owner: 'ann', asset: 'gold' },
    { type: 'put-record', owner: 'ann', recordType: 'r', key: 'k', value: '' },
    { type: 'define-asset', asset: 'gold', scale: 0 },
  ];
  t.same(codes(await talk.ask({ type: 'commands', id: 5, commands })), [
    ...['ok', 'ASSET_FORBIDDEN', 'OPERATION_FORBIDDEN', 'ok', 'ASSET_FORBIDDEN'],
    ...['OPERATION_FORBIDDEN', 'OPERATION_FORBIDDEN', 'OPERATION_FORBIDDEN'],
  ]);
  // What has to be looked up.
  const later = [
    { ...capture, id: 'K', holdId: 'H-gold' },
    { ...capture, id: 'L', holdId: ',H-tin' },
    { type: 'release', id: 'M', owner: 'ann', holdId: ',H-tin' },
    { type: 'reverse', id: 'N', owner: 'ann', transferId: ',M-tin' },
    { type: 'reverse', id: 'O', owner: 'ann', transferId: 'A' },
    { type: 'reverse', id: 'P', owner: 'ann', transferId: ',N-gold', allowDebt: true },
    { type: 'release', id: 'Q', owner: { toString: 1 }, holdId: 7 },
    { type: 'release', id: 'R', owner: '\ud800', holdId: '#'.repeat(1_000) },
    { ...hold, id: 'S', owner: { toString: 1 }, asset: 'gold' },
  ];
  const found = codes(await talk.ask({ type: 'commands', id: 6, commands: later }));
  t.same(found.slice(0, 6), [
    ...['ok', 'ASSET_FORBIDDEN', 'ASSET_FORBIDDEN', 'ASSET_FORBIDDEN', 'ok', 'OPERATION_FORBIDDEN'],
  ]);
  t.notOk(found.slice(6).includes('ok'));
  const all = { type: 'commands', id: 7, atomic: true, commands: [earn('X'), earn('Y', 'tin')] };
  t.same(codes(await talk.ask(all)), ['BATCH_ABORTED', 'ASSET_FORBIDDEN']);
  // A user's limit, which what is only tried does not count against.
  const tried = [earn('D'), earn('E'), earn('F'), earn('G')];
  const dry = { type: 'commands', id: 8, dryRun: true, commands: tried };
  t.same(codes(await talk.ask(dry)), ['ok', 'ok', 'ok', 'ok']);
  const limited = codes(await talk.ask({ type: 'commands', id: 9, commands: tried }));
  t.same(limited, ['ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED']);
  talk.close();
});

t.test('a platform’s rate is one, however it asks', async (t) => {
  const server = await platforms(t);
  const shop = await caller(server, 'shop', { rate: { limit: 3, seconds: 3_600 } });
  const talk = await Talk.open(server.port, await tokenOf(shop));
  await talk.nextOf('ready');
  const commands = [earn('A'), earn('B'), earn('C')];
  t.same(codes(await talk.ask({ type: 'commands', id: 1, commands })), ['ok', 'ok', 'ok']);
  const more = { type: 'commands', id: 2, commands: [earn('D')] };
  t.match(await talk.ask(more), { code: 'RATE_LIMITED' });
  t.equal((await shop.ask('GET /v1/accounts/ann')).status, 429);
  talk.close();
});

t.test('a platform’s stream ends with what opened it', async (t) => {
  const server = await platforms(t, { limits: { eventsBeatMs: 50 } });
  const opened = async (shop: Caller, claims = {}) => {
    const headers = await tokenOf(shop, claims);
    const talk = await Talk.open(server.port, headers);
    await talk.nextOf('ready');
    talk.send({ type: 'subscribe', id: 1, owner: 'ann' });
    await talk.nextOf('balances');
    const events = await fetch(server.server.address + SSE, { headers });
    t.equal(events.status, 200);
    return { talk, events };
  };
  let at = 0;
  const change = () => server.ask('POST /v1/transfers', { ...earn(`Z${++at}`), type: undefined });
  for (const [id, end] of [
    ['disabled', (id: string) => server.ask(`POST /v1/platforms/${id}/disable`)],
    [
      'rotated',
      (id: string) => server.ask(`POST /v1/platforms/${id}/rotate`, { overlapSeconds: 0 }),
    ],
    ['narrowed', (id: string) => server.ask(`PUT /v1/platforms/${id}`, { assets: ['tin'] })],
  ] as const) {
    const { talk, events } = await opened(await caller(server, id));
    t.equal((await end(id)).status, 200);
    await change();
    t.equal((await talk.closed).code, 4401, id);
    t.notOk(
      talk.came.some(({ type }) => type === 'entries'),
      'nothing more is told',
    );
    t.match(await events.text().catch(() => 'event: balances'), /^event: balances/, id);
  }
  const kept = await caller(server, 'kept');
  const { talk: still, events } = await opened(kept);
  await server.ask('POST /v1/platforms/kept/rotate', { overlapSeconds: 60 });
  await server.ask('PUT /v1/platforms/kept', { name: 'another' });
  await change();
  await still.nextOf('entries');
  still.close();
  await events.body?.cancel();
  // Nothing has to happen for a token to expire.
  const short = await opened(await caller(server, 'short'), { exp: now() + 2 });
  t.equal((await short.talk.closed).code, 4401);
  await short.events.text().catch(() => '');
});

t.test('tickets that platforms make show their assets', async (t) => {
  const server = await platforms(t);
  const shop = await caller(server, 'shop', { operations: ['read'] });
  const made = await shop.ask('POST /v1/stream/tickets', { owner: 'ann' });
  t.equal(made.status, 201);
  const talk = await Talk.open(server.port, made.body.ticket);
  await talk.nextOf('ready');
  const { balances } = await talk.ask({ type: 'subscribe', id: 1, owner: 'ann' });
  t.match(balances, [{ asset: 'gold' }]);
  t.equal(balances.length, 1);
  const tin = { type: 'subscribe', id: 2, owner: 'ann', asset: 'tin' };
  t.match(await talk.ask(tin), { code: 'ASSET_FORBIDDEN' });
  talk.close();
  const writer = await caller(server, 'writer', { operations: ['earn'] });
  t.equal((await writer.ask('POST /v1/stream/tickets', { owner: 'ann' })).status, 403);
});

t.test('a client with tokens comes back with another one', async (t) => {
  const server = await platforms(t);
  const shop = await caller(server, 'shop');
  let asked = 0;
  const client = connect({
    url: server.server.address,
    token: () => token(shop.id, shop.secret, { exp: now() + 2 + 60 * asked++ }),
  });
  t.teardown(() => client.close());
  const told: string[] = [];
  const began = new Promise<void>((resolve) => {
    client.stream.watch('ann', ({ type }) => {
      told.push(type);
      if (told.filter((one) => one === 'balances').length === 2) resolve();
    });
  });
  await began;
  t.ok(asked >= 2);
  t.equal((await client.submit({ ...earn('A'), type: 'transfer' } as TransferCommand)).ok, true);
  t.throws(() => connect({ url: server.server.address }), TypeError);
});
