// The ledger's API for one caller, with what this caller may do. Owns: which part of the engine a call goes to, the counts of
// its outcomes. Never touches: state, credentials.
//   router.G7. Grants go along with every command and query to the shard that judges them; nothing is looked up here before.

import hyperid from 'hyperid';
import type {
  BatchOptions,
  Caller,
  DefinitionPage,
  HoldPage,
  OwnOptions,
  PackedOptions,
  PackedWriter,
  SubmitOptions,
} from '../api.js';
import { DECISION_TIMEOUT_MS, HOLDS_PAGE_DEFAULT } from '../limits.js';
import type { Leaderboards } from '../projections/leaderboards.js';
import type { OrderList } from '../projections/order-list.js';
import type { RegisterList } from '../projections/register-list.js';
import { AskedBy, type AuditContext, type SealOrigin } from '../protocol/audit-context.js';
import { type BatchSize, BatchWriter } from '../protocol/batch-writer.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import { type Command, isReference } from '../protocol/commands.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import type {
  LeaderboardPage,
  LeaderboardQuery,
  Standing,
  StandingQuery,
} from '../protocol/leaderboards.js';
import type { MemberState } from '../protocol/member.js';
import { shown } from '../protocol/naming.js';
import type { OrderPage, OrderQuery } from '../protocol/order.js';
import {
  type AuditPage,
  type Balance,
  type DefinitionHistory,
  type EntryPage,
  type HoldState,
  isRefusal,
  type Outcome,
  type OwnerRecord,
  type PackedOutcomes,
  type PastBalance,
  type PastBalances,
  type Refused,
  refused,
  remainingTold,
  type TransferRecord,
} from '../protocol/outcomes.js';
import type { AuditQuery, PastQuery } from '../protocol/reads.js';
import type { Receipts } from '../protocol/receipts.js';
import type { RegisterReads } from '../protocol/register.js';
import { shownId, storedId } from '../protocol/scope.js';
import type { Audits } from '../reads/audits.js';
import { balancesOf, balancesOfAll } from '../reads/balances.js';
import type { Histories, ShardEntriesQuery } from '../reads/histories.js';
import { PastBalancesRead } from '../reads/past-balances.js';
import type { TreeReceipts } from '../receipts/receipts.js';
import type { AssetBook } from '../reference/asset-book.js';
import type { DefinitionBook } from '../reference/definition-book.js';
import type { Answer } from '../shard/messages.js';
import type { Answered } from './packed.js';
import type { Router } from './router.js';
import { areReferences, type Trials } from './trials.js';

/** Ids of commands that a writer is given without one. */
const newId = hyperid({ urlSafe: true });

/** Commands answered, by type and outcome (`ok` or the refusal code). */
export class OutcomeCounts {
  readonly counts = new Map<string, number>();

  count(type: unknown, outcome: Outcome): Outcome {
    this.#add(`${String(type)} ${outcome.ok ? 'ok' : outcome.code}`, 1);
    return outcome;
  }

  #add(key: string, count: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  countBatch(commands: readonly Command[], outcomes: readonly Outcome[]): void {
    const codeOf = (outcome: Outcome) => (outcome.ok ? 'ok' : outcome.code);
    this.#countAll(
      outcomes.length,
      (i) => commands[i]?.type,
      (i) => codeOf(outcomes[i] as Outcome),
    );
  }

  countPacked(answered: Answered): void {
    this.#countAll(
      answered.length,
      (i) => answered.typeAt(i),
      (i) => answered.code(i) ?? 'ok',
    );
  }

  /** As count(), with one look-up for each run of the same answer. */
  #countAll(count: number, typeAt: (i: number) => unknown, codeAt: (i: number) => string): void {
    let type: unknown;
    let code: string | undefined;
    let run = 0;
    for (let i = 0; i <= count; i++) {
      const isEnd = i === count;
      const nextCode = isEnd ? undefined : codeAt(i);
      const nextType = isEnd ? undefined : typeAt(i);
      if (!isEnd && nextType === type && nextCode === code) {
        run++;
        continue;
      }
      if (run > 0) this.#add(`${String(type)} ${code}`, run);
      type = nextType;
      code = nextCode;
      run = 1;
    }
  }
}

/** The parts of the engine that calls go to. */
export interface CallParts {
  readonly router: Router;
  readonly assets: AssetBook;
  readonly definitions: DefinitionBook;
  readonly together: Trials;
  readonly histories: Histories;
  readonly audits: Audits;
  readonly leaderboards: Leaderboards;
  readonly orders: OrderList;
  readonly register: RegisterList;
  readonly receipts: TreeReceipts;
  readonly counts: OutcomeCounts;
  /** With the keys of this folder. */
  readonly seal: SealOrigin;
}

export class Calls implements Caller {
  readonly #parts: CallParts;
  readonly #granted: Granted;

  constructor(parts: CallParts, granted: Granted) {
    this.#parts = parts;
    this.#granted = granted;
  }

  /** Who asks; null: nobody is named. */
  #askedBy(audit: AuditContext | undefined): AskedBy | null {
    if (audit === undefined) return null;
    return new AskedBy(audit, this.#granted.principal, this.#parts.seal);
  }

