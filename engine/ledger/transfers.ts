// Transfers: 1..16 legs, all or none. Owns: their refusals and changes. Never touches: other commands.

import { AMOUNT_MAX, BACKDATE_MAX_MS } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { expiryForbidden } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { CONDITION as CONDITION_PARTS, LEG, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { mergesLots } from '../transfer/carried.js';
import { beginCross, postAll } from '../transfer/cross.js';
import { causeFollowUps, followUpsRefusal } from '../transfer/follow-ups.js';
import type { AccountDraft } from './account-draft.js';
import { flagRefusal, lotsBefore } from './leg-accounts.js';
import { openPending, pendingRefusal } from './pending.js';
import { APPLIED } from './result.js';
import { payerRisk, transferRisk } from './risk.js';
import type { Work } from './work.js';

const {
  legs: LEGS,
  condition: CONDITION,
  occurredAt: OCCURRED,
  pendingUntil: PENDING,
} = PLACES.transfer;
const CONDITION_ASSET = CONDITION + CONDITION_PARTS.asset;
const CONDITION_AMOUNT = CONDITION + CONDITION_PARTS.availableAtLeast;
const { to: TO, asset: ASSET, amount: AMOUNT, expiresAt: EXPIRY } = LEG;

const EXPIRE_OWNER = Name.of('@expire');

/** By earlier rules each leg saw what the legs before it had brought, where all were on one shard. */
const TOGETHER_VERSION = 2;

/** Refusals that depend on reference data and time: transient. */
function early(work: Work, command: CommandView): number {
  const { assets } = work.state;
  const { count } = command;
  for (let i = LEGS; i < count; i += LEG_PLACES)
    if (assets.indexAt(command, i + ASSET) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  if (!command.isNil(CONDITION) && assets.indexAt(command, CONDITION_ASSET) < 0)
    return REFUSALS.ASSET_UNKNOWN.number;
  for (let i = LEGS; i < count; i += LEG_PLACES) {
    const expiresAt = command.expiry(i + EXPIRY);
    if (typeof expiresAt !== 'number' || expiresAt > work.time) continue;
    // What is in a log could be brought then.
    if (!work.isReplaying && !work.over.mayBring(command, i, expiresAt))
      return REFUSALS.EXPIRY_PAST.number;
  }
  if (!command.isNil(OCCURRED)) {
    const occurred = command.number(OCCURRED);
    if (occurred > work.time) return REFUSALS.OCCURRED_FUTURE.number;
    if (occurred < work.time - BACKDATE_MAX_MS) return REFUSALS.OCCURRED_TOO_EARLY.number;
  }
  if (!command.isNil(PENDING)) {
    const refusal = pendingTimes(work, command);
    if (refusal !== APPLIED) return refusal;
  }
  return followUpsRefusal(work, command);
}

/** Of a transfer that is pending: is that over yet, and before its points expire? */
function pendingTimes(work: Work, command: CommandView): number {
  const until = command.expiry(PENDING);
  if (typeof until !== 'number') return APPLIED;
  if (until <= work.time) return REFUSALS.PENDING_PAST.number;
  const { assets } = work.state;
  for (let i = LEGS; i < command.count; i += LEG_PLACES) {
    const asset = assets.indexAt(command, i + ASSET);
    if (!assets.at(asset).lotTracked) continue;
    if (work.earnedExpiry(asset, command.expiry(i + EXPIRY)) <= until)
      return REFUSALS.PENDING_EXPIRES.number;
  }
  return APPLIED;
}

/** Could a leg pay with what another one brings? Where none could, it is the same in which order they are posted. `first`: the place of the first one. */
export function isChained(command: CommandView, first: number): boolean {
  if (command.count <= first + LEG_PLACES) return false;
  for (let i = first; i < command.count; i += LEG_PLACES)
    for (let j = first; j < command.count; j += LEG_PLACES)
      if (command.isSameText(i, j + TO)) return true;
  return false;
}

/** Loads the accounts of all legs. Returns how many legs there are. */
function loadLegs(work: Work, command: CommandView, first: number): number {
  const { payers, payees } = work;
  const { assets } = work.state;
  let leg = 0;
  for (let i = first; i < command.count; i += LEG_PLACES, leg++) {
    const asset = assets.indexAt(command, i + ASSET);
    payers[leg] = work.accountAt(i, asset);
    payees[leg] = work.accountAt(i + TO, asset);
  }
  return leg;
}

/** The same of a transfer; returns the condition's account; null: there is no condition. */
function load(work: Work, command: CommandView): AccountDraft | null {
  const legs = loadLegs(work, command, LEGS);
  if (!command.isNil(OCCURRED))
    for (let leg = 0; leg < legs; leg++)
      if (!(work.payees[leg] as AccountDraft).name.equals(EXPIRE_OWNER))
        (work.payers[leg] as AccountDraft).spentAt = command.number(OCCURRED);
  if (command.isNil(CONDITION)) return null;
  return work.accountAt(CONDITION, work.state.assets.indexAt(command, CONDITION_ASSET));
}

/** Do the flags of the loaded accounts allow all legs? Returns a refusal's number or 0. */
function flagsRefusal(work: Work, command: CommandView, legs: number): number {
  const { state, payers, payees } = work;
  const isTransfer = command.op === OP.transfer;
  for (let leg = 0; leg < legs; leg++) {
    const [from, to] = [payers[leg] as AccountDraft, payees[leg] as AccountDraft];
    const flagged =
      flagRefusal(state, from, to) || (isTransfer ? payerRisk(work, command, from) : 0);
    if (flagged !== APPLIED) return flagged;
  }
  return APPLIED;
}

const expiryField = (i: number): string => `legs[${(i - LEGS) / LEG_PLACES}].expiresAt`;

/** Of a transfer between shards: what lots a payer elsewhere gives is not known here, so it may not say how long they last. */
function elsewhereRefusal(work: Work, command: CommandView): number {
  if (work.mayLengthen) return APPLIED;
  const { places } = work.state;
  for (let i = LEGS; i < command.count; i += LEG_PLACES) {
    const from = command.text(i);
    if (command.expiry(i + EXPIRY) === undefined || isSystemOwner(from)) continue;
    const isHere = places.shardOf(ownerHash(from)) === places.shard;
    if (!isHere && !isSystemOwner(command.text(i + TO))) return expiryForbidden(expiryField(i));
  }
  return APPLIED;
}

/** All legs, one after the other, on the loaded accounts. Returns a refusal's number or 0. */
function post(work: Work, command: CommandView, first: number, legs: number): number {
  const { payees } = work;
  for (let leg = 0; leg < legs; leg++) {
    const to = payees[leg] as AccountDraft;
    const before = legs > 1 ? lotsBefore(payees, leg, legs) : null;
    const refusal = postLeg(work, command, first + leg * LEG_PLACES, leg);
    if (refusal !== APPLIED) return refusal;
    if (before !== null) work.lotNotes.noteLeg(leg, to, before);
  }
  return APPLIED;
}

function postLeg(work: Work, command: CommandView, i: number, leg: number): number {
  const from = work.payers[leg] as AccountDraft;
  const to = work.payees[leg] as AccountDraft;
  const amount = command.number(i + AMOUNT);
  const { flow } = work;
  flow.clear();
  const refusal = from.debit(amount, flow) || to.creditRefusal(amount);
  if (refusal !== APPLIED) return refusal;
  const expiresAt = command.expiry(i + EXPIRY);
  const isTransfer = command.op === OP.transfer;
  // What an act makes of points is its rule's to say.
  if (isTransfer && !from.isSystem && work.lengthens(to, expiresAt))
    return expiryForbidden(expiryField(i));
  const whenFull = from.isSystem && mergesLots(command) ? 'merge' : 'refuse';
  if (isTransfer && !command.isNil(PENDING))
    return work.creditPending(to, amount, expiresAt, whenFull);
  return work.credit(to, amount, expiresAt, whenFull);
}

/**
 * The legs of an act, of which none could pay with what another one brings, and that are all on this shard: loaded and moved, in the loaded
 * accounts alone. Returns 0, or another number where it cannot: what the act is refused with is for postAll() to say.
 */
export function moveLegs(work: Work, command: CommandView, first: number): number {
  let legs = loadLegs(work, command, first);
  if (work.settle()) legs = loadLegs(work, command, first);
  for (let leg = 0; leg < legs; leg++) {
    const { held } = work.payers[leg] as AccountDraft;
    // A part that is reserved first, as postAll() does it, would not fit.
    if (held + command.number(first + leg * LEG_PLACES + AMOUNT) > AMOUNT_MAX)
      return REFUSALS.AMOUNT_OVERFLOW.number;
  }
  return flagsRefusal(work, command, legs) || post(work, command, first, legs);
}

export function transfer(work: Work, command: CommandView): number {
  const refusal = early(work, command) || transferRisk(work, command);
  if (refusal !== APPLIED) return refusal;
  if (!work.isLocal(command)) return elsewhereRefusal(work, command) || beginCross(work, command);
  if (command.version >= TOGETHER_VERSION && isChained(command, LEGS))
    return postAll(work, command);
  let named = load(work, command);
  if (work.settle()) named = load(work, command);
  const legs = (command.count - LEGS) / LEG_PLACES;
  const flagged = flagsRefusal(work, command, legs);
  if (flagged !== APPLIED) return flagged;
  if (named !== null && named.available < command.number(CONDITION_AMOUNT))
    return REFUSALS.CONDITION_FAILED.number;
  const posted = post(work, command, LEGS, legs);
  if (posted !== APPLIED) return posted;
  const pending = command.isNil(PENDING) ? null : (work.payees[0] as AccountDraft);
  const limit = pending === null ? APPLIED : pendingRefusal(work, pending);
  if (limit !== APPLIED) return limit;
  // From here the command must succeed.
  work.begin();
  const opened = pending && openPending(work, command, pending);
  work.saveAll(ENTRY.transfer);
  opened?.();
  causeFollowUps(work, command);
  return APPLIED;
}
