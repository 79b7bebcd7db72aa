// What a record says of a cross-shard transfer: opened here, posted, refused. Owns: the chain of shards, worked out once
// more apart from the rules, and that reserves and what is open agree. Never touches: how records are read (posting.ts).
//   audit.T1. What an open transfer reserves is freed by its decision, as a whole, and by nothing else. What is held beside that is in holds.
//   audit.T2. A decision follows exactly one open transfer of its home owner and id, and ends it.

import type { LoggedPlan } from '../programme/plan.js';
import { legsOf, packTuple, type Tuple, unpackTuple } from '../protocol/codec.js';
import type { Leg } from '../protocol/commands.js';
import { TRANSIT } from '../protocol/effects.js';
import { ownerHash, slotOf } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { isPassing } from '../protocol/refusals.js';
import { isScarceOwner, isSystemOwner } from '../protocol/syntax.js';
import { completeCapture, planOfTuple, reversalBy } from '../transfer/carried.js';
import { transitOwner } from '../transfer/open/places.js';
import type { Books, Reserve } from './books.js';
import { broken } from './broken.js';
import type { StoredHold } from './page-view.js';

/** Which owners live on the shard. */
export interface Home {
  readonly shard: number;
  readonly slotMap: Uint16Array;
}

const { condition: CONDITION } = PLACES.transfer;
/** Of a capture, with what it is completed with. */
const { owner: CAPTURED, to: TO, amount: AMOUNT, asset: ASSET, holdId: HOLD_ID } = PLACES.capture;
const { deadline: DEADLINE, transfer: TRANSFER } = PLACES.prepare;
const { refusal: REFUSAL, transfer: DECIDED_TRANSFER, deadline: ANSWERED } = PLACES.decision;
const STATES = ['open', 'posted', 'refused'];
/** Commands that can go from shard to shard. */
const CARRIED: readonly number[] = [OP.transfer, OP.capture, OP.reverse, OP.act];

/** A record, as far as this file goes into it. */
export interface CrossRecord {
  readonly op: number;
  readonly refusal: number;
  readonly entries: number;
  /** How many of them are of reserves. */
  readonly reserved: number;
  readonly seq: number;
  readonly tuple: Tuple;
  /** The command's bytes. */
  readonly command: Uint8Array;
}

/** What the record of an open reversal says that it undoes. */
interface Undone {
  readonly shards: readonly number[];
  readonly expected: readonly number[];
}

/** What the record says of its transfer. */
interface Said {
  readonly state: number;
  readonly deadline: number;
  readonly before: number;
  readonly next: number;
  readonly lots: readonly number[];
  readonly owner: string;
  readonly id: string;
}

/** Is this command one of those that shards send each other? */
export const isBetweenShards = (op: number): boolean => op === OP.prepare || op === OP.decision;

/** May it be refused for now: an act, or the reversal of one? */
const isOfAct = (carried: Tuple): boolean => planOfTuple(carried) !== undefined;

/** The command itself: of a prepare or decision, what it carries (a refusal carries nothing: undefined); of an act that gives back, that. */
export function carriedBy(tuple: Tuple): Tuple | undefined {
  const place = tuple[1] === OP.prepare ? TRANSFER : DECIDED_TRANSFER;
  if (!isBetweenShards(tuple[1] as number)) return reversalBy(tuple) ?? tuple;
  const bytes = tuple[place] as Uint8Array | null | undefined;
  return bytes ? unpackTuple(bytes, 0, bytes.length) : undefined;
}

/** Its legs: of a capture, the one that it is. */
function legsIn(carried: Tuple): Leg[] {
  if (carried[1] !== OP.capture) return legsOf(carried);
  const [from, to] = [carried[CAPTURED] as string, carried[TO] as string];
  return [{ from, to, asset: carried[ASSET] as string, amount: carried[AMOUNT] as number }];
}

const NO_PLAN: Partial<LoggedPlan> = {};

/** The shards of one transfer. */
class Route {
  readonly legs: readonly Leg[];
  /** In the order in which it goes through them. */
  readonly shards: readonly number[];
  readonly payerAt: readonly number[];
  readonly payeeAt: readonly number[];
  /** What an act holds of its home owner, who is on the first shard. */
  readonly #held: Pick<Leg, 'from' | 'asset' | 'amount'> | undefined;

