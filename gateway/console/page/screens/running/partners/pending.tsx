// Exchanges that wait for points of a reserve, of an asset. Owns: their list. Never touches: reserves.

import type { JSX } from 'preact';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1PendingExchangesByAsset } from '../../../../../web/page/api/operations.js';
import { Rows } from '../parts/look.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);

export default function Pending({ params }: ScreenProps): JSX.Element {
  const { asset = '' } = params;
  const pages = usePages(
    getV1PendingExchangesByAsset,
    { path: { asset } },
    ({ exchanges }) => exchanges,
  );
  return (
    <>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('pending')}
            rows={pages.items}
            keyOf={({ owner, submission }) => `${owner} ${submission}`}
            none={t('pendingNone')}
            columns={[
              { head: t('exchange'), cell: ({ submission }) => <code>{submission}</code> },
              {
                head: t('member'),
                cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
              },
              {
                head: t('amount'),
                kind: 'number',
                cell: ({ amount, from }) => <Points minor={amount} asset={from} />,
              },
              {
                head: t('fee'),
                kind: 'number',
                cell: ({ fee, from }) => <Points minor={fee} asset={from} />,
              },
              {
                head: t('result'),
                kind: 'number',
                cell: ({ result }) => <Points minor={result} asset={asset} />,
              },
              { head: t('submitted'), cell: ({ submittedAt }) => date(submittedAt, 'time') },
              { head: t('until'), cell: ({ until }) => date(until, 'time') },
            ]}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
    </>
  );
}
