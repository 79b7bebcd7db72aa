// Partners outside that ask this ledger, over HTTP: answers by the contract, hostile calls, races over shards, sums whatever is asked.

import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { CHECKS, checkPartner } from '../../gateway/partners/conformance/run.js';
import { Random } from '../random.js';
import { caller, signature } from './callers.js';
import { coalition, decided, SAID } from './coalition.js';
import type { Answered } from './harness.js';
import { asked, type InboundPartner, inboundPartner, putPartner } from './inbound.js';

const IN = '/api/internal';
const ADD = `POST ${IN}/add`;
const DEDUCT = `POST ${IN}/deduct`;
const BACK = `POST ${IN}/rollback`;
const USERS = `POST ${IN}/users`;

/** A ledger of three shards that two partners may ask; one of them signs. */
async function asking(t: Test) {
  const of = await coalition(t);
  const { ask, server } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  for (const [at, document] of SAID)
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const outer = await caller(of, 'outer', { assets: ['omega'] });
  await caller(of, 'other', { assets: ['omega'] });
  const strict = await caller(of, 'strict', { assets: ['omega'], proof: 'signature' });
  const tokens = new Map<string, string>();
  for (const id of ['outer', 'other', 'strict'])
    tokens.set(id, await putPartner(ask, id, ['alpha', 'beta']));
  const address = () => server.address;
  const partner = (id: string): InboundPartner =>
    inboundPartner(address, id, tokens.get(id) as string);
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const balance = async (owner: string, asset = 'alpha'): Promise<number> => {
    const { body } = await ask(`GET /v1/accounts/${owner}?asset=${asset}`);
    return body.accounts.find((one: any) => one.asset === asset)?.available ?? 0;
  };
  const made = async (name: string): Promise<string> => {
    const { body } = await partner('outer').ask(USERS, userOf(name));
    return body.user_id;
  };
  return { ...of, outer, strict, partner, balance, made };
}

const userOf = (name: string, more: object = {}) => ({
  ...{ key: `k-${name}`, name: `${name}_from_outer`, email: `${name}@example.com` },
  ...{ source_system: 'outer', source_user_id: name, imported: true },
  ...more,
});

const short = ({ status, body }: Answered): string =>
  [status, body?.status, body?.code, body?.idempotent === true ? 'again' : undefined]
    .filter((one) => one !== undefined)
    .join(' ');

type Asking = Awaited<ReturnType<typeof asking>>;

t.test('partners ask', async (t) => {
  const of = await asking(t);
  await t.test('what is asked, and answered', (t) => answers(t, of));
  await t.test(
    'races: one id is one operation, whoever is named with it, and a rollback beside it',
    (t) => races(t, of),
  );
  await t.test('the conformance suite', (t) => conforms(t, of));
  await t.test('hostile calls', (t) => hostile(t, of));
  await of.server.close();
  t.same((await verifyFolder(of.folder)).problems, []);
});

