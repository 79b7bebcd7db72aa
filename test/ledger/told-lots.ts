// What a feed tells ahead of expiry, beside what its entries say of lots. Owns: a naive book of lots. Never touches: the ledger.
//   Each lot is told once while it is there, as it is, and not before its time; and once everybody was looked at, none is missing.

import { DAY_MS } from '../../engine/limits.js';
import { feedBlock } from '../../engine/live/feed.js';
import type { BlockView } from '../../engine/protocol/block.js';
import type { DefineAssetCommand } from '../../engine/protocol/commands.js';
import type { Asset, Entry, FeedItem } from '../../engine/protocol/outcomes.js';
import { Disagreement } from './disagreement.js';

interface ToldLot {
  available: number;
  held: number;
  isTold: boolean;
}

export class ToldLots {
  /** How often something was told. */
  count = 0;
  readonly #accounts = new Map<string, Map<number, ToldLot>>();
  /** By asset: how long ahead, now and at most so far. */
  readonly #ahead = new Map<string, { readonly now: number; readonly most: number }>();

  /** The next block of a shard. */
  add(block: BlockView, assets: readonly Asset[]): void {
    const { items, time } = feedBlock(block, { list: assets });
    for (const item of items) {
      if (item.command.type === 'define-asset') this.#define(item.command);
      for (const entry of entriesOf(item)) this.#post(entry);
      for (const notice of item.notices ?? []) {
        if (notice.type !== 'expiring') continue;
        const { owner, asset, expiresAt, available, held } = notice;
        const what = `${owner} ${asset} ${expiresAt}`;
        const lot = this.#accounts.get(`${owner} ${asset}`)?.get(expiresAt);
        if (lot?.available !== available || lot.held !== held)
          throw new Disagreement(`${what} is told with ${available} and ${held} held`);
        if (lot.isTold) throw new Disagreement(`${what} is told twice`);
        const { now = 0, most = 0 } = this.#ahead.get(asset) ?? {};
        // What comes into a span that was told of before is told when it comes.
        if (now === 0 || expiresAt <= time || expiresAt > time + most)
          throw new Disagreement(`${what} is told at ${time}`);
        lot.isTold = true;
        this.count++;
      }
    }
  }

  #define({ asset, expiryNoticeDays = 0 }: DefineAssetCommand): void {
    const now = expiryNoticeDays * DAY_MS;
    this.#ahead.set(asset, { now, most: Math.max(now, this.#ahead.get(asset)?.most ?? 0) });
  }

  #post({ owner, asset, slices }: Entry): void {
    const key = `${owner} ${asset}`;
    const lots = this.#accounts.get(key) ?? new Map<number, ToldLot>();
    this.#accounts.set(key, lots);
    for (const { expiresAt, available, held } of slices) {
      if (expiresAt === null) continue;
      const lot = lots.get(expiresAt) ?? { available: 0, held: 0, isTold: false };
      lots.set(expiresAt, lot);
      lot.available += available;
      lot.held += held;
      if (lot.available === 0 && lot.held === 0) lots.delete(expiresAt);
    }
  }

  /** Everybody has been looked at, at this time: nothing is missing. */
  complete(time: number): void {
    for (const [key, lots] of this.#accounts) {
      const ahead = this.#ahead.get(key.split(' ')[1] as string)?.now ?? 0;
      for (const [expiresAt, { isTold }] of lots)
        if (expiresAt > time && expiresAt <= time + ahead && !isTold)
          throw new Disagreement(`${key} ${expiresAt} is not told at ${time}`);
    }
  }
}

const entriesOf = ({ outcome, reserves = [] }: FeedItem): readonly Entry[] =>
  outcome.ok ? outcome.entries : reserves;
