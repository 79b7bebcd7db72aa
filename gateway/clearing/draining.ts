// Exchanges that wait for points are carried out once there are some, or end when they have waited long enough. Owns: when that is looked for, in which
// order it is asked for. Never touches: whether one is, which the commits of `exchange-complete` and `exchange-expire` judge.
//   clearing.D1. The node with an asset's list looks. Whoever asks again carries nothing out twice, and nobody remembers where he was: the list says it.
//   clearing.D2. The first one is first: where the reserve has too little for it, those behind it wait, too. One that cannot be carried out for what
//       is its own (the account is frozen, a user is not known any more) holds up nobody.

import {
  type Engine,
  type PendingExchange,
  pendingExchanges,
  pendingExchangesOwner,
  type RefusalCode,
} from '../../engine/index.js';
import { documentAt } from '../known-definitions.js';
import { lookRepeatedly } from '../looking.js';
import { isRefusal } from '../refusal.js';
import { exchangedAssets } from './pending.js';

/** How often it is looked for. */
const LOOK_MS = 1_000;
const PAGE = 256;

/** The reserve has not so much now, or it cannot be had now: those behind wait, too. */
const WAIT: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  ...(['RESERVE_SHORT', 'BUDGET_SHORT', 'BUDGET_BUSY', 'BUDGET_EXHAUSTED'] as const),
  ...(['SHARD_UNAVAILABLE', 'SHARD_BUSY', 'DISK_FULL', 'CLOSING'] as const),
]);

export class Draining {
  readonly #engine: Engine;
  readonly #ending = new AbortController();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Looks from now on, for the lists that this node has. */
  start(): void {
    void lookRepeatedly('pending exchanges', LOOK_MS, this.#ending.signal, () => this.look());
  }

  /** Asks for nothing more; what a shard elsewhere does not answer, is not waited for. */
  close(): void {
    this.#ending.abort();
  }

  /** Carries out what can be, and ends what is over. */
  async look(): Promise<void> {
    const engine = this.#engine;
    const assets = await exchangedAssets(engine);
    if (isRefusal(assets)) return;
    const here = assets.filter((asset) =>
      engine.shardsHere.includes(engine.shardOf(pendingExchangesOwner(asset))),
    );
    for (const asset of here) await this.#drain(asset);
  }

  async #drain(asset: string): Promise<void> {
    const { own } = this.#engine;
    let left: number | undefined;
    for (let after: string | undefined; !this.#ending.signal.aborted; ) {
      const page = await pendingExchanges(own, asset, { after, limit: PAGE });
      if (isRefusal(page)) return;
      if (page.length > 0) left ??= await this.#available(asset);
      for (const one of page) {
        if (this.#ending.signal.aborted) return;
        left = await this.#lookAt(one, left ?? 0);
      }
      after = page.at(-1)?.key;
      if (page.length < PAGE) return;
    }
  }

  /** How many points there are after it for those behind. */
  async #lookAt(one: PendingExchange, left: number): Promise<number> {
    const { owner, submission, result, until } = one;
    const { own } = this.#engine;
    const isOver = this.#engine.now() >= until;
    if (!isOver && left < result) return 0;
    const act = isOver ? 'exchange-expire' : 'exchange-complete';
    const outcome = await own.submit({ type: 'act', act, owner, body: { submission } });
    if (outcome.ok) return isOver ? left : left - result;
    return WAIT.has(outcome.code) ? 0 : left;
  }

  /** What the reserve has of an asset; where there is none, it holds up nothing. */
  async #available(asset: string): Promise<number> {
    const document = await documentAt(this.#engine, 'exchanging', asset);
    if (document === undefined || isRefusal(document)) return 0;
    if (document['reserve'] !== 'pool') return Number.POSITIVE_INFINITY;
    const pool = await this.#engine.own.pool(`#reserve:${document['platform']}`, asset);
    return isRefusal(pool) ? 0 : pool.available;
  }
}
