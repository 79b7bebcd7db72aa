// A webhook. Owns: what is shown of it and its deliveries; that it is changed, paused, replayed; that dead letters are retried or dropped. Never touches: what is sent.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { WebhookChange } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing, Once, rotation } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { Chips } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import {
  attemptNote,
  attemptsAsked,
  GivenUp,
  Lanes,
  MadeAttempts,
  PauseOrResume,
  ReceiverState,
} from './receiver.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export default function Webhook({ params }: ScreenProps): JSX.Element {
  const path = { webhook: params.webhook ?? '' };
  const known = useAnswer(api.getV1WebhooksByWebhook, { path });
  return (
    <>
      <Head
        title={known.answer?.name ?? path.webhook}
        crumbs={[{ title: t('webhooks'), href: href('webhooks') }]}
        actions={known.answer && may('admin') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(webhook) => (
          <>
            <Card title={t('webhook')} action={<ReceiverState state={webhook.state} />}>
              {webhook.gone === true && (
                <Note kind="warn" icon="cross">
                  {t('gone')}
                </Note>
              )}
              <Facts
                rows={[
                  [c('id'), <code key="id">{webhook.id}</code>],
                  [t('url'), <code key="url">{webhook.url}</code>],
                  [t('types'), <Chips key="types" of={webhook.types} />],
                  [t('principal'), <code key="of">{webhook.principal}</code>],
                  [c('created'), date(webhook.createdAt, 'time')],
                  [c('updated'), date(webhook.updatedAt, 'time')],
                ]}
              />
            </Card>
            <Lanes of={webhook} />
            <Letters webhook={webhook.id} />
            <Attempts webhook={webhook.id} />
          </>
        )}
      </Answered>
    </>
  );
}

function Actions({ of }: { of: api.WebhookProgress }): JSX.Element {
  const path = { webhook: of.id };
  return (
    <>
      <Doing
        label={t('test')}
        what={t('testWhat')}
        operation={api.postV1WebhooksByWebhookTest}
        asked={() => ({ path })}
        shown={attemptNote}
      />
      <Doing
        label={t('replay')}
        what={t('replayWhat')}
        operation={api.postV1WebhooksByWebhookReplay}
        wanted={[{ name: 'from', label: t('replayAt'), hint: t('replayHint') }]}
        asked={({ from = '' }) => ({ path, body: { from: startOf(from) } })}
      />
      <Editor
        label={c('change')}
        title={t('webhookChange')}
        schema={WebhookChange}
        value={only(of, ['url', 'types', 'name'])}
        operation={api.putV1WebhooksByWebhook}
        asked={(body) => ({ path, body })}
      />
      <Doing
        label={c('rotate')}
        what={c('rotateWhat')}
        operation={api.postV1WebhooksByWebhookRotate}
        {...rotation((body) => ({ path, body }))}
        shown={({ secret }) => <Once label={t('secret')} text={secret} />}
      />
      <PauseOrResume
        of={of}
        pause={api.postV1WebhooksByWebhookPause}
        resume={api.postV1WebhooksByWebhookResume}
        asked={() => ({ path })}
      />
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('webhookRemoveWhat')}
        operation={api.deleteV1WebhooksByWebhook}
        asked={() => ({ path })}
        onDone={() => go(href('webhooks'))}
      />
    </>
  );
}

/** A time as people write it, or positions as they are. */
function startOf(text: string): number | string {
  const asked = text.trim();
  const ms = /^\d{4}-/.test(asked) ? Date.parse(asked) : Number.NaN;
  return Number.isNaN(ms) ? asked : ms;
}

function Letters({ webhook }: { webhook: string }): JSX.Element {
  const pages = usePages(
    api.getV1WebhooksByWebhookDeadLetters,
    { path: { webhook } },
    ({ deadLetters }) => deadLetters,
    undefined,
    'after',
  );
  return (
    <GivenUp
      pages={pages}
      retry={api.postV1WebhooksByWebhookDeadLettersByLetterRetry}
      drop={api.deleteV1WebhooksByWebhookDeadLettersByLetter}
      asked={(letter) => ({ path: { webhook, letter } })}
      shown={attemptNote}
    />
  );
}

function Attempts({ webhook }: { webhook: string }): JSX.Element {
  const pages = usePages(
    api.getV1WebhooksByWebhookAttempts,
    { path: { webhook }, query: attemptsAsked() },
    ({ attempts }) => attempts,
  );
  return <MadeAttempts pages={pages} />;
}
