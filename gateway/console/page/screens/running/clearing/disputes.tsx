// Disputes about what platforms owe each other. Owns: their list. Never touches: what is decided.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1DefinitionsByKind, getV1Disputes } from '../../../../../web/page/api/operations.js';
import { Choice, asked, Rows } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { clearingStateText, DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const c = speaker(COMMON);
const STATES = ['open', 'answered', 'settled', 'rejected', 'withdrawn'] as const;

export default function Disputes(): JSX.Element {
  const coalitions = useAnswer(getV1DefinitionsByKind, { path: { kind: 'coalition' } });
  const coalition = asked('coalition');
  const state = STATES.find((one) => one === asked('state'));
  const pages = usePages(
    getV1Disputes,
    { query: { ...(coalition !== '' && { coalition }), ...(state && { state }) } },
    ({ disputes }) => disputes,
  );
  return (
    <>
      <p class="hint">{t('disputesWhy')}</p>
      <div class="filters">
        <Choice
          name="coalition"
          label={t('coalition')}
          of={(coalitions.answer?.definitions ?? []).map(({ key }) => [key, key])}
        />
        <Choice
          name="state"
          label={c('state')}
          of={STATES.map((one) => [one, clearingStateText(one)])}
        />
      </div>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('disputes')}
            rows={pages.items}
            keyOf={({ coalition: of, dispute }) => `${of} ${dispute}`}
            columns={[
              {
                name: 'dispute', title: t('dispute'),
                cell: ({ coalition: of, dispute }) => (
                  <a href={href('disputes', of, dispute)}>{dispute}</a>
                ),
              },
              { name: 'state', title: c('state'), cell: ({ state: of }) => of && <DisputeTag of={of} /> },
              { name: 'coalition', title: t('coalition'), cell: ({ coalition: of }) => of },
              { name: 'by', title: t('by'), cell: ({ by }) => <a href={href('platforms', by)}>{by}</a> },
              {
                name: 'other', title: t('other'),
                cell: ({ other }) => <a href={href('platforms', other)}>{other}</a>,
              },
              { name: 'reason', title: t('reason'), cell: ({ reason }) => reason },
              { name: 'opened', title: t('opened'), cell: ({ openedAt }) => openedAt && date(openedAt, 'time') },
              { name: 'answerBy', title: t('answerBy'), cell: ({ answerBy }) => date(answerBy, 'time') },
            ]}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
    </>
  );
}
