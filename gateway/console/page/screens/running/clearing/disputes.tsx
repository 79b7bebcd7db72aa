// Disputes about what platforms owe each other. Owns: their list. Never touches: what is decided.

import type { JSX } from 'preact';
import { getV1DefinitionsByKind, getV1Disputes } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice, chosen, oneOf } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { clearingStateText, DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const c = speaker(COMMON);
const STATES = ['open', 'answered', 'settled', 'rejected', 'withdrawn'] as const;

export default function Disputes(): JSX.Element {
  const coalitions = useAnswer(getV1DefinitionsByKind, { path: { kind: 'coalition' } });
  const coalition = chosen('coalition');
  const state = oneOf('state', STATES);
  const pages = usePages(
    getV1Disputes,
    { query: { ...(coalition !== '' && { coalition }), ...(state && { state }) } },
    ({ disputes }) => disputes,
  );
  return (
    <>
      <Head title={t('disputes')} crumbs={[{ title: t('coalitions'), href: href('clearing') }]}>
        <p class="muted">{t('disputesWhy')}</p>
      </Head>
      <Filters
        filters={[
          choice(
            'coalition',
            t('coalition'),
            (coalitions.answer?.definitions ?? []).map(({ key }) => [key, key]),
          ),
          choice(
            'state',
            c('state'),
            STATES.map((one) => [one, clearingStateText(one)]),
          ),
        ]}
      />
      <PagedTable
        label={t('disputes')}
        pages={pages}
        keyOf={({ coalition: of, dispute }) => `${of} ${dispute}`}
        hrefOf={({ coalition: of, dispute }) => href('disputes', of, dispute)}
        empty={c('none')}
        columns={[
          {
            name: 'dispute',
            title: t('dispute'),
            cell: ({ dispute }) => dispute,
          },
          {
            name: 'state',
            title: c('state'),
            cell: ({ state: of }) => of && <DisputeTag of={of} />,
          },
          { name: 'coalition', title: t('coalition'), cell: ({ coalition: of }) => of },
          {
            name: 'by',
            title: t('by'),
            cell: ({ by }) => <a href={href('platforms', by)}>{by}</a>,
          },
          {
            name: 'other',
            title: t('other'),
            cell: ({ other }) => <a href={href('platforms', other)}>{other}</a>,
          },
          { name: 'reason', title: t('reason'), cell: ({ reason }) => reason },
          {
            name: 'opened',
            title: t('opened'),
            cell: ({ openedAt }) => openedAt && date(openedAt, 'time'),
          },
          {
            name: 'answerBy',
            title: t('answerBy'),
            cell: ({ answerBy }) => date(answerBy, 'time'),
          },
        ]}
      />
    </>
  );
}
