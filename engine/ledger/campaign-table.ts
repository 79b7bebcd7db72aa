// Campaigns that have begun, as a shard has them. Owns: which of them run, and how many members here have taken part. Never touches: when
// that changes.

import { COUNTS } from '../programme/earning/counts.js';
import { COUNTER, recordTypeOf } from '../programme/plan.js';

const TAKEN = recordTypeOf(COUNTER);

/** The campaign of which a record of this name says that its owner has taken part; undefined: it says nothing of one. */
export const campaignOf = (type: string, key: string): string | undefined =>
  type === TAKEN && key.startsWith(COUNTS.taken) ? key.slice(COUNTS.taken.length) : undefined;

/** A campaign that has begun. */
export interface CampaignRun {
  readonly campaign: string;
  /** The version of its definition by which it began; 0: it does not run any more. */
  readonly version: number;
  /** Members of this shard who have taken part since it began first. */
  readonly members: number;
}

export class CampaignTable {
  readonly #runs = new Map<string, CampaignRun>();

  /** In the order in which they began first. */
  all(): IterableIterator<CampaignRun> {
    return this.#runs.values();
  }

  get(campaign: string): CampaignRun | undefined {
    return this.#runs.get(campaign);
  }

  set(run: CampaignRun): void {
    this.#runs.set(run.campaign, run);
  }

  /** One member more, or (-1) one less, has taken part. What took part before it began first, was never counted. */
  count(campaign: string, more: 1 | -1): void {
    const run = this.#runs.get(campaign);
    if (run !== undefined) this.set({ ...run, members: Math.max(0, run.members + more) });
  }

  copy(): CampaignTable {
    const copy = new CampaignTable();
    for (const run of this.#runs.values()) copy.set(run);
    return copy;
  }
}
