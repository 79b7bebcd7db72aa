// Goods of the mall behind a gateway, as the client is told of them. Owns: where they are asked for, these shapes. Never touches: attempts.

import type { CallOptions } from './ending.js';
import { part, queryOf } from './routes.js';

/** Goods as they are shown. */
export interface ShownGoods {
  readonly goods: string;
  /** Of their definition. */
  readonly version: number;
  readonly programme: string;
  readonly asset: string;
  readonly name?: string;
  readonly description?: string;
  readonly image?: string;
  readonly money?: string;
  readonly category?: string;
  readonly delivery: 'physical' | 'code' | 'card' | 'coupon';
  /** Of a piece, now, in minor units: `points` times the factors. */
  readonly price: number;
  readonly points: number;
  /** In percent. */
  readonly factors: { readonly tier: number; readonly sale: number; readonly stock: number };
  readonly limit?: number;
  readonly span?: string;
  readonly most?: number;
  readonly from?: number;
  readonly to?: number;
  readonly tiers?: readonly string[];
  readonly state: 'coming' | 'open' | 'over';
  /** Pieces that were left a moment ago; absent: there is no end of them, or it is not known now. */
  readonly left?: number;
  /** Where a member was named: has he the points for a piece? */
  readonly affordable?: boolean;
}

/** Which goods. */
export interface GoodsQuery {
  readonly programme: string;
  /** What to search for. */
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly priceMin?: number | undefined;
  readonly priceMax?: number | undefined;
  /** A member: what he may see, at his prices. */
  readonly owner?: string | undefined;
  readonly affordable?: boolean | undefined;
  /** Say, too, how many fit of each category, whichever is asked for. */
  readonly categories?: boolean | undefined;
  readonly sort?: 'relevance' | 'newest' | 'price' | '-price' | 'goods' | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A page of goods. */
export interface GoodsPage {
  readonly programme: string;
  readonly asset: string;
  /** How many fit, on all pages. */
  readonly total: number;
  readonly goods: readonly ShownGoods[];
  readonly categories?: readonly { readonly category: string; readonly goods: number }[];
  readonly cursor?: string;
}

/** What a member could redeem points for. */
export interface RedemptionOptions {
  readonly owner: string;
  readonly programme: string;
  readonly asset: string;
  readonly available: number;
  /** The cheapest first. */
  readonly options: readonly {
    readonly goods: string;
    readonly name?: string;
    readonly price: number;
    readonly affordable: boolean;
    /** Points, in minor units. */
    readonly lacks?: number;
    readonly left?: number;
  }[];
}

/** Goods that are recommended, and why. */
export interface RecommendedGoods extends ShownGoods {
  /** How many members have taken them lately. */
  readonly members: number;
  /** Which of the member's own goods how many of them took as well. */
  readonly because: readonly { readonly goods: string; readonly members: number }[];
}

/** What members with like orders have taken. */
export interface Recommendations {
  readonly owner: string;
  readonly programme: string;
  readonly asset: string;
  /** As of when, milliseconds since 1970; up to which block of each shard; of how many orders. */
  readonly at: number;
  readonly asOf: string;
  readonly orders: number;
  readonly goods: readonly RecommendedGoods[];
}

/** Reads what is at a path; undefined: there is no definition that it names, where that may be. */
type Read = (path: string, options: CallOptions, mayLack?: boolean) => Promise<unknown>;

/** What is asked of goods: `client.mall`. */
export class GoodsCalls {
  readonly #read: Read;

  constructor(read: Read) {
    this.#read = read;
  }

  /** Goods of a programme that can be had now; `cursor`: there are more. */
  async goods(query: GoodsQuery, options: CallOptions = {}): Promise<GoodsPage> {
    return (await this.#read(`/v1/goods${queryOf(query)}`, options)) as GoodsPage;
  }

  /** Goods by their key, for a member where one is named; undefined: there are none. */
  async good(
    goods: string,
    { owner, ...options }: CallOptions & { readonly owner?: string } = {},
  ): Promise<ShownGoods | undefined> {
    const path = `/v1/goods/${part('goods', goods)}${queryOf({ owner })}`;
    return (await this.#read(path, options, true)) as ShownGoods | undefined;
  }

  /** What members with like orders have taken, and this one has not. */
  async recommendations(
    owner: string,
    query: {
      readonly programme: string;
      readonly category?: string;
      readonly affordable?: boolean;
      readonly limit?: number;
    },
    options: CallOptions = {},
  ): Promise<Recommendations> {
    const path = `/v1/members/${part('owner', owner)}/recommendations${queryOf(query)}`;
    return (await this.#read(path, options)) as Recommendations;
  }

  /** What a member could redeem points for, or whether he could have these `goods`. */
  async options(
    owner: string,
    query: { readonly programme: string; readonly goods?: string; readonly limit?: number },
    options: CallOptions = {},
  ): Promise<RedemptionOptions> {
    const path = `/v1/members/${part('owner', owner)}/options${queryOf(query)}`;
    return (await this.#read(path, options)) as RedemptionOptions;
  }
}
