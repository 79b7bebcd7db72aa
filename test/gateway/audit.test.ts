// GET /v1/audit: who asked for what: filters, pages, permission, what is forgotten.

import { join } from 'node:path';
import t from 'tap';
import { limits } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { temporaryFolder } from '../temporary.js';
import { ALL, caller, operator } from './callers.js';
import { type Gateway, gateway } from './harness.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const FROM = {
  'User-Agent': 'till/7',
  'X-Forwarded-For': '203.0.113.9',
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
};

interface Told {
  readonly [name: string]: any;
}

/** All records that fit, by pages of so many. */
async function all(server: Gateway, query: string, limit: number): Promise<Told[]> {
  const records: Told[] = [];
  let cursor = '';
  do {
    const page = await server.ask(`GET /v1/audit?limit=${limit}${query}${cursor}`);
    if (page.status !== 200) throw new Error(page.text);
    if (page.body.records.length > limit) throw new Error('a page is too long');
    if (records.length > 1_000) throw new Error('pages without an end');
    records.push(...page.body.records);
    cursor = page.body.cursor === undefined ? '' : `&cursor=${page.body.cursor}`;
  } while (cursor !== '');
  return records;
}

const earn = (id: string, to: string, amount = 5) => ({
  id,
  memo: 'private',
  legs: [{ from: '@issue', to, asset: 'gold', amount }],
});

t.test('by time, principal, owner and operation, in pages of any size', async (t) => {
  const server = await gateway(t, {
    engine: { folder: '', shards: 3 },
    limits: { proxies: 1 },
    assets: ['gold'],
  });
  const shop = await caller(server, 'shop');
  const teller = await operator(server, ALL);
  for (let n = 0; n < 30; n++)
    await server.ask('POST /v1/transfers', earn(`T${n}`, `user-${n % 5}`), { ...FROM, ...teller });
  await server.ask('POST /v1/transfers', earn('T0', 'user-0'), { 'X-Forwarded-For': '1.2.3.4' });
  const batch = Array.from({ length: 6 }, (_, n) => earn(`B${n}`, n === 2 ? 'bob' : 'ann'));
  await server.ask('POST /v1/transfers', batch, FROM);
  await shop.ask('POST /api/points/add', { user_id: 'ann', amount: 3, remark: 'private' }, FROM);
  const short = { id: 'X', legs: [{ from: 'ann', to: 'bob', asset: 'gold', amount: 999 }] };
  t.equal((await server.ask('POST /v1/transfers', short, FROM)).body.code, 'POINTS_SHORT');
  const reason = 'a stolen phone';
  await server.ask('POST /v1/accounts/ann/assets/gold/freeze', { reason }, FROM);
  await server.ask('POST /v1/transfers?dryRun=true', earn('D', 'ann'), FROM);
  const middle = Date.now() + 1;
  while (Date.now() <= middle);
  await server.ask('POST /v1/transfers', earn('LAST', 'zoe'), FROM);

  const whole = await all(server, '', 500);
  const of = (records: Told[]) => records.map(({ id }) => id);
  t.equal(whole.length, 30 + 6 + 1 + 1 + 1 + 1 + 1 + 2, 'what has a record, and no repeat');
  t.strictSame(
    [...whole].sort((a, b) => b['time'] - a['time']).map(({ time }) => time),
    whole.map(({ time }) => time),
    'newest first',
  );
  for (const limit of [1, 2, 7, 42])
    t.strictSame(of(await all(server, '', limit)), of(whole), `pages of ${limit}`);
  const places = new Set(whole.map(({ shard, seq, index }) => `${shard} ${seq} ${index}`));
  t.equal(places.size, whole.length);
  t.ok(new Set(whole.map(({ shard }) => shard)).size > 1, 'of several shards');
  t.notOk(JSON.stringify(whole).includes('private'), 'no memos');

  const first = whole.find(({ id }) => id === 'T0');
  t.match(first, {
    principal: /^key:/,
    address: '203.0.113.9',
    agent: 'till/7',
    traceId: TRACE,
    operation: 'transfer',
    owner: 'user-0',
    outcome: 'ok',
    command: { legs: [{ from: '@issue', to: 'user-0', asset: 'gold', amount: 5 }] },
  });
  const key = first?.['principal'];
  t.equal((await all(server, `&principal=${key}`, 4)).length, 30);
  t.match(await all(server, '&principal=platform:shop', 4), [{ owner: 'ann', agent: 'till/7' }]);
  t.strictSame(of(await all(server, '&owner=user-3', 2)).sort(), [
    'T13',
    'T18',
    'T23',
    'T28',
    'T3',
    'T8',
  ]);
  t.match(await all(server, '&owner=bob', 9), [{ id: 'X', outcome: 'POINTS_SHORT' }, { id: 'B2' }]);
  t.match(await all(server, '&operation=freeze-account', 9), [
    { owner: 'ann', command: { reason } },
  ]);
  t.match(await all(server, '&operation=define-asset', 9), [{ principal: 'administrator' }]);
  const records = await all(server, '&operation=put-record', 9);
  t.strictSame(records.map(({ owner }) => owner).sort(), ['#keys', '#platforms'], 'who may what');
  t.notOk(JSON.stringify(records).includes('value'), 'without what is in them');
  t.strictSame(of(await all(server, `&from=${middle}`, 9)), ['LAST']);
  t.equal((await all(server, `&to=${middle}`, 9)).length, whole.length - 1);
  t.strictSame(await all(server, `&from=${middle}&principal=${key}`, 9), []);

  const found = await server.ask('GET /v1/audit?limit=3');
  t.equal(
    (await server.ask(`GET /v1/audit?owner=ann&cursor=${found.body.cursor}`)).body.code,
    'CURSOR_INVALID',
    'a cursor is of one question',
  );
  await server.ask('POST /v1/transfers', earn('NEWER', 'zoe'), FROM);
  const next = await server.ask(`GET /v1/audit?limit=500&cursor=${found.body.cursor}`);
  t.equal(next.body.records.length, whole.length - 3, 'what comes meanwhile is not in later pages');
  for (const wrong of ['limit=0', 'limit=501', 'operation=tick', 'owner=', 'from=x', 'who=ann'])
    t.equal((await server.ask(`GET /v1/audit?${wrong}`)).body.code, 'QUERY_INVALID', wrong);
  const client = connect({ url: server.server.address, key: server.key });
  t.match(await client.audit({ owner: 'zoe', limit: 1 }), { ok: true, records: [{ id: 'NEWER' }] });
  client.close();
});

