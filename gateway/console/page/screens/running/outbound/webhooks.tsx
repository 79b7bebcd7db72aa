// The webhooks. Owns: their list, that one is made. Never touches: what is sent.

import type { JSX } from 'preact';
import { getV1Webhooks, postV1Webhooks } from '../../../../../web/page/api/operations.js';
import { NewWebhook } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Chips, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ReceiverState } from './receiver.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export default function Webhooks(): JSX.Element {
  const known = useAnswer(getV1Webhooks, {});
  return (
    <>
      <Head
        title={t('webhooks')}
        actions={
          may('admin') && (
            <Editor
              label={t('webhookAdd')}
              kind="main"
              title={t('webhookAdd')}
              schema={NewWebhook}
              value={{}}
              operation={postV1Webhooks}
              asked={(body) => ({ body })}
              shown={({ secret }) => <Once label={t('secret')} text={secret} />}
              onClose={(made) => made !== undefined && go(href('webhooks', made.id))}
            />
          )
        }
      >
        <p class="muted">{t('webhooksWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ webhooks }) => (
          <Table
            label={t('webhooks')}
            rows={sought(webhooks, ({ id, name, url, principal, types }) => [
              ...[id, name, url, principal],
              ...types,
            ])}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => href('webhooks', id)}
            empty={c('none')}
            columns={[
              {
                name: 'name',
                title: c('name'),
                cell: ({ id, name }) => name ?? id,
              },
              { name: 'url', title: t('url'), cell: ({ url }) => <code class="wrap">{url}</code> },
              {
                name: 'state',
                title: c('state'),
                cell: ({ state }) => <ReceiverState state={state} />,
              },
              { name: 'types', title: t('types'), cell: ({ types }) => <Chips of={types} /> },
              {
                name: 'principal',
                title: t('principal'),
                cell: ({ principal }) => <code>{principal}</code>,
              },
              { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
