// One thread of the ceiling: writes one block after the other, each durable before the next.
// Owns: its LMDB environment, opened as the engine's log is.

import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { open } from 'lmdb';

/** What a writer is to do. */
export interface CeilingOrder {
  readonly path: string;
  readonly blockBytes: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What a writer measured. */
export interface CeilingReport {
  readonly blocksPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const port = parentPort;
if (port === null) throw new Error('ceiling-writer.js runs as a worker thread');
const order = workerData as CeilingOrder;
const settings = {
  path: order.path,
  encoding: 'binary',
  keyEncoding: 'uint32',
  overlappingSync: false,
  noSubdir: true,
  mapSize: 256 * 2 ** 30,
  maxDbs: 4,
  eventTurnBatching: false,
} as const;
mkdirSync(dirname(order.path), { recursive: true });
// lmdb-js's declarations leave `append` out.
const log = open<Buffer, number>(settings) as unknown as {
  put(seq: number, block: Buffer, options: { append: true }): Promise<boolean>;
  close(): Promise<void>;
};
const block = randomFillSync(Buffer.allocUnsafeSlow(order.blockBytes));

let seq = 0;
async function write(): Promise<void> {
  block.writeUInt32LE(++seq, 0);
  if (!(await log.put(seq, block, { append: true }))) throw new Error('a block was not written');
}

const go = once(port, 'message');
port.postMessage('ready');
await go;
const from = performance.now() + order.warmUpSeconds * 1000;
while (performance.now() < from) await write();
const latency = createHistogram();
const startedAt = performance.now();
const to = startedAt + order.seconds * 1000;
let now = startedAt;
let blocks = 0;
while (now < to) {
  const sentAt = now;
  await write();
  now = performance.now();
  latency.record(Math.max(1, Math.round((now - sentAt) * 1000)));
  blocks++;
}
const report: CeilingReport = {
  blocksPerSecond: blocks / ((now - startedAt) / 1000),
  p50Ms: latency.percentile(50) / 1000,
  p99Ms: latency.percentile(99) / 1000,
  maxMs: latency.max / 1000,
};
await log.close();
port.postMessage(report);
