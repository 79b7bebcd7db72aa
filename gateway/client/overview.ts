// What is looked up of the whole ledger through a gateway: whatever somebody has in hand, members, what happened to one, what waits, how it is. Owns: paths,
// these shapes. Never touches: how it is found.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** Something that is found. `key`: by what it is asked for; `owner`: whose it is. */
export interface FoundThing {
  readonly type: string;
  /** The whole of it was said, or a member's name begins so. */
  readonly match: 'exact' | 'prefix';
  readonly owner?: string;
  readonly key?: string;
  readonly system?: string;
  readonly kind?: string;
  readonly programme?: string;
  readonly act?: string;
  readonly state?: string;
  readonly at?: number | string;
}

/** A page of a list; `cursor`: there may be more, ask with it. `behind`: blocks of the logs that are not looked at yet. */
interface Page {
  readonly behind: number;
  readonly cursor?: string;
}

/** Which page of a list. */
export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A member, with its accounts as they are now. Amounts in minor units. */
export interface ListedMember {
  readonly owner: string;
  /** When it was first seen, milliseconds since 1970. */
  readonly since: number;
  readonly accounts: readonly {
    readonly asset: string;
    readonly available: number;
    readonly held: number;
    readonly frozen: boolean;
    readonly closed: boolean;
  }[];
}

/** Something that happened to a member: what one command did, what the ledger did by itself (`entry`), what it was told (`notice`). */
export interface TimelineItem {
  readonly type: 'command' | 'entry' | 'notice';
  readonly at: number | string;
  readonly id?: string;
  readonly operation?: string;
  readonly act?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly ref?: string;
  readonly memo?: string;
  /** Who asked, by the credentials shown. */
  readonly by?: string;
  /** `ok`; `PREPARED`: not decided yet; or why it was refused. */
  readonly outcome?: string;
  readonly entries: readonly {
    readonly asset: string;
    readonly delta: number;
    readonly heldDelta: number;
  }[];
  readonly effects?: readonly Readonly<Record<string, unknown>>[];
  readonly why?: Readonly<Record<string, unknown>>;
  readonly notice?: Readonly<Record<string, unknown>>;
}

/** When something happened: from, to (milliseconds since 1970, RFC 3339, or a day). */
export interface TimelineQuery extends PageQuery {
  readonly from?: number | string | undefined;
  readonly to?: number | string | undefined;
}

export type ApprovalType = 'adjustment' | 'partner-exchange' | 'rate' | 'definition';

/** Something that waits for a second person. */
export interface WaitingApproval {
  readonly type: ApprovalType;
  /** Since when, milliseconds since 1970. */
  readonly at: number;
  /** Who proposed it: somebody else must agree. */
  readonly by?: string | null;
  readonly until?: number;
  readonly kind?: string;
  readonly key?: string;
  readonly version?: number;
  readonly document?: Readonly<Record<string, unknown>>;
  readonly owner?: string;
  readonly case?: string;
  readonly id?: string;
  readonly correction?: string;
  readonly give?: number;
  readonly take?: number;
  readonly asset?: string;
  readonly reason?: string;
  readonly exchange?: string;
}

/** Looking things up: `client.overview`. */
export class Overview {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Whatever somebody has in hand: a name, an id, a number, a code. Exact matches come first. */
  search(
    q: string,
    { limit, ...options }: CallOptions & { readonly limit?: number | undefined } = {},
  ): Promise<{ readonly results: readonly FoundThing[]; readonly behind: number }> {
    return this.#get(`/v1/search${queryOf({ q, limit })}`, options);
  }

  /** All members by name, or those whose names begin so. */
  members(
    query: PageQuery & { readonly prefix?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly members: readonly ListedMember[]; readonly asOf: string }> {
    return this.#get(`/v1/members${queryOf(query)}`, options);
  }

  /** What happened to a member, the newest first, each with why. */
  timeline(
    owner: string,
    query: TimelineQuery = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly owner: string; readonly items: readonly TimelineItem[] }> {
    const path = `/v1/members/${part('owner', owner)}/timeline`;
    return this.#get(path + queryOf(query), options);
  }

  /** All that waits for a second person. A page may have little in it, and a cursor. */
  approvals(
    query: { readonly type?: ApprovalType | undefined; readonly cursor?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<Page & { readonly approvals: readonly WaitingApproval[] }> {
    return this.#get(`/v1/approvals${queryOf(query)}`, options);
  }

  /** How the ledger is: shards, positions, checkpoints, nodes, backups, what follows the logs (`StatusAnswer` of the OpenAPI document). */
  status(options: CallOptions = {}): Promise<Readonly<Record<string, unknown>>> {
    return this.#get('/v1/status', options);
  }

  #get<T>(path: string, options: CallOptions): Promise<T> {
    return this.#requests.told('GET', path, undefined, options);
  }
}
