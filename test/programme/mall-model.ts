// A mall in plain code: who has how many points, what is left of goods, what became of orders. Owns: what each thing that is asked must come to. Never
// touches: the engine.

import { DAY_MS, HOUR_MS } from './earning-world.js';

/** Days of Shanghai. */
const dayOf = (time: number): number => Math.floor((time + 8 * HOUR_MS) / DAY_MS);

export const LIMIT = 4;
export const MOST = 5;
const QUOTE_MS = 300_000;
const STATE = 'ORDER_STATE_INVALID';
const PARTS = 'ORDER_INSEPARABLE';

export interface ModelQuote {
  readonly owner: string;
  readonly goods: string;
  readonly quantity: number;
  readonly price: number;
  readonly until: number;
}

export interface Asked {
  readonly goods: string;
  readonly quantity: number;
  readonly expected?: number | undefined;
  readonly until?: number | undefined;
  readonly hasCoupon?: boolean | undefined;
  readonly quote?: ModelQuote | undefined;
}

export interface ModelOrder {
  readonly owner: string;
  readonly goods: string;
  readonly quantity: number;
  readonly total: number;
  readonly day: number;
  readonly until: number | undefined;
  state: 'held' | 'pending' | 'completed' | 'cancelled';
  /** Were the points taken by another act than the order's? */
  isPaidLater: boolean;
  shipped: number;
  back: number;
}

export class MallModel {
  time = 0;
  /** Points with those that are held. */
  readonly points = new Map<string, number>();
  /** Of goods that end. */
  readonly stock = new Map<string, number>();
  readonly price = new Map<string, number>();
  readonly orders = new Map<string, ModelOrder>();
  readonly #counts = new Map<string, number>();

  held(owner: string): number {
    let sum = 0;
    for (const one of this.orders.values())
      if (one.owner === owner && one.state === 'held' && this.time < (one.until ?? 0))
        sum += one.total;
    return sum;
  }

  available = (owner: string): number => (this.points.get(owner) ?? 0) - this.held(owner);

  give(owner: string, amount: number): string {
    if (this.available(owner) + amount < 0) return 'POINTS_SHORT';
    this.points.set(owner, (this.points.get(owner) ?? 0) + amount);
    return 'ok';
  }

  restock(goods: string, pieces: number): string {
    const left = (this.stock.get(goods) ?? 0) + pieces;
    if (left < 0) return 'POINTS_SHORT';
    this.stock.set(goods, left);
    return 'ok';
  }

  quote(owner: string, goods: string, quantity: number): ModelQuote {
    const price = this.price.get(goods) as number;
    return { owner, goods, quantity, price, until: this.time + QUOTE_MS };
  }

  #counted = (owner: string, goods: string, day: number): string => `${owner} ${goods} ${day}`;

  /** `name`: by which it is found. */
  order(owner: string, name: string, asked: Asked): string {
    const { goods, quantity, expected, until, quote, hasCoupon = false } = asked;
    if (quantity > MOST) return 'ORDER_QUANTITY';
    if (until !== undefined && (until <= this.time || until > this.time + HOUR_MS))
      return 'ORDER_UNTIL_INVALID';
    const left = this.stock.get(goods);
    const day = dayOf(this.time);
    const counted = this.#counted(owner, goods, day);
    const count = this.#counts.get(counted) ?? 0;
    if (left !== undefined && count + quantity > LIMIT) return 'GOODS_LIMIT';
    if (left !== undefined && left < quantity) return 'SOLD_OUT';
    if (quote !== undefined) {
      const isOurs = quote.owner === owner && quote.goods === goods;
      if (!isOurs || quote.quantity !== quantity) return 'QUOTE_INVALID';
      if (this.time >= quote.until) return 'QUOTE_EXPIRED';
    }
    const price = quote?.price ?? (this.price.get(goods) as number);
    if (expected !== undefined && expected !== price) return 'PRICE_DIFFERS';
    const whole = price * quantity;
    const total = hasCoupon ? whole - Math.floor(whole / 10) : whole;
    if (until === undefined && this.available(owner) < total) return 'POINTS_SHORT';
    if (until !== undefined && this.available(owner) < total) return 'POINTS_SHORT';
    if (left !== undefined) {
      this.stock.set(goods, left - quantity);
      this.#counts.set(counted, count + quantity);
    }
    const state = until === undefined ? 'pending' : 'held';
    if (until === undefined) this.points.set(owner, (this.points.get(owner) as number) - total);
    this.orders.set(name, {
      ...{ owner, goods, quantity, total, day, until, state },
      ...{ isPaidLater: false, shipped: 0, back: 0 },
    });
    return `${quantity} x ${price} = ${total} ${state}`;
  }

