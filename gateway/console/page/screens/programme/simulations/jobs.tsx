// A list of simulations, or of corrections, newest first.

import type { JSX } from 'preact';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

interface Listed {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: number;
  readonly by?: string | undefined;
  readonly correction?: string | undefined;
  readonly asked?:
    | {
        readonly from?: number | undefined;
        readonly to?: number | undefined;
        readonly event?: { readonly owner: string; readonly event: string } | undefined;
        readonly definitions: readonly { readonly kind: string; readonly key: string }[];
      }
    | undefined;
}

const STATES = { running: 'running', done: 'done', failed: 'failed', cancelled: 'ended' } as const;
const timeOf = (ms: number | undefined): string => (ms === undefined ? '' : date(ms, 'time'));

const columns = (): readonly Column<Listed>[] => [
  {
    name: 'started',
    title: t('started'),
    cell: ({ startedAt, correction }) =>
      [correction, timeOf(startedAt)].filter(Boolean).join(' · '),
  },
  { name: 'state', title: t('state'), cell: ({ state }) => t(STATES[state]) },
  {
    name: 'period',
    title: t('period'),
    cell: ({ asked }) =>
      asked?.event === undefined
        ? `${timeOf(asked?.from)} – ${timeOf(asked?.to)}`
        : `${asked.event.owner} · ${asked.event.event}`,
  },
  {
    name: 'definitions',
    title: t('definitions'),
    isMinor: true,
    cell: ({ asked }) =>
      asked?.definitions.map(({ kind, key }) => `${kind}/${key}`).join(', ') || '–',
  },
  { name: 'by', title: t('by'), isMinor: true, cell: ({ by }) => by ?? '–' },
];

export const Jobs = ({
  jobs,
  at,
}: {
  jobs: readonly Listed[];
  at: 'simulations' | 'corrections';
}): JSX.Element => (
  <Table
    label={t(at)}
    rows={jobs}
    columns={columns()}
    keyOf={({ id }) => id}
    hrefOf={({ id }) => href(at, id)}
    empty={t('none')}
  />
);
