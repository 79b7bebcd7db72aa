// What partners outside ask this ledger by the contract, /api/internal. Owns: its parameters, bodies, answers and texts. Never touches: what they mean.

import type { RefusalCode } from '../../engine/index.js';
import {
  limits as engineLimits,
  OPERATION_ID,
  OPERATION_KINDS,
  OPERATION_STATES,
} from '../../engine/index.js';
import { INBOUND_TEXT_LENGTH_MAX } from '../limits.js';
import { strict } from './commands.js';
import { type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Change,
  Count,
  line,
  MISSED,
  NAME,
  NewUser,
  oneOf,
  PlatformId,
  REFUSED,
  refusedAs,
  SystemUser,
  TimeText,
  text,
  whole,
} from './words.js';

const { Optional } = Type;

const Cursor = text('\\d{1,8}\\.in-[A-Za-z0-9_-]{1,60}', {
  description: '`next` of the page before, as it was told.',
});
const transaction_id = text(OPERATION_ID.slice(1, -1), {
  [REFUSED]: 'ID_INVALID',
  [MISSED]: 'ID_INVALID',
  description:
    'By what the partner knows the operation, for ever: 1 to 128 characters, neither `.` nor `..`.',
});
const Wanted = {
  transaction_id,
  user_id: refusedAs('OWNER_INVALID', NewUser, 'Whose points, as this ledger names the user.'),
  amount: whole(1, engineLimits.AMOUNT_MAX, {
    [REFUSED]: 'AMOUNT_INVALID',
    [MISSED]: 'AMOUNT_INVALID',
    description: 'Minor units.',
  }),
  asset: refusedAs('ASSET_INVALID', AssetCode, 'One of those that the partner may ask for.'),
};
const type = oneOf(OPERATION_KINDS, { description: 'What it is, or would have been.' });

export const OperationBody = strict(Wanted, { [NAME]: 'PartnerAsks' });
export const RollbackBody = strict({ ...Wanted, type }, { [NAME]: 'PartnerRollsBack' });
const words = (description: string) => line(INBOUND_TEXT_LENGTH_MAX, { description });
export const InboundUserBody = strict(
  {
    key: words('One key, one user, however often it is sent.'),
    name: words('`<name>_from_<source>`. It is not kept.'),
    email: Optional(words('It is not kept.')),
    source_system: Type.Unsafe<string>({
      ...PlatformId,
      [NAME]: undefined,
      description: 'The system whose user it is, as the partner calls it.',
    }),
    source_user_id: refusedAs(
      'IDENTITY_INVALID',
      SystemUser,
      'The partner’s own name for the user.',
    ),
    imported: Type.Literal(true, { description: '`true`: the user comes from another system.' }),
  },
  { [NAME]: 'PartnerUserAsked' },
);

const Iso = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  description: 'ISO 8601, in UTC.',
});
const OPERATION = {
  transaction_id,
  type: oneOf(OPERATION_KINDS),
  status: oneOf(OPERATION_STATES),
  user_id: Type.String(),
  amount: Count,
  asset: AssetCode,
  time: Optional(Iso),
  code: Optional(
    Type.String({
      description: 'Why it is refused; of one that is completed: why it cannot be rolled back.',
    }),
  ),
};
const Operation = answer('PartnerOperation', {
  ...OPERATION,
  idempotent: Type.Boolean({ description: 'It was decided before.' }),
});
const Conflict = answer('PartnerConflict', {
  status: Type.Literal('conflict'),
  code: Type.Literal('OPERATION_DIFFERS'),
  field: Type.String({ description: 'What differs.' }),
  detail: Type.String(),
});
const Operations = answer('PartnerOperations', {
  operations: Type.Array(Type.Object(OPERATION)),
  next: Optional(Type.String({ description: 'There may be more: `cursor` of the next page.' })),
});
const Absent = answer('PartnerAbsent', {
  status: Type.Literal('absent'),
  transaction_id: Optional(Type.String()),
});
const User = answer('PartnerUser', { user_id: Type.String() });
const UserRefused = answer('PartnerUserRefused', {
  status: Type.Literal('refused'),
  code: Type.String(),
  field: Optional(Type.String()),
  detail: Optional(Type.String()),
});
const Totals = answer('PartnerTotals', {
  total: Change,
  added: Change,
  deducted: Change,
});

