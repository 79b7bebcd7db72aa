// Balances as they change. Owns: who watches which owner of one shard, and what each has been told. Never touches: state.
//   W1. Each account's entries are told exactly once, in the order of their versions, without a gap.
//   W2. A block is looked through once, whoever watches; an owner that nobody watches costs a look-up.
//   W3. A snapshot is asked for after the shard tells its blocks: what it lacks is in a block that is yet to come, and what
//       it has already is known by its version.

import type { LiveBlock, ShardFeed } from './feed.js';
import type { EntriesQuery, WatchOptions } from './index.js';
import { ENTRIES_PAGE_MAX, LIVE_WAITING_MAX } from './limits.js';
import { RECORD_HEAD } from './protocol/effects.js';
import {
  type Balance,
  type BalanceEvent,
  type EntryPage,
  type HistoryEntry,
  type Refused,
  refused,
} from './protocol/outcomes.js';
import { isAssetCode, userProblem } from './protocol/validate.js';
import { historyEntry } from './shard/history.js';

/** What watching needs of the ledger. */
export interface LiveSource {
  balance(owner: string): Promise<readonly Balance[] | Refused>;
  entries(query: EntriesQuery): Promise<EntryPage | Refused>;
}

type Listener = (event: BalanceEvent) => void | Promise<void>;

/** One who watches an owner. */
class Watch {
  readonly owner: string;
  readonly #asset: string | undefined;
  readonly #listener: Listener;
  /** Was something missed before it began? */
  readonly resumes: boolean;
  /** The last version told, by asset. */
  readonly versions: Map<string, number>;
  /** Changes that came while what is before them is being read; null: none is. */
  waiting: HistoryEntry[] | null = [];
  /** There were too many of them. */
  hasLost = false;
  isEnded = false;

  constructor(owner: string, listener: Listener, { asset, versions }: WatchOptions) {
    this.owner = owner;
    this.#asset = asset;
    this.#listener = listener;
    this.resumes = versions !== undefined;
    this.versions = new Map(Object.entries(versions ?? {}));
  }

  isFor(asset: string): boolean {
    return this.#asset === undefined || this.#asset === asset;
  }

  /** Live changes: told, or kept until their turn. */
  changed(entries: readonly HistoryEntry[]): void {
    if (this.waiting === null) this.tell(entries);
    else if (this.waiting.length + entries.length <= LIVE_WAITING_MAX)
      this.waiting.push(...entries);
    else this.hasLost = true;
  }

  /** Tells those that were not told yet. */
  tell(entries: readonly HistoryEntry[]): void | Promise<void> {
    const fresh = entries.filter(({ asset, version }) => {
      const isFresh = this.isFor(asset) && version > (this.versions.get(asset) ?? 0);
      if (isFresh) this.versions.set(asset, version);
      return isFresh;
    });
    if (fresh.length === 0) return;
    // The same array for all who watch, so that what they make of it they make once.
    const told = fresh.length === entries.length ? entries : fresh;
    return this.#listener({ type: 'entries', entries: told });
  }

  /** Tells the balances, and then what came meanwhile. */
  begin(balances: readonly Balance[]): void {
    for (const { asset, version } of balances) this.versions.set(asset, version);
    this.#listener({ type: 'balances', balances });
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.tell(waiting);
  }

  end(refusal: Refused): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#listener({ type: 'ended', refusal });
  }
}

/** What is wrong with what somebody wants to watch, if anything. */
export function watchProblem(
  owner: string,
  { asset, versions = {} }: WatchOptions,
): Refused | undefined {
  const code = userProblem(owner);
  if (code !== null) return refused(code, 'owner');
  if (asset !== undefined && !isAssetCode(asset)) return refused('ASSET_INVALID', 'asset');
  for (const [name, version] of Object.entries(versions)) {
    if (!isAssetCode(name)) return refused('ASSET_INVALID', 'versions');
    if (!(Number.isSafeInteger(version) && version >= 0))
      return refused('VERSION_INVALID', `versions.${name}`);
  }
  return undefined;
}

