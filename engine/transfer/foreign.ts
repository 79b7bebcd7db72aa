// Messages from another process, checked before a shard takes them. Owns: the syntax of prepares, decisions and follow-ups in
// untrusted bytes. Never touches: state. Shards of one process trust each other and do not come here.
//   X6. What passes can be read by everything that reads commands, in the one encoding that the codec has (protocol.P6), and concerns
//       this shard.

import { AMOUNT_MAX, BATCH_MAX, LEGS_MAX, LOTS_MAX, NEVER, TIME_MAX_MS } from '../limits.js';
import { GIVE_BACK } from '../programme/allotments.js';
import type { LoggedPlan } from '../programme/plan.js';
import { isAllotment, poolOf } from '../protocol/allotment.js';
import {
  decodeCommand,
  isSameSaid,
  packTuple,
  type Tuple,
  unpackTuple,
  unpackTuples,
} from '../protocol/codec.js';
import { packCommand } from '../protocol/command-buffer.js';
import { CommandView } from '../protocol/command-view.js';
import { isReference } from '../protocol/commands.js';
import { causeOf, isCausedId } from '../protocol/follow-ups.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES, widthOf } from '../protocol/layout.js';
import { isPassing, REFUSALS, refusalCode } from '../protocol/refusals.js';
import { scopeOf } from '../protocol/scope.js';
import {
  isAmount,
  isAssetCode,
  isId,
  isKnownId,
  isNamedId,
  isScarceOwner,
  ownerProblem,
} from '../protocol/syntax.js';
import { isPoolAct, legPlace, planIn } from './carried.js';
import { causeIn, isCausable, isMinted, saysCause } from './caused.js';
import { Chain } from './chain.js';
import { unpackLots } from './lots.js';
import type { Places } from './open/places.js';

const { followUps: FOLLOW_UPS, legs: LEGS } = PLACES.transfer;
const { amount: AMOUNT, asset: ASSET, expiresAt: EXPIRY, to: TO } = LEG;
const { capture: CAPTURE } = PLACES;

/** Places of prepares and decisions alike; the last two are the other way round in a decision. */
const { id: ID, owner: OWNER } = PLACES.prepare;
const [THIRD, FOURTH, FIFTH] = [OWNER + 1, OWNER + 2, OWNER + 3];
const PREPARE_PLACES = widthOf('prepare');
const DECISION_PLACES = widthOf('decision');
const DELIVERED_PLACES = widthOf('delivered');
const SUPPLIED_PLACES = widthOf('supplied');
const { deadline: ANSWERED } = PLACES.decision;
const ID_IN_ITS_PLACE = 'id';
/** Of each leg, and of what an act holds. */
const LOT_NUMBERS_MAX = (LEGS_MAX + 1) * (1 + 2 * LOTS_MAX);

/** Looks through what other processes send to a shard. */
export class ForeignCheck {
  readonly #places: Places;
  readonly #view = new CommandView();
  readonly #carried = new CommandView();
  readonly #chain = new Chain();

  constructor(places: Places) {
    this.#places = places;
  }

  /** Is this so much of what shards say, for this one and from whoever may say it? Never throws. */
  isSound(from: number, bytes: Uint8Array, count: number): boolean {
    if (count > BATCH_MAX) return false;
    try {
      let at = 0;
      for (let i = 0; i < count; i++) {
        if (at >= bytes.length) return false;
        this.#view.read(bytes, at);
        if (!this.#isSaid(from)) return false;
        at = this.#view.end;
      }
      return at === bytes.length;
    } catch {
      // Bytes that are no command, or end before it does.
      return false;
    }
  }

  /** Is this one prepare or decision for this shard, whoever may say it? What is only tried comes from no shard. Never throws. */
  isPhase(bytes: Uint8Array): boolean {
    try {
      this.#view.read(bytes, 0);
      return this.#view.isKnown && this.#view.end === bytes.length && this.#isPhase(null);
    } catch {
      return false;
    }
  }

  #isSaid(from: number): boolean {
    const view = this.#view;
    if (!view.isKnown) return false;
    if (view.op === OP.transfer) return this.#isFollowUp(from);
    if (isPoolAct(view)) return this.#isCalledBack(from);
    if (isCausable(view.op)) return this.#isCaused(from);
    if (view.op === OP.delivered) return this.#isDelivered();
    if (view.op === OP.supplied) return this.#isSupplied(from);
    return this.#isPhase(from);
  }

