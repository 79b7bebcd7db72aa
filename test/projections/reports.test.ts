// Every report over a drawn year (late events, returns, reversals in parts, expiry, holds, orders, what is brought in) says what the ledger's own histories
// and feed come to, one entry after the other.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { gatewayLimits } from '../../gateway/limits.js';
import { Projections } from '../../gateway/projections/projections.js';
import { Reporting } from '../../gateway/projections/reports/reporting.js';
import { isRefusal } from '../../gateway/refusal.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bucket, type Done, dayAt, dayNumber, order, Rows, share, Told } from './naive-reports.js';
import { Year } from './year.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ASSETS = ['gold', 'points'];

type Ask = (name: string, said?: Record<string, string>) => Promise<any[][]>;

/** What is compared: the ledger's own words, and a way to ask. */
class Case {
  readonly told: Told;
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly #ask: Ask;

  constructor(told: Told, zone: string, ask: Ask) {
    this.told = told;
    this.zone = zone;
    this.from = Math.min(...told.entries.map(({ effective }) => effective)) - DAY_MS;
    this.to = told.year.now + 1;
    this.#ask = ask;
  }

  ask(name: string, said: Record<string, string | number> = {}): Promise<any[][]> {
    const texts = Object.entries(said).map(([key, value]) => [key, String(value)]);
    return this.#ask(name, { zone: this.zone, ...Object.fromEntries(texts) });
  }

  get span(): { from: number; to: number } {
    return { from: this.from, to: this.to };
  }

  day(time: number, interval = 'day'): string {
    return bucket(interval, dayAt(this.zone, time));
  }

  /** The tier that a member had at a time. */
  tier(owner: string, time: number): string | null {
    let tier: string | null = null;
    for (const { owner: of, effects } of this.told.done)
      for (const effect of effects)
        if (of === owner && effect['type'] === 'tierChanged' && effect['at'] <= time)
          tier = effect['to'];
    return tier;
  }

  // --- what reports should say ------------------------------------------------------------------------------------

  daily(interval: string, by: 'effective' | 'time', group: (one: any) => string | null): any[][] {
    const rows = new Rows(4, 1);
    for (const one of this.told.entries) {
      const { asset, earned, spent, expired, acted, owner } = one;
      if (one[by] < this.from) continue;
      rows.add(
        [this.day(one[by], interval), asset, group(one)],
        [earned, spent, 0, expired],
        [acted && owner],
      );
    }
    // What @redeem got: of whom, its own entries do not say.
    if (group({ owner: '', effective: 0 }) === null)
      for (const one of this.told.redeemed.filter(({ asset }) => ASSETS.includes(asset)))
        rows.add([this.day(one[by], interval), one.asset, null], [0, 0, one.delta, 0]);
    return rows.told();
  }

  liability(at: number): any[][] {
    const rows = new Rows(1, 0);
    for (const { owner, asset, effective, slices, delta, heldDelta } of this.told.entries) {
      if (effective > at) continue;
      const tier = asset === 'points' ? (this.tier(owner, at) ?? '') : '';
      const sum = (of: 'available' | 'held'): number =>
        slices.reduce((all, one) => all + one[of], 0);
      // What is owed is in no lot.
      const available = delta - heldDelta - sum('available');
      const rest = { expiresAt: null, available, held: heldDelta - sum('held') };
      for (const { expiresAt, available, held } of [...slices, rest]) {
        const month = expiresAt === null ? null : this.day(expiresAt - 1, 'month');
        const isOver = expiresAt !== null && expiresAt <= at;
        rows.add([asset, month, tier], [isOver ? held : available + held]);
      }
    }
    return rows
      .told()
      .filter(([, , , points]) => points !== 0)
      .map(([asset, month, tier, points]) => [asset, tier, month, points]);
  }

