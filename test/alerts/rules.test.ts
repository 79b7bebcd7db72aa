// Every rule that nothing else shows from end to end: a real server is in that state, the alert fires, is sent to a receiver of webhooks, and is over when the
// state is. One ledger, three lives: as it was copied, as it went on, and the older copy in its place.

import { cpSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { isRuleName } from '../../gateway/alerts/rules.js';
import { startWitness } from '../../gateway/receipts/witness/server.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { changedAmounts } from '../audit/tamper.js';
import { bare, type Gateway } from '../gateway/harness.js';
import { listening } from '../gateway/listening.js';
import { say } from '../risk/marking.js';
import { SAMPLE_RULES } from '../risk/month.js';
import { temporaryFolder } from '../temporary.js';
import { slowly } from '../until.js';

const MINUTE = 60_000;
const ANN = 'shard/0/ann/gold';
const SPRING = { points: 10, asset: 'gold', budget: '#budget:spring' };
const TEA = {
  ...{ programme: 'shop', price: 1, delivery: 'physical', stockAsset: 'piece', lowStock: 10 },
};
const PROGRAMME = { asset: 'gold', zone: 'Asia/Shanghai' };

/** A witness that says of everything that it has seen more, and shows nothing. */
async function liar(t: Parameters<typeof listening>[0]): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const isAsked = request.method === 'POST';
    response.writeHead(isAsked ? 409 : 404, { 'content-type': 'text/x.tlog.size' });
    response.end(isAsked ? '999999\n' : 'nothing\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test('each rule fires, is told, and is over', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const hook = await listening(t);
  const lives: Server[] = [];
  const start = async (at = folder): Promise<{ server: Server; ask: Gateway['ask'] }> => {
    const server = await startServer({
      ...{ port: 0, webhookHosts: ['127.0.0.1'], ledgerName: 'points.test/alerts' },
      limits: {
        ...{ webhookPauseMs: 20, webhookTimeoutMs: 60_000, recountPauseMs: 200 },
        ...{ checkpointMs: 200, witnessTimeoutMs: 5_000 },
      },
      engine: {
        ...{ folder: at, shards: 1, cacheMb: 32, receipts: true, clockOffset, tickMs: 100 },
        // A key management service that is slow to say that it is down.
        vault: { masterCommand: 'sleep 0.1; false' },
      },
    });
    lives.push(server);
    const ask: Gateway['ask'] = (request, body) =>
      bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
    return { server, ask };
  };
  t.teardown(() => Promise.all(lives.map((one) => one.close())));
  const made = async (of: { ask: Gateway['ask'] }, request: string, body?: object) => {
    const answer = await of.ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  const move = (
    of: { ask: Gateway['ask'] },
    id: string,
    from: string,
    to: string,
    amount: number,
  ) => made(of, 'POST /v1/transfers', { id, legs: [{ from, to, asset: 'gold', amount }] });
  /** What the receiver was told of an alert, in the order in which it came. */
  const told = (rule: string, subject: string): string[] =>
    hook.arrived
      .filter(({ event }) => event.data.rule === rule && event.data.subject === subject)
      .map(({ event }) => event.type.replace('alert.', ''));
  const isTold = (rule: string, subject: string, ...what: string[]) => {
    if (!isRuleName(rule)) throw new Error(rule);
    return slowly(
      `${rule} of ${subject}: ${what}`,
      () => `${told(rule, subject)}` === `${what}`,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; told: ${hook.arrived.map(({ text }) => text)}`);
    });
  };
  const rule = (of: { ask: Gateway['ask'] }, name: string, body: object) =>
    made(of, `PUT /v1/alert-rules/${name}`, { clearMs: 0, ...body });
  const sizeOf = async (of: { ask: Gateway['ask'] }): Promise<any> =>
    (await of.ask('GET /v1/checkpoints')).body.checkpoints?.[0] ?? { size: 0, witnesses: [] };

  // --- as it is copied: a witness that is honest has seen it
  let of = await start();
  for (const asset of ['gold', 'points', 'piece'])
    await made(of, `PUT /v1/assets/${asset}`, { scale: 0 });
  await made(of, 'POST /v1/webhooks', { url: hook.url, types: ['alert.*'] });
  const { keys } = await made(of, 'GET /v1/checkpoint-keys');
  const honest = await startWitness({
    ...{ folder: join(home, 'witness'), name: 'honest.test/w', port: 0 },
    logs: keys.map(({ vkey }: { vkey: string }) => vkey),
  });
  t.teardown(() => honest.close());
  const other = await startWitness({
    ...{ folder: join(home, 'other'), name: 'liar.test/w', logs: [], port: 0 },
  });
  await other.close();
  await made(of, 'PUT /v1/witnesses/honest', { vkey: honest.vkey, url: honest.address });
  await made(of, 'PUT /v1/witnesses/liar', { vkey: other.vkey, url: await liar(t) });
  await move(of, 'E1', '@issue', 'ann', 1_000);
  await slowly('it is cosigned', async () => (await sizeOf(of)).witnesses.length === 1);
  await of.server.close();
  const older = join(home, 'older');
  cpSync(folder, older, { recursive: true });

  // --- as it goes on, two minutes later
  clock[0] = 2 * MINUTE;
  of = await start();
  // A witness that lies that it has seen more stops nothing: it is told, and no more than that.
  const { size } = await sizeOf(of);
  await move(of, 'E2', '@issue', 'ann', 5);
  await slowly('it is signed and cosigned all the same', async () => {
    const now = await sizeOf(of);
    return now.size > size && now.witnesses.length === 1 && now.fault === null;
  });
  const lying = 'shard/0/witness/liar';
  await isTold('WITNESS_REFUSES', lying, 'firing');
  await made(of, 'DELETE /v1/witnesses/liar');

  for (const [at, document] of [
    ['programme/shop', PROGRAMME],
    ['offer/spring', SPRING],
    ['goods/tea', TEA],
  ] as const)
    await made(of, `PUT /v1/definitions/${at}`, { state: 'active', document });
  const multi = { 'ip-multi-account': SAMPLE_RULES['ip-multi-account'] };
  await say(of.server.engine, clock, 'risk-rule', multi);
  // Of the whole ledger: what is owed, a budget, stock.
  await move(of, 'E3', '@issue', 'bob', 50_000);
  await made(of, 'POST /v1/budgets/spring/assets/gold/fund', { id: 'f1', amount: 100 });
  for (let n = 0; n < 10; n++) {
    const body = { offer: 'spring' };
    const claimed = await of.ask('POST /v1/acts/claim', { owner: `m${n}`, id: 'c', body });
    t.equal(claimed.status, 201, claimed.text);
  }
  await made(of, 'POST /v1/goods/tea/stock', { pieces: 20, reason: 'in' });
  await made(of, 'POST /v1/goods/tea/stock', { pieces: -15, reason: 'out' });
  // Of this node: requests that fail, and take long; members that a rule marks.
  let failed = 0;
  for (let n = 0; n < 4; n++) {
    const email = { email: 'ann@mail.example' };
    if ((await of.ask('PUT /v1/members/ann/contact', email)).status === 503) failed++;
  }
  t.equal(failed, 4, 'the service of keys is down');
  t.match((await of.ask('GET /health')).body.components, {
    vault: { status: 'degraded', detail: /master key cannot be had/ },
    receipts: { status: 'ok' },
  });
  t.match((await of.ask('GET /metrics')).text, /^jifen_vault_open 0$/m);
  for (let n = 0; n < 6; n++) {
    const transfer = {
      ...({ type: 'transfer', id: 'farm' } as const),
      legs: [{ from: '@issue', to: `farm${n}`, asset: 'points', amount: 1 }],
    };
    await of.server.engine
      .as({ operations: new Set(['earn']), principal: 'platform:shop' })
      .submit(transfer, { audit: { memberAddress: '198.51.100.7' } });
  }
  const { engine } = of.server;
  const isLow = async (): Promise<boolean> => (await engine.stats()).lowStock.length > 0;
  await slowly('few are left', isLow);
  await slowly('they are marked', async () => {
    const found = (await engine.stats()).risk?.found ?? {};
    return (found['IP_MULTI_ACCOUNT'] ?? 0) >= 6;
  });
  const BAD = [
    ['HIGH_ERROR_RATE', 'requests', { threshold: 1, minimum: 1, windowMs: MINUTE }],
    ['SLOW_RESPONSE', 'requests', { threshold: 1, minimum: 1, windowMs: MINUTE }],
    ['LIABILITY_JUMP', 'asset/gold', { threshold: 20, minimum: 1, windowMs: MINUTE }],
    ['BUDGET_LOW', 'budget/spring/gold', { threshold: 50 }],
    ['STOCK_LOW', 'goods/tea', {}],
    ['RISK_SURGE', 'marks', { threshold: 5, windowMs: MINUTE }],
  ] as const;
  for (const [name, , body] of BAD) await rule(of, name, body);
  for (const [name, subject] of BAD) await isTold(name, subject, 'firing');
  // What can be mended is mended; of what is a while ago another threshold is said.
  await made(of, 'POST /v1/budgets/spring/assets/gold/fund', { id: 'f2', amount: 10_000 });
  await made(of, 'POST /v1/goods/tea/stock', { pieces: 100, reason: 'in' });
  await slowly('there are enough', async () => !(await isLow()));
  const all = 1_000_000_000;
  for (const [name, body] of [
    ['HIGH_ERROR_RATE', { threshold: 100 }],
    ['SLOW_RESPONSE', { threshold: 600_000 }],
    ['LIABILITY_JUMP', { minimum: all }],
    ['BUDGET_LOW', { threshold: 50 }],
    ['STOCK_LOW', {}],
    ['RISK_SURGE', { threshold: all }],
    ['WITNESS_REFUSES', {}],
  ] as const)
    await rule(of, name, body);
  for (const [name, subject] of BAD) await isTold(name, subject, 'firing', 'resolved');
  await isTold('WITNESS_REFUSES', lying, 'firing', 'resolved');
  const { size: seen } = await sizeOf(of);
  await of.server.close();

  // --- the older copy in its place, with an account that somebody has changed
  await changedAmounts(older, 'ann', -1_000_000, true);
  of = await start(older);
  await isTold('BALANCE_MISMATCH', ANN, 'firing');
  await isTold('NEGATIVE_ACCOUNT', ANN, 'firing');
  await isTold('LOG_FORKED', 'shard/0', 'firing');
  t.match(await sizeOf(of), { fault: 'ahead' });
  t.match((await of.ask('GET /health')).body.components.receipts, {
    ...{ status: 'degraded', detail: 'shard 0: no checkpoint is signed.' },
  });
  t.match((await of.ask('GET /metrics')).text, /^jifen_checkpoints_stopped 1$/m);
  t.same(told('NEGATIVE_ACCOUNT', 'shard/0/@issue/gold'), [], 'system owners owe');
  await made(of, 'POST /v1/checkpoints/0/accept', {});
  await isTold('LOG_FORKED', 'shard/0', 'firing', 'resolved');
  await move(of, 'E9', '@issue', 'cat', 1);
  await isTold('WITNESS_REFUSES', 'shard/0/witness/honest', 'firing');
  for (const one of ['honest', 'liar']) await made(of, `DELETE /v1/witnesses/${one}`);
  await rule(of, 'WITNESS_REFUSES', {});
  await isTold('WITNESS_REFUSES', 'shard/0/witness/honest', 'firing', 'resolved');
  t.ok(seen > 2);
  const { alerts } = await made(of, 'GET /v1/alerts?state=firing');
  t.same(
    new Set(alerts.map((one: { rule: string }) => one.rule)),
    new Set(['BALANCE_MISMATCH', 'NEGATIVE_ACCOUNT']),
    'nothing else is wrong',
  );
  // Both stay as they are: what is known of is resolved by hand, and told so once.
  for (const { id } of alerts)
    await made(of, `POST /v1/alerts/${id}/resolve`, { reason: 'made anew from a backup' });
  await isTold('BALANCE_MISMATCH', ANN, 'firing', 'resolved');
  await isTold('NEGATIVE_ACCOUNT', ANN, 'firing', 'resolved');
});
