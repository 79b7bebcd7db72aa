// Projections thrown away and made anew from the logs of a folder that nobody has open. Owns: that. Never touches: state, logs.

import { existsSync } from 'node:fs';
import type { OpenOptions } from '../api.js';
import { BlockView } from '../protocol/block.js';
import { openTrees } from '../receipts/trees.js';
import { openFolder, shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { Boards } from './boards/boards.js';
import { Follower } from './follower.js';
import type { ProjectionName } from './messages.js';
import { Orders } from './orders/orders.js';
import type { Projection } from './projection.js';
import { Register } from './register/register.js';
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
    const isRegistered = existsSync(projectionPath(folder.path, 'register'));
    const hasTrees = existsSync(projectionPath(folder.path, 'receipts'));
    removeProjections(folder.path);
    for (const shard of folder.here)
      logs.set(shard, Log.open(shardLogPath(folder.path, shard), { readOnly: true }));
    const of = (name: ProjectionName) => ({
      path: projectionPath(folder.path, name),
      shards: folder.here,
      slotMap: folder.slotMap,
      read: (shard: number, seq: number) =>
        new BlockView(logs.get(shard)?.read(seq) ?? new Uint8Array(0)),
    });
    const told = (projection: Projection): void => {
      for (const [shard, log] of logs)
        onProgress?.({ shard, seq: projection.position(shard).seq, headSeq: log.headSeq() });
    };
    const others = [
      new Orders(of('orders')),
      ...(isRegistered ? [new Register(of('register'))] : []),
      ...(hasTrees ? [openTrees(folder.path, logs)] : []),
    ];
    for (const one of others) {
      const follower = new Follower(logs, one);
      while (follower.step()) told(one);
      await one.close();
    }
    const boards = new Boards(of('leaderboards'));
    const follower = new Follower(logs, boards);
    while (follower.step()) told(boards);
    const shards = folder.here.map((shard) => ({ shard, seq: boards.position(shard).seq }));
    const { periods } = boards;
    await boards.close();
    return { shards, periods };
  } finally {
    for (const log of logs.values()) await log.close();
    folder.release();
  }
}
