// How many digits points of an asset have.

import { getV1Assets } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';

/** Of an asset; 0 where it is not known (yet). */
export function useScale(asset: string): number {
  const assets = useAnswer(getV1Assets, {}).answer?.assets ?? [];
  return assets.find((one) => one.asset === asset)?.scale ?? 0;
}
