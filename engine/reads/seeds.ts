// The seeds that draws are decided by, as they are published. Owns: pages of them. Never touches: state; seeds that are not published, which no
// record has but sealed.

import type { OwnRecords, SeedsQuery } from '../api.js';
import { DRAW_SEEDS_PAGE_MAX } from '../limits.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { LAST_SEED, SEED, type SeedRecord, seedKey, seedOwner } from '../programme/seeds.js';
import type { DrawSeed } from '../protocol/draw.js';
import { isRefusal, type OwnerRecord, type Refused, refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;

const isWhole = (value: number | undefined, least: number, most: number): boolean =>
  value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most);

function shown(shard: number, { key, value }: OwnerRecord): DrawSeed {
  const { from, to, hash, sealed, seed } = recordValueIn(value) as unknown as SeedRecord;
  const isLost = sealed === undefined && seed === undefined;
  const told = { shard, number: Number(key), from, to, hash };
  if (seed !== undefined) return { ...told, seed };
  return isLost ? { ...told, isLost } : told;
}

async function seedsOfShard(
  own: Own,
  shard: number,
  owner: string,
  { before, limit = DRAW_SEEDS_PAGE_MAX }: SeedsQuery,
): Promise<DrawSeed[] | Refused> {
  const last = await own.record(owner, recordTypeOf(LAST_SEED), SEED);
  if (isRefusal(last)) return last;
  if (last === undefined) return [];
  const newest = recordValueIn(last.value) as number;
  const end = Math.min(before ?? newest + 1, newest + 1);
  const after = seedKey(Math.max(0, end - 1 - limit));
  const found = await own.records({ owner, recordType: recordTypeOf(SEED), after, limit });
  if (isRefusal(found)) return found;
  const all = found.map((record) => shown(shard, record));
  return all.filter(({ number }) => number < end).reverse();
}

/** Of each shard, or of one, the newest first. */
export async function seedsOf(
  own: Own,
  shards: number,
  shardOf: (owner: string) => number,
  query: SeedsQuery,
): Promise<readonly DrawSeed[] | Refused> {
  const { shard: one, before, limit } = query;
  if (!isWhole(one, 0, shards - 1)) return refused('QUERY_INVALID', 'shard');
  if (!isWhole(before, 1, Number.MAX_SAFE_INTEGER)) return refused('QUERY_INVALID', 'before');
  if (!isWhole(limit, 1, DRAW_SEEDS_PAGE_MAX)) return refused('QUERY_INVALID', 'limit');
  const asked = one === undefined ? Array.from({ length: shards }, (_, shard) => shard) : [one];
  const found = await Promise.all(
    asked.map((shard) => seedsOfShard(own, shard, seedOwner(shard, shardOf), query)),
  );
  const problem = found.find((seeds) => isRefusal(seeds));
  return problem !== undefined ? (problem as Refused) : (found as DrawSeed[][]).flat();
}