async function answers(t: Test, of: Asking): Promise<void> {
  const { ask, partner, balance, made, server } = of;
  const outer = partner('outer');
  const first = await outer.ask(USERS, userOf('u1'));
  t.equal(first.status, 201);
  const ann = first.body.user_id;
  t.match(await outer.ask(USERS, userOf('u1')), { status: 200, body: { user_id: ann } });
  t.equal(
    short(await outer.ask(USERS, userOf('u2', { key: 'k-u1' }))),
    '409 refused IDENTITY_CONFLICT',
  );
  t.match(await outer.ask(USERS, userOf('u1', { key: 'k-9' })), {
    status: 200,
    body: { user_id: ann },
  });
  const mappings = await ask('GET /v1/platforms/outer/users/outer%2Fu1');
  t.equal(mappings.body.identity, ann);
  t.equal((await outer.ask(`GET ${IN}/users/${ann}`)).status, 200);
  t.same((await outer.ask(`GET ${IN}/users/nobody`)).body, { status: 'absent' });
  const elsewhere = userOf('u1', { key: 'k-else', source_system: 'elsewhere' });
  t.not((await outer.ask(USERS, elsewhere)).body.user_id, ann, 'another system’s');
  const bob = await made('bob');

  const began = server.engine.now();
  const added = await outer.ask(ADD, asked('t-1', ann, 500));
  const { time, ...rest } = added.body;
  t.same(rest, {
    ...{ transaction_id: 't-1', type: 'add', status: 'completed', user_id: ann, amount: 500 },
    ...{ asset: 'alpha', idempotent: false },
  });
  t.equal(new Date(time).toISOString(), time);
  t.ok(Math.abs(Date.parse(time) - began) < 60_000);
  t.same((await outer.ask(ADD, asked('t-1', ann, 500))).body, { ...added.body, idempotent: true });
  const table: readonly (readonly [string, object | undefined, string])[] = [
    [ADD, asked('t-1', bob, 500), '409 conflict OPERATION_DIFFERS'],
    [ADD, asked('t-1', ann, 501), '409 conflict OPERATION_DIFFERS'],
    [ADD, asked('t-1', ann, 500, { asset: 'beta' }), '409 conflict OPERATION_DIFFERS'],
    [DEDUCT, asked('t-1', ann, 500), '409 conflict OPERATION_DIFFERS'],
    [BACK, asked('t-1', ann, 500, { type: 'deduct' }), '409 conflict OPERATION_DIFFERS'],
    [BACK, asked('t-1', bob, 500, { type: 'add' }), '409 conflict OPERATION_DIFFERS'],
    [DEDUCT, asked('t-2', ann, 400), '200 completed'],
    [DEDUCT, asked('t-3', ann, 101), '200 refused POINTS_SHORT'],
    [DEDUCT, asked('t-3', ann, 101), '200 refused POINTS_SHORT again'],
    [BACK, asked('t-3', ann, 101, { type: 'deduct' }), '200 refused POINTS_SHORT again'],
    [ADD, asked('t-4', 'stranger', 5), '200 refused MEMBER_UNKNOWN'],
    [DEDUCT, asked('t-5', ann, 20_001), '200 refused EXCHANGE_LIMIT'],
    [ADD, asked('t-6', ann, 5, { asset: 'beta' }), '200 refused RESERVE_SHORT'],
    [ADD, asked('t-7', ann, 5, { asset: 'gold' }), '403 403 ASSET_FORBIDDEN'],
    [BACK, asked('t-1', ann, 500, { type: 'add' }), '200 completed POINTS_SHORT'],
    [BACK, asked('t-1', ann, 500, { type: 'add' }), '200 completed POINTS_SHORT again'],
    [BACK, asked('t-2', ann, 400, { type: 'deduct' }), '200 rolled_back'],
    [BACK, asked('t-2', ann, 400, { type: 'deduct' }), '200 rolled_back again'],
    [BACK, asked('t-1', ann, 500, { type: 'add' }), '200 completed POINTS_SHORT again'],
    [DEDUCT, asked('t-2', ann, 400), '200 rolled_back again'],
    [BACK, asked('t-8', ann, 5, { type: 'add' }), '200 void'],
    [BACK, asked('t-8', ann, 5, { type: 'add' }), '200 void again'],
    [ADD, asked('t-8', ann, 5), '200 void again'],
    [ADD, asked('t-8', bob, 9), '200 void again'],
    [`GET ${IN}/operations/t-8`, undefined, '200 void again'],
    [`GET ${IN}/operations/t-9`, undefined, '404 absent'],
  ];
  for (const [request, body, is] of table)
    t.equal(short(await outer.ask(request, body)), is, `${request} ${JSON.stringify(body)}`);
  t.equal(await balance(ann), 500);
  // Another partner's ids are its own, and it sees nothing of these.
  const other = partner('other');
  t.equal(short(await other.ask(`GET ${IN}/operations/t-1`)), '404 absent');
  t.equal(short(await other.ask(BACK, asked('t-1', ann, 500, { type: 'add' }))), '200 void');
  t.equal(short(await other.ask(ADD, asked('o-1', ann, 5))), '200 refused MEMBER_UNKNOWN');

  const period = `from=${new Date(began - 60_000).toISOString()}&until=${new Date(began + 60_000).toISOString()}`;
  const pages = async (by: InboundPartner, limit: number): Promise<any[]> => {
    const all: any[] = [];
    for (let next = ''; ; ) {
      const { body } = await by.ask(`GET ${IN}/operations?${period}&limit=${limit}${next}`);
      all.push(...body.operations);
      if (body.next === undefined) return all;
      next = `&cursor=${body.next}`;
    }
  };
  const listed = await pages(outer, 1_000);
  t.same(listed.map((one) => `${one.transaction_id} ${one.status}`).sort(), [
    ...['t-1 completed', 't-2 rolled_back', 't-3 refused', 't-4 refused', 't-5 refused'],
    ...['t-6 refused', 't-8 void'],
  ]);
  t.same(
    [...listed].sort((a, b) => (a.time < b.time ? -1 : 1)).map(({ time }) => time),
    listed.map(({ time }) => time),
  );
  for (const limit of [1, 2, 3, 7]) t.same(await pages(outer, limit), listed);
  t.same((await pages(other, 2)).map((one) => one.transaction_id).sort(), ['o-1', 't-1']);

  const totals = async (asset: string, at: number) =>
    (await outer.ask(`GET ${IN}/total_points?asset=${asset}&until=${new Date(at).toISOString()}`))
      .body;
  await ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'cat', asset: 'alpha', amount: 70 }],
  });
  t.same(await totals('alpha', server.engine.now() + 60_000), {
    total: 570,
    added: 500,
    deducted: 0,
  });
  t.same(await totals('alpha', began - 60_000), { total: 0, added: 0, deducted: 0 });
  const beta = [{ from: '@issue', to: 'bob', asset: 'beta', amount: 30 }];
  await ask('POST /v1/transfers', { legs: beta });
  await ask('POST /v1/reserves/b/assets/beta/fund', { amount: 100, id: 'f' });
  t.equal(short(await outer.ask(ADD, asked('t-10', ann, 40, { asset: 'beta' }))), '200 completed');
  t.same(await totals('beta', server.engine.now() + 60_000), { total: 70, added: 40, deducted: 0 });
  // It owes what it has added, and its statement says so.
  t.equal(await balance('@clearing:outer'), -500);
  t.equal(await balance('@clearing:b', 'beta'), 40);
  t.equal((await outer.ask('GET /health')).status, 200);
}

