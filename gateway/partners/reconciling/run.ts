// One run: two lists compared, what is found written down. Owns: the order of that, saying that it goes on. Never touches: when it begins; what is found.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../engine/index.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal } from '../../refusal.js';
import type { Partners } from '../partners.js';
import { type Compared, compare, noCounts } from './comparing.js';
import { Findings } from './findings.js';
import type { Found } from './judging.js';
import { oursOf } from './ours.js';
import {
  dropOldReports,
  dropParts,
  forgetRunning,
  type KeptReport,
  keptReport,
  LAST_RUNS,
  ONLY,
  putReport,
  putTotals,
} from './reports.js';

/** How often it says that it goes on, and how far it is. */
const SAY_MS = 5_000;
/** How often it is tried to say so. */
const WRITES = 3;

/** What a run needs. */
export interface RunOptions {
  readonly engine: Engine;
  readonly partners: Pick<Partners, 'partner' | 'adapterOf'>;
  readonly limits: GatewayLimits;
  /** Where the scratch file is. */
  readonly folder: string;
  readonly log: (level: 'info' | 'warn', message: string, more: object) => void;
}

export class Run {
  readonly #options: RunOptions;
  readonly #first: KeptReport;
  #version: number;
  readonly #counts = noCounts();
  readonly #findings: Findings;
  /** It is somebody else's by now, or this process ends. */
  readonly #ending = new AbortController();

  constructor(options: RunOptions, report: KeptReport, version: number) {
    this.#options = options;
    this.#first = report;
    this.#version = version;
    this.#findings = new Findings(options.engine, report);
    setMaxListeners(0, this.#ending.signal);
  }

  /** How far it is. */
  get report(): KeptReport {
    const { found, opened, resolved } = this.#findings;
    const mismatches = Object.values(found).reduce((sum, one) => sum + one, 0);
    return {
      ...this.#first,
      ...{ counts: { ...this.#counts }, findings: { ...found }, mismatches, opened, resolved },
      saidAt: this.#options.engine.now(),
    };
  }

  async carryOut(closing: AbortSignal): Promise<void> {
    const end = (): void => this.#ending.abort();
    closing.addEventListener('abort', end, { once: true });
    const isOver = new AbortController();
    const saying = this.#goOnSaying(isOver.signal);
    let compared: Compared & { readonly hasFailed?: boolean };
    try {
      compared = await this.#compared();
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: string };
      compared = { why: code ?? message.slice(0, 100), totals: [], hasFailed: true };
    } finally {
      isOver.abort();
      await saying;
      closing.removeEventListener('abort', end);
    }
    if (!this.#ending.signal.aborted) await this.#end(compared);
    else if (closing.aborted) await this.#handBack();
  }

  async #compared(): Promise<Compared> {
    const { engine, partners, limits, folder } = this.#options;
    const { partner, from, until, settled } = this.#first;
    const refused = await dropParts(engine, this.#first);
    if (refused !== undefined) throw Object.assign(new Error(refused.message), refused);
    await this.#findings.begin();
    const adapter = partners.adapterOf(partner);
    const ending = this.#ending.signal;
    const listener = {
      counts: this.#counts,
      found: (found: Found) => this.#findings.add(found),
      judged: (operation: string) => this.#findings.judged(operation),
    };
    const compared = await compare(
      {
        ...{ from, until, settled, adapter, folder, limits, ending },
        assets: partners.partner(partner)?.assets ?? [],
        ours: oursOf(engine, partner),
      },
      listener,
    );
    if (ending.aborted) return compared;
    await this.#findings.totals(compared.totals);
    await this.#findings.end(compared.why === undefined ? adapter : undefined, limits, ending);
    const unsaid = await putTotals(engine, this.#first, compared.totals);
    if (unsaid !== undefined) throw Object.assign(new Error(unsaid.message), unsaid);
    return compared;
  }

  /** Says that it goes on as long as it does; somebody else has it: it ends. */
  async #goOnSaying(isOver: AbortSignal): Promise<void> {
    while (!isOver.aborted) {
      await sleep(SAY_MS, undefined, { signal: isOver, ref: false }).catch(() => undefined);
      if (isOver.aborted) return;
      if ((await this.#write(this.report)) === 'lost') return this.#ending.abort();
    }
  }

  /** Writes the report; `lost`: somebody else has the run by now. */
  async #write(report: KeptReport): Promise<'written' | 'lost' | 'unknown'> {
    const { engine } = this.#options;
    const { reconciliation, process, attempts } = this.#first;
    for (let attempt = 0; attempt < WRITES; attempt++) {
      const written = await putReport(engine, report, this.#version);
      if (typeof written === 'number') {
        this.#version = written;
        return 'written';
      }
      // What was written before may have been, although nobody said so.
      const found = await keptReport(engine, reconciliation);
      if (isRefusal(found)) continue;
      if (found?.report.process !== process || found.report.attempts !== attempts) return 'lost';
      this.#version = found.version;
    }
    return 'unknown';
  }

  async #end({ why, totals, hasFailed = false }: Compared & { readonly hasFailed?: boolean }) {
    const { engine, limits, log } = this.#options;
    const { reconciliation, partner } = this.#first;
    const state = hasFailed ? 'failed' : why === undefined ? 'done' : 'unknown';
    const endedAt = engine.now();
    const report: KeptReport = { ...this.report, state, endedAt, why };
    if ((await this.#write(report)) !== 'written') return;
    const of = (wanted: string) => totals.filter(({ state }) => state === wanted).length;
    const [differ, unknown] = [of('differ'), of('unknown')];
    const { mismatches } = report;
    await LAST_RUNS(partner).put(engine, ONLY, {
      ...{ reconciliation, state, endedAt, mismatches, differ, unknown },
    });
    await forgetRunning(engine, reconciliation);
    await dropOldReports(engine, partner, limits.reconciliationsKept);
    const isBad = mismatches > limits.reconcileMismatchesMax || differ > 0 || state !== 'done';
    log(isBad ? 'warn' : 'info', 'reconciled', {
      ...{ reconciliation, partner, state, why, mismatches, differ, unknown },
    });
  }

  /** Whoever looks next begins it anew, at once. */
  async #handBack(): Promise<void> {
    const { report } = this;
    const given = { ...report, saidAt: 0, attempts: report.attempts - 1 };
    await putReport(this.#options.engine, given, this.#version);
  }
}
