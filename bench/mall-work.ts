// The goods of the mall's bench, and what is asked of it. Owns: definitions, stock, commands. Never touches: how they are sent, what answers come to.
//   R1. Goods cost a point each; a member has enough of them for all that is asked.
//   R2. Each order is of one piece. Of the hot good there are more than are asked for, and of what is sold out there are none: each of its orders is
//       refused, and not kept.

import type { ActCommand, Command, Engine, Outcome, TransferCommand } from '../engine/index.js';
import { expectPosted } from './drive.js';
import { ASSET, PROGRAMME } from './programme-work.js';

const PIECE = 'piece';
const GOODS = 100;
const PLENTY = 1_000_000_000;
const HOT = 'hot';
const GONE = 'gone';

const goodsAt = (n: number): string => `g${n % GOODS}`;
const define = (kind: string, key: string, document: object): Command =>
  ({ type: 'put-definition', kind, key, state: 'active', document }) as Command;

/** A member, or a stock, gets more than all that is asked for. */
export const given = (to: string, asset = ASSET): TransferCommand => ({
  type: 'transfer',
  id: `f-${to.replace('#', '')}`,
  legs: [{ from: '@issue', to, asset, amount: PLENTY }],
});

/** Tells a ledger its goods, and their stock. They decide a while after (LEAD_MS). */
export async function openMall(engine: Engine): Promise<void> {
  for (const asset of [ASSET, PIECE])
    expectPosted(await engine.submit({ type: 'define-asset', asset, scale: 0, lotTracked: false }));
  expectPosted(await engine.submit(define('programme', PROGRAMME, { asset: ASSET, zone: 'UTC' })));
  const of = { programme: PROGRAMME, price: 1, delivery: 'physical', stockAsset: PIECE };
  for (const key of [HOT, GONE, ...Array.from({ length: GOODS }, (_, n) => goodsAt(n))]) {
    expectPosted(await engine.submit(define('goods', key, of)));
    const stock = given(`#item:${key}`, PIECE) as never;
    if (key !== GONE) expectPosted(await engine.own.submit(stock));
  }
}

/** Does the mall decide on the shard of this member? */
export const isOpenTo = (owner: string): ActCommand => ({
  ...{ type: 'act', act: 'order-quote', owner, body: { goods: HOT } },
});

/** Looks at an answer that is expected to be a refusal. */
export function expectSoldOut(outcome: Outcome): void {
  if (outcome.ok || outcome.code !== 'SOLD_OUT')
    throw new Error(`what is sold out: ${outcome.ok ? 'ordered' : outcome.code}`);
}

/** What is asked, one after the other, by members in turn. */
export class Shoppers {
  readonly #users: number;
  #count = 0;

  constructor(users: number) {
    this.#users = users;
  }

  /** Whose turn it is. */
  owner(n = this.#count++): string {
    return `u${(n * 7_919) % this.#users}`;
  }

  spend(): TransferCommand {
    const n = this.#count++;
    const legs = [{ from: this.owner(n), to: '@redeem', asset: ASSET, amount: 1 }];
    return { type: 'transfer', id: `s${n}`, legs };
  }

  spread(): ActCommand {
    return this.#order(goodsAt(this.#count));
  }

  hot(): ActCommand {
    return this.#order(HOT);
  }

  soldOut(): ActCommand {
    return this.#order(GONE);
  }

  #order(goods: string): ActCommand {
    const n = this.#count++;
    return { type: 'act', act: 'order', id: `o${n}`, owner: this.owner(n), body: { goods } };
  }
}
