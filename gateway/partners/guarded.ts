// A partner as it is asked here: no more at once than it bears, nothing while it is down. Owns: leave to ask it, what is counted of its calls. Never touches:
// what is asked, what answers mean.
//   partners.G1. What is not asked is `unknown`, with when it may be: nobody takes it for a no.
//   partners.G2. Where a partner is said anew, calls under way end as they began; the next one goes to where it is now.
//   partners.G3. Where a partner says when it wants to be asked again, it is asked nothing before, a minute at most.

import { setMaxListeners } from 'node:events';
import type { GatewayLimits } from '../limits.js';
import type {
  NewUser,
  OperationsPage,
  PartnerAdapter,
  PartnerAnswer,
  PartnerCall,
  PartnerUser,
  Told,
  Totals,
  Unknown,
} from './adapter.js';
import { Breaker, type BreakerFigures, type Leave } from './breaker.js';

/** What partners are asked, as figures name it. */
export const PARTNER_CALLS = [
  'add',
  'deduct',
  'rollback',
  'operation',
  'operations',
  'user',
  'create_user',
  'total_points',
  'health',
] as const;
export type PartnerCallName = (typeof PARTNER_CALLS)[number];

/** What came of calls of one kind. */
export interface CallFigures {
  /** By outcome: the states of answers, `unknown`, `not_asked`. */
  readonly outcomes: Map<string, number>;
  /** How long those that were asked took. */
  ms: number;
}

export type GuardLimits = Pick<
  GatewayLimits,
  | 'partnerTimeoutMs'
  | 'partnerCallsAtOnce'
  | 'partnerFailuresMax'
  | 'partnerPauseMs'
  | 'partnerPauseMsMax'
>;

/** How a partner is asked now; undefined: it is not. */
export interface Way {
  readonly adapter: PartnerAdapter;
  readonly callsAtOnce: number | undefined;
}

/** An adapter, and who still asks it. */
interface Used {
  readonly adapter: PartnerAdapter;
  calls: number;
  isOver: boolean;
}

/** A look-up of no operation of anybody: it asks for the token, and changes nothing. */
const TRIAL_OPERATION = 'jifen-is-it-well';
const TOO_MANY = 429;
const UNAVAILABLE = 503;

