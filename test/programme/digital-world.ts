// A mall in memory with codes and gift cards. Owns: how they get there, what is told of them. Never touches: what orders come to.

import { balancesOf, recordOf } from '../../engine/ledger/reads.js';
import { CARD } from '../../engine/programme/mall/cards.js';
import { codeName, codeOwner, FREE_CODE } from '../../engine/programme/mall/codes.js';
import { recordTypeOf } from '../../engine/programme/plan.js';
import { cardCode, cardId, cardOwner } from '../../engine/protocol/card-code.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { proof } from './coupon-world.js';
import { ASSET, SHOP } from './earning-world.js';
import { MallWorld, PIECE } from './mall-world.js';

export const BOOK = { programme: SHOP, price: 100, delivery: 'code', stockAsset: PIECE };
export const GIFT = { programme: SHOP, price: 50, delivery: 'card', cardAmount: 40 };

/** The name of a code of goods. */
export const named = (code: string, goods = 'book'): string => codeName(goods, code, proof);
/** What the ledger knows the n-th card of a test by. */
export const cardNumbered = (n: number): string =>
  cardId(cardCode(proof(`card number ${n}`)), proof);

export class DigitalWorld extends MallWorld {
  #n = 0;

  /** What only the ledger itself asks for. */
  own(act: string, owner: string, body: object, id = `w${++this.#n}`): Outcome {
    return this.do({ type: 'act', id, owner, act, body } as never);
  }

  /** Codes come: `added known`, summed, or the first refusal. */
  upload(codes: readonly string[], goods = 'book'): string {
    let [added, known] = [0, 0];
    for (const code of codes) {
      const name = named(code, goods);
      const body = { goods, codes: [[name, `sealed-${code}`]] };
      const outcome = this.own('code-add', codeOwner(goods, name), body);
      if (!outcome.ok) return outcome.code;
      const told = outcome.act?.effects[0] as unknown as { added: number; known: number };
      added += told.added;
      known += told.known;
    }
    return `${added} ${known}`;
  }

  /** Codes are withdrawn: `withdrawn before given unknown`, summed, or the first refusal. */
  withdraw(codes: readonly string[], goods = 'book'): string {
    const sums = [0, 0, 0, 0];
    for (const code of codes) {
      const name = named(code, goods);
      const body = { goods, asset: PIECE, codes: [name] };
      const outcome = this.own('code-withdraw', codeOwner(goods, name), body);
      if (!outcome.ok) return outcome.code;
      const told = outcome.act?.effects[0] as unknown as Record<string, number>;
      ['withdrawn', 'before', 'given', 'unknown'].forEach((what, at) => {
        sums[at]! += told[what]!;
      });
    }
    return sums.join(' ');
  }

  isFree(code: string, goods = 'book'): boolean {
    const name = named(code, goods);
    const type = recordTypeOf(FREE_CODE);
    return recordOf(this.ledger.state, codeOwner(goods, name), type, name) !== undefined;
  }

  issue(n: number, amount: number, expiresAt?: number, id?: string): string {
    const body = { programme: SHOP, amount, ...(expiresAt === undefined ? {} : { expiresAt }) };
    const outcome = this.own('card-issue', cardOwner(cardNumbered(n)), body, id);
    return outcome.ok ? 'ok' : outcome.code;
  }

  extend(n: number, expiresAt?: number): string {
    const body = expiresAt === undefined ? {} : { expiresAt };
    const outcome = this.own('card-extend', cardOwner(cardNumbered(n)), body);
    return outcome.ok ? 'ok' : outcome.code;
  }

  /** What is left of a card, by number or by what the ledger knows it by. */
  left(card: number | string): number {
    const owner = cardOwner(typeof card === 'string' ? card : cardNumbered(card));
    const found = balancesOf(this.ledger.state, owner).find(({ asset }) => asset === ASSET);
    return found?.available ?? 0;
  }

  isCard(card: string): boolean {
    return recordOf(this.ledger.state, cardOwner(card), recordTypeOf(CARD), CARD) !== undefined;
  }
}

/** What cards pay of an order. */
export const parts = (...all: readonly (readonly [n: number, amount: number])[]) => ({
  cards: all.map(([n, amount]) => ({ card: cardNumbered(n), amount })),
});
