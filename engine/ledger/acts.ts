// Acts on their home shard: what is logged of their decision, the records that they write. Owns: that an act is decided
// once, and logged with its plan (programme.A1). Never touches: what an act decides; its legs, which are posted as a transfer's are.

import { ACT_PLAN_BYTES_MAX, LEGS_MAX } from '../limits.js';
import type {
  Act,
  ActRefusal,
  ConditionalPut,
  Moment,
  PlannedLeg,
  Undo,
} from '../programme/act.js';
import { bodyProblem } from '../programme/body.js';
import { loggedFollowUps, loggedUndoing } from '../programme/follow-ups.js';
import { OWN_ACTS } from '../programme/index.js';
import { mayConcern } from '../programme/permitted.js';
import {
  isRefused,
  type LoggedFollowUps,
  type LoggedPlan,
  loggedPlan,
  type Moves,
  planOf,
} from '../programme/plan.js';
import { saidIn } from '../protocol/codec.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import type { CommandView } from '../protocol/command-view.js';
import { assetForbidden } from '../protocol/grants.js';
import { type Layout, layoutOfOp, OP, PLACES, planPlace } from '../protocol/layout.js';
import { passingNumber, REFUSALS, type RefusalCode, refusalCode } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { isPoolAct, planIn, reversalBy } from '../transfer/carried.js';
import { expectSound } from '../transfer/caused.js';
import { isFollowUp, waitingRefusal } from '../transfer/follow-ups.js';
import { compiled, homewardOf, isHere } from './allotting.js';
import type { Again } from './beside.js';
import { pendingId } from './hold-parts.js';
import { followed } from './merged.js';
import { OwnerReads } from './owner-reads.js';
import { movesOf } from './plan-moves.js';
import { APPLIED } from './result.js';
import { type ToUndo, toUndo } from './reversal-parts.js';
import type { Work } from './work.js';

const { act: ACT, body: BODY, id: ID, plan: PLAN } = PLACES.act;
const UNDO_VERSION = (layoutOfOp(OP.reverse) as Layout).definition.version;

const NOTHING: readonly never[] = [];
/** What the completed commands of a block begin with. */
const COMPLETED_BYTES = 65_536;

/** What is decided of the act under way, or the refusal's number. */
export function decidedOf(work: Work, owner: string): LoggedPlan | number {
  const { command } = work;
  if (command.isNil(PLAN)) {
    const refusal = decideAct(work, owner, command);
    if (refusal !== APPLIED) return refusal;
    // Nobody but the home shard says what was decided, another node neither (programme.A2).
  } else if (!work.isReplaying) return REFUSALS.COMMAND_INVALID.number;
  // Of what is replayed, too, it is read once.
  const plan = work.plan ?? readPlan(work);
  if (work.again !== null && work.isReplaying) decideAgain(work, work.again, owner, plan);
  work.beside?.decided(owner, plan);
  return plan.refusal === undefined ? plan : refusedAs(work, plan.refusal);
}

/** The plan that the command under way has. */
function readPlan(work: Work): LoggedPlan {
  const { command, packer } = work;
  const plan = planIn(command) as LoggedPlan;
  work.plan = plan;
  packer.found(plan, command.bytes, command.bytesStart(PLAN));
  return plan;
}

/** Decides an act that was decided, by the state as it is in the replay, and changes nothing. */
function decideAgain(work: Work, again: Again, owner: string, logged: LoggedPlan): void {
  const { command } = work;
  const one = actOf(work);
  if (one?.version !== logged.version) return;
  again.decided = undefined;
  again.hasAskedOutside = false;
  decideAct(work, owner, command);
  again.compare(command, logged);
  again.decided = undefined;
}

/**
 * The number of a refusal by the rules of an act. Nobody asks for a follow-up under another id, so its refusal is for ever; but an asset
 * may be known here soon, and what is too early (`FollowUp.notBefore`) comes again. What was logged, was kept (protocol.P20).
 */
function refusedAs(work: Work, code: RefusalCode): number {
  const isKept = work.isReplaying || isFollowUp(work.command);
  const number = isKept ? REFUSALS[code].number : passingNumber(code);
  const isSoon = code === 'ASSET_UNKNOWN' || code === 'ACCOUNT_BUSY';
  const isForEver = number >= 128 && !isSoon && isFollowUp(work.command);
  return isForEver ? REFUSALS.FOLLOW_UP_REFUSED.number : number;
}

/** When, for whom, and by whom it is decided. */
function momentOf(work: Work, owner: string): Moment {
  const { time, again, granted } = work;
  if (again === null) return { time, owner, principal: granted.principal };
  return {
    time,
    owner,
    get principal() {
      again.hasAskedOutside = true;
      return granted.principal;
    },
  };
}

/** The act that was asked for last, among which: most often the next one, too. */
let lastAct: Act | undefined;
let lastActs: ReadonlyMap<string, Act> = OWN_ACTS;

