// Reconciliations with partners outside, and what does not agree with them, through a gateway. Owns: paths, these shapes. Never touches: what is found.

import type { Dispute } from '../../engine/protocol/coalition.js';
import type { Inconsistency, InconsistencyKind } from '../../engine/protocol/outside.js';
import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** What is asked for. Times in milliseconds since 1970. */
export interface ReconciliationRequest {
  readonly partner: string;
  readonly from: number;
  readonly until: number;
  /** Operations that are younger are not judged. Left out: the server's default. */
  readonly graceSeconds?: number | undefined;
}

/** A reconciliation. Times in milliseconds since 1970. */
export interface Reconciliation {
  readonly reconciliation: string;
  readonly partner: string;
  /** `unknown`: the partner's list could not be read to its end. */
  readonly state: 'running' | 'done' | 'unknown' | 'failed';
  readonly from: number;
  readonly until: number;
  readonly graceSeconds: number;
  /** What is younger was not judged. */
  readonly settled: number;
  readonly isScheduled: boolean;
  readonly by?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly attempts: number;
  readonly counts: {
    /** Operations in the lists here and there, and pages. */
    readonly ours: number;
    readonly theirs: number;
    readonly pages: number;
    /** Of the period. */
    readonly judged: number;
    readonly young: number;
    readonly pending: number;
    readonly unknown: number;
    /** Entries that stand on two pages; findings beyond those that are kept. */
    readonly repeated: number;
    readonly beyond: number;
  };
  readonly findings: Readonly<Record<string, number>>;
  readonly mismatches: number;
  readonly opened: number;
  readonly resolved: number;
  readonly why?: string;
}

/** Minor units. */
interface Sums {
  readonly added: number;
  readonly deducted: number;
}

/** A reconciliation with its totals, asset by asset. */
export interface ReconciliationReport extends Reconciliation {
  readonly totals: readonly {
    readonly asset: string;
    readonly state: 'agree' | 'differ' | 'unknown';
    readonly why?: string;
    readonly ours: Sums;
    readonly theirs?: Sums;
    /** All of the partner's points, for the record. */
    readonly total?: number;
    readonly totalAt?: number;
  }[];
}

/** Something that was found. */
export interface ReconciliationLine {
  readonly inconsistency: string;
  readonly finding: string;
  readonly operation?: string;
  readonly asset: string;
  readonly ours?: number;
  readonly theirs?: number;
  /** What differs that is no amount: what each says. */
  readonly says?: readonly [string, string];
  readonly at: number;
}

/** A page; `cursor`: there may be more. */
interface Page {
  readonly cursor?: string;
}

export interface InconsistenciesQuery {
  readonly partner?: string | undefined;
  readonly kind?: InconsistencyKind | undefined;
  /** Default: what is open. */
  readonly state?: 'open' | 'resolved' | undefined;
  /** Of what is resolved: when, `YYYY-MM-DD` in UTC. Default: today. */
  readonly day?: string | undefined;
  readonly cursor?: string | undefined;
}

const RUNS = '/v1/reconciliations';
const FOUND = '/v1/inconsistencies';
const runOf = (id: string, verb = ''): string => `${RUNS}/${part('id', id)}${verb}`;
const oneOf = (id: string, verb = ''): string => `${FOUND}/${part('id', id)}${verb}`;

/** Reconciliations: `client.reconciliations`. */
export class Reconciliations {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Begins one, which goes on for itself: ask with `get` until its state is not `running`. Asked again it is another one, that finds the same. */
  start(asked: ReconciliationRequest, options: CallOptions = {}): Promise<Reconciliation> {
    return this.#requests.told('POST', RUNS, asked, options);
  }

  get(reconciliation: string, options: CallOptions = {}): Promise<ReconciliationReport> {
    return this.#requests.told('GET', runOf(reconciliation), undefined, options);
  }

  /** Those of a partner, by the beginning of their periods, a page of them. */
  list(
    partner: string,
    { cursor }: { readonly cursor?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly reconciliations: readonly Reconciliation[] }> {
    return this.#requests.told('GET', `${RUNS}${queryOf({ partner, cursor })}`, undefined, options);
  }

  /** What it has found, a page of it. */
  lines(
    reconciliation: string,
    { cursor }: { readonly cursor?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly lines: readonly ReconciliationLine[] }> {
    const path = runOf(reconciliation, `/lines${queryOf({ cursor })}`);
    return this.#requests.told('GET', path, undefined, options);
  }

  /** What does not agree, or was resolved on a day, a page of it. */
  inconsistencies(
    query: InconsistenciesQuery = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly inconsistencies: readonly Inconsistency[] }> {
    return this.#requests.told('GET', `${FOUND}${queryOf({ ...query })}`, undefined, options);
  }

  inconsistency(id: string, options: CallOptions = {}): Promise<Inconsistency> {
    return this.#requests.told('GET', oneOf(id), undefined, options);
  }

  /** It is put right, or explained: why. */
  resolve(id: string, reason: string, options: CallOptions = {}): Promise<Inconsistency> {
    return this.#requests.told('POST', oneOf(id, '/resolve'), { reason }, options);
  }

  /** Disputes the exchange that it is about; asked for again it is the same dispute. */
  dispute(
    id: string,
    asked: {
      readonly reason: string;
      readonly platform?: string | undefined;
      readonly disputed?: number | undefined;
    },
    options: CallOptions = {},
  ): Promise<Dispute> {
    return this.#requests.told('POST', oneOf(id, '/dispute'), asked, options);
  }
}
