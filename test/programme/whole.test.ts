// Acts that cause others, in an atomic batch: all of it and what it causes, or nothing; a defect planted in what keeps them apart, which this
// must find.

import t from 'tap';
import type { MemoryLedger } from '../../engine/ledger/memory.js';
import { DAY_MS } from '../../engine/limits.js';
import { CommandBuffer } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { Trials } from '../../engine/shard/trials.js';
import { FollowUps } from '../../engine/transfer/open/follow-ups.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { findEach } from '../planted.js';
import { ACTS, ASSET, bodyOf } from './causing.js';

const START = 20_500 * DAY_MS;

function demand(is: unknown, should: unknown, what: string): void {
  const [one, other] = [JSON.stringify(is), JSON.stringify(should)];
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

/** Does a shard carry out all of these, and not none? */
function together(memory: MemoryLedger, trials: Trials, commands: readonly Command[]): boolean {
  const { ledger } = memory;
  ledger.draft.open(memory.blocks.length + 1, START);
  ledger.openBlock(ledger.draft);
  const buffer = new CommandBuffer(1 << 12);
  for (const command of commands) buffer.append(command, (command as { readonly id: string }).id);
  const judged = trials.atomic(buffer.bytes());
  memory.seal();
  if (judged === null) throw new Error('no room');
  return judged.seq === ledger.draft.seq;
}

/** A member causes something for one on another shard, and one on the same. */
function allOrNothing(): void {
  const shards = new MemoryShards(2);
  for (const { ledger } of shards.shards) ledger.acts = ACTS;
  shards.apply({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }, START);
  const names = Array.from({ length: 50 }, (_, n) => `u${n}`);
  const [ann, near] = names.filter((name) => ownerHash(name) % 2 === 0) as [string, string];
  const far = names.find((name) => ownerHash(name) % 2 === 1)!;
  const [home] = shards.shards as [MemoryLedger];
  const trials = new Trials(home.ledger);
  const give = (to: string, amount: number) => [{ from: '@issue', to, amount }];
  const causes = [far, near].map((owner) => ({ owner, wish: { legs: give(owner, 5) } }));
  const body = bodyOf({ legs: give(ann, 1), causes });
  const act: Command = { type: 'act', id: 'a', owner: ann, act: 'first', body };
  const hold = (amount: number): Command => ({
    ...{ type: 'hold', id: 'h', owner: ann, asset: ASSET, amount },
  });
  /** What members have, once all that was said has arrived. */
  let asked = 0;
  const all = () => {
    const id = `w${++asked}`;
    shards.apply({ type: 'hold', id, owner: far, asset: ASSET, amount: 99 }, START);
    return [ann, far, near].map((one) => shards.balances(one)[0]?.available ?? 0);
  };
  const blocks = home.blocks.length;
  demand(together(home, trials, [act, hold(2)]), false, 'refused');
  demand(home.state.followUps.size, 0, 'nothing waits');
  demand(home.ledger.outbox.length, 0, 'nothing is said');
  demand(home.blocks.length, blocks, 'nothing is logged');
  demand(all(), [0, 0, 0], 'nothing is done');
  demand(together(home, trials, [act, hold(1)]), true, 'both');
  demand(home.blocks.length, blocks + 1, 'in one block');
  demand(home.state.followUps.size, 2, 'what is caused waits');
  demand(all(), [0, 5, 5], 'all is done');
  demand(home.state.followUps.size, 0, 'and is known to be');
  together(home, trials, [act, hold(1)]);
  demand(all(), [0, 5, 5], 'once');
}

t.test('an atomic batch with an act that causes others is whole, or not at all', async () => {
  allOrNothing();
});

findEach(
  [
    {
      what: 'what is only tried waits to be carried out',
      of: FollowUps,
      method: 'copy',
      wrong: (_, __, self) => self,
    },
  ],
  [allOrNothing],
);
