// What campaigns have multiplied of an event, by what is logged of why it was paid. Owns: how much of it they have added. Never touches: the log.
//   register.C1. What a campaign has added to what a rule paid is what it would not have paid without that factor alone, limits left aside: points and
//       what is left of them when they are divided by it, rounded down. A task pays the same with and without campaigns.
//   register.C2. What is given back of a leg is taken off the hour in which its event counted: so much that what is left is what C1 says of the points
//       that are left.

import { EVENT } from '../../programme/earning/order.js';
import { planInPlace } from '../../protocol/act-fields.js';
import type { BlockView } from '../../protocol/block.js';
import { homePlace } from '../../protocol/home.js';
import { OP, PLACES } from '../../protocol/layout.js';
import { jsonInPlace } from '../../protocol/opaque.js';
import { postedBy } from '../boards/worth.js';

const { act: ACT } = PLACES;
const PERCENT = 100;
const HOUR_MS = 3_600_000;
const HOUR_DIGITS = 16;

/** Sums: minor units that were paid and minor units that were added, less what was given back; how often; what of the added was given back. */
export type Paid = readonly [points: number, extra: number, times: number, back: number];

/** What one campaign has added to what one rule paid. */
export interface Multiplied {
  readonly campaign: string;
  readonly version: number;
  readonly percent: number;
  readonly rule: string;
  /** The leg of the event. */
  readonly leg: number;
  readonly points: number;
  readonly extra: number;
}

interface Decided {
  readonly effects?: unknown;
  readonly why?: unknown;
}

interface Why {
  readonly times?: readonly (readonly [key: string, version: number, percent: number])[];
}

interface Earned {
  readonly type: string;
  readonly rule?: string;
  readonly amount?: number;
}

/** What campaigns (and tiers, which look alike there) have added to an event. */
function paidBy(plan: Decided): {
  readonly campaigns: readonly string[];
  readonly paid: readonly Multiplied[];
} {
  const { times = [] } = (plan.why ?? {}) as Why;
  const paid: Multiplied[] = [];
  const earned = ((plan.effects ?? []) as readonly Earned[]).filter(({ type }) => type === 'earn');
  earned.forEach(({ rule, amount: points }, leg) => {
    if (rule === undefined || points === undefined) return;
    for (const [campaign, version, percent] of times) {
      const extra = addedTo(points, percent);
      paid.push({ campaign, version, percent, rule, leg, points, extra });
    }
  });
  return { campaigns: [...new Set(times.map(([key]) => key))], paid };
}

/** C1. */
const addedTo = (points: number, percent: number): number =>
  points - Number((BigInt(points) * BigInt(PERCENT)) / BigInt(percent));

/** C2: what goes off the sums where so much of a leg was undone before, and is now. */
export function takenOff({ leg, points, percent }: Multiplied, before: Undone, now: Undone): Paid {
  const [was, is] = [points - (before[leg] ?? 0), points - (now[leg] ?? 0)];
  const back = addedTo(was, percent) - addedTo(is, percent);
  return [is - was, -back, 0, back];
}

/** Minor units of each leg that all reversals so far have undone. */
type Undone = readonly number[];

/** An event that was multiplied: in which hour it counted, what was given back of it. */
export interface KnownEvent {
  readonly from: number;
  readonly paid: readonly Multiplied[];
  readonly undone: Undone;
}

export const plus = (one: Paid, other: Paid): Paid => [
  one[0] + other[0],
  one[1] + other[1],
  one[2] + other[2],
  one[3] + other[3],
];

/** When the hour of a time begins. */
const hourOf = (time: number): number => Math.floor(time / HOUR_MS) * HOUR_MS;

export const hourKey = ({ campaign, version, percent, rule }: Multiplied, from: number): string => {
  const hour = String(from).padStart(HOUR_DIGITS, '0');
  return [campaign, 'at', hour, version, percent, rule].join(' ');
};

/** The event whose record is there, and what campaigns have added to it; undefined: it is none, or was multiplied by nothing. */
export function multipliedAt(block: BlockView, at: number) {
  const posted = postedBy(block, at);
  if (posted?.op !== OP.act || !posted.isText(ACT.act, EVENT) || posted.isNil(ACT.plan))
    return undefined;
  const place = posted.opaque(ACT.plan);
  // Most events are multiplied by nothing, and their plans need not be read.
  if (!Buffer.from(place.buffer, place.byteOffset, place.length).includes('times'))
    return undefined;
  const { time } = block.header;
  const body = jsonInPlace(posted.opaque(ACT.body)) as { readonly time?: number };
  const from = hourOf(Math.min(body.time ?? time, time));
  const [owner, id] = [posted.text(homePlace(posted)), posted.text(ACT.id)];
  return { owner, id, from, ...paidBy(planInPlace(place)) };
}
