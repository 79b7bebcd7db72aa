// An application that asks members for access. Owns: what is shown and changed of it. Never touches: consents.

import type { JSX } from 'preact';
import {
  deleteV1OauthClientsByClient,
  getV1OauthClientsByClient,
  type OAuthClient,
  postV1OauthClientsByClientDisable,
  postV1OauthClientsByClientEnable,
  postV1OauthClientsByClientRotate,
  putV1OauthClientsByClient,
} from '../../../../../web/page/api/operations.js';
import { OAuthClientChange } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing, Once, rotation } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { COMMON } from '../parts/words.js';
import { PlatformState } from './platforms.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);

export default function Client({ params }: ScreenProps): JSX.Element {
  const known = useAnswer(getV1OauthClientsByClient, { path: { client: params.client ?? '' } });
  return (
    <>
      <Head
        title={known.answer?.name ?? params.client ?? ''}
        crumbs={[{ title: t('clients'), href: href('clients') }]}
        actions={known.answer && may('admin') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(client) => (
          <Card title={t('client')} action={<PlatformState of={client} />}>
            <Facts
              rows={[
                [c('id'), <code key="id">{client.id}</code>],
                [
                  c('platform'),
                  client.platform && (
                    <a key="p" href={href('platforms', client.platform)}>
                      {client.platform}
                    </a>
                  ),
                ],
                [t('scope'), <code key="scope">{client.scope}</code>],
                [t('ownScope'), client.ownScope && <code key="own">{client.ownScope}</code>],
                [t('redirects'), <Lines key="uris" of={client.redirectUris} />],
                [t('isPublic'), c(client.isPublic ? 'yes' : 'no')],
                [c('created'), date(client.createdAt, 'time')],
                [c('updated'), date(client.updatedAt, 'time')],
              ]}
            />
          </Card>
        )}
      </Answered>
    </>
  );
}

const Lines = ({ of }: { of: readonly string[] }): JSX.Element => (
  <ul class="lines">
    {of.map((one) => (
      <li key={one}>
        <code>{one}</code>
      </li>
    ))}
  </ul>
);

const Actions = ({ of }: { of: OAuthClient }): JSX.Element => {
  const path = { client: of.id };
  return (
    <>
      <Editor
        label={c('change')}
        title={t('clientChange')}
        schema={OAuthClientChange}
        value={only(of, ['name', 'redirectUris', 'scope', 'platform', 'ownScope'])}
        operation={putV1OauthClientsByClient}
        asked={(body) => ({ path, body })}
      />
      {!of.isPublic && (
        <Doing
          label={c('rotate')}
          what={c('rotateWhat')}
          operation={postV1OauthClientsByClientRotate}
          {...rotation((body) => ({ path, body }))}
          shown={({ secret }) => secret && <Once label={t('clientSecret')} text={secret} />}
        />
      )}
      {of.disabled ? (
        <Doing
          key="enable"
          label={c('enable')}
          operation={postV1OauthClientsByClientEnable}
          asked={() => ({ path })}
        />
      ) : (
        <Doing
          key="disable"
          label={c('disable')}
          kind="danger"
          what={t('disableClientWhat')}
          operation={postV1OauthClientsByClientDisable}
          asked={() => ({ path })}
        />
      )}
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('clientRemoveWhat')}
        operation={deleteV1OauthClientsByClient}
        asked={() => ({ path })}
        onDone={() => go(href('clients'))}
      />
    </>
  );
};
