// The walk through one log with a reading process. Owns: asking for blocks ahead, naming the block at which reading fails,
// the replay beside. Never touches: what is checked (log-check.ts).

import { existsSync } from 'node:fs';
import { unpackTuple } from '../protocol/codec.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import type { IdColumns } from '../store/id-columns.js';
import { campaignsOf } from './campaign-check.js';
import { FREES, NO_USE, withoutMarks } from './id-set.js';
import type { LogCheck } from './log-check.js';
import { PageCompare } from './page-compare.js';
import { type Reader, ReaderLost } from './reader.js';
import { type Waiting, waitingFault } from './state-check.js';
import { type Fault, type Tasks, type TwinSettings, unpack, type WhyFigures } from './tasks.js';

/** Bytes of blocks, or of pages, asked for at once. */
const STEP_BYTES = 4 * 1024 * 1024;

export class LogWalk {
  readonly #reader: Reader;
  readonly #path: string;
  readonly #check: LogCheck;
  readonly #twin: TwinSettings;
  #head = 0;
  /** How acts were decided again; undefined: they were not. */
  why: WhyFigures | undefined;

  constructor(reader: Reader, path: string, check: LogCheck, twin: TwinSettings) {
    this.#reader = reader;
    this.#path = path;
    this.#check = check;
    this.#twin = twin;
  }

  /** The last block there is; faults of the file as a whole go to `faults`. */
  async open(faults: string[]): Promise<number> {
    if (!existsSync(this.#path)) return 0;
    const walked = await this.#reader.run('walk', { path: this.#path });
    faults.push(...walked.faults);
    const { first, tail, head } = await this.#reader.run('open-log', {
      path: this.#path,
      twin: this.#twin,
    });
    if (head > 0 && first !== 1) faults.push(`begins with block ${first}`);
    const held = head === 0 ? 0 : head - tail + 1;
    if (walked.entries !== held) {
      const from = tail > 1 ? `from block ${tail} on, ` : '';
      faults.push(`holds ${walked.entries} blocks ${from}and ends at block ${head}`);
    }
    this.#head = head;
    return head;
  }

  /** Checks blocks up to `end`. What is wrong with the first bad one, or undefined. */
  async to(end: number, onProgress: (seq: number) => void): Promise<Fault | undefined> {
    const next = (from: number) => this.#blocks(from, end, STEP_BYTES);
    let asked = this.#check.head.seq < end ? next(this.#check.head.seq + 1) : undefined;
    while (asked !== undefined) {
      let answer: Tasks['blocks']['answer'];
      try {
        answer = await asked;
      } catch (error) {
        if (error instanceof ReaderLost) return this.#oneByOne(end);
        throw error;
      }
      const blocks = unpack(answer.blocks);
      const last = this.#check.head.seq + blocks.length;
      asked = last < end && answer.fault === undefined ? next(last + 1) : undefined;
      // An answer that comes to nobody, when a block here is bad, is no unhandled rejection.
      asked?.catch(() => undefined);
      const bad = this.#add(blocks);
      if (bad !== undefined) return bad;
      if (answer.fault !== undefined) return answer.fault;
      onProgress(this.#check.head.seq);
    }
    return undefined;
  }

  /** After the last block: the ids, the holds, and what the replay came to. */
  async end(): Promise<Fault[]> {
    const faults: Fault[] = [];
    const held = this.#check.books.heldFault();
    if (held !== undefined) faults.push({ what: held });
    if (this.#head === 0) return faults;
    const twice = await this.#duplicate();
    if (twice !== undefined) faults.push(twice);
    const replayed = await this.#replayed();
    if (replayed !== undefined) faults.push(replayed);
    for (const what of this.why?.faults ?? []) faults.push({ what });
    return faults;
  }

  #blocks(from: number, to: number, bytes: number): Promise<Tasks['blocks']['answer']> {
    return this.#reader.run('blocks', { from, to, bytes });
  }

  #add(blocks: readonly (Uint8Array | undefined)[]): Fault | undefined {
    for (const block of blocks) {
      try {
        this.#check.add(block as Uint8Array);
      } catch (error) {
        return { seq: this.#check.head.seq + 1, what: (error as Error).message };
      }
    }
    return undefined;
  }

  /** After the reading process was lost: which block does that? */
  async #oneByOne(end: number): Promise<Fault> {
    for (let seq = this.#check.head.seq + 1; seq <= end; seq++) {
      try {
        if (seq === this.#check.head.seq + 1)
          await this.#reader.run('open-log', { path: this.#path });
        const { blocks, fault } = await this.#blocks(seq, seq, 1);
        const bad = this.#add(unpack(blocks)) ?? fault;
        if (bad !== undefined) return bad;
      } catch (error) {
        return { seq, what: (error as Error).message };
      }
    }
    return { what: 'the process that replayed it was lost' };
  }

  /** L5: no id of an owner twice. */
  async #duplicate(): Promise<Fault | undefined> {
    for (const rows of this.#check.ids.sorted(this.#check.ids.bits())) {
      for (let row = 1; row < rows.length; row++) {
        if (rows.hi[row] !== rows.hi[row - 1] || rows.lo[row] !== rows.lo[row - 1]) continue;
        // A decision ends the use of its id before it; what comes after it is another use.
        if (((rows.offset[row] as number) & NO_USE) !== 0) continue;
        if (((rows.offset[row - 1] as number) & FREES) !== 0) continue;
        const [one, other] = [place(rows, row - 1), place(rows, row)];
        const twice = await this.#sameId(one, other);
        if (twice !== undefined)
          return { seq: other[0], what: `L5: ${twice}, first in block ${one[0]}` };
      }
    }
    return undefined;
  }

