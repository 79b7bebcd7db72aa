// Schedules of reports, and what came of them, in the ledger's own records. Owns: what a schedule may say, which runs are kept. Never touches: figures,
// files.
//   reports.U1. A run is one node's: whoever writes its record over none has it. So each time is run once, however many nodes look.
//   reports.U2. A schedule is written over the version that was seen, and judged as a whole.

import { limits as engineLimits } from '../../../engine/index.js';
import { cronProblem, nextTimes } from '../../cron.js';
import { Documents, type OwnLedger } from '../../documents.js';
import type { FileFormat } from '../../encoding/media.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Said } from './asked.js';
import { daysOf, monthOf } from './days.js';
import { reportOf } from './reports.js';
import type { Words } from './shapes.js';

export const PERIODS = ['day', 'week', 'month'] as const;
export const SCHEDULE_STATES = ['active', 'paused'] as const;
export const RUN_STATES = ['running', 'done', 'failed'] as const;

/** What is said of a schedule. */
export interface SaidSchedule {
  readonly report: string;
  readonly parameters?: Said | undefined;
  /** The last whole one before a run is what it is of. Left out: what `parameters` say, or what the report is of by itself. */
  readonly period?: (typeof PERIODS)[number] | undefined;
  readonly cron: string;
  /** Whose clocks the cron expression and the period go by. */
  readonly zone?: string | undefined;
  readonly format: FileFormat;
  readonly lang?: keyof Words | undefined;
  readonly state?: (typeof SCHEDULE_STATES)[number] | undefined;
}

/** As it is kept. */
export interface Schedule extends SaidSchedule {
  /** Times before it was said are not run; milliseconds since 1970. */
  readonly since: number;
  readonly by?: string | undefined;
}

/** One time that a schedule was run. Times in milliseconds since 1970. */
export interface ReportRun {
  readonly schedule: string;
  readonly run: string;
  readonly report: string;
  readonly format: FileFormat;
  /** When it was due. */
  readonly at: number;
  readonly state: (typeof RUN_STATES)[number];
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  /** Which node has the file; empty: there is one node. */
  readonly node: string;
  readonly name?: string | undefined;
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
  readonly asOf?: string | undefined;
  /** Until when the file is kept. */
  readonly until?: number | undefined;
  /** Where it can be fetched from. */
  readonly link?: string | undefined;
  /** Why it failed. */
  readonly problem?: string | undefined;
}

export const SCHEDULES = new Documents<Schedule>('#reports', 'schedule', 'schedule');
/** How owners of runs begin: the outbox looks for them (gateway/outbound/derive.ts). */
export const RUNS_OF = '#report:';
export const RUN_TYPE = 'report-run';
/** A run as it is kept: which of its attempts this is. */
export interface KeptRun extends ReportRun {
  readonly attempts: number;
}

/** As it is told. */
export const toldRun = ({ attempts: _, ...told }: KeptRun): ReportRun => told;

export const runsOf = (schedule: string): Documents<KeptRun> =>
  new Documents(`${RUNS_OF}${schedule}`, RUN_TYPE, 'run');

const ZONE = 'Asia/Shanghai';
const HOUR_MS = 3_600_000;
/** How many times are looked at to see that they are not too close: those of two days, if they are an hour apart. */
const TIMES_LOOKED = 48;
const AT_DIGITS = 15;

/** A run by the time that it was due: in the order of times. */
export const runKey = (at: number): string => String(at).padStart(AT_DIGITS, '0');
export const isRunKey = (text: string): boolean => /^\d{15}$/.test(text);
export const zoneOf = ({ zone = ZONE }: Pick<SaidSchedule, 'zone'>): string => zone;

/** When it is due next; undefined: never, or it is paused. */
export function nextRun(schedule: SaidSchedule, now: number): number | undefined {
  if (schedule.state === 'paused') return undefined;
  return nextTimes(schedule.cron, now, 1, zoneOf(schedule))[0];
}

/** What is wrong with a schedule, beyond what its report says; undefined: nothing. */
export function scheduleProblem(said: SaidSchedule, now: number): Refusal | undefined {
  const wrong = (field: string, detail: string): Refusal =>
    refuse('REPORT_SCHEDULE_INVALID', field, `${field}: ${detail}`);
  const report = reportOf(said.report);
  if (report === undefined) return refuse('REPORT_NOT_FOUND', 'report');
  const zone = zoneOf(said);
  if (daysOf(zone, now, now) === undefined) return refuse('ZONE_UNKNOWN', 'zone');
  const cron = cronProblem(said.cron, zone);
  if (cron !== undefined) return wrong('cron', cron);
  const times = nextTimes(said.cron, now, TIMES_LOOKED, zone);
  if (times.some((at, i) => i > 0 && at - (times[i - 1] as number) < HOUR_MS))
    return wrong('cron', 'It is due more often than once an hour.');
  const { period, parameters = {} } = said;
  if (period === undefined) return undefined;
  const taken = (['from', 'to', 'at'] as const).find((name) => parameters[name] !== undefined);
  if (taken !== undefined) return wrong(`parameters.${taken}`, 'The period says it.');
  return undefined;
}

/** What a run asks of its report: of the last whole period before it was due. */
export function saidAt(
  { report, parameters = {}, period, ...more }: SaidSchedule,
  at: number,
): Said {
  const known = new Set(reportOf(report)?.parameters.map(({ name }) => name));
  const zone = parameters.zone ?? zoneOf(more);
  const said = known.has('zone') ? { ...parameters, zone } : parameters;
  if (period === undefined) return said;
  const days = daysOf(zone, Math.max(0, at - 2 * 366 * engineLimits.DAY_MS), at);
  if (days === undefined) return said;
  const today = days.of(at);
  const [first, last] = BOUNDS[period](today);
  // What is of a moment is of the period's last one.
  return known.has('at')
    ? { ...said, at: String(days.start(last) - 1) }
    : { ...said, from: String(days.start(first)), to: String(days.start(last)) };
}

/** The first day of the last whole period, and the first one after it. */
const BOUNDS: Readonly<
  Record<(typeof PERIODS)[number], (today: number) => readonly [number, number]>
> = {
  day: (today) => [today - 1, today],
  week: (today) => [today - ((today + 3) % 7) - 7, today - ((today + 3) % 7)],
  month: (today) => [monthOf(today, -1), monthOf(today)],
};

/** Runs of a schedule, the newest first. */
export async function runsNewest(
  ledger: OwnLedger,
  schedule: string,
): Promise<readonly ReportRun[] | Refusal> {
  const all = await runsOf(schedule).all(ledger);
  return isRefusal(all) ? all : all.map((one) => toldRun(one.read())).reverse();
}
