// A coalition over HTTP: rates that wait, exchanges, quotes, reserves, what all is worth, /api/points; by the client; and the tutorial, as it is printed.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type FeedItem, verifyFolder } from '../../engine/index.js';
import { Sealer } from '../../gateway/auth/sealing.js';
import { closeCycle } from '../../gateway/clearing/cycles.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { refuse } from '../../gateway/refusal.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { coalition, decided, SAID } from './coalition.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM } from './program.js';

t.test('rates, exchanges and reserves over HTTP', async (t) => {
  const of = await coalition(t);
  const { ask, server, folder, key } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  for (const [at, document] of SAID)
    t.equal((await ask(`PUT /v1/definitions/${at}`, { state: 'active', document })).status, 200);
  const a = await caller(of, 'a', { assets: ['alpha'], userIds: 'platform' });
  const b = await caller(of, 'b', { assets: ['beta'], userIds: 'platform' });
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const feed: FeedItem[] = [];
  const end = server.engine.subscribe(0, { seq: 1, index: 0 }, ({ items }) => {
    feed.push(...items);
  });
  t.teardown(() => end());
  await ask('POST /v1/transfers', {
    legs: ['ann', 'bob'].map((to) => ({ from: '@issue', to, asset: 'alpha', amount: 10_000 })),
    owner: 'ann',
  });
  const x = (more: object) => ({ owner: 'ann', from: 'alpha', to: 'beta', amount: 100, ...more });
  const X = 'POST /v1/exchanges';
  const rows: readonly [string, object | undefined, number, object?][] = [
    [X, x({ amount: 0 }), 400, { field: 'amount' }],
    [X, x({ amount: 1.5 }), 400, { field: 'amount' }],
    [X, x({ more: 1 }), 400, { field: 'more' }],
    [X, x({ to: 'tin' }), 422, { code: 'EXCHANGE_UNSUPPORTED', field: 'to' }],
    [X, x({ amount: 20_001, id: 'much' }), 422, { code: 'EXCHANGE_LIMIT', field: 'amount' }],
    ['GET /v1/reserves/b/assets/beta', undefined, 200, { available: 0, funded: 0 }],
    ['POST /v1/reserves/b/assets/beta/fund', { amount: 0 }, 400, { field: 'amount' }],
    ['POST /v1/reserves/b/assets/tin/fund', { amount: 1 }, 404, { code: 'ASSET_UNKNOWN' }],
    [`${X}?dryRun=true`, x({ id: 'dry-2' }), 422, { code: 'MEMBER_UNKNOWN' }],
    ['POST /v1/platforms/a/users/u-1', { identity: 'ann' }, 201],
    ['POST /v1/platforms/b/users/v-1', { identity: 'ann' }, 201],
    ['POST /v1/reserves/b/assets/beta/fund', { amount: 500_000, id: 'r-1' }, 201],
    ['POST /v1/reserves/b/assets/beta/fund', { amount: 500_000, id: 'r-1' }, 200],
    ['POST /v1/platforms/b/users/v-2', { identity: 'bob' }, 201],
    [X, x({ id: 'x-0', expected: 1 }), 409, { code: 'EXCHANGE_DIFFERS', field: 'expected' }],
    [X, x({ id: 'x-1', expected: 8_250 }), 201, { act: { effects: [{ fee: 1, result: 8_250 }] } }],
    [X, x({ id: 'x-1', expected: 8_250 }), 200, { replayed: true }],
    [X, x({ id: 'x-2', receiver: 'bob' }), 201, { act: { effects: [{ receiver: 'bob' }] } }],
    [X, x({ id: 'x-3', receiver: 'cat' }), 422, { code: 'MEMBER_UNKNOWN', field: 'receiver' }],
    ['POST /v1/exchanges/none/returns', { owner: 'ann' }, 404, { field: 'exchange' }],
    ['POST /v1/exchanges/x-1/returns', { owner: 'ann', amount: 8_251 }, 422, { field: 'amount' }],
    [
      'POST /v1/exchanges/x-1/returns',
      { owner: 'ann', amount: 4_125 },
      200,
      { act: { effects: [{ type: 'exchangeReturned', amount: 49, result: 4_125 }] } },
    ],
    ['POST /v1/platforms/b/users/v-2/deactivate', undefined, 200],
    [X, x({ id: 'x-4', receiver: 'bob' }), 422, { code: 'MEMBER_UNKNOWN' }],
    ['POST /v1/platforms/b/users/v-2/activate', undefined, 200],
    [X, x({ id: 'x-5', receiver: 'bob' }), 201],
    ['PUT /v1/platforms/b/users/v-2', { identity: 'cat', was: 'bob' }, 200, { identity: 'cat' }],
    [X, x({ id: 'x-6', receiver: 'bob' }), 422, { code: 'MEMBER_UNKNOWN' }],
    [X, x({ id: 'x-7', receiver: 'cat' }), 201],
    ['GET /v1/exchange-rates/alpha/alpha', undefined, 422, { field: 'to' }],
    [
      'GET /v1/exchange-rates/alpha',
      undefined,
      200,
      {
        coalition: 'main',
        feeRate: '0.01',
        mostDay: 20_000,
        targets: [{ to: 'beta', by: 'values' }],
      },
    ],
    ['GET /v1/exchange-rates/tin', undefined, 200, { from: 'tin', targets: [] }],
    ['PUT /v1/exchange-rates/alpha/beta', { rate: '0' }, 400, { field: 'rate' }],
    ['PUT /v1/exchange-rates/alpha/beta', { rate: 1 }, 400, { field: 'rate' }],
    ['PUT /v1/exchange-rates/tin/beta', { rate: '1' }, 422, { code: 'EXCHANGE_UNSUPPORTED' }],
    ['PUT /v1/exchange-rates/alpha/beta', { rate: '0.5' }, 200, { state: 'active', version: 1 }],
    ['PUT /v1/exchange-rates/beta/alpha', { rate: '2.1' }, 409, { field: 'rate' }],
    ['PUT /v1/exchange-rates/alpha/beta', { rate: '0.7' }, 202, { state: 'waits', version: 2 }],
    ['PUT /v1/exchange-rates/alpha/beta', { rate: '0.7' }, 202, { state: 'waits', version: 2 }],
    [
      'GET /v1/exchange-rates/alpha/beta',
      undefined,
      200,
      { coalition: 'main', waiting: { version: 2, rate: '0.7' }, history: [{ rate: '0.5' }, {}] },
    ],
    [
      'GET /v1/waiting-rates',
      undefined,
      200,
      { waiting: [{ kind: 'exchange-rate', key: 'alpha.beta', document: { rate: '0.7' } }] },
    ],
    [X, x({ amount: 9_000, id: 'dry' }), 409, { code: 'RESERVE_SHORT', field: 'amount' }],
  ];
  for (const [request, body, status, is = {}] of rows)
    t.match(await ask(request, body), { status, body: is }, `${request} ${JSON.stringify(body)}`);

  t.match((await ask('GET /metrics')).text, /^jifen_rates_waiting 1$/m, 'it is told that it waits');
  // A second key says the same: it counts.
  const ben = await operator(of, ['admin']);
  t.match(await ask('PUT /v1/exchange-rates/alpha/beta', { rate: '0.71' }, ben), { status: 202 });
  t.match(await ask('PUT /v1/exchange-rates/alpha/beta', { rate: '0.7' }, ben), { status: 202 });
  t.match(await ask('PUT /v1/exchange-rates/alpha/beta', { rate: '0.7' }), {
    ...{ status: 200, body: { state: 'active', version: 5 } },
  });
  await decided(of, ['alpha', 'beta'], '0.7');
  const told = await until('the feed tells of rates', () => {
    const all = feed.flatMap(({ notices = [] }) => notices);
    const ofRates = all.filter(({ type }) => type.startsWith('exchange_rate.'));
    return ofRates.length >= 8 && ofRates;
  });
  t.match(
    told.map((one) => [one.type, 'key' in one && one.key, 'version' in one && one.version]),
    [
      ...['main', 'alpha', 'beta'].map((name) => ['exchange_rate.updated', name, 1]),
      ['exchange_rate.updated', 'alpha.beta', 1],
      ...[2, 3, 4].map((version) => ['exchange_rate.proposed', 'alpha.beta', version]),
      ['exchange_rate.updated', 'alpha.beta', 5],
    ],
  );

  // What all is worth: exact, and as it was.
  t.match((await ask('GET /v1/accounts/bob')).body, {
    accounts: [{ available: 10_000 }, { available: 16_500 }],
    totals: [{ currency: 'CNY', total: '101.98', assets: { alpha: '100', beta: '1.98' } }],
  });
  t.notMatch((await ask('GET /v1/accounts/nobody')).body, { totals: [] });
  const then = await ask('GET /v1/accounts/bob?at=2020-01-01T00:00:00Z');
  t.same([then.status, then.body.totals], [200, undefined]);

  // A platform has its own points alone, and exchanges them.
  t.match(await a.ask('POST /api/points/transfer', { ...send('u-1', 'v-1'), amount: 100 }), {
    ...{ status: 200 },
    body: { success: true, received: 6_930, received_asset: 'beta', fee: 1, balance: Number },
  });
  t.match(await a.ask('POST /api/points/transfer', { ...send('u-1', 'new'), amount: 10 }), {
    ...{ status: 200, body: { received: 630 } },
  });
  t.match(await a.ask('POST /api/points/transfer', { ...send('u-1', 'v-1'), amount: 19_900 }), {
    ...{ status: 422, body: { code: 'EXCHANGE_LIMIT', field: 'amount' } },
  });
  t.match(await b.ask('POST /v1/exchanges', x({ id: 'x-8' })), { status: 403 });
  t.match(await a.ask('POST /v1/exchanges', x({ id: 'x-8', amount: 10 })), { status: 403 });
  const ofAnn = (await ask('GET /v1/accounts/ann')).body.accounts;
  const mine = { ...send('u-1', 'v-1'), amount: 10, transaction_id: 'mine' };
  t.equal((await a.ask('POST /api/points/transfer', mine)).body.balance, ofAnn[0].available - 10);
  const read = await a.ask('GET /v1/transfers/a:mine?owner=ann');
  t.ok(read.status === 403 || read.status === 404, read.text);
  const paid = { ...send('u-1', 'v-1'), amount: 50, transaction_id: 'p-1' };
  t.match(await a.ask('POST /api/points/transfer', paid), { body: { received: 3_430 } });
  const back = { user_id: 'u-1', original_transaction_id: 'p-1' };
  t.match(await a.ask('POST /api/points/refund', { ...back, amount: 1_715 }), { status: 200 });
  t.match(await a.ask('POST /api/points/refund', back), { status: 200 });
  t.match(await a.ask('POST /api/points/refund', back), { status: 422 });

  const client = connect({ url: server.address, key });
  const quote = await client.exchanges.quote({
    owner: 'ann',
    from: 'alpha',
    to: 'beta',
    amount: 200,
  });
  t.match(quote, { fee: 2, result: 13_860, rate: '0.7', by: 'rate' });
  const made = await client.exchanges.exchange({
    ...{ owner: 'ann', id: 'c-1', from: 'alpha', to: 'beta', amount: 200, quote: quote.quote },
  });
  t.match(made, { ok: true, act: { effects: [{ result: 13_860 }] } });
  t.match(await client.exchanges.giveBack('c-1', { owner: 'ann' }), { ok: true });
  t.match(await client.exchanges.rate('alpha', 'beta'), { rate: '0.7', by: 'rate' });
  t.match(await client.exchanges.setRate('alpha', 'beta', { rate: '0.71' }), { state: 'active' });
  // What the platforms owe each other: exact, and the same again whatever comes.
  const owed = (await ask('GET /v1/clearing/main')).body;
  const { accounts } = (await ask('GET /v1/accounts/@clearing:a')).body;
  const got = -accounts.find(({ asset }: { asset: string }) => asset === 'beta').available;
  t.match(owed.debts, [{ debtor: 'a', creditor: 'b', asset: 'beta', amount: got }]);
  const net = (platform: string) =>
    owed.positions.find((one: { platform: string }) => one.platform === platform).net;
  t.equal(net('a'), `-${net('b')}`);
  t.match(owed.settlements, [{ from: 'a', to: 'b', value: net('b') }]);
  await ask('POST /v1/exchanges', x({ id: 'x-9', amount: 10 }));
  const cut = `at=${owed.at}&asOf=${owed.asOf}`;
  t.same((await ask(`GET /v1/clearing/main?${cut}`)).body, owed);
  t.match((await ask(`GET /v1/clearing/main?from=${owed.at}`)).body, {
    debts: [{ amount: 630 }],
  });
  const csv = await ask(`GET /v1/clearing/main/statement.csv?${cut}`);
  t.match(csv.text, `debt,a,b,beta,${got},${net('b')}\r\n`);
  // A cycle is netted in the ledger, and the next one begins at zero.
  const CYCLES = '/v1/clearing/main/cycles';
  const all = (await ask('GET /v1/clearing/main')).body;
  const [first, again] = await Promise.all([ask(`POST ${CYCLES}`), ask(`POST ${CYCLES}`)]);
  const closed = [first, again].filter(({ status }) => status === 200).map(({ body }) => body);
  t.match(closed[0], { cycle: 1, state: 'closed', debts: all.debts, by: 'administrator' });
  t.match((await ask('GET /v1/clearing/main')).body, { debts: [], settlements: [] });
  await ask('POST /v1/exchanges', x({ id: 'x-10', amount: 20 }));
  t.match((await ask(`GET ${CYCLES}/1`)).body, { debts: all.debts, settlements: all.settlements });
  const next = (await ask('GET /v1/clearing/main')).body;
  t.match(next.debts, [{ debtor: 'a', creditor: 'b', amount: 1_330 }]);
  const rest = (await ask(`POST ${CYCLES}`)).body;
  t.match(rest, { state: 'closed', debts: next.debts });
  t.match((await ask(`GET ${CYCLES}`)).body.cycles.at(-1), { cycle: rest.cycle, state: 'closed' });
  // One that ended in its midst goes on as it was cut.
  await ask('POST /v1/exchanges', x({ id: 'x-11', amount: 20 }));
  const { engine } = server;
  const submit: typeof engine.own.submit = async (command, options) =>
    command.type === 'transfer' ? refuse('SHARD_FAILED') : engine.own.submit(command, options);
  const failing = { own: { ...engine.own, submit } };
  const closing = { ledger: failing, seals: new Sealer(Buffer.alloc(32)), by: null };
  t.match(await closeCycle(engine, 'main', closing), { code: 'SHARD_FAILED' });
  t.match((await ask(`GET ${CYCLES}`)).body.cycles.at(-1), { state: 'closing', closedAt: null });
  await ask('POST /v1/exchanges', x({ id: 'x-12', amount: 30 }));
  t.match((await ask(`POST ${CYCLES}`)).body, {
    ...{ cycle: rest.cycle + 1, state: 'closed', debts: [{ amount: 1_330 }] },
  });
  t.match((await ask('GET /v1/clearing/main')).body.debts, [{ amount: 2_030 }]);
  t.match((await ask(`GET ${CYCLES}/1/statement.csv`)).text, /^what,from,to.*\r\ndebt,a,b,beta,/);
  t.match(await ask(`GET ${CYCLES}/99`), { status: 404, body: { code: 'CYCLE_NOT_FOUND' } });
  t.match(await ask('GET /v1/clearing/none/cycles'), { status: 404 });
  t.match(await ask('GET /v1/clearing/none'), { status: 404, body: { field: 'coalition' } });
  t.match(await ask('GET /v1/clearing/main?asOf=0:1'), { status: 400, body: { field: 'asOf' } });
  t.match((await client.exchanges.clearing('main')).debts, [{ amount: 2_030 }]);
  t.match(await client.exchanges.closeCycle('main'), { state: 'closed' });
  const cycles = await client.exchanges.cycles('main');
  const { cycle = 0 } = cycles.at(-1) ?? {};
  t.match(await client.exchanges.cycle('main', cycle), { debts: [{ amount: 2_030 }] });
  client.close();
  await server.close();
  t.same((await verifyFolder(folder, { why: true })).problems, []);
});

