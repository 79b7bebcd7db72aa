// The platforms. Owns: their list, that one is made. Never touches: what a platform may do.

import type { JSX } from 'preact';
import {
  getV1Platforms,
  type Platform,
  postV1Platforms,
} from '../../../../../web/page/api/operations.js';
import { NewPlatform } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Chips, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);

export const PlatformState = ({ of }: { of: Pick<Platform, 'disabled'> }): JSX.Element => (
  <Status kind={of.disabled ? 'danger' : 'good'}>{c(of.disabled ? 'disabled' : 'active')}</Status>
);

export default function Platforms(): JSX.Element {
  const known = useAnswer(getV1Platforms, {});
  return (
    <>
      <Head
        title={t('platforms')}
        actions={
          may('admin') && (
            <Editor
              label={t('platformAdd')}
              kind="main"
              title={t('platformAdd')}
              schema={NewPlatform}
              value={{}}
              operation={postV1Platforms}
              asked={(body) => ({ body })}
              shown={({ secret }) => <Once label={t('platformSecret')} text={secret} />}
              onClose={(made) => made !== undefined && go(href('platforms', made.id))}
            />
          )
        }
      >
        <p class="muted">{t('platformsWhy')}</p>
      </Head>
      <Seek />
      <Answered known={known}>
        {({ platforms }) => (
          <Table
            label={t('platforms')}
            rows={sought(platforms, ({ id, name, assets }) => [id, name, ...assets])}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => href('platforms', id)}
            empty={c('none')}
            columns={[
              { name: 'id', title: c('id'), cell: ({ id }) => id },
              { name: 'name', title: c('name'), cell: ({ name }) => name },
              { name: 'state', title: c('state'), cell: (one) => <PlatformState of={one} /> },
              { name: 'assets', title: c('assets'), cell: ({ assets }) => <Chips of={assets} /> },
              { name: 'proof', title: t('proof'), cell: ({ proof }) => proof },
              { name: 'created', title: c('created'), cell: ({ createdAt }) => date(createdAt) },
            ]}
          />
        )}
      </Answered>
    </>
  );
}
