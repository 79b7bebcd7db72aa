// Coupons against a model in plain code, in whatever order things are asked; and defects that this finds.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { couponIssue } from '../../engine/programme/acts/coupon-issue.js';
import { couponLapse } from '../../engine/programme/acts/coupon-lapse.js';
import { couponRedeem } from '../../engine/programme/acts/coupon-redeem.js';
import { couponRelease } from '../../engine/programme/acts/coupon-release.js';
import { couponReserve } from '../../engine/programme/acts/coupon-reserve.js';
import { returnEvent } from '../../engine/programme/acts/return-event.js';
import { claimRecord } from '../../engine/programme/coupons/claim.js';
import { WALLET } from '../../engine/programme/coupons/wallet.js';
import { PutsPart } from '../../engine/transfer/puts-part.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { CouponModel, type Terms } from './coupon-model.js';
import { CouponWorld, generated, isOk, numbered } from './coupon-world.js';
import { ASSET, DAY_MS, HOUR_MS } from './earning-world.js';

const OFF = { amount: 100 };
const BUDGET = '#budget:few';
const TOTAL = 2;
const CAMPAIGNS = {
  FREE: { ...OFF, ...generated('FREE') },
  KEEP: { ...OFF, ...generated('KEEP'), returns: false },
  MANY: { ...OFF, ...generated('MANY'), limit: 2, span: 'day' },
  DAYS: { ...OFF, codes: 'single', days: 2 },
  ALLOFYOU: { ...OFF, codes: 'shared', limit: 2, span: 'day' },
  FEWW: { ...OFF, ...generated('FEWW'), uses: BUDGET, usesAsset: ASSET },
  FEWMORE: { ...OFF, codes: 'shared', uses: BUDGET, usesAsset: ASSET, returns: false },
};
const TERMS: Readonly<Record<string, Terms>> = {
  FREE: { bearer: true },
  KEEP: { bearer: true, isKept: true },
  MANY: { bearer: true, perDay: 2 },
  DAYS: { days: 2 },
  ALLOFYOU: { shared: true, perDay: 2 },
  FEWW: { bearer: true, total: TOTAL },
  FEWMORE: { shared: true, isKept: true, total: TOTAL },
};
const MEMBERS = ['ann', 'ben', 'cat'];
const STEPS = 80;

