// Parts of holds, taken out and put back. Owns: a hold's amount and slices. Never touches: accounts, which have them as held.
//   ledger.H1. A hold's slices are the held parts of its account's lots that belong to it.

import { HOLDS_MAX } from '../limits.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Flow } from './flow.js';
import type { Page } from './page.js';
import { type Hold, holdKey } from './page-items.js';
import { APPLIED } from './result.js';
import type { State } from './state.js';

/**
 * Finds out what `amount` of what a hold has is: its slices into the flow, soonest first, and then what came from no lot.
 * Returns the slices that are left.
 */
export function takeFromHold(flow: Flow, from: Hold, amount: number): number[] {
  flow.clear();
  let rest = amount;
  const left: number[] = [];
  for (let i = 0; i < from.slices.length; i += 2) {
    const expiry = from.slices[i] as number;
    const part = from.slices[i + 1] as number;
    const taken = Math.min(part, rest);
    rest -= taken;
    flow.add(expiry, taken);
    if (part > taken) left.push(expiry, part - taken);
  }
  flow.loose = rest;
  return left;
}

/** Has the owner room for so many more open holds or pending earnings? Returns a refusal's number or 0; what open commands keep, they may give up. */
export function holdRoom(state: State, page: Page, owner: string, more = 1): number {
  const kept = state.transits.slotsOf(owner)?.holds ?? 0;
  const most = HOLDS_MAX - more;
  if ((page.holds?.size ?? 0) + kept <= most) return APPLIED;
  let count = 0;
  for (const hold of page.holds?.values() ?? []) if (hold.owner === owner) count++;
  if (count > most) return REFUSALS.HOLD_LIMIT.number;
  return count + kept <= most ? APPLIED : REFUSALS.ACCOUNT_BUSY.number;
}

/** The id of what a leg of an act earns that is pending: none that a caller may give. */
export const pendingId = (id: string, leg: number): string => `${id}#${leg}`;

/** What lots have more held than before, of an account's changes (expiry, available, held): (expiry, amount) one after the other. */
export function heldSince(before: readonly number[], after: readonly number[]): number[] {
  const was = new Map<number, number>();
  for (let i = 0; i < before.length; i += 3) was.set(before[i] as number, before[i + 2] as number);
  const found: number[] = [];
  for (let i = 0; i < after.length; i += 3) {
    const [expiry = 0, , held = 0] = after.slice(i, i + 3);
    const more = held - (was.get(expiry) ?? 0);
    if (more > 0) found.push(expiry, more);
  }
  return found;
}

/** A hold begins. */
export function openIn(page: Page, hold: Hold): void {
  page.holds ??= new Map();
  page.holds.set(holdKey(hold.owner, hold.id), hold);
  page.measure();
}

/** Puts back what was taken out; a hold that was used up is there again. */
export function putIntoHold(page: Page, hold: Hold, amount: number, flow: Flow): void {
  for (let i = 0; i < hold.slices.length; i += 2)
    flow.add(hold.slices[i] as number, hold.slices[i + 1] as number);
  hold.remaining += amount;
  hold.slices = flow.pairs();
  openIn(page, hold);
}

/** A hold with nothing left in it goes away. */
export function closeIfEmpty(page: Page, hold: Hold): void {
  if (hold.remaining > 0) return;
  page.holds?.delete(holdKey(hold.owner, hold.id));
  page.measure();
}
