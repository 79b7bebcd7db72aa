// What a difference of a simulation is as a correction. Owns: the body of the act that corrects an event. Never touches: what it comes to by then,
// which the act judges.

import type { Effect } from '../programme/act.js';
import { ISSUED } from '../programme/coupons/issue.js';
import {
  CORRECT,
  type CorrectedSide,
  type Right,
  type RightPaid,
  SIDES,
} from '../programme/earning/corrected.js';
import { taskOf } from '../programme/earning/counts.js';
import type { LoggedPlan } from '../programme/plan.js';
import { ISSUER } from '../protocol/syntax.js';
import type { Difference } from './other-world.js';
import type { Uncorrected } from './result.js';
import { isSame } from './same.js';

/** Why what differs beside what rules pay cannot be put right event by event. */
export const UNCORRECTED: Readonly<Record<Uncorrected['kind'], string>> = {
  task: 'Rewards, days in a row and progress of a task go back with other events than the one that they came with. Repair the task from now on, and make up for it by adjust.',
  referral:
    'A share of who has referred a member is a transfer of its own, which goes back with the event as it was. Make up for it by adjust.',
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

/** What an event should have come to. */
function rightOf({ before, after, payers }: Difference): Right {
  const paid = new Map<string, RightPaid>();
  for (const [leg, one] of earned(before?.effects).entries()) {
    const key = one['rule'] as string | undefined;
    if (key !== undefined) paid.set(key, ['rule', key, 0, payers[leg] ?? ISSUER, null]);
  }
  for (const [leg, one] of earned(after?.effects).entries()) {
    const key = one['rule'] as string | undefined;
    if (key === undefined) continue;
    const { from = ISSUER, expiresAt = null } = after?.legs[leg] ?? {};
    // What is taken back goes to who had paid it.
    const payer = paid.get(key)?.[3] ?? from;
    paid.set(key, ['rule', key, one['amount'] as number, payer, expiresAt]);
  }
  const counted = (after?.counters ?? []).map(
    ({ name, window: { from, until }, add }) => [name, from, until, add] as const,
  );
  const progress = after?.effects.find(({ type }) => type === 'progress');
  return { paid: [...paid.values()], counted, period: (progress?.['period'] as number) ?? null };
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
  const isUp = right.paid.some(([kind, key, amount]) => amount >= had(kind, key)) || !isDown;
  return SIDES.flatMap((side) => {
    if (side === 'up' ? !isUp : !isDown) return [];
    const id = idOf(event, side);
    const body = { event, correction, within, side, as: id, right };
    return [{ type: 'act' as const, act: CORRECT, owner, id, body }];
  }).reverse();
}

/** What of a difference its acts leave as it is; what the log has refused is reported again with all of it. */
export function uncorrectedIn({ programme, before, after }: Difference): Uncorrected[] {
  if (before === null) return [];
  const found: Uncorrected[] = [];
  const sides = [gained(before), gained(after ?? {})] as const;
  for (const name of new Set(sides.flatMap((side) => [...side.keys()]))) {
    if (isSame(sides[0].get(name), sides[1].get(name))) continue;
    const [kind, key] = name.split(' ') as [Uncorrected['kind'], string];
    found.push({ kind, key });
  }
  const [shares, others] = [before.followUps?.acts ?? [], after?.followUps ?? []];
  if (!isSame(shares, others)) found.push({ kind: 'referral', key: programme });
  return found;
}

/** What an event brings beside what rules pay: by task, and by campaign of coupons. */
function gained({ effects, counters }: Pick<LoggedPlan, 'effects' | 'counters'>) {
  const all = new Map<string, unknown[]>();
  const add = (kind: Uncorrected['kind'], key: string, what: unknown): void => {
    const name = `${kind} ${key}`;
    all.set(name, [...(all.get(name) ?? []), what]);
  };
  for (const one of effects ?? [])
    if (one.type === ISSUED) add('coupon', one['coupon'] as string, [one['rule'], one['task']]);
    else if (one['task'] !== undefined) add('task', one['task'] as string, one);
  for (const one of counters ?? []) {
    const task = taskOf(one.name);
    if (task !== undefined) add('task', task, [one.name, one.window, one.add]);
  }
  return all;
}

/** A difference as a simulation has written it down. */
export const differenceIn = (line: string): Difference => JSON.parse(line) as Difference;
