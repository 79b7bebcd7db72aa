// Exchanges with partners outside, over HTTP, with sandbox partners that fail call by call: in all directions each ends as it must, and no point is made or lost.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { partnerExchangeId } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { campaign } from '../campaign.js';
import { freePort } from '../fixtures/nats-server.js';
import { Random } from '../random.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare, gateway } from './harness.js';
import { HERE, MILES, NIGHTS, outside, tell } from './outside.js';
import { bash } from './printed.js';
import { PROGRAM } from './program.js';

const AMOUNT = 10;
const START = 1_000;
const SECONDS = 20;

t.test('each fault of each step, in each direction', async (t) => {
  const of = await outside(t, { ann: START });
  const { submit, ended, has, hasAt, partners, ask } = of;
  const ways = {
    out: { from: HERE, to: MILES, toUser: 'ann-b' },
    in: { from: MILES, to: HERE, fromUser: 'ann-b' },
    through: { from: MILES, to: NIGHTS, fromUser: 'ann-b', toUser: 'ann-c' },
  } as const;
  type Way = keyof typeof ways;
  type Row = readonly [Way, 'b' | 'c', call: string, fault: string, ends?: string, steps?: string];
  const GOES_ON = ['fail', 'fail_after', 'drop', 'lose', 'stall_after', 'half', 'twice', 'repeat'];
  const MORE = ['busy', 'oversized', 'page', 'empty', 'moved', 'unauthorized'];
  const rows: Row[] = [
    ...GOES_ON.flatMap((fault): Row[] => [
      ['out', 'b', 'add', fault],
      ['in', 'b', 'deduct', fault],
      ['through', 'c', 'add', fault],
    ]),
    ...MORE.map((fault): Row => ['out', 'b', 'add', fault]),
    ['in', 'b', 'operation', 'drop'],
    ['out', 'b', 'add', 'refuse', 'failed', 'add refused, back source done'],
    ['in', 'b', 'deduct', 'refuse', 'failed', 'deduct refused'],
    [
      'through',
      'c',
      'add',
      'refuse',
      'failed',
      'deduct completed, add refused, back source rolled_back',
    ],
  ];
  let moved = { here: START, b: START, c: START };
  for (const [n, [way, platform, call, fault, ends = 'completed', steps]] of rows.entries()) {
    const name = `${way}, ${call}: ${fault}`;
    await tell(partners[platform], 'POST', 'faults', { fault, call, ms: 500 });
    const body = { owner: 'ann', amount: AMOUNT, id: `x-${n}`, ...ways[way] };
    const exchange = await submit(body);
    const told = await ended(exchange);
    t.equal(told.status, ends, `${name} ${JSON.stringify(told.history)}`);
    t.equal(told.inconsistency, undefined, name);
    if (ends === 'completed') {
      const { here, b, c } = moved;
      moved =
        way === 'out'
          ? { here: here - AMOUNT, b: b + AMOUNT, c }
          : way === 'in'
            ? { here: here + AMOUNT, b: b - AMOUNT, c }
            : { here, b: b - AMOUNT, c: c + AMOUNT };
    }
    t.equal(await has('ann'), `${moved.here} 0`, `${name}: here`);
    t.equal(hasAt('b', 'ann-b'), moved.b, `${name}: at b`);
    t.equal(hasAt('c', 'ann-c'), moved.c, `${name}: at c`);
    if (steps !== undefined) t.equal(stepsOf(told), steps, name);
    await tell(partners[platform], 'DELETE', 'faults');
    // The same again is the same.
    const again = await ask('POST /v1/partner-exchanges', body);
    t.match(again, { status: 200, body: { replayed: true } }, name);
    t.equal(again.body.act.effects[0].exchange, exchange);
  }
  const own: string[] = [];
  const page = 'GET /v1/members/ann/partner-exchanges?limit=7';
  for (let cursor = ''; ; ) {
    const { body } = await ask(`${page}${cursor}`);
    own.push(...body.exchanges.map(({ exchange }: any) => exchange));
    if (body.cursor === undefined) break;
    cursor = `&cursor=${body.cursor}`;
  }
  t.equal(new Set(own).size, rows.length, 'each is in the list of the member, once');
  t.equal(own.length, rows.length);
  t.equal(own.at(-1), partnerExchangeId('ann', 'x-0'), 'the newest first');
  t.same((await ask('GET /v1/members/bob/partner-exchanges')).body, {
    owner: 'bob',
    exchanges: [],
  });
  const listed = async (query: string) => {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const { status, body, text } = await ask(`GET /v1/partner-exchanges?${query}${cursor}`);
      t.equal(status, 200, text);
      ids.push(...body.exchanges.map(({ exchange }: any) => exchange));
      if (body.cursor === undefined) return ids;
      cursor = `&cursor=${body.cursor}`;
    }
  };
  t.same(await listed('state=ended&limit=7'), own, 'all that have ended, the newest first');
  t.equal(
    (await listed('state=failed')).length,
    rows.filter(([, , , , to]) => to === 'failed').length,
  );
  t.equal(
    (await listed('state=any&partner=c')).length,
    rows.filter(([way]) => way === 'through').length,
  );
  t.same(await listed('state=open'), []);
  t.same(await listed(''), []);
  const [last] = (await ask('GET /v1/partner-exchanges?state=ended&limit=1')).body.exchanges;
  const { history: _, step: _1, until: _2, ...same } = await of.told(own[0] as string);
  t.same(last, same, 'as it is told by its id');
  for (const query of [
    'state=none',
    'limit=3',
    'partner=b',
    'state=ended&cursor=9.',
    'state=ended&limit=0',
  ])
    t.equal((await ask(`GET /v1/partner-exchanges?${query}`)).status, 400, query);
  // What is said otherwise than it was asked is nobody's to guess: an operator looks, and says what is.
  await tell(partners.b, 'POST', 'faults', {
    fault: 'contradict',
    what: 'amount',
    call: 'add',
    times: 0,
  });
  await tell(partners.b, 'POST', 'faults', {
    fault: 'contradict',
    what: 'amount',
    call: 'operation',
    times: 0,
  });
  const exchange = await submit({ owner: 'ann', amount: AMOUNT, ...ways.out });
  const stuck = await until('it does not agree', async () => {
    const one = await of.told(exchange);
    return one.inconsistency !== undefined && one;
  });
  t.match(stuck, { status: 'retrying', step: 'add_target_credits' });
  t.equal(await has('ann'), `${moved.here - AMOUNT} ${AMOUNT}`, 'and it is held');
  const path = `POST /v1/partner-exchanges/${exchange}`;
  const verdict = { step: 'add_target_credits', verdict: 'done', reason: 'seen at the partner' };
  for (const [body, status, match] of [
    [{ ...verdict, step: 'deduct_source_credits' }, 409, { code: 'EXCHANGE_STEP_PAST' }],
    [{ ...verdict, reason: '' }, 400, { field: 'reason' }],
    [{ ...verdict, verdict: 'maybe' }, 400, { field: 'verdict' }],
    [verdict, 200, {}],
  ] as const) {
    const answer = await ask(`${path}/verdict`, body);
    t.equal(answer.status, status, answer.text);
    t.match(answer.body, match);
  }
  await tell(partners.b, 'DELETE', 'faults');
  t.match(await ended(exchange), { status: 'completed' });
  t.equal(await has('ann'), `${moved.here - AMOUNT} 0`);
});

