// The question: what do webhooks cost the transfers beside them, and how many does one process deliver? Transfers one a request, on one server, slice by
// slice in turn: with nobody told, and with an outbox that is full. Owns: the server, its webhooks. Never touches: what is told.
//   X1. Full: 50 webhooks whose receivers take a second for each event, so that every window is full and the log is ahead of all of them.
//   X2. Nobody told: the platform whose the webhooks are is disabled; the same server, the same log.
//   X3. Delivered is what receivers have counted, of events that were all there before; each event once.

import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Measurement, runOfSlices, type Slice } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { ASSET, type JifenConnections, JifenServer } from './jifen-server.js';
import { closedLoop } from './loops.js';
import type { ReceiverData } from './outbox-receiver.js';
import { singles } from './peers/asking.js';
import { HttpMovements } from './peers/jifen-http.js';
import { Movements } from './peers/movements.js';
import { usageOf } from './process-usage.js';
import { orStopped } from './server-process.js';

const ALONE = 'outbox/transfers-alone';
const BESIDE = 'outbox/transfers-beside';
const DELIVERED = 'outbox/webhooks';

const CONNECTIONS = 64;
const FUNDS = 1_000_000;
const SLICES = 6;
const SLOW = 50;
const SLOW_MS = 1_000;
const FAST = 8;
const PLATFORM = 'told';

async function asked(
  connections: JifenConnections,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const answer = await connections.send(0, method, path, JSON.stringify(body));
  if (answer.status >= 300)
    throw new Error(`${path} was answered ${answer.status}: ${answer.body}`);
}

/** Receivers that have begun. */
class Receivers {
  readonly port: number;
  readonly #worker: Worker;
  readonly #count: Int32Array;

  private constructor(worker: Worker, count: Int32Array, port: number) {
    this.#worker = worker;
    this.#count = count;
    this.port = port;
  }

  static async start(): Promise<Receivers> {
    const counted = new SharedArrayBuffer(4);
    const workerData: ReceiverData = { counted, slowMs: SLOW_MS };
    const worker = new Worker(new URL('./outbox-receiver.js', import.meta.url), { workerData });
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    return new Receivers(worker, new Int32Array(counted), port);
  }

  get count(): number {
    return Atomics.load(this.#count, 0);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

async function hooked(
  connections: JifenConnections,
  receivers: Receivers,
  path: string,
  count: number,
): Promise<void> {
  const url = `http://127.0.0.1:${receivers.port}${path}`;
  for (let n = 0; n < count; n++)
    await asked(connections, 'POST', '/v1/webhooks', {
      ...{ url, platform: PLATFORM, types: ['points.*'] },
    });
}

const switched = (connections: JifenConnections, verb: 'disable' | 'enable'): Promise<void> =>
  asked(connections, 'POST', `/v1/platforms/${PLATFORM}/${verb}`, {});

async function started({ options, folder }: RunContext): Promise<JifenServer> {
  const server = await JifenServer.start(folder, options.cacheMb, ['--webhook-hosts', '127.0.0.1']);
  const connections = await server.open(1);
  const platform = { id: PLATFORM, name: PLATFORM, assets: [ASSET], operations: ['read'] };
  await asked(connections, 'POST', '/v1/platforms', platform);
  connections.close();
  return server;
}

async function measureBeside(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const receivers = await Receivers.start();
  const server = await started(context);
  return orStopped(server, async () => {
    const accounts = { users: options.users, funds: FUNDS, stripes: 1 };
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    await hooked(connections, receivers, '/slow', options.smoke ? 2 : SLOW);
    const send = singles(
      new HttpMovements(connections, accounts),
      new Movements('programme', accounts),
    );
    const scenarios = [
      [ALONE, 'disable'],
      [BESIDE, 'enable'],
    ] as const;
    const slices = scenarios.map((): Slice[] => []);
    const used = scenarios.map(() => ({ seconds: 0, commands: 0, told: 0, elapsed: 0 }));
    const rounds = options.smoke ? 1 : SLICES;
    for (let round = 0; round < rounds; round++)
      for (const [i, [, verb]] of scenarios.entries()) {
        await switched(connections, verb);
        const [before, told] = [usageOf([server.pid]), receivers.count];
        const began = performance.now();
        const from = began + (options.warmUpSeconds * 1000) / rounds;
        const measurement = new Measurement(from, from + (options.seconds * 1000) / rounds);
        const commands = await closedLoop(send, CONNECTIONS, measurement);
        slices[i]?.push(measurement.result());
        const all = used[i] as (typeof used)[number];
        all.seconds += (usageOf([server.pid])?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
        all.commands += commands;
        all.told += receivers.count - told;
        all.elapsed += (performance.now() - began) / 1_000;
      }
    connections.close();
    await server.stop();
    await receivers.stop();
    const runs = scenarios.map(([name], i): [string, Run] => {
      const run = runOfSlices(slices[i] ?? []);
      const { seconds, commands, told, elapsed } = used[i] as (typeof used)[number];
      const also = {
        serverCpuUsPerCommand: (seconds / commands) * 1e6,
        webhooksPerSecond: told / elapsed,
      };
      return [name, { ...run, also: { ...run.also, ...also } }];
    });
    return Object.fromEntries(runs);
  });
}

async function measureDelivered(context: RunContext): Promise<Run> {
  const { options } = context;
  const receivers = await Receivers.start();
  const server = await started(context);
  return orStopped(server, async () => {
    const connections = await server.open(4);
    await hooked(connections, receivers, '/fast', options.smoke ? 2 : FAST);
    await switched(connections, 'disable');
    const events = options.smoke ? 100 : Math.round(options.seconds * 5_000);
    await connections.fund(events, 1);
    const wanted = events * (options.smoke ? 2 : FAST);
    const before = usageOf([server.pid]);
    const began = performance.now();
    await switched(connections, 'enable');
    while (receivers.count < wanted) await sleep(5);
    const seconds = (performance.now() - began) / 1_000;
    const cpuSeconds = (usageOf([server.pid])?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
    connections.close();
    await server.stop();
    if (receivers.count !== wanted) throw new Error(`${receivers.count} came, of ${wanted} (X3)`);
    await receivers.stop();
    const also = { receivers: FAST, serverCpuUsPerWebhook: (cpuSeconds / wanted) * 1e6 };
    return { value: wanted / seconds, also };
  });
}

/** The bench of the outbox. */
export const outboxBench: Bench = {
  name: 'outbox',
  figures: () => [
    {
      name: 'outbox',
      unit: 'transfers/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [BESIDE]: ALONE },
      run: measureBeside,
    },
    {
      name: DELIVERED,
      unit: 'webhooks/s',
      headline: true,
      ownProcesses: true,
      run: measureDelivered,
    },
  ],
};