  /** A transfer that one of that shard has caused, for an owner of this one. */
  #isFollowUp(from: number): boolean {
    const view = this.#view;
    if (!isText(view, ID, isKnownId) || !isTransfer(view)) return false;
    const cause = causeOf(view.text(ID));
    if (cause === undefined || !view.isNil(FOLLOW_UPS)) return false;
    const { shard } = this.#places;
    const isHere = this.#shardOf(view.text(homePlace(view))) === shard;
    return isHere && this.#shardOf(cause.owner) === from;
  }

  /** What an act of that shard has caused, for an owner of this one: nothing of it is decided yet. */
  #isCaused(from: number): boolean {
    const view = this.#view;
    const bytes = view.bytes.subarray(view.start, view.end);
    if (!isCanonical(bytes)) return false;
    const tuple = view.tuple();
    const type = view.op === OP.act ? 'act' : 'reverse';
    const isDecided = !view.isNil(PLACES[type].plan) || view.count > widthOf(type);
    if (isDecided || !isMinted(tuple, undefined)) return false;
    const isHere = this.#shardOf(view.text(homePlace(view))) === this.#places.shard;
    return isHere && this.#shardOf(causeIn(tuple)?.owner as string) === from;
  }

  /** An allotment here is to give back, and its pool's shard says so: nothing of it is decided yet. */
  #isCalledBack(from: number): boolean {
    const view = this.#view;
    const bytes = view.bytes.subarray(view.start, view.end);
    const { owner, act, plan, cause, legs } = PLACES.act;
    if (!isCanonical(bytes) || view.count !== legs) return false;
    if (!view.isNil(plan) || !view.isNil(cause) || view.text(act) !== GIVE_BACK) return false;
    const allotment = view.text(owner);
    if (!isAllotment(allotment) || this.#shardOf(allotment) !== this.#places.shard) return false;
    return this.#shardOf(poolOf(allotment)) === from;
  }

  /** What became of a follow-up that was caused here. */
  #isDelivered(): boolean {
    const view = this.#view;
    if (view.count !== DELIVERED_PLACES || view.bytes[view.start] !== (0x90 | DELIVERED_PLACES))
      return false;
    if (!isText(view, ID, isKnownId) || !isText(view, OWNER, isOwner)) return false;
    if (!isNumber(view, THIRD, 0, 255)) return false;
    const refusal = view.number(THIRD);
    if (refusal !== 0) refusalCode(refusal);
    const owner = view.text(OWNER);
    const id = view.text(ID);
    const isOwn = isCausedId(id) || causeOf(id)?.owner === owner;
    return isOwn && this.#shardOf(owner) === this.#places.shard;
  }

  /** A pool of that shard has got points. */
  #isSupplied(from: number): boolean {
    const view = this.#view;
    const { owner: pool, asset } = PLACES.supplied;
    if (view.count !== SUPPLIED_PLACES || view.bytes[view.start] !== (0x90 | SUPPLIED_PLACES))
      return false;
    if (!isText(view, pool, isScarceOwner) || !isText(view, asset, isAssetCode)) return false;
    return isOwner(view.text(pool)) && this.#shardOf(view.text(pool)) === from;
  }

  #shardOf(owner: string): number {
    return this.#places.shardOf(ownerHash(owner));
  }

  #isPhase(from: number | null): boolean {
    const view = this.#view;
    const places = view.op === OP.prepare ? PREPARE_PLACES : DECISION_PLACES;
    if (view.count !== places || view.bytes[view.start] !== (0x90 | places)) return false;
    if (!isText(view, ID, isKnownId) || !isText(view, OWNER, isOwner)) return false;
    if (view.op === OP.prepare) {
      if (!isNumber(view, THIRD, 0, TIME_MAX_MS) || !isBytes(view, FOURTH)) return false;
      return this.#isCarried(FOURTH, from, true) && this.#areLots(FIFTH);
    }
    if (view.op !== OP.decision || !isNumber(view, THIRD, 0, 255)) return false;
    const refusal = view.number(THIRD);
    if (refusal !== 0) {
      refusalCode(refusal);
      if (isPassing(refusal) && !isNumber(view, ANSWERED, 0, TIME_MAX_MS)) return false;
      if (!isPassing(refusal) && !view.isNil(ANSWERED)) return false;
      if (refusal === REFUSALS.BUDGET_SHORT.number && !this.#isShort(FOURTH)) return false;
      return view.isNil(FIFTH) && (view.isNil(FOURTH) || isBytes(view, FOURTH));
    }
    if (!view.isNil(ANSWERED)) return false;
    return isBytes(view, FIFTH) && this.#isCarried(FIFTH, from, false) && this.#areLots(FOURTH);
  }

  /** The command that is carried: well formed, by the id and of the home owner that are named, and this shard's business. */
  #isCarried(place: number, from: number | null, isPrepare: boolean): boolean {
    const view = this.#view;
    const carried = this.#carried;
    const start = view.bytesStart(place);
    const end = start + view.bytesLength(place);
    carried.read(view.bytes, start);
    if (carried.end !== end || !carried.isKnown) return false;
    if (!isText(carried, ID, isKnownId) || carried.text(ID) !== view.text(ID)) return false;
    const bytes = view.bytes.subarray(start, end);
    const isRight =
      carried.op === OP.transfer
        ? isTransfer(carried)
        : carried.op === OP.capture
          ? isCapture(bytes)
          : isCausable(carried.op) &&
            isCanonical(bytes) &&
            isOwnOrMinted(carried) &&
            isPlan(planIn(carried));
    if (!isRight) return false;
    const home = homePlace(carried);
    if (carried.text(home) !== view.text(OWNER)) return false;
    const { shard } = this.#places;
    // Which shards a reversal concerns is in their logs; its home shard begins it, and nobody asks that one.
    if (carried.op === OP.reverse) return !isPrepare || this.#shardOf(carried.text(home)) !== shard;
    this.#chain.plan(carried, home, this.#places);
    const neighbour = isPrepare ? this.#chain.before(shard) : this.#chain.after(shard);
    const isNeighbour = from === null ? neighbour >= 0 : neighbour === from;
    return this.#chain.shards.includes(shard) && isNeighbour;
  }

  /** The number of a leg, in the place of lots. */
  #isShort(place: number): boolean {
    const view = this.#view;
    if (view.isNil(place) || view.bytesLength(place) !== 16) return false;
    const [leg, left] = unpackLots(view.bytes, view.bytesStart(place), 16);
    return isWhole(leg as number, 0, LEGS_MAX - 1) && isWhole(left as number, 0, AMOUNT_MAX);
  }

  /** Lots by leg, no more than the leg is of; #isCarried() has read the legs. */
  #areLots(place: number): boolean {
    const view = this.#view;
    if (view.isNil(place)) return true;
    if (!isBytes(view, place) || this.#carried.op === OP.reverse) return false;
    const length = view.bytesLength(place);
    if (length === 0 || length % 8 !== 0 || length > LOT_NUMBERS_MAX * 8) return false;
    const numbers = unpackLots(view.bytes, view.bytesStart(place), length);
    let at = 0;
    let leg = 0;
    for (; at < numbers.length; leg++) {
      const pairs = numbers[at++] as number;
      if (!Number.isInteger(pairs) || pairs < 0 || pairs > LOTS_MAX) return false;
      if (at + 2 * pairs > numbers.length) return false;
      let sum = 0;
      for (let i = 0; i < pairs; i++, at += 2) {
        const expiry = numbers[at] as number;
        if (!(isWhole(expiry, 0, TIME_MAX_MS) || expiry === NEVER)) return false;
        if (!isAmount(numbers[at + 1])) return false;
        sum += numbers[at + 1] as number;
      }
      if (sum > this.#amount(leg)) return false;
    }
    return leg === this.#chain.lots;
  }

  #amount(leg: number): number {
    const { legs, lots, decided } = this.#chain;
    if (leg < legs) return this.#carried.number(legPlace(this.#carried, leg, AMOUNT));
    return leg < lots ? (decided?.hold?.amount ?? 0) : 0;
  }
}

