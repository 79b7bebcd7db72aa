// What acts cause, through shards in memory (engine/transfer/caused.ts).

import t from 'tap';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { Work } from '../../engine/ledger/work.js';
import { EffectWriter, EXTRA } from '../../engine/protocol/effects.js';
import { FollowUps } from '../../engine/transfer/open/follow-ups.js';
import { campaign } from '../campaign.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { findEach } from '../planted.js';
import { ACTS, ASSET, bodyOf } from './causing.js';
import { CausingWorld } from './causing-sim.js';
import { anything } from './causing-worlds.js';

t.test('three deep', async (t) => {
  for (const count of [1, 2, 3, 4]) {
    const shards = new MemoryShards(count);
    for (const { ledger } of shards.shards) ledger.acts = ACTS;
    shards.apply({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }, 1e12);
    const give = (to: string, amount: number) => [{ from: '@issue', to, amount }];
    const wish = {
      legs: give('ann', 1),
      causes: [
        {
          owner: 'bob',
          wish: {
            legs: give('bob', 2),
            causes: [
              {
                owner: 'cat',
                wish: {
                  legs: give('cat', 3),
                  causes: [{ owner: 'dan', wish: { legs: give('dan', 4) } }],
                },
              },
            ],
          },
        },
        { owner: 'eve', wish: { legs: give('eve', 5) } },
      ],
    };
    shards.apply({ type: 'act', id: 'a', owner: 'ann', act: 'first', body: bodyOf(wish) }, 1e12);
    const of = () =>
      ['ann', 'bob', 'cat', 'dan', 'eve'].map((one) => shards.balances(one)[0]?.available ?? 0);
    t.same(of(), [1, 2, 3, 4, 5]);
    // By an act, too, which causes something itself.
    const back = { reverses: 'a', causes: [{ owner: 'eve', wish: { legs: give('eve', 7) } }] };
    shards.apply({ type: 'act', id: 'b', owner: 'ann', act: 'first', body: bodyOf(back) }, 1e12);
    t.same(of(), [0, 0, 0, 0, 7]);
    shards.apply({ type: 'act', id: 'c', owner: 'ann', act: 'first', body: bodyOf(wish) }, 1e12);
    t.same(of(), [1, 2, 3, 4, 12]);
    shards.apply({ type: 'reverse', id: 'r', owner: 'ann', transferId: 'c' }, 1e12);
    t.same(of(), [0, 0, 0, 0, 7]);
    for (const { blocks, state } of shards.shards)
      t.equal(auditFault(blocks, state.places.shard, slotMapOf(state.places.shards)), undefined);
    t.same(
      shards.shards.map(({ state }) => state.followUps.size),
      Array(count).fill(0),
    );
  }
});

/** What must come up: how deep acts are caused, and what became of them and of their undoing. */
const EXPECTED = ['1 deep ok', '2 deep ok', '3 deep ok', '1 deep ALREADY_REVERSED', 'undone ok'];
const MORE = ['1 deep BUDGET_EXHAUSTED', 'undone POINTS_SHORT', 'undone ok in part'];

for (const [name, run, sample, expected] of [
  ['shards in memory', async (seed: number) => anything(seed), 50, [...EXPECTED, ...MORE]],
  ['simulated shards', (seed: number) => new CausingWorld(seed).run(), 10, EXPECTED],
] as const)
  t.test(
    `whatever goes wrong, each is carried out once, and undone with it: ${name}`,
    async (t) => {
      const cases = campaign({ name: `follow-ups on ${name}`, long: 5_000, sample });
      const seen = new Map<string, number>();
      await cases.run(async (seed) => {
        for (const [what, count] of await run(seed)) seen.set(what, (seen.get(what) ?? 0) + count);
      });
      t.comment([...seen].map(([what, count]) => `${what}: ${count}`).join(', '));
      if (cases.count < sample) return;
      t.same(
        expected.filter((what) => !seen.has(what)),
        [],
        'everything comes up',
      );
    },
  );

findEach(
  [
    {
      what: 'what is caused is forgotten',
      of: FollowUps,
      method: 'add',
      wrong: () => undefined,
    },
    {
      what: 'what was delivered is sent on',
      of: FollowUps,
      method: 'delete',
      wrong: () => undefined,
    },
    {
      what: 'what comes twice is done twice',
      of: PastCommands,
      method: 'confirm',
      wrong: (right, given) => (String(given[2]).startsWith('>') ? null : right(...given)),
    },
    {
      what: 'an undoing comes before what it undoes',
      of: PastCommands,
      method: 'undoneOf',
      wrong: (right, given) => (String(given[1]).startsWith('>') ? null : right(...given)),
    },
    {
      what: 'an undoing takes no id',
      of: Work,
      method: 'markReversed',
      wrong: (right, given) => (given[2]?.length === 0 ? undefined : right(...given)),
    },
    {
      what: 'what is caused is told by nobody',
      of: EffectWriter,
      method: 'extra',
      wrong: (right, given) => (given[0] === EXTRA.followUp ? undefined : right(...given)),
    },
  ],
  [anything],
);
