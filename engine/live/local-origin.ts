// Changes of balances out of the feed of a shard of this process. Owns: the looking through blocks. Never touches: who is told.
//   live.W2. A block is looked through once, whoever watches; an owner that nobody watches costs a look-up.

import { RECORD_HEAD } from '../protocol/effects.js';
import type { HistoryEntry } from '../protocol/outcomes.js';
import { historyEntry } from '../shard/history.js';
import type { LiveBalances, LiveOrigin } from './balances.js';
import type { LiveBlock, ShardFeed } from './feed.js';

export class LocalOrigin implements LiveOrigin {
  readonly retryMs = undefined;
  readonly #feed: ShardFeed;
  readonly #live: LiveBalances;
  readonly #owners = new Set<string>();
  #tapped: Promise<() => void> | undefined;

  constructor(feed: ShardFeed, live: LiveBalances) {
    this.#feed = feed;
    this.#live = live;
  }

  async begin(owner: string): Promise<void> {
    this.#owners.add(owner);
    this.#tapped ??= this.#feed.tap((block) => this.#look(block));
    await this.#tapped;
  }

  end(owner: string): void {
    this.#owners.delete(owner);
    if (this.#owners.size > 0) return;
    const tapped = this.#tapped;
    this.#tapped = undefined;
    tapped?.then(
      (end) => end(),
      () => undefined,
    );
  }

  #look(block: LiveBlock): void {
    const { effects } = block.view;
    const changed = new Map<string, HistoryEntry[]>();
    for (let record = 0; record < effects.u8.length; record += effects.recordLength(record)) {
      let at = record + RECORD_HEAD;
      for (let left = effects.entryCount(record); left > 0; left--) {
        const owner = effects.entryOwner(at);
        if (this.#owners.has(owner)) {
          const found = { view: effects.entry(at), block: block.view };
          const entry = historyEntry(found, { assets: block.assets, scope: undefined });
          const entries = changed.get(owner);
          if (entries === undefined) changed.set(owner, [entry]);
          else entries.push(entry);
        }
        at += effects.entryLength(at);
      }
    }
    for (const [owner, entries] of changed) this.#live.changed(owner, entries);
  }
}
