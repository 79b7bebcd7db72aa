// Platforms and keys over time: secrets rotated, changes seen by other gateways, what is on disk.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { sealedLength, verifyFolder } from '../../engine/index.js';
import { Sealer } from '../../gateway/auth/sealing.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { Cluster } from '../cluster/harness.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { ALL, caller, callerOf, operator, token } from './callers.js';
import { bare, gateway, recordsThatFail } from './harness.js';

const BALANCE = 'GET /api/points/balance?user_id=ann';
const PLATFORM = { name: 'Shop', assets: ['gold'], operations: ALL };

t.test('a secret is rotated with an overlap', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const { address } = server.server;
  const works = async (secret: string) => {
    const by = callerOf(address, 'shop', secret);
    return [(await by.ask(BALANCE)).status, (await by.sign(BALANCE)).status];
  };
  const rotate = async (body: object) =>
    (await server.ask('POST /v1/platforms/shop/rotate', body)).body.secret as string;
  const second = await rotate({ overlapSeconds: 60 });
  t.not(second, shop.secret);
  t.same(
    [await works(shop.secret), await works(second)],
    [
      [200, 200],
      [200, 200],
    ],
  );
  const third = await rotate({ overlapSeconds: 60 });
  t.same(await works(shop.secret), [401, 403], 'at most two at once');
  t.same(
    [await works(second), await works(third)],
    [
      [200, 200],
      [200, 200],
    ],
  );
  const remembered = await token('shop', third);
  const ask = () => bare(address, BALANCE, undefined, { 'X-Platform-Token': remembered });
  t.equal((await ask()).status, 200);
  const fourth = await rotate({ overlapSeconds: 0 });
  t.same(
    [await works(third), await works(fourth)],
    [
      [401, 403],
      [200, 200],
    ],
  );
  t.equal((await ask()).status, 401, 'a token that was found good is looked at again');
  await server.ask('POST /v1/platforms/shop/disable');
  t.match((await callerOf(address, 'shop', fourth).ask(BALANCE)).body, {
    code: 'PLATFORM_DISABLED',
  });
  await server.ask('POST /v1/platforms/shop/enable');
  t.same(await works(fourth), [200, 200]);
});

