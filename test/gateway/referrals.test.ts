// Referral codes over HTTP, the socket and packed batches: who uses one says the code; what it says is told; who may know.

import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { operator } from './callers.js';
import { run } from './program.js';
import { shop } from './shop.js';

const TERMS = { referrer: 100, newcomer: 50 };

t.test('whoever uses a code says the code', async (t) => {
  const served = await shop(t, [['referral/shop', TERMS]]);
  const { ask, key, server, folder } = served;
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const refer = (owner: string, id: string, code: string, more: object = {}) => ({
    ...{ owner, id },
    body: { programme: 'shop', code, ...more },
  });
  const act = (owner: string, id: string, code: string) =>
    ({ type: 'act', act: 'refer', ...refer(owner, id, code) }) as const;
  const own = { owner: 'ann', id: 'c1', body: { programme: 'shop', code: 'abc234' } };
  t.match(await ask('POST /v1/acts/referral-code', own), {
    status: 201,
    body: { act: { effects: [{ type: 'referralCode', code: 'ABC234' }] } },
  });
  const said = await ask('GET /v1/referral-codes/abc234?programme=shop');
  t.match(said, {
    status: 200,
    body: { programme: 'shop', code: 'ABC234', owner: 'ann', referredBy: null },
  });
  const { since, until } = said.body;
  t.equal(until - since, 30 * 86_400_000);
  served.later(1);
  // However it is asked for; the same id again is the same referral.
  const first = await ask('POST /v1/acts/refer', refer('bob', 'r', 'abC234'));
  t.match(first, { status: 201, body: { act: { effects: [{ type: 'referred', by: 'ann' }] } } });
  t.match(await ask('POST /v1/acts/refer', refer('bob', 'r', 'ABC234')), {
    status: 200,
    body: { replayed: true },
  });
  const whole = refer('bob', 'r', 'ABC234', { by: 'ann', since, until });
  t.match(await ask('POST /v1/acts/refer', whole), { status: 200, body: { replayed: true } });
  t.match(await ask('POST /v1/acts/refer?dryRun=true', refer('cat', 'r', 'abc234')), {
    status: 200,
    body: { dryRun: true, act: { effects: [{ by: 'ann' }] } },
  });
  t.match(await client.submit(act('cat', 'r', 'abc234')), { ok: true });
  t.match(await client.stream.submit(act('dan', 'r', 'abc234')), { ok: true });
  for (const [n, to] of [client, client.stream].entries()) {
    const batch = to.batch();
    batch.add(act(`eve${n}`, 'r', 'abc234'));
    batch.add(act(`eve${n}`, 'r2', 'ABC235'));
    const outcomes = await batch.submit();
    t.equal(outcomes.code(0), undefined);
    t.match(outcomes.outcome(1), { code: 'REFERRAL_CODE_UNKNOWN', field: 'body.code' });
  }
  t.match((await ask('GET /v1/accounts/ann')).body, { accounts: [{ available: 500 }] });
  // A code that there is not uses no id.
  t.match(await ask('POST /v1/acts/refer', refer('fay', 'r', 'XYZ234')), {
    status: 404,
    body: { code: 'REFERRAL_CODE_UNKNOWN', field: 'body.code' },
  });
  t.match(await ask('POST /v1/acts/refer', refer('fay', 'r', 'ABC234')), { status: 201 });
  t.match(await ask('POST /v1/acts/refer', refer('ann', 'r', 'ABC234')), {
    status: 422,
    body: { code: 'REFERRAL_TO_SELF', field: 'body.code' },
  });
  const lie = refer('gus', 'r', 'ABC234', { by: 'bob' });
  t.match(await ask('POST /v1/acts/refer', lie), { body: { code: 'REFERRAL_CODE_UNKNOWN' } });
  for (const body of [{ programme: 'shop', code: 'ABC1O4' }, { programme: 'shop' }, { code: 7 }])
    t.match(await ask('POST /v1/acts/refer', { owner: 'gus', body }), {
      status: 400,
      body: { code: 'ACT_BODY_INVALID' },
    });
  t.same(await client.referralCode('shop', 'abc234'), said.body);
  t.equal(await client.referralCode('shop', 'ABC235'), undefined);
  await announceServer(folder, server.address);
  const shown = await run(folder, 'programme', 'code', 'abc234', '--folder', folder);
  t.same(JSON.parse(shown.out), said.body);
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('who may know what a code says', async (t) => {
  const served = await shop(t, [['referral/shop', TERMS]]);
  const { ask } = served;
  await ask('PUT /v1/assets/tin', { scale: 0 });
  await ask('POST /v1/acts/referral-code', {
    owner: 'ann',
    body: { programme: 'shop', code: 'ABC234' },
  });
  const path = 'GET /v1/referral-codes/ABC234?programme=shop';
  const reader = await operator(served, ['read'], { assets: ['points'] });
  const earner = await operator(served, ['earn']);
  const others = await operator(served, ['read'], { assets: ['tin'] });
  t.match(await ask(path, undefined, reader), { status: 200 });
  t.match(await ask(path, undefined, earner), {
    status: 403,
    body: { code: 'OPERATION_FORBIDDEN' },
  });
  t.match(await ask(path, undefined, others), { status: 403, body: { code: 'ASSET_FORBIDDEN' } });
  for (const [owner, status] of [
    ['ann', 200],
    ['bob', 403],
  ] as const)
    t.match(await ask(path, undefined, await operator(served, ['read'], { owner })), { status });
  for (const [query, status, code] of [
    ['ABC235?programme=shop', 404, 'REFERRAL_CODE_UNKNOWN'],
    ['abc?programme=shop', 404, 'REFERRAL_CODE_UNKNOWN'],
    ['ABC234?programme=club', 404, 'DEFINITION_NOT_FOUND'],
    ['ABC234', 400, 'QUERY_INVALID'],
    ['ABC234?programme=%20', 400, 'DEFINITION_KEY_INVALID'],
    ['%zz?programme=shop', 404, 'REFERRAL_CODE_UNKNOWN'],
  ] as const)
    t.match(await ask(`GET /v1/referral-codes/${query}`), { status, body: { code } }, query);
  // Who may not refer is told that, whatever the code.
  const refer = (code: string) => ({ owner: 'bob', body: { programme: 'shop', code } });
  const client = connect({
    url: served.server.address,
    key: reader.Authorization?.slice('Bearer '.length) ?? '',
  });
  t.teardown(() => client.close());
  for (const code of ['ABC234', 'ABC235'])
    t.match(await client.stream.submit({ type: 'act', act: 'refer', ...refer(code) }), {
      code: 'OPERATION_FORBIDDEN',
    });
});
