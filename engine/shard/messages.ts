// What threads say to each other. Owns: the types of tasks, replies and events. Never touches: anything else.

import type { MessagePort } from 'node:worker_threads';
import type { BusFigures } from '../bus/connection.js';
import type { NatsWay } from '../bus/nats.js';
import type { MemberState } from '../protocol/member.js';
import type {
  Asset,
  Balance,
  DefinitionHistory,
  DefinitionVersion,
  HoldState,
  OwnerRecord,
} from '../protocol/outcomes.js';
import type { RecordCommands } from '../protocol/read-back.js';
import type { RecordWay } from '../record/joining.js';
import type { RingWay } from '../ring/ring.js';
import type { Failed } from '../store/errors.js';
import type { AuditRead } from '../trail/page.js';
import type { HistogramFigures } from './histogram.js';
import type { HistoryHead, HistoryRead } from './history.js';
import type { PastRead } from './past.js';

/** How a shard is opened. */
export interface ShardSettings {
  readonly folder: string;
  readonly shard: number;
  /** Bytes for pages and indexes. */
  readonly cacheBytes: number;
  readonly checkpointBytes: number;
  readonly tickMs: number;
  /** How long a seed decides draws. */
  readonly drawPeriodMs?: number | undefined;
  readonly acceptClock: boolean;
  /** After so many milliseconds a write that is not durable is a failure; left out: limits.SYNC_TIMEOUT_MS. */
  readonly syncTimeoutMs?: number | undefined;
  readonly clockOffset?: SharedArrayBuffer | undefined;
  /** Bytes of the disk that must be free; left out: nobody looks. */
  readonly diskFreeBytesMin?: number | undefined;
  readonly diskOffset?: SharedArrayBuffer | undefined;
  /** The shard of each slot. */
  readonly slotMap: Uint16Array;
  /** The log of record, where it is elsewhere. */
  readonly record?: RecordWay | undefined;
}

/** How a shard's thread opens its shard. */
export interface OpenShard extends ShardSettings {
  readonly type: 'open';
  /** The bell of the shard's thread. */
  readonly bell: SharedArrayBuffer;
  /** The way to the main thread, for batches and their replies. */
  readonly main: RingWay;
  /** Ways to the other shards of this process, by number; null: this one, and those of other processes. */
  readonly peers: readonly (RingWay | null)[];
  /** Where the thread tells whether it is writing a block (engine/store/commit.ts). */
  readonly progress: SharedArrayBuffer;
  /** The way to shards of other processes. */
  readonly nats?: NatsWay | undefined;
  /** Events go here (ShardEvent). */
  readonly port: MessagePort;
}

/** Tasks of a shard's thread. */
export type ShardTask =
  | OpenShard
  | { readonly type: 'stats' }
  | { readonly type: 'digest' }
  /** Tell of every durable block from now on, or no more; answers the last one before. */
  | { readonly type: 'watch'; readonly on: boolean }
  | { readonly type: 'accept-clock' }
  | { readonly type: 'checkpoint' }
  /** Answers whether it has them. */
  | ({ readonly type: 'confirm' } & Confirmation)
  /** Say nothing to shards of other nodes until `renew`, which answers which of them do not believe this one. */
  | { readonly type: 'hold' }
  | { readonly type: 'renew' }
  /** Commit nothing more until `resume`; answers the last durable block. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'copy-state'; readonly to: string }
  /** What of its log is in no segment (TailFigures); and: let blocks go that are in one, up to this one, with which it ends. */
  | { readonly type: 'tail' }
  | { readonly type: 'cut'; readonly through: number }
  | { readonly type: 'close' };

/** The part of a shard's log that is in its database. */
export interface TailFigures {
  /** First and last block. */
  readonly first: number;
  readonly head: number;
  /** Time of the first, milliseconds since 1970. */
  readonly time: number;
  /** About how many bytes of blocks there are. */
  readonly bytes: number;
  /** The block that the last checkpoint is after. */
  readonly checkpointSeq: number;
}

/** A shard with these definitions may decide by them at block times before `until`. */
export interface Confirmation {
  /** So many that decide. */
  readonly count: number;
  /** The last of them (DefinitionTable.mark()). */
  readonly mark: string;
  readonly until: number;
}

/** Is the clock believed? Told as an event and as an answer, which may overtake each other: that with more changes is the later one. */
export interface ClockState {
  readonly jumped: boolean;
  /** How often that has changed. */
  readonly changes: number;
}

