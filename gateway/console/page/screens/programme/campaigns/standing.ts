// How a campaign stands. Owns: what is read of its document. Never touches: asking for it.

import type { DefinitionHistory } from '../../../../../web/page/api/operations.js';

export type CampaignStanding = 'off' | 'coming' | 'running' | 'over';

/** What its version that decides says of its time. */
export function campaignOf({ versions, active }: DefinitionHistory, now = Date.now()) {
  const deciding = versions.find(({ version }) => version === active);
  const shown = deciding ?? versions.at(-1);
  const document: Readonly<Record<string, unknown>> = shown?.document ?? {};
  const [from, to] = [Number(document['from'] ?? 0), Number(document['to'] ?? 0)];
  const standing: CampaignStanding =
    deciding === undefined ? 'off' : now < from ? 'coming' : now < to ? 'running' : 'over';
  return { document, from, to, standing };
}
