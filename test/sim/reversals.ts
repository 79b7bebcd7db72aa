// What a posted reversal did, beside what the reversed transfer or capture had done: on each shard of it, account by account.
// Owns: that comparison. Never touches: states.

import type { EntryView } from '../../engine/protocol/effects.js';
import { OP } from '../../engine/protocol/layout.js';
import { slicesOf } from './carried.js';
import { lastOf, outcomeOf, type Story } from './story.js';

const named = ({ owner, asset }: EntryView): string => `${owner} of asset ${asset}`;

/** Out of which lots an entry took what it took. */
function takenBy({ earned, spent, slices }: EntryView): Map<number, number> {
  const taken = new Map<number, number>();
  let rest = spent - earned;
  for (let i = 0; i < slices.length; i += 3) {
    const part = Math.min(-(slices[i + 1]! + slices[i + 2]!), rest);
    if (part <= 0) continue;
    taken.set(slices[i]!, part);
    rest -= part;
  }
  return taken;
}

/** Every entry is undone by one, and what was taken out of lots is in them again unless the account owed. */
export function checkReversal(story: Story, stories: ReadonlyMap<string, Story>): void {
  const first = story.byShard.get(story.home)?.[0];
  if (first?.op !== OP.reverse || outcomeOf(story) !== 0) return;
  const original = stories.get(`${first.tuple[7]} ${first.tuple[8]}`)!;
  for (const [shard, records] of story.byShard) {
    const where = `${story.owner} ${story.id} on shard ${shard}`;
    const did = lastOf(original, shard);
    const undid = lastOf(story, shard)!;
    if (did === undefined) throw new Error(`${where} reverses what was never there`);
    const before = did.effects.entries(did.offset);
    const after = new Map(undid.effects.entries(undid.offset).map((one) => [named(one), one]));
    if (after.size !== before.length)
      throw new Error(`${where} undoes ${after.size} of ${before.length} entries`);
    for (const entry of before) {
      const undone = after.get(named(entry));
      if (undone?.earned !== -entry.earned || undone.spent !== -entry.spent)
        throw new Error(`${where} does not undo what ${named(entry)} got and gave`);
      const { available, earned, spent } = undone;
      if (available - earned + spent < 0) continue;
      const back = slicesOf(records, entry.owner, entry.asset);
      for (const [expiry, amount] of takenBy(entry)) {
        if ((back.get(expiry) ?? 0) >= amount) continue;
        throw new Error(
          `${where}: ${amount} of ${named(entry)} that expire at ${expiry} went, ${back.get(expiry) ?? 0} came back`,
        );
      }
    }
  }
}
