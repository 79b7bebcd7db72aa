// Shards on a simulated clock, disk and bus, with everything that can go wrong: whatever the seed, all is well in the end.
// A failing seed prints the command that repeats it; JIFEN_TRACE=1 with it prints every step.

import t from 'tap';
import { campaign } from '../campaign.js';
import { World } from './world.js';

// Run by itself, the file takes longer than tap allows one; run with all the others, theirs is the limit.
t.setTimeout(0);

/** What must come up in a campaign: outcomes of cross-shard transfers (0: posted), and what clients were told. */
const EXPECTED = [
  'cross 0',
  'cross 1',
  'cross 2',
  'cross 5',
  'cross 6',
  'cross 8',
  'cross 22',
  'capture across posted',
  'capture across refused',
  'reverse across posted',
  'reverse across refused',
  'followed up posted',
  'followed up refused',
  'everything across posted',
  'everything across refused',
  'claim across posted',
  'claim here posted',
  'adjust here posted',
  'adjust proposed',
  'adjust agreed to',
  'event here posted',
  'event across posted',
  'return-event here posted',
  'return-event across posted',
  'grant-tier here posted',
  'act does without a pool',
  'act decided anew',
  'act holds across',
  'act captures across',
  'act releases across',
  'act reverses across',
  'on 2 shards',
  'on 3 shards',
  'on 4 shards',
  'on 5 shards',
  'told 0',
  'told 157',
  'told 171',
  'told 173',
];

t.test('cross-shard transfers: all or nothing, whatever happens in between', async (t) => {
  const cases = campaign({ name: 'simulated shards', long: 20_000, sample: 60 });
  const seen = new Map<string, number>();
  const started = process.hrtime.bigint();
  await cases.run(async (seed) => {
    for (const [what, count] of await new World(seed).run())
      seen.set(what, (seen.get(what) ?? 0) + count);
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  t.comment(`${Math.round(cases.count / seconds)} seeds a second`);
  t.comment(
    [...seen]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, n]) => `${what}: ${n}`)
      .join(', '),
  );
  if (cases.count < 350) return;
  const missing = EXPECTED.filter((what) => !seen.has(what));
  t.same(missing, [], 'everything comes up');
});

t.test('one seed, one course', async (t) => {
  for (let seed = 1; seed <= 10; seed++) {
    const [one, other] = [new World(seed), new World(seed)];
    await one.run();
    await other.run();
    t.equal(one.trace.hash, other.trace.hash, `seed ${seed}`);
  }
});
