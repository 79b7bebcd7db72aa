// A simulation of rules and tasks that give coupons and badges: as logged there is no difference, and under documents that give others it tells how many
// of which the other world has given.

import { join } from 'node:path';
import t from 'tap';
import type { Draft, Outcome, SimulatedProgramme } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { CouponWorld, SECRET } from '../programme/coupon-world.js';
import { DAY_MS, HOUR_MS, SHOP } from '../programme/earning-world.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { OWNERS, simulated } from './worlds.js';

type Effect = { readonly type: string; readonly [name: string]: unknown };
type Documents = Readonly<Record<string, object>>;

const CAMPAIGNS = {
  TEAS: { codes: 'single', percent: 10 },
  CAKE: { codes: 'single', amount: 50, days: 2 },
  NVTS: { codes: 'single', amount: 5, bearer: true },
};

/** Rules that give coupons, one that pays, tasks with a badge or a coupon. */
function drawn(random: Random): Documents {
  const of = { programme: SHOP };
  const coupon = (): string => random.pick(Object.keys(CAMPAIGNS));
  const times = (): object => (random.chance(0.5) ? { limitTimes: 1 + random.int(3) } : {});
  return {
    'rule give': { ...of, event: 'CONSUME', coupon: coupon(), ...times() },
    'rule also': { ...of, event: random.pick(['SIGN', 'CONSUME']), coupon: coupon(), ...times() },
    'rule pay': { ...of, event: 'CONSUME', points: 1 + random.int(9), ...times() },
    'task badge': { ...of, event: 'CONSUME', need: 1 + random.int(3), reward: 5, badge: true },
    'task thanks': { ...of, event: 'CONSUME', need: 1 + random.int(3), coupon: coupon() },
  };
}

interface Course {
  readonly world: CouponWorld;
  readonly gifts: Readonly<Record<string, number>>;
  readonly earned: number;
}

/** What this seed draws, by these documents all the time. */
function course(seed: number, documents: Documents): Course {
  const random = new Random(seed);
  const world = new CouponWorld(CAMPAIGNS);
  for (const [name, document] of Object.entries(documents)) {
    const [kind = '', key = ''] = name.split(' ');
    world.define(kind, key, document);
  }
  const gifts: Record<string, number> = {};
  let earned = 0;
  const events: (readonly [owner: string, id: string])[] = [];
  const codes: (readonly [owner: string, code: string])[] = [];
  const keep = (owner: string, id: string, outcome: Outcome): void => {
    events.push([owner, id]);
    for (const one of (outcome.ok ? (outcome.act?.effects ?? []) : []) as readonly Effect[]) {
      const { type, task, amount, badge, coupon, code } = one;
      if (type === 'earn') earned += amount as number;
      const name = badge === true ? `badge ${task}` : `coupon ${coupon}`;
      if (badge === true || type === 'couponIssued') gifts[name] = (gifts[name] ?? 0) + 1;
      if (type === 'couponIssued') codes.push([owner, code as string]);
    }
  };
  for (let n = 12 + random.int(20); n > 0; n--) {
    const [owner, id, draw] = [random.pick(OWNERS), `o${n}`, random.int(10)];
    const [amount, at, part] = [100 + random.int(900), random.int(64), 1 + random.int(300)];
    if (draw < 5) keep(owner, id, world.event('CONSUME', { amount }, {}, owner, id));
    else if (draw < 6) keep(owner, id, world.event('SIGN', undefined, {}, owner, id));
    else if (draw < 8 && events.length > 0) {
      const [of, event] = events[at % events.length]!;
      const body = draw === 6 ? { event } : { event, amount: part };
      world.act('return-event', body, of, id);
    } else if (codes.length > 0) {
      // In the other world it is another coupon, or none.
      const [of, code] = codes[at % codes.length]!;
      world.redeem(code, of, { amount: 500 }, id);
    }
    world.time += 1 + random.int(DAY_MS / 2);
    if (random.chance(0.2)) world.ledger.tick((world.time += HOUR_MS));
  }
  return { world, gifts, earned };
}

const draftsOf = (documents: Documents): Draft[] =>
  Object.entries(documents).map(([name, document]) => {
    const [kind = '', key = ''] = name.split(' ');
    return { kind, key, document: JSON.parse(JSON.stringify(document)) };
  });

function giftsIn(found: SimulatedProgramme | undefined, side: 'before' | 'after') {
  const all = (found?.gifts ?? []).map((one) => [`${one.kind} ${one.key}`, one[side]] as const);
  return sorted(Object.fromEntries(all.filter(([, count]) => count > 0)));
}
const sorted = (gifts: Readonly<Record<string, number>>): string =>
  JSON.stringify(Object.entries(gifts).sort(([a], [b]) => (a < b ? -1 : 1)));

const secret = (): Uint8Array => SECRET;

t.test('as logged there is no difference', async (t) => {
  const folder = temporaryFolder(t);
  let gifts = 0;
  await campaign({ name: 'coupons as logged', long: 2_000, sample: 8 }).run(async (seed) => {
    const one = course(seed, drawn(new Random(seed)));
    const found = await simulated(one.world.ledger, join(folder, `${seed}`), {}, 2, secret);
    if (found.differences.length > 0) throw new Error(JSON.stringify(found.differences[0]));
    const [all] = found.programmes;
    for (const side of ['before', 'after'] as const)
      if (giftsIn(all, side) !== sorted(one.gifts)) throw new Error(giftsIn(all, side));
    gifts += Object.values(one.gifts).reduce((sum, count) => sum + count, 0);
  });
  t.ok(gifts > 0, `${gifts} were given`);
});

t.test('under documents that give others it tells what the other world has given', async (t) => {
  const folder = temporaryFolder(t);
  let different = 0;
  await campaign({ name: 'other coupons', long: 2_000, sample: 13 }).run(async (seed) => {
    const random = new Random(seed);
    const [documents, others] = [drawn(random), drawn(random)];
    const changed = Object.keys(others).filter(() => random.chance(0.5));
    const after = Object.fromEntries(changed.map((name) => [name, others[name]!]));
    const one = course(seed, documents);
    const other = course(seed, { ...documents, ...after });
    const path = join(folder, `${seed}`);
    const drafts = draftsOf(after);
    const { programmes } = await simulated(one.world.ledger, path, { drafts }, 2, secret);
    const [found] = programmes;
    const is = [giftsIn(found, 'before'), giftsIn(found, 'after'), found?.before, found?.after];
    const should = [sorted(one.gifts), sorted(other.gifts), one.earned, other.earned];
    if (JSON.stringify(is) !== JSON.stringify(should))
      throw new Error(`${is.join('; ')}; should be ${should.join('; ')}`);
    different += found?.different ?? 0;
  });
  t.ok(different > 0, `${different} events came to something else`);
});
