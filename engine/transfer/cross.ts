// What a shard does for a command between shards: claim and reserve, prepare, decide. Owns: the order of its steps, what is
// answered to the shards before and after. Never touches: accounts (the two kinds of parts do), ports, clocks.
//   X3. A reserve is freed by its decision and by nothing else.
//   X7. An act, or the reversal of one, that a shard refuses for now has never been: its id is free. Each attempt is known by its deadline, which
//       is later than that of the one before, so that a late prepare or refusal counts for its own attempt alone.
//   X5. Every message follows from the log: a repeat is answered from it, never decided again.

import { isFree } from '../ledger/past-commands.js';
import { APPLIED, IGNORED } from '../ledger/result.js';
import type { PastRecord } from '../ledger/state.js';
import type { Work } from '../ledger/work.js';
import { PREPARE_LIMIT_MS, TIME_MAX_MS, TRANSITS_TOWARDS_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, EXTRA, TRANSIT } from '../protocol/effects.js';
import { LEG, OP, PLACES } from '../protocol/layout.js';
import { isPassing, keptNumber, REFUSALS } from '../protocol/refusals.js';
import { isOfAct, legPlace } from './carried.js';
import { EntriesPart } from './entries-part.js';
import { acknowledge, isFollowUp } from './follow-ups.js';
import { LegsPart } from './legs-part.js';
import { lotsToSend, NO_LOTS, unpackLots } from './lots.js';
import type { Part } from './part.js';

const BUDGET_SHORT = REFUSALS.BUDGET_SHORT.number;

/** Places in a prepare and in a decision. */
const { id: ID, owner: OWNER, deadline: DEADLINE, transfer: TRANSFER, lots: LOTS } = PLACES.prepare;
const { refusal: REFUSAL, lots: DECIDED_LOTS, deadline: ANSWERED } = PLACES.decision;

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
  part.open(work.homeOwner, part.carried.text(ID), deadlineFor(work, part.carried));
  return APPLIED;
}

/** Deadlines of follow-ups that are acts, and may be tried again, begin here: later than any time, and there are enough of them. */
const NEVER_LATE = TIME_MAX_MS - 2 ** 40;

function deadlineFor(work: Work, carried: CommandView): number {
  // Nobody could ask for a follow-up again under another id: it is never too late.
  const isCaused = isFollowUp(carried);
  if (isCaused && !isOfAct(carried)) return TIME_MAX_MS;
  const first = isCaused ? NEVER_LATE : work.time + PREPARE_LIMIT_MS;
  const before = work.latest();
  // X7: later than that of an attempt before.
  return Math.max(first, before === null ? 0 : deadlineOf(before) + 1);
}

/** What a record says of its transfer between shards; undefined: nothing. */
const transitIn = ({ effects, offset }: PastRecord): ArrayLike<number> | undefined =>
  effects.extras(offset).find((extra) => extra.tag === EXTRA.transit)?.numbers;

const deadlineOf = (record: PastRecord): number => transitIn(record)?.[1] ?? 0;

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
  const deadline = command.number(DEADLINE);
  if (known !== null && !(isFree(known) && deadlineOf(known) < deadline)) {
    if (work.state.transits.get(owner, id) === undefined) answerAgain(work, known, owner, id);
    return IGNORED;
  }
  const part = partsOf(work).read(
    command.bytes,
    command.bytesStart(TRANSFER),
    lotsAt(command, LOTS),
  );
  if (!part.isUnderstood) return IGNORED;
  const isFreed = isOfAct(part.carried);
  let refusal: number = REFUSALS[isFreed ? 'SHARD_UNAVAILABLE' : 'PREPARE_LATE'].number;
  if (work.time <= deadline) {
    part.load();
    refusal = part.reserve() || (part.isLast ? part.post() : APPLIED);
    // The home shard has claimed the id already, and gives back that of an act alone, which no act has caused.
    if (!isFreed || isFollowUp(part.carried)) refusal = keptNumber(refusal);
    else if (refusal !== APPLIED && isOfChance(work, part.carried)) refusal = forNow(refusal);
  }
  // From here the command must succeed.
  if (refusal !== APPLIED) {
    work.begin(refusal);
    part.note(TRANSIT.refused, owner, id, deadline);
    part.answer(owner, id, refusal, deadline);
  } else if (!part.isLast) {
    work.begin(APPLIED, part.carried);
    part.open(owner, id, deadline);
  } else {
    work.begin(APPLIED, part.carried);
    work.saveAll(part.entryType);
    part.decided(true);
    part.note(TRANSIT.posted, owner, id, deadline);
    part.answer(owner, id, APPLIED, deadline);
  }
  return APPLIED;
}

