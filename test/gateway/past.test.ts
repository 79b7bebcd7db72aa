// Past balances over HTTP: what was over at a time counts as over, whenever it was booked; a statement that was issued is issued again,
// the same to the byte.

import t, { type Test } from 'tap';
import { gateway } from './harness.js';

const USERS = Array.from({ length: 40 }, (_, i) => `user${i}`);
const SECOND = 1_000;

/** Points of 40 users that end in 10 s, and a hold of each with a deadline in 15 s; then, with no tick, 40 s pass. */
async function over(t: Test) {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', shards: 2, clockOffset, tickMs: 600_000 };
  const server = await gateway(t, { engine });
  const { ask } = server;
  await ask('PUT /v1/assets/gold', { scale: 0, lotGranularityMs: SECOND });
  const begun = Math.ceil(Date.now() / SECOND) * SECOND;
  const [lot, deadline] = [begun + 10 * SECOND, begun + 15 * SECOND];
  const earn = (to: string, amount: number, expiresAt: number | null) => ({
    legs: [{ from: '@issue', to, asset: 'gold', amount, expiresAt }],
  });
  await ask(
    'POST /v1/transfers',
    USERS.map((user) => earn(user, 100, lot)),
  );
  for (const owner of USERS)
    await ask('POST /v1/holds', { owner, id: 'h', asset: 'gold', amount: 30, deadline });
  const pass = (ms: number): void => {
    const offset = new Float64Array(clockOffset);
    offset[0] = (offset[0] as number) + ms;
  };
  pass(40 * SECOND);
  return { ...server, earn, lot, deadline, pass };
}

t.test('lots and holds that were over at a time count as over', async (t) => {
  const { ask, lot, deadline } = await over(t);
  const times: readonly (readonly [number, number, number])[] = [
    [lot - 1, 70, 30],
    [lot, 0, 30],
    [deadline - 1, 0, 30],
    [deadline, 0, 0],
    [deadline + 10 * SECOND, 0, 0],
  ];
  for (const [at, available, held] of times) {
    const found = [];
    for (const user of USERS) {
      const { body } = await ask(`GET /v1/accounts/${user}?at=${at}`);
      found.push(body.accounts[0]);
    }
    const right = found.filter((one) => one.available === available && one.held === held);
    t.equal(right.length, USERS.length, `each alone, at ${at - lot}`);
    const { body } = await ask('POST /v1/balances', { owners: USERS, at });
    t.same(
      body.balances.map(({ accounts }: any) => accounts[0]),
      found,
      `in one call, at ${at - lot}`,
    );
  }
  const { body } = await ask(`GET /v1/accounts/user1/entries?asset=gold&order=oldest`);
  const told = body.entries.map(({ type, effective, time }: any) => [type, effective === time]);
  t.same(told, [
    ['transfer', true],
    ['hold', true],
    ['release', false],
    ['expire', false],
  ]);
  t.equal(body.entries[2].effective, deadline);
  t.equal(body.entries[3].effective, deadline, 'what was held until then was over then');
});

t.test('what is read as it is now is over when it is over', async (t) => {
  const { ask } = await over(t);
  const { body } = await ask('GET /v1/accounts/user1');
  t.match(body.accounts, [{ available: 0, held: 0, lots: [] }]);
  t.match((await ask('GET /v1/accounts/user2/holds/h')).body, { remaining: 0 });
  const many = await ask('POST /v1/balances', { owners: USERS });
  t.ok(many.body.balances.every(({ accounts }: any) => accounts[0].total === 0));
});

t.test('a statement that was issued is issued again', async (t) => {
  const { ask, earn, lot, pass } = await over(t);
  const owners = ['user3', '@issue', 'user1', 'user2', 'nobody'];
  const questions: readonly (readonly [string, (asOf?: unknown) => unknown])[] = [
    [`GET /v1/accounts/user1?at=${lot}`, () => undefined],
    [`GET /v1/accounts/user1/entries?asset=gold`, () => undefined],
    ['POST /v1/balances', (asOf) => ({ owners, at: lot + 5 * SECOND, asOf })],
    ['POST /v1/balances', (asOf) => ({ owners, at: lot + 86_400_000, asOf })],
  ];
  const first = [];
  for (const [request, body] of questions) first.push(await ask(request, body()));
  t.ok(first[3]?.body.at < lot + 86_400_000, 'a time to come is read as now');
  const booked = Date.now() + 39 * SECOND;
  const byTime = await ask(`GET /v1/accounts/user1?at=${lot - 1}&asOf=${booked}`);
  t.equal(byTime.body.asOf, booked);

  pass(2 * SECOND);
  await ask('PUT /v1/assets/tin', { scale: 0 });
  for (const user of ['user1', 'user2', 'user3'])
    for (const asset of ['gold', 'tin']) {
      const [leg] = earn(user, 5, null).legs;
      const { body } = await ask('POST /v1/transfers', { legs: [{ ...leg, asset }] });
      t.ok(body.entries);
    }
  for (const [i, [request, body]] of questions.entries()) {
    const { asOf, at } = first[i]?.body ?? {};
    const isPost = request.startsWith('POST');
    const asked = isPost ? { ...(body(asOf) as object), at } : undefined;
    const again = await ask(isPost ? request : `${request}&asOf=${asOf}`, asked);
    t.equal(again.text, first[i]?.text, `${request} says the same`);
    t.not((await ask(request, body())).text, first[i]?.text, 'and something else as of now');
  }
  const again = await ask(`GET /v1/accounts/user1?at=${lot - 1}&asOf=${booked}`);
  t.equal(again.text, byTime.text);
  const lines = await ask(
    `GET /v1/accounts/user1/entries?asset=gold&order=oldest&asOf=${first[1]?.body.asOf}`,
    undefined,
    { Accept: 'application/x-ndjson' },
  );
  t.equal(lines.text.trim().split('\n').length, first[1]?.body.entries.length);
});

t.test('what asOf cannot be', async (t) => {
  const { ask, lot } = await over(t);
  const { body: now } = await ask(`GET /v1/accounts/user1?at=${lot}`);
  const [shard, seq] = now.asOf.split(':').map(Number);
  const path = '/v1/accounts/user1';
  const wrong: readonly (readonly [string, string])[] = [
    [`${path}?asOf=${now.asOf}`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=noon`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=${lot - 1}`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=${1 - shard}:1`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=${shard}:1`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=${shard}:1,${shard}:2`, 'QUERY_INVALID'],
    [`${path}?at=${lot}&asOf=${shard}:${seq + 1_000}`, 'POSITION_AHEAD'],
    [`${path}/entries?asset=gold&asOf=${shard}:${seq + 1_000}`, 'POSITION_AHEAD'],
    [`${path}/entries?asset=gold&asOf=${1 - shard}:1`, 'QUERY_INVALID'],
  ];
  for (const [asked, code] of wrong)
    t.match(await ask(`GET ${asked}`), { body: { code, field: 'asOf' } }, asked);
  for (const [body, code] of [
    [{ owners: ['user1'], asOf: now.asOf }, 'QUERY_INVALID'],
    [{ owners: ['user1'], at: lot, asOf: lot - 1 }, 'QUERY_INVALID'],
    [{ owners: ['user1'], at: lot, asOf: 'noon' }, 'QUERY_INVALID'],
  ] as const)
    t.match(await ask('POST /v1/balances', body), { body: { code, field: 'asOf' } });
});
