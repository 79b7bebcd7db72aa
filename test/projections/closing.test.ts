// A leaderboard that is over, under SIGKILL: the process is killed at random moments while the period is frozen and its prizes are paid. Afterwards
// it is frozen once, as a naive sort has it, and each prize is paid once.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import {
  type Engine,
  isRefusal,
  type LeaderboardPage,
  limits,
  rebuildProjections,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { openLater } from './kill-child.js';

const MEMBERS = 30;
const PRIZES = [
  [1, 1, 1_000],
  [2, 10, 100],
  [11, 30, 7],
] as const;
const POINTS = 1_000 + 9 * 100 + 20 * 7;
const LIVES = process.env['JIFEN_LONG'] === '1' ? 8 : 3;
const closings = campaign({ name: `closings with ${LIVES} lives`, long: 60, sample: 1 });

async function ok<T>(asked: Promise<T>): Promise<Exclude<T, { ok: false }>> {
  const found = await asked;
  if ((found as { ok?: boolean }).ok === false) throw new Error(JSON.stringify(found));
  return found as Exclude<T, { ok: false }>;
}

/** A shop whose members have earned something today. */
async function earned(engine: Engine, random: Random): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  for (let n = 0; n < 3 * MEMBERS; n++) {
    const owner = `m${random.int(MEMBERS)}`;
    const amount = 1 + random.int(6);
    const body = { programme: 'shop', type: 'CONSUME', attributes: { amount } };
    await ok(engine.submit({ type: 'act', id: `e${n}`, owner, act: 'event', body }));
    scores.set(owner, (scores.get(owner) ?? 0) + amount);
  }
  return scores;
}

/** What each is to have of the prizes: who share a rank share what its places get. */
function shares(scores: ReadonlyMap<string, number>): Map<string, number> {
  const ranked = [...scores].sort(([, a], [, b]) => b - a);
  const placed = ranked.map((_, i) => PRIZES.find(([, to]) => i < to)?.[2] ?? 0);
  return new Map(
    ranked.map(([owner, score]) => {
      const same = ranked.flatMap(([, one], i) => (one === score ? [placed[i]!] : []));
      return [owner, Math.floor(same.reduce((sum, one) => sum + one, 0) / same.length)];
    }),
  );
}

t.test('a period is frozen once, and each prize is paid once', async (t) => {
  await closings.run(async (seed) => {
    const random = new Random(seed);
    const folder = join(temporaryFolder(t), 'data');
    const before = await openLater(folder, 0);
    await ok(before.submit({ type: 'define-asset', asset: 'points', scale: 0 }));
    const board = {
      ...{ programme: 'shop', period: 'day', rules: ['shop.CONSUME'], graceMs: 60_000 },
      ...{ prizes: PRIZES, budget: '#budget:prizes' },
    };
    const legs = [{ from: '@issue', to: '#budget:prizes', asset: 'points', amount: 10_000 }];
    await ok(before.own.submit({ type: 'transfer', id: 'f', legs }));
    const amount = { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' };
    const rule = { programme: 'shop', event: 'CONSUME', points: 1, per: 1, of: 'amount' };
    for (const [kind, key, document] of [
      ['programme', 'shop', { asset: 'points', zone: 'UTC' }],
      ['event', 'shop.CONSUME', amount],
      ['rule', 'shop.CONSUME', rule],
      ['leaderboard', 'top', board],
    ] as const)
      await ok(before.submit({ type: 'put-definition', kind, key, state: 'active', document }));
    await before.close();
    // From now on definitions decide; not so late that a day ends meanwhile.
    const toMorning = limits.DAY_MS - (Date.now() % limits.DAY_MS) + 3_600_000;
    const day = await openLater(folder, toMorning);
    await sleep(1_500);
    const scores = await earned(day, random);
    const { period } = (await ok(day.leaderboard({ board: 'top' }))) as LeaderboardPage;
    await day.close();
    const over = toMorning + limits.DAY_MS;
    for (let life = 1; life < LIVES; life++) {
      const child = join(import.meta.dirname, 'kill-child.js');
      const lived = spawn(process.execPath, [child, folder, String(over)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await Promise.race([once(lived.stdout, 'data'), once(lived, 'exit')]);
      // Most of it happens when definitions are confirmed, and the board is looked at.
      await sleep(random.int(1_500));
      lived.kill('SIGKILL');
      await once(lived, 'exit');
      // As if what was projected were lost, now and then.
      if (random.chance(0.2)) await rebuildProjections(folder);
    }
    const engine = await openLater(folder, over);
    let page: LeaderboardPage | undefined;
    await until('it is paid', async () => {
      const found = await engine.leaderboard({ board: 'top', period, limit: 100 });
      page = isRefusal(found) ? undefined : found;
      return page?.state === 'paid';
    });
    const should = shares(scores);
    const all = [...should.values()].filter((one) => one > 0);
    t.match(page?.frozen, {
      winners: all.length,
      paid: all.length,
      points: all.reduce((sum, one) => sum + one, 0),
    });
    t.ok(page!.frozen!.points <= POINTS, 'no more than the places have');
    t.same(
      page?.entries.map(({ score }) => score),
      [...scores.values()].sort((a, b) => b - a),
    );
    for (const { owner = '', score } of page?.entries ?? [])
      if (score !== scores.get(owner)) t.fail(`${owner} has ${score}, not ${scores.get(owner)}`);
    const wrong = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const [owner, prize] of should) {
        const { entries } = await ok(engine.entries({ owner, asset: 'points', limit: 200 }));
        const paid = entries.filter(({ id }) => id?.startsWith('>'));
        const sum = paid.reduce((points, { delta }) => points + delta, 0);
        if (sum !== prize || paid.length > 1) found.push(`${owner}: ${sum} in ${paid.length}`);
      }
      return found;
    };
    // Each is carried out by itself, soon after it was caused.
    await until('all prizes have arrived', async () => (await wrong()).length === 0);
    await sleep(1_200);
    t.same(await wrong(), [], 'and none of them again');
    await engine.close();
    const { problems } = await verifyFolder(folder);
    t.same(problems, []);
    await rebuildProjections(folder);
    const again = await openLater(folder, over);
    await until('what was made anew is the same', async () => {
      const found = await again.leaderboard({ board: 'top', period, limit: 100 });
      return !isRefusal(found) && JSON.stringify(found.entries) === JSON.stringify(page?.entries);
    });
    await again.close();
  });
});
