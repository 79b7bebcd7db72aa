// Requests and commands of this node that fail, or take too long. Owns: what counts as failed. Never touches: sockets.
//   alerts.J1. What a caller does wrong is no failure: refusals of the ledger and answers 4xx are not counted.

import { type Engine, REFUSALS, type Stats } from '../../../engine/index.js';
import type { RequestTotals } from '../../metrics/metrics.js';
import type { Cause, Judge, RuleSettings } from '../shapes.js';
import { SlidingWindow } from '../window.js';

export interface RequestParts {
  readonly totals: () => RequestTotals;
  readonly stats: () => Promise<Stats>;
  /** What causes of this node are called by. */
  readonly place: string;
}

const TENTH = 10;
const SERVER_ERROR = 500;

/** More than so many percent of more than so many. */
function tooMany(
  subject: string,
  [of = 0, failed = 0]: readonly number[],
  { threshold = 0, minimum = 0, windowMs = 0 }: RuleSettings,
): Cause[] {
  if (of <= minimum || failed * 100 <= of * threshold) return [];
  const percent = Math.round((failed * 100 * TENTH) / of) / TENTH;
  return [{ subject, evidence: { failed, of, percent, windowMs } }];
}

/** Commands that were answered, and those of them that the system did not carry out. */
function commandsOf(outcomes: Awaited<ReturnType<Engine['stats']>>['outcomes']): number[] {
  let of = 0;
  let failed = 0;
  for (const [key, count] of outcomes) {
    of += count;
    const code = key.slice(key.indexOf(' ') + 1);
    const { status = 0 } = REFUSALS[code as keyof typeof REFUSALS] ?? {};
    if (status >= SERVER_ERROR) failed += count;
  }
  return [of, failed];
}

export function errorRate({ totals, stats, place }: RequestParts): Judge {
  const [requests, commands] = [new SlidingWindow(), new SlidingWindow()];
  return {
    rule: 'HIGH_ERROR_RATE',
    of: 'node',
    look: async (settings) => {
      const { windowMs = 0 } = settings;
      const { outcomes } = await stats();
      const now = performance.now();
      const { count, failed } = totals();
      const ofRequests = requests.grown(now, [count, failed], windowMs);
      const ofCommands = commands.grown(now, commandsOf(outcomes), windowMs);
      return {
        causes: [
          ...tooMany(`${place}requests`, ofRequests, settings),
          ...tooMany(`${place}commands`, ofCommands, settings),
        ],
      };
    },
  };
}

export function slowness({ totals, place }: Pick<RequestParts, 'totals' | 'place'>): Judge {
  const window = new SlidingWindow();
  return {
    rule: 'SLOW_RESPONSE',
    of: 'node',
    look: async ({ threshold = 0, minimum = 0, windowMs = 0 }) => {
      const { count, seconds } = totals();
      const [of = 0, took = 0] = window.grown(performance.now(), [count, seconds], windowMs);
      const meanMs = Math.round((took * 1_000) / Math.max(1, of));
      const isSo = of >= minimum && meanMs > threshold;
      const cause = { subject: `${place}requests`, evidence: { meanMs, of, windowMs } };
      return { causes: isSo ? [cause] : [] };
    },
  };
}
