// Rewards of tasks that several events count for. Owns: the record of which event has completed a task. Never touches: what goes back
// (given-back.ts).

import { NEVER } from '../../limits.js';
import type { Json, PastAct, Reads, RecordDelta, Window } from '../act.js';
import { recordType, STAYS } from '../record-type.js';
import { correctionOf, type LegOf } from './corrected.js';
import { EVENT } from './order.js';

const REWARD = recordType('reward', STAYS);
/** The act that takes a reward back from the event that completed its task. */
export const TAKE_REWARD = 'take-reward';

const keyOf = (task: string, { from }: Window): string => `${task}@${from}`;

/** Which event has completed a task in a window, and what that needed. */
export type Rewarded = readonly [event: string, need: number];

export const rewardedIn = (see: Reads, task: string, window: Window): Rewarded | undefined =>
  see.record<Json & Rewarded>(REWARD, keyOf(task, window));

export function rewardedRecord(task: string, window: Window, value: Rewarded | null): RecordDelta {
  const key = keyOf(task, window);
  const { until } = window;
  if (value === null || until === NEVER) return { type: REWARD, key, value: value as Json };
  return { type: REWARD, key, value: value as Json, expiresAt: until };
}

/** The task whose reward a record is of; undefined: it is another record. */
export const rewardedTask = (type: string, key: string): string | undefined =>
  type === REWARD ? key.slice(0, key.lastIndexOf('@')) : undefined;

/** Which reward, and the event that had brought it. */
export interface TakenReward {
  readonly event: string;
  readonly task: string;
}

/** A reward, as the log has it, and what a correction has added to it. */
export interface Reward {
  readonly past: PastAct;
  readonly leg: number;
  /** Minor units that are left of the leg. */
  readonly left: number;
  readonly isPending: boolean;
  /** The act that has corrected it, and its leg. */
  readonly more: (LegOf & { readonly by: string; readonly left: number }) | undefined;
}

/** Minor units that the member has of a reward, with its correction. */
export const worthOf = ({ left, more }: Reward): number =>
  left + (more === undefined ? 0 : more.sign * more.left);

/** What is left of a reward to be taken back; undefined: there has been none. */
export function rewardOf(see: Reads, { event, task }: TakenReward): Reward | undefined {
  const past = see.past(event);
  if (past === undefined || past.act !== EVENT) return undefined;
  const leg = past.effects
    .filter(({ type }) => type === 'earn')
    .findIndex((one) => one['task'] === task);
  if (leg < 0) return undefined;
  const left = (past.amounts[leg] as number) - (past.undone[leg] as number);
  const isPending = (past.pending[leg] as number) > 0;
  return { past, leg, left, isPending, more: correctionOf(see, past.id, 'task', task) };
}
