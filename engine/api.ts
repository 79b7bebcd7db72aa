// The public API's shapes: what an engine is asked, and what it tells of itself. Owns: these types. Never touches: state, sockets.

import type { Beside } from './cluster/beside.js';
import type { ClusterOptions, NodeFigures } from './cluster/node.js';
import type { ReplicaLook } from './failover/leading.js';
import type { ReplicaOptions } from './failover/standing-by.js';
import type { LowGoods, ProjectionFigures } from './projections/messages.js';
import type { AuditContext } from './protocol/audit-context.js';
import type { BatchSize, BatchWriter } from './protocol/batch-writer.js';
import type {
  ActCommand,
  Command,
  DeleteRecordCommand,
  PutRecordCommand,
  TransferCommand,
} from './protocol/commands.js';
import type { DrawSeed } from './protocol/draw.js';
import type { Grants } from './protocol/grants.js';
import type {
  LeaderboardPage,
  LeaderboardQuery,
  Standing,
  StandingQuery,
} from './protocol/leaderboards.js';
import type { MemberState, ReferralCodeState } from './protocol/member.js';
import type { OrderPage, OrderQuery } from './protocol/order.js';
import type {
  Asset,
  AuditPage,
  Balance,
  BalanceEvent,
  DefinitionHistory,
  EntryPage,
  FeedBlock,
  FeedPosition,
  HoldState,
  Outcome,
  OwnerRecord,
  PackedOutcomes,
  PastBalance,
  PastBalances,
  Refused,
  TransferRecord,
} from './protocol/outcomes.js';
import type { AuditQuery, EntriesQuery, PastQuery } from './protocol/reads.js';
import type { Receipts, SigningReceipts } from './protocol/receipts.js';
import type { RegisterReads } from './protocol/register.js';
import type { RecordOptions } from './record/joining.js';
import type { RecordLook } from './record/look.js';
import type { NamedAccount, RecountFigures } from './recount/recount.js';
import type { RiskFigures } from './risk/messages.js';
import type { ShardSegments } from './sealing/figures.js';
import type { HistogramFigures } from './shard/histogram.js';
import type { ShardFigures } from './shard/messages.js';
import type { RunningSimulation, SimulationOptions } from './simulation/result.js';
import type { Vault, VaultOptions } from './vault/api.js';

/** When the oldest part of a shard's log is sealed into a segment (sealing/README.md). Whole numbers. */
export interface SegmentOptions {
  /** A segment has about so many bytes of blocks, before they are compressed. Default limits.SEGMENT_BYTES: 4 GiB. */
  readonly bytes?: number | undefined;
  /** Or blocks of so many days, where these are fewer bytes. Default limits.SEGMENT_DAYS: 7. */
  readonly days?: number | undefined;
  /** So many bytes of the newest blocks are not sealed because of their number. Default limits.SEGMENT_HOT_BYTES: 1 GiB. */
  readonly hotBytes?: number | undefined;
}