class Story {
  readonly #world = new CouponWorld(CAMPAIGNS);
  readonly #model = new CouponModel(TERMS);
  readonly #random: Random;
  readonly #codes: string[];
  readonly #acts: (readonly [member: string, id: string])[] = [];
  readonly #orders = new Map<string, string>();
  #n = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    const some = ['FREE', 'KEEP', 'MANY', 'MANY', 'FEWW', 'FEWW'];
    this.#codes = ['ALLOFYOU', 'FEWMORE', ...some.map((key, i) => numbered(key, i))];
    this.#world.fund(BUDGET, TOTAL);
    this.#model.time = this.#world.time;
  }

  #step(): void {
    const random = this.#random;
    const member = random.pick(MEMBERS);
    const code = random.pick(this.#codes);
    const order = `o-${random.int(3)}`;
    const id = `a${++this.#n}`;
    const is = (what: string, should: string, told: string): void => {
      if (what !== should)
        throw new Error(`${told} of ${member}, ${id}: is ${what}, should be ${should}`);
    };
    switch (random.int(8)) {
      case 0: {
        const issued = this.#world.issue('DAYS', member, {}, id);
        this.#model.issue(member, issued, id);
        this.#codes.push(issued);
        this.#acts.push([member, id]);
        return;
      }
      case 1: {
        const forMs = random.pick([HOUR_MS, 10 * HOUR_MS, DAY_MS]);
        const outcome = this.#world.act('coupon-reserve', { code, order, forMs }, member, id);
        is(isOk(outcome), this.#model.reserve(member, code, order, forMs, id), `reserve ${code}`);
        this.#acts.push([member, id]);
        return;
      }
      case 2:
        is(
          this.#world.release(code, order, member),
          this.#model.release(member, code, order),
          `release ${code} ${order}`,
        );
        return;
      case 3: {
        const step = random.pick([1, HOUR_MS, 7 * HOUR_MS, DAY_MS]);
        this.#world.time += step;
        this.#model.time = this.#world.time;
        if (random.chance(0.5)) this.#world.ledger.tick(this.#world.time);
        if (random.chance(0.6)) {
          this.#world.lapse();
          this.#model.lapse();
        }
        return;
      }
      case 4: {
        const [of, act] = this.#acts.length === 0 ? ['', ''] : random.pick(this.#acts);
        if (act === '') return;
        const should = this.#model.reverse(of, act);
        const what = this.#world.back(act, of);
        const isGone = what === 'ALREADY_REVERSED' || what === 'TRANSFER_NOT_FOUND';
        is(
          isGone ? 'gone' : what,
          should === 'TRANSFER_NOT_FOUND' ? 'gone' : should,
          `reverse ${act}`,
        );
        return;
      }
      case 5: {
        const place = `${member} ${order}`;
        const known = this.#orders.get(place);
        if (known === undefined) {
          this.#orders.set(place, 'posted');
          this.#world.event('CONSUME', { amount: 10 }, {}, member, order);
        } else if (known === 'posted') {
          this.#orders.set(place, 'returned');
          const back = this.#world.return(order, {}, member);
          const count = back.split('couponReturned').length - 1;
          is(`${count}`, `${this.#model.orderBack(member, order)}`, `return of ${order}: ${back}`);
        }
        return;
      }
      default: {
        const of = random.chance(0.7) ? order : undefined;
        const said = of === undefined ? { code } : { code, order: of };
        const outcome = this.#world.act('coupon-redeem', said, member, id);
        is(isOk(outcome), this.#model.redeem(member, code, of, id), `redeem ${code} ${of}`);
        this.#acts.push([member, id]);
      }
    }
  }

  run(): void {
    for (let n = 0; n < STEPS; n++) this.#step();
    const left = this.#world.available(BUDGET);
    const should = TOTAL - this.#model.taken();
    if (left !== should)
      throw new Error(`the limit in total has ${left} left, should be ${should}`);
    const twice = this.#model.twice();
    if (twice.length > 0) throw new Error(`used twice: ${twice}`);
    const [is, replayed] = [this.#world.ledger, this.#world.replayed()].map(({ state }) =>
      JSON.stringify(canonicalState(state)),
    );
    if (is !== replayed) throw new Error('a replay comes to something else');
  }
}

const told = (seed: number): void => new Story(seed).run();

t.test('coupons are as a model says', async (t) => {
  const runs = campaign({ name: 'coupons', long: 20_000, sample: 15 });
  await runs.run(told);
  t.pass(`${runs.count} stories of ${STEPS} steps`);
});

const CLAIM = claimRecord('', null).type;

/** What an act decides, changed. */
const decides = (
  what: string,
  of: object,
  change: (plan: ReturnType<typeof JSON.parse>) => object,
): Defect => ({
  what,
  of: { prototype: of },
  method: 'decide',
  wrong: (right, given) => {
    const plan = right(...given);
    return 'refusal' in plan ? plan : change(plan);
  },
});

findEach(
  [
    decides('whoever has a code uses it without asking it', couponRedeem, (plan) => ({
      ...plan,
      puts: [],
    })),
    decides('the wallet does not know that a coupon was used', couponRedeem, (plan) => ({
      ...plan,
      records: plan.records.slice(1),
    })),
    decides('a use is not counted', couponRedeem, (plan) => ({ ...plan, counters: [] })),
    decides('a code does not know that it is reserved', couponReserve, (plan) => ({
      ...plan,
      puts: [],
    })),
    decides('what was released stays reserved where the code is', couponRelease, (plan) => ({
      ...plan,
      puts: [],
    })),
    decides('a reservation takes nothing of the total', couponReserve, (plan) => ({
      ...plan,
      legs: [],
    })),
    decides('what is used is given back when its reservation is over', couponRedeem, (plan) => ({
      ...plan,
      records: plan.records.filter(({ type }: { readonly type: string }) => type !== CLAIM),
    })),
    decides('a reservation that is over keeps its unit', couponLapse, (plan) => ({
      ...plan,
      reversal: undefined,
    })),
    decides('a reservation that is over is not waited for', couponReserve, (plan) => ({
      ...plan,
      followUps: [],
    })),
    {
      what: 'a use that is given back keeps the unit of its reservation',
      of: { prototype: couponRedeem },
      method: 'undo',
      wrong: (right, given) => ({ ...right(...given), followUps: [] }),
    },
    {
      what: 'a reservation that was used is reversed',
      of: { prototype: couponReserve },
      method: 'undo',
      wrong: (right, given) => {
        const undo = right(...given);
        return 'refusal' in undo ? { effects: [], why: {} } : undo;
      },
    },
    {
      what: 'a reservation never ends by itself',
      of: PutsPart,
      method: 'begin',
      wrong: (right, [plan]) =>
        right(
          plan?.puts && {
            ...plan,
            puts: plan.puts.map((one: object) => ({ ...one, orLapsed: false })),
          },
        ),
    },
    {
      what: 'what came back with its order comes back again',
      of: { prototype: couponRedeem },
      method: 'undo',
      wrong: (right, [see, undone, at]) =>
        right(
          see,
          {
            ...undone,
            effects: undone.effects.map((one: object) => ({ ...one, order: null })),
          },
          at,
        ),
    },
    decides('an order keeps its coupons', returnEvent, (plan) => ({
      ...plan,
      records: plan.records.filter(({ type }: { readonly type: string }) => type !== WALLET),
    })),
    {
      what: 'a coupon that is not issued after all stays',
      of: { prototype: couponIssue },
      method: 'undo',
      wrong: (right, given) => ({ ...right(...given), records: [] }),
    },
  ],
  [told],
  {
    'what was released stays reserved where the code is': 210,
    'a use that is given back keeps the unit of its reservation': 100,
    'a use is not counted': 20,
  },
);
