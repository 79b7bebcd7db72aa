// Personal data through a gateway: consents, who has seen it, erasures, the keys that it is sealed under. Owns: paths, these shapes. Never touches: keys, what
// is sealed.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** What a member lets be shared; nothing where nothing was said. */
export interface Sharing {
  readonly owner: string;
  readonly share_analytics: Consent;
  readonly share_contacts: Consent;
}

/** `at`: milliseconds since 1970; null: nothing was said. */
export interface Consent {
  readonly isGiven: boolean;
  readonly at: number | null;
}

/** That somebody has seen personal data in clear. */
export interface Disclosure {
  readonly at: number;
  /** Who, as the audit trail names it. */
  readonly by: string;
  /** What: contacts, receivers, an export. */
  readonly what: string;
  /** The route that told it. */
  readonly way: string;
}

/** How an erasure stands; `requested`: the member asks for it, and nobody has decided. */
export interface Erasure {
  readonly owner: string;
  readonly state: 'requested' | 'erasing' | 'erased';
  readonly at: number;
  readonly by: string | null;
  readonly reason: string | null;
  readonly doneAt?: number | undefined;
}

/** How long something is kept. */
export interface Retention {
  readonly what: string;
  /** null: for ever, or until it is removed. */
  readonly days: number | null;
  readonly setting: string | null;
}

/** Versions of a member's key; `uses`: how many texts that are kept are sealed with one. */
export interface KeyVersions {
  readonly owner: string;
  readonly versions: readonly {
    readonly version: number;
    /** It seals. */
    readonly isNewest: boolean;
    readonly uses: Readonly<Partial<Record<'contact' | 'sign-in' | 'order' | 'profile', number>>>;
  }[];
}

/** The keys of a node: never a key. */
export interface VaultState {
  /** Can what is sealed be opened? */
  readonly isOpen: boolean;
  readonly reason?: string | undefined;
  readonly master: string;
  readonly members: number;
  readonly erased: number;
}

const ofMember = (owner: string, what: string): string =>
  `/v1/members/${part('owner', owner)}/${what}`;

/** Personal data: `client.privacy`. */
export class Privacy {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** What a member lets be shared. */
  sharing(owner: string, options: CallOptions = {}): Promise<Sharing> {
    return this.#requests.told('GET', ofMember(owner, 'sharing'), undefined, options);
  }

  /** Says what a member lets be shared; what is left out stays as it is. */
  share(
    owner: string,
    said: { readonly share_analytics?: boolean; readonly share_contacts?: boolean },
    options: CallOptions = {},
  ): Promise<Sharing> {
    return this.#requests.told('PUT', ofMember(owner, 'sharing'), said, options);
  }

  /** Who has seen what of a member, the newest first. */
  disclosures(
    owner: string,
    query: { readonly limit?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly disclosures: readonly Disclosure[]; readonly cursor?: string }> {
    const path = `${ofMember(owner, 'disclosures')}${queryOf(query)}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  /** A member's name at a platform, which says nothing of it elsewhere. `platform`: left out by a platform alone, which asks for its own. */
  anonymousId(
    owner: string,
    platform?: string,
    options: CallOptions = {},
  ): Promise<{ readonly id: string }> {
    const path = `${ofMember(owner, 'anonymous-id')}${queryOf({ platform })}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  /** How the erasure of a member stands; rejects where there is none. */
  erasure(owner: string, options: CallOptions = {}): Promise<Erasure> {
    return this.#requests.told('GET', ofMember(owner, 'erasure'), undefined, options);
  }

  /** Erases a member for good: its key is destroyed; points stay under the pseudonym. `id`: the same again is the same. */
  erase(
    owner: string,
    why: { readonly reason: string; readonly id?: string },
    options: CallOptions = {},
  ): Promise<unknown> {
    return this.#requests.told('POST', ofMember(owner, 'erasure'), why, options);
  }

  /** Asks for it, for somebody who decides. */
  requestErasure(
    owner: string,
    why: { readonly reason?: string } = {},
    options: CallOptions = {},
  ): Promise<Erasure> {
    return this.#requests.told('POST', ofMember(owner, 'erasure-request'), why, options);
  }

  /** Takes that back. */
  withdrawErasure(owner: string, options: CallOptions = {}): Promise<unknown> {
    return this.#requests.told('DELETE', ofMember(owner, 'erasure-request'), undefined, options);
  }

  /** Members who were erased, or ask for it. */
  erasures(
    query: { readonly state?: 'requested' | 'erased'; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly erasures: readonly Erasure[]; readonly cursor?: string }> {
    return this.#requests.told('GET', `/v1/erasures${queryOf(query)}`, undefined, options);
  }

  /** How long what is kept. */
  retention(options: CallOptions = {}): Promise<{ readonly retention: readonly Retention[] }> {
    return this.#requests.told('GET', '/v1/retention', undefined, options);
  }

  /** The keys of the node that answers. */
  vault(options: CallOptions = {}): Promise<VaultState> {
    return this.#requests.told('GET', '/v1/vault', undefined, options);
  }

  /** The versions of a member's key, the newest last, and how much of what is kept is sealed with each. */
  keyVersions(owner: string, options: CallOptions = {}): Promise<KeyVersions> {
    return this.#requests.told('GET', ofMember(owner, 'key-versions'), undefined, options);
  }

  /** Destroys an older version that nothing is sealed with: `KEY_VERSION_USED`, `KEY_VERSION_SEALS`. */
  revokeKeyVersion(
    owner: string,
    version: number,
    options: CallOptions = {},
  ): Promise<KeyVersions> {
    const path = ofMember(owner, `key-versions/${version}`);
    return this.#requests.told('DELETE', path, undefined, options);
  }

  /** Makes keys of that node anew, while it serves. */
  rotate(
    level: 'master' | 'shelves' | 'members' = 'master',
    options: CallOptions = {},
  ): Promise<VaultState> {
    return this.#requests.told('POST', '/v1/vault/rotate', { level }, options);
  }
}
