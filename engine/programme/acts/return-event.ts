// A member gives back what an event was about: what it has earned is taken back, in parts, by line, quantity or amount.
//   return.R1. All returns of an event together take back what it has earned, and no more; parts sum to the whole.

import { AMOUNT_MAX, ORDER_LINES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { act, type FollowUp, type PastAct, type Reads, type RecordDelta } from '../act.js';
import { programme } from '../definitions/index.js';
import {
  CORRECT_BACK,
  type CorrectedBack,
  correctedBack,
  correctedIn,
  legOf,
  type PayingKind,
  rewardGone,
  withShares,
} from '../earning/corrected.js';
import { CORRECT_SHARE, eventKey, sharesAsked, sharesDue } from '../earning/corrected-shares.js';
import { type GivenBack, givenBack } from '../earning/given-back.js';
import { EVENT, type EventBody, type Line, RETURN_EVENT } from '../earning/order.js';
import {
  isAllReturned,
  isPart,
  linesOf,
  nothingOf,
  type Part,
  partOfAll,
  type Returned,
  returnableUntil,
  returnedIn,
  returnedRecord,
  sharesGone,
  unitsOf,
  withParts,
} from '../earning/returned.js';
import { rewardOf, TAKE_REWARD, type TakenReward, worthOf } from '../earning/rewards.js';

const part = { type: 'integer', minimum: 1 } as const;

export const returnEvent = act({
  name: RETURN_EVENT,
  version: 1,
  about:
    'A member gives back what an event was about, or a part of it: what it has earned is taken back.',
  body: {
    /** The id of the event. */
    event: id('ACT_BODY_INVALID'),
    lines: optional(
      json<readonly Part[]>(
        {
          type: 'array',
          minItems: 1,
          maxItems: ORDER_LINES_MAX,
          items: {
            type: 'object',
            required: ['line'],
            additionalProperties: false,
            properties: { line: { type: 'string' }, amount: part, quantity: part },
          },
        },
        (value) =>
          Array.isArray(value) &&
          value.length >= 1 &&
          value.length <= ORDER_LINES_MAX &&
          value.every(isPart),
        'What is given back of which lines of the order. Left out, and no amount: all that is left.',
        'ACT_BODY_INVALID',
      ),
    ),
    /** How much of the amount of an event without lines. */
    amount: optional(
      whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Of the amount of an event without lines.'),
    ),
  },
  causes: [TAKE_REWARD, CORRECT_BACK, CORRECT_SHARE],
  needs: ['earn'],
  or: 'correct',
  refusals: [
    'EVENT_NOT_FOUND',
    'RETURN_TOO_LATE',
    'RETURN_INVALID',
    'ALREADY_REVERSED',
    'POINTS_SHORT',
  ],

  decide(see, { event: eventId, lines: parts, amount }, { time, owner }) {
    const past = see.past(eventId);
    if (past === undefined || past.act !== EVENT) return { refusal: 'EVENT_NOT_FOUND' };
    const said = past.body as EventBody;
    const of = see.definition(programme, said.programme);
    const until = returnableUntil(past, of);
    if (time >= until) return { refusal: 'RETURN_TOO_LATE' };
    const isByLine = said.lines !== undefined;
    if (isByLine ? amount !== undefined : parts !== undefined) return { refusal: 'RETURN_INVALID' };
    if (amount !== undefined && past.why['units'] === undefined)
      return { refusal: 'RETURN_INVALID' };
    const lines = linesOf(past);
    const known = returnedIn(see, past.id);
    const before = known ?? nothingOf(lines);
    if (known === undefined ? past.isUndone : isAllReturned(lines, known))
      return { refusal: 'ALREADY_REVERSED' };
    const after = withParts(lines, amount === undefined ? parts : partOfAll(amount), before);
    if (after === undefined) return { refusal: 'RETURN_INVALID' };
    const isWhole = isAllReturned(lines, after);
    const all = lines.reduce((sum, line) => sum + line.amount, 0);
    const units = { before: unitsOf(before), after: unitsOf(after), all };
    const policy = of?.document.returns;
    const beside = givenBack(see, owner, past, units, time, policy);
    const isOnlyPending = policy === 'only-pending';
    const own = legsBack(past, lines, after, beside, isOnlyPending);
    const parted = {
      gone: (whole: number): number => sharesGone(whole, lines, after),
      goneBefore: (whole: number): number => sharesGone(whole, lines, before),
      isLost: (task: string): boolean =>
        beside.lost.has(task) || (isWhole && !beside.kept.has(task)),
      isAll: isWhole,
    };
    const corrected = isOnlyPending ? undefined : correctedBack(see, owner, past, parted, time);
    const legs = corrected === undefined ? own : withRules(past, own, corrected);
    const mayOwe = policy === 'unlimited';
    if (corrected !== undefined && !mayOwe && isShortOf(see, of?.document.asset, legs, corrected))
      return { refusal: 'POINTS_SHORT' };
    const rewards = policy === undefined || policy === 'within-balance' ? beside.followUps : [];
    if (rewards.length > 0 && isShort(see, of?.document.asset, past, legs, rewards))
      return { refusal: 'POINTS_SHORT' };
    // Of what was given back whole, the ledger itself knows that it was.
    const isUndone =
      isWhole &&
      past.amounts.every((of, leg) => of === (past.undone[leg] ?? 0) + backOf(legs, leg));
    const returned = returnedRecord(past.id, isUndone ? null : after, until);
    const shared =
      corrected === undefined
        ? NO_SHARES
        : sharesBeside(see, owner, past, legs, parted, of?.document.asset ?? '');
    const plan = {
      legs: [],
      assets: of === undefined ? [] : [of.document.asset],
      records: [...beside.records, returned, ...shared.records],
      counters: [...beside.counters, ...(corrected?.counters ?? [])],
      followUps: [...beside.followUps, ...(corrected?.followUps ?? []), ...shared.followUps],
      effects: [
        ...beside.effects,
        { type: 'returned', event: eventId, units: units.after - units.before },
      ],
      why: { event: eventId, programme: of?.version ?? 0 },
    };
    // Of what is corrected, the correction gives a part back right after.
    const allowDebt = mayOwe || corrected !== undefined;
    // What has earned nothing is undone at once, with the last of it.
    if (past.amounts.length === 0 && isWhole && !past.isUndone)
      return { ...plan, reversal: { transferId: past.id, allowDebt } };
    if (legs.length === 0) return plan;
    return { ...plan, reversal: { transferId: past.id, legs, allowDebt } };
  },

  undo: () => ({ effects: [], why: {} }),
});

type Legs = readonly { readonly leg: number; readonly amount: number }[];
const backOf = (legs: Legs, leg: number): number =>
  legs.find((one) => one.leg === leg)?.amount ?? 0;

/** How much of which leg goes: by its lines; a reward of a task as a whole, or not at all. */
function legsBack(
  past: PastAct,
  lines: readonly Line[],
  after: Returned,
  { kept, lost }: GivenBack,
  isOnlyPending: boolean,
): Legs {
  const weights = lines.map((line) => line.amount);
  const isWhole = unitsOf(after) === weights.reduce((sum, one) => sum + one, 0);
  const paid = past.effects.filter(({ type }) => type === 'earn');
  return past.amounts.flatMap((all, leg) => {
    const task = paid[leg]?.['task'] as string | undefined;
    const undone = past.undone[leg] as number;
    let gone = 0;
    if (task === undefined) gone = sharesGone(all, lines, after);
    else if (lost.has(task) || (isWhole && !kept.has(task))) gone = all;
    const most = isOnlyPending ? (past.pending[leg] as number) : all;
    const amount = Math.min(gone - undone, most);
    return amount > 0 ? [{ leg, amount }] : [];
  });
}

const isOfTask = (past: PastAct, leg: number): boolean =>
  past.effects.filter(({ type }) => type === 'earn')[leg]?.['task'] !== undefined;

/** What goes of tasks as ever, and of rules as is right. */
const withRules = (past: PastAct, own: Legs, corrected: CorrectedBack): Legs =>
  [...own.filter(({ leg }) => isOfTask(past, leg)), ...corrected.legs].sort(
    (a, b) => a.leg - b.leg,
  );

const NO_SHARES = { records: [], followUps: [] };

/** What corrected shares come to beside what the event's own do, when so much of it is given back. */
function sharesBeside(
  see: Reads,
  owner: string,
  past: PastAct,
  legs: Legs,
  parted: { gone(whole: number): number; isLost(task: string): boolean; readonly isAll: boolean },
  asset: string,
): { readonly records: readonly RecordDelta[]; readonly followUps: readonly FollowUp[] } {
  const corrected = correctedIn(see, past.id);
  if (corrected?.shares === undefined) return NO_SHARES;
  const { correction, shares } = corrected;
  const undone = past.undone.map((before, leg) => before + backOf(legs, leg));
  const paid = corrected.paid.map(([kind, key, all]): [PayingKind, number, number] => {
    if (kind === 'rule') return [kind, all, parted.gone(all)];
    return [
      'task',
      all,
      parted.isLost(key) ? all : rewardGone(all, legOf(past, 'earn', kind, key)),
    ];
  });
  const due = sharesDue(
    shares.map(([of, right]) => [of, right]),
    { past, undone, isAll: parted.isAll, paid },
  );
  const by = { correction, event: eventKey(owner, past.id), asset };
  const asked = sharesAsked(shares, due, by);
  const records =
    asked.followUps.length === 0 ? [] : [withShares(past.id, corrected, asked.shares)];
  return { records, followUps: asked.followUps };
}

/** Has the member less than goes with this and with its correction? */
function isShortOf(
  see: Reads,
  asset: string | undefined,
  legs: Legs,
  { needed, legs: ofRules }: CorrectedBack,
): boolean {
  const sumOf = (some: Legs): number => some.reduce((sum, { amount }) => sum + amount, 0);
  const available = asset === undefined ? 0 : (see.account(asset)?.available ?? 0);
  return needed + sumOf(legs) - sumOf(ofRules) > Math.max(0, available);
}

/** Has the member less than goes with this, and what goes of rewards that other events had brought? */
function isShort(
  see: Reads,
  asset: string | undefined,
  past: PastAct,
  legs: Legs,
  rewards: readonly FollowUp[],
): boolean {
  const available = asset === undefined ? 0 : (see.account(asset)?.available ?? 0);
  const own = legs.reduce((sum, { leg, amount }) => sum + (past.pending[leg] ? 0 : amount), 0);
  const others = rewards.reduce((sum, { body }) => {
    const found = rewardOf(see, body as unknown as TakenReward);
    return sum + (found === undefined || found.isPending ? 0 : worthOf(found));
  }, 0);
  return others > 0 && own + others > available;
}
