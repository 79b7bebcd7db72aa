// The question: how do other ways of keeping a ledger do on the same work, on the same machine, in the same run?
// Owns: the figures of each peer, one run of it. Never touches: how a peer does the work.
//   R1. A run: a new server with its accounts; a fixed number of movements, then the digest of all balances, which is the
//       same for every peer; then each way of asking, for a warm-up and the time measured; then every balance
//       is compared, movements are repeated, and histories are read.
//   R2. The load generator is a process of its own, on the same machine: it and the server share the cores.

import { chmodSync } from 'node:fs';
import { Measurement } from './drive.js';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { atParts, closedLoop, type Send } from './loops.js';
import { checkHistory, checkRepeats, checkShort, expectAllPosted } from './peers/checks.js';
import { compareBalances, digestOf, type MovementKind, Movements } from './peers/movements.js';
import type { Accounts, Connections, Movement, Peer, RunningPeer } from './peers/peer.js';
import { PEERS } from './peers/registry.js';
import { usageOf } from './process-usage.js';
import { explainMissing, installPrograms } from './programs.js';

/** Whose figures the others' ratios are to. */
const REFERENCE = 'postgresql';
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Accounts of the issuer and of the redeemer each. */
const STRIPES = 1024;
/** Movements that are sent again. */
const REPEATED = 100;
/** Accounts whose histories are read. */
const HISTORIES = 50;

/** The bench of peers. */
export const peersBench: Bench = {
  name: 'peers',
  figures: (options) =>
    kinds(options).flatMap((kind) => PEERS.map((peer) => planOf(peer, kind, options))),
  prepare: async (plans, options, tell) => {
    const leftOut = new Map<string, string>();
    for (const peer of PEERS) {
      const own = plans.filter(({ name }) => isOf(peer, name));
      if (own.length === 0) continue;
      const why =
        options.smoke && peer.isLarge === true
          ? explainMissing(peer.programs)
          : installPrograms(peer.programs, tell);
      if (why !== undefined) for (const { name } of own) leftOut.set(name, why);
    }
    return leftOut;
  },
};

// The smoke size leaves out what differs by the choice of accounts alone.
function kinds(options: BenchOptions): readonly MovementKind[] {
  return options.smoke ? ['programme'] : ['programme', 'pairs'];
}

const prefixOf = (name: string, kind: MovementKind): string =>
  kind === 'programme' ? `peers/${name}` : `peers/${name}/${kind}`;

const isOf = (peer: Peer, plan: string): boolean =>
  plan === prefixOf(peer.name, 'programme') || plan === prefixOf(peer.name, 'pairs');

function planOf(peer: Peer, kind: MovementKind, options: BenchOptions): FigurePlan {
  const name = prefixOf(peer.name, kind);
  const channel = peer.channel === undefined ? '' : `${peer.channel}-`;
  const halfLoad = `${name}/${channel}half-load`;
  const reference = prefixOf(REFERENCE, kind);
  const compareTo: Record<string, string> = {};
  const own = (suffix: string): string => `${name}/${channel}${suffix}`;
  const compare = (suffix: string, best: string): void => {
    if (own(suffix) !== `${reference}/${best}`) compareTo[own(suffix)] = `${reference}/${best}`;
  };
  for (const suffix of ['single', ...peer.singles.map((n) => `single-${n}`)])
    compare(suffix, 'single');
  for (const suffix of ['batch', ...peer.batches.map(({ size }) => `batch-${size}`)])
    compare(suffix, 'batch');
  compare('half-load', 'half-load');
  return {
    name,
    unit: 'transfers/s',
    headline: kind === 'programme',
    sameWork: `${kind}, ${options.users} accounts`,
    units: { [halfLoad]: 'ms' },
    compareTo,
    run: (context) => measurePeer(peer, kind, name, context),
  };
}

async function measurePeer(
  peer: Peer,
  kind: MovementKind,
  name: string,
  context: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const { options, folder, progress } = context;
  // A server that runs as another user must reach its own folder below.
  chmodSync(folder, 0o711);
  const accounts: Accounts = { users: options.users, funds: FUNDS, stripes: STRIPES };
  const movements = new Movements(kind, accounts);
  progress(`starting (${peer.durability})`);
  const running = await peer.start({ folder, ...accounts });
  try {
    const digest = await fixedWork(peer, running, movements, options);
    const measured = new PeerRuns(peer, running, movements, context);
    const runs = await measured.all(name);
    await verify(peer, running, movements);
    const figures: Record<string, Run> = {};
    for (const [figure, run] of Object.entries(runs)) figures[figure] = { ...run, digest };
    return figures;
  } finally {
    await running.stop();
  }
}

/** Movements before the digest: as singles, and as batches of 100 where there are any. */
async function fixedWork(
  peer: Peer,
  running: RunningPeer,
  movements: Movements,
  options: BenchOptions,
): Promise<string> {
  const fixed = options.smoke ? 400 : 5000;
  const connections = await running.open(8);
  const until = async (end: number, send: Send): Promise<void> => {
    const callers = Array.from({ length: 8 }, async (_, connection) => {
      while (movements.made < end) await send(connection);
    });
    await Promise.all(callers);
  };
  await until(fixed, singles(connections, movements));
  const last = peer.batches.length === 0 ? singles(connections, movements) : undefined;
  // Exactly as many, whatever the size of the calls, so that the digest is the same.
  while (movements.made < 2 * fixed) {
    if (last !== undefined) await until(2 * fixed, last);
    else expectAllPosted(await connections.batch(0, movements.batch(100)), 100);
  }
  await connections.close();
  const balances = await running.balances();
  compareBalances(balances, movements);
  return digestOf(balances);
}

