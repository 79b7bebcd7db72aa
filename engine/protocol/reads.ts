// What can be read. Owns: the shapes of reads' questions. Never touches: state, bytes, Node.js.

import type { AsOf } from './outcomes.js';

/** Which balances at a past time to read. */
export interface PastQuery {
  readonly owners: readonly string[];
  /** Left out: all assets. */
  readonly asset?: string | undefined;
  /** Milliseconds since 1970. What was over then counts as over, whenever it was booked. */
  readonly at: number;
  /** Only what was booked by then, not before `at`. Left out: all that is booked. */
  readonly asOf?: AsOf | undefined;
}

/** Which entries to read. */
export interface EntriesQuery {
  readonly owner: string;
  readonly asset: string;
  /** Default newest first. */
  readonly order?: 'newest' | 'oldest' | undefined;
  /** Oldest first: only entries from this account version on; newest first: only those up to it. From 1 on. A cursor goes before it. */
  readonly version?: number | undefined;
  /** Only entries at or after this time (ms since 1970). */
  readonly from?: number | undefined;
  /** Only entries before this time. */
  readonly to?: number | undefined;
  /** Only entries that were booked by then. Left out: all. */
  readonly asOf?: AsOf | undefined;
  /** Only entries of commands of this kind (`EXPIRE`: expiry; `RESERVE`: what transfers between shards reserve and free). */
  readonly kind?: string | undefined;
  /** Only entries of what this act has done, each with that (`HistoryEntry.done`). */
  readonly act?: string | undefined;
  /** Entries of acts say of which (`HistoryEntry.act`), in place of all that it has done. */
  readonly told?: boolean | undefined;
  /** 1..1,000, default 50. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

/** Which records of the audit trail to read: those that fit everything that is said, the newest first. */
export interface AuditQuery {
  /** Only those at or after this time (ms since 1970). */
  readonly from?: number | undefined;
  /** Only those before this time. */
  readonly to?: number | undefined;
  /** Only what this one asked for. */
  readonly principal?: string | undefined;
  /** Only commands that name this owner. */
  readonly owner?: string | undefined;
  /** Only commands of this type. */
  readonly operation?: string | undefined;
  /** Only acts of this name. */
  readonly act?: string | undefined;
  /** Only acts whose body names this programme, and this type (of events). */
  readonly programme?: string | undefined;
  readonly type?: string | undefined;
  /** Only what came to this: `ok`, `PREPARED`, a refusal's code; `refused`: any refusal. */
  readonly outcome?: string | undefined;
  /** Only commands of this id, whoever's it is. */
  readonly id?: string | undefined;
  /** 1..500, default 50. */
  readonly limit?: number | undefined;
  /** From the page before, of the same question. */
  readonly cursor?: string | undefined;
}
