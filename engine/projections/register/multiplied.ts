// What campaigns have multiplied of an event, by what is logged of why it was paid. Owns: how much of it they have added. Never touches: the log.
//   register.C1. What a campaign has added to what a rule paid is what it would not have paid without that factor alone, limits left aside: points and
//       what is left of them when they are divided by it, rounded down. A task pays the same with and without campaigns.

const PERCENT = 100;
const HOUR_MS = 3_600_000;
const HOUR_DIGITS = 16;

/** Sums: minor units that were paid, minor units that were added, how often. */
export type Paid = readonly [points: number, extra: number, times: number];

/** What one campaign has added to what one rule paid. */
export interface Multiplied {
  readonly campaign: string;
  readonly version: number;
  readonly percent: number;
  readonly rule: string;
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
export function paidBy(plan: Decided): {
  readonly campaigns: readonly string[];
  readonly paid: readonly Multiplied[];
} {
  const { times = [] } = (plan.why ?? {}) as Why;
  const paid: Multiplied[] = [];
  for (const { type, rule, amount: points } of (plan.effects ?? []) as readonly Earned[]) {
    if (type !== 'earn' || rule === undefined || points === undefined) continue;
    for (const [campaign, version, percent] of times) {
      const without = Number((BigInt(points) * BigInt(PERCENT)) / BigInt(percent));
      paid.push({ campaign, version, percent, rule, points, extra: points - without });
    }
  }
  return { campaigns: [...new Set(times.map(([key]) => key))], paid };
}

/** When the hour of a time begins. */
export const hourOf = (time: number): number => Math.floor(time / HOUR_MS) * HOUR_MS;

export const hourKey = ({ campaign, version, percent, rule }: Multiplied, from: number): string => {
  const hour = String(from).padStart(HOUR_DIGITS, '0');
  return [campaign, 'at', hour, version, percent, rule].join(' ');
};
