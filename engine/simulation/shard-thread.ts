// The entry of the thread of a shard's simulation. Owns: what is open in it. Never touches: the data folder, which it reads only.
//   simulation.T1. It gives way to every other thread of the machine, where the system knows how.
//   simulation.T2. What is open is closed before the thread ends, also of a simulation that failed.

import { appendFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { Drafts, draftsProblem } from './drafts.js';
import { type Difference, OtherWorld } from './other-world.js';
import { Replay } from './replay.js';
import type { SimulatedEvent } from './result.js';
import { Shadow } from './shadow.js';
import {
  PROGRESS,
  type ReadUp,
  type ShardAnswers,
  type ShardPart,
  type ShardTask,
} from './shard-tasks.js';
import { type Elsewhere, Sums } from './sums.js';

/** Of a thread: that is how Linux takes it. */
const LOWEST_PRIORITY = 19;
/** Sums in one answer. */
const SUMS_MAX = 4_096;
/** Characters of differences that are written down at once. */
const LINES_LENGTH = 64 * 1024;

/** Differences as lines of a file. */
class Lines {
  readonly #path: string;
  #text = '';

  constructor(path: string) {
    this.#path = path;
  }

  add(difference: Difference): void {
    this.#text += `${JSON.stringify(difference)}\n`;
    if (this.#text.length >= LINES_LENGTH) this.flush();
  }

  flush(): void {
    appendFileSync(this.#path, this.#text);
    this.#text = '';
  }
}

class ShardSimulation {
  readonly #part: ShardPart;
  readonly #replay: Replay;
  readonly #shadow: Shadow;
  readonly #sums: Sums;
  readonly #elsewhere: Generator<Elsewhere>;

  private constructor(part: ShardPart, replay: Replay) {
    this.#part = part;
    this.#replay = replay;
    const path = (name: string): string => join(part.scratch, `${name}.mdb`);
    this.#shadow = new Shadow(path);
    this.#sums = new Sums(path);
    this.#elsewhere = this.#sums.elsewhere();
  }

  static async open(part: ShardPart): Promise<ShardSimulation> {
    return new ShardSimulation(part, await Replay.open(part));
  }

  async read(): Promise<ReadUp> {
    const { drafts: all, isUnlimited, from, to, differences, event: only } = this.#part;
    const { ledger } = this.#replay;
    const progress = new Float64Array(this.#part.progress);
    const stop = new Int32Array(this.#part.stop);
    const lines = differences === undefined ? undefined : new Lines(differences);
    let world: OtherWorld | undefined;
    let problem: ReadUp['problem'] | null = null;
    let event: SimulatedEvent | undefined;
    // What is not defined yet, may be before the first event.
    const check = (unknown: 'unknown' | undefined): void => {
      const { definitions } = ledger.state;
      problem = draftsProblem(all ?? [], (kind, key) => {
        const versions = definitions.versions(kind, key);
        if (versions.length === 0) return unknown;
        return versions.findLast(({ number }) => number > 0)?.document;
      });
      if (problem !== null) throw new DraftsError();
    };
    const begin = (): void => {
      check('unknown');
      const drafts = all === null ? null : new Drafts(ledger.state.definitions, all);
      const [shadow, sums] = [this.#shadow, this.#sums];
      const onDifference = lines && ((one: Difference) => lines.add(one));
      const asked = only && {
        ...only,
        onDecided: (one: SimulatedEvent) => {
          event = one;
        },
      };
      const parts = { shadow, sums, drafts, isUnlimited, from, to, only: asked, onDifference };
      world = new OtherWorld(ledger, parts);
      ledger.beside = world;
    };
    try {
      await this.#replay.run((seq, time) => {
        if (Atomics.load(stop, 0) !== 0) throw new Error('the simulation was cancelled');
        progress[PROGRESS.blocks] = seq;
        progress[PROGRESS.events] = this.#sums.events;
        if (time >= from && world === undefined) begin();
      });
      check(undefined);
    } catch (error) {
      if (!(error instanceof DraftsError) || problem === null) throw error;
      return { seq: this.#replay.seq, asLogged: 0, problem };
    }
    lines?.flush();
    progress[PROGRESS.events] = this.#sums.events;
    return { seq: this.#replay.seq, asLogged: world?.asLogged ?? 0, event };
  }

  elsewhere(): Elsewhere[] {
    const some: Elsewhere[] = [];
    while (some.length < SUMS_MAX) {
      const { done, value } = this.#elsewhere.next();
      if (done === true) break;
      some.push(value);
    }
    return some;
  }

  add(sums: readonly Elsewhere[]): void {
    for (const one of sums) this.#sums.add(one);
  }

  result(): ShardAnswers['result'] {
    return this.#sums.programmes();
  }

  async close(): Promise<void> {
    await this.#replay.close();
    await this.#shadow.close();
    await this.#sums.close();
  }
}

/** The drafts are not right, as of when the period begins. */
class DraftsError extends Error {}

let open: ShardSimulation | undefined;

if (process.platform === 'linux') setPriority(LOWEST_PRIORITY);

/** One task of the thread. */
export default async function run(task: ShardTask): Promise<ShardAnswers[ShardTask['type']]> {
  if (task.type === 'read') {
    open = await ShardSimulation.open(task.part);
    return open.read();
  }
  if (task.type === 'close') {
    await open?.close();
    open = undefined;
    return undefined;
  }
  if (open === undefined) throw new Error('nothing is open');
  if (task.type === 'elsewhere') return open.elsewhere();
  if (task.type === 'result') return open.result();
  open.add(task.sums);
  return undefined;
}
