// A recorded trace of the disk (shim.c) and the folders a power cut could have left behind.
// Owns: the parsed operations and the model of what is durable. Never touches: the real folder.
//
//   T1. What was synced before the cut is in every image; a synchronous write makes its own bytes
//       durable when it has ended, and nothing else.
//   T2. Of everything else any subset may be there, in pieces of one 512-byte sector.
//   T3. A sync that failed makes nothing durable, and no later sync makes up for it: the kernel may
//       have dropped the pages and reported it once.
//   T4. The same trace, crash point and seed give the same image.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Random } from '../random.js';
import { type DiskOp, parseRecords } from './disk-records.js';
import { DiskState, type FileNode, type NameChange, type Pending } from './disk-state.js';

const SECTOR = 512;
/** LMDB's lock files are written through a mapping and made anew at the first open. */
const LOCK_FILE = /(^|\/)lock\.mdb$|-lock$/;
const SNAPSHOT_BYTES_MAX = 128 * 1024 * 1024;

export type { DiskOp } from './disk-records.js';

/** How the survivors of an image were chosen; for messages of failed tests. */
export type Strategy =
  | 'none'
  | 'all'
  | 'prefix'
  | 'suffix'
  | 'writes'
  | 'sectors'
  | 'one-lost'
  | 'one-kept';

const STRATEGIES: readonly Strategy[] = [
  'none',
  'all',
  'prefix',
  'prefix',
  'suffix',
  'writes',
  'writes',
  'sectors',
  'sectors',
  'one-lost',
  'one-kept',
];

/** What a power cut before operation `at` has left. */
export class DiskImage {
  readonly at: number;
  readonly strategy: Strategy;
  /** Path below the root to content; the buffers are the image's own. */
  readonly files: Map<string, Buffer>;
  /** What the process had been told before the cut: one element per write to `acks`. */
  readonly acksBefore: Buffer[];

  constructor(at: number, strategy: Strategy, files: Map<string, Buffer>, acksBefore: Buffer[]) {
    this.at = at;
    this.strategy = strategy;
    this.files = files;
    this.acksBefore = acksBefore;
  }

  /** Writes the files below `folder`, which should be empty. */
  writeTo(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const [path, content] of this.files) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
}

/**
 * A trace of one folder, from the start of a process (several, if they share the file) to its end. Building images at
 * ascending crash points costs one pass over the trace; going back starts from a snapshot.
 */
export class DiskTrace {
  readonly ops: readonly DiskOp[];
  readonly acks: readonly { readonly index: number; readonly bytes: Buffer }[];
  readonly #base: ReadonlyMap<string, Buffer>;
  readonly #snapshots: { index: number; state: DiskState }[] = [];
  readonly #interval: number;
  #snapshotBytes = 0;
  #state: DiskState;
  #index = 0;

  /** `base` is the folder as it was, durable, when the recording began. */
  constructor(recorded: Buffer, base: ReadonlyMap<string, Buffer> = new Map()) {
    this.ops = parseRecords(recorded);
    this.acks = this.ops.flatMap((op, index) =>
      op.kind === 'ack' ? [{ index, bytes: op.bytes }] : [],
    );
    this.#base = base;
    this.#interval = Math.max(64, Math.ceil(this.ops.length / 64));
    this.#state = new DiskState(base);
  }

  static read(traceFile: string, base?: ReadonlyMap<string, Buffer>): DiskTrace {
    return new DiskTrace(readFileSync(traceFile), base);
  }