  shares(within: number): any[][] {
    const seen = new Map<string, number>();
    const first = (owner: string, time: number): void => {
      seen.set(owner, Math.min(seen.get(owner) ?? time, time));
    };
    for (const { owner, effective } of this.told.entries) first(owner, effective);
    for (const { owner, at } of this.told.done) first(owner, at);
    const rows = new Rows(2, 3);
    const fresh = new Rows(0, 1);
    for (const [owner, time] of seen) fresh.add([this.day(time, 'month')], [], [owner]);
    for (const one of this.told.entries) {
      const { owner, asset, effective, earned, expired, type } = one;
      const isEarned = earned > 0 && type !== 'reverse';
      const since = seen.get(owner) as number;
      if (isEarned && effective < since + within * DAY_MS)
        rows.add([this.day(since, 'month'), asset], [0, 0], [owner]);
      rows.add(
        [this.day(effective, 'month'), asset],
        [earned, expired],
        [false, isEarned && owner],
      );
    }
    const earners = new Map(rows.told().map((row) => [`${row[0]} ${row[1]}`, row]));
    const assets = [...new Set(this.told.entries.map(({ asset }) => asset))].sort();
    const months = new Set([...fresh.told(), ...rows.told()].map(([month]) => month));
    const news = new Map(fresh.told().map(([month, count]) => [month, count]));
    return [...months].sort().flatMap((month) =>
      assets.map((asset) => {
        const [, , earned, expired, newEarners, all] = earners.get(`${month} ${asset}`) ?? [
          0, 0, 0, 0, 0, 0,
        ];
        const count = news.get(month) ?? 0;
        return [
          month,
          asset,
          count,
          newEarners,
          share(newEarners, count),
          all,
          earned,
          expired,
          share(expired, earned),
        ];
      }),
    );
  }

