// What one record of a block did, posted to the books. Owns: reading entries and extras within their bounds, and the
// invariants of every single entry: L1 (a record's entries cancel out), L2, L3, L4, L7. Never touches: the rules.
//   audit.N1. Throws Broken on a record that cannot be, whatever its bytes are; the books are not to be used after that.

import { NEVER, SKIP_STRIDE } from '../limits.js';
import { RESERVE_ENTRIES_VERSION } from '../protocol/block.js';
import { legsOf, type Tuple, unpackTuple } from '../protocol/codec.js';
import {
  backdatedIn,
  type EffectReader,
  ENTRY,
  ENTRY_HEAD,
  EXTRA,
  PENDING,
  RECORD_HEAD,
  withBackdated,
} from '../protocol/effects.js';
import { slotOf } from '../protocol/hash.js';
import { OP, PLACES } from '../protocol/layout.js';
import { isScarceOwner, isSystemOwner } from '../protocol/syntax.js';
import { TRANSIT_STRIPES } from '../transfer/open/places.js';
import { assetDefined } from './asset-check.js';
import { type Books, ROW } from './books.js';
import { broken } from './broken.js';
import { CampaignCheck } from './campaign-check.js';
import { DefinitionCheck } from './definition-check.js';
import { isOfReserve, typesOf } from './entry-types.js';
import { type ExtraParts, extraAt, textAt } from './extra-parts.js';
import { FollowUpCheck } from './follow-up-check.js';
import { lotId, reversedId } from './id-set.js';
import { forgetGone, NoticeCheck } from './notice-check.js';
import { PendingCheck } from './pending-check.js';
import { PlanCheck, writtenValue } from './plan-check.js';
import { carriedBy, type Home, isBetweenShards, TransitCheck } from './transit-check.js';

/** The first version of ticks that note out of which lots points expired. */
const LOTS_NOTED_VERSION = 2;

export class Poster {
  readonly #books: Books;
  readonly #home: Home;
  readonly #transit: TransitCheck;
  readonly #followUps: FollowUpCheck;
  readonly #plan: PlanCheck;
  readonly #pending = new PendingCheck();
  readonly #definitions: DefinitionCheck;
  readonly #notices: NoticeCheck;
  readonly #campaigns: CampaignCheck;
  /** Change of each asset's sum by the record under way. */
  readonly #sums = new Map<number, bigint>();
  #effects: EffectReader;
  /** Version of the rules that the block was written by. */
  rules = 0;
  #seq = 0;
  /** How many of the record's entries are of reserves. */
  #reserved = 0;
  /** When what it is of occurred; null: when it was booked. */
  #occurred: number | null = null;
  /** What the record is of: of a prepare or decision, what it carries. */
  #types: readonly number[] = [];
  #mayOwe = false;
  #op = 0;
  /** Does a tick note out of which lots points expired? By its version. */
  #notesLots = false;
  /** What accounts had before something expired was brought back to them. */
  readonly #before = new Map<number, number>();
  /** Is the record a decision that refuses? */
  #isFreed = false;
  /** How many of the record's entries bring back what expired, or let it expire again. */
  #broughtBack = 0;
  /** What leads to the record beside its id: (owner, id). */
  readonly noted: (readonly [owner: string, id: string])[] = [];

  constructor(books: Books, home: Home, effects: EffectReader) {
    this.#books = books;
    this.#home = home;
    this.#transit = new TransitCheck(books, home);
    this.#followUps = new FollowUpCheck(books, home);
    this.#plan = new PlanCheck(home);
    this.#definitions = new DefinitionCheck(books, home);
    this.#notices = new NoticeCheck(books);
    this.#campaigns = new CampaignCheck(books);
    this.#effects = effects;
  }

