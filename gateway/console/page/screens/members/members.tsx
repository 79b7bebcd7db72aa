// All members, and whatever somebody has in hand: a name, an id, a number, a code. Owns: this screen. Never touches: how it is found.

import type { JSX } from 'preact';
import { getV1Members, getV1Search } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Head } from '../../ui/head.js';
import { Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { Table } from '../../ui/table/table.js';
import { useAmounts, type Written } from './assets.js';
import { actName } from './names.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      q: 'Anything of a member',
      qHint: 'Name, platform’s id, login, phone, mail, order, coupon, card, event …',
      prefix: 'Name begins with',
      since: 'First seen',
      points: 'Points',
      list: 'All members',
      found: 'Found',
      kind: 'What it is',
      what: 'Known as',
      owner: 'Member',
      none: 'Nobody’s name begins so.',
      nothing: 'Nothing is known by that. Codes, numbers and addresses are found whole only.',
      behind: 'The register is still being read: {n} blocks are left.',
      member: 'Member',
      'system-owner': 'System owner',
      user: 'User of {system}',
      'sign-in': 'Signs in',
      order: 'Order',
      coupon: 'Coupon',
      card: 'Gift card',
      'referral-code': 'Referral code',
      event: 'Event',
      transfer: 'Transfer',
      hold: 'Hold',
      reversal: 'Reversal',
      exchange: 'Exchange',
      act: 'Act',
      command: 'Command',
      'partner-exchange': 'Exchange with a partner',
      definition: 'Definition',
      platform: 'Platform',
    },
    zh: {
      q: '搜索会员',
      qHint: '会员号、平台用户、登录名、手机、邮箱、订单、优惠券、卡号、事件……',
      prefix: '会员号开头',
      since: '首次出现',
      points: '积分',
      list: '全部会员',
      found: '搜索结果',
      kind: '类型',
      what: '编号',
      owner: '会员',
      none: '没有以此开头的会员。',
      nothing: '没有找到。券码、单号和联系方式必须完整输入。',
      behind: '名册仍在读取：还剩 {n} 个区块。',
      member: '会员',
      'system-owner': '系统账户',
      user: '{system} 的用户',
      'sign-in': '登录名',
      order: '订单',
      coupon: '优惠券',
      card: '礼品卡',
      'referral-code': '推荐码',
      event: '事件',
      transfer: '转账',
      hold: '冻结',
      reversal: '冲正',
      exchange: '积分兑换',
      act: '业务操作',
      command: '命令',
      'partner-exchange': '合作方兑换',
      definition: '定义',
      platform: '平台',
    },
  }),
);

type Listed = AnswerOf<typeof getV1Members>['members'][number];
type Found = AnswerOf<typeof getV1Search>['results'][number];

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

/** Where something that was found is shown. */
export function placeOf(found: Found): string | undefined {
  const { type, owner, key = '', kind = '', programme } = found;
  switch (type) {
    case 'order':
      return owner === undefined ? undefined : href('orders', owner, key);
    case 'coupon':
      return owner === undefined ? undefined : `${href('members', owner)}?tab=coupons`;
    case 'card':
      return `${href('cards')}?card=${encodeURIComponent(key)}`;
    case 'definition':
      return href('definitions', kind, key);
    case 'partner-exchange':
      return href('partner-exchanges', key);
    case 'platform':
      return href('platforms', key);
    case 'event':
    case 'transfer':
    case 'hold':
    case 'reversal':
    case 'exchange':
    case 'act':
    case 'command':
      return owner === undefined ? undefined : href('members', owner, 'transfers', key);
    case 'referral-code':
    case 'user':
    case 'sign-in':
    case 'member':
    case 'system-owner':
      return owner === undefined ? undefined : href('members', owner);
    default:
      return programme === undefined ? undefined : href('definitions', 'programme', programme);
  }
}

const FOUND = (): readonly Column<Found>[] => [
  {
    name: 'what',
    title: t('what'),
    cell: ({ key, owner }) => <code class="wrap">{key ?? owner ?? ''}</code>,
  },
  {
    name: 'kind',
    title: t('kind'),
    cell: ({ type, system = '', act }) =>
      act === undefined ? t(type, { system }) : `${t(type, { system })}: ${actName(act)}`,
  },
  {
    name: 'owner',
    title: t('owner'),
    cell: ({ owner }) =>
      owner === undefined ? null : <a href={href('members', owner)}>{owner}</a>,
  },
  {
    name: 'at',
    title: m('at'),
    cell: ({ at }) => at !== undefined && <When ms={at} form="time" />,
    isMinor: true,
  },
];

function Results({ q }: { q: string }): JSX.Element {
  const known = useAnswer(getV1Search, { query: { q } }, { isKept: false });
  return (
    <Answered known={known} lines={5}>
      {({ results }) => (
        <Table
          label={t('found')}
          rows={results}
          columns={FOUND()}
          keyOf={({ type, owner, key, system }) => `${type} ${system} ${owner} ${key}`}
          hrefOf={placeOf}
          empty={t('nothing')}
        />
      )}
    </Answered>
  );
}

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
  const { q = '', prefix = '' } = place.value.query;
  return (
    <>
      <Head title={m('members')} />
      <Filters
        filters={[
          { name: 'q', label: t('q'), placeholder: t('qHint') },
          { name: 'prefix', label: t('prefix') },
        ]}
      />
      {q === '' ? <All prefix={prefix} /> : <Results q={q} />}
    </>
  );
}
