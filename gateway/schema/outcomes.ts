// Answers: what the ledger says of commands, accounts and history. Owns: their schemas. Never touches: how they are made.

import type { TObject, TSchema } from 'typebox';
import { ENTRY_TYPES, limits, REFUSALS, type RefusalCode } from '../../engine/index.js';
import { COMMANDS } from './commands.js';
import { Type } from './typebox.js';
import {
  AsOf,
  AssetCode,
  Change,
  Count,
  DefinitionKey,
  FixedDate,
  Holder,
  Id,
  Kind,
  KnownId,
  Memo,
  Metadata,
  NAME,
  Owner,
  oneOf,
  Period,
  Reference,
  Time,
  User,
  whole,
  Zone,
} from './words.js';

const { Optional } = Type;

/** An answer: an object of these fields; a later version may have more. */
export const answer = <T extends Readonly<Record<string, TSchema>>>(
  name: string,
  fields: T,
): TObject<T> => Type.Object(fields, { [NAME]: name });

const DryRun = Type.Literal(true, { description: 'It is what would be: nothing was done.' });
const CODES = Object.keys(REFUSALS) as RefusalCode[];
/** A refusal of any kind. Which codes a status of a route has, the route says. */
export const AnyProblem = answer('Problem', {
  type: Type.String({ description: '`urn:jifen:refusal:<code>`' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: oneOf(CODES, {
    description: CODES.map((code) => `* \`${code}\`: ${REFUSALS[code].sentence}`).join('\n'),
  }),
  field: Optional(Type.String({ description: 'The field at fault, e.g. `legs[2].amount`.' })),
  retry: Type.Boolean({ description: 'May the same succeed later?' }),
  id: Optional(Type.String()),
  replayed: Optional(Type.Boolean()),
  dryRun: Optional(DryRun),
  review: Optional(
    Type.String({ description: 'Of `RISK_REVIEW` in a batch: by what its review is known.' }),
  ),
});

/** An expiry as it was rounded up: it may lie beyond the latest time that can be said. */
const Expiry = whole(0, limits.TIME_MAX_MS + limits.LOT_GRANULARITY_MAX_MS);
const ExpiresAt = Type.Union([Expiry, Type.Null()], {
  description: 'Milliseconds since 1970; null: never.',
});
const Shard = whole(0, limits.SHARDS_MAX - 1);

const Slice = answer('Slice', { expiresAt: ExpiresAt, available: Change, held: Change });
const ENTRY = {
  owner: Holder,
  asset: AssetCode,
  version: Count,
  type: oneOf(ENTRY_TYPES, {
    description:
      '`reserve`: a transfer between shards holds what it is to take until it is decided. `free`: it was refused, and that is available again.',
  }),
  delta: Change,
  heldDelta: Change,
  earned: Change,
  spent: Change,
  expired: Change,
  available: Change,
  held: Count,
  slices: Type.Array(Slice),
};
export const Entry = answer('Entry', ENTRY);
export const HistoryEntry = answer('HistoryEntry', {
  ...ENTRY,
  id: Optional(KnownId),
  kind: Optional(Kind),
  ref: Optional(Reference),
  memo: Optional(Memo),
  metadata: Optional(Metadata),
  time: Time,
  effective: Type.Integer({
    minimum: 0,
    maximum: limits.TIME_MAX_MS,
    description: 'When it took effect, which may be before `time`, when it was booked.',
  }),
  shard: Shard,
  seq: Count,
  act: Optional(
    Type.Object(
      {
        name: Type.String(),
        programme: Optional(Type.String()),
        type: Optional(Type.String({ description: 'Of an event: its type.' })),
        goods: Optional(Type.String()),
        lottery: Optional(Type.String()),
        offer: Optional(Type.String()),
      },
      { description: 'With `told`: of which act it is, and what that was about.' },
    ),
  ),
});
export const EntryPage = answer('EntryPage', {
  asOf: AsOf,
  entries: Type.Array(HistoryEntry),
  cursor: Optional(Type.String({ description: 'Pass it to get the next page.' })),
});

export const HoldState = answer('HoldState', {
  owner: User,
  id: Id,
  asset: AssetCode,
  remaining: whole(0, limits.AMOUNT_MAX, { description: '0: the hold is closed.' }),
  deadline: Optional(Time),
});

/** What is not reversed yet of a transfer or capture. */
export const REMAINING = {
  remaining: Optional(
    Type.Unsafe<number>({
      ...Count,
      [NAME]: undefined,
      description: 'Minor units of the original that are not reversed, over all its legs.',
    }),
  ),
  remainingLegs: Optional(
    Type.Array(Count, { description: 'The same leg by leg, where it has several.' }),
  ),
};

const ActDone = answer('ActDone', {
  effects: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'What was done, each with its `type`.',
  }),
  why: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The rule, its version, what limited it.',
  }),
});

const CausedCommand = answer('CausedCommand', {
  owner: Holder,
  id: KnownId,
});

