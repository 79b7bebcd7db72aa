// All members, by name. Owns: this screen. Never touches: whatever else somebody may have in hand (screens/account/search.tsx).

import type { JSX } from 'preact';
import { getV1Members } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { When } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { Head } from '../../ui/head.js';
import { Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { useAmounts, type Written } from './assets.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      prefix: 'Name begins with',
      since: 'First seen',
      points: 'Points',
      list: 'All members',
      none: 'Nobody’s name begins so.',
      behind: 'The register is still being read: {n} blocks are left.',
      search: 'Search by anything else',
    },
    zh: {
      prefix: '会员号开头',
      since: '首次出现',
      points: '积分',
      list: '全部会员',
      none: '没有以此开头的会员。',
      behind: '名册仍在读取：还剩 {n} 个区块。',
      search: '按其他信息搜索',
    },
  }),
);

type Listed = AnswerOf<typeof getV1Members>['members'][number];

const columns = (written: Written): readonly Column<Listed>[] => [
  { name: 'owner', title: m('member'), cell: ({ owner }) => <code class="wrap">{owner}</code> },
  {
    name: 'points',
    title: t('points'),
    cell: ({ accounts }) =>
      accounts.map(({ asset, available }) => `${written(available, asset)} ${asset}`).join(' · '),
    isNumber: true,
  },
  {
    name: 'state',
    title: m('state'),
    cell: ({ accounts }) => (
      <>
        {accounts.some(({ frozen }) => frozen) && <Status kind="warn">{m('frozen')}</Status>}
        {accounts.some(({ available }) => available < 0) && (
          <Status kind="danger">{m('owes')}</Status>
        )}
      </>
    ),
  },
  {
    name: 'since',
    title: t('since'),
    cell: ({ since }) => <When ms={since} form="time" />,
    isMinor: true,
  },
];

function All({ prefix }: { prefix: string }): JSX.Element {
  const written = useAmounts();
  const query = prefix === '' ? {} : { prefix };
  const pages = usePages(getV1Members, { query }, ({ members }) => members, { isKept: false });
  const behind = pages.known.answer?.behind ?? 0;
  return (
    <>
      {behind > 0 && <p class="muted">{t('behind', { n: number(behind) })}</p>}
      <PagedTable
        label={t('list')}
        pages={pages}
        columns={columns(written)}
        keyOf={({ owner }) => owner}
        hrefOf={({ owner }) => href('members', owner)}
        empty={t('none')}
      />
    </>
  );
}

export default function Members(): JSX.Element {
  const { prefix = '' } = place.value.query;
  return (
    <>
      <Head
        title={m('members')}
        actions={
          <a class="button plain" href={href('search')}>
            {t('search')}
          </a>
        }
      />
      <Filters filters={[{ name: 'prefix', label: t('prefix') }]} />
      <All prefix={prefix} />
    </>
  );
}
