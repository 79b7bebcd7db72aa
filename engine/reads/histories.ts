// Histories of accounts, read out of the logs. Owns: the reader thread, cursors, which node is asked. Never touches: state.

import type { ClusterNode } from '../cluster/node.js';
import type { ReadType } from '../cluster/reads.js';
import { ENTRIES_PAGE_DEFAULT, ENTRIES_PAGE_MAX, TIME_MAX_MS } from '../limits.js';
import { type Granted, unpackGrants } from '../protocol/grants.js';
import { murmur3 } from '../protocol/hash.js';
import {
  type EntryPage,
  isRefusal,
  type Outcome,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import type { EntriesQuery } from '../protocol/reads.js';
import { isActName, isKind, isSystemOwner } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Cut, HistoryRead, PageRead } from '../shard/history.js';
import type { Answer, ReaderTask } from '../shard/messages.js';
import type { PastEntry, pastEntry } from '../shard/past.js';
import { type Thread, threadOf } from '../thread.js';
import { cutsOf, isAsOf, isTime } from './as-of.js';

/** Entries that one page of a filtered history looks at, before it is cut short with a cursor. */
const HISTORY_EFFORT = 20_000;

/** With the stripe of a system owner. */
export type ShardEntriesQuery = EntriesQuery & { readonly shard?: number | undefined };

/** An account at a past time, as another node asks. */
interface PastAsked extends Account {
  readonly at: number;
  readonly cut: Cut;
}

interface Account {
  readonly owner: string;
  readonly asset: string;
}

const NOTHING: PastEntry = { available: 0, held: 0, version: 0, isKnown: false };

type HeadAnswer = Extract<Answer, { type: 'head' }>;

export class Histories {
  readonly #router: Router;
  readonly #node: ClusterNode | undefined;
  readonly #pool: Thread;
  readonly #reads = new Set<Promise<unknown>>();
  #isClosing = false;

