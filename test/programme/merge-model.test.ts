// Members who earn, spend, expire, are merged, chained and parted again, on one shard and on several, as a naive model says.

import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { DAY_MS, HOUR_MS } from './earning-world.js';
import { MergeWorld } from './merge-world.js';

const STEPS = 60;
const cases = campaign({ name: `worlds of ${STEPS} steps with merges`, long: 4_000, sample: 5 });

t.test('merged members have what a naive model says', async (t) => {
  const seen = new Map<string, number>();
  const note = (what: string): void => {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  await cases.run((seed) => {
    const random = new Random(seed);
    const world = new MergeWorld(1 + random.int(3), 6);
    const anybody = (): string => random.pick(world.members);
    for (let step = 0; step < STEPS; step++) {
      const owner = anybody();
      const kind = random.int(12);
      if (kind < 2) world.later(random.int(3) === 0 ? DAY_MS : HOUR_MS);
      if (kind < 4) {
        const days = random.int(6);
        const expiry = days === 0 ? Number.POSITIVE_INFINITY : world.dayAfter(days);
        world.issue(owner, 1 + random.int(900), expiry);
      } else if (kind < 6) world.event(owner, random.pick(['SIGN', 'REVIEW', 'SHARE']));
      else if (kind < 7) world.event(owner, 'CONSUME', { amount: 1 + random.int(2_000) });
      else if (kind < 8) world.spend(owner, 1 + random.int(700));
      else if (kind < 9) world.give(owner, world.another(owner, random), 1 + random.int(300));
      else if (kind < 11) {
        const outcome = world.merge(owner, anybody());
        note(outcome.ok ? 'merged' : outcome.code);
      } else {
        const outcome = world.unmerge(owner);
        note(outcome.ok ? 'unmerged' : outcome.code);
      }
      world.agree();
    }
    world.close();
  });
  t.comment([...seen].join('; '));
  for (const what of ['merged', 'unmerged', 'MEMBER_MERGED', 'MERGE_NOT_FOUND'])
    t.ok((seen.get(what) ?? 0) > 0, `${what} was seen`);
});
