// Which goods there are, and which of them fit a question. Owns: all goods that are shown, in memory, once. Never touches: shards, disks, stock; what is
// charged.
//   shown.K1. What is asked here costs memory alone, also where there is no such goods.
//   shown.K2. Pages are by what they are sorted by and then by key: goods that stay as they are come once, whatever changes between two pages.

import type { DefinitionHistory, DefinitionVersion, Programme } from '../../engine/index.js';
import { Good, type GoodsVersion, isFoundAlike, isSeenBy, type Shopper, textsOf } from './goods.js';
import { KnownVersions } from './known-versions.js';
import { Prices } from './prices.js';
import { SearchIndex } from './search-index.js';

/** The kinds of definitions that what is shown follows from. */
export const SHOWN_KINDS = [
  'programme',
  'tier',
  'pricing',
  'sale',
  'stock-level',
  'goods',
] as const;

export const SORTS = ['relevance', 'newest', 'price', '-price', 'goods'] as const;
export type Sort = (typeof SORTS)[number];

/** Where a page ended. */
export interface Place {
  readonly value: number;
  readonly key: string;
}

/** Which goods. */
export interface Query {
  readonly programme: string;
  readonly shopper: Shopper | undefined;
  readonly q: string | undefined;
  readonly category: string | undefined;
  readonly priceMin: number | undefined;
  readonly priceMax: number | undefined;
  readonly sort: Sort;
  readonly after: Place | undefined;
  readonly limit: number;
  /** Are categories counted? */
  readonly isCounted?: boolean;
}

export interface Page {
  readonly goods: readonly Good[];
  readonly prices: Prices;
  /** How many fit, on all pages. */
  readonly total: number;
  /** Where it ended; undefined: there are no more. */
  readonly next: Place | undefined;
  /** How many fit of each category, whichever is asked for; by their keys. Undefined: they were not counted. */
  readonly categories: readonly (readonly [category: string, goods: number])[] | undefined;
}

/** How far what was found is from what was asked for goes before how long a name is. */
const PENALTY = 1_000;
/** Tables of prices that are kept: tiers, and audiences of sales. */
const TABLES_MAX = 32;

interface Candidate extends Place {
  readonly good: Good;
}

const isBefore = (a: Place, b: Place): boolean =>
  a.value < b.value || (a.value === b.value && a.key < b.key);

