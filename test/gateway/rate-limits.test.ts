// Rate limits: the bucket on a clock of its own, against a count of what it should let through, and
// the headers of a real server.

import t from 'tap';
import { networkOf } from '../../engine/index.js';
import { RateLimits } from '../../gateway/auth/rate-limits.js';
import { GATEWAY_LIMITS } from '../../gateway/limits.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { caller, operator, token } from './callers.js';
import { bare, gateway } from './harness.js';
import { Talk } from './talk.js';

t.test('never more than the rate allows, in any stretch of time', async () => {
  const cases = campaign({ name: 'token buckets', long: 2_000, sample: 50 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const rate = { limit: 1 + random.int(20), seconds: 1 + random.int(60) };
    let now = 0;
    const limits = new RateLimits(1_000, () => now);
    const taken: number[] = [];
    for (let i = 0; i < 300; i++) {
      // Many at the same millisecond, some right at the border of a window.
      if (random.chance(0.4)) now += random.int((rate.seconds * 2_000) / rate.limit);
      const answer = limits.take('x', rate, 1);
      if (answer.ok) taken.push(now);
      else if (answer.seconds < 1) throw new Error('a refusal that says no time');
      if (!answer.ok && random.chance(0.1)) {
        now += answer.seconds * 1_000;
        if (!limits.take('x', rate, 1).ok) throw new Error('told to wait too short');
        taken.push(now);
      }
    }
    for (let from = 0; from < taken.length; from++) {
      for (let to = from; to < taken.length; to++) {
        const span = taken[to]! - taken[from]!;
        const most = rate.limit + (span * rate.limit) / (rate.seconds * 1_000);
        if (to - from + 1 > most + 1e-6) throw new Error(`${to - from + 1} in ${span} ms`);
      }
    }
  });
});

t.test('buckets are forgotten when they are full again, or there are too many', async (t) => {
  let now = 0;
  const limits = new RateLimits(100, () => now);
  const rate = { limit: 10, seconds: 10 };
  for (let i = 0; i < 1_000; i++) limits.take(`u${i}`, rate, 1);
  t.ok(limits.size <= 100, `${limits.size}`);
  now = 1_000_000;
  for (let i = 0; i < 200; i++) limits.take('one', rate, 1);
  for (let i = 0; i < 200; i++) limits.take(`v${i % 3}`, rate, 1);
  for (let i = 0; i < 100; i++) limits.take(`w${i}`, rate, 1);
  t.ok(limits.size <= 104, `${limits.size}`);
  t.equal(limits.take('one', { limit: 5, seconds: 1 }, 1).left, 4, 'another rate begins anew');
  t.notOk(limits.take('big', rate, 11).ok, 'more than it ever holds');
});

t.test('who has a network of addresses is counted as one', async (t) => {
  const rows = [
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['0:0:0:0:0:ffff:cb00:7109', '203.0.113.9'],
  ] as const;
  for (const [address, network] of rows) t.equal(networkOf(address), network, address);
  const ahead = 'X-Forwarded-For';
  const { server } = await gateway(t, {
    limits: { proxies: 1, visitorRate: { limit: 3, seconds: 600 } },
  });
  const asked = [];
  for (let n = 0; n < 5; n++)
    asked.push(
      (await bare(server.address, 'GET /session', undefined, { [ahead]: `2001:db8::${n}` })).status,
    );
  t.same(asked, [401, 401, 401, 429, 429]);
});

t.test('platforms, keys and users are limited, with headers that say so', async (t) => {
  t.same(GATEWAY_LIMITS.userRates.earn, { limit: 10, seconds: 60 });
  // A longer time, in which none comes back while the test runs.
  const limits = { userRates: { earn: { limit: 10, seconds: 3_600 } } };
  const server = await gateway(t, { limits, assets: ['gold'] });
  const { address } = server.server;
  const shop = await caller(server, 'shop', { rate: { limit: 3, seconds: 3_600 } });
  const BALANCE = 'GET /api/points/balance?user_id=ann';
  for (const left of ['2', '1', '0']) {
    const answer = await shop.ask(BALANCE);
    t.equal(answer.status, 200);
    t.equal(answer.headers.get('RateLimit-Policy'), '"requests";q=3;w=3600');
    t.match(answer.headers.get('RateLimit'), new RegExp(`^"requests";r=${left};t=\\d+$`));
  }
  const refused = await shop.ask(BALANCE);
  t.match(refused, { status: 429, body: { code: 'RATE_LIMITED', retry: true } });
  const after = Number(refused.headers.get('Retry-After'));
  t.ok(after >= 1 && after <= 1_200, 'one third of the time');
  const club = await caller(server, 'club');
  t.equal((await club.ask(BALANCE)).status, 200, 'another platform has its own');

  const key = await operator(server, ['earn', 'read'], { rate: { limit: 5, seconds: 3_600 } });
  const earn = (to: string) => ({ legs: [{ from: '@issue', to, asset: 'gold', amount: 1 }] });
  const batch = (count: number) => Array.from({ length: count }, (_, i) => earn(`u${i}`));
  const post = (body: unknown) => bare(address, 'POST /v1/transfers', body, key);
  t.equal((await post(batch(4))).headers.get('RateLimit')?.includes('r=1;'), true);
  t.equal((await post(batch(2))).status, 429, 'a batch counts its commands');
  t.equal((await post(earn('x'))).status, 201);

  const add = (user_id: string) => club.ask('POST /api/points/add', { user_id, amount: 1 });
  const dry = (user: string) => club.ask('POST /v1/transfers?dryRun=true', earn(user));
  for (let i = 0; i < 11; i++) t.equal((await dry('ann')).status, 200, 'a dry run uses nothing up');
  for (let i = 0; i < 10; i++) t.equal((await add('ann')).status, 200);
  const eleventh = await add('ann');
  t.match(eleventh, { status: 429, body: { code: 'RATE_LIMITED' } });
  const seconds = Number(eleventh.headers.get('Retry-After'));
  t.ok(seconds >= 1 && seconds <= 360, `${seconds}`);
  t.equal((await add('bob')).status, 200, 'another user has their own');
  const mixed = await club.ask('POST /v1/transfers', [earn('ann'), earn('eve')]);
  t.match(mixed.body, [{ status: 429, code: 'RATE_LIMITED' }, { status: 201 }]);
  const many = Array.from({ length: 30 }, () => server.ask('POST /v1/transfers', earn('ann')));
  t.ok(
    (await Promise.all(many)).every(({ status }) => status === 201),
    'not the administrator',
  );
});

