// A simulation over the shards of a folder, each on a thread of its own. Owns: the threads, their scratch folder, what they find together.
// Never touches: the data folder; the shards' own threads.
//   simulation.C1. However it ends, its threads are over and its files are gone.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TIME_MAX_MS } from '../limits.js';
import { zoneOf } from '../programme/definitions/index.js';
import { ownerHash } from '../protocol/hash.js';
import { ZoneData } from '../reference/zones.js';
import { type Folder, openFolder } from '../store/folder.js';
import { type Thread, threadOf } from '../thread.js';
import { placesOf } from '../transfer/open/places.js';
import { type CompleteDraft, draftsProblem } from './drafts.js';
import {
  type Draft,
  type RunningSimulation,
  SimulationError,
  type SimulationOptions,
  type SimulationProgress,
  type SimulationResult,
} from './result.js';
import { PROGRESS, type ReadUp, type ShardAnswers, type ShardTask } from './shard-tasks.js';
import { type Elsewhere, togetherOf } from './sums.js';

const MIB = 1024 * 1024;
/** Memory for pages and ids of all shards that it reads, and of each at least: what does not fit is written and read again, which takes a seventh of its time. */
const [CACHE_BYTES, SHARD_CACHE_BYTES_MIN] = [512 * MIB, 64 * MIB];
const HEAP_MB = 1_024;
/** Room for short-lived objects: fewer, not longer, collections. */
const YOUNG_MB = 128;

/** Where it reads. */
export interface SimulatedFolder extends Pick<Folder, 'path' | 'shards' | 'here' | 'slotMap'> {
  /** Up to which block each shard's log is read; undefined: up to its end. */
  readonly upTo?: ReadonlyMap<number, number> | undefined;
}

/** Throws SimulationError where what is asked for cannot be simulated, as far as that is known without looking at the log. */
export function checkSimulation({ from, to = TIME_MAX_MS, drafts = [] }: SimulationOptions): void {
  const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isTime(from))
    throw new SimulationError('from', 'from is a time in milliseconds since 1970.');
  if (!isTime(to) || to <= from) throw new SimulationError('to', 'to is a time after from.');
  const names = new Set<string>();
  for (const [n, { kind, key }] of drafts.entries()) {
    const name = `${kind} ${key}`;
    if (names.has(name)) throw new SimulationError(`drafts[${n}].key`, `${name} is there twice.`);
    names.add(name);
  }
  const found = draftsProblem(drafts, () => 'unknown');
  if (found !== null) throw wrongDraft(found);
}

const wrongDraft = ({ draft, field, detail }: NonNullable<ReadUp['problem']>): SimulationError =>
  new SimulationError(`drafts[${draft}].${field}`, detail);

/** With the offsets of the zones that they name. */
function completed(drafts: readonly Draft[]): CompleteDraft[] {
  const zones = new ZoneData();
  return drafts.map((draft, n) => {
    const zone = zoneOf({ ...draft, document: draft.document as never });
    if (draft.document === null || zone === undefined) return draft;
    const zoneOffsets = zones.offsetsOf(zone);
    if (zoneOffsets === undefined)
      throw new SimulationError(`drafts[${n}].document.zone`, `There is no time zone ${zone}.`);
    return { ...draft, zoneOffsets };
  });
}

/** The shards that are read: of one event, its owner's. */
function askedShards(
  { here, shards, slotMap }: SimulatedFolder,
  { event }: SimulationOptions,
): readonly number[] {
  if (event === undefined) return here;
  const shard = placesOf(0, shards, slotMap).shardOf(ownerHash(event.owner));
  if (!here.includes(shard))
    throw new SimulationError('event', `${event.owner} lives on another node: ask that one.`);
  return [shard];
}

/** What was decided of the event that was asked for. */
function eventOf(
  { event: asked }: SimulationOptions,
  read: readonly ReadUp[],
): Pick<SimulationResult, 'event'> {
  if (asked === undefined) return {};
  const event = read.find((one) => one.event !== undefined)?.event;
  if (event !== undefined) return { event };
  throw new SimulationError('event', `${asked.owner} has no event ${asked.id} in the period.`);
}

/** One shard's thread. */
interface ShardThread {
  readonly shard: number;
  readonly thread: Thread;
  readonly progress: SharedArrayBuffer;
}

export class Simulation implements RunningSimulation {
  /** Rejects where it fails, or is cancelled. */
  readonly result: Promise<SimulationResult>;
  readonly #folder: SimulatedFolder;
  readonly #options: SimulationOptions;
  readonly #drafts: readonly CompleteDraft[] | null;
  readonly #threads: readonly ShardThread[];
  readonly #stop = new SharedArrayBuffer(4);
  readonly #scratch: string;
  #heads = 0;

