// Figures for Prometheus. Owns: their names. Never touches: sockets, state.
//   H7. Counting a request costs a few additions; what Prometheus needs is made when it asks.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { BusFigures, Engine, ShardStats, Stats } from '../../engine/index.js';

// Upper bounds in seconds: an answer takes a group commit, so from below one to beyond a bad
// disk's.
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const STATUS_MAX = 600;
/** Counted where the client went away before its answer. */
export const STATUS_GONE = 499;

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

  constructor(method: string, path: string) {
    this.method = method;
    this.path = path;
  }

  /** Counts one answered request. */
  observe(status: number, ms: number): void {
    const seconds = ms / 1_000;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.count++;
    this.secondsTotal += seconds;
    let at = 0;
    while (seconds > (BUCKETS_SECONDS[at] ?? Number.POSITIVE_INFINITY)) at++;
    this.buckets[at] = (this.buckets[at] ?? 0) + 1;
  }
}

const SHARD_FIGURES: readonly (readonly [
  Exclude<keyof ShardStats, 'bus'>,
  'gauge' | 'counter',
  string,
  string,
])[] = [
  ['seq', 'gauge', 'jifen_shard_seq', 'Last applied block.'],
  ['durableSeq', 'gauge', 'jifen_shard_durable_seq', 'Last durable block.'],
  ['checkpointSeq', 'gauge', 'jifen_shard_checkpoint_seq', 'Block of the last checkpoint.'],
  ['mailboxDepth', 'gauge', 'jifen_shard_mailbox_depth', 'Commands waiting for the shard.'],
  ['commands', 'counter', 'jifen_shard_commands_total', 'Commands applied.'],
  ['blocks', 'counter', 'jifen_shard_blocks_total', 'Blocks written.'],
  ['logBytes', 'gauge', 'jifen_shard_log_bytes', 'Size of the log.'],
  ['cacheBytes', 'gauge', 'jifen_shard_cache_bytes', 'Memory of pages and indexes.'],
  ['dirtyBytes', 'gauge', 'jifen_shard_dirty_bytes', 'Memory that no checkpoint has written yet.'],
  ['accounts', 'gauge', 'jifen_shard_accounts', 'Accounts.'],
  [
    'openTransfers',
    'gauge',
    'jifen_shard_open_transfers',
    'Transfers between shards that are prepared and not decided.',
  ],
  ['followUps', 'gauge', 'jifen_shard_follow_ups', 'Follow-ups not known to be carried out.'],
  [
    'commitMsTotal',
    'counter',
    'jifen_shard_commit_seconds_total',
    'Time spent writing and syncing blocks.',
  ],
  ['commitMsMax', 'gauge', 'jifen_shard_commit_seconds_max', 'The longest commit.'],
];

const BUS_FIGURES: readonly (readonly [keyof BusFigures, 'gauge' | 'counter', string, string])[] = [
  ['connected', 'gauge', 'jifen_bus_connected', 'Is there a connection to NATS?'],
  ['sent', 'counter', 'jifen_bus_sent_total', 'Messages sent to other nodes.'],
  ['received', 'counter', 'jifen_bus_received_total', 'Messages of other nodes.'],
  [
    'dropped',
    'counter',
    'jifen_bus_dropped_total',
    'Messages that could not be sent, or were not what they should be.',
  ],
];