  constructor(transfer: Tuple, { slotMap }: Home) {
    const shardOf = (owner: string): number => slotMap[slotOf(owner)] as number;
    const owner = homeOwnerOfTuple(transfer);
    const home = shardOf(owner);
    const { hold: held, puts = [] } = (transfer[1] === OP.act && planOfTuple(transfer)) || NO_PLAN;
    this.#held = held && { from: owner, ...held };
    this.legs = legsIn(transfer);
    this.payerAt = this.legs.map(({ from, to }) => {
      if (!isSystemOwner(from)) return shardOf(from);
      return isSystemOwner(to) ? home : shardOf(to);
    });
    this.payeeAt = this.legs.map(({ to }, leg) =>
      isSystemOwner(to) ? (this.payerAt[leg] as number) : shardOf(to),
    );
    const paying = [...this.payerAt];
    const condition = transfer[1] === OP.transfer ? (transfer[CONDITION] as string | null) : null;
    if (condition !== null) paying.push(shardOf(condition));
    const byNumber = (a: number, b: number): number => a - b;
    const owners = this.legs.flatMap(({ from, to }) => [from, to]);
    const scarce = [...owners.filter(isScarceOwner), ...puts.map((put) => put.owner)];
    const last = scarce.map(shardOf).sort(byNumber);
    const others = [...paying.sort(byNumber), ...[...this.payeeAt].sort(byNumber)];
    this.shards = [...new Set([home, ...others.filter((shard) => !last.includes(shard)), ...last])];
  }

  /** What accounts of a shard give (below 0) and expect, stripes for those elsewhere: owner hash, asset, amount, leg by leg. */
  expected(shard: number, assetNumber: (code: string) => number): number[] {
    const numbers: number[] = [];
    this.legs.forEach(({ from, to, asset, amount }, leg) => {
      const [payerAt, payeeAt] = [this.payerAt[leg] as number, this.payeeAt[leg] as number];
      if (payerAt !== shard && payeeAt !== shard) return;
      const payer = payerAt === shard ? from : transitOwner(payerAt);
      const payee = payeeAt === shard ? to : transitOwner(payeeAt);
      numbers.push(ownerHash(payer), assetNumber(asset), -amount);
      numbers.push(ownerHash(payee), assetNumber(asset), amount);
    });
    if (this.#held === undefined || this.shards[0] !== shard) return numbers;
    const { from, asset, amount } = this.#held;
    return [...numbers, ownerHash(from), assetNumber(asset), -amount];
  }
}

/** What one account has more held. */
class Move {
  amount = 0;
  readonly #slices = new Map<number, number>();

