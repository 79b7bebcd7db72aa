// An entry undone, lot by lot: a credit is taken back, a debit is given back. Owns: which lots.
// Never touches: which entries are undone, and what else a reversal needs.

import { AMOUNT_MAX } from '../limits.js';
import type { EntryView } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft, Flow } from './account-draft.js';

const { AMOUNT_OVERFLOW } = REFUSALS;

/** What the entry brought, or (below 0) took. */
export const gained = (entry: EntryView): number => entry.earned - entry.spent;

/** Takes back what an entry brought, out of the lots it made first, into the flow. Returns a refusal's number or 0. */
export function takeBack(
  account: AccountDraft,
  entry: EntryView,
  flow: Flow,
  mayOwe: boolean,
): number {
  const amount = gained(entry);
  const isBound = !account.isSystem && (!mayOwe || account.isScarce);
  if (isBound && account.isShort(amount)) return REFUSALS.POINTS_SHORT.number;
  if (account.available - amount < -AMOUNT_MAX)
    return AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
  let rest = amount;
  flow.clear();
  if (account.isTracked) {
    for (let i = 0; i < entry.slices.length; i += 3) {
      const made = (entry.slices[i + 1] as number) + (entry.slices[i + 2] as number);
      if (made > 0)
        rest -= account.takeFromLot(entry.slices[i] as number, Math.min(made, rest), flow);
    }
  }
  account.takeAvailable(rest, flow);
  return 0;
}

/** What an entry took, lot by lot, into the flow. */
export function giveBackFlow(entry: EntryView, flow: Flow): void {
  let rest = -gained(entry);
  flow.clear();
  for (let i = 0; i < entry.slices.length; i += 3) {
    const used = -((entry.slices[i + 1] as number) + (entry.slices[i + 2] as number));
    const part = Math.min(used, rest);
    if (part <= 0) continue;
    flow.add(entry.slices[i] as number, part);
    rest -= part;
  }
  flow.loose = rest;
}
