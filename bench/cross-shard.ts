// The question: what does it cost that payer and payee live on different shards? Two phases instead of one write, over the
// local bus, or between two nodes over NATS; each share of such pairs beside the same ledger with none of them, in the same
// process, one after the other. Owns: pairs of users by shard, expected balances. Never touches: the engine's threads.

import { type Command, open } from '../engine/index.js';
import { asObjects, driveBatches, expectPosted, Measurement, PATIENT } from './drive.js';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { type Ledger, type LedgerKind, twoNodes } from './ledgers.js';
import { random } from './load.js';
import { atParts, HALF_LOAD, type Send } from './loops.js';
import { usageOf } from './process-usage.js';

const SHARDS = 2;
const ASSET = 'points';
const FUNDS = 1_000_000;
const BATCH = 1000;
const SEED = 20_261_123;
/** Batches in flight per shard: a transfer between shards takes three writes one after the other. */
const IN_FLIGHT = 4;
const SHARES = [0, 10, 50, 100];
/** The smoke size leaves out what differs by a number alone. */
const SMOKE_SHARES = [50];

/** Transfers between users, so many in a hundred between shards. */
class Pairs {
  readonly users: readonly string[];
  /** What every user must have. */
  readonly available: Map<string, number>;
  readonly #byShard: readonly string[][];
  readonly #shardOf: (owner: string) => number;
  readonly #next = random(SEED);
  readonly #run: string;
  made = 0;

  constructor(count: number, run: string, engine: Ledger) {
    this.users = Array.from({ length: count }, (_, n) => `u${n}`);
    this.available = new Map(this.users.map((user) => [user, FUNDS]));
    const byShard: string[][] = Array.from({ length: engine.shards }, () => []);
    const shards = new Map(this.users.map((user) => [user, engine.shardOf(user)]));
    for (const [user, shard] of shards) byShard[shard]?.push(user);
    this.#byShard = byShard;
    this.#shardOf = (owner) => shards.get(owner) as number;
    this.#run = run;
  }

  funding(from: number, to: number): Command[] {
    return this.users.slice(from, to).map((user) => ({
      type: 'transfer',
      id: `f${this.#run}-${user}`,
      legs: [{ from: '@issue', to: user, asset: ASSET, amount: FUNDS }],
    }));
  }

  batch(size: number, share: number): Command[] {
    return Array.from({ length: size }, () => this.#command(share));
  }

  #command(share: number): Command {
    const n = this.made++;
    const from = this.#pick(this.users);
    const here = this.#shardOf(from);
    const isFar = n % 100 < share;
    const others = this.#byShard[isFar ? (here + 1) % SHARDS : here] as string[];
    let to = this.#pick(others);
    while (to === from) to = this.#pick(others);
    const amount = 1 + (n & 7);
    this.available.set(from, (this.available.get(from) ?? 0) - amount);
    this.available.set(to, (this.available.get(to) ?? 0) + amount);
    const legs = [{ from, to, asset: ASSET, amount }];
    return { type: 'transfer', id: `t${this.#run}-${n}`, kind: 'GIFT', legs };
  }

  #pick(users: readonly string[]): string {
    return users[Math.floor(this.#next() * users.length)] as string;
  }
}

/** The bench of transfers between shards. */
export const crossShardBench: Bench = {
  name: 'cross-shard',
  figures: ({ smoke }) =>
    (['local', 'nats'] as const).flatMap((bus) => [
      ...(smoke ? SMOKE_SHARES : SHARES).map((share) => planOf(bus, share)),
      lonePlan(bus),
    ]),
};

function planOf(bus: LedgerKind, share: number): FigurePlan {
  const name = `cross-shard/${bus}/${share}`;
  return {
    name,
    unit: 'transfers/s',
    headline: true,
    overview: share === 100,
    ratioTo: 'single-shard',
    sameWork: name,
    run: (context) => measureShare(bus, share, context),
  };
}

async function opened(
  bus: LedgerKind,
  context: RunContext,
): Promise<{ engine: Ledger; pairs: Pairs }> {
  const { options, folder, round } = context;
  const { cacheMb } = options;
  const engine =
    bus === 'nats'
      ? await twoNodes(folder, cacheMb)
      : await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb });
  const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
  expectPosted(await engine.submit(asset));
  const pairs = new Pairs(options.users, `${round + 1}`, engine);
  let funded = 0;
  const fund = (): Command[] | undefined => {
    const from = funded;
    funded = Math.min(from + BATCH, pairs.users.length);
    return from === funded ? undefined : pairs.funding(from, funded);
  };
  await driveBatches(asObjects(engine), 2 * SHARDS, fund, () => {});
  return { engine, pairs };
}

