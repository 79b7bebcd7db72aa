// Partners outside: what is said of them and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import type { RefusalCode } from '../../engine/index.js';
import {
  CRON_LENGTH_MAX,
  GRACE_SECONDS_MAX,
  NAME_LENGTH_MAX,
  PARTNER_ASSETS_MAX,
  PARTNER_CALLS_MAX,
  PARTNER_TOKEN_LENGTH_MAX,
  PARTNER_URL_LENGTH_MAX,
} from '../limits.js';
import { NoBody, RotateBody } from './access.js';
import { strict } from './commands.js';
import { described } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { AssetCode, Count, line, NAME, oneOf, PlatformId, Time, text, whole } from './words.js';

const { Optional } = Type;

/** In which ways partners are asked. */
export const PARTNER_ADAPTERS = ['http'] as const;
/** `maintenance`: by hand, it is asked nothing. */
export const PARTNER_STATES = ['active', 'maintenance'] as const;
/**
 * `closed`: it is asked. `open`: it does not answer, so it is asked nothing but how it is. `half_open`: it says that it is well again, and is tried with one
 * call at a time.
 */
export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;

const Url = Type.String({
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?:',
  maxLength: PARTNER_URL_LENGTH_MAX,
  description: `An https URL of at most ${PARTNER_URL_LENGTH_MAX} characters, which the paths of the contract follow.`,
});
const Token = text(`[\\x21-\\x7e]{1,${PARTNER_TOKEN_LENGTH_MAX}}`, {
  description: 'The bearer token that the partner is shown. Shown to nobody else.',
});
const Assets = Type.Array(AssetCode, {
  minItems: 1,
  maxItems: PARTNER_ASSETS_MAX,
  uniqueItems: true,
  description: `A list of 1 to ${PARTNER_ASSETS_MAX} different assets: the points that it keeps.`,
});
const InboundAssets = Type.Array(AssetCode, {
  maxItems: PARTNER_ASSETS_MAX,
  uniqueItems: true,
  description: `A list of up to ${PARTNER_ASSETS_MAX} different assets: the points here that it may add and deduct by its calls. Left out: none.`,
});
const Cron = line(CRON_LENGTH_MAX, {
  description: `When it is reconciled by itself: a cron expression of five fields, in UTC, of at most ${CRON_LENGTH_MAX} characters. Left out: never.`,
});
export const GraceSeconds = whole(0, GRACE_SECONDS_MAX, {
  description: `Operations younger than so many seconds are not judged: 0 to ${GRACE_SECONDS_MAX}. Left out: the server's default.`,
});
const SETTINGS = {
  url: Url,
  assets: Assets,
  inboundAssets: Optional(InboundAssets),
  name: Optional(
    line(NAME_LENGTH_MAX, {
      description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
    }),
  ),
  adapter: Optional(oneOf(PARTNER_ADAPTERS)),
  createsUsers: Optional(
    Type.Boolean({ description: 'Does it make users that it does not know? Left out: no.' }),
  ),
  reconcileAt: Optional(Cron),
  graceSeconds: Optional(GraceSeconds),
  callsAtOnce: Optional(
    whole(1, PARTNER_CALLS_MAX, {
      description: `How many calls may be under way at once: 1 to ${PARTNER_CALLS_MAX}.`,
    }),
  ),
};

export const PartnerBody = strict(
  { ...SETTINGS, token: Optional(Token) },
  { [NAME]: 'NewPartner' },
);

const Breaker = Type.Object({
  state: oneOf(BREAKER_STATES),
  failures: Count,
  since: Optional(Time),
  nextAt: Optional(Time),
  why: Optional(Type.String({ description: 'What the last failure was, in a word.' })),
});
const PARTNER = {
  platform: PlatformId,
  name: Optional(Type.String()),
  adapter: oneOf(PARTNER_ADAPTERS),
  url: Type.String(),
  assets: Type.Array(AssetCode),
  inboundAssets: Optional(Type.Array(AssetCode)),
  createsUsers: Type.Boolean(),
  callsAtOnce: Optional(Count),
  reconcileAt: Optional(Type.String()),
  graceSeconds: Optional(Count),
  state: oneOf(PARTNER_STATES),
  createdAt: Time,
  updatedAt: Time,
  breaker: Type.Union([Breaker, Type.Null()], {
    description:
      'How it answers the node that was asked; null: that node cannot ask it, as its token was sealed with another key.',
  }),
};
export const PartnerAnswer = answer('Partner', PARTNER);
export const PartnerWithToken = answer('PartnerWithToken', {
  ...PARTNER,
  inboundToken: Type.String({
    description: 'What the partner shows when it asks this ledger. Shown this once.',
  }),
});
const Partners = answer('Partners', { partners: Type.Array(PartnerAnswer) });
const Checked = answer('PartnerChecked', {
  platform: PlatformId,
  isWell: Type.Boolean(),
  why: Optional(Type.String({ description: 'Why not, in a word.' })),
  status: Optional(whole(0, 999)),
  ms: Type.Number({ minimum: 0 }),
});

const partner = described('partners');
const FOUND: readonly RefusalCode[] = ['PARTNER_NOT_FOUND'];
const WRITTEN: readonly RefusalCode[] = [...FOUND, 'CHANGED_MEANWHILE', 'COMMAND_INVALID'];
const SAID: readonly RefusalCode[] = [
  'PARTNER_URL_FORBIDDEN',
  'PARTNER_INVALID',
  'PARTNER_LIMIT',
  'PLATFORM_NOT_FOUND',
  'CHANGED_MEANWHILE',
  'COMMAND_INVALID',
  'SECRETS_KEY_DIFFERS',
];

export const PARTNER_DESCRIPTIONS = {
  put: {
    ...partner(
      'Say that a platform is a partner outside, or say it anew.',
      200,
      PartnerAnswer,
      SAID,
      PartnerBody,
    ),
    answers: {
      200: { summary: 'It was one already.', schema: PartnerAnswer },
      201: { summary: 'It is one now.', schema: PartnerWithToken },
    },
    details:
      'What it must answer: ops/docs/partners.md. A token that is left out stays, where the scheme, host and port of the URL do.',
  },
  list: partner('All partners outside.', 200, Partners),
  get: partner('A partner outside, and how it answers.', 200, PartnerAnswer, FOUND),
  remove: {
    ...partner('A platform is no partner outside any more.', 200, PartnerAnswer, FOUND),
    details: 'Exchanges with it that are under way wait until it is one again.',
  },
  maintenance: partner('Ask it nothing for now.', 200, PartnerAnswer, WRITTEN, NoBody),
  resume: partner('Ask it again.', 200, PartnerAnswer, WRITTEN, NoBody),
  rotate: {
    ...partner(
      'Make a new token for the partner to show; the last one is good for a while.',
      200,
      PartnerWithToken,
      WRITTEN,
      RotateBody,
    ),
    details: 'The token before the last one ends now.',
  },
  check: {
    ...partner('Ask it now how it is.', 200, Checked, FOUND, NoBody),
    details: 'Where it was taken to be down and is well, it is tried with calls at once.',
  },
};
