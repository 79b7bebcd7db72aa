// What a shard does for a cross-shard transfer: claim and reserve, prepare, decide. Owns: reserves, what stands on the
// stripes in between, what goes to the next shard and back. Never touches: transfers of one shard, ports, clocks.
//   X3. A reserve is freed by its decision and by nothing else.
//   X5. Every message follows from what is logged: a repeat is answered from the log, never decided again.

import { homePlace, LEG, LEGS } from '../ledger/keys.js';
import { APPLIED, IGNORED, type Ledger } from '../ledger/ledger.js';
import type { PastRecord } from '../ledger/state.js';
import { flagRefusal, type Working } from '../ledger/working.js';
import { LOTS_MAX, NEVER, PREPARE_LIMIT_MS, TRANSITS_TOWARDS_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, EXTRA, TRANSIT } from '../protocol/effects.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import { Chain } from './chain.js';
import { prepareOf } from './courier.js';
import { LegLots, NO_LOTS, packLots, unpackLots } from './lots.js';
import { transitOwner } from './places.js';
import type { Transit } from './transits.js';

/** Places in a transfer, in its legs, in a prepare and in a decision. */
const [CONDITION, CONDITION_ASSET, CONDITION_AMOUNT] = [7, 8, 9] as const;
const [TO, ASSET, AMOUNT, EXPIRY] = [1, 2, 3, 4] as const;
const [ID, OWNER] = [2, 3] as const;
const [DEADLINE, TRANSFER, LOTS] = [4, 5, 6] as const;
const [REFUSAL, DECIDED_LOTS] = [4, 5] as const;

