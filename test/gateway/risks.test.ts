// Marks of risk over HTTP: by hand, listed, lifted; what they stop, is reviewed, or takes a second factor; what was stopped is told.

import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const earned = (to: string, amount = 10_000) => ({
  id: `give-${to}`,
  legs: [{ from: '@issue', to, asset: 'gold', amount }],
});
const spent = (id: string, amount = 10, from = 'ann') => ({
  id,
  legs: [{ from, to: '@redeem', asset: 'gold', amount }],
});

async function opened(t: Test): Promise<Gateway & { later(ms: number): Promise<void> }> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const server = await gateway(t, {
    assets: ['gold'],
    engine: { folder: '', shards: 2, clockOffset },
  });
  for (const who of ['ann', 'bob']) await server.ask('POST /v1/transfers', earned(who));
  const later = async (ms: number): Promise<void> => {
    clock[0] = (clock[0] ?? 0) + ms;
    await until('the clock is taken for right', async () => {
      await server.ask('POST /v1/admin/accept-clock');
      return (await server.ask('GET /v1/accounts/ann')).status === 200;
    });
  };
  return { ...server, later };
}

t.test('a mark by hand stops what it says, is listed, told and lifted', async (t) => {
  const server = await opened(t);
  const { ask } = server;
  const [guard, reader, shop] = await Promise.all([
    operator(server, ['read', 'view', 'freeze']),
    operator(server, ['read', 'view']),
    operator(server, ['read', 'redeem', 'spend']),
  ]);
  const mark = (name: string, body: object, who: Headers = guard, owner = 'ann') =>
    ask(`PUT /v1/members/${owner}/risks/${name}`, body, who);
  const pay = (id: string, more: Headers = {}, amount = 10) =>
    ask('POST /v1/transfers', spent(id, amount), { ...shop, ...more });
  const HELD = { reason: 'BY_HAND', action: 'refuse', evidence: '被举报' };

  t.match(await mark('held', HELD, reader), { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });
  t.match(await mark('held', { ...HELD, action: 'no' }), { status: 400 });
  t.match(await mark('held', { ...HELD, reason: 'no word' }), { status: 400 });
  t.match(await mark('held', HELD), { status: 200 });
  t.match(await pay('T1'), { status: 403, body: { code: 'RISK_REFUSED', retry: false } });
  t.match(await ask('POST /v1/transfers?dryRun=true', spent('T1'), shop), {
    body: { code: 'RISK_REFUSED' },
  });
  t.match(await pay('T1'), { status: 403 }, 'a dry run is not counted');
  t.match(await ask('POST /v1/transfers', [spent('T2')], shop), {
    body: [{ code: 'RISK_REFUSED' }],
  });
  t.match(await ask('POST /v1/transfers', spent('B1', 5, 'bob'), shop), { status: 201 });

  // In a batch and over a WebSocket it is kept for a review as it is alone; in an atomic batch nothing is.
  t.match(await mark('look', { reason: 'LOOK', action: 'review' }, guard, 'bob'), { status: 200 });
  const many = [spent('M1', 5, 'bob'), earned('cat'), spent('M2', 5, 'bob')];
  const { body: told } = await ask(
    'POST /v1/transfers',
    many,
    await operator(server, ['earn', 'redeem', 'spend', 'read']),
  );
  t.match(told, [
    { code: 'RISK_REVIEW', review: String },
    { seq: Number },
    { code: 'RISK_REVIEW' },
  ]);
  t.match(await ask(`GET /v1/reviews/${told[0].review}`, undefined, guard), {
    body: { owner: 'bob', state: 'open', command: { id: 'M1' } },
  });
  t.match(await ask(`POST /v1/reviews/${told[0].review}/agree`, {}, guard), {
    ...{ status: 200, body: { state: 'agreed', outcome: 'ok' } },
  });
  t.match(await ask('POST /v1/transfers?atomic=true', [spent('M3', 5, 'bob')], shop), {
    body: [{ code: 'RISK_REVIEW', review: undefined }],
  });
  const talk = await Talk.open(server.port, shop);
  await talk.nextOf('ready');
  const command = { type: 'transfer', ...spent('M4', 5, 'bob') };
  talk.send({ type: 'commands', id: 1, commands: [command] });
  const { outcomes } = await talk.next();
  t.match(outcomes, [{ code: 'RISK_REVIEW', review: String }]);
  const open = await ask('GET /v1/reviews?state=open&owner=bob', undefined, guard);
  t.same(open.body.reviews.map((one: any) => one.command.id).sort(), ['M2', 'M4']);
  talk.socket.close();
  t.match(await ask('DELETE /v1/members/bob/risks/look?reason=seen', undefined, guard), {
    status: 200,
  });

  const listed = await ask('GET /v1/risks', undefined, reader);
  t.match(listed, {
    status: 200,
    body: { risks: [{ owner: 'ann', mark: 'held', ...HELD, state: 'active', by: /^key:/ }] },
  });
  t.match(await ask('GET /v1/risks', undefined, shop), { status: 403 });
  t.same((await ask('GET /v1/risks?reason=OTHER', undefined, reader)).body.risks, []);
  t.match(await ask('GET /v1/risks?cursor=no', undefined, reader), {
    body: { code: 'CURSOR_INVALID' },
  });
  await until('what was stopped is told', async () => {
    const { body } = await ask('GET /v1/members/ann/risks', undefined, reader);
    return body.stopped === 3;
  });
  t.match(await ask('GET /v1/members/ann/risks', undefined, reader), {
    body: {
      owner: 'ann',
      marks: [{ mark: 'held', count: 1 }],
      stopped: 3,
      last: [{ code: 'RISK_REFUSED', what: 'transfer' }, {}, {}],
      reviews: [],
    },
  });

  const lift = (query: string, who = guard) =>
    ask(`DELETE /v1/members/ann/risks/held${query}`, undefined, who);
  t.match(await lift(''), { status: 400 }, 'why');
  t.match(await lift('?reason=seen', reader), { status: 403 });
  t.match(await lift('?reason=seen'), { status: 200 });
  t.match(await lift('?reason=seen'), { status: 404, body: { code: 'RISK_NOT_FOUND' } });
  t.match(await pay('T1'), { status: 201 }, 'its id was free');
  const { body: gone } = await ask('GET /v1/risks?state=lifted', undefined, reader);
  t.match(gone.risks, [{ owner: 'ann', mark: 'held', state: 'lifted', liftedAt: Number }]);

  await mark('soon', { ...HELD, until: server.server.engine.now() + 60_000 });
  for (let n = 0; n < 5; n++) await mark(`b${n}`, { reason: 'B', action: 'mark' }, guard, 'bob');
  const pages: string[] = [];
  for (let cursor: string | undefined = '', n = 0; cursor !== undefined && n < 9; n++) {
    const { body } = await ask(
      `GET /v1/risks?limit=2${cursor && `&cursor=${cursor}`}`,
      undefined,
      reader,
    );
    pages.push(...body.risks.map((one: { mark: string }) => one.mark));
    cursor = body.cursor;
  }
  t.same(pages, ['soon', 'b0', 'b1', 'b2', 'b3', 'b4']);
  await server.later(120_000);
  const { body: ended } = await ask('GET /v1/risks?state=ended', undefined, reader);
  t.match(ended.risks, [{ mark: 'soon', state: 'ended' }]);
  t.match(await pay('T3'), { status: 201 });
});