t.test('it takes the permission to read it, of the whole ledger', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const without = ALL.filter((one) => one !== 'read-audit');
  const ask = async (headers: Readonly<Record<string, string>>) =>
    (await server.ask('GET /v1/audit', undefined, headers)).body.code;
  t.equal(await ask(await operator(server, without)), 'OPERATION_FORBIDDEN');
  t.equal(await ask(await operator(server, ALL, { assets: ['gold'] })), 'ASSET_FORBIDDEN');
  t.equal(await ask(await operator(server, ALL, { owner: 'ann' })), 'OWNER_FORBIDDEN');
  t.equal(await ask(await operator(server, ['read-audit'])), undefined);
  const { engine } = server.server;
  const denied = await engine.as({ operations: new Set(['read', 'admin']) }).audit();
  t.match(denied, { code: 'OPERATION_FORBIDDEN' }, 'in the engine, too');
});

t.test('after its days a place is not told, and the rest is', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const offset = new Float64Array(clockOffset);
  const server = await gateway(t, {
    engine: { folder: '', clockOffset },
    limits: { proxies: 1, auditDays: 3 },
    assets: ['gold'],
  });
  await server.ask('POST /v1/transfers', earn('T1', 'ann'), FROM);
  const told = async () => (await server.ask('GET /v1/audit?owner=ann')).body.records[0];
  t.match(await told(), { id: 'T1', address: '203.0.113.9', agent: 'till/7' });
  offset[0] = 3 * limits.DAY_MS;
  t.match(await told(), { id: 'T1', address: '203.0.113.9' });
  offset[0] = 4 * limits.DAY_MS;
  const { address, agent, ...rest } = await told();
  t.strictSame([address, agent], [undefined, undefined]);
  t.match(rest, { id: 'T1', principal: 'administrator', traceId: TRACE, outcome: 'ok' });
});

t.test('a ledger that keeps no audit trail names nobody', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await gateway(t, { limits: { auditDays: 0 }, logs: { folder }, assets: ['gold'] });
  await server.ask('POST /v1/transfers', earn('T1', 'ann'), FROM);
  t.strictSame((await server.ask('GET /v1/audit')).body, { records: [] });
});
