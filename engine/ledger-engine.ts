// The ledger as its users see it. Owns: assets on all shards, reads that span shards, subscriptions, opening and closing.
// Never touches: state (that is the shards'), sockets.

import { writeSync } from 'node:fs';
import { Piscina } from 'piscina';
import { Copy } from './audit/backup.js';
import { follow } from './feed.js';
import type {
  Engine,
  EntriesQuery,
  OpenOptions,
  Readiness,
  Stats,
  SubmitOptions,
} from './index.js';
import { type ShardDigest, wholeDigest } from './ledger/digest.js';
import { ENTRIES_PAGE_DEFAULT, ENTRIES_PAGE_MAX, MAILBOX_MAX, TIME_MAX_MS } from './limits.js';
import { commandOfTuple, unpackTuple } from './protocol/codec.js';
import type { Command, DefineAssetCommand, Query } from './protocol/commands.js';
import { murmur3 } from './protocol/hash.js';
import {
  type Asset,
  type Balance,
  type EntryPage,
  type FeedBlock,
  type HoldState,
  type Outcome,
  type OwnerRecord,
  type PastBalance,
  type Refused,
  refused,
  type TransferRecord,
} from './protocol/outcomes.js';
import { isKind, isSystemOwner } from './protocol/validate.js';
import { FatalError, Router } from './router.js';
import type { HistoryRead, PageRead } from './shard/history.js';
import type { Answer, PastEntry, ReaderTask, ShardFigures } from './shard/messages.js';
import { type Folder, openFolder } from './store/folder.js';

/** Entries that one page of a filtered history looks at, before it is cut short with a cursor. */
const HISTORY_EFFORT = 20_000;
const MIB = 1024 * 1024;
/** Bytes of a shard's log after which it writes a checkpoint: what a restart replays at most, about. */
const CHECKPOINT_BYTES = 96 * MIB;

const isRefusal = (answer: { readonly type?: string } | Outcome): answer is Refused =>
  'ok' in answer && !answer.ok;

function endAfterFatal(error: Error): void {
  writeSync(2, `jifen: fatal: ${error.message}\n`);
  if (error instanceof FatalError && error.hangs) process.kill(process.pid, 'SIGKILL');
  process.exit(70);
}

class ShardedEngine implements Engine {
  readonly #folder: Folder;
  readonly #router: Router;
  readonly #reader: Piscina;
  readonly #reads = new Set<Promise<unknown>>();
  #isClosing = false;
  readonly #durable: number[];
  readonly #clockJumped: boolean[];
  readonly #watchers: Set<() => void>[];
  readonly #outcomes = new Map<string, number>();
  readonly #subscriptions = new Set<AbortController>();
  #defining: Promise<unknown> = Promise.resolve();
  #backingUp: Promise<unknown> = Promise.resolve();
  #isOpen = false;

