// A member's coupons. Owns: this part. Never touches: campaigns of coupons.

import type { JSX } from 'preact';
import {
  getV1MembersByOwnerCoupons,
  getV1MembersByOwnerProgrammes,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href } from '../../../../web/page/shell/router.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { Secret } from '../../../../web/page/ui/secret.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      of: 'Coupons of {programme}',
      none: 'No coupons.',
      noProgramme: 'There is no programme for this member.',
      code: 'Code',
      campaign: 'Coupon',
      uses: 'Uses',
      order: 'For',
      available: 'Can be used',
      reserved: 'Reserved',
      used: 'Used',
      expired: 'Expired',
    },
    zh: {
      of: '{programme} 的优惠券',
      none: '没有优惠券。',
      noProgramme: '没有适用于该会员的活动方案。',
      code: '券码',
      campaign: '优惠券',
      uses: '已用次数',
      order: '用于',
      available: '可用',
      reserved: '已占用',
      used: '已使用',
      expired: '已过期',
    },
  }),
);

type Coupon = AnswerOf<typeof getV1MembersByOwnerCoupons>['coupons'][number];

const columns = (): readonly Column<Coupon>[] => [
  {
    name: 'campaign',
    title: t('campaign'),
    cell: ({ campaign }) => <a href={href('coupons', campaign)}>{campaign}</a>,
  },
  {
    name: 'code',
    title: t('code'),
    // Whoever has it can use it.
    cell: ({ code }) => <Secret text={code} label={t('code')} />,
  },
  {
    name: 'state',
    title: m('state'),
    cell: ({ state }) => (
      <Status kind={state === 'available' ? 'good' : 'plain'}>{t(state)}</Status>
    ),
  },
  {
    name: 'uses',
    title: t('uses'),
    cell: ({ uses }) => number(uses),
    isNumber: true,
    isMinor: true,
  },
  { name: 'order', title: t('order'), cell: ({ order }) => order, isMinor: true },
  {
    name: 'expires',
    title: m('expires'),
    cell: ({ expiresAt }) =>
      expiresAt === undefined ? m('never') : <When ms={expiresAt} form="time" />,
  },
];

function OfProgramme({ owner, programme }: { owner: string; programme: string }): JSX.Element {
  const pages = usePages(
    getV1MembersByOwnerCoupons,
    { path: { owner }, query: { programme } },
    ({ coupons }) => coupons,
    { isKept: false },
  );
  return (
    <Card title={t('of', { programme })}>
      <PagedTable
        label={t('of', { programme })}
        pages={pages}
        columns={columns()}
        keyOf={({ code }) => code}
        empty={t('none')}
      />
    </Card>
  );
}

export function CouponsPart({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerProgrammes, { path: { owner } });
  return (
    <Answered known={known}>
      {({ programmes }) =>
        programmes.length === 0 ? (
          <p class="muted">{t('noProgramme')}</p>
        ) : (
          programmes.map(({ programme }) => (
            <OfProgramme key={programme} owner={owner} programme={programme} />
          ))
        )
      }
    </Answered>
  );
}
