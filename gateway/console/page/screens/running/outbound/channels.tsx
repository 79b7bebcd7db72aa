// The channels by which members are told. Owns: their list, that one is made. Never touches: what is sent.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1Channels, postV1Channels } from '../../../../../web/page/api/operations.js';
import { NewChannel } from '../../../../../web/page/api/schemas.js';
import { may } from '../../../shell/app.js';
import { Editor } from '../parts/editor.js';
import { Chips, Filter, filtered, Rows } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ReceiverState } from './receiver.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export default function Channels(): JSX.Element {
  const known = useAnswer(getV1Channels, {});
  return (
    <>
      <p class="hint">{t('channelsWhy')}</p>
      <div class="filters">
        <Filter />
        {may('admin') && (
          <Editor
            label={t('channelAdd')}
            kind="main"
            title={t('channelAdd')}
            schema={NewChannel}
            value={{}}
            operation={postV1Channels}
            asked={(body) => ({ body })}
          />
        )}
      </div>
      <Answered known={known}>
        {({ channels }) => (
          <Rows
            label={t('channels')}
            rows={filtered(channels, ({ id, name, url, platform, type }) => [
              ...[id, name, url, platform, type],
            ])}
            keyOf={({ id }) => id}
            columns={[
              {
                name: 'name', title: c('name'),
                cell: ({ id, name }) => <a href={href('channels', id)}>{name ?? id}</a>,
              },
              { name: 'type', title: t('type'), cell: ({ type }) => type },
              { name: 'url', title: t('url'), cell: ({ url }) => <code class="long">{url}</code> },
              { name: 'state', title: c('state'), cell: ({ state }) => <ReceiverState state={state} /> },
              {
                name: 'platform', title: c('platform'),
                cell: ({ platform }) =>
                  platform !== undefined && <a href={href('platforms', platform)}>{platform}</a>,
              },
              {
                name: 'notices', title: t('notices'),
                cell: ({ notices }) => (notices ? <Chips of={notices} /> : c('all')),
              },
              { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