/** Asks with another key. */
const as =
  ({ server }: { readonly server: { readonly address: string } }, key: string) =>
  (request: string, body?: unknown) =>
    bare(server.address, request, body, { Authorization: `Bearer ${key}` });

const WORDS = {
  deduct_source_credits: 'deduct',
  add_target_credits: 'add',
  confirm_source_deduction: 'confirm',
  rollback_target_addition: 'back target',
  rollback_source_freeze: 'back source',
} as const;
const stepsOf = ({ history }: any): string =>
  history
    .filter(({ answer }: any) => answer !== 'held')
    .map(({ step, answer }: any) => `${WORDS[step as keyof typeof WORDS]} ${answer}`)
    .join(', ');

t.test('in time or back; two persons; cancelled; made known; whose it is', async (t) => {
  const of = await outside(t, { ann: START, bob: START }, { [HERE]: { approvalAbove: 500 } });
  const { submit, ended, has, hasAt, partners, ask, later, told } = of;
  const out = { owner: 'ann', from: HERE, to: MILES, amount: AMOUNT, toUser: 'ann-b' };
  // The partner does not answer, and has done it all the same: it is undone there, then here.
  await tell(partners.b, 'POST', 'faults', { fault: 'lose', call: 'add', times: 0 });
  const failsFor = (id: string) => {
    const transaction_id = `${partnerExchangeId('ann', id)}_add`;
    const rule = { fault: 'fail', call: 'operation', times: 0, transaction_id };
    return tell(partners.b, 'POST', 'faults', rule);
  };
  await failsFor('late');
  const late = await submit({ ...out, id: 'late', seconds: SECONDS });
  await until('it is asked again', async () => (await told(late)).status === 'retrying');
  t.equal(hasAt('b', 'ann-b'), START + AMOUNT);
  for (let passed = 0; passed < SECONDS; passed += 4) {
    later(4_000);
    await pause(200);
  }
  t.equal(stepsOf(await ended(late)), 'add unknown, back target rolled_back, back source done');
  t.equal(hasAt('b', 'ann-b'), START);
  // It never came there: what comes later finds that it was rolled back.
  await tell(partners.b, 'DELETE', 'faults');
  await tell(partners.b, 'POST', 'faults', { fault: 'delay', call: 'add', ms: 60_000 });
  await failsFor('tomb');
  const tomb = await submit({ ...out, id: 'tomb', seconds: SECONDS });
  await until('it is asked again', async () => (await told(tomb)).status === 'retrying');
  t.match(await ask(`POST /v1/partner-exchanges/${tomb}/cancel`, { owner: 'bob' }), {
    ...{ status: 404, body: { code: 'EXCHANGE_NOT_FOUND' } },
  });
  t.match(await ask(`POST /v1/partner-exchanges/${tomb}/cancel`, { owner: 'ann' }), {
    status: 200,
  });
  t.match(await ended(tomb), { status: 'failed', reason: 'CANCELLED' });
  await tell(partners.b, 'POST', 'arrive', {});
  await tell(partners.b, 'DELETE', 'faults');
  t.equal(hasAt('b', 'ann-b'), START, 'a tombstone');
  t.equal(await has('ann'), `${START} 0`);
  t.match(await ask(`POST /v1/partner-exchanges/${tomb}/cancel`, { owner: 'ann' }), {
    ...{ status: 409, body: { code: 'EXCHANGE_STATE_INVALID' } },
  });

  // An operator says that it was not done, and it is on its way still.
  await tell(partners.b, 'POST', 'faults', { fault: 'delay', call: 'add', ms: 60_000 });
  await failsFor('said');
  const said = await submit({ ...out, id: 'said' });
  await until('it is asked again', async () => (await told(said)).status === 'retrying');
  const verdict = { step: 'add_target_credits', verdict: 'not_done', reason: 'not seen there' };
  t.match(await ask(`POST /v1/partner-exchanges/${said}/verdict`, verdict), { status: 200 });
  t.match(await ended(said), { status: 'failed', reason: 'VERDICT' });
  await tell(partners.b, 'POST', 'arrive', {});
  await tell(partners.b, 'DELETE', 'faults');
  t.equal(hasAt('b', 'ann-b'), START, 'what comes late finds a tombstone');
  t.equal(await has('ann'), `${START} 0`);

  // Another person agrees, or not.
  const asOther = async (body: object, exchange: string) => {
    const { body: key } = await ask('POST /v1/keys', {
      name: 'other',
      operations: ['adjust', 'read'],
    });
    return as(of, key.key)(`POST /v1/partner-exchanges/${exchange}/approve`, {
      owner: 'ann',
      ...body,
    });
  };
  const [yes, no] = [
    await submit({ ...out, amount: 501 }),
    await submit({ ...out, amount: 499 + 2, owner: 'bob', toUser: 'bob-b' }),
  ];
  t.match(await told(yes), { status: 'pending_approval' });
  t.equal(await has('ann'), `${START - 501} 501`, 'held meanwhile');
  t.match(await ask(`POST /v1/partner-exchanges/${yes}/approve`, { owner: 'ann' }), {
    ...{ status: 403, body: { code: 'APPROVAL_REQUIRED' } },
  });
  t.match(await asOther({}, yes), { status: 200 });
  t.match(await ended(yes), { status: 'completed' });
  t.match(await ask(`POST /v1/partner-exchanges/${no}/approve`, { owner: 'bob', rejects: true }), {
    status: 200,
  });
  t.match(await ended(no), { status: 'failed', reason: 'REJECTED' });
  t.equal(await has('bob'), `${START} 0`);

  // Whom the partner does not know, it makes; once.
  await tell(partners.b, 'POST', 'faults', { fault: 'lose', call: 'create_user', times: 2 });
  await ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'new', asset: HERE, amount: START }],
  });
  const makes = [1, 2, 3].map((n) => ({ owner: 'new', from: HERE, to: MILES, amount: n }));
  for (const exchange of await Promise.all(makes.map(submit)))
    t.match(await ended(exchange), { status: 'completed' });
  const { users } = partners.b.partner.core.state();
  t.equal(Object.keys(users).length, 3, 'ann, bob, and the new one');
  const [made = ''] = Object.keys(users).filter((user) => !/^(ann|bob)-b$/.test(user));
  t.equal(users[made]?.[MILES], 6);
  t.match((await ask(`GET /v1/platforms/b/users/${encodeURIComponent(made)}`)).body, {
    identity: 'new',
  });

  // Many at once, of which some are wrong; who may see which.
  const many = [
    [{ ...out, id: 'm-1' }, undefined],
    [{ ...out, id: 'm-2', toUser: 'bob-b' }, 'MEMBER_UNKNOWN'],
    [{ ...out, id: 'm-3', to: 'tin' }, 'EXCHANGE_UNSUPPORTED'],
    [{ ...out, id: 'm-4', from: MILES, to: NIGHTS }, 'MEMBER_UNKNOWN'],
    [
      { ...out, id: 'm-5', from: MILES, to: NIGHTS, fromUser: 'bob-b', toUser: 'ann-c' },
      'MEMBER_UNKNOWN',
    ],
    [{ ...out, id: 'm-6', amount: 0 }, 'AMOUNT_INVALID'],
  ] as const;
  const bodies = many.map(([body]) => body);
  const codes = await until('no other one of the member is under way', async () => {
    const { body } = await ask('POST /v1/partner-exchanges', bodies);
    const all = body.map(({ code }: any) => code);
    return !all.includes('ACCOUNT_BUSY') && all;
  });
  t.same(
    codes,
    many.map(([, code]) => code),
  );
  const own = (await ask('POST /v1/keys', { name: 'ann', operations: ['read'], owner: 'ann' })).body
    .key;
  const strange = (await ask('POST /v1/keys', { name: 'bob', operations: ['read'], owner: 'bob' }))
    .body.key;
  t.match(await as(of, own)(`GET /v1/partner-exchanges/${yes}`), { status: 200 });
  t.match(await as(of, strange)(`GET /v1/partner-exchanges/${yes}`), { status: 404 });
  t.match(await ask('GET /v1/partner-exchanges/px_nothing'), { status: 404 });
  t.match(await ask('GET /v1/partner-exchanges/..'), { status: 404 });
  const held = await ask('GET /v1/accounts/ann');
  t.equal(held.status, 200);
  await until(
    'all have ended',
    async () => (await ask('GET /v1/partner-exchanges')).body.exchanges.length === 0,
  );
});

