// The question: how many durable commands per second does the engine carry out through its public API?
// Owns: the list of figures, one run of each. Never touches: the gateway, the engine's inside.
//   E1. A run: new folder, every user funded, a fixed number of commands from a fixed seed, the digest; then the
//       same work goes on in the measured pattern, for a warm-up and the time measured; then every balance
//       is compared with what the commands add up to.
//   E2. The generator runs in the engine's process, on its main thread.

import { availableParallelism } from 'node:os';
import { type Engine, open } from '../engine/index.js';
import { measureCeiling } from './ceiling.js';
import {
  asObjects,
  asPacked,
  checkBalances,
  driveBatches,
  driveSingles,
  expectEntries,
  expectPosted,
  Measurement,
  type Submit,
} from './drive.js';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { HOLD_LAG, uniform, Work, zipf } from './load.js';
import { atParts, HALF_LOAD, type Send } from './loops.js';
import { type Usage, usageOf } from './process-usage.js';

/** What one figure varies. */
interface Variation {
  readonly name: string;
  readonly headline: boolean;
  readonly shards: number;
  /** Commands per batch, or callers of single commands. */
  readonly batch?: number;
  readonly callers?: number;
  /** Are batches handed over as bytes? */
  readonly isPacked?: boolean;
  readonly work: 'uniform' | 'zipf' | 'uniform-lots' | 'holds-30';
}

const ASSET = 'points';
const SEED = 20_261_123;
/** Commands per batch of the funding and the fixed work. */
const FIXED_BATCH = 1000;

/** Batches in flight per shard: more of the small ones, as they share group commits. */
function inFlightPerShard(batch: number, options: BenchOptions): number {
  if (options.inFlight !== undefined) return options.inFlight;
  if (batch >= 8000) return 2;
  if (batch >= 1000) return 3;
  return 4;
}

function variations(): Variation[] {
  const list: Variation[] = [];
  for (const batch of [1, 100, 1000, 8000]) {
    for (const shards of [1, 2]) {
      for (const work of ['uniform', 'zipf'] as const) {
        const name = `engine/batch-${batch}/shards-${shards}/${work}`;
        list.push({ name, headline: batch === 1000, shards, batch, work });
      }
    }
  }
  for (const work of ['uniform-lots', 'holds-30'] as const) {
    const name = `engine/batch-1000/shards-2/${work}`;
    list.push({ name, headline: true, shards: 2, batch: 1000, work });
  }
  list.push({
    name: 'engine/packed-1000/shards-2/uniform',
    headline: true,
    shards: 2,
    batch: 1000,
    isPacked: true,
    work: 'uniform',
  });
  const shards = Math.max(2, availableParallelism());
  for (const callers of [64, 1000]) {
    const name = `engine/single-${callers}-callers`;
    list.push({ name, headline: true, shards, callers, work: 'uniform' });
  }
  return list;
}

/** The smoke size leaves out what differs from the rest by a number alone. */
function isInSmoke({ name, shards, work }: Variation): boolean {
  return (shards > 1 && work !== 'zipf') || name === 'engine/batch-1000/shards-1/zipf';
}

/** Where the ceiling is published as a figure of its own. */
const CEILING_OF = 'engine/batch-1000/shards-2/uniform';

/** The engine's bench. */
export const engineBench: Bench = {
  name: 'engine',
  figures: (options) =>
    variations()
      .filter((variation) => !options.smoke || isInSmoke(variation))
      .map((variation) => planOf(variation)),
};

function planOf(variation: Variation): FigurePlan {
  const { name, headline, work } = variation;
  const unit = work === 'holds-30' ? 'commands/s' : 'transfers/s';
  return {
    name,
    unit,
    headline,
    overview: headline && variation.shards > 1,
    ratioTo: 'ceiling',
    // The digest counts each stripe of a system owner for itself, and there is one per shard.
    sameWork: `${work} on ${variation.shards} shards`,
    run: async (context) => {
      const { run, ceiling } = await runVariation(variation, context);
      return name === CEILING_OF ? { [name]: run, 'engine/ceiling': ceiling } : { [name]: run };
    },
  };
}

