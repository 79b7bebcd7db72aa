// A coalition behind a gateway: exchanges, quotes, rates. Owns: what is asked of which path. Never touches: requests, what an exchange comes to.

import type { Dispute, SubmittedExchange } from '../../engine/protocol/coalition.js';
import type { ActCommand } from '../../engine/protocol/commands.js';
import type { AsOf, Outcome, Refused } from '../../engine/protocol/outcomes.js';
import type { CallOptions } from './ending.js';
import type { SubmitOptions } from './options.js';
import { actOf, bodyOfAct } from './programmes.js';
import { bodyOf, type Requests } from './requests.js';
import { type CommandRoute, part, partOf, queryOf } from './routes.js';

/** What a member exchanges. */
export interface ExchangeRequest {
  readonly owner: string;
  /** Unique for ever within the member; left out: one is made. */
  readonly id?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** What is given, with the fee, in minor units of `from`. */
  readonly amount: number;
  /** Who gets the points. Left out: the owner. */
  readonly receiver?: string | undefined;
  /** What it was said to come to: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  readonly quote?: string | undefined;
}

/** An exchange that a member has submitted. */
export interface ExchangeSubmission extends SubmittedExchange {
  readonly owner: string;
  readonly submission: string;
}

/** An exchange that waits for points of an asset. */
export type PendingExchange = Omit<
  ExchangeSubmission,
  'state' | 'to' | 'receiver' | 'rate' | 'endedAt' | 'completedBy'
>;

/** How many exchanges wait for points of an asset, and since when. */
export interface PendingExchangeCount {
  readonly asset: string;
  readonly pending: number;
  readonly since: number;
}

/** What points come to in exchange, for a time. */
export interface ExchangeQuote {
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  /** Whole points for a whole point, an exact decimal as a text. */
  readonly rate: string;
  readonly by: 'rate' | 'values';
  readonly until: number;
  readonly quote: string;
}

/** What was said of a rate. */
export interface ExchangeRateVersion {
  readonly version: number;
  readonly state: 'draft' | 'active' | 'retired';
  readonly rate?: string;
  readonly definedAt: number;
  readonly activeFrom?: number;
  readonly by?: string;
}

/** A rate, and what was said of it. */
export interface ExchangeRate {
  readonly from: string;
  readonly to: string;
  readonly coalition?: string;
  /** What counts now; left out: they are not exchanged. */
  readonly rate?: string;
  readonly by?: 'rate' | 'values';
  /** It waits for a second person. */
  readonly waiting?: ExchangeRateVersion;
  readonly history: readonly ExchangeRateVersion[];
}

/** For which assets points of one are exchanged now, and on what terms. Amounts in minor units of `from`. */
export interface ExchangeTargets {
  readonly from: string;
  readonly coalition?: string;
  readonly platform?: string;
  /** The part of what is given that is the fee: an exact decimal as a text. */
  readonly feeRate?: string;
  readonly feeLeast?: number;
  readonly mostEach?: number;
  readonly mostDay?: number;
  readonly targets: readonly {
    readonly to: string;
    readonly platform: string;
    /** It takes an exchange with a partner outside. */
    readonly isOutside: boolean;
    readonly rate: string;
    readonly by: 'rate' | 'values';
  }[];
}

/** A change of a rate, or of what values follow from, that waits for a second person. */
export interface WaitingRate {
  readonly kind: 'exchange-rate' | 'coalition' | 'exchanging';
  readonly key: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly by?: string;
  /** Left out: it would end. */
  readonly document?: Readonly<Record<string, unknown>>;
}

/** What came of a rate that was said. */
export interface ExchangeRateSaid {
  readonly from: string;
  readonly to: string;
  readonly state: 'active' | 'waits';
  readonly version: number;
}

/** What the platforms of a coalition owe each other: values are exact decimals, as texts. */
export interface ClearingStatement {
  readonly coalition: string;
  readonly currency: string;
  readonly from?: number;
  readonly at: number;
  readonly asOf: AsOf;
  /** Minor units of one asset each. */
  readonly debts: readonly {
    readonly debtor: string;
    readonly creditor: string;
    readonly asset: string;
    readonly amount: number;
    readonly value: string;
  }[];
  readonly positions: readonly {
    readonly platform: string;
    readonly owed: string;
    readonly owes: string;
    readonly net: string;
  }[];
  readonly settlements: readonly {
    readonly from: string;
    readonly to: string;
    readonly value: string;
  }[];
}

/** A cycle of the clearing. */
export interface ClearingCycle {
  readonly cycle: number;
  /** `closing`: not all of its debts are netted: close it again. */
  readonly state: 'closing' | 'closed';
  readonly at: number;
  readonly asOf: AsOf;
  readonly closedAt: number | null;
  readonly by: string | null;
}

/** A cycle, with its statement. */
export type CycleStatement = ClearingStatement & ClearingCycle;

/** What a platform disputes: lines of a closed cycle's statement, or an exchange. */
export interface DisputeRequest {
  /** What a repeat is known by. */
  readonly id?: string;
  /** Whose dispute it is, where a key asks; a platform asks for itself. */
  readonly platform?: string;
  readonly cycle?: number;
  /** All between the same two platforms. `disputed`: minor units; left out: all of the line. */
  readonly lines?: readonly {
    readonly debtor: string;
    readonly creditor: string;
    readonly asset: string;
    readonly disputed?: number;
  }[];
  /** Of an exchange: whose, which, and how much of what was got; left out: all that is left of it. */
  readonly owner?: string;
  readonly exchange?: string;
  readonly disputed?: number;
  readonly reason: string;
}

/** What is done with a dispute. */
export type DisputeChange =
  | {
      readonly what: 'answer';
      readonly answer: string;
      readonly agrees?: boolean;
      readonly platform?: string;
    }
  | { readonly what: 'withdraw'; readonly reason: string; readonly platform?: string }
  | { readonly what: 'settle'; readonly reason: string; readonly amounts?: readonly number[] }
  | { readonly what: 'reject' | 'reopen'; readonly reason: string };

type SubmitTo = (
  command: ActCommand,
  to: (prepared: ActCommand) => CommandRoute | Refused,
  options: SubmitOptions,
) => Promise<Outcome>;

const pathOf = (from: string, to: string): string =>
  `/v1/exchange-rates/${part('id', from)}/${part('id', to)}`;

const clearingOf = (coalition: string): string => `/v1/clearing/${part('id', coalition)}`;

/** Exchanges of a coalition: `client.exchanges`. */
export class Exchanges {
  readonly #requests: Requests;
  readonly #submitTo: SubmitTo;

