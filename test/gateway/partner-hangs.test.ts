// Exchanges with partners outside that nobody can bring further: each is in the operator's list after a while, and none keeps another from going on.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { until } from '../until.js';
import { HERE, MILES, NIGHTS, type Outside, outside, TOKEN, tell } from './outside.js';

const START = 1_000;
const STUCK_MS = 300;
const OUT = { owner: 'ann', from: HERE, to: MILES, amount: 10 };
const TO = { ...OUT, toUser: 'ann-b' };

/** What does not agree and is open of an exchange. */
const found = (of: Outside, exchange: string) =>
  until(`${exchange} is in the operator's list`, async () => {
    const { body } = await of.ask('GET /v1/inconsistencies');
    return body.inconsistencies.find((one: any) => one.exchange === exchange) ?? false;
  });
const isAgain = (of: Outside, exchange: string) =>
  until(`${exchange} is asked again`, async () => {
    const one = await of.told(exchange);
    return one.status === 'retrying' && one;
  });
const verdict = (of: Outside, exchange: string, step: string, said: string) =>
  of.ask(`POST /v1/partner-exchanges/${exchange}/verdict`, { step, verdict: said, reason: 'seen' });

t.test('what cannot go on is told, whatever keeps it', async (t) => {
  const of = await outside(t, { ann: START, bob: START }, {}, { partnerStuckMs: STUCK_MS });
  const { submit, ended, ask, partners, later, has, hasAt } = of;

  t.test('a rollback that is answered as if nothing was asked', async (t) => {
    await tell(partners.b, 'POST', 'faults', { fault: 'lose', call: 'add', times: 0 });
    await tell(partners.b, 'POST', 'faults', { fault: 'fail', call: 'operation', times: 0 });
    const says = { fault: 'contradict', what: 'status', call: 'rollback', times: 0 };
    await tell(partners.b, 'POST', 'faults', says);
    const exchange = await submit(TO);
    await isAgain(of, exchange);
    await ask(`POST /v1/partner-exchanges/${exchange}/cancel`, { owner: 'ann' });
    t.match(await found(of, exchange), { finding: 'not_known' });
    // Asked again, and to no avail again: it is told again.
    t.match(await verdict(of, exchange, 'rollback_target_addition', 'retry'), { status: 200 });
    later(STUCK_MS);
    t.match(await found(of, exchange), { finding: 'not_known' });
    await tell(partners.b, 'DELETE', 'faults');
    t.match(await ended(exchange), { status: 'failed', reason: 'CANCELLED' });
    t.equal(await has('ann'), `${START} 0`);
  });

  t.test('who gets it is no user of the partner any more', async (t) => {
    const legs = [{ from: '@issue', to: 'new', asset: HERE, amount: START }];
    await ask('POST /v1/transfers', { legs });
    const made = await ended(await submit({ ...OUT, owner: 'new' }));
    t.match(made, { status: 'completed' });
    const at = `/v1/platforms/b/users/${encodeURIComponent(made['target'].user)}`;
    t.match(await ask(`POST ${at}/deactivate`), { status: 200 });
    const exchange = await submit({ ...OUT, owner: 'new', seconds: 10 });
    t.match(await found(of, exchange), { finding: 'not_known' });
    later(4_000);
    await pause(200);
    later(4_000);
    t.match(await ended(exchange), { status: 'failed', reason: 'NOT_IN_TIME' });
    t.equal(await has('new'), `${START - 10} 0`);
  });

  t.test('who gave it is frozen when the partner has added', async (t) => {
    await tell(partners.b, 'POST', 'faults', { fault: 'stall', call: 'add', ms: 300 });
    const exchange = await submit(TO);
    t.match(await ask(`POST /v1/accounts/ann/assets/${HERE}/freeze`, {}), { status: /20/ });
    t.match(await found(of, exchange), { finding: 'not_known' });
    await ask(`POST /v1/accounts/ann/assets/${HERE}/unfreeze`, {});
    t.match(await ended(exchange), { status: 'completed' });
    t.equal(await has('ann'), `${START - 10} 0`);
  });

  t.test('words that no act takes', async (t) => {
    // A partner whose words are long, and cut in the middle of a character.
    const odd = `${'x'.repeat(63)}\u{1f3b2}`;
    const server = createServer((request, response) => {
      const id = /px_\w+/.exec(request.url ?? '')?.[0];
      let text = '';
      request.on('data', (part) => {
        text += part;
      });
      request.on('end', () => {
        const body = text === '' ? { transaction_id: id } : JSON.parse(text);
        const said = { ...body, status: 'completed', type: 'add', user_id: odd, asset: odd };
        response.end(JSON.stringify({ ...said, amount: 1, time: new Date().toISOString() }));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.teardown(() => server.close());
    const said = { token: TOKEN, assets: [MILES], createsUsers: true };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    t.match(await ask('PUT /v1/partners/b', { ...said, url }), { status: 200 });
    const exchange = await submit(TO);
    t.match(await found(of, exchange), { finding: 'differs' });
    await ask(`POST /v1/partner-exchanges/${exchange}/cancel`, { owner: 'ann' });
    t.match(await verdict(of, exchange, 'rollback_target_addition', 'done'), { status: 200 });
    t.match(await ended(exchange), { status: 'failed' });
    t.match(await ask('PUT /v1/partners/b', { ...said, url: partners.b.address }), { status: 200 });
    t.equal(await has('ann'), `${START - 10} 0`);
    t.equal(hasAt('b', 'ann-b'), START + 10);
  });
});

t.test('who is refused has nobody asked', async (t) => {
  const pauses = { partnerPauseMs: 60_000, partnerPauseMsMax: 60_000 };
  const of = await outside(t, { ann: START, bob: START }, {}, pauses);
  const { submit, ask } = of;
  let count = 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/') === true) count++;
    response.writeHead(500).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said = { url, token: TOKEN, assets: [MILES], createsUsers: true };
  t.match(await ask('PUT /v1/partners/b', said), { status: 200 });
  const exchange = await submit(TO);
  await isAgain(of, exchange);
  const before = count;
  for (const owner of ['bob', 'bob', 'bob'])
    t.match(await ask(`POST /v1/partner-exchanges/${exchange}/cancel`, { owner }), { status: 404 });
  await ask(`POST /v1/partner-exchanges/${exchange}/cancel?dryRun=true`, { owner: 'ann' });
  await pause(1_200);
  t.equal(count, before, 'it waits');
  await ask(`POST /v1/partner-exchanges/${exchange}/cancel`, { owner: 'ann' });
  await until('the rollback is asked for', () => count > before);
});

t.test('a partner that is down keeps nobody else waiting', async (t) => {
  const OWNERS = ['ann', 'bob', 'cat', 'dan'];
  const of = await outside(
    t,
    Object.fromEntries(OWNERS.map((owner) => [owner, START])),
    {},
    { partnerExchangesAtOnce: 4 },
  );
  await of.partners.b.close();
  const many = Array.from({ length: 40 }, (_, i) => {
    const owner = OWNERS[i % OWNERS.length];
    return { ...OUT, owner, amount: 1, toUser: `${owner}-b`, id: `x-${i}` };
  });
  await Promise.all(many.map(of.submit));
  const far = { ...OUT, owner: 'ann', to: NIGHTS, toUser: 'ann-c' };
  for (const exchange of await Promise.all([far, far, far].map(of.submit)))
    t.match(await of.ended(exchange), { status: 'completed' });
  await isAgain(of, await of.submit(many[0] as object));
});
