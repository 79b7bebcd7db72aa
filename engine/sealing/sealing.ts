// The sealing of segments, as the ledger has it. Owns: when one is due, what it has come to, what hinders it. Never touches: files, blocks.
//   sealing.S1. Nothing waits for it: a failure is told, tried again later, and leaves the log as it was.
//   sealing.S2. What is due is judged again by those who act: the thread that reads the log, and the shard that lets blocks go.
//   sealing.S3. One at a time: a segment is written by one thread, at the pace of one.

import { statSync } from 'node:fs';
import { SEAL_LOOK_MS, SEAL_RETRY_MS } from '../limits.js';
import type { LocalLane } from '../router/local-lane.js';
import type { Router } from '../router/router.js';
import type { TailFigures } from '../shard/messages.js';
import { freeBytes } from '../store/disk.js';
import { raiseFormat, shardPath, shardStatePath } from '../store/folder.js';
import { readManifest, type SegmentEntry, segmentsPath } from '../store/segment/manifest.js';
import { type Thread, threadOf } from '../thread.js';
import type { SealingSettings, ShardSegments } from './figures.js';
import { Forecast } from './forecast.js';
import type { SealTask } from './seal.js';

export interface SealingParts {
  readonly router: Router;
  /** The wall clock. */
  readonly now: () => number;
  readonly settings: SealingSettings;
}

export class Sealing {
  readonly #parts: SealingParts;
  readonly #stop = new SharedArrayBuffer(4);
  readonly #known = new Map<number, ShardSegments>();
  readonly #tails = new Map<number, TailFigures>();
  readonly #forecast = new Forecast();
  readonly #problems = new Map<number, { readonly what: string; readonly at: number }>();
  #thread: Thread | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;
  #isClosing = false;

  constructor(parts: SealingParts) {
    this.#parts = parts;
  }

  /** Looks from now on whether a segment is due. */
  start(): void {
    for (const { shard } of this.#parts.router.here) this.#note(shard);
    this.#timer = setInterval(() => {
      if (!this.#isLooking) void this.look();
    }, SEAL_LOOK_MS).unref();
  }

  /** Segments of the shards here. */
  get figures(): readonly ShardSegments[] {
    return [...this.#known].map(([shard, known]) => {
      const problem = this.#problems.get(shard)?.what;
      return problem === undefined ? known : { ...known, problem };
    });
  }

  /** Seals what is due now. Resolves when there is nothing more, or it failed. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      this.#isLooking = true;
      for (const lane of this.#parts.router.here) await this.#tried(lane);
      this.#measure();
      this.#isLooking = false;
    });
    return this.#looking;
  }

  async #tried(lane: LocalLane): Promise<void> {
    const { shard } = lane;
    const { at = Number.NEGATIVE_INFINITY } = this.#problems.get(shard) ?? {};
    if (performance.now() - at < SEAL_RETRY_MS) return;
    try {
      while (!this.#isClosing && (await this.#one(lane))) this.#note(shard);
      this.#problems.delete(shard);
    } catch (error) {
      if (this.#isClosing) return;
      const what = (error as Error).message;
      process.emitWarning(`sealing a segment of shard ${shard}: ${what}`);
      this.#problems.set(shard, { what, at: performance.now() });
    }
  }

  /** What blocks have left, or a segment; answers whether there may be more. */
  async #one(lane: LocalLane): Promise<boolean> {
    const { router, settings } = this.#parts;
    const { path: folder } = router.folder;
    const { shard } = lane;
    const tail = await lane.run<TailFigures | undefined>({ type: 'tail' });
    if (tail === undefined) return false;
    this.#tails.set(shard, tail);
    const sealed = readManifest(segmentsPath(shardPath(folder, shard))).at(-1)?.last ?? 0;
    if (sealed >= tail.first) {
      if (sealed > tail.checkpointSeq) return false;
      await lane.run({ type: 'cut', through: sealed });
      return true;
    }
    const through = Math.min(tail.checkpointSeq, tail.head - 1);
    if (!this.#isDue(tail, through)) return false;
    if (freeBytes(folder) - settings.bytes < settings.freeBytesMin)
      throw new Error('too little of the disk is free for another segment');
    raiseFormat(folder);
    const { bytes, ms } = settings;
    return (
      (await this.#seal({ folder, shard, through, bytes, ms, stop: this.#stop })) !== undefined
    );
  }

  /** Are there enough blocks, or are they old enough, up to this one? */
  #isDue({ first, head, time, bytes }: TailFigures, through: number): boolean {
    const { settings, now } = this.#parts;
    if (through < first) return false;
    if (now() >= time + settings.ms) return true;
    const sealable = (bytes / (head - first + 1)) * (through - first + 1);
    return sealable >= settings.bytes && bytes >= settings.bytes + settings.hotBytes;
  }

  #seal(task: SealTask): Promise<SegmentEntry | undefined> {
    this.#thread ??= threadOf('sealer', { minThreads: 0 });
    return this.#thread.run(task);
  }

  /** By how many bytes a day the folder grows, at the pace of the last day; undefined: that is not known yet. */
  get bytesPerDay(): number | undefined {
    return this.#forecast.bytesPerDay;
  }

  /** Blocks as they will be once they are sealed, and the states: what files take at a moment jumps. */
  #measure(): void {
    const { router, now } = this.#parts;
    let kept = 0;
    for (const [shard, { bytes, rawBytes }] of this.#known) {
      const share = rawBytes === 0 ? 1 : bytes / rawBytes;
      const state = statSync(shardStatePath(router.folder.path, shard), { throwIfNoEntry: false });
      kept += bytes + (this.#tails.get(shard)?.bytes ?? 0) * share + (state?.blocks ?? 0) * 512;
    }
    this.#forecast.measured(now(), kept);
  }

  #note(shard: number): void {
    const entries = readManifest(segmentsPath(shardPath(this.#parts.router.folder.path, shard)));
    const sum = (of: (entry: SegmentEntry) => number): number =>
      entries.reduce((all, entry) => all + of(entry), 0);
    this.#known.set(shard, {
      ...{ shard, segments: entries.length, last: entries.at(-1)?.last ?? 0 },
      ...{ bytes: sum((entry) => entry.bytes), rawBytes: sum((entry) => entry.rawBytes) },
    });
  }

  /** Ends what is under way; resolves when its thread has ended. Before the shards are closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    await this.#looking;
    await this.#thread?.destroy();
  }
}
