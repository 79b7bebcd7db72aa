// The operators. Owns: their list, that one is invited. Never touches: passwords.

import type { JSX } from 'preact';
import {
  getV1Operators,
  getV1Roles,
  type Operator,
  postV1Operators,
} from '../../../../../web/page/api/operations.js';
import { NewOperator } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Chips, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { OPERATORS } from './operator-words.js';

const t = speaker(OPERATORS);
const c = speaker(COMMON);

export const OperatorState = ({
  of: { disabled, hasPassword, invitedUntil },
}: {
  of: Operator;
}): JSX.Element => {
  if (disabled) return <Status kind="danger">{c('disabled')}</Status>;
  if (hasPassword) return <Status kind="good">{c('active')}</Status>;
  const isOpen = invitedUntil !== undefined && invitedUntil > Date.now();
  return (
    <Status kind="warn">
      {isOpen ? t('invited', { when: date(invitedUntil, 'time') }) : t('notYet')}
    </Status>
  );
};

/** The roles there are, as choices of a form. */
export function useRoles(): readonly string[] {
  return (useAnswer(getV1Roles, {}).answer?.roles ?? []).map(({ role }) => role);
}

export default function Operators(): JSX.Element {
  const known = useAnswer(getV1Operators, {});
  const roles = useRoles();
  return (
    <>
      <Head
        title={t('operators')}
        actions={
          may('admin') && (
            <Editor
              label={t('add')}
              kind="main"
              title={t('add')}
              schema={NewOperator}
              value={{ roles: ['viewer'] }}
              choices={(place) => (place === 'roles[]' ? roles : undefined)}
              operation={postV1Operators}
              asked={(body) => ({ body })}
              shown={({ invitation }) => <Once label={t('invitation')} text={invitation} />}
            />
          )
        }
      >
        <p class="muted">{t('operatorsWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ operators }) => (
          <Table
            label={t('operators')}
            rows={sought(operators, ({ operator, name, roles: of }) => [operator, name, ...of])}
            keyOf={({ operator }) => operator}
            hrefOf={({ operator }) => href('operators', operator)}
            empty={t('none')}
            columns={[
              { name: 'operator', title: t('operator'), cell: ({ operator }) => operator },
              { name: 'name', title: c('name'), cell: ({ name }) => name },
              { name: 'state', title: c('state'), cell: (one) => <OperatorState of={one} /> },
              { name: 'roles', title: t('roles'), cell: ({ roles: of }) => <Chips of={of} /> },
              {
                name: 'codes',
                title: t('codes'),
                isMinor: true,
                cell: ({ hasCodes }) => c(hasCodes ? 'yes' : 'no'),
              },
              {
                name: 'created',
                title: c('created'),
                isMinor: true,
                cell: ({ createdAt }) => date(createdAt),
              },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
