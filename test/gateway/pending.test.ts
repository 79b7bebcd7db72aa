// Pending points over HTTP, MessagePack and the client: earned, shown apart, not spendable; available at their time, however late the tick is,
// or confirmed; taken back without a debt.

import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { gateway } from './harness.js';

const SOON_MS = 20_000;
const LATER_MS = 40_000;

t.test('pending points', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const made = await gateway(t, { engine: { folder: '', clockOffset, tickMs: 60_000 } });
  const { ask } = made;
  await ask('PUT /v1/assets/shop', { scale: 0 });
  const until = Date.now() + SOON_MS;
  const earning = (id: string, amount: number, more: object) => ({
    ...{ id, kind: 'ORDER', ref: id },
    legs: [{ from: '@issue', to: 'ann', asset: 'shop', amount }],
    ...more,
  });
  const spending = (id: string, amount: number) => ({
    id,
    legs: [{ from: 'ann', to: '@redeem', asset: 'shop', amount }],
  });
  const balance = async (query = '') =>
    (await ask(`GET /v1/accounts/ann${query}`)).body.accounts[0] as Record<string, unknown>;

  const text = new Date(until).toISOString();
  const earned = await ask('POST /v1/transfers', earning('a', 10, { pendingUntil: text }));
  t.equal(earned.status, 201);
  t.equal(earned.body.hold, undefined, 'it is no hold');
  t.match(earned.body.entries[1], { type: 'transfer', earned: 10, heldDelta: 10, available: 0 });
  await ask('POST /v1/transfers', earning('b', 7, { pendingUntil: null }));
  t.match(await balance(), { available: 0, held: 17, pending: 17, total: 17 });
  t.same((await balance()).lots, [{ expiresAt: null, available: 0, held: 17, pending: 17 }]);
  t.equal((await ask('POST /v1/transfers', spending('s1', 1))).body.code, 'POINTS_SHORT');
  t.equal((await ask('GET /v1/accounts/ann/holds/a')).status, 404);
  const capture = await ask('POST /v1/accounts/ann/holds/a/capture', { to: '@redeem' });
  t.equal(capture.body.code, 'HOLD_NOT_FOUND');
  const closing = await ask('POST /v1/accounts/ann/assets/shop/close', {});
  t.equal(closing.body.code, 'ACCOUNT_NOT_EMPTY');

  const wrong = await ask('POST /v1/transfers', { ...spending('w', 1), pendingUntil: null });
  t.match(wrong.body, { status: 400, code: 'PENDING_INVALID', field: 'legs[0]' });
  const past = await ask('POST /v1/transfers', earning('p', 1, { pendingUntil: 1 }));
  t.match(past.body, { status: 422, code: 'PENDING_PAST' });
  await ask('PUT /v1/assets/fine', { scale: 0, lotGranularityMs: 1_000 });
  const fine = { from: '@issue', to: 'ann', asset: 'fine', amount: 1, expiresAt: until - 2_000 };
  const short = await ask('POST /v1/transfers', { legs: [fine], pendingUntil: until });
  t.match(short.body, { status: 422, code: 'PENDING_EXPIRES' });

  const trial = await ask('POST /v1/accounts/ann/transfers/b/confirm?dryRun=true', {});
  t.match(trial.body.entries[0], { type: 'release', available: 7, held: 10 });
  t.match(await balance(), { available: 0 }, 'a dry run changes nothing');
  const part = await ask('POST /v1/accounts/ann/transfers/b/reverse', { id: 'rb', amount: 3 });
  t.match(part.body, { remaining: 4 });
  t.match(await balance(), { available: 0, pending: 14, earned: 14 });
  const confirmed = await ask('POST /v1/accounts/ann/transfers/b/confirm', { id: 'cb' });
  t.equal(confirmed.status, 201);
  t.match(confirmed.body.entries, [{ type: 'release', delta: 0, heldDelta: -4, available: 4 }]);
  const again = await ask('POST /v1/accounts/ann/transfers/b/confirm', { id: 'cb' });
  t.match([again.status, again.body.replayed], [200, true]);
  const twice = await ask('POST /v1/accounts/ann/transfers/b/confirm', { id: 'cb2' });
  t.match(twice.body, { status: 409, code: 'NOT_PENDING' });
  const none = await ask('POST /v1/accounts/ann/transfers/z/confirm', {});
  t.match(none.body, { status: 404, code: 'TRANSFER_NOT_FOUND' });

  const batch = await ask('POST /v1/transfers?atomic=true', [
    earning('c', 5, { pendingUntil: null }),
    spending('s2', 4),
  ]);
  t.match(
    batch.body.map(({ status }: { status: number }) => status),
    [201, 201],
  );
  t.match(await balance(), { available: 0, pending: 15 });
  t.equal((await ask('POST /v1/accounts/ann/transfers/c/reverse', {})).status, 201);
  t.match(await balance(), { available: 0, pending: 10, held: 10, earned: 14, spent: 4 });

  const client = connect({ url: made.server.address, key: made.key });
  t.teardown(() => client.close());
  const sent = await client.submit({
    ...{ type: 'transfer', id: 'k', pendingUntil: null },
    legs: [{ from: '@issue', to: 'kim', asset: 'shop', amount: 5 }],
  });
  t.ok(sent.ok);
  t.match(await client.balances('kim'), [{ available: 0, pending: 5 }]);
  const freed = await client.submit({ type: 'confirm-pending', owner: 'kim', transferId: 'k' });
  t.ok(freed.ok);
  t.match(await client.balances('kim'), [{ available: 5, pending: 0 }]);

  new Float64Array(clockOffset)[0] = LATER_MS;
  t.equal((await ask('POST /v1/transfers', spending('s3', 10))).status, 201, 'settled before it');
  t.match(await balance(), { available: 0, held: 0, pending: 0 });
  t.match(await balance(`?at=${until}`), { available: 10, held: 0 }, 'by its time');
  t.match(await balance(`?at=${until - 1}`), { available: 0, held: 10 });
});