/** The act that is under way; undefined: there is none of this name. */
function actOf({ command, acts }: Work): Act | undefined {
  const among = isPoolAct(command) ? OWN_ACTS : acts;
  if (lastAct === undefined || lastActs !== among || !command.isText(ACT, lastAct.name)) {
    lastAct = among.get(command.text(ACT));
    lastActs = among;
  }
  return lastAct;
}

/** Is the act under way one of chance? */
export const isOfChance = (work: Work): boolean => actOf(work)?.isOfChance === true;

/** What the act under way takes of its owner (`Act.takes`). */
export const takenBy = (work: Work): Act['takes'] => actOf(work)?.takes;

/** The act under way is refused with this, and nothing is logged of what was decided of it. Returns the refusal. */
export function refusedUnseen(work: Work, owner: string, refusal: number): number {
  const one = actOf(work) as Act;
  if (refusal >= 128) return refusal;
  const see = new OwnerReads(work, owner, work.home);
  return conclude(work, one, see, { refusal: refusalCode(refusal) }, undefined);
}

/** Decides the act under way, as `conclude` tells. */
function decideAct(work: Work, owner: string, command: CommandView): number {
  const one = actOf(work);
  const isKnown = one !== undefined && (one.isCausedOnly !== true || isFollowUp(command));
  if (!isKnown) return REFUSALS.ACT_UNKNOWN.number;
  const { bodies } = work;
  const body = command.json(BODY, bodies);
  if (!bodies.isSoundFor(one)) {
    if (bodyProblem(one, body) !== null) return REFUSALS.ACT_BODY_INVALID.number;
    bodies.setSoundFor(one);
  }
  // Where it is only tried, nobody has a seed; nor where it is decided again out of a log.
  if (one.isOfChance === true && work.chance === null) {
    if (work.again !== null) work.again.hasAskedOutside = true;
    return REFUSALS.DRAW_NOT_TRIED.number;
  }
  const { home } = work;
  work.settleOwner(owner, home.hash);
  work.settleCampaigns();
  const see = new OwnerReads(work, owner, home);
  const decided = followed(work, owner, one.decide(see, body as never, momentOf(work, owner)));
  if (isRefused(decided)) return conclude(work, one, see, decided, undefined);
  const moves = movesOf(work, owner, decided);
  if (typeof moves === 'number') return refusedBy(work, one, see, moves);
  for (const { holdId } of moves.takes ?? []) see.hold(holdId);
  const caused = loggedFollowUps(work.acts, one, decided);
  if (moves.reversal === undefined) {
    const legs = compiled(work, decided.legs);
    const isHere = areHere(work, owner, legs, decided.puts);
    return conclude(work, one, see, decided, caused, legs, moves, isHere);
  }
  const found = toUndo(work, { owner, ...moves.reversal }, UNDO_VERSION);
  if (typeof found === 'number') return refusedBy(work, one, see, found);
  const assets = found.legs.map(({ asset }) => work.state.assets.at(asset).asset);
  const more = { ...moves, assets, homeward: homewardOf(work, found) };
  if (found.past.tuple[1] !== OP.act) return conclude(work, one, see, decided, caused, [], more);
  const undone = undoBy(work, see, found, one.name);
  if (undone === undefined) return REFUSALS.ACT_UNKNOWN.number;
  if (isRefused(undone.decided)) return conclude(work, one, see, undone.decided, undefined);
  const all = caused ? { ...undone.caused, ...caused } : undone.caused;
  return conclude(work, one, see, together(undone.decided, decided), all, [], more);
}

/** An act is refused by what it moves: as if it had refused itself, but for now where that may pass. */
const refusedBy = (work: Work, one: Act, see: OwnerReads, number: number): number =>
  number >= 128 ? number : conclude(work, one, see, { refusal: refusalCode(number) }, undefined);

/** What an act does together with the undo of another: what it writes itself is said last, so that it stays. */
const together = ({ puts, ...undone }: Undo, { records, counters, effects, why }: Undo): Undo => ({
  records: [...(undone.records ?? []), ...(records ?? [])],
  counters: [...(undone.counters ?? []), ...(counters ?? [])],
  ...(puts === undefined ? {} : { puts }),
  effects: [...undone.effects, ...effects],
  why,
});

/**
 * Completes the command under way with what was decided of it. Returns a refusal's number or 0; a transient refusal leaves the command as
 * it was.
 */
function conclude(
  work: Work,
  one: Act,
  see: OwnerReads,
  decided: ActRefusal | Undo,
  followUps: LoggedFollowUps | undefined,
  legs: readonly PlannedLeg[] = [],
  moves: Moves = {},
  isHere = false,
): number {
  // What is done at once, while nothing is busy, need not know what it writes.
  const isAtOnce = isHere && !work.state.transits.hasBusy;
  if (!isAtOnce && !isRefused(decided)) see.touch(decided);
  const passing = see.refusal;
  if (passing !== APPLIED) return passing;
  const refusal = isRefused(decided) ? refusedAs(work, decided.refusal) : APPLIED;
  if (refusal >= 128) return refusal;
  const refusedAsset = assetRefusal(work, one, legs, moves);
  if (refusedAsset !== APPLIED) return refusedAsset;
  if (legs.length > LEGS_MAX) throw new RangeError(`a plan of ${legs.length} legs`);
  const plan = loggedPlan(one.version, decided, see, work.time, moves, followUps, isHere);
  complete(work, plan, legs, isHere);
  return refusal;
}