  constructor(router: Router, node: ClusterNode | undefined, onError: (error: Error) => void) {
    this.#router = router;
    this.#node = node;
    const settings = { minThreads: 0, concurrentTasksPerWorker: 4, maxQueue: 65_536 };
    this.#pool = threadOf('reader', settings);
    this.#pool.on('error', (error: Error) => {
      if (!this.#isClosing) onError(error);
    });
  }

  /** A task of the reader thread. */
  read<T>(task: ReaderTask): Promise<T> {
    if (this.#isClosing) return Promise.reject(new Error('the ledger is closing'));
    const read = this.#pool.run(task) as Promise<T>;
    this.#reads.add(read);
    const done = (): boolean => this.#reads.delete(read);
    read.then(done, done);
    return read;
  }

  #isHere(shard: number): boolean {
    return this.#router.folder.here.includes(shard);
  }

  #elsewhere<T extends object>(
    shard: number,
    type: ReadType,
    asked: object,
    { packed: grants }: Granted,
  ): Promise<T | Refused> {
    if (this.#node === undefined) throw new Error(`shard ${shard} is on no node`);
    return this.#node.read<T>(shard, type, { ...asked, grants });
  }

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve(
    shard: number,
    type: Extract<ReadType, 'entries' | 'balance-at'>,
    asked: Readonly<Record<string, unknown>>,
  ): Promise<object> {
    const { grants, ...query } = asked;
    const granted = unpackGrants(grants as Uint8Array);
    if (type === 'entries')
      return this.entries({ ...(query as object as EntriesQuery), shard }, granted);
    const { owner, asset, at, cut } = query as object as PastAsked;
    const { seq, time } = cut;
    if (!isTime(at) || !isTime(time) || !Number.isSafeInteger(seq))
      return refused('QUERY_INVALID', 'at');
    // Whether its caller may name the owner, the other node has looked at.
    return this.at(shard, { owner, asset }, at, { seq, time }, { granted, owned: true });
  }

  /** An account's part on one shard, at a past time. */
  async at(
    shard: number,
    account: Account,
    at: number,
    cut: Cut,
    asking: { readonly granted: Granted; readonly owned: boolean },
  ): Promise<PastEntry | Refused> {
    const { granted } = asking;
    if (!this.#isHere(shard))
      return this.#elsewhere<PastEntry>(shard, 'balance-at', { ...account, at, cut }, granted);
    const answer = await this.#head(shard, account, asking);
    if (isRefusal(answer)) return answer;
    const { head, backdated, closedSeq } = answer as HeadAnswer;
    if (head === undefined || head.seq === 0) return NOTHING;
    const { path: folder } = this.#router.folder;
    const read = { head, backdated, at, cut, closedSeq };
    const task = { type: 'at-time', folder, shard, read } as const;
    const found = await this.read<ReturnType<typeof pastEntry>>(task);
    if (typeof found !== 'string') return found;
    return refused(found, found === 'QUERY_INVALID' ? 'asOf' : 'at');
  }

  #head(
    shard: number,
    account: Account,
    asking: { readonly granted: Granted; readonly owned?: boolean },
  ): Promise<HeadAnswer | Outcome> {
    return this.#router.ask<'head'>({ type: 'head', ...account }, shard, asking);
  }

  async entries(query: ShardEntriesQuery, granted: Granted): Promise<EntryPage | Refused> {
    const { owner, asset } = query;
    const field = entriesProblem(query, this.#router.folder.shards);
    if (field !== null) return refused('QUERY_INVALID', field);
    const mark = cursorMark(owner, asset, query.order ?? 'newest');
    const version =
      query.cursor === undefined ? (query.version ?? 0) : cursorVersion(query.cursor, mark);
    if (version < 0) return refused('CURSOR_INVALID', 'cursor');
    const isStriped = isSystemOwner(String(owner));
    const shard = query.shard ?? (isStriped ? 0 : this.#router.shardOf(String(owner)));
    if (!this.#isHere(shard)) return this.#elsewhere<EntryPage>(shard, 'entries', query, granted);
    const answer = await this.#head(shard, { owner, asset }, { granted });
    if (isRefusal(answer)) return answer;
    const { head, assets, closedSeq, time } = answer as HeadAnswer;
    const cuts = cutsOf(new Map([[shard, { closedSeq, time }]]), query.asOf);
    if (isRefusal(cuts)) return cuts;
    const asOf = cuts.told;
    if (head === undefined || head.seq === 0) return { ok: true, entries: [], asOf };
    const read: HistoryRead = {
      head,
      cut: cuts.of(shard),
      assets,
      scope: granted.scope,
      newestFirst: query.order !== 'oldest',
      version,
      from: query.from ?? 0,
      to: query.to ?? TIME_MAX_MS + 1,
      kind: query.kind,
      act: query.act,
      told: query.told,
      limit: query.limit ?? ENTRIES_PAGE_DEFAULT,
      effort: HISTORY_EFFORT,
    };
    const { path: folder } = this.#router.folder;
    const page = await this.read<PageRead>({ type: 'history', folder, shard, read });
    const cursor =
      page.next === 0 ? undefined : Buffer.from(`${mark}.${page.next}`).toString('base64url');
    return { ok: true, entries: page.entries, cursor, asOf };
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // A ledger that was never asked for a history has no thread, and needs none in order to close.
    if (this.#pool.threads.length > 0) await this.#pool.run({ type: 'close' });
    // A thread that is ended while LMDB opens an environment in it takes the process along.
    await Promise.allSettled(this.#reads);
    await this.#pool.destroy();
  }
}

/** The field of a history query that is wrong; null: none. */
function entriesProblem(query: ShardEntriesQuery, shards: number): string | null {
  const { order, version, from, to, asOf, kind, act, told, limit, cursor, shard } = query;
  if (order !== undefined && order !== 'newest' && order !== 'oldest') return 'order';
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) return 'version';
  if (from !== undefined && !isTime(from)) return 'from';
  if (to !== undefined && !isTime(to)) return 'to';
  if (asOf !== undefined && !isAsOf(asOf)) return 'asOf';
  if (kind !== undefined && !isKind(kind)) return 'kind';
  if (act !== undefined && !isActName(act)) return 'act';
  if (told !== undefined && typeof told !== 'boolean') return 'told';
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= ENTRIES_PAGE_MAX))
    return 'limit';
  if (cursor !== undefined && typeof cursor !== 'string') return 'cursor';
  if (shard !== undefined && !(Number.isInteger(shard) && shard >= 0 && shard < shards))
    return 'shard';
  return null;
}

const cursorMark = (owner: string, asset: string, order: string): string =>
  murmur3(`${owner}|${asset}|${order}`, 7).toString(36);

/** The version in a cursor; -1: it is not one of this account's. */
function cursorVersion(cursor: string, mark: string): number {
  const [found, version] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  const number = Number(version);
  return found === mark && Number.isSafeInteger(number) && number > 0 ? number : -1;
}
