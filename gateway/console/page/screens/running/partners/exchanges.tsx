// Exchanges with partners outside, and those that wait for points of a reserve. Owns: their lists. Never touches: steps.

import type { JSX } from 'preact';
import {
  getV1PartnerExchanges,
  getV1PartnerExchangesByExchange,
  getV1PendingExchanges,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Table } from '../../../ui/table/table.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
/** How an exchange stands: asked for of those rows alone that are seen. */
function Standing({ exchange }: { exchange: string }): JSX.Element {
  const known = useAnswer(getV1PartnerExchangesByExchange, { path: { exchange } }).answer;
  if (known === undefined) return <span>…</span>;
  const { status, amount, source, target } = known;
  return (
    <>
      <StateTag of={status} /> <Points minor={amount} asset={source.asset} /> → {target.asset}
    </>
  );
}

export default function Exchanges(): JSX.Element {
  const pages = usePages(getV1PartnerExchanges, {}, ({ exchanges }) => exchanges);
  return (
    <>
      <Head title={t('exchanges')}>
        <p class="muted">{t('exchangesWhy')}</p>
      </Head>
      <PagedTable
        label={t('exchanges')}
        pages={pages}
        keyOf={({ exchange }) => exchange}
        hrefOf={({ exchange }) => href('partner-exchanges', exchange)}
        empty={t('exchangesNone')}
        columns={[
          { name: 'exchange', title: t('exchange'), cell: ({ exchange }) => exchange },
          {
            name: 'state',
            title: c('state'),
            cell: ({ exchange }) => <Standing exchange={exchange} />,
          },
          {
            name: 'member',
            title: t('member'),
            cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
          },
          {
            name: 'submitted',
            title: t('submitted'),
            cell: ({ submittedAt }) => date(submittedAt, 'time'),
          },
        ]}
      />
      <Waiting />
    </>
  );
}

/** Exchanges between platforms of a coalition that wait until a reserve has points. */
function Waiting(): JSX.Element {
  const known = useAnswer(getV1PendingExchanges, {});
  return (
    <Card title={t('pending')}>
      <Answered known={known}>
        {({ assets }) => (
          <Table
            label={t('pending')}
            rows={assets}
            keyOf={({ asset }) => asset}
            empty={t('pendingNone')}
            columns={[
              {
                name: 'asset',
                title: t('asset'),
                cell: ({ asset }) => <a href={href('pending-exchanges', asset)}>{asset}</a>,
              },
              {
                name: 'exchanges',
                title: t('exchanges'),
                isNumber: true,
                cell: ({ pending }) => number(pending),
              },
              { name: 'since', title: t('since'), cell: ({ since }) => date(since, 'time') },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}
