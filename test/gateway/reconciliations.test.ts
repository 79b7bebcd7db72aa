// Reconciliation of a ledger that is served with a partner over HTTP: what is asked for, what is due, what a process leaves behind; the operator's list.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { inconsistencyId } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect, type ReconciliationReport } from '../../gateway/client/node.js';
import { gatewayLimits } from '../../gateway/limits.js';
import type { PartnerAdapter } from '../../gateway/partners/adapter.js';
import { Reconciling } from '../../gateway/partners/reconciling/running.js';
import { inProcess } from '../../gateway/partners/sandbox/in-process.js';
import { type RunningSandbox, startSandbox } from '../../gateway/partners/sandbox/server.js';
import { MAIN } from '../programme/coalition-world.js';
import { until } from '../until.js';
import { type Coalition, coalition } from './coalition.js';
import { run } from './program.js';

const TOKEN = 'a-token-of-the-sandbox';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface World extends Coalition {
  readonly sandbox: RunningSandbox;
  readonly client: ReturnType<typeof connect>;
  /** Asks the partner beside the ledger. */
  readonly adapter: PartnerAdapter;
  now(): number;
  /** It is later by more than a clock may go ahead by itself. */
  jump(ms: number): Promise<void>;
  /** Another process that reconciles, with a partner of this schedule and adapter. */
  node(adapter: () => PartnerAdapter, reconcileAt?: string): Reconciling;
  /** An exchange from here to the partner, carried out to its end; its id. `isLost`: it is taken for done, and the partner never heard of it. */
  exchange(amount: number, isLost?: boolean): Promise<string>;
  /** Reconciles the last hour; its report. */
  reconcile(graceSeconds?: number): Promise<ReconciliationReport>;
}

const LIMITS = { reconcilePauseMs: 5, reconcilePauseMsMax: 10, accessRefreshMs: 100 };

