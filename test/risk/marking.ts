// A ledger with rules of risk, as tests want it. Owns: how rules are said and begin to decide, how marks are read. Never touches: rules.

import { type Engine, isRefusal, OPERATIONS } from '../../engine/index.js';
import { RISK_LOOK_MS } from '../../engine/limits.js';
import { recordValueIn } from '../../engine/programme/plan.js';
import type { Mark } from '../../engine/protocol/risk.js';
import { until } from '../until.js';

/** Definitions take 10 s until they decide. */
export const LEAD_MS = 11_000;

/** Says definitions, waits until the thread has begun, and lets them decide. */
export async function say(
  engine: Engine,
  clock: Float64Array,
  kind: string,
  documents: Readonly<Record<string, object>>,
): Promise<void> {
  const before = (await engine.stats()).risk?.signals ?? 0;
  for (const [key, document] of Object.entries(documents)) {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
    const outcome = await engine.submit(said as never);
    if (!outcome.ok) throw new Error(`${key}: ${outcome.code} ${outcome.field}`);
  }
  await until('the rules are known', async () => {
    const signals = (await engine.stats()).risk?.signals ?? 0;
    return signals > before;
  });
  clock[0] = (clock[0] ?? 0) + LEAD_MS;
  await until('they decide', async () => {
    const told = await engine.submit({
      type: 'put-definition',
      kind,
      key: 'never',
      state: 'draft',
      document: Object.values(documents)[0] as Record<string, unknown>,
    });
    return told.ok;
  });
}

/** The marks of a member. */
export async function marksOf(engine: Engine, owner: string): Promise<readonly Mark[]> {
  const found = await engine.own.record(owner, '$risk', 'marks');
  if (found === undefined) return [];
  if (isRefusal(found)) throw new Error(found.code);
  return (recordValueIn(found.value) as unknown as { marks: readonly Mark[] }).marks;
}

/** Resolves when all that is in the logs was looked at, and marked. */
export async function looked(engine: Engine): Promise<void> {
  let calm = 0;
  await until('all is looked at', async () => {
    const { risk } = await engine.stats();
    calm = risk !== undefined && risk.lagBlocks === 0 ? calm + 1 : 0;
    if (calm > 0) await new Promise((resolve) => setTimeout(resolve, RISK_LOOK_MS));
    return calm >= 3;
  });
}

/** A platform that may do all. */
export const asShop = (engine: Engine) =>
  engine.as({ operations: new Set(OPERATIONS), principal: 'platform:shop' });

/** Points come, or go. */
export const movement = (id: string, from: string, to: string, amount = 10) => ({
  type: 'transfer' as const,
  id,
  legs: [{ from, to, asset: 'points', amount }],
});