  /**
   * Crash points in ascending order, all over the trace, half of them within two operations of a
   * sync, a synchronous write or an acknowledgement. `from` leaves out what comes before.
   */
  crashPoints(count: number, random: Random, from = 0): number[] {
    const edges: number[] = [];
    for (let index = from; index < this.ops.length; index++) {
      const op = this.ops[index];
      if (op !== undefined && (op.kind === 'ack' || op.kind.endsWith('-end') || op.kind === 'sync'))
        edges.push(index);
    }
    const points: number[] = [];
    for (let n = 0; n < count; n++) {
      const edge = n % 2 === 1 ? edges[random.int(edges.length)] : undefined;
      const point =
        edge === undefined
          ? from + random.int(this.ops.length - from + 1)
          : edge + random.int(5) - 2;
      points.push(Math.min(Math.max(point, from), this.ops.length));
    }
    return points.sort((a, b) => a - b);
  }

  /** The power goes while operation `at` is under way; `ops.length` is after the last. */
  build(at: number, random: Random): DiskImage {
    const state = this.#stateAt(at);
    const inFlight = this.ops[at];
    const strategy = random.pick(STRATEGIES);
    const names = survivingNames(state, strategy, random);
    const nodes = new Set(names.values());
    const extra = inFlight === undefined ? undefined : state.pendingOf(inFlight, at);
    const choose = chooser(strategy, nodes, extra, random);
    const files = new Map<string, Buffer>();
    for (const [path, node] of names) {
      if (LOCK_FILE.test(path)) continue;
      files.set(
        path,
        survivingContent(
          node,
          extra?.node === node ? extra.pending : undefined,
          strategy,
          choose,
          random,
        ),
      );
    }
    return new DiskImage(at, strategy, files, this.#acksBefore(at));
  }

  #acksBefore(at: number): Buffer[] {
    const before: Buffer[] = [];
    for (const ack of this.acks) {
      if (ack.index >= at) break;
      before.push(ack.bytes);
    }
    return before;
  }

  #stateAt(at: number): DiskState {
    if (at < 0 || at > this.ops.length) throw new RangeError(`no operation ${at} in the trace`);
    if (at < this.#index) {
      const snapshot = this.#snapshots.findLast(({ index }) => index <= at);
      this.#state = snapshot === undefined ? new DiskState(this.#base) : snapshot.state.clone();
      this.#index = snapshot?.index ?? 0;
    }
    while (this.#index < at) {
      const op = this.ops[this.#index];
      if (op !== undefined) this.#state.advance(op, this.#index);
      this.#index++;
      if (this.#index % this.#interval === 0) this.#keepSnapshot();
    }
    return this.#state;
  }

  #keepSnapshot(): void {
    const last = this.#snapshots.at(-1);
    if (last !== undefined && last.index >= this.#index) return;
    const bytes = this.#state.contentBytes();
    if (this.#snapshotBytes + bytes > SNAPSHOT_BYTES_MAX) return;
    this.#snapshotBytes += bytes;
    this.#snapshots.push({ index: this.#index, state: this.#state.clone() });
  }
}

/** The regular files below a folder as a base for DiskTrace, without lock files and markers. */
export function readFolder(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'acks') continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!LOCK_FILE.test(path)) files.set(path, readFileSync(join(folder, path)));
  }
  return files;
}

// ---- the choice of survivors ----

/** The share of a pending change that survives, one answer per sector. */
type Choose = (change: Pending) => (sector: number) => boolean;

function chooser(
  strategy: Strategy,
  nodes: ReadonlySet<FileNode>,
  extra: { pending: Pending } | undefined,
  random: Random,
): Choose {
  const open: Pending[] = [];
  for (const node of nodes)
    for (const change of node.pending) if (!change.durable) open.push(change);
  if (extra !== undefined) open.push(extra.pending);
  open.sort((a, b) => a.index - b.index);
  const one = open[random.int(open.length)];
  const share = random.pick([0.1, 0.5, 0.9]);
  const all = () => true;
  const none = () => false;
  const some = () => random.chance(share);
  switch (strategy) {
    case 'none':
      return () => none;
    case 'all':
      return () => all;
    case 'prefix':
      return (change) =>
        change === one ? some : one !== undefined && change.index < one.index ? all : none;
    case 'suffix':
      return (change) =>
        change === one ? some : one !== undefined && change.index > one.index ? all : none;
    case 'writes':
      return () => (random.chance(share) ? all : none);
    case 'sectors':
      return () => some;
    case 'one-lost': {
      const lost = one === undefined ? 0 : random.int(sectors(one));
      return (change) => (change === one ? (sector) => sector !== lost : all);
    }
    case 'one-kept': {
      const kept = one === undefined ? 0 : random.int(sectors(one));
      return (change) => (change === one ? (sector) => sector === kept : none);
    }
  }
}

