// A shard's part in the reversal of a transfer between shards: the entries that it posted here, undone. Owns: which accounts
// they are, what is taken back of them and out of which lots. Never touches: messages.
// Every shard finds the original in its own log: who has posted it last is its home shard, and nobody reverses it before.

import type { AccountDraft } from '../ledger/account-draft.js';
import { givenBackTo } from '../ledger/allotting.js';
import { goneSince } from '../ledger/merged.js';
import type { Page } from '../ledger/page.js';
import type { Hold } from '../ledger/page-items.js';
import { shrinkPending, takePendingLeg } from '../ledger/pending-parts.js';
import { postPlan } from '../ledger/plan-records.js';
import { APPLIED } from '../ledger/result.js';
import {
  type MovedLeg,
  movedLegs,
  noteOf,
  type Parts,
  type PendingBack,
  partsOf,
  pendingBack,
  undoneOf,
} from '../ledger/reversal-parts.js';
import type { PastRecord } from '../ledger/state.js';
import { changeHolds, type HoldChange, isUndone, Undoing, type Undone } from '../ledger/undo.js';
import type { Work } from '../ledger/work.js';
import { AMOUNT_MAX, LOTS_MAX } from '../limits.js';
import type { Homeward, LoggedPlan } from '../programme/plan.js';
import { poolOf } from '../protocol/allotment.js';
import { saidIn } from '../protocol/codec.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, type EntryView, EXTRA, FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { letGo } from './holds-part.js';
import { transitOwner } from './open/places.js';
import { Part } from './part.js';

const { reverse: REVERSAL } = PLACES;
/** Of what comes home to a pool: another shard has the entry. */
const NO_ENTRY = { slices: new Float64Array(0) } as unknown as EntryView;

/** Place of the carried command in a prepare. */
const { transfer: TRANSFER } = PLACES.prepare;

/** What is given back, of the stripe that it goes home by: as earned. */
const ofStripe = (one: Undone): Undone => ({ ...one, earned: -one.spent, spent: 0 });

export class EntriesPart extends Part {
  readonly #original = new CommandView();
  #entries: readonly EntryView[] = [];
  /** What is undone of each. */
  #undone: readonly Undone[] = [];
  #parts: Parts = { amounts: [], now: [], before: [], isInParts: true };
  /** What of it goes out of what is pending, which nothing else changes meanwhile (ledger.D3). */
  #pending: readonly PendingBack[] = [];
  readonly #shrinks: [pending: Hold, amount: number, left: number[]][] = [];
  /** Why nothing can be undone, whatever the accounts have; 0: something can. */
  #refusal = APPLIED;
  #undoing: Undoing;
  readonly #accounts: AccountDraft[] = [];
  readonly #changes = new Map<AccountDraft, readonly HoldChange[]>();
  #isFound = false;
  #past: PastRecord | null = null;
  /** What is changed back beside the points. */
  #decided: LoggedPlan | undefined;

  constructor(work: Work) {
    super(work);
    this.#undoing = new Undoing(work, true);
  }

