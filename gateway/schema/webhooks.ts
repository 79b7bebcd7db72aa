// Webhooks: what is sent and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: what is kept of them.

import type { RefusalCode } from '../../engine/index.js';
import { NAME_LENGTH_MAX, WEBHOOK_URL_LENGTH_MAX } from '../limits.js';
import { EVENT_TYPES, TYPE_PATTERNS } from '../outbound/event.js';
import { NoBody, RotateBody } from './access.js';
import { strict } from './commands.js';
import { described } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AsOf,
  Count,
  line,
  NAME,
  OutboundId,
  oneOf,
  PlatformId,
  Time,
  WebhookId,
  whole,
} from './words.js';

const { Optional } = Type;

/** Dead letters of one page. */
export const DEAD_LETTERS_PAGE_MAX = 100;

const Url = Type.String({
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?:',
  maxLength: WEBHOOK_URL_LENGTH_MAX,
  description: `An https URL of at most ${WEBHOOK_URL_LENGTH_MAX} characters.`,
});
const Types = Type.Array(oneOf(TYPE_PATTERNS), {
  minItems: 1,
  maxItems: TYPE_PATTERNS.length,
  uniqueItems: true,
  description: `A list of different types of events: ${TYPE_PATTERNS.join(', ')}.`,
});
const Name = line(NAME_LENGTH_MAX, {
  description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
});

export const WebhookBody = strict(
  {
    url: Url,
    types: Optional(Types),
    name: Optional(Name),
    platform: Optional(PlatformId),
  },
  { [NAME]: 'NewWebhook' },
);
export const WebhookChange = strict(
  { url: Optional(Url), types: Optional(Types), name: Optional(Name) },
  { [NAME]: 'WebhookChange' },
);
export const ReplayBody = strict({ from: AsOf }, { [NAME]: 'Replay' });

const WEBHOOK = {
  id: WebhookId,
  name: Optional(Type.String()),
  url: Type.String(),
  types: Type.Array(Type.String()),
  principal: Type.String({ description: 'Whose it is, and so what it is told.' }),
  state: oneOf(['active', 'paused']),
  gone: Optional(
    Type.Boolean({ description: 'It was paused because it answered 410: resume it by hand.' }),
  ),
  createdAt: Time,
  updatedAt: Time,
};
export const WebhookAnswer = answer('Webhook', WEBHOOK);
export const WebhookWithSecret = answer('WebhookWithSecret', {
  ...WEBHOOK,
  secret: Type.String({ description: 'Shown this once: `whsec_` and base64.' }),
});
export const Webhooks = answer('Webhooks', { webhooks: Type.Array(WebhookAnswer) });
const Lane = Type.Object({
  shard: Count,
  seq: whole(1, Number.MAX_SAFE_INTEGER, {
    description: 'The first block that is not delivered, but for exceptions.',
  }),
  lagMs: Count,
  waiting: whole(0, Number.MAX_SAFE_INTEGER, {
    description: 'Events that have failed and are tried again, or stand behind one that is.',
  }),
  dead: Count,
  isFull: Type.Boolean({
    description: 'Nothing more is told before something is delivered, retried or dropped.',
  }),
});
export const WebhookProgress = answer('WebhookProgress', {
  ...WEBHOOK,
  halted: Type.Union([oneOf(['paused', 'forbidden', 'secret']), Type.Null()], {
    description:
      'Why nothing is sent: it is paused, its maker may not read, its secret cannot be opened.',
  }),
  delivered: Count,
  failed: Count,
  inFlight: Count,
  pausedUntil: Type.Union([Time, Type.Null()]),
  shards: Type.Array(Lane, { description: 'Those of the node that was asked.' }),
});
const ATTEMPT = {
  isDelivered: Type.Boolean(),
  status: Optional(whole(0, 999)),
  reason: Optional(Type.String({ description: 'Why it failed, in a word.' })),
  ms: Type.Number({ minimum: 0 }),
};
export const AttemptAnswer = answer('WebhookAttempt', ATTEMPT);
/** Attempts of one page. */
export const ATTEMPTS_PAGE_DEFAULT = 50;
const ATTEMPTS_PAGE_MAX = 500;
export const ATTEMPTS_QUERY = Type.Object({
  failed: Optional(
    oneOf(['true', 'false'], { description: 'true: only those that failed. Default: false.' }),
  ),
  limit: Optional(
    whole(1, ATTEMPTS_PAGE_MAX, {
      description: `1 to ${ATTEMPTS_PAGE_MAX}; default ${ATTEMPTS_PAGE_DEFAULT}.`,
    }),
  ),
  cursor: Optional(whole(1, Number.MAX_SAFE_INTEGER, { description: 'From the page before.' })),
});
export const AttemptsPage = answer('AttemptsPage', {
  attempts: Type.Array(
    answer('MadeAttempt', {
      number: whole(1, Number.MAX_SAFE_INTEGER, {
        description: 'The how manieth it is of the receiver’s, since the node began.',
      }),
      at: Time,
      id: Type.String({ description: 'Of the event, as the receiver is told it.' }),
      type: Type.String(),
      subject: Type.String(),
      ...ATTEMPT,
    }),
    { description: 'The newest first: so many as `webhookAttemptsKept` says.' },
  ),
  cursor: Optional(Type.String()),
});
const Letter = Type.Object({
  id: OutboundId,
  type: oneOf(Object.keys(EVENT_TYPES)),
  subject: Type.String(),
  sequence: Type.String(),
  attempts: Count,
  failedAt: Time,
  deadAt: Time,
  reason: Optional(Type.String()),
  status: Optional(whole(0, 999)),
});
export const Letters = answer('DeadLetters', {
  deadLetters: Type.Array(Letter),
  cursor: Optional(OutboundId),
});
export const Dropped = answer('Dropped', { id: OutboundId });

