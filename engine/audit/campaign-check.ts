// What records say of campaigns: begun, ended, and who takes part. Owns: that each beginning and each end is told once, by the definition that
// counts then, with those who have taken part. Never touches: what campaigns multiply.
//   audit.M1. What is told to begin runs by the version that is named, and was not told to run; what is told to end is the reverse.
//   audit.M2. So many members are told as records say that they take part, since the first beginning.

import { campaignOf } from '../ledger/campaign-table.js';
import { campaign as kind } from '../programme/definitions/campaign.js';
import type { Books } from './books.js';
import { broken } from './broken.js';

export class CampaignCheck {
  readonly #books: Books;

  constructor(books: Books) {
    this.#books = books;
  }

  /** M1. */
  said(numbers: readonly number[], campaign: string): void {
    const [version = 0, before = 0, members = 0] = numbers;
    const { campaigns, time } = this.#books;
    const known = campaigns.get(campaign) ?? { version: 0, members: 0 };
    const runs = this.#runsBy(campaign, time);
    if (version !== runs || (version > 0 ? before !== 0 : before === 0))
      broken(`M1: campaign ${campaign} is told to run by ${version}, and does by ${runs}`);
    if (known.version !== before)
      broken(`M1: campaign ${campaign} ran by ${before}, and was told to run by ${known.version}`);
    if (known.members !== members)
      broken(`M2: campaign ${campaign} has ${members} members, and by records ${known.members}`);
    campaigns.set(campaign, { version, members });
  }

  /** The version by which a campaign runs; 0: it does not. */
  #runsBy(campaign: string, time: number): number {
    const counts = this.#books.definitions.findLast(
      ({ kind: of, key, number, activeFrom }) =>
        of === kind.name && key === campaign && number > 0 && activeFrom <= time,
    );
    if (counts?.state !== 'active') return 0;
    const { from, to } = counts.document as { readonly from: number; readonly to: number };
    return from <= time && time < to ? counts.version : 0;
  }

  /** M2: a record of an act is written, or goes away. `had`: there was one before. */
  counted(type: string, key: string, had: boolean, has: boolean): void {
    const campaign = campaignOf(type, key);
    const known = campaign === undefined ? undefined : this.#books.campaigns.get(campaign);
    if (campaign === undefined || known === undefined || had === has) return;
    const members = Math.max(0, known.members + (has ? 1 : -1));
    this.#books.campaigns.set(campaign, { ...known, members });
  }
}

/** As a checkpoint has them. */
export const campaignsOf = ({ campaigns }: Books): string =>
  JSON.stringify(Array.from(campaigns, ([campaign, run]) => ({ campaign, ...run })));
