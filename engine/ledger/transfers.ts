// Transfers: 1..16 legs, all or none. Owns: their refusals and changes. Never touches: other commands.

import { NEVER } from '../limits.js';
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

/** Loads the accounts of all legs, and what the condition is about. */
function load(ledger: Ledger, t: Tuple): void {
  const { payers, payees } = ledger;
  const { assets } = ledger.state;
  for (let i = LEGS, leg = 0; i < t.length; i += LEG, leg++) {
    const asset = assets.indexOf(t[i + 2] as string);
    payers[leg] = ledger.account(t[i] as string, asset);
    payees[leg] = ledger.account(t[i + 1] as string, asset);
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
function post(ledger: Ledger, t: Tuple, i: number, from: Working, to: Working): number {
  const { asset } = to;
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
  to.earned += amount;
  if (!to.isTracked) return to.putAvailable(amount, flow, NEVER);
  const looseExpiry =
    mark === null
      ? ledger.defaultExpiry(asset)
      : ledger.roundExpiry(mark === NEVER_MARK ? null : mark, asset);
  return to.putAvailable(amount, flow, looseExpiry);
}

export function transfer(ledger: Ledger, t: Tuple): number {
  const refusal = early(ledger, t);
  if (refusal !== APPLIED) return refusal;
  load(ledger, t);
  if (ledger.settle()) load(ledger, t);
  const { payers, payees } = ledger;
  const legs = (t.length - LEGS) / LEG;
  for (let leg = 0; leg < legs; leg++) {
    const flagged = flagRefusal(payers[leg] as Working, payees[leg] as Working);
    if (flagged !== APPLIED) return flagged;
  }
  if (t[7] !== null) {
    const named = ledger.account(t[7] as string, ledger.state.assets.indexOf(t[8] as string));
    if (named.available < (t[9] as number)) return REFUSALS.CONDITION_FAILED.number;
  }
  for (let leg = 0; leg < legs; leg++) {
    const posted = post(
      ledger,
      t,
      LEGS + leg * LEG,
      payers[leg] as Working,
      payees[leg] as Working,
    );
    if (posted !== APPLIED) return posted;
  }
  // From here the command must succeed.
  ledger.begin();
  ledger.saveAll(ENTRY.transfer);
  return APPLIED;
}