const QUERY = { [REFUSED]: 'QUERY_INVALID' } as const;
const time = Type.Unsafe<string>({ ...TimeText, [NAME]: undefined });

const FORNOW: readonly RefusalCode[] = [...SHARDS, 'OPERATION_UNDECIDED', 'ASSET_INVALID'];
const SAID: readonly RefusalCode[] = ['ID_INVALID', 'OWNER_INVALID', 'AMOUNT_INVALID'];

const operation = (summary: string, body: Description['body']): Description => ({
  tag: 'partners',
  summary,
  body,
  answers: {
    200: { summary: 'What it came to, now or before.', schema: Operation },
    409: { summary: 'Another operation has this id: nothing was changed.', schema: Conflict },
  },
  refusals: [...FORNOW, ...SAID],
  details:
    'The id is done, refused or void once, for ever: a repeat tells so (`idempotent`). What is refused with another status than 409 says nothing of the operation: ask again by the same id.',
});

export const INTERNAL_DESCRIPTIONS = {
  add: operation('A partner adds points to a user.', OperationBody),
  deduct: operation('A partner takes points from a user.', OperationBody),
  rollback: {
    ...operation('A partner rolls an operation back.', RollbackBody),
    details:
      'One that never came is `void` from now on. `completed` with a `code`: its points are spent, so it stands, for ever.',
  },
  one: {
    tag: 'partners',
    summary: 'What became of an operation of the partner?',
    path: { transaction_id },
    answers: {
      200: { summary: 'What it came to.', schema: Operation },
      404: { summary: 'It has not come.', schema: Absent },
    },
    refusals: SHARDS,
  },
  list: {
    tag: 'partners',
    summary: 'Operations that the partner has asked for, in all states.',
    details: 'In [from, until), the oldest first. A page may be empty, and not be the last one.',
    query: Type.Object(
      {
        from: time,
        until: time,
        cursor: Optional(Cursor),
        limit: Optional(
          whole(1, engineLimits.AMOUNT_MAX, { description: 'So many at most; fewer may be told.' }),
        ),
      },
      QUERY,
    ),
    answers: { 200: { summary: 'A page of them.', schema: Operations } },
    refusals: SHARDS,
  },
  user: {
    tag: 'partners',
    summary: 'A user of the partner is known here from now on.',
    body: InboundUserBody,
    answers: {
      200: { summary: 'The user was known before.', schema: User },
      201: { summary: 'The user is known now.', schema: User },
      409: { summary: 'Never under this key, or not now.', schema: UserRefused },
      422: { summary: 'Never.', schema: UserRefused },
    },
    refusals: [...SHARDS, 'IDENTITY_INVALID'],
  },
  verify: {
    tag: 'partners',
    summary: 'Is there such a user?',
    path: { user: NewUser },
    answers: {
      200: { summary: 'Yes.', schema: User },
      404: { summary: 'No.', schema: Absent },
    },
    refusals: SHARDS,
  },
  totals: {
    tag: 'partners',
    summary: 'All points of an asset, and what the partner has added and deducted.',
    details:
      'Without what the platform has in reserve; what was rolled back is left out. A time that is still to come is read as now.',
    query: Type.Object({ asset: AssetCode, until: time }, QUERY),
    answers: { 200: { summary: 'As of that time.', schema: Totals } },
    refusals: [...SHARDS, 'ASSET_INVALID'],
  },
} as const satisfies Readonly<Record<string, Description>>;
