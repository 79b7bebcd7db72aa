// What can be asked of the ledger: the table of commands and queries. Owns: their names, numbers, versions, fields; their types
// and places follow from it. Never touches: state, bytes.
//   protocol.P16. Number, name and the order of fields never change once a log has them: a field that comes later (`since`) is optional, and
//       last of the fields. Legs and carried places, which come behind it, move (protocol.P19).
//   protocol.P17. What a caller says are the fields; `carried` and what the engine fills in are no part of what an id binds, nor is the version.
//   protocol.P18. A change of a command's rules raises its version, which is logged with it: it is carried out, now and in a replay, by the
//       rules of its own version. Rules may go (`rulesFrom`); what they decided stays readable, and is checked by its effects.

import {
  DEFINITIONS_PAGE_MAX,
  EXPIRY_NOTICE_DAYS_MAX,
  HOLDS_PAGE_MAX,
  LOT_GRANULARITY_MAX_MS,
  LOT_GRANULARITY_MIN_MS,
  RECORDS_PAGE_MAX,
  SCALE_MAX,
  TIME_MAX_MS,
} from '../limits.js';
import { ACT } from './act-command.js';
import { actPlan, cause } from './act-fields.js';
import { BUSINESS, ID, REASON } from './business.js';
import { type Definition, define, type Listed, NOTHING, PASSING } from './definition.js';
import {
  DEFINITION,
  DEFINITION_REFUSALS,
  definitionKey,
  definitionKind,
} from './definition-fields.js';
import { ENGINE_COMMANDS } from './engine-commands.js';
import {
  amount,
  asset,
  condition,
  count,
  expiry,
  expiryDate,
  expiryPeriod,
  filledIn,
  flag,
  followUps,
  knownId,
  legs,
  namedId,
  newUser,
  optional,
  owner,
  ownerBeside,
  packed,
  party,
  payer,
  pendingUntil,
  readRecordName,
  recordName,
  recordOwner,
  recordValue,
  refusalsIn,
  since,
  type TypeOf,
  time,
  user,
  whole,
  zone,
  zoneOffsets,
} from './fields.js';
import { legParts } from './leg-parts.js';
import type { RefusalCode } from './refusals.js';
import { BY_A_MARK } from './risk-refusals.js';

export type { Definition } from './definition.js';

const ACCOUNT = { owner: user(), asset: asset() };
const REASONED = { ...ACCOUNT, ...REASON };
const RECORD = {
  owner: recordOwner(),
  recordType: recordName(),
  key: recordName(),
};
const HOLD = {
  /** Whose hold. */
  owner: user(),
  holdId: namedId(),
};
const ACCOUNT_REFUSALS: readonly Listed[] = [
  'ASSET_UNKNOWN',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_CLOSED',
];
/** 3: with a reason. */
const FLAGGED = { ...PASSING, version: 3, refusals: ACCOUNT_REFUSALS } as const;

