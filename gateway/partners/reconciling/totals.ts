// What operations of this ledger have added and deducted at a partner in a period, here and there. Owns: sums, what is compared of totals. Never touches:
// operations one by one.

import type { OperationKind } from '../../../engine/index.js';
import type { PartnerAdapter, Totals } from '../adapter.js';
import type { Entry } from './judging.js';
import { answered, type ListingLimits, type Span } from './listing.js';

/** Minor units. */
export interface Sums {
  readonly added: number;
  readonly deducted: number;
}

/** How the totals of an asset compare. */
export interface ComparedTotals {
  readonly asset: string;
  readonly state: 'agree' | 'differ' | 'unknown';
  /** Why they are not known, in a word. */
  readonly why?: string | undefined;
  /** Of the period. */
  readonly ours: Sums;
  readonly theirs?: Sums | undefined;
  /** All of its members' points as the partner says, and when: for the record. */
  readonly total?: number | undefined;
  readonly totalAt?: number | undefined;
}

/** Sums of operations, by asset. */
export class AssetSums {
  readonly #span: Span;
  readonly #all = new Map<string, Record<OperationKind, number>>();

  /** Only what is within counts. */
  constructor(span: Span) {
    this.#span = span;
  }

  add(moved: Entry | undefined): void {
    if (moved === undefined || moved.at < this.#span.from || moved.at >= this.#span.until) return;
    const sums = this.#all.get(moved.asset) ?? { add: 0, deduct: 0 };
    sums[moved.kind] += moved.amount;
    this.#all.set(moved.asset, sums);
  }

  of(asset: string): Sums {
    const { add: added = 0, deduct: deducted = 0 } = this.#all.get(asset) ?? {};
    return { added, deducted };
  }

  get assets(): Iterable<string> {
    return this.#all.keys();
  }
}

/** What the partner says as of both ends of a period. */
type BothEnds = { readonly begin: Totals; readonly end: Totals } | { readonly why: string };

const NOTHING: Totals = { state: 'totals', total: 0, added: 0, deducted: 0 };

/** Of each asset, as it is said now. */
export async function readTotals(
  adapter: Pick<PartnerAdapter, 'totals'>,
  assets: readonly string[],
  { from, until }: Span,
  limits: ListingLimits,
  ending: AbortSignal,
): Promise<ReadonlyMap<string, BothEnds>> {
  const all = new Map<string, BothEnds>();
  const at = (asset: string, time: number) =>
    answered((signal) => adapter.totals(asset, time, signal), limits, ending);
  for (const asset of assets) {
    const end = await at(asset, until);
    const begin = from === 0 ? NOTHING : await at(asset, from);
    const [unknown] = [end, begin].filter((one) => one.state === 'unknown');
    if (unknown?.state === 'unknown') all.set(asset, { why: unknown.why });
    else all.set(asset, { begin: begin as Totals, end: end as Totals });
  }
  return all;
}

const within = ({ begin, end }: { readonly begin: Totals; readonly end: Totals }): Sums => ({
  added: end.added - begin.added,
  deducted: end.deducted - begin.deducted,
});

const isSame = (a: Sums, b: Sums): boolean => a.added === b.added && a.deducted === b.deducted;

/** How they compare, asset by asset. `before`, `after`: as the partner said them before and after the lists were read. */
export function comparedTotals(
  sums: AssetSums,
  until: number,
  before: ReadonlyMap<string, BothEnds>,
  after: ReadonlyMap<string, BothEnds>,
): ComparedTotals[] {
  const strange = [...sums.assets].filter((asset) => !before.has(asset));
  return [
    ...[...before].map(([asset, first]): ComparedTotals => {
      const ours = sums.of(asset);
      const last = after.get(asset) ?? { why: 'ABORTED' };
      if ('why' in first) return { asset, state: 'unknown', why: first.why, ours };
      if ('why' in last) return { asset, state: 'unknown', why: last.why, ours };
      const theirs = within(last);
      const said = { ours, theirs, total: last.end.total, totalAt: until };
      if (!isSame(within(first), theirs))
        return { asset, state: 'unknown', why: 'MOVING', ...said };
      return { asset, state: isSame(ours, theirs) ? 'agree' : 'differ', ...said };
    }),
    ...strange.map(
      (asset): ComparedTotals => ({
        ...{ asset, state: 'unknown', why: 'NOT_THE_PARTNERS', ours: sums.of(asset) },
      }),
    ),
  ];
}
