// Platforms, keys, users and tickets. Owns: the schemas of what is sent and answered. Never touches: what is kept of them.

import { limits, OPERATIONS } from '../../engine/index.js';
import {
  EMBED_ORIGINS_MAX,
  ENDPOINT_LENGTH_MAX,
  NAME_LENGTH_MAX,
  ORIGIN_LENGTH_MAX,
  OVERLAP_SECONDS_MAX,
  RATE_REQUESTS_MAX,
  RATE_SECONDS_MAX,
} from '../limits.js';
import { strict } from './commands.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AnyUser,
  AssetCode,
  DefinitionKey,
  KeyId,
  line,
  NAME,
  oneOf,
  PlatformId,
  REFUSED,
  refusedAs,
  SystemUser,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

const Name = line(NAME_LENGTH_MAX, {
  description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
});
const GrantAssets = Type.Array(AssetCode, {
  minItems: 1,
  maxItems: limits.GRANT_ASSETS_MAX,
  uniqueItems: true,
  description: `A list of 1 to ${limits.GRANT_ASSETS_MAX} different asset codes; a platform’s own is the first.`,
});
const Operations = Type.Array(oneOf(OPERATIONS), {
  minItems: 1,
  maxItems: OPERATIONS.length,
  uniqueItems: true,
  description: `A list of different ones out of: ${OPERATIONS.join(', ')}.`,
});
const RateSchema = strict(
  { limit: whole(1, RATE_REQUESTS_MAX), seconds: whole(1, RATE_SECONDS_MAX) },
  {
    [NAME]: 'Rate',
    description: `{"limit": 1..${RATE_REQUESTS_MAX}, "seconds": 1..${RATE_SECONDS_MAX}}: so many requests in so many seconds.`,
  },
);
/** A URL without anybody's name in it. What a URL is beyond this, the reader says. */
const Endpoint = Type.String({
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?:',
  maxLength: ENDPOINT_LENGTH_MAX,
  description: `An http or https URL of at most ${ENDPOINT_LENGTH_MAX} characters.`,
});
const HOST = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';
/** What may stand in a Content-Security-Policy as it is: no `*`, no `;`. What an origin is beyond this, the reader says. */
const EmbedOrigins = Type.Array(
  text(`(?:https://${HOST}|http://(?:(?:${HOST}\\.)?localhost|127\\.0\\.0\\.1))(?::[0-9]{1,5})?`, {
    maxLength: ORIGIN_LENGTH_MAX,
  }),
  {
    maxItems: EMBED_ORIGINS_MAX,
    uniqueItems: true,
    description: `A list of at most ${EMBED_ORIGINS_MAX} different origins, such as https://shop.example (http on this machine alone): their pages may embed /me/embed/{platform}.`,
  },
);
const Programme = refusedAs(
  'COMMAND_INVALID',
  DefinitionKey,
  'A programme: points added by a business type that is one of its types of events are what that event earns.',
);
const SETTINGS = {
  endpoint: Optional(Endpoint),
  proof: Optional(
    oneOf(['any', 'token', 'signature', 'both'], {
      description: 'How requests are proved: any, token, signature or both.',
    }),
  ),
  userIds: Optional(
    oneOf(['global', 'platform'], {
      description: 'How /api/points names users where a call does not say: global or platform.',
    }),
  ),
  programme: Optional(Programme),
  embedOrigins: Optional(EmbedOrigins),
  rate: Optional(RateSchema),
};

