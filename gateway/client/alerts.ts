// Alerts, their rules and silences through a gateway. Owns: paths, these shapes. Never touches: when an alert fires.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

export type AlertState = 'firing' | 'silenced' | 'resolved';
export type AlertSeverity = 'critical' | 'warning';

/** An alert. Times: milliseconds since 1970. */
export interface LedgerAlert {
  readonly id: string;
  readonly rule: string;
  /** What it is about: one alert for each of a rule. */
  readonly subject: string;
  /** Which node has found it; empty: there is one. */
  readonly node: string;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  readonly since: number;
  readonly lastAt: number;
  readonly count: number;
  /** How often it has begun. */
  readonly firings: number;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
  readonly text: { readonly zh: string; readonly en: string };
  readonly resolvedAt?: number | undefined;
  /** Left out: it is over by itself. */
  readonly resolvedBy?: string | undefined;
  readonly reason?: string | undefined;
  /** It was resolved by hand, and was not over since. */
  readonly isStillSo?: boolean | undefined;
  readonly silence?: string | undefined;
}

/** Which alerts; `open`: firing or silenced. */
export interface AlertsQuery {
  readonly state?: AlertState | 'open' | undefined;
  readonly rule?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** What is said of a rule; left out: as it is where nobody has said it. */
export interface AlertRuleChange {
  readonly state?: 'active' | 'off' | undefined;
  readonly severity?: AlertSeverity | undefined;
  readonly threshold?: number | undefined;
  readonly minimum?: number | undefined;
  readonly windowMs?: number | undefined;
  readonly clearMs?: number | undefined;
  readonly repeatMs?: number | undefined;
  /** Only over this version; 0: nobody has said it. */
  readonly ifVersion?: number | undefined;
}

export interface AlertRule extends Omit<AlertRuleChange, 'ifVersion'> {
  readonly rule: string;
  /** 0: nobody has said it. */
  readonly version: number;
}

/** What is told to nobody for a while. */
export interface NewSilence {
  /** Left out: of all rules. */
  readonly rule?: string | undefined;
  /** With * at its end all that begin so; left out: all. */
  readonly subject?: string | undefined;
  readonly until: number;
  readonly reason: string;
}

export interface Silence extends NewSilence {
  readonly id: string;
  readonly by?: string | undefined;
  readonly createdAt: number;
}

/** Alerts: `client.alerts`. */
export class Alerts {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** The newest first. */
  list(
    query: AlertsQuery = {},
    options: CallOptions = {},
  ): Promise<{ readonly alerts: readonly LedgerAlert[]; readonly cursor?: string }> {
    return this.#requests.told('GET', `/v1/alerts${queryOf(query)}`, undefined, options);
  }

  get(alert: string, options: CallOptions = {}): Promise<LedgerAlert> {
    return this.#requests.told('GET', `/v1/alerts/${part('id', alert)}`, undefined, options);
  }

  /** By hand: what is so still is not told anew before it was over once. */
  resolve(
    alert: string,
    why: { readonly reason?: string } = {},
    options: CallOptions = {},
  ): Promise<LedgerAlert> {
    return this.#requests.told('POST', `/v1/alerts/${part('id', alert)}/resolve`, why, options);
  }

  rules(options: CallOptions = {}): Promise<{ readonly rules: readonly AlertRule[] }> {
    return this.#requests.told('GET', '/v1/alert-rules', undefined, options);
  }

  /** Says what a rule is from now on. */
  putRule(rule: string, said: AlertRuleChange, options: CallOptions = {}): Promise<AlertRule> {
    return this.#requests.told('PUT', `/v1/alert-rules/${part('id', rule)}`, said, options);
  }

  /** Has a rule be as it is where nobody has said it. */
  removeRule(rule: string, options: CallOptions = {}): Promise<AlertRule> {
    return this.#requests.told('DELETE', `/v1/alert-rules/${part('id', rule)}`, undefined, options);
  }

  silences(options: CallOptions = {}): Promise<{ readonly silences: readonly Silence[] }> {
    return this.#requests.told('GET', '/v1/silences', undefined, options);
  }

  /** Has alerts told to nobody until then; they are found and kept. */
  silence(said: NewSilence, options: CallOptions = {}): Promise<Silence> {
    return this.#requests.told('POST', '/v1/silences', said, options);
  }

  /** Ends a silence: what is so still is told. */
  endSilence(silence: string, options: CallOptions = {}): Promise<unknown> {
    return this.#requests.told('DELETE', `/v1/silences/${part('id', silence)}`, undefined, options);
  }
}
