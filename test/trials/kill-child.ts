// A ledger that carries out atomic batches, to be killed: says which were asked for and what it was told (kill.test.ts).
//   node kill-child.js <folder> <number of the first batch>

import { type Command, open } from '../../engine/index.js';
import { say } from '../crash/lines.js';

export const SIZE = 25;
export const FUNDS = 1_000_000;
/** Every so many batches, one of which the last command is refused. */
export const SHORT_EVERY = 4;

/** The n-th batch: later commands need what earlier ones bring. */
export function batchOf(n: number): Command[] {
  return Array.from({ length: SIZE }, (_, i): Command => {
    const isShort = n % SHORT_EVERY === 0 && i === SIZE - 1;
    const [from, to] = i === 0 ? ['rich', `u${n}`] : [`u${n}`, `v${n}`];
    const amount = i === 0 ? SIZE - 1 : isShort ? 1_000 : 1;
    return { type: 'transfer', id: `b${n}.${i}`, legs: [{ from, to, asset: 'gold', amount }] };
  });
}

async function main(): Promise<void> {
  const [folder = '', first = '0'] = process.argv.slice(2);
  const engine = await open({ folder, shards: 1, cacheMb: 64, checkpointBytes: 96 * 1024 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const leg = { from: '@issue', to: 'rich', asset: 'gold', amount: FUNDS };
  await engine.submit({ type: 'transfer', id: 'funds', legs: [leg] });
  let next = Number(first);
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const single = { from: 'rich', to: 'poor', asset: 'gold', amount: 1 };
      const [outcomes] = await Promise.all([
        engine.submitBatch(batchOf(n), { atomic: true }),
        engine.submit({ type: 'transfer', id: `s${n}`, legs: [single] }),
      ]);
      say({ say: 'told', n, what: outcomes.every(({ ok }) => ok) ? 'done' : 'aborted' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

if (process.argv[1]?.endsWith('kill-child.js')) await main();