const storms = campaign({ name: 'partners that fail by chance', long: 100, sample: 1 });

t.test('whatever befalls the partners, all agree in the end', async (t) => {
  const OWNERS = ['ann', 'bob', 'cat', 'dan'];
  const of = await outside(t, Object.fromEntries(OWNERS.map((owner) => [owner, START])));
  for (const seed of storms.seeds) {
    const random = new Random(seed);
    for (const one of Object.values(of.partners)) one.faults.draw(seed, 40, 100);
    const bodies = Array.from({ length: 24 }, () => {
      const [owner, amount] = [random.pick(OWNERS), 1 + random.int(30)];
      const [from, to] = random.pick([
        [HERE, MILES],
        [MILES, HERE],
        [NIGHTS, HERE],
        [MILES, NIGHTS],
      ] as const);
      const user = { [MILES]: `${owner}-b`, [NIGHTS]: `${owner}-c` } as Record<string, string>;
      return { owner, amount, from, to, fromUser: user[from], toUser: user[to], seconds: 3_600 };
    });
    const all = await Promise.all(bodies.map(of.submit));
    for (const exchange of random.shuffle([...all]).slice(0, 6))
      await of.ask(`POST /v1/partner-exchanges/${exchange}/cancel`, {
        owner: (await of.told(exchange)).owner,
      });
    for (const one of Object.values(of.partners)) one.faults.clear();
    const ends = await Promise.all(all.map(of.ended));
    t.same(
      ends.filter(({ inconsistency }) => inconsistency !== undefined),
      [],
      storms.repeat(seed),
    );
  }
  let sum = 0;
  for (const owner of OWNERS) {
    const [available = 0, held] = (await of.has(owner)).split(' ').map(Number);
    t.equal(held, 0, 'nothing is held');
    sum += available + of.hasAt('b', `${owner}-b`) + of.hasAt('c', `${owner}-c`);
  }
  t.equal(sum, OWNERS.length * START * 3, 'no point is made or lost');
});

