// One account recomputed: its entries, walked backwards through the log, summed, compared with what its shard answers. Owns: what must agree. Never touches:
// state, threads.
//   recount.R1. Every entry is the next one of its account and leaves what the one before left and its changes; the first begins with nothing (L3).
//   recount.R2. What is answered is what the entry of that version leaves, and what it counts as earned, spent and expired is the sum of all entries.
//   recount.R3. A member, and what the ledger keeps points for, never owes more than its credit limit, and never holds less than nothing (L2).

import { type BlockView, RESERVE_ENTRIES_VERSION } from '../protocol/block.js';
import type { EntryView } from '../protocol/effects.js';
import { isSystemOwner } from '../protocol/syntax.js';
import type { Account, Problem, Told } from './messages.js';

/** Gives a block of the account's shard; throws where there is none. */
export type ReadBlock = (seq: number) => BlockView;

/** Entries that are looked at between two rests. */
const STEP_ENTRIES = 64;

const totalOf = ({ available, held }: { available: number; held: number }): number =>
  available + held;

/** What an entry leaves that its account does not have before it. */
const deltaOf = ({ earned, spent, expired }: EntryView): number => earned - spent - expired;

/** Recomputes an account; yields after some entries, how many. Returns what does not agree; undefined: everything does. */
export function* recomputed(
  read: ReadBlock,
  account: Account,
  told: Told,
): Generator<number, string | undefined> {
  const { head, balance } = told;
  if (head === undefined || balance === undefined)
    return 'The log has entries of it, and the ledger knows no such account.';
  let [seq, offset] = [head.seq, head.offset];
  let expected = head.version;
  let after: EntryView | undefined;
  let isStrict = true;
  let isFound = false;
  let [earned, spent, expired] = [0, 0, 0];
  let looked = 0;
  while (seq !== 0) {
    let found: EntryView;
    let rules: number;
    try {
      const block = read(seq);
      found = block.effects.entry(offset);
      rules = block.applyVersion;
    } catch (error) {
      return `Entry ${expected} cannot be read: ${(error as Error).message}.`;
    }
    if (found.owner !== account.owner || found.asset !== account.asset)
      return `Entry ${expected} is in block ${seq}, and another account's is there.`;
    if (found.version !== expected)
      return `Entry ${expected} is in block ${seq}, and entry ${found.version} is there.`;
    if (after !== undefined) {
      const fault = stepFault(found, after, isStrict);
      if (fault !== undefined) return fault;
    }
    if (found.version <= balance.version) {
      earned += found.earned;
      spent += found.spent;
      expired += found.expired;
    }
    // By older rules reserves had no entries: what is held changed beside them.
    isStrict = rules >= RESERVE_ENTRIES_VERSION;
    if (found.version === balance.version) {
      isFound = true;
      const fault = answerFault(found, balance, isStrict);
      if (fault !== undefined) return fault;
    }
    after = found;
    expected--;
    [seq, offset] = [found.previousSeq, found.previousOffset];
    if (++looked % STEP_ENTRIES === 0) yield STEP_ENTRIES;
  }
  yield looked % STEP_ENTRIES;
  if (after === undefined)
    return totalOf(balance) === 0 && balance.version === 0
      ? undefined
      : `${totalOf(balance)} are answered, and there is no entry.`;
  if (expected !== 0) return `Entry ${expected} is missing: entry ${expected + 1} leads nowhere.`;
  if (totalOf(after) !== deltaOf(after) || (isStrict && after.held !== after.heldDelta))
    return `Entry 1 leaves ${after.available} available and ${after.held} held out of nothing.`;
  if (!isFound) return `Version ${balance.version} is answered, and there is no such entry.`;
  const sums = { earned, spent, expired };
  for (const name of ['earned', 'spent', 'expired'] as const)
    if (sums[name] !== balance[name])
      return `${balance[name]} are answered as ${name}, and the entries sum to ${sums[name]}.`;
  return undefined;
}

/** R1: an entry and the one after it. */
function stepFault(before: EntryView, after: EntryView, isStrict: boolean): string | undefined {
  const total = totalOf(before) + deltaOf(after);
  const held = before.held + after.heldDelta;
  if (total === totalOf(after) && (!isStrict || held === after.held)) return undefined;
  return (
    `Entry ${after.version} leaves ${after.available} available and ${after.held} held, ` +
    `and entry ${before.version} and its changes make ${total - held} and ${held}.`
  );
}

/** R2. */
function answerFault(
  entry: EntryView,
  balance: NonNullable<Told['balance']>,
  isStrict: boolean,
): string | undefined {
  const isSame = isStrict
    ? entry.available === balance.available && entry.held === balance.held
    : totalOf(entry) === totalOf(balance);
  if (isSame) return undefined;
  return (
    `${balance.available} available and ${balance.held} held are answered, ` +
    `and entry ${entry.version} leaves ${entry.available} and ${entry.held}.`
  );
}

/** R3; undefined: it is not so. */
export function negative({ owner }: Account, { balance }: Told): Problem | undefined {
  if (balance === undefined || isSystemOwner(owner)) return undefined;
  const { available, held, creditLimit } = balance;
  if (available + creditLimit >= 0 && held >= 0) return undefined;
  return { kind: 'negative', what: '', figures: { available, held, creditLimit } };
}