t.test('what is to be reviewed waits, and is carried out once by who may', async (t) => {
  const server = await opened(t);
  const { ask } = server;
  const [guard, other, shop] = await Promise.all([
    operator(server, ['read', 'view', 'freeze']),
    operator(server, ['read', 'view', 'freeze', 'redeem']),
    operator(server, ['read', 'redeem']),
  ]);
  const pay = (id: string, amount = 10, who = shop) =>
    ask('POST /v1/transfers', spent(id, amount), who);
  const left = async () => (await ask('GET /v1/accounts/ann')).body.accounts[0].available;
  const mark = (body: object) => ask('PUT /v1/members/ann/risks/look', body, guard);
  await mark({ reason: 'LOOK', action: 'review' });

  const asked = await pay('T1');
  t.match(asked, { status: 202, body: { state: 'review', id: 'T1', review: /^[0-9a-f]{24}$/ } });
  const place = asked.headers.get('location') ?? '';
  const id = asked.body.review;
  t.equal(place, `/v1/reviews/${id}`);
  t.same((await pay('T1')).body, asked.body, 'again: the same');
  t.match(await pay('T1', 11), { status: 409, body: { code: 'ID_REUSED' } });
  t.equal(await left(), 10_000);
  t.match(await ask(`GET ${place}`, undefined, shop), { body: { state: 'open', owner: 'ann' } });
  t.equal((await ask(`GET ${place}`, undefined, await operator(server, ['read']))).status, 404);
  t.notOk((await ask(`GET ${place}`)).body.grants, 'nobody is told what who asked may do');
  t.match((await ask('GET /v1/reviews?state=open', undefined, guard)).body.reviews, [
    { review: id },
  ]);
  t.match(await ask('GET /v1/approvals?type=review', undefined, guard), {
    body: { approvals: [{ type: 'review', review: id, owner: 'ann' }] },
  });

  const agree = (review: string, who = guard) => ask(`POST /v1/reviews/${review}/agree`, {}, who);
  const reject = (review: string, who = guard, body: object = {}) =>
    ask(`POST /v1/reviews/${review}/reject`, body, who);
  t.match(await agree(id, shop), { status: 403 }, 'who asked may not');
  t.match(await agree('0'.repeat(24)), { status: 404, body: { code: 'REVIEW_NOT_FOUND' } });
  const both = await Promise.all([agree(id), agree(id, other)]);
  t.equal(both.filter(({ body }) => body.outcome === 'ok').length >= 1, true);
  t.equal(await left(), 9_990, 'once');
  t.match(await pay('T1'), { status: 200, body: { replayed: true } }, 'who asks again is told');
  t.match(await reject(id, other), { status: 409, body: { code: 'PROPOSAL_OVER' } });

  const { body: own } = await pay('T2', 10, other);
  t.match(await agree(own.review, other), { status: 403, body: { code: 'APPROVAL_REQUIRED' } });
  const rejected = await Promise.all([reject(own.review), agree(own.review)]);
  t.equal(rejected.filter(({ status }) => status === 200).length, 1, 'of two at once one decides');

  const made = await ask('POST /v1/keys', { name: 'gone', operations: ['read', 'redeem'] });
  t.equal(made.status, 201, made.text);
  const theirs = { Authorization: `Bearer ${made.body.key}` };
  const { body: leaked } = await pay('L1', 10, theirs);
  await ask(`POST /v1/keys/${made.body.id}/revoke`);
  t.match(await agree(leaked.review), { body: { code: 'PROPOSAL_OVER' } }, 'a revoked key');
  t.match(await reject(leaked.review), { body: { state: 'rejected' } });

  const { body: no } = await pay('T3');
  t.match(await reject(no.review, guard, { reason: 'a thief' }), { body: { state: 'rejected' } });
  t.match(await pay('T3'), { status: 403, body: { code: 'RISK_REFUSED' } });
  const { body: too } = await pay('T4', 1_000_000);
  t.match(await agree(too.review), { body: { state: 'agreed', outcome: 'POINTS_SHORT' } });
  const { body: harder } = await pay('T5');
  await mark({ reason: 'LOOK', action: 'refuse' });
  t.match(await agree(harder.review), { body: { outcome: 'RISK_REFUSED' } });
  await mark({ reason: 'LOOK', action: 'review' });

  // What goes by kind:ref is one review, and carried out by that.
  const { id: _, ...unnamed } = spent('', 10);
  const bill = { ...unnamed, kind: 'BILL', ref: '7' };
  const pays = () => ask('POST /v1/transfers', bill, shop);
  const [before, billed] = [await left(), (await pays()).body];
  t.match(billed, { state: 'review', id: 'BILL:7' });
  t.same((await pays()).body, billed, 'again: the same review');
  t.match(await agree(billed.review), { body: { outcome: 'ok' } });
  t.match(await pays(), { status: 200, body: { id: 'BILL:7', replayed: true } });
  t.equal(await left(), before - 10, 'once');

  for (let n = 0; n < 8; n++) t.equal((await pay(`M${n}`)).status, 202);
  t.match(await pay('M8'), { status: 403, body: { code: 'RISK_REVIEW' } }, 'so many at once');
  t.equal((await pay('M7')).status, 202);
  await ask('POST /v1/transfers', { ...spent('long'), metadata: { a: 'b' } }, shop);
  await server.later(31 * 86_400_000);
  t.match(await agree((await pay('M7')).body.review), { body: { outcome: 'ok' } }, 'asked anew');
});