/** Those who watch owners of one shard. */
export class LiveBalances {
  readonly #feed: ShardFeed;
  readonly #source: LiveSource;
  readonly #watches = new Map<string, Set<Watch>>();
  #tapped: Promise<() => void> | undefined;

  constructor(feed: ShardFeed, source: LiveSource) {
    this.#feed = feed;
    this.#source = source;
  }

  /** Watches an owner of this shard, whose name and options have been looked at. Returns a function that ends it. */
  watch(owner: string, listener: Listener, options: WatchOptions): () => void {
    const watch = new Watch(owner, listener, options);
    const others = this.#watches.get(owner);
    if (others === undefined) this.#watches.set(owner, new Set([watch]));
    else others.add(watch);
    this.#tapped ??= this.#feed.tap((block) => this.#look(block));
    this.#open(watch, this.#tapped).catch(() => this.#end(watch, refused('SHARD_FAILED')));
    return () => {
      watch.isEnded = true;
      this.#remove(watch);
    };
  }

  #remove(watch: Watch): void {
    const others = this.#watches.get(watch.owner);
    if (others?.delete(watch) !== true || others.size > 0) return;
    this.#watches.delete(watch.owner);
    if (this.#watches.size > 0) return;
    const tapped = this.#tapped;
    this.#tapped = undefined;
    tapped?.then(
      (end) => end(),
      () => undefined,
    );
  }

  #end(watch: Watch, refusal: Refused): void {
    this.#remove(watch);
    watch.end(refusal);
  }

  /** Tells what was missed and the balances, and hands over to what is live. */
  async #open(watch: Watch, tapped: Promise<unknown>): Promise<void> {
    await tapped;
    while (!watch.isEnded) {
      const found = await this.#source.balance(watch.owner);
      if ('ok' in found) return this.#end(watch, found);
      const balances = found.filter(({ asset }) => watch.isFor(asset));
      const refusal = watch.resumes ? await this.#catchUp(watch, balances) : undefined;
      if (refusal !== undefined) return this.#end(watch, refusal);
      if (watch.isEnded) return;
      // Where too much came meanwhile to be kept, what is missed has grown: once more.
      if (!watch.hasLost) return watch.begin(balances);
      watch.hasLost = false;
      watch.waiting = [];
    }
  }

  /** Tells the entries up to these balances that were not told yet. */
  async #catchUp(watch: Watch, balances: readonly Balance[]): Promise<Refused | undefined> {
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
        const page = await this.#source.entries({ owner, asset, order: 'oldest', version, limit });
        if (!page.ok) return page;
        if (page.entries[0]?.version !== version)
          throw new Error(`entry ${version} of ${owner} in ${asset} is missing`);
        if (!watch.isEnded) await watch.tell(page.entries);
      }
    }
    return undefined;
  }

  /** Tells those who watch what a block did to their owners. */
  #look(block: LiveBlock): void {
    const { effects } = block.view;
    const changed = new Map<string, HistoryEntry[]>();
    for (let record = 0; record < effects.u8.length; record += effects.recordLength(record)) {
      let at = record + RECORD_HEAD;
      for (let left = effects.entryCount(record); left > 0; left--) {
        const owner = effects.entryOwner(at);
        if (this.#watches.has(owner)) {
          const found = { view: effects.entry(at), block: block.view };
          const entry = historyEntry(found, block.assets);
          const entries = changed.get(owner);
          if (entries === undefined) changed.set(owner, [entry]);
          else entries.push(entry);
        }
        at += effects.entryLength(at);
      }
    }
    for (const [owner, entries] of changed)
      for (const watch of this.#watches.get(owner) ?? []) watch.changed(entries);
  }

  /** Ends all. */
  close(): void {
    for (const watches of [...this.#watches.values()])
      for (const watch of [...watches]) this.#end(watch, refused('CLOSING'));
  }
}
