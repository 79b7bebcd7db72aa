// Rates, and what values follow from, that wait for a second person. Owns: which those are. Never touches: whether one counts, which the commit judges.

import type { DefinitionVersion, Engine } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** Kinds of definitions that rates follow from. */
export const OF_RATES = ['exchange-rate', 'coalition', 'exchanging'] as const;
const PAGE = 100;

/** A change that waits. */
export interface WaitingRate {
  /** Which definition it is of. */
  readonly kind: (typeof OF_RATES)[number];
  readonly key: string;
  readonly version: number;
  /** When it was said, milliseconds since 1970. */
  readonly since: number;
  /** Who said it; left out: an embedding program. */
  readonly by?: string | undefined;
  /** What it would say; left out: it would end. */
  readonly document?: DefinitionVersion['document'] | undefined;
}

/** All changes that wait, by kind and key. */
export async function waitingRates(
  engine: Pick<Engine, 'definitions'>,
): Promise<readonly WaitingRate[] | Refusal> {
  const waiting: WaitingRate[] = [];
  for (const kind of OF_RATES) {
    for (let after: string | undefined; ; ) {
      const page = await engine.definitions(kind, { after, limit: PAGE });
      if (isRefusal(page)) return page;
      for (const { key, versions } of page) {
        const newest = versions.at(-1);
        if (newest?.state !== 'draft') continue;
        const { version, definedAt: since, by, document } = newest;
        waiting.push({ kind, key, version, since, by, document });
      }
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
  }
  return waiting;
}
