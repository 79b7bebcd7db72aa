// What is asked and answered of what becomes of personal data: consents to share, looks, anonymous ids, how long what is kept. Owns: these schemas and texts, the
// list of what is kept how long. Never touches: records.

import { limits as engineLimits } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { NAME, NewUser, oneOf, PlatformId, Time, User, whole } from './words.js';

const { Optional } = Type;
/** Looks of a page, where nothing else is asked for. */
export const DISCLOSURES_PAGE = 50;
const DISCLOSURES_PAGE_MAX = 500;

export const SharingBody = strict(
  {
    share_analytics: Optional(
      Type.Boolean({ description: 'May device and location leave the ledger?' }),
    ),
    share_contacts: Optional(
      Type.Boolean({ description: 'May contacts (phone, mail, address) leave the ledger?' }),
    ),
  },
  { [NAME]: 'SharingBody', description: 'What is left out stays as it was.' },
);
const Consent = Type.Object({
  isGiven: Type.Boolean({ description: 'Where nothing was said: false.' }),
  at: Type.Union([Time, Type.Null()], { description: 'When it was said; null: nothing was.' }),
});
const SharingAnswer = answer('Sharing', {
  owner: User,
  share_analytics: Consent,
  share_contacts: Consent,
});
const Look = answer('Disclosure', {
  at: Time,
  kind: oneOf(['administrator', 'key', 'platform', 'partner', 'member', 'operator', 'visitor']),
  by: Type.String({ description: 'Who, as the audit trail names it.' }),
  what: oneOf(['receiver', 'contact', 'export', 'sessions', 'attribute'], {
    description:
      'Where orders go to, how the member is reached, all that is known of it, where it is signed in, attributes that are personal.',
  }),
  way: Type.String({ description: 'The route that told it.' }),
});
const Kept = answer('Retention', {
  what: Type.String(),
  days: Type.Union([whole(0, engineLimits.AMOUNT_MAX), Type.Null()], {
    description: 'Null: until it is removed, or the member is erased.',
  }),
  setting: Type.Union([Type.String(), Type.Null()], {
    description: 'The limit that says so (`start --limits`); null: it is fixed.',
  }),
});

const DAY_MS = 86_400_000;

/** What is kept of members, and how long. */
export const retentionOf = (of: GatewayLimits): readonly object[] => [
  { what: 'addresses, agents and devices of who asked', days: of.auditDays, setting: 'auditDays' },
  { what: 'notices that were sent', days: of.noticeDays, setting: 'noticeDays' },
  { what: 'looks at personal data', days: of.disclosureDays, setting: 'disclosureDays' },
  { what: 'files of reports', days: of.reportFileDays, setting: 'reportFileDays' },
  {
    what: 'orders that have ended, with their receivers',
    days: engineLimits.ORDER_KEPT_MS / DAY_MS,
    setting: null,
  },
  { what: 'contacts, login names, consents', days: null, setting: null },
  { what: 'keys of members', days: null, setting: null },
];

const OF_MEMBER = { owner: NewUser };

export const PRIVACY_DESCRIPTIONS = {
  sharing: {
    tag: 'privacy',
    summary: 'What a member agrees to have given away.',
    path: OF_MEMBER,
    answers: { 200: { summary: 'What it agrees to.', schema: SharingAnswer } },
    refusals: [...SHARDS, ...OWNERS],
  },
  putSharing: {
    tag: 'privacy',
    summary: 'Say what a member agrees to have given away.',
    details:
      'Without it what platforms have said of a device, a place (`share_analytics`) or of contacts (`share_contacts`) in metadata, attributes and profiles leaves the ledger neither by webhooks and sinks nor by the export of a log. It is looked at when something leaves.',
    path: OF_MEMBER,
    body: SharingBody,
    answers: { 200: { summary: 'What it agrees to now.', schema: SharingAnswer } },
    refusals: [...SHARDS, ...OWNERS, 'CHANGED_MEANWHILE', 'MEMBER_ERASED'],
  },
  disclosures: {
    tag: 'privacy',
    summary: 'Who has seen personal data of a member in clear, the newest first.',
    details:
      'A look is written down before anything is told. Looks of one caller at the same, the same way, are one in each hour. What the member sees of itself is none.',
    path: OF_MEMBER,
    query: Type.Object({
      cursor: Optional(Type.String({ description: 'From the page before.' })),
      limit: Optional(
        whole(1, DISCLOSURES_PAGE_MAX, { description: `Default ${DISCLOSURES_PAGE}.` }),
      ),
    }),
    answers: {
      200: {
        summary: 'A page of them.',
        schema: answer('Disclosures', {
          owner: User,
          disclosures: Type.Array(Look),
          cursor: Optional(Type.String({ description: 'For the next page.' })),
        }),
      },
    },
    refusals: [...SHARDS, ...OWNERS, 'CURSOR_INVALID'],
  },
  anonymousId: {
    tag: 'privacy',
    summary: 'The anonymous id of a member for a platform.',
    details:
      'Made under the member’s own key: the same for ever, another one for each platform, joined by nobody who has not the key, and by nobody at all once the member is erased. A platform gets its own.',
    path: OF_MEMBER,
    query: Type.Object({ platform: Optional(PlatformId) }),
    answers: {
      200: {
        summary: 'The id.',
        schema: answer('AnonymousId', {
          platform: PlatformId,
          id: Type.String({ description: '43 characters of base64url.' }),
        }),
      },
    },
    refusals: [...SHARDS, ...OWNERS, 'MEMBER_ERASED', 'VAULT_CLOSED', 'PLATFORM_NOT_FOUND'],
  },
  retention: {
    tag: 'privacy',
    summary: 'How long what is known of members is kept.',
    answers: {
      200: {
        summary: 'What, and how many days.',
        schema: answer('Retentions', { retention: Type.Array(Kept) }),
      },
    },
    refusals: [],
  },
} as const satisfies Readonly<Record<string, Description>>;
