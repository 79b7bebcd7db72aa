// Transfers between shards under SIGKILL: the process is killed at random moments, again and again, on one folder. Afterwards
// every transfer is posted everywhere or nowhere, nothing told has changed, no reserve is left, and `verify` finds nothing.

import { join } from 'node:path';
import t from 'tap';
import {
  type Balance,
  type Command,
  type Outcome,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { commandOf, FUNDS, SHARDS, USERS } from './kill-child.js';

const KILLS = 8;
const lives = campaign({
  name: `lives of ${KILLS} kills under cross-shard load`,
  long: 40,
  sample: 1,
});

t.test('nothing is lost, doubled or half done', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const told = new Numbered(join(import.meta.dirname, 'kill-child.js'));
    const wrong: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const afterMs = random.int(random.chance(0.3) ? 60 : 900);
      await told.live(folder, { afterMs }, `${seed}`);
    }

    const engine = await open({ folder, cacheMb: 64 });
    const commands = Array.from({ length: told.asked }, (_, n): Command => commandOf(seed, n));
    const outcomes = await engine.submitBatch(commands, { timeoutMs: 30_000 });
    let posted = 0;
    const sums = new Map<string, number>();
    commands.forEach((command, n) => {
      const outcome = outcomes[n] as Outcome;
      told.tell(n, outcome.ok ? 'ok' : outcome.code);
      if (!outcome.ok || command.type !== 'transfer') return;
      posted++;
      for (const { from, to, asset, amount } of command.legs) {
        sums.set(`${from} ${asset}`, (sums.get(`${from} ${asset}`) ?? FUNDS) - amount);
        sums.set(`${to} ${asset}`, (sums.get(`${to} ${asset}`) ?? FUNDS) + amount);
      }
    });
    for (let n = 0; n < USERS; n++) {
      for (const { owner, asset, available, held } of (await engine.balance(
        `user${n}`,
      )) as Balance[]) {
        const should = sums.get(`${owner} ${asset}`) ?? FUNDS;
        if (available !== should || held !== 0)
          wrong.push(`${owner} has ${available} ${asset}, ${held} held, and should have ${should}`);
      }
    }
    const { shards } = await engine.stats();
    if (shards.some(({ openTransfers }) => openTransfers > 0))
      wrong.push('a transfer is still open');
    await engine.close();
    const verified = await verifyFolder(folder);
    for (const problem of verified.problems) wrong.push(JSON.stringify(problem));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(
      `seed ${seed}: ${SHARDS} shards, ${told.asked} transfers, ${posted} posted, ${KILLS} kills`,
    );
  });
});
