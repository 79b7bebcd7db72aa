// The kinds of points there are: how they are counted, how long they last. Owns: their list, that one is defined and changed. Never touches: who has how many.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type Asset,
  getV1Assets,
  putV1AssetsByAsset,
} from '../../../../../web/page/api/operations.js';
import { AssetDefinition } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { table } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { Editor, only } from '../../running/parts/editor.js';
import { hintsOf, labelsOf } from './kinds.js';

const t = speaker(
  table({
    en: {
      points: 'Points',
      why: 'What is counted: each kind has its decimals, and says how long what is earned of it lasts.',
      add: 'Define points',
      change: 'Change',
      changeOf: 'Change {asset}',
      code: 'Code',
      codeHint: 'a-z, 0-9 and _, 32 at most. It stays.',
      lasts: 'Lasts',
      forEver: 'for ever',
      until: 'until {day} of a year',
      untilAfter: '{period}, then until {day}',
      ms: '{n} ms',
      notice: 'Told before',
      noticeDays: { one: '{n} day', other: '{n} days' },
      version: 'Version',
      none: 'There are no points yet: define some, then a programme.',
      report: 'What is owed of it',
    },
    zh: {
      points: '积分类型',
      why: '账本所记的内容：每种积分有其小数位数，并规定所得积分的有效期。',
      add: '新建积分类型',
      change: '修改',
      changeOf: '修改 {asset}',
      code: '代码',
      codeHint: 'a-z、0-9 和 _，最多 32 个字符，之后不能更改。',
      lasts: '有效期',
      forEver: '永久',
      until: '每年 {day} 为止',
      untilAfter: '{period} 之后的 {day} 为止',
      ms: '{n} 毫秒',
      notice: '提前提醒',
      noticeDays: '{n} 天',
      version: '版本',
      none: '还没有积分类型：请先新建，再建立积分计划。',
      report: '未兑付积分',
    },
  }),
);

const CODE = /^[a-z0-9_]{1,32}$/;
const SAID = [
  'scale',
  'lotTracked',
  'lotGranularityMs',
  'defaultExpiryMs',
  'expiresAfter',
  'expiresOn',
  'zone',
  'expiryNoticeDays',
] as const;

function lasts({ expiresAfter, expiresOn, defaultExpiryMs }: Asset): string {
  if (expiresOn !== undefined)
    return expiresAfter === undefined
      ? t('until', { day: expiresOn })
      : t('untilAfter', { period: expiresAfter, day: expiresOn });
  if (expiresAfter !== undefined) return expiresAfter;
  return defaultExpiryMs > 0 ? t('ms', { n: number(defaultExpiryMs) }) : t('forEver');
}

function Change({ of }: { of: Asset }): JSX.Element {
  return (
    <Editor
      label={t('change')}
      title={t('changeOf', { asset: of.asset })}
      schema={AssetDefinition}
      value={only(of, SAID)}
      without={['ifVersion']}
      words={labelsOf('asset')}
      hints={hintsOf('asset')}
      operation={putV1AssetsByAsset}
      asked={(body) => ({ path: { asset: of.asset }, body: { ...body, ifVersion: of.version } })}
    />
  );
}

const columns = (): readonly Column<Asset>[] => [
  { name: 'asset', title: t('code'), cell: ({ asset }) => <code>{asset}</code> },
  {
    name: 'scale',
    title: labelsOf('asset')['scale'] ?? '',
    cell: ({ scale }) => number(scale),
    isNumber: true,
  },
  { name: 'lasts', title: t('lasts'), cell: lasts },
  {
    name: 'notice',
    title: t('notice'),
    cell: ({ expiryNoticeDays = 0 }) =>
      expiryNoticeDays > 0 ? t('noticeDays', { n: expiryNoticeDays }) : '–',
    isMinor: true,
  },
  { name: 'version', title: t('version'), cell: ({ version }) => number(version), isMinor: true },
  {
    name: 'report',
    title: t('report'),
    cell: ({ asset }) => (
      <a href={`${href('reports', 'liability')}?asset=${encodeURIComponent(asset)}`}>
        {t('report')}
      </a>
    ),
    isMinor: true,
  },
  {
    name: 'change',
    title: t('change'),
    cell: (one) => may('configure') && <Change key={one.version} of={one} />,
  },
];

function Add({ taken }: { taken: readonly string[] }): JSX.Element {
  const code = useSignal('');
  const isGood = CODE.test(code.value) && !taken.includes(code.value);
  return (
    <Editor
      label={t('add')}
      kind="main"
      title={t('add')}
      hint={
        <Field
          label={t('code')}
          hint={t('codeHint')}
          value={code.value}
          maxLength={32}
          isRequired
          isFirst
          onInput={(to) => {
            code.value = to.trim();
          }}
        />
      }
      isReady={isGood}
      schema={AssetDefinition}
      value={{ scale: 0 }}
      without={['ifVersion']}
      words={labelsOf('asset')}
      hints={hintsOf('asset')}
      operation={putV1AssetsByAsset}
      // Nobody else has defined it meanwhile.
      asked={(body) => ({ path: { asset: code.value }, body: { ...body, ifVersion: 0 } })}
    />
  );
}

export default function Points(): JSX.Element {
  const known = useAnswer(getV1Assets, {});
  const assets = known.answer?.assets ?? [];
  return (
    <>
      <Head
        title={t('points')}
        actions={may('configure') && <Add taken={assets.map(({ asset }) => asset)} />}
      >
        <p class="muted">{t('why')}</p>
      </Head>
      <Answered known={known}>
        {() => (
          <Table
            label={t('points')}
            rows={assets}
            columns={columns()}
            keyOf={({ asset }) => asset}
            empty={t('none')}
          />
        )}
      </Answered>
    </>
  );
}
