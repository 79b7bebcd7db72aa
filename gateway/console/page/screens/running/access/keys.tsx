// The keys. Owns: their list, that one is made or ended. Never touches: a key itself, but when it was just made.

import type { JSX } from 'preact';
import {
  getV1Keys,
  type Key,
  postV1Keys,
  postV1KeysByKeyRevoke,
} from '../../../../../web/page/api/operations.js';
import { NewKey } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { Doing, Once } from '../parts/doing.js';
import { Editor, withTime } from '../parts/editor.js';
import { Chips, choice, chosen, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { rateText } from './rate.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);

/** When a key ends is a time, and is typed as one. */
const NEW_KEY = withTime(NewKey, 'expiresAt');

const isOver = ({ revokedAt, expiresAt }: Key): boolean =>
  revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= Date.now());

const KeyState = ({ of }: { of: Key }): JSX.Element => (
  <>
    <Status kind={isOver(of) ? 'plain' : 'good'}>{isOver(of) ? t('revoked') : c('active')}</Status>
    {of.revokedAt !== undefined && <span class="muted"> {date(of.revokedAt, 'time')}</span>}
  </>
);

const columns = (): Column<Key>[] => [
  {
    name: 'name',
    title: c('name'),
    cell: ({ id, name }) => (
      <>
        {name} <code class="muted">{id}</code>
      </>
    ),
  },
  { name: 'state', title: c('state'), cell: (key) => <KeyState of={key} /> },
  {
    name: 'operations',
    title: c('operations'),
    cell: ({ operations }) => <Chips of={operations} />,
  },
  {
    name: 'assets',
    title: c('assets'),
    cell: ({ assets }) => (assets ? <Chips of={assets} /> : c('all')),
  },
  {
    name: 'owner',
    title: t('owner'),
    cell: ({ owner }) => owner !== undefined && <a href={href('members', owner)}>{owner}</a>,
  },
  { name: 'rate', title: t('rate'), cell: ({ rate }) => rate && rateText(rate) },
  { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
  {
    name: 'expires',
    title: t('expires'),
    cell: ({ expiresAt }) => expiresAt && date(expiresAt, 'time'),
  },
  {
    name: 'auditOf',
    title: t('auditOf'),
    cell: ({ id }) =>
      may('read-audit') && (
        <a href={`${href('audit')}?principal=key:${encodeURIComponent(id)}`}>{t('auditOf')}</a>
      ),
  },
];

const ending = (): Column<Key> => ({
  name: 'revoke',
  title: t('revoke'),
  cell: (key) =>
    key.revokedAt === undefined && (
      <Doing
        label={t('revoke')}
        title={`${t('revoke')}: ${key.name}`}
        kind="danger"
        what={t('revokeWhat')}
        operation={postV1KeysByKeyRevoke}
        asked={() => ({ path: { key: key.id } })}
      />
    ),
});

export default function Keys(): JSX.Element {
  const known = useAnswer(getV1Keys, {});
  const wanted = chosen('state');
  return (
    <>
      <Head
        title={t('keys')}
        actions={
          may('admin') && (
            <Editor
              label={t('keyAdd')}
              kind="main"
              title={t('keyAdd')}
              schema={NEW_KEY}
              value={{}}
              operation={postV1Keys}
              asked={(body) => ({ body })}
              shown={({ key }) => <Once label={t('keyOf')} text={key} />}
            />
          )
        }
      >
        <p class="muted">{t('keysWhy')}</p>
      </Head>
      <Seek
        others={[
          choice('state', c('state'), [
            ['active', c('active')],
            ['over', t('revoked')],
          ]),
        ]}
      />
      <Answered known={known}>
        {({ keys }) => (
          <Table
            label={t('keys')}
            rows={sought(keys, ({ id, name, operations }) => [id, name, ...operations]).filter(
              (key) => wanted === '' || isOver(key) === (wanted === 'over'),
            )}
            keyOf={({ id }) => id}
            empty={c('none')}
            columns={may('admin') ? [...columns(), ending()] : columns()}
          />
        )}
      </Answered>
    </>
  );
}