  ship(name: string, quantity?: number): string {
    const one = this.orders.get(name) as ModelOrder;
    const rest = one.quantity - one.shipped - one.back;
    if (one.state !== 'pending' || rest === 0) return STATE;
    const pieces = quantity ?? rest;
    if (pieces > rest) return 'ORDER_QUANTITY';
    one.shipped += pieces;
    return `${pieces} shipped, ${rest - pieces} left`;
  }

  complete(name: string): string {
    const one = this.orders.get(name) as ModelOrder;
    if (one.state !== 'pending') return STATE;
    one.state = 'completed';
    one.shipped = one.quantity - one.back;
    return `${one.shipped} completed`;
  }

  confirm(name: string): string {
    const one = this.orders.get(name) as ModelOrder;
    if (one.state !== 'held') return STATE;
    const isAnew = this.time >= (one.until as number);
    if (isAnew && this.available(one.owner) < one.total) return 'POINTS_SHORT';
    one.state = 'pending';
    one.isPaidLater = true;
    this.points.set(one.owner, (this.points.get(one.owner) as number) - one.total);
    return `${one.total} paid${isAnew ? ' anew' : ''}`;
  }

  cancel(name: string): string {
    const one = this.orders.get(name) as ModelOrder;
    const rest = one.quantity - one.shipped - one.back;
    if ((one.state !== 'held' && one.state !== 'pending') || rest === 0) return STATE;
    return this.#givenBack(one, rest);
  }

  lapse(name: string): string {
    const one = this.orders.get(name) as ModelOrder;
    if (one.state !== 'held' || this.time < (one.until as number)) return STATE;
    return this.#givenBack(one, one.quantity);
  }

  /** Of an order's own act, or of the one that has paid it: all that is left of it is given back. */
  reverse(name: string, isOfPayment: boolean): string {
    const one = this.orders.get(name) as ModelOrder;
    const rest = one.quantity - one.shipped - one.back;
    const isWholeBack = one.state === 'cancelled';
    const hasMoved = isOfPayment || one.until === undefined || this.stock.has(one.goods);
    if (isWholeBack) return hasMoved ? 'ALREADY_REVERSED' : STATE;
    if (one.state !== 'pending' || rest === 0) return STATE;
    if (isOfPayment !== (one.until !== undefined)) return STATE;
    return one.shipped > 0 ? PARTS : this.#givenBack(one, rest);
  }

  #givenBack(one: ModelOrder, rest: number): string {
    const { owner, goods, quantity, total, day, shipped } = one;
    const points = total - Math.floor((total * shipped) / quantity);
    // What was held is the member's anyhow.
    if (one.state !== 'held') this.points.set(owner, (this.points.get(owner) as number) + points);
    const left = this.stock.get(goods);
    if (left !== undefined) {
      this.stock.set(goods, left + rest);
      const counted = this.#counted(owner, goods, day);
      if (day === dayOf(this.time))
        this.#counts.set(counted, (this.#counts.get(counted) as number) - rest);
    }
    one.back += rest;
    if (shipped === 0) one.state = 'cancelled';
    return `${rest} back, ${points} points, ${one.state}`;
  }
}
