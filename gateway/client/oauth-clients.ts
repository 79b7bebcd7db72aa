// Applications of the OAuth server, through a gateway. Owns: paths, these shapes. Never touches: what members give them.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part } from './routes.js';

/** An application as it is said. */
export interface OAuthClientRequest {
  /** For people: members read it before they consent. */
  readonly name: string;
  /** Can it keep no secret? Default: false; it stays as it was registered. */
  readonly isPublic?: boolean | undefined;
  /** Where codes may go, compared character by character. Left out: it asks no members. */
  readonly redirectUris?: readonly string[] | undefined;
  /** What it may ask members for: `profile read redeem transfer participate`, or of one platform: `redeem:shop`. */
  readonly scope?: string | undefined;
  /** The platform whose points it may work on for itself, and what it may do so: `read:shop redeem:shop`. */
  readonly platform?: string | undefined;
  readonly ownScope?: string | undefined;
}

/** An application, without its secrets. Times in milliseconds since 1970. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
  readonly scope: string;
  readonly platform?: string;
  readonly ownScope?: string;
  readonly disabled: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An application and its secret, told this once; a public one has none. */
export type OAuthClientWithSecret = OAuthClient & { readonly secret?: string };

const PATH = '/v1/oauth-clients';
const pathOf = (id: string, verb = ''): string => `${PATH}/${part('id', id)}${verb}`;

/** Applications of the OAuth server: `client.oauthClients`. */
export class OAuthClients {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Registers one. A call whose answer was lost has registered it all the same: look at `list`. */
  add(asked: OAuthClientRequest, options: CallOptions = {}): Promise<OAuthClientWithSecret> {
    return this.#requests.told('POST', PATH, asked, options);
  }

  async list(options: CallOptions = {}): Promise<readonly OAuthClient[]> {
    type Found = { readonly clients: readonly OAuthClient[] };
    return (await this.#requests.told<Found>('GET', PATH, undefined, options)).clients;
  }

  get(id: string, options: CallOptions = {}): Promise<OAuthClient> {
    return this.#requests.told('GET', pathOf(id), undefined, options);
  }

  /** Changes what is said of it; what is left out stays. */
  change(
    id: string,
    asked: Partial<Omit<OAuthClientRequest, 'isPublic'>>,
    options: CallOptions = {},
  ): Promise<OAuthClient> {
    return this.#requests.told('PUT', pathOf(id), asked, options);
  }

  /** Makes a new secret; the last one is good for `overlapSeconds` more. */
  rotate(
    id: string,
    asked: { readonly overlapSeconds?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<OAuthClientWithSecret> {
    return this.#requests.told('POST', pathOf(id, '/rotate'), asked, options);
  }

  /** Refuses it; what it was given is good no more, for ever. */
  disable(id: string, options: CallOptions = {}): Promise<OAuthClient> {
    return this.#requests.told('POST', pathOf(id, '/disable'), undefined, options);
  }

  enable(id: string, options: CallOptions = {}): Promise<OAuthClient> {
    return this.#requests.told('POST', pathOf(id, '/enable'), undefined, options);
  }

  /** Removes it; what it was given is good no more. */
  async remove(id: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.told('DELETE', pathOf(id), undefined, options);
  }
}