/** How a ledger is opened. */
export interface OpenOptions {
  /** The data folder; made where it does not exist. */
  readonly folder: string;
  /** Shards of a new folder, 1..256. Default max(2, cores). An existing folder keeps its own number; another one is an error. */
  readonly shards?: number | undefined;
  /**
   * Serves some of the shards, together with other processes over NATS: see cluster/README.md. The folder is made for the
   * cluster's shards, with those of this node in it. Rejects where another node serves one of them already.
   */
  readonly cluster?: ClusterOptions | undefined;
  /**
   * Keeps the log of each shard in PostgreSQL, too: nothing is answered before it is there and on a synchronous standby, and the folder is a copy
   * that can be lost (record/README.md). Default: the folder's own log is the log of record.
   */
  readonly record?: RecordOptions | undefined;
  /**
   * One of several processes, each with a folder of its own, that can serve these shards: open() resolves when this one leads, and until then its
   * folder follows the log of record (failover/README.md). Goes with `record`.
   */
  readonly replica?: ReplicaOptions | undefined;
  /** Memory for accounts, records and indexes, over all shards, in MiB. Default 1,024. */
  readonly cacheMb?: number | undefined;
  /** Commands waiting for one shard beyond which `SHARD_BUSY`. Default limits.MAILBOX_MAX. */
  readonly mailboxMax?: number | undefined;
  /** Bytes of log after which a shard writes a checkpoint. Default 96 MiB. */
  readonly checkpointBytes?: number | undefined;
  /** How often a shard looks for what is due, in ms. Default 1,000. */
  readonly tickMs?: number | undefined;
  /** An operator's word that the clock is right although it is far from the last block's time. */
  readonly acceptClock?: boolean | undefined;
  /** After so many milliseconds a write that is not durable is a fatal error. Default limits.SYNC_TIMEOUT_MS. */
  readonly syncTimeoutMs?: number | undefined;
  /** For tests: Float64Array over it, element 0 is added to the wall clock (ms) in every thread. */
  readonly clockOffset?: SharedArrayBuffer | undefined;
  /**
   * Bytes of the folder's disk that must be free: with less, commands are refused `DISK_FULL` until there is room again; reads go on. It must
   * hold what is on its way, a checkpoint of each shard among it. 0: nobody looks. Default limits.DISK_FREE_BYTES_MIN.
   */
  readonly diskFreeBytesMin?: number | undefined;
  /** When the oldest part of each log leaves its database for a compressed file. */
  readonly segments?: SegmentOptions | undefined;
  /** For tests: Float64Array over it, element 0 is added to the bytes that the disk has free. */
  readonly diskOffset?: SharedArrayBuffer | undefined;
  /** Days that addresses and agents in the log can be read (SubmitOptions.audit): then their keys are removed. Default limits.AUDIT_DAYS. */
  readonly auditDays?: number | undefined;
  /** How long a seed decides draws, in ms, from limits.DRAW_PERIOD_MS_MIN to _MAX. Default limits.DRAW_PERIOD_MS: a day of UTC. */
  readonly drawPeriodMs?: number | undefined;
  /** Where the key is that members' keys are under. Default: `master.key` in the folder, made when something is first sealed. */
  readonly vault?: VaultOptions | undefined;
  /** Is the log of each shard kept as a Merkle tree, too, so that receipts can be given (receipts/README.md)? Default false. Turned on later, the logs are read from their beginning. */
  readonly receipts?: boolean | undefined;
  /**
   * Told of a fatal error: a failed write or sync, a defect; or that another process leads, after which this one may be closed and opened again
   * (isFenced()). Default: print it and end the process with code 70.
   */
  readonly onFatal?: ((error: Error) => void) | undefined;
  /** Told how far a recovery is. */
  readonly onProgress?:
    | ((progress: { shard: number; seq: number; headSeq: number }) => void)
    | undefined;
}

/** Figures for monitoring, since the ledger was opened unless said otherwise. */
export interface Stats {
  readonly shards: readonly ShardStats[];
  /** Sealed segments of the shards here, since the folder was made. */
  readonly segments: readonly ShardSegments[];
  /** Commands answered, by type and outcome (`ok` or the refusal code). */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Seconds by which timers of the calling thread, which the router and the gateway share, were late. */
  readonly loopDelay: HistogramFigures;
  readonly disk: DiskFigures;
  /** Of the way to other nodes; undefined: this is the only one. */
  readonly node?: (NodeFigures & { readonly batchesSent: number }) | undefined;
  /** The log of record elsewhere; undefined: there is none. */
  readonly record?: RecordLook | undefined;
  /** The replicas that can serve the shards of this process; undefined: it is the only one. */
  readonly replica?: ReplicaLook | undefined;
  /** Undefined: there is nothing to project. */
  readonly projections?: ProjectionFigures | undefined;
  /** The same of the register; undefined: nobody has asked for it. */
  readonly register?: ProjectionFigures | undefined;
  /** The thread that looks for risks; undefined: there is no rule. */
  readonly risk?: RiskFigures | undefined;
  /** The same of the trees over the logs; undefined: there are no receipts. */
  readonly receipts?: ProjectionFigures | undefined;
  /** Goods of which few pieces are left, as the node with the first shard has seen it a moment ago; none on others. */
  readonly lowStock: readonly LowGoods[];
}

/** The disk that the folder is on, and what the shards here take of it. */
export interface DiskFigures {
  readonly bytes: number;
  /** Free for this process, and how much must be: with less, commands are refused `DISK_FULL`. */
  readonly freeBytes: number;
  readonly freeBytesMin: number;
  /** By how much the folder grows a day, at the pace of the last day; undefined: it is not known yet. */
  readonly bytesPerDay?: number | undefined;
  /** In how many days, at that pace, only what must be free is left; undefined: that is not known, or it does not grow. */
  readonly daysLeft?: number | undefined;
  readonly shards: readonly {
    readonly shard: number;
    readonly logBytes: number;
    readonly stateBytes: number;
  }[];
}

