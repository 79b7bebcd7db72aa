// What is written beside an entry: ways to entries further back, and what stood in its place by rules of version 1. Owns: how. Never touches:
// balances.

import { SKIP_STRIDE } from '../limits.js';
import type { Draft } from '../protocol/draft.js';
import { EXTRA } from '../protocol/effects.js';
import type { AccountDraft } from './account-draft.js';
import { F, I, type Page } from './page.js';

/** Of each SKIP_STRIDE-th entry: the account's ones that far back, and SKIP_STRIDE and its square times as far. */
export function writeSkips(
  { effects, seq }: Draft,
  page: Page,
  index: number,
  version: number,
  offset: number,
): void {
  const { f64, i32 } = page;
  const f = page.f(index);
  const n = page.n(index);
  effects.skips(
    f64[f + F.skip1Seq] as number,
    i32[n + I.skip1Offset] as number,
    f64[f + F.skip2Seq] as number,
    i32[n + I.skip2Offset] as number,
    f64[f + F.skip3Seq] as number,
    i32[n + I.skip3Offset] as number,
  );
  let stride = SKIP_STRIDE;
  for (let level = 0; level < 3 && version % stride === 0; level++, stride *= SKIP_STRIDE) {
    f64[f + F.skip1Seq + level] = seq;
    i32[n + I.skip1Offset + level] = offset;
  }
}

/** What rules of version 1 wrote in place of an entry of a reserve. */
export function reserveExtra({ effects }: Draft, working: AccountDraft): void {
  const numbers = [working.asset, working.held - working.heldBefore];
  const { slices, sliceNumbers } = working;
  for (let at = 0; at < sliceNumbers; at += 3)
    if (slices[at + 1] !== 0 || slices[at + 2] !== 0) numbers.push(...slices.slice(at, at + 3));
  effects.extra(EXTRA.reserve, numbers, [working.name.text]);
}
