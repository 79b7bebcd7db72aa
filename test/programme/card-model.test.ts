// Gift cards against a model in plain code: issued, paid with, given back, over, begun again; and on three shards at once.

import { join } from 'node:path';
import t from 'tap';
import { type Command, isRefusal, verifyFolder } from '../../engine/index.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { cardOwner } from '../../engine/protocol/card-code.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { cardNumbered, DigitalWorld, parts } from './digital-world.js';
import { ASSET, SHOP } from './earning-world.js';
import { MEMBERS, POINTS, withMall } from './mall-kill-child.js';
import { PIECE, TEA } from './mall-world.js';
import { settled } from './settled.js';

const STEPS = 60;
const CARDS = 6;
const MEMBER_NAMES = ['ann', 'ben', 'cat'];
const FUNDS = 2_000;
const STOCK = 60;
const sequences = campaign({
  name: `sequences of ${STEPS} steps with cards`,
  long: 10_000,
  sample: 40,
});

interface Paid {
  readonly owner: string;
  readonly quantity: number;
  readonly points: number;
  readonly cards: readonly (readonly [n: number, amount: number])[];
  shipped: number;
  isOver: boolean;
}

/** What cards, members and stock should have. */
class Model {
  readonly left = new Map<number, number>();
  readonly ends = new Map<number, number>();
  readonly points = new Map(MEMBER_NAMES.map((name) => [name, FUNDS]));
  readonly orders = new Map<string, Paid>();
  stock = STOCK;

  issue(n: number, amount: number, end: number | undefined): string {
    if (this.left.has(n)) return 'CARD_EXISTS';
    this.left.set(n, amount);
    this.ends.set(n, end ?? Number.POSITIVE_INFINITY);
    return 'ok';
  }

  order(id: string, paid: Omit<Paid, 'points' | 'shipped' | 'isOver'>, time: number): string {
    const { owner, quantity, cards } = paid;
    const total = quantity * TEA.price;
    const byCards = cards.reduce((sum, [, amount]) => sum + amount, 0);
    if (byCards > total) return 'CARDS_EXCEED_ORDER';
    if (this.stock < quantity) return 'SOLD_OUT';
    const points = total - byCards;
    if ((this.points.get(owner) ?? 0) < points) return 'POINTS_SHORT';
    for (const [n, amount] of cards) if ((this.left.get(n) ?? 0) < amount) return 'CARD_SHORT';
    for (const [n] of cards) if ((this.ends.get(n) ?? 0) <= time) return 'CARD_SHORT';
    this.points.set(owner, (this.points.get(owner) ?? 0) - points);
    for (const [n, amount] of cards) this.left.set(n, (this.left.get(n) ?? 0) - amount);
    this.stock -= quantity;
    this.orders.set(id, { ...paid, points, shipped: 0, isOver: false });
    return 'ok';
  }

  ship(id: string): string {
    const of = this.orders.get(id) as Paid;
    if (of.isOver || of.shipped === of.quantity) return 'ORDER_STATE_INVALID';
    of.shipped++;
    return 'ok';
  }

  cancel(id: string): string {
    const of = this.orders.get(id) as Paid;
    if (of.isOver || of.shipped === of.quantity) return 'ORDER_STATE_INVALID';
    of.isOver = true;
    const total = of.quantity * TEA.price;
    let back = total - Math.floor((total * of.shipped) / of.quantity);
    const points = Math.min(back, of.points);
    back -= points;
    this.points.set(of.owner, (this.points.get(of.owner) ?? 0) + points);
    for (const [n, amount] of of.cards) {
      const some = Math.min(back, amount);
      back -= some;
      this.left.set(n, (this.left.get(n) ?? 0) + some);
    }
    this.stock += of.quantity - of.shipped;
    return 'ok';
  }
}