/** What a shard's thread says of itself. */
export type ShardEvent =
  /** A block became durable, while somebody watches: its bytes. */
  | { readonly type: 'block'; readonly seq: number; readonly block: Uint8Array }
  /** A reply that is too large to be copied; others go through the ring. */
  | { readonly type: 'reply'; readonly number: number; readonly reply: Reply }
  /** Decisions that somebody waits for became durable; through the ring, as replies. */
  | { readonly type: 'decided'; readonly decided: Decided }
  | ({ readonly type: 'clock' } & ClockState)
  /** Shards of other nodes that do not believe this one, each with the block up to which it has seen it. */
  | { readonly type: 'objections'; readonly objections: ReadonlyMap<number, number> }
  /** A shard of another node that is not believed here. */
  | { readonly type: 'refused'; readonly peer: number; readonly what: string }
  /** What its connection does not hear, and where it may not publish: sentences. */
  | { readonly type: 'bus'; readonly problems: readonly string[] }
  /** The thread did nothing for so long; it says nothing to shards of other nodes until `renew`. */
  | { readonly type: 'standstill'; readonly ms: number }
  /** What holds up appends to the log of record elsewhere; null: nothing does. */
  | { readonly type: 'record'; readonly trouble: string | null }
  | { readonly type: 'progress'; readonly seq: number; readonly headSeq: number }
  | ({ readonly type: 'fatal' } & Failed);

/** After opening. */
export interface Opened {
  readonly seq: number;
  readonly assets: readonly Asset[];
  /** How many definitions that decide it has. */
  readonly definitions: number;
  /** Is there something that projections are made of (engine/projections)? */
  readonly isProjected: boolean;
}

/** Commands [from, to) of a batch went into one block; their records are in `effects`. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  readonly time: number;
  readonly effects: Uint8Array;
  /** The commands of these records, where one of them is an act. */
  readonly commands?: RecordCommands | undefined;
}

/** A record that was in the log already. */
export interface Replayed {
  readonly seq: number;
  readonly time: number;
  readonly effects: Uint8Array;
  readonly command: Uint8Array;
}

/** Kinds of results, each with a number beside it. */
export const RESULT = {
  /** The number: offset of the record in the segment's effects. */
  record: 0,
  /** The number: index into `replayed`. */
  replay: 1,
  /** The number: index into `answers`. */
  answer: 2,
  /** The number: of a transient refusal. */
  refusal: 3,
  /** The number: index into `opened`; the outcome follows as a `decided` event. */
  open: 4,
} as const;

/** What a batch came to: result kind and number for each command, one after the other. */
export interface Reply {
  readonly results: Int32Array;
  readonly segments: readonly Segment[];
  readonly replayed: readonly Replayed[];
  readonly answers: readonly Answer[];
  /** Tickets of transfers that are not decided yet. */
  readonly opened: readonly number[];
}

/** Transfers that a block decided. */
export interface Decided {
  readonly seq: number;
  readonly time: number;
  readonly effects: Uint8Array;
  /** Ticket and offset of the record in the effects, two numbers each; below 0: it was decided anew, and refused by this for now. */
  readonly tickets: readonly number[];
  /** The commands of these records, where one of them is an act. */
  readonly commands?: RecordCommands | undefined;
}

/** Where a shard was when it answered. */
export interface Standing {
  /** Its last complete block. */
  readonly closedSeq: number;
  /** Block time at which it answered, milliseconds since 1970. */
  readonly time: number;
}

/** A query's answer. */
export type Answer =
  | ({ readonly type: 'balance'; readonly balances: readonly Balance[] } & Standing)
  | ({
      readonly type: 'head';
      readonly head: HistoryHead | undefined;
      /** The stretch of its last backdated entry; 0: it has none. */
      readonly backdated: number;
      readonly assets: readonly Asset[];
    } & Standing)
  | {
      readonly type: 'read-transfer';
      readonly found: Replayed | undefined;
      /** What remains of each of its legs to be reversed. */
      readonly remaining?: readonly number[] | undefined;
    }
  | { readonly type: 'read-record'; readonly record: OwnerRecord | undefined }
  | { readonly type: 'list-records'; readonly records: readonly OwnerRecord[] }
  | { readonly type: 'read-hold'; readonly hold: HoldState | undefined }
  | { readonly type: 'list-holds'; readonly holds: readonly HoldState[] }
  | { readonly type: 'read-member'; readonly member: MemberState }
  | {
      readonly type: 'definitions-since';
      /** Block time at which it had `count` that decide. */
      readonly time: number;
      readonly count: number;
      /** The last of those. */
      readonly mark: string;
      /** The next ones, as many as one answer holds. */
      readonly versions: readonly DefinitionVersion[];
    }
  | { readonly type: 'read-definitions'; readonly definitions: readonly DefinitionHistory[] }
  | Judged;

