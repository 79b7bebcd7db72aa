// Points as they are shown and filled in. Owns: the scales of assets, asked for once. Never touches: how numbers are written.

import type { JSX } from 'preact';
import { getV1Assets } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { Amount } from '../../../../../web/page/ui/parts.js';

/** Decimals of assets; undefined: they are not known (yet). */
export function useScales(): (asset: string) => number | undefined {
  const all = useAnswer(getV1Assets, {}).answer?.assets;
  return (asset) => all?.find((one) => one.asset === asset)?.scale;
}

/** An amount of points with what they are of. */
export function Points({ minor, asset }: { minor: number; asset: string }): JSX.Element {
  const scale = useScales()(asset);
  return scale === undefined ? (
    <span class="amount">…</span>
  ) : (
    <Amount minor={minor} scale={scale} unit={asset} />
  );
}
