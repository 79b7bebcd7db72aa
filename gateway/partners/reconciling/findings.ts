// What a run finds, as inconsistencies and lines of its report. Owns: which of them are opened, and which are resolved as they are found no more. Never
// touches: lists; what an inconsistency is, which the commits of its acts judge.
//   reconciling.O1. What was found is open, and a line, before the run ends. What is resolved was judged in this run, and not found.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Engine,
  inconsistencyAt,
  inconsistencyId,
  openInconsistenciesOf,
} from '../../../engine/index.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import type { PartnerAdapter } from '../adapter.js';
import { openInconsistency, resolveInconsistency } from '../inconsistencies.js';
import { FINDINGS, type Finding, type Found, TOTAL_FINDINGS } from './judging.js';
import { answered, type ListingLimits } from './listing.js';
import { type KeptReport, LineWriter, type ReportLine } from './reports.js';
import type { ComparedTotals } from './totals.js';

/** Acts that are asked for at once. */
const AT_ONCE = 64;
/** How often what is refused for now is asked for again, and after how long. */
const [ATTEMPTS, PAUSE_MS] = [8, 250] as const;
/** Inconsistencies of the partner alone that are asked for by their ids, of other periods, in a run. */
const ASKED_MAX = 1_000;

const KIND = 'cross_system_reconciliation';
const NO_MORE = 'A later reconciliation does not find it any more.';
const GONE = 'The partner has no such operation any more.';

/** One that is open. */
interface Open {
  readonly id: string;
  readonly finding: string;
}

const fail = (refusal: Refusal): never => {
  throw Object.assign(new Error(refusal.message), { code: refusal.code });
};

/** Asks again where it is refused for now. */
async function carriedOut(ask: () => Promise<Refusal | undefined>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const refused = await ask();
    if (refused === undefined) return;
    const isPassing = refused.retry || refused.code === 'CHANGED_MEANWHILE';
    if (!isPassing || attempt === ATTEMPTS) fail(refused);
    await sleep(PAUSE_MS);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

export class Findings {
  readonly #engine: Engine;
  readonly #report: KeptReport;
  readonly #lines: LineWriter;
  /** What reconciliations before have opened, by operation. */
  readonly #open = new Map<string, Open[]>();
  readonly #openIds = new Set<string>();
  /** Operations with something open that were judged; ids that were found. */
  readonly #judged = new Set<string>();
  readonly #foundIds = new Set<string>();
  #waiting: ReportLine[] = [];
  readonly found: Record<string, number> = {};
  opened = 0;
  resolved = 0;

  constructor(engine: Engine, report: KeptReport) {
    this.#engine = engine;
    this.#report = report;
    this.#lines = new LineWriter(engine, report);
  }

  /** Reads what is open. */
  async begin(): Promise<void> {
    const { own } = this.#engine;
    const ids = await openInconsistenciesOf(own, this.#report.partner);
    if (isRefusal(ids)) return fail(ids);
    const kinds: readonly string[] = FINDINGS;
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      const all = await Promise.all(some.map((id) => inconsistencyAt(own, id)));
      for (const [i, one] of all.entries()) {
        if (one === undefined) continue;
        if (isRefusal(one)) return fail(one);
        const id = some[i] as string;
        this.#openIds.add(id);
        const { operation, finding } = one;
        if (operation === undefined || !kinds.includes(finding)) continue;
        const list = this.#open.get(operation);
        if (list === undefined) this.#open.set(operation, [{ id, finding }]);
        else list.push({ id, finding });
      }
    }
  }

  /** Something was found; what it returns is waited for. */
  add(found: Found): Promise<void> | undefined {
    const subject = found.operation ?? '';
    const inconsistency = inconsistencyId(this.#report.partner, found.finding, subject);
    return this.#line({ inconsistency, ...found });
  }

  #line(line: ReportLine): Promise<void> | undefined {
    const { finding, inconsistency } = line;
    this.found[finding] = (this.found[finding] ?? 0) + 1;
    if (this.#openIds.has(inconsistency)) this.#foundIds.add(inconsistency);
    this.#waiting.push(line);
    return this.#waiting.length >= AT_ONCE ? this.#write() : undefined;
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    await Promise.all(lines.map((line) => this.#opens(line)));
    for (const line of lines) {
      const refused = await this.#lines.add(line);
      if (refused !== undefined) fail(refused);
    }
  }

  async #opens({ inconsistency, finding, operation, asset, ours, theirs }: ReportLine) {
    if (this.#openIds.has(inconsistency)) return;
    const { partner } = this.#report;
    const subject = operation ?? this.#subjectOf(asset);
    await carriedOut(() =>
      openInconsistency(this.#engine, {
        ...{ kind: KIND, partner, finding, subject, operation, asset, ours, theirs },
      }),
    );
    this.opened++;
  }

  /** Totals of one period are one subject. */
  #subjectOf(asset: string): string {
    const { from, until } = this.#report;
    return `${asset} ${iso(from)} ${iso(until)}`;
  }

  /** An operation was looked at whole. */
  judged(operation: string): void {
    if (this.#open.has(operation)) this.#judged.add(operation);
  }

  /** What totals come to: what differs is found, what agrees by now is resolved. */
  async totals(totals: readonly ComparedTotals[]): Promise<void> {
    for (const { asset, state, ours, theirs } of totals) {
      if (theirs === undefined || state === 'unknown') continue;
      const subject = this.#subjectOf(asset);
      const both = { added_mismatch: 'added', deducted_mismatch: 'deducted' } as const;
      for (const finding of TOTAL_FINDINGS) {
        const inconsistency = inconsistencyId(this.#report.partner, finding, subject);
        const name = both[finding];
        const said = { ours: ours[name], theirs: theirs[name], at: this.#report.from };
        if (said.ours !== said.theirs) await this.#line({ inconsistency, finding, asset, ...said });
        else if (this.#openIds.has(inconsistency)) await this.#resolves(inconsistency, NO_MORE);
      }
    }
  }

  /** Writes what is left, and resolves what is found no more; `adapter`: who is asked for what neither list has any more. */
  async end(
    adapter: Pick<PartnerAdapter, 'operation'> | undefined,
    limits: ListingLimits,
    ending: AbortSignal,
  ): Promise<void> {
    await this.#write();
    const refused = await this.#lines.end();
    if (refused !== undefined) fail(refused);
    let asked = 0;
    for (const [operation, all] of this.#open) {
      const left = all.filter(({ id }) => !this.#foundIds.has(id));
      if (left.length === 0) continue;
      if (this.#judged.has(operation)) {
        for (const { id } of left) await this.#resolves(id, NO_MORE);
        continue;
      }
      const alone = left.filter(({ finding }) => finding === ALONE);
      if (adapter === undefined || alone.length === 0 || asked++ >= ASKED_MAX) continue;
      const told = await answered((signal) => adapter.operation(operation, signal), limits, ending);
      if (told.state === 'unknown') return;
      if (told.state === 'absent') for (const { id } of alone) await this.#resolves(id, GONE);
    }
  }

  async #resolves(id: string, reason: string): Promise<void> {
    await carriedOut(() => resolveInconsistency(this.#engine, id, { reason, by: 'ledger' }));
    this.resolved++;
  }
}

/** What the partner alone has: where it goes, neither list has it. */
const ALONE: Finding = 'missing_in_source';
