// What a shard does for a command between shards: claim and reserve, prepare, decide. Owns: the order of its steps, what is
// answered to the shards before and after. Never touches: accounts (the two kinds of parts do), ports, clocks.
//   X3. A reserve is freed by its decision and by nothing else.
//   X5. Every message follows from the log: a repeat is answered from it, never decided again.

import { APPLIED, IGNORED } from '../ledger/result.js';
import type { PastRecord } from '../ledger/state.js';
import type { Work } from '../ledger/work.js';
import { PREPARE_LIMIT_MS, TIME_MAX_MS, TRANSITS_TOWARDS_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, EXTRA, TRANSIT } from '../protocol/effects.js';
import { OP, PLACES } from '../protocol/layout.js';
import { keptNumber, REFUSALS } from '../protocol/refusals.js';
import { EntriesPart } from './entries-part.js';
import { acknowledge, isFollowUp } from './follow-ups.js';
import { LegsPart } from './legs-part.js';
import { lotsToSend, NO_LOTS, unpackLots } from './lots.js';
import type { Part } from './part.js';

/** Places in a prepare and in a decision. */
const { id: ID, owner: OWNER, deadline: DEADLINE, transfer: TRANSFER, lots: LOTS } = PLACES.prepare;
const { refusal: REFUSAL, lots: DECIDED_LOTS } = PLACES.decision;

/** This shard's part in the command under way; used again for the next. */
class Parts {
  readonly #legs: LegsPart;
  readonly #entries: EntriesPart;
  readonly #carried = new CommandView();

  constructor(work: Work) {
    this.#legs = new LegsPart(work);
    this.#entries = new EntriesPart(work);
  }

  /** The part in a transfer, capture or reversal. `lots`: what is known of them so far. */
  begin(carried: CommandView, lots: readonly number[]): Part {
    const part = carried.op === OP.reverse ? this.#entries : this.#legs;
    return part.begin(carried, lots);
  }

  /** The same, out of its bytes. */
  read(bytes: Uint8Array, start: number, lots: readonly number[]): Part {
    this.#carried.read(bytes, start);
    return this.begin(this.#carried, lots);
  }
}

const parts = new WeakMap<Work, Parts>();
function partsOf(work: Work): Parts {
  const known = parts.get(work) ?? new Parts(work);
  parts.set(work, known);
  return known;
}

/** On the home shard: a command that is not all on it. */
export function beginCross(work: Work, carried: CommandView): number {
  const part = partsOf(work).begin(carried, NO_LOTS);
  if (work.state.transits.towards(part.next) >= TRANSITS_TOWARDS_MAX)
    return REFUSALS.SHARD_UNAVAILABLE.number;
  part.load();
  const refusal = part.reserve();
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin(APPLIED, part.carried);
  // Nobody could ask for a follow-up again under another id: it is never too late.
  const deadline = isFollowUp(part.carried) ? TIME_MAX_MS : work.time + PREPARE_LIMIT_MS;
  part.open(work.homeOwner, part.carried.text(ID), deadline);
  return APPLIED;
}

/** A transfer that is all on this shard, but for ones in which it does not matter: as on the last shard of a chain. */
export function postAll(work: Work, transfer: CommandView): number {
  const part = partsOf(work).begin(transfer, NO_LOTS);
  part.load();
  const refusal = part.reserve() || part.post();
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin();
  work.saveAll(part.entryType);
  part.decided(true);
  return APPLIED;
}

/** On the other shards. Returns APPLIED where it was logged, refused or not. */
export function prepare(work: Work, command: CommandView): number {
  const owner = command.text(OWNER);
  const id = command.text(ID);
  const known = work.latest();
  if (known !== null) {
    if (work.state.transits.get(owner, id) === undefined) answerAgain(work, known, owner, id);
    return IGNORED;
  }
  const part = partsOf(work).read(
    command.bytes,
    command.bytesStart(TRANSFER),
    lotsAt(command, LOTS),
  );
  if (!part.isUnderstood) return IGNORED;
  const deadline = command.number(DEADLINE);
  let refusal: number = REFUSALS.PREPARE_LATE.number;
  if (work.time <= deadline) {
    part.load();
    // The home shard has claimed the id already.
    refusal = keptNumber(part.reserve() || (part.isLast ? part.post() : APPLIED));
  }
  // From here the command must succeed.
  if (refusal !== APPLIED) {
    work.begin(refusal);
    part.note(TRANSIT.refused, owner, id, deadline);
    part.answer(owner, id, refusal);
  } else if (!part.isLast) {
    work.begin(APPLIED, part.carried);
    part.open(owner, id, deadline);
  } else {
    work.begin(APPLIED, part.carried);
    work.saveAll(part.entryType);
    part.decided(true);
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
function answerAgain(work: Work, known: PastRecord, owner: string, id: string): void {
  const { effects, offset, tuple } = known;
  const transit = effects.extras(offset).find((extra) => extra.tag === EXTRA.transit);
  if (transit === undefined) throw new Error(`the record of ${owner} ${id} says nothing of shards`);
  const [, , before = -1] = transit.numbers;
  const refusal = effects.refusalNumber(offset);
  const carried = tuple[TRANSFER] as Uint8Array;
  const transfer = refusal === APPLIED ? carried : undefined;
  const lots = lotsToSend(carried, Array.from(transit.numbers.subarray(4)));
  const command = { type: 'decision', id, owner, refusal, lots, transfer } as const;
  work.outbox.push({ to: before, command });
}

/** On all shards but the last. */
export function decide(work: Work, command: CommandView): number {
  const owner = command.text(OWNER);
  const id = command.text(ID);
  const { transits } = work.state;
  const transit = transits.get(owner, id);
  if (transit === undefined) return IGNORED;
  const refusal = command.number(REFUSAL);
  const isTold = refusal === APPLIED && !command.isNil(DECIDED_LOTS);
  const lots = isTold ? lotsAt(command, DECIDED_LOTS) : transit.lots;
  const part = partsOf(work).read(transit.transfer, 0, lots);
  part.load();
  if (refusal === APPLIED) part.post();
  else part.free();
  // From here the command must succeed.
  work.begin(refusal, part.carried);
  transits.close(transit);
  work.closed = transit;
  if (refusal === APPLIED) {
    work.saveAll(part.entryType);
    part.decided(true);
    part.note(TRANSIT.posted, owner, id, transit.deadline);
  } else {
    work.saveReserves(ENTRY.free);
    part.decided(false);
    part.note(TRANSIT.refused, owner, id, transit.deadline);
  }
  part.answer(owner, id, refusal);
  if (isFollowUp(part.carried) && part.chain.before(part.here) < 0)
    acknowledge(work, part.carried, refusal);
  return APPLIED;
}
