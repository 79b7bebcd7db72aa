// What `/metrics` shows of alerts, and of accounts that are recomputed. Owns: names and labels. Never touches: prom-client.

import type { RecountFigures } from '../../engine/index.js';
import type { AlertFigures } from './alerts.js';

/** What is known; undefined: the ledger is not open. */
export interface ShownFigures {
  readonly alerts: AlertFigures | undefined;
  readonly recount: RecountFigures | undefined;
}

const gauge = (
  name: string,
  help: string,
  value: (figures: RecountFigures) => number | undefined,
) => ({
  name,
  type: 'gauge' as const,
  help,
  values: ({ recount }: ShownFigures) => {
    const found = recount && value(recount);
    return found === undefined ? [] : [{ labels: {}, value: found }];
  },
});

const MS = 1_000;

export const ALERT_FAMILIES = [
  {
    name: 'jifen_alerts',
    type: 'gauge' as const,
    help: 'Alerts that this node has found and that are not over, by rule, severity and state (firing, silenced).',
    values: ({ alerts }: ShownFigures) => {
      const counts = new Map<string, { labels: Record<string, string>; value: number }>();
      for (const { rule, severity, state } of alerts?.open ?? []) {
        const key = `${rule} ${severity} ${state}`;
        const one = counts.get(key) ?? { labels: { rule, severity, state }, value: 0 };
        one.value++;
        counts.set(key, one);
      }
      return [...counts.values()];
    },
  },
  {
    name: 'jifen_alert_looks_total',
    type: 'counter' as const,
    help: 'Looks at what alerts are raised for.',
    values: ({ alerts }: ShownFigures) =>
      alerts === undefined ? [] : [{ labels: {}, value: alerts.looks }],
  },
  {
    name: 'jifen_alert_failures_total',
    type: 'counter' as const,
    help: 'Looks that failed: an alert may be missing.',
    values: ({ alerts }: ShownFigures) =>
      alerts === undefined ? [] : [{ labels: {}, value: alerts.failures }],
  },
  gauge(
    'jifen_recount_turn_timestamp_seconds',
    'When the last whole turn of recomputing every account ended; 0: none has.',
    ({ turn }) => (turn?.last?.ended ?? 0) / MS,
  ),
  gauge(
    'jifen_recount_turn_duration_seconds',
    'How long the last whole turn took.',
    ({ turn }) => turn?.last && (turn.last.ended - turn.last.began) / MS,
  ),
  gauge(
    'jifen_recount_accounts',
    'Accounts of the last whole turn.',
    ({ turn }) => turn?.last?.accounts,
  ),
  gauge('jifen_recount_done_ratio', 'What of the log this turn has looked through.', ({ turn }) =>
    turn === undefined ? undefined : turn.blocksTo === 0 ? 1 : turn.blocks / turn.blocksTo,
  ),
  gauge(
    'jifen_recount_findings',
    'Accounts that disagree with their entries, or owe more than they may.',
    ({ findings, more }) => findings.filter(({ isKnown }) => isKnown).length + more,
  ),
] as const;