/** A transfer as this shard sees it; used again for the next. */
export class Part {
  readonly ledger: Ledger;
  /** The transfer that a prepare or an open one carries. */
  readonly carried = new CommandView();
  transfer = this.carried;
  readonly chain = new Chain();
  readonly here: number;
  readonly lots = new LegLots();
  /** By leg: the account, or the stripe that stands for it where only the other side is here; null: neither is. */
  readonly payers: (Working | null)[] = [];
  readonly payees: (Working | null)[] = [];
  #named: Working | null = null;
  /** What the legs so far bring to and take from each account, in the order of the accounts loaded. */
  readonly #in: number[] = [];
  readonly #out: number[] = [];

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.here = ledger.state.places.shard;
  }

  begin(transfer: CommandView, lots: readonly number[]): this {
    this.transfer = transfer;
    this.chain.plan(transfer, homePlace(transfer), this.ledger.state.places);
    this.lots.begin(this.chain.legs, lots);
    return this;
  }

  get next(): number {
    return this.chain.after(this.here);
  }

  asset(leg: number): number {
    return this.ledger.state.assets.indexAt(this.transfer, LEGS + leg * LEG + ASSET);
  }

  amount(leg: number): number {
    return this.transfer.number(LEGS + leg * LEG + AMOUNT);
  }

  /** Are all its assets known here? A shard that is behind hears of them soon. */
  get isUnderstood(): boolean {
    const { assets } = this.ledger.state;
    for (let leg = 0; leg < this.chain.legs; leg++) if (this.asset(leg) < 0) return false;
    return this.transfer.isNil(CONDITION) || assets.indexAt(this.transfer, CONDITION_ASSET) >= 0;
  }

  /** Loads the accounts on this shard, with what was due on them applied. */
  load(): void {
    this.#load();
    if (this.ledger.settle()) this.#load();
  }

  #load(): void {
    const { ledger, transfer, chain, here } = this;
    const { payers, payees } = this;
    payers.length = 0;
    payees.length = 0;
    for (let leg = 0; leg < chain.legs; leg++) {
      const place = LEGS + leg * LEG;
      const payerAt = chain.payerAt[leg] as number;
      const payeeAt = chain.payeeAt[leg] as number;
      const isHere = payerAt === here || payeeAt === here;
      payers.push(isHere ? this.#side(place, payerAt, leg) : null);
      payees.push(isHere ? this.#side(place + TO, payeeAt, leg) : null);
    }
    this.#named = null;
    if (chain.conditionAt !== here) return;
    const asset = ledger.state.assets.indexAt(transfer, CONDITION_ASSET);
    this.#named = ledger.accountIn(transfer, CONDITION, asset);
  }

  #side(place: number, shard: number, leg: number): Working {
    const asset = this.asset(leg);
    return shard === this.here
      ? this.ledger.accountIn(this.transfer, place, asset)
      : this.ledger.accountOf(stripe(shard), asset);
  }

  /** Reserves this shard's part, in the loaded accounts alone. Returns a refusal's number or 0. */
  reserve(): number {
    const { payers, payees } = this;
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const from = payers[leg] as Working | null;
      const to = payees[leg] as Working | null;
      const flagged = from === null || to === null ? APPLIED : flagRefusal(from, to);
      if (flagged !== APPLIED) return flagged;
    }
    if (this.#named !== null && this.#named.available < this.transfer.number(CONDITION_AMOUNT))
      return REFUSALS.CONDITION_FAILED.number;
    for (let i = 0; i < this.ledger.workingCount; i++) {
      this.#in[i] = 0;
      this.#out[i] = 0;
    }
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const refusal = this.#reserveLeg(leg);
      if (refusal !== APPLIED) return refusal;
    }
    return APPLIED;
  }

  #reserveLeg(leg: number): number {
    const payer = this.payers[leg] as Working | null;
    const payee = this.payees[leg] as Working | null;
    const amount = this.amount(leg);
    const { flow } = this.ledger;
    if (payer === null || payee === null) return APPLIED;
    let refusal: number;
    if (payer.isSystem) refusal = payer.systemRefusal(this.#added(this.#out, payer, amount));
    else {
      flow.clear();
      refusal = payer.reserve(amount, flow);
      if (refusal === APPLIED) this.lots.set(leg, flow);
    }
    if (refusal !== APPLIED) return refusal;
    refusal = payee.creditRefusal(this.#added(this.#in, payee, amount));
    if (refusal !== APPLIED) return refusal;
    return payee.isTracked && payee.lotCount >= LOTS_MAX ? REFUSALS.LOT_LIMIT.number : APPLIED;
  }

  /** Adds to an account's sum, and returns it. */
  #added(sums: number[], account: Working, amount: number): number {
    const place = this.ledger.working.indexOf(account);
    const sum = (sums[place] as number) + amount;
    sums[place] = sum;
    return sum;
  }

  /** What is expected here and (below 0) reserved, system owners and stripes too, as Transit.expected. */
  expected(): number[] {
    const numbers: number[] = [];
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const payer = this.payers[leg] as Working | null;
      const payee = this.payees[leg] as Working | null;
      if (payer !== null) numbers.push(payer.name.hash, payer.asset, -this.amount(leg));
      if (payee !== null) numbers.push(payee.name.hash, payee.asset, this.amount(leg));
    }
    return numbers;
  }

  /** Posts what was reserved. */
  post(): void {
    for (let leg = 0; leg < this.chain.legs; leg++) this.#postLeg(leg);
    for (const payer of this.payers) payer?.tidyLots();
  }

  #postLeg(leg: number): void {
    const { ledger, transfer, lots } = this;
    const from = this.payers[leg] as Working | null;
    const to = this.payees[leg] as Working | null;
    if (from === null || to === null) return;
    const amount = this.amount(leg);
    const asset = this.asset(leg);
    const { flow } = ledger;
    lots.fill(leg, amount, flow);
    if (from.isSystem) from.available -= amount;
    else from.takeHeld(amount, flow);
    from.isTouched = true;
    from.spent += amount;
    const place = LEGS + leg * LEG + EXPIRY;
    const mark = transfer.isNil(place) ? null : transfer.number(place);
    if (mark !== null) {
      flow.clear();
      flow.loose = amount;
    }
    to.earned += amount;
    to.putAvailable(amount, flow, to.isTracked ? ledger.looseExpiry(mark, asset) : NEVER, true);
  }

  /** Gives back what was reserved. */
  free(): void {
    const { ledger, lots } = this;
    const { flow } = ledger;
    // The other way round than reserve(): the parts of an account that came from no lot pay back what it owed first.
    for (let leg = this.chain.legs - 1; leg >= 0; leg--) {
      const payer = this.payers[leg] as Working | null;
      if (payer === null || payer.isSystem) continue;
      const amount = this.amount(leg);
      lots.fill(leg, amount, flow);
      payer.takeHeld(amount, flow);
      payer.putBack(amount, flow, ledger.defaultExpiry(payer.asset), true);
    }
    for (const payer of this.payers) payer?.tidyLots();
  }

  /** Ends its record here. */
  note(state: number, owner: string, id: string, deadline: number): void {
    const numbers = [state, deadline, this.chain.before(this.here), this.next];
    this.ledger.draft.effects.extra(
      EXTRA.transit,
      [...numbers, ...this.lots.numbers()],
      [owner, id],
    );
  }

  /** From here on it is open here, and the next shard is asked. */
  open(owner: string, id: string, deadline: number): void {
    const { ledger, transfer, next } = this;
    const transit: Transit = {
      owner,
      id,
      deadline,
      next,
      seq: ledger.draft.seq,
      transfer: transfer.bytes.slice(transfer.start, transfer.end),
      lots: this.lots.numbers(),
      expected: this.expected(),
    };
    ledger.saveReserves();
    this.note(TRANSIT.open, owner, id, deadline);
    ledger.state.transits.open(transit);
    ledger.opened = transit;
    ledger.outbox.push({ to: next, command: prepareOf(transit) });
  }

  /** Tells the shard before. */
  answer(owner: string, id: string, refusal: number): void {
    const to = this.chain.before(this.here);
    if (to < 0) return;
    const { bytes, start, end } = this.transfer;
    const transfer = refusal === APPLIED ? bytes.subarray(start, end) : undefined;
    const lots = packLots(this.lots.numbers());
    const command = { type: 'decision', id, owner, refusal, lots, transfer } as const;
    this.ledger.outbox.push({ to, command });
  }
}

