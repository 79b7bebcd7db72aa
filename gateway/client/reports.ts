// Reports and their schedules through a gateway. Owns: paths, these shapes. Never touches: figures.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** A text for people, in both languages. */
export interface ReportWords {
  readonly zh: string;
  readonly en: string;
}

/** A column. `points`: minor units of the row's `asset`; `time`: milliseconds since 1970; `date`: `2026-11-01`; `ratio`: a part of 1. */
export interface ReportColumn {
  readonly name: string;
  readonly type: 'date' | 'time' | 'text' | 'count' | 'points' | 'ratio';
  readonly title: ReportWords;
}

/** A report that may be asked for. */
export interface ListedReport {
  readonly name: string;
  readonly title: ReportWords;
  readonly about: ReportWords;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: 'time' | 'text' | 'integer' | 'choice';
    readonly isRequired: boolean;
    readonly choices?: readonly string[];
    readonly default?: string;
    readonly about: ReportWords;
  }[];
  readonly columns: readonly ReportColumn[];
  /** How its figures are best drawn; null: as a table. */
  readonly chart: {
    readonly kind: 'line' | 'bars';
    readonly x: string;
    readonly series: readonly string[];
    readonly split?: string;
  } | null;
}

/** What is asked of a report, by the names of its parameters. Times: milliseconds since 1970, RFC 3339, or a day. */
export type ReportParameters = Readonly<Record<string, string | number | undefined>>;

/** The figures of a report. */
export interface Report {
  readonly report: string;
  /** What was asked, with what was left out filled in. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly columns: readonly ReportColumn[];
  /** Values in the order of the columns; a whole number beyond 2^53 is a text. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** There are more rows than these. */
  readonly isCut: boolean;
  /** Up to which block of each shard it is exact: `0:41,1:7`. */
  readonly asOf: string;
  readonly asOfTime: number | null;
}

/** What is said of a schedule. */
export interface SaidReportSchedule {
  readonly report: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** It is of the last whole one before a run. */
  readonly period?: 'day' | 'week' | 'month' | undefined;
  /** A cron expression of five fields. */
  readonly cron: string;
  readonly zone?: string | undefined;
  readonly format: 'csv' | 'xlsx' | 'parquet';
  /** Of the headings; left out: the names of columns. */
  readonly lang?: 'zh' | 'en' | undefined;
  readonly state?: 'active' | 'paused' | undefined;
}

/** One time that a schedule was run. Times in milliseconds since 1970. */
export interface ReportRun {
  readonly schedule: string;
  readonly run: string;
  readonly report: string;
  readonly format: SaidReportSchedule['format'];
  readonly at: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly node: string;
  readonly name?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly asOf?: string;
  readonly until?: number;
  readonly link?: string;
  readonly problem?: string;
}

/** A schedule. */
export interface ReportSchedule extends SaidReportSchedule {
  readonly schedule: string;
  readonly version: number;
  readonly since: number;
  readonly by?: string;
  /** When it is due next; null: never. */
  readonly next: number | null;
}

const REPORTS = '/v1/reports';
const SCHEDULES = '/v1/report-schedules';
const scheduleOf = (schedule: string, verb = ''): string =>
  `${SCHEDULES}/${part('id', schedule)}${verb}`;

/** Reports: `client.reports`. */
export class Reports {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Which there are, and whether they are answered. */
  list(options: CallOptions = {}): Promise<{
    readonly state: string;
    readonly reason: string | null;
    readonly reports: readonly ListedReport[];
  }> {
    return this.#requests.told('GET', REPORTS, undefined, options);
  }

  /** The figures of a report. */
  get(name: string, asked: ReportParameters = {}, options: CallOptions = {}): Promise<Report> {
    const path = `${REPORTS}/${part('id', name)}${queryOf({ ...asked })}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  schedules(options: CallOptions = {}): Promise<{ readonly schedules: readonly ReportSchedule[] }> {
    return this.#requests.told('GET', SCHEDULES, undefined, options);
  }

  /** A schedule, and its last runs, the newest first. */
  schedule(
    schedule: string,
    options: CallOptions = {},
  ): Promise<ReportSchedule & { readonly runs: readonly ReportRun[] }> {
    return this.#requests.told('GET', scheduleOf(schedule), undefined, options);
  }

  /** Says a schedule, over the version that was seen (0: over none), or over any. */
  putSchedule(
    schedule: string,
    said: SaidReportSchedule & { readonly ifVersion?: number | undefined },
    options: CallOptions = {},
  ): Promise<ReportSchedule & { readonly runs: readonly ReportRun[] }> {
    return this.#requests.told('PUT', scheduleOf(schedule), said, options);
  }

  removeSchedule(
    schedule: string,
    options: CallOptions = {},
  ): Promise<{ readonly schedule: string }> {
    return this.#requests.told('DELETE', scheduleOf(schedule), undefined, options);
  }

  /** Runs it now; resolves with what came of it. */
  runSchedule(schedule: string, options: CallOptions = {}): Promise<ReportRun> {
    return this.#requests.told('POST', scheduleOf(schedule, '/run'), {}, options);
  }
}
