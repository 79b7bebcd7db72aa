// What is left of goods, as it was a moment ago. Owns: what was looked up, and when it is looked up again. Never touches: whether an order gets a piece,
// which shards decide.
//   shown.T1. However many ask at once, the ledger is asked once; and who asks again within STALE_MS is answered out of memory.

import { type Engine, stockOf } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';

/** From this age on it is looked up again while the old figure is told. */
const FRESH_MS = 1_000;
/** From this age on nobody is told of it before it was looked up again. */
const STALE_MS = 2_000;
/** Stocks that are known at once. */
const KNOWN_MAX = 100_000;

interface Known {
  /** Undefined: the ledger could not say. */
  left: number | undefined;
  at: number;
  asking: Promise<number | undefined> | undefined;
}

export class Stocks {
  readonly #engine: { readonly own: Pick<Engine['own'], 'pool'> };
  readonly #known = new Map<string, Known>();

  constructor(engine: { readonly own: Pick<Engine['own'], 'pool'> }) {
    this.#engine = engine;
  }

  /** Pieces of goods that are left, in this asset; undefined: it is not known now. */
  async left(goods: string, asset: string): Promise<number | undefined> {
    const known = this.#knownOf(`${goods} ${asset}`);
    const age = performance.now() - known.at;
    if (age < FRESH_MS) return known.left;
    const asking = (known.asking ??= this.#ask(known, goods, asset));
    return age < STALE_MS && known.left !== undefined ? known.left : asking;
  }

  #knownOf(name: string): Known {
    let known = this.#known.get(name);
    if (known === undefined) {
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      known = { left: undefined, at: Number.NEGATIVE_INFINITY, asking: undefined };
      this.#known.set(name, known);
    }
    return known;
  }

  async #ask(known: Known, goods: string, asset: string): Promise<number | undefined> {
    try {
      const pool = await this.#engine.own.pool(stockOf(goods), asset);
      known.left = isRefusal(pool) ? undefined : pool.available;
    } catch {
      known.left = undefined;
    } finally {
      known.at = performance.now();
      known.asking = undefined;
    }
    return known.left;
  }
}
