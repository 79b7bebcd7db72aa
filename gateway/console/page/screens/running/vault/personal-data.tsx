// How long what is known of members is kept, and the keys that it is sealed under. Owns: this screen, that keys are made anew. Never touches: keys themselves.

import type { JSX } from 'preact';
import {
  getV1Retention,
  getV1Vault,
  postV1VaultRotate,
  type Vault,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { language, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card, When } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { KEPT_ZH, VAULT } from './words.js';

const t = speaker(VAULT);
const LEVELS = ['master', 'shelves', 'members'] as const;
type Level = (typeof LEVELS)[number];

export default function PersonalData(): JSX.Element {
  return (
    <>
      <Head
        title={t('title')}
        actions={
          may('admin') && (
            <Doing
              label={t('rotate')}
              what={t('rotateWhat')}
              operation={postV1VaultRotate}
              wanted={[
                {
                  ...{ name: 'level', label: t('level'), value: 'master' },
                  of: LEVELS.map((one) => [one, t(`level_${one}`)] as const),
                },
              ]}
              asked={({ level = 'master' }) => ({ body: { level: level as Level } })}
            />
          )
        }
      >
        <p class="muted">
          {t('why')} <a href={href('erasures')}>{t('erasures')}</a>
        </p>
      </Head>
      <Retention />
      {may('admin') && <Keys />}
    </>
  );
}

function Retention(): JSX.Element {
  const known = useAnswer(getV1Retention, {});
  const said = (what: string): string => (language.value === 'zh' ? (KEPT_ZH[what] ?? what) : what);
  return (
    <Card title={t('retention')}>
      <Answered known={known}>
        {({ retention }) => (
          <Table
            label={t('retention')}
            rows={retention}
            columns={[
              {
                name: 'what',
                title: t('what'),
                cell: ({ what }) => <span class="wrap">{said(what)}</span>,
              },
              {
                name: 'days',
                title: t('days'),
                cell: ({ days }) => (days === null ? t('forEver') : number(days)),
              },
              {
                name: 'setting',
                title: t('setting'),
                cell: ({ setting }) => (setting === null ? t('fixed') : <code>{setting}</code>),
                isMinor: true,
              },
            ]}
            keyOf={({ what }) => what}
          />
        )}
      </Answered>
    </Card>
  );
}

function Keys(): JSX.Element {
  const known = useAnswer(getV1Vault, {}, { isKept: false });
  return (
    <Card
      title={t('keys')}
      action={
        known.answer && (
          <Status kind={known.answer.isOpen ? 'good' : 'danger'}>
            {t(known.answer.isOpen ? 'open' : 'shut')}
          </Status>
        )
      }
    >
      <Answered known={known}>{(vault) => <Facts rows={factsOf(vault)} />}</Answered>
    </Card>
  );
}

const factsOf = (vault: Vault): Parameters<typeof Facts>[0]['rows'] => [
  [t('shut'), vault.reason],
  [t('master'), t(`master_${vault.master}`)],
  [t('root'), number(vault.root)],
  [t('shelves'), number(vault.shelves)],
  [
    t('members'),
    <a key="members" href={href('members')}>
      {number(vault.members)}
    </a>,
  ],
  [
    t('erased'),
    <a key="erased" href={`${href('erasures')}?state=erased`}>
      {number(vault.erased)}
    </a>,
  ],
  [t('sealed'), number(vault.sealed)],
  [t('opened'), number(vault.opened)],
  [t('rotatedAt'), vault.rotatedAt !== undefined && <When ms={vault.rotatedAt} form="time" />],
  [
    t('rotating'),
    vault.rotating !== undefined && <Status kind="accent">{t(`level_${vault.rotating}`)}</Status>,
  ],
];
