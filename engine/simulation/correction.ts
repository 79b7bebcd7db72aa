// What a difference of a simulation is as a correction. Owns: the body of the act that corrects an event. Never touches: what it comes to by then,
// which the act judges.

import type { Effect, FollowUp, Plan } from '../programme/act.js';
import { ISSUED } from '../programme/coupons/issue.js';
import {
  CORRECT,
  type CorrectedSide,
  type PayingKind,
  type Right,
  type RightPaid,
  type RightShare,
  SIDES,
} from '../programme/earning/corrected.js';
import { shareIn } from '../programme/earning/corrected-shares.js';
import { taskOf } from '../programme/earning/counts.js';
import { rewardedTask } from '../programme/earning/rewards.js';
import type { LoggedPlan } from '../programme/plan.js';
import { ISSUER } from '../protocol/syntax.js';
import type { Difference } from './other-world.js';
import type { Uncorrected } from './result.js';
import { isSame } from './same.js';

/** Why what differs beside what rules pay cannot be put right event by event. */
export const UNCORRECTED: Readonly<Record<Uncorrected['kind'], string>> = {
  task: 'Other events complete it, or other days count in a row, so that what goes back of it with which event would be another one from then on. What the same events get for it can be put right. Repair the task from now on, and make up for it by adjust.',
  coupon:
    'A coupon that was issued may be used by now, and one that was not is asked for by nobody. Issue coupons by coupon-issue.',
};

/** The act that corrects an event. */
export interface CorrectionAct {
  readonly type: 'act';
  readonly act: typeof CORRECT;
  readonly owner: string;
  readonly id: string;
  readonly body: { readonly [name: string]: unknown };
}

/** By what name a correction goes, and what allows it. */
export interface CorrectionName {
  readonly correction: string;
  readonly within: string;
  /** The id of the act that corrects this event. */
  idOf(event: string, side: CorrectedSide): string;
}

/** What has paid, in the order of the legs. */
const earned = (effects: readonly Effect[] = []): readonly Effect[] =>
  effects.filter(({ type }) => type === 'earn');

/** What has paid: a rule, or a task. */
const payingOf = ({ rule, task }: Effect): readonly [kind: PayingKind, key: string] =>
  rule === undefined ? ['task', task as string] : ['rule', rule as string];

/** What an event should have come to. */
function rightOf({ before, after, payers }: Difference): Right {
  const paid = new Map<string, RightPaid>();
  for (const [leg, one] of earned(before?.effects).entries()) {
    const [kind, key] = payingOf(one);
    paid.set(`${kind} ${key}`, [kind, key, 0, payers[leg] ?? ISSUER, null]);
  }
  for (const [leg, one] of earned(after?.effects).entries()) {
    const [kind, key] = payingOf(one);
    const { from = ISSUER, expiresAt = null } = after?.legs[leg] ?? {};
    // What is taken back goes to who had paid it.
    const payer = paid.get(`${kind} ${key}`)?.[3] ?? from;
    paid.set(`${kind} ${key}`, [kind, key, one['amount'] as number, payer, expiresAt]);
  }
  const counted = (after?.counters ?? []).map(
    ({ name, window: { from, until }, add }) => [name, from, until, add] as const,
  );
  const progress = after?.effects.find(({ type }) => type === 'progress');
  const period = (progress?.['period'] as number) ?? null;
  const right = { paid: [...paid.values()], counted, period };
  const shares = sharesOf(before?.followUps?.acts, after?.followUps);
  return shares.length === 0 ? right : { ...right, shares };
}

/** What those who have referred the member should have got: also what is as in the log, which goes back with other points than by the log. */
function sharesOf(
  before: readonly FollowUp[] = [],
  after: readonly FollowUp[] = [],
): readonly RightShare[] {
  const owners = new Set([...before, ...after].map(({ owner }) => owner));
  return [...owners].map((owner) => [owner, shareIn({ followUps: after }, owner)]);
}

/** The acts that correct an event, what takes first; none: the log has no such event, which has to be reported first. */
export function correctionsOf(
  difference: Difference,
  { correction, within, idOf }: CorrectionName,
): CorrectionAct[] {
  const { owner, id: event, before } = difference;
  if (before === null) return [];
  const right = rightOf(difference);
  const had = (kind: string, key: string): number => {
    const one = earned(before.effects).find((effect) => effect[kind] === key);
    return (one?.['amount'] as number | undefined) ?? 0;
  };
  const isDown = right.paid.some(([kind, key, amount]) => amount < had(kind, key));
  // What is the same of a rule may count in another span; a reward is the same.
  const isUp =
    !isDown ||
    right.paid.some(([kind, key, amount]) =>
      kind === 'rule' ? amount >= had(kind, key) : amount > had(kind, key),
    );
  return SIDES.flatMap((side) => {
    if (side === 'up' ? !isUp : !isDown) return [];
    const id = idOf(event, side);
    const body = { event, correction, within, side, as: id, right };
    return [{ type: 'act' as const, act: CORRECT, owner, id, body }];
  }).reverse();
}

/** What of a difference its acts leave as it is; what the log has refused is reported again with all of it. */
export function uncorrectedIn({ before, after }: Difference): Uncorrected[] {
  if (before === null) return [];
  const found: Uncorrected[] = [];
  const sides = [gained(before), gained(after ?? {})] as const;
  for (const name of new Set(sides.flatMap((side) => [...side.keys()]))) {
    if (isSame(sides[0].get(name), sides[1].get(name))) continue;
    const [kind, key] = name.split(' ') as [Uncorrected['kind'], string];
    found.push({ kind, key });
  }
  return found;
}

/** What an event brings beside points: by task, and by campaign of coupons. */
function gained({ effects, counters, records }: Partial<Plan> | LoggedPlan) {
  const all = new Map<string, unknown[]>();
  const add = (kind: Uncorrected['kind'], key: string, what: unknown): void => {
    const name = `${kind} ${key}`;
    all.set(name, [...(all.get(name) ?? []), what]);
  };
  for (const one of effects ?? [])
    if (one.type === ISSUED) add('coupon', one['coupon'] as string, [one['rule'], one['task']]);
    else if (one['task'] !== undefined) add('task', one['task'] as string, { ...one, amount: 0 });
  for (const one of counters ?? []) {
    const task = taskOf(one.name);
    if (task !== undefined) add('task', task, [one.name, one.window, one.add]);
  }
  for (const { type, key, value } of records ?? []) {
    const task = rewardedTask(type, key);
    if (task !== undefined) add('task', task, [key, value]);
  }
  return all;
}

/** A difference as a simulation has written it down. */
export const differenceIn = (line: string): Difference => JSON.parse(line) as Difference;
