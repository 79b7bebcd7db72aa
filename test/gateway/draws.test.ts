// A lottery outside: words, draws, the log of a member, seeds for anyone; the check on the page /draws in a real browser and by `jifen draw verify`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { sampleProgramme } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { bare } from './harness.js';
import { openPage } from './page.js';
import { run } from './program.js';
import { ServerProcess } from './server-process.js';
import { type Shop, shop } from './shop.js';

const LOTTERY = 'shop.lottery';
const PERIOD_MS = 300_000;
/** What is known of definitions is asked for anew after so long. */
const KNOWN_MS = 1_100;
const NOBODY = { Authorization: '' };

async function lottery(t: Parameters<typeof shop>[0]): Promise<Shop> {
  const served = await shop(t, [], 2, {}, { drawPeriodMs: PERIOD_MS, acceptClock: true });
  const legs = [{ from: '@issue', to: 'ann', asset: 'points', amount: 1_000 }];
  await served.ask('POST /v1/transfers', { id: 'funds', legs });
  // Seeds change at the same times for all: what is drawn below comes early in a period.
  served.later(PERIOD_MS - ((Date.now() + served.ahead()) % PERIOD_MS));
  await served.ask('POST /v1/admin/accept-clock');
  await until('a seed is in use', async () => {
    served.later(500);
    const { status, body } = await served.ask(`POST /v1/lotteries/${LOTTERY}/words`, {
      ...{ owner: 'ann', word: 'apple', id: 'word' },
    });
    if (status !== 201 && body.code !== 'LOTTERY_NOT_OPEN') throw new Error(JSON.stringify(body));
    return status === 201;
  });
  return served;
}

