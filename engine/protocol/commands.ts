// What can be asked of the ledger. Owns: the shapes of commands and queries. Never touches: state, bytes.

/** Points move: one of 1..16. */
export interface Leg {
  /** Who pays: a user, or a system owner such as `@issue`. */
  readonly from: string;
  /** Who receives. */
  readonly to: string;
  /** The kind of points. */
  readonly asset: string;
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
  /**
   * When the credited points expire, in milliseconds since 1970, rounded up to the asset's lot granularity;
   * null: never. Left out: points from a user keep the expiries they had, points from a system owner get the
   * asset's default. Has no effect where the receiver has no lots (system owners, assets without lot tracking).
   */
  readonly expiresAt?: number | null | undefined;
}

/** What business the movement belongs to: common to every command that moves or holds points. */
export interface Business {
  /**
   * The idempotency key, unique for ever within the home owner. Left out: `kind:ref` where both are given,
   * else one is made.
   */
  readonly id?: string | undefined;
  /** Business type, e.g. `ORDER`. */
  readonly kind?: string | undefined;
  /** Business id, e.g. an order number. */
  readonly ref?: string | undefined;
  /** A remark for people, at most 256 bytes of UTF-8. */
  readonly memo?: string | undefined;
  /** A JSON object, at most 1 KiB. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Posts only where `available` of the named account is at least `availableAtLeast` before the transfer. */
export interface BalanceCondition {
  readonly owner: string;
  readonly asset: string;
  /** Minor units, 0 .. 2^53 - 1. */
  readonly availableAtLeast: number;
}

/** Move points: all legs or none. */
export interface TransferCommand extends Business {
  readonly type: 'transfer';
  readonly legs: readonly Leg[];
  readonly condition?: BalanceCondition | undefined;
  /**
   * Transfers that this one causes when it is posted, for whatever owners: at most 4. Each is carried out once and has an outcome of its own, which
   * never changes this one's; look it up by followUpId() at its home owner. A refusal of one is in the feed (`delivered`).
   */
  readonly followUps?: readonly FollowUpTransfer[] | undefined;
}

/** A transfer that another one causes: at most 4 legs. Its id is made of the other's (followUpId()). */
export type FollowUpTransfer = Omit<TransferCommand, 'type' | 'id' | 'followUps'>;

/** Reserve points of an account. The hold's id is the command's id. */
export interface HoldCommand extends Business {
  readonly type: 'hold';
  readonly owner: string;
  readonly asset: string;
  readonly amount: number;
  /** When the hold releases itself, in milliseconds since 1970. Left out: never. */
  readonly deadline?: number | undefined;
}

/** Spend points that a hold reserves. */
export interface CaptureCommand extends Business {
  readonly type: 'capture';
  /** Whose hold. */
  readonly owner: string;
  readonly holdId: string;
  /** Who receives the points. */
  readonly to: string;
  /** Minor units; left out: all that remains. What is not captured stays held. */
  readonly amount?: number | undefined;
  /** Release what this capture leaves. */
  readonly releaseRest?: boolean | undefined;
  /** As `Leg.expiresAt`. */
  readonly expiresAt?: number | null | undefined;
}

/** Give back all that remains of a hold. */
export interface ReleaseCommand extends Business {
  readonly type: 'release';
  readonly owner: string;
  readonly holdId: string;
}

/** Undo a posted transfer or capture as a whole; points go back into the lots they came from. */
export interface ReverseCommand extends Business {
  readonly type: 'reverse';
  /** The home owner of the transfer. */
  readonly owner: string;
  readonly transferId: string;
  /** Take back what has been spent already, too: the receiver then owes it. */
  readonly allowDebt?: boolean | undefined;
}

/** Open, freeze, unfreeze or close an account. A transfer opens accounts by itself. */
export interface AccountCommand {
  readonly type: 'open-account' | 'freeze-account' | 'unfreeze-account' | 'close-account';
  readonly id?: string | undefined;
  readonly owner: string;
  readonly asset: string;
}

/** How far below zero an account may go. */
export interface CreditLimitCommand {
  readonly type: 'set-credit-limit';
  readonly id?: string | undefined;
  readonly owner: string;
  readonly asset: string;
  /** Minor units, 0 .. 2^53 - 1. */
  readonly creditLimit: number;
}

/** Write an owner record. */
export interface PutRecordCommand {
  readonly type: 'put-record';
  readonly id?: string | undefined;
  readonly owner: string;
  readonly recordType: string;
  readonly key: string;
  /** At most 4 KiB. */
  readonly value: Uint8Array;
  /** When the record goes away, in milliseconds since 1970. Left out: never. */
  readonly expiresAt?: number | undefined;
  /** Write only over this version; 0: only where there is none. Left out: always. */
  readonly ifVersion?: number | undefined;
}

/** Delete an owner record. */
export interface DeleteRecordCommand {
  readonly type: 'delete-record';
  readonly id?: string | undefined;
  readonly owner: string;
  readonly recordType: string;
  readonly key: string;
  /** Delete only this version. Left out: whichever there is. */
  readonly ifVersion?: number | undefined;
}

/** Define a kind of points, or change its default expiry. Has no id: defining the same again changes nothing. */
export interface DefineAssetCommand {
  readonly type: 'define-asset';
  readonly asset: string;
  /** Decimals, 0..6: how minor units are shown. */
  readonly scale: number;
  /** Are the points kept in lots with an expiry? Default true. */
  readonly lotTracked?: boolean | undefined;
  /** Expiries are rounded up to multiples of this. Default one day. */
  readonly lotGranularityMs?: number | undefined;
  /** Points from a system owner expire this long after they are credited; 0: never. Default 0. */
  readonly defaultExpiryMs?: number | undefined;
  /** Set by the engine: the version of the definition, the same on every shard. Callers leave it out. */
  readonly version?: number | undefined;
}

/**
 * What is due is applied: made by the shard itself, never by callers. Names either one owner, or all owners
 * whose bucket hash has `value` in its low `bits` bits.
 */
export interface TickCommand {
  readonly type: 'tick';
  readonly owner?: string | undefined;
  readonly bits?: number | undefined;
  readonly value?: number | undefined;
}

/** The first phase of a cross-shard transfer, from shard to shard along its chain: made by the engine, never by callers. */
export interface PrepareCommand {
  readonly type: 'prepare';
  /** The transfer's id, and its home owner. */
  readonly id: string;
  readonly owner: string;
  /** Milliseconds since 1970: an unknown prepare that comes later is refused. */
  readonly deadline: number;
  /** The transfer, as it was packed. */
  readonly transfer: Uint8Array;
  /** Lots that payers so far gave (see engine/transfer/lots.ts); left out: none. */
  readonly lots?: Uint8Array | undefined;
}

/** The second phase, back along the chain: made by the engine, never by callers. */
export interface DecisionCommand {
  readonly type: 'decision';
  readonly id: string;
  readonly owner: string;
  /** 0: posted; else the number of the refusal. */
  readonly refusal: number;
  /** Lots that all payers gave. */
  readonly lots?: Uint8Array | undefined;
  /** The transfer, as it was packed, where it is posted: so that history needs no other block. */
  readonly transfer?: Uint8Array | undefined;
}

/** What became of a follow-up, back to the shard of its cause: made by the engine, never by callers. */
export interface DeliveredCommand {
  readonly type: 'delivered';
  /** The follow-up's id, and the home owner of its cause. */
  readonly id: string;
  readonly owner: string;
  /** 0: posted; else the number of the refusal. */
  readonly refusal: number;
}

/** What callers may submit. */
export type Command =
  | TransferCommand
  | HoldCommand
  | CaptureCommand
  | ReleaseCommand
  | ReverseCommand
  | AccountCommand
  | CreditLimitCommand
  | PutRecordCommand
  | DeleteRecordCommand
  | DefineAssetCommand;

/** What a log may hold. */
export type LoggedCommand =
  | Command
  | TickCommand
  | PrepareCommand
  | DecisionCommand
  | DeliveredCommand;

/** The type of a command. */
export type CommandType = LoggedCommand['type'];

/** A balance as it is now, or as it was at a past time. */
export interface BalanceQuery {
  readonly type: 'balance';
  readonly owner: string;
  /** Left out: all assets of the owner. */
  readonly asset?: string | undefined;
}

/** A command's outcome by its id. */
export interface TransferQuery {
  readonly type: 'read-transfer';
  readonly owner: string;
  readonly id: string;
}

/** Where the entries of an account begin: the actor's part of a history read. */
export interface HeadQuery {
  readonly type: 'head';
  readonly owner: string;
  readonly asset: string;
}

/** An owner record. */
export interface RecordQuery {
  readonly type: 'read-record';
  readonly owner: string;
  readonly recordType: string;
  readonly key: string;
}

/** An owner's records of one type, by key. */
export interface RecordsQuery {
  readonly type: 'list-records';
  readonly owner: string;
  readonly recordType: string;
  /** Only keys after this one. Left out: from the first. */
  readonly after?: string | undefined;
  /** At most so many: 1 .. limits.RECORDS_PAGE_MAX. */
  readonly limit: number;
}

/** An open hold. */
export interface HoldQuery {
  readonly type: 'read-hold';
  readonly owner: string;
  readonly holdId: string;
}

/**
 * What commands of one shard would come to, one after the other, if they came now: nothing changes. May also carry what
 * other shards would say of commands between shards (prepare, decision).
 */
export interface DryRunQuery {
  readonly type: 'dry-run';
  /** The home owner of the first one. */
  readonly owner: string;
  /** Packed, one after the other. */
  readonly commands: Uint8Array;
}

/** Commands of one shard of which all are carried out, in one block, or none. They are logged, this is not. */
export interface AtomicQuery {
  readonly type: 'atomic';
  /** The home owner of the first one. */
  readonly owner: string;
  /** Packed, one after the other. */
  readonly commands: Uint8Array;
}

/** What goes through the mailbox and is not logged itself: reads, and commands that are judged together. */
export type Query =
  | BalanceQuery
  | TransferQuery
  | HeadQuery
  | RecordQuery
  | RecordsQuery
  | HoldQuery
  | DryRunQuery
  | AtomicQuery;
