// A shard's part in the reversal of a transfer between shards: the entries that it posted here, undone. Owns: which accounts
// they are, what is taken back of them and out of which lots. Never touches: messages.
// Every shard finds the original in its own log: who has posted it last is its home shard, and nobody reverses it before.

import type { AccountDraft } from '../ledger/account-draft.js';
import { APPLIED } from '../ledger/result.js';
import { gained, giveBackFlow, takeBack } from '../ledger/undo.js';
import { AMOUNT_MAX, LOTS_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, type EntryView, EXTRA, FLAG } from '../protocol/effects.js';
import { homePlace } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { Part } from './part.js';

const { reverse: REVERSAL } = PLACES;

/** Place of the carried command in a prepare. */
const { transfer: TRANSFER } = PLACES.prepare;

export class EntriesPart extends Part {
  readonly #original = new CommandView();
  #entries: readonly EntryView[] = [];
  readonly #accounts: AccountDraft[] = [];
  #isFound = false;

  begin(carried: CommandView, lots: readonly number[]): this {
    this.carried = carried;
    const { work } = this;
    const owner = carried.text(REVERSAL.owner);
    const past = work.known.lookUp(owner, carried.text(REVERSAL.transferId));
    this.#isFound = past !== null && past.effects.refusalNumber(past.offset) === 0;
    if (past === null || !this.#isFound) return this;
    const isPrepare = past.tuple[1] === OP.prepare;
    const bytes = isPrepare ? (past.tuple[TRANSFER] as Uint8Array) : past.command;
    this.#original.read(bytes, 0);
    this.#entries = past.effects.entries(past.offset);
    this.chain.plan(this.#original, homePlace(this.#original), work.state.places);
    this.lots.begin(this.#entries.length, lots);
    return this;
  }

  get entryType(): number {
    return ENTRY.reverse;
  }

  get isUnderstood(): boolean {
    return this.#isFound;
  }

  protected find(): void {
    const accounts = this.#accounts;
    accounts.length = 0;
    for (const { owner, asset } of this.#entries) accounts.push(this.work.account(owner, asset));
  }

  reserve(): number {
    this.clearSums();
    for (const { flags } of this.#accounts)
      if ((flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
    for (let i = 0; i < this.#entries.length; i++) {
      const refusal = this.#reserveOne(i);
      if (refusal !== APPLIED) return refusal;
    }
    return APPLIED;
  }

  #reserveOne(i: number): number {
    const entry = this.#entries[i] as EntryView;
    const account = this.#accounts[i] as AccountDraft;
    const amount = gained(entry);
    const { flow } = this.work;
    if (amount > 0 && account.isSystem) return account.systemRefusal(this.giving(account, amount));
    if (amount > 0) {
      if (account.held + amount > AMOUNT_MAX) return REFUSALS.AMOUNT_OVERFLOW.number;
      const mayOwe = this.carried.tuple()[REVERSAL.allowDebt] === true;
      const refusal = takeBack(account, entry, flow, mayOwe);
      if (refusal !== APPLIED) return refusal;
      account.keepHeld(amount, flow);
      this.lots.set(i, flow);
      return APPLIED;
    }
    const { available, held, expectedIn } = account;
    if (available + held + expectedIn - amount > AMOUNT_MAX)
      return REFUSALS.AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
    return account.isTracked && account.lotCount >= LOTS_MAX ? REFUSALS.LOT_LIMIT.number : APPLIED;
  }

  expected(): number[] {
    const numbers: number[] = [];
    this.#entries.forEach((entry, i) => {
      const { name, asset } = this.#accounts[i] as AccountDraft;
      if (gained(entry) !== 0) numbers.push(name.hash, asset, -gained(entry));
    });
    return numbers;
  }

  post(): void {
    const { work, lots } = this;
    const { flow } = work;
    this.#entries.forEach((entry, i) => {
      const account = this.#accounts[i] as AccountDraft;
      const amount = gained(entry);
      if (account.isSystem) account.available -= amount;
      else if (amount > 0) {
        lots.fill(i, amount, flow);
        account.takeHeld(amount, flow);
      } else if (amount < 0) {
        giveBackFlow(entry, flow);
        account.putBack(-amount, flow, work.defaultExpiry(account.asset), true);
      }
      account.isTouched = true;
      account.earned -= entry.earned;
      account.spent -= entry.spent;
    });
    for (const account of this.#accounts) account.tidyLots();
  }

  free(): void {
    const { work, lots } = this;
    const { flow } = work;
    this.#entries.forEach((entry, i) => {
      const account = this.#accounts[i] as AccountDraft;
      const amount = gained(entry);
      if (amount <= 0 || account.isSystem) return;
      lots.fill(i, amount, flow);
      account.takeHeld(amount, flow);
      account.putBack(amount, flow, work.defaultExpiry(account.asset), true);
    });
    for (const account of this.#accounts) account.tidyLots();
  }

  /** What it undoes is said with it: the log alone tells nobody else which shards and accounts it concerns. */
  protected opened(): void {
    const { shards } = this.chain;
    const numbers = [shards.length, ...shards, ...this.expected()];
    this.work.draft.effects.extra(EXTRA.undo, numbers, []);
  }

  /** A transfer is reversed once; its home shard sees to that. */
  decided(isPosted: boolean): void {
    const { work, carried } = this;
    if (isPosted && this.chain.before(this.here) < 0)
      work.markReversed(carried.text(REVERSAL.owner), carried.text(REVERSAL.transferId));
  }
}