t.test('a second factor and a device are said by who is believed', async (t) => {
  const server = await opened(t);
  const { ask } = server;
  const shop = await operator(server, ['read', 'redeem']);
  const pay = (id: string, more: Headers = {}, amount = 10) =>
    ask('POST /v1/transfers', spent(id, amount), { ...shop, ...more });
  await ask('PUT /v1/members/ann/risks/two', { reason: 'TWO', action: 'second-factor' });
  t.match(await pay('T1'), { status: 403, body: { code: 'SECOND_FACTOR_REQUIRED' } });
  t.match(await pay('T1', { 'Jifen-Second-Factor': 'yes' }), { status: 403 });
  t.match(await pay('T1', { 'Jifen-Second-Factor': 'proved' }), { status: 201 });
  await ask('DELETE /v1/members/ann/risks/two?reason=x');

  const from = (device: string) => ({ 'Jifen-Member-Device': device });
  t.match(await pay('D0', from('early'), 500), { status: 201 }, 'no rule asks for devices');
  // Longer than it takes until what was seen is said.
  await sleep(1_000);
  t.match((await ask('GET /v1/members/ann/risks')).body, { devices: [] });
  const rule = {
    ...{ reason: 'NEW_DEVICE_LARGE_REDEMPTION', signal: 'new-device', windowMs: 86_400_000 },
    ...{ over: 100, action: 'second-factor', holdsMs: 86_400_000 },
  };
  const said = await ask('PUT /v1/definitions/risk-rule/device', {
    state: 'active',
    document: rule,
  });
  t.equal(said.status, 200, said.text);
  await server.later(2 * DEFINITION_LEAD_MS);
  t.match(await pay('D1', from('phone'), 500), { status: 201 }, 'its first device');
  await until('it is known', async () => {
    const { body } = await ask('GET /v1/members/ann/risks');
    return body.devices.length === 1;
  });
  t.match(await pay('D2', from('phone'), 500), { status: 201 });
  t.match(await pay('D3', from('other'), 500), { body: { code: 'SECOND_FACTOR_REQUIRED' } });
  t.match(await pay('D3', from('other'), 50), { status: 201 });
  t.match(await pay('D4', { ...from('other'), 'Jifen-Second-Factor': 'proved' }, 500), {
    status: 201,
  });
  const { body } = await ask('GET /v1/members/ann/risks');
  t.notMatch(JSON.stringify(body), /phone|other/, 'as digests alone');
});
