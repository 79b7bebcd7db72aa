// What a record says of a cross-shard transfer: opened here, posted, refused. Owns: the chain of shards, worked out once
// more apart from the rules, and that reserves and what is open agree. Never touches: how records are read (posting.ts).
//   T1. What an open transfer reserves is freed by its decision, as a whole, and by nothing else.
//   T2. A decision follows exactly one open transfer of its home owner and id, and ends it.

import { homeOwnerOfTuple } from '../ledger/keys.js';
import { legsOf, OP, type Tuple, unpackTuple } from '../protocol/codec.js';
import type { Leg } from '../protocol/commands.js';
import { TRANSIT } from '../protocol/effects.js';
import { ownerHash, slotOf } from '../protocol/hash.js';
import { isSystemOwner } from '../protocol/validate.js';
import { transitOwner } from '../transfer/places.js';
import type { Books, Reserve } from './books.js';
import { broken } from './broken.js';

/** Which owners live on the shard. */
export interface Home {
  readonly shard: number;
  readonly slotMap: Uint16Array;
}

/** Place of the condition's owner in a transfer. */
const CONDITION = 7;
/** Places in a prepare and in a decision. */
const [DEADLINE, TRANSFER] = [4, 5] as const;
const [REFUSAL, DECIDED_TRANSFER] = [4, 6] as const;
const STATES = ['open', 'posted', 'refused'];

/** A record, as far as this file goes into it. */
export interface CrossRecord {
  readonly op: number;
  readonly refusal: number;
  readonly entries: number;
  readonly seq: number;
  readonly tuple: Tuple;
  /** The command's bytes. */
  readonly command: Uint8Array;
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

/** The shards of one transfer. */
class Route {
  readonly legs: readonly Leg[];
  /** In the order in which it goes through them. */
  readonly shards: readonly number[];
  readonly payerAt: readonly number[];
  readonly payeeAt: readonly number[];

  constructor(transfer: Tuple, { slotMap }: Home) {
    const shardOf = (owner: string): number => slotMap[slotOf(owner)] as number;
    const home = shardOf(homeOwnerOfTuple(transfer));
    this.legs = legsOf(transfer);
    this.payerAt = this.legs.map(({ from, to }) => {
      if (!isSystemOwner(from)) return shardOf(from);
      return isSystemOwner(to) ? home : shardOf(to);
    });
    this.payeeAt = this.legs.map(({ to }, leg) =>
      isSystemOwner(to) ? (this.payerAt[leg] as number) : shardOf(to),
    );
    const paying = [...this.payerAt];
    const condition = transfer[CONDITION] as string | null;
    if (condition !== null) paying.push(shardOf(condition));
    const byNumber = (a: number, b: number): number => a - b;
    this.shards = [
      ...new Set([home, ...paying.sort(byNumber), ...[...this.payeeAt].sort(byNumber)]),
    ];
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
    return numbers;
  }
}

export class TransitCheck {
  readonly #books: Books;
  readonly #home: Home;
  /** What the record under way moves into what is held, or (below 0) out of it. */
  #moves: Reserve[] = [];
  #said: Said | undefined;
  /** Was the transfer of the record that ended last posted, and is this its home shard? */
  isPosted = false;

  constructor(books: Books, home: Home) {
    this.#books = books;
    this.#home = home;
  }