function singles(connections: Connections, movements: Movements): Send {
  return async (connection) => {
    const movement = movements.next();
    const result = await connections.transfer(connection, movement);
    if (result !== 'posted') throw new Error(`${movement.id} was answered ${result}`);
    return 1;
  };
}

function batches(connections: Connections, movements: Movements, size: number): Send {
  return async (connection) => {
    expectAllPosted(await connections.batch(connection, movements.batch(size)), size);
    return size;
  };
}

/** A way of asking, and what it came to. */
interface Way {
  readonly suffix: string;
  readonly connections: number;
  readonly size: number;
  readonly run: Run;
}

/** The measured part of one run of one peer. */
class PeerRuns {
  readonly #peer: Peer;
  readonly #running: RunningPeer;
  readonly #movements: Movements;
  readonly #options: BenchOptions;
  readonly #progress: (line: string) => void;

  constructor(peer: Peer, running: RunningPeer, movements: Movements, context: RunContext) {
    this.#peer = peer;
    this.#running = running;
    this.#movements = movements;
    this.#options = context.options;
    this.#progress = context.progress;
  }

  /** All figures, by name. */
  async all(name: string): Promise<Record<string, Run>> {
    const channel = this.#peer.channel === undefined ? '' : `${this.#peer.channel}-`;
    const single: Way[] = [];
    for (const connections of this.#peer.singles)
      single.push(await this.#full(`single-${connections}`, connections, 1));
    const batch: Way[] = [];
    for (const { size, connections } of this.#peer.batches)
      batch.push(await this.#full(`batch-${size}`, connections, size));
    const figures: Record<string, Run> = {};
    for (const { suffix, run } of [...single, ...batch])
      figures[`${name}/${channel}${suffix}`] = run;
    const bestSingle = await this.#withParts(best(single));
    figures[`${name}/${channel}single`] = bestSingle;
    const { at50P50Ms, at50P99Ms, at50MaxMs, at50Rate } = bestSingle.also as Record<string, number>;
    figures[`${name}/${channel}half-load`] = {
      value: at50P99Ms as number,
      p50Ms: at50P50Ms,
      p99Ms: at50P99Ms,
      maxMs: at50MaxMs,
      also: { rate: at50Rate as number },
    };
    if (batch.length > 0) figures[`${name}/${channel}batch`] = await this.#withParts(best(batch));
    return figures;
  }

  #sender(opened: Connections, size: number): Send {
    return size === 1 ? singles(opened, this.#movements) : batches(opened, this.#movements, size);
  }

  /** As fast as it answers. */
  async #full(suffix: string, connections: number, size: number): Promise<Way> {
    const { seconds, warmUpSeconds } = this.#options;
    const opened = await this.#running.open(connections);
    const before = usageOf(this.#running.pids);
    const startedAt = performance.now();
    const madeBefore = this.#movements.made;
    const from = startedAt + warmUpSeconds * 1000;
    const measurement = new Measurement(from, from + seconds * 1000);
    await closedLoop(this.#sender(opened, size), connections, measurement);
    const elapsed = (performance.now() - startedAt) / 1000;
    const after = usageOf(this.#running.pids);
    await opened.close();
    const { cpuCores: generatorCores, ...rates } = measurement.result();
    const also: Record<string, number> = { connections, generatorCores };
    if (before !== undefined && after !== undefined) {
      also['serverCores'] = (after.cpuSeconds - before.cpuSeconds) / elapsed;
      also['serverMemoryMb'] = after.memoryMb;
      also['writtenBytesPerTransfer'] =
        (after.writtenBytes - before.writtenBytes) / (this.#movements.made - madeBefore);
    }
    this.#progress(`${suffix}: ${Math.round(rates.value).toLocaleString('en')} transfers/s`);
    return { suffix, connections, size, run: { ...rates, also } };
  }

  /** The best way again, at parts of what it can. */
  async #withParts({ connections, size, run }: Way): Promise<Run> {
    const opened = await this.#running.open(connections);
    const full = { commandsPerSecond: run.value, perRequest: size };
    const parts = await atParts(this.#sender(opened, size), connections, full, this.#options);
    await opened.close();
    return { ...run, also: { ...run.also, ...parts } };
  }
}

function best(ways: readonly Way[]): Way {
  return ways.reduce((so, way) => (way.run.value > so.run.value ? way : so));
}

/** Every balance, some repeats, one that is short, some histories. */
async function verify(peer: Peer, running: RunningPeer, movements: Movements): Promise<void> {
  const { users } = movements.accounts;
  const connections = await running.open(1);
  const hasBatches = peer.batches.length > 0;
  const posted: Movement[] = [];
  for (let n = 0; n < REPEATED; n++) posted.push(movements.next());
  for (const movement of posted) await connections.transfer(0, movement);
  await checkRepeats(connections, posted, hasBatches);
  const short = { id: 'SHORT', from: 0, to: 1, amount: 2 * FUNDS };
  await checkShort(connections, [movements.next(), movements.next()], short, hasBatches);
  await connections.close();
  compareBalances(await running.balances(), movements);
  const sample = Array.from({ length: Math.min(HISTORIES, users) }, (_, n) =>
    Math.floor((n * users) / HISTORIES),
  );
  await checkHistory(running, [...new Set(sample)], FUNDS, movements.expected);
}
