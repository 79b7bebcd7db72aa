// What records have for somebody to be told. Owns: how it is read out of them. Never touches: when it is told (engine/ledger/notices.ts,
// campaigns.ts).

import { type EffectReader, EXTRA, type Extra } from './effects.js';
import type { CampaignMembersNotice, CampaignNotice, Notice } from './outcomes.js';
import type { AssetCodes } from './read-back.js';

/** What is to be told by the record at `offset` of a shard's block; undefined: nothing. */
export function noticesOf(
  effects: EffectReader,
  offset: number,
  shard: number,
  assets: AssetCodes,
): readonly Notice[] | undefined {
  if (!effects.hasExtras(offset)) return undefined;
  const notices = effects.extras(offset).flatMap((extra): Notice[] => {
    if (extra.tag === EXTRA.expiring) return expiring(extra, assets);
    return extra.tag === EXTRA.campaign ? ofCampaign(extra, shard) : [];
  });
  return notices.length === 0 ? undefined : notices;
}

function expiring({ numbers, texts }: Extra, assets: AssetCodes): Notice[] {
  const [number = 0, ...lots] = numbers;
  const [owner = ''] = texts;
  const asset = assets.list[number]?.asset ?? `#${number}`;
  return lots.flatMap((expiresAt, at): Notice[] => {
    if (at % 3 !== 0) return [];
    const [available = 0, held = 0] = lots.slice(at + 1, at + 3);
    return [{ type: 'expiring', owner, asset, expiresAt, available, held }];
  });
}

function ofCampaign({ numbers, texts }: Extra, shard: number): Notice[] {
  const [now = 0, before = 0, members = 0] = numbers;
  const [campaign = ''] = texts;
  const told = (type: CampaignNotice['type'], version: number): CampaignNotice[] =>
    shard === 0 ? [{ type, campaign, version }] : [];
  if (now > 0) return told('campaign-started', now);
  const ofMembers: CampaignMembersNotice = {
    ...{ type: 'campaign-members', campaign, version: before, members },
  };
  return [...told('campaign-ended', before), ofMembers];
}
