// The process that holds the engine while it grows, and the one after the kill.
// Owns: the engine and its load; reports by messages. Never ends by itself after `filled`: it is killed.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createHistogram } from 'node:perf_hooks';
import { type Engine, open } from '../engine/index.js';
import {
  asObjects,
  checkBalances,
  driveBatches,
  expectPosted,
  Measurement,
  times,
} from './drive.js';
import { uniform, Work } from './load.js';

/** What the process is to do. */
export interface GrowthOrder {
  readonly step: 'fill' | 'check';
  readonly folder: string;
  readonly accounts: number;
  readonly transfers: number;
  readonly cacheMb: number;
  readonly batch: number;
  /** Batches in flight per shard. */
  readonly inFlight: number;
}

/** All transfers are durable. */
export interface FilledReport {
  readonly type: 'filled';
  /** Transfers per second while every transfer opened an account. */
  readonly opening: number;
  /** The last tenth. */
  readonly last: ReturnType<Measurement['result']>;
  /** The longest answer of all. */
  readonly longestMs: number;
  readonly peakRssMb: number;
  /** Memory that is not a mapped file, now (0: not known on this system). */
  readonly anonymousMb: number;
  /** What the engine says its pages and indexes take. */
  readonly cacheBytes: number;
  /** Blocks since the last checkpoint, and about how much log that is. */
  readonly tailBlocks: number;
  readonly tailMb: number;
  /** The whole log. */
  readonly logMb: number;
  /** Shards that have written a checkpoint. */
  readonly checkpoints: number;
}

/** The engine has answered a first read. */
export interface ReadyReport {
  readonly type: 'ready';
  /** Of that, `open` alone. */
  readonly openSeconds: number;
}

/** Every balance is right. Latencies of single reads of accounts chosen at random, before that. */
export interface CheckedReport {
  readonly type: 'checked';
  readonly digest: string;
  readonly balance: Latency;
  /** The newest 50 entries. */
  readonly page: Latency;
}

type Latency = Awaited<ReturnType<typeof times>>;

/** What the process reports. */
export type GrowthMessage =
  | { readonly type: 'progress'; readonly line: string }
  | FilledReport
  | ReadyReport
  | CheckedReport;

const ASSET = 'points';
const order = JSON.parse(process.argv[2] ?? '') as GrowthOrder;
const send = (message: GrowthMessage): void => {
  process.send?.(message);
};

const pick = uniform(order.accounts, 5_000_000);
const work = new Work({ users: order.accounts, pick, asset: ASSET, run: '1' });
await (order.step === 'fill' ? fill() : check());

async function fill(): Promise<void> {
  const shards = Math.max(2, availableParallelism());
  const engine = await open({ folder: order.folder, shards, cacheMb: order.cacheMb });
  expectPosted(
    await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }),
  );
  const latency = createHistogram();
  const window = order.inFlight * shards;
  const lastFrom = Math.floor(order.transfers * 0.9);
  let last: Measurement | undefined;
  let sent = 0;
  let done = 0;
  const next = () => {
    if (sent >= order.transfers) return undefined;
    const size = Math.min(order.batch, order.transfers - sent);
    const batch = Array.from({ length: size }, () => command(sent++));
    return batch;
  };
  let shownAt = performance.now();
  let shown = 0;
  let opening = 0;
  const startedAt = shownAt;
  const answered = (commands: number, sentAt: number, now: number): void => {
    done += commands;
    latency.record(Math.max(1, Math.round((now - sentAt) * 1000)));
    if (opening === 0 && done >= order.accounts) {
      opening = done / ((now - startedAt) / 1000);
    }
    if (done >= lastFrom) last ??= new Measurement(now, Number.POSITIVE_INFINITY);
    last?.answered(commands, sentAt, now);
    if (now - shownAt < 2000) return;
    const rate = Math.round((done - shown) / ((now - shownAt) / 1000)).toLocaleString('en');
    const rss = Math.round(process.memoryUsage.rss() / 2 ** 20).toLocaleString('en');
    const longest = (latency.max / 1000).toFixed(0);
    const so = `${done.toLocaleString('en')} transfers, ${rate}/s`;
    send({ type: 'progress', line: `${so}, resident ${rss} MiB, longest answer ${longest} ms` });
    shownAt = now;
    shown = done;
  };
  await driveBatches(asObjects(engine), window, next, answered);
  if (last === undefined) throw new Error('no last part');
  last.end(performance.now());
  send({
    type: 'filled',
    opening,
    last: last.result(),
    longestMs: latency.max / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    anonymousMb: anonymousMb(),
    ...(await logFigures(engine)),
  });
}

// The first transfers open an account each, the others go on with those.
function command(n: number): ReturnType<Work['next']> {
  return n < order.accounts ? work.funding(n) : work.next();
}

async function logFigures(
  engine: Engine,
): Promise<Pick<FilledReport, 'cacheBytes' | 'tailBlocks' | 'tailMb' | 'logMb' | 'checkpoints'>> {
  const sum = { cacheBytes: 0, tailBlocks: 0, tailMb: 0, logMb: 0, checkpoints: 0 };
  for (const shard of (await engine.stats()).shards) {
    const tail = shard.durableSeq - shard.checkpointSeq;
    sum.cacheBytes += shard.cacheBytes;
    sum.tailBlocks += tail;
    sum.tailMb += (tail * shard.logBytes) / shard.blocks / 2 ** 20;
    sum.logMb += shard.logBytes / 2 ** 20;
    if (shard.checkpointSeq > 0) sum.checkpoints++;
  }
  return sum;
}

function anonymousMb(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function check(): Promise<void> {
  const startedAt = performance.now();
  const engine = await open({ folder: order.folder, cacheMb: order.cacheMb });
  const openSeconds = (performance.now() - startedAt) / 1000;
  const first = await engine.balance(work.owner(0));
  if (!Array.isArray(first)) throw new Error('the first read was refused');
  send({ type: 'ready', openSeconds });
  const choose = uniform(order.accounts, 1);
  const reads = Math.min(1000, order.accounts);
  const balance = await times(async () => {
    const found = await engine.balance(work.owner(choose()));
    if (!Array.isArray(found)) throw new Error('a balance was refused');
  }, reads);
  const page = await times(async () => {
    const found = await engine.entries({ owner: work.owner(choose()), asset: ASSET, limit: 50 });
    if (!('entries' in found)) throw new Error('a page was refused');
  }, reads);
  for (let n = 0; n < order.transfers; n++) command(n);
  await checkBalances(engine, work, Math.max(1, Math.floor(order.accounts / 100_000)));
  send({ type: 'checked', digest: await engine.digest(), balance, page });
  await engine.close();
  process.disconnect?.();
}
