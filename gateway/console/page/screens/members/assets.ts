// Amounts of assets as the area's screens write them. Owns: which scale an asset has. Never touches: balances.

import { getV1Assets } from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { amount } from '../../../../web/page/shell/language.js';

/** Digits behind the point of an asset; until they are known, 0. */
export function useScales(): (asset: string) => number {
  const { answer } = useAnswer(getV1Assets, {});
  return (asset) => answer?.assets.find((one) => one.asset === asset)?.scale ?? 0;
}

/** Writes minor units of an asset. */
export type Written = (minor: number, asset: string, isSigned?: boolean) => string;

/** Amounts without their asset. */
export function useAmounts(): Written {
  const scaleOf = useScales();
  return (minor, asset, isSigned = false) => amount(minor, scaleOf(asset), isSigned);
}
