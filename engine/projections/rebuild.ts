// Projections thrown away and made anew from the logs of a folder that nobody has open. Owns: that. Never touches: state, logs.

import type { OpenOptions } from '../api.js';
import { BlockView } from '../protocol/block.js';
import { openFolder, shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { Boards } from './boards/boards.js';
import { Follower } from './follower.js';
import { Orders } from './orders/orders.js';
import { projectionPath, removeProjections } from './store.js';

/** Up to which block of each shard projections are exact. */
export interface RebuiltProjections {
  readonly shards: readonly { readonly shard: number; readonly seq: number }[];
  /** Periods of leaderboards that are kept. */
  readonly periods: number;
}

/** See engine/index.ts. */
export async function rebuildProjections(
  path: string,
  { onProgress }: Pick<OpenOptions, 'onProgress'> = {},
): Promise<RebuiltProjections> {
  const folder = openFolder(path, { create: false, lock: true });
  const logs = new Map<number, Log>();
  try {
    removeProjections(folder.path);
    for (const shard of folder.here)
      logs.set(shard, Log.open(shardLogPath(folder.path, shard), { readOnly: true }));
    const boards = new Boards({
      path: projectionPath(folder.path, 'leaderboards'),
      shards: folder.here,
      slotMap: folder.slotMap,
      read: (shard, seq) => new BlockView(logs.get(shard)?.read(seq) ?? new Uint8Array(0)),
    });
    const orders = new Orders({
      path: projectionPath(folder.path, 'orders'),
      slotMap: folder.slotMap,
    });
    const ofOrders = new Follower(logs, orders);
    while (ofOrders.step());
    await orders.close();
    const follower = new Follower(logs, boards);
    while (follower.step())
      for (const [shard, log] of logs)
        onProgress?.({ shard, seq: boards.position(shard).seq, headSeq: log.headSeq() });
    const shards = folder.here.map((shard) => ({ shard, seq: boards.position(shard).seq }));
    const { periods } = boards;
    await boards.close();
    return { shards, periods };
  } finally {
    for (const log of logs.values()) await log.close();
    folder.release();
  }
}