  constructor(folder: Folder, options: OpenOptions) {
    this.#folder = folder;
    this.#durable = new Array(folder.shards).fill(0);
    this.#clockJumped = new Array(folder.shards).fill(false);
    this.#watchers = Array.from({ length: folder.shards }, () => new Set());
    const fatal = options.onFatal ?? endAfterFatal;
    this.#router = new Router(folder, {
      mailboxMax: options.mailboxMax ?? MAILBOX_MAX,
      cacheBytes: ((options.cacheMb ?? 1024) * MIB) / folder.shards,
      checkpointBytes: options.checkpointBytes ?? CHECKPOINT_BYTES,
      tickMs: options.tickMs ?? 1000,
      acceptClock: options.acceptClock ?? false,
      clockOffset: options.clockOffset,
      onFatal: fatal,
      onEvent: (shard, event) => {
        if (event.type === 'durable') {
          this.#durable[shard] = event.seq;
          for (const wake of this.#watchers[shard] as Set<() => void>) wake();
        } else if (event.type === 'clock') this.#clockJumped[shard] = event.jumped;
        else if (event.type === 'progress')
          options.onProgress?.({ shard, seq: event.seq, headSeq: event.headSeq });
      },
    });
    this.#reader = new Piscina({
      filename: new URL('./shard/reader.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 4,
      maxQueue: 65_536,
      atomics: 'disabled',
      recordTiming: false,
    });
    this.#reader.on('error', (error: Error) => {
      if (!this.#isClosing) fatal(error);
    });
  }

  /** Recovers all shards, and gives each the assets that others have and it has not. */
  async start(): Promise<void> {
    const opened = await this.#router.open();
    let longest: readonly Asset[] = [];
    for (const { assets } of opened) if (assets.length > longest.length) longest = assets;
    const newest = longest.map((asset, index) => {
      let best = asset;
      for (const { assets } of opened) {
        const other = assets[index];
        if (other !== undefined && other.version > best.version) best = other;
      }
      return best;
    });
    this.#router.assets.list = newest;
    for (let shard = 0; shard < opened.length; shard++) {
      const known = opened[shard]?.assets ?? [];
      for (let index = 0; index < newest.length; index++) {
        const asset = newest[index] as Asset;
        if (known[index]?.version === asset.version) continue;
        const outcome = await this.#router.submit({ type: 'define-asset', ...asset }, shard);
        if (!outcome.ok)
          throw new Error(`shard ${shard} cannot take asset ${asset.asset}: ${outcome.code}`);
      }
      this.#durable[shard] = opened[shard]?.seq ?? 0;
    }
    this.#isOpen = true;
  }

  get shards(): number {
    return this.#folder.shards;
  }

  shardOf(owner: string): number {
    return this.#router.shardOf(owner);
  }

  #count(type: unknown, outcome: Outcome): Outcome {
    const key = `${String(type)} ${outcome.ok ? 'ok' : outcome.code}`;
    this.#outcomes.set(key, (this.#outcomes.get(key) ?? 0) + 1);
    return outcome;
  }

  async submit(command: Command, { timeoutMs }: SubmitOptions = {}): Promise<Outcome> {
    if (command?.type === 'define-asset')
      return this.#count(command.type, await this.#define(command));
    return this.#count(command?.type, await this.#router.submit(command, undefined, timeoutMs));
  }

  async submitBatch(commands: readonly Command[], options: SubmitOptions = {}): Promise<Outcome[]> {
    if (!commands.some((command) => command?.type === 'define-asset')) {
      const outcomes = await this.#router.submitBatch(commands, options.timeoutMs);
      this.#countBatch(commands, outcomes);
      return outcomes;
    }
    const outcomes: Outcome[] = [];
    let from = 0;
    for (let i = 0; i <= commands.length; i++) {
      if (i < commands.length && commands[i]?.type !== 'define-asset') continue;
      if (i > from) outcomes.push(...(await this.submitBatch(commands.slice(from, i), options)));
      if (i < commands.length) outcomes.push(await this.submit(commands[i] as Command));
      from = i + 1;
    }
    return outcomes;
  }

  /** As #count, with one look-up for each run of the same answer. */
  #countBatch(commands: readonly Command[], outcomes: readonly Outcome[]): void {
    let type: unknown;
    let code: string | undefined;
    let run = 0;
    for (let i = 0; i <= outcomes.length; i++) {
      const outcome = outcomes[i];
      const isEnd = outcome === undefined;
      const nextCode = isEnd ? undefined : outcome.ok ? 'ok' : outcome.code;
      const nextType = commands[i]?.type;
      if (!isEnd && nextType === type && nextCode === code) {
        run++;
        continue;
      }
      if (run > 0)
        this.#outcomes.set(
          `${String(type)} ${code}`,
          (this.#outcomes.get(`${String(type)} ${code}`) ?? 0) + run,
        );
      type = nextType;
      code = nextCode;
      run = 1;
    }
  }

  /** On the first shard, which decides, and then on all others; one definition at a time. */
  #define(command: DefineAssetCommand): Promise<Outcome> {
    const defined = this.#defining.then(async () => {
      const first = await this.#router.submit({ ...command, version: undefined }, 0);
      if (!first.ok) return first;
      const version = first.assetVersion;
      for (let shard = 1; shard < this.shards; shard++) {
        const outcome = await this.#router.submit({ ...command, version }, shard);
        if (!outcome.ok) return outcome;
      }
      const asset: Asset = {
        asset: command.asset,
        scale: command.scale,
        lotTracked: command.lotTracked ?? true,
        lotGranularityMs: command.lotGranularityMs ?? 86_400_000,
        defaultExpiryMs: command.defaultExpiryMs ?? 0,
        version: version ?? 1,
      };
      const list = this.#router.assets.list.slice();
      const known = list.findIndex((one) => one.asset === asset.asset);
      if (known >= 0) list[known] = asset;
      else list.push(asset);
      this.#router.assets.list = list;
      return first;
    });
    this.#defining = defined.catch(() => undefined);
    return defined;
  }

  assets(): readonly Asset[] {
    return this.#router.assets.list;
  }

  /** Asks the shards that an owner has stripes on. */
  async #askAll<T extends Answer['type']>(
    query: Query,
  ): Promise<Extract<Answer, { type: T }>[] | Refused> {
    const isStriped = typeof query.owner === 'string' && isSystemOwner(query.owner);
    const shards = isStriped ? this.#router.lanes.map((lane) => lane.shard) : [undefined];
    const answers = await Promise.all(shards.map((shard) => this.#router.ask<T>(query, shard)));
    for (const answer of answers) if (isRefusal(answer)) return answer;
    return answers as Extract<Answer, { type: T }>[];
  }

  async balance(owner: string): Promise<Balance[] | Refused> {
    const answers = await this.#askAll<'balance'>({ type: 'balance', owner });
    if (!Array.isArray(answers)) return answers;
    if (answers.length === 1) return [...(answers[0]?.balances ?? [])];
    const sums = new Map<string, Balance>();
    for (const { balances } of answers) {
      for (const stripe of balances) {
        const sum = sums.get(stripe.asset);
        sums.set(stripe.asset, sum === undefined ? stripe : summed(sum, stripe));
      }
    }
    return [...sums.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
  }

  async balanceAt(owner: string, asset: string, at: number): Promise<PastBalance | Refused> {
    if (!isTime(at)) return refused('QUERY_INVALID', 'at');
    const answers = await this.#askAll<'head'>({ type: 'head', owner, asset });
    if (!Array.isArray(answers)) return answers;
    let [available, held, version] = [0, 0, 0];
    for (let i = 0; i < answers.length; i++) {
      const head = answers[i]?.head;
      if (head === undefined || head.seq === 0) continue;
      const shard = answers.length > 1 ? i : this.shardOf(owner);
      const past = await this.#read<PastEntry>({
        type: 'at-time',
        folder: this.#folder.path,
        shard,
        head,
        time: at,
      });
      available += past.available;
      held += past.held;
      version += past.version;
    }
    return { owner, asset, at, available, held, total: available + held, version };
  }

  #read<T>(task: ReaderTask): Promise<T> {
    if (this.#isClosing) return Promise.reject(new Error('the ledger is closing'));
    const read = this.#reader.run(task) as Promise<T>;
    this.#reads.add(read);
    const done = (): boolean => this.#reads.delete(read);
    read.then(done, done);
    return read;
  }

  async entries(
    query: EntriesQuery & { readonly shard?: number | undefined },
  ): Promise<EntryPage | Refused> {
    const { owner, asset, shard = isSystemOwner(String(query.owner)) ? 0 : undefined } = query;
    const field = entriesProblem(query, this.shards);
    if (field !== null) return refused('QUERY_INVALID', field);
    const mark = cursorMark(owner, asset, query.order ?? 'newest');
    const version = query.cursor === undefined ? 0 : cursorVersion(query.cursor, mark);
    if (version < 0) return refused('CURSOR_INVALID', 'cursor');
    const answer = await this.#router.ask<'head'>({ type: 'head', owner, asset }, shard);
    if (isRefusal(answer)) return answer;
    const { head, assets } = answer as Extract<Answer, { type: 'head' }>;
    if (head === undefined || head.seq === 0) return { ok: true, entries: [] };
    const read: HistoryRead = {
      head,
      assets,
      newestFirst: query.order !== 'oldest',
      version,
      from: query.from ?? 0,
      to: query.to ?? TIME_MAX_MS + 1,
      kind: query.kind,
      limit: query.limit ?? ENTRIES_PAGE_DEFAULT,
      effort: HISTORY_EFFORT,
    };
    const from = shard ?? this.shardOf(owner);
    const page = await this.#read<PageRead>({
      type: 'history',
      folder: this.#folder.path,
      shard: from,
      read,
    });
    const cursor =
      page.next === 0 ? undefined : Buffer.from(`${mark}.${page.next}`).toString('base64url');
    return { ok: true, entries: page.entries, cursor };
  }

  async transfer(owner: string, id: string): Promise<TransferRecord | undefined | Refused> {
    // System to system transfers are on the shard of the first one; so is every command of a user.
    const answer = await this.#router.ask<'read-transfer'>({ type: 'read-transfer', owner, id });
    if (isRefusal(answer)) return answer;
    const { found } = answer as Extract<Answer, { type: 'read-transfer' }>;
    if (found === undefined) return undefined;
    const command = commandOfTuple(unpackTuple(found.command, 0, found.command.length)) as Command;
    const outcome = this.#router.replayedOutcome(this.shardOf(owner), found, id);
    return { command, outcome, time: found.time };
  }

  async hold(owner: string, holdId: string): Promise<HoldState | undefined | Refused> {
    const answer = await this.#router.ask<'read-hold'>({ type: 'read-hold', owner, holdId });
    return isRefusal(answer) ? answer : (answer as Extract<Answer, { type: 'read-hold' }>).hold;
  }

  async record(
    owner: string,
    recordType: string,
    key: string,
  ): Promise<OwnerRecord | undefined | Refused> {
    const answer = await this.#router.ask<'read-record'>({
      type: 'read-record',
      owner,
      recordType,
      key,
    });
    return isRefusal(answer) ? answer : (answer as Extract<Answer, { type: 'read-record' }>).record;
  }

  subscribe(
    shard: number,
    fromSeq: number,
    listener: (block: FeedBlock) => void | Promise<void>,
    onError: (error: Error) => void = () => {},
  ): () => void {
    const lane = this.#router.lanes[shard];
    if (lane === undefined) throw new RangeError(`there is no shard ${shard}`);
    const ending = new AbortController();
    this.#subscriptions.add(ending);
    const source = {
      assets: this.#router.assets,
      read: async (from: number, next: number): Promise<readonly Uint8Array[]> => {
        await lane.run({ type: 'watch', on: true });
        const { durableSeq } = await lane.run<ShardFigures>({ type: 'stats' });
        if (durableSeq < next) return [];
        return this.#read<Uint8Array[]>({
          type: 'blocks',
          folder: this.#folder.path,
          shard: from,
          from: next,
          to: durableSeq,
        });
      },
      wait: (from: number, next: number, signal: AbortSignal) => this.#waitFor(from, next, signal),
    };
    follow(source, shard, fromSeq, listener, ending.signal)
      .catch((error) => {
        if (!ending.signal.aborted) onError(error as Error);
      })
      .finally(() => this.#subscriptions.delete(ending));
    return () => ending.abort();
  }

  #waitFor(shard: number, seq: number, signal: AbortSignal): Promise<void> {
    if ((this.#durable[shard] as number) >= seq || signal.aborted) return Promise.resolve();
    const watchers = this.#watchers[shard] as Set<() => void>;
    return new Promise((resolve) => {
      const wake = (): void => {
        if ((this.#durable[shard] as number) < seq && !signal.aborted) return;
        watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      watchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  async stats(): Promise<Stats> {
    const shards = await Promise.all(
      this.#router.lanes.map(async (lane) => ({
        shard: lane.shard,
        mailboxDepth: lane.waiting,
        ...(await lane.run<ShardFigures>({ type: 'stats' })),
      })),
    );
    return { shards, outcomes: this.#outcomes };
  }

  readiness(): Readiness {
    const reasons: string[] = [];
    if (!this.#isOpen) reasons.push('recovering');
    if (this.#router.hasFailed) reasons.push('a shard has stopped');
    for (let shard = 0; shard < this.shards; shard++) {
      if (this.#clockJumped[shard]) reasons.push(`shard ${shard}: the clock has jumped`);
    }
    return { ready: reasons.length === 0, reasons };
  }

  async acceptClock(): Promise<void> {
    await Promise.all(this.#router.lanes.map((lane) => lane.run({ type: 'accept-clock' })));
  }

  async digest(): Promise<string> {
    const { lanes } = this.#router;
    return wholeDigest(
      await Promise.all(lanes.map((lane) => lane.run<ShardDigest>({ type: 'digest' }))),
    );
  }

  async checkpoint(): Promise<void> {
    await Promise.all(this.#router.lanes.map((lane) => lane.run({ type: 'checkpoint' })));
  }

  /** One after the other: each must end its own pause only. */
  backup(to: string): Promise<number[]> {
    const made = this.#backingUp.then(() => this.#backup(to));
    this.#backingUp = made.catch(() => undefined);
    return made;
  }

  async #backup(to: string): Promise<number[]> {
    const copy = new Copy(this.#folder, to);
    try {
      const { lanes } = this.#router;
      await Promise.all(
        lanes.map((lane) => lane.run({ type: 'copy-state', to: copy.statePath(lane.shard) })),
      );
      const seqs = await this.#cut();
      for (const { shard } of lanes) {
        const seq = seqs[shard] as number;
        const from = { folder: this.#folder.path, shard };
        const hash = await this.#read<string>({
          type: 'copy-log',
          ...from,
          to: copy.logPath(shard),
          seq,
        });
        copy.stopped(shard, seq, hash);
      }
      copy.finish();
      return seqs;
    } catch (error) {
      copy.abandon();
      throw error;
    }
  }

  /** The last durable block of every shard, all at one moment: nothing is committed anywhere from the last pause to the first resume. */
  async #cut(): Promise<number[]> {
    const { lanes } = this.#router;
    try {
      return await Promise.all(lanes.map((lane) => lane.run<number>({ type: 'pause' })));
    } finally {
      await Promise.all(lanes.map((lane) => lane.run({ type: 'resume' })));
    }
  }

  async close(): Promise<void> {
    for (const ending of this.#subscriptions) ending.abort();
    await this.#defining;
    try {
      this.#isClosing = true;
      await this.#reader.run({ type: 'close' });
      // A thread that is ended while LMDB opens an environment in it takes the process along.
      await Promise.allSettled(this.#reads);
      await this.#reader.destroy();
      await this.#router.close();
      await this.#backingUp;
    } finally {
      this.#isOpen = false;
      this.#folder.release();
    }
  }
}

function summed(a: Balance, b: Balance): Balance {
  return {
    ...a,
    available: a.available + b.available,
    held: a.held + b.held,
    total: a.total + b.total,
    earned: a.earned + b.earned,
    spent: a.spent + b.spent,
    expired: a.expired + b.expired,
    version: a.version + b.version,
  };
}

const isTime = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= TIME_MAX_MS + 1;

/** The field of a history query that is wrong; null: none. */
function entriesProblem(
  query: EntriesQuery & { readonly shard?: number | undefined },
  shards: number,
): string | null {
  const { order, from, to, kind, limit, cursor, shard } = query;
  if (order !== undefined && order !== 'newest' && order !== 'oldest') return 'order';
  if (from !== undefined && !isTime(from)) return 'from';
  if (to !== undefined && !isTime(to)) return 'to';
  if (kind !== undefined && !isKind(kind)) return 'kind';
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

/** Opens a ledger; see OpenOptions. Rejects where the folder cannot be used or recovery finds it damaged. */
export async function open(options: OpenOptions): Promise<Engine> {
  const folder = openFolder(options.folder, {
    ...(options.shards === undefined ? {} : { shards: options.shards }),
    create: true,
    lock: true,
  });
  process.env.UV_THREADPOOL_SIZE ??= String(2 * folder.shards + 4);
  const engine = new ShardedEngine(folder, options);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine.close().catch(() => undefined);
    throw error;
  }
}
