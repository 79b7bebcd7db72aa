// What the clearing centre shows of itself as figures. Owns: their names, how often they are looked up. Never touches: what waits, disputes.

import type { Engine } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';
import { openCounts } from './disputes.js';
import { pendingCounts } from './pending.js';
import { waitingRates } from './waiting-rates.js';

/** What the metrics are made of. */
interface Figures {
  readonly ratesWaiting: number;
  readonly ratesWaitingSince: number | undefined;
  readonly disputesOpen: number;
  readonly disputesOverdue: number;
  readonly exchangesPending: number;
}

/** They are looked up so often at most: what waits, waits for people. */
const FRESH_MS = 10_000;
/** The shard with the definitions: the node that has it tells, and no other one. */
const FIRST_SHARD = 0;
const PAGE = 100;

/** Looked up when they are scraped, on the node that tells. */
export class ClearingFigures {
  readonly #engine: () => Engine | undefined;
  #last: { readonly at: number; readonly figures: Promise<Figures | undefined> } | undefined;

  constructor(engine: () => Engine | undefined) {
    this.#engine = engine;
  }

  /** Undefined: another node tells, or they cannot be known now. */
  read(): Promise<Figures | undefined> {
    const engine = this.#engine();
    if (engine?.shardsHere.includes(FIRST_SHARD) !== true) return Promise.resolve(undefined);
    const at = performance.now();
    if (this.#last === undefined || at - this.#last.at > FRESH_MS)
      this.#last = { at, figures: figuresOf(engine).catch(() => undefined) };
    return this.#last.figures;
  }
}

async function figuresOf(engine: Engine): Promise<Figures | undefined> {
  const waiting = await waitingRates(engine);
  if (isRefusal(waiting)) return undefined;
  let [disputesOpen, disputesOverdue] = [0, 0];
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions('coalition', { after, limit: PAGE });
    if (isRefusal(page)) return undefined;
    for (const { key } of page) {
      const counts = await openCounts(engine, key);
      if (isRefusal(counts)) return undefined;
      disputesOpen += counts.open;
      disputesOverdue += counts.overdue;
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) break;
  }
  const pending = await pendingCounts(engine);
  if (isRefusal(pending)) return undefined;
  const exchangesPending = pending.reduce((sum, one) => sum + one.pending, 0);
  const sinces = waiting.map(({ since }) => since);
  const ratesWaitingSince = sinces.length === 0 ? undefined : Math.min(...sinces);
  return {
    ...{ ratesWaiting: waiting.length, ratesWaitingSince, disputesOpen, disputesOverdue },
    exchangesPending,
  };
}

const gauge = (name: string, help: string, of: (figures: Figures) => number) => ({
  name,
  type: 'gauge' as const,
  help,
  values: (figures: Figures | undefined) =>
    figures === undefined ? [] : [{ labels: {}, value: of(figures) }],
});

export const CLEARING_FAMILIES = [
  gauge(
    'jifen_rates_waiting',
    'Changes of rates of exchange, or of what values follow from, that wait for a second person.',
    ({ ratesWaiting }) => ratesWaiting,
  ),
  gauge(
    'jifen_rates_waiting_since_seconds',
    'When the oldest of them was said, seconds since 1970; 0: none waits.',
    ({ ratesWaitingSince = 0 }) => ratesWaitingSince / 1_000,
  ),
  gauge(
    'jifen_disputes_open',
    'Disputes between platforms that are not decided.',
    ({ disputesOpen }) => disputesOpen,
  ),
  gauge(
    'jifen_disputes_overdue',
    'Those of them whose time to be answered is over.',
    ({ disputesOverdue }) => disputesOverdue,
  ),
  gauge(
    'jifen_exchanges_pending',
    'Exchanges that wait for points of reserves.',
    ({ exchangesPending }) => exchangesPending,
  ),
];
