// Transfers: 1..16 legs, all or none. Owns: their refusals and changes. Never touches: other commands.

import type { Tuple } from '../protocol/codec.js';
import { ENTRY, FLAG } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED, type Ledger } from './ledger.js';
import type { Working } from './working.js';

/** First place of the legs in a transfer's tuple, and places per leg. */
const LEGS = 10;
const LEG = 5;
/** Place-holder of "never" in a tuple. */
const NEVER_MARK = -1;

/** Refusals that depend on reference data and time: transient. */
function early(ledger: Ledger, t: Tuple): number {
  const { assets } = ledger.state;
  for (let i = LEGS; i < t.length; i += LEG) {
    if (assets.indexOf(t[i + 2] as string) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  }
  if (t[7] !== null && assets.indexOf(t[8] as string) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  for (let i = LEGS; i < t.length; i += LEG) {
    const expiresAt = t[i + 4] as number | null;
    if (expiresAt !== null && expiresAt !== NEVER_MARK && expiresAt <= ledger.time)
      return REFUSALS.EXPIRY_PAST.number;
  }
  return APPLIED;
}

function load(ledger: Ledger, t: Tuple): void {
  const { assets } = ledger.state;
  for (let i = LEGS; i < t.length; i += LEG) {
    const asset = assets.indexOf(t[i + 2] as string);
    ledger.account(t[i] as string, asset);
    ledger.account(t[i + 1] as string, asset);
  }
  if (t[7] !== null) ledger.account(t[7] as string, assets.indexOf(t[8] as string));
}

function flagRefusal(from: Working, to: Working): number {
  if (((from.flags | to.flags) & (FLAG.closed | FLAG.frozen)) === 0) return APPLIED;
  if ((from.flags & FLAG.closed) !== 0 || (to.flags & FLAG.closed) !== 0)
    return REFUSALS.ACCOUNT_CLOSED.number;
  return (from.flags & FLAG.frozen) !== 0 ? REFUSALS.ACCOUNT_FROZEN.number : APPLIED;
}

/** One leg, on the loaded accounts. */
function post(ledger: Ledger, t: Tuple, i: number): number {
  const asset = ledger.state.assets.indexOf(t[i + 2] as string);
  const from = ledger.account(t[i] as string, asset);
  const to = ledger.account(t[i + 1] as string, asset);
  const amount = t[i + 3] as number;
  const { flow } = ledger;
  flow.clear();
  const refusal = from.debit(amount, flow) || to.creditRefusal(amount);
  if (refusal !== APPLIED) return refusal;
  const mark = t[i + 4] as number | null;
  if (mark !== null) {
    flow.clear();
    flow.loose = amount;
  }
  const looseExpiry =
    mark === null
      ? ledger.defaultExpiry(asset)
      : ledger.roundExpiry(mark === NEVER_MARK ? null : mark, asset);
  to.earned += amount;
  return to.putAvailable(amount, flow, looseExpiry);
}

export function transfer(ledger: Ledger, t: Tuple): number {
  const refusal = early(ledger, t);
  if (refusal !== APPLIED) return refusal;
  load(ledger, t);
  if (ledger.settle()) load(ledger, t);
  const { assets } = ledger.state;
  for (let i = LEGS; i < t.length; i += LEG) {
    const asset = assets.indexOf(t[i + 2] as string);
    const flagged = flagRefusal(
      ledger.account(t[i] as string, asset),
      ledger.account(t[i + 1] as string, asset),
    );
    if (flagged !== APPLIED) return flagged;
  }
  if (t[7] !== null) {
    const named = ledger.account(t[7] as string, assets.indexOf(t[8] as string));
    if (named.available < (t[9] as number)) return REFUSALS.CONDITION_FAILED.number;
  }
  for (let i = LEGS; i < t.length; i += LEG) {
    const posted = post(ledger, t, i);
    if (posted !== APPLIED) return posted;
  }
  // From here the command must succeed.
  ledger.begin();
  ledger.saveAll(ENTRY.transfer);
  return APPLIED;
}
