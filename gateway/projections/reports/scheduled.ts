// Schedules of reports carried out. Owns: when one is due, on which node; the files until they are too old. Never touches: figures, who is told (the
// outbox tells it by the record of a run).
//   reports.V1. A run that ended with its process is begun again, whole, by whoever finds it, a few times; then it has failed.
//   reports.V2. What came due while nobody looked is run once, for the last time of all.

import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../../engine/index.js';
import { lastTime } from '../../cron.js';
import type { Document, OwnLedger } from '../../documents.js';
import type { GatewayLimits } from '../../limits.js';
import { lookRepeatedly } from '../../looking.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { FetchedFiles, type NamedRun } from './fetched.js';
import type { Reporting } from './reporting.js';
import {
  type KeptRun,
  type ReportRun,
  runKey,
  runsOf,
  SCHEDULES,
  type Schedule,
  saidAt,
  toldRun,
  zoneOf,
} from './schedules.js';

export interface ScheduledOptions {
  readonly engine: Engine;
  readonly reporting: Pick<Reporting, 'file' | 'isOff'>;
  readonly limits: GatewayLimits;
  /** Where files of runs are. */
  readonly folder: string;
  /** Of this node; empty: it is the only one. */
  readonly node: string;
  /** Where it is reached: an origin. */
  readonly publicUrl: string;
  readonly onDefect: (error: unknown) => void;
}

/** A run, and its file as it comes: who asks reads it to its end, or returns. */
export interface RunFile extends ReportRun {
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/** How often it is looked for what is due. */
const LOOK_MS = 5_000;
/** A run that has not ended for so long has nobody any more: longer than any report takes. */
const STALE_MS = 3_600_000;
const ATTEMPTS_MAX = 3;
const DAY_MS = 86_400_000;
export class ScheduledReports {
  readonly #options: ScheduledOptions;
  readonly #files: FetchedFiles;
  readonly #ending = new AbortController();
  readonly #running = new Set<string>();
  /** Of each schedule the last time that is known to be run, by anybody. */
  readonly #handled = new Map<string, number>();
  #looking: Promise<void> = Promise.resolve();
  #sweptAt = 0;

  constructor(options: ScheduledOptions) {
    this.#options = options;
    this.#files = new FetchedFiles(options.engine.beside);
  }

  start(): void {
    const { signal } = this.#ending;
    this.#files.serve((of) => this.#pathHere(of));
    this.#looking = lookRepeatedly('schedules of reports', LOOK_MS, signal, () => this.look());
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#looking;
  }

  /** Runs what is due, one after the other, and removes files that are too old. */
  async look(): Promise<void> {
    const { engine, reporting } = this.#options;
    const all = await SCHEDULES.all(engine);
    // Another node may have what this one has not.
    if (isRefusal(all) || all.length === 0 || (await reporting.isOff())) return;
    for (const one of all) {
      if (this.#ending.signal.aborted) return;
      await this.#lookAt(one);
    }
    const now = engine.now();
    if (now - this.#sweptAt < DAY_MS / 24) return;
    this.#sweptAt = now;
    await this.#sweep(now);
  }

  async #lookAt({ key, read }: Document<Schedule>): Promise<void> {
    const { engine } = this.#options;
    const schedule = read();
    if (schedule.state === 'paused') return;
    const now = engine.now();
    const at = lastTime(schedule.cron, now, zoneOf(schedule));
    if (at === undefined || at <= schedule.since || this.#handled.get(key) === at) return;
    const found = await runsOf(key).get(engine, runKey(at));
    if (isRefusal(found)) return;
    const before = found?.read();
    if (before !== undefined && before.state !== 'running') this.#handled.set(key, at);
    else if (before === undefined || now - before.startedAt > STALE_MS)
      await this.#begin(engine, key, schedule, at, found);
  }

  /** Runs a schedule now. `ledger`: where it is written down who asks. */
  async run(ledger: OwnLedger, key: string): Promise<Refusal | ReportRun> {
    const found = await SCHEDULES.get(ledger, key);
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('REPORT_SCHEDULE_NOT_FOUND', 'schedule');
    return this.#begin(ledger, key, found.read(), this.#options.engine.now(), undefined);
  }

  /** Begins a run that nobody has, or who had it is gone. */
  async #begin(
    ledger: OwnLedger,
    key: string,
    schedule: Schedule,
    at: number,
    before: Document<KeptRun> | undefined,
  ): Promise<Refusal | ReportRun> {
    const { engine, limits, node } = this.#options;
    const run = runKey(at);
    const name = `${key}/${run}`;
    if (this.#running.has(name)) return refuse('CHANGED_MEANWHILE', 'run');
    this.#running.add(name);
    try {
      const attempts = (before?.read().attempts ?? 0) + 1;
      const { report, format } = schedule;
      const begun: KeptRun = {
        ...{ schedule: key, run, report, format, at, state: 'running', node, attempts },
        startedAt: engine.now(),
      };
      const version = before?.version ?? 0;
      const until = at + limits.reportFileDays * DAY_MS;
      const taken = await runsOf(key).write(ledger, run, begun, version, until);
      if (isRefusal(taken)) return taken;
      const ended = await this.#ended(schedule, { ...begun, until });
      // What is so for now is tried again, or asked for again.
      if (isRefusal(ended)) {
        await runsOf(key).delete(engine, run);
        return ended;
      }
      // Who has asked for it is told what came of it, also where another node has taken it since.
      const said = await runsOf(key).put(engine, run, ended, taken, until);
      if (said !== undefined) return said;
      await this.#forget(key);
      return toldRun(ended);
    } finally {
      this.#running.delete(name);
    }
  }

  /** What came of a run: its file is in its place then. */
  async #ended(schedule: Schedule, begun: KeptRun): Promise<KeptRun | Refusal> {
    const { engine, reporting, publicUrl } = this.#options;
    const failed = (problem: string): KeptRun => ({
      ...{ ...begun, state: 'failed', endedAt: engine.now(), problem },
    });
    if (begun.attempts > ATTEMPTS_MAX) return failed('It ended with its process too often.');
    const { report, format, lang } = schedule;
    const file = await reporting.file(report, saidAt(schedule, begun.at), format, lang);
    if (isRefusal(file)) return file.retry ? file : failed(file.detail ?? file.message);
    const path = this.pathOf(begun);
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await rename(file.path, path);
    } catch (error) {
      await rm(file.path, { force: true });
      this.#options.onDefect(error);
      return failed('The file could not be kept.');
    }
    const { name, rows, bytes, asOf } = file;
    const link = `${publicUrl}/v1/report-schedules/${begun.schedule}/runs/${begun.run}`;
    return { ...begun, state: 'done', endedAt: engine.now(), name, rows, bytes, asOf, link };
  }

