// The audit and business logs, written behind the ledger. Owns: how far each is, when it looks. Never touches: commands on their way, which
// know nothing of it.
//   L8. It is in nobody's way: it reads what is durable, in a thread of its own, and what it has not written it writes later, also after a
//       restart.

import type { Trail } from '../../engine/index.js';
import { type LOG_DAYS, TRAIL_LOOK_MS, TRAIL_STEP_BYTES } from '../limits.js';
import { type Place, TrailFile, type TrailLine } from './trail-file.js';
import { linesOf } from './trail-lines.js';

const DAY_MS = 86_400_000;

/** Where the logs are, and how long they are kept. */
export interface TrailWriting {
  readonly folder: string;
  readonly days: Readonly<Record<keyof typeof LOG_DAYS, number>>;
  readonly now: () => number;
}

/** One log. */
interface Output {
  readonly name: 'audit' | 'business';
  readonly file: TrailFile;
  readonly days: number;
}

export class TrailWriter {
  readonly #trail: Trail;
  readonly #outputs: readonly Output[];
  readonly #now: () => number;
  readonly #onError: (message: string) => void;
  readonly #told = new Map<number, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    trail: Trail,
    { folder, days, now }: TrailWriting,
    onError: (message: string) => void,
  ) {
    this.#trail = trail;
    this.#now = now;
    this.#onError = onError;
    const output = (name: Output['name']): Output => {
      const file = new TrailFile(folder, name, days[name], now);
      return { name, file, days: days[name] };
    };
    this.#outputs = [output('audit'), output('business')];
    for (const { file, days: kept } of this.#outputs)
      for (const shard of trail.shards) this.#begin(shard, file, kept);
  }

  /** Where nothing was ever written, with what is kept; where the log ends before what was written, behind its end. */
  #begin(shard: number, file: TrailFile, days: number): void {
    const place = file.place(shard);
    const head = this.#trail.head(shard);
    if (place === undefined) {
      const since = this.#trail.firstSince(shard, this.#now() - days * DAY_MS);
      file.begin(shard, since - 1);
    } else if (place.seq > head) {
      const what = `shard ${shard} ends at block ${head}, and the logs were written up to ${place.seq}`;
      this.#onError(`${what}: it was put back to an earlier copy`);
      file.begin(shard, head);
    }
  }

  /** Looks from now on, again and again. */
  start(): void {
    const look = (): void => {
      const isBehind = this.write();
      this.#timer = setTimeout(look, isBehind ? 0 : TRAIL_LOOK_MS);
    };
    look();
  }

  /** Writes what there is, a step of each shard; true: there is more. */
  write(): boolean {
    let isBehind = false;
    for (const shard of this.#trail.shards) {
      try {
        if (this.#step(shard)) isBehind = true;
        this.#told.delete(shard);
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.#told.get(shard)) this.#onError(message);
        this.#told.set(shard, message);
      }
    }
    return isBehind;
  }

  #step(shard: number): boolean {
    const head = this.#trail.head(shard);
    const from = Math.min(...this.#outputs.map(({ file }) => nextOf(file.place(shard))));
    if (from > head) return false;
    const { groups, next } = this.#trail.read(shard, from, head, TRAIL_STEP_BYTES);
    const said = groups.map((group) => ({ place: group.place, ...linesOf(group) }));
    for (const { file, name } of this.#outputs) {
      const lines: TrailLine[] = [];
      for (const { place, [name]: text } of said) {
        const { seq, index } = place;
        if (text !== undefined) lines.push({ seq, index, text });
      }
      file.write(shard, lines, next - 1);
    }
    return next <= head;
  }

  /** Writes all that is durable, and ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.write());
    for (const { file } of this.#outputs) file.close();
    await this.#trail.close();
  }
}

/** The first block that may have something that is not written. */
const nextOf = (place: Place | undefined): number => {
  if (place === undefined) return 1;
  return place.index === Number.MAX_SAFE_INTEGER ? place.seq + 1 : place.seq;
};
