// The ledger's figures as Prometheus reads them. Owns: their names, labels and what they mean. Never touches: prom-client, the
// engine; it is handed what the engine says.
//   http.N1. Every label has a bounded number of values: kinds, assets and system owners beyond what is told apart are `other`.

import {
  type BusFigures,
  type HistogramFigures,
  type ProjectionFigures,
  REFUSALS,
  type RiskFigures,
  type Standby,
  type Stats,
} from '../../engine/index.js';

/** One line of a metric. */
export interface MetricValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it is not the metric's own: `_bucket`, `_sum`, `_count`. */
  readonly metricName?: string;
}

/** One metric. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  values(stats: Stats): readonly MetricValue[];
}

/** Goods of which few pieces are left that are told apart. */
const LOW_GOODS_MAX = 100;
/** Kinds that are told apart in one process; each shard has a bound of its own. */
const KINDS_MAX = 100;
const OTHER = 'other';

/** The lines of a histogram. */
export function histogramValues(
  name: string,
  labels: MetricValue['labels'],
  { bounds, counts, sum }: HistogramFigures,
): MetricValue[] {
  let below = 0;
  const buckets = [...bounds, '+Inf'].map((le, at) => {
    below += counts[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}

type Shard = Stats['shards'][number];
type NumberOf<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

const ofShards = (
  name: string,
  type: 'counter' | 'gauge',
  key: NumberOf<Shard>,
  help: string,
  scale = 1,
): Family => ({
  name,
  type,
  help,
  values: ({ shards }) =>
    shards.map((shard) => ({ labels: { shard: shard.shard }, value: shard[key] * scale })),
});

const SHARDS: readonly Family[] = [
  ofShards('jifen_shard_seq', 'gauge', 'seq', 'Last applied block.'),
  ofShards('jifen_shard_durable_seq', 'gauge', 'durableSeq', 'Last durable block.'),
  ofShards('jifen_shard_checkpoint_seq', 'gauge', 'checkpointSeq', 'Block of the last checkpoint.'),
  ofShards(
    'jifen_shard_checkpoint_lag_bytes',
    'gauge',
    'checkpointLagBytes',
    'Log that the last checkpoint does not have: what a restart would replay.',
  ),
  ofShards('jifen_shard_mailbox_depth', 'gauge', 'mailboxDepth', 'Commands waiting for the shard.'),
  ofShards(
    'jifen_shard_mailbox_limit',
    'gauge',
    'mailboxMax',
    'Commands waiting for the shard beyond which more are refused SHARD_BUSY.',
  ),
  ofShards('jifen_shard_commands_total', 'counter', 'commands', 'Commands applied.'),
  ofShards('jifen_shard_blocks_total', 'counter', 'blocks', 'Blocks written.'),
  ofShards(
    'jifen_shard_log_written_bytes_total',
    'counter',
    'logBytes',
    'Bytes of the blocks written.',
  ),
  ofShards('jifen_shard_cache_bytes', 'gauge', 'cacheBytes', 'Memory of pages and indexes.'),
  ofShards(
    'jifen_shard_dirty_bytes',
    'gauge',
    'dirtyBytes',
    'Memory that no checkpoint has written yet.',
  ),
  ofShards('jifen_shard_accounts', 'gauge', 'accounts', 'Accounts.'),
  ofShards(
    'jifen_shard_open_transfers',
    'gauge',
    'openTransfers',
    'Transfers between shards that are prepared and not decided.',
  ),
  ofShards(
    'jifen_shard_clock_behind_seconds',
    'gauge',
    'clockBehindMs',
    'How far the clock is behind the last block: what is due waits until it has caught up.',
    1 / 1_000,
  ),
  ofShards(
    'jifen_shard_follow_ups',
    'gauge',
    'followUps',
    'Follow-ups not known to be carried out.',
  ),
  ofShards(
    'jifen_shard_commit_seconds_max',
    'gauge',
    'commitMsMax',
    'The longest commit since the start.',
    1 / 1_000,
  ),
  ofShards(
    'jifen_shard_last_movement_timestamp_seconds',
    'gauge',
    'movedAt',
    'Time of the last block in which points moved; 0: none since the start.',
    1 / 1_000,
  ),
  ofShards(
    'jifen_shard_feed_subscriptions',
    'gauge',
    'feedSubscriptions',
    'Subscriptions to the shard’s feed.',
  ),
  ofShards(
    'jifen_shard_feed_lag_blocks',
    'gauge',
    'feedLagBlocks',
    'Durable blocks that the slowest subscription to the feed has not been told of.',
  ),
];

const histogramOfShards = (
  name: string,
  key: 'commit' | 'blockCommands',
  help: string,
): Family => ({
  name,
  type: 'histogram',
  help,
  values: ({ shards }) =>
    shards.flatMap((shard) => histogramValues(name, { shard: shard.shard }, shard[key])),
});

const LOOP = 'jifen_event_loop_delay_seconds';
const EXCHANGE = 'exchange_duration_seconds';

const HISTOGRAMS: readonly Family[] = [
  histogramOfShards(
    'jifen_shard_commit_duration_seconds',
    'commit',
    'From handing a block to the log until it is durable: LMDB writes and syncs in one step.',
  ),
  histogramOfShards('jifen_shard_block_commands', 'blockCommands', 'Commands of a block.'),
  {
    name: LOOP,
    type: 'histogram',
    help: 'By how much timers were late: main (router and web server), and each shard’s thread.',
    values: ({ loopDelay, shards }) => [
      ...histogramValues(LOOP, { thread: 'main' }, loopDelay),
      ...shards.flatMap((shard) =>
        histogramValues(LOOP, { thread: `shard-${shard.shard}` }, shard.loopDelay),
      ),
    ],
  },
  {
    name: EXCHANGE,
    type: 'histogram',
    help: 'Commands between shards, so also what is moved between platforms on different shards: from the block that opened one to the block that decided it, counted by its home shard.',
    values: ({ shards }) =>
      histogramValues(EXCHANGE, {}, added(shards.map((one) => one.decisions))),
  },
];

function added(all: readonly HistogramFigures[]): HistogramFigures {
  const bounds = all[0]?.bounds ?? [];
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  for (const one of all) {
    one.counts.forEach((count, at) => {
      counts[at] = (counts[at] ?? 0) + count;
    });
    sum += one.sum;
  }
  return { bounds, counts, sum };
}

const CODES: readonly (string | undefined)[] = Object.entries(REFUSALS).reduce(
  (codes: (string | undefined)[], [code, { number }]) => {
    codes[number] = code;
    return codes;
  },
  ['ok'],
);

/** Sums by labels. */
class Sums {
  readonly #sums = new Map<string, { labels: MetricValue['labels']; value: number }>();

  add(labels: Readonly<Record<string, string>>, value: number): void {
    if (value === 0) return;
    const key = Object.values(labels).join(' ');
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { labels, value });
    else sum.value += value;
  }

  get values(): MetricValue[] {
    return [...this.#sums.values()];
  }
}

/** Points by kind: what has been told apart once stays so, since counters never go down. */
function movements(): readonly Family[] {
  const known = new Set<string>();
  const typeOf = (kind: string): string => {
    if (!known.has(kind) && known.size < KINDS_MAX) known.add(kind);
    return known.has(kind) ? kind : OTHER;
  };
  type Flow = Shard['flows'][number];
  const flows =
    (labels: (flow: Flow) => Readonly<Record<string, string>> | undefined, amount: keyof Flow) =>
    ({ shards }: Stats): MetricValue[] => {
      const sums = new Sums();
      for (const flow of shards.flatMap((shard) => shard.flows)) {
        const more = labels(flow);
        if (more === undefined) continue;
        sums.add({ type: typeOf(flow.kind), ...more, asset: flow.asset }, Number(flow[amount]));
      }
      return sums.values;
    };
  return [
    {
      name: 'points_gain_total',
      type: 'counter',
      help: 'Points that left a system owner (source), in minor units, by the kind (type) of the command; none: it had no kind; REVERSE: a reversal.',
      values: flows(({ owner }) => ({ source: owner }), 'gained'),
    },
    {
      name: 'points_consume_total',
      type: 'counter',
      help: 'Points that came to a system owner (sink), in minor units, by the kind (type) of the command; EXPIRE: expiry.',
      values: flows(({ owner }) => ({ sink: owner }), 'consumed'),
    },
    {
      name: 'jifen_redemptions_total',
      type: 'counter',
      help: 'Movements of points to @redeem.',
      values: flows(({ owner }) => (owner === '@redeem' ? {} : undefined), 'consumptions'),
    },
    {
      name: 'jifen_transfers_total',
      type: 'counter',
      help: 'Transfers, captures and reversals that are decided, by kind (type) and outcome: ok, or the code of a final refusal.',
      values: ({ shards }) => {
        const sums = new Sums();
        for (const { command, kind, refusal, count } of shards.flatMap((one) => one.outcomes))
          sums.add({ command, type: typeOf(kind), outcome: CODES[refusal] ?? OTHER }, count);
        return sums.values;
      },
    },
  ];
}

const DISK: readonly Family[] = [
  {
    name: 'jifen_disk_size_bytes',
    type: 'gauge',
    help: 'Size of the file system that the data folder is on.',
    values: ({ disk }) => [{ labels: {}, value: disk.bytes }],
  },
  {
    name: 'jifen_disk_free_bytes',
    type: 'gauge',
    help: 'What of it is free for this process.',
    values: ({ disk }) => [{ labels: {}, value: disk.freeBytes }],
  },
  {
    name: 'jifen_disk_free_min_bytes',
    type: 'gauge',
    help: 'What must be free: with less, commands are refused DISK_FULL.',
    values: ({ disk }) => [{ labels: {}, value: disk.freeBytesMin }],
  },
  {
    name: 'jifen_disk_days_left',
    type: 'gauge',
    help: 'In how many days, at the pace of the last day, only what must be free is left; none: not known yet, or it does not grow.',
    values: ({ disk }) =>
      disk.daysLeft === undefined ? [] : [{ labels: {}, value: disk.daysLeft }],
  },
  {
    name: 'jifen_shard_disk_bytes',
    type: 'gauge',
    help: "What a shard takes of it: its log's database, its sealed segments, its state.",
    values: ({ disk, segments }) => [
      ...disk.shards.flatMap(({ shard, logBytes, stateBytes }) => [
        { labels: { shard, part: 'log' }, value: logBytes },
        { labels: { shard, part: 'state' }, value: stateBytes },
      ]),
      ...segments.map(({ shard, bytes }) => ({
        labels: { shard, part: 'segments' },
        value: bytes,
      })),
    ],
  },
  {
    name: 'jifen_segments',
    type: 'gauge',
    help: 'Sealed segments of the log.',
    values: ({ segments }) =>
      segments.map((one) => ({ labels: { shard: one.shard }, value: one.segments })),
  },
  {
    name: 'jifen_segments_raw_bytes',
    type: 'gauge',
    help: 'Bytes of the blocks in sealed segments, as they were before they were compressed.',
    values: ({ segments }) =>
      segments.map(({ shard, rawBytes }) => ({ labels: { shard }, value: rawBytes })),
  },
  {
    name: 'jifen_segment_failing',
    type: 'gauge',
    help: '1: the last attempt to seal a segment failed; the log grows until one succeeds.',
    values: ({ segments }) =>
      segments.map(({ shard, problem }) => ({
        labels: { shard },
        value: problem === undefined ? 0 : 1,
      })),
  },
];

const ofConnections = (
  name: string,
  type: 'counter' | 'gauge',
  key: keyof BusFigures,
  help: string,
): Family => ({
  name,
  type,
  help,
  values: ({ node, shards }) =>
    node === undefined
      ? []
      : [
          { labels: { connection: 'node' }, value: node[key] },
          ...shards.map(({ shard, bus }) => ({
            labels: { connection: `shard-${shard}` },
            value: bus[key],
          })),
        ],
});

// One connection of the node itself, and one of each shard; none where there are no other nodes.
const NODE: readonly Family[] = [
  ofConnections('jifen_bus_connected', 'gauge', 'connected', 'Is there a connection to NATS?'),
  ofConnections('jifen_bus_sent_total', 'counter', 'sent', 'Messages sent to other nodes.'),
  ofConnections('jifen_bus_received_total', 'counter', 'received', 'Messages of other nodes.'),
  ofConnections(
    'jifen_bus_dropped_total',
    'counter',
    'dropped',
    'Messages that could not be sent, or were not what they should be.',
  ),
  {
    name: 'jifen_remote_batches_total',
    type: 'counter',
    help: 'Batches of commands sent to other nodes, and carried out for them.',
    values: ({ node }) =>
      node === undefined
        ? []
        : [
            { labels: { direction: 'sent' }, value: node.batchesSent },
            { labels: { direction: 'done' }, value: node.batchesDone },
          ],
  },
  {
    name: 'jifen_node_clock_difference_seconds',
    type: 'gauge',
    help: 'By how much the clock of each other node that was heard is ahead of the one here.',
    values: ({ node }) =>
      [...(node?.clocksAheadMs ?? [])].map(([name, ms]) => ({
        labels: { node: name },
        value: ms / 1_000,
      })),
  },
];

const isSynchronous = ({ state }: Standby): boolean => state === 'sync' || state === 'quorum';

// Nothing where the folder's own log is the log of record.
const RECORD: readonly Family[] = [
  {
    name: 'jifen_record_ready',
    type: 'gauge',
    help: 'Can the log of record acknowledge what is appended?',
    values: ({ record }) =>
      record === undefined ? [] : [{ labels: {}, value: record.trouble === null ? 1 : 0 }],
  },
  {
    name: 'jifen_record_synchronous_standbys',
    type: 'gauge',
    help: 'Standbys of the log of record that commits wait for, as the primary says.',
    values: ({ record }) =>
      record === undefined
        ? []
        : [{ labels: {}, value: record.standbys.filter(isSynchronous).length }],
  },
  {
    name: 'jifen_record_standby_lag_bytes',
    type: 'gauge',
    help: 'What each standby of the log of record has not flushed yet.',
    values: ({ record }) =>
      (record?.standbys ?? []).map(({ name, lagBytes }) => ({
        labels: { standby: name },
        value: lagBytes,
      })),
  },
];

// Nothing where nobody else can serve the shards.
const REPLICAS: readonly Family[] = [
  {
    name: 'jifen_replica_term',
    type: 'gauge',
    help: 'The term of the replica that leads: rises when another one takes over.',
    values: ({ replica }) =>
      replica === undefined
        ? []
        : [{ labels: { node: replica.node, replica: replica.replica }, value: replica.term }],
  },
  {
    name: 'jifen_replicas_in_step',
    type: 'gauge',
    help: 'Other replicas whose copy has all: any of them can take over.',
    values: ({ replica }) =>
      replica === undefined
        ? []
        : [
            {
              labels: { node: replica.node },
              value: replica.others.filter(({ inStep, trouble }) => inStep && trouble === null)
                .length,
            },
          ],
  },
];

const ofProjections = (
  name: string,
  key: keyof ProjectionFigures,
  help: string,
  scale = 1,
  of: 'projections' | 'receipts' = 'projections',
): Family => ({
  name,
  type: 'gauge',
  help,
  values: ({ [of]: figures }) =>
    figures === undefined ? [] : [{ labels: {}, value: figures[key] * scale }],
});

// Of the node with the first shard; none where there is plenty of all goods.
const LOW_STOCK: Family = {
  name: 'jifen_low_stock_pieces',
  type: 'gauge',
  help: 'Pieces (or codes) that are left of goods that have fewer than they should have (`lowStock`), the fewest first; beyond 100 goods the fewest of the others.',
  values: ({ lowStock }) => {
    const fewest = [...lowStock].sort((a, b) => a.left - b.left);
    const told = fewest.slice(0, LOW_GOODS_MAX);
    const [other] = fewest.slice(LOW_GOODS_MAX);
    return [...told, ...(other === undefined ? [] : [{ ...other, goods: OTHER }])].map(
      ({ goods, left }) => ({ labels: { goods }, value: left }),
    );
  },
};

// None where there are no leaderboards.
const PROJECTIONS: readonly Family[] = [
  ofProjections(
    'jifen_projection_lag_blocks',
    'lagBlocks',
    'Blocks of the logs here that projections (leaderboards) have not looked at yet.',
  ),
  ofProjections(
    'jifen_projection_lag_seconds',
    'lagMs',
    'How old the oldest of them is; 0: there is none.',
    1 / 1_000,
  ),
  ofProjections('jifen_leaderboard_periods', 'periods', 'Periods of leaderboards that are kept.'),
  // None where there are no receipts.
  ofProjections(
    'jifen_receipts_lag_blocks',
    'lagBlocks',
    'Blocks of the logs here that are not in their trees yet (receipts).',
    1,
    'receipts',
  ),
  ofProjections(
    'jifen_receipts_lag_seconds',
    'lagMs',
    'How old the oldest of them is; 0: there is none.',
    1 / 1_000,
    'receipts',
  ),
];

const ofRisk = (name: string, help: string, of: (figures: RiskFigures) => number): Family => ({
  name,
  type: 'gauge',
  help,
  values: ({ risk }) => (risk === undefined ? [] : [{ labels: {}, value: of(risk) }]),
});

// None where there is no rule of risk.
const RISK: readonly Family[] = [
  ofRisk(
    'jifen_risk_lag_blocks',
    'Blocks of the logs here that rules of risk have not looked at yet.',
    ({ lagBlocks }) => lagBlocks,
  ),
  ofRisk(
    'jifen_risk_signals_left_out',
    'Signals that rules and scores of risk want and that are not counted: there are too many.',
    ({ leftOut }) => leftOut.length,
  ),
  ofRisk(
    'jifen_risk_table_bytes',
    'Bytes of the tables of signals of risk, but for sets of two members and more.',
    ({ bytes }) => bytes,
  ),
  ofRisk(
    'jifen_risk_sets',
    'Addresses, devices and codes that two members or more were seen with.',
    ({ sets }) => sets,
  ),
  ofRisk(
    'jifen_risk_forgotten',
    'Members and sets that signals of risk have forgotten for want of room since the rules were read.',
    ({ forgotten }) => forgotten,
  ),
  {
    name: 'jifen_risk_found_total',
    type: 'counter',
    help: 'Marks of risk that rules and scores have asked for here, by reason.',
    values: ({ risk }) =>
      Object.entries(risk?.found ?? {}).map(([reason, value]) => ({ labels: { reason }, value })),
  },
];

const COMMANDS: Family = {
  name: 'jifen_commands_total',
  type: 'counter',
  help: 'Commands answered, by type and outcome (ok, or the code of the refusal); replays too.',
  values: ({ outcomes }) =>
    [...outcomes].map(([key, value]) => {
      const [command = '', outcome = ''] = key.split(' ');
      return { labels: { command, outcome }, value };
    }),
};

/** Every metric of the ledger. */
export const ledgerFamilies = (): readonly Family[] => [
  ...SHARDS,
  ...HISTOGRAMS,
  ...movements(),
  ...DISK,
  ...NODE,
  ...RECORD,
  ...REPLICAS,
  ...PROJECTIONS,
  ...RISK,
  LOW_STOCK,
  COMMANDS,
];
