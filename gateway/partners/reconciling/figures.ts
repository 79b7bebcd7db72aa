// What reconciliations and inconsistencies show of themselves as figures. Owns: their names, how often they are looked up. Never touches: what is found.

import {
  type Engine,
  INCONSISTENCY_KINDS,
  INCONSISTENCY_LISTS,
  type InconsistencyKind,
  inconsistencyPage,
  limits,
} from '../../../engine/index.js';
import { isRefusal } from '../../refusal.js';
import type { Partners } from '../partners.js';
import { LAST_RUNS, type LastRun, ONLY } from './reports.js';

/** Of one partner. */
interface PartnerFigures {
  readonly partner: string;
  /** Undefined: none has ended. */
  readonly last: LastRun | undefined;
  readonly open: Readonly<Record<InconsistencyKind, number>>;
}

interface Figures {
  /** Findings of one reconciliation that raise no alert. */
  readonly mismatchesMax: number;
  readonly partners: readonly PartnerFigures[];
}

/** They are looked up so often at most: what does not agree waits for people. */
const FRESH_MS = 10_000;
/** The node that has it tells, and no other one. */
const FIRST_SHARD = 0;

type Looked = { readonly engine: Engine; readonly partners: Pick<Partners, 'all'> };

/** Looked up when they are scraped, on the node that tells. */
export class ReconcilingFigures {
  readonly #of: () => Looked | undefined;
  readonly #mismatchesMax: number;
  #last: { readonly at: number; readonly figures: Promise<Figures | undefined> } | undefined;

  constructor(of: () => Looked | undefined, mismatchesMax: number) {
    this.#of = of;
    this.#mismatchesMax = mismatchesMax;
  }

  /** Undefined: another node tells, or they cannot be known now. */
  read(): Promise<Figures | undefined> {
    const of = this.#of();
    if (of?.engine.shardsHere.includes(FIRST_SHARD) !== true) return Promise.resolve(undefined);
    const at = performance.now();
    if (this.#last === undefined || at - this.#last.at > FRESH_MS)
      this.#last = { at, figures: this.#figuresOf(of).catch(() => undefined) };
    return this.#last.figures;
  }

  async #figuresOf({ engine, partners }: Looked): Promise<Figures | undefined> {
    const all: PartnerFigures[] = [];
    for (const { platform } of partners.all) {
      const last = await LAST_RUNS(platform).get(engine, ONLY);
      const open = await openOf(engine, platform);
      if (isRefusal(last) || open === undefined) return undefined;
      all.push({ partner: platform, last: last?.read(), open });
    }
    return { mismatchesMax: this.#mismatchesMax, partners: all };
  }
}

/** How many are open of each kind; undefined: that cannot be known now. */
async function openOf(
  { own }: Engine,
  partner: string,
): Promise<Readonly<Record<InconsistencyKind, number>> | undefined> {
  const counts = Object.fromEntries(INCONSISTENCY_KINDS.map((kind) => [kind, 0])) as Record<
    InconsistencyKind,
    number
  >;
  const limit = limits.RECORDS_PAGE_MAX;
  for (let list = 0; list < INCONSISTENCY_LISTS; list++)
    for (let after: string | undefined; ; ) {
      const page = await inconsistencyPage(own, partner, undefined, { list, after, limit });
      if (isRefusal(page)) return undefined;
      for (const { kind } of page) counts[kind]++;
      after = page.at(-1)?.key;
      if (page.length < limit) break;
    }
  return counts;
}

const ofLast = (name: string, help: string, of: (last: LastRun) => number) => ({
  name,
  type: 'gauge' as const,
  help,
  values: (figures: Figures | undefined) =>
    (figures?.partners ?? []).flatMap(({ partner, last }) =>
      last === undefined ? [] : [{ labels: { partner }, value: of(last) }],
    ),
});

export const RECONCILING_FAMILIES = [
  ofLast(
    'jifen_reconciliation_mismatches',
    'Findings of the last reconciliation with a partner.',
    ({ mismatches }) => mismatches,
  ),
  {
    name: 'jifen_reconciliation_mismatches_max',
    type: 'gauge' as const,
    help: 'Findings of one reconciliation that raise no alert (reconcileMismatchesMax).',
    values: (figures: Figures | undefined) =>
      figures === undefined ? [] : [{ labels: {}, value: figures.mismatchesMax }],
  },
  ofLast(
    'jifen_reconciliation_totals_differ',
    'Assets whose totals differ by it.',
    ({ differ }) => differ,
  ),
  ofLast(
    'jifen_reconciliation_unknown',
    'It could not be known whether all agrees: the partner’s list, or totals.',
    ({ state, unknown }) => Number(state !== 'done' || unknown > 0),
  ),
  ofLast(
    'jifen_reconciliation_timestamp_seconds',
    'When it ended, seconds since 1970.',
    ({ endedAt }) => endedAt / 1_000,
  ),
  {
    name: 'jifen_inconsistencies_open',
    type: 'gauge' as const,
    help: 'What does not agree with a partner, by kind.',
    values: (figures: Figures | undefined) =>
      (figures?.partners ?? []).flatMap(({ partner, open }) =>
        INCONSISTENCY_KINDS.map((kind) => ({ labels: { partner, kind }, value: open[kind] })),
      ),
  },
];
