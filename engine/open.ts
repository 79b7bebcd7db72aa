// The ledger as its users see it. Owns: assets on all shards, reads that span shards, subscriptions, opening and closing.
// Never touches: state (that is the shards'), sockets.

import type {
  BatchOptions,
  Caller,
  DefinitionPage,
  Engine,
  Fault,
  OpenOptions,
  OwnRecords,
  PackedOptions,
  PackedWriter,
  Readiness,
  ShardStats,
  Stats,
  SubmitOptions,
  WatchOptions,
} from './api.js';
import { backedUp } from './backing-up.js';
import { Beside } from './cluster/beside.js';
import type { ClusterNode, NodeHost } from './cluster/node.js';
import { type Leading, replicaFaults } from './failover/leading.js';
import { type ShardDigest, wholeDigest } from './ledger/digest.js';
import {
  AUDIT_DAYS,
  DISK_FREE_BYTES_MIN,
  MAILBOX_MAX,
  RECORDS_PAGE_MAX,
  SYNC_TIMEOUT_MS,
} from './limits.js';
import { Live } from './live/live.js';
import { cacheBytesOf, clockOf, sealingOf } from './open-options.js';
import { type Ground, standOn } from './opening.js';
import { isOfProjected, Projected } from './projections/projected.js';
import { AskedBy, type SealOrigin } from './protocol/audit-context.js';
import type { BatchSize } from './protocol/batch-writer.js';
import type { Command } from './protocol/commands.js';
import { EVERYTHING, type Grants, grantedBy } from './protocol/grants.js';
import type { MemberState } from './protocol/member.js';
import {
  type Asset,
  type AuditPage,
  type Balance,
  type BalanceEvent,
  type DefinitionHistory,
  type EntryPage,
  type FeedBlock,
  type FeedPosition,
  type HoldState,
  isRefusal,
  type Outcome,
  type OwnerRecord,
  type PackedOutcomes,
  type PastBalance,
  type PastBalances,
  type Refused,
  type TransferRecord,
} from './protocol/outcomes.js';
import type { AuditQuery, PastQuery } from './protocol/reads.js';
import type { SigningReceipts } from './protocol/receipts.js';
import type { RegisterReads } from './protocol/register.js';
import { Audits } from './reads/audits.js';
import { balancesOf } from './reads/balances.js';
import { diskFigures } from './reads/disk.js';
import { Histories, type ShardEntriesQuery } from './reads/histories.js';
import { PastBalancesRead } from './reads/past-balances.js';
import { poolStateOf } from './reads/pools.js';
import { referralCodeOf } from './reads/referral-codes.js';
import { seedsOf } from './reads/seeds.js';
import { RecordWatch } from './record/watch.js';
import { Recount } from './recount/recount.js';
import { AssetBook } from './reference/asset-book.js';
import { DefinitionBook } from './reference/definition-book.js';
import { ZoneData } from './reference/zones.js';
import { type CallParts, Calls, OutcomeCounts } from './router/calls.js';
import { endAfterFatal, FatalError } from './router/fatal.js';
import type { LocalLane } from './router/local-lane.js';
import { RemoteLane } from './router/remote-lane.js';
import { Router } from './router/router.js';
import { Trials } from './router/trials.js';
import { Sealing } from './sealing/sealing.js';
import { LoopDelay } from './shard/loop-delay.js';
import type { Answer, ClockState, ShardFigures } from './shard/messages.js';
import { RunningSimulations } from './simulation/running.js';
import type { Folder } from './store/folder.js';
import { AuditKeys } from './trail/keys.js';
import { MemberVault } from './vault/vault.js';

const MIB = 1024 * 1024;
/** Bytes of a shard's log after which it writes a checkpoint: what a restart replays at most, about. */
const CHECKPOINT_BYTES = 96 * MIB;

class ShardedEngine implements Engine {
  readonly #folder: Folder;
  readonly #router: Router;
  readonly #node: ClusterNode | undefined;
  readonly #assets: AssetBook;
  readonly #definitions: DefinitionBook;
  readonly #histories: Histories;
  readonly #audits: Audits;
  readonly #projected: Projected;
  readonly #together: Trials;
  readonly #clocks: ClockState[];
  readonly #live: Live;
  readonly #counts = new OutcomeCounts();
  readonly #parts: CallParts;
  /** Everything is permitted. */
  readonly #calls: Calls;
  readonly #subscriptions = new Set<AbortController>();
  readonly #onDefined = new Set<(kind: string, key: string) => void>();
  readonly now: () => number;
  readonly beside: Beside;
  readonly recount: Recount;
  readonly sealing: Sealing;
  readonly vault: MemberVault;
  #backingUp: Promise<unknown> = Promise.resolve();
  readonly #simulations = new RunningSimulations();
  readonly #mailboxMax: number;
  readonly #diskFreeBytesMin: number;
  readonly #diskOffset: SharedArrayBuffer | undefined;
  readonly #record: RecordWatch | undefined;
  readonly #leading: Leading | undefined;
  readonly #loopDelay = new LoopDelay();
  readonly #auditKeys: AuditKeys;
  readonly #seal: SealOrigin = (place) => this.#auditKeys.seal(place);
  #isOpen = false;

