// Receipts, checkpoints, witnesses outside: what is said of them and answered. Owns: these schemas and texts. Never touches: trees, signatures.

import { limits } from '../../engine/index.js';
import {
  type GatewayLimits,
  NAME_LENGTH_MAX,
  WITNESS_KEY_LENGTH_MAX,
  WITNESS_URL_LENGTH_MAX,
} from '../limits.js';
import { strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Change,
  Count,
  KnownId,
  line,
  NAME,
  NewUser,
  oneOf,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
const Shard = whole(0, limits.SHARDS_MAX - 1);
const Hash = Type.String({ description: 'A hash of SHA-256, base64.' });
const Proof = Type.Array(Hash);
const Note = Type.String({
  description: 'A signed note (C2SP signed-note): origin, size, root, signatures, cosignatures.',
});
const Vkey = Type.String({ description: 'A public key as a line: `<name>+<id>+<base64>`.' });
const Leaf = whole(0, limits.AMOUNT_MAX, { description: 'Its place in the tree.' });
const EntryText = Type.String({
  description: 'What is hashed: one line of JSON (engine/receipts/README.md).',
});
const Format = Type.Literal('jifen-receipt/v1');

const Receipt = answer('Receipt', {
  format: Format,
  kind: Type.Literal('command'),
  owner: User,
  id: Type.String({ description: 'As the log has it: of a platform with its name.' }),
  entries: Type.Array(Type.Object({ leaf: Leaf, text: EntryText, proof: Proof })),
  checkpoint: Note,
});
const AccountReceipt = answer('AccountReceipt', {
  format: Format,
  kind: Type.Literal('account'),
  owner: User,
  asset: AssetCode,
  version: Count,
  available: Change,
  held: Count,
  statement: Type.String({
    description: 'A signed note: what the account was, as of the checkpoint.',
  }),
  parts: Type.Array(
    Type.Object({
      entries: Type.Array(Type.Object({ leaf: Leaf, text: EntryText })),
      proof: Proof,
    }),
    { description: 'Entries by version, each part with one proof for all of them.' },
  ),
  checkpoint: Note,
});

const Fault = Type.Union([oneOf(['shorter', 'another', 'ahead']), Type.Null()], {
  description:
    'Why nothing is signed of the shard. `shorter`, `another`: the log is not the one that was signed. `ahead`: a witness has seen more of it. null: something is.',
});
const CHECKPOINT = {
  shard: Shard,
  origin: Type.String({ description: 'The log, as checkpoints name it.' }),
  fault: Fault,
  size: Count,
  at: Type.Union([Time, Type.Null()], { description: 'null: there is none yet.' }),
  note: Type.Union([Note, Type.Null()]),
  witnesses: Type.Array(Type.String(), { description: 'Which witnesses have cosigned it.' }),
};
const Checkpoints = answer('Checkpoints', {
  name: Type.String({ description: 'The ledger, as checkpoints name it.' }),
  checkpoints: Type.Array(Type.Object(CHECKPOINT)),
});
const Consistency = answer('Consistency', {
  shard: Shard,
  from: Count,
  fromRoot: Hash,
  size: Count,
  root: Hash,
  proof: Type.Array(Hash, { description: 'RFC 9162, 2.1.4.' }),
});
const CheckpointKeys = answer('CheckpointKeys', {
  name: Type.String(),
  keys: Type.Array(
    Type.Object({
      number: whole(1, limits.RECORDS_MAX),
      createdAt: Time,
      retiredAt: Type.Union([Time, Type.Null()]),
      signs: Type.Boolean(),
      vkey: Vkey,
      shards: Type.Array(Vkey, { description: 'The same key for the log of each shard.' }),
    }),
    { description: 'The newest one first. Older ones stay, for what they have signed.' },
  ),
});
const Accepted = answer('CheckpointAccepted', { shard: Shard });

/** The name of a witness in paths. */
export const WitnessId = text('[a-z0-9][a-z0-9_-]{0,39}', {
  description: '1 to 40 characters out of a-z 0-9 _ and -, the first one a letter or digit.',
});
export const WitnessBody = strict(
  {
    name: Optional(
      line(NAME_LENGTH_MAX, {
        description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
      }),
    ),
    vkey: line(WITNESS_KEY_LENGTH_MAX, {
      description: `Its public key as a line of at most ${WITNESS_KEY_LENGTH_MAX} characters: \`<name>+<id>+<base64>\`.`,
    }),
    url: Type.String({
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?:',
      maxLength: WITNESS_URL_LENGTH_MAX,
      description: `An https URL of at most ${WITNESS_URL_LENGTH_MAX} characters, which \`/add-checkpoint\` follows.`,
    }),
  },
  { [NAME]: 'NewWitness' },
);
export const KeysBody = strict({
  retire: Optional(Type.Boolean({ description: 'Do the keys before it sign nothing more?' })),
});
const WITNESS = {
  witness: WitnessId,
  name: Optional(Type.String()),
  vkey: Vkey,
  url: Type.String(),
  createdAt: Time,
  updatedAt: Time,
  asked: Type.Array(
    Type.Object({
      shard: Shard,
      at: Time,
      state: oneOf(['cosigned', 'ahead', 'forked', 'failed']),
      why: Optional(Type.String()),
    }),
    { description: 'What came of asking it last, for the shards of the node that answers.' },
  ),
};
const Witness = answer('Witness', WITNESS);
const Witnesses = answer('Witnesses', { witnesses: Type.Array(Witness) });

const TREES = [...SHARDS, 'RECEIPTS_OFF', 'RECEIPT_EARLY', 'TREE_FORKED'] as const;
const about = { tag: 'receipts' } as const;

/** What the routes of receipts say of themselves. */
export const receiptDescriptions = (of: GatewayLimits) =>
  ({
    command: {
      ...about,
      summary:
        'The receipt of a command: what it did to the accounts of its home owner, with proof.',
      details:
        'A document that anybody can check without this ledger: `jifen receipt verify`, the page `/receipts`, or `jifen/verify-receipt`. It shows nothing of the other party. What is not in the last checkpoint yet is `RECEIPT_EARLY`.',
      path: { owner: NewUser, id: KnownId },
      answers: { 200: { summary: 'The receipt.', schema: Receipt } },
      refusals: [
        ...([...TREES, ...OWNERS, 'ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID'] as const),
        ...(['TRANSFER_NOT_FOUND', 'RECEIPT_NOT_FOUND', 'SECRETS_KEY_DIFFERS'] as const),
      ],
    },
    account: {
      ...about,
      summary: 'The receipt of an account: all of its entries, so that the balance is their sum.',
      details: `As of the last checkpoint, with what the account was then, signed. At most ${of.receiptEntriesMax} entries at once: \`from\` begins with a later version; one entry: \`from\` its version, \`limit\` 1.`,
      path: { owner: NewUser },
      query: Type.Object({
        asset: AssetCode,
        from: Optional(whole(1, limits.AMOUNT_MAX, { description: 'From this version on.' })),
        limit: Optional(
          whole(1, of.receiptEntriesMax, { description: 'At most so many entries.' }),
        ),
      }),
      answers: { 200: { summary: 'The receipt.', schema: AccountReceipt } },
      refusals: [
        ...([...TREES, ...OWNERS, 'ASSET_INVALID', 'ASSET_UNKNOWN'] as const),
        ...(['QUERY_INVALID', 'SECRETS_KEY_DIFFERS'] as const),
      ],
    },
    checkpoints: {
      ...about,
      summary:
        'The last checkpoint of each shard: how many entries its log has, their root, signed.',
      answers: { 200: { summary: 'The checkpoints.', schema: Checkpoints } },
      refusals: [...TREES, 'SECRETS_KEY_DIFFERS'],
    },
    checkpoint: {
      ...about,
      summary: 'The last checkpoint of a shard, as a signed note (C2SP tlog-checkpoint).',
      answers: { 200: { summary: 'The note.', type: 'text/plain' } },
      refusals: [...TREES, 'QUERY_INVALID'],
    },
    consistency: {
      ...about,
      summary: 'That the log of a shard at one size is what it begins with at a later one.',
      details: 'A proof of RFC 9162: with two checkpoints, nothing of what is before was changed.',
      query: Type.Object({
        from: whole(0, limits.AMOUNT_MAX, { description: 'The smaller size.' }),
        to: whole(0, limits.AMOUNT_MAX, { description: 'The larger one.' }),
      }),
      answers: { 200: { summary: 'The proof.', schema: Consistency } },
      refusals: [...TREES, 'QUERY_INVALID'],
    },
    accept: {
      ...about,
      summary: 'Say that the log of a shard is right although it is not the one that was signed.',
      details:
        'After an earlier copy was put back. What was signed is forgotten here, not by those who have it: they, and witnesses, see two histories.',
      answers: { 200: { summary: 'It is signed again.', schema: Accepted } },
      refusals: [...TREES, 'QUERY_INVALID'],
    },
    keys: {
      ...about,
      summary: 'The public keys that checkpoints are signed with.',
      answers: { 200: { summary: 'The keys.', schema: CheckpointKeys } },
      refusals: [...SHARDS, 'RECEIPTS_OFF', 'RECORD_LIMIT', 'SECRETS_KEY_DIFFERS'],
    },
    rotate: {
      ...about,
      summary: 'Make another key, which signs checkpoints from now on.',
      details:
        'The key before it signs, too, until a third one is made, or with `retire: true` nothing more.',
      body: KeysBody,
      answers: { 201: { summary: 'The keys.', schema: CheckpointKeys } },
      refusals: [
        ...([...SHARDS, 'RECEIPTS_OFF', 'CHANGED_MEANWHILE', 'RECORD_LIMIT'] as const),
        ...(['SECRETS_KEY_DIFFERS', 'COMMAND_INVALID'] as const),
      ],
    },
    witnesses: {
      ...about,
      summary: 'The witnesses that are asked to cosign checkpoints, and what came of it.',
      answers: { 200: { summary: 'The witnesses.', schema: Witnesses } },
      refusals: SHARDS,
    },
    witness: {
      ...about,
      summary: 'A witness, and what came of asking it.',
      path: { witness: WitnessId },
      answers: { 200: { summary: 'The witness.', schema: Witness } },
      refusals: [...SHARDS, 'WITNESS_NOT_FOUND'],
    },
    putWitness: {
      ...about,
      summary: 'Have a witness asked to cosign checkpoints (C2SP tlog-witness), or say it anew.',
      path: { witness: WitnessId },
      body: WitnessBody,
      answers: { 200: { summary: 'The witness.', schema: Witness } },
      refusals: [
        ...SHARDS,
        ...(['COMMAND_INVALID', 'CHANGED_MEANWHILE', 'RECORD_LIMIT', 'WITNESS_INVALID'] as const),
        'WITNESS_NOT_FOUND',
      ],
    },
    removeWitness: {
      ...about,
      summary: 'Ask a witness nothing more.',
      path: { witness: WitnessId },
      answers: { 200: { summary: 'The witness that it was.', schema: Witness } },
      refusals: [...SHARDS, 'WITNESS_NOT_FOUND'],
    },
  }) as const satisfies Readonly<Record<string, Description>>;