/** What partners are checked by, this ledger keeps. */
async function conforms(t: Test, { server, partner, made }: Asking): Promise<void> {
  const asks = { url: server.address, token: partner('outer').token, asset: 'alpha' };
  const user = await made('checked');
  const results = await checkPartner({ ...asks, user, limits: gatewayLimits() }, () => {});
  t.equal(results.length, CHECKS.length);
  for (const { name, isKept, detail } of results) t.ok(isKept, `${name}: ${detail ?? 'kept'}`);
}

async function hostile(t: Test, of: Asking): Promise<void> {
  const { ask, partner, server, outer: platform, strict, key, made, balance } = of;
  const outer = partner('outer');
  const ann = await made('ann');
  t.equal(short(await outer.ask(ADD, asked('good', ann, 100))), '200 completed');
  const good = asked('h-1', ann, 10);
  const token = `Bearer ${outer.token}`;
  const bodies: readonly (readonly [string, unknown, string])[] = [
    ['no body', undefined, '415 MEDIA_TYPE_UNSUPPORTED Content-Type'],
    ['no JSON', '{', '400 BODY_INVALID body'],
    ['a list', [good], '400 COMMAND_INVALID body'],
    ['a number', '7', '400 COMMAND_INVALID body'],
    ['nothing', {}, '400 ID_INVALID transaction_id'],
    ['no user', { ...good, user_id: undefined }, '400 COMMAND_INVALID user_id'],
    ['no asset', { ...good, asset: undefined }, '400 COMMAND_INVALID asset'],
    ['no amount', { ...good, amount: undefined }, '400 AMOUNT_INVALID amount'],
    ['0', { ...good, amount: 0 }, '400 AMOUNT_INVALID amount'],
    ['below 0', { ...good, amount: -1 }, '400 AMOUNT_INVALID amount'],
    ['a part', { ...good, amount: 1.5 }, '400 AMOUNT_INVALID amount'],
    [
      'beyond 2^53',
      '{"transaction_id":"h-1","user_id":"x","asset":"alpha","amount":9007199254740993}',
      '400 AMOUNT_INVALID amount',
    ],
    ['a text', { ...good, amount: '10' }, '400 AMOUNT_INVALID amount'],
    ['a system owner', { ...good, user_id: '@issue' }, '400 OWNER_INVALID user_id'],
    ['a scarce owner', { ...good, user_id: '#reserve:b' }, '400 OWNER_INVALID user_id'],
    ['dots', { ...good, user_id: '..' }, '400 OWNER_INVALID user_id'],
    ['a long user', { ...good, user_id: 'u'.repeat(65) }, '400 OWNER_INVALID user_id'],
    ['an id of dots', { ...good, transaction_id: '.' }, '400 ID_INVALID transaction_id'],
    ['a scoped id', { ...good, transaction_id: 'outer,x' }, '400 ID_INVALID transaction_id'],
    ['a long id', { ...good, transaction_id: 'i'.repeat(129) }, '400 ID_INVALID transaction_id'],
    ['an empty id', { ...good, transaction_id: '' }, '400 ID_INVALID transaction_id'],
    ['an id with a line', { ...good, transaction_id: 'a\nb' }, '400 ID_INVALID transaction_id'],
    ['a strange asset', { ...good, asset: 'A' }, '400 ASSET_INVALID asset'],
    ['a strange field', { ...good, partner: 'other' }, '400 COMMAND_INVALID partner'],
    ['__proto__', '{"__proto__":{},"transaction_id":"x"}', '400 COMMAND_INVALID __proto__'],
    ['a type of add', { ...good, type: 'deduct' }, '400 COMMAND_INVALID type'],
    ['too long', JSON.stringify({ ...good, x: 'x'.repeat(9_000_000) }), '413 BODY_TOO_LARGE body'],
  ];
  for (const [name, body, is] of bodies) {
    const { status, body: said } = await outer.ask(ADD, body);
    t.equal([status, said?.code, said?.field].filter(Boolean).join(' '), is, name);
  }
  const others: readonly (readonly [string, string, unknown, string])[] = [
    ['a rollback of no type', BACK, good, '400 COMMAND_INVALID type'],
    ['of another type', BACK, { ...good, type: 'both' }, '400 COMMAND_INVALID type'],
    [
      'a strange system',
      USERS,
      userOf('x', { source_system: 'A:b' }),
      '400 COMMAND_INVALID source_system',
    ],
    [
      'a user with a colon',
      USERS,
      userOf('x', { source_user_id: 'a:b' }),
      '400 IDENTITY_INVALID source_user_id',
    ],
    ['not imported', USERS, userOf('x', { imported: false }), '400 COMMAND_INVALID imported'],
    ['a name of lines', USERS, userOf('x', { name: 'a\nb' }), '400 COMMAND_INVALID name'],
    [
      'a strange cursor',
      `GET ${IN}/operations?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&cursor=x`,
      undefined,
      '400 QUERY_INVALID cursor',
    ],
    ['no period', `GET ${IN}/operations`, undefined, '400 QUERY_INVALID from'],
    [
      'no day',
      `GET ${IN}/operations?from=2026-02-30T00:00:00Z&until=2026-03-02T00:00:00Z`,
      undefined,
      '400 QUERY_INVALID from',
    ],
    [
      'a strange asset’s totals',
      `GET ${IN}/total_points?asset=gold&until=2026-03-02T00:00:00Z`,
      undefined,
      '403 ASSET_FORBIDDEN asset',
    ],
    [
      'all of history',
      `GET ${IN}/operations?from=1970-01-01T00:00:00Z&until=9999-01-01T00:00:00Z&limit=0`,
      undefined,
      '400 QUERY_INVALID limit',
    ],
  ];
  for (const [name, request, body, is] of others) {
    const { status, body: said } = await outer.ask(request, body);
    t.equal([status, said?.code, said?.field].filter(Boolean).join(' '), is, name);
  }
  const anywhere = async (request: string, headers: Record<string, string>, body?: unknown) => {
    const { status, body: said } = await outer.ask(request, body, {
      Authorization: '',
      ...headers,
    });
    return `${status} ${said?.code}`;
  };
  // No other credentials open these calls, and a partner's opens no others.
  const wrong: readonly Record<string, string>[] = [
    ...[{}, { Authorization: 'Bearer' }, { Authorization: 'Bearer x' }],
    ...[{ Authorization: `Basic ${outer.token}` }, { Authorization: `${token}0` }],
    ...[{ Authorization: token.slice(0, -1) }, { Authorization: token.toUpperCase() }],
    { Authorization: `Bearer ${key}` },
  ];
  for (const headers of wrong)
    for (const request of [ADD, BACK, USERS, `GET ${IN}/operations/good`, `GET ${IN}/users/${ann}`])
      t.equal(
        await anywhere(request, headers, request.startsWith('GET') ? undefined : good),
        '401 UNAUTHORIZED',
      );
  for (const request of [
    'GET /v1/accounts/ann',
    'POST /v1/transfers',
    'GET /api/points/balance?user_id=u',
    'GET /v1/platforms',
    'POST /v1/acts/partner-add',
  ])
    t.match(
      await anywhere(
        request,
        { Authorization: token },
        request.startsWith('GET') ? undefined : good,
      ),
      /^(401|404) /,
      request,
    );
  const act = { type: 'act', act: 'partner-add', owner: ann, body: {} } as const;
  t.match(await server.engine.submit(act as never), { code: 'ACT_UNKNOWN' });
  // Signed as platforms sign.
  const signed = signature('outer', platform.secret, ADD, good);
  t.equal(short(await outer.ask(ADD, good, signed)), '200 completed');
  t.equal(short(await outer.ask(ADD, good, signed)), '403 403 SIGNATURE_REPLAYED');
  t.equal(short(await outer.ask(ADD, asked('h-2', ann, 10), signed)), '403 403 SIGNATURE_INVALID');
  t.equal(
    short(await outer.ask(ADD, good, signature('strict', strict.secret, ADD, good))),
    '403 403 CREDENTIALS_CONFLICT',
  );
  t.equal(
    short(await outer.ask(ADD, good, signature('outer', strict.secret, ADD, good))),
    '403 403 SIGNATURE_INVALID',
  );
  const signer = partner('strict');
  t.equal(short(await signer.ask(ADD, good)), '401 401 SIGNATURE_MISSING');
  t.equal(
    short(await signer.ask(ADD, good, signature('strict', strict.secret, ADD, good))),
    '200 refused MEMBER_UNKNOWN',
  );
  t.equal(await balance(ann), 110);
  // Who is disabled, or has another token, asks no more.
  await ask('POST /v1/platforms/outer/disable');
  t.equal((await outer.ask(ADD, good)).status, 401);
}

