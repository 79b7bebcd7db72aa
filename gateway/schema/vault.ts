// What is asked and answered of personal data: erasures, keys. Owns: these schemas and texts. Never touches: keys, what is erased.

import { limits, ROTATION_LEVELS } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct, strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { BackupBody } from './operation-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import { line, NAME, NewUser, oneOf, Time, User, whole } from './words.js';

const { Optional } = Type;
const count = (of: { readonly description: string }) => whole(0, limits.AMOUNT_MAX, of);

export const ERASE = callerAct('erase-member');
const OF_OWNER = { owner: User };
const { 201: _, ...CHANGED } = DECIDED;

const State = oneOf(['requested', 'erasing', 'erased'], {
  description:
    '`requested`: the member has asked for it, and nobody has decided; `erasing`: it is erased, and something is left to be removed; `erased`: nothing is.',
});
const ErasureAnswer = answer('Erasure', {
  owner: User,
  state: State,
  at: Time,
  by: Type.Union([Type.String(), Type.Null()], {
    description: 'By the credentials shown; null: the ledger itself.',
  }),
  reason: Type.Union([Type.String(), Type.Null()]),
  doneAt: Optional(Time),
});
const Erasures = answer('Erasures', {
  erasures: Type.Array(ErasureAnswer),
  cursor: Optional(Type.String({ description: 'For the next page.' })),
});
export const RequestBody = strict(
  {
    reason: Optional(
      line(limits.ERASURE_REASON_LENGTH_MAX, {
        description:
          'Why, for whoever decides. Never a name, or what else says who it is: it stays.',
      }),
    ),
  },
  { [NAME]: 'ErasureRequest' },
);
const Level = oneOf([...ROTATION_LEVELS], {
  description:
    '`master`: the root key and what is under it, wrapped by the master key as it is now; `shelves`: the keys of all shelves, and members’ keys under them; `members`: each member’s key, when something is next sealed with it.',
});
export const RotationBody = strict({ level: Optional(Level) }, { [NAME]: 'KeyRotation' });
export const ResealBody = strict(
  { cursor: Optional(Type.String({ description: 'From the page before.' })) },
  { [NAME]: 'Resealing' },
);
const Figures = answer('Vault', {
  isOpen: Type.Boolean({ description: 'Can what is sealed be opened?' }),
  reason: Optional(Type.String({ description: 'Why not.' })),
  master: oneOf(['file', 'environment', 'command'], { description: 'Where the master key is.' }),
  root: count({ description: 'The number of the root key.' }),
  shelves: count({ description: 'Shelves that have keys.' }),
  members: count({ description: 'Members who have keys.' }),
  erased: count({ description: 'Members whose keys were destroyed.' }),
  sealed: count({ description: 'Texts that were sealed since the start.' }),
  opened: count({ description: 'And opened.' }),
  rotatedAt: Optional(Time),
  rotating: Optional(Level),
  renewFrom: Optional(Time),
});

const uses = Optional(count({ description: 'Texts that are sealed with it.' }));
const Versions = answer('KeyVersions', {
  owner: User,
  versions: Type.Array(
    Type.Object({
      version: whole(1, limits.AMOUNT_MAX),
      isNewest: Type.Boolean({ description: 'It seals.' }),
      uses: Type.Object({ contact: uses, 'sign-in': uses, order: uses, profile: uses }),
    }),
  ),
});

const KEYS = [...SHARDS, 'VAULT_CLOSED'] as const;

