// An operator. Owns: what is shown and changed of one, where one is signed in. Never touches: passwords, what an operator did (the audit trail).

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { OperatorChange } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered, isMissing } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing, Once } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { COMMON } from '../parts/words.js';
import { OPERATORS } from './operator-words.js';
import { OperatorState, useRoles } from './operators.js';

const t = speaker(OPERATORS);
const c = speaker(COMMON);

export default function Operator({ params }: ScreenProps): JSX.Element {
  const path = { operator: params.operator ?? '' };
  const known = useAnswer(api.getV1OperatorsByOperator, { path });
  return (
    <>
      <Head
        title={known.answer?.name ?? path.operator}
        crumbs={[{ title: t('operators'), href: href('operators') }]}
        actions={known.answer && may('admin') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(operator) => (
          <Card title={t('operator')} action={<OperatorState of={operator} />}>
            <Facts
              rows={[
                [c('name'), operator.name],
                [
                  t('roles'),
                  <span key="roles" class="chips">
                    {operator.roles.map((role) => (
                      <a key={role} href={href('roles')}>
                        {role}
                      </a>
                    ))}
                  </span>,
                ],
                [t('codes'), c(operator.hasCodes ? 'yes' : 'no')],
                [t('version'), String(operator.version)],
                [c('created'), date(operator.createdAt, 'time')],
                [c('updated'), date(operator.updatedAt, 'time')],
                [
                  t('log'),
                  may('read-audit') && (
                    <a
                      key="log"
                      href={`${href('audit')}?principal=operator:${encodeURIComponent(operator.operator)}`}
                    >
                      {t('log')}
                    </a>
                  ),
                ],
              ]}
            />
          </Card>
        )}
      </Answered>
      {may('admin') && !isMissing(known.problem) && <Sessions path={path} />}
    </>
  );
}

function Actions({ of }: { of: api.Operator }): JSX.Element {
  const path = { operator: of.operator };
  const ifVersion = of.version;
  const roles = useRoles();
  const change = api.putV1OperatorsByOperator;
  return (
    <>
      <Editor
        label={c('change')}
        title={t('change')}
        schema={OperatorChange}
        value={only(of, ['name', 'roles'])}
        without={['ifVersion', 'disabled']}
        choices={(place) => (place === 'roles[]' ? roles : undefined)}
        operation={change}
        asked={(body) => ({ path, body: { ...body, ifVersion } })}
      />
      <Doing
        label={t('invite')}
        what={t('inviteWhat')}
        operation={api.postV1OperatorsByOperatorInvitations}
        asked={() => ({ path })}
        shown={({ invitation }) => <Once label={t('invitation')} text={invitation} />}
      />
      {of.disabled ? (
        <Doing
          key="enable"
          label={c('enable')}
          operation={change}
          asked={() => ({ path, body: { disabled: false, ifVersion } })}
        />
      ) : (
        <Doing
          key="disable"
          label={c('disable')}
          kind="danger"
          what={t('disableWhat')}
          operation={change}
          asked={() => ({ path, body: { disabled: true, ifVersion } })}
        />
      )}
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('removeWhat')}
        operation={api.deleteV1OperatorsByOperator}
        asked={() => ({ path })}
        onDone={() => go(href('operators'))}
      />
    </>
  );
}

function Sessions({ path }: { path: { operator: string } }): JSX.Element {
  const known = useAnswer(api.getV1OperatorsByOperatorSessions, { path });
  return (
    <Card
      title={t('sessions')}
      action={
        <Doing
          label={t('signOut')}
          kind="danger"
          what={t('signOutWhat')}
          operation={api.deleteV1OperatorsByOperatorSessions}
          asked={() => ({ path })}
        />
      }
    >
      <Answered known={known}>
        {({ sessions }) => (
          <Table
            label={t('sessions')}
            rows={sessions}
            keyOf={({ session }) => session}
            empty={t('sessionsNone')}
            columns={[
              {
                name: 'agent',
                title: t('sessionAgent'),
                cell: ({ agent, isThis }) => (
                  <>
                    <span class="wrap">{agent}</span> {isThis && <Status>{t('thisOne')}</Status>}
                  </>
                ),
              },
              { name: 'address', title: t('sessionAddress'), cell: ({ address }) => address },
              {
                name: 'used',
                title: t('sessionUsed'),
                cell: ({ usedAt }) => date(usedAt, 'time'),
              },
              {
                name: 'created',
                title: c('created'),
                isMinor: true,
                cell: ({ createdAt }) => date(createdAt, 'time'),
              },
              {
                name: 'end',
                title: t('sessionEnd'),
                cell: ({ session }) => (
                  <Doing
                    label={t('sessionEnd')}
                    kind="danger"
                    what={t('sessionEndWhat')}
                    operation={api.deleteV1OperatorsByOperatorSessionsBySession}
                    asked={() => ({ path: { ...path, session } })}
                  />
                ),
              },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}
