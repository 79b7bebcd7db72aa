// The order in which a transfer goes through shards (DESIGN 5).

import t from 'tap';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type { TransferCommand } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homePlace } from '../../engine/protocol/home.js';
import { Chain } from '../../engine/transfer/chain.js';
import type { Places } from '../../engine/transfer/open/places.js';

/** Owners by shard: a user's name ends with its shard, a scarce owner's does so too. */
const OWNERS = [0, 1, 2, 3, 4].flatMap((shard) => [
  `user${shard}`,
  `other${shard}`,
  `#item:${shard}`,
]);
const SHARD_OF = new Map(OWNERS.map((owner) => [ownerHash(owner), Number(owner.at(-1))]));
const PLACES: Places = {
  shard: 0,
  shards: 5,
  shardOf: (hash) => SHARD_OF.get(hash) ?? 0,
};

/** `payer>payee` for each leg, and whom the condition is about. */
function shardsOf(legs: string, condition?: string): readonly number[] {
  const command: TransferCommand = {
    type: 'transfer',
    legs: legs.split(' ').map((text) => {
      const [from = '', to = ''] = text.split('>');
      return { from, to, asset: 'gold', amount: 1 };
    }),
    ...(condition === undefined
      ? {}
      : { condition: { owner: condition, asset: 'gold', availableAtLeast: 1 } }),
  };
  const view = new CommandView();
  view.read(packCommand(command, 't-1'), 0);
  chain.plan(view, homePlace(view), PLACES);
  return [...chain.shards];
}

/** Used again for each. */
const chain = new Chain();

t.test('the home shard, then who pays, then who is paid, then scarce owners', async (t) => {
  const rows: readonly (readonly [string, readonly number[], string?])[] = [
    ['user3>user1', [3, 1]],
    ['@issue>user2', [2]],
    ['user3>other3', [3]],
    ['user3>user0 user4>user1 user2>user0', [3, 2, 4, 0, 1]],
    ['user3>user0', [3, 2, 0], 'user2'],
    ['user3>@redeem #item:0>user3', [3, 0]],
    ['user3>user4 #item:0>user3', [3, 4, 0]],
    ['user3>#item:1 user3>user4 user2>user3', [3, 2, 4, 1]],
    ['user3>#item:2 #item:0>user3 user3>user1', [3, 1, 0, 2]],
    ['user3>#item:2 user2>user4', [3, 4, 2]],
    ['user3>#item:3 user3>user4', [3, 4]],
    ['user3>#item:0', [3, 1, 0], 'user1'],
    ['user3>#item:1', [3, 1], 'user1'],
    ['#item:0>user3', [0, 3]],
    ['user3>user1', [3, 1]],
  ];
  for (const [legs, shards, condition] of rows) t.same(shardsOf(legs, condition), shards, legs);
});

t.test('neighbours', async (t) => {
  shardsOf('user3>user4 #item:0>user3');
  t.same(
    [3, 4, 0].map((shard) => [chain.before(shard), chain.after(shard)]),
    [
      [-1, 4],
      [3, 0],
      [4, -1],
    ],
  );
});
