// The mall as a node shows it. Owns: its parts, when they begin and end. Never touches: what is in them.

import type { Engine } from '../../engine/index.js';
import { Catalogue } from './catalogue.js';
import { Following } from './following.js';
import { HotAnswers } from './hot.js';
import { Recommendations } from './recommendations.js';
import { Stocks } from './stocks.js';
import { Telling } from './telling.js';
import { Warming } from './warming.js';

export class Mall {
  readonly catalogue = new Catalogue();
  readonly hot = new HotAnswers();
  readonly stocks: Stocks;
  readonly recommendations: Recommendations;
  readonly #following: Following;
  readonly #telling: Telling;
  readonly #warming: Warming;

  constructor(engine: Engine) {
    this.stocks = new Stocks(engine);
    this.recommendations = new Recommendations(
      (query) => engine.orders(query),
      () => engine.now(),
    );
    this.#following = new Following(engine, this.catalogue);
    this.#telling = new Telling(engine, this.catalogue, this.stocks);
    this.#warming = new Warming(this, engine);
  }

  /** Are all goods known? */
  get isWhole(): boolean {
    return this.#following.isWhole;
  }

  start(): void {
    this.#following.start();
    this.#telling.start();
    this.#warming.start();
  }

  async close(): Promise<void> {
    this.#warming.close();
    await Promise.all([this.#following.close(), this.#telling.close()]);
  }
}
