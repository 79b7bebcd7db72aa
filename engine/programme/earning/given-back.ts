// What of an event goes beside its points when some of it is given back: what it counted for tasks, days in a row, campaigns. Owns: that
// decision. Never touches: points.
//   earning.K1. A reward stays while what counts for its task is enough. Below that it goes back once, as a whole, whichever event was given
//       back; and it can be earned again from that commit on.
//   earning.K2. That is so while the task's window is kept. After it, a reward goes with the event that completed the task.
//   earning.K3. What an event counted goes by how much of it is given back, in parts that sum to the whole; a day and a campaign with all of it.
//   earning.K4. A badge without points goes as a reward does, at once, whatever a return may take of points; of a task of several events only while
//       its window is kept.

import type { CounterAdd, Effect, FollowUp, Reads, RecordDelta } from '../act.js';
import { ISSUED, withdrawn } from '../coupons/issue.js';
import { orderGivenBack } from '../coupons/wallet.js';
import { countedBack } from '../undone.js';
import { BADGE, badgeTask, COUNTS, counterOf } from './counts.js';
import { runsIn, runsRecord } from './event.js';
import { shareOf } from './points.js';
import { rewardedIn, rewardedRecord, rewardOf, TAKE_REWARD, type TakenReward } from './rewards.js';
import { withoutDay } from './streak.js';

/** What goes. */
export interface GivenBack {
  readonly counters: readonly CounterAdd[];
  readonly records: readonly RecordDelta[];
  readonly effects: readonly Effect[];
  readonly followUps: readonly FollowUp[];
  /** Tasks that this event has completed, and whose rewards stay. */
  readonly kept: ReadonlySet<string>;
  /** Those whose rewards go, though not all of the event does. */
  readonly lost: ReadonlySet<string>;
}

/** How many units of how many are given back: before, and with what goes now. */
export interface Units {
  readonly before: number;
  readonly after: number;
  readonly all: number;
  /** Is what was given back before not known any more? Then what the event counted stays, but for its points. */
  readonly isForgotten?: boolean;
}

/** An event as it was decided. */
interface Decided {
  readonly id: string;
  readonly effects: readonly Effect[];
  readonly counters: readonly CounterAdd[];
}

/** `returns`: what a return may take back, by the programme. */
export function givenBack(
  see: Reads,
  owner: string,
  event: Decided,
  units: Units,
  time: number,
  returns: string | undefined,
): GivenBack {
  const { before, after, all, isForgotten = false } = units;
  const isWhole = after === all && before < all;
  const counters: CounterAdd[] = [];
  const records = isWhole && !isForgotten ? daysBack(see, event) : [];
  const effects: Effect[] = [];
  const followUps: FollowUp[] = [];
  const [kept, lost] = [new Set<string>(), new Set<string>()];
  for (const one of isForgotten ? [] : event.counters) {
    const { add, name, window } = one;
    if (name.startsWith(COUNTS.taken) && isWhole)
      counters.push(...countedBack(see, one, add, time));
    if (!name.startsWith(COUNTS.done)) continue;
    const back = shareOf(add, after, all) - shareOf(add, before, all);
    const gone = countedBack(see, one, back, time);
    counters.push(...gone);
    const task = name.slice(COUNTS.done.length);
    const rewarded = window.until <= time ? undefined : rewardedIn(see, task, window);
    if (rewarded === undefined) continue;
    const [completing, need] = rewarded;
    const left = see.counter(name, window) + (gone[0]?.add ?? 0);
    const taken = { event: completing, task };
    const isOwn = completing === event.id;
    const by = isOwn ? event : see.past(completing);
    const isFree = by?.effects.some(isBadgeOf(task)) === true;
    if (isOwn) (left < need ? lost : kept).add(task);
    if (left >= need || !(isFree || (!isOwn && goes(see, taken, returns)))) continue;
    counters.push(...countedBack(see, { ...one, name: counterOf('rewarded', task) }, 1, time));
    const badge = by?.counters.find((had) => badgeTask(had.name) === task);
    if (badge !== undefined) counters.push(...countedBack(see, badge, 1, time));
    records.push(rewardedRecord(task, window, null));
    if (!isOwn) effects.push({ type: 'reopenTask', task });
    if (!isFree) followUps.push({ owner, act: TAKE_REWARD, body: { ...taken } });
  }
  if (isWhole && !isForgotten) counters.push(...badgesBack(see, event, time));
  if (!isWhole) return { counters, records, effects, followUps, kept, lost };
  const coupons = couponsBack(see, event, time);
  return {
    counters: [...counters, ...coupons.counters],
    records: [...records, ...coupons.records],
    effects: [...effects, ...coupons.effects],
    ...{ followUps, kept, lost },
  };
}

const isBadgeOf =
  (task: string) =>
  ({ type, task: of }: Effect): boolean =>
    type === BADGE && of === task;

/** With all of an event: the badges without points of tasks that it has done alone, and that they were done. */
function badgesBack(see: Reads, { effects, counters }: Decided, time: number): CounterAdd[] {
  return effects.flatMap(({ type, task }) => {
    const isAlone = !counters.some(({ name }) => name === counterOf('done', task as string));
    if (type !== BADGE || !isAlone) return [];
    const own = counters.filter(
      ({ name }) => badgeTask(name) === task || name === counterOf('rewarded', task as string),
    );
    return own.flatMap((one) => countedBack(see, one, one.add, time));
  });
}

/** May it be taken back? What is left to the member cannot be earned again either. */
const goes = (see: Reads, reward: TakenReward, returns: string | undefined): boolean =>
  returns !== 'only-pending' || rewardOf(see, reward)?.isPending === true;

const daysBack = (see: Reads, { effects }: Decided): RecordDelta[] =>
  effects.flatMap(({ type, task, day }) =>
    type === 'streak'
      ? [runsRecord(task as string, withoutDay(runsIn(see, task as string), day as number))]
      : [],
  );

/** With all of an event: the coupons that it has brought go, and what counted for them; those that were used for it come back. */
function couponsBack(see: Reads, event: Decided, time: number) {
  const gone = withdrawn(see, event.effects, time);
  const back = orderGivenBack(see, event.id, time);
  const brought = event.effects.filter(({ type }) => type === ISSUED);
  const counted = event.counters.filter(({ name }) =>
    brought.some(({ rule, task }) =>
      task === undefined
        ? name === counterOf('times', rule as string)
        : name === counterOf('rewarded', task as string),
    ),
  );
  return {
    records: [...gone.records, ...back.records],
    counters: [...back.counters, ...counted.flatMap((one) => countedBack(see, one, one.add, time))],
    effects: [...gone.effects, ...back.effects],
  };
}
