// Reference data: assets. Owns: their definition. Never touches: accounts.
//   R1. Assets get their numbers in the order of definition, which is the same on every shard.

import { ASSETS_MAX, DAY_MS } from '../limits.js';
import type { Tuple } from '../protocol/codec.js';
import { EXTRA } from '../protocol/effects.js';
import type { Asset } from '../protocol/outcomes.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED, type Ledger } from './ledger.js';

function wanted(t: Tuple, known: Asset | undefined): Asset {
  const defaultExpiryMs = (t[6] as number | null) ?? 0;
  const isChange = known !== undefined && known.defaultExpiryMs !== defaultExpiryMs;
  const next = known === undefined ? 1 : known.version + (isChange ? 1 : 0);
  return {
    asset: t[2] as string,
    scale: t[3] as number,
    lotTracked: t[4] as boolean,
    lotGranularityMs: (t[5] as number | null) ?? DAY_MS,
    defaultExpiryMs,
    version: (t[7] as number | null) ?? next,
  };
}

export function defineAsset(ledger: Ledger, t: Tuple): number {
  const { assets } = ledger.state;
  const index = assets.indexOf(t[2] as string);
  const known = index < 0 ? undefined : assets.at(index);
  const asset = wanted(t, known);
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
  ledger.begin();
  const number = assets.set(known !== undefined && known.version > asset.version ? known : asset);
  const { scale, lotTracked, lotGranularityMs, defaultExpiryMs, version } = assets.at(number);
  const numbers = [number, scale, lotTracked ? 1 : 0, lotGranularityMs, defaultExpiryMs, version];
  ledger.draft.effects.extra(EXTRA.asset, numbers, [asset.asset]);
  return APPLIED;
}