async function races(t: Test, { partner, made, balance, server }: Asking): Promise<void> {
  const outer = partner('outer');
  const users = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((one) => made(`u-${one}`)));
  const shards = new Set(users.map((one) => server.engine.shardOf(one)));
  t.ok(shards.size > 1, 'of several shards');
  const before = await balance('@clearing:outer');
  const same = await Promise.all(
    Array.from({ length: 20 }, () => outer.ask(ADD, asked('same', users[0] as string, 7))),
  );
  t.same([...new Set(same.map(({ status }) => status))], [200]);
  t.equal(same.filter(({ body }) => body.idempotent === false).length, 1);
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, n) => outer.ask(ADD, asked('many', users[n % 6] as string, 7))),
  );
  t.same([...new Set(many.map(short))].sort(), [
    '200 completed',
    '200 completed again',
    '409 conflict OPERATION_DIFFERS',
  ]);
  t.equal(many.filter((one) => short(one) === '200 completed').length, 1);
  const random = new Random(7);
  const sums = new Map<string, number>();
  for (let n = 0; n < 40; n++) {
    const user = users[n % 6] as string;
    const said = asked(`race-${n}`, user, 10);
    const calls = [
      ADD,
      BACK,
      ...(random.chance(0.5) ? [ADD] : []),
      ...(random.chance(0.3) ? [BACK] : []),
    ];
    const came = await Promise.all(
      random.shuffle(calls).map(async (one) => {
        await pause(random.int(9));
        return outer.ask(one, one === BACK ? { ...said, type: 'add' } : said);
      }),
    );
    const { body } = await outer.ask(`GET ${IN}/operations/race-${n}`);
    t.ok(['void', 'rolled_back'].includes(body.status), body.status);
    for (const one of came) {
      t.equal(one.status, 200);
      if (body.status === 'void') t.equal(one.body.status, 'void');
      else t.ok(['completed', 'rolled_back'].includes(one.body.status));
    }
    sums.set(body.status, (sums.get(body.status) ?? 0) + 1);
  }
  t.equal(sums.size, 2, JSON.stringify([...sums]));
  const all = await Promise.all(users.map((one) => balance(one)));
  t.equal(
    all.reduce((sum, one) => sum + one, 0),
    14,
  );
  t.equal((await balance('@clearing:outer')) - before, -14);
}