  constructor(requests: Requests, submitTo: SubmitTo) {
    this.#requests = requests;
    this.#submitTo = submitTo;
  }

  /** A member gives points of one platform for points of another. As submit(); what it came to is in `act.effects`. */
  exchange({ owner, id, ...body }: ExchangeRequest, options: SubmitOptions = {}): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute => ({
      method: 'POST',
      path: '/v1/exchanges',
      body: bodyOfAct(command),
    });
    return this.#submitTo(actOf('exchange', owner, id, body), to, options);
  }

  /** As `exchange`; where the reserve has too little, it waits until there are points, or its time is over (`exchangePending` in `act.effects`). */
  submit({ owner, id, ...body }: ExchangeRequest, options: SubmitOptions = {}): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute => ({
      method: 'POST',
      path: '/v1/exchange-submissions',
      body: bodyOfAct(command),
    });
    return this.#submitTo(actOf('exchange-submit', owner, id, body), to, options);
  }

  /** An exchange that waits is withdrawn: what was held is available again. As submit(). */
  withdraw(
    submission: string,
    { owner, id }: { readonly owner: string; readonly id?: string },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute | Refused => {
      const { submission: named, ...rest } = bodyOfAct(command) as Record<string, unknown>;
      const path = partOf('submission', named, command.id);
      return typeof path === 'string'
        ? { method: 'POST', path: `/v1/exchange-submissions/${path}/withdraw`, body: rest }
        : path;
    };
    return this.#submitTo(actOf('exchange-withdraw', owner, id, { submission }), to, options);
  }

  /** What became of an exchange that was submitted. */
  async submission(
    owner: string,
    submission: string,
    options: CallOptions = {},
  ): Promise<ExchangeSubmission> {
    const path = `/v1/accounts/${part('owner', owner)}/exchange-submissions/${part('id', submission)}`;
    return bodyOf(await this.#requests.ask({ method: 'GET', path }, options)) as ExchangeSubmission;
  }

  /** For points of which assets exchanges wait. */
  async pendingCounts(options: CallOptions = {}): Promise<readonly PendingExchangeCount[]> {
    const asked = { method: 'GET', path: '/v1/pending-exchanges' } as const;
    const found = bodyOf(await this.#requests.ask(asked, options));
    return (found as { readonly assets: readonly PendingExchangeCount[] }).assets;
  }

  /** Exchanges that wait for points of an asset, the first one first, page by page. */
  async pending(
    asset: string,
    query: { readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly exchanges: readonly PendingExchange[]; readonly cursor?: string }> {
    const path = `/v1/pending-exchanges/${part('id', asset)}${queryOf(query)}`;
    const found = bodyOf(await this.#requests.ask({ method: 'GET', path }, options));
    return found as Awaited<ReturnType<Exchanges['pending']>>;
  }

  /** An exchange is given back: all that is left of it, or so much (`amount`) of what was got. As submit(). */
  giveBack(
    exchange: string,
    asked: { readonly owner: string; readonly id?: string; readonly amount?: number },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    const { owner, id, ...body } = asked;
    const to = (command: ActCommand): CommandRoute | Refused => {
      const { exchange: named, ...rest } = bodyOfAct(command) as Record<string, unknown>;
      const path = partOf('exchange', named, command.id);
      return typeof path === 'string'
        ? { method: 'POST', path: `/v1/exchanges/${path}/returns`, body: rest }
        : path;
    };
    const command = actOf('exchange-return', owner, id, { exchange, ...body });
    return this.#submitTo(command, to, options);
  }

  /** What points come to now: a quote that is charged so, or has expired. */
  async quote(
    body: {
      readonly owner: string;
      readonly from: string;
      readonly to: string;
      readonly amount: number;
    },
    options: CallOptions = {},
  ): Promise<ExchangeQuote> {
    const asked = { method: 'POST', path: '/v1/exchange-quotes', body } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as ExchangeQuote;
  }

  /** The rate that counts now, and what was said of it. */
  async rate(from: string, to: string, options: CallOptions = {}): Promise<ExchangeRate> {
    const asked = { method: 'GET', path: pathOf(from, to) } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as ExchangeRate;
  }

  /** For which assets points of one are exchanged now. */
  async targets(from: string, options: CallOptions = {}): Promise<ExchangeTargets> {
    const asked = { method: 'GET', path: `/v1/exchange-rates/${part('id', from)}` } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as ExchangeTargets;
  }

  /** Says a rate; `waits`: somebody else must say the same, with another key. Takes a key that may `admin`. */
  async setRate(
    from: string,
    to: string,
    body: { readonly rate: string; readonly coalition?: string; readonly activeFrom?: number },
    options: CallOptions = {},
  ): Promise<ExchangeRateSaid> {
    const asked = { method: 'PUT', path: pathOf(from, to), body } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as ExchangeRateSaid;
  }

  /** All changes of rates that wait for a second person. Takes a key that may `admin`. */
  async waitingRates(options: CallOptions = {}): Promise<readonly WaitingRate[]> {
    const asked = { method: 'GET', path: '/v1/waiting-rates' } as const;
    const found = bodyOf(await this.#requests.ask(asked, options));
    return (found as { readonly waiting: readonly WaitingRate[] }).waiting;
  }

  /** What the platforms of a coalition owe each other; with the times and `asOf` of an answer, the same for ever. Takes a key that may `admin`. */
  async clearing(
    coalition: string,
    query: { readonly from?: number; readonly at?: number; readonly asOf?: AsOf } = {},
    options: CallOptions = {},
  ): Promise<ClearingStatement> {
    const asked = { method: 'GET', path: clearingOf(coalition) + queryOf(query) } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as ClearingStatement;
  }

  /** Closes the cycle that is open: all that is owed now is netted in the ledger. Takes a key that may `admin`. */
  async closeCycle(coalition: string, options: CallOptions = {}): Promise<CycleStatement> {
    const path = `${clearingOf(coalition)}/cycles`;
    const asked = { method: 'POST', path, body: {} } as const;
    return bodyOf(await this.#requests.ask(asked, options)) as CycleStatement;
  }

  /** The cycles of a coalition, the first one first. */
  async cycles(coalition: string, options: CallOptions = {}): Promise<readonly ClearingCycle[]> {
    const asked = { method: 'GET', path: `${clearingOf(coalition)}/cycles` } as const;
    const found = bodyOf(await this.#requests.ask(asked, options));
    return (found as { readonly cycles: readonly ClearingCycle[] }).cycles;
  }

  /** A cycle with its statement, which stays as it is for ever. */
  async cycle(
    coalition: string,
    cycle: number,
    options: CallOptions = {},
  ): Promise<CycleStatement> {
    const path = `${clearingOf(coalition)}/cycles/${cycle}`;
    return bodyOf(await this.#requests.ask({ method: 'GET', path }, options)) as CycleStatement;
  }

  /** Opens a dispute; with an id, once however often it is asked for. */
  async dispute(
    coalition: string,
    body: DisputeRequest,
    options: CallOptions = {},
  ): Promise<Dispute> {
    const path = `${clearingOf(coalition)}/disputes`;
    return bodyOf(await this.#requests.ask({ method: 'POST', path, body }, options)) as Dispute;
  }

  /** Answers, withdraws, settles, rejects a dispute, or undoes its settlement. Who may do which when, the ledger judges in the commit. */
  async changeDispute(
    coalition: string,
    dispute: string,
    { what, ...body }: DisputeChange,
    options: CallOptions = {},
  ): Promise<Dispute> {
    const path = `${clearingOf(coalition)}/disputes/${part('id', dispute)}/${what}`;
    return bodyOf(await this.#requests.ask({ method: 'POST', path, body }, options)) as Dispute;
  }

  /** A dispute. */
  async disputeOf(coalition: string, dispute: string, options: CallOptions = {}): Promise<Dispute> {
    const path = `${clearingOf(coalition)}/disputes/${part('id', dispute)}`;
    return bodyOf(await this.#requests.ask({ method: 'GET', path }, options)) as Dispute;
  }

  /** Disputes of a cycle, or of the exchanges of a month (`202611`, UTC); else those that are not decided, in short. */
  async disputes(
    coalition: string,
    query: { readonly cycle?: number; readonly month?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{
    readonly disputes: readonly (Pick<Dispute, 'dispute' | 'by' | 'other' | 'answerBy'> &
      Partial<Dispute>)[];
    readonly cursor?: string;
  }> {
    const path = `${clearingOf(coalition)}/disputes${queryOf(query)}`;
    const found = bodyOf(await this.#requests.ask({ method: 'GET', path }, options));
    return found as Awaited<ReturnType<Exchanges['disputes']>>;
  }
}
