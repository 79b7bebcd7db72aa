// What is told of a member of a programme: tier, tasks, what limits have counted. Owns: the answer, out of what events are decided by. Never
// touches: state, the log; what is decided.

import { dayAt } from '../ledger/calendar.js';
import { RULES_MAX, TASKS_MAX } from '../limits.js';
import type { TypeOf } from '../protocol/fields.js';
import type {
  Badge,
  CampaignState,
  MemberState,
  RuleCount,
  TaskState,
} from '../protocol/member.js';
import type { Reads } from './act.js';
import {
  campaign as campaignKind,
  eventType,
  gifting,
  rule as ruleKind,
  task as taskKind,
  type Versioned,
} from './definitions/index.js';
import { badgeOf, badgesBegin, badgeTask, counterOf } from './earning/counts.js';
import { runsIn } from './earning/event.js';
import { giftState } from './earning/gifts.js';
import { memberIn, type Programme, profileIn, standingOf, tiersIn } from './earning/member.js';
import { daysInARow, hasDay } from './earning/streak.js';
import type { Task } from './earning/terms.js';
import { windowAt } from './earning/windows.js';
import { mergedIn } from './merging.js';
import { type Counts, countIn } from './plan.js';
import { whatNext } from './what-next.js';

type Rule = Versioned<TypeOf<typeof ruleKind.decides>>;

/** What is told of a member is more than what an act may look at. */
export interface MemberReads extends Reads {
  /** Counters whose names begin so, by name. */
  counters(begin: string): readonly { readonly name: string; readonly counts: Counts }[];
}

/** When it is asked for: block time, and the days of the programme's zone. */
interface Now {
  readonly time: number;
  readonly offsets: readonly number[];
}

function taskState(see: Reads, { key, document }: Task, { time, offsets }: Now): TaskState {
  const { event, need = 1, span = 'day', steps, reward = 0 } = document;
  const one = { task: key, event, span };
  if (steps !== undefined) {
    const today = dayAt(time, offsets);
    const runs = runsIn(see, key);
    const isDone = hasDay(runs, today);
    const all = daysInARow(runs, today);
    const earned = steps.findLast(([from]) => from <= all)?.[1] ?? 0;
    const days = isDone ? all : all - 1;
    return { ...one, isDone, done: isDone ? 1 : 0, need: 1, reward: earned, days };
  }
  // How long a window is kept does not change which one it is.
  const window = windowAt(span, time, offsets, 0);
  const isDone = see.counter(counterOf('rewarded', key), window) > 0;
  const done = Math.min(need, see.counter(counterOf('done', key), window));
  return { ...one, isDone, done: isDone ? need : done, need, reward };
}

/** What is counted of a rule; undefined: nothing is, or it has no limits. */
function ruleCount(
  see: Reads,
  { key, document }: Rule,
  { time, offsets }: Now,
): RuleCount | undefined {
  const { event, span = 'day', limitTimes, limitPoints } = document;
  if (limitTimes === undefined && limitPoints === undefined) return undefined;
  const window = windowAt(span, time, offsets, 0);
  const times = see.counter(counterOf('times', key), window);
  const points = see.counter(counterOf('points', key), window);
  if (times === 0 && points === 0) return undefined;
  return {
    ...{ rule: key, event, span },
    ...(limitTimes === undefined ? {} : { times, limitTimes }),
    ...(limitPoints === undefined ? {} : { points, limitPoints }),
  };
}

function campaignsAt(see: Reads, programme: string, { time, offsets }: Now): CampaignState[] {
  const ever = windowAt('ever', time, offsets, 0);
  return see.definitions(campaignKind, programme).flatMap(({ key, document }) => {
    const { from, to, multiplier } = document;
    if (time < from || time >= to) return [];
    return [{ campaign: key, multiplier, to, taken: see.counter(counterOf('taken', key), ever) }];
  });
}

/** By task. */
function badgesIn(see: MemberReads, programme: string): Badge[] {
  return see.counters(badgesBegin(programme)).map(({ name, counts }) => {
    const task = badgeTask(name) as string;
    return { task, times: countIn(counts, badgeOf(programme, task).window) };
  });
}

/** The member of a programme at a block time: of as many rules and tasks, by key, as one event looks at. */
export function memberState(
  see: MemberReads,
  programme: Programme,
  owner: string,
  time: number,
): MemberState {
  const { key, document, zoneOffsets: offsets = [0, 0] } = programme;
  const now = { time, offsets };
  const member = memberIn(see, key);
  const allowed = see.definition(gifting, key);
  const merged = mergedIn(see);
  const types = see.definitions(eventType, key).map((type) => type.key);
  const tasks = types.flatMap((type) => see.definitions(taskKind, type)).slice(0, TASKS_MAX);
  const rules = types.flatMap((type) => see.definitions(ruleKind, type)).slice(0, RULES_MAX);
  const standing = standingOf(member, programme, tiersIn(see, key), time);
  const known = tasks.map((task) => ({ task, state: taskState(see, task, now) }));
  return {
    ...{ owner, programme: key, asset: document.asset, time },
    ...(merged === undefined ? {} : { mergedInto: merged.now }),
    ...standing,
    ...(member.granted === undefined ? {} : { granted: member.granted }),
    tiers: member.tiers.map(([from, tier]) => ({ from, tier })),
    profile: profileIn(see, key),
    tasks: known.map(({ state }) => state),
    counts: rules.flatMap((rule) => ruleCount(see, rule, now) ?? []),
    campaigns: campaignsAt(see, key, now),
    ...(allowed === undefined
      ? {}
      : { gifts: giftState(see, key, allowed.document, windowAt('day', time, offsets, 0)) }),
    badges: badgesIn(see, key),
    goals: whatNext(see, programme, standing, known, time),
  };
}
