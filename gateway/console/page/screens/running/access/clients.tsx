// Applications that ask members for access. Owns: their list, that one is made. Never touches: consents.

import type { JSX } from 'preact';
import { getV1OauthClients, postV1OauthClients } from '../../../../../web/page/api/operations.js';
import { NewOAuthClient } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { PlatformState } from './platforms.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);

export default function Clients(): JSX.Element {
  const known = useAnswer(getV1OauthClients, {});
  return (
    <>
      <Head
        title={t('clients')}
        actions={
          may('admin') && (
            <Editor
              label={t('clientAdd')}
              kind="main"
              title={t('clientAdd')}
              schema={NewOAuthClient}
              value={{}}
              operation={postV1OauthClients}
              asked={(body) => ({ body })}
              shown={({ secret }) =>
                secret === undefined ? undefined : <Once label={t('clientSecret')} text={secret} />
              }
            />
          )
        }
      >
        <p class="muted">{t('clientsWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ clients }) => (
          <Table
            label={t('clients')}
            rows={sought(clients, ({ id, name, platform, scope }) => [id, name, platform, scope])}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => href('clients', id)}
            empty={c('none')}
            columns={[
              {
                name: 'name',
                title: c('name'),
                cell: ({ name }) => name,
              },
              { name: 'id', title: c('id'), cell: ({ id }) => <code>{id}</code> },
              { name: 'state', title: c('state'), cell: (one) => <PlatformState of={one} /> },
              {
                name: 'platform',
                title: c('platform'),
                cell: ({ platform }) =>
                  platform !== undefined && <a href={href('platforms', platform)}>{platform}</a>,
              },
              { name: 'scope', title: t('scope'), cell: ({ scope }) => <code>{scope}</code> },
              {
                name: 'isPublic',
                title: t('isPublic'),
                cell: ({ isPublic }) => c(isPublic ? 'yes' : 'no'),
              },
              { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
