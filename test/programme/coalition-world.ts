// A coalition of three platforms in memory. Owns: its documents, how what came of an act is told. Never touches: what exchanges come to.

import { balancesOf } from '../../engine/ledger/reads.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { SECRET } from './coupon-world.js';
import { World } from './earning-world.js';

export const MAIN = {
  currency: 'CNY',
  base: '0.01',
  platforms: { a: '1.0', b: '1.2', c: '0.8' },
  categories: { shopping: '1.0', gaming: '1.5', travel: '2.0' },
  zone: 'Asia/Shanghai',
};
/** Digits after the point of each asset. */
export const SCALES = { alpha: 0, beta: 2, gamma: 0 } as const;
export const SIDES = {
  alpha: { coalition: 'main', platform: 'a', members: 'all' },
  beta: { coalition: 'main', platform: 'b', members: 'all' },
  gamma: { coalition: 'main', platform: 'c', category: 'travel', members: 'all' },
};

/** A code, or what has been exchanged. */
export function said(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code;
  const effects = (outcome.act?.effects ?? []) as readonly Readonly<Record<string, unknown>>[];
  return effects
    .map(({ type, from, to, amount, fee, result }) => {
      if (type === 'exchanged') return `${amount} ${from} - ${fee} = ${result} ${to}`;
      if (type === 'exchangeReturned') return `${result} ${to} back for ${amount} ${from}`;
      return String(type);
    })
    .join(', ');
}

export class CoalitionWorld extends World {
  #n = 0;

  constructor(documents: readonly (readonly [kind: string, key: string, document: object])[] = []) {
    super(undefined, undefined, []);
    this.ledger.ledger.secret = () => SECRET;
    for (const [asset, scale] of Object.entries(SCALES))
      this.do({ type: 'define-asset', asset, scale } as Command);
    this.define('coalition', 'main', MAIN);
    for (const [asset, side] of Object.entries(SIDES)) this.define('exchanging', asset, side);
    for (const [kind, key, document] of documents) this.define(kind, key, document);
  }

  give(to: string, amount: number, asset = 'alpha'): string {
    const legs = [{ from: '@issue', to, asset, amount }];
    const id = `g${++this.#n}`;
    const outcome = this.do({ type: 'transfer', id, legs } as unknown as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  exchange(body: object, owner = 'ann', id = `x${++this.#n}`): string {
    return said(this.act('exchange', { from: 'alpha', to: 'beta', ...body }, owner, id));
  }

  quote(amount: number, body: object = {}, owner = 'ann'): string {
    const whole = { from: 'alpha', to: 'beta', amount, ...body };
    const outcome = this.act('exchange-quote', whole, owner, `q${++this.#n}`);
    return outcome.ok ? String(outcome.act?.effects[0]?.['quote']) : outcome.code;
  }

  /** An exchange that can wait. */
  submit(body: object, owner = 'ann', id = `s${++this.#n}`): string {
    return said(this.act('exchange-submit', { from: 'alpha', to: 'beta', ...body }, owner, id));
  }

  /** What ends one that waits. */
  endsIt(how: 'complete' | 'withdraw' | 'expire', submission: string, owner = 'ann'): string {
    return said(this.act(`exchange-${how}`, { submission }, owner, `${how}${++this.#n}`));
  }

  goesBack(exchange: string, amount?: number, owner = 'ann'): string {
    const body = { exchange, ...(amount === undefined ? {} : { amount }) };
    return said(this.act('exchange-return', body, owner, `r${++this.#n}`));
  }

  undoes(transferId: string, more: object = {}, owner = 'ann'): string {
    const id = `b${++this.#n}`;
    return said(this.do({ type: 'reverse', id, owner, transferId, ...more } as never));
  }

  joins(platform: string, user: string, owner = 'ann', what = 'join'): string {
    return said(this.act(`platform-${what}`, { platform, user }, owner, `j${++this.#n}`));
  }

  held(owner: string, asset = 'alpha'): number {
    return balancesOf(this.ledger.state, owner).find((one) => one.asset === asset)?.held ?? 0;
  }

  has(owner: string, asset = 'alpha'): number {
    return balancesOf(this.ledger.state, owner).find((one) => one.asset === asset)?.available ?? 0;
  }
}
