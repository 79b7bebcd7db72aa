// Exchanges that wait for a reserve, over HTTP: what is told and to whom, health, the end of their time; by the client and the command line; and in
// which order, and how often, they are carried out while the process is killed.

import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import t from 'tap';
import { type FeedItem, verifyFolder } from '../../engine/index.js';
import { eventsOf } from '../../engine/protocol/events.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { campaign } from '../campaign.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { coalition, decided } from './coalition.js';
import { bare } from './harness.js';
import { PROGRAM } from './program.js';
import { ServerProcess } from './server-process.js';

const PENDING_SECONDS = 40;
const POOL = { ...SIDES.beta, reserve: 'pool' };
const run = promisify(execFile);

t.test('submitted, looked at, withdrawn, over', async (t) => {
  const of = await coalition(t, { healthPendingMax: 2 });
  const { ask, server, folder, key } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  const said: readonly (readonly [string, object])[] = [
    ['coalition/main', MAIN],
    ['exchanging/alpha', { ...SIDES.alpha, feeLeast: 2 }],
    ['exchanging/beta', { ...POOL, pendingSeconds: PENDING_SECONDS }],
  ];
  for (const [at, document] of said)
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const both = await caller(of, 'a', { assets: ['alpha', 'beta'] });
  const b = await caller(of, 'b', { assets: ['beta'] });
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const feed: FeedItem[] = [];
  for (const shard of server.engine.shardsHere)
    t.teardown(
      server.engine.subscribe(shard, { seq: 1, index: 0 }, ({ items }) => {
        feed.push(...items);
      }),
    );
  await ask('POST /v1/transfers', {
    legs: ['ann', 'bob'].map((to) => ({ from: '@issue', to, asset: 'alpha', amount: 1_000 })),
    owner: 'ann',
  });
  const S = 'POST /v1/exchange-submissions';
  const x = (id: string, more: object = {}) => ({
    ...{ owner: 'ann', from: 'alpha', to: 'beta', amount: 122, id },
    ...more,
  });
  const pending = { act: { effects: [{ type: 'exchangePending', fee: 2, result: 10_000 }] } };
  const rows: readonly [string, object | undefined, number, object?][] = [
    [S, x('e-1', { amount: 0 }), 400, { field: 'amount' }],
    [S, x('e-2', { to: 'tin' }), 422, { code: 'EXCHANGE_UNSUPPORTED', field: 'to' }],
    [S, x('e-3', { expected: 1 }), 409, { code: 'EXCHANGE_DIFFERS', field: 'expected' }],
    [S, x('e-4', { amount: 1_001 }), 422, { code: 'POINTS_SHORT' }],
    ['POST /v1/exchanges', x('e-5'), 409, { code: 'RESERVE_SHORT', field: 'amount' }],
    [S, x('s-1'), 201, pending],
    [S, x('s-1'), 200, { replayed: true }],
    [S, x('s-2', { receiver: 'bob' }), 201, pending],
    ['GET /v1/accounts/ann', undefined, 200],
    ['POST /v1/accounts/ann/holds/s-1/release', {}, 409, { code: 'HOLD_KEPT' }],
    ['POST /v1/accounts/ann/holds/s-1/capture', { to: 'bob' }, 409, { code: 'HOLD_KEPT' }],
    ['POST /v1/exchanges/s-1/returns', { owner: 'ann' }, 404, { field: 'exchange' }],
    [
      'GET /v1/accounts/ann/exchange-submissions/s-1',
      undefined,
      200,
      { state: 'pending', fee: 2, result: 10_000, rate: '0.833333333333', amount: 122 },
    ],
    ['GET /v1/accounts/ann/exchange-submissions/e-5', undefined, 404, { field: 'submission' }],
    ['GET /v1/pending-exchanges/beta?cursor=x', undefined, 400, { field: 'cursor' }],
    ['POST /v1/exchange-submissions/s-9/withdraw', { owner: 'ann' }, 404, { field: 'submission' }],
  ];
  for (const [request, body, status, more = {}] of rows) {
    const answer = await ask(request, body);
    t.equal(answer.status, status, `${request} ${JSON.stringify(body)} ${answer.text}`);
    t.match(answer.body, more, request);
  }
  const listed = async (by: Pick<typeof of, 'ask'> = of) =>
    (await by.ask('GET /v1/pending-exchanges/beta')).body.exchanges?.map(
      ({ submission }: any) => submission,
    );
  t.same(await listed(), ['s-1', 's-2']);
  t.same(await listed(both), ['s-1', 's-2']);
  t.same(await listed(b), [], 'of which it may not read both assets');
  t.equal((await b.ask('GET /v1/pending-exchanges/alpha')).status, 403);
  t.match((await b.ask('GET /v1/accounts/ann/exchange-submissions/,s-1')).body, {
    code: 'ASSET_FORBIDDEN',
  });
  const health = async () =>
    ((await (await fetch(`${server.address}/health`)).json()) as any).components.clearing;
  await until('two are not too many', async () => {
    const { body } = await ask('GET /v1/pending-exchanges');
    return body.assets[0]?.pending === 2;
  });
  t.same(await health(), { status: 'ok' });
  t.match(await ask(S, x('s-3', { owner: 'bob' })), { status: 201 });
  await until('three are', async () => (await health()).status === 'degraded');
  t.match(await health(), { detail: /^3 exchanges wait for points/ });
  t.match((await ask('GET /metrics')).text, /^jifen_exchanges_pending [23]$/m);

  // By the client, and the command line.
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const { submission } = { submission: 's-1' };
  t.match(await client.exchanges.submission('ann', submission), { state: 'pending', amount: 122 });
  t.match(await client.exchanges.pendingCounts(), [{ asset: 'beta' }]);
  t.equal((await client.exchanges.pending('beta')).exchanges.length, 3);
  t.match(await client.exchanges.withdraw(submission, { owner: 'ann' }), { ok: true });
  t.match(await client.exchanges.withdraw(submission, { owner: 'ann' }), {
    ...{ ok: false, code: 'EXCHANGE_NOT_PENDING' },
  });
  const cli = async (...args: string[]) =>
    JSON.parse((await run(process.execPath, [PROGRAM, ...args, '--folder', folder])).stdout);
  await announceServer(folder, server.address);
  const w1 = ['bob', 'alpha', 'beta', '122', '--wait', '--id', 'w-1'];
  t.match(await cli('exchange', ...w1), pending);
  t.match(await cli('pending', 'show', 'bob', 'w-1'), { state: 'pending' });
  t.match(await cli('pending', 'list', '--asset', 'beta'), { exchanges: { length: 3 } });
  t.match(await cli('pending', 'withdraw', 'bob', 'w-1'), {
    act: { effects: [{ type: 'exchangeWithdrawn' }] },
  });

  // Points for one of both; the time of the other one comes.
  t.match(await client.exchanges.submit(x('s-4', { amount: 602 })), { ok: true });
  await ask('POST /v1/reserves/b/assets/beta/fund', { amount: 10_001, id: 'r-1' });
  const stateOf = async (owner: string, id: string) =>
    (await ask(`GET /v1/accounts/${owner}/exchange-submissions/${id}`)).body;
  await until('the first one', async () => (await stateOf('ann', 's-2')).state === 'completed');
  t.match(await stateOf('bob', 's-3'), { state: 'pending' });
  for (let s = 0; s < PENDING_SECONDS; s += 4) {
    of.later(4_000);
    await pause(200);
  }
  await until('it is over', async () => (await stateOf('bob', 's-3')).state === 'expired');
  await until('it is over', async () => (await stateOf('ann', 's-4')).state === 'expired');
  t.match(await ask('POST /v1/exchanges/s-2/returns', { owner: 'ann' }), {
    ...{ status: 200, body: { act: { effects: [{ amount: 122, result: 10_000 }] } } },
  });
  t.same((await ask('GET /v1/pending-exchanges')).body.assets.length <= 1, true);
  await until('health is well', async () => (await health()).status === 'ok');
  const has = async (owner: string) =>
    (await ask(`GET /v1/accounts/${owner}`)).body.accounts.map(
      ({ asset, available, held }: any) => `${asset} ${available} ${held}`,
    );
  t.same(await has('ann'), ['alpha 1000 0']);
  t.same(await has('bob'), ['alpha 1000 0', 'beta 0 0']);
  const types = () =>
    feed
      .flatMap(({ command, outcome }) => eventsOf(command, outcome) ?? [])
      .map(({ type }) => type);
  const count = (type: string) => types().filter((one) => one === `submission.${type}`).length;
  await until('all is told', async () => types().length === 10);
  t.same(['pending', 'completed', 'withdrawn', 'expired'].map(count), [5, 1, 2, 2]);
});

