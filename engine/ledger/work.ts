// What handlers work on: the accounts of the command under way, what is due on them, its record. Owns: loading, saving, entries.
// Never touches: which command does what; clock, files, sockets, environment.

import { AMOUNT_MAX, NEVER } from '../limits.js';
import type { Chance, Why } from '../programme/act.js';
import { ACTS } from '../programme/index.js';
import { type LoggedPlan, PlanPacker } from '../programme/plan.js';
import { RESERVE_ENTRIES_VERSION } from '../protocol/block.js';
import type { CommandBuffer } from '../protocol/command-buffer.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Draft } from '../protocol/draft.js';
import { EXTRA } from '../protocol/effects.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import { homePlace } from '../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { ReadJson } from '../protocol/opaque.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isLocal } from '../transfer/chain.js';
import { ExhaustedPools, ToldShards } from '../transfer/exhausted.js';
import type { Outgoing } from '../transfer/messages.js';
import type { Transit } from '../transfer/open/transits.js';
import { AccountDraft, type WhenFull } from './account-draft.js';
import { assert } from './assert.js';
import type { Again, Beside } from './beside.js';
import { Calendar } from './calendar.js';
import { Campaigns } from './campaigns.js';
import { Settler } from './due.js';
import { reserveExtra, writeEntry } from './entry-notes.js';
import { Flow } from './flow.js';
import { ForeseenCommand, Foresight, type FoundAccount } from './foresight.js';
import type { Key } from './keys.js';
import { LotNotes } from './lot-notes.js';
import { Notices } from './notices.js';
import { Over } from './over.js';
import { F, type Page } from './page.js';
import { PastCommands } from './past-commands.js';
import { APPLIED } from './result.js';
import type { PastRecord, State } from './state.js';
import { Ticks } from './ticks.js';

const { legs: LEGS, condition: CONDITION, id: ID, occurredAt: OCCURRED } = PLACES.transfer;
const MAX_ACCOUNTS = 34;
/** The first version of transfers that note which leg made which lots, and what they move. */
const LEGS_NOTED_VERSION = 2;
/** Bodies of acts that are kept as they were read. */
const BODIES_KEPT = 1_024;
const EXPIRE_OWNER = Name.of('@expire');

export class Work {
  readonly state: State;
  draft: Draft;
  /** Block time. */
  time = 0;
  /** A log is being replayed: ticks come from it, none are made. */
  isReplaying = false;
  /** The acts that there are. */
  acts = ACTS;
  /** Before which block time no definition can decide that is unknown here (reference.R6): told from time to time, and never logged. */
  definitionsConfirmedUntil = 0;
  /** The key of proofs, which the data folder has and no log; undefined: it has none. */
  secret: () => Uint8Array | undefined = () => undefined;
  /** In a replay: decides each act again, beside what was logged; null: does not. */
  again: Again | null = null;
  /** In a replay: another world that follows it; null: none. */
  beside: Beside | null = null;
  /** Commands of this block that were completed with what was decided of them; the block has copies when it is sealed. */
  completed: CommandBuffer | undefined;
  /** What acts were asked to do. */
  readonly bodies = new ReadJson(BODIES_KEPT);
  /** Pools elsewhere of which this shard knows that they are exhausted: never logged. */
  readonly exhausted = new ExhaustedPools();
  /** Shards that were told so of pools here: never logged. */
  readonly told = new ToldShards();
  /** The seeds that acts of chance are decided by; null: here none is. Never logged. */
  chance: { at(time: number): Chance | undefined } | null = null;
  /** Of an act of chance under way that is decided again: why it came to what could not be done. */
  tried: Why | undefined;
  /** Does a command of this block tell what an act has done? Whoever reads outcomes out of it, clears this. */
  hasToldPlan = false;
  /** What was decided of the act under way, in this process; how it was packed; and is all that it moves and writes on this shard? */
  plan: LoggedPlan | undefined;
  readonly packer = new PlanPacker();
  isAllHere = false;
  /** What the caller of the next command may do. */
  granted: Granted = EVERYTHING;
  /** May the command under way make points last longer than they would, between users? */
  mayLengthen = true;
  /** After APPLIED or a final refusal: where its record is in the draft. */
  recordOffset = 0;
  /** Accounts of the command under way, in the order in which it names them. */
  readonly working: AccountDraft[] = [];
  workingCount = 0;
  /** Of a transfer under way: the accounts of each leg. */
  readonly payers: AccountDraft[] = [];
  readonly payees: AccountDraft[] = [];
  readonly flow = new Flow();
  /** What ids lead to. */
  readonly known: PastCommands;
  readonly scratchName = new Name();
  /** What apply() has to tell other shards; whoever calls it takes it away. */
  readonly outbox: Outgoing[] = [];
  /** The cross-shard transfer that the last command opened here; null: none. */
  opened: Transit | null = null;
  /** The one that it decided here; null: none. */
  closed: Transit | null = null;
  readonly settler: Settler;
  readonly notices: Notices;
  readonly campaigns: Campaigns;
  readonly ticks: Ticks;
  readonly over = new Over();
  readonly #foresight: Foresight;
  readonly #calendar: Calendar;
  /** The command under way. */
  protected expected = new ForeseenCommand();
  #homeOwner: string | undefined;
  #hasRecord = false;
  /** Are the entries of the record under way backdated? */
  #isBackdated = false;
  /** Of the command under way: lots that legs make, and by which its record is found. */
  readonly lotNotes = new LotNotes();
  /** Does the command under way note where points of lots go? By rules of version 1 none did. */
  #notesMoved = true;

