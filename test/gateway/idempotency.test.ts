// The `Idempotency-Key` header: what a repeat is answered, and another body under the same key.

import t from 'tap';
import { caller } from './callers.js';
import { type Answered, gateway } from './harness.js';

const REPLAYED = 'idempotency-replayed';
const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 10 };
const said = ({ headers }: Answered) => headers.get(REPLAYED);

t.test('an Idempotency-Key', async (t) => {
  const server = await gateway(t, { engine: { shards: 2, folder: '' }, assets: ['gold'] });
  const key = (text: string) => ({ 'Idempotency-Key': text });

  const first = await server.ask('POST /v1/transfers', { legs: [LEG] }, key('"K:1"'));
  t.match(first, { status: 201, body: { id: 'K:1', replayed: false } });
  t.equal(said(first), null, 'the first answer is none that is repeated');
  const second = await server.ask('POST /v1/transfers', { legs: [LEG] }, key('K:1'));
  t.match(second, { status: 200, body: { ...first.body, replayed: true } }, 'the first answer');
  t.equal(said(second), 'true');

  const other = { legs: [{ ...LEG, amount: 11 }] };
  const reused = await server.ask('POST /v1/transfers', other, key('K:1'));
  const code = 'IDEMPOTENCY_KEY_REUSED';
  t.match(reused, { status: 422, body: { code, field: 'Idempotency-Key', id: 'K:1' } });
  t.match(reused.body, { retry: false, type: `urn:jifen:refusal:${code}` });
  const inBody = await server.ask('POST /v1/transfers', { ...other, id: 'K:1' });
  t.match(inBody, { status: 409, body: { code: 'ID_REUSED' } }, 'an id in the body: as ever');

  const byId = await server.ask('POST /v1/transfers', { legs: [LEG], id: 'K:1' });
  t.equal(said(byId), 'true', 'whichever way the id is given');

  const spend = { legs: [{ ...LEG, from: 'ann', to: '@redeem', amount: 99 }] };
  const short = await server.ask('POST /v1/transfers', spend, key('K:2'));
  t.match(short, { status: 422, body: { code: 'POINTS_SHORT' } });
  t.equal(said(short), null);
  const again = await server.ask('POST /v1/transfers', spend, key('K:2'));
  t.match(again, { status: 422, body: { code: 'POINTS_SHORT', replayed: true } });
  t.equal(said(again), 'true', 'a refusal is repeated, too');

  const hold = { owner: 'ann', asset: 'gold', amount: 1 };
  for (const replayed of [null, 'true']) {
    const held = await server.ask('POST /v1/holds', hold, key('K:3'));
    t.equal(said(held), replayed, held.text);
  }
  const larger = await server.ask('POST /v1/holds', { ...hold, amount: 2 }, key('K:3'));
  t.match(larger, { status: 422, body: { code } });
  const batch = await server.ask('POST /v1/transfers', [{ legs: [LEG] }], key('K:4'));
  t.match(batch, { status: 400, body: { code: 'ID_INVALID', field: 'Idempotency-Key' } });

  const shop = await caller(server, 'shop');
  const add = (amount: number, more: object, headers = {}) =>
    shop.ask('POST /api/points/add', { user_id: 'bob', amount, ...more }, headers);
  t.match(await add(5, {}, key('T1')), { status: 200, body: { replayed: false } });
  const repeated = await add(5, {}, key('T1'));
  t.match(repeated, { status: 200, body: { success: true, replayed: true, balance: 5 } });
  t.equal(said(repeated), 'true');
  t.match(await add(6, {}, key('T1')), { status: 422, body: { code, id: 'T1' } });
  const named = await add(6, { transaction_id: 'T1' });
  t.match(named, { status: 409, body: { code: 'ID_REUSED', id: 'T1' } }, 'documented, and stable');

  for (const text of ['a b', 'x'.repeat(65), '"a"b"'])
    for (const [who, request, body] of [
      [server, 'POST /v1/transfers', { legs: [LEG] }],
      [server, 'POST /v1/holds', hold],
      [shop, 'POST /api/points/add', { user_id: 'bob', amount: 1 }],
    ] as const)
      t.match(await who.ask(request, body, key(text)), {
        status: 400,
        body: { code: 'ID_INVALID', field: 'Idempotency-Key' },
      });
});

t.test('a key is within an owner that the order of legs does not change', async (t) => {
  const server = await gateway(t, { engine: { shards: 2, folder: '' } });
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  const owners = ['ann', 'bob', 'cat', 'dan'] as const;
  for (const to of owners)
    await server.ask('POST /v1/transfers', { id: 'fund', legs: [{ ...LEG, to }] });
  // Of these some are on one shard and some on two.
  for (const x of owners.slice(0, 3)) {
    const y = 'dan';
    const legs = [x, y].map((from) => ({ ...LEG, from, to: '@fee', amount: 1 }));
    const key = { 'Idempotency-Key': `pay-${x}` };
    const post = (body: object) => server.ask('POST /v1/transfers', body, key);
    for (const some of [legs, legs.toReversed()]) {
      const refused = { status: 400, body: { code: 'OWNER_REQUIRED', field: 'owner' } };
      t.match(await post({ legs: some }), refused);
      t.match(await server.ask('POST /v1/transfers?dryRun=true', { legs: some }, key), refused);
      t.match(await server.ask('POST /v1/transfers', [{ id: 'i', legs: some }]), {
        body: [refused.body],
      });
      t.match(await post({ legs: some, owner: 'eve' }), {
        status: 400,
        body: { code: 'OWNER_NOT_PARTY', field: 'owner' },
      });
    }
    t.match(await post({ legs, owner: x }), { status: 201 });
    t.match(await post({ legs, owner: x }), { status: 200, body: { replayed: true } });
    t.match(await post({ legs: legs.toReversed(), owner: x }), {
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    t.match(await server.ask(`GET /v1/accounts/${x}/transfers/pay-${x}`), { status: 200 });
    t.match(await server.ask(`GET /v1/accounts/dan/transfers/pay-${x}`), { status: 404 });
  }
  const bodies = await Promise.all(owners.map((owner) => server.ask(`GET /v1/accounts/${owner}`)));
  t.same(
    bodies.map(({ body }) => body.accounts[0].available),
    [9, 9, 9, 7],
  );
});
