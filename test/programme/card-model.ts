// Gift cards against a model in plain code. Owns: the model, and sequences of what is done with cards. Never touches: how many are run.

import { canonicalState } from '../../engine/ledger/digest.js';
import { Random } from '../random.js';
import { DigitalWorld, parts } from './digital-world.js';
import { TEA } from './mall-world.js';

export const STEPS = 60;
const CARDS = 6;
const MEMBER_NAMES = ['ann', 'ben', 'cat'];
const FUNDS = 2_000;
const STOCK = 60;

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

/** One sequence; tells what was said, with an `order` for each that was made. Throws where the ledger does anything else than the model. */
export function cardSequence(seed: number): readonly string[] {
  const said: string[] = [];
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
        said.push('order');
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
    said.push(should);
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
  return said;
}