async function world(t: Test): Promise<World> {
  const served = await coalition(t, LIMITS, { webhookHosts: ['127.0.0.1'] });
  const { ask, later, server, port, key } = served;
  const { engine } = server;
  const now = () => engine.now();
  const sandbox = await startSandbox({ port: 0, token: TOKEN, assets: ['out'], now });
  t.teardown(() => sandbox.close());
  const client = connect({ url: `http://127.0.0.1:${port}`, key });
  t.teardown(() => client.close());
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/out', { scale: 0 });
  const sides = {
    alpha: { coalition: 'main', platform: 'a', members: 'all' },
    out: { coalition: 'main', platform: 'p', outside: true },
  };
  for (const [at, document] of [
    ['coalition/main', MAIN],
    ['exchanging/alpha', sides.alpha],
    ['exchanging/out', sides.out],
  ] as const)
    t.equal((await ask(`PUT /v1/definitions/${at}`, { state: 'active', document })).status, 200);
  const platform = { id: 'p', name: 'P', assets: ['out'], operations: ['read'] };
  t.equal((await ask('POST /v1/platforms', platform)).status, 201);
  const partner = { url: sandbox.address, assets: ['out'], token: TOKEN };
  await until('the platform is known', async () => {
    const { status } = await ask('PUT /v1/partners/p', partner);
    return status === 201 || status === 200;
  });
  await fetch(`${sandbox.address}/sandbox/users`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ user_id: 'p-ann', asset: 'out', amount: 0 }),
  });
  const legs = [{ from: '@issue', to: 'ann', asset: 'alpha', amount: 100_000 }];
  t.equal((await ask('POST /v1/transfers', { legs, owner: 'ann' })).status, 201);
  const joining = { type: 'act', act: 'platform-join', owner: 'ann' } as const;
  const joined = await engine.own.submit({ ...joining, body: { platform: 'p', user: 'p-ann' } });
  t.ok(joined.ok);
  later(6_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  later(5_000);

  const adapter = inProcess(sandbox.partner, TOKEN);
  const signal = new AbortController().signal;
  const exchange = async (amount: number, isLost = false): Promise<string> => {
    const body = { from: 'alpha', to: 'out', amount, toUser: 'p-ann' };
    const begun = await until('it is submitted', async () => {
      const act = { type: 'act', act: 'partner-exchange', owner: 'ann', body } as const;
      const outcome = await engine.submit(act as never);
      if (!outcome.ok && outcome.code !== 'DEFINITIONS_UNCONFIRMED') throw new Error(outcome.code);
      return outcome.ok && outcome;
    });
    const [effect] = begun.act!.effects as readonly Record<string, any>[];
    const { exchange, result } = effect as { exchange: string; result: number };
    const step = async (step: string, more: object = {}): Promise<void> => {
      const act = { type: 'act', act: 'partner-exchange-step', owner: 'ann' } as const;
      const outcome = await engine.own.submit({ ...act, body: { exchange, step, ...more } });
      if (!outcome.ok) throw new Error(`${step}: ${outcome.code}`);
    };
    if (effect!['step'] === 'deduct_source_credits') await step('deduct_source_credits');
    const call = {
      operation: `${exchange}_add`,
      kind: 'add',
      user: 'p-ann',
      asset: 'out',
    } as const;
    if (!isLost) {
      const told = await adapter.carryOut({ ...call, amount: result }, signal);
      t.equal(told.state, 'completed');
    }
    await step('add_target_credits', { state: 'completed' });
    await step('confirm_source_deduction');
    later(10);
    return exchange;
  };
  const reconcile = async (graceSeconds = 0): Promise<ReconciliationReport> => {
    later(1_000);
    const at = now();
    const asked = { partner: 'p', from: at - HOUR, until: at, graceSeconds };
    const { reconciliation } = await client.reconciliations.start(asked);
    return until('it is over', async () => {
      const report = await client.reconciliations.get(reconciliation);
      return report.state !== 'running' && report;
    });
  };
  const node = (asked: () => PartnerAdapter, reconcileAt?: string): Reconciling => {
    const known = { platform: 'p', assets: ['out'], graceSeconds: 60, reconcileAt };
    const partners = { all: [known], partner: () => known, adapterOf: asked } as never;
    const one = new Reconciling({
      ...{ engine, partners, limits: gatewayLimits(LIMITS), log: () => {}, onDefect: t.error },
      folder: join(served.folder, 'reconciling'),
    });
    t.teardown(() => one.close());
    return one;
  };
  const jump = async (ms: number): Promise<void> => {
    later(ms);
    await engine.acceptClock();
  };
  return { ...served, sandbox, client, adapter, now, jump, node, exchange, reconcile };
}

