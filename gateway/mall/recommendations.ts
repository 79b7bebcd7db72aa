// What members with like orders have taken. Owns: who has taken what lately, and what is recommended by it. Never touches: what may be seen, what it
// costs.
//   shown.R1. What is recommended says why: how many members took it, and which goods of the member's own they took as well, where that were several. Nobody is named.
//   shown.R2. It follows from the last orders of a programme, as of a time that is told; orders that were cancelled count for nothing.

import type { Refused } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';

/** Orders of a programme that are looked at, the newest first; and how many at a time. */
const ORDERS_MAX = 10_000;
const PAGE = 100;
/** From this age on it is made anew while the old one is used; from that one on nobody is told of it. */
const FRESH_MS = 60_000;
const STALE_MS = 600_000;
/** Programmes of which it is known. */
const PROGRAMMES_MAX = 16;
/** Of a member, goods that are looked at, and of goods, members: the newest. */
const GOODS_MAX = 50;
const MEMBERS_MAX = 500;
/** Pages that are read at most: some have few orders of the programme. */
const PAGES_MAX = (2 * ORDERS_MAX) / PAGE;
/** Fewer members are no reason: they could be known. */
const REASON_MIN = 2;
/** Reasons that are told. */
const REASONS_MAX = 3;

/** An order as it is listed. */
interface Listed {
  readonly owner: string;
  readonly goods: string;
  readonly state: string;
}

/** Lists orders of a programme, the newest first. */
export type ListOrders = (query: {
  readonly programme: string;
  readonly owner?: string;
  readonly cursor?: string | undefined;
  readonly limit: number;
}) => Promise<
  | {
      readonly ok: true;
      readonly orders: readonly Listed[];
      readonly asOf: string;
      readonly cursor?: string;
    }
  | Refused
>;

/** Goods that are recommended, and why. */
export interface Recommended {
  readonly goods: string;
  /** How many members have taken them lately. */
  readonly members: number;
  /** What of the member's own they took as well, and how many of them; none: it is for nothing but that many take it. */
  readonly because: readonly { readonly goods: string; readonly members: number }[];
}

/** Goods of a member, each once, the newest first. */
export function goodsIn(orders: readonly Listed[]): readonly string[] {
  const taken = orders.filter(({ state }) => state !== 'cancelled');
  return [...new Set(taken.map(({ goods }) => goods))].slice(0, GOODS_MAX);
}

/** Who has taken what lately. */
export class Taken {
  /** When it was looked up, milliseconds since 1970, and as of which blocks. */
  readonly at: number;
  readonly asOf: string;
  /** How many orders it is of. */
  readonly orders: number;
  readonly #byMember = new Map<string, Set<string>>();
  readonly #byGoods = new Map<string, Set<string>>();
  readonly #ordered = new Map<string, number>();

  constructor(orders: readonly Listed[], at: number, asOf: string) {
    this.at = at;
    this.asOf = asOf;
    this.orders = orders.length;
    for (const { owner, goods, state } of orders) {
      if (state === 'cancelled') continue;
      into(this.#byMember, owner, goods, GOODS_MAX);
      into(this.#byGoods, goods, owner, MEMBERS_MAX);
      this.#ordered.set(goods, (this.#ordered.get(goods) ?? 0) + 1);
    }
  }

  /** Goods, and how many of the orders are of each. */
  get ordered(): Iterable<readonly [goods: string, orders: number]> {
    return this.#ordered;
  }

  /** For a member who has taken these: the likest first, and then what most take. */
  recommended(owner: string, own: readonly string[]): readonly Recommended[] {
    const scores = new Map<string, number>();
    const reasons = new Map<string, { goods: string; members: number }[]>();
    const had = new Set(own);
    for (const goods of own) {
      const members = this.#byGoods.get(goods) ?? new Set();
      const both = new Map<string, number>();
      for (const member of members) {
        if (member === owner) continue;
        for (const other of this.#byMember.get(member) ?? [])
          if (!had.has(other)) both.set(other, (both.get(other) ?? 0) + 1);
      }
      for (const [other, count] of both) {
        if (count < REASON_MIN) continue;
        const all = this.#byGoods.get(other)?.size ?? 1;
        // What everybody takes says little of who takes it.
        scores.set(other, (scores.get(other) ?? 0) + count / Math.sqrt(all * members.size));
        const why = reasons.get(other);
        if (why === undefined) reasons.set(other, [{ goods, members: count }]);
        else why.push({ goods, members: count });
      }
    }
    const found = [...this.#byGoods].flatMap(([goods, members]) =>
      had.has(goods) ? [] : [{ goods, members: members.size, score: scores.get(goods) ?? 0 }],
    );
    found.sort(
      (a, b) => b.score - a.score || b.members - a.members || (a.goods < b.goods ? -1 : 1),
    );
    return found.map(({ goods, members }) => {
      const why = (reasons.get(goods) ?? []).sort((a, b) => b.members - a.members);
      return { goods, members, because: why.slice(0, REASONS_MAX) };
    });
  }
}

function into(all: Map<string, Set<string>>, key: string, value: string, most: number): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, new Set([value]));
  else if (known.size < most) known.add(value);
}

interface Known {
  taken: Taken | undefined;
  since: number;
  reading: Promise<Taken | Refused> | undefined;
}

/** Who has taken what, by programme: looked up once, however many ask. */
export class Recommendations {
  readonly #list: ListOrders;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(list: ListOrders, now: () => number) {
    this.#list = list;
    this.#now = now;
  }

  async of(programme: string): Promise<Taken | Refused> {
    let known = this.#known.get(programme);
    if (known === undefined) {
      if (this.#known.size >= PROGRAMMES_MAX) this.#known.clear();
      known = { taken: undefined, since: Number.NEGATIVE_INFINITY, reading: undefined };
      this.#known.set(programme, known);
    }
    const age = performance.now() - known.since;
    if (known.taken !== undefined && age < FRESH_MS) return known.taken;
    const reading = (known.reading ??= this.#read(known, programme));
    return known.taken !== undefined && age < STALE_MS ? known.taken : reading;
  }

  async #read(known: Known, programme: string): Promise<Taken | Refused> {
    try {
      const all: Listed[] = [];
      const at = this.#now();
      let asOf: string | undefined;
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await this.#list({ programme, cursor, limit: PAGE });
        if (isRefusal(page)) return page;
        asOf ??= page.asOf;
        all.push(...page.orders);
        cursor = page.cursor;
      } while (cursor !== undefined && all.length < ORDERS_MAX && ++pages < PAGES_MAX);
      known.taken = new Taken(all, at, asOf);
      known.since = performance.now();
      return known.taken;
    } finally {
      known.reading = undefined;
    }
  }
}