const webhook = described('webhooks');

const FOUND: readonly RefusalCode[] = ['WEBHOOK_NOT_FOUND'];
const WRITTEN: readonly RefusalCode[] = [...FOUND, 'CHANGED_MEANWHILE', 'COMMAND_INVALID'];
const ASKED: readonly RefusalCode[] = [...FOUND, 'OUTBOX_UNAVAILABLE'];
const LETTER: readonly RefusalCode[] = [...ASKED, 'DEAD_LETTER_NOT_FOUND'];

const TYPES_TOLD = Object.entries(EVENT_TYPES)
  .map(([type, says]) => `* \`${type}\`: ${says}`)
  .join('\n');

export const WEBHOOK_DESCRIPTIONS = {
  add: {
    ...webhook(
      'Have a URL told what happens from now on.',
      201,
      WebhookWithSecret,
      [
        ...['WEBHOOK_URL_FORBIDDEN', 'WEBHOOK_LIMIT', 'PLATFORM_NOT_FOUND'],
        ...['COMMAND_INVALID', 'CHANGED_MEANWHILE'],
      ] as RefusalCode[],
      WebhookBody,
    ),
    details:
      'Each event is a POST with a CloudEvents 1.0 envelope as its JSON, signed as Standard Webhooks are (`webhook-id`, `webhook-timestamp`, `webhook-signature`). ' +
      'It is told what its maker may read, then: of a platform, or a key that is restricted, events in their assets alone. ' +
      '`platform`: made for a platform, by who administers the whole ledger. ' +
      `Types of events (left out: all):\n\n${TYPES_TOLD}`,
  },
  list: webhook('All webhooks of who asks; of who administers the ledger: all.', 200, Webhooks),
  get: webhook('A webhook, and how far it is.', 200, WebhookProgress, ASKED),
  change: webhook(
    'Change a webhook; what is left out stays.',
    200,
    WebhookAnswer,
    [...WRITTEN, 'WEBHOOK_URL_FORBIDDEN'],
    WebhookChange,
  ),
  remove: webhook('End a webhook, and forget how far it was.', 200, WebhookAnswer, FOUND),
  rotate: webhook(
    'Give a webhook a new secret; the last one signs, too, for a while.',
    200,
    WebhookWithSecret,
    WRITTEN,
    RotateBody,
  ),
  pause: webhook('Send nothing for now.', 200, WebhookAnswer, WRITTEN, NoBody),
  resume: webhook('Go on from where it was.', 200, WebhookAnswer, WRITTEN, NoBody),
  test: webhook('Send an event of type `webhook.test` now.', 200, AttemptAnswer, ASKED, NoBody),
  replay: {
    ...webhook('Tell again what happened.', 200, WebhookAnswer, WRITTEN, ReplayBody),
    details:
      '`from`: a time, or positions (`0:41,1:7`: the first block of each shard; of a shard that is not named, from now on). Events have the ids that they had.',
  },
  attempts: {
    ...webhook(
      'The last attempts to deliver, of the node that is asked, since its start.',
      200,
      AttemptsPage,
      ASKED,
    ),
    query: ATTEMPTS_QUERY,
  },
  letters: {
    ...webhook('Events that were given up, of the node that is asked.', 200, Letters, ASKED),
    query: Type.Object({
      limit: Optional(
        whole(1, DEAD_LETTERS_PAGE_MAX, {
          description: `1 to ${DEAD_LETTERS_PAGE_MAX}, the default.`,
        }),
      ),
      after: Optional(OutboundId),
    }),
  },
  retry: webhook('Try a dead letter again, once.', 200, AttemptAnswer, LETTER, NoBody),
  drop: webhook('Forget a dead letter.', 200, Dropped, LETTER),
} as const;
