// Acts over HTTP and over the client: asked for, one and many, tried, undone, and who may.

import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { until } from '../until.js';
import { caller, operator, token } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';

const DESK = { asset: 'gold', mostUp: 500, mostDown: 100, secondFrom: 200 };
const SPRING = { points: 10, asset: 'gold', budget: '#budget:spring' };
const RICH = { ...SPRING, audience: 'member.available >= 100' };

/** A gateway whose programme decides already. */
async function programme(t: Parameters<typeof gateway>[0]): Promise<Gateway> {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', shards: 3, clockOffset, tickMs: 20 };
  const server = await gateway(t, { assets: ['gold'], engine });
  for (const [at, document] of [
    ['correction/desk', DESK],
    ['offer/spring', SPRING],
    ['offer/rich', RICH],
  ] as const) {
    const { status, text } = await server.ask(`PUT /v1/definitions/${at}`, {
      state: 'active',
      document,
    });
    if (status !== 200) throw new Error(text);
  }
  await server.ask('POST /v1/budgets/spring/assets/gold/fund', { id: 'f', amount: 25 });
  new Float64Array(clockOffset)[0] = 11_000;
  const body = { correction: 'desk', give: 1, reason: 'try', operator: 'op' };
  await until('every shard decides', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((owner) =>
      server.ask('POST /v1/acts/adjust?dryRun=true', { owner, body }),
    );
    return (await Promise.all(all)).every(({ status }) => status === 200);
  });
  return server;
}

t.test('a correction', async (t) => {
  const { ask } = await programme(t);
  const body = { correction: 'desk', give: 50, reason: 'lost — 积分', operator: 'op1' };
  const done = {
    effects: [{ type: 'addPoints', amount: 50 }],
    why: { version: 1, reason: body.reason },
  };
  const rows: readonly (readonly [
    request: string,
    sent: unknown,
    status: number,
    expected: object,
  ])[] = [
    ['POST /v1/acts/adjust', { owner: 'ann', id: 'a1', body }, 201, { act: done, replayed: false }],
    ['POST /v1/acts/adjust', { owner: 'ann', id: 'a1', body }, 200, { act: done, replayed: true }],
    [
      'POST /v1/acts/adjust',
      { owner: 'ann', id: 'a1', body: { ...body, give: 51 } },
      409,
      { code: 'ID_REUSED' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'ann', body: { ...body, give: 501 } },
      422,
      { code: 'CORRECTION_TOO_LARGE' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'ann', body: { ...body, give: 200 } },
      403,
      { code: 'APPROVAL_REQUIRED' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'ann', body: { ...body, give: 200, second: 'op2' } },
      400,
      { code: 'ACT_BODY_INVALID', field: 'body.second' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: { ...body, give: 0, take: 5 } },
      422,
      { code: 'POINTS_SHORT' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: { ...body, take: 5 } },
      400,
      { code: 'AMOUNT_INVALID' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: { ...body, correction: 'x' } },
      404,
      { code: 'DEFINITION_NOT_FOUND' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: { ...body, amout: 1 } },
      400,
      { field: 'body.amout' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: [] },
      400,
      { code: 'ACT_BODY_INVALID', field: 'body' },
    ],
    [
      'POST /v1/acts/adjust',
      { owner: 'bob', body: { ...body, reason: '' } },
      400,
      { code: 'ACT_BODY_INVALID', field: 'body.reason' },
    ],
    // What the engine decides is not for callers to say.
    ['POST /v1/acts/adjust', { owner: 'bob', body, plan: {} }, 400, { field: 'plan' }],
    ['POST /v1/acts/adjust', { owner: 'bob', body, legs: [] }, 400, { field: 'legs' }],
    ['POST /v1/acts/nonsense', { owner: 'bob', body }, 404, { code: 'ROUTE_NOT_FOUND' }],
    [
      'POST /v1/accounts/ann/transfers/a1/reverse',
      { id: 'r1', amount: 20 },
      201,
      { remaining: 30 },
    ],
    ['POST /v1/accounts/ann/transfers/a1/reverse', { id: 'r2' }, 201, { remaining: 0 }],
    ['POST /v1/accounts/ann/transfers/a1/reverse', { id: 'r3' }, 409, { code: 'ALREADY_REVERSED' }],
  ];
  for (const [request, sent, status, expected] of rows) {
    const answer = await ask(request, sent);
    t.equal(answer.status, status, `${request} ${JSON.stringify(sent)} ${answer.text}`);
    t.match(answer.body, expected, request);
  }
  const many = await ask('POST /v1/acts/adjust', [
    { owner: 'cat', id: 'm1', body },
    { owner: 'cat', id: 'm2', body: { ...body, give: 900 } },
  ]);
  t.match(many.body, [{ status: 201 }, { code: 'CORRECTION_TOO_LARGE' }]);
  const { body: found } = await ask('GET /v1/accounts/ann/transfers/a1');
  t.match(found, { command: { act: 'adjust', body }, outcome: { act: done }, remaining: 0 });
});

