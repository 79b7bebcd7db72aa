// The clearing centre over HTTP: signed statements, their keys, what is found of an altered one; disputes, by whom, and who is told.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { openCounts } from '../../gateway/clearing/disputes.js';
import { type KeySet, verifyBytes } from '../../gateway/clearing/signed-bytes.js';
import { announceServer } from '../../gateway/cli/running.js';
import { eventsOf } from '../../gateway/outbound/derive.js';
import { mayKnow, type OutboundEvent } from '../../gateway/outbound/event.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { type Coalition, coalition, decided } from './coalition.js';
import { run } from './program.js';

const CYCLES = '/v1/clearing/main/cycles';
const x = (id: string, amount: number) => ({
  ...{ owner: 'ann', from: 'alpha', to: 'beta', id, amount },
});

/** Two platforms whose points are exchanged freely; ann has some of one. */
async function opened(t: Test): Promise<Coalition> {
  const of = await coalition(t);
  const { ask } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  for (const [at, document] of [
    ['coalition/main', MAIN],
    ['exchanging/alpha', SIDES.alpha],
    ['exchanging/beta', SIDES.beta],
  ] as const)
    t.equal((await ask(`PUT /v1/definitions/${at}`, { state: 'active', document })).status, 200);
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const legs = [{ from: '@issue', to: 'ann', asset: 'alpha', amount: 100_000 }];
  t.equal((await ask('POST /v1/transfers', { legs, owner: 'ann' })).status, 201);
  return of;
}

/** Statements, frozen and signed. */
async function statements(t: Test, { ask, folder, server }: Coalition): Promise<string> {
  const keys = async (): Promise<KeySet> =>
    (await ask('GET /.well-known/jwks.json', undefined, { Authorization: '' })).body;
  t.same(await keys(), { keys: [] });
  await ask('POST /v1/exchanges', x('x-1', 100));
  t.match(await ask(`GET ${CYCLES}/1/statement.json`), { status: 404 });
  t.match((await ask(`POST ${CYCLES}`)).body, { cycle: 1, state: 'closed' });
  const statement = async (cycle: number, form: string) => {
    const path = `${CYCLES}/${cycle}/statement.${form}`;
    const [told, signature] = [await ask(`GET ${path}`), await ask(`GET ${path}.jws`)];
    t.equal(signature.headers.get('content-type'), 'application/jose');
    return { bytes: Buffer.from(told.text), jws: signature.text };
  };
  const first = await until('the keys are told', async () => {
    const all = await keys();
    return all.keys.length === 1 && all;
  });
  t.match(first.keys, [{ kty: 'OKP', crv: 'Ed25519', use: 'sig', d: undefined }]);
  const json = await statement(1, 'json');
  const csv = await statement(1, 'csv');
  const kid = first.keys[0]?.kid as string;
  const of1 = { coalition: 'main', cycle: 1, kid };
  t.same(await verifyBytes(json.bytes, json.jws, first), { ...of1, cty: 'application/json' });
  t.same(await verifyBytes(csv.bytes, csv.jws, first), { ...of1, cty: 'text/csv' });
  t.match(JSON.parse(String(json.bytes)), { coalition: 'main', cycle: 1, debts: [{}] });
  // Each byte counts, of the statement, and of the signature.
  for (let at = 0; at < csv.bytes.length; at++) {
    const altered = Buffer.from(csv.bytes);
    altered[at] = (altered[at] as number) ^ 1;
    if (typeof (await verifyBytes(altered, csv.jws, first)) !== 'string') t.fail(`byte ${at}`);
  }
  t.type(await verifyBytes(csv.bytes, json.jws, first), 'string', 'the form is another one');
  t.type(await verifyBytes(csv.bytes.subarray(0, -1), csv.jws, first), 'string', 'cut off');
  t.match(await verifyBytes(csv.bytes, csv.jws, { keys: [] }), /is not among the keys/);
  t.match(await verifyBytes(csv.bytes, 'x.y.z', first), /no detached signature/);
  const [head = '', , mac = ''] = csv.jws.split('.');
  const said = JSON.parse(Buffer.from(head, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...said, cycle: 2 })).toString('base64url');
  t.type(await verifyBytes(csv.bytes, `${forged}..${mac}`, first), 'string', 'of another cycle');
  const none = Buffer.from(JSON.stringify({ ...said, alg: 'none' })).toString('base64url');
  t.type(await verifyBytes(csv.bytes, `${none}..`, first), 'string', 'signed by nobody');

  // Another key signs from now on; what is signed stays as it is, whatever comes.
  const rotated = await ask('POST /v1/statement-keys');
  t.equal(rotated.status, 201);
  t.not(rotated.body.kid, kid);
  await ask('POST /v1/exchanges', x('x-2', 200));
  await ask('PUT /v1/definitions/coalition/main', {
    state: 'active',
    document: { ...MAIN, base: '0.011' },
  });
  const closed = await Promise.all([ask(`POST ${CYCLES}`), ask(`POST ${CYCLES}`)]);
  t.ok(closed.some(({ status }) => status === 200));
  const both = await until('the keys are told', async () => {
    const all = await keys();
    return all.keys.length === 2 && all;
  });
  t.same(
    both.keys.map((one) => one.kid),
    [rotated.body.kid, kid],
    'the newest one first',
  );
  const second = await statement(2, 'json');
  t.match(await verifyBytes(second.bytes, second.jws, both), { cycle: 2, kid: rotated.body.kid });
  for (const [form, before] of [
    ['json', json],
    ['csv', csv],
  ] as const) {
    const now = await statement(1, form);
    t.same(now, before, `the ${form} of cycle 1 is what it was`);
    t.match(await verifyBytes(now.bytes, now.jws, both), { cycle: 1, kid });
  }

  // By hand, without a server.
  await announceServer(folder, server.address);
  const to = join(temporaryFolder(t), 'cycle-1.csv');
  const by = (...args: string[]) => run(folder, 'clearing', ...args);
  const written = await by('statement', 'main', '1', to, '--form', 'csv', '--folder', folder);
  t.equal(written.code, 0, written.err);
  return to;
}

