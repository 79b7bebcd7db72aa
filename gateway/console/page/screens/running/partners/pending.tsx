// Exchanges that wait for points of a reserve, of an asset. Owns: their list. Never touches: reserves.

import type { JSX } from 'preact';
import { getV1PendingExchangesByAsset } from '../../../../../web/page/api/operations.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Head } from '../../../ui/head.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Points } from '../parts/points.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);

export default function Pending({ params }: ScreenProps): JSX.Element {
  const { asset = '' } = params;
  const pages = usePages(
    getV1PendingExchangesByAsset,
    { path: { asset } },
    ({ exchanges }) => exchanges,
  );
  return (
    <>
      <Head
        title={`${t('pending')}: ${asset}`}
        crumbs={[{ title: t('exchanges'), href: href('partner-exchanges') }]}
      />
      <PagedTable
        label={t('pending')}
        pages={pages}
        keyOf={({ owner, submission }) => `${owner} ${submission}`}
        empty={t('pendingNone')}
        columns={[
          {
            name: 'exchange',
            title: t('exchange'),
            cell: ({ submission }) => <code>{submission}</code>,
          },
          {
            name: 'member',
            title: t('member'),
            cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
          },
          {
            name: 'amount',
            title: t('amount'),
            isNumber: true,
            cell: ({ amount, from }) => <Points minor={amount} asset={from} />,
          },
          {
            name: 'fee',
            title: t('fee'),
            isNumber: true,
            cell: ({ fee, from }) => <Points minor={fee} asset={from} />,
          },
          {
            name: 'result',
            title: t('result'),
            isNumber: true,
            cell: ({ result }) => <Points minor={result} asset={asset} />,
          },
          {
            name: 'submitted',
            title: t('submitted'),
            cell: ({ submittedAt }) => date(submittedAt, 'time'),
          },
          { name: 'until', title: t('until'), cell: ({ until }) => date(until, 'time') },
        ]}
      />
    </>
  );
}