  /** Posts the record at `at`, which is `length` bytes long and belongs to the command `tuple`, packed `command`. */
  post(
    effects: EffectReader,
    at: number,
    length: number,
    seq: number,
    tuple: Tuple,
    command: Uint8Array,
  ): void {
    this.#effects = effects;
    this.#seq = seq;
    this.#sums.clear();
    this.#transit.begin(tuple);
    this.#followUps.begin();
    this.#plan.begin();
    const op = tuple[1] as number;
    const carried = carriedBy(tuple);
    const refusal = effects.refusalNumber(at);
    this.#types = typesOf(op, carried?.[1] as number | undefined, refusal, this.rules);
    this.#reserved = 0;
    this.#broughtBack = 0;
    this.#isFreed = op === OP.decision && refusal !== 0;
    this.#pending.begin(op, carried);
    this.#before.clear();
    this.noted.length = 0;
    this.#op = op;
    this.#notesLots = op === OP.tick && (tuple[0] as number) >= LOTS_NOTED_VERSION;
    const isNone = op === OP.prepare && refusal !== 0;
    this.#occurred = isNone ? null : occurredOf(carried ?? this.#freed(tuple));
    this.#mayOwe = carried?.[1] === OP.reverse && carried[9] === true;
    const end = at + length;
    let place = at + RECORD_HEAD;
    const entries = effects.entryCount(at);
    for (let i = entries; i > 0; i--) place = this.#entry(place, end, at, op);
    for (const [asset, sum] of this.#sums) {
      if (sum !== 0n) broken(`L1: its entries in ${this.#asset(asset)} leave ${sum}`);
    }
    const extrasAt = this.#int(at + 16);
    const extras = this.#int(at + 20);
    if (extras === 0 ? extrasAt !== 0 : at + extrasAt !== place) broken(`extras at ${extrasAt}`);
    const isTold = extras > 0 && effects.extras(at).some(({ tag }) => tag === EXTRA.occurred);
    if (entries > 0 && this.#occurred !== null && !isTold) broken('does not say when it occurred');
    for (let i = extras; i !== 0; i--) {
      const [extra, next] = extraAt(effects, place, end);
      this.#postExtra(extra, tuple);
      place = next;
    }
    if (place !== end) broken(`record of ${length} bytes has ${place - at} in use`);
    const reserved = this.#reserved;
    const own = entries - this.#broughtBack;
    this.#transit.end({ op, refusal, entries: own, reserved, seq, tuple, command });
    const isPosted = refusal === 0 && this.#transit.isDone;
    this.#pending.end(isPosted);
    this.#followUps.end(tuple, isPosted ? carried : undefined, seq);
    const isPostedHere = refusal === 0 && this.#transit.isPosted;
    this.#plan.end(isPostedHere ? carried : undefined, carried === tuple, isPosted);
  }

  /** Is what the record posted last is of done with it, on its home shard? */
  get isDone(): boolean {
    return this.#transit.isDone;
  }

  #int(at: number): number {
    return this.#effects.i32[at >> 2] as number;
  }

