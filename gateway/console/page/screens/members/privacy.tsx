// What becomes of what is known of a member: consents to share, who has seen it. Owns: this part. Never touches: how it is kept.

import type { JSX } from 'preact';
import {
  getV1MembersByOwnerDisclosures,
  getV1MembersByOwnerSharing,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      sharing: 'What may be given away',
      share_analytics: 'Device and location',
      share_contacts: 'Contacts',
      given: 'Agreed',
      refused: 'Not agreed',
      seen: 'Who has seen personal data in clear',
      nobody: 'Nobody has.',
      by: 'Who',
      what: 'What',
      way: 'By',
      receiver: 'Receiver of an order',
      contact: 'Contact',
      export: 'All data',
      sessions: 'Sessions',
    },
    zh: {
      sharing: '信息共享授权',
      share_analytics: '设备与位置',
      share_contacts: '联系方式',
      given: '已同意',
      refused: '未同意',
      seen: '个人信息明文查看记录',
      nobody: '没有人查看过。',
      by: '查看人',
      what: '内容',
      way: '途径',
      receiver: '订单收货信息',
      contact: '联系方式',
      export: '全部信息',
      sessions: '登录会话',
    },
  }),
);

type Look = AnswerOf<typeof getV1MembersByOwnerDisclosures>['disclosures'][number];

const columns = (): readonly Column<Look>[] => [
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  { name: 'by', title: t('by'), cell: ({ by }) => by },
  { name: 'what', title: t('what'), cell: ({ what }) => t(what) },
  { name: 'way', title: t('way'), cell: ({ way }) => <code>{way}</code>, isMinor: true },
];

/** Who has seen it; for who may set what is the member's own. */
function Looks({ owner }: { owner: string }): JSX.Element {
  const pages = usePages(
    getV1MembersByOwnerDisclosures,
    { path: { owner }, query: {} },
    (page) => page.disclosures,
    { isKept: false },
  );
  return (
    <Card title={t('seen')}>
      <PagedTable
        label={t('seen')}
        pages={pages}
        columns={columns()}
        keyOf={({ at, by, what, way }) => `${at} ${by} ${what} ${way}`}
        empty={t('nobody')}
      />
    </Card>
  );
}

export function PrivacyPart({ owner }: { owner: string }): JSX.Element {
  const sharing = useAnswer(getV1MembersByOwnerSharing, { path: { owner } }, { isKept: false });
  return (
    <>
      <Card title={t('sharing')}>
        <Answered known={sharing}>
          {(said) => (
            <Facts
              rows={(['share_analytics', 'share_contacts'] as const).map((name) => [
                t(name),
                <Status key={name} kind={said[name].isGiven ? 'good' : 'plain'}>
                  {t(said[name].isGiven ? 'given' : 'refused')}
                </Status>,
              ])}
            />
          )}
        </Answered>
      </Card>
      {may('adjust') && <Looks owner={owner} />}
    </>
  );
}
