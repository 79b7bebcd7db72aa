// A ledger with a leaderboard that is over, to be killed while it is frozen and paid (closing.test.ts).
//   node kill-child.js <folder> <how far its clock is set on, in milliseconds>

import { type Engine, open } from '../../engine/index.js';

export const SHARDS = 3;

/** Opens the ledger with its clock set on. */
export function openLater(folder: string, ms: number): Promise<Engine> {
  const clockOffset = new SharedArrayBuffer(8);
  new Float64Array(clockOffset)[0] = ms;
  return open({ folder, shards: SHARDS, clockOffset, acceptClock: true, tickMs: 50, cacheMb: 64 });
}

if (process.argv[1]?.endsWith('projections/kill-child.js')) {
  const [folder = '', ms = '0'] = process.argv.slice(2);
  await openLater(folder, Number(ms));
  process.stdout.write('open\n');
  setInterval(() => undefined, 1_000);
}