  submit(command: Command, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#submit(command, options, this.#askedBy(options.audit));
  }

  async #submit(
    command: Command,
    { timeoutMs, dryRun }: SubmitOptions,
    context: AskedBy | null,
  ): Promise<Outcome> {
    const { router, together, counts } = this.#parts;
    const granted = this.#granted;
    if (dryRun === true && isReference(command))
      return (await this.#parts.definitions.together([command], { dryRun }, granted))[0] as Outcome;
    if (dryRun === true)
      return (await together.dryRun([command], timeoutMs, granted))[0] as Outcome;
    if (command?.type === 'define-asset')
      return counts.count(command.type, await this.#parts.assets.define(command, granted, context));
    if (command?.type === 'put-definition')
      return counts.count(
        command.type,
        await this.#parts.definitions.define(command, granted, context),
      );
    return counts.count(
      command?.type,
      await router.submit(command, { timeoutMs, granted, context }),
    );
  }

  submitBatch(commands: readonly Command[], options: BatchOptions = {}): Promise<Outcome[]> {
    return this.#submitBatch(commands, options, this.#askedBy(options.audit));
  }

  /** As OwnRecords.atomic says. */
  async ownAtomic(
    commands: readonly Command[],
    { audit, timeoutMs }: Omit<OwnOptions, 'grants'> = {},
  ): Promise<readonly Outcome[]> {
    const { together, counts } = this.#parts;
    const way = { owned: true, timeoutMs };
    const outcomes = await together.atomic(commands, way, this.#granted, this.#askedBy(audit));
    counts.countBatch(commands, outcomes);
    return outcomes;
  }

  async #submitBatch(
    commands: readonly Command[],
    options: BatchOptions,
    context: AskedBy | null,
  ): Promise<Outcome[]> {
    const { router, together, definitions, counts } = this.#parts;
    if ((options.atomic === true || options.dryRun === true) && areReferences(commands)) {
      const outcomes = await definitions.together(commands, options, this.#granted, context);
      if (options.dryRun !== true) counts.countBatch(commands, outcomes);
      return outcomes;
    }
    if (options.atomic === true) {
      const outcomes = await together.atomic(commands, options, this.#granted, context);
      if (options.dryRun !== true) counts.countBatch(commands, outcomes);
      return outcomes;
    }
    if (options.dryRun === true) return together.dryRun(commands, options.timeoutMs, this.#granted);
    if (!commands.some(isReference)) {
      const outcomes = await router.submitBatch(
        commands,
        options.timeoutMs,
        this.#granted,
        context,
      );
      counts.countBatch(commands, outcomes);
      return outcomes;
    }
    const until = performance.now() + (options.timeoutMs ?? DECISION_TIMEOUT_MS);
    const outcomes: Outcome[] = [];
    let from = 0;
    for (let i = 0; i <= commands.length; i++) {
      if (i < commands.length && !isReference(commands[i])) continue;
      const timeoutMs = Math.max(0, until - performance.now());
      if (i > from)
        outcomes.push(
          ...(await this.#submitBatch(commands.slice(from, i), { timeoutMs }, context)),
        );
      if (i < commands.length)
        outcomes.push(await this.#submit(commands[i] as Command, {}, context));
      from = i + 1;
    }
    return outcomes;
  }

  async submitPacked(
    bytes: Uint8Array,
    { timeoutMs, audit }: PackedOptions = {},
  ): Promise<PackedOutcomes | Refused> {
    const { router, counts } = this.#parts;
    const answered = await router.submitPacked(
      bytes,
      timeoutMs,
      this.#granted,
      this.#askedBy(audit),
    );
    if (!isRefusal(answered)) counts.countPacked(answered);
    return answered;
  }

  batch(size?: BatchSize): PackedWriter {
    return new BatchWriter(
      newId,
      async (bytes, _count, options?: PackedOptions) => {
        const found = await this.submitPacked(bytes, options);
        // What the writer has written is a batch.
        if (isRefusal(found)) throw new Error(`${found.code}: ${found.field}`);
        return found;
      },
      size,
    );
  }

  async definition(kind: string, key: string): Promise<DefinitionHistory | undefined | Refused> {
    const found = await this.#parts.definitions.read({ kind, key }, this.#granted);
    return isRefusal(found) ? found : found[0];
  }

  definitions(
    kind: string,
    { after, limit }: DefinitionPage = {},
  ): Promise<readonly DefinitionHistory[] | Refused> {
    return this.#parts.definitions.read({ kind, after, limit }, this.#granted);
  }

  balance(owner: string, asset?: string): Promise<Balance[] | Refused> {
    return balancesOf(this.#parts.router, owner, asset, this.#granted);
  }

  balances(owners: readonly string[], asset?: string): Promise<Balance[][] | Refused> {
    return balancesOfAll(this.#parts.router, owners, asset, this.#granted);
  }

  async balanceAt(owner: string, asset: string, at: number): Promise<PastBalance | Refused> {
    const found = await this.balancesAt({ owners: [owner], asset, at });
    if (isRefusal(found)) return found.field === 'owners[0]' ? { ...found, field: 'owner' } : found;
    const nothing = { available: 0, held: 0, total: 0, version: 0 };
    return found.balances[0]?.[0] ?? { owner, asset, at: found.at, ...nothing };
  }

  balancesAt(query: PastQuery): Promise<PastBalances | Refused> {
    const { router, histories } = this.#parts;
    return new PastBalancesRead(router, histories, this.#granted).read(query);
  }

  entries(query: ShardEntriesQuery): Promise<EntryPage | Refused> {
    return this.#parts.histories.entries(query, this.#granted);
  }

  audit(query: AuditQuery = {}): Promise<AuditPage | Refused> {
    return this.#parts.audits.page(query, this.#granted);
  }

  leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage | Refused> {
    return this.#parts.leaderboards.page(query, this.#granted);
  }

  standing(query: StandingQuery): Promise<Standing | Refused> {
    return this.#parts.leaderboards.standing(query, this.#granted);
  }

  async orders(query: OrderQuery): Promise<OrderPage | Refused> {
    const { definitions, orders } = this.#parts;
    if (query.programme === undefined) return orders.page(query, undefined, this.#granted);
    const found = await definitions.read({ kind: 'programme', key: query.programme }, EVERYTHING);
    if (isRefusal(found)) return found;
    const asset = found[0]?.versions.findLast(({ state }) => state === 'active')?.document?.[
      'asset'
    ];
    if (typeof asset !== 'string') return refused('DEFINITION_NOT_FOUND', 'programme');
    return orders.page(query, asset, this.#granted);
  }

  get receipts(): Receipts {
    return this.#parts.receipts.of(this.#granted);
  }

  get register(): RegisterReads {
    const granted = this.#granted;
    const { register } = this.#parts;
    return {
      owners: (query = {}) => register.owners(query, granted),
      happened: (query) => register.happened(query, granted),
      named: (id) => register.named(id, granted),
      asked: (places) => register.asked(places, granted),
      campaign: (key) => register.campaign(key, granted),
      proposals: (time) => register.proposals(time, granted),
      exchanges: (query) => register.exchanges(query, granted),
      risks: (query) => register.risks(query, granted),
    };
  }

  async transfer(owner: string, id: string): Promise<TransferRecord | undefined | Refused> {
    // System to system transfers are on the shard of the first one; so is every command of a user.
    const { router } = this.#parts;
    const granted = this.#granted;
    const query = { type: 'read-transfer', owner, id } as const;
    const answer = await router.ask<'read-transfer'>(query, undefined, { granted });
    if (isRefusal(answer)) return answer;
    const { found, remaining } = answer as Extract<Answer, { type: 'read-transfer' }>;
    if (found === undefined) return undefined;
    const command = commandOfTuple(unpackTuple(found.command, 0, found.command.length)) as Command;
    const { scope } = granted;
    const outcome = router.loggedOutcome({ shard: router.shardOf(owner), scope }, found, id, true);
    return {
      command: shown(command, scope),
      outcome,
      time: found.time,
      ...remainingTold(remaining),
    };
  }

  async hold(owner: string, holdId: string): Promise<HoldState | undefined | Refused> {
    const query = { type: 'read-hold', owner, holdId } as const;
    const asking = { granted: this.#granted };
    const answer = await this.#parts.router.ask<'read-hold'>(query, undefined, asking);
    if (isRefusal(answer)) return answer;
    const { hold } = answer as Extract<Answer, { type: 'read-hold' }>;
    return hold && { ...hold, id: holdId };
  }

  async holds(owner: string, page: HoldPage = {}): Promise<readonly HoldState[] | Refused> {
    const { after, limit = HOLDS_PAGE_DEFAULT } = page;
    const { scope } = this.#granted;
    const from = after === undefined ? undefined : storedId(after, scope);
    const query = { type: 'list-holds', owner, after: from, limit } as const;
    const asking = { granted: this.#granted };
    const answer = await this.#parts.router.ask<'list-holds'>(query, undefined, asking);
    if (isRefusal(answer)) return answer;
    const { holds } = answer as Extract<Answer, { type: 'list-holds' }>;
    return holds.map((one) => ({ ...one, id: shownId(one.id, scope) }));
  }

  async member(owner: string, programme: string): Promise<MemberState | Refused> {
    const query = { type: 'read-member', owner, programme } as const;
    const asking = { granted: this.#granted };
    const answer = await this.#parts.router.ask<'read-member'>(query, undefined, asking);
    return isRefusal(answer) ? answer : (answer as Extract<Answer, { type: 'read-member' }>).member;
  }

  async record(
    owner: string,
    recordType: string,
    key: string,
    owned = false,
  ): Promise<OwnerRecord | undefined | Refused> {
    const query = { type: 'read-record', owner, recordType, key } as const;
    const asking = { owned, granted: this.#granted };
    const answer = await this.#parts.router.ask<'read-record'>(query, undefined, asking);
    return isRefusal(answer) ? answer : (answer as Extract<Answer, { type: 'read-record' }>).record;
  }
}
