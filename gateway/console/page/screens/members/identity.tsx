// Who a member is in which system, how it signs in, where it is signed in. Owns: this part. Never touches: passwords.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1MembersByOwnerSessionsBySession,
  getV1MembersByOwnerSessions,
  getV1MembersByOwnerSignIn,
  getV1UsersByOwner,
  postV1MembersByOwnerSignInClose,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Button, Card, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { ActionDialog } from '../../ui/acting/action-dialog.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      identities: 'Who it is elsewhere',
      noIdentities: 'Not known in any other system.',
      system: 'System',
      user: 'User',
      active: 'Counts',
      inactive: 'Does not count',
      signIn: 'Sign-in',
      none: 'Does not sign in',
      opened: 'Signs in',
      closed: 'Closed',
      since: 'Since',
      password: 'Password changed',
      close: 'Close the sign-in',
      closeTitle: 'Close what {owner} signs in with',
      closeWhat: 'Its sessions end, and what applications were given. Points stay.',
      sessions: 'Sessions',
      noSessions: 'Signed in nowhere.',
      agent: 'Browser',
      address: 'Address',
      used: 'Used last',
      end: 'End',
      endTitle: 'End this session of {owner}',
      endWhat: 'Whoever uses it must sign in again.',
    },
    zh: {
      identities: '其他系统中的身份',
      noIdentities: '没有其他系统的身份。',
      system: '系统',
      user: '用户',
      active: '有效',
      inactive: '已停用',
      signIn: '登录',
      none: '未开通登录',
      opened: '已开通登录',
      closed: '已关闭',
      since: '开通时间',
      password: '密码更新',
      close: '关闭登录',
      closeTitle: '关闭 {owner} 的登录',
      closeWhat: '其会话和应用授权都会结束，积分保留。',
      sessions: '会话',
      noSessions: '没有登录中的会话。',
      agent: '浏览器',
      address: '地址',
      used: '最近使用',
      end: '结束',
      endTitle: '结束 {owner} 的会话',
      endWhat: '使用该会话的人需要重新登录。',
    },
  }),
);

type Mapping = AnswerOf<typeof getV1UsersByOwner>['mappings'][number];
type Session = AnswerOf<typeof getV1MembersByOwnerSessions>['sessions'][number];

const mappingColumns = (): readonly Column<Mapping>[] => [
  {
    name: 'system',
    title: t('system'),
    cell: ({ system }) => <a href={href('platforms', system)}>{system}</a>,
  },
  { name: 'user', title: t('user'), cell: ({ user }) => <code class="wrap">{user}</code> },
  {
    name: 'state',
    title: m('state'),
    cell: ({ status }) => (
      <Status kind={status === 'active' ? 'good' : 'plain'}>{t(status)}</Status>
    ),
  },
  {
    name: 'at',
    title: m('at'),
    cell: ({ createdAt }) => <When ms={createdAt} form="time" />,
    isMinor: true,
  },
];

function Identities({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1UsersByOwner, { path: { owner } });
  return (
    <Card title={t('identities')}>
      <Answered known={known}>
        {({ mappings }) => (
          <Table
            label={t('identities')}
            rows={mappings}
            columns={mappingColumns()}
            keyOf={({ system, user, target }) => `${system} ${user} ${target}`}
            empty={t('noIdentities')}
          />
        )}
      </Answered>
    </Card>
  );
}

function SignIn({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerSignIn, { path: { owner } }, { isKept: false });
  const isAsked = useSignal(false);
  return (
    <Card title={t('signIn')}>
      <Answered known={known}>
        {({ state, createdAt, passwordAt }) => (
          <>
            <Facts
              rows={[
                [m('state'), t(state === 'open' ? 'opened' : state)],
                [t('since'), createdAt !== undefined && <When ms={createdAt} form="time" />],
                [t('password'), passwordAt !== undefined && <When ms={passwordAt} form="time" />],
              ]}
            />
            {state === 'open' && (
              <Button
                kind="danger"
                onClick={() => {
                  isAsked.value = true;
                }}
              >
                {t('close')}
              </Button>
            )}
          </>
        )}
      </Answered>
      {isAsked.value && (
        <ActionDialog
          title={t('closeTitle', { owner })}
          what={t('closeWhat')}
          operation={postV1MembersByOwnerSignInClose}
          asked={() => ({ path: { owner }, body: {} })}
          yes={t('close')}
          reason="none"
          isDanger
          onClose={() => {
            isAsked.value = false;
          }}
        />
      )}
    </Card>
  );
}

function Sessions({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerSessions, { path: { owner } }, { isKept: false });
  const ended = useSignal<Session | undefined>(undefined);
  const columns: readonly Column<Session>[] = [
    { name: 'agent', title: t('agent'), cell: ({ agent }) => <span class="wrap">{agent}</span> },
    { name: 'address', title: t('address'), cell: ({ address }) => address, isMinor: true },
    { name: 'used', title: t('used'), cell: ({ usedAt }) => <When ms={usedAt} form="time" /> },
    {
      name: 'end',
      title: '',
      cell: (session) => (
        <Button
          kind="quiet"
          onClick={() => {
            ended.value = session;
          }}
        >
          {t('end')}
        </Button>
      ),
    },
  ];
  return (
    <Card title={t('sessions')}>
      <Answered known={known}>
        {({ sessions }) => (
          <Table
            label={t('sessions')}
            rows={sessions}
            columns={columns}
            keyOf={({ session }) => session}
            empty={t('noSessions')}
          />
        )}
      </Answered>
      {ended.value && (
        <ActionDialog
          title={t('endTitle', { owner })}
          what={t('endWhat')}
          operation={deleteV1MembersByOwnerSessionsBySession}
          asked={() => ({ path: { owner, session: ended.peek()?.session ?? '' } })}
          yes={t('end')}
          reason="none"
          isDanger
          onClose={() => {
            ended.value = undefined;
          }}
        />
      )}
    </Card>
  );
}

export function IdentityPart({ owner }: { owner: string }): JSX.Element {
  return (
    <>
      <Identities owner={owner} />
      {may('sign-in') && <SignIn owner={owner} />}
      {may('sign-in') && <Sessions owner={owner} />}
    </>
  );
}
