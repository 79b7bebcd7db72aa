// Lots go along: what payees of a posted transfer got expires when what payers gave would have.
// Owns: adding up slices over the shards of one transfer. Never touches: transfers that say when points expire.

import type { Leg } from '../../engine/protocol/commands.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { OP } from '../../engine/protocol/layout.js';
import type { SimShard } from './shard.js';
import { type Logged, outcomeOf, type Story, transferOf } from './story.js';

/** Net changes of an account's lots in these records: by expiry, available and held together. */
export function slicesOf(
  records: readonly Logged[],
  owner: string,
  asset: number,
): Map<number, number> {
  const slices = new Map<number, number>();
  const add = (expiry: number, change: number): void =>
    void slices.set(expiry, (slices.get(expiry) ?? 0) + change);
  for (const { effects, offset } of records) {
    for (const entry of effects.entries(offset)) {
      if (entry.owner !== owner || entry.asset !== asset) continue;
      for (let i = 0; i < entry.slices.length; i += 3)
        add(entry.slices[i]!, entry.slices[i + 1]! + entry.slices[i + 2]!);
    }
  }
  return slices;
}

/** Did the account owe before what the records did? */
function owed(records: readonly Logged[], owner: string, asset: number): boolean {
  return records.some(({ effects, offset }) =>
    effects
      .entries(offset)
      .some((e) => e.owner === owner && e.asset === asset && e.available - e.earned + e.spent < 0),
  );
}

/** Only users, none of them on both sides, none of the legs with an expiry of its own. */
function isPlain(legs: readonly Leg[]): boolean {
  const payers = new Set(legs.map(({ from }) => from));
  return legs.every(
    ({ from, to, expiresAt }) =>
      expiresAt === undefined && !from.startsWith('@') && !to.startsWith('@') && !payers.has(to),
  );
}

export function checkLots(story: Story, slotMap: Uint16Array, shards: readonly SimShard[]): void {
  const first = story.byShard.get(story.home)?.[0];
  if (first?.op !== OP.transfer || outcomeOf(story) !== 0) return;
  const { legs } = transferOf(first)!;
  if (!isPlain(legs)) return;
  for (const code of new Set(legs.map(({ asset }) => asset))) {
    const some = legs.filter(({ asset }) => asset === code);
    const given = new Map<number, number>();
    const got = new Map<number, number>();
    for (const owner of new Set(some.flatMap(({ from, to }) => [from, to]))) {
      const shard = slotMap[slotOf(owner)]!;
      const { assets } = shards[shard]!.state;
      const asset = assets.indexOf(code);
      if (!assets.at(asset).lotTracked) return;
      const records = story.byShard.get(shard) ?? [];
      const isPayer = some.some(({ from }) => from === owner);
      if (!isPayer && owed(records, owner, asset)) return;
      for (const [expiry, change] of slicesOf(records, owner, asset)) {
        const side = isPayer ? given : got;
        side.set(expiry, (side.get(expiry) ?? 0) + (isPayer ? -change : change));
      }
    }
    for (const [expiry, amount] of given) {
      if ((got.get(expiry) ?? 0) >= amount) continue;
      throw new Error(
        `${story.owner} ${story.id}: ${amount} ${code} that expire at ${expiry} went, ${got.get(expiry) ?? 0} arrived`,
      );
    }
  }
}