/** Figures of one shard: see ShardFigures and TallyFigures for those that its thread tells. */
export interface ShardStats extends ShardFigures {
  readonly shard: number;
  /** Commands waiting in the router for this shard, and how many make it refuse more (`SHARD_BUSY`). */
  readonly mailboxDepth: number;
  readonly mailboxMax: number;
  /** Subscriptions to its feed, and durable blocks that the slowest of them has not been told of. */
  readonly feedSubscriptions: number;
  readonly feedLagBlocks: number;
}

/** Is everything able to work? */
export interface Readiness {
  readonly ready: boolean;
  /** Why not: one line per component at fault. */
  readonly reasons: readonly string[];
}

/** Something that keeps this process from working, or that somebody should look at. */
export interface Fault {
  /**
   * `store`: a shard is not recovered, or has stopped; `record`: the log of record elsewhere cannot acknowledge; `clock`: it has jumped, or another node's differs; `bus`: what is not heard of
   * other nodes, or may not be said to them; `nodes`: what other nodes have seen, serve, or have set up differently; `replicas`: who would take
   * over.
   */
  readonly component: 'store' | 'record' | 'replicas' | 'clock' | 'bus' | 'nodes';
  readonly reason: string;
  /** Undefined: the process is not ready. */
  readonly level: 'warning' | 'degraded' | undefined;
}