/** What the documents say of asking for a member to be erased. */
export const eraseDescription = (of: GatewayLimits): Description => ({
  tag: 'privacy',
  summary: 'Erase what is known of the person behind a member.',
  details:
    'The member’s key is destroyed: what the log has of the person is sealed for ever. Contacts, mappings, profiles, what it signs in with and its sessions go, also of who was merged into it. Points and entries stay under its name; nothing personal is taken for it any more (`MEMBER_ERASED`). It cannot be undone. Asked for again it is done already. What is left to do when this is answered is done soon after: see its state.',
  path: OF_OWNER,
  query: waiting(of),
  body: flatAct(ERASE, 'MemberErasure', 'owner'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(ERASE),
});

/** What the documents say of the other routes. */
export const VAULT_DESCRIPTIONS = {
  state: {
    tag: 'privacy',
    summary: 'Whether a member is erased, or has asked for it.',
    path: { owner: NewUser },
    answers: { 200: { summary: 'How it stands.', schema: ErasureAnswer } },
    refusals: [...SHARDS, ...OWNERS, 'ERASURE_NOT_FOUND'],
  },
  request: {
    tag: 'privacy',
    summary: 'Ask to be erased: an operator decides.',
    details: 'Asked for again, the same request is told.',
    path: { owner: NewUser },
    body: RequestBody,
    answers: { 201: { summary: 'It waits to be decided.', schema: ErasureAnswer } },
    refusals: [...SHARDS, ...OWNERS, 'MEMBER_ERASED'],
  },
  withdraw: {
    tag: 'privacy',
    summary: 'Take back that a member is to be erased, or decline it.',
    path: { owner: NewUser },
    answers: { 200: { summary: 'Nothing waits.', schema: answer('ErasureWithdrawn', OF_OWNER) } },
    refusals: [...SHARDS, ...OWNERS],
  },
  list: {
    tag: 'privacy',
    summary: 'Members who were erased, or have asked for it.',
    query: Type.Object({
      state: Optional(oneOf(['requested', 'erased'], { description: 'Default: erased.' })),
      cursor: Optional(
        Type.String({ pattern: '^[0-9]{1,3}$', description: 'From the page before.' }),
      ),
    }),
    answers: { 200: { summary: 'A page of them.', schema: Erasures } },
    refusals: SHARDS,
  },
  figures: {
    tag: 'privacy',
    summary: 'The keys of personal data on this node.',
    answers: { 200: { summary: 'How they are.', schema: Figures } },
    refusals: [],
  },
  rotate: {
    tag: 'privacy',
    summary: 'Make keys of this node anew, while it serves.',
    details:
      'Master keys in a file are read again: put the new one before the old one first, and take the old one out afterwards.',
    body: RotationBody,
    answers: { 200: { summary: 'It is done.', schema: Figures } },
    refusals: KEYS,
  },
  copy: {
    tag: 'privacy',
    summary: 'Copy the keys of this node to a new folder, wrapped and without the master key.',
    details:
      'A backup has none. Who is erased afterwards has a key in the copy: keep it for a short time.',
    body: BackupBody,
    answers: {
      200: { summary: 'It is complete.', schema: answer('VaultCopy', { to: Type.String() }) },
    },
    refusals: [...KEYS, 'COMMAND_INVALID'],
  },
  versions: {
    tag: 'privacy',
    summary: 'The versions of a member’s key, and what is sealed with each.',
    details:
      'Of what is kept now. `POST /v1/vault/reseal` seals contacts and what the member signs in with anew; where orders go to stays as it was sealed, as long as the orders are kept.',
    path: OF_OWNER,
    answers: { 200: { summary: 'The newest last.', schema: Versions } },
    refusals: [...KEYS, ...OWNERS],
  },
  revoke: {
    tag: 'privacy',
    summary: 'Destroy an older version of a member’s key that nothing is sealed with.',
    details:
      'Where a version is known to others. What the log alone has of it (attributes of events, where orders went that are forgotten) opens no more. Done again, nothing is left to do.',
    path: {
      ...OF_OWNER,
      version: Type.String({ pattern: '^[1-9][0-9]{0,4}$', description: 'Its number.' }),
    },
    answers: { 200: { summary: 'Those that are left.', schema: Versions } },
    refusals: [...KEYS, ...OWNERS, 'KEY_VERSION_SEALS', 'KEY_VERSION_USED'],
  },
  reseal: {
    tag: 'privacy',
    summary:
      'Seal anew what is known of a page of members: what older releases sealed, and what older keys did.',
    body: ResealBody,
    answers: {
      200: {
        summary: 'What came of it.',
        schema: answer('Resealed', {
          members: count({ description: 'Members who were looked at.' }),
          resealed: count({ description: 'What was sealed anew.' }),
          cursor: Optional(Type.String({ description: 'For the next page.' })),
        }),
      },
    },
    refusals: [...KEYS, 'CURSOR_INVALID'],
  },
} as const satisfies Readonly<Record<string, Description>>;
