// The webhooks. Owns: their list, that one is made. Never touches: what is sent.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1Webhooks, postV1Webhooks } from '../../../../../web/page/api/operations.js';
import { NewWebhook } from '../../../../../web/page/api/schemas.js';
import { may } from '../../../shell/app.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Chips, Filter, filtered, Rows } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ReceiverState } from './receiver.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export default function Webhooks(): JSX.Element {
  const known = useAnswer(getV1Webhooks, {});
  return (
    <>
      <p class="hint">{t('webhooksWhy')}</p>
      <div class="filters">
        <Filter />
        {may('admin') && (
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
        )}
      </div>
      <Answered known={known}>
        {({ webhooks }) => (
          <Rows
            label={t('webhooks')}
            rows={filtered(webhooks, ({ id, name, url, principal, types }) => [
              ...[id, name, url, principal],
              ...types,
            ])}
            keyOf={({ id }) => id}
            columns={[
              {
                name: 'name', title: c('name'),
                cell: ({ id, name }) => <a href={href('webhooks', id)}>{name ?? id}</a>,
              },
              { name: 'url', title: t('url'), cell: ({ url }) => <code class="long">{url}</code> },
              { name: 'state', title: c('state'), cell: ({ state }) => <ReceiverState state={state} /> },
              { name: 'types', title: t('types'), cell: ({ types }) => <Chips of={types} /> },
              { name: 'principal', title: t('principal'), cell: ({ principal }) => <code>{principal}</code> },
              { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
