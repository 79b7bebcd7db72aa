// Balances as they change. Owns: who watches which owner of one shard, and that nobody misses anything. Never touches: state.
//   live.W1. Each account's entries are told exactly once, in the order of their versions, without a gap.
//   live.W3. A snapshot is asked for after its origin tells of changes: what it lacks is in one that is yet to come, and what
//       it has already is known by its version. Where a change does not come, the next version, or what the origin says of
//       versions, tells that it is missing, and it is read.

import type { WatchOptions } from '../api.js';
import { ENTRIES_PAGE_MAX } from '../limits.js';
import type { Grants } from '../protocol/grants.js';
import {
  type Balance,
  type EntryPage,
  type HistoryEntry,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import type { EntriesQuery } from '../protocol/reads.js';
import { type Listener, Watch } from './watch.js';

/** What watching needs of the ledger. */
export interface LiveSource {
  balance(owner: string): Promise<readonly Balance[] | Refused>;
  as(grants: Grants): { entries(query: EntriesQuery): Promise<EntryPage | Refused> };
}

/** Where changes come from. */
export interface LiveOrigin {
  /** Resolves when it tells (LiveBalances.changed) of every change of this owner from then on, as well as it can. Rejects where it never will. */
  begin(owner: string): Promise<void>;
  /** Nobody watches this owner any more. */
  end(owner: string): void;
  /** How long to wait where the shard cannot be reached, before it is asked again; undefined: that is the end. */
  readonly retryMs: number | undefined;
}

/** Those who watch owners of one shard. */
export class LiveBalances {
  readonly #origin: LiveOrigin;
  readonly #source: LiveSource;
  readonly #watches = new Map<string, Set<Watch>>();

  /** `origin` is given what tells it of changes. */
  constructor(origin: (live: LiveBalances) => LiveOrigin, source: LiveSource) {
    this.#origin = origin(this);
    this.#source = source;
  }

  /** Watches an owner of this shard, whose name and options have been looked at. Returns a function that ends it. */
  watch(owner: string, listener: Listener, options: WatchOptions): () => void {
    const watch = new Watch(owner, listener, options);
    const others = this.#watches.get(owner);
    if (others === undefined) this.#watches.set(owner, new Set([watch]));
    else others.add(watch);
    this.#origin
      .begin(owner)
      .then(() => this.#open(watch))
      .catch(() => this.#end(watch, refused('SHARD_FAILED')));
    return () => {
      watch.isEnded = true;
      this.#remove(watch);
    };
  }

  #remove(watch: Watch): void {
    const others = this.#watches.get(watch.owner);
    if (others?.delete(watch) !== true || others.size > 0) return;
    this.#watches.delete(watch.owner);
    this.#origin.end(watch.owner);
  }

  #end(watch: Watch, refusal: Refused): void {
    this.#remove(watch);
    watch.end(refusal);
  }

  /** Tells what was missed and the balances, and hands over to what is live. */
  async #open(watch: Watch): Promise<void> {
    while (!watch.isEnded) {
      watch.hasLost = false;
      watch.waiting = [];
      const found = await this.#source.balance(watch.owner);
      const balances = 'ok' in found ? [] : found.filter(({ asset }) => watch.isFor(asset));
      const isBehind = watch.resumes || watch.hasBegun;
      const refusal =
        'ok' in found ? found : isBehind ? await this.#catchUp(watch, balances) : undefined;
      if (watch.isEnded) return;
      const { retryMs } = this.#origin;
      if (refusal?.code === 'SHARD_UNAVAILABLE' && retryMs !== undefined)
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      else if (refusal !== undefined) return this.#end(watch, refusal);
      // Where too much came meanwhile to be kept, or not all, what is missed has grown: once more.
      else if (!watch.hasLost && watch.begin(balances)) return;
    }
  }

  /** Tells the entries up to these balances that were not told yet. */
  async #catchUp(watch: Watch, balances: readonly Balance[]): Promise<Refused | undefined> {
    const reader = this.#source.as(watch.grants);
    const known = new Map(balances.map(({ asset, version }) => [asset, version]));
    for (const [asset, version] of watch.versions)
      if (watch.isFor(asset) && version > (known.get(asset) ?? 0))
        return refused('POSITION_AHEAD', `versions.${asset}`);
    for (const [asset, last] of known) {
      for (;;) {
        const version = (watch.versions.get(asset) ?? 0) + 1;
        if (version > last || watch.isEnded) break;
        const limit = Math.min(ENTRIES_PAGE_MAX, last - version + 1);
        const { owner } = watch;
        const page = await reader.entries({ owner, asset, order: 'oldest', version, limit });
        if (!page.ok) return page;
        if (page.entries[0]?.version !== version)
          throw new Error(`entry ${version} of ${owner} in ${asset} is missing`);
        if (!watch.isEnded) await watch.tell(page.entries);
      }
    }
    return undefined;
  }

  /** The origin tells of changes of one owner. */
  changed(owner: string, entries: readonly HistoryEntry[]): void {
    for (const watch of this.#watches.get(owner) ?? [])
      if (!watch.changed(entries)) this.#repair(watch);
  }

  /** The origin tells which versions there are: what was told must not be behind them. */
  isAt(owner: string, versions: ReadonlyMap<string, number>): void {
    for (const watch of this.#watches.get(owner) ?? [])
      for (const [asset, version] of versions)
        if (watch.waiting === null && watch.misses(asset, version + 1)) this.#repair(watch);
  }

  /** Reads what is missing. */
  #repair(watch: Watch): void {
    watch.waiting = [];
    this.#open(watch).catch(() => this.#end(watch, refused('SHARD_FAILED')));
  }

  /** Ends all. */
  close(): void {
    for (const watches of [...this.#watches.values()])
      for (const watch of [...watches]) this.#end(watch, refused('CLOSING'));
  }
}
