// Campaigns as they begin and end. Owns: when that is told. Never touches: what campaigns multiply.
//   ledger.J1. A campaign runs while the version of its definition that counts at block time says so. Each beginning and each end is told once,
//       by a tick, before anything is decided with it or without it; of definitions that may be known too late nothing is told.
//   ledger.J2. A member who takes part is counted once, from the first beginning on, and not any more where that is given back whole.

import { NEVER } from '../limits.js';
import { campaign as kind } from '../programme/definitions/campaign.js';
import type { Draft } from '../protocol/draft.js';
import { EXTRA } from '../protocol/effects.js';
import type { DefinitionVersion } from '../protocol/outcomes.js';
import type { CampaignRun } from './campaign-table.js';
import type { State } from './state.js';

/** What campaigns need of the work under way. */
interface CampaignWork {
  readonly state: State;
  readonly draft: Draft;
  readonly time: number;
}

export class Campaigns {
  readonly #work: CampaignWork;
  /** What was looked at last: of so many versions of definitions, and until when that stays so. */
  #versions = 0;
  #until = NEVER;

  constructor(work: CampaignWork) {
    this.#work = work;
  }

  /** Could one have begun or ended since changes() has found none? */
  get mayChange(): boolean {
    const { state, time } = this.#work;
    return time >= this.#until || state.definitions.count !== this.#versions;
  }

  /** Those that have begun or ended by now and are not told, by key, as they are from now on. */
  changes(): CampaignRun[] {
    const { definitions, campaigns } = this.#work.state;
    const { time } = this.#work;
    const changes: CampaignRun[] = [];
    let until = NEVER;
    for (const campaign of definitions.keys(kind.name)) {
      const { version, next } = runningAt(definitions.versions(kind.name, campaign), time);
      until = Math.min(until, next);
      const known = campaigns.get(campaign);
      const isTold = (known?.version ?? 0) > 0;
      if (isTold !== version > 0) changes.push({ campaign, version, members: known?.members ?? 0 });
    }
    if (changes.length === 0) {
      this.#versions = definitions.count;
      this.#until = until;
    }
    return changes;
  }

  /** Tells them, in the record under way. */
  tell(changes: readonly CampaignRun[]): void {
    const { state, draft } = this.#work;
    for (const run of changes) {
      const { campaign, version, members } = run;
      const before = state.campaigns.get(campaign)?.version ?? 0;
      state.campaigns.set(run);
      draft.effects.extra(EXTRA.campaign, [version, before, members], [campaign]);
    }
  }
}

/** The version by which a campaign runs at this time, 0: it does not; and when that may be otherwise. */
function runningAt(
  versions: readonly DefinitionVersion[],
  time: number,
): { readonly version: number; readonly next: number } {
  let counts: DefinitionVersion | undefined;
  let next = NEVER;
  for (const version of versions) {
    if (version.number === 0) continue;
    if (version.activeFrom <= time) counts = version;
    else next = Math.min(next, version.activeFrom);
  }
  const { from = NEVER, to = 0 } = (counts?.document ?? {}) as { from?: number; to?: number };
  for (const moment of [from, to]) if (moment > time) next = Math.min(next, moment);
  const runs = counts?.state === 'active' && from <= time && time < to;
  return { version: runs ? (counts?.version ?? 0) : 0, next };
}