t.test('cards do what a model in plain code does', async (t) => {
  let orders = 0;
  const said = new Set<string>();
  await sequences.run((seed) => {
    const random = new Random(seed);
    const world = new DigitalWorld({ tea: TEA });
    const model = new Model();
    world.give('#item:tea', STOCK);
    for (const name of MEMBER_NAMES) world.give(name, FUNDS);
    const numbers = new Map<string, string>();
    const short = (told: string): string => (/^[A-Z_]+$/.test(told) ? told : 'ok');
    for (let step = 0; step < STEPS; step++) {
      const n = random.int(CARDS);
      let [is, should] = ['', ''];
      const chosen = [...model.orders.keys()];
      const id = chosen[random.int(chosen.length + 1)] ?? '';
      const owner = model.orders.get(id)?.owner ?? 'ann';
      const number = numbers.get(id) ?? '';
      const what = random.pick([
        'issue',
        'order',
        'order',
        'order',
        'cancel',
        'ship',
        'extend',
        'time',
      ]);
      if (what === 'issue') {
        const amount = 1 + random.int(300);
        const end = random.chance(0.5) ? world.time + 1 + random.int(5_000) : undefined;
        [is, should] = [world.issue(n, amount, end), model.issue(n, amount, end)];
      } else if (what === 'order') {
        const some = Array.from({ length: CARDS }, (_, one) => one);
        random.shuffle(some);
        const cards = some
          .slice(0, random.int(4))
          .map((one) => [one, 1 + random.int(random.chance(0.8) ? 60 : 400)] as const);
        const quantity = 1 + random.int(3);
        const of = random.pick(MEMBER_NAMES);
        const body = { goods: 'tea', quantity, ...(cards.length === 0 ? {} : parts(...cards)) };
        const outcome = world.act('order', body, of, `s${step}`);
        is = outcome.ok ? 'ok' : outcome.code;
        should = model.order(`s${step}`, { owner: of, quantity, cards }, world.time);
        if (outcome.ok) {
          orders++;
          numbers.set(`s${step}`, String(outcome.act?.effects[0]?.['number']));
        }
      } else if (what === 'extend') {
        const end = world.time + 1 + random.int(3_000);
        is = world.extend(n, end);
        should = model.left.has(n) ? 'ok' : 'CARD_NOT_FOUND';
        if (should === 'ok') model.ends.set(n, end);
      } else if (what === 'time') world.time += random.int(2_000);
      else if (number !== '')
        [is, should] =
          what === 'cancel'
            ? [short(world.does('cancel', number, {}, owner)), model.cancel(id)]
            : [short(world.does('ship', number, { quantity: 1 }, owner)), model.ship(id)];
      said.add(should);
      const has = MEMBER_NAMES.map((name) => world.has(name)).join();
      const mustHave = MEMBER_NAMES.map(
        (name) => `${model.points.get(name)} 0 ${model.stock}`,
      ).join();
      const left = Array.from({ length: CARDS }, (_, one) => world.left(one)).join();
      const mustBeLeft = Array.from({ length: CARDS }, (_, one) => model.left.get(one) ?? 0).join();
      if (`${is} ${has} ${left}` !== `${should} ${mustHave} ${mustBeLeft}`)
        throw new Error(
          `step ${step}, ${what}: ${is} ${has} ${left} in place of ${should} ${mustHave} ${mustBeLeft}`,
        );
    }
    const [is, should] = [world.replayed().state, world.ledger.state].map(canonicalState);
    if (JSON.stringify(is) !== JSON.stringify(should)) throw new Error('a replay differs');
  });
  t.ok(orders > 5 * sequences.count, `${orders} orders`);
  for (const code of ['CARD_SHORT', 'CARDS_EXCEED_ORDER', 'CARD_EXISTS', 'ORDER_STATE_INVALID'])
    t.ok(said.has(code), code);
});

t.test(
  'two cards on one order of each member, on four shards: the exact rest is left',
  async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const engine = await withMall(folder, 10_000);
    const cards = 24;
    const issued = Array.from({ length: cards }, (_, n): Command => {
      const body = { programme: SHOP, amount: 1_000 };
      const owner = cardOwner(cardNumbered(n));
      return { type: 'act', act: 'card-issue', id: `card${n}`, owner, body };
    });
    const own = {
      submitBatch: (all: readonly Command[]) =>
        Promise.all(all.map((one) => engine.own.submit(one as never))),
    };
    const made = await settled(own, issued);
    t.ok(made.every(({ ok }) => ok));
    const wanted = Array.from({ length: 400 }, (_, n) => [n % cards, (n * 7 + 1) % cards] as const);
    const pairs = wanted.filter(([one, other]) => one !== other);
    const asked = pairs.map(([one, other], n): Command => {
      const body = { goods: 'tea', ...parts([one, 37], [other, 41]) };
      return { type: 'act', act: 'order', owner: `m${n % MEMBERS}`, id: `o${n}`, body };
    });
    const outcomes = await settled(engine, asked);
    const spent = new Map<number, number>();
    let points = 0;
    outcomes.forEach((outcome, i) => {
      if (!outcome.ok) {
        t.equal(outcome.code, 'CARD_SHORT');
        return;
      }
      points += TEA.price - 78;
      const [one, other] = pairs[i] as readonly [number, number];
      spent.set(one, (spent.get(one) ?? 0) + 37);
      spent.set(other, (spent.get(other) ?? 0) + 41);
    });
    t.ok(
      outcomes.some(({ ok }) => !ok),
      'some cards were used up',
    );
    for (let n = 0; n < cards; n++) {
      const pool = await engine.own.pool(cardOwner(cardNumbered(n)), ASSET);
      if (isRefusal(pool)) throw new Error(pool.code);
      t.match(pool, { available: 1_000 - (spent.get(n) ?? 0), held: 0, lent: 0 });
    }
    let has = 0;
    for (let n = 0; n < MEMBERS; n++) {
      const found = await engine.balance(`m${n}`, ASSET);
      if (isRefusal(found)) throw new Error(found.code);
      has += found[0]?.available ?? 0;
    }
    t.equal(has, MEMBERS * POINTS - points);
    const stock = await engine.own.pool('#item:tea', PIECE);
    t.match(stock, { paid: outcomes.filter(({ ok }) => ok).length });
    await engine.close();
    t.same((await verifyFolder(folder)).problems, []);
  },
);
