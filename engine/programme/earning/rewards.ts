// Rewards of tasks that several events count for. Owns: the record of which event has completed a task. Never touches: what goes back
// (given-back.ts).

import { NEVER } from '../../limits.js';
import type { Json, Reads, RecordDelta, Window } from '../act.js';
import { EVENT } from './order.js';

const REWARD = 'reward';
/** The act that takes a reward back from the event that completed its task. */
export const TAKE_REWARD = 'take-reward';

const keyOf = (task: string, { from }: Window): string => `${task}@${from}`;

/** Which event has completed a task in a window, and what that needed. */
export type Rewarded = readonly [event: string, need: number];

export const rewardedIn = (see: Reads, task: string, window: Window): Rewarded | undefined =>
  see.record<Json & Rewarded>(REWARD, keyOf(task, window));

export function rewardedRecord(task: string, window: Window, value: Rewarded | null): RecordDelta {
  const record = { type: REWARD, key: keyOf(task, window), value: value as Json };
  return value === null || window.until === NEVER ? record : { ...record, expiresAt: window.until };
}

/** Which reward, and the event that had brought it. */
export interface TakenReward {
  readonly event: string;
  readonly task: string;
}

/** What is left of a reward to be taken back; undefined: there has been none. */
export function rewardOf(see: Reads, { event, task }: TakenReward) {
  const past = see.past(event);
  if (past === undefined || past.act !== EVENT) return undefined;
  const leg = past.effects
    .filter(({ type }) => type === 'earn')
    .findIndex((one) => one['task'] === task);
  if (leg < 0) return undefined;
  const left = (past.amounts[leg] as number) - (past.undone[leg] as number);
  return { past, leg, left, isPending: (past.pending[leg] as number) > 0 };
}
