// Orders against a model in plain code, in whatever order things are asked: prices that change, stock that comes and goes, holds that end; and defects
// that this finds.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { order } from '../../engine/programme/acts/order.js';
import { orderCancel } from '../../engine/programme/acts/order-cancel.js';
import { orderComplete } from '../../engine/programme/acts/order-complete.js';
import { orderConfirm } from '../../engine/programme/acts/order-confirm.js';
import { orderLapse } from '../../engine/programme/acts/order-lapse.js';
import { orderReturnPieces } from '../../engine/programme/acts/order-return-pieces.js';
import { orderShip } from '../../engine/programme/acts/order-ship.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { DAY_MS, HOUR_MS, SHOP } from './earning-world.js';
import { type Asked, LIMIT, MallModel, MOST, type ModelQuote } from './mall-model.js';
import { MallWorld, TEA } from './mall-world.js';

const STEPS = 60;
const MEMBERS = ['ann', 'ben', 'cat'];
const GOODS = {
  tea: { ...TEA, price: 30, most: MOST, limit: LIMIT, span: 'day', payInMs: HOUR_MS },
  air: { programme: SHOP, delivery: 'physical', price: 7, most: MOST, payInMs: HOUR_MS },
} as const;
const COUPON = { programme: SHOP, codes: 'shared', percent: 10 };

