// An engine of several shards for one test, and what is said of it in short. Owns: its folder, which verify looks through
// afterwards. Never touches: what is asked of it.

import t, { type Test } from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import {
  type Balance,
  type Command,
  type Engine,
  type Leg,
  type Outcome,
  open,
  type Refused,
} from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { temporaryFolder } from '../temporary.js';

/** Its two processes check the folders of all tests of a file. */
const auditor = new Auditor();
t.teardown(() => auditor.close());

export const SHARDS = 3;
export const DAY = Math.ceil(Date.now() / DAY_MS) * DAY_MS;

/** Names of owners by the shard they live on. */
export function ownersOf(engine: Engine, count: number): string[][] {
  const names: string[][] = Array.from({ length: engine.shards }, () => []);
  for (let i = 0; names.some((some) => some.length < count); i++) {
    const name = `user${i}`;
    names[engine.shardOf(name)]?.push(name);
  }
  return names;
}

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

/** How long a reserve may stay after the answer. */
const SETTLED_MS = 10_000;

export const move = (id: string, ...legs: Leg[]): Command => ({ type: 'transfer', id, legs });
export const leg = (from: string, to: string, amount: number, expiresAt?: number): Leg => ({
  from,
  to,
  asset: 'gold',
  amount,
  expiresAt,
});

/** What an outcome says, without where it is. */
export function said(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code;
  const users = outcome.entries.filter(({ owner }) => !owner.startsWith('@'));
  return users.map(({ owner, delta, available }) => `${owner} ${delta} ${available}`).join(', ');
}

/** What an owner has; a reserve must go by itself, as the decision comes to the other shards after the answer. */
export async function available(engine: Engine, owner: string): Promise<number> {
  const until = Date.now() + SETTLED_MS;
  for (;;) {
    const balances = await engine.balance(owner);
    if (!Array.isArray(balances)) throw new Error((balances as Refused).code);
    const gold = balances.find(({ asset }) => asset === 'gold');
    if ((gold?.held ?? 0) === 0) return gold?.available ?? 0;
    if (Date.now() > until) throw new Error(`${owner} has a reserve`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What an owner has in lots of gold. */
export async function lotsOf(engine: Engine, owner: string): Promise<Balance['lots']> {
  const [balance] = (await engine.balance(owner)) as Balance[];
  return balance?.lots ?? [];
}
