// What shards say of each other, compared when all of them have been read. Owns: that the stripes of two shards cancel
// (L1) where nothing is in flight between them. Never touches: blocks.

import { TRANSIT_STRIPES } from '../transfer/open/places.js';
import { type Books, ROW } from './books.js';

/** What is left of a shard's books for this. */
export interface ShardStripes {
  readonly shard: number;
  /** What stands on the stripe of each other shard, by asset. */
  readonly stands: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** The shards of each transfer that is open here. */
  readonly open: readonly (readonly number[])[];
}

/** Something that shards do not agree on. */
export interface StripeFault {
  readonly shard: number;
  readonly what: string;
}

/** What a shard's books have on its stripes. */
export function stripesOf(shard: number, books: Books): ShardStripes {
  const stands = new Map<number, Map<string, number>>();
  books.owners.forEach((owner, account) => {
    if (!owner.startsWith(TRANSIT_STRIPES)) return;
    const peer = Number(owner.slice(TRANSIT_STRIPES.length));
    const known = stands.get(peer) ?? new Map<string, number>();
    stands.set(peer, known);
    const asset = books.assetOf[account] as number;
    const sum = books.get(account, ROW.available) + books.get(account, ROW.held);
    known.set(books.assets[asset]?.asset ?? `#${asset}`, sum);
  });
  return { shard, stands, open: Array.from(books.transits.values(), ({ shards }) => shards) };
}

/**
 * Pairs of shards whose stripes do not cancel. A transfer that one of a pair has posted and the other has not is open on the
 * other, so only pairs that no open transfer goes through must agree.
 */
export function stripeFaults(all: readonly ShardStripes[]): StripeFault[] {
  const faults: StripeFault[] = [];
  for (const one of all) {
    for (const other of all) {
      if (other.shard <= one.shard || isInFlight(all, one.shard, other.shard)) continue;
      const here = one.stands.get(other.shard);
      const there = other.stands.get(one.shard);
      for (const asset of new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])])) {
        const [a, b] = [here?.get(asset) ?? 0, there?.get(asset) ?? 0];
        if (a + b === 0) continue;
        faults.push({
          shard: one.shard,
          what:
            `L1: ${TRANSIT_STRIPES}${other.shard} has ${a} ${asset}, and ${TRANSIT_STRIPES}${one.shard} on shard ${other.shard} ${b}; ` +
            'they do not cancel, and nothing is in flight between them',
        });
      }
    }
  }
  return faults;
}

function isInFlight(all: readonly ShardStripes[], one: number, other: number): boolean {
  return all.some(({ open }) =>
    open.some((shards) => shards.includes(one) && shards.includes(other)),
  );
}
