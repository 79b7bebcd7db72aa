// A channel by which members are told. Owns: what is shown of it and what it sent; that it is changed, paused, tried. Never touches: what is sent.

import type { JSX } from 'preact';
import { NOTICE_NAMES } from '../../../../../../engine/protocol/member-notices.js';
import * as api from '../../../../../web/page/api/operations.js';
import { NewChannel } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing, type Wanted } from '../parts/doing.js';
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
const LANGUAGES = [
  ['zh', '中文'],
  ['en', 'English'],
] as const;

export default function Channel({ params }: ScreenProps): JSX.Element {
  const path = { channel: params.channel ?? '' };
  const known = useAnswer(api.getV1ChannelsByChannel, { path });
  return (
    <>
      <Head
        title={known.answer?.name ?? path.channel}
        crumbs={[{ title: t('channels'), href: href('channels') }]}
        actions={known.answer && may('admin') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(channel) => (
          <>
            <Card title={t('channel')} action={<ReceiverState state={channel.state} />}>
              <ChannelFacts of={channel} />
            </Card>
            <Lanes of={channel} />
            <Letters channel={channel.id} />
            <Attempts channel={channel.id} />
          </>
        )}
      </Answered>
    </>
  );
}

const ChannelFacts = ({ of }: { of: api.ChannelProgress }): JSX.Element => (
  <Facts
    rows={[
      [c('id'), <code key="id">{of.id}</code>],
      [t('type'), of.type],
      [t('url'), <code key="url">{of.url}</code>],
      [
        c('platform'),
        of.platform && (
          <a key="p" href={href('platforms', of.platform)}>
            {of.platform}
          </a>
        ),
      ],
      [t('urgent'), of.urgent && <Chips key="urgent" of={of.urgent} />],
      [t('quiet'), of.quiet && t('quietOf', { ...of.quiet, zone: of.zone ?? 'UTC' })],
      [t('language'), of.language],
      [t('sender'), [of.fromName, of.from].filter(Boolean).join(' ')],
      [t('user'), of.user],
      [t('hasSecret'), c(of.hasSecret ? 'yes' : 'no')],
      [t('sent'), <a href="#attempts">{number(of.counts.sent)}</a>],
      [t('skipped'), <a href="#attempts">{number(of.counts.skipped)}</a>],
      [t('failed'), <a href="#attempts">{number(of.counts.failed)}</a>],
      [c('created'), date(of.createdAt, 'time')],
      [c('updated'), date(of.updatedAt, 'time')],
    ]}
  />
);

function Actions({ of }: { of: api.ChannelProgress }): JSX.Element {
  const path = { channel: of.id };
  return (
    <>
      <Preview path={path} />
      <Test path={path} />
      <Editor
        label={c('change')}
        title={t('channelChange')}
        schema={NewChannel}
        value={only(of, Object.keys(NewChannel.properties as object))}
        operation={api.putV1ChannelsByChannel}
        asked={(body) => ({ path, body })}
      />
      <PauseOrResume
        of={of}
        pause={api.postV1ChannelsByChannelPause}
        resume={api.postV1ChannelsByChannelResume}
        asked={() => ({ path })}
      />
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('channelRemoveWhat')}
        operation={api.deleteV1ChannelsByChannel}
        asked={() => ({ path })}
        onDone={() => go(href('channels'))}
      />
    </>
  );
}

type Path = { readonly channel: string };
const notice = (): Wanted => ({
  name: 'notice',
  label: t('notice'),
  value: NOTICE_NAMES[0] ?? '',
  of: NOTICE_NAMES.map((one) => [one, one]),
});
const spoken = (): Wanted => ({
  name: 'language',
  label: t('language'),
  value: 'zh',
  of: LANGUAGES,
});

const Preview = ({ path }: { path: Path }): JSX.Element => (
  <Doing
    label={t('preview')}
    operation={api.postV1ChannelsByChannelPreview}
    wanted={[notice(), spoken()]}
    asked={(filled) => ({ path, body: filled as unknown as api.NoticePreview })}
    shown={({ subject, text, short }) => (
      <>
        <h3>{subject}</h3>
        <pre class="told">{text}</pre>
        <p class="muted">{short}</p>
      </>
    )}
  />
);

const Test = ({ path }: { path: Path }): JSX.Element => (
  <Doing
    label={t('test')}
    operation={api.postV1ChannelsByChannelTest}
    wanted={[
      notice(),
      spoken(),
      { name: 'to', label: t('testTo'), hint: t('testToHint'), isOptional: true },
    ]}
    asked={({ to, ...rest }) => ({
      path,
      body: { ...(rest as unknown as api.NoticePreview), ...(to && { to }) },
    })}
    shown={attemptNote}
  />
);

function Letters({ channel }: { channel: string }): JSX.Element {
  const pages = usePages(
    api.getV1ChannelsByChannelDeadLetters,
    { path: { channel } },
    ({ deadLetters }) => deadLetters,
    undefined,
    'after',
  );
  return (
    <GivenUp
      pages={pages}
      retry={api.postV1ChannelsByChannelDeadLettersByLetterRetry}
      drop={api.deleteV1ChannelsByChannelDeadLettersByLetter}
      asked={(letter) => ({ path: { channel, letter } })}
      shown={attemptNote}
    />
  );
}

function Attempts({ channel }: { channel: string }): JSX.Element {
  const pages = usePages(
    api.getV1ChannelsByChannelAttempts,
    { path: { channel }, query: attemptsAsked() },
    ({ attempts }) => attempts,
  );
  return <MadeAttempts pages={pages} />;
}
