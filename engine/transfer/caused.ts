// Commands that acts cause, minted: nobody else makes them. Owns: their ids and causes, whether a command that says so was minted.
// Never touches: state.
//   transfer.F3. What an act causes, and what undoes that, names its cause: the id is the cause's digest, the depth is one more than the cause's,
//       at most CAUSE_DEPTH_MAX. Whoever receives it looks whether that is so, and whether the act declares what it has caused.

import type { Act } from '../programme/act.js';
import { mayCause } from '../programme/follow-ups.js';
import type { LoggedPlan } from '../programme/plan.js';
import { type ActCause, isActCause } from '../protocol/act-fields.js';
import { causedId } from '../protocol/caused-id.js';
import { saidIn, type Tuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import type { ActCommand, ReverseCommand } from '../protocol/commands.js';
import { isFollowUpCode } from '../protocol/follow-ups.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { jsonInPlace } from '../protocol/opaque.js';
import { validate } from '../protocol/validate.js';

const { act: ACT, reverse: REVERSAL } = PLACES;
const { id: ID, kind: KIND, ref: REF } = ACT;

const causePlace = (op: number): number => (op === OP.act ? ACT.cause : REVERSAL.cause);

/** Is it of a kind that acts cause? */
export const isCausable = (op: number): boolean => op === OP.act || op === OP.reverse;

/** What has caused an act or a reversal; undefined: a caller has asked for it. */
export function causeIn(tuple: Tuple): ActCause | undefined {
  if (!isCausable(tuple[1] as number)) return undefined;
  const place = tuple[causePlace(tuple[1] as number)] as Uint8Array | null;
  return place === null ? undefined : (jsonInPlace(place) as unknown as ActCause);
}

/** Has it a cause, or an id as follow-ups have? */
export const saysCause = (view: CommandView): boolean =>
  isCausable(view.op) &&
  (!view.isNil(causePlace(view.op)) || isFollowUpCode(view.bytes[view.textStart(ID)]));

/** Was it minted by its cause, as it says? `acts`: those that may be caused; undefined: that is not looked at. */
export function isMinted(tuple: Tuple, acts: ReadonlyMap<string, Act> | undefined): boolean {
  const cause = causeIn(tuple);
  if (cause === undefined || !isActCause(cause)) return false;
  if (causedId(cause, cause.undoes) !== tuple[ID]) return false;
  if (tuple[1] === OP.act)
    return acts === undefined || mayCause(acts, cause.by, tuple[ACT.act] as string);
  const { undoes: id } = cause;
  // An act that gives something back goes to other shards as a reversal with its plan.
  if (id === undefined) return tuple[REVERSAL.plan] !== null;
  return causedId({ ...cause, id }) === tuple[REVERSAL.transferId];
}

/** A command that has been minted, with its id. */
export type Minted = (ActCommand | ReverseCommand) & { readonly id: string };

/** What an act or a reversal causes by its plan. */
export function mintedBy(tuple: Tuple, { followUps }: LoggedPlan): Minted[] {
  if (followUps === undefined) return [];
  const { by, acts = [], undone = [] } = followUps;
  const depth = 1 + (causeIn(tuple)?.depth ?? 0);
  const cause = { owner: homeOwnerOfTuple(tuple), id: tuple[ID] as string, by, depth };
  const [kind, ref] = [KIND, REF].map((place) => (tuple[place] as string | null) ?? undefined);
  const business = { kind, ref };
  const caused = acts.map(({ owner, act, body }, i): Minted => {
    const own = { ...cause, n: i + 1 };
    return { type: 'act', id: causedId(own), owner, act, body, cause: own, ...business };
  });
  if (undone.length === 0) return caused;
  const { transferId: undoes, allowDebt } = saidIn<'reverse'>(tuple);
  const undoings = undone.map(({ n, owner, legs }): Minted => {
    const own = { ...cause, n, undoes };
    const transferId = causedId({ ...own, id: undoes });
    const id = causedId(own, undoes);
    return { type: 'reverse', id, owner, transferId, allowDebt, legs, cause: own, ...business };
  });
  return [...caused, ...undoings];
}

/** From when on a minted command goes; 0: at once. */
export const notBeforeOf = ({ type, cause }: Minted, { followUps }: LoggedPlan): number =>
  (type === 'act' ? followUps?.acts?.[(cause?.n ?? 0) - 1]?.notBefore : undefined) ?? 0;

/** Throws where what a plan causes is no sound command, which is the act's defect. */
export function expectSound(tuple: Tuple, plan: LoggedPlan): void {
  for (const command of mintedBy(tuple, plan)) {
    // Its id is none that a caller may give.
    const found = validate({ ...command, id: undefined, kind: undefined }, true);
    if (found !== null) throw new Error(`a plan causes a command with a wrong ${found.field}`);
  }
}