/** Is all that a plan moves and writes on this shard? */
function areHere(
  { state: { places } }: Work,
  owner: string,
  legs: readonly PlannedLeg[],
  puts: readonly ConditionalPut[] = NOTHING,
): boolean {
  if (places.shards === 1) return true;
  const isOurs = (one: string): boolean =>
    one === owner || isSystemOwner(one) || isHere(one, places);
  for (const { from, to } of legs) if (!isOurs(from) || !isOurs(to)) return false;
  for (const put of puts) if (!isOurs(put.owner)) return false;
  return true;
}

/** Are the assets of all that moves known, and may the caller move them? Returns a refusal's number or 0. */
function assetRefusal(
  { state, granted, command, bodies }: Work,
  one: Act,
  legs: readonly PlannedLeg[],
  { assets = [] }: Moves,
): number {
  for (const { asset } of legs)
    if (state.assets.indexOf(asset) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  if (!granted.isNarrow) return APPLIED;
  const concerned = [...legs.map(({ asset }) => asset), ...assets];
  if (concerned.length === 0) return APPLIED;
  const mayAll = mayConcern(one, granted, command.json(BODY, bodies), concerned);
  return mayAll ? APPLIED : assetForbidden('act');
}

/** What is under way goes on as the command completed with what was decided. */
function complete(
  work: Work,
  plan: LoggedPlan,
  legs: readonly PlannedLeg[],
  isHere: boolean,
): void {
  const { command, again, packer } = work;
  if (again !== null && work.isReplaying) {
    again.decided = plan;
    return;
  }
  const place = planPlace(command.op) as number;
  work.completed ??= new CommandBuffer(COMPLETED_BYTES);
  const { completed } = work;
  packer.plan = plan;
  const start = completed.appendCompleted(command, place, packer, ACT_PLAN_BYTES_MAX, legs);
  command.read(completed.memory, start);
  work.plan = plan;
  work.isAllHere = isHere;
  if (plan.followUps === undefined) return;
  const tuple = command.tuple();
  expectSound(reversalBy(tuple) ?? tuple, plan);
}

/**
 * Of a reversal of an act, on its home shard: lets the act decide what is changed back beside the points, and completes the command
 * under way with that. Returns a refusal's number or 0.
 */
export function decideUndo(work: Work, toBeUndone: ToUndo): number {
  const { past } = toBeUndone;
  if (past.tuple[1] !== OP.act) return APPLIED;
  const known = planIn(work.command);
  if (known !== undefined) {
    work.beside?.undone(work.homeOwner, past, toBeUndone.parts, known);
    return known.refusal === undefined ? APPLIED : refusedAs(work, known.refusal);
  }
  const see = new OwnerReads(work, saidIn<'act'>(past.tuple).owner);
  const found = undoBy(work, see, toBeUndone);
  if (found === undefined) return REFUSALS.ACT_UNKNOWN.number;
  const { one, decided, caused } = found;
  const homeward = homewardOf(work, toBeUndone);
  const refusal = conclude(work, one, see, decided, caused, [], { homeward });
  if (refusal !== APPLIED || caused === undefined) return refusal;
  return waitingRefusal(work.state, work.command);
}

/** What an act's own `undo` decides, where another act (`by`) or a reversal gives it back, and what follow-ups are undone with it; undefined: there is no such act any more. */
function undoBy(
  work: Work,
  see: OwnerReads,
  { past: { tuple, time }, parts: { amounts, now, before } }: Pick<ToUndo, 'past' | 'parts'>,
  by?: string,
): { one: Act; decided: ActRefusal | Undo; caused: LoggedFollowUps | undefined } | undefined {
  const { owner, act: name, body } = saidIn<'act'>(tuple);
  const id = tuple[ID] as string;
  const one = work.acts.get(name);
  if (one === undefined) return undefined;
  const plan = planOf(tuple[PLAN] as Uint8Array);
  const { effects = [], counters = [], puts = [], why = {} } = plan;
  const followUps = plan.followUps?.acts ?? [];
  const points = { amounts, now, before };
  const undone = { id, by, time, body, effects, counters, puts, followUps, why, ...points };
  for (const [leg] of plan.pending ?? []) see.hold(pendingId(id, leg));
  const decided = one.undo(see, undone, { time: work.time, owner });
  if (isRefused(decided)) return { one, decided, caused: undefined };
  const isKnown = (put: ConditionalPut): boolean => puts.some((had) => had.owner === put.owner);
  if (decided.puts?.every(isKnown) === false)
    throw new RangeError(`the undo of ${name} writes records of others than the act`);
  return { one, decided, caused: loggedUndoing(work.acts, one, undone, decided) };
}
