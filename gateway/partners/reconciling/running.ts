// Reconciliations: asked for, due, taken over. Owns: when one begins, on which node; that what it finds is opened, and what it finds no more is resolved.
// Never touches: what is found (comparing.ts); what an inconsistency is, which the commits of its acts judge.
//   reconciling.N1. A run is one node's (reconciling.R1). Two of the same period find the same, under the same ids.
//   reconciling.N2. What a run does not find any more of an operation that it has judged, it resolves; what it has not judged stays as it is.

import { randomBytes, randomUUID } from 'node:crypto';
import type { Engine } from '../../../engine/index.js';
import { lastTime } from '../../cron.js';
import type { OwnLedger } from '../../documents.js';
import type { GatewayLimits } from '../../limits.js';
import { lookRepeatedly } from '../../looking.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Partners } from '../partners.js';
import { noCounts } from './comparing.js';
import {
  beginReport,
  forgetRunning,
  type KeptReport,
  keptReport,
  noReport,
  ONLY,
  putReport,
  type Report,
  reportId,
  runningReports,
  SCHEDULES,
  type Scheduled,
  toldReport,
} from './reports.js';
import { Run } from './run.js';
import { duePeriod } from './schedule.js';

/** How often it is looked for what is due. */
const LOOK_MS = 5_000;
/** A run that has not been said for so long has nobody any more. */
const STALE_MS = 60_000;
/** How often a run is begun that ends with its process. */
const ATTEMPTS_MAX = 3;
const ID_BYTES = 4;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** What reconciliations need. */
export interface ReconcilingOptions {
  readonly engine: Engine;
  readonly partners: Pick<Partners, 'all' | 'partner' | 'adapterOf'>;
  readonly limits: GatewayLimits;
  /** Where scratch files are. */
  readonly folder: string;
  readonly onDefect: (error: unknown) => void;
  readonly log: (level: 'info' | 'warn', message: string, more: object) => void;
}

/** What somebody asks for. Times in milliseconds since 1970. */
export interface Asked {
  readonly partner: string;
  readonly from: number;
  readonly until: number;
  readonly graceSeconds?: number | undefined;
}

/** What is wrong with a period; undefined: nothing. */
function periodProblem({ from, until }: Asked, now: number, daysMax: number): Refusal | undefined {
  const wrong = (field: string, detail: string) =>
    refuse('RECONCILIATION_PERIOD_INVALID', field, `${field}: ${detail}`);
  if (until <= from) return wrong('until', 'It is after from.');
  if (until > now) return wrong('until', 'It is past: what is yet to come agrees with nothing.');
  if (until - from > daysMax * DAY_MS) return wrong('until', `At most ${daysMax} days after from.`);
  return undefined;
}

