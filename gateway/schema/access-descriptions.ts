// What the routes of platforms, keys, users and tickets say of themselves. Owns: their texts, parameters and refusals. Never
// touches: what the routes do.

import type { TObject } from 'typebox';
import type { RefusalCode } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import {
  CrossSystemAccount,
  KeyAnswer,
  KeyBody,
  Keys,
  KeyWithSecret,
  MappingAnswer,
  MappingChange,
  Mappings,
  NoBody,
  PlatformAnswer,
  PlatformBody,
  PlatformChange,
  Platforms,
  PlatformWithSecret,
  RegisterBody,
  RotateBody,
  TicketAnswer,
  ticketBody,
} from './access.js';
import { type Description, described, SHARDS } from './description.js';

const access = described('access');

const FOUND: readonly RefusalCode[] = ['PLATFORM_NOT_FOUND'];
const WRITTEN: readonly RefusalCode[] = [...FOUND, 'CHANGED_MEANWHILE'];

export const PLATFORM_DESCRIPTIONS = {
  add: access(
    'Register a platform.',
    201,
    PlatformWithSecret,
    ['PLATFORM_EXISTS', 'RECORD_LIMIT', 'SECRETS_KEY_DIFFERS'],
    PlatformBody,
  ),
  list: access('All platforms, without their secrets.', 200, Platforms),
  get: access('A platform, without its secrets.', 200, PlatformAnswer, FOUND),
  change: access(
    'Change a platform; what is left out stays.',
    200,
    PlatformAnswer,
    WRITTEN,
    PlatformChange,
  ),
  rotate: access('Give a platform a new secret.', 200, PlatformWithSecret, WRITTEN, RotateBody),
  disable: access('Let a platform in no more.', 200, PlatformAnswer, WRITTEN, NoBody),
  enable: access('Let a platform in again.', 200, PlatformAnswer, WRITTEN, NoBody),
} as const;

export const KEY_DESCRIPTIONS = {
  add: access('Make a key.', 201, KeyWithSecret, ['RECORD_LIMIT', 'CHANGED_MEANWHILE'], KeyBody),
  list: access('All keys, without what opens anything.', 200, Keys),
  revoke: access(
    'End a key for good.',
    200,
    KeyAnswer,
    ['KEY_NOT_FOUND', 'CHANGED_MEANWHILE'],
    NoBody,
  ),
} as const;

const USERS: readonly RefusalCode[] = [...SHARDS, 'IDENTITY_INVALID', 'OWNER_INVALID'];

const user = (
  summary: string,
  schema: TObject,
  refusals: readonly RefusalCode[] = [],
  body?: TObject,
): Description => ({
  tag: 'users',
  summary,
  body,
  answers: { 200: { summary: 'Done, or found.', schema } },
  refusals: [...USERS, ...refusals],
});

/** What keeps the ledger from knowing whose user somebody is. */
const MEMBERSHIP: readonly RefusalCode[] = [
  ...(['CHANGED_MEANWHILE', 'MEMBER_USERS', 'ACCOUNT_BUSY', 'MEMBER_ERASED'] as const),
];

const register = user(
  'Register who a platform’s user is.',
  MappingAnswer,
  ['IDENTITY_CONFLICT', 'IDENTITY_INACTIVE', ...MEMBERSHIP],
  RegisterBody,
);
const NOT_THERE: readonly RefusalCode[] = ['IDENTITY_NOT_FOUND'];

export const USER_DESCRIPTIONS = {
  register: {
    ...register,
    answers: {
      200: { summary: 'It was so before.', schema: MappingAnswer },
      201: { summary: 'Registered.', schema: MappingAnswer },
    },
  },
  change: user(
    'Make a user somebody else from now on.',
    MappingAnswer,
    [...NOT_THERE, 'IDENTITY_CONFLICT', ...MEMBERSHIP],
    MappingChange,
  ),
  get: user('Who a platform’s user is.', MappingAnswer, NOT_THERE),
  deactivate: user(
    'End a registration for now.',
    MappingAnswer,
    [...NOT_THERE, ...MEMBERSHIP],
    NoBody,
  ),
  activate: user(
    'Let a registration count again.',
    MappingAnswer,
    [...NOT_THERE, ...MEMBERSHIP],
    NoBody,
  ),
  back: user('Which users of systems somebody is.', Mappings),
  account: user('The cross-system id of an account.', CrossSystemAccount, [
    ...NOT_THERE,
    'ASSET_INVALID',
  ]),
} as const;

export const ticketDescription = ({ ticketMsMax }: GatewayLimits): Description => ({
  tag: 'streams',
  summary: 'A ticket for a web page, to watch an owner’s balances with.',
  details: 'It extends to the assets of who asks for it.',
  body: ticketBody(ticketMsMax),
  answers: { 201: { summary: 'The ticket.', schema: TicketAnswer } },
  refusals: ['OWNER_INVALID'],
});
