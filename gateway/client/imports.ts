// Imports of another points system, asked for through a gateway. Owns: paths, these shapes. Never touches: attempts; files (`jifen import` reads them).

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part } from './routes.js';

/** An import. */
export interface ImportState {
  readonly name: string;
  /** SHA-256 of what it brings in, in hex. */
  readonly digest: string;
  /** When it began, milliseconds since 1970. */
  readonly at: number;
  readonly endedAt?: number;
  readonly came?: ImportCame;
}

/** What an import came to, as who ran it says. */
export interface ImportCame {
  readonly members: number;
  readonly lines: number;
  readonly refused: number;
}

/** One line of a member: points that it had, a lot of them, or something that happened. */
export interface ImportLine {
  readonly kind: 'balance' | 'lot' | 'entry';
  readonly asset: string;
  /** Minor units; of an entry below 0: it took points. */
  readonly amount: number;
  /** The source's own id of it, unique among the member's. Left out: the line may not come twice. */
  readonly id?: string | undefined;
  /** When it happened, milliseconds since 1970. Left out, of a balance and a lot: when the import began. */
  readonly occurredAt?: number | undefined;
  /** null: never. Left out: as the asset says of what is earned now. */
  readonly expiresAt?: number | null | undefined;
  /** As the source calls it. `expire`: by it, points expired. */
  readonly type?: string | undefined;
  readonly businessType?: string | undefined;
  readonly businessId?: string | undefined;
  readonly remark?: string | undefined;
}

/** A member: by `owner`, or by `platform` and `user`, or all. */
export interface ImportMember {
  readonly owner?: string | undefined;
  readonly platform?: string | undefined;
  readonly user?: string | undefined;
  readonly status?: 'active' | 'frozen' | 'inactive' | undefined;
  readonly programme?: string | undefined;
  readonly tier?: string | undefined;
  readonly tierUntil?: number | undefined;
  readonly lines?: readonly ImportLine[] | undefined;
}

/** What became of a member. */
export interface ImportedMember {
  readonly owner: string | null;
  /** Lines by their place; -1: the member itself. */
  readonly refused: readonly {
    readonly line: number;
    readonly code: string;
    readonly field?: string;
    readonly detail: string;
  }[];
  /** By asset, in minor units. */
  readonly sums: Readonly<
    Record<
      string,
      {
        readonly lines: number;
        readonly earned: number;
        readonly spent: number;
        readonly expired: number;
      }
    >
  >;
}

/** Imports through a gateway: `client.imports`. Takes a key that administers the whole ledger. */
export class Imports {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Begins an import, or goes on with it; refused (`IMPORT_CHANGED`) where its digest is another one. */
  begin(name: string, digest: string, options: CallOptions = {}): Promise<ImportState> {
    return this.#requests.told('POST', '/v1/imports', { name, digest }, options);
  }

  /** An import, and by asset what members have got by it, less what they spent. */
  state(
    name: string,
    options: CallOptions = {},
  ): Promise<ImportState & { readonly brought: Readonly<Record<string, number>> }> {
    return this.#requests.told('GET', pathOf(name), undefined, options);
  }

  /** Brings members in, each with all of its lines; asked again, it is a repeat. */
  members(
    name: string,
    members: readonly ImportMember[],
    { dryRun = false, ...options }: CallOptions & { readonly dryRun?: boolean } = {},
  ): Promise<{ readonly at: number; readonly members: readonly ImportedMember[] }> {
    const path = `${pathOf(name)}/members${dryRun ? '?dryRun=true' : ''}`;
    return this.#requests.told('POST', path, { members }, options);
  }

  /** Says that all of it is through. */
  end(name: string, came: ImportCame, options: CallOptions = {}): Promise<ImportState> {
    return this.#requests.told('POST', `${pathOf(name)}/end`, came, options);
  }
}

const pathOf = (name: string): string => `/v1/imports/${part('import', name)}`;
