// Notices to members: what is sent and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import {
  NOTICE_CLASSES,
  NOTICE_LANGUAGES,
  NOTICE_NAMES,
  NOTICES,
  type RefusalCode,
} from '../../engine/index.js';
import { RULE_NAMES, SEVERITIES } from '../alerts/shapes.js';
import { NAME_LENGTH_MAX, WEBHOOK_URL_LENGTH_MAX } from '../limits.js';
import {
  CHANNEL_TYPES,
  NOTICE_STATES,
  ROBOTS,
  SKIPPED,
  SMS_FORMATS,
  STAFF_NOTICES,
} from '../outbound/notices/shapes.js';
import { strict } from './commands.js';
import { described, OWNERS } from './description.js';
import { answer } from './outcomes.js';
import { ScheduleName } from './reports.js';
import { Type } from './typebox.js';
import {
  ATTEMPTS_QUERY,
  AttemptAnswer,
  AttemptsPage,
  DEAD_LETTERS_PAGE_MAX,
  Dropped,
  Letters,
  WebhookProgress,
} from './webhooks.js';
import {
  ChannelId,
  Count,
  fits,
  line,
  NAME,
  NewUser,
  OutboundId,
  oneOf,
  PlatformId,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

/** Notices of one page. */
export const NOTICES_PAGE_MAX = 100;
const CONSENTS_MAX = 50;
const ADDRESS_LENGTH_MAX = 254;
const FIELD_LENGTH_MAX = 500;

const Notice = oneOf(NOTICE_NAMES, { [NAME]: 'NoticeName' });
const Language = oneOf(NOTICE_LANGUAGES);
const ChannelType = oneOf(CHANNEL_TYPES);
const SenderType = oneOf([...CHANNEL_TYPES, ...ROBOTS]);
/** Who is told of alerts, or of reports, by one channel; of which schedules, where not of all. */
const ALERTED_MAX = 20;
const SCHEDULES_TOLD_MAX = 50;
const Some = Type.Array(Notice, {
  minItems: 1,
  maxItems: NOTICE_NAMES.length,
  uniqueItems: true,
  description: `A list of different notices out of: ${NOTICE_NAMES.join(', ')}.`,
});
export const Email = text(
  '[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?',
  {
    maxLength: ADDRESS_LENGTH_MAX,
    description: 'A mail address, without a name.',
  },
);
export const Phone = text('\\+?[0-9]{5,15}', {
  description: 'The number of a phone: 5 to 15 digits, a + may be before them.',
});
const Clock = text('(?:[01][0-9]|2[0-3]):[0-5][0-9]', { description: 'A time: HH:MM.' });
const Quiet = strict({ from: Clock, to: Clock });
const Zone = text('[A-Za-z0-9_+/-]{1,64}', {
  description: 'The name of a time zone, such as Asia/Shanghai.',
});
const Line = line(NAME_LENGTH_MAX, {
  description: `A text of one line, of 1 to ${NAME_LENGTH_MAX} characters.`,
});
const Url = Type.String({
  pattern: '^(?:[Ss][Mm][Tt][Pp]|[Hh][Tt][Tt][Pp])[Ss]?:',
  maxLength: WEBHOOK_URL_LENGTH_MAX,
  description: 'An smtps or smtp URL, without a path, for mails; an https URL for others.',
});
const Secret = text('[\\x21-\\x7e]{1,200}', {
  description:
    'The password of the mail server; what `{secret}` stands for in a short message; what a webhook is signed with (`whsec_` and base64). Shown to nobody.',
});
const texts = (description: string) =>
  Type.Record(Type.String(), Type.String({ maxLength: FIELD_LENGTH_MAX }), { description });
const Headers = texts('Headers of the request, by name; `{secret}` is filled in.');
const Fields = texts(
  'What is sent to the gateway, by name; `{to}`, `{text}`, `{id}` and `{secret}` are filled in.',
);

const To = Optional(
  Type.Array(line(ADDRESS_LENGTH_MAX), {
    ...{ minItems: 1, maxItems: ALERTED_MAX, uniqueItems: true },
    description: `A list of 1 to ${ALERTED_MAX} different mail addresses, or numbers of phones; left out: of what sends to no address.`,
  }),
);
const Alerts = strict({
  to: To,
  rules: Optional(
    Type.Array(oneOf(RULE_NAMES), {
      ...{ minItems: 1, maxItems: RULE_NAMES.length, uniqueItems: true },
      description: `A list of different rules of alerts out of: ${RULE_NAMES.join(', ')}. Left out: all.`,
    }),
  ),
  severity: Optional(
    oneOf(SEVERITIES, { description: 'Alerts that are at least so bad. Left out: all.' }),
  ),
});

const Reports = strict({
  to: To,
  schedules: Optional(
    Type.Array(ScheduleName, {
      ...{ minItems: 1, maxItems: SCHEDULES_TOLD_MAX, uniqueItems: true },
      description: `A list of 1 to ${SCHEDULES_TOLD_MAX} different schedules of reports. Left out: all.`,
    }),
  ),
});

const SETTINGS = {
  url: Url,
  alerts: Optional(Alerts),
  reports: Optional(Reports),
  platform: Optional(PlatformId),
  name: Optional(Line),
  notices: Optional(Some),
  urgent: Optional(Some),
  service: Optional(
    Type.Boolean({
      description:
        'Are notices of class `service` sent to who has said nothing of them? Left out: they are.',
    }),
  ),
  quiet: Optional(Quiet),
  zone: Optional(Zone),
  language: Optional(Language),
  user: Optional(line(ADDRESS_LENGTH_MAX, { description: 'Who signs in at the mail server.' })),
  from: Optional(Email),
  fromName: Optional(Line),
  headers: Optional(Headers),
  fields: Optional(Fields),
  format: Optional(oneOf(SMS_FORMATS)),
};

export const ChannelBody = strict(
  {
    ...{ type: SenderType, ...SETTINGS, secret: Optional(Secret) },
    token: Optional(
      text('[\\x21-\\x7e]{1,200}', {
        description:
          'Of a robot: what stands in its address as `access_token` (DingTalk) or `key` (WeCom). Shown to nobody.',
      }),
    ),
  },
  { [NAME]: 'NewChannel' },
);
export const ContactBody = strict(
  { email: Optional(Email), phone: Optional(Phone), language: Optional(Language) },
  { [NAME]: 'NewContact' },
);
const OfNotices = oneOf([...NOTICE_NAMES, ...NOTICE_CLASSES], {
  description: 'A notice, or a class of them: what is said of a notice comes first.',
});
export const ConsentsBody = strict(
  {
    consents: Type.Array(
      strict({ type: ChannelType, notices: OfNotices, isGiven: Type.Boolean() }),
      {
        minItems: 1,
        maxItems: CONSENTS_MAX,
        description: `A list of 1 to ${CONSENTS_MAX}: by which type of channel, of which notices, yes or no.`,
      },
    ),
  },
  { [NAME]: 'NewConsents' },
);
const AnyNotice = oneOf([...NOTICE_NAMES, ...STAFF_NOTICES], {
  description: `One of ${[...NOTICE_NAMES, ...STAFF_NOTICES].join(', ')}.`,
});
const Shown = strict({ notice: AnyNotice, language: Optional(Language) });
export const PreviewBody = strict(Shown.properties, { [NAME]: 'NoticePreview' });
export const TestNoticeBody = strict(
  {
    ...Shown.properties,
    to: Optional(
      line(ADDRESS_LENGTH_MAX, {
        description: 'A mail address, or the number of a phone; left out: of a webhook.',
      }),
    ),
  },
  { [NAME]: 'NoticeTest' },
);
/** Is it where a channel could send to? */
export const isEmail = fits(Email);
export const isPhone = fits(Phone);

// --- what is answered -----------------------------------------------------------------------------------------------

const CHANNEL = {
  id: ChannelId,
  type: SenderType,
  state: oneOf(['active', 'paused']),
  ...SETTINGS,
  url: Type.String(),
  hasSecret: Type.Boolean({ description: 'The secret itself is shown to nobody.' }),
  createdAt: Time,
  updatedAt: Time,
};
export const ChannelAnswer = answer('Channel', CHANNEL);
export const ChannelsAnswer = answer('Channels', { channels: Type.Array(ChannelAnswer) });
const { halted, delivered, failed, inFlight, pausedUntil, shards } = WebhookProgress.properties;
export const ChannelProgress = answer('ChannelProgress', {
  ...CHANNEL,
  ...{ halted, delivered, failed, inFlight, pausedUntil, shards },
  counts: Type.Object(
    { sent: Count, skipped: Count, failed: Count },
    { description: 'Since the server began: notices sent, passed over, attempts that failed.' },
  ),
});
export const PreviewAnswer = answer('NoticeText', {
  notice: AnyNotice,
  language: Language,
  subject: Type.String(),
  text: Type.String(),
  short: Type.String(),
});
const Consent = Type.Object({
  type: ChannelType,
  notices: OfNotices,
  isGiven: Type.Boolean(),
  at: Time,
});
export const ContactAnswer = answer('Contact', {
  owner: User,
  email: Optional(Type.String({ description: 'Masked for who may not see it.' })),
  phone: Optional(Type.String({ description: 'Masked for who may not see it.' })),
  language: Optional(Language),
  consents: Type.Array(Consent),
  dead: Type.Array(Type.Object({ type: ChannelType, at: Time, reason: Type.String() }), {
    description: 'Addresses that were answered to be none: nothing is sent there any more.',
  }),
  createdAt: Time,
  updatedAt: Time,
});
export const Forgotten = answer('ForgottenContact', { owner: User });
export const ToldNotice = answer('ToldNotice', {
  id: Type.String({
    description: 'The same in every attempt: in the headers of a mail, of a request.',
  }),
  notice: Notice,
  channel: ChannelId,
  type: ChannelType,
  state: oneOf(NOTICE_STATES),
  reason: Optional(
    Type.String({
      description: `Why it was not sent, or not yet: ${SKIPPED.join(', ')}, QUIET_HOURS, or what was answered last.`,
    }),
  ),
  at: Time,
  updatedAt: Time,
});
const Cursor = text('[0-9]{15}\\.n_[0-9a-f]{32}', {
  description: 'The cursor of the page before.',
});
export const NoticesAnswer = answer('Notices', {
  notices: Type.Array(ToldNotice, { description: 'The newest first.' }),
  cursor: Optional(Cursor),
});

// --- what routes say ------------------------------------------------------------------------------------------------

const notice = described('notices');
const FOUND: readonly RefusalCode[] = ['CHANNEL_NOT_FOUND'];
const SAID: readonly RefusalCode[] = [
  'CHANNEL_URL_FORBIDDEN',
  'CHANNEL_INVALID',
  'PLATFORM_NOT_FOUND',
];
const ASKED: readonly RefusalCode[] = [...FOUND, 'OUTBOX_UNAVAILABLE'];
const LETTER: readonly RefusalCode[] = [...ASKED, 'DEAD_LETTER_NOT_FOUND'];
const CONTACT: readonly RefusalCode[] = [...OWNERS, 'OPERATION_FORBIDDEN', 'PLATFORM_NOT_FOUND'];
const LISTED = NOTICE_NAMES.map((name) => {
  const { class: of, about, fills } = NOTICES[name];
  return `* \`${name}\` (${of}): ${about} ${fills.map((one) => `\`{${one}}\``).join(', ')}`;
}).join('\n');

/** As whom: of whose contacts. */
const PLATFORM = Type.Object({
  platform: Optional(PlatformId),
});
const OF_MEMBER = { path: { owner: NewUser }, query: PLATFORM };

export const NOTICE_DESCRIPTIONS = {
  add: {
    ...notice(
      'Have members told what happens from now on.',
      201,
      ChannelAnswer,
      [...SAID, 'CHANNEL_LIMIT'],
      ChannelBody,
    ),
    details: [
      'A channel sends mails by a mail server, short messages by a gateway’s HTTP, or notices to a webhook. Of a platform: to members as it knows them, of what is in its points; else to those whom the ledger itself knows.',
      'With `alerts` it tells of alerts (`/v1/alerts`), and of nothing else unless `notices` are named; with `reports` of what schedules of reports have written (`/v1/report-schedules`), with a link to where an operator finds the file. `dingtalk` and `wecom` are robots of chats: `url` without what is behind the `?`, which is the `token`; of DingTalk, `secret` is what its robot signs with.',
      'A notice is sent at least once, each with an id: `Message-ID` and `X-Jifen-Notice` of a mail, `{id}` and `Idempotency-Key` of a request.',
      `Notices, of which class, what their texts are filled with (definitions of kind \`notice\`):\n\n${LISTED}`,
    ].join('\n\n'),
  },
  list: notice('All channels.', 200, ChannelsAnswer),
  get: notice('A channel, and how far it is.', 200, ChannelProgress, ASKED),
  change: {
    ...notice(
      'Says a channel anew.',
      200,
      ChannelAnswer,
      [...FOUND, ...SAID, 'CHANGED_MEANWHILE'],
      ChannelBody,
    ),
    details: 'Its type and platform stay. A secret that is left out stays, too.',
  },
  pause: notice('Send nothing for now.', 200, ChannelAnswer, [...FOUND, 'CHANGED_MEANWHILE']),
  resume: notice('Go on from where it was.', 200, ChannelAnswer, [...FOUND, 'CHANGED_MEANWHILE']),
  remove: notice('End a channel, and forget how far it was.', 200, ChannelAnswer, FOUND),
  preview: notice(
    'A notice as it would be written now.',
    200,
    PreviewAnswer,
    [...FOUND, 'SHARD_UNAVAILABLE'],
    PreviewBody,
  ),
  test: {
    ...notice(
      'Send a notice to somebody now.',
      200,
      AttemptAnswer,
      [...ASKED, 'CHANNEL_INVALID', 'SHARD_UNAVAILABLE'],
      TestNoticeBody,
    ),
    details:
      'What would be filled in stands there by its name. Consent and quiet hours are not asked.',
  },
  attempts: {
    ...notice(
      'The last attempts to send, of the node that is asked, since its start.',
      200,
      AttemptsPage,
      ASKED,
    ),
    query: ATTEMPTS_QUERY,
  },
  letters: {
    ...notice('Notices that were given up.', 200, Letters, ASKED),
    query: Type.Object({
      after: Optional(OutboundId),
      limit: Optional(whole(1, DEAD_LETTERS_PAGE_MAX)),
    }),
  },
  retry: notice('Try one again, once.', 200, AttemptAnswer, LETTER),
  drop: notice('Forget one.', 200, Dropped, LETTER),
  contact: {
    ...notice('How a member can be reached, and what he agreed to.', 200, ContactAnswer, [
      ...CONTACT,
      'CONTACT_NOT_FOUND',
    ]),
    ...OF_MEMBER,
    details: 'Addresses are shown to the member, and to who may adjust; to others masked.',
  },
  putContact: {
    ...notice(
      'Say how a member can be reached.',
      200,
      ContactAnswer,
      [...CONTACT, 'CHANGED_MEANWHILE', 'MEMBER_ERASED'],
      ContactBody,
    ),
    ...OF_MEMBER,
    details:
      'What is left out is known no more. Addresses are sealed, also in the log. A platform’s are its own.',
  },
  forget: {
    ...notice(
      'Forget how a member can be reached, what he agreed to, and what he was sent.',
      200,
      Forgotten,
      [...CONTACT, 'CONTACT_NOT_FOUND'],
    ),
    ...OF_MEMBER,
  },
  putConsents: {
    ...notice(
      'Say what a member agrees to.',
      200,
      ContactAnswer,
      [...CONTACT, 'CHANGED_MEANWHILE', 'MEMBER_ERASED'],
      ConsentsBody,
    ),
    ...OF_MEMBER,
    details:
      'What is not named stays. It counts for every notice that is sent after the answer; one that is under way may still arrive.',
  },
  notices: {
    ...notice('Which notices a member was sent.', 200, NoticesAnswer, [
      ...CONTACT,
      'OUTBOX_UNAVAILABLE',
    ]),
    path: { owner: NewUser },
    query: Type.Object({
      ...PLATFORM.properties,
      cursor: Optional(Cursor),
      limit: Optional(whole(1, NOTICES_PAGE_MAX)),
    }),
    details:
      'Of the node that is asked: the one that has the member’s shard, and for campaigns the first shard.',
  },
};