  #number(at: number): number {
    return this.#effects.f64[at >> 3] as number;
  }

  #asset(asset: number): string {
    return this.#books.assets[asset]?.asset ?? `asset ${asset}`;
  }

  #entry(at: number, end: number, record: number, op: number): number {
    if (at + ENTRY_HEAD > end) broken('entry beyond its record');
    const version = this.#number(at + 40);
    const word = this.#int(at + 68);
    const [type, nameLength, slices] = [word & 255, word >>> 16, this.#int(at + 72)];
    const slicesAt = at + ENTRY_HEAD + (version % SKIP_STRIDE === 0 ? 48 : 0);
    const nameAt = slicesAt + slices * 24;
    const next = nameAt + ((nameLength + 7) & ~7);
    if (!(slices >= 0 && nameLength > 0 && next <= end)) broken('entry beyond its record');
    if (this.#int(at + 60) !== at - record) broken('entry that does not lead back to its record');
    if (!this.#types.includes(type)) broken(`entry of type ${type} for a command of op ${op}`);
    const owner = textAt(this.#effects, nameAt, nameLength);
    if (owner.startsWith(TRANSIT_STRIPES) && !isBetweenShards(op))
      broken(`${owner} in a command of one shard`);
    const account = this.#account(owner, this.#int(at + 64));
    this.#follow(account, at, version);
    const before = this.#books.get(account, ROW.available);
    this.#amounts(account, at, type);
    if (isOfReserve(type)) this.#reserves(account, at, type);
    const changes =
      slices === 0
        ? []
        : Array.from({ length: slices * 3 }, (_, i) => this.#number(slicesAt + i * 8));
    this.#slices(account, changes);
    if (type === ENTRY.expire) this.#expiry(account, before, changes);
    if (type === ENTRY.extend) this.#extends(account, at, changes);
    this.#limits(account, this.#before.get(account) ?? before, this.#mayOwe);
    this.#transit.moved(account, this.#number(at + 16), changes);
    return next;
  }

  /** Points that expire, or (of a reversal) come back. */
  #expiry(account: number, before: number, changes: readonly number[]): void {
    const owner = this.#books.owners[account] as string;
    const asset = this.#books.assetOf[account] as number;
    const isBack = this.#op !== OP.tick && !this.#isFreed;
    if (isBack || this.#isFreed) this.#broughtBack++;
    if (
      isBack !==
      (isSystemOwner(owner)
        ? this.#books.get(account, ROW.available) < before
        : this.#books.get(account, ROW.available) > before)
    )
      broken(`${this.#books.say(account)} expires the wrong way round`);
    if (isBack) this.#before.set(account, before);
    else if (this.#isFreed)
      for (let i = 0; i < changes.length; i += 3) this.#noteLot(owner, asset, changes[i] as number);
    else if (this.#notesLots)
      for (let i = 0; i < changes.length; i += 3)
        this.noted.push([owner, lotId(asset, changes[i] as number)]);
  }

  /** The account, which begins with its first entry. */
  #account(owner: string, asset: number): number {
    const books = this.#books;
    if (books.assets[asset] === undefined)
      broken(`${owner} in asset ${asset}, which is not defined`);
    const known = books.find(owner, asset);
    if (known >= 0) return known;
    const { shard, slotMap } = this.#home;
    if (owner.startsWith(TRANSIT_STRIPES)) this.#stripe(owner);
    const home = slotMap[slotOf(owner)];
    if (!isSystemOwner(owner) && home !== shard) broken(`${owner} lives on shard ${home}`);
    return books.add(owner, asset);
  }

  /** It is that of another shard. */
  #stripe(owner: string): void {
    const peer = Number(owner.slice(TRANSIT_STRIPES.length));
    const { shard, slotMap } = this.#home;
    if (peer === shard || owner !== TRANSIT_STRIPES + peer || !slotMap.includes(peer))
      broken(`${owner} on shard ${shard}`);
  }

  /** L3: it is the next entry of the account, and leads to the ones before. */
  #follow(account: number, at: number, version: number): void {
    const books = this.#books;
    const last = books.get(account, ROW.version);
    if (version !== last + 1)
      broken(`L3: entry ${version} of ${books.say(account)} after entry ${last}`);
    if (
      this.#number(at + 48) !== books.get(account, ROW.headSeq) ||
      this.#int(at + 56) !== books.get(account, ROW.headOffset)
    ) {
      broken(`L3: entry ${version} of ${books.say(account)} does not lead to the entry before it`);
    }
    books.set(account, ROW.version, version);
    books.set(account, ROW.headSeq, this.#seq);
    books.set(account, ROW.headOffset, at);
    this.#backdated(account, at, version);
    if (version % SKIP_STRIDE !== 0) return;
    let stride = SKIP_STRIDE;
    for (let level = 0; level < 3; level++, stride *= SKIP_STRIDE) {
      const field = ROW.skips + level * 2;
      const skip = at + ENTRY_HEAD + level * 16;
      if (
        this.#number(skip) !== books.get(account, field) ||
        this.#number(skip + 8) !== books.get(account, field + 1)
      ) {
        broken(
          `L3: entry ${version} of ${books.say(account)} does not lead to the right one further back`,
        );
      }
      if (version % stride !== 0) continue;
      books.set(account, field, this.#seq);
      books.set(account, field + 1, at);
    }
  }

  /** What a decision that carries nothing refuses. */
  #freed(tuple: Tuple): Tuple | undefined {
    const { id, owner } = PLACES.decision;
    const open = this.#books.transit(tuple[owner] as string, tuple[id] as string)?.transfer;
    return open && unpackTuple(open, 0, open.length);
  }

  /** A backdated entry leads to the account's last one before it. */
  #backdated(account: number, at: number, version: number): void {
    const books = this.#books;
    const flags = books.get(account, ROW.flags);
    const isIt = this.#occurred !== null && !isSystemOwner(books.owners[account] as string);
    if (this.#int(at + 76) !== (isIt ? backdatedIn(flags) + 1 : 0))
      broken(`entry ${version} of ${books.say(account)} does not lead to the last backdated one`);
    if (isIt) books.set(account, ROW.flags, withBackdated(flags, version));
  }

  /** L3: balances after it are those before it and the changes. */
  #amounts(account: number, at: number, type: number): void {
    const books = this.#books;
    const earned = this.#number(at);
    const second = this.#number(at + 8);
    const expires = type === ENTRY.expire && earned === 0;
    const [spent, expired] = expires ? [0, second] : [second, 0];
    const heldDelta = this.#number(at + 16);
    const delta = earned - spent - expired;
    const available = books.get(account, ROW.available) + delta - heldDelta;
    const held = books.get(account, ROW.held) + heldDelta;
    for (const [field, by] of [
      [ROW.earned, earned],
      [ROW.spent, spent],
      [ROW.expired, expired],
    ] as const) {
      const sum = books.get(account, field) + by;
      if (!Number.isSafeInteger(by) || !Number.isSafeInteger(sum))
        broken(`${books.say(account)} changes by ${by}`);
      books.set(account, field, sum);
    }
    if (available !== this.#number(at + 24) || held !== this.#number(at + 32)) {
      broken(
        `L3: ${books.say(account)} has ${available} available and ${held} held, and the entry says ` +
          `${this.#number(at + 24)} and ${this.#number(at + 32)}`,
      );
    }
    if (!Number.isSafeInteger(available) || !Number.isSafeInteger(held))
      broken(`${books.say(account)} has ${available}`);
    books.set(account, ROW.available, available);
    books.set(account, ROW.held, held);
    const asset = books.assetOf[account] as number;
    this.#sums.set(asset, (this.#sums.get(asset) ?? 0n) + BigInt(delta));
  }

  /** L7: a reserve moves points of a user between available and held, and nothing else. */
  #reserves(account: number, at: number, type: number): void {
    this.#reserved++;
    const held = this.#number(at + 16);
    const isMove = this.#number(at) === 0 && this.#number(at + 8) === 0;
    if (isSystemOwner(this.#books.owners[account] as string) || !isMove)
      broken(`L7: ${this.#books.say(account)} has a reserve that is none`);
    if (type === ENTRY.reserve ? held <= 0 : held >= 0)
      broken(`L7: ${this.#books.say(account)} reserves ${held}`);
  }

  /** It takes points out of one lot into a later one, and does nothing else. */
  #extends(account: number, at: number, changes: readonly number[]): void {
    const [, out = 0, outHeld, , into, intoHeld] = changes;
    const isMove = changes.length === 6 && out < 0 && out + (into ?? 0) === 0;
    const isHeld = outHeld !== 0 || intoHeld !== 0 || this.#number(at + 16) !== 0;
    if (!isMove || isHeld || this.#number(at) !== 0 || this.#number(at + 8) !== 0)
      broken(`${this.#books.say(account)} has a lot extended that is none`);
  }

  /** L4: what is in lots is what is available and held. `changes` of them: (expiry, available, held). */
  #slices(account: number, changes: readonly number[]): void {
    const books = this.#books;
    const owner = books.owners[account] as string;
    if (!books.isTracked(owner, books.assetOf[account] as number)) {
      if (changes.length > 0)
        broken(`L4: ${books.say(account)} has no lots, and some of them are changed`);
      return;
    }
    let lots = books.lots[account] ?? [];
    let before = -1;
    for (let i = 0; i < changes.length; i += 3) {
      const [expiry, available, held] = changes.slice(i, i + 3) as [number, number, number];
      if (!(expiry > before && expiry <= NEVER)) broken(`${books.say(account)}: lots out of order`);
      if (available === 0 && held === 0)
        broken(`${books.say(account)}: a change of a lot by nothing`);
      lots = changed(lots, expiry, available, held);
      before = expiry;
    }
    books.lots[account] = lots.length === 0 ? undefined : lots;
    if (books.told[account] !== undefined) forgetGone(books, account);
    let sumAvailable = 0;
    let sumHeld = 0;
    for (let i = 0; i < lots.length; i += 3) {
      if (!((lots[i + 1] as number) >= 0 && (lots[i + 2] as number) >= 0))
        broken(`L4: ${books.say(account)} has a lot below zero`);
      sumAvailable += lots[i + 1] as number;
      sumHeld += lots[i + 2] as number;
    }
    const [available, held] = [books.get(account, ROW.available), books.get(account, ROW.held)];
    if (sumAvailable !== Math.max(0, available) || sumHeld > held) {
      broken(
        `L4: ${books.say(account)} has ${available} and ${held} held, and in lots ${sumAvailable} and ${sumHeld}`,
      );
    }
  }

  /** L2: nobody owes more than he may. */
  #limits(account: number, before: number, mayOwe: boolean): void {
    const books = this.#books;
    const owner = books.owners[account] as string;
    if (books.get(account, ROW.held) < 0)
      broken(`L2: ${books.say(account)} has less than nothing held`);
    if (isSystemOwner(owner)) return;
    const available = books.get(account, ROW.available);
    if (isScarceOwner(owner) && available < 0) broken(`L2: ${books.say(account)} has ${available}`);
    const limit = books.get(account, ROW.creditLimit);
    if (-available > limit && available < before && !mayOwe) {
      broken(`L2: ${books.say(account)} has ${available} with a credit limit of ${limit}`);
    }
  }

  #postExtra({ tag, numbers, texts }: ExtraParts, tuple: Tuple): void {
    const books = this.#books;
    const shape = `${numbers.length}/${texts.length}`;
    if (
      tag === EXTRA.hold &&
      numbers.length >= 3 &&
      numbers.length % 2 === 1 &&
      (texts.length === 2 || (texts.length === 3 && texts[2] === PENDING))
    ) {
      const [asset, remaining, deadline, ...slices] = numbers as [
        number,
        number,
        number,
        ...number[],
      ];
      const [owner, id] = texts as [string, string];
      if (remaining < 0) broken(`hold ${id} of ${owner} has ${remaining}`);
      const isPending = texts.length === 3;
      const hold = { owner, id, asset, remaining, deadline, isPending, slices };
      const account = books.find(owner, asset);
      if (account < 0) broken(`hold ${id} of ${owner}, who has no account`);
      this.#pending.said(books.hold(owner, id), hold, tuple);
      this.#transit.held(account, books.hold(owner, id), hold);
      books.setHold(hold);
    } else if (tag === EXTRA.account && shape === '3/1') {
      const [asset, flags, limit] = numbers as [number, number, number];
      const account = this.#account(texts[0] as string, asset);
      const owed = -books.get(account, ROW.available);
      if (limit !== books.get(account, ROW.creditLimit) && owed > limit) {
        broken(`L2: ${books.say(account)} owes ${owed} and gets a credit limit of ${limit}`);
      }
      books.set(account, ROW.flags, flags);
      books.set(account, ROW.creditLimit, limit);
    } else if (tag === EXTRA.record && shape === '3/3') this.#ownerRecord(numbers, texts, tuple);
    else if (
      tag === EXTRA.asset &&
      (shape === '6/1' || (numbers.length >= 6 && (texts.length === 4 || texts.length === 5)))
    )
      assetDefined(books, { numbers, texts });
    else if (tag === EXTRA.definition && shape === '5/2')
      this.#definitions.said(numbers, texts, tuple);
    else if (tag === EXTRA.reserve && numbers.length % 3 === 2 && texts.length === 1)
      this.#reserve(numbers, texts[0] as string);
    else if (tag === EXTRA.transit && numbers.length >= 4 && texts.length === 2)
      this.#transit.said(numbers, texts);
    else if (tag === EXTRA.followUp && numbers.length === 2) this.#followUps.said(numbers, texts);
    else if (tag === EXTRA.act && numbers.length === 0) this.#plan.told(texts);
    else if (tag === EXTRA.reversed && texts.length === 0) this.#reversed(numbers, tuple);
    else if (tag === EXTRA.broughtBack && shape === '3/1') {
      const [asset, expiry, left] = numbers as [number, number, number];
      if (this.#broughtBack === 0 || !(left >= 0)) broken('brings back what had not expired');
      this.#noteLot(texts[0] as string, asset, expiry);
    } else if (tag === EXTRA.moved && shape === '4/1') this.#moved(numbers, texts[0] as string);
    else if (tag === EXTRA.expiring && numbers.length % 3 === 1 && texts.length === 1)
      this.#notices.said(numbers, texts[0] as string);
    else if (tag === EXTRA.campaign && shape === '3/1')
      this.#campaigns.said(numbers, texts[0] as string);
    else if (tag === EXTRA.legLots && numbers.length % 3 === 0 && texts.length === 0)
      this.#legLots(numbers, tuple);
    else if (tag === EXTRA.occurred && shape === '1/0') {
      if (numbers[0] !== this.#occurred) broken(`occurred at ${numbers[0]}, as it says`);
    } else if (tag === EXTRA.undo && texts.length === 0) this.#transit.undoes(numbers);
    else broken(`extra ${tag} with ${shape} parts`);
  }

  /** Once for each lot and record. */
  #noteLot(owner: string, asset: number, expiry: number): void {
    const id = lotId(asset, expiry);
    if (!this.noted.some(([one, other]) => one === owner && other === id))
      this.noted.push([owner, id]);
  }

  /** U5: points of one lot go into another; or a reversal has followed them. */
  #moved(numbers: readonly number[], owner: string): void {
    const [asset, from, to, amount] = numbers as [number, number, number, number];
    const books = this.#books;
    const isFollowed = this.#types.includes(ENTRY.reverse);
    const isRight = Number.isSafeInteger(amount) && (isFollowed ? amount < 0 : amount > 0);
    if (!isRight || from === to || !books.isTracked(owner, asset) || books.find(owner, asset) < 0)
      broken(`U5: ${owner} has ${amount} moved from lot ${from} to ${to}`);
    this.#noteLot(owner, asset, from);
  }

  /** Lots by leg: of legs that pay one account, no more than each brings. */
  #legLots(numbers: readonly number[], tuple: Tuple): void {
    const carried = carriedBy(tuple);
    const isOfLegs = carried?.[1] === OP.transfer || carried?.[1] === OP.act;
    const legs = isOfLegs ? legsOf(carried as Tuple) : [];
    const left = legs.map(({ amount }) => amount);
    for (let i = 0; i < numbers.length; i += 3) {
      const [leg, , amount] = numbers.slice(i, i + 3) as [number, number, number];
      left[leg] = (left[leg] ?? 0) - amount;
      if (!(amount > 0 && (left[leg] as number) >= 0))
        broken(`U1: leg ${leg} makes lots of ${amount} more`);
    }
  }

  /** How much of each leg is undone, and how much remains. */
  #reversed(numbers: readonly number[], tuple: Tuple): void {
    const reversal = carriedBy(tuple);
    const isSaid = numbers.length % 2 === 0 && numbers.every((n) => n >= 0);
    if (reversal?.[1] !== OP.reverse || !isSaid) broken('says wrongly what it has undone');
    const { owner, transferId } = PLACES.reverse;
    this.noted.push([reversal[owner] as string, reversedId(reversal[transferId] as string)]);
  }

  /** Points between available and held, for a cross-shard transfer: as rules of version 1 wrote it. */
  #reserve(numbers: readonly number[], owner: string): void {
    const books = this.#books;
    if (this.rules >= RESERVE_ENTRIES_VERSION)
      broken(`L7: reserves points of ${owner} without an entry`);
    const [asset, amount, ...changes] = numbers as [number, number, ...number[]];
    const account = books.find(owner, asset);
    if (account < 0 || isSystemOwner(owner))
      broken(`reserves points of ${owner} in ${this.#asset(asset)}, who has no account`);
    if (!Number.isSafeInteger(amount) || amount === 0)
      broken(`${books.say(account)} reserves ${amount}`);
    const before = books.get(account, ROW.available);
    const held = books.get(account, ROW.held) + amount;
    if (!Number.isSafeInteger(before - amount) || !Number.isSafeInteger(held))
      broken(`${books.say(account)} reserves ${amount}`);
    books.set(account, ROW.available, before - amount);
    books.set(account, ROW.held, held);
    this.#slices(account, changes);
    this.#limits(account, before, this.#mayOwe);
    this.#transit.moved(account, amount, changes);
  }

  #ownerRecord(numbers: readonly number[], texts: readonly string[], tuple: Tuple): void {
    const books = this.#books;
    const [version, expiresAt, length] = numbers as [number, number, number];
    const [owner, type, key] = texts as [string, string, string];
    // What ends by its time no act has decided.
    const isEnded = length < 0 && this.#op === OP.tick;
    if (!isEnded) this.#plan.wrote(owner, type, key, length < 0);
    if (isEnded && books.record(owner, type, key)?.expiresAt === NEVER)
      broken(`ends record ${type} ${key} of ${owner}, which has no end`);
    const had = books.record(owner, type, key) !== undefined;
    this.#campaigns.counted(type, key, had, length >= 0);
    if (length < 0) {
      if (books.record(owner, type, key)?.version !== version)
        broken(`deletes record ${type} ${key} of ${owner}, which is not there`);
      books.deleteRecord(owner, type, key);
      return;
    }
    const value = writtenValue(tuple, owner, type, key);
    if (!(value instanceof Uint8Array) || value.length !== length)
      broken(`record ${type} ${key} of ${owner} without its value`);
    if (version !== books.recordVersion + 1)
      broken(`record version ${version} after ${books.recordVersion}`);
    books.recordVersion = version;
    books.setRecord({ owner, type, key, value: new Uint8Array(value), version, expiresAt });
  }
}

/** When a command occurred; null: when it was booked. */
function occurredOf(carried: Tuple | undefined): number | null {
  return carried?.[1] === OP.transfer
    ? (carried[PLACES.transfer.occurredAt] as number | null)
    : null;
}

/** Lots after a change of one of them. */
function changed(lots: number[], expiry: number, available: number, held: number): number[] {
  let at = 0;
  while (at < lots.length && (lots[at] as number) < expiry) at += 3;
  if (lots[at] !== expiry) lots.splice(at, 0, expiry, available, held);
  else {
    lots[at + 1] = (lots[at + 1] as number) + available;
    lots[at + 2] = (lots[at + 2] as number) + held;
    if (lots[at + 1] === 0 && lots[at + 2] === 0) lots.splice(at, 3);
  }
  return lots;
}
