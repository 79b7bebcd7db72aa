// One thing that is wrong, or was. Owns: what is shown of it; that it is resolved, or told to nobody. Never touches: what is judged.

import type { JSX } from 'preact';
import {
  getV1AlertsByAlert,
  type Alert as Known,
  postV1AlertsByAlertResolve,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing } from '../parts/doing.js';
import { COMMON } from '../parts/words.js';
import { Silencing } from './silencing.js';
import { MarkTag, said } from './states.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);
const c = speaker(COMMON);

export default function Alert({ params }: ScreenProps): JSX.Element {
  const path = { alert: params.alert ?? '' };
  const known = useAnswer(getV1AlertsByAlert, { path });
  const { answer } = known;
  return (
    <>
      <Head
        title={answer?.rule ?? path.alert}
        crumbs={[{ title: t('alerts'), href: href('alerts') }]}
        actions={
          answer !== undefined &&
          answer.state !== 'resolved' &&
          may('configure') && (
            <>
              <Silencing rules={[answer.rule]} rule={answer.rule} subject={answer.subject} />
              <Doing
                label={t('resolve')}
                kind="main"
                what={t('resolveWhat')}
                operation={postV1AlertsByAlertResolve}
                isReasoned
                asked={(_, reason) => ({ path, body: { reason } })}
              />
            </>
          )
        }
      />
      <Answered known={known}>
        {(alert) => (
          <>
            {alert.isStillSo === true && <Note kind="warn">{t('isStillSo')}</Note>}
            <Card title={said(alert.text)} action={<MarkTag of={alert.state} />}>
              <Facts rows={factsOf(alert)} />
            </Card>
            <Card title={t('evidence')}>
              <Facts
                rows={Object.entries(alert.evidence).map(([name, value]) => [
                  name,
                  <Value key={name} name={name} value={value} />,
                ])}
              />
            </Card>
          </>
        )}
      </Answered>
    </>
  );
}

const factsOf = (alert: Known): Parameters<typeof Facts>[0]['rows'] => [
  [t('severity'), <MarkTag key="severity" of={alert.severity} />],
  [
    t('rule'),
    <a key="rule" href={href('alert-rules')}>
      {alert.rule}
    </a>,
  ],
  [t('about'), <code key="about">{alert.subject}</code>],
  [t('since'), date(alert.since, 'time')],
  [t('lastAt'), date(alert.lastAt, 'time')],
  [t('toldAt'), alert.toldAt && date(alert.toldAt, 'time')],
  [t('count'), number(alert.count)],
  [t('firings'), number(alert.firings)],
  [t('node'), alert.node],
  [
    t('silence'),
    alert.silence && (
      <a key="silence" href={href('silences')}>
        {alert.silence}
      </a>
    ),
  ],
  [t('resolvedAt'), alert.resolvedAt && date(alert.resolvedAt, 'time')],
  [t('resolvedBy'), alert.resolvedBy],
  [c('reason'), alert.reason],
];

/** Where a member, goods or an account can be looked at, it leads there. */
function Value({ name, value }: { name: string; value: string | number | boolean }): JSX.Element {
  if (name === 'owner' && typeof value === 'string' && /^[^@#]/.test(value))
    return <a href={href('members', value)}>{value}</a>;
  return typeof value === 'number' ? <span>{number(value)}</span> : <span>{String(value)}</span>;
}