const POSTED = {
  dryRun: Optional(DryRun),
  id: Optional(KnownId),
  shard: Shard,
  seq: whole(0, limits.AMOUNT_MAX, { description: 'The block; 0: of a dry run, none.' }),
  time: Time,
  replayed: Type.Boolean({ description: 'The id had been used for the same before.' }),
  entries: Type.Array(Entry, {
    description:
      'One per account; then, where points went back into a lot that is over, the `expire` entries that ended them. The last one of an account has its balance.',
  }),
  occurredAt: Optional(Time),
  hold: Optional(HoldState),
  recordVersion: Optional(Count),
  assetVersion: Optional(Count),
  definitionVersion: Optional(Count),
  activeFrom: Optional(Time),
  act: Optional(ActDone),
  followUps: Optional(
    Type.Array(CausedCommand, {
      description: 'What an act, or its reversal, causes: each has an outcome of its own.',
    }),
  ),
  ...REMAINING,
};
/** A command was carried out, now or before. */
export const Posted = answer('Posted', POSTED);
const PREPARED = {
  status: Type.Literal(202),
  id: KnownId,
  state: oneOf(['prepared', 'review'], {
    description: '`review`: a mark of risk has an operator review it first.',
  }),
  review: Optional(Type.String({ description: 'By what that review is known.' })),
};
/** A transfer between shards that is not decided yet, or what waits for a review. */
export const Prepared = answer('Prepared', PREPARED);
const PostedInBatch = answer('PostedInBatch', {
  status: Type.Union([Type.Literal(200), Type.Literal(201)]),
  ...POSTED,
  entries: Optional(Type.Array(Entry, { description: 'Left out where `brief` was asked for.' })),
});
/** An answer for each command of a batch, in order. */
export const BatchAnswer = Type.Array(Type.Union([PostedInBatch, Prepared, AnyProblem]), {
  [NAME]: 'BatchAnswer',
});

/** Acts that the ledger asks for by itself have had commands, too. */
const AnyAct = Type.String({ description: 'Which act.' });
const AnyCommand = Type.Union(
  [...COMMANDS.values()].map(({ properties }) =>
    Type.Object({
      ...properties,
      // A follow-up's id is none that a command may be given.
      ...('id' in properties ? { id: Optional(KnownId) } : {}),
      ...('act' in properties ? { act: AnyAct } : {}),
    }),
  ),
  { [NAME]: 'Command', description: 'A command as it was submitted, defaults filled in.' },
);
export const TransferRecord = answer('TransferRecord', {
  time: Time,
  state: oneOf(['posted', 'refused', 'prepared']),
  command: AnyCommand,
  outcome: Type.Union([PostedInBatch, AnyProblem]),
  ...REMAINING,
});

const Pending = whole(0, limits.AMOUNT_MAX, { description: 'Of `held`: what is pending.' });
const Lot = answer('Lot', {
  expiresAt: ExpiresAt,
  available: Change,
  held: Count,
  pending: Optional(Pending),
});
export const Balance = answer('Balance', {
  owner: Owner,
  asset: AssetCode,
  available: Change,
  held: Count,
  pending: Pending,
  total: Change,
  earned: Change,
  spent: Change,
  expired: Change,
  version: Count,
  creditLimit: Count,
  frozen: Type.Boolean(),
  closed: Type.Boolean(),
  lots: Type.Array(Lot),
});
export const PastBalance = answer('PastBalance', {
  owner: Owner,
  asset: AssetCode,
  at: Time,
  available: Change,
  held: Count,
  total: Change,
  version: Count,
});
const Totals = Type.Array(
  Type.Object({
    coalition: DefinitionKey,
    currency: Type.String(),
    total: Type.String({ description: 'Units of the currency, exact, as a text; may be below 0.' }),
    assets: Type.Record(Type.String(), Type.String(), {
      description: 'What each asset comes to, available and held.',
    }),
  }),
  {
    description:
      'What the points are worth in one unit, by coalition; left out where none of them is in one, or what they are worth is not known now.',
  },
);
export const Accounts = answer('Accounts', {
  owner: Owner,
  accounts: Type.Array(Balance),
  totals: Type.Optional(Totals),
});
export const PastAccounts = answer('PastAccounts', {
  owner: Owner,
  at: Time,
  asOf: AsOf,
  accounts: Type.Array(PastBalance),
  totals: Type.Optional(Totals),
});

export const Balances = answer('Balances', { balances: Type.Array(Accounts) });
export const PastBalances = answer('PastBalances', {
  at: Time,
  asOf: AsOf,
  balances: Type.Array(
    answer('PastAccountsOfOwner', { owner: Owner, accounts: Type.Array(PastBalance) }),
  ),
});

export const Asset = answer('Asset', {
  asset: AssetCode,
  scale: whole(0, limits.SCALE_MAX),
  lotTracked: Type.Boolean(),
  lotGranularityMs: Count,
  defaultExpiryMs: Count,
  version: Count,
  expiresAfter: Optional(Period),
  expiresOn: Optional(FixedDate),
  expiryNoticeDays: Optional(whole(1, limits.EXPIRY_NOTICE_DAYS_MAX)),
  zone: Optional(Zone),
  zoneOffsets: Optional(
    Type.Array(Type.Integer(), {
      description:
        'How far the zone’s clocks are ahead of UTC, as known when the asset was first defined with it: (from, offset) in milliseconds, one after the other. What became known later: the definition of kind `zone`.',
    }),
  ),
});
export const Assets = answer('Assets', { assets: Type.Array(Asset) });
