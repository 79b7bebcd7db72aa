// Figures for Prometheus: the registry, and what is counted of requests. Owns: prom-client. Never touches: sockets, state, what
// the ledger's figures mean (ledger-metrics.ts).
//   http.H7. Counting a request costs a few additions; what Prometheus needs is made when it asks.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Engine, HistogramFigures, Stats } from '../../engine/index.js';
import { histogramValues, ledgerFamilies, type MetricValue } from './ledger-metrics.js';

// Upper bounds in seconds: an answer takes a group commit, so from below one to beyond a bad
// disk's.
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const STATUS_MAX = 600;
/** Counted where the client went away before its answer. */
export const STATUS_GONE = 499;

/** What was answered on all routes, but those that ask how the server itself does. */
export interface RequestTotals {
  readonly count: number;
  /** Answers 5xx. */
  readonly failed: number;
  readonly seconds: number;
}

/** They ask how the server does: a server that is being opened says so by a 503. */
const OF_ITSELF = new Set(['/healthz', '/readyz', '/health', '/metrics']);
const FAILED = 500;

/** What has been answered on one route. */
export class RouteFigures {
  readonly method: string;
  readonly path: string;
  /** Requests by status. */
  readonly statuses = new Float64Array(STATUS_MAX);
  /** Answers that took at most the bucket's bound (and longer than the one before it). */
  readonly buckets = new Float64Array(BUCKETS_SECONDS.length + 1);
  secondsTotal = 0;
  count = 0;
  /** Answers 5xx. */
  failed = 0;

  constructor(method: string, path: string) {
    this.method = method;
    this.path = path;
  }

  get durations(): HistogramFigures {
    return { bounds: BUCKETS_SECONDS, counts: this.buckets, sum: this.secondsTotal };
  }

  /** Counts one answered request. */
  observe(status: number, ms: number): void {
    const seconds = ms / 1_000;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.count++;
    if (status >= FAILED) this.failed++;
    this.secondsTotal += seconds;
    let at = 0;
    while (seconds > (BUCKETS_SECONDS[at] ?? Number.POSITIVE_INFINITY)) at++;
    this.buckets[at] = (this.buckets[at] ?? 0) + 1;
  }
}

/** The gateway's registry of metrics. */
export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #routes: RouteFigures[] = [];
  readonly #engine: () => Engine | undefined;
  readonly #asks: (() => Promise<void>)[] = [];
  #asking: Promise<void> | undefined;
  #stats: Stats | undefined;

  /**
   * `engine` is asked at every scrape; `inFlight` tells the requests that wait for their answers.
   */
  constructor(engine: () => Engine | undefined, inFlight: () => number) {
    this.#engine = engine;
    this.contentType = this.#registry.contentType;
    const registers = [this.#registry];
    // Memory, collections of garbage, processor time.
    collectDefaultMetrics({ register: this.#registry });
    this.gauge('jifen_http_in_flight', 'Requests that wait for their answers.', inFlight);
    new Gauge({
      name: 'jifen_ready',
      help: 'Is the ledger recovered and able to write?',
      registers,
      collect() {
        this.set(engine()?.readiness().ready === true ? 1 : 0);
      },
    });
    this.#registerRequests();
    const name = 'jifen_http_request_duration_seconds';
    this.#register(name, 'histogram', 'From the request to its answer, by route.', () =>
      this.#routes
        .filter(({ count }) => count > 0)
        .flatMap((route) => histogramValues(name, labelsOf(route), route.durations)),
    );
    for (const family of ledgerFamilies())
      this.#register(family.name, family.type, family.help, () =>
        this.#stats === undefined ? [] : family.values(this.#stats),
      );
  }

  /** Figures of a route, to count into. */
  route(method: string, path: string): RouteFigures {
    const figures = new RouteFigures(method, path);
    this.#routes.push(figures);
    return figures;
  }

  /** Of all routes together, since the server began. */
  get totals(): RequestTotals {
    const totals = { count: 0, failed: 0, seconds: 0 };
    for (const { path, count, failed, secondsTotal } of this.#routes) {
      if (OF_ITSELF.has(path)) continue;
      totals.count += count;
      totals.failed += failed;
      totals.seconds += secondsTotal;
    }
    return totals;
  }

  /** A figure that somebody else keeps: `read` at every scrape. */
  gauge(name: string, help: string, read: () => number): void {
    const registers = [this.#registry];
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  /** As gauge(), of what only grows. */
  counter(name: string, help: string, read: () => number): void {
    this.#register(name, 'counter', help, () => [{ labels: {}, value: read() }]);
  }

  /** Figures with labels that somebody else keeps: asked for once at every scrape, then read family by family. */
  families<T>(
    families: readonly {
      readonly name: string;
      readonly type: 'counter' | 'gauge';
      readonly help: string;
      values(figures: T): readonly MetricValue[];
    }[],
    ask: () => Promise<T>,
  ): void {
    let figures: T | undefined;
    this.#asks.push(async () => {
      // What cannot say its figures now has none: all others have theirs.
      figures = await ask().catch(() => undefined);
    });
    for (const { name, type, help, values } of families)
      this.#register(name, type, help, () => (figures === undefined ? [] : values(figures)));
  }

  /** All figures as Prometheus reads them. */
  async text(): Promise<string> {
    // Those who ask at once share one answer of the shards.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
    return this.#registry.metrics();
  }

  async #ask(): Promise<void> {
    await Promise.all(this.#asks.map((ask) => ask()));
    this.#stats = await this.#engine()?.stats();
  }

  #registerRequests(): void {
    const routes = this.#routes;
    new Counter({
      name: 'jifen_http_requests_total',
      help: `Requests by route and status; ${STATUS_GONE}: the client went away before its answer.`,
      labelNames: ['method', 'route', 'status'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { method, path, statuses } of routes) {
          statuses.forEach((count, status) => {
            if (count > 0) this.inc({ method, route: path, status }, count);
          });
        }
      },
    });
  }

  // Registered as a metric of its own: prom-client's metrics take one observation at a time.
  #register(
    name: string,
    type: 'counter' | 'gauge' | 'histogram',
    help: string,
    read: () => readonly MetricValue[],
  ): void {
    const get = async () => ({ name, help, type, values: read(), aggregator: 'sum' });
    type AnyMetric = Parameters<Registry['registerMetric']>[0];
    this.#registry.registerMetric({ name, get, reset: () => {} } as unknown as AnyMetric);
  }
}

const labelsOf = ({ method, path }: RouteFigures) => ({ method, route: path });
