// The outbox's figures as Prometheus reads them. Owns: their names, labels and what they mean. Never touches: where they come from.

import type { OutboxFigures } from './messages.js';
import type { ReceiverFigures } from './receiver.js';

type Lanes = ReceiverFigures['shards'];

const sum = (lanes: Lanes, of: (lane: Lanes[number]) => number): number =>
  lanes.reduce((all, lane) => all + of(lane), 0);

/** One metric: of each webhook a value; undefined: none. */
interface WebhookMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly of: (figures: ReceiverFigures) => number | undefined;
}

const METRICS: readonly WebhookMetric[] = [
  {
    name: 'jifen_webhook_lag_seconds',
    type: 'gauge',
    help: 'How old the oldest block is that a webhook has not been told of; none of one that is halted.',
    of: ({ halted, shards }) =>
      halted === null ? Math.max(0, ...shards.map(({ lagMs }) => lagMs)) / 1_000 : undefined,
  },
  {
    name: 'jifen_webhook_halted',
    type: 'gauge',
    help: 'Is nothing sent: paused, its maker may not read, its secret cannot be opened?',
    of: ({ halted }) => (halted === null ? 0 : 1),
  },
  {
    name: 'jifen_webhook_delivered_total',
    type: 'counter',
    help: 'Attempts that were answered 2xx.',
    of: ({ delivered }) => delivered,
  },
  {
    name: 'jifen_webhook_failed_total',
    type: 'counter',
    help: 'Attempts that were not.',
    of: ({ failed }) => failed,
  },
  {
    name: 'jifen_notices_sent_total',
    type: 'counter',
    help: 'Notices that a channel has sent to members.',
    of: ({ counts }) => counts?.sent,
  },
  {
    name: 'jifen_notices_skipped_total',
    type: 'counter',
    help: 'Notices that were not sent, as the member has not agreed, the address is none, or they are too old.',
    of: ({ counts }) => counts?.skipped,
  },
  {
    name: 'jifen_notices_failed_total',
    type: 'counter',
    help: 'Attempts of a channel to send a notice that failed.',
    of: ({ counts }) => counts?.failed,
  },
  {
    name: 'jifen_webhook_waiting',
    type: 'gauge',
    help: 'Events that have failed and are tried again, or stand behind one that is.',
    of: ({ shards }) => sum(shards, ({ waiting }) => waiting),
  },
  {
    name: 'jifen_webhook_dead_letters',
    type: 'gauge',
    help: 'Events that were given up.',
    of: ({ shards }) => sum(shards, ({ dead }) => dead),
  },
  {
    name: 'jifen_webhook_full',
    type: 'gauge',
    help: 'Is nothing new told, as too much waits or was given up?',
    of: ({ shards }) => (shards.some(({ isFull }) => isFull) ? 1 : 0),
  },
];

/** What is registered of a metric. */
export interface WebhookFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  values(figures: OutboxFigures): { labels: { webhook: string }; value: number }[];
}

export const WEBHOOK_FAMILIES: readonly WebhookFamily[] = METRICS.map(
  ({ of, ...metric }): WebhookFamily => ({
    ...metric,
    values: ({ receivers }) =>
      receivers.flatMap((figures) => {
        const value = of(figures);
        return value === undefined ? [] : [{ labels: { webhook: figures.id }, value }];
      }),
  }),
);
