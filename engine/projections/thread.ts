// The thread that keeps projections up with the logs, and answers what is asked of them. Owns: its beginning and its end. Never touches: what a
// projection makes of the logs.

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { PROJECTION_LOOK_MS } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { Boards } from './boards/boards.js';
import { Follower } from './follower.js';
import type { Asked, ProjectionFigures, ThreadData, Told } from './messages.js';
import { Orders } from './orders/orders.js';
import { projectionPath } from './store.js';

/** Of this thread: a tenth of the time that another one gets where there is too little for all. In a rush it falls behind, and shards do not. */
const NICE = 10;
if (process.platform === 'linux') setPriority(NICE);

const { folder, shards, slotMap } = workerData as ThreadData;
const open = (shard: number): [number, Log] => [
  shard,
  Log.open(shardLogPath(folder, shard), { readOnly: true }),
];
const logs = new Map(shards.map(open));

function read(shard: number, seq: number): BlockView {
  const bytes = logs.get(shard)?.read(seq);
  if (bytes === undefined) throw new Error(`shard ${shard}: block ${seq} is missing`);
  return new BlockView(bytes);
}

const path = projectionPath(folder, 'leaderboards');
const boards = new Boards({ path, shards, slotMap, read });
const orders = new Orders({ path: projectionPath(folder, 'orders'), slotMap });
const followers = [new Follower(logs, boards), new Follower(logs, orders)];
let timer: NodeJS.Timeout | undefined;

function look(): void {
  const isBehind = followers.map((follower) => follower.step()).includes(true);
  timer = setTimeout(look, isBehind ? 0 : PROJECTION_LOOK_MS);
}

function figures(now: number): ProjectionFigures {
  return {
    lagBlocks: Math.max(...followers.map(({ lagBlocks }) => lagBlocks)),
    lagMs: Math.max(...followers.map((follower) => follower.lagMs(now))),
    periods: boards.periods,
  };
}

function answerTo(asked: Exclude<Asked, { type: 'close' }>): unknown {
  if (asked.type === 'figures') return figures(asked.now);
  return asked.type === 'orders' ? orders.answer(asked.question) : boards.answer(asked.question);
}

parentPort?.on('message', async (asked: Asked) => {
  if (asked.type === 'close') {
    clearTimeout(timer);
    await boards.close();
    await orders.close();
    for (const log of logs.values()) await log.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage({ id: asked.id, answer: answerTo(asked) } satisfies Told);
});
look();
