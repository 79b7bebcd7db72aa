// The coalitions that are cleared. Owns: their list. Never touches: what they say (definitions).

import type { JSX } from 'preact';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1DefinitionsByKind } from '../../../../../web/page/api/operations.js';
import { Rows } from '../parts/look.js';
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
      <p class="hint">{t('coalitionsWhy')}</p>
      <nav class="links" aria-label={t('coalitions')}>
        <a href={href('disputes')}>{t('disputes')}</a>
        <a href={href('rates')}>{t('rates')}</a>
      </nav>
      <Answered known={pages.known}>
        {() => (
          <Rows
            label={t('coalitions')}
            rows={pages.items}
            keyOf={({ key }) => key}
            columns={[
              { name: 'coalition', title: t('coalition'), cell: ({ key }) => <a href={href('clearing', key)}>{key}</a> },
              {
                name: 'state', title: c('state'),
                cell: ({ active, versions }) =>
                  active === undefined ? (versions.at(-1)?.state ?? '') : c('active'),
              },
              {
                name: 'updated', title: c('updated'),
                cell: ({ versions }) => {
                  const last = versions.at(-1);
                  return last && date(last.definedAt, 'time');
                },
              },
            ]}
          />
        )}
      </Answered>
      <More pages={pages} label={c('more')} />
    </>
  );
}