  add(expiry: number, held: number): void {
    const sum = (this.#slices.get(expiry) ?? 0) + held;
    if (sum === 0) this.#slices.delete(expiry);
    else this.#slices.set(expiry, sum);
  }

  /** (expiry, amount), soonest first. */
  slices(): number[] {
    return [...this.#slices].sort(([a], [b]) => a - b).flat();
  }
}

export class TransitCheck {
  readonly #books: Books;
  readonly #home: Home;
  /** What the record under way moves into what is held beside holds, or (below 0) out of it, by account. */
  readonly #moves = new Map<number, Move>();
  #said: Said | undefined;
  #undone: Undone | undefined;
  /** The hold that the record's capture takes from, as it was. */
  #captured: StoredHold | undefined;
  /** Is what the record that ended last is of done with it, on its home shard? */
  isDone = false;
  /** Does it post it on this shard? */
  isPosted = false;

  constructor(books: Books, home: Home) {
    this.#books = books;
    this.#home = home;
  }

  /** A record begins. */
  begin(tuple: Tuple): void {
    if (this.#moves.size > 0) this.#moves.clear();
    this.#said = undefined;
    this.#undone = undefined;
    this.#captured =
      tuple[1] === OP.capture
        ? this.#books.hold(tuple[CAPTURED] as string, tuple[HOLD_ID] as string)
        : undefined;
  }

  /** An account has `amount` more held, of its lots (expiry, available, held). */
  moved(account: number, amount: number, changes: readonly number[]): void {
    if (amount === 0 && changes.length === 0) return;
    const move = this.#moveOf(account);
    move.amount += amount;
    for (let i = 0; i < changes.length; i += 3)
      move.add(changes[i] as number, changes[i + 2] as number);
  }

  /** A hold becomes another: what is held in holds is not held for transfers. */
  held(account: number, before: StoredHold | undefined, after: StoredHold): void {
    const move = this.#moveOf(account);
    for (const [hold, sign] of [[before, 1] as const, [after, -1] as const]) {
      if (hold === undefined) continue;
      move.amount += sign * hold.remaining;
      for (let i = 0; i < hold.slices.length; i += 2)
        move.add(hold.slices[i] as number, sign * (hold.slices[i + 1] as number));
    }
  }

  #moveOf(account: number): Move {
    let move = this.#moves.get(account);
    if (move === undefined) this.#moves.set(account, (move = new Move()));
    return move;
  }

  /** What is left when all has been added up. */
  #reserves(): Reserve[] {
    const reserves: Reserve[] = [];
    for (const [account, move] of this.#moves) {
      const slices = move.slices();
      if (move.amount !== 0 || slices.length > 0)
        reserves.push({ account, amount: move.amount, slices });
    }
    return reserves;
  }

  /** The extra that says what an open reversal undoes. */
  undoes([count = 0, ...numbers]: readonly number[]): void {
    if (this.#undone !== undefined || !(count >= 2 && (numbers.length - count) % 3 === 0))
      broken('says wrongly what it undoes');
    this.#undone = { shards: numbers.slice(0, count), expected: numbers.slice(count) };
  }

  /** The extra that says how the transfer stands. */
  said(numbers: readonly number[], texts: readonly string[]): void {
    if (this.#said !== undefined) broken('says twice how a transfer stands');
    const [state, deadline, before, next, ...lots] = numbers as [
      number,
      number,
      number,
      number,
      ...number[],
    ];
    const [owner, id] = texts as [string, string];
    this.#said = { state, deadline, before, next, lots, owner, id };
  }

  /** The record ends: is what it says of a cross-shard transfer what can be? */
  end(record: CrossRecord): void {
    const { op, tuple } = record;
    const said = this.#said;
    const reserves = this.#moves.size > 0 ? this.#reserves() : [];
    this.isPosted = said === undefined || said.state === TRANSIT.posted;
    this.isDone = said === undefined || (said.state === TRANSIT.posted && said.before < 0);
    if (said === undefined) {
      if (isBetweenShards(op)) broken('does not say how its transfer stands');
      if (record.reserved > 0) broken('opens nothing, and has entries of reserves');
      const [{ account } = { account: 0 }] = reserves;
      if (reserves.length > 0)
        broken(`reserves points of ${this.#books.say(account)} for no hold and no transfer`);
      if (this.#undone !== undefined) broken('undoes nothing');
      return;
    }
    if (!CARRIED.includes(op) && !isBetweenShards(op)) broken('says how a transfer stands');
    if (said.owner !== homeOwnerOfTuple(tuple) || said.id !== tuple[2])
      broken(`says how another transfer stands: ${said.id} of ${said.owner}`);
    if (op === OP.decision) this.#decision(record, said, reserves);
    else this.#prepared(record, said, reserves);
  }

  /** The command as prepares carry it. A capture's home shard adds what the others do not know. */
  #carried({ op, tuple, command }: CrossRecord): Uint8Array {
    if (op === OP.prepare) return tuple[TRANSFER] as Uint8Array;
    const reversal = reversalBy(tuple);
    if (reversal !== undefined) return packTuple(reversal);
    if (op !== OP.capture) return command;
    const hold = this.#captured;
    if (hold === undefined) broken('captures a hold that is not there');
    return completeCapture(tuple, hold, this.#books.assets[hold.asset]?.asset ?? '');
  }

  /** On the home shard, or on another that hears of it. */
  #prepared(record: CrossRecord, said: Said, reserves: readonly Reserve[]): void {
    const { op, refusal, entries, seq, tuple } = record;
    const { owner, id, deadline, before, next, lots } = said;
    const bytes = this.#carried(record);
    const carried = unpackTuple(bytes, 0, bytes.length);
    if (
      !CARRIED.includes(carried[1] as number) ||
      carried[2] !== id ||
      homeOwnerOfTuple(carried) !== owner
    )
      broken(`is not about ${id} of ${owner}`);
    const isOpen = said.state === TRANSIT.open;
    if (isPassing(refusal) && !isOfAct(carried)) broken('is refused for now, and is no act');
    if ((this.#undone !== undefined) !== (isOpen && carried[1] === OP.reverse))
      broken('undoes what it does not say');
    const route = carried[1] === OP.reverse ? undefined : new Route(carried, this.#home);
    const shards = route?.shards ?? this.#undone?.shards;
    if (shards !== undefined) this.#goes(said, op, shards);
    if (op === OP.prepare && deadline !== tuple[DEADLINE])
      broken(`says that ${id} may come until ${deadline}`);
    this.#state(said, refusal !== 0 ? TRANSIT.refused : next >= 0 ? TRANSIT.open : TRANSIT.posted);
    if (!isOpen) {
      if (reserves.length > 0 || record.reserved > 0)
        broken(`is ${STATES[said.state]}, and reserves points`);
      return;
    }
    if (entries > record.reserved) broken('is open, and has entries');
    if (reserves.some(({ amount }) => amount <= 0)) broken('is open, and gives points back');
    const expected =
      route?.expected(this.#home.shard, (code) => this.#books.assetNumber(code)) ??
      this.#undone?.expected ??
      [];
    for (const one of reserves) this.#isWhole(one, expected, id);
    const isOpened = this.#books.open({
      owner,
      id,
      deadline,
      before,
      next,
      seq,
      transfer: new Uint8Array(bytes),
      lots,
      expected,
      shards: shards ?? [],
      reserves,
    });
    if (!isOpened) broken(`L5: ${id} of ${owner} is open already`);
  }

  /** Is what is reserved of an account what the command takes of it? */
  #isWhole({ account, amount }: Reserve, expected: readonly number[], id: string): void {
    const hash = ownerHash(this.#books.owners[account] as string);
    let taken = 0;
    for (let i = 0; i < expected.length; i += 3) {
      const isIts = expected[i] === hash && expected[i + 1] === this.#books.assetOf[account];
      if (isIts) taken += Math.min(0, expected[i + 2] as number);
    }
    if (amount !== -taken)
      broken(`reserves ${amount} of ${this.#books.say(account)}, and ${id} takes ${-taken}`);
  }

  /** Is this shard among them, where the record says? */
  #goes(said: Said, op: number, shards: readonly number[]): void {
    const { shard } = this.#home;
    const place = shards.indexOf(shard);
    if (place < 0 || (place === 0) !== (op !== OP.prepare))
      broken(`came to shard ${shard}, and the shards of ${said.id} are ${shards}`);
    this.#neighbours(said, shards[place - 1] ?? -1, shards[place + 1] ?? -1);
  }

  #decision({ refusal, tuple }: CrossRecord, said: Said, freed: readonly Reserve[]): void {
    const { owner, id, deadline } = said;
    const known = this.#books.transit(owner, id);
    if (known === undefined) broken(`L5: decides ${id} of ${owner}, which is not open`);
    if (tuple[REFUSAL] !== refusal) broken(`has refusal ${refusal}, and its command another`);
    const decided = tuple[DECIDED_TRANSFER] as Uint8Array | null | undefined;
    if (decided && Buffer.compare(decided, known.transfer) !== 0)
      broken(`decides another transfer than ${id} of ${owner}`);
    this.#state(said, refusal === 0 ? TRANSIT.posted : TRANSIT.refused);
    const answered = tuple[ANSWERED] as number | null;
    if (answered !== null && (!isPassing(refusal) || answered !== deadline))
      broken(`answers another attempt of ${id} of ${owner}`);
    const { transfer } = known;
    if (isPassing(refusal) && !isOfAct(unpackTuple(transfer, 0, transfer.length)))
      broken('is refused for now, and is no act');
    this.#neighbours(said, known.before, known.next);
    if (deadline !== known.deadline) broken(`says that ${id} might come until ${deadline}`);
    for (const { account, amount, slices } of known.reserves) {
      const move = freed.find((one) => one.account === account);
      if (move === undefined || move.amount !== -amount || !cancels(move.slices, slices)) {
        broken(
          `does not free the ${amount} that ${id} of ${owner} reserves of ${this.#books.say(account)}`,
        );
      }
    }
    if (freed.length !== known.reserves.length)
      broken(`frees more than ${id} of ${owner} reserves`);
    this.#books.close(known);
  }

  #state({ state, id }: Said, should: number): void {
    if (state !== should)
      broken(`says that ${id} is ${STATES[state] ?? state}, and it is ${STATES[should]}`);
  }

  #neighbours({ id, before, next }: Said, shouldBefore: number, shouldNext: number): void {
    if (before !== shouldBefore || next !== shouldNext) {
      broken(
        `says that ${id} comes from shard ${before} and goes to ${next}, and it is ${shouldBefore} and ${shouldNext}`,
      );
    }
  }
}

/** Do the slices of one take back those of the other? */
function cancels(some: readonly number[], others: readonly number[]): boolean {
  return (
    some.length === others.length &&
    some.every((number, i) => number === (i % 2 === 0 ? others[i] : -(others[i] as number)))
  );
}
