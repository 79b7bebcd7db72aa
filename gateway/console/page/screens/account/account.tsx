// Who is signed in: what they may do, where they are signed in, their password and one-time codes.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  deleteOperatorSessionsBySession,
  getOperatorSession,
  getOperatorSessions,
  postOperatorPassword,
  postOperatorTotpRemove,
} from '../../../../web/page/api/operations.js';
import type {
  AnswerOf,
  AnyOperation,
  Asked,
  Problem,
} from '../../../../web/page/calls/operation.js';
import { askOwn, signOut } from '../../../../web/page/shell/app.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { Button, Card, Form, Note, Skeleton, When } from '../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { AROUND } from '../../../../web/page/words/around.js';
import { table } from '../../../../web/page/words/words.js';
import { Codes } from '../../shell/codes.js';
import { Code, NewPasswordFields, PasswordNow, useNewPassword } from '../../shell/typed.js';
import { useOwn } from '../../shell/use-own.js';
import { Head } from '../../ui/head.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { SHELL } from '../../words/shell.js';
import { SIGN_IN } from '../../words/sign-in.js';

const around = speaker(AROUND);
const shell = speaker(SHELL);
const signing = speaker(SIGN_IN);
const t = speaker(
  table({
    en: {
      who: 'Who you are',
      name: 'Name',
      principal: 'In the audit trail',
      roles: 'Roles',
      operations: 'You may',
      until: 'Signed in until',
      sessions: 'Where you are signed in',
      address: 'From',
      agent: 'Browser',
      used: 'Used last',
      since: 'Since',
      end: 'Sign out there',
      isThis: 'this one',
    },
    zh: {
      who: '身份',
      name: '名称',
      principal: '审计记录中的名称',
      roles: '角色',
      operations: '权限',
      until: '登录有效期至',
      sessions: '登录的设备',
      address: '来源',
      agent: '浏览器',
      used: '最近使用',
      since: '登录时间',
      end: '使其退出',
      isThis: '本设备',
    },
  }),
);

/** What is asked by the cookie when it is first shown, and again. */
function useOwnAnswer<Op extends AnyOperation>(operation: Op, asked: Asked<Op>) {
  const answer = useSignal<AnswerOf<Op> | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const again = async (): Promise<void> => {
    const came = await askOwn(operation, asked);
    problem.value = came.ok ? undefined : came.problem;
    if (came.ok) answer.value = came.answer;
  };
  useEffect(() => void again(), []);
  return { answer: answer.value, problem: problem.value, again };
}

