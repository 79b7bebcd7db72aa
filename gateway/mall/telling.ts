// Members who wait for goods are told when there are pieces again. Owns: when that is looked for, and asked for. Never touches: whether somebody is
// told, which the commit of `goods-back` judges.
//   shown.W1. The node with the list of goods that are waited for looks. Whoever asks again, with whatever is there by then, tells nobody twice: the
//       act takes away what says that the member waits, and has the same id each time.

import {
  type AwaitedGoods,
  awaitedGoods,
  type Engine,
  unlistGoods,
  waitingFor,
  waitlistsOwner,
} from '../../engine/index.js';
import { lookRepeatedly } from '../looking.js';
import { isRefusal } from '../refusal.js';
import type { Catalogue } from './catalogue.js';
import type { Stocks } from './stocks.js';

/** How often it is looked for. */
const LOOK_MS = 2_000;
/** Members who are told at a time. */
const AT_A_TIME = 16;

/** What is needed of the ledger. */
export type Told = Pick<Engine, 'now' | 'own' | 'shardOf' | 'shardsHere'>;

export class Telling {
  readonly #engine: Told;
  readonly #catalogue: Catalogue;
  readonly #stocks: Stocks;
  readonly #ending = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(engine: Told, catalogue: Catalogue, stocks: Stocks) {
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.#stocks = stocks;
  }

  /** Looks from now on, where this node has the list. */
  start(): void {
    const { shardOf, shardsHere } = this.#engine;
    if (!shardsHere.includes(shardOf.call(this.#engine, waitlistsOwner))) return;
    const { signal } = this.#ending;
    this.#working = lookRepeatedly('waiting lists', LOOK_MS, signal, () => this.look());
  }

  close(): Promise<void> {
    this.#ending.abort();
    return this.#working;
  }

  /** Tells those that wait for goods of which there are pieces. */
  async look(): Promise<void> {
    const { own } = this.#engine;
    const { signal } = this.#ending;
    let after: string | undefined;
    do {
      const page = await awaitedGoods(own, after);
      if (isRefusal(page)) return;
      for (const one of page) if (!signal.aborted) await this.#lookAt(one);
      after = page.at(-1)?.goods;
    } while (after !== undefined && !signal.aborted);
  }

  async #lookAt(one: AwaitedGoods): Promise<void> {
    const { own, now } = this.#engine;
    const { goods } = one;
    const good = this.#catalogue.good(goods, now.call(this.#engine));
    const asset = good?.version.document.stockAsset;
    const left = asset === undefined ? 0 : ((await this.#stocks.left(goods, asset)) ?? 0);
    const waiting = await waitingFor(own, goods, left > 0 ? AT_A_TIME : 1);
    if (isRefusal(waiting)) return;
    if (waiting.length === 0) await unlistGoods(own, one);
    if (left === 0) return;
    const outcomes = await Promise.all(
      waiting.map(({ owner, since }) =>
        own.submit({
          ...{ type: 'act', act: 'goods-back', owner, body: { goods, since } },
          id: `goods-back:${goods}:${since}`,
        }),
      ),
    );
    // Those that cannot be told now are looked at again later: with one of them first, no others are seen.
    const isStuck = outcomes.every((outcome) => !outcome.ok && outcome.code !== 'WAITING_OVER');
    if (waiting.length === AT_A_TIME && !isStuck && !this.#ending.signal.aborted)
      await this.#lookAt(one);
  }
}