  constructor(state: State, draft: Draft) {
    this.state = state;
    this.draft = draft;
    this.known = new PastCommands(state);
    this.settler = new Settler(this);
    this.notices = new Notices(this);
    this.campaigns = new Campaigns(this);
    this.ticks = new Ticks(this);
    this.#foresight = new Foresight(state);
    this.#calendar = new Calendar(state);
    for (let i = 0; i < MAX_ACCOUNTS; i++) this.working.push(new AccountDraft());
  }

  /** Nothing of the command before is left. */
  protected clear(): void {
    this.#hasRecord = false;
    this.opened = null;
    this.closed = null;
    this.workingCount = 0;
    this.plan = undefined;
    this.isAllHere = false;
    this.lotNotes.clear();
    this.notices.clear();
  }

  /** Later commands go into this block. */
  openBlock(draft: Draft): void {
    this.completed?.clear();
    this.draft = draft;
    this.time = draft.time;
  }

  /** Reads the command that begins at `start`: the next one to be applied, if it is no query. */
  take(bytes: Uint8Array, start: number): CommandView {
    this.expected = this.#foresight.take(bytes, start);
    this.#homeOwner = undefined;
    return this.expected.command;
  }

  /** Completes the record that begin() began; for a final refusal there is none yet. */
  protected finish(result: number): number {
    if (result >= 128) return result;
    if (result !== APPLIED) {
      if (this.#hasRecord) throw new Error('L: a refusal after the line');
      this.#begin(result);
    }
    this.notices.end();
    this.draft.effects.end();
    this.#isBackdated = false;
    if (this.state.pages.maintain()) this.workingCount = 0;
    return result;
  }

  #begin(refusal: number): void {
    this.#isBackdated = false;
    this.lotNotes.beginRecord();
    const { draft } = this;
    const { op, bytes, start, end } = this.expected.command;
    const offset = draft.append(bytes, start, end);
    this.recordOffset = draft.effects.begin(op, refusal, offset, end - start);
    this.#hasRecord = true;
  }

