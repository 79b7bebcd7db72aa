// A platform. Owns: what is shown of it, what is changed of it. Never touches: its secret, but when one was just made.

import type { JSX } from 'preact';
import {
  getV1Partners,
  getV1PlatformsByPlatform,
  type Platform as Known,
  postV1PlatformsByPlatformDisable,
  postV1PlatformsByPlatformEnable,
  postV1PlatformsByPlatformRotate,
  putV1PlatformsByPlatform,
} from '../../../../../web/page/api/operations.js';
import { PlatformChange } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing, Once, rotation } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { Chips } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { PlatformState } from './platforms.js';
import { rateText } from './rate.js';
import { ACCESS } from './words.js';

const t = speaker(ACCESS);
const c = speaker(COMMON);
/** How long nodes may go on with what they know of platforms, by default. */
const REFRESH_SECONDS = 5;
const CHANGEABLE = [
  ...['name', 'assets', 'operations', 'endpoint', 'proof', 'userIds', 'programme'],
  ...['embedOrigins', 'rate'],
];

export default function Platform({ params }: ScreenProps): JSX.Element {
  const path = { platform: params.platform ?? '' };
  const known = useAnswer(getV1PlatformsByPlatform, { path });
  const isPartner = useAnswer(getV1Partners, {}).answer?.partners.some(
    ({ platform }) => platform === path.platform,
  );
  return (
    <>
      <Head
        title={known.answer?.name ?? path.platform}
        crumbs={[{ title: t('platforms'), href: href('platforms') }]}
        actions={known.answer && may('admin') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(platform) => (
          <>
            <Card title={c('platform')} action={<PlatformState of={platform} />}>
              <PlatformFacts of={platform} />
            </Card>
            <nav class="links" aria-label={platform.name}>
              {may('read-audit') && (
                <a href={`${href('audit')}?principal=platform:${encodeURIComponent(platform.id)}`}>
                  {t('auditOf')}
                </a>
              )}
              <a href={`${href('webhooks')}?q=platform:${encodeURIComponent(platform.id)}`}>
                {t('webhooksOf')}
              </a>
              {isPartner && <a href={href('partners', platform.id)}>{t('partner')}</a>}
              <a href={`${href('reports', 'daily')}?group=platform`}>{t('reportOf')}</a>
            </nav>
          </>
        )}
      </Answered>
    </>
  );
}

const PlatformFacts = ({ of }: { of: Known }): JSX.Element => (
  <Facts
    rows={[
      [c('id'), <code key="id">{of.id}</code>],
      [c('assets'), <Chips key="assets" of={of.assets} />],
      [c('operations'), <Chips key="operations" of={of.operations} />],
      [t('endpoint'), of.endpoint],
      [t('proof'), of.proof],
      [t('userIds'), of.userIds],
      [t('programme'), of.programme],
      [t('embeds'), of.embedOrigins?.join(', ')],
      [t('rate'), of.rate && rateText(of.rate)],
      [c('created'), date(of.createdAt, 'time')],
      [c('updated'), date(of.updatedAt, 'time')],
    ]}
  />
);

const Actions = ({ of }: { of: Known }): JSX.Element => {
  const path = { platform: of.id };
  return (
    <>
      <Editor
        label={c('change')}
        title={t('platformChange')}
        schema={PlatformChange}
        value={only(of, CHANGEABLE)}
        operation={putV1PlatformsByPlatform}
        asked={(body) => ({ path, body })}
      />
      <Doing
        label={c('rotate')}
        what={c('rotateWhat')}
        operation={postV1PlatformsByPlatformRotate}
        {...rotation((body) => ({ path, body }))}
        shown={({ secret }) => <Once label={t('platformSecret')} text={secret} />}
      />
      {of.disabled ? (
        <Doing
          key="enable"
          label={c('enable')}
          operation={postV1PlatformsByPlatformEnable}
          asked={() => ({ path })}
        />
      ) : (
        <Doing
          key="disable"
          label={c('disable')}
          kind="danger"
          what={t('disablePlatformWhat', { n: REFRESH_SECONDS })}
          operation={postV1PlatformsByPlatformDisable}
          asked={() => ({ path })}
        />
      )}
    </>
  );
};
