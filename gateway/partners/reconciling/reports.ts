// What came of reconciliations, in the ledger's own records. Owns: which are kept, how long, who of several nodes has one. Never touches: what is found.
//   reconciling.R1. One node has a run: it says so again and again over the version that it wrote last, and ends where that is not its own any more.
//   reconciling.R2. A run that is not said any more is begun again, whole, by whoever finds it: what it found is found again.
//   reconciling.R3. Of a partner so many reports are kept, with their lines; those begun first go first.

import { limits } from '../../../engine/index.js';
import { Documents, type OwnLedger } from '../../documents.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Compared, Counts } from './comparing.js';
import type { Found } from './judging.js';
import type { ComparedTotals } from './totals.js';

/** `unknown`: the partner's list could not be read to its end, so nothing is said of operations. */
export const REPORT_STATES = ['running', 'done', 'unknown', 'failed'] as const;

/** A reconciliation. Times in milliseconds since 1970. */
export interface Report {
  readonly reconciliation: string;
  readonly partner: string;
  readonly state: (typeof REPORT_STATES)[number];
  readonly from: number;
  readonly until: number;
  readonly graceSeconds: number;
  /** What is younger was not judged. */
  readonly settled: number;
  /** By its partner's schedule, and not because somebody asked. */
  readonly isScheduled: boolean;
  /** Who asked. */
  readonly by?: string | undefined;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  /** How often it was begun. */
  readonly attempts: number;
  readonly counts: Counts;
  /** How often each was found; all of them; inconsistencies that are open since, and resolved. */
  readonly findings: Readonly<Record<string, number>>;
  readonly mismatches: number;
  readonly opened: number;
  readonly resolved: number;
  /** Why it is not known, or failed, in a word. */
  readonly why?: string | undefined;
}

/** As it is kept: which process has it, and when it said so last. */
export interface KeptReport extends Report {
  readonly process: string;
  readonly saidAt: number;
}

/** Something that was found. */
export interface ReportLine extends Found {
  readonly inconsistency: string;
}

/** How far a partner's schedule is. */
export interface Scheduled {
  /** All before is judged. */
  readonly until: number;
  /** When a run was begun last, and which one: the next one is at a time after that. */
  readonly tried: number;
  readonly run?: string | undefined;
}

/** What the last run of a partner that ended came to: for figures. */
export interface LastRun {
  readonly reconciliation: string;
  readonly state: Report['state'];
  readonly endedAt: number;
  readonly mismatches: number;
  /** Assets whose totals differ, and whose are not known. */
  readonly differ: number;
  readonly unknown: number;
}

const TIME_DIGITS = 14;
const PAGE_DIGITS = 6;
/** Lines of one answer. */
const LINES_PAGE = 200;

const RUNNING = new Documents<{ readonly at: number }>('#reconciling', 'running');
const reportsOf = (partner: string): Documents<KeptReport> =>
  new Documents(`#reconciliations:${partner}`, 'report', 'reconciliation');
const partsOf = (id: string): string => `#reconciliation:${id}`;
/** What is kept of one attempt: a process that was thought to have ended writes into nobody else's. */
type Attempt = Pick<Report, 'reconciliation' | 'attempts'>;
const linesIn = (attempts: number): string => `lines-${attempts}`;
const linesOf = ({ reconciliation, attempts }: Attempt): Documents<readonly ReportLine[]> =>
  new Documents(partsOf(reconciliation), linesIn(attempts));
const totalsOf = ({ reconciliation, attempts }: Attempt): Documents<ComparedTotals> =>
  new Documents(partsOf(reconciliation), `totals-${attempts}`);

export const SCHEDULES = (partner: string): Documents<Scheduled> =>
  new Documents(`#reconciliations:${partner}`, 'schedule');
export const LAST_RUNS = (partner: string): Documents<LastRun> =>
  new Documents(`#reconciliations:${partner}`, 'last');
/** The one key of what there is one of. */
export const ONLY = 'it';

/** By its period, so that those of a partner are in order. */
export const reportId = (partner: string, from: number, letters: string): string =>
  `${partner}.${String(from).padStart(TIME_DIGITS, '0')}.${letters}`;
const REPORT_ID = /^([a-z0-9][a-z0-9_-]{0,23})\.\d{14}\.[0-9a-f]{8}$/;
const partnerOf = (id: string): string | undefined => REPORT_ID.exec(id)?.[1];

export const toldReport = ({ process: _, saidAt: __, ...told }: KeptReport): Report => told;

/** A report with the version that it was read in; undefined: there is none. */
export async function keptReport(
  ledger: OwnLedger,
  id: string,
): Promise<{ readonly report: KeptReport; readonly version: number } | undefined | Refusal> {
  const partner = partnerOf(id);
  if (partner === undefined) return undefined;
  const found = await reportsOf(partner).get(ledger, id);
  if (found === undefined || isRefusal(found)) return found;
  return { report: found.read(), version: found.version };
}

/** Writes a report over the version that was seen (0: it is new); which version it is then. */
export async function putReport(
  ledger: OwnLedger,
  report: KeptReport,
  version: number,
): Promise<Refusal | number> {
  const { reconciliation, process, saidAt } = report;
  const refused = await reportsOf(report.partner).put(ledger, reconciliation, report, version);
  if (refused !== undefined) return refused;
  const found = await keptReport(ledger, reconciliation);
  if (isRefusal(found)) return found;
  const isIt = found?.report.process === process && found.report.saidAt === saidAt;
  return isIt ? found.version : refuse('CHANGED_MEANWHILE', 'reconciliation');
}