  begin(carried: CommandView, lots: readonly number[]): this {
    this.carried = carried;
    const { work } = this;
    const owner = carried.text(REVERSAL.owner);
    const past = work.known.lookUp(owner, carried.text(REVERSAL.transferId));
    this.#decided = this.planOf(carried);
    this.puts.begin(this.#decided);
    this.#entries = [];
    this.#undone = [];
    this.#pending = [];
    this.#refusal = APPLIED;
    this.#isFound = past !== null && past.effects.refusalNumber(past.offset) === 0;
    if (past !== null && this.#isFound) this.#beginWith(past, lots);
    if (this.#homeward === undefined) return this;
    this.chain.shards.length = 0;
    this.chain.shards.push(...this.#homeward.shards);
    if (this.#refusal === APPLIED) this.#undone = [...this.#undone, ...this.#comingHome()];
    this.lots.begin(this.#undone.length, lots);
    return this;
  }

  get #homeward(): Homeward | undefined {
    return this.#decided?.homeward;
  }

  #beginWith(past: PastRecord, lots: readonly number[]): void {
    const { work } = this;
    const isPrepare = past.tuple[1] === OP.prepare;
    const bytes = isPrepare ? (past.tuple[TRANSFER] as Uint8Array) : past.command;
    this.#original.read(bytes, 0);
    this.#past = past;
    this.#entries = past.effects.entries(past.offset);
    this.chain.plan(this.#original, homePlace(this.#original), work.state.places);
    this.lots.begin(this.#entries.length, lots);
    this.#plan();
  }

  /** Does what an entry gave go home to a pool on another shard? */
  #isHomeward({ entry }: Undone): boolean {
    return givenBackTo(entry.owner, this.work.state.places) === undefined;
  }

  /** Legs of what goes home that end on this shard. */
  #homeHere(): Homeward['legs'] {
    const { places } = this.work.state;
    const legs = this.#homeward?.legs ?? [];
    return legs.filter(({ pool }) => places.shardOf(ownerHash(pool)) === this.here);
  }

  /** What they are to the pools, and to the stripe of the shard where they were given back. */
  #comingHome(): Undone[] {
    return this.#homeHere().flatMap(({ amount }): Undone[] => {
      const other = { entry: NO_ENTRY, earned: 0, before: 0, pending: 0 };
      return [
        { ...other, spent: amount, take: 0, give: amount },
        { ...other, spent: -amount, take: amount, give: 0 },
      ];
    });
  }

  /** What is to be undone of each entry here. */
  #plan(): void {
    const { work, carried } = this;
    const moved = movedLegs(work, this.#original, this.#entries);
    const amounts = moved.map(({ amount }) => amount);
    const parts = partsOf(work, saidIn<'reverse'>(carried.tuple()), carried.version, amounts);
    this.#undone = [];
    this.#refusal = typeof parts === 'number' ? parts : APPLIED;
    if (typeof parts === 'number') return;
    this.#parts = parts;
    this.#undoing = new Undoing(work, parts.isInParts);
    const legs = moved.map((one, leg) => this.#here(one, leg));
    const { owner, transferId } = saidIn<'reverse'>(carried.tuple());
    const past = this.#past as PastRecord;
    this.#pending = pendingBack(work, { owner, transferId }, past, parts);
    const undone = undoneOf(past, this.#entries, legs, parts, this.#pending);
    this.#refusal = typeof undone === 'number' ? undone : APPLIED;
    if (typeof undone === 'number') return;
    this.#undone = undone.map((one) => (this.#isHomeward(one) ? ofStripe(one) : one));
  }

  /** Who pays and who is paid by a leg on this shard: an owner, or the stripe that stands for another shard; null: nobody. */
  #here(moved: MovedLeg, leg: number): MovedLeg | null {
    const { chain, here } = this;
    const payerAt = chain.payerAt[leg] as number;
    const payeeAt = chain.payeeAt[leg] as number;
    if (payerAt !== here && payeeAt !== here) return null;
    const from = payerAt === here ? moved.from : transitOwner(payerAt);
    const to = payeeAt === here ? moved.to : transitOwner(payeeAt);
    return { ...moved, from, to };
  }

  get entryType(): number {
    return ENTRY.reverse;
  }

  get isUnderstood(): boolean {
    return this.#isFound || this.#homeHere().length > 0;
  }

  protected find(): void {
    const accounts = this.#accounts;
    accounts.length = 0;
    const { work } = this;
    const { assets, places } = work.state;
    for (const { owner, asset } of this.#entries) {
      const home = places.shardOf(ownerHash(poolOf(owner)));
      accounts.push(work.account(givenBackTo(owner, places) ?? transitOwner(home), asset));
    }
    for (const { pool, asset } of this.#homeHere()) {
      const index = assets.indexOf(asset);
      accounts.push(work.account(pool, index));
      accounts.push(work.account(transitOwner(this.chain.shards[0] as number), index));
    }
  }

  reserve(): number {
    if (this.#refusal !== APPLIED) return this.#refusal;
    this.clearSums();
    const owner = this.carried.text(REVERSAL.owner);
    for (const [i, account] of this.#accounts.entries()) {
      if (!isUndone(this.#undone[i] as Undone)) continue;
      const gone = goneSince(this.work.state, account, owner, this.carried);
      if (gone !== APPLIED) return gone;
      if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
    }
    for (const [i, undone] of this.#undone.entries()) {
      const refusal = isUndone(undone) ? this.#reserveOne(i, undone) : APPLIED;
      if (refusal !== APPLIED) return refusal;
    }
    return this.puts.reserve();
  }

  #reserveOne(i: number, undone: Undone): number {
    const account = this.#accounts[i] as AccountDraft;
    const { take, give } = undone;
    const { flow } = this.work;
    if (take > 0 && account.isSystem) return account.systemRefusal(this.giving(account, take));
    if (take > 0) {
      if (account.held + take > AMOUNT_MAX) return REFUSALS.AMOUNT_OVERFLOW.number;
      const mayOwe = this.carried.tuple()[REVERSAL.allowDebt] === true;
      const refusal = this.#undoing.take(account, undone, flow, mayOwe);
      if (refusal !== APPLIED) return refusal;
      account.keepHeld(take, flow);
      this.lots.set(i, flow);
      return APPLIED;
    }
    const { available, held, expectedIn } = account;
    if (available + held + expectedIn + give > AMOUNT_MAX)
      return REFUSALS.AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
    return this.#hasRoom(account, undone) ? APPLIED : REFUSALS.LOT_LIMIT.number;
  }

  #hasRoom(account: AccountDraft, undone: Undone): boolean {
    if (!account.isTracked) return true;
    if (!this.#parts.isInParts) return account.lotCount < LOTS_MAX;
    const { work } = this;
    this.#undoing.give(undone, work.flow);
    return account.hasRoomFor(work.flow, work.defaultExpiry(account.asset));
  }

  expected(): number[] {
    const numbers: number[] = [];
    this.#undone.forEach(({ take, give, earned, spent, pending }, i) => {
      const { name, asset } = this.#accounts[i] as AccountDraft;
      // What is pending is not reserved: it is held anyway. Also who gets as much as it gives has a part in it, and is not closed meanwhile.
      if (take !== give) numbers.push(name.hash, asset, give - take);
      else if (earned > pending) numbers.push(name.hash, asset, spent, name.hash, asset, -earned);
    });
    return numbers;
  }

  post(): number {
    const { work, lots } = this;
    const { flow } = work;
    this.#changes.clear();
    this.#shrinks.length = 0;
    this.#undone.forEach((undone, i) => {
      const account = this.#accounts[i] as AccountDraft;
      if (!isUndone(undone)) return;
      const { take, give, earned, spent, pending } = undone;
      for (const one of pending > 0 ? this.#pending : [])
        if (one.hold.asset === account.asset)
          this.#shrinks.push([one.hold, one.amount, takePendingLeg(account, one, flow)]);
      if (account.isSystem) account.available -= take - give;
      else if (take > 0) {
        lots.fill(i, take, flow);
        // All of it is held: only whose it is changes.
        const changes = this.#undoing.exchange(account, undone, flow, () => {});
        if (changes.length > 0) this.#changes.set(account, changes);
        account.takeHeld(take, flow);
      } else if (give > 0) {
        if (account.isTracked) this.#undoing.give(undone, flow);
        else {
          flow.clear();
          flow.loose = give;
        }
        account.putBack(give, flow, work.defaultExpiry(account.asset), true);
      }
      account.isTouched = true;
      account.earned -= earned;
      account.spent -= spent;
      this.#undoing.swap(account, undone, flow);
    });
    for (const account of this.#accounts) account.tidyLots();
    return APPLIED;
  }

  /** What had expired and was brought back expires again, and pays nothing on its way; the rest goes back into its lots. */
  free(): void {
    const { work, lots } = this;
    const { flow } = work;
    const reserve = work.latest();
    const extras = reserve === null ? [] : reserve.effects.extras(reserve.offset);
    const broughtBack = extras.filter(({ tag }) => tag === EXTRA.broughtBack);
    this.#undone.forEach(({ take }, i) => {
      const account = this.#accounts[i] as AccountDraft;
      if (take === 0 || account.isSystem) return;
      lots.fill(i, take, flow);
      let rest = take;
      for (const { numbers, texts } of broughtBack) {
        const [asset, expiry = 0] = numbers;
        if (asset !== account.asset || texts[0] !== account.name.text) continue;
        const amount = flow.amountOf(expiry);
        const hasRoom = work.settler.sink(account.asset).creditRefusal(amount) === APPLIED;
        if (amount === 0 || !hasRoom) continue;
        account.expireHeld(expiry, amount);
        flow.remove(expiry, amount);
        rest -= amount;
      }
      account.takeHeld(rest, flow);
      account.putBack(rest, flow, work.defaultExpiry(account.asset), true);
    });
    for (const account of this.#accounts) account.tidyLots();
  }

  /** What it undoes is said with it: the log alone tells nobody else which shards and accounts it concerns. */
  protected opened(): void {
    const { shards } = this.chain;
    const numbers = [shards.length, ...shards, ...this.expected()];
    this.work.draft.effects.extra(EXTRA.undo, numbers, []);
  }

  /** Every shard notes what it has undone; by rules of version 1 the home shard alone. */
  decided(isPosted: boolean): void {
    const { work, carried } = this;
    const owner = carried.text(REVERSAL.owner);
    if (this.chain.before(this.here) < 0) letGo(work, this.#decided?.names);
    if (!this.#isFound) return;
    // Nobody else reverses it while this is open (busyTransfer).
    if (this.#refusal !== APPLIED) throw new Error('U4: reversed by somebody else meanwhile');
    const note = noteOf(this.#parts);
    // Pools may have got points back.
    if (isPosted) work.exhausted.clear();
    if (!isPosted || (note === null && this.chain.before(this.here) >= 0)) return;
    for (const [account, changes] of this.#changes)
      changeHolds(work, account.page as Page, changes);
    for (const shrink of this.#shrinks) shrinkPending(work, ...shrink);
    if (this.chain.before(this.here) < 0) postPlan(work, carried, this.#decided);
    this.puts.post();
    work.markReversed(owner, carried.text(REVERSAL.transferId), note);
  }
}