function Password(): JSX.Element {
  const before = useSignal('');
  const next = useNewPassword();
  const isDone = useSignal(false);
  const asking = useOwn(postOperatorPassword);
  const send = async (): Promise<void> => {
    isDone.value = false;
    if (!next.tried()) return;
    const came = await asking.run({
      body: { password: before.value, newPassword: next.password.value },
    });
    if (!came.ok) return;
    before.value = '';
    next.clear();
    isDone.value = true;
  };
  return (
    <Card title={signing('change')}>
      <Form class="stack narrow" onSend={send}>
        <PasswordNow password={before} />
        <NewPasswordFields of={next} />
        {asking.problem && <ProblemNote problem={asking.problem} />}
        <div role="status">
          {isDone.value && (
            <Note kind="good" icon="check">
              <p>{signing('changed')}</p>
            </Note>
          )}
        </div>
        <div class="buttons">
          <Button type="submit" kind="plain" isBusy={asking.isBusy}>
            {signing('change')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function OneTimeCodes({
  hasCodes,
  onChange,
}: {
  hasCodes: boolean;
  onChange: () => void;
}): JSX.Element {
  const doing = useSignal<'nothing' | 'setting' | 'removing'>('nothing');
  const isSet = useSignal(false);
  return (
    <Card
      title={signing('codesTitle')}
      action={
        <Status kind={hasCodes ? 'good' : 'warn'}>
          {signing(hasCodes ? 'codesOn' : 'codesOff')}
        </Status>
      }
    >
      <div class="stack narrow">
        <div role="status">
          {isSet.value && (
            <Note kind="good" icon="check">
              <p>{signing('codesDone')}</p>
            </Note>
          )}
        </div>
        {doing.value === 'nothing' && (
          <div class="buttons">
            <Button
              kind="plain"
              onClick={() => {
                doing.value = 'setting';
                isSet.value = false;
              }}
            >
              {signing(hasCodes ? 'codesReplace' : 'codesBegin')}
            </Button>
            {hasCodes && (
              <Button
                kind="danger"
                onClick={() => {
                  doing.value = 'removing';
                }}
              >
                {signing('codesRemove')}
              </Button>
            )}
          </div>
        )}
        {doing.value === 'setting' && (
          <Codes
            hasCodes={hasCodes}
            onDone={() => {
              doing.value = 'nothing';
              isSet.value = true;
              onChange();
            }}
          />
        )}
        {doing.value === 'removing' && (
          <Remove
            onDone={() => {
              doing.value = 'nothing';
              onChange();
            }}
          />
        )}
        {doing.value !== 'nothing' && (
          <div class="buttons">
            <Button
              kind="plain"
              onClick={() => {
                doing.value = 'nothing';
              }}
            >
              {around('cancel')}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Remove({ onDone }: { onDone: () => void }): JSX.Element {
  const password = useSignal('');
  const code = useSignal('');
  const asking = useOwn(postOperatorTotpRemove);
  const send = async (): Promise<void> => {
    const came = await asking.run({ body: { password: password.value, code: code.value } });
    if (came.ok) onDone();
    else code.value = '';
  };
  return (
    <Form class="stack" onSend={send}>
      <PasswordNow password={password} />
      <Code code={code} />
      {asking.problem && <ProblemNote problem={asking.problem} />}
      <Button type="submit" kind="danger" isBusy={asking.isBusy}>
        {signing('codesRemove')}
      </Button>
    </Form>
  );
}

type SessionHere = AnswerOf<typeof getOperatorSessions>['sessions'][number];

function Sessions(): JSX.Element {
  const { answer, problem, again } = useOwnAnswer(getOperatorSessions, {});
  const ending = useOwn(deleteOperatorSessionsBySession);
  const end = async (session: string): Promise<void> => {
    await ending.run({ path: { session } });
    await again();
  };
  const columns: Column<SessionHere>[] = [
    {
      name: 'agent',
      title: t('agent'),
      cell: ({ agent, isThis }) => (
        <>
          {agent} {isThis && <Status kind="accent">{t('isThis')}</Status>}
        </>
      ),
    },
    { name: 'address', title: t('address'), cell: ({ address }) => address, isMinor: true },
    {
      name: 'since',
      title: t('since'),
      cell: ({ createdAt }) => <When ms={createdAt} form="time" />,
      isMinor: true,
    },
    { name: 'used', title: t('used'), cell: ({ usedAt }) => <When ms={usedAt} isFar /> },
    {
      name: 'end',
      title: t('end'),
      cell: ({ session, isThis, agent }) =>
        !isThis && (
          <Button kind="quiet" label={`${t('end')}: ${agent}`} onClick={() => void end(session)}>
            {t('end')}
          </Button>
        ),
    },
  ];
  return (
    <Card title={t('sessions')}>
      {ending.problem && <ProblemNote problem={ending.problem} />}
      {answer === undefined ? (
        problem === undefined ? (
          <Skeleton />
        ) : (
          <ProblemNote problem={problem} onAgain={() => void again()} />
        )
      ) : (
        <Table
          label={t('sessions')}
          rows={answer.sessions}
          columns={columns}
          keyOf={({ session }) => session}
        />
      )}
    </Card>
  );
}

function SignOut(): JSX.Element {
  const isBusy = useSignal(false);
  const isStuck = useSignal(false);
  const leave = async (): Promise<void> => {
    isBusy.value = true;
    isStuck.value = !(await signOut());
    isBusy.value = false;
  };
  return (
    <>
      <Button kind="plain" isBusy={isBusy.value} onClick={() => void leave()}>
        {around('signOut')}
      </Button>
      {isStuck.value && (
        <Note kind="danger" icon="cross">
          <p>{around('signOutFailed')}</p>
        </Note>
      )}
    </>
  );
}

export default function Account(): JSX.Element {
  const { answer, problem, again } = useOwnAnswer(getOperatorSession, {});
  return (
    <>
      <Head title={shell('account')} actions={<SignOut />} />
      {answer === undefined ? (
        problem === undefined ? (
          <Skeleton />
        ) : (
          <ProblemNote problem={problem} onAgain={() => void again()} />
        )
      ) : (
        <>
          <Card title={t('who')}>
            <Facts
              rows={[
                [t('name'), answer.name],
                [t('principal'), <code key="principal">{answer.principal}</code>],
                [t('roles'), answer.roles.length > 0 && answer.roles.join(', ')],
                [t('until'), <When key="until" ms={answer.until} form="time" />],
                [t('operations'), answer.operations.join(', ')],
              ]}
            />
          </Card>
          {answer.codes !== 'key' && (
            <>
              <Sessions />
              <OneTimeCodes hasCodes={answer.codes === 'on'} onChange={() => void again()} />
              <Password />
            </>
          )}
        </>
      )}
    </>
  );
}
