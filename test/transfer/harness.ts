// An engine of several shards for one test, and what is said of it in short. Owns: its folder, which verify looks through
// afterwards. Never touches: what is asked of it.

import t, { type Test } from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { type Balance, type Engine, open } from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { ownersOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';

/** Its two processes check the folders of all tests of a file. */
const auditor = new Auditor();
t.teardown(() => auditor.close());

export const SHARDS = 3;
export const DAY = Math.ceil(Date.now() / DAY_MS) * DAY_MS;

export async function withEngine(
  t: Test,
  work: (engine: Engine, names: string[][], folder: string) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder(t);
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.submit({ type: 'define-asset', asset: 'tin', scale: 0, lotTracked: false });
  try {
    await work(engine, ownersOf(engine, 4), folder);
  } finally {
    await engine.close();
  }
  const verified = await auditor.verify(folder);
  t.same(verified.problems, [], 'verify finds nothing');
}

/** What an owner has in lots of gold. */
export async function lotsOf(engine: Engine, owner: string): Promise<Balance['lots']> {
  const [balance] = (await engine.balance(owner)) as Balance[];
  return balance?.lots ?? [];
}
