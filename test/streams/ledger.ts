// A ledger on a folder of its own, and work for it. Owns: the folder, the commands. Never touches: what the tests look at.

import {
  type Command,
  type Engine,
  type FeedBlock,
  type OpenOptions,
  open,
} from '../../engine/index.js';
import type { Random } from '../random.js';

/** An open ledger with one asset in it. */
export async function openLedger(
  folder: string,
  options: Partial<OpenOptions> = {},
): Promise<Engine> {
  const ledger = await open({ shards: 2, cacheMb: 64, ...options, folder });
  await ledger.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 2, lotTracked: false });
  return ledger;
}

const user = (random: Random, users: number): string => `u${random.int(users)}`;

/** A command of any kind, most of which are carried out. */
export function anyCommand(random: Random, users: number, id: string): Command {
  const owner = user(random, users);
  const asset = random.int(4) === 0 ? 'gold' : 'points';
  const amount = 1 + random.int(50);
  const business = { id, kind: 'ORDER', ref: `r${id}`, memo: `for ${id}` };
  switch (random.int(8)) {
    case 0:
      return {
        type: 'transfer',
        ...business,
        legs: [{ from: owner, to: '@redeem', asset, amount }],
      };
    case 1: {
      const to = user(random, users);
      const from = owner === to ? '@issue' : owner;
      return { type: 'transfer', id, metadata: { n: amount }, legs: [{ from, to, asset, amount }] };
    }
    case 2:
      return { type: 'hold', id, owner, asset, amount };
    case 3:
      return { type: 'freeze-account', id, owner, asset };
    case 4:
      return { type: 'unfreeze-account', id, owner, asset };
    default:
      return {
        type: 'transfer',
        ...business,
        legs: [{ from: '@issue', to: owner, asset, amount }],
      };
  }
}

/** All blocks of a shard's feed that are durable now, from the log. */
export async function wholeFeed(ledger: Engine, shard: number): Promise<FeedBlock[]> {
  const { shards } = await ledger.stats();
  const last = shards.find((one) => one.shard === shard)?.durableSeq ?? 0;
  const blocks: FeedBlock[] = [];
  if (last === 0) return blocks;
  await new Promise<void>((resolve, reject) => {
    const end = ledger.subscribe(
      shard,
      1,
      (block) => {
        blocks.push(block);
        if (block.seq < last) return;
        end();
        resolve();
      },
      reject,
    );
  });
  return blocks;
}

/** The block as text, so that two of them can be compared. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, field: unknown) =>
    field instanceof Uint8Array ? Buffer.from(field).toString('hex') : field,
  );