  /** Where the file of a run is. */
  pathOf({ schedule, run, format }: Pick<ReportRun, 'schedule' | 'run' | 'format'>): string {
    return join(this.#options.folder, schedule, `${run}.${format}`);
  }

  /** The file of a run, from whichever node has it, its first piece at hand. `REPORT_FILE_NOT_FOUND`; `SHARD_UNAVAILABLE`: who has it does not answer. */
  async fileOf(key: string, run: string): Promise<Refusal | RunFile> {
    const told = await this.#doneRun(key, run);
    if (isRefusal(told)) return told;
    const { node } = told;
    const isHere = node === this.#options.node;
    if (!isHere && !this.#files.knows(node))
      return refuse('REPORT_FILE_NOT_FOUND', 'run', `The file is on the node ${node}.`);
    const pieces = await (isHere
      ? this.#files.here(this.pathOf(told))
      : this.#files.from(node, { schedule: key, run }));
    return isRefusal(pieces) ? pieces : { ...toldRun(told), pieces };
  }

  /** A run that has a file, wherever it is. */
  async #doneRun(key: string, run: string): Promise<Refusal | KeptRun> {
    const found = await runsOf(key).get(this.#options.engine, run);
    if (isRefusal(found)) return found;
    const told = found?.read();
    if (told === undefined) return refuse('REPORT_FILE_NOT_FOUND', 'run');
    return told.state === 'done'
      ? told
      : refuse('REPORT_FILE_NOT_FOUND', 'run', told.problem ?? 'It is being written.');
  }

  /** Where a file is that this node has (reports.X2). */
  async #pathHere({ schedule, run }: NamedRun): Promise<Refusal | string> {
    const told = await this.#doneRun(schedule, run);
    if (isRefusal(told)) return told;
    return told.node === this.#options.node
      ? this.pathOf(told)
      : refuse('REPORT_FILE_NOT_FOUND', 'run');
  }

  /** Of a schedule the newest runs are kept. */
  async #forget(key: string): Promise<void> {
    const { engine, limits } = this.#options;
    const all = await runsOf(key).all(engine);
    if (isRefusal(all)) return;
    for (const one of all.slice(0, -limits.reportRunsKept)) await this.#remove(engine, one);
  }

  async #remove(ledger: OwnLedger, one: Document<KeptRun>): Promise<void> {
    const run = one.read();
    await runsOf(run.schedule).delete(ledger, one.key);
    await rm(this.pathOf(run), { force: true });
  }

  /** A schedule is gone: so are its runs, and the files that are here. */
  async removed(ledger: OwnLedger, key: string): Promise<void> {
    const all = await runsOf(key).all(ledger);
    if (!isRefusal(all)) for (const one of all) await this.#remove(ledger, one);
    this.#handled.delete(key);
    await rm(join(this.#options.folder, key), { recursive: true, force: true });
  }

  /** Files whose records are gone, go. */
  async #sweep(now: number): Promise<void> {
    const { folder, limits } = this.#options;
    const oldest = now - limits.reportFileDays * DAY_MS;
    for (const key of await readdir(folder).catch(() => [] as string[]))
      for (const name of await readdir(join(folder, key)).catch(() => [] as string[]))
        if (Number(name.slice(0, name.indexOf('.'))) < oldest)
          await rm(join(folder, key, name), { force: true });
  }
}