export class Catalogue {
  readonly #versions = new KnownVersions();
  readonly #goods = new Map<string, Good>();
  readonly #byProgramme = new Map<string, Map<string, Good>>();
  /** By number; undefined: they have another number now, or are no more. */
  readonly #byNumber: (Good | undefined)[] = [];
  readonly #index = new SearchIndex((number) => {
    const good = this.#byNumber[number];
    return good && textsOf(good.version);
  });
  readonly #tables = new Map<string, Prices>();
  #now = 0;

  get size(): number {
    return this.#goods.size;
  }

  /** Takes what is known of a definition. */
  defined(history: DefinitionHistory, now: number): void {
    this.#moveOn(now);
    this.#versions.put(history, this.#now);
    this.#changed(history.kind, history.key);
  }

  /** Goods by their key; undefined: there are none. */
  good(key: string, now: number): Good | undefined {
    this.#moveOn(now);
    return this.#goods.get(key);
  }

  /** The programme, as it counts. */
  programme(key: string, now: number): Programme | undefined {
    this.#moveOn(now);
    return this.#versions.at('programme', key, this.#now) as unknown as Programme | undefined;
  }

  /** Does a programme have any goods? */
  hasGoods(programme: string, now: number): boolean {
    this.#moveOn(now);
    return this.#byProgramme.has(programme);
  }

  /** The programmes that have any. */
  programmesWithGoods(now: number): readonly string[] {
    this.#moveOn(now);
    return [...this.#byProgramme.keys()];
  }

  page(query: Query, now: number): Page {
    this.#moveOn(now);
    const { programme, shopper, category, priceMin = 0, limit, after } = query;
    const { priceMax = Number.POSITIVE_INFINITY } = query;
    const prices = this.prices(programme, shopper, now);
    const isPriced = query.priceMin !== undefined || query.priceMax !== undefined;
    const best: Candidate[] = [];
    let total = 0;
    const categories = query.isCounted === true ? new Map<string, number>() : undefined;
    const look = (good: Good, penalty: number): void => {
      if (good.programme !== programme) return;
      const isOther = category !== undefined && good.category !== category;
      if (isOther && categories === undefined) return;
      if (now < good.from || now >= good.to || !isSeenBy(good, shopper)) return;
      if (isPriced) {
        const price = prices.of(good, now);
        if (price < priceMin || price > priceMax) return;
      }
      if (categories !== undefined && good.category !== undefined)
        categories.set(good.category, (categories.get(good.category) ?? 0) + 1);
      if (isOther) return;
      total++;
      const value = this.#valueOf(good, query.sort, penalty, prices);
      if (best.length > limit && value > (best[limit] as Candidate).value) return;
      const one = { value, key: good.key, good };
      if (after === undefined || isBefore(after, one)) insert(best, one, limit + 1);
    };
    if (query.q === undefined)
      for (const good of this.#byProgramme.get(programme)?.values() ?? []) look(good, 0);
    else {
      const { numbers, penalties } = this.#index.find(query.q);
      for (const number of numbers) {
        const good = this.#byNumber[number];
        if (good !== undefined) look(good, penalties[number] as number);
      }
    }
    const shown = best.slice(0, limit);
    const last = best.length > limit ? shown.at(-1) : undefined;
    const next = last && { value: last.value, key: last.key };
    const counted = categories && [...categories].sort(([a], [b]) => (a < b ? -1 : 1));
    return { goods: shown.map(({ good }) => good), prices, total, next, categories: counted };
  }

  /** What goods of a programme cost, for somebody. */
  prices(programme: string, shopper: Shopper | undefined, now: number): Prices {
    this.#moveOn(now);
    const tierKey = shopper?.tier ?? '';
    const open = this.#sales(programme).filter(({ document: { from, to, audience } = {} }) => {
      if (this.#now < (from as number) || this.#now >= (to as number)) return false;
      return audience === undefined || shopper?.isFor(audience as string) === true;
    });
    const name = [programme, tierKey, ...open.map(({ key }) => key)].join(' ');
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const tier = this.#versions.at('tier', tierKey, this.#now);
    const pricing = this.#versions.at('pricing', programme, this.#now);
    const made = new Prices({ tier, sales: open, pricing }, (key) =>
      this.#versions.at('stock-level', key, this.#now),
    );
    if (this.#tables.size >= TABLES_MAX) this.#tables.clear();
    this.#tables.set(name, made);
    return made;
  }

  #sales(programme: string): readonly DefinitionVersion[] {
    return this.#versions
      .all('sale', this.#now)
      .filter(({ document }) => document?.['programme'] === programme);
  }

  #valueOf(good: Good, sort: Sort, penalty: number, prices: Prices): number {
    switch (sort) {
      case 'relevance':
        return penalty * PENALTY + good.nameLength;
      case 'newest':
        return -good.since;
      case 'price':
        return prices.of(good, this.#now);
      case '-price':
        return -prices.of(good, this.#now);
      case 'goods':
        return 0;
    }
  }

  /** What has begun to count by now does. */
  #moveOn(now: number): void {
    if (now <= this.#now) return;
    this.#now = now;
    for (const { kind, key } of this.#versions.begun(now)) this.#changed(kind, key);
  }

  #changed(kind: string, key: string): void {
    if (kind === 'goods') this.#changedGoods(key);
    else if (kind === 'stock-level') this.#forgetPrice(this.#goods.get(key));
    else this.#tables.clear();
  }

  #changedGoods(key: string): void {
    const before = this.#goods.get(key);
    const version = this.#versions.at('goods', key, this.#now) as GoodsVersion | undefined;
    if (version === before?.version) return;
    if (before !== undefined) this.#remove(before, version);
    this.#forgetPrice(before);
    if (version === undefined) return;
    const isSameText = before !== undefined && isFoundAlike(before.version, version);
    const number = isSameText ? before.number : this.#index.add(textsOf(version));
    const good = new Good(number, version);
    this.#goods.set(key, good);
    this.#byNumber[number] = good;
    const { programme } = version.document;
    const others = this.#byProgramme.get(programme);
    if (others === undefined) this.#byProgramme.set(programme, new Map([[key, good]]));
    else others.set(key, good);
  }

  #remove({ key, number, version }: Good, next: GoodsVersion | undefined): void {
    const { programme } = version.document;
    const others = this.#byProgramme.get(programme);
    others?.delete(key);
    if (others?.size === 0) this.#byProgramme.delete(programme);
    this.#goods.delete(key);
    if (next !== undefined && isFoundAlike(next, version)) return;
    this.#byNumber[number] = undefined;
    this.#index.dropped();
  }

  #forgetPrice(good: Good | undefined): void {
    if (good === undefined) return;
    for (const table of this.#tables.values()) table.forget(good.number);
  }
}

/** Into the first ones, in their order; what is behind `most` of them goes. */
function insert(best: Candidate[], one: Candidate, most: number): void {
  if (best.length === most) {
    if (!isBefore(one, best[most - 1] as Candidate)) return;
    best.pop();
  }
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(best[middle] as Candidate, one)) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, one);
}
