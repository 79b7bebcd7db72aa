// Owners that other nodes watch on shards of this one. Owns: for whom each is watched, and until when. Never touches: what is done
// with the changes elsewhere.
//   live.W4. Another node asks again before its time is up; a node that does not is forgotten, and so are its owners.

import { WATCH_LEASE_MS, WATCH_OWNERS_MAX } from '../limits.js';
import type { BalanceEvent, HistoryEntry } from '../protocol/outcomes.js';
import { isSystemOwner, userProblem } from '../protocol/syntax.js';
import type { LiveBalances } from './balances.js';

/** What leases need of the ledger. */
export interface LeaseHost {
  /** The owners of a shard here. */
  live(shard: number): LiveBalances | undefined;
  shardOf(owner: string): number;
  /** Is this one of the cluster's nodes? */
  isNode(node: string): boolean;
  /** Tells a node's session of changes of one owner. */
  tell(node: string, session: number, shard: number, entries: readonly HistoryEntry[]): void;
}

/** One owner, watched for one session of a node. */
interface Lease {
  until: number;
  readonly versions: Map<string, number>;
  /** Resolves when changes are told. */
  readonly begun: Promise<void>;
  readonly end: () => void;
}

/** The answer to who asks: the versions told so far, by owner and asset. */
export type LeaseAnswer = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class LiveLeases {
  readonly #host: LeaseHost;
  /** By node, session, and owner. */
  readonly #leases = new Map<string, Lease>();
  readonly #timer: NodeJS.Timeout;

  constructor(host: LeaseHost) {
    this.#host = host;
    this.#timer = setInterval(() => this.#forget(performance.now()), WATCH_LEASE_MS / 2);
    this.#timer.unref();
  }

  /** A node asks to be told of owners, for WATCH_LEASE_MS from now on. Rejects where it asks for something else. */
  async take(shard: number, asked: Readonly<Record<string, unknown>>): Promise<LeaseAnswer> {
    const { node, session, owners } = asked;
    const live = this.#host.live(shard);
    const isSound =
      live !== undefined &&
      typeof node === 'string' &&
      this.#host.isNode(node) &&
      Number.isSafeInteger(session) &&
      Array.isArray(owners) &&
      owners.length <= WATCH_OWNERS_MAX &&
      owners.every((owner) => this.#isHere(owner, shard));
    if (!isSound) throw new TypeError('what was asked for is not owners of this shard');
    const leases = (owners as string[]).map((owner) =>
      this.#lease(live, shard, node, session as number, owner),
    );
    await Promise.all(leases.map(({ begun }) => begun));
    return Object.fromEntries(
      leases.map(({ versions }, i) => [owners[i], Object.fromEntries(versions)]),
    );
  }

  #isHere(owner: unknown, shard: number): boolean {
    if (userProblem(owner) !== null || isSystemOwner(owner as string)) return false;
    return this.#host.shardOf(owner as string) === shard;
  }

  #lease(live: LiveBalances, shard: number, node: string, session: number, owner: string): Lease {
    const key = `${node} ${session} ${owner}`;
    const until = performance.now() + WATCH_LEASE_MS;
    const known = this.#leases.get(key);
    if (known !== undefined) {
      known.until = until;
      return known;
    }
    const versions = new Map<string, number>();
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const listener = (event: BalanceEvent): void => {
      if (event.type !== 'ended') {
        const told = event.type === 'entries' ? event.entries : event.balances;
        for (const { asset, version } of told) versions.set(asset, version);
        if (event.type === 'entries') this.#host.tell(node, session, shard, event.entries);
      } else this.#leases.delete(key);
      begin();
    };
    const lease = { until, versions, begun, end: live.watch(owner, listener, {}) };
    this.#leases.set(key, lease);
    return lease;
  }

  #forget(now: number): void {
    for (const [key, { until, end }] of this.#leases) {
      if (until > now) continue;
      this.#leases.delete(key);
      end();
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { end } of this.#leases.values()) end();
    this.#leases.clear();
  }
}