t.test('a lottery over HTTP', async (t) => {
  const served = await lottery(t);
  const { ask } = served;
  const drawn = await ask(`POST /v1/lotteries/${LOTTERY}/draws`, { owner: 'ann', id: 'd1' });
  t.equal(drawn.status, 201);
  t.match(drawn.body.act, { effects: [{ type: 'draw', number: 1 }], why: { word: 'apple' } });
  const soon = await ask(`POST /v1/lotteries/${LOTTERY}/draws`, { owner: 'ann', id: 'd2' });
  t.match(soon, { status: 422, body: { code: 'DRAW_TOO_SOON' } });
  const client = connect({ url: served.server.address, key: served.key });
  served.later(30_000);
  const second = await client.draw(LOTTERY, { owner: 'ann', id: 'd3' });
  t.match(second, { ok: true, act: { why: { number: 2 } } });
  t.match(await client.drawWord(LOTTERY, { owner: 'ann', word: 'pear' }), {
    code: 'DRAW_WORD_COMMITTED',
  });
  // No way in tries a draw.
  const body = { lottery: LOTTERY };
  const act = { type: 'act', act: 'draw', owner: 'ann', id: 't', body };
  const flat = { owner: 'ann', id: 't' };
  const nested = { ...flat, body };
  for (const [path, sent] of [
    [`/v1/lotteries/${LOTTERY}/draws?dryRun=true`, flat],
    ['/v1/acts/draw?dryRun=true', nested],
    ['/v1/acts/draw?dryRun=true', [nested]],
    ['/v1/acts/draw?atomic=true', [nested]],
  ] as const) {
    const { text } = await ask(`POST ${path}`, sent);
    t.match(text, /"code":"DRAW_NOT_TRIED"/, path);
    t.notMatch(text, /roll/);
  }
  for (const way of [{ dryRun: true }, { atomic: true }]) {
    const [outcome] = await client.stream.submitBatch([act as never], way as never);
    t.match(outcome, { code: 'DRAW_NOT_TRIED' });
  }
  client.close();
  const of = await ask('POST /v1/lotteries/none/draws', { owner: 'ann' });
  t.match(of, { status: 404, body: { code: 'DEFINITION_NOT_FOUND', field: 'lottery' } });

  const one = await client.drawRecord('ann', 'd1');
  t.match(one, { draw: 'd1', number: 1, word: 'apple', prizes: [{ key: 'first', weight: 1_000 }] });
  t.equal(await client.drawRecord('ann', 'funds'), undefined);
  const page = await client.draws('ann', { lottery: LOTTERY, limit: 1 });
  t.match(page.draws, [{ draw: 'd3', number: 2 }]);
  const { draws } = await client.draws('ann', { lottery: LOTTERY, cursor: page.cursor! });
  t.match(draws, [one]);
  t.match((await ask('GET /v1/members/ann/draws?lottery=none')).body, { field: 'lottery' });

  // Retired with its programme, its log can be read on, by whoever could.
  for (const of of [`lottery/${LOTTERY}`, 'programme/shop'])
    t.equal((await ask(`PUT /v1/definitions/${of}`, { state: 'retired' })).status, 200, of);
  await ask('PUT /v1/assets/tin', { scale: 0 });
  served.later(12_000);
  await ask('POST /v1/admin/accept-clock');
  await until('nothing is drawn any more', async () => {
    const { body } = await ask(`POST /v1/lotteries/${LOTTERY}/draws`, { owner: 'ann' });
    return body.code === 'DEFINITION_NOT_FOUND';
  });
  await sleep(KNOWN_MS);
  const log = `GET /v1/members/ann/draws?lottery=${LOTTERY}`;
  t.match((await ask(log)).body.draws, [{ draw: 'd3', prizes: one!.prizes }, one]);
  for (const [more, status] of [
    [{ assets: ['points'], owner: 'ann' }, 200],
    [{ assets: ['tin'] }, 403],
    [{ owner: 'bob' }, 403],
  ] as const)
    t.equal((await ask(log, undefined, await operator(served, ['read'], more))).status, status);

  const seeds = async () => (await ask('GET /v1/draws/seeds', undefined, NOBODY)).body.seeds;
  const isPublished = async (): Promise<boolean> => {
    const all = (await seeds()) as { hash: string; seed?: string }[];
    return all.some(({ hash, seed }) => hash === one!.seed.hash && seed !== undefined);
  };
  t.notOk(await isPublished());
  const cwd = temporaryFolder(t);
  const verify = async (draw: unknown, told: unknown) => {
    writeFileSync(join(cwd, 'draw.json'), JSON.stringify(draw));
    writeFileSync(join(cwd, 'seeds.json'), JSON.stringify(told));
    return run(cwd, 'draw', 'verify', '--draw', 'draw.json', '--seeds', 'seeds.json');
  };
  const early = await verify(one, { seeds: await seeds() });
  t.match(early, { code: 1, out: /WRONG Its seed is published after/ });
  await until('the seed is published', async () => {
    served.later(50_000);
    await ask('POST /v1/admin/accept-clock');
    return isPublished();
  });
  const told = { seeds: await seeds() };
  t.match(await verify(one, told), { code: 0, out: /ok +What was won is/ });
  t.match(await verify({}, told), { code: 1, err: /this is no draw: owner is missing/ });
  t.match(await verify(one, {}), { code: 1, err: /has no seeds/ });
  t.match(await run(cwd, 'draw', 'verify'), { code: 2, err: /--draw is missing/ });
  for (const [wrong, said] of [
    [{ word: 'pear' }, /WRONG Draw 1 with the word "pear"/],
    [{ number: 2 }, /WRONG Draw 2/],
    [{ prize: 'first', drawn: 'first', ...(one!.prize === 'first' && { prize: 'none' }) }, /WRONG/],
    [{ seed: { ...one!.seed, hash: '0'.repeat(64) } }, /WRONG The seed/],
    [{ at: 1 }, /WRONG The draw was in the period/],
    [{ soldOut: [one!.prize] }, /WRONG/],
  ] as const) {
    t.match(await verify({ ...one, ...wrong }, told), { code: 1, out: said });
  }

  const { page: shown, problems, hosts } = await openPage(t, `${served.server.address}/draws`);
  await shown.locator('#seeds tr').first().waitFor();
  const check = async (draw: object) => {
    await shown.fill('#draw', JSON.stringify(draw));
    await shown.click('button');
  };
  await check(one!);
  await shown.locator('#state', { hasText: 'The draw is right.' }).waitFor();
  await check({ ...one, word: 'pear' });
  await shown.locator('#state', { hasText: 'not shown to be right' }).waitFor();
  t.equal(await shown.locator('li.wrong').count(), 1);
  await check({ ...one, number: undefined });
  await shown.locator('#state', { hasText: 'number is missing' }).waitFor();
  t.same(problems, []);
  t.same([...hosts], [`127.0.0.1:${served.port}`]);
});

t.test('how long a seed decides is a setting of the program', async (t) => {
  const periodMs = 120_000;
  const args = ['--shards', '1', '--cache-mb', '64', '--draw-period-ms', `${periodMs}`];
  const server = await ServerProcess.start(t, ...args);
  const show = { Authorization: `Bearer ${server.key}` };
  const put = async (path: string, body: object): Promise<void> => {
    t.match(await bare(server.url, `PUT /v1/${path}`, body, show), { status: 200 }, path);
  };
  await put('assets/points', { scale: 0 });
  for (const { kind, key, document } of sampleProgramme('shop', 'points'))
    if (kind === 'programme' || kind === 'lottery')
      await put(`definitions/${kind}/${key}`, { state: 'active', document });
  const [seed] = await until('a seed is logged', async () => {
    const { body } = await bare(server.url, 'GET /v1/draws/seeds', undefined, {});
    return body.seeds.length > 0 && body.seeds;
  });
  t.equal(seed.to % periodMs, 0, 'a period ends with a whole one');
  t.ok(seed.to - seed.from < 2 * periodMs, `${seed.to - seed.from} ms`);
});