t.test('a large correction: two keys, whatever they call themselves', async (t) => {
  const served = await programme(t);
  const { ask, server, folder } = served;
  const [amy, ben] = [await operator(served, ['adjust']), await operator(served, ['adjust'])];
  const shop = await caller(served, 'shop');
  const large = { correction: 'desk', give: 300, reason: 'lost', operator: 'op1', case: 'T-1' };
  const asked = (by: Headers | undefined, change: object, query = '') =>
    ask(`POST /v1/acts/adjust${query}`, { owner: 'ann', body: { ...large, ...change } }, by);
  const isFound = async (available: number) => {
    const { body } = await ask('GET /v1/accounts/ann');
    t.equal(body.accounts[0]?.available ?? 0, available);
  };
  const waits = await asked(amy, {});
  t.match(waits.body, { act: { effects: [{ type: 'awaitSecond', case: 'T-1', amount: 300 }] } });
  t.match((await asked(amy, {})).body, { code: 'APPROVAL_REQUIRED' });
  t.match((await asked(amy, { operator: 'op2' })).body, { code: 'APPROVAL_REQUIRED' });
  t.match((await asked(ben, { give: 301 })).body, { code: 'PROPOSAL_DIFFERS' });
  await isFound(0);
  // Tried, it is answered as it would be, and nothing is done.
  const tried = { act: { effects: [{ type: 'addPoints' }] } };
  t.match((await asked(undefined, {}, '?dryRun=true')).body, tried);
  await isFound(0);
  const made = await asked(ben, { operator: 'op1', reason: 'seen' });
  t.match(made.body, { act: { effects: [{ type: 'addPoints', amount: 300 }] } });
  const { why } = made.body.act;
  t.match(why, { by: /^key:/, reason: 'seen', proposed: { by: /^key:/, reason: 'lost' } });
  t.not(why.by, why.proposed.by);
  await isFound(300);
  // A platform is one, with whatever claims and however it proves itself.
  const claims = (sub: string) => token('shop', shop.secret, { iss: sub, sub });
  const [one, two] = [await claims('amy'), await claims('ben')];
  const by = (jwt: string): Headers => ({ Authorization: '', 'X-Platform-Token': jwt });
  const next = { case: 'T-2' };
  t.match((await asked(by(one), next)).body, { act: { effects: [{ type: 'awaitSecond' }] } });
  t.match((await asked(by(two), next)).body, { code: 'APPROVAL_REQUIRED' });
  const body = { owner: 'ann', body: { ...large, ...next } };
  t.match((await shop.sign('POST /v1/acts/adjust', body)).body, { code: 'APPROVAL_REQUIRED' });
  await isFound(300);
  // The administrator is one, too.
  t.equal((await asked(undefined, next)).status, 201);
  await isFound(600);
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('an offer: once a member, never more than its budget', async (t) => {
  const { ask, server, folder } = await programme(t);
  const claim = (owner: string, id: string, offer = 'spring') =>
    ask('POST /v1/acts/claim', { owner, id, body: { offer } });
  const owners = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const first = await Promise.all(owners.map((owner) => claim(owner, 'c1')));
  const posted = owners.filter((_, n) => first[n]?.status === 201);
  t.equal(posted.length, 2, 'out of 25, 10 each');
  for (const { status, body } of first)
    if (status !== 201) t.match(body, { code: 'BUDGET_EXHAUSTED' });
  const { body: budget } = await ask('GET /v1/budgets/spring/assets/gold');
  t.match(budget, { available: 5, funded: 25, paid: 20 });
  const [ann = ''] = posted;
  t.match((await claim(ann, 'c2')).body, { code: 'OFFER_CLAIMED' });
  t.match((await claim(ann, 'c3', 'rich')).body, { code: 'NOT_ELIGIBLE' });
  t.equal((await ask('POST /v1/acts/claim', { owner: 'x', body: { offer: 'none' } })).status, 404);
  // Given back whole, it is open to the member again, and the points are the budget's.
  t.equal(
    (await ask(`POST /v1/accounts/${ann}/transfers/c1/reverse`, { id: 'u1', amount: 4 })).status,
    201,
  );
  t.match((await claim(ann, 'c4')).body, { code: 'OFFER_CLAIMED' });
  t.equal((await ask(`POST /v1/accounts/${ann}/transfers/c1/reverse`, { id: 'u2' })).status, 201);
  t.match((await ask('GET /v1/budgets/spring/assets/gold')).body, { available: 15, paid: 10 });
  t.equal((await claim(ann, 'c5')).status, 201);
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('by the client, and who may', async (t) => {
  const served = await programme(t);
  const { server, key, ask } = served;
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const body = { correction: 'desk', give: 5, reason: 'r', operator: 'op' };
  const act = { type: 'act', owner: 'ann', id: 'x', act: 'adjust', body } as const;
  t.match(await client.submit(act), { ok: true, act: { effects: [{ type: 'addPoints' }] } });
  const { stream } = client;
  t.match(await stream.submitBatch([act, { ...act, id: 'y' }]), [{ replayed: true }, { ok: true }]);
  const strange = { ...act, id: 'z', act: 'nonsense' };
  t.match(await stream.submitBatch([strange]), [{ code: 'ACT_UNKNOWN' }]);
  const earner = await operator(served, ['earn']);
  const denied = await ask('POST /v1/acts/adjust', { owner: 'ann', body }, earner);
  t.match(denied.body, { code: 'OPERATION_FORBIDDEN' });
  const other = await operator(served, ['adjust'], { assets: ['tin'] });
  const strangeAsset = await ask('POST /v1/acts/adjust', { owner: 'ann', body }, other);
  t.match(strangeAsset.body, { code: 'ASSET_FORBIDDEN' });
  t.match(await ask('GET /v1/accounts/ann/transfers/x', undefined, other), { status: 403 });
});
