// The thread that keeps projections up with the logs, and answers what is asked of them. Owns: its beginning and its end. Never touches: what a
// projection makes of the logs.

import { parentPort, workerData } from 'node:worker_threads';
import { PROJECTION_LOOK_MS } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { Boards } from './boards/boards.js';
import { Follower } from './follower.js';
import type { Asked, ProjectionFigures, ThreadData, Told } from './messages.js';
import { projectionPath } from './store.js';

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
const follower = new Follower(logs, boards);
let timer: NodeJS.Timeout | undefined;

function look(): void {
  const isBehind = follower.step();
  timer = setTimeout(look, isBehind ? 0 : PROJECTION_LOOK_MS);
}

function figures(now: number): ProjectionFigures {
  return { lagBlocks: follower.lagBlocks, lagMs: follower.lagMs(now), periods: boards.periods };
}

parentPort?.on('message', async (asked: Asked) => {
  if (asked.type === 'close') {
    clearTimeout(timer);
    await boards.close();
    for (const log of logs.values()) await log.close();
    parentPort?.close();
    return;
  }
  const answer = asked.type === 'figures' ? figures(asked.now) : boards.answer(asked.question);
  parentPort?.postMessage({ id: asked.id, answer } satisfies Told);
});
look();