/** Is it an act of chance? Whatever refuses it here is for now: its home shard decides it again. */
const isOfChance = ({ acts }: Work, carried: CommandView): boolean =>
  carried.op === OP.act && acts.get(carried.text(PLACES.act.act))?.isOfChance === true;

const forNow = (refusal: number): number =>
  isPassing(refusal) ? refusal : REFUSALS.BUDGET_BUSY.number;

function lotsAt(command: CommandView, place: number): readonly number[] {
  if (command.isNil(place)) return NO_LOTS;
  return unpackLots(command.bytes, command.bytesStart(place), command.bytesLength(place));
}

/** A prepare that has been decided here: the shard before did not hear of it. */
function answerAgain(work: Work, known: PastRecord, owner: string, id: string): void {
  const { effects, offset, tuple } = known;
  const transit = transitIn(known);
  if (transit === undefined) throw new Error(`the record of ${owner} ${id} says nothing of shards`);
  const [, told = 0, before = -1, , ...numbers] = Array.from(transit);
  const refusal = effects.refusalNumber(offset);
  const carried = tuple[TRANSFER] as Uint8Array;
  const transfer = refusal === APPLIED ? carried : undefined;
  const lots = lotsToSend(carried, numbers);
  const deadline = isPassing(refusal) ? told : undefined;
  const command = { type: 'decision', id, owner, refusal, lots, transfer, deadline } as const;
  work.outbox.push({ to: before, command });
}

/** On all shards but the last. */
export function decide(work: Work, command: CommandView): number {
  const owner = command.text(OWNER);
  const id = command.text(ID);
  const { transits } = work.state;
  const transit = transits.get(owner, id);
  if (transit === undefined) return IGNORED;
  // It answers an attempt that is over.
  if (!command.isNil(ANSWERED) && command.number(ANSWERED) !== transit.deadline) return IGNORED;
  const refusal = command.number(REFUSAL);
  const isTold = refusal === APPLIED && !command.isNil(DECIDED_LOTS);
  const lots = isTold ? lotsAt(command, DECIDED_LOTS) : transit.lots;
  const part = partsOf(work).read(transit.transfer, 0, lots);
  part.load();
  if (refusal === APPLIED) part.post();
  else part.free();
  if (refusal === BUDGET_SHORT) hearOfShortage(work, part, lotsAt(command, DECIDED_LOTS));
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
  part.answer(owner, id, refusal, transit.deadline);
  const isKept = !isPassing(refusal);
  if (isKept && isFollowUp(part.carried) && part.chain.before(part.here) < 0)
    acknowledge(work, part.carried, refusal);
  return APPLIED;
}

/** A pool cannot pay an optional leg: it is said on, and noted on the home shard, which decides the act anew when it is asked for. */
function hearOfShortage(work: Work, part: Part, told: readonly number[]): void {
  const [short = 0, left = 0] = told;
  part.lots.short(told);
  const isLeg = part.carried.op === OP.act && short < part.chain.legs;
  if (work.isReplaying || !isLeg || part.chain.before(part.here) >= 0) return;
  const { carried } = part;
  const fieldOf = (leg: number, field: number): string =>
    carried.text(legPlace(carried, leg, field));
  const [pool, asset] = [fieldOf(short, LEG.from), fieldOf(short, LEG.asset)];
  let sum = 0;
  for (let leg = 0; leg <= short; leg++)
    if (fieldOf(leg, LEG.from) === pool && fieldOf(leg, LEG.asset) === asset)
      sum += carried.number(legPlace(carried, leg, LEG.amount));
  const rest = sum - carried.number(legPlace(carried, short, LEG.amount)) + left;
  work.exhausted.note(pool, asset, sum, rest, work.time);
}