t.test('platforms and keys: what is registered, changed, listed', async (t) => {
  const server = await gateway(t);
  const rows: readonly (readonly [string, unknown, number, unknown?])[] = [
    ['GET /v1/platforms', undefined, 200, { platforms: [] }],
    [
      'POST /v1/platforms',
      { ...PLATFORM, id: 'shop', endpoint: 'https://shop.example/x' },
      201,
      {
        id: 'shop',
        proof: 'any',
        userIds: 'global',
        disabled: false,
        secret: /^jifen_secret_[\w-]{43}$/,
      },
    ],
    ['POST /v1/platforms', { ...PLATFORM, id: 'shop' }, 409, { code: 'PLATFORM_EXISTS' }],
    ['POST /v1/platforms', PLATFORM, 400, { field: 'id' }],
    ...['Shop', '', '-a', 'a b', 'x'.repeat(25), '__proto__', 7, null].map(
      (id) => ['POST /v1/platforms', { ...PLATFORM, id }, 400, { field: 'id' }] as const,
    ),
    ...[[], ['Gold'], ['gold', 'gold'], 'gold', [7]].map(
      (assets) =>
        ['POST /v1/platforms', { ...PLATFORM, id: 'x', assets }, 400, { field: 'assets' }] as const,
    ),
    ...[[], ['all'], ['read', 'read'], 'read'].map(
      (operations) =>
        [
          'POST /v1/platforms',
          { ...PLATFORM, id: 'x', operations },
          400,
          { field: 'operations' },
        ] as const,
    ),
    ...['', 'a\nb', 'x'.repeat(101), '\ud800', 7].map(
      (name) =>
        [
          'POST /v1/platforms',
          JSON.stringify({ ...PLATFORM, id: 'x', name }),
          400,
          { field: 'name' },
        ] as const,
    ),
    ...['shop', 'ftp://x', 'http://a@x', 7].map(
      (endpoint) => ['PUT /v1/platforms/shop', { endpoint }, 400, { field: 'endpoint' }] as const,
    ),
    ...[
      ...['*', 'https://*', 'https://*.a.example', 'https://a.example;b', 'https://a.example,b'],
      ...['https://a.example/', 'https://A.example', 'https://a.example:443', 'http://a.example'],
      ...['https://a.example https://b.example', "https://a'b.example", 'https://u@a.example'],
      ...['null', '', 'https://1', 'https://a.example:99999', 'data:,', "'self'", '\n', 7],
      ...['http://localhost.evil.example', 'https://a..example:x', `https://${'a'.repeat(200)}`],
    ].map(
      (one) =>
        [
          'PUT /v1/platforms/shop',
          { embedOrigins: ['https://a.example', one] },
          400,
          { field: 'embedOrigins' },
        ] as const,
    ),
    [
      'PUT /v1/platforms/shop',
      { embedOrigins: ['https://a.example:8443', 'http://shop.localhost:3000'] },
      200,
      { embedOrigins: ['https://a.example:8443', 'http://shop.localhost:3000'] },
    ],
    ['PUT /v1/platforms/shop', { embedOrigins: [] }, 200, { embedOrigins: [] }],
    ...[{ limit: 0, seconds: 1 }, { limit: 1 }, 7, { limit: 1, seconds: 1, x: 1 }].map(
      (rate) => ['PUT /v1/platforms/shop', { rate }, 400, { field: 'rate' }] as const,
    ),
    ['PUT /v1/platforms/shop', { proof: 'none' }, 400, { field: 'proof' }],
    ['PUT /v1/platforms/shop', { userIds: 'local' }, 400, { field: 'userIds' }],
    ['PUT /v1/platforms/shop', { id: 'other' }, 400, { field: 'id' }],
    ['PUT /v1/platforms/shop', { secret: 'x' }, 400, { field: 'secret' }],
    [
      'PUT /v1/platforms/shop',
      { name: 'New', proof: 'both' },
      200,
      { name: 'New', proof: 'both', endpoint: 'https://shop.example/x' },
    ],
    ['PUT /v1/platforms/none', { name: 'New' }, 404, { code: 'PLATFORM_NOT_FOUND' }],
    ['GET /v1/platforms/none', undefined, 404, { code: 'PLATFORM_NOT_FOUND' }],
    ['POST /v1/platforms/a%20b/disable', undefined, 404, { code: 'PLATFORM_NOT_FOUND' }],
    ['POST /v1/platforms/shop/rotate', { overlapSeconds: -1 }, 400, { field: 'overlapSeconds' }],
    ['GET /v1/platforms/shop', undefined, 200, { name: 'New' }],
    ['GET /v1/keys', undefined, 200, { keys: [] }],
    [
      'POST /v1/keys',
      { name: 'a', operations: ['read'] },
      201,
      { key: /^jifen_key_[0-9a-f]{12}_[\w-]{43}$/ },
    ],
    ['POST /v1/keys', { operations: ['read'] }, 400, { field: 'name' }],
    ['POST /v1/keys', { name: 'a' }, 400, { field: 'operations' }],
    ['POST /v1/keys', { name: 'a', operations: ['read'], id: 'x' }, 400, { field: 'id' }],
    [
      'POST /v1/keys',
      { name: 'a', operations: ['read'], expiresAt: 'soon' },
      400,
      { field: 'expiresAt' },
    ],
    ['POST /v1/keys/0123456789ab/revoke', undefined, 404, { code: 'KEY_NOT_FOUND' }],
    ['POST /v1/keys/nothing/revoke', undefined, 404, { code: 'KEY_NOT_FOUND' }],
  ];
  for (const [request, body, status, expected] of rows) {
    const answer = await server.ask(request, body);
    t.equal(answer.status, status, `${request} ${JSON.stringify(body)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected as object, request);
  }
  for (const list of ['platforms', 'keys']) {
    const { text, body } = await server.ask(`GET /v1/${list}`);
    t.equal(body[list].length, 1);
    t.notMatch(text, /secret|hash|sealed|jifen_key/, 'nothing that opens anything is shown again');
  }
});

t.test('changes made at once do not undo each other', async (t) => {
  const server = await gateway(t);
  await caller(server, 'shop');
  const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
  const made = await Promise.all(
    names.map((name) => server.ask('PUT /v1/platforms/shop', { name })),
  );
  t.ok(made.every(({ status }) => status === 200 || status === 409));
  const done = made.filter(({ status }) => status === 200).map(({ body }) => body.name);
  t.ok(done.length >= 1);
  t.ok(done.includes((await server.ask('GET /v1/platforms/shop')).body.name));
});

t.test('no secret and no key is on disk as it is', async (t) => {
  const server = await gateway(t, {
    logs: { folder: join(temporaryFolder(t), 'logs') },
    assets: ['gold'],
  });
  const shop = await caller(server, 'shop');
  const { Authorization = '' } = await operator(server, ALL);
  t.equal((await shop.ask(BALANCE)).status, 200);
  t.equal(statSync(join(server.folder, 'secrets.key')).mode & 0o777, 0o600);
  await server.server.engine.checkpoint();
  const wanted = [shop.secret, Authorization.slice(-43)];
  const files = readdirSync(server.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(server.folder, name))
    .filter((path) => statSync(path).isFile());
  t.ok(files.length > 3);
  for (const path of files) {
    const bytes = readFileSync(path);
    for (const text of wanted) t.notOk(bytes.includes(text), path);
  }
});

t.test('sealing', async (t) => {
  const sealer = await Sealer.make(temporaryFolder(t));
  const other = await Sealer.make(temporaryFolder(t));
  const sealed = sealer.seal('secret', 'shop');
  t.equal(sealer.open(sealed, 'shop'), 'secret');
  t.not(sealer.seal('secret', 'shop'), sealed, 'another nonce each time');
  t.equal(sealer.open(sealed, 'club'), undefined);
  t.equal(other.open(sealed, 'shop'), undefined);
  const bytes = Buffer.from(sealed, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] = (changed[i] ?? 0) ^ 1;
    t.equal(sealer.open(changed.toString('base64url'), 'shop'), undefined, `byte ${i}`);
  }
  t.equal(sealer.open('', 'shop'), undefined);
});

t.test('texts that nobody reads in the log', async (t) => {
  const sealer = await Sealer.make(temporaryFolder(t));
  const other = await Sealer.make(temporaryFolder(t));
  for (const text of ['', 'AB12-CD34', '上海市 1 号 😀', 'x'.repeat(1_000)]) {
    const sealed = sealer.conceal(text, 'receiver ann');
    t.equal(sealed.length, sealedLength(Buffer.byteLength(text)));
    t.match(sealed, /^[\w-]+$/);
    t.equal(sealer.reveal(sealed, 'receiver ann'), text);
    t.not(sealer.conceal(text, 'receiver ann'), sealed, 'another salt each time');
    t.equal(sealer.reveal(sealed, 'receiver ben'), undefined, 'somebody else’s');
    t.equal(other.reveal(sealed, 'receiver ann'), undefined, 'another key');
    const bytes = Buffer.from(sealed, 'base64url');
    for (let i = 0; i < Math.min(100, bytes.length); i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      t.equal(sealer.reveal(changed.toString('base64url'), 'receiver ann'), undefined, `${i}`);
    }
  }
  for (const none of ['', 'AQ', 'not sealed'])
    t.equal(sealer.reveal(none, 'receiver ann'), undefined, none);
});

t.test('where platforms and keys cannot be read, only the administrator is let in', async (t) => {
  const { state, openEngine } = recordsThatFail();
  const limits = { accessRefreshMs: 20, accessStaleMsMax: 200 };
  const server = await gateway(t, { openEngine, limits, assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const key = await operator(server, ['read']);
  const ask = async () => [
    (await shop.ask(BALANCE)).status,
    (await shop.sign(BALANCE)).status,
    (await bare(server.server.address, 'GET /v1/accounts/ann', undefined, key)).status,
    (await server.ask('GET /v1/accounts/ann')).status,
  ];
  const becomes = (expected: readonly number[]) =>
    until(`it is ${expected}`, async () => (await ask()).join() === expected.join());
  await becomes([200, 200, 200, 200]);
  state.isReadable = false;
  await becomes([503, 503, 503, 200]);
  state.isReadable = true;
  await becomes([200, 200, 200, 200]);
});

t.test('two gateways of one ledger', async (t) => {
  const cluster = await Cluster.make(t);
  const running = new Set<Server>();
  const start = async (node: string) => {
    const limits = { accessRefreshMs: 50, accessStaleMsMax: 30_000 };
    const server = await startServer({ port: 0, engine: cluster.options(node), limits });
    running.add(server);
    const stop = async () => {
      if (running.delete(server)) await server.close();
    };
    t.teardown(stop);
    const ask = (request: string, body?: unknown) =>
      bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
    return { server, ask, stop };
  };
  const a = await start('a');
  // Another node's folder has its own key, until it is given the first one's.
  const stranger = await start('b');
  await a.ask('PUT /v1/assets/gold', { scale: 0 });
  const made = await a.ask('POST /v1/platforms', { ...PLATFORM, id: 'shop' });
  const key = await a.ask('POST /v1/keys', { name: 'k', operations: ['read'] });
  const becomes = (ask: () => Promise<{ status: number }>, status: number) =>
    until(`it is ${status}`, async () => (await ask()).status === status);
  const shopAt = (address: string) => () =>
    callerOf(address, 'shop', made.body.secret).ask(BALANCE);
  t.ok(await becomes(shopAt(a.server.address), 200));
  t.ok(
    await becomes(shopAt(stranger.server.address), 503),
    'it says that it cannot read the secret',
  );
  const more = await stranger.ask('POST /v1/platforms', { ...PLATFORM, id: 'club' });
  const other = { status: 503, body: { code: 'SECRETS_KEY_DIFFERS', retry: false } };
  t.match(more, other, 'and seals none of its own');
  t.match(await shopAt(stranger.server.address)(), other, 'which is not told as something passing');
  const reason = (node: string) => `node ${node} has another secrets.key than this node`;
  t.ok(await becomes(() => a.ask('GET /readyz'), 503));
  t.ok((await a.ask('GET /readyz')).body.reasons[0].startsWith(reason('b')), 'named on one');
  t.ok(
    (await stranger.ask('GET /readyz')).body.reasons[0].startsWith(reason('a')),
    'and the other',
  );
  await stranger.stop();
  await copyFile(
    join(cluster.folder('a'), 'secrets.key'),
    join(cluster.folder('b'), 'secrets.key'),
  );
  t.ok(await becomes(() => a.ask('GET /readyz'), 200), 'without the other one it is ready');
  const b = await start('b');
  t.ok(await becomes(shopAt(b.server.address), 200));
  const byKey = () =>
    bare(b.server.address, 'GET /v1/accounts/ann', undefined, {
      Authorization: `Bearer ${key.body.key}`,
    });
  t.ok(await becomes(byKey, 200));
  await a.ask(`POST /v1/keys/${key.body.id}/revoke`);
  t.ok(await becomes(byKey, 401), 'a key that the other node revoked');
  await a.ask('POST /v1/platforms/shop/disable');
  t.ok(await becomes(shopAt(b.server.address), 403), 'a platform that the other node disabled');
  await b.stop();
  await a.stop();
  for (const node of ['a', 'b']) t.same((await verifyFolder(cluster.folder(node))).problems, []);
});

t.test('a change that cannot be read back counts all the same', async (t) => {
  const { state, openEngine } = recordsThatFail();
  const server = await gateway(t, { openEngine, limits: { accessRefreshMs: 20 } });
  const shop = await caller(server, 'shop');
  const made = await server.ask('POST /v1/keys', { name: 'k', operations: ['read'] });
  const { id, key } = made.body as { id: string; key: string };
  const asked = () =>
    bare(server.server.address, 'GET /v1/assets', undefined, { Authorization: `Bearer ${key}` });
  const balance = () => shop.ask('GET /api/points/balance?user_id=ann');
  t.match([(await asked()).status, (await balance()).status], [200, 200]);
  state.isReadable = false;
  t.match(await asked(), { status: 200 }, 'what is known is good for a while');
  t.match(await server.ask(`POST /v1/keys/${id}/revoke`), { status: 200 });
  t.match(await asked(), { status: 503, body: { code: 'SHARD_UNAVAILABLE' } });
  t.match(await balance(), { status: 503 }, 'who else was changed is not known either');
  for (const list of ['keys', 'platforms', 'platforms/shop'])
    t.match(await server.ask(`GET /v1/${list}`), { status: 503 }, list);
  state.isReadable = true;
  t.match((await server.ask('GET /v1/keys')).body.keys, [{ id, revokedAt: Number }]);
  t.match([(await asked()).status, (await balance()).status], [401, 200]);
});
