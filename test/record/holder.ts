// A process that holds a ledger and adds to a counter as fast as it is answered: what it prints was answered. For ledger.test.ts, which stops, kills
// and wakes it.

import { writeSync } from 'node:fs';
import { open } from '../../engine/index.js';

const [folder = '', url = '', withoutStandby = ''] = process.argv.slice(2);
const ledger = await open({ folder, record: { url, withoutStandby: withoutStandby !== '' } });
writeSync(1, 'open\n');
for (let i = 0; ; i++) {
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const outcome = await ledger.submit({ type: 'transfer', id: `${process.pid}-${i}`, legs });
  writeSync(1, outcome.ok ? `added ${process.pid}-${i}\n` : `refused ${outcome.code}\n`);
  // What was asked for before may have been confirmed before, too, and be answered later.
  const asked = Date.now();
  const read = await ledger.balance('ann');
  writeSync(1, Array.isArray(read) ? `read ${read[0]?.available} at ${asked}\n` : 'refused\n');
}
