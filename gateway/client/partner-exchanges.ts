// Exchanges with partners outside, behind a gateway. Owns: what is asked of which path. Never touches: requests, how an exchange goes on.

import type { ActCommand } from '../../engine/protocol/commands.js';
import type { Outcome, Refused } from '../../engine/protocol/outcomes.js';
import type { PartnerExchange, PartnerStep } from '../../engine/protocol/outside.js';
import type {
  ListedPartnerExchange,
  PartnerExchangesQuery,
} from '../../engine/protocol/register.js';
import type { CallOptions } from './ending.js';
import type { ExchangeRequest } from './exchanges.js';
import type { SubmitOptions } from './options.js';
import { actOf, bodyOfAct } from './programmes.js';
import { bodyOf, type Requests } from './requests.js';
import { type CommandRoute, part, partOf, queryOf } from './routes.js';

const EXCHANGES = '/v1/partner-exchanges';

/** What a member exchanges with a partner outside. */
export interface PartnerExchangeRequest extends ExchangeRequest {
  /** Who gives, as the partner names him whose points are given; left out: they are here. */
  readonly fromUser?: string | undefined;
  /** Who gets, as the partner names him; left out: the points are here, or he is made known there. */
  readonly toUser?: string | undefined;
  /** After so many it goes back, where it is not done. Left out: 86,400. */
  readonly seconds?: number | undefined;
}

/** One that has not ended. */
export interface OpenPartnerExchange {
  readonly exchange: string;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
}

/** What an operator says of a step that nobody knows. */
export interface PartnerExchangeVerdict {
  readonly step: PartnerStep;
  readonly verdict: 'done' | 'not_done' | 'retry';
  readonly reason: string;
}

type SubmitTo = (
  command: ActCommand,
  to: (prepared: ActCommand) => CommandRoute | Refused,
  options: SubmitOptions,
) => Promise<Outcome>;

export class PartnerExchanges {
  readonly #requests: Requests;
  readonly #submitTo: SubmitTo;

  constructor(requests: Requests, submitTo: SubmitTo) {
    this.#requests = requests;
    this.#submitTo = submitTo;
  }

  /** Submits one; `exchange` of `act.effects` is by what `get` tells how far it is. As submit(). */
  submit(
    { owner, id, ...body }: PartnerExchangeRequest,
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute => ({
      method: 'POST',
      path: EXCHANGES,
      body: bodyOfAct(command),
    });
    return this.#submitTo(actOf('partner-exchange', owner, id, body), to, options);
  }

  #of(
    act: string,
    verb: string,
    { owner, id, ...body }: { readonly owner: string; readonly id?: string | undefined },
    options: SubmitOptions,
  ): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute | Refused => {
      const { exchange, ...rest } = bodyOfAct(command) as Record<string, unknown>;
      const path = partOf('exchange', exchange, command.id);
      return typeof path === 'string'
        ? { method: 'POST', path: `${EXCHANGES}/${path}/${verb}`, body: rest }
        : path;
    };
    return this.#submitTo(actOf(act, owner, id, body), to, options);
  }

  /** A second person agrees to one, or rejects it. As submit(). */
  approve(
    exchange: string,
    said: {
      readonly owner: string;
      readonly id?: string;
      readonly rejects?: boolean;
      readonly reason?: string;
    },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#of('partner-exchange-approve', 'approve', { ...said, exchange } as never, options);
  }

  /** It goes back, where it still can. As submit(). */
  cancel(
    exchange: string,
    said: { readonly owner: string; readonly id?: string },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#of('partner-exchange-cancel', 'cancel', { ...said, exchange } as never, options);
  }

  /** How far one is. */
  async get(exchange: string, options: CallOptions = {}): Promise<PartnerExchange> {
    const path = `${EXCHANGES}/${part('id', exchange)}`;
    return bodyOf(await this.#requests.ask({ method: 'GET', path }, options)) as PartnerExchange;
  }

  /** Those that a member has submitted, the newest first, page by page. */
  async ofMember(
    owner: string,
    query: { readonly limit?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly exchanges: readonly PartnerExchange[]; readonly cursor?: string }> {
    const path = `/v1/members/${part('owner', owner)}/partner-exchanges${queryOf(query)}`;
    const found = bodyOf(await this.#requests.ask({ method: 'GET', path }, options));
    return found as { readonly exchanges: readonly PartnerExchange[]; readonly cursor?: string };
  }

  /** Those that have not ended, page by page. */
  async open(
    query: { readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly exchanges: readonly OpenPartnerExchange[]; readonly cursor?: string }> {
    const path = `${EXCHANGES}${queryOf(query)}`;
    const found = bodyOf(await this.#requests.ask({ method: 'GET', path }, options));
    return found as {
      readonly exchanges: readonly OpenPartnerExchange[];
      readonly cursor?: string;
    };
  }

  /** Those in a state, also those that have ended, the newest first, page by page. */
  async list(
    query: PartnerExchangesQuery,
    options: CallOptions = {},
  ): Promise<{
    readonly exchanges: readonly ListedPartnerExchange[];
    readonly cursor?: string;
    /** Up to which block of each shard it is exact, and how many were not looked at yet. */
    readonly asOf: string;
    readonly behind: number;
  }> {
    const path = `${EXCHANGES}${queryOf({ ...query })}`;
    return bodyOf(await this.#requests.ask({ method: 'GET', path }, options)) as never;
  }

  /** An operator says what became of a step. */
  async decide(
    exchange: string,
    body: PartnerExchangeVerdict,
    options: CallOptions = {},
  ): Promise<PartnerExchange> {
    const path = `${EXCHANGES}/${part('id', exchange)}/verdict`;
    return bodyOf(
      await this.#requests.ask({ method: 'POST', path, body }, options),
    ) as PartnerExchange;
  }
}
