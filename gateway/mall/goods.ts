// Goods as they are shown. Owns: these shapes. Never touches: which goods there are.

import type { DefinitionVersion, Factors, Goods } from '../../engine/index.js';
import type { Texts } from './search-index.js';

/** What is shown of goods beside what decides. */
interface Words {
  readonly name?: string;
  readonly description?: string;
  readonly image?: string;
  readonly money?: string;
}

/** A version of goods. */
export type GoodsVersion = DefinitionVersion & {
  readonly document: Goods['document'] & Words;
};

/** The version of goods that counts, and the number of the text it is found by. What every search looks at stands beside it: documents differ in shape. */
export class Good {
  readonly key: string;
  readonly number: number;
  readonly version: GoodsVersion;
  readonly programme: string;
  readonly category: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly isForAll: boolean;
  readonly nameLength: number;
  readonly since: number;

  constructor(number: number, version: GoodsVersion) {
    const { key, activeFrom, document } = version;
    const { programme, category, from = 0, to = Number.POSITIVE_INFINITY } = document;
    this.key = key;
    this.number = number;
    this.version = version;
    this.programme = programme;
    this.category = category;
    this.from = from;
    this.to = to;
    this.isForAll = document.tiers === undefined && document.audience === undefined;
    this.nameLength = document.name?.length ?? 0;
    this.since = activeFrom;
  }
}

/** Who looks: a member of a programme. */
export interface Shopper {
  readonly owner: string;
  readonly tier: string | null;
  /** Of the programme's points, in minor units. */
  readonly available: number;
  readonly isFor: (audience: string) => boolean;
}

/** A price, and what it came of. */
export interface Price {
  readonly price: number;
  readonly factors: Factors;
}

/** The texts by which goods are found. */
export const textsOf = ({ key, document }: GoodsVersion): Texts => ({
  name: `${document.name ?? ''} ${document.category ?? ''} ${key}`,
  description: document.description ?? '',
});

/** Are two versions found by the same? */
export function isFoundAlike(one: GoodsVersion, other: GoodsVersion): boolean {
  const [a, b] = [textsOf(one), textsOf(other)];
  return a.name === b.name && a.description === b.description;
}

/** Can they be had at this time? */
export function stateAt({ from, to }: Good, now: number): 'coming' | 'open' | 'over' {
  if (now < from) return 'coming';
  return now < to ? 'open' : 'over';
}

/** May somebody see them? Who is no member in particular sees all. */
export function isSeenBy({ version, isForAll }: Good, shopper: Shopper | undefined): boolean {
  if (isForAll || shopper === undefined) return true;
  const { tiers, audience } = version.document;
  if (tiers !== undefined && (shopper.tier === null || !tiers.includes(shopper.tier))) return false;
  return audience === undefined || shopper.isFor(audience);
}
