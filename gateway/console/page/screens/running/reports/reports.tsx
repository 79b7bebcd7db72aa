// The reports there are. Owns: their list, whether they are on. Never touches: what one says.

import type { JSX } from 'preact';
import { getV1Reports } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { language, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Note } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { REPORTS } from './words.js';

const t = speaker(REPORTS);

export default function Reports(): JSX.Element {
  const known = useAnswer(getV1Reports, {});
  const now = language.value;
  return (
    <>
      <Head title={t('reports')}>
        <p class="muted">{t('reportsWhy')}</p>
      </Head>
      <Answered known={known}>
        {({ state, reason, reports }) => (
          <>
            {(state === 'off' || state === 'building') && (
              <Note kind="warn" icon="warn">
                {t(state)} {reason}
              </Note>
            )}
            <Table
              label={t('reports')}
              rows={reports}
              keyOf={({ name }) => name}
              hrefOf={({ name }) => href('reports', name)}
              columns={[
                { name: 'report', title: t('report'), cell: ({ title }) => title[now] },
                { name: 'about', title: t('about'), cell: ({ about }) => about[now] },
              ]}
            />
          </>
        )}
      </Answered>
    </>
  );
}
