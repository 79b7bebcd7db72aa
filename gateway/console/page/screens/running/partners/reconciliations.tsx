// Reconciliations with partners. Owns: their list. Never touches: what is found.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1Partners, getV1Reconciliations } from '../../../../../web/page/api/operations.js';
import { may } from '../../../shell/app.js';
import { Choice, asked, Rows } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { Reconciling } from './reconciling.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);

export default function Reconciliations(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const partner = asked('partner');
  const pages = usePages(
    getV1Reconciliations,
    { query: partner === '' ? {} : { partner } },
    ({ reconciliations }) => reconciliations,
  );
  return (
    <>
      <p class="hint">{t('reconciliationsWhy')}</p>
      <div class="filters">
        <Choice
          name="partner"
          label={t('partner')}
          of={(partners.answer?.partners ?? []).map(({ platform, name }) => [
            platform,
            name ?? platform,
          ])}
        />
        {may('settle') && partner !== '' && <Reconciling partner={partner} />}
      </div>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('reconciliations')}
            rows={pages.items}
            keyOf={({ reconciliation }) => reconciliation}
            columns={[
              {
                name: 'reconciliation', title: t('reconciliation'),
                cell: ({ reconciliation }) => (
                  <a href={href('reconciliations', reconciliation)}>{reconciliation}</a>
                ),
              },
              {
                name: 'partner', title: t('partner'),
                cell: ({ partner: of }) => <a href={href('partners', of)}>{of}</a>,
              },
              { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
              {
                name: 'period', title: t('period'),
                cell: ({ from, until }) => `${date(from, 'time')} – ${date(until, 'time')}`,
              },
              {
                name: 'mismatches', title: t('mismatches'),
                isNumber: true,
                cell: ({ mismatches }) => number(mismatches),
              },
              { name: 'by', title: t('by'), cell: ({ isScheduled, by }) => (isScheduled ? t('scheduled') : by) },
              { name: 'started', title: t('started'), cell: ({ startedAt }) => date(startedAt, 'time') },
            ]}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
    </>
  );
}
