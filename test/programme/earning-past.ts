// What has happened in a programme, as the model keeps it. Owns: the list's shapes, what is said of one of them, what
// conditions come to. Never touches: rules; the engine.

export interface Leg {
  readonly by: string;
  readonly amount: number;
  readonly budget: string | undefined;
  readonly window: string;
  /** Does it count for a limit in times, in points? */
  readonly limits: readonly [times: boolean, points: boolean];
  readonly isOfTask: boolean;
  /** Of a task with a badge, which was not taken back for another event. */
  hasBadge: boolean;
  /** Until when it is pending; null: until it is confirmed; undefined: not, or not any more. */
  pending: number | null | undefined;
  back: number;
}
export interface Happened {
  readonly id: string;
  readonly owner: string;
  readonly at: number;
  readonly legs: Leg[];
  readonly lines: readonly { readonly line: string; readonly amount: number }[];
  readonly isByLine: boolean;
  readonly hasUnits: boolean;
  readonly given: number[];
  /** What tasks counted: in which window, which is known until then, how much; a day of a streak. */
  readonly counted: readonly Counted[];
  readonly days: readonly { readonly task: string; readonly day: number }[];
  /** Badges without points. */
  readonly badges: Badge[];
  readonly period: string | undefined;
  /** As a whole, by a reversal. */
  isUndone: boolean;
  /** It was reversed when it was not known any more what had been given back of it. */
  isLate: boolean;
  /** Is there a record of what was returned? */
  isKnown: boolean;
}
export interface Counted {
  readonly task: string;
  readonly window: string;
  readonly until: number;
  readonly add: number;
}
export interface Badge {
  readonly task: string;
  readonly window: string;
  /** It took this event alone. */
  readonly isOnce: boolean;
  isGone: boolean;
}
export interface Owner {
  since: number | undefined;
  spent: number;
  /** (from when on, tier). */
  readonly history: (readonly [number, string])[];
  granted: { readonly tier: string; readonly until: number } | undefined;
}
export interface SaidEvent {
  readonly id: string;
  readonly owner: string;
  readonly type: string;
  readonly time?: number | undefined;
  readonly amount?: number | undefined;
  readonly lines?: readonly { readonly line: string; readonly amount: number }[] | undefined;
}
/** What a rule or a task says of how it pays. */
export type Terms = Readonly<Record<string, unknown>>;
export type Pay = (
  by: string,
  points: { readonly base: number; readonly most: number },
  window: string,
  terms: Terms,
  limits?: Leg['limits'],
) => number;
/** Why something does not pay. */
export type Refuse = (by: string, reason: string) => void;
/** A task that was completed. */
export interface Reward {
  readonly one: Happened;
  readonly need: number;
}
export const isPending = ({ pending }: Leg, time: number): boolean =>
  pending === null || (pending !== undefined && time < pending);
export const sumOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0);
export const leftOf = (leg: Leg): number => leg.amount - leg.back;
export const isGone = ({ legs }: Happened): boolean => legs.every((leg) => leftOf(leg) === 0);
/** By task, for each reward that stands: its task was not opened again, and some of it is left; and for each badge alone that has not gone. */
export const badgesIn = (list: readonly Happened[]): string => {
  const had = list.flatMap(({ legs }) => legs.filter((leg) => leg.hasBadge && leftOf(leg) > 0));
  const alone = list.flatMap(({ badges }) => badges.filter(({ isGone }) => !isGone));
  return [...had.map(({ by }) => by), ...alone.map(({ task }) => task)].sort().join();
};
/** So much of an event is given back, of so much. */
export const unitsOf = ({ given, lines }: Happened, after = given): readonly [number, number] => [
  sumOf(after),
  sumOf(lines.map(({ amount }) => amount)),
];
/** Has all that it counted gone? */
export const isForgotten = ({ isUndone, isLate }: Happened): boolean => isUndone && !isLate;
const isDayLeft = (one: Happened): boolean => {
  const [gone, all] = unitsOf(one);
  return !isForgotten(one) && gone < all;
};
/** The days of a streak that stand. */
export const daysLeft = (list: readonly Happened[], task: string): number[] =>
  list
    .flatMap((one) => (isDayLeft(one) ? one.days : []))
    .flatMap((one) => (one.task === task ? [one.day] : []));

export function rounded(over: bigint, under: bigint, rounding: unknown): number {
  const [whole, rest] = [over / under, over % under];
  const isUp = rounding === 'up' ? rest > 0n : rounding === 'half-up' && 2n * rest >= under;
  return Number(whole) + (isUp ? 1 : 0);
}

/** What a condition may ask, by its text. */
export interface Asked {
  readonly amount: number | undefined;
  readonly weekday: number;
  readonly tier: string;
  readonly available: number;
  readonly progress: number;
}
/** undefined: it has no value. */
export const CONDITIONS: Readonly<Record<string, (asked: Asked) => boolean | undefined>> = {
  'event.amount >= 5': ({ amount }) => (amount === undefined ? undefined : amount >= 5),
  'day.weekday >= 6': ({ weekday }) => weekday >= 6,
  'member.tier == "t1"': ({ tier }) => tier === 't1',
  'member.available < 50': ({ available }) => available < 50,
  'member.progress >= 10': ({ progress }) => progress >= 10,
  'event.amount / 0 == 1': () => undefined,
};

/** What of a leg has gone with so much of its lines: the last line that costs anything has what rounding leaves. */
export function goneOf(leg: Leg, lines: Happened['lines'], after: readonly number[]): number {
  const all = lines.reduce((sum, { amount }) => sum + amount, 0);
  const last = lines.findLastIndex(({ amount }) => amount > 0);
  let [gone, rest] = [0, leg.amount];
  for (const [i, { amount }] of lines.entries()) {
    if (amount === 0) continue;
    const share = i === last ? rest : Math.floor((leg.amount * amount) / all);
    rest -= share;
    gone += Math.floor((share * after[i]!) / amount);
  }
  return gone;
}
