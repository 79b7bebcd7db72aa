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

/** A call as the contract has it. `of`: what is expected, by which it is bounded. */
export interface PathCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body: object | undefined;
  readonly of: 'call' | 'rollback' | 'page' | 'health';
}
/** Resolves always. */
export type AskPath = (call: PathCall, signal: AbortSignal) => Promise<Answered | Unknown>;

const INTERNAL = '/api/internal';
const iso = (ms: number): string => new Date(ms).toISOString();
const part = encodeURIComponent;

interface Sent {
  readonly body?: object;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly of?: PathCall['of'];
}

/** The contract's calls, asked in whatever way. */
export class ContractPaths implements PartnerAdapter {
  readonly #base: string;
  readonly #askPath: AskPath;
  readonly #close: () => void;

  constructor(url: string, ask: AskPath, close: () => void = () => {}) {
    this.#base = url.replace(/\/+$/, '');
    this.#askPath = ask;
    this.#close = close;
  }

  #ask(
    path: string,
    signal: AbortSignal,
    { body, query = {}, of = 'call' }: Sent = {},
  ): Promise<Answered | Unknown> {
    const url = new URL(`${this.#base}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    return this.#askPath({ method: body === undefined ? 'GET' : 'POST', url, body, of }, signal);
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
      await this.#ask(`${INTERNAL}/rollback`, signal, { body, of: 'rollback' }),
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
    const answer = await this.#ask(`${INTERNAL}/operations`, signal, { query, of: 'page' });
    return pageAnswer(answer, cursor);
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
    return healthAnswer(await this.#ask('/health', signal, { of: 'health' }));
  }

  close(): void {
    this.#close();
  }
}

/** Asks a partner over HTTP. */
export function httpPartner(
  { url, token }: HttpSettings,
  destinations: Destinations,
  limits: HttpLimits,
): PartnerAdapter {
  const requests = new Requests(destinations);
  const ask: AskPath = ({ of, ...call }, signal) => {
    const timeoutMs = of === 'health' ? limits.partnerHealthAnswerMs : limits.partnerTimeoutMs;
    const bytesMax = of === 'page' ? limits.partnerPageBytesMax : limits.partnerAnswerBytesMax;
    const isAlone = of === 'rollback';
    return requests.ask({ ...call, token, timeoutMs, bytesMax, isAlone }, signal);
  };
  return new ContractPaths(url, ask, () => requests.close());
}

const fieldsOf = ({ operation, user, asset, amount }: PartnerCall): object => ({
  transaction_id: operation,
  user_id: user,
  amount,
  asset,
});
