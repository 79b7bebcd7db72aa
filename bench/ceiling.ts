// The ceiling: blocks of the same size written and synced by a bare LMDB loop, nothing else done.
// Owns: one thread and one environment per shard, all at once, as the engine has them.

import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CeilingOrder, CeilingReport } from './ceiling-writer.js';

/** Blocks per second of all environments together; latencies of the slowest of them. */
export async function measureCeiling(options: {
  readonly folder: string;
  readonly shards: number;
  readonly blockBytes: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}): Promise<{ blocksPerSecond: number; p50Ms: number; p99Ms: number; maxMs: number }> {
  const { folder, blockBytes, warmUpSeconds, seconds } = options;
  const workers = Array.from({ length: options.shards }, (_, shard) => {
    const path = join(folder, `log-${shard}`);
    const workerData: CeilingOrder = { path, blockBytes, warmUpSeconds, seconds };
    return new Worker(join(import.meta.dirname, 'ceiling-writer.js'), { workerData });
  });
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const reports = workers.map((worker) => once(worker, 'message') as Promise<[CeilingReport]>);
    for (const worker of workers) worker.postMessage('go');
    const sum = { blocksPerSecond: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 };
    for (const [report] of await Promise.all(reports)) {
      sum.blocksPerSecond += report.blocksPerSecond;
      sum.p50Ms = Math.max(sum.p50Ms, report.p50Ms);
      sum.p99Ms = Math.max(sum.p99Ms, report.p99Ms);
      sum.maxMs = Math.max(sum.maxMs, report.maxMs);
    }
    return sum;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
