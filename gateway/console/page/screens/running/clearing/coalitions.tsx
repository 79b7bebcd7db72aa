// The coalitions that are cleared. Owns: their list. Never touches: what they say (definitions).

import type { JSX } from 'preact';
import { getV1DefinitionsByKind } from '../../../../../web/page/api/operations.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { COMMON } from '../parts/words.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const c = speaker(COMMON);

export default function Coalitions(): JSX.Element {
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: 'coalition' } },
    ({ definitions }) => definitions,
  );
  return (
    <>
      <Head title={t('coalitions')}>
        <p class="muted">{t('coalitionsWhy')}</p>
      </Head>
      <PagedTable
        label={t('coalitions')}
        pages={pages}
        keyOf={({ key }) => key}
        hrefOf={({ key }) => href('clearing', key)}
        empty={c('none')}
        columns={[
          { name: 'coalition', title: t('coalition'), cell: ({ key }) => key },
          {
            name: 'state',
            title: c('state'),
            cell: ({ active, versions }) =>
              active === undefined ? (versions.at(-1)?.state ?? '') : c('active'),
          },
          {
            name: 'updated',
            title: c('updated'),
            cell: ({ versions }) => {
              const last = versions.at(-1);
              return last && date(last.definedAt, 'time');
            },
          },
        ]}
      />
    </>
  );
}