/** What commands judged together came to: of a dry run all of them, of an atomic batch all or those up to the one refused. */
export interface Judged {
  readonly type: 'judged';
  /** Kinds (record, replay, refusal) and numbers beside them, one after the other. */
  readonly results: readonly number[];
  /** Block and its time; seq 0: a dry run's, which is in no block. */
  readonly seq: number;
  readonly time: number;
  /** Offsets of records are within these. */
  readonly effects: Uint8Array;
  /** As of a segment. */
  readonly commands?: RecordCommands | undefined;
  readonly replayed: readonly Replayed[];
  /** What commands of a dry run would say to other shards. */
  readonly said: readonly Said[];
}

/** A prepare or decision that the command at `index` would send. */
export interface Said {
  readonly index: number;
  readonly to: number;
  readonly isDecision: boolean;
  /** Packed. */
  readonly bytes: Uint8Array;
}

/** What a shard has done since it was opened (tally.ts). */
export interface TallyFigures {
  readonly commands: number;
  readonly blocks: number;
  readonly logBytes: number;
  readonly commitMsTotal: number;
  readonly commitMsMax: number;
  /** Time of the last block in which points moved, ms since 1970; 0: none yet. */
  readonly movedAt: number;
  /** Bytes of the log that the last valid checkpoint does not have: what a restart would replay. */
  readonly checkpointLagBytes: number;
  /** Seconds from handing a block to the log until it is durable: LMDB writes and syncs in one. */
  readonly commit: HistogramFigures;
  /** Commands of a block. */
  readonly blockCommands: HistogramFigures;
  /** Seconds from the block that opened a command between shards to the one that decided it, on its home shard. */
  readonly decisions: HistogramFigures;
  /** Points that left system owners and came to them, by kind and asset. */
  readonly flows: readonly {
    readonly kind: string;
    readonly owner: string;
    readonly asset: string;
    readonly gained: number;
    readonly gains: number;
    readonly consumed: number;
    readonly consumptions: number;
  }[];
  /** What became of what moves points, by kind and refusal's number (0: posted). */
  readonly outcomes: readonly {
    readonly command: 'transfer' | 'capture' | 'reverse' | 'act';
    readonly kind: string;
    readonly refusal: number;
    readonly count: number;
  }[];
}

/** Figures of a shard. */
export interface ShardFigures extends TallyFigures {
  /** How long the block that is being written has been; 0: none is. */
  readonly writingMs: number;
  readonly seq: number;
  readonly durableSeq: number;
  readonly checkpointSeq: number;
  readonly cacheBytes: number;
  readonly dirtyBytes: number;
  readonly accounts: number;
  readonly openTransfers: number;
  /** How far the clock is behind the last block's time: holds and expiries wait until it has caught up. */
  readonly clockBehindMs: number;
  readonly followUps: number;
  /** Versions of definitions that decide, and until which block time it may decide by them; 0: nothing is confirmed yet. */
  readonly definitions: number;
  readonly definitionsConfirmedUntil: number;
  /** Seconds by which the thread's timers were late. */
  readonly loopDelay: HistogramFigures;
  /** Of the way to other processes. */
  readonly bus: BusFigures;
}

/** Tasks of the reader thread. */
export type ReaderTask =
  | {
      readonly type: 'history';
      readonly folder: string;
      readonly shard: number;
      readonly read: HistoryRead;
    }
  | {
      readonly type: 'at-time';
      readonly folder: string;
      readonly shard: number;
      readonly read: PastRead;
    }
  | {
      readonly type: 'blocks';
      readonly folder: string;
      readonly shard: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly type: 'audit';
      readonly folder: string;
      readonly shard: number;
      readonly read: AuditRead;
      readonly auditDays: number;
      readonly clockOffset: SharedArrayBuffer | undefined;
    }
  | {
      readonly type: 'copy-log';
      readonly folder: string;
      readonly shard: number;
      readonly to: string;
      readonly seq: number;
    }
  | { readonly type: 'close' };
