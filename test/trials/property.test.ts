// Random command sequences: what a dry run says is what the command then comes to, and it changes nothing; an atomic batch
// is what the commands come to one by one (which the naive model says too), or nothing at all.

import { join } from 'node:path';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Comparison } from '../ledger/compare.js';
import { CommandSource } from '../ledger/generator.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { TrialStoreSubject, TrialSubject } from './trial-subject.js';

const COMMANDS_MAX = 120;

t.setTimeout(0);

t.test('dry runs, atomic batches, single commands and the model agree', async (t) => {
  const cases = campaign({ name: 'what is tried is what is done', long: 3_000, sample: 5 });
  const batches = { done: 0, aborted: 0 };
  await cases.run(async (seed) => {
    const comparison = new Comparison(new TrialSubject(batches), seed % 2 === 0);
    const source = new CommandSource(seed, new Random(seed), comparison.model);
    for (const step of source.steps(COMMANDS_MAX)) await comparison.step(step);
    await comparison.finish();
  });
  t.comment(`${batches.done} groups carried out whole, ${batches.aborted} aborted`);
  t.ok(batches.done > 0 && batches.aborted > 0, 'both come up');
});

t.test('so they do on a shard with hardly any memory', async (t) => {
  const cases = campaign({ name: 'what a shard tries is what it does', long: 400, sample: 2 });
  const folder = temporaryFolder(t);
  await cases.run(async (seed) => {
    const store = new TrialStoreSubject(join(folder, String(seed)));
    const comparison = new Comparison(store, seed % 2 === 0);
    const source = new CommandSource(seed, new Random(seed), comparison.model);
    try {
      for (const step of source.steps(COMMANDS_MAX)) await comparison.step(step);
      await comparison.finish();
    } finally {
      await store.close();
    }
  });
});