t.test('what was carried out before is told again, and counts for nothing', async (t) => {
  const limits = { userRates: { earn: { limit: 3, seconds: 36_000 } } };
  const server = await gateway(t, { limits });
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  const shop = await caller(server, 'shop');
  const earn = (id: string, amount = 1) => ({
    id,
    legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount }],
  });
  const add = (transaction_id?: string) =>
    shop.ask('POST /api/points/add', { user_id: 'ann', amount: 1, transaction_id });
  const again = { status: 200, body: { replayed: true } };
  const late = { status: 429, body: { code: 'RATE_LIMITED' } };

  t.match(await add('A'), { status: 200, body: { replayed: false } });
  for (let i = 0; i < 5; i++) t.match(await add('A'), again, 'while there are tokens');
  t.match(await shop.ask('POST /v1/transfers', earn('B')), { status: 201 });
  for (let i = 0; i < 5; i++) t.match(await shop.ask('POST /v1/transfers', earn('B')), again);
  t.match(await add('C'), { status: 200, body: { replayed: false } });
  t.match(await add('D'), late, 'three were made');
  t.match(await add(), late);

  const replay = await add('A');
  t.match(replay, again, 'while there are none');
  t.equal(replay.headers.get('Idempotency-Replayed'), 'true');
  t.match(await shop.ask('POST /v1/transfers', earn('B')), again);
  t.match(await shop.ask('POST /v1/transfers', earn('B', 2)), late, 'another body is no repeat');

  const third = { ...earn('shop:C'), kind: 'cross_system.add' };
  const batch = [earn('B'), earn('X'), third, { id: '', legs: [] }];
  const mixed = [{ id: 'B', replayed: true }, { code: 'RATE_LIMITED' }, { replayed: true }];
  const post = async (query = '', body = batch) =>
    (await shop.ask(`POST /v1/transfers${query}`, body)).body;
  t.match(await post(), [...mixed, { code: 'LEGS_INVALID' }]);
  t.match(await post('?atomic=true', batch.slice(0, 3)), [
    { id: 'B', replayed: true },
    { code: 'RATE_LIMITED' },
    { id: 'shop:C', replayed: true },
  ]);
  t.match(await post('?atomic=true', [earn('B'), third]), [mixed[0], mixed[2]]);
  const lines = batch.slice(0, 3).map((line) => `${JSON.stringify(line)}\n`);
  const told = await shop.ask('POST /v1/transfers', lines.join(''), {
    'Content-Type': 'application/x-ndjson',
  });
  t.match(
    told.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    mixed,
  );

  const talk = await Talk.open(server.port);
  t.teardown(() => talk.close());
  await talk.ask({ type: 'auth', token: await token('shop', shop.secret) });
  const commands = batch.slice(0, 3).map((fields) => ({ type: 'transfer', ...fields }));
  t.match(await talk.ask({ type: 'commands', id: 1, commands }), { outcomes: mixed });
  const { body } = await server.ask('GET /v1/accounts/ann');
  t.match(body.accounts, [{ available: 3, version: 3 }]);
});

t.test('tokens that are put back are there again, and never more than the rate has', async (t) => {
  const limits = new RateLimits(100, () => 0);
  const rate = { limit: 3, seconds: 60 };
  limits.giveBack('unknown', 1);
  for (const left of [2, 1, 0]) t.equal(limits.take('x', rate, 1).left, left);
  limits.giveBack('x', 2);
  t.equal(limits.take('x', rate, 1).left, 1);
  limits.giveBack('x', 9);
  t.equal(limits.take('x', rate, 1).left, 2);
});
