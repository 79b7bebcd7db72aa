// What a posted reversal did, beside what the reversed transfer or capture had done: on each shard of it, account by account.
// Owns: that comparison. Never touches: states.

import { ENTRY, type EntryView, EXTRA } from '../../engine/protocol/effects.js';
import { slicesOf } from './carried.js';
import { lastOf, outcomeOf, reversalIn, type Story } from './story.js';

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

/** What an entry brought that had gone elsewhere by the time it was undone: other lots make up for that. */
function goneOf({ slices }: EntryView, back: ReadonlyMap<number, number>): number {
  let gone = 0;
  for (let i = 0; i < slices.length; i += 3) {
    const made = slices[i + 1]! + slices[i + 2]!;
    if (made > 0) gone += Math.max(0, made + Math.min(0, back.get(slices[i]!) ?? 0));
  }
  return gone;
}

/** What is undone of an original, leg by leg; `isWhole`: all of each. */
export interface Parts {
  readonly byLeg: Map<number, number>;
  isWhole: boolean;
}

/** Of each original, what posted reversals have undone. */
export function undoneParts(stories: ReadonlyMap<string, Story>): Map<Story, Parts> {
  const undone = new Map<Story, Parts>();
  for (const story of stories.values()) {
    const reversal = reversalIn(story.byShard.get(story.home)![0]!.tuple);
    if (reversal === undefined || outcomeOf(story) !== 0) continue;
    const original = stories.get(`${reversal.owner} ${reversal.transferId}`);
    if (original === undefined || outcomeOf(original) !== 0)
      throw new Error(`${story.owner} ${story.id} reverses nothing`);
    const parts = undone.get(original) ?? { byLeg: new Map(), isWhole: false };
    undone.set(original, parts);
    const { amount, legs } = reversal;
    // The last part is what remains.
    if (amount === undefined && legs === undefined) parts.isWhole = true;
    for (const one of legs ?? [{ leg: 0, amount: amount ?? 0 }])
      parts.byLeg.set(one.leg, (parts.byLeg.get(one.leg) ?? 0) + one.amount);
  }
  return undone;
}

/** What all reversals of each original have undone so far, by shard and account. */
export type Undone = Map<string, { earned: number; spent: number }>;

/** No entry is undone beyond what it did; by the last part, each is whole, and what was taken out of lots is in them again. */
export function checkReversal(
  story: Story,
  stories: ReadonlyMap<string, Story>,
  undone: Undone,
): void {
  const first = story.byShard.get(story.home)?.[0];
  const reversal = first && reversalIn(first.tuple);
  if (reversal === undefined || outcomeOf(story) !== 0) return;
  const key = `${reversal.owner} ${reversal.transferId}`;
  const original = stories.get(key)!;
  for (const [shard, records] of story.byShard) {
    const where = `${story.owner} ${story.id} on shard ${shard}`;
    const did = lastOf(original, shard);
    const undid = lastOf(story, shard)!;
    if (did === undefined) throw new Error(`${where} reverses what was never there`);
    const said = undid.effects.extras(undid.offset).find(({ tag }) => tag === EXTRA.reversed);
    if (said === undefined) throw new Error(`${where} does not say how much it has undone`);
    const before = did.effects.entries(did.offset);
    const after = undid.effects.entries(undid.offset).filter(({ type }) => type === ENTRY.reverse);
    for (const one of after)
      if (!before.some((entry) => named(entry) === named(one)))
        throw new Error(`${where} undoes what ${named(one)} never did`);
    for (const entry of before) {
      const one = after.find((found) => named(found) === named(entry));
      const sums = undone.get(`${key} ${shard} ${named(entry)}`) ?? { earned: 0, spent: 0 };
      const isOnly = sums.earned === 0 && sums.spent === 0;
      sums.earned -= one?.earned ?? 0;
      sums.spent -= one?.spent ?? 0;
      undone.set(`${key} ${shard} ${named(entry)}`, sums);
      if (sums.earned > entry.earned || sums.spent > entry.spent)
        throw new Error(`${where} undoes more than ${named(entry)} got and gave`);
      const isWhole = sums.earned === entry.earned && sums.spent === entry.spent;
      if (!isWhole || !isOnly || one === undefined) continue;
      const { available, earned, spent } = one;
      if (available - earned + spent < 0) continue;
      const back = slicesOf(records, entry.owner, entry.asset);
      const gone = goneOf(entry, back);
      for (const [expiry, amount] of takenBy(entry)) {
        if ((back.get(expiry) ?? 0) + gone >= amount) continue;
        throw new Error(
          `${where}: ${amount} of ${named(entry)} that expire at ${expiry} went, ${back.get(expiry) ?? 0} came back`,
        );
      }
    }
  }
}
