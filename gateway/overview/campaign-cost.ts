// What a campaign has cost so far, day by day, and what it will have. Owns: the days of a programme, the forecast. Never touches: what is added to an
// event, which the register says.
//   overview.C1. A day is one of the programme's zone. What was given back since of what a campaign added
//       to an event is taken off the day of the event: the cost is what is left.
//   overview.C2. The forecast goes by whole days: what the days that are over have cost on average, so often as days are left; `low` and `high` by their
//       spread, each a standard deviation of a sum of so many days. Before a day is over there is none.

import {
  type CampaignFigures,
  type DefinitionVersion,
  type Engine,
  limits,
} from '../../engine/index.js';
import { daysOf } from '../projections/reports/days.js';
import type { Days } from '../projections/reports/shapes.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

const { DAY_MS } = limits;

/** A day of a campaign. */
interface CostDay {
  /** `2027-01-31`. */
  readonly day: string;
  /** When it begins, milliseconds since 1970. */
  readonly from: number;
  /** Minor units that were paid, and those of them that the campaign has added. */
  readonly points: number;
  readonly cost: number;
  /** How often rules have paid. */
  readonly times: number;
  /** What of what it had added was given back since: not in `cost`. */
  readonly back: number;
}

export interface CampaignCost {
  readonly campaign: string;
  readonly programme: string;
  readonly asset: string;
  readonly state: 'planned' | 'running' | 'over';
  readonly from: number;
  readonly to: number;
  readonly asOf: string;
  readonly behind: number;
  readonly cost: number;
  readonly points: number;
  readonly back: number;
  /** Events that it has multiplied, and whose they were. */
  readonly events: number;
  readonly members: number;
  readonly days: readonly CostDay[];
  /** By when it ends; left out: nothing is over that it could go by. */
  readonly forecast?:
    | {
        readonly cost: number;
        readonly low: number;
        readonly high: number;
        /** Whole days that it goes by, and days that are left. */
        readonly days: number;
        readonly left: number;
      }
    | undefined;
}

/** What a campaign has cost; `DEFINITION_NOT_FOUND`: there is none. */
export async function campaignCost(engine: Engine, key: string): Promise<CampaignCost | Refusal> {
  const found = await engine.definition('campaign', key);
  if (isRefusal(found)) return found.field === 'key' ? { ...found, field: 'campaign' } : found;
  const versions = (found?.versions ?? []).filter(({ document }) => document !== undefined);
  const newest = versions.findLast(({ state }) => state === 'active') ?? versions.at(-1);
  if (newest === undefined) return refuse('DEFINITION_NOT_FOUND', 'campaign');
  const {
    programme = '',
    from,
    to,
  } = newest.document as {
    readonly programme?: string;
    readonly from: number;
    readonly to: number;
  };
  const of = await engine.definition('programme', programme);
  if (isRefusal(of)) return of;
  const { asset, zone } = (of?.versions.findLast(({ document }) => document !== undefined)
    ?.document ?? {}) as { readonly asset?: string; readonly zone?: string };
  const figures = await engine.register.campaign(key);
  if (isRefusal(figures)) return figures;
  const flat = await flatRules(engine, figures);
  if (isRefusal(flat)) return flat;
  const now = engine.now();
  const zoned = daysOf(zone ?? 'UTC', from, Math.max(to, now));
  if (zoned === undefined) return refuse('ZONE_UNKNOWN');
  const days = costDays(figures, versions, flat, zoned);
  const sum = (of: (day: CostDay) => number): number => days.reduce((all, day) => all + of(day), 0);
  const { asOf, behind, events, members } = figures;
  return {
    ...{ campaign: key, programme, asset: asset ?? '', from, to, asOf, behind },
    state: now < from ? 'planned' : now < to ? 'running' : 'over',
    ...{ cost: sum(({ cost }) => cost), points: sum(({ points }) => points) },
    ...{ back: sum(({ back }) => back), events, members },
    days,
    forecast: forecastOf(days, { from, to }, now, zoned),
  };
}

/** Rules that say that nothing multiplies them. */
async function flatRules(
  engine: Engine,
  { hours }: CampaignFigures,
): Promise<ReadonlySet<string> | Refusal> {
  const flat = new Set<string>();
  for (const rule of new Set(hours.map((hour) => hour.rule))) {
    const found = await engine.definition('rule', rule);
    if (isRefusal(found)) return found;
    const said = found?.versions.findLast(({ document }) => document !== undefined);
    if (said?.document?.['multiplied'] === false) flat.add(rule);
  }
  return flat;
}

function costDays(
  { hours }: CampaignFigures,
  versions: readonly DefinitionVersion[],
  flat: ReadonlySet<string>,
  zoned: Days,
): CostDay[] {
  // A tier of the same key multiplies, too: what is the campaign's is known by its version and by how much.
  const percents = new Map(
    versions.map(({ version, document }) => [version, document?.['multiplier']]),
  );
  const days = new Map<number, CostDay>();
  for (const { from: hour, version, percent, rule, points, extra, times, back } of hours) {
    if (flat.has(rule) || percents.get(version) !== percent) continue;
    const at = zoned.of(hour);
    const before = days.get(at);
    days.set(at, {
      ...{ day: new Date(at * DAY_MS).toISOString().slice(0, 10), from: zoned.start(at) },
      points: (before?.points ?? 0) + points,
      cost: (before?.cost ?? 0) + extra,
      times: (before?.times ?? 0) + times,
      back: (before?.back ?? 0) + back,
    });
  }
  return [...days.values()].sort((one, other) => one.from - other.from);
}

function forecastOf(
  days: readonly CostDay[],
  { from, to }: Pick<CampaignCost, 'from' | 'to'>,
  now: number,
  zoned: Days,
): CampaignCost['forecast'] {
  const soFar = days.reduce((sum, { cost }) => sum + cost, 0);
  if (now >= to) return { cost: soFar, low: soFar, high: soFar, days: days.length, left: 0 };
  const today = zoned.start(zoned.of(now));
  const whole = zoned.of(now) - zoned.of(from);
  if (whole < 1) return undefined;
  const over = days.filter((day) => day.from < today).map(({ cost }) => cost);
  const mean = over.reduce((sum, cost) => sum + cost, 0) / whole;
  const squares = over.reduce((sum, cost) => sum + (cost - mean) ** 2, 0);
  const none = (whole - over.length) * mean ** 2;
  const deviation = whole < 2 ? mean : Math.sqrt((squares + none) / (whole - 1));
  const left = (to - today) / DAY_MS;
  const until = over.reduce((sum, cost) => sum + cost, 0);
  const cost = Math.max(soFar, Math.round(until + mean * left));
  const spread = Math.round(deviation * Math.sqrt(left));
  return {
    ...{ cost, low: Math.max(soFar, cost - spread), high: cost + spread },
    ...{ days: whole, left: Math.round(left * 10) / 10 },
  };
}
