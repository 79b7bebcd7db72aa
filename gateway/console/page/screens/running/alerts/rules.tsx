// The rules by which alerts are raised. Owns: their list, that one is said. Never touches: what is judged.

import type { JSX } from 'preact';
import {
  type AlertRule,
  deleteV1AlertRulesByRule,
  getV1AlertRules,
  putV1AlertRulesByRule,
} from '../../../../../web/page/api/operations.js';
import { NewAlertRule } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { MarkTag, minutesText, said } from './states.js';
import { ALERTS } from './words.js';

const t = speaker(ALERTS);
const c = speaker(COMMON);
const SETTINGS = ['threshold', 'minimum', 'windowMs'] as const;
const ALWAYS = ['state', 'severity', 'clearMs', 'repeatMs'] as const;

export default function Rules(): JSX.Element {
  const known = useAnswer(getV1AlertRules, {});
  return (
    <>
      <Head title={t('rules')} crumbs={[{ title: t('alerts'), href: href('alerts') }]}>
        <p class="muted">{t('rulesWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ rules }) => (
          <Table
            label={t('rules')}
            rows={sought(rules, ({ rule, about }) => [rule, said(about)])}
            keyOf={({ rule }) => rule}
            empty={c('none')}
            columns={[
              {
                name: 'rule',
                title: t('rule'),
                cell: ({ rule, about }) => (
                  <>
                    <code>{rule}</code>
                    <p class="muted wrap">{said(about)}</p>
                  </>
                ),
              },
              {
                name: 'state',
                title: c('state'),
                cell: ({ state = 'active' }) => <MarkTag of={state} />,
              },
              {
                name: 'severity',
                title: t('severity'),
                cell: ({ severity = 'info' }) => <MarkTag of={severity} />,
              },
              {
                name: 'threshold',
                title: t('threshold'),
                isNumber: true,
                cell: ({ threshold }) => (threshold === undefined ? '–' : number(threshold)),
              },
              {
                name: 'window',
                title: t('window'),
                cell: ({ windowMs }) => (windowMs === undefined ? '–' : minutesText(windowMs)),
              },
              {
                name: 'repeat',
                title: t('repeat'),
                isMinor: true,
                cell: ({ repeatMs = 0 }) => (repeatMs === 0 ? '–' : minutesText(repeatMs)),
              },
              { name: 'change', title: '', cell: (rule) => <Saying of={rule} /> },
            ]}
          />
        )}
      </Answered>
    </>
  );
}

/** What a rule takes is asked for, and nothing that it has not. */
function Saying({ of }: { of: AlertRule }): JSX.Element | false {
  if (!may('configure')) return false;
  const path = { rule: of.rule };
  const own = new Map(of.settings.map((one) => [one.name, one]));
  const words = Object.fromEntries(
    of.settings.map(({ name, from, to, about }) => [
      name,
      `${said(about)} (${number(from)}–${number(to)})`,
    ]),
  );
  return (
    <span class="chips">
      <Editor
        label={t('change')}
        title={t('changeRule', { rule: of.rule })}
        hint={<p class="muted">{t('changeWhy')}</p>}
        schema={NewAlertRule}
        value={only(of, [...ALWAYS, ...own.keys()])}
        without={['ifVersion', ...SETTINGS.filter((name) => !own.has(name))]}
        hints={words}
        operation={putV1AlertRulesByRule}
        asked={(body) => ({ path, body: { ...body, ifVersion: of.version } })}
      />
      {of.version > 0 && (
        <Doing
          label={t('reset')}
          kind="quiet"
          what={t('resetWhat')}
          operation={deleteV1AlertRulesByRule}
          asked={() => ({ path })}
        />
      )}
    </span>
  );
}
