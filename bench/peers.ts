// The question: how do other ways of keeping a ledger do on the same work, on the same machine, in the same run?
// Owns: the figures of each peer, one run of it. Never touches: how a peer does the work.
//   R1. A run: a new server with its accounts; a fixed number of movements, then the digest of all balances, which is the
//       same for every peer; then each way of asking, for a warm-up and the time measured; then every balance
//       is compared, movements are repeated, and histories are read.
//   R2. The load generator is a process of its own, on the same machine: it and the server share the cores.

import { chmodSync } from 'node:fs';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { HALF_LOAD, LOAD_PARTS, type Send } from './loops.js';
import { batches, singles } from './peers/asking.js';
import { checkHistory, checkRepeats, checkShort, expectAllPosted } from './peers/checks.js';
import { compareBalances, digestOf, type MovementKind, Movements } from './peers/movements.js';
import type { Accounts, Movement, Peer, RunningPeer } from './peers/peer.js';
import { peersOf } from './peers/registry.js';
import { explainMissing, installPrograms } from './programs.js';
import { fullLoad, type Way, withParts } from './ways.js';

/** Whose figures the others' ratios are to. */
const REFERENCE = 'postgresql';
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Accounts of the issuer and of the redeemer each. */
const STRIPES = 1024;
/** Connections of the work before the digest. */
const FIXED_CONNECTIONS = 8;
/** Movements that are sent again. */
const REPEATED = 100;
/** Accounts whose histories are read. */
const HISTORIES = 50;

/** The bench of peers. */
export const peersBench: Bench = {
  name: 'peers',
  figures: (options) =>
    kinds(options).flatMap((kind) =>
      peersOf(options.tigerbeetle).map((peer) => planOf(peer, kind, options)),
    ),
  prepare: async (plans, options, tell) => {
    const leftOut = new Map<string, string>();
    for (const peer of peersOf(options.tigerbeetle)) {
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

/** A plan has all figures of one peer, one channel and one kind of movements. */
const planName = ({ name, channel }: Peer, kind: MovementKind): string =>
  prefixOf(name, kind) + (channel === undefined ? '' : `/${channel}`);

const figureOf = ({ name, channel }: Peer, kind: MovementKind, suffix: string): string =>
  `${prefixOf(name, kind)}/${channel === undefined ? '' : `${channel}-`}${suffix}`;

const isOf = (peer: Peer, plan: string): boolean =>
  plan === planName(peer, 'programme') || plan === planName(peer, 'pairs');

function planOf(peer: Peer, kind: MovementKind, options: BenchOptions): FigurePlan {
  const compareTo: Record<string, string> = {};
  const compare = (suffix: string, to: string): void => {
    const own = figureOf(peer, kind, suffix);
    const reference = `${prefixOf(REFERENCE, kind)}/${to}`;
    if (own !== reference) compareTo[own] = reference;
  };
  for (const to of ['single', 'batch', 'half-load']) compare(to, to);
  for (const connections of peer.singles) compare(`single-${connections}`, 'single');
  for (const { size } of peer.batches) compare(`batch-${size}`, 'batch');
  return {
    name: planName(peer, kind),
    unit: 'transfers/s',
    headline: kind === 'programme',
    sameWork: `${kind}, ${options.users} accounts`,
    durability: peer.durability,
    units: { [figureOf(peer, kind, 'half-load')]: 'ms' },
    compareTo,
    run: (context) => measurePeer(peer, kind, context),
  };
}

async function measurePeer(
  peer: Peer,
  kind: MovementKind,
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
    const runs = kind === 'pairs' ? await measured.largest() : await measured.all();
    await verify(peer, running, movements);
    const figures: Record<string, Run> = {};
    for (const [suffix, run] of Object.entries(runs))
      figures[figureOf(peer, kind, suffix)] = { ...run, digest };
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
  const connections = await running.open(FIXED_CONNECTIONS);
  const until = async (end: number, send: Send): Promise<void> => {
    const callers = Array.from({ length: FIXED_CONNECTIONS }, async (_, connection) => {
      while (movements.made < end) await send(connection);
    });
    await Promise.all(callers);
  };
  await until(fixed, singles(connections, movements));
  // Exactly as many, whatever the size of the calls, so that the digest is the same.
  if (peer.batches.length === 0) await until(2 * fixed, singles(connections, movements));
  while (movements.made < 2 * fixed)
    expectAllPosted(await connections.batch(0, movements.batch(100)), 100);
  await connections.close();
  const balances = await running.balances();
  compareBalances(balances, movements);
  return digestOf(balances);
}

/** How a peer is asked, and what it came to. */
interface Asked {
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

  /** The figures of the most connections and the largest batch, by suffix. */
  async largest(): Promise<Record<string, Run>> {
    const figures: Record<string, Run> = {};
    for (const connections of this.#peer.singles.slice(-1))
      figures['single'] = (await this.#full('single', connections, 1)).run;
    for (const { size, connections } of this.#peer.batches.slice(-1))
      figures['batch'] = (await this.#full('batch', connections, size)).run;
    return figures;
  }

  /** All figures, by suffix. */
  async all(): Promise<Record<string, Run>> {
    // The smoke size leaves out what differs by a number alone.
    const first = this.#options.smoke ? -1 : 0;
    const single: Asked[] = [];
    for (const connections of this.#peer.singles.slice(first))
      single.push(await this.#full(`single-${connections}`, connections, 1));
    const batch: Asked[] = [];
    for (const { size, connections } of this.#peer.batches.slice(first))
      batch.push(await this.#full(`batch-${size}`, connections, size));
    const figures: Record<string, Run> = {};
    for (const { suffix, run } of [...single, ...batch]) figures[suffix] = run;
    const parts = this.#options.smoke ? HALF_LOAD : LOAD_PARTS;
    const bestSingle = await this.#parts(best(single), parts);
    figures['single'] = bestSingle;
    figures['half-load'] = halfLoad(bestSingle);
    if (batch.length > 0) figures['batch'] = await this.#parts(best(batch), HALF_LOAD);
    return figures;
  }

  async #full(suffix: string, connections: number, size: number): Promise<Asked> {
    const run = await this.#with(connections, size, (way) => fullLoad(way, this.#options));
    this.#progress(`${suffix}: ${Math.round(run.value).toLocaleString('en')} transfers/s`);
    return { suffix, connections, size, run };
  }

  #parts({ connections, size, run }: Asked, percents: readonly number[]): Promise<Run> {
    return this.#with(connections, size, (way) => withParts(run, way, percents, this.#options));
  }

  async #with(connections: number, size: number, ask: (way: Way) => Promise<Run>): Promise<Run> {
    const opened = await this.#running.open(connections);
    const send =
      size === 1 ? singles(opened, this.#movements) : batches(opened, this.#movements, size);
    const run = await ask({ send, connections, perRequest: size, pids: this.#running.pids });
    await opened.close();
    return run;
  }
}

function best(asked: readonly Asked[]): Asked {
  return asked.reduce((so, one) => (one.run.value > so.run.value ? one : so));
}

/** The latency at half of the load as a figure of its own. */
function halfLoad({ also }: Run): Run {
  const { at50P50Ms, at50P99Ms, at50MaxMs, at50Rate } = also as Record<string, number>;
  return {
    value: at50P99Ms as number,
    p50Ms: at50P50Ms,
    p99Ms: at50P99Ms,
    maxMs: at50MaxMs,
    also: { rate: at50Rate as number },
  };
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
