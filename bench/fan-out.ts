// The question: how soon do many who watch balances see their changes? Every transfer changes the balance of one watched owner.
// Owns: the watchers, and which version each must see next. Never touches: how the gateway tells them.
//   N1. Each watcher sees every version of its account once, in order, or the bench fails.
//   N2. An owner's next transfer is sent only when its last one was seen, so that a latency belongs to one transfer: from the
//       sending of its batch to the arrival of the event.

import { setTimeout as sleep } from 'node:timers/promises';
import { CommandSocket, type StreamMessage, WatchSocket } from './command-socket.js';
import { Measurement } from './drive.js';
import type { BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { ASSET, JifenServer } from './jifen-server.js';
import { usageOf } from './process-usage.js';

const BATCH = 100;
const WRITERS = 4;
/** Something to begin with, so that there is an account to be watched. */
const FUNDS = 1000;

/** Watched owners, and connections that watch them. */
function sizes({ smoke }: BenchOptions): { owners: number; connections: number } {
  return smoke ? { owners: 1000, connections: 10 } : { owners: 10_000, connections: 100 };
}

/** `gateway/fan-out`: events per second. */
export const fanOutPlan: FigurePlan = {
  name: 'gateway/fan-out',
  unit: 'events/s',
  headline: true,
  run: measureFanOut,
};

async function measureFanOut({ options, folder }: RunContext): Promise<Run> {
  const { owners, connections } = sizes(options);
  const server = await JifenServer.start(folder, options.cacheMb);
  try {
    const requests = await server.open(4);
    await requests.fund(owners, FUNDS);
    requests.close();
    const watchers = new Watchers(owners);
    const sockets: WatchSocket[] = [];
    for (let n = 0; n < connections; n++) {
      const socket = await WatchSocket.open(server, (message) => watchers.take(message));
      sockets.push(socket);
      for (let owner = n; owner < owners; owner += connections) socket.watch(owner, `u${owner}`);
    }
    await watchers.until(() => watchers.subscribed === owners);

    const before = usageOf([server.pid]);
    const startedAt = performance.now();
    const from = startedAt + options.warmUpSeconds * 1000;
    const measurement = new Measurement(from, from + options.seconds * 1000);
    const sent = await write(server, watchers, measurement);
    const elapsed = (performance.now() - startedAt) / 1000;
    const after = usageOf([server.pid]);
    for (const socket of sockets) socket.close();
    const { cpuCores: generatorCores, ...rates } = measurement.result();
    const also: Record<string, number> = { owners, connections, sent, generatorCores };
    if (before !== undefined && after !== undefined) {
      also['serverCores'] = (after.cpuSeconds - before.cpuSeconds) / elapsed;
      also['serverPeakMb'] = after.peakMemoryMb;
    }
    return { ...rates, also };
  } finally {
    await server.stop();
  }
}

/** Batches to owners in turn until the measurement is over; returns how many transfers, all of which were seen. */
async function write(
  server: JifenServer,
  watchers: Watchers,
  measurement: Measurement,
): Promise<number> {
  watchers.measurement = measurement;
  let sent = 0;
  const writer = async (): Promise<void> => {
    const socket = await CommandSocket.open(server);
    while (!measurement.over) {
      const owners = watchers.free(BATCH);
      if (owners.length === 0) {
        await sleep(1);
        continue;
      }
      const commands = owners.map((owner) => {
        const leg = { from: '@issue', to: `u${owner}`, asset: ASSET, amount: 1 };
        return { type: 'transfer', id: `T${sent++}`, legs: [leg] };
      });
      watchers.sent(owners);
      for (const told of await socket.send(commands))
        if (!told.ok || told.replayed)
          throw new Error(`a transfer was answered ${JSON.stringify(told)}`);
      watchers.check();
    }
    socket.close();
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  await watchers.until(() => watchers.seen === sent);
  return sent;
}

/** What the watchers have seen. */
class Watchers {
  measurement: Measurement | undefined;
  subscribed = 0;
  /** Transfers seen. */
  seen = 0;
  readonly #versions: Uint32Array;
  readonly #sentAt: Float64Array;
  /** Owners that may be sent to, the one that has waited longest first, in a ring. */
  readonly #free: Int32Array;
  #firstFree = 0;
  #freeCount: number;
  #failure: Error | undefined;

  constructor(owners: number) {
    // The funds are an entry, and are in the balance that a subscription begins with.
    this.#versions = new Uint32Array(owners).fill(1);
    this.#sentAt = new Float64Array(owners);
    this.#free = Int32Array.from({ length: owners }, (_, owner) => owner);
    this.#freeCount = owners;
  }

  /** Up to so many owners whose last transfer was seen; they are not free any more. */
  free(count: number): number[] {
    const taken = Math.min(count, this.#freeCount);
    const owners = Array.from(
      { length: taken },
      (_, n) => this.#free[(this.#firstFree + n) % this.#free.length] as number,
    );
    this.#firstFree = (this.#firstFree + taken) % this.#free.length;
    this.#freeCount -= taken;
    return owners;
  }

  sent(owners: readonly number[]): void {
    const now = performance.now();
    for (const owner of owners) this.#sentAt[owner] = now;
  }

  take(message: StreamMessage): void {
    if (message.type === 'balances') this.subscribed++;
    else if (message.type === 'entries')
      for (const { version } of message.entries) this.#see(message.id, version);
    else if (message.type === 'error')
      this.#failure ??= new Error(`a subscription ended: ${message.code} ${message.detail ?? ''}`);
  }

  /** Throws what has gone wrong. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits; throws what goes wrong meanwhile. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      this.check();
      await sleep(5);
    }
  }

  #see(owner: number, version: number): void {
    const next = (this.#versions[owner] as number) + 1;
    if (version !== next)
      this.#failure ??= new Error(`u${owner} was told version ${version}, not ${next} (N1)`);
    this.#versions[owner] = version;
    this.seen++;
    this.measurement?.answered(1, this.#sentAt[owner] as number, performance.now());
    this.#free[(this.#firstFree + this.#freeCount) % this.#free.length] = owner;
    this.#freeCount++;
  }
}
