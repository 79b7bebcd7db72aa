// The benches' own parts: rounds, medians, digests, the choice of users, the sums.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { checkBalances, expectPosted, Measurement } from '../../bench/drive.js';
import {
  type BenchOptions,
  type FigurePlan,
  measure,
  median,
  type Run,
} from '../../bench/harness.js';
import { HOLD_LAG, uniform, Work, zipf } from '../../bench/load.js';
import { toTable } from '../../bench/report.js';
import type { Engine } from '../../engine/index.js';

const folder = mkdtempSync(join(tmpdir(), 'jifen-bench-test-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const OPTIONS: BenchOptions = {
  seconds: 1,
  warmUpSeconds: 0,
  users: 10,
  skew: 0.99,
  runs: 3,
  smoke: true,
  folder,
  cacheMb: undefined,
  inFlight: undefined,
  growthAccounts: 10,
  growthTransfers: 20,
  profile: undefined,
  tigerbeetle: undefined,
};

function plan(name: string, run: (round: number) => Run): FigurePlan {
  return {
    name,
    unit: 'transfers/s',
    headline: true,
    ratioTo: 'ceiling',
    sameWork: 'uniform',
    run: async ({ round }) => run(round),
  };
}

t.test('B1: rounds go over all figures; medians of values and of ratios', async (t) => {
  const order: string[] = [];
  const plans = ['a', 'b'].map((name) =>
    plan(name, (round) => {
      order.push(name + round);
      const value = [300, 100, 200][round]!;
      return { value, reference: value * (round + 1), p99Ms: round, maxMs: value, digest: 'd' };
    }),
  );
  const figures = await measure({ name: 'x', figures: () => plans }, plans, OPTIONS, () => {});
  t.same(order, ['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  t.match(figures[0], {
    name: 'a',
    value: 200,
    p99Ms: 1,
    maxMs: 300,
    ratioTo: 'ceiling',
    ratio: 0.5,
    digest: 'd',
    runs: 3,
    lowest: 100,
    highest: 300,
  });
  t.match(toTable(figures), /\| a +\| +200 transfers\/s \|/);
  t.equal(median([4, 1, 3, 2]), 2.5);
});

t.test('B2: the same work must end with the same digest', async (t) => {
  const plans = [
    plan('a', () => ({ value: 1, digest: 'one' })),
    plan('b', () => ({ value: 1, digest: 'other' })),
  ];
  await t.rejects(
    measure({ name: 'x', figures: () => plans }, plans, OPTIONS, () => {}),
    /b ended with/,
  );
});

t.test('a measurement counts what is answered within its time', async (t) => {
  const measurement = new Measurement(100, 200);
  measurement.answered(1000, 40, 99);
  measurement.answered(1000, 90, 110);
  measurement.answered(10, 100, 160);
  t.notOk(measurement.over);
  measurement.answered(10, 100, 210);
  measurement.answered(1000, 200, 220);
  t.ok(measurement.over);
  const { value, p50Ms, maxMs } = measurement.result();
  t.equal(value, 200);
  t.ok(p50Ms >= 60 && p50Ms < 60.1 && maxMs >= 110 && maxMs < 110.1);
  t.throws(() => new Measurement(0, 1).result());
});

t.test('choices of users', async (t) => {
  for (const skew of [0.5, 0.99, 1.2]) {
    const users = 1000;
    const pick = zipf(users, skew, 1);
    const counts = new Array(users).fill(0);
    const draws = 200_000;
    for (let n = 0; n < draws; n++) counts[pick()]++;
    counts.sort((a, b) => b - a);
    let sum = 0;
    for (let k = 1; k <= users; k++) sum += k ** -skew;
    for (const k of [1, 2, 10]) {
      const expected = (draws * k ** -skew) / sum;
      const ratio = counts[k - 1] / expected;
      t.ok(ratio > 0.8 && ratio < 1.2, `skew ${skew}, place ${k}: ${counts[k - 1]}, ${expected}`);
    }
  }
  const [one, same] = [uniform(1000, 7), uniform(1000, 7)];
  for (let n = 0; n < 100; n++) t.equal(one(), same());
});

t.test('W2: the work adds up, and holds are finished only when they are there', async (t) => {
  const work = new Work({
    users: 50,
    pick: uniform(50, 3),
    asset: 'points',
    run: '1',
    holdShare: 0.3,
  });
  const available = new Map<string, number>();
  const holds = new Map<string, { amount: number; at: number }>();
  const add = (owner: string, points: number) =>
    available.set(owner, (available.get(owner) ?? 0) + points);
  const ids = new Set<string>();
  const counts: Record<string, number> = {};
  for (let n = -work.users; n < 60_000; n++) {
    const command = n < 0 ? work.funding(n + work.users) : work.next();
    counts[command.type] = (counts[command.type] ?? 0) + 1;
    if (command.type === 'transfer') {
      for (const leg of command.legs) {
        add(leg.from, -leg.amount);
        add(leg.to, leg.amount);
      }
    } else if (command.type === 'hold') {
      add(command.owner, -command.amount);
      holds.set(`${command.owner} ${command.id}`, { amount: command.amount, at: n });
    } else if (command.type === 'capture' || command.type === 'release') {
      const key = `${command.owner} ${command.holdId}`;
      const hold = holds.get(key)!;
      holds.delete(key);
      if (n - hold.at < HOLD_LAG) t.fail(`a hold finished after ${n - hold.at} commands`);
      add(command.type === 'capture' ? command.to : command.owner, hold.amount);
    } else t.fail(command.type);
    const id = 'id' in command ? command.id! : '';
    if (ids.has(id)) t.fail(`${id} twice`);
    ids.add(id);
  }
  t.equal(counts.hold, 18_000);
  t.ok(counts.capture! > 7000 && counts.release! > 7000, JSON.stringify(counts));
  t.equal(available.get('@issue'), -work.issued);
  t.equal(available.get('@redeem'), work.redeemed);
  for (let user = 0; user < work.users; user++) {
    t.equal(available.get(work.owner(user)), work.available[user]);
  }
  t.equal(
    [...holds.values()].reduce((sum, { amount }) => sum + amount, 0),
    work.held.reduce((sum, points) => sum + points, 0),
  );
});

t.test('a wrong balance, a refusal or a repeat fails the bench', async (t) => {
  const work = new Work({ users: 3, pick: uniform(3, 1), asset: 'points', run: '1' });
  for (let user = 0; user < 3; user++) work.funding(user);
  let wrong = 0;
  const balance = async (owner: string) => {
    const issue = { asset: 'points', available: -work.issued, held: 0 };
    if (owner === '@issue') return [issue];
    if (owner === '@redeem') return [];
    const available = work.issued / 3 - (owner === 'u2' ? wrong : 0);
    return [{ asset: 'points', available, held: 0 }];
  };
  const engine = { balance } as unknown as Engine;
  await checkBalances(engine, work);
  wrong = 1;
  await t.rejects(checkBalances(engine, work), /u2 has/);
  const posted = { ok: true, shard: 0, seq: 1, time: 0, entries: [] } as const;
  expectPosted({ ...posted, replayed: false });
  t.throws(() => expectPosted({ ...posted, replayed: true }), /repeat/);
  const refused = { status: 422, retry: false, message: '', replayed: false };
  t.throws(() => expectPosted({ ok: false, code: 'POINTS_SHORT', ...refused }), /POINTS_SHORT/);
});
