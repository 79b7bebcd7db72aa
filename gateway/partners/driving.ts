// Exchanges with partners outside go on: partners are asked, what they answer is said to the ledger. Owns: when each is asked, pauses, whom a partner is to know.
// Never touches: what answers mean for an exchange, which its acts judge in their commits.
//   partners.E1. The node with an exchange's list drives it. Who asks again asks under the same id, and says what he heard of a step that is past in vain: so two
//       that drive the same one, or one that is killed and begins again, change nothing.
//   partners.E2. What was not answered is first asked for by its id; only what the partner has not seen is carried out again, under the same id.
//   partners.E3. Nothing is given up here: what is not known is asked again, however long it takes.

import {
  type Engine,
  EXCHANGING_LISTS,
  limits,
  type Outcome,
  openPartnerExchanges,
  type PartnerExchange,
  type PartnerStep,
  partnerExchangeAt,
  partnerExchangesOwner,
  type RefusalCode,
} from '../../engine/index.js';
import { lookUp, lookUpBack, register } from '../identity/mappings.js';
import { digest, GLOBAL } from '../identity/names.js';
import type { GatewayLimits } from '../limits.js';
import { lookRepeatedly } from '../looking.js';
import { pauseAfter } from '../outbound/pauses.js';
import { isRefusal } from '../refusal.js';
import type { PartnerAnswer, PartnerCall, Told, Unknown } from './adapter.js';
import type { Partners } from './partners.js';

export type DrivingLimits = Pick<
  GatewayLimits,
  'partnerExchangesAtOnce' | 'partnerPauseMs' | 'partnerPauseMsMax' | 'partnerStuckMs'
>;

/** Partners, as far as they are asked. */
export type Asked = Pick<Partners, 'adapterOf' | 'partner'>;

/** How often it is looked for what is due. */
const LOOK_MS = 500;
/** The lists are read so often where nothing is open: what is submitted at another node waits so long. */
const IDLE_MS = 2_000;
/** Each so many that are open, the lists are read so much less often: another LOOK_MS. */
const OPEN_A_LOOK = 2_048;
const PAGE = 1_024;
const KEY_LETTERS = 32;
/** What waits for a second person is looked at so often, where that says so to another node. */
const APPROVAL_LOOK_MS = 5_000;

/** What cannot be done here, and will not be later either: it goes back at once. */
const NEVER: Partial<Record<PartnerStep, ReadonlySet<RefusalCode>>> = {
  add_target_credits: new Set<RefusalCode>([
    ...(['MEMBER_UNKNOWN', 'EXCHANGE_UNSUPPORTED', 'ASSET_UNKNOWN'] as const),
    ...(['AMOUNT_OVERFLOW', 'LOT_LIMIT', 'RECORD_LIMIT', 'MEMBER_MERGED'] as const),
  ]),
  rollback_target_addition: new Set<RefusalCode>(['POINTS_SHORT', 'MEMBER_MERGED']),
};
/** Somebody else drives it, or the ledger cannot do it at this moment: it is looked at anew. */
const PASSING: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  ...(['PREPARED', 'CHANGED_MEANWHILE', 'ACCOUNT_BUSY', 'EXCHANGE_STEP_PAST'] as const),
  ...(['SHARD_UNAVAILABLE', 'SHARD_BUSY', 'DISK_FULL', 'CLOSING'] as const),
]);

/** What came of looking at one: it went on; or it is looked at again after a pause, at a time, or not at all. */
type Went = 'on' | 'pause' | 'ended' | { readonly notBefore: number };

/** One that waits. Times in milliseconds since 1970. */
interface Waiting {
  readonly failures: number;
  readonly nextAt: number;
}

export class Driving {
  readonly #engine: Engine;
  readonly #partners: Asked;
  readonly #limits: DrivingLimits;
  readonly #ending = new AbortController();
  readonly #waiting = new Map<string, Waiting>();
  readonly #going = new Map<string, Promise<void>>();
  /** Of each operation that this process has asked for. */
  readonly #asked = new Set<string>();
  #readAgainAt = 0;
  #looking: Promise<void> = Promise.resolve();
  /** Is a look asked for that has not begun? */
  #isHurried = false;