t.test(
  'asked for: the report, the operator’s list, a dispute, what is found no more',
  async (t) => {
    const of = await world(t);
    const { client, ask, adapter, exchange, reconcile, later, folder, server } = of;
    const signal = new AbortController().signal;
    const exchanges: string[] = [];
    for (let i = 1; i <= 5; i++) exchanges.push(await exchange(100 * i));
    const first = await reconcile();
    t.match(first, { state: 'done', mismatches: 0, opened: 0, counts: { judged: 5, ours: 5 } });
    t.match(first.totals, [{ asset: 'out', state: 'agree', ours: { added: 1_500, deducted: 0 } }]);
    t.match(await reconcile(3_600), { mismatches: 0, counts: { judged: 0, young: 5 } });

    // The partner undoes one by itself, and does something that nobody has asked for; one is lost there.
    const undone = `${exchanges[1]}_add`;
    const call = { kind: 'add', user: 'p-ann', asset: 'out' } as const;
    const { amount = 0 } = (await adapter.operation(undone, signal)) as { amount?: number };
    await adapter.rollBack({ ...call, operation: undone, amount }, signal);
    await adapter.carryOut({ ...call, operation: '=cmd|"x"', amount: 7 }, signal);
    const lostExchange = await exchange(11, true);
    const lostOperation = `${lostExchange}_add`;
    const report = await reconcile();
    const { reconciliation } = report;
    t.match(report, {
      ...{ state: 'done', mismatches: 4, opened: 4, resolved: 0 },
      findings: {
        missing_in_source: 1,
        missing_in_target: 1,
        state_mismatch: 1,
        added_mismatch: 1,
      },
      totals: [{ state: 'differ' }],
    });
    const { lines } = await client.reconciliations.lines(reconciliation);
    t.match(
      lines.find(({ finding }) => finding === 'state_mismatch'),
      { operation: undone, says: ['completed', 'rolled_back'] },
    );
    const csv = (await ask(`GET /v1/reconciliations/${reconciliation}/lines.csv`)).text;
    t.equal(csv.trim().split('\r\n').length, 5);
    t.ok(csv.includes(`missing_in_source,"'=cmd|""x""",out,,7,`), csv);
    const shown = await client.reconciliations.list('p');
    t.ok(shown.reconciliations.some((one) => one.reconciliation === reconciliation));

    // The same is found again, and is the same; what is resolved is open again.
    t.match(await reconcile(), { mismatches: 4, opened: 1 }, 'totals of another period');
    const lost = inconsistencyId('p', 'missing_in_target', lostOperation);
    t.match(await client.reconciliations.resolve(lost, 'asked the partner'), {
      ...{ state: 'resolved', reason: 'asked the partner', by: 'administrator' },
    });
    await t.rejects(client.reconciliations.resolve(lost, 'again'), /INCONSISTENCY_STATE_INVALID/);
    t.match(await reconcile(), { findings: { missing_in_target: 1 } });
    t.match(await client.reconciliations.inconsistency(lost), {
      ...{ state: 'open', kind: 'cross_system_reconciliation', ours: 11, exchange: lostExchange },
    });
    const { inconsistencies } = await client.reconciliations.inconsistencies({ partner: 'p' });
    t.ok(inconsistencies.length >= 4 && inconsistencies.every(({ state }) => state === 'open'));

    // It comes there after all: what is not found any more is resolved by the ledger.
    await adapter.carryOut({ ...call, operation: lostOperation, amount: 11 }, signal);
    t.match(await reconcile(), { findings: { state_mismatch: 1 }, resolved: 1 });
    t.match(await client.reconciliations.inconsistency(lost), { state: 'resolved', by: 'ledger' });
    const day = new Date(of.now()).toISOString().slice(0, 10);
    const resolved = await client.reconciliations.inconsistencies({ state: 'resolved', day });
    t.same(
      resolved.inconsistencies.map((one) => one.inconsistency),
      [lost],
    );

    // A dispute from a line that is of an exchange.
    const about = inconsistencyId('p', 'state_mismatch', undone);
    const dispute = await client.reconciliations.dispute(about, { reason: 'undone there' });
    t.match(dispute, { by: 'a', other: 'p', state: 'open', exchange: exchanges[1] });
    const again = await client.reconciliations.dispute(about, { reason: 'undone there' });
    t.equal(again.dispute, dispute.dispute);
    const alone = inconsistencyId('p', 'missing_in_source', '=cmd|"x"');
    t.match(await ask(`POST /v1/inconsistencies/${alone}/dispute`, { reason: 'x' }), {
      status: 422,
      body: { code: 'INCONSISTENCY_WITHOUT_EXCHANGE' },
    });

    // The program asks the same.
    await announceServer(folder, server.address);
    const listed = await run(
      folder,
      ...['inconsistency', 'list', '--partner', 'p', '--folder', folder],
    );
    t.match(listed, { code: 0, out: /"missing_in_source"/ });
    const said = await run(
      folder,
      ...['inconsistency', 'resolve', alone, '--reason', 'ours', '--folder', folder],
    );
    t.match(said, { code: 0, out: /"resolved"/ });
    later(2_000);
    const from = new Date(of.now() - HOUR).toISOString();
    const times = ['--from', from, '--until', new Date(of.now() - 1_000).toISOString()];
    const reconciled = await run(
      folder,
      ...['reconcile', 'p', ...times, '--grace', '0', '--folder', folder],
    );
    t.match(reconciled, { code: 1, out: /"state": "done"/ });
    const id = JSON.parse(reconciled.out).reconciliation as string;
    const told = await run(folder, ...['reconciliation', 'show', id, '--csv', '--folder', folder]);
    t.match(told, { code: 0, out: /^inconsistency,finding,operation/ });
    t.same(readdirSync(join(folder, 'reconciling')), [], 'scratch files have no names');
  },
);