/** Has a plan the form that this release gives it, as far as shards look at it that have not decided it? */
function isPlan(plan: LoggedPlan | undefined): boolean {
  if (plan === undefined) return true;
  const { names = [], records = [], takes = [], puts = [], optional = [], pending = [] } = plan;
  const { hold, homeward, refusal } = plan;
  const isName = (one: unknown): boolean => typeof one === 'string';
  return (
    refusal === undefined &&
    (hold === undefined || isAmount(hold.amount)) &&
    optional.every(Number.isInteger) &&
    pending.every(
      ([leg, until]) => Number.isInteger(leg) && (until === null || isWhole(until, 0, TIME_MAX_MS)),
    ) &&
    names.every((name) => name.length === 2 && name.every(isName)) &&
    records.every(
      ({ type, key, expiresAt = 0 }) =>
        isName(type) && isName(key) && isWhole(expiresAt, 0, TIME_MAX_MS),
    ) &&
    takes.every(({ holdId, legs }) => isName(holdId) && legs.every(Number.isInteger)) &&
    puts.every((put) => {
      const isKnown = Object.hasOwn(REFUSALS, put.otherwise);
      return (
        isScarceOwner(put.owner) &&
        isOwner(put.owner) &&
        isName(put.type) &&
        isName(put.key) &&
        isKnown
      );
    }) &&
    (homeward === undefined ||
      (homeward.shards.every(Number.isInteger) &&
        homeward.legs.every(
          ({ pool, asset, amount }) =>
            isScarceOwner(pool) && isAssetCode(asset) && isAmount(amount),
        )))
  );
}

/** Has a caller asked for it, or has the cause minted it that it names? */
const isOwnOrMinted = (view: CommandView): boolean =>
  !saysCause(view) || isMinted(view.tuple(), undefined);