function sectors(change: Pending): number {
  if (change.bytes === undefined || change.bytes.length === 0) return 1;
  return (
    Math.floor((change.offset + change.bytes.length - 1) / SECTOR) -
    Math.floor(change.offset / SECTOR) +
    1
  );
}

function survivingContent(
  node: FileNode,
  extra: Pending | undefined,
  strategy: Strategy,
  choose: Choose,
  random: Random,
): Buffer {
  const changes = extra === undefined ? node.pending : [...node.pending, extra];
  let capacity = node.length;
  for (const change of changes)
    capacity = Math.max(capacity, change.offset + (change.bytes?.length ?? 0));
  const out = Buffer.allocUnsafe(capacity);
  node.content.copy(out, 0, 0, node.length);
  out.fill(0, node.length);
  let length = node.length; // as it stands
  let least = node.length; // what is durable of it
  let volatile = node.length; // had nothing been lost
  for (const change of changes) {
    const { bytes, offset } = change;
    const survives = change.durable ? () => true : choose(change);
    if (bytes === undefined) {
      volatile = offset;
      if (!survives(0)) continue;
      if (offset < length) out.fill(0, offset, length);
      length = offset;
      least = change.durable ? offset : Math.min(least, offset);
      continue;
    }
    volatile = Math.max(volatile, offset + bytes.length);
    length = Math.max(length, copySurvivors(out, change, survives));
    if (change.durable) least = Math.max(least, offset + bytes.length);
  }
  if (strategy !== 'all') length = survivingLength(length, least, volatile, random);
  return out.subarray(0, length);
}

/** Copies the surviving sectors; returns the end of the last one. */
function copySurvivors(
  out: Buffer,
  change: Pending,
  survives: (sector: number) => boolean,
): number {
  const { bytes, offset } = change;
  if (bytes === undefined) return 0;
  const end = offset + bytes.length;
  let last = 0;
  let sector = 0;
  for (let from = offset; from < end; sector++) {
    const to = Math.min(end, from - (from % SECTOR) + SECTOR);
    if (survives(sector)) {
      bytes.copy(out, from, from - offset, to - offset);
      last = to;
    }
    from = to;
  }
  return last;
}

/** The length is metadata: it may be behind the data (cut) or before it (zeros). */
function survivingLength(length: number, least: number, volatile: number, random: Random): number {
  const kind = random.int(3);
  if (kind === 0) return length;
  if (kind === 1) return Math.max(length, volatile);
  if (length <= least) return length;
  const cut = least + random.int(length - least + 1);
  return random.chance(0.5) ? cut : Math.max(least, cut - (cut % SECTOR));
}

/** Names survive like a journal (a prefix) or each by itself; `durable` ones always. */
function survivingNames(
  state: DiskState,
  strategy: Strategy,
  random: Random,
): Map<string, FileNode> {
  const names = new Map(state.durableNames);
  const ordered = random.chance(0.5);
  let kept: number = random.int(state.nameChanges.length + 1);
  if (strategy === 'all') kept = state.nameChanges.length;
  if (strategy === 'none') kept = 0;
  state.nameChanges.forEach((change: NameChange, position) => {
    const byItself = strategy !== 'all' && strategy !== 'none' && !ordered;
    if (change.durable || (byItself ? random.chance(0.5) : position < kept))
      DiskState.applyName(names, change);
  });
  return names;
}