/** Which balances of an owner to watch, and from where. */
export interface WatchOptions {
  /** Default: all assets of the owner. */
  readonly asset?: string | undefined;
  /** None but these; left out: all. */
  readonly assets?: ReadonlySet<string> | undefined;
  /** Whose ids are those of who watches: as `Grants.scope`. */
  readonly scope?: string | undefined;
  /** Resume: the account version known so far, by asset. Left out: nothing was missed. */
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

/** How a command is carried out. */
export interface SubmitOptions {
  /** How long to wait for the decision of a transfer between shards, in milliseconds. Default 2,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Say what the outcome would be, now, and change nothing: no id is used, nothing is logged. An id that has been used answers its
   * outcome. Every shard that the command concerns is asked for its own part. The outcome has `seq` 0, and no id that the engine
   * would have to make. Of an asset, as of an atomic batch. A batch has at most limits.TOGETHER_COMMANDS_MAX commands; those of one
   * shard see what the ones before them would do.
   */
  readonly dryRun?: boolean | undefined;
  /**
   * Who asks, and from where: logged with what is carried out, in the same commit, for the audit trail. Left out: nothing is. It is no part of the
   * command: the same command from somewhere else is a repeat, and the log names who asked first.
   */
  readonly audit?: AuditContext | undefined;
}

/** How a batch is carried out. */
export interface BatchOptions extends SubmitOptions {
  /**
   * All or none, in one block. Every owner named must live on one shard (`BATCH_ACROSS_SHARDS`, with the field), and there are at most
   * limits.TOGETHER_COMMANDS_MAX commands (`BATCH_TOO_LARGE`). Definitions and assets go with each other alone.
   * Later commands see what earlier ones did. Where one is refused it has its own refusal and all others `BATCH_ABORTED`; nothing is changed or kept and no id is used, so it may be corrected and sent
   * again. A command that was carried out before counts as done (`replayed`); the rest are atomic among themselves.
   * Follow-ups are caused by the batch and are no part of it.
   */
  readonly atomic?: boolean | undefined;
  /**
   * Of an atomic batch: backdated transfers from system owners may bring points that expired since they occurred (`expiresAt`), for backdated transfers
   * that come after them in the batch; what is left of them at its end expires then. So a history can be brought in as it was.
   */
  readonly asOccurred?: boolean | undefined;
}

/** How a packed batch is carried out: each of its commands by itself. */
export type PackedOptions = Pick<SubmitOptions, 'timeoutMs' | 'audit'>;

/** The writer of packed batches for this ledger. */
export type PackedWriter = BatchWriter<PackedOutcomes, PackedOptions>;

/** Which records of an owner to read. */
export interface RecordsOfOwner {
  readonly owner: string;
  readonly recordType: string;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  /** 1 .. limits.RECORDS_PAGE_MAX, the default. */
  readonly limit?: number | undefined;
}

/** What a scarce owner has in an asset, in minor units. */
export interface PoolState {
  readonly asset: string;
  /** On all shards. */
  readonly available: number;
  /** Reserved, for acts that are not decided. */
  readonly held: number;
  /** What of both is lent to other shards than its own. */
  readonly lent: number;
  /** What it ever got, and what of it was paid and not given back. */
  readonly funded: number;
  readonly paid: number;
}

/** Which seeds. */
export interface SeedsQuery {
  /** Left out: those of all shards. */
  readonly shard?: number | undefined;
  /** Only those with a lower number. */
  readonly before?: number | undefined;
  /** At most so many of each shard; left out: limits.DRAW_SEEDS_PAGE_MAX, the most. */
  readonly limit?: number | undefined;
}

/** How a command of the program around the ledger is carried out. */
export interface OwnOptions extends Pick<SubmitOptions, 'audit' | 'timeoutMs'> {
  /** For whom it is asked: what that one may do is judged in the commit. Left out: for nobody, and everything is permitted. */
  readonly grants?: Grants | undefined;
}

/**
 * What the ledger keeps for the program around it (platforms, keys, identities): records like a user's, logged and
 * durable, whose owner may also be an engine-owned one (`#` and 1..63 characters of a user's name). No command of a
 * caller can name those; whoever passes a caller's text on as an owner's name here must not let it begin with `#`.
 */
export interface OwnRecords {
  /** Resolves when the outcome is durable. `ifVersion: 0` decides between two who write at once. */
  submit(
    command: PutRecordCommand | DeleteRecordCommand | TransferCommand | ActCommand,
    options?: OwnOptions,
  ): Promise<Outcome>;
  /** Writes and deletes records of one owner: all of them or none, judged and durable as one. Of those that are not at fault: `BATCH_ABORTED`. */
  atomic(
    commands: readonly (PutRecordCommand | DeleteRecordCommand)[],
    options?: Omit<OwnOptions, 'grants'>,
  ): Promise<readonly Outcome[]>;
  /** What a scarce owner has in an asset; undefined: nothing, ever. */
  balance(owner: string, asset: string): Promise<Balance | undefined | Refused>;
  /** As `Caller.balancesAt`, where scarce owners may be named. */
  balancesAt(query: PastQuery): Promise<PastBalances | Refused>;
  /** What a scarce owner has wherever it lies, its allotments on other shards included. */
  pool(owner: string, asset: string): Promise<PoolState | Refused>;
  /** What a referral code says, in capitals or small letters; undefined: there is none. */
  referralCode(programme: string, code: string): Promise<ReferralCodeState | undefined | Refused>;
  /** What is published of the seeds that draws are decided by: of each shard, or of one, the newest first. */
  seeds(query?: SeedsQuery): Promise<readonly DrawSeed[] | Refused>;
  /** A record; undefined: none. */
  record(
    owner: string,
    recordType: string,
    key: string,
  ): Promise<OwnerRecord | undefined | Refused>;
  /** Records of one type, by key; fewer than `limit`: there are no more. */
  records(query: RecordsOfOwner): Promise<readonly OwnerRecord[] | Refused>;
}

/** What one caller may ask of a ledger. */
export interface Caller {
  /**
   * Carry out one command. Resolves when the outcome is durable; never rejects for a refusal. A transfer between shards
   * that is not decided in time is answered `PREPARED`: it goes on, and its id tells what became of it.
   */
  submit(command: Command, options?: SubmitOptions): Promise<Outcome>;
  /**
   * Carry out many. One outcome per command, in order; commands of one home owner are applied in the order given.
   * Each stands for itself, unless `atomic`.
   */
  submitBatch(commands: readonly Command[], options?: BatchOptions): Promise<Outcome[]>;
  /**
   * A writer of packed batches: the quickest way to many commands. They are written as bytes, checked as bytes, and their outcomes are read
   * in place. Each stands for itself. Its size is bounded; it may be filled again as soon as it was submitted.
   */
  batch(size?: BatchSize): PackedWriter;
  /**
   * Carry out a packed batch that was written somewhere else: what `batch().take()` gives, or what says the same (engine/protocol/README.md).
   * The bytes are copied first. One outcome per command, in order; a refusal where they are no batch: nothing of it is carried out then.
   */
  submitPacked(bytes: Uint8Array, options?: PackedOptions): Promise<PackedOutcomes | Refused>;
  /**
   * All assets of an owner that the caller may read (system owners: stripes summed), or only `asset`. An unknown owner has none.
   */
  balance(owner: string, asset?: string): Promise<Balance[] | Refused>;
  /** The same of many owners, in their order, and only in `asset` where it is named: one message to each shard. A refusal of one (`field`: `owners[2]`) is that of all. */
  balances(owners: readonly string[], asset?: string): Promise<Balance[][] | Refused>;
  /** One balance at a past time (ms since 1970). System owners: stripes summed. */
  balanceAt(owner: string, asset: string, at: number): Promise<PastBalance | Refused>;
  /** Balances of many owners at a past time, in their order, and how to ask the same again. */
  balancesAt(query: PastQuery): Promise<PastBalances | Refused>;
  /** A page of an account's history. System owners: `shard` chooses the stripe, default 0. */
  entries(
    query: EntriesQuery & { readonly shard?: number | undefined },
  ): Promise<EntryPage | Refused>;
  /** A page of the audit trail: who asked for what, of those commands that came with `audit` (SubmitOptions). Of the whole ledger, newest first. */
  audit(query?: AuditQuery): Promise<AuditPage | Refused>;
  /** A page of a leaderboard, the first members first. */
  leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage | Refused>;
  /** A member of a leaderboard, with those before and after him. */
  standing(query: StandingQuery): Promise<Standing | Refused>;
  /** A page of the orders of a programme, the newest first. */
  orders(query: OrderQuery): Promise<OrderPage | Refused>;
  /** Who there is, what happened to whom, whose an id is: of the whole ledger. */
  readonly register: RegisterReads;
  /** What can be checked by others: trees over the logs, proofs, entries. */
  readonly receipts: Receipts;
  /** A command by (home owner, id), with its outcome; undefined: the id was never used. */
  transfer(owner: string, id: string): Promise<TransferRecord | undefined | Refused>;
  /** An open hold; undefined: none (any more). */
  hold(owner: string, holdId: string): Promise<HoldState | undefined | Refused>;
  /** Open holds of an owner by id, in the assets that the caller may read. */
  holds(owner: string, page?: HoldPage): Promise<readonly HoldState[] | Refused>;
  /** What is known of a member of a programme: tier, tasks, what limits have counted. A user who has done nothing yet is one, too. */
  member(owner: string, programme: string): Promise<MemberState | Refused>;
  /** An owner record; undefined: none. */
  record(
    owner: string,
    recordType: string,
    key: string,
  ): Promise<OwnerRecord | undefined | Refused>;
  /** A definition with all its versions; undefined: there is none. */
  definition(kind: string, key: string): Promise<DefinitionHistory | undefined | Refused>;
  /** Definitions of a kind by key, each in its newest version. */
  definitions(kind: string, page?: DefinitionPage): Promise<readonly DefinitionHistory[] | Refused>;
}

/** A page of the holds of an owner. */
export interface HoldPage {
  /** Only those that come after this one. Left out: from the first. */
  readonly after?: string | undefined;
  /** 1 .. limits.HOLDS_PAGE_MAX; left out: limits.HOLDS_PAGE_DEFAULT. */
  readonly limit?: number | undefined;
}

/** A page of definitions of one kind. */
export interface DefinitionPage {
  /** Only keys after this one. Left out: from the first. */
  readonly after?: string | undefined;
  /** At most so many, limits.DEFINITIONS_PAGE_MAX of them. */
  readonly limit?: number | undefined;
}

/** A points ledger that is open. Its own calls are for whoever has it: everything is permitted. */
export interface Engine extends Caller {
  /** The data folder. */
  readonly folder: string;
  /** Shards of the whole ledger. */
  readonly shards: number;
  /** Milliseconds since 1970, by the clock that blocks of this process have their time of. */
  now(): number;
  /** Those that this process serves, by number. Commands and reads may be given for all; what is said of shards below is of these. */
  readonly shardsHere: readonly number[];
  /**
   * The same ledger for somebody who may do this much: every command and read is judged by these grants in the shard, in the
   * commit that carries it out (`OPERATION_FORBIDDEN`, `ASSET_FORBIDDEN`, `OWNER_FORBIDDEN`). Throws TypeError on what are no grants.
   */
  as(grants: Grants): Caller;
  readonly receipts: SigningReceipts;
  /** Records that no caller can name. */
  readonly own: OwnRecords;
  /** The assets defined so far, by code. */
  assets(): readonly Asset[];
  /**
   * The committed feed of one shard, from a block (1: from the beginning) or a position within one on: history first, then live,
   * each item exactly once in order, only durable ones. The listener may return a promise: the next block waits for it.
   * Throws RangeError for a shard that is not served here, naming the node, and for a position that is none. Returns a function that ends the subscription. `onError` is told when
   * it ends by an error: the listener's, the ledger's, or a RefusedError (`POSITION_AHEAD`: the log ends before the position).
   */
  subscribe(
    shard: number,
    from: number | FeedPosition,
    listener: (block: FeedBlock) => void | Promise<void>,
    onError?: (error: Error) => void,
  ): () => void;
  /**
   * Tells of each version of a definition that the shards of this process have taken, at once or a second after it was said, and so before it
   * decides (limits.DEFINITION_LEAD_MS). Drafts are not told. Returns a function that ends it. A listener must not throw.
   */
  onDefined(listener: (kind: string, key: string) => void): () => void;
  /**
   * An owner's balances as they change. First what was missed, where `versions` says what is known already (by asset; an asset that is not in
   * it is told from its first entry on); then `balances`; then every committed change. Each account's entries are told exactly once, in
   * the order of their versions, without a gap. The listener may return a promise, for which the next page of missed
   * entries waits; live ones do not. Ends with `ended`: a wrong name, a system owner (`SYSTEM_OWNER`), a version that the account has not (`POSITION_AHEAD`), a failure of the ledger. Returns a function that ends it.
   */
  watchBalances(
    owner: string,
    listener: (event: BalanceEvent) => void | Promise<void>,
    options?: WatchOptions,
  ): () => void;
  /** The shard an owner lives on. */
  shardOf(owner: string): number;
  /** Of the shards here. */
  stats(): Promise<Stats>;
  readiness(): Readiness;
  /** The same by component, and what leaves it ready and should be looked at. */
  faults(): readonly Fault[];
  /** What all nodes of a cluster should have in common, beside its description: digests, by name. Where another one's differs, neither is ready. */
  share(shared: Readonly<Record<string, string>>): void;
  /** What the program around the ledger asks its own kind on the other nodes of a cluster. */
  readonly beside: Pick<Beside, 'others' | 'serve' | 'ask'>;
  /** Accounts of the shards here recomputed from the log, in turn, in a thread of its own. */
  readonly recount: {
    /** So many entries a second from now on, with a pause of so many milliseconds between two turns; `firstMs`: before the first, default 0. */
    start(rate: number, pauseMs: number, firstMs?: number): void;
    /** Undefined: it was not started. */
    readonly figures: RecountFigures | undefined;
    /** Looks at these before all others; what is not here is left out. Until then they stand among the findings. */
    suspect(accounts: readonly NamedAccount[]): void;
  };
  /** The oldest part of each log here, sealed into compressed files while the ledger runs (OpenOptions.segments). */
  readonly sealing: {
    /** Seals what is due now, as a timer does every limits.SEAL_LOOK_MS. Resolves when nothing more is, or it failed (Stats.segments). */
    look(): Promise<void>;
  };
  /** Personal data, sealed under keys of its members. */
  readonly vault: Vault;
  /** An operator's word that the wall clock is right although it has jumped, for the shards here. */
  acceptClock(): Promise<void>;
  /** Write a checkpoint of every shard here now; resolves when they are valid. */
  checkpoint(): Promise<void>;
  /** A digest of all balances of the shards here (owner, asset, available, held), the same whatever the order of the work: hex. */
  digest(): Promise<string>;
  /** A consistent copy of all shards here into a new folder, while running. Returns the last block copied of each of them. */
  backup(to: string): Promise<number[]>;
  /**
   * Events of a period decided again by other documents, out of the logs of the shards here, up to what is durable now. Each shard's log is read
   * on a thread of its own. `differences`: the file in which a shard writes down each event that comes to something else. Rejects with SimulationError.
   */
  simulate(
    options: SimulationOptions,
    differences?: (shard: number) => string,
  ): Promise<RunningSimulation>;
  /** Finish what was accepted, write a checkpoint and a clean-stop record, end the threads. */
  close(): Promise<void>;
}
