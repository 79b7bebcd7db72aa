// A ledger with rules of risk under load, to be killed (kill.test.ts).
//   node kill-child.js <folder> <life>

import { open } from '../../engine/index.js';
import { say } from '../crash/lines.js';
import { until } from '../until.js';
import { asShop, LEAD_MS, movement } from './marking.js';

/** Of each address: one more than the rule lets be there. */
export const FARM = 6;
export const farmer = (life: string, farm: number, n: number): string => `m${life}.${farm}.${n}`;

async function main(): Promise<void> {
  const [folder = '', life = ''] = process.argv.slice(2);
  const clockOffset = new SharedArrayBuffer(8);
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const engine = await open({ folder, shards: 2, cacheMb: 16, clockOffset });
  const shop = asShop(engine);
  // The first time: rules decide a while after they were said, when the thread has long begun.
  if (life === '0') await until('it looks', async () => (await engine.stats()).risk !== undefined);
  say({ say: 'ready' });
  for (let farm = 0; ; farm++) {
    const audit = { memberAddress: `10.${life}.${farm >> 8}.${farm & 255}` };
    const some = Array.from({ length: FARM }, (_, n) => farmer(life, farm, n));
    await Promise.all(some.map((owner) => shop.submit(movement('e1', '@issue', owner), { audit })));
    say({ say: 'told', n: farm, what: life });
  }
}

if (process.argv[1]?.endsWith('risk/kill-child.js')) await main();
