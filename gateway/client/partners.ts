// Partners outside, through a gateway. Owns: paths, these shapes. Never touches: what partners are asked.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part } from './routes.js';

/** A partner as it is said. */
export interface PartnerRequest {
  /** https; what the paths of the contract follow. */
  readonly url: string;
  /** The points that it keeps: some of its platform's. */
  readonly assets: readonly string[];
  /** The points here that it may add and deduct by its own calls. Default: none. */
  readonly inboundAssets?: readonly string[] | undefined;
  /** The bearer token that it is shown. Left out: it stays, where the host of the URL does. */
  readonly token?: string | undefined;
  /** For people. */
  readonly name?: string | undefined;
  readonly adapter?: 'http' | undefined;
  /** Does it make users that it does not know? Default: no. */
  readonly createsUsers?: boolean | undefined;
  /** Calls that may be under way to it at once. */
  readonly callsAtOnce?: number | undefined;
  /** When it is reconciled by itself: a cron expression of five fields, in UTC. Default: never. */
  readonly reconcileAt?: string | undefined;
  /** Operations that are younger are not judged then. Default: the server's. */
  readonly graceSeconds?: number | undefined;
}

/** A partner outside, without its tokens. Times in milliseconds since 1970. */
export interface Partner extends Omit<PartnerRequest, 'token'> {
  readonly platform: string;
  readonly adapter: 'http';
  readonly createsUsers: boolean;
  /** `maintenance`: by hand, it is asked nothing. */
  readonly state: 'active' | 'maintenance';
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How it answers the node that was asked; null: it is not asked. */
  readonly breaker: {
    /** `open`: it is down; `half_open`: it says that it is well again, and is tried. */
    readonly state: 'closed' | 'open' | 'half_open';
    readonly failures: number;
    readonly since?: number;
    readonly nextAt?: number;
    readonly why?: string;
  } | null;
}

/** A partner, and the token that it shows when it asks this ledger: told this once. */
export type PartnerWithToken = Partner & { readonly inboundToken: string };

/** What a partner said of itself. */
export interface PartnerCheck {
  readonly platform: string;
  readonly isWell: boolean;
  /** Why not, in a word. */
  readonly why?: string;
  readonly status?: number;
  readonly ms: number;
}

const PATH = '/v1/partners';
const pathOf = (platform: string, verb = ''): string => `${PATH}/${part('id', platform)}${verb}`;

/** Partners outside: `client.partners`. */
export class Partners {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Says that a platform is a partner outside, or says it anew; of a new one its token is told, once. */
  put(
    platform: string,
    asked: PartnerRequest,
    options: CallOptions = {},
  ): Promise<Partner & Partial<PartnerWithToken>> {
    return this.#requests.told('PUT', pathOf(platform), asked, options);
  }

  async list(options: CallOptions = {}): Promise<readonly Partner[]> {
    type Found = { readonly partners: readonly Partner[] };
    return (await this.#requests.told<Found>('GET', PATH, undefined, options)).partners;
  }

  get(platform: string, options: CallOptions = {}): Promise<Partner> {
    return this.#requests.told('GET', pathOf(platform), undefined, options);
  }

  async remove(platform: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.told('DELETE', pathOf(platform), undefined, options);
  }

  /** Asks it nothing for now. */
  maintenance(platform: string, options: CallOptions = {}): Promise<Partner> {
    return this.#requests.told('POST', pathOf(platform, '/maintenance'), undefined, options);
  }

  resume(platform: string, options: CallOptions = {}): Promise<Partner> {
    return this.#requests.told('POST', pathOf(platform, '/resume'), undefined, options);
  }

  /** Makes a new token for it to show; the last one is good for `overlapSeconds` more. */
  rotate(
    platform: string,
    asked: { readonly overlapSeconds?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<PartnerWithToken> {
    return this.#requests.told('POST', pathOf(platform, '/token'), asked, options);
  }

  /** Asks it now how it is. */
  check(platform: string, options: CallOptions = {}): Promise<PartnerCheck> {
    return this.#requests.told('POST', pathOf(platform, '/check'), undefined, options);
  }
}
