// The client: a ledger behind a gateway. Owns: calls over HTTP, and the one stream. Never touches: Node.js.

import type { BatchSize, BatchWriter } from '../../engine/protocol/batch-writer.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { CodeState, MemberCoupon, WalletPage } from '../../engine/protocol/coupon.js';
import type { DrawSeed } from '../../engine/protocol/draw.js';
import type {
  LeaderboardPage,
  LeaderboardQuery,
  Standing,
  StandingQuery,
} from '../../engine/protocol/leaderboards.js';
import type { MemberState, ReferralCodeState } from '../../engine/protocol/member.js';
import type {
  AsOf,
  Asset,
  AuditPage,
  Balance,
  DefinitionHistory,
  EntryPage,
  HoldState,
  Outcome,
  PastBalance,
  PastBalances,
  Posted,
  Refused,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import type { AuditQuery, EntriesQuery, PastQuery } from '../../engine/protocol/reads.js';
import { MESSAGE_LIMITS, type MessageLimits } from '../message-limits.js';
import { Areas } from './areas.js';
import type { CallOptions } from './ending.js';
import { carrying } from './errors.js';
import { Exchanges } from './exchanges.js';
import { abortOthers, merged, prepare } from './ids.js';
import { Mall } from './mall.js';
import { Members } from './members.js';
import {
  type AddressedOptions,
  checkOptions,
  gatheringOf,
  type PackedOptions,
  requestSettings,
  type SubmitOptions,
  type TransfersOptions,
  USUALLY,
  type WholeOptions,
  withAddresses,
} from './options.js';
import { packingOf, writerOf } from './packing.js';
import { PartnerExchanges } from './partner-exchanges.js';
import {
  bodyOfAct,
  type DrawRecord,
  type DrawRequest,
  type DrawsQuery,
  drawCommand,
  type EventRecord,
  type EventReturn,
  type Explanation,
  eventCommand,
  lotteryRoute,
  type MemberEvent,
  returnCommand,
  returnRoute,
  type WordRequest,
  wordCommand,
} from './programmes.js';
import { type Answered, bodyOf, Requests, refusalOf } from './requests.js';
import { type CommandRoute, part, queryOf, type RoutedCommand, routeOf } from './routes.js';
import type {
  CorrectionAsked,
  CorrectionJob,
  SimulationAsked,
  SimulationJob,
} from './simulations.js';
import { Stream } from './stream.js';

/** Levels around a command over HTTP: none, or the array of a batch. */
const ALONE = 0;
const IN_ARRAY = 1;

/** A ledger behind a gateway. */
export class Client extends Areas {
  readonly #options: AddressedOptions;
  readonly #limits: MessageLimits;
  readonly #requests: Requests;
  #stream: Stream | undefined;
  /** Goods, orders, quotes and stock. */
  readonly mall: Mall;
  /** Members who are merged. */
  readonly members: Members;
  /** Exchanges of a coalition, quotes, rates. */
  readonly exchanges: Exchanges;
  /** Exchanges with partners outside. */
  readonly partnerExchanges: PartnerExchanges;

  constructor(options: WholeOptions) {
    checkOptions(options);
    const whole = withAddresses(options);
    const requests = new Requests(requestSettings(whole));
    super(requests);
    this.#options = whole;
    this.#limits = { ...MESSAGE_LIMITS, ...options.limits };
    this.#requests = requests;
    const submitTo: ConstructorParameters<typeof Exchanges>[1] = (command, to, how) =>
      this.#submitTo(command, to, how);
    const parts: ConstructorParameters<typeof Mall>[0] = {
      submitTo,
      read: (...asked) => this.#read(...asked),
      post: (path, body, how) => this.#requests.told('POST', path, body, how),
    };
    this.mall = new Mall(parts);
    this.members = new Members(parts);
    this.exchanges = new Exchanges(this.#requests, submitTo);
    this.partnerExchanges = new PartnerExchanges(this.#requests, submitTo);
  }

  /**
   * Carries out one command over HTTP, again with the same id where there was no answer. Resolves with its outcome, a refusal too;
   * `PREPARED`: it goes on, ask for it by its id. Rejects with ClientError where there is none: its `isOutcomeUnknown` says whether the
   * command may have been carried out, and repeating it with the id that its `commands` have is safe then.
   */
  submit(command: RoutedCommand, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#submitTo(command, routeOf, options);
  }

  async #submitTo<C extends RoutedCommand>(
    command: C,
    to: (prepared: C) => CommandRoute | Refused,
    options: SubmitOptions,
  ): Promise<Outcome> {
    const { nestingMax, bodyBytesMax } = this.#limits;
    const { commands, refusals } = prepare([command], { depth: ALONE, nestingMax });
    const [prepared] = commands as unknown as [C];
    const route = refusals.get(0) ?? to(prepared);
    if ('ok' in route) return route;
    const { method, path, body } = route;
    const question = {
      method,
      path: path + howOf(options),
      body,
      bytesMax: bodyBytesMax,
      commands: carriedOutOf(commands, options),
    };
    return outcomeOf(await this.#requests.ask(question, options));
  }

  /** Carries out transfers over HTTP, each by itself unless `atomic`: an outcome for each. As submit(). The stream's is quicker. */
  submitTransfers(
    transfers: readonly Extract<Command, { type: 'transfer' }>[],
    options: TransfersOptions = {},
  ): Promise<Outcome[]> {
    return this.#submitArray('/v1/transfers', transfers, ({ type, ...fields }) => fields, options);
  }

  /** Reports events of members over HTTP, each by itself unless `atomic`: an outcome for each, with what it earned in `act.effects`. As submit(). */
  events(events: readonly MemberEvent[], options: TransfersOptions = {}): Promise<Outcome[]> {
    return this.#submitArray('/v1/events', events.map(eventCommand), bodyOfAct, options);
  }

  /** A member gives back what an event was about, or a part of it. As submit(). */
  returns(event: string, given: EventReturn, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#submitTo(returnCommand(event, given), returnRoute, options);
  }

  /** A member draws in a lottery. As submit(); what is won is in `act.effects`. */
  draw(lottery: string, asked: DrawRequest, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#submitTo(drawCommand(lottery, asked), lotteryRoute('draws'), options);
  }

  /** A member commits to the word that the draws of this period are decided by. As submit(). */
  drawWord(lottery: string, asked: WordRequest, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#submitTo(wordCommand(lottery, asked), lotteryRoute('words'), options);
  }

  async #submitArray<C extends Command>(
    to: string,
    asked: readonly C[],
    bodyFor: (prepared: C) => object,
    options: TransfersOptions,
  ): Promise<Outcome[]> {
    const { nestingMax, batchBytesMax } = this.#limits;
    const { commands, refusals } = prepare(asked, { depth: IN_ARRAY, nestingMax });
    if (refusals.size > 0 && (options.atomic === true || refusals.size === commands.length))
      return abortOthers(commands, refusals);
    const sent = commands.filter((_, i) => !refusals.has(i));
    const body = sent.map((one) => bodyFor(one as C));
    const path = to + howOf(options);
    const carriedOut = carriedOutOf(commands, options);
    const question = { method: 'POST', path, body, bytesMax: batchBytesMax, commands: carriedOut };
    const answered = await this.#requests.ask(question, options);
    const items = bodyOf(answered, carriedOut) as (Posted & { readonly status: number })[];
    const outcomes = items.map((item) => outcomeOf({ status: item.status, body: item }));
    return merged(outcomes, refusals);
  }

  /**
   * In Node.js: a writer of packed batches, whose commands go over HTTP as bytes, and whose outcomes are read in place, without entries. What it
   * sends the server takes at once: `size` defaults to that. The stream has one, too, which is quicker.
   */
  batch(size?: BatchSize): BatchWriter<OutcomesInBytes, PackedOptions> {
    const submit = this.submitPacked.bind(this);
    return writerOf(this.#options.packing, this.#limits, submit, size);
  }

  /**
   * In Node.js: carries out a packed batch over HTTP, again where there was no answer: its commands have ids. Rejects with ClientError, whose
   * `packed` is the batch.
   */
  async submitPacked(packed: Uint8Array, options: PackedOptions = {}): Promise<OutcomesInBytes> {
    const { idsIn } = packingOf(this.#options.packing);
    const path = `/v1/commands${queryOf({ timeoutMs: options.decisionMs })}`;
    const bytesMax = this.#limits.batchBytesMax;
    try {
      const question = { method: 'POST', path, packed, bytesMax, commands: [] };
      const body = bodyOf(await this.#requests.ask(question, options), []);
      return new OutcomesInBytes(body as Uint8Array).named(idsIn(packed));
    } catch (error) {
      throw carrying(error, packed);
    }
  }

  /** All assets of an owner. Rejects with ClientError, as all reads do, also where it is refused. */
  async balances(owner: string, options: CallOptions = {}): Promise<Balance[]> {
    const found = await this.#read(`/v1/accounts/${part('owner', owner)}`, options);
    return (found as { accounts: Balance[] }).accounts;
  }

  /** All assets of many owners, in their order, in one call; only in one asset where it is named. */
  async balancesOf(
    owners: readonly string[],
    options: CallOptions & { readonly asset?: string | undefined } = {},
  ): Promise<readonly { readonly owner: string; readonly accounts: readonly Balance[] }[]> {
    const { asset } = options;
    const body = { owners, asset };
    const bytesMax = this.#limits.bodyBytesMax;
    const question = { method: 'POST', path: '/v1/balances', body, bytesMax };
    const found = bodyOf(await this.#requests.ask(question, options));
    return (found as { balances: { owner: string; accounts: Balance[] }[] }).balances;
  }

  /** The same at a past time, and how to ask the same again: see `Caller.balancesAt`. */
  async balancesAt(query: PastQuery, options: CallOptions = {}): Promise<PastBalances> {
    const bytesMax = this.#limits.bodyBytesMax;
    const question = { method: 'POST', path: '/v1/balances', body: query, bytesMax };
    const { at, asOf, balances } = bodyOf(await this.#requests.ask(question, options)) as {
      readonly at: number;
      readonly asOf: AsOf;
      readonly balances: readonly { readonly accounts: readonly PastBalance[] }[];
    };
    return { at, asOf, balances: balances.map(({ accounts }) => accounts) };
  }

  /** A page of an account's history. */
  async entries({ owner, ...query }: EntriesQuery, options: CallOptions = {}): Promise<EntryPage> {
    const path = `/v1/accounts/${part('owner', owner)}/entries${queryOf(query)}`;
    return { ...((await this.#read(path, options)) as Omit<EntryPage, 'ok'>), ok: true };
  }

  /** A command by its id, with its outcome; undefined: the id was never used. */
  async transfer(
    owner: string,
    id: string,
    options: CallOptions = {},
  ): Promise<TransferRecord | undefined> {
    const path = `/v1/accounts/${part('owner', owner)}/transfers/${part('id', id)}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'TRANSFER_NOT_FOUND') return undefined;
    const { outcome, ...record } = bodyOf(found) as TransferRecord & {
      readonly outcome: Posted & { readonly status: number };
      readonly state: string;
    };
    const { state, ...told } = record;
    return { ...told, outcome: outcomeOf({ status: outcome.status, body: outcome }) };
  }

  /** A hold; `remaining` 0: closed. */
  async hold(owner: string, id: string, options: CallOptions = {}): Promise<HoldState> {
    const path = `/v1/accounts/${part('owner', owner)}/holds/${part('id', id)}`;
    return (await this.#read(path, options)) as HoldState;
  }

  /** What is known of a member of a programme: tier, tasks, what limits have counted. */
  async member(owner: string, programme: string, options: CallOptions = {}): Promise<MemberState> {
    const path = `/v1/members/${part('owner', owner)}${queryOf({ programme })}`;
    return (await this.#read(path, options)) as MemberState;
  }

  /** A page of a leaderboard, the first members first. */
  async leaderboard(
    { board, ...query }: LeaderboardQuery,
    options: CallOptions = {},
  ): Promise<LeaderboardPage> {
    const path = `/v1/leaderboards/${part('board', board)}${queryOf(query)}`;
    return { ...((await this.#read(path, options)) as LeaderboardPage), ok: true };
  }

  /** A member of a leaderboard, with those before and after him. */
  async standing(
    { board, owner, ...query }: StandingQuery,
    options: CallOptions = {},
  ): Promise<Standing> {
    const path = `/v1/leaderboards/${part('board', board)}/members/${part('owner', owner)}`;
    return { ...((await this.#read(path + queryOf(query), options)) as Standing), ok: true };
  }

  /** A page of a member's coupons; `cursor`: there may be more. */
  async coupons(
    owner: string,
    programme: string,
    page: {
      readonly state?: MemberCoupon['state'];
      readonly limit?: number;
      readonly cursor?: string;
    } = {},
    options: CallOptions = {},
  ): Promise<WalletPage> {
    const path = `/v1/members/${part('owner', owner)}/coupons${queryOf({ programme, ...page })}`;
    return (await this.#read(path, options)) as WalletPage;
  }

  /** A code of a coupon: whose it is, what became of it; undefined: there is none. Takes a key that may `admin`. */
  async coupon(code: string, options: CallOptions = {}): Promise<CodeState | undefined> {
    const path = `/v1/coupons/${encodeURIComponent(code)}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'COUPON_UNAVAILABLE') return undefined;
    return bodyOf(found) as CodeState;
  }

  /** An event of a member: what it earned, and why; undefined: there is none. */
  async event(
    owner: string,
    id: string,
    options: CallOptions = {},
  ): Promise<EventRecord | undefined> {
    const path = `/v1/members/${part('owner', owner)}/events/${part('id', id)}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'EVENT_NOT_FOUND') return undefined;
    return bodyOf(found) as EventRecord;
  }

  /** Why an event earned what it did, in words. */
  async why(
    owner: string,
    id: string,
    { lang, ...options }: CallOptions & { readonly lang?: 'zh' | 'en' | undefined } = {},
  ): Promise<Explanation> {
    const path = `/v1/members/${part('owner', owner)}/events/${part('id', id)}/why`;
    return (await this.#read(path + queryOf({ lang }), options)) as Explanation;
  }

  /** What a referral code says, in capitals or small letters; undefined: there is none. Who uses it (act `refer`) need not know. */
  async referralCode(
    programme: string,
    code: string,
    options: CallOptions = {},
  ): Promise<ReferralCodeState | undefined> {
    const path = `/v1/referral-codes/${encodeURIComponent(code)}${queryOf({ programme })}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'REFERRAL_CODE_UNKNOWN') return undefined;
    return bodyOf(found) as ReferralCodeState;
  }

  /** A page of the draws of a member in a lottery, the newest first. */
  async draws(
    owner: string,
    query: DrawsQuery,
    options: CallOptions = {},
  ): Promise<{ readonly draws: readonly DrawRecord[]; readonly cursor?: string }> {
    const path = `/v1/members/${part('owner', owner)}/draws${queryOf(query)}`;
    return (await this.#read(path, options)) as { draws: readonly DrawRecord[]; cursor?: string };
  }

  /** A draw of a member, with all that it takes to check it; undefined: there is none. */
  async drawRecord(
    owner: string,
    id: string,
    options: CallOptions = {},
  ): Promise<DrawRecord | undefined> {
    const path = `/v1/members/${part('owner', owner)}/draws/${part('id', id)}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'TRANSFER_NOT_FOUND') return undefined;
    return bodyOf(found) as DrawRecord;
  }

  /** What is published of the seeds that draws are decided by. */
  async drawSeeds(
    query: { readonly shard?: number; readonly before?: number; readonly limit?: number } = {},
    options: CallOptions = {},
  ): Promise<readonly DrawSeed[]> {
    const found = await this.#read(`/v1/draws/seeds${queryOf(query)}`, options);
    return (found as { seeds: readonly DrawSeed[] }).seeds;
  }

  async assets(options: CallOptions = {}): Promise<Asset[]> {
    return ((await this.#read('/v1/assets', options)) as { assets: Asset[] }).assets;
  }

  /** A definition with all its versions; undefined: there is none. Takes a key that may `admin`. */
  async definition(
    kind: string,
    key: string,
    options: CallOptions = {},
  ): Promise<DefinitionHistory | undefined> {
    const path = `/v1/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(key)}`;
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    if ('ok' in found && found.code === 'DEFINITION_NOT_FOUND') return undefined;
    return bodyOf(found) as DefinitionHistory;
  }

  /** Says definitions and assets, each by itself unless `atomic`: an outcome for each. As submit(). Takes a key that may `admin`. */
  define(definitions: readonly Defined[], options: TransfersOptions = {}): Promise<Outcome[]> {
    return this.#submitArray('/v1/definitions', definitions, definitionSaid, options);
  }

  /** A page of definitions of a kind, each in its newest version, before it, where that is a draft, the newest that is none; `cursor`: what the next page is asked for with. */
  async definitions(
    kind: string,
    page: { readonly limit?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ definitions: DefinitionHistory[]; cursor?: string }> {
    const path = `/v1/definitions/${encodeURIComponent(kind)}${queryOf(page)}`;
    return (await this.#read(path, options)) as {
      definitions: DefinitionHistory[];
      cursor?: string;
    };
  }

  /**
   * Decides the events of a period again, by other documents; without any, the period is compared with itself. Answers at once: ask for what came
   * of it by its id. Takes a key that may `admin`.
   */
  async simulate(asked: SimulationAsked, options: CallOptions = {}): Promise<SimulationJob> {
    return (await this.#begin('/v1/simulations', asked, options)) as SimulationJob;
  }

  /** A simulation; undefined: there is none, or not any more. */
  async simulation(id: string, options: CallOptions = {}): Promise<SimulationJob | undefined> {
    return (await this.#job('GET', `/v1/simulations/${part('id', id)}`, options)) as
      | SimulationJob
      | undefined;
  }

  /** Ends a simulation. */
  async cancelSimulation(
    id: string,
    options: CallOptions = {},
  ): Promise<SimulationJob | undefined> {
    return (await this.#job('DELETE', `/v1/simulations/${part('id', id)}`, options)) as
      | SimulationJob
      | undefined;
  }

  /** Puts right what events of a period have earned. As `simulate`; asked for again, it goes on. Takes a key that may `admin` and `adjust`. */
  async correct(asked: CorrectionAsked, options: CallOptions = {}): Promise<CorrectionJob> {
    return (await this.#begin('/v1/corrections', asked, options)) as CorrectionJob;
  }

  /** A correction; undefined: there is none, or not any more. */
  async correction(id: string, options: CallOptions = {}): Promise<CorrectionJob | undefined> {
    return (await this.#job('GET', `/v1/corrections/${part('id', id)}`, options)) as
      | CorrectionJob
      | undefined;
  }

  /** Ends a correction: what it has posted stays. */
  async cancelCorrection(
    id: string,
    options: CallOptions = {},
  ): Promise<CorrectionJob | undefined> {
    return (await this.#job('DELETE', `/v1/corrections/${part('id', id)}`, options)) as
      | CorrectionJob
      | undefined;
  }

  async #begin(path: string, body: object, options: CallOptions): Promise<unknown> {
    return bodyOf(await this.#requests.ask({ method: 'POST', path, body }, options));
  }

  async #job(method: string, path: string, options: CallOptions): Promise<unknown> {
    const found = await this.#requests.ask({ method, path }, options);
    if ('ok' in found && found.code === 'SIMULATION_NOT_FOUND') return undefined;
    return bodyOf(found);
  }

  /** A page of the audit trail: who asked for what, newest first. Takes a key that may `read-audit`. */
  async audit(query: AuditQuery = {}, options: CallOptions = {}): Promise<AuditPage> {
    const found = await this.#read(`/v1/audit${queryOf(query)}`, options);
    return { ...(found as Omit<AuditPage, 'ok'>), ok: true };
  }

  async #read(path: string, options: CallOptions, mayLack = false): Promise<unknown> {
    const found = await this.#requests.ask({ method: 'GET', path }, options);
    const isLacking = mayLack && 'ok' in found && found.code === 'DEFINITION_NOT_FOUND';
    return isLacking ? undefined : bodyOf(found);
  }

  /**
   * The client's WebSocket: opened when it is first asked for, and again when it breaks. It shows the key or a token, so one
   * that only signs has none.
   */
  get stream(): Stream {
    if (this.#options.key === undefined && this.#options.token === undefined)
      throw new TypeError('a stream takes a key or a token');
    this.#stream ??= new Stream({
      ...this.#options,
      queueBytesMax: this.#options.queueBytesMax ?? USUALLY.queueBytesMax,
      unref: this.#options.unref ?? false,
      limits: this.#limits,
      ...gatheringOf(this.#options),
    });
    return this.#stream;
  }

  /** Ends the stream, if there is one. */
  close(): void {
    this.#stream?.close();
  }
}

/** How a command is carried out, as a query. */
function howOf({ dryRun, decisionMs, atomic }: TransfersOptions): string {
  return queryOf({ timeoutMs: decisionMs, dryRun, atomic });
}

/** What may be carried out: to submit a dry run's commands again would do so. */
function carriedOutOf(
  commands: readonly Command[],
  { dryRun }: SubmitOptions,
): readonly Command[] | undefined {
  return dryRun === true ? undefined : commands;
}

/** An outcome out of an answer, or of one of a batch's. */
function outcomeOf(found: Answered | Refused): Outcome {
  if ('ok' in found) return found;
  const { status, dryRun, ...fields } = found.body as Posted & {
    readonly status?: number;
    readonly dryRun?: boolean;
  };
  if (found.status >= 400) return refusalOf({ ...fields, status }) as Refused;
  if (found.status === 202) {
    const message = 'The transfer is prepared and not decided yet.';
    const { id } = fields;
    return { ok: false, code: 'PREPARED', status: 202, retry: true, message, id, replayed: false };
  }
  return { ...fields, ok: true };
}

type Defined = Extract<Command, { type: 'put-definition' | 'define-asset' }>;

/** A definition, or an asset, as one of several. */
function definitionSaid(command: Defined): object {
  const { type, ...said } = command;
  if (!('asset' in said)) return said;
  const { asset: key, ...document } = said;
  return { kind: 'asset', key, document };
}
