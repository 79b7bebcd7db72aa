// Reconciliations with partners. Owns: their list. Never touches: what is found.

import type { JSX } from 'preact';
import { getV1Partners, getV1Reconciliations } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice, chosen } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { Reconciling } from './reconciling.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);

export default function Reconciliations(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const all = (partners.answer?.partners ?? []).map(({ platform, name }): [string, string] => [
    platform,
    name ?? platform,
  ]);
  const partner = chosen('partner') || all[0]?.[0];
  const pages = usePages(
    getV1Reconciliations,
    partner === undefined ? undefined : { query: { partner } },
    ({ reconciliations }) => reconciliations,
  );
  return (
    <>
      <Head
        title={t('reconciliations')}
        actions={may('settle') && partner !== undefined && <Reconciling partner={partner} />}
      >
        <p class="muted">{t('reconciliationsWhy')}</p>
      </Head>
      <Filters filters={[{ ...choice('partner', t('partner'), all), none: all[0]?.[1] ?? '–' }]} />
      {partners.answer?.partners.length === 0 ? (
        <p class="muted">{c('none')}</p>
      ) : (
        <PagedTable
          label={t('reconciliations')}
          pages={pages}
          keyOf={({ reconciliation }) => reconciliation}
          hrefOf={({ reconciliation }) => href('reconciliations', reconciliation)}
          empty={c('none')}
          columns={[
            {
              name: 'reconciliation',
              title: t('reconciliation'),
              cell: ({ reconciliation }) => reconciliation,
            },
            {
              name: 'partner',
              title: t('partner'),
              cell: ({ partner: of }) => <a href={href('partners', of)}>{of}</a>,
            },
            { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
            {
              name: 'period',
              title: t('period'),
              cell: ({ from, until }) => `${date(from, 'time')} – ${date(until, 'time')}`,
            },
            {
              name: 'mismatches',
              title: t('mismatches'),
              isNumber: true,
              cell: ({ mismatches }) => number(mismatches),
            },
            {
              name: 'by',
              title: t('by'),
              cell: ({ isScheduled, by }) => (isScheduled ? t('scheduled') : by),
            },
            {
              name: 'started',
              title: t('started'),
              cell: ({ startedAt }) => date(startedAt, 'time'),
            },
          ]}
        />
      )}
    </>
  );
}
