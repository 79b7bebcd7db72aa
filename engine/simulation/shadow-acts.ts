// Acts of the other world as they are kept: made of what was decided there, or of what the log has; with what of them is given back. Owns: how one is
// made out of the other. Never touches: where they are kept.

import type { GivenBack } from '../ledger/beside.js';
import type { PastAct, Plan } from '../programme/act.js';
import { EVENT } from '../programme/earning/order.js';
import type { LoggedPlan } from '../programme/plan.js';
import type { ShadowAct } from './shadow.js';

const NOTHING: readonly never[] = [];

/** An event that is refused in the other world. */
export const NONE: ShadowAct = {
  isNone: true,
  act: EVENT,
  body: null,
  effects: [],
  counters: [],
  why: {},
  amounts: [],
  undone: [],
  pendingUntil: [],
  time: 0,
  isGone: true,
};

/** An act as it was decided. `logged`: what of its legs the log has given back. */
export function actOf(
  act: string,
  body: unknown,
  plan: LoggedPlan | Plan,
  time: number,
  logged?: GivenBack,
): ShadowAct {
  const { effects = NOTHING, counters = NOTHING } = plan;
  // A return goes by nothing else that is told.
  const units = plan.why?.['units'];
  const why = units === undefined ? {} : { units };
  const amounts = logged?.amounts ?? ('legs' in plan ? plan.legs.map(({ amount }) => amount) : []);
  const undone = logged?.before ?? amounts.map(() => 0);
  const paid = effects.filter(({ type }) => type === 'earn');
  const pendingUntil = amounts.map((_, leg) => {
    const until = paid[leg]?.['pendingUntil'] as number | null | undefined;
    return until === undefined ? 0 : until;
  });
  const isGone = false;
  return { act, body, effects, counters, why, amounts, undone, pendingUntil, time, isGone };
}

/** With so much more of it given back. */
export const withUndone = (of: ShadowAct, now: readonly number[]): ShadowAct => {
  const undone = of.amounts.map((_, leg) => (of.undone[leg] ?? 0) + (now[leg] ?? 0));
  return { ...of, undone, isGone: true };
};

/** A past act of the log, to be otherwise from now on. */
export const shadowOf = ({ act, body, effects, counters, why, ...past }: PastAct): ShadowAct => {
  const { amounts, undone, pending, time, isUndone: isGone } = past;
  const pendingUntil = pending.map((amount) => (amount > 0 ? null : 0));
  return { act, body, effects, counters, why, amounts, undone, pendingUntil, time, isGone };
};

/** What a reversal of a past act gives back of each leg. */
export const nowOf = (
  { amounts, undone }: PastAct,
  legs: readonly { readonly leg: number; readonly amount: number }[] | undefined,
): number[] =>
  amounts.map((all, leg) =>
    legs === undefined
      ? all - (undone[leg] ?? 0)
      : (legs.find((one) => one.leg === leg)?.amount ?? 0),
  );