  constructor(options: OpenOptions, { folder, node, joining, leading }: Ground) {
    this.#folder = folder;
    this.#node = node;
    this.#leading = leading;
    this.#clocks = new Array(folder.shards).fill({ jumped: false, changes: 0 });
    this.#mailboxMax = options.mailboxMax ?? MAILBOX_MAX;
    this.#diskFreeBytesMin = options.diskFreeBytesMin ?? DISK_FREE_BYTES_MIN;
    this.#diskOffset = options.diskOffset;
    const fatal = options.onFatal ?? endAfterFatal;
    this.#record = joining && new RecordWatch(joining);
    this.#router = new Router(folder, {
      mailboxMax: this.#mailboxMax,
      cacheBytes: cacheBytesOf(options) / folder.here.length,
      checkpointBytes: options.checkpointBytes ?? CHECKPOINT_BYTES,
      tickMs: options.tickMs ?? 1000,
      acceptClock: options.acceptClock ?? false,
      syncTimeoutMs: options.syncTimeoutMs ?? SYNC_TIMEOUT_MS,
      clockOffset: options.clockOffset,
      drawPeriodMs: options.drawPeriodMs,
      diskFreeBytesMin: this.#diskFreeBytesMin,
      diskOffset: options.diskOffset,
      record: joining?.way,
      node,
      onFatal: fatal,
      onEvent: (shard, event) => {
        if (event.type === 'block') this.#live.feed(shard)?.arrived(event.block);
        else if (event.type === 'record') this.#record?.shardSays(shard, event.trouble);
        else if (event.type === 'refused') {
          const { peer, what } = event;
          process.emitWarning(
            `shard ${peer} (node ${node?.nodeOf(peer)}) ${what}: what it sends to shard ${shard} is ignored`,
          );
        } else if (event.type === 'clock') this.#noteClock(shard, event);
        else if (event.type === 'progress')
          options.onProgress?.({ shard, seq: event.seq, headSeq: event.headSeq });
      },
    });
    const clock = clockOf(options);
    this.now = clock;
    const { auditDays = AUDIT_DAYS, clockOffset } = options;
    this.#auditKeys = new AuditKeys(folder.path, auditDays, clock);
    const zones = new ZoneData(clock);
    this.#assets = new AssetBook(this.#router, zones, node);
    this.#projected = new Projected({
      ...{ router: this.#router, node, now: clock, receipts: options.receipts ?? false },
      trail: { auditDays, clockOffset },
      own: {
        submit: (command) => this.#router.submit(command, { owned: true }),
        record: (...asked) => this.#calls.record(...asked, true),
      },
      stock: {
        definitions: (query) => this.#definitions.read(query, EVERYTHING),
        pool: (...asked) => this.own.pool(...asked),
      },
    });
    this.recount = new Recount({ router: this.#router, clockOffset });
    this.sealing = new Sealing({ router: this.#router, now: clock, settings: sealingOf(options) });
    this.beside = new Beside(node, folder.here, folder.shards);
    const { path, shards, here } = folder;
    const shardOf = this.shardOf.bind(this);
    const parts = { folder: path, shards, here, node, now: clock, shardOf };
    const vault = { ...parts, hasReplicas: leading !== undefined };
    this.vault = new MemberVault(vault, options.vault);
    this.#together = new Trials(this.#router);
    const books = { trials: this.#together, assets: this.#assets };
    this.#definitions = new DefinitionBook(this.#router, zones, books, (kind, key) => {
      this.#projected.defined(kind, key);
      for (const told of this.#onDefined) told(kind, key);
    });
    this.#histories = new Histories(this.#router, node, fatal);
    this.#audits = new Audits(this.#router, node, this.#histories, { auditDays, clockOffset });
    this.#live = new Live(this.#router, this.#histories, node, this);
    this.#parts = {
      router: this.#router,
      assets: this.#assets,
      definitions: this.#definitions,
      together: this.#together,
      histories: this.#histories,
      audits: this.#audits,
      leaderboards: this.#projected.leaderboards,
      orders: this.#projected.orders,
      register: this.#projected.register,
      receipts: this.#projected.receipts,
      counts: this.#counts,
      seal: this.#seal,
    };
    this.#calls = new Calls(this.#parts, EVERYTHING);
    this.register = this.#calls.register;
    this.receipts = this.#projected.receipts.signing();
  }

  /** Recovers all shards, gives each the assets that others have and it has not, and begins to serve other nodes. */
  async start(): Promise<void> {
    await this.vault.start();
    const opened = await this.#router.open();
    await this.#assets.start(opened);
    if (this.#node !== undefined) await this.#join(this.#node);
    await this.#definitions.start(opened);
    this.#projected.start(opened.some(({ isProjected }) => isProjected));
    this.sealing.start();
    this.#isOpen = true;
    const lost = new FatalError('another replica leads', false, true);
    this.#leading?.serves(() => this.#router.fail(lost));
    // By a clock that is believed.
    this.#auditKeys.forgetAgain(() => !this.#clocks.some(({ jumped }) => jumped));
  }

  async #join(node: ClusterNode): Promise<void> {
    const router = this.#router;
    const host: NodeHost = {
      run: router.runForeign.bind(router),
      isFor: router.isFor.bind(router),
      isPhaseFor: router.isPhaseFor.bind(router),
      define: this.#assets.define.bind(this.#assets),
      together: this.#assets.saidElsewhere.bind(this.#assets),
      seal: this.#seal,
      hold: router.hold.bind(router),
      renew: router.renew.bind(router),
      read: (shard, type, asked) =>
        type === 'watch'
          ? this.#live.tellElsewhere(shard, asked)
          : type === 'audit'
            ? this.#audits.serve(shard, asked)
            : type === 'beside'
              ? this.beside.answer(asked)
              : type === 'vault'
                ? this.vault.serve(asked)
                : isOfProjected(type)
                  ? this.#projected.serve(type, asked)
                  : this.#histories.serve(shard, type, asked),
      assets: () => router.assets.list,
      adopt: (assets: readonly Asset[]) => this.#assets.adopt(assets),
    };
    node.hostAssets(host);
    await node.syncAssets();
    await node.serve(host);
  }

  get folder(): string {
    return this.#folder.path;
  }

  get shards(): number {
    return this.#folder.shards;
  }

  get shardsHere(): readonly number[] {
    return this.#folder.here;
  }

  shardOf(owner: string): number {
    return this.#router.shardOf(owner);
  }

  assets(): readonly Asset[] {
    return this.#router.assets.list;
  }

  as(grants: Grants): Caller {
    return new Calls(this.#parts, grantedBy(grants));
  }

  definition(kind: string, key: string): Promise<DefinitionHistory | undefined | Refused> {
    return this.#calls.definition(kind, key);
  }

  definitions(
    kind: string,
    page?: DefinitionPage,
  ): Promise<readonly DefinitionHistory[] | Refused> {
    return this.#calls.definitions(kind, page);
  }

  submit(command: Command, options?: SubmitOptions): Promise<Outcome> {
    return this.#calls.submit(command, options);
  }

  submitBatch(commands: readonly Command[], options?: BatchOptions): Promise<Outcome[]> {
    return this.#calls.submitBatch(commands, options);
  }

  batch(size?: BatchSize): PackedWriter {
    return this.#calls.batch(size);
  }

  submitPacked(bytes: Uint8Array, options?: PackedOptions): Promise<PackedOutcomes | Refused> {
    return this.#calls.submitPacked(bytes, options);
  }

  balance(owner: string, asset?: string): Promise<Balance[] | Refused> {
    return this.#calls.balance(owner, asset);
  }

  balances(owners: readonly string[], asset?: string): Promise<Balance[][] | Refused> {
    return this.#calls.balances(owners, asset);
  }

  balanceAt(owner: string, asset: string, at: number): Promise<PastBalance | Refused> {
    return this.#calls.balanceAt(owner, asset, at);
  }

  balancesAt(query: PastQuery): Promise<PastBalances | Refused> {
    return this.#calls.balancesAt(query);
  }

  entries(query: ShardEntriesQuery): Promise<EntryPage | Refused> {
    return this.#calls.entries(query);
  }

  transfer(owner: string, id: string): Promise<TransferRecord | undefined | Refused> {
    return this.#calls.transfer(owner, id);
  }

  audit(query?: AuditQuery): Promise<AuditPage | Refused> {
    return this.#calls.audit(query);
  }

  readonly leaderboard: Caller['leaderboard'] = (query) => this.#calls.leaderboard(query);

  readonly orders: Caller['orders'] = (query) => this.#calls.orders(query);

  readonly register: RegisterReads;
  readonly receipts: SigningReceipts;

  readonly standing: Caller['standing'] = (query) => this.#calls.standing(query);

  member(owner: string, programme: string): Promise<MemberState | Refused> {
    return this.#calls.member(owner, programme);
  }

  hold(owner: string, holdId: string): Promise<HoldState | undefined | Refused> {
    return this.#calls.hold(owner, holdId);
  }

  readonly holds: Caller['holds'] = (...asked) => this.#calls.holds(...asked);

  record(
    owner: string,
    recordType: string,
    key: string,
  ): Promise<OwnerRecord | undefined | Refused> {
    return this.#calls.record(owner, recordType, key);
  }

  readonly own: OwnRecords = {
    submit: async (command, { audit, grants, timeoutMs } = {}) => {
      const context =
        audit === undefined ? null : new AskedBy(audit, grants?.principal, this.#seal);
      const granted = grants && grantedBy(grants);
      const way = { owned: true, context, granted, timeoutMs };
      return this.#counts.count(command.type, await this.#router.submit(command, way));
    },
    atomic: (commands, options) => this.#calls.ownAtomic(commands, options),
    balance: async (owner, asset) => {
      const found = await balancesOf(this.#router, owner, asset, EVERYTHING, true);
      return isRefusal(found) ? found : found[0];
    },
    balancesAt: (query) =>
      new PastBalancesRead(this.#router, this.#histories, EVERYTHING, true).read(query),
    pool: (owner, asset) => poolStateOf(this.own, owner, asset),
    referralCode: (programme, code) => referralCodeOf(this.own, programme, code),
    seeds: (query = {}) =>
      seedsOf(this.own, this.shards, (owner) => this.#router.shardOf(owner), query),
    record: (owner, recordType, key) => this.#calls.record(owner, recordType, key, true),
    records: async (query) => {
      const limit = query.limit ?? RECORDS_PAGE_MAX;
      const asked = { ...query, type: 'list-records', limit } as const;
      const answer = await this.#router.ask<'list-records'>(asked, undefined, { owned: true });
      if (isRefusal(answer)) return answer;
      return (answer as Extract<Answer, { type: 'list-records' }>).records;
    },
  };

  subscribe(
    shard: number,
    from: number | FeedPosition,
    listener: (block: FeedBlock) => void | Promise<void>,
    onError: (error: Error) => void = () => {},
  ): () => void {
    const feed = this.#live.feed(shard);
    if (feed === undefined) {
      const isElsewhere = this.#router.lanes[shard] !== undefined;
      const node = isElsewhere ? this.#node?.nodeOf(shard) : undefined;
      throw new RangeError(
        node === undefined
          ? `there is no shard ${shard}`
          : `shard ${shard} is served by node ${node}: subscribe there`,
      );
    }
    const { seq, index } = typeof from === 'number' ? { seq: Math.max(1, from), index: 0 } : from;
    if (!Number.isSafeInteger(seq) || seq < 1)
      throw new RangeError('seq is a whole number from 1 on');
    if (!Number.isSafeInteger(index) || index < 0) throw new RangeError('index is a whole number');
    const ending = new AbortController();
    this.#subscriptions.add(ending);
    feed
      .follow({ seq, index }, listener, ending.signal)
      .catch((error) => {
        if (!ending.signal.aborted) onError(error as Error);
      })
      .finally(() => this.#subscriptions.delete(ending));
    return () => ending.abort();
  }

  onDefined(listener: (kind: string, key: string) => void): () => void {
    this.#onDefined.add(listener);
    return () => this.#onDefined.delete(listener);
  }

  watchBalances(
    owner: string,
    listener: (event: BalanceEvent) => void | Promise<void>,
    options: WatchOptions = {},
  ): () => void {
    return this.#live.watch(owner, listener, options);
  }

  async stats(): Promise<Stats> {
    const shards = await Promise.all(this.#router.here.map((lane) => this.#shardStats(lane)));
    const disk = await diskFigures(this.#folder.path, this.shardsHere, {
      freeBytesMin: this.#diskFreeBytesMin,
      offset: this.#diskOffset,
      bytesPerDay: this.sealing.bytesPerDay,
    });
    let batchesSent = 0;
    for (const lane of this.#router.lanes)
      if (lane instanceof RemoteLane) batchesSent += lane.batches;
    const node = this.#node && { ...this.#node.figures, batchesSent };
    const { counts: outcomes } = this.#counts;
    const projected = await this.#projected.figures();
    const { lowStock } = this.#projected;
    const loopDelay = this.#loopDelay.figures;
    const record = this.#record?.look;
    const replica = this.#leading?.look;
    const { figures: segments } = this.sealing;
    const around = { disk, record, replica, segments, node };
    return { shards, outcomes, loopDelay, ...around, ...projected, lowStock };
  }

  async #shardStats(lane: LocalLane): Promise<ShardStats> {
    const { shard, waiting: mailboxDepth } = lane;
    const feed = this.#live.feed(shard);
    return {
      shard,
      mailboxDepth,
      mailboxMax: this.#mailboxMax,
      feedSubscriptions: feed?.subscriptions ?? 0,
      feedLagBlocks: feed?.lagBlocks ?? 0,
      ...(await lane.run<ShardFigures>({ type: 'stats' })),
    };
  }

  readiness(): Readiness {
    const down = this.faults().filter(({ level }) => level === undefined);
    const reasons = down.map(({ reason }) => reason);
    return { ready: reasons.length === 0, reasons };
  }

  faults(): readonly Fault[] {
    const found: Fault[] = [];
    const add = (component: Fault['component'], reason: string) =>
      found.push({ component, reason, level: undefined });
    if (!this.#isOpen) add('store', 'recovering');
    if (this.#router.hasFailed) add('store', 'a shard has stopped');
    for (const trouble of this.#record?.troubles ?? []) add('record', trouble);
    found.push(...replicaFaults(this.#leading?.look));
    for (let shard = 0; shard < this.shards; shard++) {
      if (this.#clocks[shard]?.jumped) add('clock', `shard ${shard}: the clock has jumped`);
    }
    for (const [shard, objections] of this.#router.rolledBack) {
      const seen = [...objections].map(([peer, seq]) => `shard ${peer} (block ${seq})`);
      add('nodes', `shard ${shard}: rolled back behind what was seen by ${seen.join(', ')}`);
    }
    return this.#node === undefined ? found : [...found, ...this.#node.faults];
  }

  share(shared: Readonly<Record<string, string>>): void {
    this.#node?.share(shared);
  }

  async acceptClock(): Promise<void> {
    await Promise.all(
      this.#router.here.map(async (lane) =>
        this.#noteClock(lane.shard, await lane.run<ClockState>({ type: 'accept-clock' })),
      ),
    );
  }

  #noteClock(shard: number, state: ClockState): void {
    if (state.changes > (this.#clocks[shard]?.changes ?? 0)) this.#clocks[shard] = state;
  }

  async digest(): Promise<string> {
    const { here } = this.#router;
    return wholeDigest(
      await Promise.all(here.map((lane) => lane.run<ShardDigest>({ type: 'digest' }))),
    );
  }

  async checkpoint(): Promise<void> {
    await Promise.all(this.#router.here.map((lane) => lane.run({ type: 'checkpoint' })));
  }

  /** One after the other: each must end its own pause only. */
  backup(to: string): Promise<number[]> {
    const made = this.#backingUp.then(() =>
      backedUp(this.#folder, this.#router, this.#histories, to),
    );
    this.#backingUp = made.catch(() => undefined);
    return made;
  }

  simulate: Engine['simulate'] = (...asked) =>
    this.#simulations.start(this.#folder, this.#router.here, ...asked);

  async close(): Promise<void> {
    this.#loopDelay.close();
    this.#auditKeys.close();
    for (const ending of this.#subscriptions) ending.abort();
    this.#live.close();
    await Promise.all([this.recount.close(), this.sealing.close(), this.#projected.stop()]);
    await this.#simulations.close();
    await this.#node?.stopServing();
    await this.#assets.close();
    await this.#definitions.close();
    try {
      await this.vault.close();
      await this.#projected.close();
      await this.#histories.close();
      await this.#router.close();
      await this.#backingUp;
    } finally {
      this.#isOpen = false;
      await this.#record?.close();
      await this.#node?.close();
      // Nobody need wait for what is closed.
      await this.#leading?.close();
      this.#folder.release();
    }
  }
}

/**
 * Opens a ledger; see OpenOptions. Rejects where the folder cannot be used or recovery finds it damaged. One of several replicas resolves when it
 * leads.
 */
export async function open(options: OpenOptions): Promise<Engine> {
  const ground = await standOn(options);
  process.env.UV_THREADPOOL_SIZE ??= String(2 * ground.folder.here.length + 4);
  const engine = new ShardedEngine(options, ground);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    const isFenced = await ground.leading?.isReplaced();
    await engine.close().catch(() => undefined);
    throw isFenced ? new FatalError((error as Error).message, false, true) : error;
  }
}
