// One way of asking a server, measured: as fast as it answers, then at parts of that.
// Owns: what beside rate and latency belongs to it: processor time, memory, bytes written. Never touches: what is asked.

import { Measurement } from './drive.js';
import type { BenchOptions, Run } from './harness.js';
import { atParts, closedLoop, type Send } from './loops.js';
import { usageOf } from './process-usage.js';

/** A way of asking. */
export interface Way {
  readonly send: Send;
  readonly connections: number;
  /** Commands of one request. */
  readonly perRequest: number;
  /** The server's processes. */
  readonly pids: readonly number[];
}

/**
 * Every connection asks again when it is answered, for a warm-up and the time measured. Beside the latencies:
 * `connections`, `generatorCores`, and, where the system tells, of the server with its processes `serverCores`,
 * `serverPeakMb` and `writtenBytesPerTransfer`, and of both `cpuUsPerCommand`.
 */
export async function fullLoad(way: Way, options: BenchOptions): Promise<Run> {
  const { send, connections, pids } = way;
  const before = usageOf(pids);
  const startedAt = performance.now();
  const from = startedAt + options.warmUpSeconds * 1000;
  const measurement = new Measurement(from, from + options.seconds * 1000);
  const commands = await closedLoop(send, connections, measurement);
  const elapsed = (performance.now() - startedAt) / 1000;
  const after = usageOf(pids);
  const { cpuCores: generatorCores, ...rates } = measurement.result();
  const also: Record<string, number> = { connections, generatorCores };
  if (before !== undefined && after !== undefined) {
    const serverSeconds = after.cpuSeconds - before.cpuSeconds;
    // Of a library both are the same process.
    const generator = pids.includes(process.pid) ? 0 : generatorCores / rates.value;
    also['serverCores'] = serverSeconds / elapsed;
    also['cpuUsPerCommand'] = (serverSeconds / commands + generator) * 1e6;
    also['serverPeakMb'] = after.peakMemoryMb;
    also['writtenBytesPerTransfer'] = (after.writtenBytes - before.writtenBytes) / commands;
  }
  return { ...rates, also };
}

/** The run with latencies at these percents of its rate, each asked for half of the time measured. */
export async function withParts(
  run: Run,
  { send, connections, perRequest }: Way,
  percents: readonly number[],
  options: BenchOptions,
): Promise<Run> {
  const full = { commandsPerSecond: run.value, perRequest };
  const parts = await atParts(send, connections, full, percents, options);
  return { ...run, also: { ...run.also, ...parts } };
}
