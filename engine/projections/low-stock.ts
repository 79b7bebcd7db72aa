// Goods of which few pieces are left: said once in the log, so that the feed tells it, and counted for whoever watches the ledger. Owns: both.
// Never touches: what is left, which stock-watch.ts says; whether it was said already, which the commit judges (mall.L1).

import { stockOf } from '../programme/definitions/goods.js';
import { isLow, LOW_STOCK, lowStockOf } from '../programme/mall/low-stock.js';
import { recordTypeOf } from '../programme/plan.js';
import { isRefusal } from '../protocol/outcomes.js';
import type { Own } from './leaderboards.js';
import type { LowGoods } from './messages.js';
import { Later, type LeftOfGoods, type StockReader } from './stock-watch.js';

const recordType = recordTypeOf(LOW_STOCK);

export class LowStock implements StockReader {
  readonly #own: Own;
  readonly #low = new Map<string, LowGoods>();

  constructor(own: Own) {
    this.#own = own;
  }

  /** As it was seen last, by the node with the first shard. */
  get goods(): readonly LowGoods[] {
    return [...this.#low.values()];
  }

  async look({ key, document, left: leftNow }: LeftOfGoods): Promise<boolean> {
    const under = lowStockOf(document);
    if (under === 0 && !this.#low.has(key)) return true;
    const left = await leftNow();
    if (left === undefined) return true;
    const owner = stockOf(key);
    const told = await this.#own.record(owner, recordType, LOW_STOCK);
    if (isRefusal(told)) throw new Later();
    const isNow = isLow(left, under, told !== undefined);
    if (isNow) this.#low.set(key, { goods: key, left, under });
    else this.#low.delete(key);
    if (isNow === (told !== undefined)) return true;
    const body = { goods: key, state: isNow ? 'low' : 'enough', left, under };
    const outcome = await this.#own.submit({ type: 'act', owner, act: 'stock-low', body });
    return outcome.ok || outcome.code === 'STOCK_TOLD';
  }
}