/** What is found of a file, when no server runs. */
async function byHand(t: Test, folder: string, to: string): Promise<void> {
  const by = (...args: string[]) => run(folder, 'clearing', ...args);
  t.match(await by('verify', to), { code: 0, out: /"cycle": 1/ });
  const text = readFileSync(to, 'utf8');
  writeFileSync(to, text.replace(/,beta,\d/, ',beta,9'));
  t.match(await by('verify', to), { code: 1, err: /are not those that were signed/ });
  writeFileSync(to, text);
  writeFileSync(`${to}.keys`, '{}');
  t.match(await by('verify', to), { code: 1, err: /no JSON Web Key Set/ });
}

/** What platforms dispute of cycle 1, of an exchange, and what comes of it. */
async function disputes(t: Test, of: Coalition): Promise<void> {
  const { ask, server } = of;
  const a = await caller(of, 'a', { assets: ['alpha'], userIds: 'platform' });
  const b = await caller(of, 'b', { assets: ['beta'], userIds: 'platform' });
  const c = await caller(of, 'c', { assets: ['gamma'], userIds: 'platform' });
  const told: OutboundEvent[] = [];
  const { engine } = server;
  for (const shard of engine.shardsHere) {
    const end = engine.subscribe(shard, { seq: 1, index: 0 }, (block) => {
      told.push(...eventsOf({ block, hash: 'x'.repeat(64) }, (owner) => engine.shardOf(owner)));
    });
    t.teardown(() => end());
  }
  const D = '/v1/clearing/main/disputes';
  const line = { debtor: 'a', creditor: 'b', asset: 'beta' };
  const owed = (await ask('GET /v1/clearing/main/cycles/1')).body.debts[0].amount as number;
  const opens = (more: object = {}) => ({
    id: 'd-1',
    cycle: 1,
    lines: [line],
    reason: 'r',
    ...more,
  });
  const rows: readonly [unknown, object][] = [
    [await a.ask(`POST ${D}`, opens({ lines: undefined })), { status: 422 }],
    [await a.ask(`POST ${D}`, opens({ lines: [] })), { status: 400 }],
    [await a.ask(`POST ${D}`, opens({ cycle: 99 })), { status: 404 }],
    [await a.ask(`POST ${D}`, opens({ platform: 'b' })), { status: 403 }],
    [await a.ask(`POST ${D}`, opens({ owner: 'ann' })), { status: 422, body: { field: 'owner' } }],
    [
      await a.ask(`POST ${D}`, opens({ lines: [{ ...line, disputed: owed + 1 }] })),
      { status: 422, body: { field: 'lines[0].disputed' } },
    ],
    [await c.ask(`POST ${D}`, opens()), { status: 422, body: { code: 'DISPUTE_LINE_UNKNOWN' } }],
    [await ask(`POST ${D}`, opens()), { status: 422, body: { field: 'platform' } }],
    [await a.ask('POST /v1/clearing/none/disputes', opens()), { status: 404 }],
  ];
  for (const [answer, expected] of rows) t.match(answer, expected);
  const partly = { lines: [{ ...line, disputed: 50 }] };
  const made = await a.ask(`POST ${D}`, opens(partly));
  t.match(made, {
    status: 201,
    body: { state: 'open', by: 'a', other: 'b', lines: [{ owed, disputed: 50, settled: 0 }] },
  });
  const d = `${D}/${made.body.dispute}`;
  t.same((await a.ask(`POST ${D}`, opens(partly))).body, made.body, 'a repeat');
  t.match(await b.ask(`POST ${D}`, opens()), { status: 409, body: { code: 'DISPUTE_LINE_TAKEN' } });
  t.same(await openCounts(engine, 'main'), { open: 1, overdue: 0 });
  const so = { answer: 'no' };
  t.match(await a.ask(`POST ${d}/answer`, so), { status: 403, body: { code: 'DISPUTE_PARTY' } });
  t.match(await c.ask(`POST ${d}/answer`, so), { status: 404 });
  t.match(await c.ask(`GET ${d}`), { status: 404 });
  t.match((await c.ask(`GET ${D}`)).body, { disputes: [] });
  t.match((await b.ask(`GET ${D}`)).body, { disputes: [{ by: 'a', dispute: made.body.dispute }] });
  const spends = await operator(of, ['transfer', 'read']);
  t.match(await ask(`GET ${d}`, undefined, spends), { status: 403 });
  t.match(await a.ask(`POST ${d}/settle`, { reason: 'r' }), { status: 401 });
  t.match(await ask(`POST ${d}/settle`, { reason: 'r' }), { status: 409 });
  t.match((await b.ask(`POST ${d}/answer`, so)).body, { state: 'answered', answer: 'no' });
  const net = async () => (await ask('GET /v1/clearing/main')).body.debts;
  const before = await net();
  const settles = { amounts: [30], reason: 'half' };
  const key = { 'Idempotency-Key': 's-1' };
  // Twice at once, and again: settled once.
  const both = await Promise.all([1, 2].map(() => ask(`POST ${d}/settle`, settles, key)));
  for (const one of both) t.match(one, { status: 200, body: { state: 'settled' } });
  t.match((await ask(`POST ${d}/settle`, settles)).status, 409);
  t.match(await net(), [{ debtor: 'b', creditor: 'a', asset: 'beta', amount: 30 }], 'given back');
  t.same(before, []);
  t.match((await ask(`POST ${d}/reopen`, { reason: 'wrong' })).body, { state: 'answered' });
  t.same(await net(), []);
  t.match((await ask(`POST ${d}/settle`, { reason: 'all' })).body, { lines: [{ settled: 50 }] });
  t.match((await ask(`GET ${D}?cycle=1`)).body, { disputes: [{ state: 'settled' }] });
  t.match((await ask(`GET ${D}`)).body, { disputes: [] });

  // An exchange; the other side agrees. A cycle that is closed meanwhile waits for nothing.
  await ask('POST /v1/exchanges', x('x-3', 120));
  const { body: xd } = await b.ask(`POST ${D}`, { owner: 'ann', exchange: ',x-3', reason: 'r' });
  t.match(xd, { state: 'open', by: 'b', exchange: 'x-3', lines: [{ debtor: 'a', owed: 10_000 }] });
  t.match(await b.ask(`POST ${D}`, { owner: 'ann', exchange: 'x-3', reason: 'r' }), {
    status: 404,
  });
  t.match((await ask(`POST ${CYCLES}`)).body, { state: 'closed', debts: [{ amount: 9_950 }] });
  const agreed = await a.ask(`POST ${D}/${xd.dispute}/answer`, { agrees: true, answer: 'yes' });
  t.match(agreed.body, { state: 'settled', lines: [{ settled: 10_000 }] });
  t.match(await net(), [{ debtor: 'b', creditor: 'a', amount: 10_000 }]);
  t.match((await ask(`POST ${CYCLES}`)).body, { state: 'closed' });
  t.same(await net(), []);

  // Each is told once, to both sides and to nobody else.
  const types = ['opened', 'answered', 'settled', 'reopened', 'settled', 'opened', 'settled'];
  const ofDisputes = await until('all is told', async () => {
    const all = told.filter(({ type }) => type.startsWith('dispute.'));
    return all.length >= types.length && all;
  });
  t.same(ofDisputes.map(({ type }) => type).sort(), types.map((one) => `dispute.${one}`).sort());
  const knows = (platform: string, asset: string) => (event: OutboundEvent) =>
    mayKnow({ operations: new Set(['read']), assets: new Set([asset]), scope: platform }, event);
  for (const [platform, asset, is] of [
    ['a', 'alpha', true],
    ['b', 'beta', true],
    ['c', 'gamma', false],
  ] as const)
    t.equal(ofDisputes.every(knows(platform, asset)), is, `${platform} is told`);
}

t.test('the clearing centre over HTTP', async (t) => {
  const of = await opened(t);
  const file = await statements(t, of);
  await disputes(t, of);
  await of.server.close();
  await byHand(t, of.folder, file);
  t.same((await verifyFolder(of.folder, { why: true })).problems, []);
});
