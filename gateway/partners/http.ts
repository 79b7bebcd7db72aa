// Partners that are asked over HTTP. Owns: the paths of the contract and what they are sent. Never touches: connections (requests.ts), what answers say
// (answers.ts), when anything is asked.

import type { GatewayLimits } from '../limits.js';
import type { Destinations } from '../outbound/addresses.js';
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
import {
  healthAnswer,
  isDots,
  lookedUp,
  madeAnswer,
  operationAnswer,
  pageAnswer,
  totalsAnswer,
  userAnswer,
} from './answers.js';
import { type Answered, Requests } from './requests.js';

/** Where a partner is asked, and what it is shown. */
export interface HttpSettings {
  readonly url: string;
  readonly token: string;
}

export type HttpLimits = Pick<
  GatewayLimits,
  'partnerTimeoutMs' | 'partnerAnswerBytesMax' | 'partnerPageBytesMax' | 'partnerHealthAnswerMs'
>;

const INTERNAL = '/api/internal';
const iso = (ms: number): string => new Date(ms).toISOString();
const part = encodeURIComponent;

/** Asks a partner over HTTP. */
export class HttpPartner implements PartnerAdapter {
  readonly #base: string;
  readonly #token: string;
  readonly #limits: HttpLimits;
  readonly #requests: Requests;

  constructor({ url, token }: HttpSettings, destinations: Destinations, limits: HttpLimits) {
    this.#base = url.replace(/\/+$/, '');
    this.#token = token;
    this.#limits = limits;
    this.#requests = new Requests(destinations);
  }

  #ask(
    path: string,
    signal: AbortSignal,
    {
      body,
      query = {},
      bytesMax = this.#limits.partnerAnswerBytesMax,
      timeoutMs = this.#limits.partnerTimeoutMs,
    }: {
      readonly body?: object;
      readonly query?: Readonly<Record<string, string | undefined>>;
      readonly bytesMax?: number;
      readonly timeoutMs?: number;
    } = {},
  ): Promise<Answered | Unknown> {
    const url = new URL(`${this.#base}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    const method = body === undefined ? 'GET' : 'POST';
    const token = this.#token;
    return this.#requests.ask({ method, url, token, body, bytesMax, timeoutMs }, signal);
  }

  async carryOut(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer> {
    const { operation } = call;
    const body = fieldsOf(call);
    return operationAnswer(
      await this.#ask(`${INTERNAL}/${call.kind}`, signal, { body }),
      operation,
    );
  }

  async rollBack(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer> {
    const body = { ...fieldsOf(call), type: call.kind };
    return operationAnswer(
      await this.#ask(`${INTERNAL}/rollback`, signal, { body }),
      call.operation,
    );
  }

  async operation(id: string, signal: AbortSignal): Promise<PartnerAnswer> {
    return lookedUp(await this.#ask(`${INTERNAL}/operations/${part(id)}`, signal), id);
  }

  async operations(
    from: number,
    until: number,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<OperationsPage | Unknown> {
    const query = { from: iso(from), until: iso(until), cursor };
    const bytesMax = this.#limits.partnerPageBytesMax;
    return pageAnswer(
      await this.#ask(`${INTERNAL}/operations`, signal, { query, bytesMax }),
      cursor,
    );
  }

  async user(
    user: string,
    signal: AbortSignal,
  ): Promise<PartnerUser | { readonly state: 'absent' } | Unknown> {
    if (isDots(user)) return { state: 'absent' };
    return userAnswer(await this.#ask(`${INTERNAL}/users/${part(user)}`, signal), user);
  }

  async createUser(user: NewUser, signal: AbortSignal): Promise<PartnerUser | Told | Unknown> {
    const { key, name, email, sourceSystem, sourceUser } = user;
    const body = {
      ...{ key, name, email, imported: true },
      ...{ source_system: sourceSystem, source_user_id: sourceUser },
    };
    return madeAnswer(await this.#ask(`${INTERNAL}/users`, signal, { body }));
  }

  async totals(asset: string, until: number, signal: AbortSignal): Promise<Totals | Unknown> {
    const query = { asset, until: iso(until) };
    return totalsAnswer(await this.#ask(`${INTERNAL}/total_points`, signal, { query }));
  }

  async health(signal: AbortSignal): Promise<{ readonly state: 'well' } | Unknown> {
    const timeoutMs = this.#limits.partnerHealthAnswerMs;
    return healthAnswer(await this.#ask('/health', signal, { timeoutMs }));
  }

  close(): void {
    this.#requests.close();
  }
}

const fieldsOf = ({ operation, user, asset, amount }: PartnerCall): object => ({
  transaction_id: operation,
  user_id: user,
  amount,
  asset,
});
