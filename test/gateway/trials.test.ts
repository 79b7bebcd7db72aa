// Dry runs and atomic batches over HTTP, WebSocket and with the client.

import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { gateway } from './harness.js';

t.setTimeout(0);

const leg = (from: string, to: string, amount: number) => ({ from, to, asset: 'shop', amount });
const move = (id: string, from: string, to: string, amount: number) => ({
  id,
  legs: [leg(from, to, amount)],
});

t.test('over HTTP', async (t) => {
  const { server, ask } = await gateway(t, { engine: { shards: 2, folder: '' } });
  const { engine } = server;
  const near = (owner: string, isNear = true): string => {
    for (let n = 0; ; n++)
      if ((engine.shardOf(`u${n}`) === engine.shardOf(owner)) === isNear) return `u${n}`;
  };
  const bob = near('alice');
  const far = near('alice', false);
  await ask('PUT /v1/assets/shop', { scale: 0 });
  await ask('POST /v1/transfers', move('seed', '@issue', 'alice', 100));
  const transfers = 'POST /v1/transfers?dryRun=true';

  await t.test('dry runs', async (t) => {
    const digest = await engine.digest();
    const posted = await ask(transfers, move('a', 'alice', bob, 30));
    t.match(posted, {
      status: 200,
      body: { dryRun: true, status: 200, id: 'a', seq: 0, replayed: false },
    });
    t.match(posted.body.entries, [
      { owner: 'alice', available: 70 },
      { owner: bob, available: 30 },
    ]);
    const short = await ask(transfers, move('a', 'alice', bob, 300));
    t.match(short, { status: 422, body: { dryRun: true, code: 'POINTS_SHORT', status: 422 } });
    const wrong = await ask(transfers, move('a', 'alice', bob, 0));
    t.match(wrong, { status: 400, body: { dryRun: true, field: 'legs[0].amount' } });
    t.match(await ask(transfers, move('a', 'alice', far, 100)), {
      status: 200,
      body: { dryRun: true },
    });
    const used = await ask(transfers, move('seed', '@issue', 'alice', 100));
    t.match(used, { status: 200, body: { dryRun: true, replayed: true } });
    t.equal(used.headers.get('idempotency-replayed'), 'true');
    const keyed = { 'Idempotency-Key': 'seed' };
    const other = { legs: [leg('@issue', 'alice', 1)] };
    const reused = { dryRun: true, code: 'IDEMPOTENCY_KEY_REUSED' };
    t.match(await ask(transfers, other, keyed), { status: 422, body: reused });
    const batch = await ask(transfers, [
      move('a', 'alice', bob, 60),
      move('b', 'alice', far, 60),
      { id: 'c' },
    ]);
    t.equal(batch.status, 200);
    t.match(batch.body, [
      { dryRun: true, status: 200 },
      { dryRun: true, code: 'POINTS_SHORT' },
      { dryRun: true, code: 'LEGS_INVALID' },
    ]);
    const hold = { id: 'h', owner: 'alice', asset: 'shop', amount: 10 };
    t.match(await ask('POST /v1/holds?dryRun=true', hold), {
      status: 200,
      body: { dryRun: true, hold: { remaining: 10 } },
    });
    const one = '/v1/accounts/alice/holds/h';
    t.match(await ask(`POST ${one}/release?dryRun=true`), { status: 404, body: { dryRun: true } });
    t.match(await ask(`POST ${one}/capture?dryRun=true`, { to: bob }), { status: 404 });
    const undo = 'POST /v1/accounts/alice/transfers/seed/reverse';
    t.match(await ask(`${undo}?dryRun=true`), {
      status: 200,
      body: { dryRun: true, entries: [{}, {}] },
    });
    t.equal(await engine.digest(), digest, 'nothing has changed');
    t.equal((await ask('GET /v1/accounts/alice/transfers/a')).status, 404);

    for (const odd of ['dryRun=1', 'dryRun=', 'atomic=yes'])
      t.match(await ask(`POST /v1/transfers?${odd}`, [move('x', 'alice', bob, 1)]), {
        status: 400,
        body: { code: 'QUERY_INVALID' },
      });
    t.match(
      await ask('POST /v1/accounts/alice/assets/shop/freeze?dryRun=true'),
      {
        status: 400,
        body: { code: 'QUERY_INVALID', field: 'dryRun' },
      },
      'what takes no dry run does not take one for the real thing',
    );
    t.match(await ask('POST /v1/transfers?dryRun=false', move('real', 'alice', bob, 1)), {
      status: 201,
    });
  });

  await t.test('atomic batches', async (t) => {
    const atomic = 'POST /v1/transfers?atomic=true';
    const items = [move('p', 'alice', bob, 20), move('q', bob, '@redeem', 5)];
    const across = await ask(atomic, [
      ...items,
      { id: 'r', legs: [leg('alice', bob, 1), leg(bob, far, 1)] },
    ]);
    t.match(across, {
      status: 422,
      body: { code: 'BATCH_ACROSS_SHARDS', field: '[2].legs[1].to' },
    });
    const aborted = await ask(atomic, [...items, move('r', bob, 'alice', 500)]);
    t.equal(aborted.status, 200);
    const abort = { status: 409, code: 'BATCH_ABORTED', retry: true };
    t.match(aborted.body, [
      { ...abort, id: 'p' },
      { ...abort, id: 'q' },
      { code: 'POINTS_SHORT', id: 'r' },
    ]);
    t.match((await ask(atomic, [...items, { id: 'r', legs: [], odd: 1 }])).body, [
      abort,
      abort,
      { code: 'COMMAND_INVALID' },
    ]);
    const many = Array.from({ length: 1_001 }, (_, n) => move(`m${n}`, 'alice', bob, 1));
    t.match(await ask(atomic, many), {
      status: 413,
      body: { code: 'BATCH_TOO_LARGE', field: 'body' },
    });
    t.match(await ask(transfers, many), { status: 413, body: { code: 'BATCH_TOO_LARGE' } });
    t.match(
      (await ask('GET /v1/accounts/alice')).body,
      { accounts: [{ available: 99 }] },
      'none of it',
    );
    t.match((await ask(`${atomic}&dryRun=true`, items)).body, [
      { dryRun: true, status: 200 },
      { dryRun: true, status: 200 },
    ]);
    t.match((await ask(atomic, items)).body, [
      { status: 201, id: 'p' },
      { status: 201, id: 'q' },
    ]);
    t.match((await ask(atomic, items)).body, [
      { status: 200, replayed: true },
      { status: 200, replayed: true },
    ]);
    t.match(await ask('POST /v1/transfers?atomic=true', move('single', 'alice', bob, 1)), {
      status: 201,
    });
  });
});

