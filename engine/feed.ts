// The committed feed of one shard. Owns: a subscription's position. Never touches: state.
//   E1. Each durable block exactly once, in order; the next one only after the listener is done with the one before.

import { BlockView } from './protocol/block.js';
import { commandOfTuple, unpackTuple } from './protocol/codec.js';
import type { LoggedCommand } from './protocol/commands.js';
import type { FeedBlock, FeedItem } from './protocol/outcomes.js';
import { type AssetCodes, idOf, outcomeOf } from './protocol/read-back.js';

/** A block as the feed shows it. */
export function feedBlock(bytes: Uint8Array, assets: AssetCodes): FeedBlock {
  const { header, effects, commands } = new BlockView(bytes);
  const { shard, seq, time } = header;
  const items: FeedItem[] = [];
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    const start = effects.commandOffset(at);
    const command = commandOfTuple(
      unpackTuple(commands, start, start + effects.commandLength(at)),
    ) as LoggedCommand;
    items.push({
      command,
      outcome: outcomeOf({ shard, effects, assets }, at, idOf(command), seq, time, false),
    });
  }
  return { shard, seq, time, items };
}

/** What a subscription needs of the ledger. */
export interface FeedSource {
  readonly assets: AssetCodes;
  /** Some durable blocks from `from` on; none where there are none yet. */
  read(shard: number, from: number): Promise<readonly Uint8Array[]>;
  /** Resolves when a block at or after `seq` may be durable, or the subscription ends. */
  wait(shard: number, seq: number, signal: AbortSignal): Promise<void>;
}

/** Runs a subscription until the signal, or an error. */
export async function follow(
  source: FeedSource,
  shard: number,
  fromSeq: number,
  listener: (block: FeedBlock) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = Math.max(1, fromSeq);
  while (!signal.aborted) {
    const blocks = await source.read(shard, next);
    for (const bytes of blocks) {
      if (signal.aborted) return;
      await listener(feedBlock(bytes, source.assets));
      next++;
    }
    if (blocks.length === 0) await source.wait(shard, next, signal);
  }
}
