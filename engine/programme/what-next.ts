// What a member lacks for the next tier, and for each task and step of days in a row: done exactly so, it yields. Owns: that list. Never
// touches: state; what is decided.
//   programme.N1. Who does exactly what a goal says, before it ends and with nothing between, gets what it says.

import { dayAt } from '../ledger/calendar.js';
import type { Goal, TaskState } from '../protocol/member.js';
import type { Reads } from './act.js';
import { runsIn } from './earning/event.js';
import type { Programme, Standing } from './earning/member.js';
import { daysInARow, hasDay } from './earning/streak.js';
import type { Task } from './earning/terms.js';
import { windowAt } from './earning/windows.js';

const ONE_DAY = 1;

/** What the next tier takes; nothing where there is none. */
function ofTier({ next, needed }: Standing): Goal[] {
  return next === null ? [] : [{ goal: 'tier', key: next, points: needed }];
}

/** What a task takes in its window of now, and a later step of days in a row. */
function ofTask(
  see: Reads,
  { zoneOffsets = [0, 0], document: { asset } }: Programme,
  { key, document }: Task,
  state: TaskState,
  time: number,
): Goal[] {
  const { event, of, span = 'day', steps, budget } = document;
  const isPaid = (reward: number): boolean =>
    budget === undefined || !see.isExhausted(budget, asset, reward);
  const goals: Goal[] = [];
  if (!state.isDone && isPaid(state.reward)) {
    const until = windowAt(span, time, zoneOffsets, 0).until;
    const lacks = state.need - state.done;
    const much = of === undefined ? { events: lacks } : { of, amount: lacks };
    const ends = span === 'ever' ? {} : { until };
    const badge = document.badge === true ? { badge: true } : {};
    goals.push({ goal: 'task', key, event, ...much, reward: state.reward, ...badge, ...ends });
  }
  if (steps === undefined) return goals;
  const today = dayAt(time, zoneOffsets);
  const runs = runsIn(see, key);
  const days = daysInARow(runs, today) - (hasDay(runs, today) ? 0 : ONE_DAY);
  const step = steps.find(([from]) => from > days);
  // What today itself yields is said above.
  if (step === undefined || (step[0] - days === ONE_DAY && !state.isDone)) return goals;
  if (isPaid(step[1]))
    goals.push({ goal: 'days', key, event, days: step[0] - days, reward: step[1] });
  return goals;
}

/** What is next for a member: the tier first, then by task, as they were said. */
export function whatNext(
  see: Reads,
  programme: Programme,
  standing: Standing,
  tasks: readonly { readonly task: Task; readonly state: TaskState }[],
  time: number,
): readonly Goal[] {
  return [
    ...ofTier(standing),
    ...tasks.flatMap(({ task, state }) => ofTask(see, programme, task, state, time)),
  ];
}