  constructor(engine: Engine, partners: Asked, limits: DrivingLimits) {
    this.#engine = engine;
    this.#partners = partners;
    this.#limits = limits;
  }

  /** How many are known to be open here, as of a moment ago. */
  get open(): number {
    return this.#going.size + this.#waiting.size;
  }

  /** Drives from now on those whose lists this node has. */
  start(): void {
    void lookRepeatedly('exchanges with partners', LOOK_MS, this.#ending.signal, () => this.look());
  }

  /** Some were submitted; or one can go on that waits. However often it is said, one look at a time is made, and one after it. */
  hurry(exchange = ''): void {
    this.#waiting.delete(exchange);
    this.#readAgainAt = 0;
    if (this.#isHurried) return;
    this.#isHurried = true;
    const look = (): Promise<void> => {
      this.#isHurried = false;
      return this.#look();
    };
    this.#looking = this.#looking.then(look).catch(() => undefined);
  }

  /** Calls under way end as not known; nothing more is asked. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#going.values());
  }

  /** Has all go on that can; one look after the other. */
  look(): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const engine = this.#engine;
    const now = engine.now();
    if (performance.now() < this.#readAgainAt) {
      for (const [exchange, { nextAt }] of this.#waiting) if (nextAt <= now) this.#drive(exchange);
      return;
    }
    const readAt = performance.now();
    this.#readAgainAt = readAt;
    const open = new Set<string>();
    for (let list = 0; list < EXCHANGING_LISTS && !this.#ending.signal.aborted; list++)
      if (engine.shardsHere.includes(engine.shardOf(partnerExchangesOwner(list))))
        await this.#readList(list, open);
    for (const exchange of this.#waiting.keys())
      if (!open.has(exchange)) this.#waiting.delete(exchange);
    const pause = open.size === 0 ? IDLE_MS : LOOK_MS * Math.floor(open.size / OPEN_A_LOOK);
    // What was submitted meanwhile has them read again.
    if (this.#readAgainAt === readAt) this.#readAgainAt = performance.now() + pause;
  }

  async #readList(list: number, open: Set<string>): Promise<void> {
    for (let after: string | undefined; ; ) {
      const page = await openPartnerExchanges(this.#engine.own, list, { after, limit: PAGE });
      if (isRefusal(page)) return;
      for (const { exchange } of page) {
        open.add(exchange);
        if ((this.#waiting.get(exchange)?.nextAt ?? 0) <= this.#engine.now()) this.#drive(exchange);
      }
      after = page.at(-1)?.exchange;
      if (page.length < PAGE) return;
    }
  }

  /** It goes on by itself from here, where it does not already, and not too many do. */
  #drive(exchange: string): void {
    if (this.#going.has(exchange) || this.#ending.signal.aborted) return;
    if (this.#going.size >= this.#limits.partnerExchangesAtOnce) return;
    const going = this.#goOn(exchange)
      .catch((error: unknown) => {
        this.#pause(exchange);
        process.emitWarning(`exchange ${exchange}: ${(error as Error).message}`);
      })
      .finally(() => this.#going.delete(exchange));
    this.#going.set(exchange, going);
  }

  #pause(exchange: string, notBefore = 0): void {
    const { partnerPauseMs, partnerPauseMsMax } = this.#limits;
    const failures = (this.#waiting.get(exchange)?.failures ?? 0) + 1;
    const pause = pauseAfter(failures, partnerPauseMs, partnerPauseMsMax);
    const nextAt = Math.max(this.#engine.now() + pause, notBefore);
    this.#waiting.set(exchange, { failures, nextAt });
  }

  async #goOn(exchange: string): Promise<void> {
    const { own } = this.#engine;
    let before = '';
    while (!this.#ending.signal.aborted) {
      const told = await partnerExchangeAt(own, exchange);
      if (isRefusal(told)) return this.#pause(exchange);
      // What was said has changed nothing: it is asked again, and not at once.
      const now = `${told?.step} ${told?.status} ${told?.updatedAt}`;
      if (now === before) return this.#pause(exchange);
      before = now;
      const went = told === undefined ? 'ended' : await this.#step(told);
      if (went === 'pause') return this.#pause(exchange);
      if (typeof went === 'object') return this.#pause(exchange, went.notBefore);
      this.#waiting.delete(exchange);
      if (went === 'ended') return this.#forget(exchange);
    }
  }

  #forget(exchange: string): void {
    for (const side of ['deduct', 'add']) this.#asked.delete(`${exchange}_${side}`);
  }

  // --- one step ---------------------------------------------------------------------------------------------------

  async #step(told: PartnerExchange): Promise<Went> {
    const { status, step, until } = told;
    if (status === 'completed' || status === 'failed') return 'ended';
    if (status === 'pending_approval') {
      const now = this.#engine.now();
      return now < until
        ? { notBefore: now + APPROVAL_LOOK_MS }
        : this.#says(told, { state: 'unknown' });
    }
    const side = isOfTarget(step) ? told.target : told.source;
    if (side.operation === undefined) return this.#here(told);
    if (side.user === undefined) return this.#makeKnown(told);
    const back = step === 'rollback_target_addition' || step === 'rollback_source_freeze';
    const call: PartnerCall = {
      operation: side.operation,
      kind: side === told.target ? 'add' : 'deduct',
      ...{ user: side.user, asset: side.asset },
      amount: side === told.target ? told.result : told.amount,
    };
    const adapter = this.#partners.adapterOf(side.platform);
    const { signal } = this.#ending;
    let answer: PartnerAnswer;
    if (back) answer = await adapter.rollBack(call, signal);
    else if (step === 'confirm_source_deduction')
      answer = await adapter.operation(call.operation, signal);
    else answer = await this.#carryOut(told, call, side.platform);
    if (signal.aborted) return 'pause';
    return answer.state === 'unknown' || answer.state === 'pending'
      ? this.#unknown(told, answer)
      : this.#says(told, answer);
  }

  /** Asks for an operation: where it was asked for before, first what became of it. */
  async #carryOut(
    told: PartnerExchange,
    call: PartnerCall,
    platform: string,
  ): Promise<PartnerAnswer> {
    const adapter = this.#partners.adapterOf(platform);
    const { signal } = this.#ending;
    const isAgain = told.status === 'retrying' || this.#asked.has(call.operation);
    this.#asked.add(call.operation);
    if (isAgain) {
      const before = await adapter.operation(call.operation, signal);
      if (before.state !== 'absent') return before;
    }
    return adapter.carryOut(call, signal);
  }

  /** What came of it is not known: that is said once, when it is too late, and when it has been so for too long. */
  async #unknown(told: PartnerExchange, answer: Unknown | Told): Promise<Went> {
    const { exchange, owner, step, status, until, updatedAt, inconsistency } = told;
    const now = this.#engine.now();
    const mayGoBack = step === 'deduct_source_credits' || step === 'add_target_credits';
    const isSaid = status !== 'retrying' || (now >= until && mayGoBack);
    if (isSaid) {
      const went = await this.#says(told, { state: answer.state, code: codeOf(answer) });
      if (went !== 'on') return went;
      return mayGoBack && now >= until ? 'on' : this.#after(answer);
    }
    const isStuck = now - updatedAt >= this.#limits.partnerStuckMs && inconsistency === undefined;
    if (isStuck) await this.#submit(owner, 'partner-exchange-stuck', { exchange, step });
    return this.#after(answer);
  }

  #after(answer: Unknown | Told): Went {
    const { retryAfterMs } = answer as Unknown;
    return retryAfterMs === undefined ? 'pause' : { notBefore: this.#engine.now() + retryAfterMs };
  }

  /** A step that is done by the act that says so. */
  async #here(told: PartnerExchange): Promise<Went> {
    const { owner, exchange, step, status, until } = told;
    const outcome = await this.#submit(owner, 'partner-exchange-step', { exchange, step });
    if (outcome.ok) return 'on';
    const { code } = outcome;
    if (PASSING.has(code)) return code === 'EXCHANGE_STEP_PAST' ? 'on' : 'pause';
    if (NEVER[step]?.has(code) === true) return this.#says(told, { state: 'refused', code });
    const isLate = this.#engine.now() >= until && step === 'add_target_credits';
    if (status === 'retrying' && !isLate) return 'pause';
    const went = await this.#says(told, { state: 'unknown', code });
    return went === 'on' && !isLate ? 'pause' : went;
  }

  /** Says what was heard of the step that it is at. */
  async #says(told: PartnerExchange, { state, kind, amount, ...words }: Heard): Promise<Went> {
    const { owner, exchange, step } = told;
    const code = words.code?.slice(0, limits.PARTNER_WORD_MAX) || undefined;
    const user = words.user?.slice(0, limits.PARTNER_USER_LENGTH_MAX);
    const asset = words.asset?.slice(0, limits.PARTNER_WORD_MAX);
    // What no amount can be differs from what was asked for, too.
    const said = amount === undefined || (Number.isSafeInteger(amount) && amount >= 0) ? amount : 0;
    const heard = Object.entries({ state, code, kind, user, asset, amount: said });
    const body = {
      exchange,
      step,
      ...Object.fromEntries(heard.filter(([, said]) => said !== undefined)),
    };
    const outcome = await this.#submit(owner, 'partner-exchange-step', body);
    return outcome.ok || outcome.code === 'EXCHANGE_STEP_PAST' ? 'on' : 'pause';
  }

  #submit(owner: string, act: string, body: Readonly<Record<string, unknown>>): Promise<Outcome> {
    return this.#engine.own.submit({ type: 'act', act, owner, body });
  }

  // --- whom the partner does not know yet -------------------------------------------------------------------------

  /** Has the partner know who gets the points, has it recorded, and goes on. */
  async #makeKnown(told: PartnerExchange): Promise<Went> {
    const { exchange, owner, source, target, receiver = owner } = told;
    const partner = this.#partners.partner(target.platform);
    const known = await lookUpBack(this.#engine, { system: GLOBAL, user: receiver });
    if (isRefusal(known)) return 'pause';
    const active = known.filter(({ status }) => status === 'active');
    let user = active.find((one) => one.source.system === target.platform)?.source.user;
    if (user === undefined) {
      if (partner === undefined)
        return this.#unknown(told, { state: 'unknown', why: 'NO_PARTNER' });
      if (!partner.createsUsers)
        return this.#says(told, { state: 'refused', code: 'USER_UNKNOWN' });
      const own =
        active.find((one) => one.source.system === source.platform)?.source.user ?? receiver;
      const made = await this.#partners.adapterOf(target.platform).createUser(
        {
          key: `ju_${digest(`${target.platform}:${receiver}`).slice(0, KEY_LETTERS)}`,
          name: `${own}_from_${source.platform}`,
          ...{ sourceSystem: source.platform, sourceUser: own },
        },
        this.#ending.signal,
      );
      if (made.state === 'refused')
        return this.#says(told, { state: 'refused', code: made.code ?? 'USER_REFUSED' });
      if (made.state !== 'user') return this.#unknown(told, unknownOf(made));
      ({ user } = made);
    }
    const named = { system: target.platform, user };
    const there = await lookUp(this.#engine, named, GLOBAL);
    if (isRefusal(there)) return 'pause';
    // The partner knows him as somebody who is another member here.
    if (there !== undefined && there.target.user !== receiver)
      return this.#says(told, { state: 'refused', code: 'USER_OF_ANOTHER' });
    const registered = await register(this.#engine, named, GLOBAL, receiver);
    if (isRefusal(registered)) return 'pause';
    const outcome = await this.#submit(owner, 'partner-exchange-user', { exchange, user });
    return outcome.ok ? 'on' : 'pause';
  }
}

type Heard = Pick<Told, 'code' | 'kind' | 'user' | 'asset' | 'amount'> & {
  readonly state: PartnerAnswer['state'];
};

const isOfTarget = (step: PartnerStep): boolean =>
  step === 'add_target_credits' || step === 'rollback_target_addition';

const codeOf = (answer: Unknown | Told): string | undefined =>
  answer.state === 'unknown' ? answer.why : answer.code;

const unknownOf = (answer: Told | Unknown): Unknown =>
  answer.state === 'unknown' ? answer : { state: 'unknown', why: 'ANSWER_INVALID' };
