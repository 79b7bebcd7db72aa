// The mall as a node shows it. Owns: its parts, when they begin and end. Never touches: what is in them.

import type { Engine } from '../../engine/index.js';
import { Catalogue } from './catalogue.js';
import { Following } from './following.js';
import { HotAnswers } from './hot.js';
import { Stocks } from './stocks.js';

export class Mall {
  readonly catalogue = new Catalogue();
  readonly hot = new HotAnswers();
  readonly stocks: Stocks;
  readonly #following: Following;

  constructor(engine: Engine) {
    this.stocks = new Stocks(engine);
    this.#following = new Following(engine, this.catalogue);
  }

  /** Are all goods known? */
  get isWhole(): boolean {
    return this.#following.isWhole;
  }

  start(): void {
    this.#following.start();
  }

  close(): Promise<void> {
    return this.#following.close();
  }
}