t.test('with the client, over HTTP and its stream', async (t) => {
  const { server, key } = await gateway(t);
  const client = connect({ url: server.address, key, attempts: 1 });
  t.teardown(() => client.close());
  await client.submit({ type: 'define-asset', asset: 'shop', scale: 0 });
  const transfer = (id: string, amount: number, from = 'alice') =>
    ({ type: 'transfer', ...move(id, from, 'bob', amount) }) as const;
  await client.submit({ type: 'transfer', ...move('seed', '@issue', 'alice', 100) });

  const dry = await client.submit(transfer('a', 10), { dryRun: true });
  t.match(dry, { ok: true, seq: 0, entries: [{ available: 90 }, { available: 10 }] });
  t.notOk('dryRun' in dry || 'status' in dry, 'an outcome like every other');
  t.match(await client.submit(transfer('a', 1_000), { dryRun: true }), {
    ok: false,
    code: 'POINTS_SHORT',
  });
  const two = [transfer('a', 60), transfer('b', 60)];
  const codes = (outcomes: readonly { ok: boolean; code?: string }[]) =>
    outcomes.map((one) => (one.ok ? 'ok' : one.code));
  t.same(codes(await client.submitTransfers(two, { dryRun: true })), ['ok', 'POINTS_SHORT']);
  t.same(codes(await client.submitTransfers(two, { atomic: true })), [
    'BATCH_ABORTED',
    'POINTS_SHORT',
  ]);
  const many = Array.from({ length: 1_001 }, (_, n) => transfer(`m${n}`, 1));
  const thrown = await client.submitTransfers(many, { atomic: true }).catch((error) => error);
  t.match(thrown, { name: 'ClientError', refusal: { code: 'BATCH_TOO_LARGE' } });

  const { stream } = client;
  t.same(codes(await stream.submitBatch(two, { dryRun: true })), ['ok', 'POINTS_SHORT']);
  t.same(codes(await stream.submitBatch(two, { atomic: true })), ['BATCH_ABORTED', 'POINTS_SHORT']);
  t.same(codes(await stream.submitBriefly(two, { atomic: true })), [
    'BATCH_ABORTED',
    'POINTS_SHORT',
  ]);
  const odd = { type: 'transfer', id: 'c', legs: [], odd: 1 } as unknown as (typeof two)[0];
  t.same(codes(await stream.submitBatch([two[0]!, odd], { atomic: true })), [
    'BATCH_ABORTED',
    'COMMAND_INVALID',
  ]);
  const [balance] = await client.balances('alice');
  t.equal(balance?.available, 100, 'nothing so far');
  const both = [transfer('a', 60), transfer('b', 40)];
  const done = await stream.submitBatch(both, { atomic: true });
  t.same(codes(done), ['ok', 'ok']);
  t.same(codes(await client.submitTransfers(both, { atomic: true })), ['ok', 'ok'], 'once');
  t.equal((await client.balances('bob'))[0]?.available, 100);
});
