// What a difference of a simulation is as a correction. Owns: the body of the act that corrects an event. Never touches: what it comes to by then,
// which the act judges.

import type { Effect } from '../programme/act.js';
import {
  CORRECT,
  type CorrectedSide,
  type Right,
  type RightPaid,
  SIDES,
} from '../programme/earning/corrected.js';
import { ISSUER } from '../protocol/syntax.js';
import type { Difference } from './other-world.js';

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

/** The same of a difference as a simulation has written it down. */
export const correctionsIn = (line: string, name: CorrectionName): CorrectionAct[] =>
  correctionsOf(JSON.parse(line) as Difference, name);
