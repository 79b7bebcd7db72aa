// What is wrong. Owns: the list. Never touches: what is judged.

import type { JSX } from 'preact';
import {
  type Alert,
  getV1AlertRules,
  getV1Alerts,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice, oneOf } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { MarkTag, said } from './states.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);
const c = speaker(COMMON);
const STATES = ['open', 'firing', 'silenced', 'resolved'] as const;
const SEVERITIES = ['critical', 'warning', 'info'] as const;

const columns = (): Column<Alert>[] => [
  { name: 'rule', title: t('rule'), cell: ({ rule }) => <code>{rule}</code> },
  { name: 'severity', title: t('severity'), cell: ({ severity }) => <MarkTag of={severity} /> },
  { name: 'state', title: c('state'), cell: ({ state }) => <MarkTag of={state} /> },
  { name: 'text', title: t('alert'), cell: ({ text }) => <span class="wrap">{said(text)}</span> },
  { name: 'since', title: t('since'), cell: ({ since }) => date(since, 'time') },
  {
    ...{ name: 'firings', title: t('firings'), isNumber: true, isMinor: true },
    cell: ({ firings }) => number(firings),
  },
];

export default function Alerts(): JSX.Element {
  const rules = useAnswer(getV1AlertRules, {}).answer?.rules ?? [];
  const state = oneOf('state', STATES);
  const severity = oneOf('severity', SEVERITIES);
  const rule = oneOf(
    'rule',
    rules.map((one) => one.rule),
  );
  const query = {
    ...(state !== undefined && { state }),
    ...(severity !== undefined && { severity }),
    ...(rule !== undefined && { rule }),
  };
  const pages = usePages(getV1Alerts, { query }, ({ alerts }) => alerts);
  return (
    <>
      <Head title={t('alerts')}>
        <p class="muted">
          {t('alertsWhy')} <a href={href('alert-rules')}>{t('rules')}</a>,{' '}
          <a href={href('silences')}>{t('silences')}</a>
        </p>
      </Head>
      <Filters
        filters={[
          choice(
            'state',
            c('state'),
            STATES.map((one) => [one, t(one)]),
          ),
          choice(
            'severity',
            t('severity'),
            SEVERITIES.map((one) => [one, t(one)]),
          ),
          choice(
            'rule',
            t('rule'),
            rules.map((one) => [one.rule, one.rule]),
          ),
        ]}
      />
      <PagedTable
        label={t('alerts')}
        pages={pages}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => href('alerts', id)}
        empty={t('alertsNone')}
        columns={columns()}
      />
    </>
  );
}
