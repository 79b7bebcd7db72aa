// What records have for somebody to be told. Owns: how it is read out of them. Never touches: when it is told (engine/ledger/notices.ts,
// campaigns.ts).

import type { RateNotice } from './coalition.js';
import type { LoggedCommand } from './commands.js';
import { type EffectReader, EXTRA, type Extra } from './effects.js';
import type { CampaignMembersNotice, CampaignNotice, Notice } from './notice.js';
import type { AssetCodes } from './read-back.js';

/** Where a record is. */
interface Place {
  readonly shard: number;
  /** Block time. */
  readonly time: number;
  readonly assets: AssetCodes;
}

/** What is to be told by the record of a command at `offset` of a shard's block; undefined: nothing. */
export function noticesOf(
  effects: EffectReader,
  offset: number,
  command: LoggedCommand,
  { shard, time, assets }: Place,
): readonly Notice[] | undefined {
  if (!effects.hasExtras(offset)) return undefined;
  const notices = effects.extras(offset).flatMap((extra): Notice[] => {
    if (extra.tag === EXTRA.expiring) return expiring(extra, assets);
    if (extra.tag === EXTRA.definition) return ofRate(extra, command, shard, time);
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

/** Kinds of definitions that rates follow from. */
const OF_RATES: ReadonlySet<string> = new Set(['exchange-rate', 'coalition', 'exchanging']);

/** A repeat is told by the record of the first one, which its time is of. */
function ofRate(
  { numbers, texts }: Extra,
  command: LoggedCommand,
  shard: number,
  time: number,
): RateNotice[] {
  const [, version = 0, , activeFrom = 0, definedAt = 0] = numbers;
  const [kind = '', key = ''] = texts;
  if (shard !== 0 || definedAt !== time || !OF_RATES.has(kind)) return [];
  if (command.type !== 'put-definition') return [];
  const { state, document = null, by = null } = command;
  const isDraft = state === 'draft';
  return [
    {
      type: isDraft ? 'exchange_rate.proposed' : 'exchange_rate.updated',
      ...{ kind, key, version, document, by },
      activeFrom: isDraft ? null : activeFrom,
    },
  ];
}