/** A capture with what its home shard completed it with: its amount, its asset and its hold's deadline. */
function isCapture(bytes: Uint8Array): boolean {
  const tuple = unpackTuple(bytes, 0, bytes.length);
  const asset = tuple[CAPTURE.asset];
  const deadline = tuple[CAPTURE.deadline] as number | null;
  if (tuple.length !== CAPTURE.deadline + 1 || !isAmount(tuple[CAPTURE.amount])) return false;
  if (typeof asset !== 'string' || !isAssetCode(asset)) return false;
  if (deadline !== null && !isWhole(deadline, 0, TIME_MAX_MS)) return false;
  if (Buffer.compare(packTuple(tuple), bytes) !== 0) return false;
  return isCanonical(packTuple(tuple.slice(0, CAPTURE.asset)));
}

/** A command of another type: rare, so that it is decoded, and packed again for the comparison. */
function isCanonical(bytes: Uint8Array): boolean {
  const tuple = unpackTuple(bytes, 0, bytes.length);
  const id = tuple[ID];
  if (typeof id !== 'string' || Buffer.compare(packTuple(tuple), bytes) !== 0) return false;
  // The id of what the engine makes is none that a caller may give: the rest is looked at under another.
  const isMade = !isNamedId(id) && isKnownId(id);
  const given = isMade ? packTuple(tuple.with(ID, ID_IN_ITS_PLACE)) : bytes;
  // Scarce owners are named by what other shards make themselves; the id may be a platform's.
  const found = decodeCommand(given, true, isMade ? undefined : scopeOf(id));
  if (!('command' in found) || isReference(found.command)) return false;
  const again = packCommand(found.command, found.command.id);
  const now = unpackTuple(again, 0, again.length);
  if (tuple[0] === now[0]) return Buffer.compare(again, given) === 0;
  // Of an older version: it was opened before this release ran, and is packed by the version that it has.
  return isSameSaid(tuple.with(ID, now[ID]), now) && areCausedCanonical(tuple);
}

function areCausedCanonical(tuple: Tuple): boolean {
  const caused = tuple[1] === OP.transfer ? (tuple[FOLLOW_UPS] as Uint8Array | null) : null;
  return (
    caused === null ||
    Buffer.compare(Buffer.concat(unpackTuples(caused).map(packTuple)), caused) === 0
  );
}

function isTransfer(view: CommandView): boolean {
  const legs = (view.count - LEGS) / LEG_PLACES;
  if (!Number.isInteger(legs) || legs < 1 || legs > LEGS_MAX) return false;
  for (let place = 3; place < LEGS; place++) {
    // Memo, metadata and condition are few, and not worth a second syntax here.
    if (!view.isNil(place) && place > 4)
      return isCanonical(view.bytes.subarray(view.start, view.end));
    if (!view.isNil(place) && !isText(view, place, isId)) return false;
  }
  if (view.bytes[view.start] !== (view.count < 16 ? 0x90 | view.count : 0xdc)) return false;
  for (let at = LEGS; at < view.count; at += LEG_PLACES) {
    if (!isText(view, at, isOwner) || !isText(view, at + TO, isOwner)) return false;
    if (view.text(at) === view.text(at + TO)) return false;
    if (!isText(view, at + ASSET, isAssetCode)) return false;
    if (!isNumber(view, at + AMOUNT, 1, Number.MAX_SAFE_INTEGER)) return false;
    const expiry = at + EXPIRY;
    if (view.isNil(expiry) || isNumber(view, expiry, 0, TIME_MAX_MS)) continue;
    return isCanonical(view.bytes.subarray(view.start, view.end));
  }
  return true;
}

const isOwner = (text: string): boolean => ownerProblem(text) === null || isScarceOwner(text);

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max;

/** A text in its shortest encoding. */
function isText(view: CommandView, place: number, isRight: (text: string) => boolean): boolean {
  const length = view.textLength(place);
  const head = view.bytes[view.textStart(place) - (length < 32 ? 1 : 2)];
  if (head !== (length < 32 ? 0xa0 | length : 0xd9)) return false;
  return isRight(view.text(place));
}

/** A whole number in its shortest encoding. */
function isNumber(view: CommandView, place: number, min: number, max: number): boolean {
  const value = view.number(place);
  if (!isWhole(value, min, max)) return false;
  const width =
    value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : value < 2 ** 32 ? 5 : 9;
  return view.width(place) === width;
}

/** Bytes in their shortest encoding. */
function isBytes(view: CommandView, place: number): boolean {
  const length = view.bytesLength(place);
  const head = length < 0x100 ? 2 : length < 0x10000 ? 3 : 5;
  const first = length < 0x100 ? 0xc4 : length < 0x10000 ? 0xc5 : 0xc6;
  return view.width(place) === head + length && view.bytes[view.bytesStart(place) - head] === first;
}
