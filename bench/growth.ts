// The question: what remains of the speed when there is much data, and how soon is it back after a kill?
// Owns: the processes that hold the engine. Never touches: the engine itself (growth-child.ts does).
//   G1. The process is killed with SIGKILL right after its last answer; the next one must find every point.

import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  CheckedReport,
  FilledReport,
  GrowthMessage,
  GrowthOrder,
  ReadyReport,
} from './growth-child.js';
import {
  type Bench,
  type BenchOptions,
  type FigurePlan,
  type Run,
  type RunContext,
  startChild,
} from './harness.js';
import { historyPlan, sizeName } from './history.js';

/** The bound on resident memory in MiB, where `--cache-mb` names no other. */
const CACHE_MB = 4096;

/** The sweep, below the largest size, which the options name. */
const SIZES = [
  { accounts: 10_000, transfers: 1_000_000 },
  { accounts: 100_000, transfers: 2_000_000 },
  { accounts: 1_000_000, transfers: 5_000_000 },
] as const;

/** The largest size that is measured where no bench is named. */
const OVERVIEW_ACCOUNTS = 100_000;

/** The bench of data that grows: `engine/growth-10k` to `engine/growth-5m`, and histories. */
export const growthBench: Bench = {
  name: 'growth',
  figures: (options) => {
    const largest = { accounts: options.growthAccounts, transfers: options.growthTransfers };
    const smaller = SIZES.filter(
      ({ accounts, transfers }) => accounts < largest.accounts && transfers < largest.transfers,
    );
    const sizes = options.smoke ? [largest] : [...smaller, largest];
    return [...sizes.map(growthPlan), historyPlan(options)];
  },
};

/** How much there is. */
interface Size {
  readonly accounts: number;
  readonly transfers: number;
}

function growthPlan(size: Size): FigurePlan {
  const name = `engine/growth-${sizeName(size.accounts)}`;
  return {
    name,
    unit: 'transfers/s',
    headline: false,
    overview: size.accounts <= OVERVIEW_ACCOUNTS,
    ownProcesses: true,
    ratioTo: 'bound',
    units: {
      [`${name}/opening-accounts`]: 'transfers/s',
      [`${name}/resident`]: 'MiB',
      [`${name}/restart`]: 's',
      [`${name}/disk`]: 'MiB',
      [`${name}/balance-read`]: 'ms',
      [`${name}/history-page`]: 'ms',
    },
    run: (context) => grow(name, size, context),
  };
}

async function grow(
  name: string,
  size: Size,
  context: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const { options, folder, progress } = context;
  const cacheMb = options.cacheMb ?? CACHE_MB;
  const order: GrowthOrder = {
    step: 'fill',
    folder: join(folder, 'data'),
    accounts: size.accounts,
    transfers: size.transfers,
    cacheMb,
    batch: 1000,
    inFlight: options.inFlight ?? 3,
  };
  const filled = await fill(order, options, progress);
  const disk = (await bytesUnder(order.folder)) / 2 ** 20;
  const restarted = await restart(order, options);
  const { opening, last } = filled;
  const { balance, page } = restarted;
  const { accounts, transfers } = size;
  const tail = { tailBlocks: filled.tailBlocks, tailMb: filled.tailMb };
  return {
    [name]: {
      value: last.value,
      p50Ms: last.p50Ms,
      p99Ms: last.p99Ms,
      maxMs: filled.longestMs,
      digest: restarted.digest,
      also: { accounts, transfers, cpuCores: last.cpuCores, checkpoints: filled.checkpoints },
    },
    [`${name}/opening-accounts`]: { value: opening },
    [`${name}/resident`]: {
      value: filled.peakRssMb,
      reference: cacheMb,
      also: { anonymousMb: filled.anonymousMb, cacheMb: filled.cacheBytes / 2 ** 20 },
    },
    [`${name}/restart`]: {
      value: restarted.seconds,
      also: { openSeconds: restarted.openSeconds, logMb: filled.logMb, ...tail },
    },
    [`${name}/disk`]: {
      value: disk,
      also: { bytesPerTransfer: (disk * 2 ** 20) / order.transfers },
    },
    [`${name}/balance-read`]: { value: balance.p50Ms, ...balance },
    [`${name}/history-page`]: { value: page.p50Ms, ...page },
  };
}

async function fill(
  order: GrowthOrder,
  options: BenchOptions,
  progress: (line: string) => void,
): Promise<FilledReport> {
  const child = start(order, options);
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const filled = await new Promise<FilledReport>((resolve, reject) => {
    child.on('message', (message: GrowthMessage) => {
      if (message.type === 'progress') progress(message.line);
      if (message.type === 'filled') resolve(message);
    });
    ended.then(
      ([code]) => reject(new Error(`the engine's process ended with code ${code}`)),
      reject,
    );
  });
  child.kill('SIGKILL');
  await ended;
  return filled;
}

async function restart(
  order: GrowthOrder,
  options: BenchOptions,
): Promise<Omit<ReadyReport, 'type'> & Omit<CheckedReport, 'type'> & { seconds: number }> {
  const startedAt = performance.now();
  const child = start({ ...order, step: 'check' }, options);
  let ready: (ReadyReport & { seconds: number }) | undefined;
  let checked: CheckedReport | undefined;
  child.on('message', (message: GrowthMessage) => {
    if (message.type === 'ready') {
      ready = { ...message, seconds: (performance.now() - startedAt) / 1000 };
    }
    if (message.type === 'checked') checked = message;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || ready === undefined || checked === undefined) {
    throw new Error(`the restarted engine's process ended with code ${code}`);
  }
  return { ...checked, ...ready };
}

function start(order: GrowthOrder, options: BenchOptions): ReturnType<typeof startChild> {
  const profile = options.profile;
  const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return startChild('growth-child.js', [JSON.stringify(order)], execArgv);
}

// What the files occupy, not how long they claim to be.
async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * 512;
  }
  return bytes;
}