class Story {
  readonly #world = new MallWorld(GOODS, [['coupon', 'TEN', COUPON]]);
  readonly #model = new MallModel();
  readonly #random: Random;
  readonly #numbers = new Map<string, string>();
  readonly #payments = new Map<string, string>();
  readonly #quotes: (readonly [text: string, quote: ModelQuote])[] = [];
  #n = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#model.time = this.#world.time;
    this.#model.stock.set('tea', 0);
    for (const [goods, { price }] of Object.entries(GOODS)) this.#model.price.set(goods, price);
  }

  #is(what: string, should: string, told: string): void {
    // Whether a coupon comes back is told beside it (mall.test.ts).
    const is = what.replace(/, coupon\w+$/, '');
    if (is !== should) throw new Error(`${told}: is ${is}, should be ${should}`);
  }

  #order(): void {
    const random = this.#random;
    const owner = random.pick(MEMBERS);
    const goods = random.pick(['tea', 'tea', 'air']);
    const quantity = 1 + random.int(random.chance(0.1) ? MOST + 1 : 3);
    const id = `o${++this.#n}`;
    const price = this.#model.price.get(goods) as number;
    const until = random.chance(0.3)
      ? this.#world.time + random.pick([0, 1, 60_000, HOUR_MS, HOUR_MS + 1])
      : undefined;
    const hasCoupon = random.chance(0.2);
    const expected = random.chance(0.3) ? price + (random.chance(0.2) ? 1 : 0) : undefined;
    const [text, quote] =
      random.chance(0.3) && this.#quotes.length > 0 ? random.pick(this.#quotes) : [];
    const by = quote !== undefined && random.chance(0.9) ? quote.owner : owner;
    const asked: Asked =
      quote !== undefined && random.chance(0.9)
        ? { goods: quote.goods, quantity: quote.quantity, quote, hasCoupon, until }
        : { goods, quantity, quote, hasCoupon, until, expected };
    const body = {
      ...{ goods: asked.goods, quantity: asked.quantity },
      ...(asked.expected === undefined ? {} : { expectedPrice: asked.expected }),
      ...(until === undefined ? {} : { until }),
      ...(hasCoupon ? { coupon: 'TEN' } : {}),
      ...(text === undefined ? {} : { quote: text }),
    };
    const should = this.#model.order(by, id, asked);
    this.#is(this.#world.order(body, by, id), should, `order ${id} of ${by}`);
    if (!this.#model.orders.has(id)) return;
    this.#numbers.set(id, this.#world.made(id, body, by));
  }

  #step(): void {
    const random = this.#random;
    const owner = random.pick(MEMBERS);
    const [world, model] = [this.#world, this.#model];
    const known = [...this.#numbers.keys()];
    const id = known.length === 0 ? undefined : random.pick(known.slice(-8));
    const of = id === undefined ? owner : (model.orders.get(id)?.owner as string);
    const number = id === undefined ? '' : (this.#numbers.get(id) as string);
    const what = random.int(16);
    if (what < 4 || id === undefined) {
      this.#order();
      return;
    }
    switch (what) {
      case 4: {
        const amount = random.pick([100, 200, -50]);
        this.#is(world.give(owner, amount), model.give(owner, amount), `points of ${owner}`);
        return;
      }
      case 5: {
        const pieces = random.pick([5, 8, 1, -2]);
        this.#is(world.give('#item:tea', pieces), model.restock('tea', pieces), 'stock');
        return;
      }
      case 6: {
        const step = random.pick([1, 59_999, 60_000, HOUR_MS, DAY_MS]);
        world.time += step;
        if (random.chance(0.5)) world.ledger.tick(world.time);
        break;
      }
      case 7: {
        const goods = random.pick(['tea', 'air'] as const);
        const price = 1 + random.int(40);
        world.define('goods', goods, { ...GOODS[goods], price });
        model.price.set(goods, price);
        break;
      }
      case 8: {
        const goods = random.pick(['tea', 'air']);
        const quantity = 1 + random.int(3);
        const text = world.quote({ goods, quantity }, owner);
        this.#quotes.push([text, model.quote(owner, goods, quantity)]);
        return;
      }
      case 9: {
        const quantity = random.chance(0.5) ? 1 + random.int(3) : undefined;
        const more = quantity === undefined ? {} : { quantity };
        this.#is(world.does('ship', number, more, of), model.ship(id, quantity), `ship ${id}`);
        return;
      }
      case 10:
        this.#is(world.does('complete', number, {}, of), model.complete(id), `complete ${id}`);
        return;
      case 11: {
        const act = `k${++this.#n}`;
        const should = model.confirm(id);
        this.#is(world.does('confirm', number, {}, of, act), should, `confirm ${id}`);
        if (should.includes('paid')) this.#payments.set(id, act);
        return;
      }
      case 12:
        this.#is(world.lapses(number, of), model.lapse(id), `lapse ${id}`);
        return;
      case 13: {
        const payment = this.#payments.get(id);
        const isOfPayment = payment !== undefined && random.chance(0.6);
        const should = model.reverse(id, isOfPayment);
        const act = isOfPayment ? payment : id;
        this.#is(world.back(act, {}, of), should, `reverse ${act} of ${id}`);
        return;
      }
      default:
        this.#is(world.does('cancel', number, {}, of), model.cancel(id), `cancel ${id}`);
        return;
    }
    model.time = world.time;
  }

  run(): void {
    const [world, model] = [this.#world, this.#model];
    for (const owner of MEMBERS) this.#is(world.give(owner, 500), model.give(owner, 500), 'begin');
    for (let n = 0; n < STEPS; n++) {
      this.#step();
      world.ledger.tick(world.time);
      for (const owner of MEMBERS) {
        const should = `${model.available(owner)} ${model.held(owner)} ${model.stock.get('tea')}`;
        this.#is(world.has(owner), should, `what ${owner} has after step ${n}`);
      }
    }
    for (const [id, number] of this.#numbers) {
      const { owner, state, shipped, back } = model.orders.get(id) as never;
      const kept = world.kept(number, owner);
      const is = `${kept?.state} ${kept?.shipped} ${kept?.cancelled}`;
      this.#is(is, `${state} ${shipped} ${back}`, `the record of ${id}`);
    }
    const [is, replayed] = [world.ledger, world.replayed()].map(({ state }) =>
      JSON.stringify(canonicalState(state)),
    );
    if (is !== replayed) throw new Error('a replay comes to something else');
  }
}

const told = (seed: number): void => new Story(seed).run();

t.test('orders are as a model says', async (t) => {
  const runs = campaign({ name: 'orders', long: 10_000, sample: 20 });
  await runs.run(told);
  t.pass(`${runs.count} stories of ${STEPS} steps`);
});

/** What an act decides, changed. */
const decides = (
  what: string,
  of: object,
  change: (plan: ReturnType<typeof JSON.parse>) => object,
  method: 'decide' | 'undo' = 'decide',
): Defect => ({
  what,
  of: { prototype: of },
  method,
  wrong: (right, given) => {
    const plan = right(...given);
    return 'refusal' in plan ? plan : change(plan);
  },
});

findEach(
  [
    decides('the limit does not count', order, (plan) => ({ ...plan, counters: [] })),
    decides('pieces are not taken', order, (plan) => ({
      ...plan,
      legs: plan.legs.filter(({ from }: { from: string }) => !from.startsWith('#item:')),
    })),
    decides('what is held is not', order, ({ hold: _, ...plan }) => plan),
    {
      what: 'a quote holds for ever',
      of: { prototype: order },
      method: 'decide',
      wrong: (right, [see, said, at]) => {
        const plan = right(see, said, at);
        return 'refusal' in plan && plan.refusal === 'QUOTE_EXPIRED'
          ? right(see, { ...said, quote: undefined }, at)
          : plan;
      },
    },
    {
      what: 'what the caller expects is charged',
      of: { prototype: order },
      method: 'decide',
      wrong: (right, [see, said, at]) => right(see, { ...said, expectedPrice: undefined }, at),
    },
    decides('the limit stays used up', order, (undo) => ({ ...undo, counters: [] }), 'undo'),
    decides('an order is cancelled twice', order, (undo) => ({ ...undo, records: [] }), 'undo'),
    decides('the hold stays beside what is paid', orderConfirm, (plan) => ({
      ...plan,
      legs: plan.legs.map(({ holdId: _, ...leg }: { holdId: string }) => leg),
    })),
    decides('what was confirmed can be confirmed again', orderConfirm, (plan) => ({
      ...plan,
      records: [],
    })),
    decides('what was held stays held', orderCancel, (plan) => ({ ...plan, releases: [] })),
    decides(
      'pieces of held orders never come back',
      orderCancel,
      ({ followUps: _, ...plan }) => plan,
    ),
    decides('what lapses keeps its pieces', orderLapse, ({ followUps: _, ...plan }) => plan),
    decides(
      'pieces come back without having gone',
      orderReturnPieces,
      ({ reversal: _, ...plan }) => plan,
    ),
    decides('what is shipped is not known', orderShip, (plan) => ({ ...plan, records: [] })),
    decides('what is completed can be cancelled', orderComplete, (plan) => ({
      ...plan,
      records: [],
    })),
  ],
  [told],
);
