// What is live of all shards: their feeds, and who watches balances on them. Owns: which shard is served by which of them.
// Never touches: state.

import type { WatchOptions } from '../api.js';
import type { ClusterNode } from '../cluster/node.js';
import type { Histories } from '../reads/histories.js';
import type { LocalLane } from '../router/local-lane.js';
import type { Router } from '../router/router.js';
import { LiveBalances, type LiveSource } from './balances.js';
import { ShardFeed } from './feed.js';
import { type LeaseAnswer, LiveLeases } from './leases.js';
import { LocalOrigin } from './local-origin.js';
import { RemoteOrigin } from './remote-origin.js';
import { type Listener, watchProblem } from './watch.js';

export class Live {
  readonly #router: Router;
  readonly #feeds = new Map<number, ShardFeed>();
  /** By shard. */
  readonly #balances: LiveBalances[] = [];
  readonly #leases: LiveLeases | undefined;

  constructor(
    router: Router,
    histories: Histories,
    node: ClusterNode | undefined,
    source: LiveSource,
  ) {
    this.#router = router;
    for (const lane of router.here) this.#feeds.set(lane.shard, feedOf(lane, router, histories));
    for (const { shard } of router.lanes) {
      const feed = this.#feeds.get(shard);
      if (feed !== undefined)
        this.#balances[shard] = new LiveBalances((live) => new LocalOrigin(feed, live), source);
      else if (node !== undefined) this.#balances[shard] = elsewhere(shard, node, source);
    }
    this.#leases =
      node &&
      new LiveLeases({
        live: (shard) => (this.#feeds.has(shard) ? this.#balances[shard] : undefined),
        shardOf: router.shardOf.bind(router),
        isNode: (name) => node.link.cluster.nodes.has(name),
        tell: node.tellChanges.bind(node),
      });
  }

  /** The feed of a shard; undefined: it is not one of this process. */
  feed(shard: number): ShardFeed | undefined {
    return this.#feeds.get(shard);
  }

  /** See Engine.watchBalances(). */
  watch(owner: string, listener: Listener, options: WatchOptions): () => void {
    const refusal = watchProblem(owner, options);
    if (refusal === undefined) {
      const balances = this.#balances[this.#router.shardOf(owner)];
      if (balances === undefined) throw new Error(`the shard of ${owner} is on no node`);
      return balances.watch(owner, listener, options);
    }
    let isEnded = false;
    queueMicrotask(() => {
      if (!isEnded) listener({ type: 'ended', refusal });
    });
    return () => {
      isEnded = true;
    };
  }

  /** Another node asks to be told of owners on a shard here. */
  tellElsewhere(shard: number, asked: Readonly<Record<string, unknown>>): Promise<LeaseAnswer> {
    if (this.#leases === undefined) return Promise.reject(new Error('there are no other nodes'));
    return this.#leases.take(shard, asked);
  }

  /** Ends all who watch. */
  close(): void {
    this.#leases?.close();
    for (const balances of this.#balances) balances?.close();
  }
}

function feedOf(lane: LocalLane, { assets, folder }: Router, histories: Histories): ShardFeed {
  const { shard } = lane;
  const { path } = folder;
  return new ShardFeed({
    assets,
    watch: (on) => lane.run<number>({ type: 'watch', on }),
    read: (from, to) =>
      histories.read<Uint8Array[]>({ type: 'blocks', folder: path, shard, from, to }),
  });
}

function elsewhere(shard: number, node: ClusterNode, source: LiveSource): LiveBalances {
  return new LiveBalances((live) => {
    const { session } = node.link;
    const ask = (owners: readonly string[]) =>
      node.read<LeaseAnswer>(shard, 'watch', { node: node.link.node, session, owners });
    const origin = new RemoteOrigin(ask, live);
    node.hearChanges(shard, (entries) => origin.heard(entries));
    return origin;
  }, source);
}
