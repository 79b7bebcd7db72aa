// What is asked of a report, out of texts. Owns: what each of them means, what is taken where nothing is said. Never touches: SQL.
//   reports.K1. A parameter that a report does not know is refused, and named: it is never left out of what is counted.

import { type Asset, limits, zoneOfAsset } from '../../../engine/index.js';
import { timeFromText } from '../../encoding/text.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { dayOf, daysOf, monthOf } from './days.js';
import { stepsIn } from './retention.js';
import type { Asked, Days, ParameterName, Report } from './shapes.js';

const { DAY_MS, TIME_MAX_MS } = limits;
const ZONE = 'Asia/Shanghai';
const WITHIN_MAX = 366;

/** What was said, by name. */
export type Said = Readonly<Partial<Record<ParameterName, string>>>;

/** What a report is asked of. */
export interface About {
  readonly assets: readonly Asset[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The longest time that is asked about, in days. */
  readonly daysMax: number;
  /** Rows where nothing is said; undefined: all. */
  readonly limit: number | undefined;
  readonly limitMax: number;
}

const invalid = (field: ParameterName, detail: string): Refusal =>
  refuse('QUERY_INVALID', field, detail);

/** How many periods a report is of where nothing is said. */
const BEFORE = { day: 30, week: 26, month: 12 } as const;

/** What is asked, whole. */
export function askedOf(report: Report, said: Said, about: About): Refusal | Asked {
  const known = new Map(report.parameters.map((one) => [one.name, one]));
  const names = Object.keys(said) as ParameterName[];
  const strange = names.find((name) => said[name] !== undefined && !known.has(name));
  if (strange !== undefined) {
    const all = [...known.keys()].join(', ');
    return invalid(strange, `${strange} is not asked of this report. It takes: ${all}.`);
  }
  for (const { name, isRequired, choices } of report.parameters) {
    const text = said[name];
    if (text === undefined && isRequired) return invalid(name, `${name} is required.`);
    if (text !== undefined && choices?.includes(text) === false)
      return invalid(name, `${name} is one of ${choices.join(', ')}.`);
  }
  const text = (name: ParameterName): string | undefined => said[name] ?? known.get(name)?.default;
  const asset = said.asset;
  const ofAsset = about.assets.find((one) => one.asset === asset);
  if (asset !== undefined && ofAsset === undefined) return refuse('ASSET_UNKNOWN', 'asset');
  const zone = said.zone ?? (ofAsset && (ofAsset.zone ?? zoneOfAsset(ofAsset))) ?? ZONE;
  const within = wholeOf('within', text('within'), WITHIN_MAX);
  if (isRefusal(within)) return within;
  const limit = wholeOf('limit', said.limit, about.limitMax);
  if (isRefusal(limit)) return limit;
  const usual = known.get('limit')?.default;
  const steps = said.steps === undefined ? [] : (stepsIn(said.steps) ?? []);
  const interval = (text('interval') ?? 'day') as Asked['interval'];
  const times = timesOf(report, said, { zone, interval }, about);
  if (isRefusal(times)) return times;
  const asked: Asked = {
    ...times,
    ...{
      asset,
      programme: said.programme,
      goods: said.goods,
      owner: said.owner,
      state: said.state,
    },
    ...{ zone, interval, steps, now: about.now },
    group: (text('group') ?? 'none') as Asked['group'],
    by: (text('by') ?? 'effective') as Asked['by'],
    within: within ?? 1,
    limit: limit ?? (usual === undefined ? about.limit : Number(usual)),
  };
  const wrong = report.wrong?.(asked);
  return wrong === undefined ? asked : invalid(wrong.field, wrong.detail);
}

function wholeOf(
  name: ParameterName,
  text: string | undefined,
  max: number,
): number | undefined | Refusal {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= max
    ? value
    : invalid(name, `${name} is a whole number from 1 to ${max}.`);
}

/** Of what has an end and no beginning, so many years before and after it may be asked about. */
const YEARS = { before: 7, after: 30 } as const;
const YEAR_MS = 366 * DAY_MS;

/** From when to when, or as of when, and the days of that. */
function timesOf(
  report: Report,
  said: Said,
  { zone, interval }: Pick<Asked, 'zone' | 'interval'>,
  { now, daysMax }: About,
): Refusal | Pick<Asked, 'from' | 'to' | 'at' | 'days'> {
  const today = daysOf(zone, now, now);
  if (today === undefined) return refuse('ZONE_UNKNOWN', 'zone');
  const read = (name: 'from' | 'to' | 'at', usual: number): number | Refusal => {
    const text = said[name];
    if (text === undefined) return usual;
    return momentOf(text, zone) ?? invalid(name, `${name} is ${MOMENTS}`);
  };
  if (report.parameters.some(({ name }) => name === 'at')) {
    const at = read('at', now);
    if (isRefusal(at)) return at;
    if (at > now) return invalid('at', 'at is not in the future.');
    const first = Math.max(0, at - YEARS.before * YEAR_MS);
    return { from: 0, to: at, at, days: daysOf(zone, first, at + YEARS.after * YEAR_MS) as Days };
  }
  const to = read('to', now + 1);
  if (isRefusal(to)) return to;
  const from = read('from', beginOf(Math.max(0, to - 1), zone, interval));
  if (isRefusal(from)) return from;
  if (to <= from) return invalid('to', 'to is after from.');
  if (to - from > daysMax * DAY_MS)
    return invalid('from', `from is at most ${daysMax} days before to.`);
  return { from, to, at: now, days: daysOf(zone, from, Math.max(to, now)) as Days };
}

const MOMENTS = 'milliseconds since 1970, an RFC 3339 time, or a day: 2026-11-01.';

/** A moment as it is said; of a day its first. Undefined: it is none. */
function momentOf(text: string, zone: string): number | undefined {
  const day = dayOf(text);
  if (day !== undefined) return daysOf(zone, day * DAY_MS, day * DAY_MS)?.start(day);
  const time = /^\d{1,15}$/.test(text) ? Number(text) : timeFromText(text);
  return time !== undefined && time >= 0 && time <= TIME_MAX_MS ? time : undefined;
}

/** The beginning of so many periods that the last one has this moment in it. */
function beginOf(time: number, zone: string, interval: Asked['interval']): number {
  const days = daysOf(zone, Math.max(0, time - 2 * YEAR_MS), time) as Days;
  const day = days.of(time);
  const before = BEFORE[interval] - 1;
  const week = day - ((day + 3) % 7);
  const first =
    interval === 'day'
      ? day - before
      : interval === 'week'
        ? week - 7 * before
        : monthOf(day, -before);
  return days.start(Math.max(0, first));
}
