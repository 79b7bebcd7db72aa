// Marks of risk, and reviews of what they stop, through a gateway. Owns: paths, these shapes. Never touches: what a mark stops.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** What a mark does; `mark` stops nothing. */
export type RiskAction = 'mark' | 'second-factor' | 'review' | 'refuse';
/** What takes points of a member. */
export type RiskKind = 'redeem' | 'spend' | 'transfer' | 'exchange' | 'draw';

/** A mark, as it is said. Times: milliseconds since 1970. */
export interface NewRiskMark {
  /** Why, as a word: `IP_MULTI_ACCOUNT`. */
  readonly reason: string;
  readonly action: RiskAction;
  /** Left out: until it is lifted. */
  readonly until?: number | undefined;
  /** What it stops; left out: all kinds. */
  readonly kinds?: readonly RiskKind[] | undefined;
  /** Only this asset, and only what takes more minor units of it. */
  readonly asset?: string | undefined;
  readonly over?: number | undefined;
  /** How great the risk is, of 1,000. */
  readonly score?: number | undefined;
  /** What was seen: nothing personal. */
  readonly evidence?: string | undefined;
}

/** A mark of a member. */
export interface RiskMark extends Omit<NewRiskMark, 'until'> {
  readonly mark: string;
  readonly at: number;
  readonly seen: number;
  /** null: until it is lifted. */
  readonly until: number | null;
  /** Who says it; `engine`: a rule. */
  readonly by: string;
  readonly count: number;
  /** Of a rule. */
  readonly version?: number | undefined;
}

/** A mark in a list. */
export interface MarkedMember extends RiskMark {
  readonly owner: string;
  readonly state: 'active' | 'ended' | 'lifted';
  readonly liftedAt?: number | undefined;
}

/** What waits for a review, or was reviewed. */
export interface RiskReview {
  readonly review: string;
  readonly owner: string;
  readonly command: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly state: 'open' | 'agreed' | 'rejected';
  readonly second?: { readonly by: string; readonly at: number; readonly reason?: string };
  /** `ok`, or the code of a refusal. */
  readonly outcome?: string | undefined;
}

/** What is known of the risk of a member. */
export interface MemberRisks {
  readonly owner: string;
  readonly marks: readonly RiskMark[];
  readonly quiet: Readonly<Record<string, number>>;
  readonly devices: readonly {
    readonly device: string;
    readonly first: number;
    readonly last: number;
  }[];
  readonly stopped: number;
  readonly since?: number | undefined;
  readonly last: readonly {
    readonly at: number;
    readonly code: string;
    readonly what: string;
    readonly id?: string | undefined;
  }[];
  readonly reviews: readonly RiskReview[];
}

/** Which marks. */
export interface RisksQuery {
  readonly state?: MarkedMember['state'] | undefined;
  readonly reason?: string | undefined;
  readonly action?: RiskAction | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const ofMember = (owner: string, mark?: string): string =>
  `/v1/members/${part('owner', owner)}/risks${mark === undefined ? '' : `/${part('id', mark)}`}`;
const ofReview = (review: string, verb = ''): string => `/v1/reviews/${part('id', review)}${verb}`;

/** Marks of risk and reviews: `client.risks`. */
export class Risks {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Marks of all members, by member and name. */
  list(
    query: RisksQuery = {},
    options: CallOptions = {},
  ): Promise<{ readonly risks: readonly MarkedMember[]; readonly cursor?: string }> {
    return this.#requests.told('GET', `/v1/risks${queryOf(query)}`, undefined, options);
  }

  /** What is known of one member. */
  of(owner: string, options: CallOptions = {}): Promise<MemberRisks> {
    return this.#requests.told('GET', ofMember(owner), undefined, options);
  }

  /** Marks a member, or renews the mark of this name. */
  mark(
    owner: string,
    mark: string,
    said: NewRiskMark,
    options: CallOptions = {},
  ): Promise<unknown> {
    return this.#requests.told('PUT', ofMember(owner, mark), said, options);
  }

  /** Lifts a mark. `quietUntil`: before then its rule does not mark the member again (RFC 3339). */
  lift(
    owner: string,
    mark: string,
    why: { readonly reason: string; readonly quietUntil?: string | undefined },
    options: CallOptions = {},
  ): Promise<unknown> {
    return this.#requests.told(
      'DELETE',
      `${ofMember(owner, mark)}${queryOf(why)}`,
      undefined,
      options,
    );
  }

  /** What waits for a review, or was reviewed, what waits longest first. */
  reviews(
    query: { readonly state?: RiskReview['state']; readonly owner?: string } = {},
    options: CallOptions = {},
  ): Promise<{ readonly reviews: readonly RiskReview[] }> {
    return this.#requests.told('GET', `/v1/reviews${queryOf(query)}`, undefined, options);
  }

  review(review: string, options: CallOptions = {}): Promise<RiskReview> {
    return this.#requests.told('GET', ofReview(review), undefined, options);
  }

  /** Has it carried out. */
  agree(review: string, options: CallOptions = {}): Promise<RiskReview> {
    return this.#requests.told('POST', ofReview(review, '/agree'), {}, options);
  }

  reject(
    review: string,
    why: { readonly reason?: string } = {},
    options: CallOptions = {},
  ): Promise<RiskReview> {
    return this.#requests.told('POST', ofReview(review, '/reject'), why, options);
  }
}
