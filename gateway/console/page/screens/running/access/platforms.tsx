// The platforms. Owns: their list, that one is made. Never touches: what a platform may do.

import type { JSX } from 'preact';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { getV1Platforms, type Platform, postV1Platforms } from '../../../../../web/page/api/operations.js';
import { NewPlatform } from '../../../../../web/page/api/schemas.js';
import { may } from '../../../shell/app.js';
import { Once } from '../parts/doing.js';
import { Editor } from '../parts/editor.js';
import { Chips, Filter, filtered, Rows, Tag } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);

export const PlatformState = ({ of }: { of: Pick<Platform, 'disabled'> }): JSX.Element => (
  <Tag kind={of.disabled ? 'danger' : 'good'}>{c(of.disabled ? 'disabled' : 'active')}</Tag>
);

export default function Platforms(): JSX.Element {
  const known = useAnswer(getV1Platforms, {});
  return (
    <>
      <p class="hint">{t('platformsWhy')}</p>
      <div class="filters">
        <Filter />
        {may('admin') && (
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
        )}
      </div>
      <Answered known={known}>
        {({ platforms }) => (
          <Rows
            label={t('platforms')}
            rows={filtered(platforms, ({ id, name, assets }) => [id, name, ...assets])}
            keyOf={({ id }) => id}
            columns={[
              { name: 'id', title: c('id'), cell: ({ id }) => <a href={href('platforms', id)}>{id}</a> },
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
