// Exchanges with partners outside, and those that wait for points of a reserve. Owns: their lists. Never touches: steps.

import type { JSX } from 'preact';
import {
  getV1PartnerExchanges,
  getV1PartnerExchangesByExchange,
  getV1Partners,
  getV1PendingExchanges,
} from '../../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Table } from '../../../ui/table/table.js';
import { choice, chosen, oneOf } from '../parts/look.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag, stateText } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const STATES = [
  ...(['ended', 'completed', 'failed', 'pending_approval', 'started', 'in_progress'] as const),
  ...(['retrying', 'any'] as const),
];
type Listed = AnswerOf<typeof getV1PartnerExchanges>['exchanges'][number];

/** How an exchange stands: of a list that does not say it, asked for of those rows alone that are seen. */
const Standing = ({ of }: { of: Listed }): JSX.Element =>
  of.status === undefined ? <Asked exchange={of.exchange} /> : <Stands known={of as Said} />;

function Asked({ exchange }: { exchange: string }): JSX.Element {
  const known = useAnswer(getV1PartnerExchangesByExchange, { path: { exchange } }).answer;
  return <Stands known={known} />;
}

type Said = Pick<
  AnswerOf<typeof getV1PartnerExchangesByExchange>,
  'status' | 'amount' | 'source' | 'target'
>;

function Stands({ known }: { known: Said | undefined }): JSX.Element {
  if (known === undefined) return <span>…</span>;
  const { status, amount, source, target } = known;
  return (
    <>
      <StateTag of={status} /> <Points minor={amount} asset={source.asset} /> → {target.asset}
    </>
  );
}

export default function Exchanges(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const state = oneOf('state', STATES);
  const partner = chosen('partner');
  // What is of one partner is looked for among all.
  const query =
    partner === ''
      ? { ...(state !== undefined && { state }) }
      : { partner, state: state ?? ('open' as const) };
  const pages = usePages(getV1PartnerExchanges, { query }, ({ exchanges }) => exchanges);
  return (
    <>
      <Head title={t('exchanges')}>
        <p class="muted">{t('exchangesWhy')}</p>
      </Head>
      <Filters
        filters={[
          {
            ...choice(
              'state',
              c('state'),
              STATES.map((one) => [one, stateText(one)]),
            ),
            none: t('underWay'),
          },
          choice(
            'partner',
            t('partner'),
            (partners.answer?.partners ?? []).map(({ platform, name }) => [
              platform,
              name ?? platform,
            ]),
          ),
        ]}
      />
      <PagedTable
        label={t('exchanges')}
        pages={pages}
        keyOf={({ exchange }) => exchange}
        hrefOf={({ exchange }) => href('partner-exchanges', exchange)}
        empty={state === undefined ? t('exchangesNone') : t('exchangesNoneSo')}
        columns={[
          { name: 'exchange', title: t('exchange'), cell: ({ exchange }) => exchange },
          {
            name: 'state',
            title: c('state'),
            cell: (one) => <Standing of={one} />,
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
          {
            name: 'ended',
            title: t('ended'),
            cell: ({ endedAt }) => (endedAt === undefined ? '' : date(endedAt, 'time')),
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
