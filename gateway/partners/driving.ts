// Exchanges with partners outside go on: partners are asked, what they answer is said to the ledger. Owns: when each is asked, pauses, whom a partner is to know.
// Never touches: what answers mean for an exchange, which its acts judge in their commits.
//   partners.E1. The node with an exchange's list drives it. Who asks again asks under the same id, and says what he heard of a step that is past in vain: so two
//       that drive the same one, or one that is killed and begins again, change nothing.
//   partners.E2. What was not answered is first asked for by its id; only what the partner has not seen is carried out again, under the same id.
//   partners.E3. Nothing is given up here: what is not known is asked again, however long it takes. Whatever keeps one from going on, it is said to be late, and
//       after a while an operator is told: no way around that ends in silence.
//   partners.E4. Those that are due go on in the order in which they became so: none waits for ever behind others, however many a partner that is down has.

import {
  type Engine,
  EXCHANGING_LISTS,
  limits,
  type Outcome,
  openPartnerExchanges,
  type PartnerExchange,
  type PartnerStep,
  partnerExchangeAt,
  partnerExchangeList,
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
export type Asked = Pick<Partners, 'adapterOf' | 'figuresOf' | 'partner'>;

/** How often it is looked for what is due. */
const LOOK_MS = 500;
/** The lists are read so often where nothing is open: what is submitted at another node waits so long. */
const IDLE_MS = 2_000;
/** Each so many that are open, the lists are read so much less often: another LOOK_MS. */
const OPEN_A_LOOK = 2_048;
/** Reading them takes no more than one part in so many of the time, however often some are submitted. */
const READ_SHARE = 4;
/** Lists that are read at once: most are empty, and each read takes its way to a shard. */
const LISTS_AT_ONCE = 32;
const PAGE = 1_024;
const KEY_LETTERS = 32;
/** One whose partner is not asked is passed over so often before it is read again: what was said of it to another node is seen then. */
const PASSES_MAX = 8;
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

/** What came of looking at one: it went on; or it is looked at again after a pause, one of so long at least, or not at all. */
type Went = 'on' | 'pause' | 'ended' | { readonly leastMs: number };

/** One that waits. Times as of `performance.now()`: a clock that is set back lengthens no pause. */
interface Waiting {
  readonly failures: number;
  readonly nextAt: number;
  /** What was said of it last, and has changed nothing. */
  readonly vain: string | undefined;
  /** When an operator was last told of it. */
  readonly toldAt: number | undefined;
  /** Which partner it waits for, and until when there is nothing else to do (milliseconds since 1970). */
  readonly partner: { readonly platform: string; readonly until: number } | undefined;
  /** How often it was passed over since, as that one is not asked. */
  readonly passes: number;
}

export class Driving {
  readonly #engine: Engine;
  readonly #partners: Asked;
  readonly #limits: DrivingLimits;
  readonly #ending = new AbortController();
  readonly #waiting = new Map<string, Waiting>();
  readonly #going = new Map<string, Promise<void>>();
  /** Those that are due, the longest first, for whom there was no room yet. */
  readonly #due = new Set<string>();
  /** What was said last of those that go on. */
  readonly #said = new Map<string, string>();
  /** Of each operation that this process has asked for. */
  readonly #asked = new Set<string>();
  /** Those that were submitted since the last look began: their lists may have been read before they were in them. */
  #submitted = new Set<string>();
  #readAgainAt = 0;
  /** It is not read before, whoever hurries. */
  #readNotBefore = 0;
  #looking: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(engine: Engine, partners: Asked, limits: DrivingLimits) {
    this.#engine = engine;
    this.#partners = partners;
    this.#limits = limits;
  }

  /** Drives from now on those whose lists this node has. */
  start(): void {
    void lookRepeatedly('exchanges with partners', LOOK_MS, this.#ending.signal, () => this.look());
  }

  /** This one can go on that waits, or was submitted now. */
  hurry(exchange: string): void {
    this.#waiting.delete(exchange);
    if (this.#isHere(partnerExchangeList(exchange))) this.#drive(exchange);
  }

  /** What came of submissions: what was taken goes on at once; what of it cannot be read yet, the next look finds in its list. */
  submitted(outcomes: readonly Outcome[]): void {
    const taken = outcomes.filter((outcome) => outcome.ok || outcome.code === 'PREPARED');
    if (taken.length === 0) return;
    for (const outcome of taken) {
      const exchange = outcome.ok ? outcome.act?.effects[0]?.['exchange'] : undefined;
      if (typeof exchange !== 'string') continue;
      this.#submitted.add(exchange);
      this.hurry(exchange);
    }
    this.#readAgainAt = this.#readNotBefore;
  }

  /** Calls under way end as not known; nothing more is asked. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#due.clear();
    await this.#looking.catch(() => undefined);
    await Promise.all(this.#going.values());
  }

  /** Has all go on that can; one look after the other, and one that waits for its turn is enough for all. */
  look(): Promise<void> {
    this.#next ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#look().catch((error: unknown) => {
          this.#readAgainAt = 0;
          throw error;
        });
      });
    this.#looking = this.#next;
    return this.#next;
  }

  #isHere(list: number): boolean {
    const { shardsHere } = this.#engine;
    return shardsHere.includes(this.#engine.shardOf(partnerExchangesOwner(list)));
  }

  async #look(): Promise<void> {
    const began = performance.now();
    if (began < this.#readAgainAt) {
      for (const [exchange, { nextAt }] of this.#waiting)
        if (nextAt <= began) this.#drive(exchange);
      return;
    }
    this.#readAgainAt = Number.POSITIVE_INFINITY;
    const open = this.#submitted;
    this.#submitted = new Set();
    let isWhole = true;
    for (let first = 0; first < EXCHANGING_LISTS; first += LISTS_AT_ONCE) {
      if (this.#ending.signal.aborted) return;
      const some = Array.from({ length: LISTS_AT_ONCE }, (_, n) => first + n);
      const here = some.filter((list) => this.#isHere(list));
      const read = await Promise.all(here.map((list) => this.#readList(list, open)));
      isWhole &&= !read.includes(false);
    }
    for (const exchange of this.#submitted) open.add(exchange);
    if (isWhole) this.#forgetAllBut(open);
    const now = performance.now();
    this.#readNotBefore = now + (now - began) * (READ_SHARE - 1);
    const again = now + (open.size === 0 ? IDLE_MS : LOOK_MS * Math.floor(open.size / OPEN_A_LOOK));
    // Where some were submitted meanwhile, not all of them were read.
    const isMeanwhile = this.#readAgainAt !== Number.POSITIVE_INFINITY;
    this.#readAgainAt = isMeanwhile ? this.#readNotBefore : Math.max(this.#readNotBefore, again);
  }

  /** What is known of those that are not open any more, whoever ended them. */
  #forgetAllBut(open: ReadonlySet<string>): void {
    for (const exchange of this.#waiting.keys())
      if (!open.has(exchange)) this.#waiting.delete(exchange);
    for (const operation of this.#asked) {
      const exchange = operation.slice(0, operation.lastIndexOf('_'));
      if (!open.has(exchange) && !this.#going.has(exchange)) this.#asked.delete(operation);
    }
  }

  /** Reads one; false: not to its end. */
  async #readList(list: number, open: Set<string>): Promise<boolean> {
    for (let after: string | undefined; ; ) {
      const page = await openPartnerExchanges(this.#engine.own, list, { after, limit: PAGE });
      if (isRefusal(page)) return false;
      const now = performance.now();
      for (const { exchange } of page) {
        open.add(exchange);
        if ((this.#waiting.get(exchange)?.nextAt ?? 0) <= now) this.#drive(exchange);
      }
      after = page.at(-1)?.exchange;
      if (page.length < PAGE) return true;
    }
  }

  /** It goes on by itself, where it does not already, as soon as there is room for it. */
  #drive(exchange: string): void {
    if (this.#going.has(exchange) || this.#due.has(exchange) || this.#passes(exchange)) return;
    this.#due.add(exchange);
    this.#fill();
  }

  /** Its partner is not asked, and nothing else is to be done: it waits on, and is not read for that. */
  #passes(exchange: string): boolean {
    const waiting = this.#waiting.get(exchange);
    if (waiting?.partner === undefined || waiting.passes >= PASSES_MAX) return false;
    const { platform, until } = waiting.partner;
    const { state = 'open' } = this.#partners.figuresOf(platform) ?? {};
    if (state !== 'open' || this.#engine.now() >= until) return false;
    const { partnerPauseMs, partnerPauseMsMax } = this.#limits;
    const pause = pauseAfter(waiting.failures, partnerPauseMs, partnerPauseMsMax);
    const nextAt = performance.now() + pause;
    this.#waiting.set(exchange, { ...waiting, nextAt, passes: waiting.passes + 1 });
    return true;
  }

  #fill(): void {
    for (const exchange of this.#due) {
      if (this.#ending.signal.aborted) return;
      if (this.#going.size >= this.#limits.partnerExchangesAtOnce) return;
      this.#due.delete(exchange);
      const going = this.#goOn(exchange)
        .catch((error: unknown) => {
          this.#pause(exchange);
          process.emitWarning(`exchange ${exchange}: ${(error as Error).message}`);
        })
        .finally(() => {
          this.#going.delete(exchange);
          this.#said.delete(exchange);
          this.#fill();
        });
      this.#going.set(exchange, going);
    }
  }

  /** `leastMs`: it is not looked at before; `more`: what is known of it besides. */
  #pause(
    exchange: string,
    leastMs = 0,
    more: Partial<Pick<Waiting, 'vain' | 'toldAt' | 'partner'>> = {},
  ): void {
    const { partnerPauseMs, partnerPauseMsMax } = this.#limits;
    const before = this.#waiting.get(exchange);
    const failures = (before?.failures ?? 0) + 1;
    const pause = pauseAfter(failures, partnerPauseMs, partnerPauseMsMax);
    const nextAt = performance.now() + Math.max(pause, leastMs);
    const { vain = before?.vain, toldAt = before?.toldAt, partner } = more;
    this.#waiting.set(exchange, { failures, nextAt, vain, toldAt, partner, passes: 0 });
  }

  async #goOn(exchange: string): Promise<void> {
    const { own } = this.#engine;
    let before = '';
    while (!this.#ending.signal.aborted) {
      const told = await partnerExchangeAt(own, exchange);
      if (isRefusal(told)) return this.#pause(exchange);
      // What was said has changed nothing: it is asked again, and not at once.
      const now = `${told?.step} ${told?.status} ${told?.updatedAt}`;
      const isVain = now === before;
      before = now;
      const went = told === undefined ? 'ended' : isVain ? 'pause' : await this.#step(told);
      if (told !== undefined && (went === 'pause' || typeof went === 'object')) {
        const vain = isVain ? { vain: this.#said.get(exchange) } : {};
        const toldAt = await this.#tellsStuck(told);
        const leastMs = typeof went === 'object' ? went.leastMs : 0;
        const partner = this.#waitsFor(told);
        return this.#pause(exchange, leastMs, { ...vain, ...toldAt, partner });
      }
      this.#waiting.delete(exchange);
      if (went === 'ended') return this.#forget(exchange);
    }
  }

  /** The partner without whom it does not go on; undefined: there is something to say of it first, or it is done here. */
  #waitsFor(told: PartnerExchange): Waiting['partner'] {
    const { step, status, updatedAt, source, target, inconsistency } = told;
    const { platform, operation } = isOfTarget(step) ? target : source;
    if (status !== 'retrying' || operation === undefined) return undefined;
    const late = mayGoBack(step) ? told.until : Number.POSITIVE_INFINITY;
    const stuckAt = updatedAt + this.#limits.partnerStuckMs;
    return { platform, until: inconsistency === undefined ? Math.min(late, stuckAt) : late };
  }

  /** It does not go on for too long: an operator is to look; once, and again where he has said that it is to be asked for again, to no avail. */
  async #tellsStuck(told: PartnerExchange): Promise<{ readonly toldAt?: number }> {
    const { exchange, owner, step, status, updatedAt } = told;
    const { partnerStuckMs } = this.#limits;
    const now = performance.now();
    const toldAt = this.#waiting.get(exchange)?.toldAt;
    if (status !== 'retrying' || this.#engine.now() - updatedAt < partnerStuckMs) return {};
    if (this.#ending.signal.aborted) return {};
    if (toldAt !== undefined && now - toldAt < partnerStuckMs) return {};
    const body = { exchange, step };
    const { ok } = await this.#submit(owner, 'partner-exchange-stuck', body);
    // One that is told of already, or is past, is refused.
    return { toldAt: ok || toldAt === undefined ? now : toldAt };
  }

  #forget(exchange: string): void {
    for (const side of ['deduct', 'add']) this.#asked.delete(`${exchange}_${side}`);
  }

  // --- one step ---------------------------------------------------------------------------------------------------

  async #step(told: PartnerExchange): Promise<Went> {
    const { status, step, until } = told;
    if (status === 'completed' || status === 'failed') return 'ended';
    if (status === 'pending_approval') {
      return this.#engine.now() < until
        ? { leastMs: APPROVAL_LOOK_MS }
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

  /** What came of it is not known, or cannot be now: that is said once, and when it is too late. */
  async #unknown(told: PartnerExchange, answer: Unknown | Told): Promise<Went> {
    const isLate = this.#isLate(told);
    if (told.status !== 'retrying' || isLate) {
      const went = await this.#says(told, { state: answer.state, code: codeOf(answer) });
      if (went !== 'on' || isLate) return went;
    }
    const { retryAfterMs } = answer as Unknown;
    return retryAfterMs === undefined ? 'pause' : { leastMs: retryAfterMs };
  }

  /** Is it too late to go on, where it can go back? */
  #isLate({ step, until }: PartnerExchange): boolean {
    return mayGoBack(step) && this.#engine.now() >= until;
  }

  /** A step that is done by the act that says so. */
  async #here(told: PartnerExchange): Promise<Went> {
    const { owner, exchange, step } = told;
    const outcome = await this.#submit(owner, 'partner-exchange-step', { exchange, step });
    if (outcome.ok || outcome.code === 'EXCHANGE_STEP_PAST') return 'on';
    const { code } = outcome;
    if (NEVER[step]?.has(code) === true) return this.#says(told, { state: 'refused', code });
    if (PASSING.has(code) && !this.#isLate(told) && !this.#isLong(told)) return 'pause';
    return this.#unknown(told, { state: 'unknown', why: code });
  }

  /** It has not gone on for so long that it is said, whatever it is that will pass. */
  #isLong({ updatedAt }: PartnerExchange): boolean {
    return this.#engine.now() - updatedAt >= this.#limits.partnerStuckMs;
  }

  /** Says what was heard of the step that it is at. */
  async #says(told: PartnerExchange, { state, kind, amount, ...words }: Heard): Promise<Went> {
    const { owner, exchange, step } = told;
    const code = words.code?.slice(0, limits.PARTNER_WORD_MAX).toWellFormed() || undefined;
    const user = words.user?.slice(0, limits.PARTNER_USER_LENGTH_MAX).toWellFormed();
    const asset = words.asset?.slice(0, limits.PARTNER_WORD_MAX).toWellFormed();
    // What no amount can be differs from what was asked for, too.
    const said = amount === undefined || (Number.isSafeInteger(amount) && amount >= 0) ? amount : 0;
    const heard = Object.entries({ state, code, kind, user, asset, amount: said });
    const body = {
      exchange,
      step,
      ...Object.fromEntries(heard.filter(([, said]) => said !== undefined)),
    };
    // What was said in vain is not said again, and not written again, until it is too late to go on.
    const saying = JSON.stringify([told.updatedAt, this.#isLate(told), body]);
    if (this.#waiting.get(exchange)?.vain === saying) return 'pause';
    this.#said.set(exchange, saying);
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
    if (isRefusal(known)) return this.#unknown(told, notNow(known));
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
    if (isRefusal(there)) return this.#unknown(told, notNow(there));
    // The partner knows him as somebody who is another member here.
    if (there !== undefined && there.target.user !== receiver)
      return this.#says(told, { state: 'refused', code: 'USER_OF_ANOTHER' });
    const registered = await register(this.#engine, named, GLOBAL, receiver);
    if (isRefusal(registered)) return this.#unknown(told, notNow(registered));
    const outcome = await this.#submit(owner, 'partner-exchange-user', { exchange, user });
    return outcome.ok ? 'on' : this.#unknown(told, notNow(outcome));
  }
}

type Heard = Pick<Told, 'code' | 'kind' | 'user' | 'asset' | 'amount'> & {
  readonly state: PartnerAnswer['state'];
};

const isOfTarget = (step: PartnerStep): boolean =>
  step === 'add_target_credits' || step === 'rollback_target_addition';

const mayGoBack = (step: PartnerStep): boolean =>
  step === 'deduct_source_credits' || step === 'add_target_credits';

const codeOf = (answer: Unknown | Told): string | undefined =>
  answer.state === 'unknown' ? answer.why : answer.code;

/** What the ledger itself does not do now; it is no word of the partner's. */
const notNow = ({ code }: { readonly code: string }): Unknown => ({ state: 'unknown', why: code });

const unknownOf = (answer: Told | Unknown): Unknown =>
  answer.state === 'unknown' ? answer : { state: 'unknown', why: 'ANSWER_INVALID' };
