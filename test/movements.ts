// Movements of gold between owners of an engine, and what is said of them in short. Owns: these words. Never touches: engines' lives.

import type { Command, Engine, Leg, Outcome, Refused } from '../engine/index.js';
import { homed } from './homed.js';
import { until } from './until.js';

/** Names of owners by the shard they live on, `count` on each. */
export function ownersOf(engine: Engine, count = 1): string[][] {
  const names: string[][] = Array.from({ length: engine.shards }, () => []);
  for (let i = 0; names.some((some) => some.length < count); i++) {
    const name = `user${i}`;
    const some = names[engine.shardOf(name)] as string[];
    if (some.length < count) some.push(name);
  }
  return names;
}

/** Of several parties the first one is its owner. */
export const move = (id: string, ...legs: Leg[]): Command => homed({ type: 'transfer', id, legs });
export const leg = (from: string, to: string, amount: number, expiresAt?: number): Leg => ({
  ...{ from, to, asset: 'gold', amount, expiresAt },
});

export const codeOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);

/** What an outcome says, without where it is. */
export function said(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code;
  const users = outcome.entries.filter(({ owner }) => !owner.startsWith('@'));
  return users.map(({ owner, delta, available }) => `${owner} ${delta} ${available}`).join(', ');
}

/** What an owner has; a reserve must go by itself, as the decision comes to the other shards after the answer. */
export function available(engine: Engine, owner: string): Promise<number> {
  return until(`${owner} has no reserve`, async () => {
    const balances = await engine.balance(owner);
    if (!Array.isArray(balances)) throw new Error((balances as Refused).code);
    const { available = 0, held = 0 } = balances.find(({ asset }) => asset === 'gold') ?? {};
    return held === 0 && available;
  });
}