export class GuardedPartner implements PartnerAdapter {
  readonly calls = new Map<PartnerCallName, CallFigures>();
  readonly #limits: GuardLimits;
  readonly #now: () => number;
  #breaker: Breaker;
  #used: Used | undefined;
  /** Why it is not asked. */
  #halted: 'MAINTENANCE' | 'TOKEN_UNREADABLE' | 'NO_PARTNER' | undefined = 'NO_PARTNER';
  #callsAtOnce: number;
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];
  #quietUntil = 0;

  /** `now`: milliseconds since 1970. */
  constructor(limits: GuardLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#breaker = new Breaker(limits, now);
    this.#callsAtOnce = limits.partnerCallsAtOnce;
  }

  /** Has it asked in this way from now on; or not at all. */
  use(way: Way | 'MAINTENANCE' | 'TOKEN_UNREADABLE' | 'NO_PARTNER'): void {
    this.#end();
    if (typeof way === 'string') {
      this.#halted = way;
      return;
    }
    this.#halted = undefined;
    this.#callsAtOnce = way.callsAtOnce ?? this.#limits.partnerCallsAtOnce;
    this.#used = { adapter: way.adapter, calls: 0, isOver: false };
    this.#breaker = new Breaker(this.#limits, this.#now);
    this.#quietUntil = 0;
    this.#admit();
  }

  /** How it answers; undefined: it is not asked. */
  get figures(): BreakerFigures | undefined {
    return this.#halted === undefined ? this.#breaker.figures : undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  // --- leave to ask -----------------------------------------------------------------------------------------------

  #end(): void {
    const used = this.#used;
    this.#used = undefined;
    if (used === undefined) return;
    used.isOver = true;
    if (used.calls === 0) used.adapter.close();
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#callsAtOnce) {
      this.#inFlight++;
      this.#waiting.shift()?.();
    }
  }

  /** A place among the calls under way; false: there was none in time. */
  #place(signal: AbortSignal): Promise<boolean> {
    if (this.#inFlight < this.#callsAtOnce) {
      this.#inFlight++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const done = (has: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        resolve(has);
      };
      const admitted = (): void => done(true);
      const giveUp = (): void => {
        const at = this.#waiting.indexOf(admitted);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        done(false);
      };
      const timer = setTimeout(giveUp, this.#limits.partnerTimeoutMs);
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp);
      this.#waiting.push(admitted);
    });
  }

  /** Why it cannot be asked now; undefined: it can. */
  #hindrance(): Unknown | undefined {
    if (this.#halted !== undefined) return this.#notAsked(this.#halted);
    const quietMs = this.#quietUntil - this.#now();
    // Longer than any: the clock was set back.
    if (quietMs > this.#limits.partnerPauseMsMax) this.#quietUntil = 0;
    return quietMs > 0 && this.#quietUntil > 0 ? this.#notAsked('BUSY', quietMs) : undefined;
  }

  #notAsked(why: string, retryAfterMs = this.#limits.partnerPauseMs): Unknown {
    return { state: 'unknown', why, retryAfterMs };
  }

  async #ask<T extends { readonly state: string }>(
    name: PartnerCallName,
    signal: AbortSignal,
    ask: (adapter: PartnerAdapter) => Promise<T | Unknown>,
  ): Promise<T | Unknown> {
    const figures = this.#figuresOf(name);
    const no = this.#hindrance();
    if (no !== undefined) return counted(figures, no, 'not_asked');
    if (signal.aborted || !(await this.#place(signal)))
      return counted(figures, this.#notAsked('BUSY'), 'not_asked');
    try {
      const hindered = this.#hindrance();
      if (hindered !== undefined) return counted(figures, hindered, 'not_asked');
      const breaker = this.#breaker;
      const leave = breaker.enter();
      if (typeof leave === 'number')
        return counted(figures, this.#notAsked('DOWN', leave), 'not_asked');
      return await this.#carry(figures, breaker, leave, ask);
    } finally {
      this.#inFlight--;
      this.#admit();
    }
  }

  async #carry<T extends { readonly state: string }>(
    figures: CallFigures,
    breaker: Breaker,
    leave: Leave,
    ask: (adapter: PartnerAdapter) => Promise<T | Unknown>,
  ): Promise<T | Unknown> {
    // Also where the adapter has a defect, leave is given back: else nobody would have it any more.
    let why: string | undefined | null = 'DEFECT';
    let answer: T | Unknown;
    try {
      answer = await this.#timed(figures, ask);
      why = failureIn(answer);
    } finally {
      breaker.leave(leave, why);
    }
    if (isUnknown(answer) && (answer.status === TOO_MANY || answer.status === UNAVAILABLE)) {
      const { partnerPauseMs, partnerPauseMsMax } = this.#limits;
      const ms = answer.retryAfterMs ?? (answer.status === TOO_MANY ? partnerPauseMs : 0);
      this.#quietUntil = Math.max(this.#quietUntil, this.#now() + Math.min(ms, partnerPauseMsMax));
    }
    return answer;
  }

  async #timed<T extends { readonly state: string }>(
    figures: CallFigures,
    ask: (adapter: PartnerAdapter) => Promise<T | Unknown>,
  ): Promise<T | Unknown> {
    const used = this.#used;
    if (used === undefined) return counted(figures, this.#notAsked('NO_PARTNER'), 'not_asked');
    used.calls++;
    const began = performance.now();
    try {
      const answer = await ask(used.adapter);
      return counted(figures, answer, answer.state);
    } finally {
      figures.ms += performance.now() - began;
      used.calls--;
      if (used.isOver && used.calls === 0) used.adapter.close();
    }
  }

  #figuresOf(name: PartnerCallName): CallFigures {
    let figures = this.calls.get(name);
    if (figures === undefined) {
      figures = { outcomes: new Map(), ms: 0 };
      this.calls.set(name, figures);
    }
    return figures;
  }

  // --- how it is --------------------------------------------------------------------------------------------------

  /** Is it to be asked now how it is, as it is down? */
  get isDue(): boolean {
    return this.#halted === undefined && this.#breaker.isDue;
  }

  /** Asks how it is, also while it is down: then calls are tried again where it is well. */
  async health(signal: AbortSignal): Promise<{ readonly state: 'well' } | Unknown> {
    if (this.#halted !== undefined) return this.#notAsked(this.#halted);
    const breaker = this.#breaker;
    const answer = await this.#timed(this.#figuresOf('health'), (one) => one.health(signal));
    if (!isUnknown(answer) || answer.why !== 'ABORTED')
      breaker.said(failureIn(answer) ?? undefined);
    return answer;
  }

  /** Tries it with a call that changes nothing, where it says that it is well and nobody else has tried. */
  async tryAgain(signal: AbortSignal): Promise<void> {
    if (this.figures?.state === 'half_open') await this.operation(TRIAL_OPERATION, signal);
  }

  // --- calls ------------------------------------------------------------------------------------------------------

  carryOut(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer> {
    return this.#ask(call.kind, signal, (one) => one.carryOut(call, signal));
  }

  rollBack(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer> {
    return this.#ask('rollback', signal, (one) => one.rollBack(call, signal));
  }

  operation(id: string, signal: AbortSignal): Promise<PartnerAnswer> {
    return this.#ask('operation', signal, (one) => one.operation(id, signal));
  }

  operations(
    from: number,
    until: number,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<OperationsPage | Unknown> {
    return this.#ask('operations', signal, (one) => one.operations(from, until, cursor, signal));
  }

  user(
    user: string,
    signal: AbortSignal,
  ): Promise<PartnerUser | { readonly state: 'absent' } | Unknown> {
    return this.#ask('user', signal, (one) => one.user(user, signal));
  }

  createUser(user: NewUser, signal: AbortSignal): Promise<PartnerUser | Told | Unknown> {
    return this.#ask('create_user', signal, (one) => one.createUser(user, signal));
  }

  totals(asset: string, until: number, signal: AbortSignal): Promise<Totals | Unknown> {
    return this.#ask('total_points', signal, (one) => one.totals(asset, until, signal));
  }

  /** It is asked nothing more; calls under way end now. */
  close(): void {
    const used = this.#used;
    this.use('NO_PARTNER');
    used?.adapter.close();
  }
}

const isUnknown = (answer: { readonly state: string }): answer is Unknown =>
  answer.state === 'unknown';

/** What a call says of how the partner is: undefined: it answers; null: nothing. */
function failureIn(answer: { readonly state: string }): string | undefined | null {
  if (!isUnknown(answer) || answer.why === 'ID_REUSED') return undefined;
  if (answer.why === 'ABORTED') return null;
  // It is there, and has too much to do.
  if (answer.status === TOO_MANY) return null;
  return answer.why === 'STATUS' ? `STATUS ${answer.status}` : answer.why;
}

function counted<T>({ outcomes }: CallFigures, answer: T, outcome: string): T {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  return answer;
}
