// Alerts put together: which judges there are, what each reads. Owns: that list, when accounts begin to be recomputed. Never touches: what any of them judges.

import type { Engine, Stats } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import type { Logs } from '../logs/logs.js';
import { inTime } from '../looking.js';
import type { RequestTotals } from '../metrics/metrics.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { Alerts } from './alerts.js';
import { accounts } from './judges/accounts.js';
import { budgets, liability, redemptions, stock } from './judges/ledger.js';
import { errorRate, slowness } from './judges/requests.js';
import { surge } from './judges/risks.js';
import { type Trees, trees } from './judges/trees.js';

export interface OpenAlerts {
  readonly engine: Engine;
  readonly limits: GatewayLimits;
  readonly log: Logs['service'];
  /** Of this node; empty: it is the only one. */
  readonly node: string;
  /** Which platforms there are. */
  readonly directory: { readonly platforms: readonly { readonly id: string }[] };
}

/** What is judged beside the ledger. */
export interface Judged {
  readonly totals: () => RequestTotals;
  /** The owners that what was imported came from. */
  readonly importers: () => Promise<readonly string[] | Refusal>;
  /** What was signed of logs, and who cosigns it; undefined: that cannot be known now. */
  readonly trees: () => Promise<Trees | undefined>;
}

/** Figures of the ledger stay true for so long: one look asks once. */
const STATS_MS = 1_000;
/** A ledger that does not say its figures in this time keeps no other rule from being judged. */
const STATS_ANSWER_MS = 5_000;

async function statsOf(engine: Engine): Promise<Stats> {
  const stats = await inTime(engine.stats(), STATS_ANSWER_MS);
  if (stats === undefined) throw new Error('the ledger does not say its figures');
  return stats;
}

function remembered(engine: Engine): () => Promise<Stats> {
  let at = Number.NEGATIVE_INFINITY;
  let known: Promise<Stats> | undefined;
  return () => {
    const now = performance.now();
    if (known === undefined || now - at > STATS_MS) {
      at = now;
      known = statsOf(engine);
      known.catch(() => undefined);
    }
    return known;
  };
}

/** They judge nothing yet; what is raised meanwhile is noted. */
export function openAlerts(
  { engine, limits, log, node, directory }: OpenAlerts,
  { totals, importers, trees: seen }: Judged,
): Alerts {
  const stats = remembered(engine);
  const place = node === '' ? '' : `node/${node}/`;
  const others = async (): Promise<readonly string[] | Refusal> => {
    const imported = await importers();
    if (isRefusal(imported)) return imported;
    return [...directory.platforms.map(({ id }) => `@clearing:${id}`), ...imported];
  };
  const judges = [
    errorRate({ totals, stats, place }),
    slowness({ totals, place }),
    redemptions(engine),
    ...accounts(engine),
    budgets(engine),
    stock(engine, stats),
    liability(engine, others),
    ...trees(seen),
    surge(stats, place),
  ];
  const { recountEntriesRate: rate, recountPauseMs } = limits;
  if (rate > 0) engine.recount.start(rate, recountPauseMs, recountPauseMs);
  return new Alerts({ engine, limits, log, judges, node });
}