  /** `differences`: where each shard writes them down; undefined: nowhere. Throws SimulationError. */
  constructor(
    folder: SimulatedFolder,
    options: SimulationOptions,
    differences?: (shard: number) => string,
  ) {
    checkSimulation(options);
    this.#folder = folder;
    this.#options = options;
    this.#drafts = options.drafts === undefined ? null : completed(options.drafts);
    this.#scratch = mkdtempSync(join(tmpdir(), 'jifen-simulation-'));
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB };
    this.#threads = askedShards(folder, options).map((shard) => ({
      shard,
      thread: threadOf('simulator', { minThreads: 0, resourceLimits }),
      progress: new SharedArrayBuffer(16),
    }));
    for (const seq of folder.upTo?.values() ?? []) this.#heads += seq;
    this.result = this.#run(differences);
    // Who does not wait for it hears of it elsewhere.
    this.result.catch(() => undefined);
  }

  get progress(): SimulationProgress {
    let [blocks, events] = [0, 0];
    for (const { progress } of this.#threads) {
      const told = new Float64Array(progress);
      blocks += told[PROGRESS.blocks] as number;
      events += told[PROGRESS.events] as number;
    }
    return { blocks, of: Math.max(blocks, this.#heads), events };
  }

  /** Ends it soon. */
  cancel(): void {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
  }

  async #run(differences: ((shard: number) => string) | undefined): Promise<SimulationResult> {
    try {
      const read = await this.#each((one) => this.#read(one, differences?.(one.shard)));
      const problem = read.find((one) => one.problem !== undefined)?.problem;
      if (problem !== undefined) throw wrongDraft(problem);
      await this.#addElsewhere();
      const found = await this.#each((one) => this.#ask(one, { type: 'result' }));
      const { from, to = TIME_MAX_MS, budgets = 'logged' } = this.#options;
      return {
        mode: this.#drafts === null ? 'logged' : 'drafts',
        from,
        to,
        budgets,
        asOf: read.map(({ seq }, i) => `${this.#threads[i]?.shard}:${seq}`).join(),
        programmes: togetherOf(found),
        asLogged: read.reduce((sum, { asLogged }) => sum + asLogged, 0),
        ...eventOf(this.#options, read),
      };
    } finally {
      this.cancel();
      await Promise.allSettled(this.#threads.map((one) => this.#ask(one, { type: 'close' })));
      await Promise.all(this.#threads.map(({ thread }) => thread.destroy()));
      rmSync(this.#scratch, { recursive: true, force: true });
    }
  }

  /** The same of every shard; all have ended when one has failed. */
  async #each<T>(run: (one: ShardThread) => Promise<T>): Promise<T[]> {
    const all = await Promise.allSettled(
      this.#threads.map((one) =>
        run(one).catch((error) => {
          this.cancel();
          throw error;
        }),
      ),
    );
    const failed = all.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return all.map((one) => (one as PromiseFulfilledResult<T>).value);
  }

  #ask<T extends ShardTask['type']>(
    { thread }: ShardThread,
    task: Extract<ShardTask, { type: T }>,
  ): Promise<ShardAnswers[T]> {
    return thread.run(task) as Promise<ShardAnswers[T]>;
  }

  #read({ shard, progress, ...one }: ShardThread, differences?: string): Promise<ReadUp> {
    const { path: folder, shards, slotMap, upTo, here } = this.#folder;
    const { from, to = TIME_MAX_MS, budgets, event } = this.#options;
    const part = {
      ...{ folder, shard, shards, slotMap, from, to, progress, differences },
      scratch: mkdtempSync(join(this.#scratch, `${shard}-`)),
      cacheBytes: Math.max(SHARD_CACHE_BYTES_MIN, CACHE_BYTES / here.length),
      upTo: upTo?.get(shard),
      drafts: this.#drafts,
      isUnlimited: budgets === 'unlimited',
      event,
      stop: this.#stop,
    };
    return this.#ask({ shard, progress, ...one }, { type: 'read', part });
  }

  /** What events have brought to others than their members goes where those are. */
  async #addElsewhere(): Promise<void> {
    const { shards, slotMap } = this.#folder;
    const { shardOf } = placesOf(0, shards, slotMap);
    const [first] = this.#threads;
    for (const from of this.#threads)
      for (;;) {
        const some = await this.#ask(from, { type: 'elsewhere' });
        if (some.length === 0) break;
        const byThread = new Map<ShardThread, Elsewhere[]>();
        for (const one of some) {
          const shard = shardOf(ownerHash(one[1]));
          // Those of other nodes: all on one, so that each is added up.
          const to = this.#threads.find((thread) => thread.shard === shard) ?? first;
          if (to !== undefined) byThread.set(to, [...(byThread.get(to) ?? []), one]);
        }
        for (const [to, sums] of byThread) await this.#ask(to, { type: 'add', sums });
      }
  }
}

/** The same of a folder, whether or not somebody has it open; it changes nothing there. */
export function simulateFolder(
  path: string,
  options: SimulationOptions,
  differences?: (shard: number) => string,
): RunningSimulation {
  const folder = openFolder(path, { create: false, lock: false });
  return new Simulation(folder, options, differences);
}
