// The thread that keeps projections up with the logs, and answers what is asked of them. Owns: its beginning and its end. Never touches: what a
// projection makes of the logs.

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { BlockView } from '../protocol/block.js';
import { openTrees } from '../receipts/trees.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { Boards } from './boards/boards.js';
import { Follower } from './follower.js';
import type { Asked, ProjectionFigures, ProjectionName, ThreadData, Told } from './messages.js';
import { Orders } from './orders/orders.js';
import type { Projection } from './projection.js';
import { Register } from './register/register.js';
import { projectionPath } from './store.js';

/** Of this thread: a tenth of the time that another one gets where there is too little for all. In a rush it falls behind, and shards do not. */
const NICE = 10;
if (process.platform === 'linux') setPriority(NICE);

const { folder, shards, slotMap, names, lookMs } = workerData as ThreadData;
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

function made(name: ProjectionName): Projection {
  if (name === 'receipts') return openTrees(folder, logs);
  const options = { path: projectionPath(folder, name), shards, slotMap, read };
  if (name === 'leaderboards') return new Boards(options);
  return name === 'orders' ? new Orders(options) : new Register(options);
}

const projections = new Map(names.map((name) => [name, made(name)]));
const followers = new Map([...projections].map(([name, one]) => [name, new Follower(logs, one)]));
let timer: NodeJS.Timeout | undefined;

function look(): void {
  const isBehind = [...followers.values()].map((follower) => follower.step()).includes(true);
  timer = setTimeout(look, isBehind ? 0 : lookMs);
}

function figures(now: number): ProjectionFigures {
  const all = [...followers.values()];
  const boards = projections.get('leaderboards') as Boards | undefined;
  return {
    lagBlocks: Math.max(...all.map(({ lagBlocks }) => lagBlocks)),
    lagMs: Math.max(...all.map((follower) => follower.lagMs(now))),
    periods: boards?.periods ?? 0,
  };
}

function answerTo(asked: Exclude<Asked, { type: 'close' }>): unknown {
  if (asked.type === 'figures') return figures(asked.now);
  const projection = projections.get(asked.of) as Projection;
  if (asked.of !== 'register' && asked.of !== 'receipts') return projection.answer(asked.question);
  // Who looks somebody up has often just done something with him.
  const follower = followers.get(asked.of) as Follower;
  follower.step();
  if (asked.of === 'receipts') return projection.answer(asked.question);
  return { ...(projection.answer(asked.question) as object), behind: follower.lagBlocks };
}

parentPort?.on('message', async (asked: Asked) => {
  if (asked.type === 'close') {
    clearTimeout(timer);
    for (const one of projections.values()) await one.close();
    for (const log of logs.values()) await log.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage({ id: asked.id, answer: answerTo(asked) } satisfies Told);
});
look();
