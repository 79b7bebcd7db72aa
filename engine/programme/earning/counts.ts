// Names of counters of a member. Owns: what each begins with. Never touches: what is counted.

import { NEVER } from '../../limits.js';
import type { CounterAdd } from '../act.js';

/**
 * What counters are of: how often a rule has paid, how much; of a task how much is done, whether it was rewarded; of a campaign; badges; how often a
 * member has reported an event of itself.
 */
export const COUNTS = {
  times: 't.',
  points: 'p.',
  done: 'n.',
  rewarded: 'd.',
  taken: 'c.',
  badges: 'b.',
  own: 'o.',
} as const;

/** Names of counters by what their keys are of: a text that is put together anew each time is slow to look up. */
const names = new Map<string, Map<string, string>>();
/** Keys of each that are remembered. */
const NAMES_MAX = 4_096;

/** The name of a counter of a rule, a task or a campaign. */
export function counterOf(of: keyof typeof COUNTS, key: string): string {
  let known = names.get(of);
  if (known === undefined) names.set(of, (known = new Map()));
  let name = known.get(key);
  if (name === undefined) {
    if (known.size >= NAMES_MAX) known.clear();
    name = COUNTS[of] + key;
    known.set(key, name);
  }
  return name;
}

/** That a task with a badge was done once more: for ever, by programme and task. */
export const badgeOf = (programme: string, task: string): CounterAdd => ({
  name: `${badgesBegin(programme)}${task}`,
  window: { from: 0, until: NEVER },
  add: 1,
});

/** The type of the effect that says that a badge has come without points. */
export const BADGE = 'badge';

/** What the names of all badges of a programme begin with. */
export const badgesBegin = (programme: string): string => `${COUNTS.badges}${programme} `;

/** The task that a counter of badges is of; undefined: it is another counter. */
export const badgeTask = (name: string): string | undefined =>
  name.startsWith(COUNTS.badges) ? name.slice(name.indexOf(' ') + 1) : undefined;

/** The task that a counter is of, whatever of it is counted; undefined: it is another counter. */
export function taskOf(name: string): string | undefined {
  const isOfTask = name.startsWith(COUNTS.done) || name.startsWith(COUNTS.rewarded);
  return isOfTask ? name.slice(COUNTS.done.length) : badgeTask(name);
}