t.test('a partner that does not answer is not known, and nothing is resolved', async (t) => {
  const { client, exchange, reconcile, sandbox, ask } = await world(t);
  await exchange(100);
  await exchange(11, true);
  t.match(await reconcile(), { opened: 2 });
  await sandbox.close();
  t.match(await reconcile(), {
    ...{ state: 'unknown', mismatches: 0, opened: 0, resolved: 0 },
    totals: [{ state: 'unknown' }],
  });
  const { inconsistencies } = await client.reconciliations.inconsistencies();
  t.equal(inconsistencies.length, 2);
  const metrics = await until('figures are fresh', async () => {
    const { text } = await ask('GET /metrics');
    return text.includes('jifen_reconciliation_unknown{partner="p"} 1') && text;
  });
  t.match(
    metrics,
    /jifen_inconsistencies_open\{partner="p",kind="cross_system_reconciliation"\} 2/,
  );
  t.match(metrics, /jifen_reconciliation_mismatches_max 10/);
});

t.test('what is asked for wrongly', async (t) => {
  const { ask, now } = await world(t);
  const at = now();
  const good = { partner: 'p', from: at - HOUR, until: at };
  for (const [body, status, code, field] of [
    [{ ...good, partner: 'nobody' }, 404, 'PARTNER_NOT_FOUND', 'partner'],
    [{ ...good, until: at - HOUR }, 422, 'RECONCILIATION_PERIOD_INVALID', 'until'],
    [{ ...good, until: at + HOUR }, 422, 'RECONCILIATION_PERIOD_INVALID', 'until'],
    [{ ...good, from: at - 40 * 24 * HOUR }, 422, 'RECONCILIATION_PERIOD_INVALID', 'until'],
    [{ ...good, graceSeconds: -1 }, 400, 'COMMAND_INVALID', 'graceSeconds'],
    [{ ...good, from: 1.5 }, 400, 'COMMAND_INVALID', 'from'],
    [{ ...good, more: 1 }, 400, 'COMMAND_INVALID', 'more'],
  ] as const)
    t.match(await ask('POST /v1/reconciliations', body), { status, body: { code, field } });
  const none = `p.${'0'.repeat(14)}.00000000`;
  for (const path of [none, 'x', `${none}/lines`, `${none}/lines.csv`])
    t.match(await ask(`GET /v1/reconciliations/${path}`), { status: 404 }, path);
  t.match(await ask('GET /v1/inconsistencies/in_x'), { status: 404 });
  t.match(await ask('GET /v1/inconsistencies?cursor=x'), { body: { code: 'CURSOR_INVALID' } });
  t.match(await ask('GET /v1/inconsistencies?day=2026-01-01'), { body: { field: 'day' } });
  t.match(await ask('GET /v1/inconsistencies?state=resolved&day=2026-02-30'), { status: 400 });
  const said = { url: 'https://p.example', assets: ['out'], token: TOKEN };
  for (const reconcileAt of ['x', '61 * * * *', '0 0 31 2 *'])
    t.match(await ask('PUT /v1/partners/p', { ...said, reconcileAt }), {
      body: { code: 'PARTNER_INVALID', field: 'reconcileAt' },
    });
});

