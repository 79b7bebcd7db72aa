// What records of a log are worth to boards. Owns: what of a record counts for which board and period, and what of that is given back.
// Never touches: scores.
//   boards.W1. An event counts in the period of its own time; one that says none, and a transfer that was not backdated, in that of the block
//       that posts it.
//   boards.W2. What is given back is taken from the period that it counted in.
//   boards.W4. What is counted by times counts once, until all of it is given back.
//   boards.W3. Nothing counts in a period that is logged when it has closed: neither what comes late, nor a return.

import { EVENT } from '../../programme/earning/order.js';
import { type BoardPeriod, closesAt, periodAt } from '../../programme/leaderboards/periods.js';
import { planInPlace } from '../../protocol/act-fields.js';
import type { BlockView } from '../../protocol/block.js';
import { CommandView } from '../../protocol/command-view.js';
import { EXTRA } from '../../protocol/effects.js';
import { homeOwnerOfTuple } from '../../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../../protocol/layout.js';
import { jsonInPlace } from '../../protocol/opaque.js';
import { isBeginning } from '../../protocol/read-back.js';
import { isSystemOwner } from '../../protocol/syntax.js';
import type { Counting, CountingBoards } from './rules.js';

const { act: ACT, transfer: TRANSFER, reverse: REVERSE, decision: DECISION } = PLACES;

/** What a record is worth to one board. */
export interface Worth {
  readonly of: Counting;
  readonly period: BoardPeriod;
  /** From when on nothing more counts in it. */
  readonly closes: number;
  /** Minor units of each leg that count. */
  readonly legs: readonly number[];
}

/** The last leg of what has none: all of it is undone. */
const WHOLE: readonly number[] = [1];

/** What it scores once so much of each leg is undone. */
export function scoreOf({ of, legs }: Worth, undone: readonly number[]): number {
  const left = (amount: number, leg: number): number => amount - (undone[leg] ?? 0);
  if (of.counts === 'points')
    return legs.reduce((sum, amount, leg) => (amount > 0 ? sum + left(amount, leg) : sum), 0);
  if (of.counts !== 'events')
    return legs.filter((amount, leg) => amount > 0 && left(amount, leg) > 0).length;
  const isGone =
    legs.length === 0 ? undone.length > 0 : legs.every((amount, leg) => left(amount, leg) <= 0);
  return isGone ? 0 : 1;
}

/** A command whose points are counted for somebody. */
export interface Counted {
  readonly owner: string;
  readonly id: string;
  readonly worth: readonly Worth[];
}

/** A command that has given something back. */
export interface GivenBack {
  readonly owner: string;
  readonly transferId: string;
  /** Minor units of each leg that all reversals so far have undone. */
  readonly undone: readonly number[];
}

const NOTHING: readonly never[] = [];
const reading = new CommandView();
const carried = new CommandView();

/** The command that a record posts: its own, or the one that its decision carries; undefined: it posts none. */
export function postedBy({ effects, commands }: BlockView, at: number): CommandView | undefined {
  const op = effects.op(at);
  const isOne = op === OP.act || op === OP.transfer || op === OP.reverse || op === OP.decision;
  if (!isOne || effects.refusalNumber(at) !== 0) return undefined;
  reading.read(commands, effects.commandOffset(at));
  if (op !== OP.decision) return isBeginning(effects, at) ? undefined : reading;
  if (reading.number(DECISION.refusal) !== 0 || reading.isNil(DECISION.transfer)) return undefined;
  carried.read(commands, reading.bytesStart(DECISION.transfer));
  return carried;
}

const transferPlace = (leg: number, field: number): number =>
  TRANSFER.legs + leg * LEG_PLACES + field;

/** What a posted command has given back; undefined: nothing. */
export function givenBackBy(
  { effects }: BlockView,
  at: number,
  posted: CommandView,
): GivenBack | undefined {
  if (posted.op === OP.transfer || !effects.hasExtra(at, EXTRA.reversed)) return undefined;
  const said = effects.extras(at).find(({ tag }) => tag === EXTRA.reversed)?.numbers;
  if (said === undefined) return undefined;
  const parts = Array.from(said.subarray(0, said.length / 2));
  const undone = parts.length === 0 ? WHOLE : parts;
  if (posted.op === OP.reverse)
    return {
      owner: posted.text(REVERSE.owner),
      transferId: posted.text(REVERSE.transferId),
      undone,
    };
  const { reversal } = planInPlace(posted.opaque(ACT.plan)) as {
    readonly reversal?: { readonly transferId: string };
  };
  return reversal && { owner: posted.text(ACT.owner), transferId: reversal.transferId, undone };
}