  /** A record begins. */
  begin(): void {
    if (this.#moves.length > 0) this.#moves = [];
    this.#said = undefined;
  }

  /** An account has `amount` more held; `changes` of its lots: (expiry, available, held). */
  moved(account: number, amount: number, changes: readonly number[]): void {
    const slices: number[] = [];
    for (let i = 0; i < changes.length; i += 3)
      if (changes[i + 2] !== 0) slices.push(changes[i] as number, changes[i + 2] as number);
    if (amount === 0 && slices.length === 0) return;
    if (this.#moves.some((move) => move.account === account))
      broken(`reserves points of ${this.#books.say(account)} twice`);
    this.#moves.push({ account, amount, slices });
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
    this.isPosted =
      said === undefined ? op === OP.transfer : said.state === TRANSIT.posted && said.before < 0;
    if (said === undefined) {
      if (isBetweenShards(op)) broken('does not say how its transfer stands');
      if (this.#moves.length > 0) broken('reserves points for no transfer');
      return;
    }
    if (op !== OP.transfer && !isBetweenShards(op)) broken('says how a transfer stands');
    if (said.owner !== homeOwnerOfTuple(tuple) || said.id !== tuple[2])
      broken(`says how another transfer stands: ${said.id} of ${said.owner}`);
    if (op === OP.decision) this.#decision(record, said);
    else this.#prepared(record, said);
  }

  /** On the home shard, or on another that hears of it. */
  #prepared(record: CrossRecord, said: Said): void {
    const { op, refusal, entries, seq, tuple } = record;
    const { owner, id, deadline, before, next, lots } = said;
    const { shard } = this.#home;
    const bytes = op === OP.transfer ? record.command : (tuple[TRANSFER] as Uint8Array);
    const transfer = op === OP.transfer ? tuple : unpackTuple(bytes, 0, bytes.length);
    if (transfer[1] !== OP.transfer || transfer[2] !== id || homeOwnerOfTuple(transfer) !== owner)
      broken(`is not about ${id} of ${owner}`);
    const route = new Route(transfer, this.#home);
    const place = route.shards.indexOf(shard);
    if (place < 0 || (place === 0) !== (op === OP.transfer))
      broken(`came to shard ${shard}, and the shards of ${id} are ${route.shards}`);
    this.#neighbours(said, route.shards[place - 1] ?? -1, route.shards[place + 1] ?? -1);
    if (op === OP.prepare && deadline !== tuple[DEADLINE])
      broken(`says that ${id} may come until ${deadline}`);
    const open = next >= 0 ? TRANSIT.open : TRANSIT.posted;
    this.#state(said, refusal === 0 ? open : TRANSIT.refused);
    if (said.state !== TRANSIT.open) {
      if (this.#moves.length > 0) broken(`is ${STATES[said.state]}, and reserves points`);
      return;
    }
    if (entries > 0) broken('is open, and has entries');
    if (this.#moves.some(({ amount }) => amount <= 0)) broken('is open, and gives points back');
    const isOpened = this.#books.open({
      owner,
      id,
      deadline,
      before,
      next,
      seq,
      transfer: new Uint8Array(bytes),
      lots,
      expected: route.expected(shard, (code) => this.#books.assetNumber(code)),
      shards: route.shards,
      reserves: this.#moves.slice(),
    });
    if (!isOpened) broken(`L5: ${id} of ${owner} is open already`);
  }

  #decision({ refusal, tuple }: CrossRecord, said: Said): void {
    const { owner, id, deadline } = said;
    const known = this.#books.transit(owner, id);
    if (known === undefined) broken(`L5: decides ${id} of ${owner}, which is not open`);
    if (tuple[REFUSAL] !== refusal) broken(`has refusal ${refusal}, and its command another`);
    const decided = tuple[DECIDED_TRANSFER] as Uint8Array | null | undefined;
    if (decided && Buffer.compare(decided, known.transfer) !== 0)
      broken(`decides another transfer than ${id} of ${owner}`);
    this.#state(said, refusal === 0 ? TRANSIT.posted : TRANSIT.refused);
    this.#neighbours(said, known.before, known.next);
    if (deadline !== known.deadline) broken(`says that ${id} might come until ${deadline}`);
    for (const { account, amount, slices } of known.reserves) {
      const freed = this.#moves.find((move) => move.account === account);
      if (freed === undefined || freed.amount !== -amount || !cancels(freed.slices, slices)) {
        broken(
          `does not free the ${amount} that ${id} of ${owner} reserves of ${this.#books.say(account)}`,
        );
      }
    }
    if (this.#moves.length !== known.reserves.length)
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