t.test('due: once, whoever looks; missed ones together; not known, again', async (t) => {
  const of = await world(t);
  const { ask, exchange, jump, client, sandbox, adapter, node } = of;
  const reconcileAt = '0 * * * *';
  const said = { url: sandbox.address, assets: ['out'], graceSeconds: 60, reconcileAt };
  t.equal((await ask('PUT /v1/partners/p', said)).status, 200);
  let isDown = false;
  const down = async () => ({ state: 'unknown', why: 'MAINTENANCE' }) as const;
  const asked = (): PartnerAdapter =>
    isDown ? Object.assign(Object.create(adapter), { operations: down, totals: down }) : adapter;
  // Beside the one that is served.
  const nodes = [1, 2, 3].map(() => node(asked, reconcileAt));
  const look = () => Promise.all(nodes.map((one) => one.look()));
  const ended = (count: number) =>
    until(`${count} are over`, async () => {
      await look();
      const { reconciliations } = await client.reconciliations.list('p');
      const over = reconciliations.filter(({ state }) => state !== 'running');
      return over.length === count && reconciliations.length === count && reconciliations;
    });
  await look();
  await exchange(100);
  await jump(HOUR);
  const [one] = await ended(1);
  t.match(one, { isScheduled: true, state: 'done', mismatches: 0, counts: { judged: 1 } });
  t.equal(one!.until % HOUR, HOUR - MINUTE, 'the grace time before the hour');
  for (let i = 0; i < 5; i++) await look();
  t.equal((await ended(1)).length, 1);
  // Five hours in which nobody looked.
  await exchange(100);
  await jump(5 * HOUR);
  const two = await ended(2);
  t.match(two[1], { from: one!.until, until: one!.until + 5 * HOUR, state: 'done' });
  // Not known: the next one begins where this one did.
  isDown = true;
  await ask('POST /v1/partners/p/maintenance');
  await jump(HOUR);
  const three = await ended(3);
  t.match(three[2], { from: two[1]!.until, state: 'unknown', why: 'MAINTENANCE' });
  isDown = false;
  await ask('POST /v1/partners/p/resume');
  for (let i = 0; i < 3; i++) await look();
  t.equal((await ended(3)).length, 3, 'it is not asked again and again');
  await jump(HOUR);
  const four = await ended(4);
  const last = four.find(({ until }) => until === two[1]!.until + 2 * HOUR);
  t.match(last, { from: two[1]!.until, state: 'done' });
});

t.test('a run whose process ended is begun again, by whoever finds it', async (t) => {
  const of = await world(t);
  const { exchange, later, jump, server, client, now, adapter, node } = of;
  await exchange(100);
  await exchange(11, true);
  later(1_000);
  const { engine } = server;
  let wake: (value: { state: 'unknown'; why: string }) => void = () => {};
  const silent = {
    totals: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
  const dead = node(() => Object.assign(Object.create(adapter), silent));
  const asked = { partner: 'p', from: now() - HOUR, until: now(), graceSeconds: 0 };
  const begun = await dead.begin(engine, asked, 'somebody');
  const { reconciliation } = begun as { reconciliation: string };
  t.match(await client.reconciliations.get(reconciliation), { state: 'running', attempts: 1 });
  const other = node(() => adapter);
  await other.look();
  t.match(await client.reconciliations.get(reconciliation), { state: 'running', attempts: 1 });
  await jump(61_000);
  const report = await until('it is over', async () => {
    await other.look();
    const report = await client.reconciliations.get(reconciliation);
    return report.state !== 'running' && report;
  });
  t.match(report, {
    state: 'done',
    attempts: 2,
    by: 'somebody',
    findings: { missing_in_target: 1 },
  });
  const { lines } = await client.reconciliations.lines(reconciliation);
  t.equal(lines.length, report.mismatches);
  // It was not dead: it goes on, and says nothing.
  wake({ state: 'unknown', why: 'LATE' });
  await dead.close();
  t.same(await client.reconciliations.get(reconciliation), report);
  t.same((await client.reconciliations.lines(reconciliation)).lines, lines);
});
