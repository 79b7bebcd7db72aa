// How a member is reached, what it agreed to, what it was sent. Owns: this part. Never touches: channels.

import type { JSX } from 'preact';
import {
  getV1MembersByOwnerContact,
  getV1MembersByOwnerNotices,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href } from '../../../../web/page/shell/router.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { Table } from '../../ui/table/table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      contact: 'Contact',
      noContact: 'It is not known how this member can be reached.',
      email: 'Mail address',
      phone: 'Phone number',
      language: 'Language',
      changed: 'Changed',
      dead: 'Answered to be none',
      consents: 'What it agreed to',
      noConsents: 'Nothing was said.',
      notices: 'Notices',
      noNotices: 'Nothing was sent.',
      notice: 'Notice',
      channel: 'Channel',
      way: 'By',
      given: 'Agreed',
      refused: 'Refused',
      sent: 'Sent',
      waiting: 'Waiting',
      failed: 'Not sent',
      skipped: 'Left out',
    },
    zh: {
      contact: '联系方式',
      noContact: '没有该会员的联系方式。',
      email: '邮箱',
      phone: '手机',
      language: '语言',
      changed: '更新时间',
      dead: '无效地址',
      consents: '授权情况',
      noConsents: '没有授权记录。',
      notices: '通知',
      noNotices: '没有发送过通知。',
      notice: '通知',
      channel: '渠道',
      way: '方式',
      given: '同意',
      refused: '拒绝',
      sent: '已发送',
      waiting: '等待发送',
      failed: '未送达',
      skipped: '未发送',
    },
  }),
);

type Contact = AnswerOf<typeof getV1MembersByOwnerContact>;
type Notice = AnswerOf<typeof getV1MembersByOwnerNotices>['notices'][number];

const consentColumns = (): readonly Column<Contact['consents'][number]>[] => [
  { name: 'notices', title: t('notice'), cell: ({ notices }) => notices },
  { name: 'type', title: t('way'), cell: ({ type }) => type },
  {
    name: 'given',
    title: m('state'),
    cell: ({ isGiven }) => (
      <Status kind={isGiven ? 'good' : 'plain'}>{t(isGiven ? 'given' : 'refused')}</Status>
    ),
  },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
];

const noticeColumns = (): readonly Column<Notice>[] => [
  { name: 'notice', title: t('notice'), cell: ({ notice }) => notice },
  {
    name: 'channel',
    title: t('channel'),
    cell: ({ channel, type }) => (
      <>
        <a href={href('channels', channel)}>{channel}</a> ({type})
      </>
    ),
    isMinor: true,
  },
  {
    name: 'state',
    title: m('state'),
    cell: ({ state, reason }) => (
      <>
        <Status kind={state === 'failed' ? 'danger' : state === 'sent' ? 'good' : 'plain'}>
          {t(state)}
        </Status>{' '}
        {reason}
      </>
    ),
  },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
];

export function ReachPart({ owner }: { owner: string }): JSX.Element {
  const contact = useAnswer(
    getV1MembersByOwnerContact,
    { path: { owner }, query: {} },
    { isKept: false },
  );
  const notices = usePages(
    getV1MembersByOwnerNotices,
    { path: { owner }, query: {} },
    (page) => page.notices,
    { isKept: false },
  );
  const isUnknown = contact.problem?.status === 404;
  return (
    <>
      <Card title={t('contact')}>
        {isUnknown ? (
          <p class="muted">{t('noContact')}</p>
        ) : (
          <Answered known={contact}>
            {(known) => (
              <div class="stack">
                <Facts
                  rows={[
                    [t('email'), known.email],
                    [t('phone'), known.phone],
                    [t('language'), known.language],
                    [t('changed'), <When key="changed" ms={known.updatedAt} form="time" />],
                    [
                      t('dead'),
                      known.dead.length > 0 &&
                        known.dead.map(({ type, reason }) => `${type}: ${reason}`).join(', '),
                    ],
                  ]}
                />
                <h3>{t('consents')}</h3>
                <Table
                  label={t('consents')}
                  rows={known.consents}
                  columns={consentColumns()}
                  keyOf={({ type, notices: of }) => `${type} ${of}`}
                  empty={t('noConsents')}
                />
              </div>
            )}
          </Answered>
        )}
      </Card>
      <Card title={t('notices')}>
        {notices.known.problem?.code === 'OUTBOX_UNAVAILABLE' ? (
          <ProblemNote problem={notices.known.problem} />
        ) : (
          <PagedTable
            label={t('notices')}
            pages={notices}
            columns={noticeColumns()}
            keyOf={({ id, type, channel }) => `${id} ${type} ${channel}`}
            empty={t('noNotices')}
          />
        )}
      </Card>
    </>
  );
}