/** What a posted command is worth, in a block of this time; undefined: nothing. */
export function countedBy(
  posted: CommandView,
  time: number,
  boards: CountingBoards,
): Counted | undefined {
  if (posted.op === OP.act) return eventCounted(posted, time, boards);
  return posted.op === OP.transfer && boards.hasKinds
    ? transferCounted(posted, time, boards)
    : undefined;
}

/** Points of one leg, and what has paid them. */
interface Paid {
  readonly by: string;
  readonly amount: number;
  readonly isTask?: boolean;
  readonly hasBadge?: boolean;
}

function eventCounted(
  posted: CommandView,
  time: number,
  boards: CountingBoards,
): Counted | undefined {
  if (posted.text(ACT.act) !== EVENT || posted.isNil(ACT.plan)) return undefined;
  const said = jsonInPlace(posted.opaque(ACT.body)) as {
    readonly programme: string;
    readonly type: string;
    readonly time?: number;
  };
  const isOf = ({ board, events, rules, kinds }: Counting): boolean =>
    board.programme === said.programme &&
    (kinds === undefined || events !== undefined || rules !== undefined) &&
    (events === undefined || events.has(said.type));
  const those = boards.list.filter(isOf);
  if (those.length === 0) return undefined;
  const { effects = NOTHING } = planInPlace(posted.opaque(ACT.plan)) as {
    readonly effects?: readonly {
      readonly type: string;
      readonly rule?: string;
      readonly task?: string;
      readonly amount: number;
      readonly badge?: boolean;
    }[];
  };
  const paid = effects
    .filter(({ type }) => type === 'earn')
    .map(
      ({ rule, task, amount, badge }): Paid => ({
        ...{ by: rule ?? task ?? '', amount },
        ...{ isTask: task !== undefined, hasBadge: badge === true },
      }),
    );
  const at = Math.min(said.time ?? time, time);
  const worth = those.flatMap((of) => worthOf(of, at, time, paid, (one) => isCounted(of, one)));
  return worth.length === 0
    ? undefined
    : { owner: posted.text(ACT.owner), id: posted.text(ACT.id), worth };
}

function isCounted({ rules, counts }: Counting, { by, isTask, hasBadge }: Paid): boolean {
  if (counts === 'tasks' && isTask !== true) return false;
  if (counts === 'badges' && hasBadge !== true) return false;
  return rules?.has(by) ?? true;
}

/** What its legs bring the home owner from system owners. */
function transferCounted(
  posted: CommandView,
  time: number,
  boards: CountingBoards,
): Counted | undefined {
  if (posted.isNil(TRANSFER.kind)) return undefined;
  const kind = posted.text(TRANSFER.kind);
  const those = boards.list.filter(({ kinds }) => kinds?.has(kind) === true);
  if (those.length === 0) return undefined;
  const owner = homeOwnerOfTuple(posted.tuple());
  if (isSystemOwner(owner)) return undefined;
  const count = (posted.count - TRANSFER.legs) / LEG_PLACES;
  const legs = Array.from({ length: count }, (_, leg) => {
    const field = (one: number): number => transferPlace(leg, one);
    const isHis =
      posted.text(field(LEG.to)) === owner && isSystemOwner(posted.text(field(LEG.from)));
    return {
      by: posted.text(field(LEG.asset)),
      amount: isHis ? posted.number(field(LEG.amount)) : 0,
    };
  });
  const at = posted.isNil(TRANSFER.occurredAt) ? time : posted.number(TRANSFER.occurredAt);
  const worth = those.flatMap((of) => worthOf(of, at, time, legs, ({ by }) => by === of.asset));
  return worth.length === 0 ? undefined : { owner, id: posted.text(TRANSFER.id), worth };
}

function worthOf(
  of: Counting,
  at: number,
  time: number,
  paid: readonly Paid[],
  counts: (one: Paid) => boolean,
): Worth[] {
  const period = periodAt(of.board, at, of.offsets);
  if (period === undefined) return [];
  const closes = closesAt(of.board, period);
  const legs = paid.map((one) => (counts(one) ? one.amount : 0));
  const worth = { of, period, closes, legs };
  return time < closes && scoreOf(worth, NOTHING) > 0 ? [worth] : [];
}
