// Pools (`#` owners) on their home shards: what acts take of them. Owns: when points are lent to other shards and called back, and which
// shortage is for good. Never touches: how points move, which the acts of pools do (engine/programme/allotments.ts).
//   transfer.P1. A pool is short for good only where nothing of it is reserved, expected or out. Any other shortage passes.
//   transfer.P2. Requests may be lost, late and repeated: what is short, or running low, asks again, and epochs make each of them happen once.

import type { AccountDraft } from '../ledger/account-draft.js';
import type { Page } from '../ledger/page.js';
import type { StoredRecord } from '../ledger/page-items.js';
import type { State } from '../ledger/state.js';
import type { Work } from '../ledger/work.js';
import { LOAN_CLAIMS_MIN, POOL_CLAIMS_MIN } from '../limits.js';
import { GIVE_BACK, LEND, LOAN_TYPE, type Loan, loanKey } from '../programme/allotments.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { allotmentOf, isAllotment, poolActId, poolOf } from '../protocol/allotment.js';
import { isCard } from '../protocol/card-code.js';
import type { CommandView } from '../protocol/command-view.js';
import type { ActCommand } from '../protocol/commands.js';
import { ownerHash } from '../protocol/hash.js';
import { LEG } from '../protocol/layout.js';
import type { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isScarceOwner } from '../protocol/syntax.js';
import { busyRecord, legPlace, legsIn } from './carried.js';
import type { Outgoing } from './messages.js';

const TYPE = recordTypeOf(LOAN_TYPE);
const BUSY = REFUSALS.BUDGET_BUSY.number;

type SlotLoan = readonly [slot: number, Loan];

const loanIn = ({ value }: StoredRecord): Loan => recordValueIn(value) as unknown as Loan;

/** What waits in an outbox already, from its first request on: many claims ask for the same. */
interface Requests {
  readonly place: number;
  readonly first: Outgoing;
  readonly ids: Set<string>;
}

const requests = new WeakMap<Work, Requests>();

function ask(work: Work, to: number, command: ActCommand & { readonly id: string }): void {
  const { outbox } = work;
  const one = { to, command };
  const before = requests.get(work);
  const isThere = before !== undefined && outbox[before.place] === before.first;
  const { ids } = isThere ? before : { ids: new Set<string>() };
  if (!isThere) requests.set(work, { place: outbox.length, first: one, ids });
  const key = `${command.owner} ${command.id}`;
  if (ids.has(key)) return;
  ids.add(key);
  outbox.push(one);
}

/** The loans of a pool that are out, in one asset: the slot and the loan of each. */
function loansOut({ places }: State, page: Page, pool: string, asset: string): SlotLoan[] {
  const found: SlotLoan[] = [];
  if (page.records === null) return found;
  for (let slot = 0; slot < places.shards; slot++) {
    const record = page.records.get(pool, TYPE, loanKey(asset, slot));
    const loan = record === undefined ? undefined : loanIn(record);
    if (loan?.isOut === true) found.push([slot, loan]);
  }
  return found;
}

/** What an act is refused with whose payer has not so much. */
export function shortage(work: Work, payer: AccountDraft, amount: number): number {
  const { available, creditLimit, reservedOut, isScarce, name } = payer;
  if (!isScarce) {
    const isAvertable = reservedOut > 0 && available + creditLimit + reservedOut >= amount;
    return REFUSALS[isAvertable ? 'ACCOUNT_BUSY' : 'POINTS_SHORT'].number;
  }
  if (isAllotment(name.text) || mayComeBack(work.state, name, payer.asset)) return BUSY;
  return REFUSALS[isCard(name.text) ? 'CARD_SHORT' : 'BUDGET_EXHAUSTED'].number;
}

/** Is anything of a pool on this shard reserved, expected or out (transfer.P1)? */
export function mayComeBack(state: State, { text, hash }: Name, asset: number): boolean {
  const { transits, pages, assets } = state;
  if (transits.reservedBy(hash, asset) > 0 || transits.expectedBy(hash, asset) > 0) return true;
  return loansOut(state, pages.pageOf(hash), text, assets.at(asset).asset).length > 0;
}

/** An act that a shard has decided takes so much of a pool here: it is lent more where there is plenty; where little is left, all comes home. */
export function asked(work: Work, payer: AccountDraft, amount: number, by: number): void {
  const { places, assets } = work.state;
  if (work.isReplaying || places.shards === 1) return;
  // The usual case: there is plenty, and nobody else asks.
  if (by === places.shard && payer.available >= amount * POOL_CLAIMS_MIN) return;
  const pool = payer.name.text;
  if (isAllotment(pool) || isCard(pool)) return;
  const { asset } = assets.at(payer.asset);
  const page = payer.page as Page;
  const share = Math.floor(payer.available / (2 * places.shards));
  if (by !== places.shard && share >= amount * LOAN_CLAIMS_MIN)
    lendTo(work, page, { pool, asset, slot: by, amount: share });
  else if (payer.available < amount * POOL_CLAIMS_MIN) callBack(work, page, pool, asset);
}

interface Lent {
  readonly pool: string;
  readonly asset: string;
  readonly slot: number;
  readonly amount: number;
}

function lendTo(work: Work, page: Page, { pool, asset, slot, amount }: Lent): void {
  const { places, transits } = work.state;
  const allotment = allotmentOf(pool, slot);
  if (allotment === undefined || places.shardOf(ownerHash(allotment)) !== slot) return;
  const key = loanKey(asset, slot);
  if (transits.isBusy(busyRecord(pool, TYPE, key))) return;
  const record = page.records?.get(pool, TYPE, key);
  const epoch = (record === undefined ? 0 : loanIn(record).epoch) + 1;
  const id = poolActId(LEND, key, epoch);
  const body = { asset, slot, epoch, amount };
  const command = { type: 'act', id, owner: pool, act: LEND, body } as const;
  ask(work, places.shard, command);
}

function callBack(work: Work, page: Page, pool: string, asset: string): void {
  for (const [slot, { epoch }] of loansOut(work.state, page, pool, asset)) {
    const owner = allotmentOf(pool, slot) as string;
    const id = poolActId(GIVE_BACK, loanKey(asset, slot), epoch);
    const body = { asset, slot, epoch };
    const to = work.state.places.shardOf(ownerHash(owner));
    ask(work, to, { type: 'act', id, owner, act: GIVE_BACK, body });
  }
}

/** A transfer or an act is posted: what was known of pools elsewhere is over where they get points, or pay. */
export function hearOfPools({ exhausted, time }: Work, carried: CommandView): void {
  const legs = legsIn(carried);
  for (let leg = 0; leg < legs; leg++) {
    const from = carried.text(legPlace(carried, leg, LEG.from));
    const to = carried.text(legPlace(carried, leg, LEG.to));
    if (!isScarceOwner(from) && !isScarceOwner(to)) continue;
    const asset = carried.text(legPlace(carried, leg, LEG.asset));
    exhausted.forget(poolOf(to), asset);
    exhausted.paid(from, asset, carried.number(legPlace(carried, leg, LEG.amount)), time);
  }
}
