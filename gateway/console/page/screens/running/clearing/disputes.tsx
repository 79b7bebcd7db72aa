// Disputes about what platforms of a coalition owe each other. Owns: their list. Never touches: what is decided.

import type { JSX } from 'preact';
import {
  getV1ClearingByCoalitionDisputes,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice, chosen } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const c = speaker(COMMON);

export default function Disputes(): JSX.Element {
  const known = useAnswer(getV1DefinitionsByKind, { path: { kind: 'coalition' } });
  const coalitions = (known.answer?.definitions ?? []).map(({ key }) => key);
  const coalition = chosen('coalition') || coalitions[0];
  const cycle = Number(chosen('cycle'));
  const pages = usePages(
    getV1ClearingByCoalitionDisputes,
    coalition === undefined
      ? undefined
      : { path: { coalition }, query: cycle >= 1 ? { cycle } : {} },
    ({ disputes }) => disputes,
  );
  return (
    <>
      <Head title={t('disputes')} crumbs={[{ title: t('coalitions'), href: href('clearing') }]}>
        <p class="muted">{t('disputesWhy')}</p>
      </Head>
      <Filters
        filters={[
          {
            ...choice(
              'coalition',
              t('coalition'),
              coalitions.map((key) => [key, key]),
            ),
            none: coalitions[0] ?? '–',
          },
          { name: 'cycle', label: t('cycle'), type: 'number' },
        ]}
      />
      {known.answer !== undefined && coalition === undefined ? (
        <p class="muted">{c('none')}</p>
      ) : (
        <PagedTable
          label={t('disputes')}
          pages={pages}
          keyOf={({ dispute }) => dispute}
          hrefOf={({ dispute }) => href('disputes', coalition ?? '', dispute)}
          empty={c('none')}
          columns={[
            { name: 'dispute', title: t('dispute'), cell: ({ dispute }) => dispute },
            {
              name: 'state',
              title: c('state'),
              cell: ({ state }) => state && <DisputeTag of={state} />,
            },
            { name: 'by', title: t('by'), cell: ({ by }) => by },
            { name: 'other', title: t('other'), cell: ({ other }) => other },
            {
              name: 'cycle',
              title: t('cycle'),
              isMinor: true,
              cell: ({ cycle: of }) => of,
            },
            { name: 'reason', title: t('reason'), isMinor: true, cell: ({ reason }) => reason },
            {
              name: 'opened',
              title: t('opened'),
              isMinor: true,
              cell: ({ openedAt }) => openedAt && date(openedAt, 'time'),
            },
            {
              name: 'answerBy',
              title: t('answerBy'),
              cell: ({ answerBy }) => date(answerBy, 'time'),
            },
          ]}
        />
      )}
    </>
  );
}
