// A mall in memory. Owns: its goods, its key, how what came of an act is told. Never touches: what goods cost, what orders come to.

import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { type Order, orderIn } from '../../engine/programme/mall/order.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { SECRET } from './coupon-world.js';
import { ASSET, SHOP, World } from './earning-world.js';

export const PIECE = 'piece';
export const TEA = { programme: SHOP, price: 100, delivery: 'physical', stockAsset: PIECE };
export const SEALED = 's1.abc';

/** What an act has said of itself: a code, or its effects. */
export const said = (outcome: Outcome): string => {
  if (!outcome.ok) return outcome.code;
  const effects = (outcome.act?.effects ?? []) as readonly Readonly<Record<string, unknown>>[];
  return effects
    .map(({ type, quantity, price, total, points, state, left, anew }) => {
      if (type === 'orderCreated') return `${quantity} x ${price} = ${total} ${state}`;
      if (type === 'orderCancelled') return `${quantity} back, ${points} points, ${state}`;
      if (type === 'orderShipped') return `${quantity} shipped, ${left} left`;
      if (type === 'orderConfirmed') return `${points} paid${anew === true ? ' anew' : ''}`;
      if (type === 'orderCompleted') return `${quantity} completed`;
      return String(type);
    })
    .join(', ');
};

export class MallWorld extends World {
  #n = 0;

  constructor(
    goods: Readonly<Record<string, object>>,
    more: readonly [string, string, object][] = [],
  ) {
    super();
    this.ledger.ledger.secret = () => SECRET;
    this.do({ type: 'define-asset', asset: PIECE, scale: 0 } as Command);
    for (const [kind, key, document] of more) this.define(kind, key, document);
    for (const [key, document] of Object.entries(goods)) this.define('goods', key, document);
  }

  /** Points for a member, or pieces for goods; below 0: they are taken. */
  give(to: string, amount: number, asset = to.startsWith('#item:') ? PIECE : ASSET): string {
    const [from, payee] = amount < 0 ? [to, '@adjust'] : ['@issue', to];
    const legs = [{ from, to: payee, asset, amount: Math.abs(amount) }];
    const outcome = this.do({ type: 'transfer', id: `g${++this.#n}`, legs } as unknown as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  order(body: object = {}, owner = 'ann', id = `o${++this.#n}`): string {
    return said(this.act('order', { goods: 'tea', ...body }, owner, id));
  }

  /** An order with this id, and its number. */
  made(id: string, body: object = {}, owner = 'ann'): string {
    const outcome = this.act('order', { goods: 'tea', ...body }, owner, id);
    if (!outcome.ok) throw new Error(outcome.code);
    return String(outcome.act?.effects[0]?.['number']);
  }

  does(what: string, number: string, more: object = {}, owner = 'ann', id?: string): string {
    return said(this.act(`order-${what}`, { number, ...more }, owner, id ?? `d${++this.#n}`));
  }

  /** What the ledger itself asks for. */
  lapses(number: string, owner = 'ann'): string {
    const id = `l${++this.#n}`;
    return said(this.do({ type: 'act', id, owner, act: 'order-lapse', body: { number } } as never));
  }

  quote(body: object = {}, owner = 'ann'): string {
    const outcome = this.act('order-quote', { goods: 'tea', ...body }, owner, `q${++this.#n}`);
    return outcome.ok ? String(outcome.act?.effects[0]?.['quote']) : outcome.code;
  }

  back(transferId: string, more: object = {}, owner = 'ann'): string {
    const id = `b${++this.#n}`;
    return said(this.do({ type: 'reverse', id, owner, transferId, ...more } as never));
  }

  kept(number: string, owner = 'ann'): Order | undefined {
    return orderIn(new OwnerReads(this.ledger.ledger, owner), number);
  }

  /** `available points, held points, pieces left`. */
  has(owner = 'ann', goods = 'tea'): string {
    const { available = 0, held = 0 } =
      balancesOf(this.ledger.state, owner).find(({ asset }) => asset === ASSET) ?? {};
    return `${available} ${held} ${this.stock(goods)}`;
  }

  stock(goods = 'tea'): number {
    const { state } = this.ledger;
    return balancesOf(state, `#item:${goods}`).find(({ asset }) => asset === PIECE)?.available ?? 0;
  }
}
