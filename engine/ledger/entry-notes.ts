// How an entry is written: with ways to entries further back, or what stood in its place by rules of version 1. Owns: its bytes. Never touches:
// balances.

import { SKIP_STRIDE } from '../limits.js';
import type { Draft } from '../protocol/draft.js';
import { backdatedIn, ENTRY, EXTRA, withBackdated } from '../protocol/effects.js';
import type { AccountDraft } from './account-draft.js';
import { F, I, type Page } from './page.js';

/** Of each SKIP_STRIDE-th entry: the account's ones that far back, and SKIP_STRIDE and its square times as far. */
function writeSkips(
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

/** Writes the entry of an account that has changed. */
export function writeEntry(
  draft: Draft,
  working: AccountDraft,
  page: Page,
  type: number,
  isBackdated: boolean,
): void {
  const { f64, i32 } = page;
  const f = page.f(working.index);
  const n = page.n(working.index);
  const version = (f64[f + F.version] as number) + 1;
  const { effects, seq } = draft;
  const { slices, sliceNumbers } = working;
  let sliceCount = 0;
  for (let i = 0; i < sliceNumbers; i += 3)
    if (slices[i + 1] !== 0 || slices[i + 2] !== 0) sliceCount++;
  const expires = type === ENTRY.expire && working.earned === working.earnedBefore;
  const offset = effects.entry(
    type,
    working.asset,
    working.earned - working.earnedBefore,
    expires ? working.expired - working.expiredBefore : working.spent - working.spentBefore,
    working.held - working.heldBefore,
    working.available,
    working.held,
    version,
    f64[f + F.headSeq] as number,
    i32[n + I.headOffset] as number,
    sliceCount,
    working.name.length,
  );
  if (isBackdated && !working.isSystem) {
    const flags = i32[n + I.flags] as number;
    effects.backdated(offset, backdatedIn(flags));
    i32[n + I.flags] = withBackdated(flags, version);
  }
  if (version % SKIP_STRIDE === 0) writeSkips(draft, page, working.index, version, offset);
  for (let i = 0; i < sliceNumbers; i += 3) {
    if (slices[i + 1] === 0 && slices[i + 2] === 0) continue;
    effects.slice(slices[i] as number, slices[i + 1] as number, slices[i + 2] as number);
  }
  effects.name(working.name);
  f64[f + F.version] = version;
  f64[f + F.headSeq] = seq;
  i32[n + I.headOffset] = offset;
}