/** Names of stripes, made once. */
const STRIPES: Name[] = [];

function stripe(shard: number): Name {
  let name = STRIPES[shard];
  if (name === undefined) {
    name = Name.of(transitOwner(shard));
    STRIPES[shard] = name;
  }
  return name;
}

/** On the home shard: a transfer that is not all on it. */
export function beginCross(ledger: Ledger, transfer: CommandView): number {
  const part = ledger.part.begin(transfer, NO_LOTS);
  if (ledger.state.transits.towards(part.next) >= TRANSITS_TOWARDS_MAX)
    return REFUSALS.SHARD_UNAVAILABLE.number;
  part.load();
  const refusal = part.reserve();
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  ledger.begin();
  part.open(ledger.homeOwner, transfer.text(ID), ledger.time + PREPARE_LIMIT_MS);
  return APPLIED;
}

/** On the other shards. Returns APPLIED where it was logged, refused or not. */
export function prepare(ledger: Ledger, command: CommandView): number {
  const owner = command.text(OWNER);
  const id = command.text(ID);
  const known = ledger.latest();
  if (known !== null) {
    if (ledger.state.transits.get(owner, id) === undefined) answerAgain(ledger, known, owner, id);
    return IGNORED;
  }
  const { part } = ledger;
  part.carried.read(command.bytes, command.bytesStart(TRANSFER));
  part.begin(part.carried, lotsAt(command, LOTS));
  if (!part.isUnderstood) return IGNORED;
  const deadline = command.number(DEADLINE);
  let refusal: number = REFUSALS.PREPARE_LATE.number;
  if (ledger.time <= deadline) {
    part.load();
    refusal = part.reserve();
  }
  // From here the command must succeed.
  if (refusal !== APPLIED) {
    ledger.begin(refusal);
    part.note(TRANSIT.refused, owner, id, deadline);
    part.answer(owner, id, refusal);
  } else if (part.next >= 0) {
    ledger.begin();
    part.open(owner, id, deadline);
  } else {
    part.post();
    ledger.begin();
    ledger.saveAll(ENTRY.transfer);
    part.note(TRANSIT.posted, owner, id, deadline);
    part.answer(owner, id, APPLIED);
  }
  return APPLIED;
}

function lotsAt(command: CommandView, place: number): readonly number[] {
  if (command.isNil(place)) return NO_LOTS;
  return unpackLots(command.bytes, command.bytesStart(place), command.bytesLength(place));
}

/** A prepare that has been decided here: the shard before did not hear of it. */
function answerAgain(ledger: Ledger, known: PastRecord, owner: string, id: string): void {
  const { effects, offset, tuple } = known;
  const transit = effects.extras(offset).find((extra) => extra.tag === EXTRA.transit);
  if (transit === undefined) throw new Error(`the record of ${owner} ${id} says nothing of shards`);
  const [, , before = -1] = transit.numbers;
  const refusal = effects.refusalNumber(offset);
  const transfer = refusal === APPLIED ? (tuple[TRANSFER] as Uint8Array) : undefined;
  const lots = packLots(Array.from(transit.numbers.subarray(4)));
  const command = { type: 'decision', id, owner, refusal, lots, transfer } as const;
  ledger.outbox.push({ to: before, command });
}

/** On all shards but the last. */
export function decide(ledger: Ledger, command: CommandView): number {
  const owner = command.text(OWNER);
  const id = command.text(ID);
  const { transits } = ledger.state;
  const transit = transits.get(owner, id);
  if (transit === undefined) return IGNORED;
  const refusal = command.number(REFUSAL);
  const { part } = ledger;
  part.carried.read(transit.transfer, 0);
  const lots = refusal === APPLIED ? lotsAt(command, DECIDED_LOTS) : transit.lots;
  part.begin(part.carried, lots);
  part.load();
  if (refusal === APPLIED) part.post();
  else part.free();
  // From here the command must succeed.
  ledger.begin(refusal);
  transits.close(transit);
  if (refusal === APPLIED) {
    ledger.saveAll(ENTRY.transfer);
    part.note(TRANSIT.posted, owner, id, transit.deadline);
  } else {
    ledger.saveReserves();
    part.note(TRANSIT.refused, owner, id, transit.deadline);
  }
  part.answer(owner, id, refusal);
  return APPLIED;
}
