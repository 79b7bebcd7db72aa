// The roles. Owns: their list; that one is said, changed, removed. Never touches: who has which.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1RolesByRole,
  getV1Roles,
  putV1RolesByRole,
  type Role,
} from '../../../../../web/page/api/operations.js';
import { RoleSaid } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { Chips } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { OPERATORS } from './operator-words.js';

const t = speaker(OPERATORS);
const c = speaker(COMMON);

export default function Roles(): JSX.Element {
  const known = useAnswer(getV1Roles, {});
  return (
    <>
      <Head
        title={t('roles')}
        crumbs={[{ title: t('operators'), href: href('operators') }]}
        actions={may('admin') && <NewRole />}
      >
        <p class="muted">{t('rolesWhy')}</p>
      </Head>
      <Answered known={known}>
        {({ roles }) => (
          <Table
            label={t('roles')}
            rows={roles}
            keyOf={({ role }) => role}
            columns={[
              {
                name: 'role',
                title: t('role'),
                cell: ({ role, builtIn }) => (
                  <>
                    {role} {builtIn && <Status>{t('builtIn')}</Status>}
                  </>
                ),
              },
              {
                name: 'operations',
                title: c('operations'),
                cell: ({ operations }) => <Chips of={operations} />,
              },
              {
                name: 'seconded',
                title: t('seconded'),
                cell: ({ seconded }) => seconded && <Chips of={seconded} />,
              },
              {
                name: 'description',
                title: t('description'),
                isMinor: true,
                cell: ({ description }) => description,
              },
              ...(may('admin')
                ? [{ name: 'change', title: c('change'), cell: (one: Role) => <Doings of={one} /> }]
                : []),
            ]}
          />
        )}
      </Answered>
    </>
  );
}

function NewRole(): JSX.Element {
  const role = useSignal('');
  return (
    <Editor
      label={t('roleAdd')}
      kind="main"
      title={t('roleAdd')}
      hint={<Field label={t('roleName')} bound={role} isRequired maxLength={40} />}
      isReady={role.value.trim() !== ''}
      schema={RoleSaid}
      value={{ operations: ['view'] }}
      without={['ifVersion']}
      operation={putV1RolesByRole}
      // A new one: where there is one of this name, it is not changed by this.
      asked={(body) => ({ path: { role: role.value.trim() }, body: { ...body, ifVersion: 0 } })}
    />
  );
}

function Doings({ of }: { of: Role }): JSX.Element | null {
  const { role, builtIn, version } = of;
  if (builtIn) return null;
  const ifVersion = version === undefined ? {} : { ifVersion: version };
  return (
    <span class="buttons">
      <Editor
        label={c('change')}
        title={`${t('roleChange')}: ${role}`}
        schema={RoleSaid}
        value={only(of, ['operations', 'seconded', 'description'])}
        without={['ifVersion']}
        operation={putV1RolesByRole}
        asked={(body) => ({ path: { role }, body: { ...body, ...ifVersion } })}
      />
      <Doing
        label={c('remove')}
        title={`${c('remove')}: ${role}`}
        kind="danger"
        what={t('roleRemoveWhat')}
        operation={deleteV1RolesByRole}
        asked={() => ({ path: { role } })}
      />
    </span>
  );
}
