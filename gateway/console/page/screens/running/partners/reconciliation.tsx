// A reconciliation with a partner. Owns: its report as it is shown and downloaded, while it runs, too. Never touches: what is found.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  getV1ReconciliationsByReconciliation,
  getV1ReconciliationsByReconciliationLines,
  getV1ReconciliationsByReconciliationLinesCsv,
  type ReconciledTotals,
  type ReconciliationReport,
} from '../../../../../web/page/api/operations.js';
import { refresh, useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Table } from '../../../ui/table/table.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const LOOK_MS = 2_000;
const COUNTS = [
  ...(['ours', 'theirs', 'pages', 'judged', 'young', 'pending', 'unknown', 'repeated'] as const),
  'beyond' as const,
];

export default function Reconciliation({ params }: ScreenProps): JSX.Element {
  const path = { reconciliation: params.reconciliation ?? '' };
  const known = useAnswer(getV1ReconciliationsByReconciliation, { path });
  const isRunning = known.answer?.state === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void refresh(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return (
    <>
      <Head
        title={path.reconciliation}
        crumbs={[{ title: t('reconciliations'), href: href('reconciliations') }]}
      />
      <Answered known={known}>
        {(report) => (
          <>
            <Card title={t('reconciliation')} action={<StateTag of={report.state} />}>
              <ReportFacts of={report} />
            </Card>
            <Card title={t('totals')}>
              <Table
                label={t('totals')}
                rows={report.totals}
                keyOf={({ asset }) => asset}
                columns={totalColumns()}
              />
            </Card>
            <Lines path={path} />
          </>
        )}
      </Answered>
    </>
  );
}

const ReportFacts = ({ of }: { of: ReconciliationReport }): JSX.Element => (
  <Facts
    rows={[
      [
        t('partner'),
        <a key="p" href={href('partners', of.partner)}>
          {of.partner}
        </a>,
      ],
      [t('period'), `${date(of.from, 'time')} – ${date(of.until, 'time')}`],
      [t('settled'), date(of.settled, 'time')],
      [t('grace'), number(of.graceSeconds)],
      [t('by'), of.isScheduled ? t('scheduled') : of.by],
      [t('started'), date(of.startedAt, 'time')],
      [t('ended'), of.endedAt && date(of.endedAt, 'time')],
      [t('attempts'), number(of.attempts)],
      [c('why'), of.why],
      [
        t('mismatches'),
        <a key="m" href={`${href('inconsistencies')}?partner=${encodeURIComponent(of.partner)}`}>
          {number(of.mismatches)}
        </a>,
      ],
      ...Object.entries(of.findings).map(([name, n]) => [name, number(n)] as const),
      ...COUNTS.map((name) => [t(`count_${name}`), number(of.counts[name])] as const),
    ]}
  />
);

const totalColumns = (): Column<ReconciledTotals>[] => [
  { name: 'asset', title: t('asset'), cell: ({ asset }) => asset },
  { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
  ...(['added', 'deducted'] as const).flatMap((name): Column<ReconciledTotals>[] => [
    {
      name: `ours-${name}`,
      title: `${t('ours')} ${name === 'added' ? '+' : '−'}`,
      isNumber: true,
      cell: ({ ours, asset }) => <Points minor={ours[name]} asset={asset} />,
    },
    {
      name: `theirs-${name}`,
      title: `${t('theirs')} ${name === 'added' ? '+' : '−'}`,
      isNumber: true,
      cell: ({ theirs, asset }) =>
        theirs === undefined ? '–' : <Points minor={theirs[name]} asset={asset} />,
    },
  ]),
  {
    name: 'total',
    title: t('total'),
    isNumber: true,
    cell: ({ total, asset }) =>
      total === undefined ? '–' : <Points minor={total} asset={asset} />,
  },
  { name: 'why', title: c('why'), cell: ({ why }) => why },
];

function Lines({ path }: { path: { reconciliation: string } }): JSX.Element {
  const pages = usePages(getV1ReconciliationsByReconciliationLines, { path }, ({ lines }) => lines);
  return (
    <Card
      title={t('lines')}
      action={
        <SaveFile
          operation={getV1ReconciliationsByReconciliationLinesCsv}
          asked={{ path }}
          name={`${path.reconciliation}.csv`}
        >
          CSV
        </SaveFile>
      }
    >
      <PagedTable
        label={t('lines')}
        pages={pages}
        keyOf={({ inconsistency, operation }) => `${inconsistency} ${operation}`}
        columns={[
          {
            name: 'inconsistency',
            title: t('inconsistency'),
            cell: ({ inconsistency }) => (
              <a href={href('inconsistencies', inconsistency)}>{inconsistency}</a>
            ),
          },
          { name: 'finding', title: t('finding'), cell: ({ finding }) => <code>{finding}</code> },
          {
            name: 'operation',
            title: t('operation'),
            cell: ({ operation }) => operation && <code>{operation}</code>,
          },
          { name: 'asset', title: t('asset'), cell: ({ asset }) => asset },
          {
            name: 'ours',
            title: t('ours'),
            isNumber: true,
            cell: ({ ours, asset }) =>
              ours === undefined ? '–' : <Points minor={ours} asset={asset} />,
          },
          {
            name: 'theirs',
            title: t('theirs'),
            isNumber: true,
            cell: ({ theirs, asset }) =>
              theirs === undefined ? '–' : <Points minor={theirs} asset={asset} />,
          },
          { name: 'says', title: t('says'), cell: ({ says }) => says?.join(', ') },
          { name: 'when', title: c('when'), cell: ({ at }) => date(at, 'time') },
        ]}
      />
    </Card>
  );
}
