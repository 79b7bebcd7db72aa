// Leaderboards over HTTP: counted, looked at, frozen and paid; who may look, and whom they see; what is refused, and which field is named.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { limits, verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM } from './program.js';
import { readScrape } from './scrape.js';
import { type Shop, shop } from './shop.js';

const DAY_MS = limits.DAY_MS;
const PRIZES = {
  prizes: [
    [1, 1, 100],
    [2, 3, 50],
    [4, 5, 10],
  ],
  budget: '#budget:days',
};
const TOP = {
  ...{ programme: 'shop', period: 'day', graceMs: 0, ...PRIZES },
  ...{ rules: ['shop.BUY'], audience: 'member.earned < 1000' },
};

async function bought(of: Shop, owner: string, amount: number, more: object = {}): Promise<string> {
  const event = { programme: 'shop', owner, type: 'BUY', attributes: { amount }, ...more };
  const { status, body } = await of.ask('POST /v1/events', event);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

/** A board whose shown members fit, looked for until they do. */
async function shows(of: Shop, path: string, fits: (body: any) => boolean): Promise<any> {
  let body: any;
  await until(`${path} shows it`, async () => {
    ({ body } = await of.ask(`GET ${path}`));
    return fits(body);
  });
  return body;
}

const ranks = ({ entries }: any) => entries.map((one: any) => [one.rank, one.owner, one.score]);

const SEEN = { programme: 'shop', period: 'month', kinds: ['SEEN'] };
const of = await shop(t, [
  ['event/shop.BUY', { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' }],
  ['rule/shop.BUY', { programme: 'shop', event: 'BUY', points: 1, per: 1, of: 'amount' }],
  ['leaderboard/top', TOP],
  ['leaderboard/times', { programme: 'shop', period: 'month', counts: 'events', events: ['BUY'] }],
  ['leaderboard/open', SEEN],
  ['leaderboard/hidden', { ...SEEN, alias: true, size: 4 }],
]);

/** The commands of the tutorial, for this ledger. */
const tutorial = readFileSync(join(ROOT, 'ops/docs/leaderboards.md'), 'utf8');
const script = [...tutorial.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .map(([, block]) => block)
  .join('')
  .replaceAll('http://127.0.0.1:8080', of.server.address)
  .replaceAll('jifen-data', of.folder)
  .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`)
  .replace('leaderboard sprint', `leaderboard sprint --folder "${of.folder}"`);

t.test('the tutorial, as it is printed', async (t) => {
  await announceServer(of.folder, of.server.address);
  const ended = bash(script);
  await shows(of, '/v1/definitions/leaderboard/sprint', ({ key }) => key === 'sprint');
  // In steps: further than shards know of at once, they would decide nothing until they have asked.
  for (let i = 0; i < 3; i++) {
    of.later(4_000);
    await sleep(1_200);
  }
  const path = '/v1/leaderboards/sprint';
  await shows(of, path, ({ entries }) => entries?.[2]?.score === 80);
  await sleep(1_500);
  of.later(55_000);
  await of.server.engine.acceptClock();
  const { code, out, err } = await ended;
  t.equal(code, 0, err);
  const [, , page, near, member, entries, ...more] = valuesIn(out.trim());
  t.match(page, {
    entries: [
      { rank: 1, owner: 'carol', score: 90 },
      { rank: 2, owner: 'dave', score: 80 },
      { rank: 2, owner: 'erin', score: 80 },
    ],
  });
  t.match(near, { rank: 2, around: [{ alias: String }, { owner: 'erin' }] });
  t.match(member, { rank: 1, owner: 'carol' });
  t.match(entries, { entries: [{ delta: 100 }] });
  t.equal(more.length, 0);
  const paid = await shows(of, path, ({ state }) => state === 'paid');
  t.match(paid.frozen, { winners: 3, paid: 3, points: 160 });
});

t.test('a day of a leaderboard, until its prizes are paid', async (t) => {
  const { ask, server, later } = of;
  await ask('POST /v1/budgets/days/assets/points/fund', { id: 'f', amount: 1_000 });
  await bought(of, 'ann', 30);
  const first = await bought(of, 'bob', 20);
  await bought(of, 'cat', 20);
  await bought(of, 'dan', 20);
  await bought(of, 'eve', 7);
  await bought(of, 'fay', 2_000);
  const all = await shows(of, '/v1/leaderboards/top', ({ members }) => members === 6);
  t.same(ranks(all), [
    [1, 'fay', 2_000],
    [2, 'ann', 30],
    [3, 'bob', 20],
    [3, 'cat', 20],
    [3, 'dan', 20],
    [6, 'eve', 7],
  ]);
  t.match(all, { state: 'open', programme: 'shop', asset: 'points', frozen: undefined });
  t.match(all.asOf, /^0:\d+,1:\d+,2:\d+$/);
  await ask(`POST /v1/events/${first}/returns`, { owner: 'bob', amount: 15 });
  const near = '/v1/leaderboards/top/members/bob?around=1';
  const bob = await shows(of, near, ({ score }) => score === 5);
  t.match(bob, {
    rank: 6,
    around: [
      { rank: 5, owner: 'eve' },
      { rank: 6, owner: 'bob' },
    ],
  });
  const times = await shows(of, '/v1/leaderboards/times', ({ members }) => members >= 6);
  t.match(times, { counts: 'events', state: 'open' });
  t.equal(times.entries.find(({ owner }: any) => owner === 'fay').score, 1, 'once, however much');
  const period: string = all.period;
  later(DAY_MS);
  await server.engine.acceptClock();
  const path = `/v1/leaderboards/top?period=${period}`;
  const paid = await shows(of, path, ({ state }) => state === 'paid');
  // Places 1; 2; 3 and 4; 5.
  t.same(paid.frozen.points, 100 + 50 + 2 * 30 + 10);
  t.match(paid, { members: 6, frozen: { winners: 5, paid: 5 } });
  const has = async (owner: string) => ((await server.engine.balance(owner)) as any)[0].available;
  // Each prize is an act of its own, soon after it was caused.
  await until('they have them', async () => {
    const found = await Promise.all(['eve', 'ann', 'cat', 'dan', 'bob'].map(has));
    return found.join() === '17,80,50,50,5';
  });
  // Beyond the audience: nothing is paid, and the budget keeps it.
  t.equal(await has('fay'), 2_000);
  const isTold = ({ frozen }: any) => frozen.refused.length > 0;
  const refused = (await shows(of, path, isTold)).frozen.refused;
  t.same(refused, [{ rank: 1, points: 100, code: 'NOT_ELIGIBLE', owner: 'fay' }]);
  const hidden = await shows(of, `${path}&alias=true`, isTold);
  t.same(Object.keys(hidden.frozen.refused[0]).sort(), ['alias', 'code', 'points', 'rank']);
  t.equal(hidden.frozen.refused[0].alias, hidden.entries[0].alias, 'the same as on the board');
  const { body: budget } = await ask('GET /v1/budgets/days/assets/points');
  t.match(budget, { paid: 120, available: 880 });
  const { body: entries } = await ask('GET /v1/accounts/cat/entries?asset=points&limit=1');
  t.match(entries.entries[0], { delta: 30, type: 'act' });
  await bought(of, 'ann', 1_000, { time: Date.now() });
  t.equal((await shows(of, path, () => true)).entries[1].score, 30, 'what is frozen stays');
  const { text } = await ask('GET /metrics');
  t.ok((readScrape(text).get('jifen_leaderboard_periods') ?? 0) >= 1, 'it is told in metrics');
});

t.test('who sees whom', async (t) => {
  const { ask, server } = of;
  const amounts = [50, 50, 40, 30, 20];
  for (const [i, amount] of amounts.entries()) {
    const legs = [{ from: '@issue', to: `user-${i}`, asset: 'points', amount }];
    const sent = { id: `seen-${i}`, kind: 'SEEN', legs };
    t.equal((await ask('POST /v1/transfers', sent)).status, 201);
  }
  await shows(of, '/v1/leaderboards/open', ({ members }) => members === 5);
  const reader = await operator(of, ['read']);
  const asked = async (path: string) => (await ask(`GET ${path}`, undefined, reader)).body;
  const open = await asked('/v1/leaderboards/open?limit=2');
  t.same(
    open.entries.map(({ owner }: any) => owner),
    ['user-0', 'user-1'],
  );
  t.match((await asked(`/v1/leaderboards/open?limit=2&cursor=${open.cursor}`)).entries, [
    { rank: 3, owner: 'user-2' },
    { rank: 4, owner: 'user-3' },
  ]);
  for (const path of [
    '/v1/leaderboards/hidden?limit=3',
    '/v1/leaderboards/open?alias=true&limit=3',
  ]) {
    const page = await asked(path);
    t.notOk(JSON.stringify(page).includes('user-'), 'no name');
    t.notOk(Buffer.from(page.cursor, 'base64url').toString().includes('user-'), 'nor in a cursor');
    t.match(
      page.entries.map(({ rank }: any) => rank),
      [1, 1, 3],
    );
    t.equal(new Set(page.entries.map(({ alias }: any) => alias)).size, 3);
    const next = await asked(`${path}&cursor=${page.cursor}`);
    t.match(next.entries[0], { rank: 4, alias: String });
    t.equal(next.entries.length, path.includes('hidden') ? 1 : 2, 'as many as it shows');
    t.equal(next.cursor, undefined);
  }
  const own = await asked('/v1/leaderboards/hidden/members/user-2?around=1');
  t.match(own.around, [{ alias: String }, { rank: 3, owner: 'user-2' }, { alias: String }]);
  t.not(own.around[0].alias, (await asked('/v1/leaderboards/open?alias=true')).entries[1].alias);
  t.match(await asked('/v1/leaderboards/open/members/nobody'), {
    rank: null,
    score: 0,
    around: [],
  });
  const client = connect({ url: server.address, key: server.adminKey.key });
  const page = await client.leaderboard({ board: 'open', limit: 1 });
  t.match(page, { ok: true, entries: [{ owner: 'user-0' }] });
  t.match(await client.standing({ board: 'open', owner: 'user-4', around: 0 }), { rank: 5 });
  t.match(
    await client.leaderboard({ board: '..' }).catch((error) => error.refusal?.code),
    'DEFINITION_KEY_INVALID',
  );
  client.close();
});

t.test('what is refused', async (t) => {
  const { ask, server } = of;
  const blind = await operator(of, ['earn']);
  t.match(await ask('GET /v1/leaderboards/top', undefined, blind), { status: 403 });
  const path = 'GET /v1/leaderboards/top';
  for (const [request, status, expected] of [
    ['GET /v1/leaderboards/none', 404, { code: 'DEFINITION_NOT_FOUND', field: 'board' }],
    [
      'GET /v1/leaderboards/none/members/ann',
      404,
      { code: 'DEFINITION_NOT_FOUND', field: 'board' },
    ],
    [`${path}?period=2026-13`, 400, { field: 'period' }],
    [`${path}?period=2026-W01`, 400, { field: 'period' }],
    [`${path}?period=0000-00-00`, 400, { field: 'period' }],
    [`${path}?period=%00`, 400, { field: 'period' }],
    [`${path}?limit=0`, 400, { field: 'limit' }],
    [`${path}?limit=101`, 400, { field: 'limit' }],
    [`${path}?alias=yes`, 400, { field: 'alias' }],
    [`${path}?cursor=x`, 400, { field: 'cursor' }],
    [`${path}?cursor=sAAAA`, 400, { field: 'cursor' }],
    [
      `${path}?cursor=p${Buffer.from('["top","2026-11-29"]').toString('base64url')}`,
      400,
      { field: 'cursor' },
    ],
    [`${path}?around=1`, 400, { field: 'around' }],
    [`${path}/members/ann?around=51`, 400, { field: 'around' }],
    [`${path}/members/ann?around=-1`, 400, { field: 'around' }],
    [`${path}/members/@issue`, 400, { field: 'owner' }],
    [`${path}/members/%23boards`, 403, { code: 'OWNER_RESERVED', field: 'owner' }],
  ] as const) {
    const answer = await ask(request);
    t.match({ status: answer.status, ...answer.body }, { status, ...expected }, request);
  }
  const said = (document: object, key = 'other') =>
    ask(`PUT /v1/definitions/leaderboard/${key}`, { state: 'active', document });
  for (const [document, field, key] of [
    [{ ...TOP, programme: 'none' }, 'programme'],
    [{ ...TOP, period: 'year' }, 'period'],
    [{ ...TOP, from: 1 }, 'from'],
    [{ ...TOP, period: 'once' }, 'from'],
    [{ ...TOP, period: 'once', from: 5, to: 5 }, 'to'],
    [{ ...TOP, prizes: [[2, 2, 5]] }, 'prizes'],
    [
      {
        ...TOP,
        prizes: [
          [1, 2, 5],
          [4, 5, 5],
        ],
      },
      'prizes',
    ],
    [{ ...TOP, prizes: [[1, 1_001, 5]] }, 'prizes'],
    [{ ...TOP, budget: undefined }, 'budget'],
    [{ ...TOP, budget: '#item:1' }, 'budget'],
    [{ ...TOP, audience: 'member.nothing' }, 'audience'],
    [{ ...TOP, rules: ['a', 'a'] }, 'rules'],
    [{ ...TOP, kinds: ['no kind'] }, 'kinds'],
    [{ ...TOP, counts: 'likes' }, 'counts'],
    [{ ...TOP, counts: 'tasks', kinds: ['SEEN'] }, 'kinds'],
    [{ ...TOP, counts: 'events' }, 'rules'],
    [{ ...TOP, period: 'week' }, 'period', 'top'],
    [{ ...TOP, graceMs: 1 }, 'graceMs', 'top'],
    [{ ...TOP, rules: ['x'] }, 'rules', 'top'],
  ] as const) {
    const answer = await said(document, key);
    t.match(
      { status: answer.status, ...answer.body },
      { status: 400, code: 'DEFINITION_INVALID', field: `document.${field}` },
    );
  }
  t.match(await said(TOP, 'a@b'), { status: 400 }, 'a key that no owner can have');
  t.match(await said({ ...TOP, prizes: [[1, 1, 7]] }, 'top'), { status: 200 }, 'other prizes');
  // Nobody asks for what the ledger asks for itself.
  for (const act of ['freeze-board', 'pay-board', 'board-prize']) {
    const command = { type: 'act', id: act, owner: 'ann', act, body: {} } as const;
    t.match(await server.engine.submit(command), { code: 'ACT_UNKNOWN' });
    const owned = { ...command, owner: '#board:top' };
    t.match(await server.engine.submit(owned), { code: 'OWNER_RESERVED' });
  }
});

t.test('the ledger is as it should be', async (t) => {
  await of.server.close();
  const { problems } = await verifyFolder(of.folder);
  t.same(problems, []);
});