  /** The first entry of each member. */
  firsts(asset?: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const { owner, effective, asset: of } of this.told.entries)
      if (asset === undefined || of === asset)
        found.set(owner, Math.min(found.get(owner) ?? effective, effective));
    return found;
  }

  retention(interval: string, within: number): any[][] {
    const rows = new Rows(5, 0);
    const today = dayNumber(this.day(this.to - 1));
    for (const [owner, time] of this.firsts()) {
      const first = dayNumber(this.day(time));
      const acted = this.told.entries.filter((one) => one.owner === owner && one.acted);
      const days = acted.map((one) => dayNumber(this.day(one.effective)) - first);
      const of = (n: number): [number, number] => {
        const isOver = first + n + within <= today;
        const isBack = days.some((day) => day >= n && day < n + within);
        return [isOver ? 1 : 0, isOver && isBack ? 1 : 0];
      };
      rows.add([this.day(time, interval)], [1, ...of(30), ...of(90)]);
    }
    return rows
      .told()
      .map(([cohort, members, e30, r30, e90, r90]) => [
        cohort,
        members,
        e30,
        r30,
        share(r30, e30),
        e90,
        r90,
        share(r90, e90),
      ]);
  }

  cohorts(asset: string): any[][] {
    const month = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
    const firsts = this.firsts(asset);
    const sizes = new Map<string, number>();
    for (const time of firsts.values()) {
      const cohort = this.day(time, 'month');
      sizes.set(cohort, (sizes.get(cohort) ?? 0) + 1);
    }
    const rows = new Rows(1, 1);
    for (const { owner, asset: of, effective, earned, acted } of this.told.entries) {
      if (of !== asset) continue;
      const cohort = this.day(firsts.get(owner) as number, 'month');
      const later = month(this.day(effective, 'month')) - month(cohort);
      rows.add([cohort, later], [earned], [acted && owner]);
    }
    return rows.told().map(([cohort, later, earned, active]) => {
      const size = sizes.get(cohort) as number;
      return [cohort, size, later, active, share(active, size), earned];
    });
  }

  funnel(within: number): any[][] {
    const earns = this.told.entries.filter(({ earned, type }) => earned > 0 && type !== 'reverse');
    const orders = this.told.done.flatMap(({ owner, effects, time }) =>
      effects.filter(({ type }) => type === 'orderCreated').map(() => ({ owner, t: time })),
    );
    const events = this.told.done.filter(
      ({ act, body }) => act === 'event' && body['type'] === 'CONSUME',
    );
    const steps = [
      [...this.firsts()].map(([owner, t]) => ({ owner, t })),
      events.map(({ owner, at }) => ({ owner, t: at })),
      earns.map(({ owner, effective }) => ({ owner, t: effective })),
      earns.map(({ owner, effective }) => ({ owner, t: effective })),
      orders,
    ];
    let before = new Map<string, readonly [first: number, last: number]>();
    const told: any[][] = [];
    for (const [n, step] of steps.entries()) {
      const now = new Map<string, readonly [number, number]>();
      for (const { owner, t } of step) {
        const [first, last] =
          n === 0 ? [t, t] : (before.get(owner) ?? [0, Number.POSITIVE_INFINITY]);
        const isLater = n === 3 ? t > last : t >= last;
        if (!isLater || t >= first + within * DAY_MS) continue;
        const known = now.get(owner);
        if (known === undefined || t < known[1]) now.set(owner, [n === 0 ? t : first, t]);
      }
      const took = [...now.values()].reduce((sum, [first, last]) => sum + last - first, 0);
      const { size } = now;
      told.push([
        n + 1,
        size,
        n === 0 ? 1 : share(size, told[n - 1]?.[1]),
        n === 0 ? 1 : share(size, told[0]?.[1]),
        size === 0 ? null : Math.floor(took / (size * HOUR_MS)),
      ]);
      before = now;
    }
    return told;
  }

  breakage(at: number): any[][] {
    const number = (day: string): number =>
      Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
    const now = number(this.day(at, 'month'));
    const lots = this.told.entries.flatMap(({ asset, effective, type, slices }) =>
      slices.flatMap(({ expiresAt, available, held }) =>
        expiresAt === null || effective > at
          ? []
          : [
              {
                asset,
                month: number(this.day(effective, 'month')),
                expires: number(this.day(expiresAt - 1, 'month')),
                expired: type === 'expire',
                points: available + held,
              },
            ],
      ),
    );
    const text = (month: number): string =>
      `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
    const rows: any[][] = [];
    for (const asset of ASSETS) {
      const own = lots.filter((one) => one.asset === asset);
      const there = (month: number, ahead: number): number =>
        own
          .filter((one) => one.expires === month && one.month < month - ahead)
          .reduce((sum, { points }) => sum + points, 0);
      const gone = (month: number): number =>
        -own
          .filter((one) => one.expires === month && one.expired)
          .reduce((sum, { points }) => sum + points, 0);
      const months = [...new Set(own.map(({ expires }) => expires))].sort((a, b) => a - b);
      const rate = (begun: number, ahead: number): [number, number] | undefined => {
        const over = months.filter(
          (month) => month < begun && month < now && there(month, ahead) > 0,
        );
        if (over.length === 0) return undefined;
        return [
          over.reduce((sum, month) => sum + there(month, ahead), 0),
          over.reduce((sum, month) => sum + gone(month), 0),
        ];
      };
      const row = (
        kind: string,
        month: number,
        ahead: number,
        points: number,
        of: [number, number] | undefined,
        actual: number | null,
      ): void => {
        const forecast =
          of === undefined ? null : Number((BigInt(points) * BigInt(of[1])) / BigInt(of[0]));
        const error =
          forecast === null || actual === null ? null : share(forecast - actual, actual);
        rows.push([
          asset,
          kind,
          text(month),
          ahead,
          points,
          of === undefined ? null : share(of[1], of[0]),
          forecast,
          actual,
          error,
        ]);
      };
      for (const month of months)
        for (const ahead of [0, 1, 3, 6])
          if (month < now && month >= now - 12 && there(month, ahead) > 0)
            row('past', month, ahead, there(month, ahead), rate(month - ahead, ahead), gone(month));
      for (const month of months) {
        const points = own
          .filter((one) => one.expires === month)
          .reduce((sum, one) => sum + one.points, 0);
        if (month < now || points <= 0) continue;
        let of: [number, number] | undefined;
        for (let ahead = month - now; ahead >= 0 && of === undefined; ahead--)
          of = rate(now, ahead);
        row('forecast', month, month - now, points, of, null);
      }
    }
    return rows.sort((a, b) => order([a[0], a[2], a[3]], [b[0], b[2], b[3]]));
  }

  /** What is left of what rules and tasks have paid, by \`source\` and key; of which events. */
  async paid(isOf: (event: Done) => boolean = () => true): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const event of this.told.done) {
      const earned = event.effects.filter(({ type }) => type === 'earn');
      if (event.act !== 'event' || earned.length === 0 || !isOf(event)) continue;
      const left = await this.told.left(event.owner, event.id);
      for (const [leg, { rule, task }] of earned.entries()) {
        const name = rule === undefined ? `task ${task}` : `rule ${rule}`;
        found.set(name, (found.get(name) ?? 0) + (left[leg] as number));
      }
    }
    return found;
  }
}

// --- comparisons ------------------------------------------------------------------------------------------------

async function agree(t: Test, seed: number): Promise<void> {
  const random = new Random(seed);
  const folder = join(temporaryFolder(t), 'data');
  const year = await Year.open(folder, random);
  const limits = gatewayLimits();
  const defects: unknown[] = [];
  const source = new Projections({ folder, limits, onDefect: (error) => defects.push(error) });
  try {
    await year.run(320);
    const reporting = new Reporting({
      engine: year.engine,
      source,
      limits,
      folder: join(folder, 'files'),
    });
    const said = { programme: 'shop', limit: '90000' };
    const ask: Ask = async (name, given = {}) => {
      const known = new Set(
        reporting
          .list()
          .find((one) => one.name === name)
          ?.parameters.map((one) => one.name),
      );
      const usual = Object.entries(said).filter(
        ([key]) => known.has(key as 'limit') && key === 'limit',
      );
      const told = await until(`${name} is answered`, async () => {
        const answer = await reporting.told(name, { ...Object.fromEntries(usual), ...given });
        if (!isRefusal(answer)) return answer;
        if (!answer.retry) throw new Error(`${name}: ${JSON.stringify(answer)}`);
        return false;
      });
      if (told.isCut) throw new Error(`${name} is cut`);
      t.match(told.asOf, /^0:\d+,1:\d+$/);
      return told.rows as any[][];
    };
    const told = await Told.of(year);
    const of = new Case(
      told,
      random.pick(['Europe/Berlin', 'Asia/Shanghai', 'America/St_Johns']),
      ask,
    );
    t.comment(
      `seed ${seed}: ${told.entries.length} entries, ${told.done.length} acts, in ${of.zone}`,
    );
    await sums(t, of);
    await moments(t, of);
    await members(t, of);
    await taken(t, of);
    t.strictSame(defects, []);
  } finally {
    await source.close();
    await year.close();
  }
}

/** Points by day, split by whatever. */
async function sums(t: Test, of: Case): Promise<void> {
  const nothing = (): null => null;
  for (const interval of ['day', 'week', 'month'])
    for (const [by, name] of [
      ['effective', 'effective'],
      ['time', 'booked'],
    ] as const) {
      const rows = await of.ask('daily', { ...of.span, interval, by: name });
      t.strictSame(rows, of.daily(interval, by, nothing), `points by ${interval}, ${name}`);
    }
  const whole = await of.ask('daily', { ...of.span, interval: 'month' });
  const added = (rows: readonly any[][]): any[][] => {
    const sums = new Rows(4, 0);
    for (const [day, asset, , ...more] of rows) sums.add([day, asset], more.slice(0, 4));
    return sums.told();
  };
  for (const group of ['platform', 'kind', 'rule', 'tier']) {
    const rows = await of.ask('daily', { ...of.span, interval: 'month', group });
    t.strictSame(added(rows), added(whole), `nothing is lost by ${group}`);
    t.ok(new Set(rows.map(([, , name]) => name)).size > 2, `there are several by ${group}`);
  }
  const platforms = await of.ask('daily', { ...of.span, interval: 'month', group: 'platform' });
  const platform = ({ id = '' }: { id?: string }): string => /^([a-z]+),/.exec(id)?.[1] ?? '';
  const unredeemed = (rows: readonly any[][]): any[][] =>
    rows.map(([a, b, c, d, e, , g, h]) => [a, b, c, d, e, g, h]);
  t.strictSame(
    unredeemed(platforms),
    unredeemed(of.daily('month', 'effective', platform)),
    'by platform',
  );
  const tiers = await of.ask('daily', {
    ...of.span,
    interval: 'month',
    group: 'tier',
    asset: 'points',
  });
  const tier = ({ owner, effective }: { owner: string; effective: number }): string =>
    of.tier(owner, effective) ?? '';
  const points = of.daily('month', 'effective', tier).filter(([, asset]) => asset === 'points');
  t.strictSame(unredeemed(tiers), unredeemed(points), 'by tier');
}

/** What is owed at times, and what of it will not be asked for. */
async function moments(t: Test, of: Case): Promise<void> {
  const { engine, members, times } = of.told.year;
  const now = of.told.year.now;
  for (const at of [times[20], times[45], times.at(-1), now] as number[]) {
    const rows = await of.ask('liability', { at });
    t.strictSame(rows, of.liability(at), `liability at ${at}`);
    for (const asset of ASSETS) {
      const all = await Promise.all(members.map((owner) => engine.balanceAt(owner, asset, at)));
      const total = all.reduce((sum, one) => sum + ('total' in one ? one.total : Number.NaN), 0);
      const own = rows
        .filter(([name]) => name === asset)
        .reduce((sum, [, , , points]) => sum + points, 0);
      t.equal(own, total, `${asset} at ${at}: the sum of all balances`);
    }
  }
  for (const at of [times[45] as number, now])
    t.strictSame(await of.ask('breakage', { at }), of.breakage(at), `breakage at ${at}`);
}

/** Who came, came back, went on. */
async function members(t: Test, of: Case): Promise<void> {
  const shares = await of.ask('shares', { ...of.span, interval: 'month', within: 20 });
  t.strictSame(
    shares.map(([a, b, c, d, e, f, , , ...more]) => [a, b, c, d, e, f, ...more]),
    of.shares(20),
    'shares',
  );
  t.ok(
    shares.every(
      ([, , , , , earners, redeemers, ratio]) =>
        redeemers <= earners && ratio === share(redeemers, earners),
    ),
  );
  for (const interval of ['day', 'month'])
    t.strictSame(
      await of.ask('retention', { ...of.span, interval, within: 25 }),
      of.retention(interval, 25),
      `retention by ${interval}`,
    );
  const cohorts = await of.ask('cohorts', { ...of.span, asset: 'points', interval: 'month' });
  t.strictSame(
    cohorts.map((row) => row.slice(0, 6)),
    of.cohorts('points'),
    'cohorts',
  );
  const steps = 'joined,event:CONSUME,earn,earn,order';
  const funnel = await of.ask('funnel', { ...of.span, steps, within: 60 });
  t.strictSame(
    funnel.map(([n, , ...more]) => [n, ...more]),
    of.funnel(60),
    'funnel',
  );
}

/** What is taken, and what pays, most; exchanges one by one. */
async function taken(t: Test, of: Case): Promise<void> {
  const rules = await of.ask('top-rules', of.span);
  t.strictSame(
    new Map(rules.map(([by, key, , , , , , , net]) => [`${by} ${key}`, net])),
    await of.paid(),
    'rules and tasks',
  );
  const campaigns = await of.ask('top-campaigns', of.span);
  const isOf = ({ why }: Done): boolean =>
    (why['times'] ?? []).some(([key]: [string]) => key === 'spring');
  const events = of.told.done.filter((one) => one.act === 'event' && isOf(one));
  const net = [...(await of.paid(isOf)).values()].reduce((sum, one) => sum + one, 0);
  const counted = [events.length, new Set(events.map(({ owner }) => owner)).size, net];
  t.strictSame(campaigns, [['spring', 'shop', 'points', ...counted]], 'campaigns');
  const goods = new Rows(5, 0);
  for (const { effects } of of.told.done)
    for (const { type, goods: key, quantity, total, points } of effects) {
      if (type === 'orderCreated') goods.add([key], [1, quantity, total, 0, 0]);
      if (type === 'orderCancelled') goods.add([key], [0, 0, 0, quantity, points]);
    }
  const top = await of.ask('top-goods', of.span);
  const told = goods
    .told()
    .map(([key, ...sums]) => [key, null, 'points', ...sums, sums[2] - sums[4]]);
  t.strictSame(
    top,
    told.sort((a, b) => b[8] - a[8]),
    'goods',
  );
  const orders: any[][] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await of.told.year.engine.orders({ programme: 'shop', limit: 100, cursor });
    if (!page.ok) throw new Error(JSON.stringify(page));
    for (const one of page.orders)
      orders.push([
        one.number,
        one.owner,
        one.goods,
        null,
        one.quantity,
        'points',
        one.total,
        one.at,
        one.state,
        one.shipped,
        one.cancelled,
      ]);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  const listed = (await of.ask('orders', of.span)).map((row) => row.slice(0, 11));
  t.strictSame(
    listed,
    orders.sort((a, b) => order([a[7], a[0]], [b[7], b[0]])),
    'exchanges',
  );
}

t.test('reports of a drawn year', async (t) => {
  const cases = campaign({
    name: 'reports agree with the ledger’s own histories',
    long: 20,
    sample: 1,
  });
  await cases.run((seed) => agree(t, seed));
});
