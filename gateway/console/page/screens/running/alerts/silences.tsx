// Alerts that nobody is told of, for a time. Owns: the list, that one is made and ended. Never touches: alerts.

import type { JSX } from 'preact';
import {
  deleteV1SilencesBySilence,
  getV1AlertRules,
  getV1Silences,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { COMMON } from '../parts/words.js';
import { Silencing } from './silencing.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);
const c = speaker(COMMON);

export default function Silences(): JSX.Element {
  const known = useAnswer(getV1Silences, {});
  const rules = useAnswer(getV1AlertRules, {}).answer?.rules ?? [];
  return (
    <>
      <Head
        title={t('silences')}
        crumbs={[{ title: t('alerts'), href: href('alerts') }]}
        actions={may('configure') && <Silencing rules={rules.map(({ rule }) => rule)} />}
      >
        <p class="muted">{t('silenceWhat')}</p>
      </Head>
      <Answered known={known}>
        {({ silences }) => (
          <Table
            label={t('silences')}
            rows={silences}
            keyOf={({ id }) => id}
            empty={t('silencesNone')}
            columns={[
              { name: 'rule', title: t('rule'), cell: ({ rule = '*' }) => <code>{rule}</code> },
              {
                name: 'about',
                title: t('about'),
                cell: ({ subject = '*' }) => <code class="wrap">{subject}</code>,
              },
              { name: 'reason', title: c('reason'), cell: ({ reason }) => reason },
              { name: 'until', title: t('until'), cell: ({ until }) => date(until, 'time') },
              { name: 'by', title: t('resolvedBy'), isMinor: true, cell: ({ by }) => by },
              {
                name: 'end',
                title: '',
                cell: ({ id }) =>
                  may('configure') && (
                    <Doing
                      label={t('end')}
                      what={t('endWhat')}
                      operation={deleteV1SilencesBySilence}
                      asked={() => ({ path: { silence: id } })}
                    />
                  ),
              },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
