// Exchanges with partners outside, and those that wait for points of a reserve. Owns: their lists. Never touches: steps.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import {
  getV1PartnerExchanges,
  getV1Partners,
  getV1PendingExchanges,
} from '../../../../../web/page/api/operations.js';
import { Choice, asked, Rows } from '../parts/look.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag, stateText } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const STATES = [
  ...(['pending_approval', 'started', 'in_progress', 'retrying'] as const),
  ...(['completed', 'failed'] as const),
];

export default function Exchanges(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const [partner, status] = [asked('partner'), asked('status')];
  const pages = usePages(
    getV1PartnerExchanges,
    {
      query: {
        ...(partner !== '' && { partner }),
        ...(status !== '' && { status: status as (typeof STATES)[number] }),
      },
    },
    ({ exchanges }) => exchanges,
  );
  return (
    <>
      <p class="hint">{t('exchangesWhy')}</p>
      <div class="filters">
        <Choice
          name="partner"
          label={t('partner')}
          of={(partners.answer?.partners ?? []).map(({ platform, name }) => [
            platform,
            name ?? platform,
          ])}
        />
        <Choice name="status" label={c('state')} of={STATES.map((one) => [one, stateText(one)])} />
      </div>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('exchanges')}
            rows={pages.items}
            keyOf={({ exchange }) => exchange}
            columns={[
              {
                name: 'exchange', title: t('exchange'),
                cell: ({ exchange }) => (
                  <a href={href('partner-exchanges', exchange)}>{exchange}</a>
                ),
              },
              { name: 'state', title: c('state'), cell: ({ status: of }) => <StateTag of={of} /> },
              {
                name: 'member', title: t('member'),
                cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
              },
              {
                name: 'amount', title: t('amount'),
                isNumber: true,
                cell: ({ amount, source }) => <Points minor={amount} asset={source.asset} />,
              },
              {
                name: 'result', title: t('result'),
                isNumber: true,
                cell: ({ result, target }) => <Points minor={result} asset={target.asset} />,
              },
              { name: 'submitted', title: t('submitted'), cell: ({ submittedAt }) => date(submittedAt, 'time') },
              { name: 'until', title: t('until'), cell: ({ until }) => date(until, 'time') },
            ]}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
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
          <Rows
            label={t('pending')}
            rows={assets}
            keyOf={({ asset }) => asset}
            none={t('pendingNone')}
            columns={[
              {
                name: 'asset', title: t('asset'),
                cell: ({ asset }) => <a href={href('pending-exchanges', asset)}>{asset}</a>,
              },
              { name: 'exchanges', title: t('exchanges'), isNumber: true, cell: ({ pending }) => number(pending) },
              { name: 'since', title: t('since'), cell: ({ since }) => date(since, 'time') },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}