/** What a log may hold. */
export const COMMANDS = {
  /** Move points: all legs or none. */
  transfer: define(
    1,
    BUSINESS,
    {
      legs: legs(),
      /** Posts only where `available` of the named account is at least `availableAtLeast` before the transfer. */
      condition: optional(condition()),
      /**
       * Transfers that this one causes when it is posted, for whatever owners: at most 4. Each is carried out once and has an
       * outcome of its own, which never changes this one's; look it up by followUpId() at its home owner. A refusal of one is in
       * the feed (`delivered`).
       */
      followUps: optional(followUps()),
      /**
       * The home owner: one of the users who pay; where none does, one of the users who receive; where there is no user, one of the
       * system owners who pay. Left out: the only one. Where there are several it must be given.
       */
      owner: optional(since(2, party())),
      /**
       * When it happened, in milliseconds since 1970, where that was before it is booked: for imports. Past balances and histories go by it;
       * lots, limits and conditions go by when it is booked. Takes the permission to `backdate`. Left out: when it is booked.
       */
      occurredAt: optional(since(2, time('OCCURRED_INVALID'))),
      /**
       * The points are pending: earned, and held until this time, in milliseconds since 1970; null: until `confirm-pending`. A reversal takes
       * them back even so. Only where every leg goes from a system owner to the same user in the same asset.
       */
      pendingUntil: optional(since(2, pendingUntil())),
    },
    {
      ...PASSING,
      home: '',
      refusals: [
        'OWNER_REQUIRED (several could be the home owner; of a follow-up likewise)',
        'ASSET_UNKNOWN (each leg in order, the condition, follow-ups)',
        'EXPIRY_PAST',
        'OCCURRED_FUTURE',
        'OCCURRED_TOO_EARLY',
        'PENDING_PAST',
        'PENDING_EXPIRES (by `expiresAt`, or by the asset)',
        ...BY_A_MARK,
        'SHARD_UNAVAILABLE (too much is in flight to another shard)',
        'ACCOUNT_CLOSED (leg by leg: who pays, then who receives)',
        'ACCOUNT_FROZEN (who pays, looked at leg by leg with ACCOUNT_CLOSED)',
        'CONDITION_FAILED',
        'POINTS_SHORT (leg by leg, with the next; what other legs bring does not count)',
        'AMOUNT_OVERFLOW (who pays, then who receives)',
        'LOT_LIMIT',
        'HOLD_LIMIT (of what is pending)',
        'PREPARE_LATE (between shards)',
      ],
    },
  ),
  /** Reserve points of an account. The hold's id is the command's id. */
  hold: define(
    2,
    BUSINESS,
    {
      ...ACCOUNT,
      amount: amount(),
      /** When the hold releases itself, in milliseconds since 1970. Left out: never. */
      deadline: optional(time('DEADLINE_INVALID')),
    },
    {
      ...PASSING,
      refusals: [
        'ASSET_UNKNOWN',
        'DEADLINE_PAST',
        ...BY_A_MARK,
        'ACCOUNT_CLOSED',
        'ACCOUNT_FROZEN',
        'POINTS_SHORT',
        'AMOUNT_OVERFLOW (what is held)',
        'HOLD_LIMIT',
        'ACCOUNT_BUSY (instead of it, while an open act keeps room)',
      ],
    },
  ),
  /** Spend points that a hold reserves. */
  capture: define(
    3,
    BUSINESS,
    {
      ...HOLD,
      /** Who receives the points. */
      to: ownerBeside('owner'),
      /** Minor units; left out: all that remains. What is not captured stays held. */
      amount: optional(amount()),
      /** Release what this capture leaves. */
      releaseRest: flag(false),
      /** As `Leg.expiresAt`. */
      expiresAt: optional(expiry()),
    },
    // What the hold's shard alone knows of the hold.
    {
      ...PASSING,
      carried: { asset: asset(), deadline: time('DEADLINE_INVALID') },
      refusals: [
        'EXPIRY_PAST',
        'ACCOUNT_BUSY (the hold, in a capture between shards)',
        'HOLD_CLOSED',
        'HOLD_NOT_FOUND (no hold was ever posted under this id)',
        'HOLD_KEPT',
        'CAPTURE_EXCEEDS_HOLD',
        'RISK_REFUSED (by a mark of the member)',
        'SHARD_UNAVAILABLE (too much is in flight to another shard)',
        'ACCOUNT_FROZEN (whose hold)',
        'ACCOUNT_CLOSED (who receives)',
        'AMOUNT_OVERFLOW (what is spent, then who receives)',
        'LOT_LIMIT',
        'PREPARE_LATE (between shards)',
      ],
    },
  ),
  /** Give back all that remains of a hold. */
  release: define(4, BUSINESS, HOLD, {
    refusals: [
      'ACCOUNT_BUSY (the hold, in a capture between shards)',
      'HOLD_CLOSED',
      'HOLD_NOT_FOUND',
      'HOLD_KEPT',
    ],
  }),
  /**
   * Undo a posted transfer, capture or act, the rest of it or a part; points go back into the lots they came from. Parts, and the
   * whole after them, together never undo more than the original.
   */
  reverse: define(
    5,
    BUSINESS,
    {
      /** The home owner of the transfer. */
      owner: payer(),
      transferId: knownId(),
      /** Take back what has been spent already, too: the receiver then owes it. */
      allowDebt: flag(false),
      /** Minor units of a transfer with one leg, or of a capture. Left out, with `legs`: all that remains. */
      amount: optional(since(2, amount())),
      /** How much of which legs, of a transfer with several. */
      legs: optional(since(2, legParts())),
      /** Set by the engine, of an act: what is changed back beside the points. Callers leave it out. */
      plan: filledIn(optional(since(3, actPlan()))),
      /** Set by the engine: the reversal of whose act has caused this one. Callers leave it out. */
      cause: filledIn(optional(since(3, cause()))),
    },
    {
      // 2: in parts; what expired out of the original's lots, and what is held of them, counts as theirs. 3: of acts.
      ...PASSING,
      version: 3,
      refusals: [
        'TRANSFER_NOT_FOUND (the id was never used, or was refused)',
        'NOT_REVERSIBLE (no transfer, capture or act)',
        'ACCOUNT_BUSY (not decided yet between shards)',
        'SHARD_UNAVAILABLE (too much is in flight to another shard)',
        'ALREADY_REVERSED (nothing of it remains)',
        'LEGS_REQUIRED (an amount alone, of a transfer with several legs)',
        'LEG_NOT_FOUND',
        'REVERSAL_EXCEEDS_REMAINING',
        'LEGS_INSEPARABLE (a part of what one user both pays and is paid)',
        'ACCOUNT_CLOSED (each account of which something is undone, in the order of its entries)',
        'POINTS_SHORT (each account that gets less, unless allowDebt)',
        'AMOUNT_OVERFLOW (who gets less, then who gets points back)',
        'LOT_LIMIT (who gets points back)',
        'PREPARE_LATE (between shards)',
        'ORDER_NOT_FOUND (of an order that is not kept any more)',
        'ORDER_STATE_INVALID (of an order of which nothing is left to be given back)',
        'ORDER_INSEPARABLE (of an order: another part than all that is not shipped)',
        'COUPON_NOT_RESERVED (of a reservation that was used, released, or is over)',
        'WAITING_OVER (of a waiting that is over)',
        'BUDGET_BUSY (what it would give back is busy)',
      ],
    },
  ),
  /** Opens an account. A transfer opens accounts by itself. */
  'open-account': define(
    6,
    ID,
    { ...ACCOUNT, owner: newUser() },
    { ...PASSING, refusals: ['ASSET_UNKNOWN', 'ACCOUNT_CLOSED'] },
  ),
  'freeze-account': define(7, ID, REASONED, FLAGGED),
  'unfreeze-account': define(8, ID, REASONED, FLAGGED),
  'close-account': define(9, ID, REASONED, {
    ...FLAGGED,
    refusals: [
      ...ACCOUNT_REFUSALS,
      'ACCOUNT_BUSY (part of an open transfer between shards)',
      'ACCOUNT_NOT_EMPTY (something is available or held, or is owed)',
    ],
  }),
  /** How far below zero an account may go. */
  'set-credit-limit': define(
    10,
    ID,
    {
      ...ACCOUNT,
      /** Minor units, 0 .. 2^53 - 1. */
      creditLimit: count('CREDIT_LIMIT_INVALID'),
    },
    {
      ...PASSING,
      refusals: [...ACCOUNT_REFUSALS, 'CREDIT_IN_USE (more than the new limit is owed)'],
    },
  ),
  /** Write an owner record. */
  'put-record': define(
    11,
    ID,
    {
      ...RECORD,
      /** At most 4 KiB. */
      value: recordValue(),
      /** When the record goes away, in milliseconds since 1970. Left out: never. */
      expiresAt: optional(time('EXPIRY_INVALID')),
      /** Write only over this version; 0: only where there is none. Left out: always. */
      ifVersion: optional(count('VERSION_INVALID')),
    },
    {
      refusals: [
        'EXPIRY_PAST',
        'RECORD_VERSION_MISMATCH (of no record the version is 0)',
        'RECORD_LIMIT',
        'ACCOUNT_BUSY (instead of it, while an open act keeps room)',
      ],
    },
  ),
  /** Delete an owner record. */
  'delete-record': define(
    12,
    ID,
    {
      ...RECORD,
      /** Delete only this version. Left out: whichever there is. */
      ifVersion: optional(count('VERSION_INVALID')),
    },
    { refusals: ['RECORD_NOT_FOUND', 'RECORD_VERSION_MISMATCH'] },
  ),
  /** Define a kind of points, or change how they expire: that concerns what is earned from then on. Has no id: defining the same again changes nothing. */
  'define-asset': define(
    13,
    NOTHING,
    {
      asset: asset(),
      /** Decimals, 0..6: how minor units are shown. */
      scale: whole(0, SCALE_MAX, 'SCALE_INVALID', 'Decimals: how minor units are shown.'),
      /** Are the points kept in lots with an expiry? Default true. */
      lotTracked: flag(true),
      /** Expiries are rounded up to multiples of this. Default one day. */
      lotGranularityMs: optional(
        whole(LOT_GRANULARITY_MIN_MS, LOT_GRANULARITY_MAX_MS, 'GRANULARITY_INVALID'),
      ),
      /** Points from a system owner expire this long after they are credited; 0: never. Default 0. */
      defaultExpiryMs: optional(whole(0, TIME_MAX_MS, 'EXPIRY_INVALID')),
      /** Set by the engine: the version of the definition, the same on every shard. Callers leave it out. */
      version: filledIn(optional(count('VERSION_INVALID'))),
      /**
       * Points from a system owner expire so many days, months or years after the day on which they are credited, at the end of the day in
       * `zone`: an ISO 8601 duration of one unit, `P30D`, `P12M`, `P1Y`; at most 9,999 days, 999 months, 99 years. A shorter month ends sooner: 31 January and a month
       * is the last of February.
       */
      expiresAfter: optional(since(2, expiryPeriod())),
      /**
       * They expire at the end of this day of a year, `MM-DD`: the first one from the day on which they are credited, or, where `expiresAfter`
       * is given, from the day on which that ends. So `12-31` is the end of the year, and with `P1Y` that of the next year. `02-29` is 28
       * February in other years.
       */
      expiresOn: optional(since(2, expiryDate())),
      /**
       * IANA time zone of these days, and, where `lotGranularityMs` is one day, of the ends of days that other expiries are rounded up to.
       * Left out: Asia/Shanghai where `expiresAfter` or `expiresOn` is given, else none (days of UTC).
       */
      zone: optional(since(2, zone())),
      /** Set by the engine: the zone's offsets, so that its days are the same for ever. Callers leave it out. */
      zoneOffsets: filledIn(optional(since(2, zoneOffsets()))),
      /**
       * How many days (of 24 hours) before points expire their owner's shard tells so in its feed (`FeedItem.notices`): 30, say; 0: never.
       * Default 0.
       */
      expiryNoticeDays: optional(
        since(
          3,
          whole(
            0,
            EXPIRY_NOTICE_DAYS_MAX,
            'EXPIRY_POLICY_INVALID',
            'How many days before points expire the feed tells so; 0: it does not.',
          ),
        ),
      ),
      /** Only where this is its version; 0: where there is no such asset. Left out: whichever. */
      ifVersion: optional(since(4, count('VERSION_INVALID'))),
    },
    {
      version: 4,
      home: '',
      refusals: [
        'ZONE_UNKNOWN',
        'DEFINITION_VERSION_MISMATCH (`ifVersion`)',
        'ASSET_CONFLICT (another scale, granularity or lot tracking)',
        'ASSET_LIMIT',
      ],
    },
  ),
  /**
   * Points of one lot get a later expiry. What the entry shows: out of the old lot, into the new one. Points that are held are no part of it.
   */
  'extend-lots': define(
    18,
    BUSINESS,
    {
      ...ACCOUNT,
      /** When the lot expires, as its balance shows it, in milliseconds since 1970. */
      lotExpiresAt: time('EXPIRY_INVALID'),
      /** When the points expire from now on, rounded up as `Leg.expiresAt` is; null: never. */
      expiresAt: expiry(),
      /** Minor units; left out: the whole lot, which then has no held part. */
      amount: optional(amount()),
    },
    {
      refusals: [
        'ASSET_UNKNOWN',
        'EXPIRY_PAST',
        'EXPIRY_NOT_LATER (rounded up)',
        'ACCOUNT_NOT_FOUND',
        'ACCOUNT_CLOSED',
        'LOT_NOT_FOUND',
        'POINTS_SHORT (the lot has less)',
        'LOT_HELD (some of it, without an amount; or some of the amount)',
        'LOT_LIMIT',
      ],
    },
  ),
  /** Opens a closed account again, so that late refunds have somewhere to go. */
  'reopen-account': define(19, ID, REASONED, {
    version: 3,
    refusals: ['ASSET_UNKNOWN', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_CLOSED'],
  }),
  /** Makes what is pending of a transfer available. */
  'confirm-pending': define(
    20,
    BUSINESS,
    { owner: user(), transferId: knownId() },
    {
      refusals: [
        'TRANSFER_NOT_FOUND (the id was never used, or was refused)',
        'ACCOUNT_BUSY (an act, or a reversal of it, that is not decided yet between shards)',
        'NOT_PENDING',
      ],
    },
  ),
  act: ACT,
  /**
   * Say what a programme's rules are: a new version of a definition. Has no id: saying again what the newest version says changes nothing,
   * and is answered with that version.
   */
  'put-definition': define(22, NOTHING, DEFINITION, {
    version: 2,
    home: '',
    refusals: DEFINITION_REFUSALS,
  }),
  ...ENGINE_COMMANDS,
};

/** Ops from here on are queries: they take their turn, and are never logged themselves. */
export const FIRST_QUERY_OP = 64;

const OF_RECORDS = { owner: recordOwner(), recordType: readRecordName() };
/** Commands of one shard, packed, one after the other; `owner`: the home owner of the first one, a scarce one where the engine asks for itself. */
const TRIAL = {
  owner: payer(),
  commands: packed(),
  /** Are backdated transfers carried out as they occurred (ledger.O1)? */
  asOccurred: flag(false),
};

/** What goes through the mailbox and is not logged itself: reads, and commands that are judged together. */
export const QUERIES = {
  /** A balance as it is now; without an asset: all of the owner. */
  balance: define(64, NOTHING, { owner: payer(), asset: optional(asset()) }),
  /** A command's outcome by its id. */
  'read-transfer': define(65, NOTHING, { owner: owner(), id: knownId() }),
  /** Where the entries of an account begin: the actor's part of a history read. */
  head: define(66, NOTHING, { owner: payer(), asset: asset() }),
  /** An owner record. */
  'read-record': define(67, NOTHING, { ...OF_RECORDS, key: recordName() }),
  /** An open hold. */
  'read-hold': define(68, NOTHING, { owner: owner(), holdId: namedId() }),
  /** Open holds of an owner, by id: at most `limit` after one. */
  'list-holds': define(76, NOTHING, {
    owner: owner(),
    after: optional(namedId()),
    limit: whole(1, HOLDS_PAGE_MAX, 'QUERY_INVALID'),
  }),
  /** An owner's records of one type, by key. */
  'list-records': define(69, NOTHING, {
    ...OF_RECORDS,
    /** Only keys after this one. Left out: from the first. */
    after: optional(recordName()),
    /** At most so many. */
    limit: whole(1, RECORDS_PAGE_MAX, 'QUERY_INVALID'),
  }),
  /**
   * What commands of one shard would come to, one after the other, if they came now: nothing changes. May also carry what
   * other shards would say of commands between shards (prepare, decision).
   */
  'dry-run': define(70, NOTHING, TRIAL),
  /** Commands of one shard of which all are carried out, in one block, or none. They are logged, this is not. */
  atomic: define(71, NOTHING, TRIAL),
  /** Versions of definitions that decide, from one place among them on: what other shards take over. */
  'definitions-since': define(72, NOTHING, { after: count('QUERY_INVALID') }),
  /** Definitions of a kind by key, each in its newest version; with a key: that one, in all its versions. */
  'read-definitions': define(73, NOTHING, {
    kind: definitionKind(),
    key: optional(definitionKey()),
    /** Only keys after this one. Left out: from the first. */
    after: optional(definitionKey()),
    /** At most so many keys. */
    limit: whole(1, DEFINITIONS_PAGE_MAX, 'QUERY_INVALID'),
  }),
  /** What is known of a member of a programme. */
  'read-member': define(75, NOTHING, { owner: user(), programme: definitionKey() }),
};

/** Every refusal that the ledger may answer a command with: what may be wrong with its fields, then its own in order. */
export function refusalsOf(type: CommandType): ReadonlySet<RefusalCode> {
  const { before, fields, refusals }: Definition = COMMANDS[type];
  const known: readonly RefusalCode[] = [
    // Of what has a home owner, who may have been merged, or is being.
    ...('id' in before ? (['ID_REUSED', 'MEMBER_MERGED', 'ACCOUNT_BUSY'] as const) : []),
    ...('kind' in before ? (['ID_TOO_LONG'] as const) : []),
  ];
  const own = refusals.map((listed) => listed.split(' ', 1)[0] as RefusalCode);
  return new Set(['COMMAND_INVALID', ...refusalsIn({ ...before, ...fields }), ...known, ...own]);
}

type Defined<D> = D extends Definition<infer F, infer B> ? TypeOf<B & F> : never;
/** The type of a command or query: its name and its fields. */
type Of<Table, T extends keyof Table> = T extends keyof Table
  ? { readonly type: T } & Defined<Table[T]>
  : never;

type Commands = typeof COMMANDS;

/** The type of a command. */
export type CommandType = keyof Commands;
export type TransferCommand = Of<Commands, 'transfer'>;
export type HoldCommand = Of<Commands, 'hold'>;
export type CaptureCommand = Of<Commands, 'capture'>;
export type ReleaseCommand = Of<Commands, 'release'>;
export type ReverseCommand = Of<Commands, 'reverse'>;
/** Open, freeze, unfreeze, close or reopen an account. */
export type AccountCommand = Of<
  Commands,
  'open-account' | 'freeze-account' | 'unfreeze-account' | 'close-account' | 'reopen-account'
>;
export type ExtendLotsCommand = Of<Commands, 'extend-lots'>;
export type CreditLimitCommand = Of<Commands, 'set-credit-limit'>;
export type ConfirmPendingCommand = Of<Commands, 'confirm-pending'>;
export type ActCommand = Of<Commands, 'act'>;
export type PutRecordCommand = Of<Commands, 'put-record'>;
export type DeleteRecordCommand = Of<Commands, 'delete-record'>;
export type DefineAssetCommand = Of<Commands, 'define-asset'>;
export type PutDefinitionCommand = Of<Commands, 'put-definition'>;
/** What says something of the whole ledger: the first shard decides it, all others take it over. It has no id and no home owner. */
export type ReferenceCommand = DefineAssetCommand | PutDefinitionCommand;
export type TickCommand = Of<Commands, 'tick'>;
export type PrepareCommand = Of<Commands, 'prepare'>;
export type DecisionCommand = Of<Commands, 'decision'>;
export type DeliveredCommand = Of<Commands, 'delivered'>;
export type SuppliedCommand = Of<Commands, 'supplied'>;

/** What business a movement belongs to: common to every command that moves or holds points. */
export type Business = TypeOf<typeof BUSINESS>;
/** Points move: one of 1..16. */
export type Leg = TransferCommand['legs'][number];
/** A transfer that another one causes: at most 4 legs. Its id is made of the other's (followUpId()). */
export type FollowUpTransfer = NonNullable<TransferCommand['followUps']>[number];

/** A command or query as its handler takes it: its id and its own fields. */
export type Said<T> = T extends keyof Commands
  ? { readonly type: T; readonly id: string } & OwnFields<Commands[T]>
  : T extends keyof Queries
    ? { readonly type: T } & OwnFields<Queries[T]>
    : never;
type OwnFields<D> = D extends Definition<infer F> ? TypeOf<F> : never;

/** What callers may submit. */
export type Command = Of<
  Commands,
  Exclude<CommandType, 'tick' | 'prepare' | 'decision' | 'delivered' | 'supplied'>
>;
/** What a log may hold. */
export type LoggedCommand = Of<Commands, Exclude<CommandType, 'supplied'>>;

/** Says this something of the whole ledger? */
export const isReference = (
  command: { readonly type: string } | undefined,
): command is ReferenceCommand =>
  command?.type === 'define-asset' || command?.type === 'put-definition';

type Queries = typeof QUERIES;
export type DryRunQuery = Of<Queries, 'dry-run'>;
export type AtomicQuery = Of<Queries, 'atomic'>;
/** What goes through the mailbox and is not logged itself. */
export type Query = Of<Queries, keyof Queries>;
/** What is packed: what a log may hold, queries, and what shards say that nobody logs. */
export type Packable = LoggedCommand | Query | SuppliedCommand;
