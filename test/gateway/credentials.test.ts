// Headers that nobody sends on purpose.

import fc from 'fast-check';
import t from 'tap';
import { KEYS } from '../../gateway/auth/keys.js';
import { campaign } from '../campaign.js';
import { until } from '../until.js';
import { caller, signature, token } from './callers.js';
import { bare, gateway } from './harness.js';

t.test('whatever stands in the headers, it is refused and nothing fails', async (t) => {
  const defects: unknown[] = [];
  const server = await gateway(t, { onDefect: (error) => defects.push(error), assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const good = await token(shop.id, shop.secret, { exp: 253_402_300_799 });
  const request = 'POST /api/points/add';
  const body = { user_id: 'ann', amount: 1 };
  // Of another body, so that even all of it together is not good.
  const signed = signature(shop.id, shop.secret, request, { ...body, amount: 2 });
  // What a header may have, and pieces of what is right.
  const text = fc.oneof(
    fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    }),
    fc.string({
      unit: fc.integer({ min: 0xa1, max: 0xff }).map((code) => String.fromCharCode(code)),
    }),
    fc.constantFrom('', good, good.slice(1), good.slice(0, -2), `${good}.x`, '..', 'null', '{}'),
    fc.constantFrom(shop.id, '__proto__', 'constructor', '0', '-0', '1e9', String(Date.now())),
    fc.constantFrom(...Object.values(signed), 'Bearer ', `Bearer ${good}`, 'Bearer jifen_key__'),
    fc.string().map((payload) => `e30.${Buffer.from(payload).toString('base64url')}.e30`),
    fc.json().map((payload) => `e30.${Buffer.from(payload).toString('base64url')}.e30`),
  );
  const names = [
    'Authorization',
    'X-Platform-Token',
    'X-Platform-ID',
    'X-Timestamp',
    'X-Signature',
  ];
  const headers = fc.tuple(...names.map(() => fc.option(text, { nil: undefined, freq: 3 })));
  const plan = campaign({ name: 'headers', long: 20_000, sample: 200 });
  const [seed = 1] = plan.seeds;
  const statuses = new Set<number>();
  const one = fc.asyncProperty(headers, async (values) => {
    const given = names.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]]]));
    const isGood = values[1] === good && values[0] === undefined && !values[2] && !values[4];
    const answer = await bare(server.server.address, request, body, Object.fromEntries(given));
    statuses.add(answer.status);
    return isGood
      ? answer.status === 200 || answer.status === 429
      : [401, 403].includes(answer.status);
  });
  await fc.assert(one, { seed, numRuns: plan.count });
  t.same(defects, []);
  t.ok(statuses.has(401) && statuses.has(403));
});

t.test('good signatures and tokens of every form', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const strict = await caller(server, 'strict', { proof: 'both' });
  const read = 'GET /api/points/balance?user_id=ann&asset=gold';
  const [ms, margin] = [Date.now(), 240_000];
  for (const at of [ms - margin, ms, ms + margin])
    for (const timestamp of [String(at), String(Math.floor(at / 1_000))])
      t.equal((await shop.sign(read, undefined, { timestamp })).status, 200, timestamp);
  const headers = signature(shop.id, shop.secret, read, undefined);
  for (let i = 0; i < 3; i++) {
    const answer = await bare(server.server.address, read, undefined, headers);
    t.equal(answer.status, 200, 'what changes nothing may be repeated');
  }
  const add = 'POST /api/points/add';
  for (const body of ['{"user_id":"ann","amount":1}', ' { "amount": 1.0,\n "user_id": "ann" } '])
    t.equal((await shop.sign(add, body)).status, 200, 'the body as it was sent');
  const both = { 'X-Platform-Token': await token(strict.id, strict.secret) };
  t.equal((await strict.sign(read, undefined, { headers: both })).status, 200);
  const far = { exp: 253_402_300_799, extra: 'claim', platform_id: shop.id };
  const long = { 'X-Platform-Token': await token(shop.id, shop.secret, far) };
  for (let i = 0; i < 2; i++)
    t.equal((await bare(server.server.address, read, undefined, long)).status, 200);
});

t.test('a key that was found good is looked at anew for every request', async (t) => {
  const { server, ask } = await gateway(t, { assets: ['gold'], limits: { accessRefreshMs: 20 } });
  const made = async (more: object) => {
    const { body } = await ask('POST /v1/keys', { name: 'k', operations: ['read'], ...more });
    return body as { id: string; key: string };
  };
  const statusOf = async (key: string, scheme = 'Bearer ') => {
    const headers = { Authorization: scheme + key };
    return (await bare(server.address, 'GET /v1/accounts/ann', undefined, headers)).status;
  };
  const short = await made({ expiresAt: Date.now() + 1_000 });
  const { id, key } = await made({});
  for (const scheme of ['Bearer ', 'Bearer ', 'bearer   ', 'Basic '])
    t.equal(await statusOf(key, scheme), scheme === 'Basic ' ? 401 : 200, scheme);
  t.equal(await statusOf(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`), 401, 'another');
  t.equal(await statusOf(server.adminKey.key), 200);
  t.equal(await statusOf(server.adminKey.key), 200);
  t.equal(await statusOf(short.key), 200);
  t.ok(await until('it has expired', async () => (await statusOf(short.key)) === 401));
  await KEYS.change(server.engine, id, (before) => ({ ...before, operations: ['earn'] }));
  t.ok(await until('it may no more', async () => (await statusOf(key)) === 403));
  await KEYS.change(server.engine, id, (before) => ({ ...before, hash: '00'.repeat(32) }));
  t.ok(await until('it is another key', async () => (await statusOf(key)) === 401));
});
