// Who is who: rules as tables, and many who register at once.

import t from 'tap';
import { lookUp, lookUpBack, register, update } from '../../gateway/identity/mappings.js';
import { crossSystemId, derivedId } from '../../gateway/identity/names.js';
import { refuse } from '../../gateway/refusal.js';
import { caller } from './callers.js';
import { gateway } from './harness.js';

const SHOP_ANN = '16ac93b5-8b41-fbb4-0ddc-3b7057a15aba';
const ANN_SHOP_GOLD = 'CS:d187997bdc71b83d0c4fe9d01603fcf833f42fdeb7df05ee6565eb42a31327fd';

t.test('ids out of names', async (t) => {
  // SHA-256 of "shop:ann" and of "ann:shop:gold", worked out by sha256sum.
  t.equal(derivedId({ system: 'shop', user: 'ann' }), SHOP_ANN);
  t.equal(crossSystemId({ system: 'shop', user: 'ann' }, 'gold'), ANN_SHOP_GOLD);
});
t.test('register, look up both ways, update, deactivate', async (t) => {
  const server = await gateway(t, { engine: { folder: '', shards: 3 } });
  const ann = '/v1/platforms/shop/users/ann';
  const rows: readonly (readonly [string, unknown, number, unknown?])[] = [
    [`GET ${ann}`, undefined, 404, { code: 'IDENTITY_NOT_FOUND' }],
    [`POST ${ann}/deactivate`, undefined, 404, { code: 'IDENTITY_NOT_FOUND' }],
    [
      `POST ${ann}`,
      undefined,
      201,
      { system: 'shop', user: 'ann', target: 'global', identity: SHOP_ANN, status: 'active' },
    ],
    [`POST ${ann}`, {}, 200, { identity: SHOP_ANN }],
    [`POST ${ann}`, { identity: SHOP_ANN }, 200],
    [`POST ${ann}`, { identity: 'other' }, 409, { code: 'IDENTITY_CONFLICT', field: 'identity' }],
    [`GET ${ann}`, undefined, 200, { identity: SHOP_ANN }],
    ['POST /v1/platforms/shop/users/ann2', { identity: SHOP_ANN }, 201, { identity: SHOP_ANN }],
    ['POST /v1/platforms/club/users/42', { identity: SHOP_ANN }, 201],
    [`GET /v1/users/${SHOP_ANN}`, undefined, 200, { mappings: [{}, {}, {}] }],
    [
      `PUT ${ann}`,
      { identity: 'eve', was: 'bob' },
      409,
      { code: 'IDENTITY_CONFLICT', field: 'was' },
    ],
    [`PUT ${ann}`, { identity: 'eve' }, 400, { field: 'was' }],
    [`PUT ${ann}`, { identity: 'eve', was: SHOP_ANN }, 200, { identity: 'eve' }],
    [`GET /v1/users/${SHOP_ANN}`, undefined, 200, { mappings: [{}, {}] }],
    ['GET /v1/users/eve', undefined, 200, { mappings: [{ user: 'ann' }] }],
    [`POST ${ann}/deactivate`, undefined, 200, { status: 'inactive' }],
    [`POST ${ann}`, undefined, 422, { code: 'IDENTITY_INACTIVE' }],
    ['GET /v1/users/eve', undefined, 200, { mappings: [{ status: 'inactive' }] }],
    [`POST ${ann}/activate`, undefined, 200, { status: 'active' }],
    // To another system than the ledger itself.
    [`POST ${ann}/targets/club`, undefined, 400, { field: 'identity' }],
    [`POST ${ann}/targets/club`, { identity: '42' }, 201, { target: 'club', identity: '42' }],
    [`POST ${ann}/targets/club`, { identity: '43' }, 409, { code: 'IDENTITY_CONFLICT' }],
    [`GET ${ann}/targets/club`, undefined, 200, { identity: '42' }],
    [`GET ${ann}`, undefined, 200, { identity: 'eve' }],
    [
      'GET /v1/systems/club/users/42',
      undefined,
      200,
      { mappings: [{ system: 'shop', user: 'ann' }] },
    ],
    [`GET ${ann}/accounts/gold`, undefined, 200, { id: ANN_SHOP_GOLD, owner: 'eve' }],
    [`GET ${ann}/accounts/Gold`, undefined, 400, { code: 'ASSET_INVALID' }],
    // Names.
    ['POST /v1/platforms/shop/users/a:b', undefined, 400, { code: 'IDENTITY_INVALID' }],
    ['POST /v1/platforms/shop/users/a%00b', undefined, 400, { code: 'IDENTITY_INVALID' }],
    [
      `POST /v1/platforms/shop/users/${'x'.repeat(129)}`,
      undefined,
      400,
      { code: 'IDENTITY_INVALID' },
    ],
    ['POST /v1/platforms/sh:op/users/a', undefined, 400, { code: 'IDENTITY_INVALID' }],
    ['POST /v1/platforms/shop/users/c', { identity: '@issue' }, 400, { code: 'OWNER_INVALID' }],
    ['POST /v1/platforms/shop/users/c', { identity: '#keys' }, 400, { code: 'OWNER_INVALID' }],
    ['POST /v1/platforms/shop/users/c', { identity: 7 }, 400, { field: 'identity' }],
    ['POST /v1/platforms/shop/users/c', { global: 'x' }, 400, { field: 'global' }],
  ];
  for (const [request, body, status, expected] of rows) {
    const answer = await server.ask(request, body);
    t.equal(answer.status, status, `${request} ${JSON.stringify(body)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected as object, request);
    const { mappings } = (expected ?? {}) as { mappings?: unknown[] };
    if (mappings !== undefined) t.equal(answer.body.mappings.length, mappings.length, request);
  }
});

t.test('a platform registers its own users, by the derived id only', async (t) => {
  const server = await gateway(t);
  const shop = await caller(server, 'shop');
  t.match(await shop.ask('POST /v1/platforms/shop/users/ann'), { status: 201 });
  t.match(await shop.ask('POST /v1/platforms/shop/users/ann', { identity: SHOP_ANN }), {
    status: 200,
  });
  for (const [request, body] of [
    ['POST /v1/platforms/shop/users/bob', { identity: 'ann' }],
    ['PUT /v1/platforms/shop/users/ann', { identity: 'bob', was: SHOP_ANN }],
    ['POST /v1/platforms/club/users/bob', {}],
    ['POST /v1/platforms/club/users/bob/deactivate', {}],
    ['GET /v1/platforms/club/users/bob', undefined],
    ['POST /v1/platforms/shop/users/ann/targets/club', { identity: 'x' }],
    ['POST /v1/platforms/shop/users/ann/targets/club', {}],
  ] as const)
    t.ok([401, 403].includes((await shop.ask(request, body)).status), request);
});

t.test('of many who register a user at once one decides', async (t) => {
  const { server } = await gateway(t, { engine: { folder: '', shards: 2 } });
  for (let round = 0; round < 20; round++) {
    const source = { system: 'shop', user: `u${round}` };
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => register(server.engine, source, 'global', `p${i % 4}`)),
    );
    const ok = made.flatMap((one) => ('mapping' in one ? [one] : []));
    t.equal(ok.filter(({ created }) => created).length, 1, 'one made it');
    const winner = ok[0]!.mapping.target.user;
    t.ok(ok.every(({ mapping }) => mapping.target.user === winner) && ok.length === 2);
    t.ok(made.every((one) => 'mapping' in one || one.code === 'IDENTITY_CONFLICT'));
    for (let i = 0; i < 4; i++) {
      const seen = await lookUpBack(server.engine, { system: 'global', user: `p${i}` });
      const has = Array.isArray(seen) && seen.some(({ source: { user } }) => user === source.user);
      t.equal(has, winner === `p${i}`, 'both ways agree');
    }
  }
});

t.test(
  'what was cut short in the middle leaves nothing, and is made by the next call',
  async (t) => {
    const { server } = await gateway(t, { engine: { folder: '', shards: 2 } });
    const { engine } = server;
    for (let writes = 0; writes < 2; writes++) {
      const source = { system: 'shop', user: `cut${writes}` };
      let left = writes;
      const submit: typeof engine.own.submit = async (command) =>
        left-- > 0 ? engine.own.submit(command) : { ...refuse('SHARD_UNAVAILABLE') };
      const cut = Object.assign(Object.create(engine), { own: { ...engine.own, submit } });
      t.match(await register(cut, source, 'global', 'ann'), { code: 'SHARD_UNAVAILABLE' });
      t.equal(await lookUp(engine, source, 'global'), undefined);
      t.same(await lookUpBack(engine, { system: 'global', user: 'ann' }), []);
      t.match(await register(engine, source, 'global', 'eve'), { created: true });
      t.same(await lookUpBack(engine, { system: 'global', user: 'ann' }), []);
      t.match(await lookUpBack(engine, { system: 'global', user: 'eve' }), [{ source }]);
      const moved = { system: 'global', user: 'bob' };
      left = writes;
      t.match(await update(cut, source, moved, 'eve'), { code: 'SHARD_UNAVAILABLE' });
      t.same(await lookUpBack(engine, moved), []);
      t.match(await lookUp(engine, source, 'global'), { target: { user: 'eve' } });
      t.match(await update(engine, source, moved, 'eve'), { target: moved });
      t.match(await lookUpBack(engine, moved), [{ source }]);
      t.same(await lookUpBack(engine, { system: 'global', user: 'eve' }), []);
      await update(engine, source, { system: 'global', user: `gone${writes}` }, 'bob');
    }
  },
);
