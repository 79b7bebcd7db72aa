// The question: do reads become slower as an account's history becomes longer? One account, read at several lengths, one caller
// with one read at a time. Owns: the account. Never touches: how the engine finds an entry.

import { join } from 'node:path';
import { type Command, type Engine, type EntriesQuery, open } from '../engine/index.js';
import { asObjects, driveBatches, expectPosted, times } from './drive.js';
import type { BenchOptions, FigurePlan, Run, RunContext } from './harness.js';

const ASSET = 'points';
const OWNER = 'reader';
const BATCH = 1000;
const PAGE = 50;

/** Entries that the account has when it is read. */
function lengths({ smoke, growthTransfers }: BenchOptions): readonly number[] {
  if (smoke) return [1000, 5000];
  return [1000, 10_000, 100_000, 1_000_000].filter((length) => length <= growthTransfers);
}

/** `growth/history-1k` and longer ones: milliseconds of the newest page; other reads beside it. */
export function historyPlan(options: BenchOptions): FigurePlan {
  return {
    name: 'growth/history',
    unit: 'ms',
    headline: true,
    run: (context) => measureHistory(lengths(options), context),
  };
}

async function measureHistory(
  all: readonly number[],
  { options, folder, progress }: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const engine = await open({ folder: join(folder, 'data'), cacheMb: options.cacheMb });
  const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
  expectPosted(await engine.submit(asset));
  const reads = options.smoke ? 5 : 300;
  const startedAt = Date.now();
  const runs: Record<string, Run> = {};
  let entries = 0;
  for (const length of all) {
    const next = (): Command[] | undefined => {
      if (entries >= length) return undefined;
      return Array.from({ length: Math.min(BATCH, length - entries) }, () => earning(entries++));
    };
    await driveBatches(asObjects(engine), 2, next, () => {});
    // From here on the entries lie behind a checkpoint, as most of a long history does.
    await engine.checkpoint();
    runs[`growth/history-${sizeName(length)}`] = await measureReads(
      engine,
      length,
      startedAt,
      reads,
    );
    progress(`${length.toLocaleString('en')} entries`);
  }
  await engine.close();
  return runs;
}

// One to eight points, so that every balance after is known.
function earning(n: number): Command {
  const amount = 1 + (n & 7);
  return {
    type: 'transfer',
    id: `H${n}`,
    kind: 'EARN',
    legs: [{ from: '@issue', to: OWNER, asset: ASSET, amount }],
  };
}

async function measureReads(
  engine: Engine,
  length: number,
  startedAt: number,
  reads: number,
): Promise<Run> {
  const middle = startedAt + Math.floor((Date.now() - startedAt) / 2);
  const page = async (query: Partial<EntriesQuery>, firstVersion?: number): Promise<void> => {
    const found = await engine.entries({ owner: OWNER, asset: ASSET, limit: PAGE, ...query });
    if (!('entries' in found)) throw new Error('a page was refused');
    const { length: size, 0: first } = found.entries;
    const isRight =
      firstVersion === undefined || (first?.version === firstVersion && size === PAGE);
    if (!isRight) throw new Error(`a page has ${size} entries from version ${first?.version}`);
  };
  const balance = async (): Promise<void> => {
    const found = await engine.balance(OWNER);
    const available = Array.isArray(found) ? found[0]?.available : undefined;
    // Of 1 to 8 points each, 36 in every eight.
    if (available !== (length / 8) * 36) throw new Error(`the balance is ${available}`);
  };
  const newest = await times(() => page({}, length), reads);
  const oldest = await times(() => page({ order: 'oldest' }, 1), reads);
  const old = await times(() => page({ to: middle }), reads);
  const now = await times(balance, reads);
  const then = await times(async () => {
    const found = await engine.balanceAt(OWNER, ASSET, middle);
    if ('code' in found) throw new Error(`a past balance was refused: ${found.code}`);
  }, reads);
  return {
    value: newest.p50Ms,
    ...newest,
    also: {
      oldestPageP50Ms: oldest.p50Ms,
      oldestPageP99Ms: oldest.p99Ms,
      middlePageP50Ms: old.p50Ms,
      middlePageP99Ms: old.p99Ms,
      balanceP50Ms: now.p50Ms,
      balanceP99Ms: now.p99Ms,
      pastBalanceP50Ms: then.p50Ms,
      pastBalanceP99Ms: then.p99Ms,
    },
  };
}

/** A number as it stands in names: `5m`, `10k`. */
export function sizeName(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000}m`;
  return count >= 1000 ? `${count / 1000}k` : String(count);
}
