// Reference data: assets. Owns: their definition. Never touches: accounts.
//   ledger.R1. Assets get their numbers in the order of definition, which is the same on every shard.

import { ASSETS_MAX } from '../limits.js';
import type { Said } from '../protocol/commands.js';
import { EXTRA } from '../protocol/effects.js';
import { type Asset, assetOf, partsOfAsset } from '../protocol/outcomes.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

type Definition = Said<'define-asset'>;

/** Do points expire alike? */
const isSameExpiry = (a: Asset, b: Asset): boolean =>
  a.defaultExpiryMs === b.defaultExpiryMs &&
  a.expiresAfter === b.expiresAfter &&
  a.expiresOn === b.expiresOn &&
  a.zone === b.zone &&
  a.expiryNoticeDays === b.expiryNoticeDays &&
  a.zoneOffsets?.join() === b.zoneOffsets?.join();

/** Is it told earlier than before that points expire? */
const isSooner = (known: Asset | undefined, { expiryNoticeDays = 0 }: Asset): boolean =>
  known !== undefined && expiryNoticeDays > (known.expiryNoticeDays ?? 0);

/** Has it the offsets of the zone that its days are of? Whoever takes a caller's definition fills them in. */
const isComplete = ({ expiresAfter, expiresOn, zone, zoneOffsets }: Definition): boolean =>
  zone === undefined
    ? expiresAfter === undefined && expiresOn === undefined
    : zoneOffsets !== undefined;

function wanted(command: Definition, known: Asset | undefined): Asset {
  const asset = assetOf(command, command.version ?? known?.version ?? 1);
  const isChange = known !== undefined && !isSameExpiry(known, asset);
  const isNext = isChange && command.version === undefined;
  return isNext ? { ...asset, version: known.version + 1 } : asset;
}

/** Has somebody else changed it? What is so already, is as the one asked for has made it. */
function isOvertaken({ ifVersion, version }: Definition, known: number, asset: Asset): boolean {
  if (ifVersion === undefined || version !== undefined || ifVersion === known) return false;
  return asset.version !== known || ifVersion !== known - 1;
}

export function defineAsset(work: Work, command: Definition): number {
  if (!isComplete(command)) return REFUSALS.ZONE_INVALID.number;
  const { assets } = work.state;
  const index = assets.indexOf(command.asset);
  const known = index < 0 ? undefined : assets.at(index);
  const asset = wanted(command, known);
  if (isOvertaken(command, known?.version ?? 0, asset))
    return REFUSALS.DEFINITION_VERSION_MISMATCH.number;
  if (known !== undefined) {
    const { scale, lotTracked, lotGranularityMs } = known;
    if (
      scale !== asset.scale ||
      lotTracked !== asset.lotTracked ||
      lotGranularityMs !== asset.lotGranularityMs
    ) {
      return REFUSALS.ASSET_CONFLICT.number;
    }
  } else if (assets.list.length >= ASSETS_MAX) return REFUSALS.ASSET_LIMIT.number;
  // From here the command must succeed.
  work.begin();
  const number = assets.set(known !== undefined && known.version > asset.version ? known : asset);
  if (isSooner(known, assets.at(number))) work.state.pages.lookAtAll(work.time);
  work.draft.effects.extra(EXTRA.asset, ...partsOfAsset(number, assets.at(number)));
  return APPLIED;
}
