// The projections' figures as Prometheus reads them. Owns: their names and labels. Never touches: where they come from.

import type { ProcessFigures } from './messages.js';
import type { ProjectionState } from './projections.js';

/** What is asked for at a scrape; undefined: the ledger is not open. */
type Figures = ProjectionState | undefined;

const one =
  (of: (figures: ProcessFigures) => number) =>
  (state: Figures): { readonly labels: Record<string, string>; readonly value: number }[] =>
    state?.figures === undefined ? [] : [{ labels: {}, value: of(state.figures) }];

export const PROJECTION_FAMILIES = [
  {
    name: 'jifen_reports_lag_blocks',
    type: 'gauge',
    help: 'Blocks of the logs here that are not projected for reports yet.',
    values: one(({ lagBlocks }) => lagBlocks),
  },
  {
    name: 'jifen_reports_lag_seconds',
    type: 'gauge',
    help: 'How old the oldest of them is.',
    values: one(({ lagMs }) => lagMs / 1_000),
  },
  {
    name: 'jifen_reports_memory_bytes',
    type: 'gauge',
    help: 'Memory that the process of the projections takes.',
    values: one(({ rssBytes }) => rssBytes),
  },
  {
    name: 'jifen_reports_questions_total',
    type: 'counter',
    help: 'Questions that were asked of the projections, since their process began.',
    values: one(({ asked }) => asked),
  },
  {
    name: 'jifen_reports_failures_total',
    type: 'counter',
    help: 'How often the process of the projections has ended by an error, or was ended for what it took.',
    values: (state: Figures) =>
      state === undefined ? [] : [{ labels: {}, value: state.failures }],
  },
] as const;