/** The gateway's registry of metrics. */
export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #routes: RouteFigures[] = [];
  readonly #engine: () => Engine | undefined;
  readonly #refresh: () => Promise<void>;

  /**
   * `engine` is asked at every scrape; `inFlight` tells the requests that wait for their answers.
   */
  constructor(engine: () => Engine | undefined, inFlight: () => number) {
    this.#engine = engine;
    this.contentType = this.#registry.contentType;
    const registers = [this.#registry];
    // Event-loop delay, memory, collections of garbage, processor time.
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'jifen_http_in_flight',
      help: 'Requests that wait for their answers.',
      registers,
      collect() {
        this.set(inFlight());
      },
    });
    this.#registerRequests();
    this.#registerDurations();
    this.#refresh = this.#engineFigures();
  }

  /** Figures of a route, to count into. */
  route(method: string, path: string): RouteFigures {
    const figures = new RouteFigures(method, path);
    this.#routes.push(figures);
    return figures;
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

  /** All figures as Prometheus reads them. */
  async text(): Promise<string> {
    await this.#refresh();
    return this.#registry.metrics();
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

  // Registered as a metric of its own: prom-client's Histogram takes one observation at a time.
  #registerDurations(): void {
    const name = 'jifen_http_request_duration_seconds';
    const get = async () => ({
      name,
      help: 'From the request to its answer, by route.',
      type: 'histogram',
      values: this.#routes
        .filter(({ count }) => count > 0)
        .flatMap((route) => durations(name, route)),
      aggregator: 'sum',
    });
    type AnyMetric = Parameters<Registry['registerMetric']>[0];
    this.#registry.registerMetric({ name, get, reset: () => {} } as unknown as AnyMetric);
  }

  // One connection of the node itself, and one of each shard; none where there are no other nodes.
  #nodeFigures(): (stats: Stats) => void {
    const registers = [this.#registry];
    const connections = BUS_FIGURES.map(([key, type, name, help]) => {
      const options = { name, help, labelNames: ['connection'], registers };
      return { key, metric: type === 'gauge' ? new Gauge(options) : new Counter(options) };
    });
    const batches = new Counter({
      name: 'jifen_remote_batches_total',
      help: 'Batches of commands sent to other nodes, and carried out for them.',
      labelNames: ['direction'],
      registers,
    });
    return ({ node, shards }) => {
      if (node === undefined) return;
      for (const { key, metric } of connections) {
        metric.reset();
        metric.inc({ connection: 'node' }, node[key]);
        for (const { shard, bus } of shards) metric.inc({ connection: `shard-${shard}` }, bus[key]);
      }
      batches.reset();
      batches.inc({ direction: 'sent' }, node.batchesSent);
      batches.inc({ direction: 'done' }, node.batchesDone);
    };
  }

  #engineFigures(): () => Promise<void> {
    const registers = [this.#registry];
    const shards = SHARD_FIGURES.map(([key, type, name, help]) => {
      const options = { name, help, labelNames: ['shard'], registers };
      const metric = type === 'gauge' ? new Gauge(options) : new Counter(options);
      return { key, metric, scale: name.includes('_seconds') ? 1 / 1_000 : 1 };
    });
    const commands = new Counter({
      name: 'jifen_commands_total',
      help: 'Commands answered, by type and outcome (ok, or the code of the refusal).',
      labelNames: ['command', 'outcome'],
      registers,
    });
    const node = this.#nodeFigures();
    const ready = new Gauge({
      name: 'jifen_ready',
      help: 'Is the ledger recovered and able to write?',
      registers,
    });
    return async () => {
      const engine = this.#engine();
      ready.set(engine?.readiness().ready === true ? 1 : 0);
      if (engine === undefined) return;
      const stats = await engine.stats();
      for (const { key, metric, scale } of shards) {
        metric.reset();
        for (const figures of stats.shards) {
          metric.inc({ shard: figures.shard }, figures[key] * scale);
        }
      }
      node(stats);
      commands.reset();
      for (const [key, count] of stats.outcomes) {
        const [command = '', outcome = ''] = key.split(' ');
        commands.inc({ command, outcome }, count);
      }
    };
  }
}

function durations(name: string, route: RouteFigures) {
  const labels = { method: route.method, route: route.path };
  let below = 0;
  const buckets = BUCKETS_SECONDS.map((bound, at) => {
    below += route.buckets[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: route.count },
    { metricName: `${name}_sum`, labels, value: route.secondsTotal },
    { metricName: `${name}_count`, labels, value: route.count },
  ];
}