const page = readFileSync(join(ROOT, 'ops/docs/partner-exchanges.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
const hasCurl = spawnSync('curl', ['--version']).error === undefined;

t.test('the tutorial, as it is printed', { skip: hasCurl ? false : 'no curl here' }, async (t) => {
  const server = await gateway(t, { webhookHosts: ['127.0.0.1'] });
  await announceServer(server.folder, server.server.address);
  const jifen = `"${process.execPath}" "${PROGRAM}"`;
  const [start, ...rest] = blocks;
  t.match(start, /jifen start --webhook-hosts 127\.0\.0\.1/);
  const script = rest
    .join('')
    .replaceAll('http://127.0.0.1:8080', server.server.address)
    .replaceAll('8090', `${await freePort()}`)
    .replaceAll('partner-data', join(temporaryFolder(t), 'partner-data'))
    .replaceAll('jifen-data', server.folder)
    .replaceAll('npx jifen sandbox-partner', `${jifen} sandbox-partner`)
    .replace(
      /npx jifen ((?:reconcile|user)|[\w-]+ \w+)/g,
      `${jifen} $1 --folder "${server.folder}"`,
    );
  const { code, out, err } = await bash(`trap 'kill $(jobs -p) || true' EXIT\n${script}`);
  t.equal(code, 0, err);
  const wanted = [
    ...[/"status":"completed".*"amount":200.*"result":100/, /"replayed": true/, /"miles":100/],
    /"status":"completed".*"amount":30.*"result":60/,
    /"status":"failed".*"amount":10.*"reason":"CANCELLED"/,
    ...[/"status":"pending_approval"/, /"status":"started"/, /"status":"completed".*"amount":600/],
    ...[/"mismatches": 0/, /"state": "agree"/, /"inconsistencies": \[\]/],
  ];
  let left = out;
  for (const one of wanted) {
    const found = one.exec(left);
    t.ok(found, String(one)) || t.comment(left.slice(0, 2_000));
    if (found !== null) left = left.slice(found.index + found[0].length);
  }
  t.match(err, /APPROVAL_REQUIRED/);
});