/** Batches of pairs with this share, until the measurement is over. */
async function drive(
  engine: Ledger,
  pairs: Pairs,
  share: number,
  options: BenchOptions,
): Promise<ReturnType<Measurement['result']>> {
  const from = performance.now() + options.warmUpSeconds * 1000;
  const measurement = new Measurement(from, from + options.seconds * 1000);
  const window = (options.inFlight ?? IN_FLIGHT) * SHARDS;
  const next = () => (measurement.over ? undefined : pairs.batch(BATCH, share));
  await driveBatches(asObjects(engine), window, next, measurement.answered.bind(measurement));
  return measurement.result();
}

async function measureShare(bus: LedgerKind, share: number, context: RunContext): Promise<Run> {
  const { options } = context;
  const { engine, pairs } = await opened(bus, context);
  const fixed = options.smoke ? 2 * BATCH : 20 * BATCH;
  const first = () => (pairs.made < fixed ? pairs.batch(BATCH, share) : undefined);
  await driveBatches(asObjects(engine), SHARDS, first, () => {});
  const digest = await engine.digest();
  const single = await drive(engine, pairs, 0, options);
  const before = usageOf([process.pid]);
  const madeBefore = pairs.made;
  const { cpuCores, ...rates } = await drive(engine, pairs, share, options);
  const made = pairs.made - madeBefore;
  const after = usageOf([process.pid]);
  const parts = await halfLoad(engine, pairs, share, rates.value, options);
  await checkBalances(engine, pairs);
  await engine.close();
  const also: Record<string, number> = {
    cpuCores,
    cpuUsPerTransfer: (cpuCores * 1e6) / rates.value,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ...parts,
  };
  if (before !== undefined && after !== undefined)
    also['writtenBytesPerTransfer'] = (after.writtenBytes - before.writtenBytes) / made;
  return { ...rates, reference: single.value, digest, also };
}

/** Latencies at half of the rate, from the intended time of sending. */
function halfLoad(
  engine: Ledger,
  pairs: Pairs,
  share: number,
  commandsPerSecond: number,
  options: BenchOptions,
): Promise<Record<string, number>> {
  const send: Send = async () => {
    const outcomes = await engine.submitBatch(pairs.batch(BATCH, share), PATIENT);
    for (const outcome of outcomes) expectPosted(outcome);
    return BATCH;
  };
  const inFlight = (options.inFlight ?? IN_FLIGHT) * SHARDS;
  const full = { commandsPerSecond, perRequest: BATCH };
  return atParts(send, inFlight, full, HALF_LOAD, options);
}

/** One caller, one transfer at a time: what a lone transfer between shards takes, beside a lone one of one shard. */
function lonePlan(bus: LedgerKind): FigurePlan {
  return {
    name: `cross-shard/${bus}/lone`,
    unit: 'ms',
    headline: true,
    ratioTo: 'single-shard',
    run: async (context) => {
      const { engine, pairs } = await opened(bus, context);
      const far: number[] = [];
      const near: number[] = [];
      const until = performance.now() + context.options.seconds * 1000;
      while (performance.now() < until || far.length < 10) {
        near.push(await lone(engine, pairs, 0));
        far.push(await lone(engine, pairs, 100));
      }
      await checkBalances(engine, pairs);
      await engine.close();
      const p50Ms = quantile(far, 0.5);
      return {
        value: p50Ms,
        p50Ms,
        p99Ms: quantile(far, 0.99),
        maxMs: quantile(far, 1),
        reference: quantile(near, 0.5),
      };
    },
  };
}

async function lone(engine: Ledger, pairs: Pairs, share: number): Promise<number> {
  const [command] = pairs.batch(1, share);
  const sentAt = performance.now();
  expectPosted(await engine.submit(command as Command, PATIENT));
  return performance.now() - sentAt;
}

function quantile(values: number[], q: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * q))] as number;
}

/** Every user has what the pairs say, and nothing is reserved any more. */
async function checkBalances(engine: Ledger, pairs: Pairs): Promise<void> {
  const together = 1000;
  for (let first = 0; first < pairs.users.length; first += together) {
    const some = pairs.users.slice(first, first + together);
    await Promise.all(
      some.map(async (user) => {
        const balances = await engine.balance(user);
        const found = Array.isArray(balances) ? balances[0] : undefined;
        if (found?.available === pairs.available.get(user) && found?.held === 0) return;
        throw new Error(`${user} has ${JSON.stringify(found)}, not ${pairs.available.get(user)}`);
      }),
    );
  }
}