/** A transfer of platform a to a user of platform b. */
const send = (from: string, to: string) => ({
  ...{ from_user_id: from, to_user_id: to, target_platform: 'b' },
});

const page = readFileSync(join(ROOT, 'ops/docs/coalition.md'), 'utf8');
const script = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const lacks = ['curl', 'openssl'].find((one) => spawnSync(one, ['version']).error !== undefined);

t.test(
  'the tutorial',
  { skip: lacks === undefined ? false : `there is no ${lacks} here` },
  async (t) => {
    const of = await coalition(t);
    const { server, folder } = of;
    await announceServer(folder, server.address);
    const text = script
      .replaceAll('http://127.0.0.1:8080', server.address)
      .replaceAll('jifen-data', folder)
      .replace(
        /npx jifen (exchange|\w+ \w+)/g,
        // What asks no server takes no folder.
        (_, command: string) =>
          `"${process.execPath}" "${PROGRAM}" ${command}${command === 'clearing verify' ? '' : ` --folder "${folder}"`}`,
      );
    const [before = '', after = ''] = text.split('sleep 11\n');
    const said = await bash(before);
    t.equal(said.code, 0, said.err);
    const head = /^KEY=[\s\S]*?^api\(\).*\n/m.exec(before)?.[0] ?? '';
    await decided(of, ['miles', 'stars'], '1.666666666667');
    const { code, out, err } = await bash(head + after);
    t.equal(code, 0, err);
    t.match(err, /EXCHANGE_LIMIT[\s\S]*COMMAND_INVALID/);
    const told = valuesIn(out.replace(/\nIts secret[\s\S]*?\n\n {2}.*\n/g, ''));
    const effect = (more: object) => ({ act: { effects: [more] } });
    t.match(told, [
      { coalition: 'main', rate: '1.666666666667', by: 'values', history: [] },
      { id: 'shop' },
      { user: 'A-1001', identity: 'alice' },
      { user: 'alice@shop', identity: 'alice' },
      {},
      {},
      { fee: 3, result: 49_500, by: 'values' },
      effect({ type: 'exchanged', amount: 300, fee: 3, result: 49_500 }),
      { totals: [{ currency: 'CNY', total: '59.94' }] },
      { success: true, received: 33_000, received_asset: 'stars', fee: 2 },
      effect({ type: 'exchangeReturned', amount: 100, result: 16_500 }),
      effect({ type: 'exchangeReturned', amount: 200, result: 33_000 }),
      { platform: 'shop', available: 4_967_000 },
      { state: 'active', version: 1 },
      { state: 'waits', version: 2 },
      {
        waiting: { rate: '1.9', by: 'administrator' },
        history: [{ rate: '1.5' }, { rate: '1.9' }],
      },
      { state: 'active', version: 3 },
      { debts: [{ debtor: 'air', creditor: 'shop', asset: 'stars', amount: 33_000 }] },
      { cycle: 1, state: 'closed', settlements: [{ from: 'air', to: 'shop', value: '3.96' }] },
      { cycle: 1, currency: 'CNY', positions: [{ net: '-3.96' }, { net: '3.96' }] },
      { debts: [], positions: [], settlements: [] },
      { signature: /cycle-1.json.jws$/ },
      { coalition: 'main', cycle: 1, cty: 'application/json' },
      { state: 'open', by: 'air', other: 'shop', lines: [{ owed: 33_000, disputed: 3_300 }] },
      { state: 'answered', answer: '12 were' },
      { state: 'settled', lines: [{ settled: 1_200 }] },
      { debts: [{ debtor: 'shop', creditor: 'air', asset: 'stars', amount: 1_200 }] },
    ]);
    t.equal(told.length, 27);
  },
);
