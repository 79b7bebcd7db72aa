// Somebody who watches an owner's balances, and knows what was told. Owns: the comparison with the history. Never touches: the
// ledger's files.

import type { BalanceEvent, Engine, HistoryEntry, WatchOptions } from '../../engine/index.js';
import { until } from '../until.js';
import { textOf } from './ledger.js';

/** Somebody who watches, goes away and comes back with the versions that it has seen. */
export class Watcher {
  readonly owner: string;
  readonly seen = new Map<string, HistoryEntry[]>();
  readonly problems: string[] = [];
  #versions: Record<string, number> = Object.create(null);
  #hasBegun = false;
  #end: () => void = () => {};

  constructor(owner: string) {
    this.owner = owner;
  }

  begin(ledger: Engine): void {
    const options: WatchOptions = this.#hasBegun ? { versions: { ...this.#versions } } : {};
    let isOver = false;
    const end = ledger.watchBalances(
      this.owner,
      (event) => {
        if (!isOver) this.#take(event);
        else this.problems.push(`told ${event.type} after the end`);
      },
      options,
    );
    this.#end = () => {
      isOver = true;
      end();
    };
  }

  end(): void {
    this.#end();
  }

  #take(event: BalanceEvent): void {
    if (event.type === 'ended') {
      if (event.refusal.code !== 'CLOSING') this.problems.push(event.refusal.code);
    } else if (event.type === 'balances') {
      for (const { asset, version } of event.balances) {
        const known = this.#versions[asset];
        if (known !== undefined && known !== version)
          this.problems.push(`snapshot ${version} after ${known}`);
        this.#versions[asset] = version;
        // What was there before it first looked is nothing that it was to see.
        if (!this.seen.has(asset)) this.seen.set(asset, []);
      }
      this.#hasBegun = true;
    } else {
      for (const entry of event.entries) {
        const { asset, version } = entry;
        const known = this.#versions[asset] ?? 0;
        if (version !== known + 1) this.problems.push(`${asset}: ${version} after ${known}`);
        this.#versions[asset] = version;
        const seen = this.seen.get(asset) ?? [];
        this.seen.set(asset, seen);
        seen.push(entry);
      }
    }
  }

  /** Waits until it has seen what there is now. */
  async isCurrent(ledger: Engine): Promise<void> {
    const balances = await ledger.balance(this.owner);
    if (!Array.isArray(balances)) throw new Error('no balances');
    const isAt = () =>
      balances.every(({ asset, version }) => (this.#versions[asset] ?? 0) >= version);
    await until(`the last version of ${this.owner}`, isAt);
  }

  /** Does what it saw equal the history, to its end? */
  async check(ledger: Engine): Promise<string[]> {
    const found = [...this.problems];
    const balances = await ledger.balance(this.owner);
    if (!Array.isArray(balances)) return [...found, 'no balances'];
    for (const { asset, version } of balances) {
      const seen = this.seen.get(asset) ?? [];
      if ((this.#versions[asset] ?? 0) !== version)
        found.push(`${asset} ends at ${this.#versions[asset]}, not ${version}`);
      const first = seen[0]?.version ?? version + 1;
      const told: HistoryEntry[] = [];
      for (let at = first; at <= version; at += 1000) {
        const query = {
          owner: this.owner,
          asset,
          order: 'oldest',
          limit: 1000,
          version: at,
        } as const;
        const page = await ledger.entries(query);
        if (page.ok) told.push(...page.entries);
      }
      if (textOf(told) !== textOf(seen)) found.push(`${asset}: other entries than the history's`);
    }
    return found;
  }
}
