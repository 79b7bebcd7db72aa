// Reports as they are asked for: figures, and files of them. Owns: what is asked of the projections, where files are until they were sent. Never touches:
// SQL, what figures mean.
//   reports.S1. Every answer says up to which block of each shard it is exact.
//   reports.S2. A file is whole before its first byte is sent: what cannot be written to its end is refused.

import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, zoneOffsets } from '../../../engine/index.js';
import type { FileFormat } from '../../encoding/media.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { ReportAnswer, ReportPosition, ReportQuestion, ReportRow } from '../question.js';
import { askedOf, type Said } from './asked.js';
import { questionOf, REPORTS, reportOf } from './reports.js';
import { type SaidSchedule, saidAt } from './schedules.js';
import type { Asked, Chart, Column, Parameter, Report, Words } from './shapes.js';
import type { FileForm, Written } from './written/shapes.js';

/** What reports ask of the projections. */
export interface ReportSource {
  ask(question: ReportQuestion): Promise<ReportAnswer | Refusal>;
  /** Writes the answer to a file that is not there yet. */
  file(
    question: ReportQuestion,
    path: string,
    form: FileForm,
  ): Promise<(Written & { readonly asOf: readonly ReportPosition[] }) | Refusal>;
  /** How it is; `off`: nothing can be asked of it. */
  state(): Promise<{ readonly state: string; readonly reason?: string | undefined }>;
}

export interface ReportingOptions {
  readonly engine: Engine;
  readonly source: ReportSource;
  readonly limits: GatewayLimits;
  /** Where files are while they are written and sent. */
  readonly folder: string;
}

/** Up to where an answer is exact. */
export interface AsOf {
  /** Of each shard its last block: `0:41,1:7`. */
  readonly asOf: string;
  /** When the newest of them was written, milliseconds since 1970; null: there is none. */
  readonly asOfTime: number | null;
}

/** A report as it is told. */
export interface ToldReport extends AsOf {
  readonly report: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly columns: readonly Column[];
  readonly rows: readonly ReportRow[];
  /** There are more rows than these. */
  readonly isCut: boolean;
}

/** A report in a file. */
export interface ReportFile extends AsOf, Written {
  readonly path: string;
  /** What it is called by who gets it. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** A report as it is listed. */
export interface ListedReport {
  readonly name: string;
  readonly title: Words;
  readonly about: Words;
  readonly parameters: readonly Parameter[];
  readonly columns: readonly Column[];
  readonly chart: Chart | null;
}

/** Rows of an answer in one piece where nothing is said. */
export const ROWS_USUAL = 1_000;
const ID_BYTES = 12;

export const asOfPositions = (positions: readonly ReportPosition[]): AsOf => ({
  asOf: positions.map(({ shard, seq }) => `${shard}:${seq}`).join(),
  asOfTime: positions.length === 0 ? null : Math.max(...positions.map(({ time }) => time)),
});

export class Reporting {
  readonly #options: ReportingOptions;

  constructor(options: ReportingOptions) {
    this.#options = options;
  }

  /** Removes what an earlier process has begun to write. */
  async start(): Promise<void> {
    const { folder } = this.#options;
    await rm(folder, { recursive: true, force: true });
  }

  /** Can nothing be asked here, now and later? */
  async isOff(): Promise<boolean> {
    return (await this.#options.source.state()).state === 'off';
  }

  /** How the projections are. */
  state(): ReturnType<ReportSource['state']> {
    return this.#options.source.state();
  }

  /** Which there are. */
  list(): readonly ListedReport[] {
    return REPORTS.map(({ name, title, about, parameters, columns, chart }) => ({
      ...{ name, title, about, parameters, columns: columns(), chart: chart ?? null },
    }));
  }

  #asked(
    name: string,
    said: Said,
    limit: number | undefined,
    limitMax: number,
  ): Refusal | { readonly report: Report; readonly asked: Asked } {
    const { engine, limits } = this.#options;
    const report = reportOf(name);
    if (report === undefined) return refuse('REPORT_NOT_FOUND', 'name');
    const about = { assets: engine.assets(), now: engine.now(), daysMax: limits.reportDaysMax };
    const asked = askedOf(report, said, { ...about, limit, limitMax });
    return isRefusal(asked) ? asked : { report, asked };
  }

  /** What is wrong with a report that is asked for again and again; undefined: nothing. */
  problem(name: string, period: SaidSchedule['period'], parameters: Said): Refusal | undefined {
    const of = { report: name, parameters, period, cron: '', format: 'csv' } as const;
    const said = saidAt(of, this.#options.engine.now());
    const found = this.#asked(name, said, undefined, Number.MAX_SAFE_INTEGER);
    return isRefusal(found) ? found : undefined;
  }

  /** The figures of a report. */
  async told(name: string, said: Said): Promise<Refusal | ToldReport> {
    const { source, limits } = this.#options;
    const max = limits.reportRowsMax - 1;
    const found = this.#asked(name, said, Math.min(ROWS_USUAL, max), max);
    if (isRefusal(found)) return found;
    const { report, asked } = found;
    // One row more than is told says that there are more.
    const most = asked.limit ?? max;
    const answer = await source.ask(questionOf(report, { ...asked, limit: most + 1 }));
    if (isRefusal(answer)) return answer;
    return {
      ...{ report: name, parameters: parametersOf(report, asked), columns: report.columns() },
      ...{ rows: answer.rows.slice(0, most), isCut: answer.rows.length > most },
      ...asOfPositions(answer.asOf),
    };
  }

  /** A report in a file, which whoever asks removes. `lang`: of its headings; left out: the names of columns. */
  async file(
    name: string,
    said: Said,
    format: FileFormat,
    lang: keyof Words | undefined,
  ): Promise<Refusal | ReportFile> {
    const { source, engine, folder } = this.#options;
    const found = this.#asked(name, said, undefined, Number.MAX_SAFE_INTEGER);
    if (isRefusal(found)) return found;
    const { report, asked } = found;
    const columns = report.columns();
    const form: FileForm = {
      ...{ format, columns, title: report.title[lang ?? 'en'] },
      headings: columns.map((one) => (lang === undefined ? one.name : one.title[lang])),
      scales: Object.fromEntries(engine.assets().map(({ asset, scale }) => [asset, scale])),
      offsets: zoneOffsets(asked.zone, asked.to, Math.min(asked.from, asked.to)) ?? [],
    };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomBytes(ID_BYTES).toString('hex')}.${format}`);
    const written = await source.file(questionOf(report, asked), path, form);
    if (isRefusal(written)) return written;
    const { rows, bytes, asOf } = written;
    const parameters = parametersOf(report, asked);
    const span =
      'from' in parameters
        ? `${dayIn(asked, asked.from)}-${dayIn(asked, asked.to - 1)}`
        : dayIn(asked, asked.at);
    return {
      path,
      name: `${name}-${span}.${format}`,
      rows,
      bytes,
      parameters,
      ...asOfPositions(asOf),
    };
  }
}

/** What was asked, as far as the report looks at it. */
function parametersOf(report: Report, asked: Asked): Record<string, string | number> {
  const told: Record<string, string | number> = {};
  for (const { name } of report.parameters) {
    const value = name === 'steps' ? asked.steps.map(({ text }) => text).join() : asked[name];
    if (value !== undefined) told[name] = value;
  }
  return told;
}

const DAY_MS = 86_400_000;

/** The day of a time, as names of files have it. */
const dayIn = ({ days }: Asked, time: number): string =>
  new Date(days.of(time) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
