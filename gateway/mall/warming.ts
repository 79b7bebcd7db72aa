// The goods that most have ordered, ready before anybody asks. Owns: when their answers are made. Never touches: what is in them, which are kept.
//   shown.P1. Once all goods are known, the answers about those of which the last orders are most are made, and counted as asked for so often: from the
//       projection of orders, which every node has. Where that is not as far yet as the log was, it is asked again.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';
import { HOT_MAX } from './hot.js';
import { Recommendations } from './recommendations.js';
import { type Shelf, shownToAll } from './shown.js';

/** When it is asked again: twice as long after each time. */
const [AGAIN_MS, AGAIN_MS_MAX] = [250, 8_000];
/** Answers that are made at a time. */
const AT_A_TIME = 16;

/** What it works on. */
interface Warmed extends Shelf {
  /** Are all goods known? */
  readonly isWhole: boolean;
}

/** Makes ready what is asked for most; done once. */
export class Warming {
  readonly #mall: Warmed;
  readonly #engine: Pick<Engine, 'now' | 'orders' | 'stats'>;
  readonly #ending = new AbortController();

  constructor(mall: Warmed, engine: Pick<Engine, 'now' | 'orders' | 'stats'>) {
    this.#mall = mall;
    this.#engine = engine;
  }

  start(): void {
    void this.#run().catch((error: unknown) => {
      if (!this.#ending.signal.aborted)
        process.emitWarning(`goods to be kept hot: ${(error as Error).message}`);
    });
  }

  /** Waits for nothing: a shard that does not answer holds up no end. */
  close(): void {
    this.#ending.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    const { shards } = await this.#engine.stats();
    const heads = new Map(shards.map(({ shard, durableSeq }) => [shard, durableSeq]));
    for (let pause = AGAIN_MS; !signal.aborted; pause = Math.min(2 * pause, AGAIN_MS_MAX)) {
      const popular = this.#mall.isWhole ? await this.#popular(heads) : undefined;
      if (popular === undefined) {
        await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
        continue;
      }
      for (let at = 0; at < popular.length && !signal.aborted; at += AT_A_TIME)
        await Promise.all(popular.slice(at, at + AT_A_TIME).map((one) => this.#make(one)));
      return;
    }
  }

  /** What was ordered most, of all programmes, and how often; undefined: the projection is not as far as these blocks. */
  async #popular(
    heads: ReadonlyMap<number, number>,
  ): Promise<readonly (readonly [goods: string, orders: number])[] | undefined> {
    const { catalogue } = this.#mall;
    const now = this.#engine.now();
    // Of its own: what is recommended is not to be as of so early.
    const orders = new Recommendations(
      (query) => this.#engine.orders(query),
      () => now,
    );
    const all: (readonly [string, number])[] = [];
    for (const programme of catalogue.programmesWithGoods(now)) {
      const taken = await orders.of(programme);
      if (isRefusal(taken) || !isAsFar(taken.asOf, heads)) return undefined;
      all.push(...taken.ordered);
    }
    return all
      .filter(([goods]) => catalogue.good(goods, now) !== undefined)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, HOT_MAX);
  }

  async #make([goods, orders]: readonly [string, number]): Promise<void> {
    const good = this.#mall.catalogue.good(goods, this.#engine.now());
    if (good === undefined) return;
    this.#mall.hot.expect(goods, orders);
    await shownToAll(this.#mall, good, this.#engine.now());
  }
}

/** Is a position (`0:41,1:7`) as far as these blocks? */
function isAsFar(asOf: string, heads: ReadonlyMap<number, number>): boolean {
  const read = new Map(
    asOf.split(',').map((one) => one.split(':').map(Number) as [number, number]),
  );
  return [...heads].every(([shard, seq]) => (read.get(shard) ?? 0) >= seq);
}