export const PlatformBody = strict(
  { id: PlatformId, name: Name, assets: GrantAssets, operations: Operations, ...SETTINGS },
  { [NAME]: 'NewPlatform' },
);
export const PlatformChange = strict(
  {
    name: Optional(Name),
    assets: Optional(GrantAssets),
    operations: Optional(Operations),
    ...SETTINGS,
  },
  { [NAME]: 'PlatformChange' },
);
export const RotateBody = strict(
  {
    overlapSeconds: Optional(
      whole(0, OVERLAP_SECONDS_MAX, {
        description: `How long the secret before stays good: a whole number from 0 to ${OVERLAP_SECONDS_MAX}.`,
      }),
    ),
  },
  { [NAME]: 'Rotation' },
);
export const KeyBody = strict(
  {
    name: Name,
    operations: Operations,
    assets: Optional(GrantAssets),
    owner: Optional(User),
    rate: Optional(RateSchema),
    expiresAt: Optional(
      whole(1, limits.TIME_MAX_MS, { description: 'When it ends, in milliseconds since 1970.' }),
    ),
  },
  { [NAME]: 'NewKey' },
);

const PLATFORM = {
  id: PlatformId,
  name: Type.String(),
  assets: Type.Array(AssetCode),
  operations: Type.Array(oneOf(OPERATIONS)),
  endpoint: Optional(Type.String()),
  proof: oneOf(['any', 'token', 'signature', 'both']),
  userIds: oneOf(['global', 'platform']),
  programme: Optional(DefinitionKey),
  embedOrigins: Optional(Type.Array(Type.String())),
  rate: Optional(RateSchema),
  disabled: Type.Boolean(),
  createdAt: Time,
  updatedAt: Time,
};
export const PlatformAnswer = answer('Platform', PLATFORM);
export const PlatformWithSecret = answer('PlatformWithSecret', {
  ...PLATFORM,
  secret: Type.String({ description: 'Shown this once.' }),
});
export const Platforms = answer('Platforms', { platforms: Type.Array(PlatformAnswer) });

const KEY = {
  id: KeyId,
  name: Type.String(),
  operations: Type.Array(oneOf(OPERATIONS)),
  assets: Optional(Type.Array(AssetCode)),
  owner: Optional(User),
  rate: Optional(RateSchema),
  createdAt: Time,
  expiresAt: Optional(Time),
  revokedAt: Optional(Time),
  issuedBy: Optional(
    Type.String({ description: 'Who has issued it: where two people are needed, both are one.' }),
  ),
};
export const KeyAnswer = answer('Key', KEY);
export const KeyWithSecret = answer('KeyWithSecret', {
  ...KEY,
  key: Type.String({ description: 'Shown this once.' }),
});
export const Keys = answer('Keys', { keys: Type.Array(KeyAnswer) });

const Identity = Type.String({ description: 'A text: who the user is in the target system.' });
export const RegisterBody = strict(
  { identity: Optional(Identity) },
  {
    [NAME]: 'Registration',
    description: 'Left out, towards the ledger: the derived id.',
  },
);
export const MappingChange = strict(
  { identity: Identity, was: Type.String({ description: 'A text: who it is until now.' }) },
  { [NAME]: 'MappingChange' },
);
export const MappingAnswer = answer('Mapping', {
  system: PlatformId,
  user: SystemUser,
  target: PlatformId,
  identity: AnyUser,
  status: oneOf(['active', 'inactive']),
  createdAt: Time,
  updatedAt: Time,
});
export const Mappings = answer('Mappings', {
  system: PlatformId,
  user: AnyUser,
  mappings: Type.Array(MappingAnswer),
});
export const CrossSystemAccount = answer('CrossSystemAccount', {
  id: Type.String({ pattern: '^CS:[0-9a-f]{64}$' }),
  owner: User,
  asset: AssetCode,
});

/** What a ticket is asked for with; `ttlMsMax`: how long one may live. */
export const ticketBody = (ttlMsMax: number) =>
  strict(
    {
      owner: refusedAs('OWNER_INVALID', User, 'Whose balances are watched.'),
      ttlMs: Optional(whole(1, ttlMsMax, { description: `A whole number from 1 to ${ttlMsMax}.` })),
    },
    { [NAME]: 'TicketRequest', [REFUSED]: 'BODY_INVALID' },
  );
export const TicketAnswer = answer('Ticket', { ticket: Type.String(), expiresAt: Time });

/** The body of what needs none. */
export const NoBody = strict({}, { [NAME]: 'Nothing' });