  /**
   * The line: from here the command must succeed. Begins its record. `refusal`: the one that a decision brings; `posted`: what it posts, where
   * that is another command.
   */
  begin(refusal = APPLIED, posted = this.expected.command): void {
    this.#begin(refusal);
    this.#notesMoved = posted.op !== OP.transfer || posted.version >= LEGS_NOTED_VERSION;
    const { legLots } = this.lotNotes;
    if (legLots.length > 0 && this.#notesMoved && refusal === APPLIED)
      this.draft.effects.extra(EXTRA.legLots, legLots.slice(), []);
    if (posted.op !== OP.transfer || posted.isNil(OCCURRED)) return;
    this.#isBackdated = true;
    this.draft.effects.extra(EXTRA.occurred, [posted.number(OCCURRED)], []);
  }

  /** The command under way. */
  get command(): CommandView {
    return this.expected.command;
  }

  /** The home owner of the command under way. */
  get homeOwner(): string {
    this.#homeOwner ??= this.expected.home.text;
    return this.#homeOwner;
  }

  /** The same, as long as the command is under way. */
  get home(): Name {
    return this.expected.home;
  }

  /** The newest record under the id of the command under way; null: the id is not known here. */
  latest(): PastRecord | null {
    const { key, home, command } = this.expected;
    return this.expected.isNew ? null : this.known.confirm(key, home.text, command.text(ID));
  }

  /** Has the command a record in the draft? After a throw: had the line been passed, so that the shard must stop? */
  get hasRecord(): boolean {
    return this.#hasRecord || this.ticks.isUnderWay;
  }

  /** Notes that the command under way reverses a transfer. `undone`: how much of each leg, with all before; null: by version 1. */
  markReversed(owner: string, transferId: string, undone: readonly number[] | null): void {
    if (undone !== null) this.draft.effects.extra(EXTRA.reversed, undone, []);
    this.#mark(this.known.reversedKey(owner, transferId), this.recordOffset);
  }

  /** Notes under a key that this record is to be found by it. */
  #mark({ hi, lo }: Key, offset: number): void {
    this.state.ids.add(hi, lo, this.draft.seq, offset);
  }