const kills = campaign({ name: 'kills while exchanges are carried out', long: 60, sample: 2 });

t.test('in their order, each once, whoever is killed', async (t) => {
  const server = await ServerProcess.start(t, '--shards', '3', '--no-logs');
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  const documents = {
    'coalition/main': MAIN,
    'exchanging/alpha': SIDES.alpha,
    'exchanging/beta': POOL,
  };
  for (const [at, document] of Object.entries(documents))
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const OWNERS = ['ann', 'bob', 'cat', 'dan'];
  const START = 1_000_000;
  const legs = OWNERS.map((to) => ({ from: '@issue', to, asset: 'alpha', amount: START }));
  await ask('POST /v1/transfers', { legs, owner: 'ann' });
  const sure = (what: string, request: string, body?: unknown) =>
    until(what, async () => {
      const answer = await ask(request, body).catch(() => undefined);
      return answer !== undefined && answer.status < 300 && answer.body;
    });
  const all: { owner: string; id: string; amount: number; result: number }[] = [];
  let [funded, n] = [0, 0];
  const stateOf = ({ owner, id }: { owner: string; id: string }) =>
    sure('it is told', `GET /v1/accounts/${owner}/exchange-submissions/${id}`);
  for (const seed of kills.seeds) {
    const random = new Random(seed);
    for (let many = 12; many > 0; many--) {
      const [owner, amount] = [random.pick(OWNERS), 12 * (1 + random.int(50))];
      const id = `s-${++n}`;
      // Repeats are the same ones.
      const body = { owner, id, from: 'alpha', to: 'beta', amount };
      await sure('it is submitted', 'POST /v1/exchange-submissions', body);
      all.push({ owner, id, amount, result: (amount / 12) * 1_000 });
    }
    // For about half of them; killed anywhere between the first one and the last one.
    const waiting = (
      await Promise.all(all.map(async (one) => ({ ...one, ...(await stateOf(one)) })))
    ).filter(({ state }) => state === 'pending');
    const half = waiting.reduce((sum, { result }) => sum + result, 0) / 2;
    const amount = Math.ceil(half);
    await sure('there are points', 'POST /v1/reserves/b/assets/beta/fund', {
      amount,
      id: `r-${n}`,
    });
    funded += amount;
    await pause(random.int(1_300));
    await server.kill();
    await server.start();
    const [one] = waiting.slice(-1);
    await ask(`POST /v1/exchange-submissions/${one?.id}/withdraw`, { owner: one?.owner });
    await until('nothing more can be carried out', async () => {
      const states = await Promise.all(all.map(async (of) => ({ ...of, ...(await stateOf(of)) })));
      const left = states
        .filter(({ state }) => state === 'pending')
        .sort((x, y) => x.submittedAt - y.submittedAt);
      const got = states.reduce(
        (sum, { state, result }) => sum + (state === 'completed' ? result : 0),
        0,
      );
      const first = left.filter(({ submittedAt }) => submittedAt === left[0]?.submittedAt);
      if (first.some(({ result }) => result <= funded - got)) return false;
      // Who was completed was submitted no later than whoever waits.
      const last = Math.max(
        ...states
          .filter(({ state }) => state === 'completed')
          .map(({ submittedAt }) => submittedAt),
      );
      t.ok(
        left.every(({ submittedAt }) => submittedAt >= last),
        'the first one first',
      );
      return true;
    });
  }
  await sure('there are points', 'POST /v1/reserves/b/assets/beta/fund', {
    amount: START * 1_000,
    id: 'r',
  });
  funded += START * 1_000;
  await until('none waits', async () => {
    const { body } = await ask('GET /v1/pending-exchanges/beta');
    return body.exchanges.length === 0;
  });
  let got = 0;
  for (const owner of OWNERS) {
    const own = await Promise.all(all.filter((of) => of.owner === owner).map(stateOf));
    const done = own.filter(({ state }) => state === 'completed');
    t.ok(own.every(({ state }) => state === 'completed' || state === 'withdrawn'));
    const sum = (field: 'amount' | 'result') =>
      done.reduce((total: number, one: any) => total + one[field], 0);
    const { body } = await ask(`GET /v1/accounts/${owner}`);
    const [alpha, beta] = ['alpha', 'beta'].map((asset) =>
      body.accounts.find((one: any) => one.asset === asset),
    );
    t.match(alpha, { available: START - sum('amount'), held: 0 });
    t.equal(beta?.available ?? 0, sum('result'));
    got += sum('result');
  }
  t.match((await ask('GET /v1/clearing/main')).body.debts, [
    { debtor: 'a', creditor: 'b', asset: 'beta', amount: got },
  ]);
  t.match((await ask('GET /v1/reserves/b/assets/beta')).body, { available: funded - got });
  await server.kill();
  t.same((await verifyFolder(server.folder)).problems, []);
});