export class Reconciling {
  readonly #options: ReconcilingOptions;
  readonly #ending = new AbortController();
  readonly #process = randomUUID();
  readonly #running = new Map<string, Run>();
  readonly #ended = new Set<Promise<void>>();
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ReconcilingOptions) {
    this.#options = options;
  }

  /** Looks from now on for what is due, and for runs that nobody has any more. */
  start(): void {
    const { signal } = this.#ending;
    this.#looking = lookRepeatedly('reconciliations', LOOK_MS, signal, () => this.look());
  }

  /** Ends what is under way: it is begun again elsewhere, or at the next start. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#looking;
    await Promise.all(this.#ended);
  }

  get #isFull(): boolean {
    return this.#running.size >= this.#options.limits.reconciliationsMax;
  }

  /** Begins one; tells how it is. `ledger`: where it is written down who asks. */
  async begin(ledger: OwnLedger, asked: Asked, by: string | undefined): Promise<Refusal | Report> {
    const { engine, limits, partners } = this.#options;
    const { partner, from, until } = asked;
    if (partners.partner(partner) === undefined) return refuse('PARTNER_NOT_FOUND', 'partner');
    const wrong = periodProblem(asked, engine.now(), limits.reconcileDaysMax);
    if (wrong !== undefined) return wrong;
    if (this.#isFull) {
      const detail = `${limits.reconciliationsMax} reconciliations are under way here: try later.`;
      return refuse('SHARD_BUSY', undefined, detail);
    }
    const graceSeconds = asked.graceSeconds ?? limits.reconcileGraceSeconds;
    const report = this.#newReport({ partner, from, until, graceSeconds, isScheduled: false, by });
    return (await this.#start(ledger, report)) ?? toldReport(report);
  }

  #newReport(
    said: Pick<Report, 'partner' | 'from' | 'until' | 'graceSeconds' | 'isScheduled' | 'by'>,
    id = reportId(said.partner, said.from, randomBytes(ID_BYTES).toString('hex')),
  ): KeptReport {
    const now = this.#options.engine.now();
    return {
      ...{ reconciliation: id, ...said, state: 'running', startedAt: now, attempts: 1 },
      settled: now - said.graceSeconds * SECOND_MS,
      ...{ counts: noCounts(), findings: {}, mismatches: 0, opened: 0, resolved: 0 },
      ...{ process: this.#process, saidAt: now },
    };
  }

  /** Writes a new one down, and begins it. */
  async #start(ledger: OwnLedger, report: KeptReport): Promise<Refusal | undefined> {
    const begun = await beginReport(ledger, report);
    if (typeof begun !== 'number') return begun;
    this.#run(report, begun);
    return undefined;
  }

  /** A report, as it is known here. */
  async report(id: string): Promise<Refusal | Report> {
    const here = this.#running.get(id);
    if (here !== undefined) return toldReport(here.report);
    const found = await keptReport(this.#options.engine, id);
    if (isRefusal(found)) return found;
    return found === undefined ? noReport() : toldReport(found.report);
  }

  /** Takes over what nobody has, and begins what is due. */
  async look(): Promise<void> {
    const { engine, partners } = this.#options;
    const all = await runningReports(engine);
    if (isRefusal(all)) return;
    for (const one of all) {
      if (this.#ending.signal.aborted || this.#isFull) return;
      if (!this.#running.has(one.id)) await this.#takeOver(one);
    }
    for (const { platform, reconcileAt, graceSeconds } of partners.all) {
      if (this.#ending.signal.aborted || this.#isFull) return;
      if (reconcileAt !== undefined) await this.#lookAt(platform, reconcileAt, graceSeconds);
    }
  }

  async #takeOver({ id, at }: { readonly id: string; readonly at: number }): Promise<void> {
    const { engine } = this.#options;
    const found = await keptReport(engine, id);
    if (isRefusal(found)) return;
    const isStale = engine.now() - (found?.report.saidAt ?? at) > STALE_MS;
    if (found !== undefined && found.report.state !== 'running') await forgetRunning(engine, id);
    else if (found === undefined && isStale) await forgetRunning(engine, id);
    if (found === undefined || !isStale || found.report.state !== 'running') return;
    const { report, version } = found;
    const isGivenUp = report.attempts >= ATTEMPTS_MAX;
    const now = engine.now();
    const after: KeptReport = {
      ...report,
      ...{ process: this.#process, saidAt: now, counts: noCounts(), findings: {} },
      ...(isGivenUp
        ? { state: 'failed', endedAt: now, why: 'ENDED_TOO_OFTEN' }
        : { attempts: report.attempts + 1, settled: now - report.graceSeconds * SECOND_MS }),
    };
    const taken = await putReport(engine, after, version);
    if (typeof taken !== 'number') return;
    if (isGivenUp) await forgetRunning(engine, id);
    else this.#run(after, taken);
  }

  /** Begins what is due of a partner, where this node is the first one to say so. */
  async #lookAt(partner: string, cron: string, grace: number | undefined): Promise<void> {
    const { engine, limits } = this.#options;
    const schedules = SCHEDULES(partner);
    const found = await schedules.get(engine, ONLY);
    if (isRefusal(found)) return;
    const now = engine.now();
    const graceSeconds = grace ?? limits.reconcileGraceSeconds;
    const scheduled = found?.read();
    if (scheduled === undefined) {
      // What was before it had a schedule, nobody has asked for.
      const until = (lastTime(cron, now) ?? now) - graceSeconds * SECOND_MS;
      await schedules.put(engine, ONLY, { until, tried: now }, 0);
      return;
    }
    const known = await this.#caughtUp(partner, scheduled);
    if (known === undefined) return;
    const due = duePeriod(cron, now, { graceSeconds, daysMax: limits.reconcileDaysMax }, known);
    if (due === undefined) return;
    const report = this.#newReport({ partner, ...due, graceSeconds, isScheduled: true });
    const { reconciliation: run } = report;
    const claim = { until: known.until, tried: now, run };
    if ((await schedules.put(engine, ONLY, claim, found?.version)) !== undefined) return;
    await this.#start(engine, report);
  }

  /** A schedule with what its last run came to; undefined: that goes on. */
  async #caughtUp(partner: string, scheduled: Scheduled): Promise<Scheduled | undefined> {
    const { engine, limits } = this.#options;
    if (scheduled.run === undefined) return scheduled;
    const found = await keptReport(engine, scheduled.run);
    if (isRefusal(found)) return undefined;
    if (found === undefined) {
      // It was claimed, and its process ended before it began; or its report is dropped.
      const isStale = engine.now() - scheduled.tried > STALE_MS;
      return isStale ? { ...scheduled, tried: 0 } : undefined;
    }
    const { state, from, until } = found.report;
    if (state === 'running') return undefined;
    if (state !== 'done' || until <= scheduled.until) return scheduled;
    // There is more of what was missed than one run takes.
    const isPart = until - from >= limits.reconcileDaysMax * DAY_MS;
    const after = { ...scheduled, until, tried: isPart ? 0 : scheduled.tried };
    await SCHEDULES(partner).change(engine, ONLY, (kept) =>
      kept.run === scheduled.run ? after : kept,
    );
    return undefined;
  }

  #run(report: KeptReport, version: number): void {
    const { reconciliation } = report;
    const run = new Run(this.#options, report, version);
    this.#running.set(reconciliation, run);
    const ended = run
      .carryOut(this.#ending.signal)
      .catch(this.#options.onDefect)
      .finally(() => {
        this.#running.delete(reconciliation);
        this.#ended.delete(ended);
      });
    this.#ended.add(ended);
  }
}
