// Imports outside. Owns: what their bodies and answers look like. Never touches: what they bring in.

import { limits } from '../../engine/index.js';
import { strict } from './commands.js';
import { type Description, SHARDS } from './description.js';
import {
  IMPORT_LINES_MAX,
  IMPORT_MEMBERS_MAX,
  IMPORT_NAME_LENGTH_MAX,
  LINE_KINDS,
  MEMBER_STATUSES,
  SOURCE_ID_LENGTH_MAX,
} from './import-words.js';
import { TRYING } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Change,
  Count,
  DefinitionKey,
  fits,
  Kind,
  line,
  Memo,
  NewUser,
  oneOf,
  PlatformId,
  Reference,
  SystemUser,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

const ImportName = text(`(?!\\.{1,2}$)[A-Za-z0-9._-]{1,${IMPORT_NAME_LENGTH_MAX}}`, {
  description: `Its name: at most ${IMPORT_NAME_LENGTH_MAX} characters. Its points come from \`@import:{name}\`.`,
});
/** Can an import be called so? */
export const isImportName = fits(ImportName);
const Digest = text('[0-9a-f]{64}', { description: 'SHA-256 of what it brings in, in hex.' });
const Signed = whole(-limits.AMOUNT_MAX, limits.AMOUNT_MAX, {
  description: 'Minor units; of an entry below 0: it took points.',
});

const LineBody = Type.Object(
  {
    kind: oneOf(LINE_KINDS, {
      description:
        'balance: points that a member had; lot: the same, with when they were earned and expire; entry: something that happened.',
    }),
    asset: AssetCode,
    amount: Signed,
    id: Optional(line(SOURCE_ID_LENGTH_MAX)),
    occurredAt: Optional(Time),
    expiresAt: Optional(Type.Union([Time, Type.Null()])),
    type: Optional(Kind),
    businessType: Optional(Kind),
    businessId: Optional(Reference),
    remark: Optional(Memo),
  },
  { additionalProperties: false },
);

const MemberBody = Type.Object(
  {
    owner: Optional(NewUser),
    platform: Optional(PlatformId),
    user: Optional(SystemUser),
    status: Optional(oneOf(MEMBER_STATUSES)),
    programme: Optional(DefinitionKey),
    tier: Optional(DefinitionKey),
    tierUntil: Optional(Time),
    lines: Optional(Type.Array(LineBody, { maxItems: IMPORT_LINES_MAX })),
  },
  { additionalProperties: false },
);

export const ImportBody = strict({ name: ImportName, digest: Digest });
export const ImportMembersBody = strict({
  members: Type.Array(MemberBody, { minItems: 1, maxItems: IMPORT_MEMBERS_MAX }),
});
const CAME = { members: Count, lines: Count, refused: Count };
export const ImportEndBody = strict(CAME);

const Import = answer('Import', {
  name: ImportName,
  digest: Digest,
  at: Time,
  endedAt: Optional(Time),
  came: Optional(answer('ImportCame', CAME)),
});
const ImportWithSums = answer('ImportWithSums', {
  ...Import.properties,
  brought: Type.Record(Type.String(), Change, {
    description:
      'By asset: minor units that members have by it, which is what `@import:{name}` lacks.',
  }),
});
const Refused = answer('ImportRefused', {
  line: whole(-1, IMPORT_LINES_MAX, {
    description: 'Its place among the member’s lines; -1: the member itself.',
  }),
  code: Type.String({ description: 'A refusal of the catalogue.' }),
  field: Optional(Type.String()),
  detail: Type.String(),
});
const Member = answer('ImportedMember', {
  owner: Type.Union([User, Type.Null()]),
  refused: Type.Array(Refused),
  sums: Type.Record(
    Type.String(),
    answer('ImportedSums', { lines: Count, earned: Count, spent: Count, expired: Count }),
  ),
});

const PATH = { import: ImportName };
const tag = 'users';

/** What the documents say of the routes of imports. */
export const IMPORT_DESCRIPTIONS: Readonly<
  Record<'begin' | 'all' | 'one' | 'members' | 'end', Description>
> = {
  begin: {
    tag,
    summary: 'Begin an import of another points system, or go on with it.',
    details:
      'A name stands for one import: with the digest of something else it is refused. When it began counts for all that is brought in under its name.',
    body: ImportBody,
    answers: {
      200: { summary: 'It has begun before.', schema: Import },
      201: { summary: 'It begins.', schema: Import },
    },
    refusals: [...SHARDS, 'CHANGED_MEANWHILE', 'IMPORT_CHANGED', 'RECORD_LIMIT'],
  },
  all: {
    tag,
    summary: 'All imports.',
    answers: {
      200: {
        summary: 'The imports, by name.',
        schema: answer('Imports', { imports: Type.Array(Import) }),
      },
    },
    refusals: SHARDS,
  },
  one: {
    tag,
    summary: 'An import, and what members have by it.',
    path: PATH,
    answers: { 200: { summary: 'The import.', schema: ImportWithSums } },
    refusals: [...SHARDS, 'IMPORT_NOT_FOUND'],
  },
  members: {
    tag,
    summary: 'Bring in members: who they are, their points, lots and history.',
    details:
      'A line is a transfer from `@import:{name}` to the member, or back, under an id that follows from the import and the line: sent again, it is a repeat. A member’s lines are carried out in the order in which they occurred, all or none of those that can be; points that expired meanwhile leave when they expired. A line that cannot be is refused by itself, and the rest goes in. All lines of a member go into one request. With `dryRun` nothing is done; the import need not have begun. No notice or event of a programme follows from it.',
    path: PATH,
    query: TRYING,
    body: ImportMembersBody,
    answers: {
      200: {
        summary: 'What became of each member, in their order.',
        schema: answer('ImportedMembers', { at: Time, members: Type.Array(Member) }),
      },
    },
    refusals: [
      ...SHARDS,
      'ACCOUNT_BUSY',
      'CHANGED_MEANWHILE',
      'IMPORT_NOT_FOUND',
      'OCCURRED_FUTURE',
    ],
  },
  end: {
    tag,
    summary: 'Say that all of an import is through, and what it came to.',
    path: PATH,
    body: ImportEndBody,
    answers: { 200: { summary: 'It is kept.', schema: Import } },
    refusals: [...SHARDS, 'CHANGED_MEANWHILE', 'IMPORT_NOT_FOUND'],
  },
};