async function runVariation(
  variation: Variation,
  context: RunContext,
): Promise<{ run: Run; ceiling: Run }> {
  const { options, round, folder } = context;
  const { shards } = variation;
  const engine = await open({ folder: `${folder}/data`, shards, cacheMb: options.cacheMb });
  const work = makeWork(variation, options, round);
  await prepare(engine, work, fixedCommands(variation, options));
  const digest = await engine.digest();

  const before = await totals(engine);
  const usedBefore = usageOf([process.pid]);
  const from = performance.now() + options.warmUpSeconds * 1000;
  const measurement = new Measurement(from, from + options.seconds * 1000);
  await drive(engine, variation, work, measurement, options);
  const after = await totals(engine);
  const usedAfter = usageOf([process.pid]);
  const result = measurement.result();
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  const parts = variation.headline
    ? await halfLoad(engine, variation, work, result.value, options)
    : {};
  await checkBalances(engine, work);
  await engine.close();

  const blocks = after.blocks - before.blocks;
  const blockBytes = (after.logBytes - before.logBytes) / blocks;
  const commandsPerBlock = (after.commands - before.commands) / blocks;
  const ceiling = await measureCeiling({
    folder: `${folder}/ceiling`,
    shards,
    blockBytes: Math.round(blockBytes),
    warmUpSeconds: Math.min(0.5, options.warmUpSeconds),
    seconds: Math.min(2, options.smoke ? 0.02 : options.seconds),
  });
  const { cpuCores, ...rates } = result;
  const reference = ceiling.blocksPerSecond * commandsPerBlock;
  const also = {
    cpuCores,
    cpuUsPerCommand: (cpuCores * 1e6) / rates.value,
    peakRssMb,
    blockBytes,
    commandsPerBlock,
    bytesPerCommand: blockBytes / commandsPerBlock,
    commitMs: (after.commitMsTotal - before.commitMsTotal) / blocks,
    commitMsMax: after.commitMsMax,
    ...parts,
    ...written(usedBefore, usedAfter, after.commands - before.commands),
  };
  const { p50Ms, p99Ms, maxMs, blocksPerSecond } = ceiling;
  return {
    run: { ...rates, reference, digest, also },
    ceiling: { value: reference, p50Ms, p99Ms, maxMs, also: { blockBytes, blocksPerSecond } },
  };
}

function makeWork({ work }: Variation, options: BenchOptions, round: number): Work {
  const { users, skew } = options;
  return new Work({
    users,
    pick: work === 'zipf' ? zipf(users, skew, SEED) : uniform(users, SEED),
    asset: ASSET,
    run: `${round + 1}`,
    lotsFrom: work === 'uniform-lots' ? Date.now() : undefined,
    holdShare: work === 'holds-30' ? 0.3 : 0,
  });
}

/** Commands between the funding and the digest. */
function fixedCommands({ work }: Variation, options: BenchOptions): number {
  if (!options.smoke) return 200_000;
  return work === 'holds-30' ? HOLD_LAG + 2_000 : 2_000;
}

async function prepare(engine: Engine, work: Work, fixed: number): Promise<void> {
  const lotTracked = work.lots;
  expectPosted(await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked }));
  const window = 2 * engine.shards;
  let funded = 0;
  const fund = () => {
    if (funded === work.users) return undefined;
    const size = Math.min(FIXED_BATCH, work.users - funded);
    return Array.from({ length: size }, () => work.funding(funded++));
  };
  const submit = asObjects(engine, expectEntries);
  await driveBatches(submit, window, fund, () => {});
  const more = () => (work.made < fixed ? work.batch(FIXED_BATCH) : undefined);
  await driveBatches(submit, window, more, () => {});
}

async function drive(
  engine: Engine,
  variation: Variation,
  work: Work,
  measurement: Measurement,
  options: BenchOptions,
): Promise<void> {
  const { batch, callers } = variation;
  if (callers !== undefined) return driveSingles(engine, callers, work, measurement);
  if (batch === undefined) throw new Error(`${variation.name} has neither batch nor callers`);
  const window = inFlightPerShard(batch, options) * variation.shards;
  const next = () => (measurement.over ? undefined : work.batch(batch));
  const answered = measurement.answered.bind(measurement);
  return driveBatches(submitOf(engine, variation), window, next, answered);
}

const submitOf = (engine: Engine, { isPacked }: Variation): Submit =>
  isPacked === true ? asPacked(engine) : asObjects(engine);

/** Latencies at half of the rate, from the intended time of sending. */
async function halfLoad(
  engine: Engine,
  variation: Variation,
  work: Work,
  commandsPerSecond: number,
  options: BenchOptions,
): Promise<Record<string, number>> {
  const { batch, callers, shards } = variation;
  const submit = submitOf(engine, variation);
  const perRequest = batch ?? 1;
  const inFlight = callers ?? inFlightPerShard(perRequest, options) * shards;
  const send: Send = async () => {
    await submit(work.batch(perRequest));
    return perRequest;
  };
  return atParts(send, inFlight, { commandsPerSecond, perRequest }, HALF_LOAD, options);
}

/** What the process wrote per command: log, checkpoints, indexes. */
function written(
  before: Usage | undefined,
  after: Usage | undefined,
  commands: number,
): Record<string, number> {
  if (before === undefined || after === undefined) return {};
  return { writtenBytesPerCommand: (after.writtenBytes - before.writtenBytes) / commands };
}

/** Sums over all shards. */
async function totals(engine: Engine): Promise<{
  blocks: number;
  commands: number;
  logBytes: number;
  commitMsTotal: number;
  commitMsMax: number;
}> {
  const sum = { blocks: 0, commands: 0, logBytes: 0, commitMsTotal: 0, commitMsMax: 0 };
  for (const shard of (await engine.stats()).shards) {
    sum.blocks += shard.blocks;
    sum.commands += shard.commands;
    sum.logBytes += shard.logBytes;
    sum.commitMsTotal += shard.commitMsTotal;
    sum.commitMsMax = Math.max(sum.commitMsMax, shard.commitMsMax);
  }
  return sum;
}
