// The question: what remains of the speed when there is much data, and how soon is it back after a kill?
// Owns: the processes that hold the engine. Never touches: the engine itself (growth-child.ts does).
//   G1. The process is killed with SIGKILL right after its last answer; the next one must find every point.

import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilledReport, GrowthMessage, GrowthOrder, ReadyReport } from './growth-child.js';
import {
  type BenchOptions,
  type FigurePlan,
  type Run,
  type RunContext,
  startChild,
} from './harness.js';

/** The bound on resident memory in MiB, where `--cache-mb` names no other. */
const CACHE_MB = 4096;

/** `engine/growth-5m`, or what the options make of it. */
export function growthPlan(options: BenchOptions): FigurePlan {
  const accounts = options.growthAccounts;
  const size = accounts >= 1_000_000 ? `${accounts / 1_000_000}m` : `${accounts / 1000}k`;
  const name = `engine/growth-${size}`;
  return {
    name,
    unit: 'transfers/s',
    headline: false,
    ownProcesses: true,
    ratioTo: 'bound',
    units: {
      [`${name}/opening-accounts`]: 'transfers/s',
      [`${name}/resident`]: 'MiB',
      [`${name}/restart`]: 's',
      [`${name}/disk`]: 'MiB',
    },
    run: (context) => grow(name, context),
  };
}

async function grow(name: string, context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options, folder, progress } = context;
  const cacheMb = options.cacheMb ?? CACHE_MB;
  const order: GrowthOrder = {
    step: 'fill',
    folder: join(folder, 'data'),
    accounts: options.growthAccounts,
    transfers: options.growthTransfers,
    cacheMb,
    batch: 1000,
    inFlight: options.inFlight ?? 3,
  };
  const filled = await fill(order, options, progress);
  const disk = (await bytesUnder(order.folder)) / 2 ** 20;
  const restarted = await restart(order, options);
  const { opening, last } = filled;
  const tail = { tailBlocks: filled.tailBlocks, tailMb: filled.tailMb };
  return {
    [name]: {
      value: last.value,
      p50Ms: last.p50Ms,
      p99Ms: last.p99Ms,
      maxMs: filled.longestMs,
      digest: restarted.digest,
      also: { cpuCores: last.cpuCores, checkpoints: filled.checkpoints },
    },
    [`${name}/opening-accounts`]: { value: opening },
    [`${name}/resident`]: {
      value: filled.peakRssMb,
      reference: cacheMb,
      also: { anonymousMb: filled.anonymousMb, cacheMb: filled.cacheBytes / 2 ** 20 },
    },
    [`${name}/restart`]: {
      value: restarted.seconds,
      also: { openSeconds: restarted.openSeconds, ...tail },
    },
    [`${name}/disk`]: {
      value: disk,
      also: { bytesPerTransfer: (disk * 2 ** 20) / order.transfers },
    },
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
): Promise<ReadyReport & { seconds: number; digest: string }> {
  const startedAt = performance.now();
  const child = start({ ...order, step: 'check' }, options);
  let ready: (ReadyReport & { seconds: number }) | undefined;
  let digest: string | undefined;
  child.on('message', (message: GrowthMessage) => {
    if (message.type === 'ready') {
      ready = { ...message, seconds: (performance.now() - startedAt) / 1000 };
    }
    if (message.type === 'checked') digest = message.digest;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || ready === undefined || digest === undefined) {
    throw new Error(`the restarted engine's process ended with code ${code}`);
  }
  return { ...ready, digest };
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
