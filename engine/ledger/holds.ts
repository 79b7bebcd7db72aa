// Hold, capture, release. Owns: their refusals and changes. Never touches: other commands.

import { AMOUNT_MAX, NEVER } from '../limits.js';
import { KEPT_HOLD, recordTypeOf } from '../programme/plan.js';
import { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { ENTRY, FLAG } from '../protocol/effects.js';
import { expiryForbidden } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { busyHold, completeCapture } from '../transfer/carried.js';
import { beginCross } from '../transfer/cross.js';
import { freeHeld, writeHold } from './due.js';
import { closeIfEmpty, holdRoom, openIn, takeFromHold } from './hold-parts.js';
import { goneRefusal } from './merged.js';
import type { Page } from './page.js';
import { type Hold, holdKey } from './page-items.js';
import { APPLIED } from './result.js';
import { captureRisk, holdRisk } from './risk.js';
import type { Work } from './work.js';

const KEPT = recordTypeOf(KEPT_HOLD);

export function hold(work: Work, command: Said<'hold'>): number {
  const { owner, amount, id, deadline = NEVER } = command;
  const asset = work.state.assets.indexOf(command.asset);
  if (asset < 0) return REFUSALS.ASSET_UNKNOWN.number;
  if (deadline <= work.time) return REFUSALS.DEADLINE_PAST.number;
  const risk = holdRisk(work, command.asset, amount);
  if (risk !== APPLIED) return risk;
  work.account(owner, asset);
  work.settle();
  const account = work.account(owner, asset);
  if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  if ((account.flags & FLAG.frozen) !== 0) return REFUSALS.ACCOUNT_FROZEN.passing;
  if (account.isShort(amount)) return REFUSALS.POINTS_SHORT.number;
  if (account.held + amount > AMOUNT_MAX) return REFUSALS.AMOUNT_OVERFLOW.number;
  const full = holdRoom(work.state, account.page as Page, owner);
  if (full !== APPLIED) return full;
  // From here the command must succeed.
  work.begin();
  const { flow } = work;
  flow.clear();
  account.hold(amount, flow);
  account.nextDue = Math.min(account.nextDue, deadline);
  work.save(account, ENTRY.hold);
  const remaining = amount;
  const slices = flow.pairs();
  const made: Hold = { owner, id, asset, remaining, deadline, isPending: false, slices };
  openIn(account.page as Page, made);
  writeHold(work, made);
  return APPLIED;
}

/** The open hold, or the refusal's number. */
export function openHold(work: Work, owner: string, holdId: string): Hold | number {
  if (work.state.transits.isBusy(busyHold(owner, holdId))) return REFUSALS.ACCOUNT_BUSY.number;
  const found = work.state.pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, holdId));
  if (found !== undefined && !found.isPending) return found;
  const asset = work.known.assetOfHold(owner, holdId);
  return asset !== undefined ? REFUSALS.HOLD_CLOSED.number : REFUSALS.HOLD_NOT_FOUND.number;
}

/** As `openHold`, where a caller ends it: one that an act keeps, its act ends. */
function ownHold(work: Work, owner: string, holdId: string): Hold | number {
  const held = openHold(work, owner, holdId);
  if (typeof held === 'number') return held;
  const { records } = work.state.pages.pageOf(ownerHash(owner));
  return records?.get(owner, KEPT, holdId) === undefined ? held : REFUSALS.HOLD_KEPT.number;
}

/** Is an owner on the same shard as one with this hash? */
function isWith({ state: { places } }: Work, hash: number, owner: string): boolean {
  return places.shards === 1 || places.shardOf(ownerHash(owner)) === places.shardOf(hash);
}

function carriedCapture(work: Work, held: Hold): CommandView {
  const { asset } = work.state.assets.at(held.asset);
  const view = new CommandView();
  view.read(completeCapture(work.command.tuple(), held, asset), 0);
  return view;
}

export function capture(work: Work, command: Said<'capture'>): number {
  const { owner, holdId, to, expiresAt } = command;
  if (typeof expiresAt === 'number' && expiresAt <= work.time) return REFUSALS.EXPIRY_PAST.number;
  const hash = ownerHash(owner);
  work.settleOwner(owner, hash);
  const isHere = isSystemOwner(to) || isWith(work, hash, to);
  if (isHere) work.settleOwner(to, ownerHash(to));
  const held = ownHold(work, owner, holdId);
  if (typeof held === 'number') return held;
  const { amount = held.remaining } = command;
  if (amount > held.remaining) return REFUSALS.CAPTURE_EXCEEDS_HOLD.number;
  const risk = captureRisk(work, work.state.assets.at(held.asset).asset, amount, to);
  if (risk !== APPLIED) return risk;
  if (!isHere) return beginCross(work, carriedCapture(work, held));
  const payer = work.account(owner, held.asset);
  const payee = work.account(to, held.asset);
  const gone = goneRefusal(work.state, payee);
  if (gone !== APPLIED) return gone;
  if ((payer.flags & FLAG.frozen) !== 0) return REFUSALS.ACCOUNT_FROZEN.passing;
  if ((payee.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  const overspent = payer.spendRefusal(amount);
  if (overspent !== APPLIED) return overspent;
  const { flow } = work;
  const left = takeFromHold(flow, held, amount);
  payer.takeHeld(amount, flow);
  payer.spent += amount;
  if (work.lengthens(payee, expiresAt)) return expiryForbidden('expiresAt');
  const refusal = payee.creditRefusal(amount) || work.credit(payee, amount, expiresAt);
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin();
  const page = work.create(payer);
  held.remaining -= amount;
  held.slices = left;
  if (command.releaseRest === true && held.remaining > 0) {
    freeHeld(payer, held, flow, work.defaultExpiry(held.asset));
    held.remaining = 0;
    held.slices = [];
  }
  payer.tidyLots();
  work.saveAll(ENTRY.capture);
  closeIfEmpty(page, held);
  writeHold(work, held);
  return APPLIED;
}

export function release(work: Work, { owner, holdId }: Said<'release'>): number {
  work.settleOwner(owner, ownerHash(owner));
  const held = ownHold(work, owner, holdId);
  if (typeof held === 'number') return held;
  releaseAll(work, [held]);
  return APPLIED;
}

/** Gives back all that holds of an owner have, or what is pending: from here the command must succeed. */
export function releaseAll(work: Work, all: readonly Hold[]): void {
  work.begin();
  for (const held of all) {
    const account = work.account(held.owner, held.asset);
    freeHeld(account, held, work.flow, work.defaultExpiry(held.asset));
  }
  work.saveAll(ENTRY.release);
  for (const held of all) {
    held.remaining = 0;
    held.slices = [];
    closeIfEmpty(work.state.pages.pageOf(ownerHash(held.owner)), held);
    writeHold(work, held);
  }
}
