// Several ways of asking the same program, slice by slice in turn: what else the machine does is in all of them. Owns: the turns. Never touches: what is
// asked.

import { Measurement, runOfSlices, type Slice } from './drive.js';
import type { BenchOptions, Run } from './harness.js';
import { closedLoop, type Send } from './loops.js';
import { usageOf } from './process-usage.js';

/** A way of asking, under the name of its figure. */
export type Way = readonly [name: string, send: Send];

export interface Turns {
  /** How many requests of a way are open at a time. */
  readonly connections: number;
  /** Slices of each way in a run; at the smoke size one. */
  readonly slices: number;
  /**
   * How many requests a slice has, from the first one sent to the last answer, after one for each connection; where requests are large, few are answered
   * in the time that is to be measured. Left out: as many as are answered in that time.
   */
  readonly requests?: number;
  /** The server that is asked, where it is a process of its own. */
  readonly server?: number;
}

/** All ways in turn, each for as long as is to be measured. */
export async function inTurns(
  ways: readonly Way[],
  turns: Turns,
  options: Pick<BenchOptions, 'seconds' | 'warmUpSeconds' | 'smoke'>,
): Promise<Readonly<Record<string, Run>>> {
  const { connections, slices, server } = turns;
  const all = ways.map((): Slice[] => []);
  const used = ways.map(() => ({ seconds: 0, commands: 0 }));
  const secondsOf = (): number =>
    server === undefined ? 0 : (usageOf([server])?.cpuSeconds ?? Number.NaN);
  const rounds = options.smoke ? 1 : slices;
  for (let round = 0; round < rounds; round++)
    for (const [i, [, send]] of ways.entries()) {
      const before = secondsOf();
      const { slice, commands } =
        turns.requests === undefined
          ? await ofTime(send, connections, options, rounds)
          : await ofRequests(send, connections, turns.requests);
      all[i]?.push(slice);
      const one = used[i] as { seconds: number; commands: number };
      one.seconds += secondsOf() - before;
      one.commands += commands;
    }
  const runs = ways.map(([name], i): [string, Run] => {
    const run = runOfSlices(all[i] ?? []);
    if (server === undefined) return [name, run];
    const { seconds, commands } = used[i] as { seconds: number; commands: number };
    const also = { connections, serverCpuUsPerCommand: (seconds / commands) * 1e6 };
    return [name, { ...run, also: { ...run.also, ...also } }];
  });
  return Object.fromEntries(runs);
}

/** A slice, and all commands that were sent for it. */
interface Part {
  readonly slice: Slice;
  readonly commands: number;
}

async function ofTime(
  send: Send,
  connections: number,
  { seconds, warmUpSeconds }: Pick<BenchOptions, 'seconds' | 'warmUpSeconds'>,
  rounds: number,
): Promise<Part> {
  const from = performance.now() + (warmUpSeconds * 1000) / rounds;
  const measurement = new Measurement(from, from + (seconds * 1000) / rounds);
  const commands = await closedLoop(send, connections, measurement);
  return { slice: measurement.result(), commands };
}

async function ofRequests(send: Send, connections: number, requests: number): Promise<Part> {
  const all = Array.from({ length: connections }, (_, connection) => connection);
  const first = await Promise.all(all.map(send));
  const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
  measurement.begin(performance.now());
  let commands = first.reduce((sum, count) => sum + count, 0);
  let left = requests;
  await Promise.all(
    all.map(async (connection) => {
      while (left-- > 0) {
        const sentAt = performance.now();
        const count = await send(connection);
        commands += count;
        measurement.answered(count, sentAt, performance.now());
      }
    }),
  );
  measurement.end(performance.now());
  return { slice: measurement.result(), commands };
}
