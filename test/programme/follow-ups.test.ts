// What acts cause, through shards in memory (engine/transfer/caused.ts).

import t from 'tap';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { ACTS, ASSET, bodyOf } from './causing.js';

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