/** A new one: in the list of what runs before it is a report, so that no run is forgotten. */
export async function beginReport(
  ledger: OwnLedger,
  report: KeptReport,
): Promise<Refusal | number> {
  const listed = await RUNNING.put(ledger, report.reconciliation, { at: report.saidAt });
  return listed ?? (await putReport(ledger, report, 0));
}

/** Ids of what runs, or did until its process ended, and since when. */
export async function runningReports(
  ledger: OwnLedger,
): Promise<readonly { readonly id: string; readonly at: number }[] | Refusal> {
  const all = await RUNNING.all(ledger);
  return isRefusal(all) ? all : all.map((one) => ({ id: one.key, at: one.read().at }));
}

export const forgetRunning = (ledger: OwnLedger, id: string): Promise<Refusal | undefined> =>
  RUNNING.delete(ledger, id);

/** A page of a partner's reports, by the beginning of their periods. */
export async function reportsPage(
  ledger: OwnLedger,
  partner: string,
  cursor: string | undefined,
): Promise<{ readonly reconciliations: Report[]; readonly cursor?: string } | Refusal> {
  const all = await reportsOf(partner).all(ledger);
  if (isRefusal(all)) return all;
  const rest = all.filter(({ key }) => cursor === undefined || key > cursor);
  const page = rest.slice(0, LINES_PAGE);
  const last = page.at(-1)?.key;
  return {
    reconciliations: page.map((one) => toldReport(one.read())),
    ...(rest.length > page.length && last !== undefined ? { cursor: last } : {}),
  };
}

/** Writes lines of a report, as many as a record takes to each. */
export class LineWriter {
  readonly #ledger: OwnLedger;
  readonly #lines: Documents<readonly ReportLine[]>;
  #waiting: ReportLine[] = [];
  #bytes = 0;
  #page = 0;

  constructor(ledger: OwnLedger, of: Attempt) {
    this.#ledger = ledger;
    this.#lines = linesOf(of);
  }

  async add(line: ReportLine): Promise<Refusal | undefined> {
    const bytes = Buffer.byteLength(JSON.stringify(line)) + 1;
    const refused =
      this.#bytes + bytes + 2 > limits.RECORD_BYTES_MAX ? await this.end() : undefined;
    this.#waiting.push(line);
    this.#bytes += bytes;
    return refused;
  }

  /** Writes what is left. */
  async end(): Promise<Refusal | undefined> {
    if (this.#waiting.length === 0) return undefined;
    const key = String(this.#page++).padStart(PAGE_DIGITS, '0');
    const lines = this.#waiting;
    [this.#waiting, this.#bytes] = [[], 0];
    return this.#lines.put(this.#ledger, key, lines);
  }
}

/** Forgets what this attempt, and those before it, have written. */
export async function dropParts(
  ledger: OwnLedger,
  { reconciliation, attempts }: Attempt,
): Promise<Refusal | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt++)
    for (const documents of [linesOf, totalsOf].map((of) =>
      of({ reconciliation, attempts: attempt }),
    )) {
      const all = await (documents as Documents<object>).all(ledger);
      if (isRefusal(all)) return all;
      for (const { key } of all) {
        const refused = await documents.delete(ledger, key);
        if (refused !== undefined) return refused;
      }
    }
  return undefined;
}

/** A page of a report's lines, in the order in which they were found. */
export async function linesPage(
  { own }: OwnLedger,
  { reconciliation, attempts }: Attempt,
  cursor: string | undefined,
): Promise<{ readonly lines: ReportLine[]; readonly cursor?: string } | Refusal> {
  const lines: ReportLine[] = [];
  for (let after = cursor; ; ) {
    const place = { owner: partsOf(reconciliation), recordType: linesIn(attempts) };
    const page = await own.records({ ...place, after, limit: 1 });
    if (isRefusal(page)) return page;
    const [one] = page;
    if (one === undefined) return { lines };
    lines.push(...(JSON.parse(Buffer.from(one.value).toString('utf8')) as ReportLine[]));
    after = one.key;
    if (lines.length >= LINES_PAGE) return { lines, cursor: after };
  }
}

export async function putTotals(
  ledger: OwnLedger,
  of: Attempt,
  totals: Compared['totals'],
): Promise<Refusal | undefined> {
  for (const one of totals) {
    const refused = await totalsOf(of).put(ledger, one.asset, one);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

export async function reportTotals(
  ledger: OwnLedger,
  of: Attempt,
): Promise<readonly ComparedTotals[] | Refusal> {
  const all = await totalsOf(of).all(ledger);
  return isRefusal(all) ? all : all.map((one) => one.read());
}

/** Forgets reports beyond those that are kept. */
export async function dropOldReports(
  ledger: OwnLedger,
  partner: string,
  kept: number,
): Promise<Refusal | undefined> {
  const all = await reportsOf(partner).all(ledger);
  if (isRefusal(all)) return all;
  const over = all
    .map((one) => one.read())
    .filter(({ state }) => state !== 'running')
    .sort((a, b) => a.startedAt - b.startedAt);
  for (const one of over.slice(0, Math.max(0, over.length - kept))) {
    const refused =
      (await dropParts(ledger, one)) ??
      (await reportsOf(partner).delete(ledger, one.reconciliation));
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** There is no such report. */
export const noReport = (): Refusal => refuse('RECONCILIATION_NOT_FOUND', 'reconciliation');
