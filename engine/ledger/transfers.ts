// Transfers: 1..16 legs, all or none. Owns: their refusals and changes. Never touches: other commands.

import { NEVER } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { CONDITION as CONDITION_PARTS, LEG, LEG_PLACES, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { beginCross } from '../transfer/cross.js';
import { causeFollowUps, followUpsRefusal } from '../transfer/follow-ups.js';
import { NO_LOTS } from '../transfer/lots.js';
import { APPLIED, type Ledger } from './ledger.js';
import { flagRefusal, type Working } from './working.js';

const { legs: LEGS, condition: CONDITION } = PLACES.transfer;
const CONDITION_ASSET = CONDITION + CONDITION_PARTS.asset;
const CONDITION_AMOUNT = CONDITION + CONDITION_PARTS.availableAtLeast;
const { to: TO, asset: ASSET, amount: AMOUNT, expiresAt: EXPIRY } = LEG;

/** Refusals that depend on reference data and time: transient. */
function early(ledger: Ledger, command: CommandView): number {
  const { assets } = ledger.state;
  const { count } = command;
  for (let i = LEGS; i < count; i += LEG_PLACES)
    if (assets.indexAt(command, i + ASSET) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  if (!command.isNil(CONDITION) && assets.indexAt(command, CONDITION_ASSET) < 0)
    return REFUSALS.ASSET_UNKNOWN.number;
  for (let i = LEGS; i < count; i += LEG_PLACES) {
    const expiresAt = command.expiry(i + EXPIRY);
    if (typeof expiresAt === 'number' && expiresAt <= ledger.time)
      return REFUSALS.EXPIRY_PAST.number;
  }
  return followUpsRefusal(ledger, command);
}

/** Loads the accounts of all legs, and returns the one that the condition is about. */
function load(ledger: Ledger, command: CommandView): Working | null {
  const { payers, payees } = ledger;
  const { assets } = ledger.state;
  for (let i = LEGS, leg = 0; i < command.count; i += LEG_PLACES, leg++) {
    const asset = assets.indexAt(command, i + ASSET);
    payers[leg] = ledger.accountAt(i, asset);
    payees[leg] = ledger.accountAt(i + TO, asset);
  }
  if (command.isNil(CONDITION)) return null;
  return ledger.accountAt(CONDITION, assets.indexAt(command, CONDITION_ASSET));
}

/** One leg, on the loaded accounts. */
function post(ledger: Ledger, command: CommandView, i: number, from: Working, to: Working): number {
  const { asset } = to;
  const amount = command.number(i + AMOUNT);
  const { flow } = ledger;
  flow.clear();
  const refusal = from.debit(amount, flow) || to.creditRefusal(amount);
  if (refusal !== APPLIED) return refusal;
  const expiresAt = command.expiry(i + EXPIRY);
  if (expiresAt !== undefined) {
    flow.clear();
    flow.loose = amount;
  }
  to.earned += amount;
  if (!to.isTracked) return to.putAvailable(amount, flow, NEVER);
  return to.putAvailable(amount, flow, ledger.looseExpiry(expiresAt, asset));
}

export function transfer(ledger: Ledger, command: CommandView): number {
  const refusal = early(ledger, command);
  if (refusal !== APPLIED) return refusal;
  if (!ledger.isLocal(command)) return beginCross(ledger, ledger.parts.begin(command, NO_LOTS));
  let named = load(ledger, command);
  if (ledger.settle()) named = load(ledger, command);
  const { payers, payees } = ledger;
  const legs = (command.count - LEGS) / LEG_PLACES;
  for (let leg = 0; leg < legs; leg++) {
    const flagged = flagRefusal(payers[leg] as Working, payees[leg] as Working);
    if (flagged !== APPLIED) return flagged;
  }
  if (named !== null && named.available < command.number(CONDITION_AMOUNT))
    return REFUSALS.CONDITION_FAILED.number;
  for (let leg = 0; leg < legs; leg++) {
    const posted = post(
      ledger,
      command,
      LEGS + leg * LEG_PLACES,
      payers[leg] as Working,
      payees[leg] as Working,
    );
    if (posted !== APPLIED) return posted;
  }
  // From here the command must succeed.
  ledger.begin();
  ledger.saveAll(ENTRY.transfer);
  causeFollowUps(ledger, command);
  return APPLIED;
}