  /** The same, once for each lot and record. */
  #markLot(owner: string, asset: number, expiry: number, offset: number): void {
    if (this.lotNotes.isFirst(owner, asset, expiry))
      this.#mark(this.known.lotKey(owner, asset, expiry), offset);
  }

  // --- what expired, brought back ----------------------------------------------------------------------------

  /**
   * Brings back what expired out of a lot, from `@expire`, for this command to take out of it again. `left`: what stays expired out of
   * that lot. Returns a refusal's number or 0.
   */
  bringBack(account: AccountDraft, expiry: number, amount: number, left: number): number {
    const { asset } = account;
    const known = this.#known(EXPIRE_OWNER, asset);
    const sink = known ?? this.settler.sink(asset);
    // What this command has brought back so far is not in the page yet.
    const broughtBack = known === null ? this.#broughtBack(asset) : 0;
    if (sink.available - broughtBack - amount < -AMOUNT_MAX) return REFUSALS.AMOUNT_OVERFLOW.number;
    if (known !== null) known.takeBack(amount);
    account.bringBack(expiry, amount, left);
    return APPLIED;
  }

  #broughtBack(asset: number): number {
    let sum = 0;
    for (let i = 0; i < this.workingCount; i++) {
      const working = this.working[i] as AccountDraft;
      if (working.asset === asset) sum += working.amountBroughtBack;
    }
    return sum;
  }

  /** Writes what is brought back: an entry of the account, and one of `@expire`, before all others. */
  #saveBroughtBack(): void {
    for (let i = 0; i < this.workingCount; i++) {
      const working = this.working[i] as AccountDraft;
      const { broughtBack, expiredHeld, asset, name } = working;
      if (expiredHeld.length > 0) {
        this.settler.saveExpiredHeld(working);
        for (let at = 0; at < expiredHeld.length; at += 2)
          this.#markLot(name.text, asset, expiredHeld[at] as number, this.recordOffset);
      }
      if (broughtBack.length === 0) continue;
      this.settler.saveBroughtBack(working);
      for (let at = 0; at < broughtBack.length; at += 3) {
        const [expiry = 0, , left = 0] = broughtBack.slice(at, at + 3);
        this.draft.effects.extra(EXTRA.broughtBack, [asset, expiry, left], [name.text]);
        this.#markLot(name.text, asset, expiry, this.recordOffset);
      }
      working.settleBroughtBack();
    }
  }

  // --- accounts of the command under way ---------------------------------------------------------------------

  /** Is everything that a transfer names on this shard? */
  isLocal(transfer: CommandView): boolean {
    const { places } = this.state;
    if (places.shards === 1) return true;
    if (transfer.count > LEGS + LEG_PLACES || !transfer.isNil(CONDITION))
      return isLocal(transfer, homePlace(transfer), places, this.scratchName);
    const payer = this.expected.payer.name;
    const payee = this.expected.payee.name;
    if (payer.isSystem || payee.isSystem) return true;
    return places.shardOf(payer.hash) === places.shardOf(payee.hash);
  }

  /** Loads an account, once per command. */
  account(owner: string, asset: number): AccountDraft {
    const working = this.#next();
    working.name.setText(owner);
    return this.#known(working.name, asset) ?? this.#load(working, asset, null);
  }

  /** Loads the account of the owner whom the command names at this place, once per command. */
  accountAt(place: number, asset: number): AccountDraft {
    const { command, payer, payee } = this.expected;
    let sighting: FoundAccount | null = null;
    if (place === LEGS) sighting = payer;
    else if (place === LEGS + LEG.to) sighting = payee;
    const working = this.#next();
    if (sighting === null) command.name(place, working.name);
    else working.name.setLike(sighting.name);
    return this.#known(working.name, asset) ?? this.#load(working, asset, sighting);
  }

  /** Loads an account, once per command. */
  accountOf(owner: Name, asset: number): AccountDraft {
    const working = this.#next();
    working.name.setLike(owner);
    return this.#known(owner, asset) ?? this.#load(working, asset, null);
  }

  /** Loads the account of the owner whom any transfer names at this place, once per command. */
  accountIn(transfer: CommandView, place: number, asset: number): AccountDraft {
    if (transfer === this.expected.command) return this.accountAt(place, asset);
    const working = this.#next();
    transfer.name(place, working.name);
    return (
      this.#known(working.name, asset) ?? this.#load(working, asset, this.#seen(working, asset))
    );
  }

  /** The account, if it was seen ahead. */
  #seen({ name }: AccountDraft, asset: number): FoundAccount | null {
    const { payer, payee } = this.expected;
    if (payer.page !== null && payer.asset === asset && payer.name.equals(name)) return payer;
    if (payee.page !== null && payee.asset === asset && payee.name.equals(name)) return payee;
    return null;
  }

  /** The place in a page of the account of an act's home owner, where it was seen ahead; -1: it was not. */
  seenHome(page: Page, asset: number): number {
    const { payee, command } = this.expected;
    const isSeen = command.op === OP.act && payee.page === page && payee.asset === asset;
    return isSeen ? payee.index : -1;
  }

  /** The account that is loaded next. */
  #next(): AccountDraft {
    const next = this.working[this.workingCount];
    if (next !== undefined) return next;
    const added = new AccountDraft();
    this.working.push(added);
    return added;
  }

  #known(owner: Name, asset: number): AccountDraft | null {
    for (let i = 0; i < this.workingCount; i++) {
      const known = this.working[i] as AccountDraft;
      if (known.asset === asset && known.name.equals(owner)) return known;
    }
    return null;
  }

  /** `sighting`: where it was seen ahead, which holds while the page is the same. */
  #load(working: AccountDraft, asset: number, sighting: FoundAccount | null): AccountDraft {
    this.workingCount++;
    const { name } = working;
    const page = this.state.pages.pageOf(name.hash);
    const isSeen = sighting !== null && sighting.page === page && sighting.index >= 0;
    const index = isSeen ? sighting.index : page.find(name, asset);
    working.load(asset, this.state.assets.at(asset).lotTracked, page, index);
    const { transits } = this.state;
    working.expectedIn = transits.expectedBy(name.hash, asset);
    working.reservedOut = transits.reservedBy(name.hash, asset);
    return working;
  }

  /**
   * Applies what is due on the owners of the accounts loaded so far. Returns true where something was: what was loaded is
   * stale then, and must be loaded again.
   */
  settle(): boolean {
    if (this.isReplaying) return false;
    let settled = false;
    const count = this.workingCount;
    for (let i = 0; i < count; i++) {
      const { page, name } = this.working[i] as AccountDraft;
      if ((page as Page).nextDue > this.time) continue;
      if (this.settleOwner(name.text, name.hash)) settled = true;
    }
    if (settled) this.workingCount = 0;
    return settled;
  }

  /** Applies what is due on an owner, as a tick of its own. Returns whether something was. */
  settleOwner(owner: string, hash: number): boolean {
    if (this.isReplaying || this.over.waits(owner, this.command)) return false;
    return this.#ticked(this.ticks.ofOwner(owner, hash));
  }

  /** After the changes: what they made due (points put back into a lot past its expiry). Pages may have been split since. */
  protected settleAfter(loaded: number): void {
    const offset = this.recordOffset;
    for (let i = 0; i < loaded; i++) {
      const { name } = this.working[i] as AccountDraft;
      if (this.state.pages.pageOf(name.hash).nextDue > this.time) continue;
      if (!this.over.keeps(name, this.command)) this.settleOwner(name.text, name.hash);
    }
    this.recordOffset = offset;
  }

  /** Applies what is due in one bucket, as a tick of its own. Returns whether something was. */
  settleBucket(bucket: number): boolean {
    return this.#ticked(this.ticks.ofBucket(bucket));
  }

  /** Tells of campaigns that have begun or ended, as a tick of its own, where no newer definition can be unknown here. Returns whether one has. */
  settleCampaigns(): boolean {
    const mayTell = !this.isReplaying && this.time < this.definitionsConfirmedUntil;
    return mayTell && this.campaigns.mayChange && this.ticks.ofCampaigns();
  }

  #ticked(hasTicked: boolean): boolean {
    if (hasTicked && this.state.pages.maintain()) this.workingCount = 0;
    return hasTicked;
  }

  /** For what is due: notes that the tick under way let points out of a lot expire. */
  noteExpired(owner: string, asset: number, expiry: number): void {
    this.ticks.noteExpired(owner, asset, expiry);
  }

  // --- changes ---------------------------------------------------------------------------------------------

  /** Writes every touched account back, with an entry each. */
  saveAll(type: number): void {
    this.#saveBroughtBack();
    for (let i = 0; i < this.workingCount; i++) {
      const working = this.working[i] as AccountDraft;
      if (working.isTouched) this.save(working, type);
    }
  }

  /** Makes the account exist. */
  create(working: AccountDraft): Page {
    const page = working.page as Page;
    this.state.pages.touch(page);
    if (working.index < 0) {
      working.index = page.add(working.name, working.asset);
      this.state.pages.accounts++;
    }
    return page;
  }

  /** Writes every touched account back; what moved between available and held has an entry of this type (L7). */
  saveReserves(type: number): void {
    this.#saveBroughtBack();
    const hasEntries = this.draft.rules >= RESERVE_ENTRIES_VERSION;
    for (let i = 0; i < this.workingCount; i++) {
      const working = this.working[i] as AccountDraft;
      if (!working.isTouched) continue;
      const page = this.#write(working);
      if (working.held !== working.heldBefore) {
        if (hasEntries) writeEntry(this.draft, working, page, type, this.#isBackdated);
        else reserveExtra(this.draft, working);
      }
      working.settleBase();
    }
  }

  /** Writes an account back, with its entry. */
  save(working: AccountDraft, type: number): void {
    const page = this.#write(working);
    writeEntry(this.draft, working, page, type, this.#isBackdated);
    working.settleBase();
    if (working.moved.length > 0) this.#saveMoved(working);
  }

  /** Notes where points of lots have gone, so that a reversal finds them there. */
  #saveMoved({ moved, asset, name }: AccountDraft): void {
    if (!this.#notesMoved) return;
    for (let at = 0; at < moved.length; at += 3) {
      const [from = 0, to = 0, amount = 0] = moved.slice(at, at + 3);
      this.draft.effects.extra(EXTRA.moved, [asset, from, to, amount], [name.text]);
      this.#markLot(name.text, asset, from, this.recordOffset);
    }
  }

  readonly #codeOf = ({ asset }: AccountDraft): string => this.state.assets.at(asset).asset;

  #write(working: AccountDraft): Page {
    const page = this.create(working);
    if (!working.isSystem) {
      assert(working.held >= 0, 'L2: held below zero');
      if (working.isScarce) assert(working.available >= 0, 'L2: scarce owner below zero');
    }
    if (working.isTracked && working.lotsChanged) {
      page.setLots(working.index, working.lots, 0, working.lotCount);
      const due = working.lotDue();
      if (due < working.nextDue) working.nextDue = due;
      if (this.state.assets.noticeMs[working.asset] !== 0) this.notices.changed(working, page);
    }
    const { f64 } = page;
    const f = page.f(working.index);
    if (!this.told.isEmpty && working.available > (f64[f + F.available] as number))
      this.outbox.push(...this.told.supplied(working.name.text, this.#codeOf(working), this.time));
    f64[f + F.available] = working.available;
    f64[f + F.held] = working.held;
    f64[f + F.earned] = working.earned;
    f64[f + F.spent] = working.spent;
    f64[f + F.expired] = working.expired;
    if (working.nextDue < (f64[f + F.nextDue] as number)) {
      f64[f + F.nextDue] = working.nextDue;
      this.state.pages.lowerDue(page, working.nextDue);
    }
    return page;
  }

  /** The expiry of points that came from no lot. */
  defaultExpiry(asset: number): number {
    const terms = this.state.assets.at(asset);
    if (terms.expiresAfter !== undefined || terms.expiresOn !== undefined)
      return this.#calendar.expiry(terms, asset, this.time);
    const { defaultExpiryMs } = terms;
    return defaultExpiryMs === 0 ? NEVER : this.roundExpiry(this.time + defaultExpiryMs, asset);
  }

  /**
   * Credits what is in the flow, `amount` in all; `expiresAt`: what the command says of its expiry, undefined: nothing. Returns a refusal's
   * number or 0.
   */
  credit(
    to: AccountDraft,
    amount: number,
    expiresAt: number | null | undefined,
    whenFull: WhenFull = 'refuse',
  ): number {
    const { flow } = this;
    let looseExpiry = NEVER;
    if (expiresAt !== undefined) {
      flow.clear();
      flow.loose = amount;
      if (to.isTracked) looseExpiry = this.roundExpiry(expiresAt, to.asset);
    } else if (to.isTracked) looseExpiry = this.defaultExpiry(to.asset);
    to.earned += amount;
    return to.putAvailable(amount, flow, looseExpiry, whenFull);
  }

  /** The same of what a system owner pays and is pending. */
  creditPending(
    to: AccountDraft,
    amount: number,
    expiresAt: number | null | undefined,
    whenFull: WhenFull,
  ): number {
    to.earned += amount;
    const expiry = to.isTracked ? this.earnedExpiry(to.asset, expiresAt) : NEVER;
    return to.putPending(amount, expiry, whenFull);
  }

  /** When points that a system owner pays expire. */
  earnedExpiry(asset: number, expiresAt: number | null | undefined): number {
    return expiresAt === undefined ? this.defaultExpiry(asset) : this.roundExpiry(expiresAt, asset);
  }

  /**
   * Would what is in the flow, from a user, last longer with this expiry at a user than it would without, and may its command not do that?
   */
  lengthens(
    to: Pick<AccountDraft, 'isTracked' | 'asset'>,
    expiresAt: number | null | undefined,
  ): boolean {
    if (this.mayLengthen || expiresAt === undefined || !to.isTracked) return false;
    const expiry = this.roundExpiry(expiresAt, to.asset);
    const { flow } = this;
    if (flow.loose > 0 && expiry > this.defaultExpiry(to.asset)) return true;
    return flow.count > 0 && expiry > (flow.expiries[0] as number);
  }

  /** An expiry rounded up to the asset's granularity, which is a day of its zone where it has one; `null`: never. */
  roundExpiry(expiresAt: number | null, asset: number): number {
    if (expiresAt === null) return NEVER;
    const rounded = this.#calendar.rounded(expiresAt, this.state.assets.at(asset), this.time);
    return rounded < AMOUNT_MAX ? rounded : NEVER;
  }
}
