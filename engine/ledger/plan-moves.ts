// What a plan moves beside its legs, compiled on the home shard: of which holds how much is taken, what is held, what is given back.
// Owns: the refusals of it. Never touches: points.

import { LEGS_MAX, NEVER } from '../limits.js';
import type { Plan, PlannedHold, PlannedLeg } from '../programme/act.js';
import type { Moves, PendingLeg, Take } from '../programme/plan.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isScarceOwner, isSystemOwner } from '../protocol/syntax.js';
import { openHold } from './holds.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

const NO_MOVES: Moves = {};
const NONE: readonly never[] = [];

/** As it is logged, or the refusal's number. Throws where no plan can be so, which is its act's defect. */
export function movesOf(work: Work, owner: string, plan: Plan): Moves | number {
  const { legs, hold, releases = [], puts = [], reversal, assets: concerned = [] } = plan;
  if (reversal !== undefined) {
    if (hold !== undefined || legs.length + releases.length + puts.length > 0)
      throw new RangeError('a reversal beside other moves');
    return { reversal };
  }
  const optional = optionalOf(legs);
  const pending = pendingOf(legs, owner);
  for (const [, until] of pending ?? NONE)
    if (until !== null && until <= work.time) return REFUSALS.PENDING_PAST.number;
  if (hold === undefined && releases.length === 0 && !areOfHolds(legs)) {
    const assets = besides(legs, concerned);
    if ((optional ?? pending) === undefined && assets === undefined) return NO_MOVES;
    return { optional, pending, assets };
  }
  const held = hold === undefined ? APPLIED : holdRefusal(work, hold);
  if (held !== APPLIED) return held;
  const ids = legs.flatMap(({ holdId }) => (holdId === undefined ? [] : [holdId]));
  const all = [...new Set([...ids, ...releases])];
  if (all.length > LEGS_MAX) throw new RangeError(`a plan that takes of ${all.length} holds`);
  const takes: Take[] = [];
  const assets = new Set<string>(hold === undefined ? concerned : [...concerned, hold.asset]);
  for (const holdId of all) {
    const found = openHold(work, owner, holdId);
    if (typeof found === 'number') return found;
    const { asset } = work.state.assets.at(found.asset);
    const own = [...legs.keys()].filter((leg) => legs[leg]?.holdId === holdId);
    const taken = own.reduce(
      (sum, leg) => sum + amountOf(legs[leg] as PlannedLeg, owner, asset),
      0,
    );
    if (taken > found.remaining) return REFUSALS.CAPTURE_EXCEEDS_HOLD.number;
    assets.add(asset);
    const deadline = found.deadline === NEVER ? null : found.deadline;
    takes.push({ holdId, legs: own, isReleased: releases.includes(holdId), deadline });
  }
  return { hold, takes, optional, pending, assets: [...assets] };
}

/** Assets that no leg says; undefined: there is none. */
function besides(
  legs: readonly PlannedLeg[],
  assets: readonly string[],
): readonly string[] | undefined {
  for (const one of assets) if (!isMoved(legs, one)) return assets;
  return undefined;
}

function isMoved(legs: readonly PlannedLeg[], asset: string): boolean {
  for (const leg of legs) if (leg.asset === asset) return true;
  return false;
}

/** Is one of them a capture? */
function areOfHolds(legs: readonly PlannedLeg[]): boolean {
  for (const leg of legs) if (leg.holdId !== undefined) return true;
  return false;
}

/** Which legs an act can do without; undefined: none. */
function optionalOf(legs: readonly PlannedLeg[]): readonly number[] | undefined {
  let optional: number[] | undefined;
  for (let leg = 0; leg < legs.length; leg++) {
    const { isOptional, from } = legs[leg] as PlannedLeg;
    if (isOptional !== true) continue;
    if (!isScarceOwner(from)) throw new RangeError('a leg that is optional and not paid by a pool');
    optional ??= [];
    optional.push(leg);
  }
  return optional;
}

/** Which legs earn points that are pending; undefined: none. Throws where they are not earned by the owner alone. */
function pendingOf(legs: readonly PlannedLeg[], owner: string): readonly PendingLeg[] | undefined {
  let pending: PendingLeg[] | undefined;
  for (let leg = 0; leg < legs.length; leg++) {
    const { pendingUntil, from, to } = legs[leg] as PlannedLeg;
    if (pendingUntil === undefined) continue;
    if (to !== owner || !(isSystemOwner(from) || isScarceOwner(from)))
      throw new RangeError(`points from ${from} to ${to} that are pending`);
    pending ??= [];
    pending.push([leg, pendingUntil]);
  }
  if (pending !== undefined && legs.some(({ from }) => from === owner))
    throw new RangeError(`points that are pending beside what ${owner} pays`);
  return pending;
}

function amountOf({ from, asset, amount }: PlannedLeg, owner: string, held: string): number {
  if (from === owner && asset === held) return amount;
  throw new RangeError(`${from} pays ${asset} out of a hold of ${owner} in ${held}`);
}

function holdRefusal(work: Work, { asset, amount, deadline }: PlannedHold): number {
  if (!(Number.isSafeInteger(amount) && amount > 0)) throw new RangeError(`a hold of ${amount}`);
  if (work.state.assets.indexOf(asset) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  return deadline !== undefined && deadline <= work.time ? REFUSALS.DEADLINE_PAST.number : APPLIED;
}