  /** Two commands whose keys are equal: is it one id, or chance? */
  async #sameId(one: readonly number[], other: readonly number[]): Promise<string | undefined> {
    const commands = unpack(await this.#reader.run('commands', { places: [...one, ...other] }));
    const [a, b] = commands.map((bytes) => {
      const tuple = unpackTuple(bytes as Uint8Array, 0, bytes?.length ?? 0);
      const reverses =
        tuple[1] === OP.reverse ? (tuple[PLACES.reverse.transferId] as string) : undefined;
      return { owner: homeOwnerOfTuple(tuple), id: tuple[2] as string, reverses };
    });
    if (a === undefined || b === undefined || a.owner !== b.owner) return undefined;
    if (a.id === b.id) return `id ${a.id} of ${a.owner} has a second outcome`;
    if (a.reverses === undefined || a.reverses !== b.reverses) return undefined;
    return `transfer ${a.reverses} of ${a.owner} is reversed a second time`;
  }

  /** L6: replaying gives the same effects and the same state. */
  async #replayed(): Promise<Fault | undefined> {
    const { fault, isBehind, buckets, accounts, why } = await this.#reader.run('twin', {});
    this.why = why;
    if (fault !== undefined || isBehind) return fault;
    try {
      const compare = new PageCompare(this.#check.books, { buckets, accounts });
      let waiting: Waiting = { transits: [], followUps: [] };
      for (let bucket = 0; bucket < buckets; ) {
        const answer = await this.#reader.run('twin-pages', { from: bucket, bytes: STEP_BYTES });
        for (const page of unpack(answer.pages)) compare.add(bucket++, page as Uint8Array, 0);
        const { assets, definitions, recordVersion } = this.#check.books;
        if (JSON.stringify(answer.assets) !== JSON.stringify(assets))
          return { what: 'L6: replaying it defines other assets' };
        if (JSON.stringify(answer.definitions) !== JSON.stringify(definitions))
          return { what: 'L6: replaying it says other definitions' };
        if (JSON.stringify(answer.campaigns) !== campaignsOf(this.#check.books))
          return { what: 'L6: replaying it gives other campaigns' };
        if (answer.recordVersion !== recordVersion)
          return { what: 'L6: replaying it gives other record versions' };
        waiting = answer;
      }
      compare.end();
      const other = waitingFault(waiting, this.#check.books);
      return other === undefined ? undefined : { what: `L6: replaying it: ${other}` };
    } catch (error) {
      return { what: `L6: replaying it: ${(error as Error).message}` };
    }
  }
}

function place(rows: IdColumns, row: number): [number, number] {
  return [
    (rows.seqHigh[row] as number) * 2 ** 32 + (rows.seqLow[row] as number),
    withoutMarks(rows.offset[row] as number),
  ];
}
