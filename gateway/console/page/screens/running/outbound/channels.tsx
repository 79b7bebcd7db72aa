// The channels by which members are told. Owns: their list, that one is made. Never touches: what is sent.

import type { JSX } from 'preact';
import { getV1Channels, postV1Channels } from '../../../../../web/page/api/operations.js';
import { NewChannel } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { Editor } from '../parts/editor.js';
import { Chips, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ReceiverState } from './receiver.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export default function Channels(): JSX.Element {
  const known = useAnswer(getV1Channels, {});
  return (
    <>
      <Head
        title={t('channels')}
        actions={
          may('admin') && (
            <Editor
              label={t('channelAdd')}
              kind="main"
              title={t('channelAdd')}
              schema={NewChannel}
              value={{}}
              operation={postV1Channels}
              asked={(body) => ({ body })}
              onClose={(made) => made !== undefined && go(href('channels', made.id))}
            />
          )
        }
      >
        <p class="muted">{t('channelsWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ channels }) => (
          <Table
            label={t('channels')}
            rows={sought(channels, ({ id, name, url, platform, type }) => [
              ...[id, name, url, platform, type],
            ])}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => href('channels', id)}
            empty={c('none')}
            columns={[
              {
                name: 'name',
                title: c('name'),
                cell: ({ id, name }) => name ?? id,
              },
              { name: 'type', title: t('type'), cell: ({ type }) => type },
              { name: 'url', title: t('url'), cell: ({ url }) => <code class="wrap">{url}</code> },
              {
                name: 'state',
                title: c('state'),
                cell: ({ state }) => <ReceiverState state={state} />,
              },
              {
                name: 'platform',
                title: c('platform'),
                cell: ({ platform }) =>
                  platform !== undefined && <a href={href('platforms', platform)}>{platform}</a>,
              },
              {
                name: 'notices',
                title: t('notices'),
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
