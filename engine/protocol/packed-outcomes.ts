// Outcomes of a packed batch as bytes, read by place. Owns: this form. Never touches: commands, entries (which are not told in it).
//   protocol.P29. Little-endian. 8 bytes: version (1) and bytes of an outcome (24), 2 each, their number, 4. Then each outcome: the number of its
//       refusal, 0 where it was carried out, 1; flags (1: it had been carried out before; 2: refused, and not kept, by
//       a code that may be), 1; shard, 2; where more of it is told, counted from the
//       first byte, 0 where nothing is, 4; seq and time as float64. More is a length, 2, and so much JSON: `field` and `detail` of a refusal.

import {
  type Outcome,
  type PackedOutcomes,
  type Posted,
  type Refused,
  refused,
} from './outcomes.js';
import { REFUSALS, type RefusalCode, refusalCode } from './refusals.js';

/** What is told of a command that was carried out: all but what it changed. */
export type BriefPosted = Pick<Posted, 'ok' | 'id' | 'shard' | 'seq' | 'time' | 'replayed'>;

const VERSION = 1;
const [HEAD, SIZE] = [8, 24];
/** Of an outcome. */
const [CODE, FLAGS, SHARD, MORE, SEQ, TIME] = [0, 1, 2, 4, 8, 16];
const REPLAYED = 1;
const PASSING = 2;
const MORE_MAX = 0xffff;

/** The outcomes as bytes. */
export function packOutcomes(outcomes: PackedOutcomes): Uint8Array {
  const { length } = outcomes;
  const more = outcomes.refused === 0 ? NOTHING : moreOf(outcomes);
  const start = HEAD + length * SIZE;
  const bytes = new Uint8Array(more.reduce((sum, [, text]) => sum + 2 + text.length, start));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, VERSION, true);
  view.setUint16(2, SIZE, true);
  view.setUint32(4, length, true);
  for (let i = 0, at = HEAD; i < length; i++, at += SIZE) {
    const code = outcomes.code(i);
    if (outcomes.replayed(i)) bytes[at + FLAGS] = REPLAYED;
    if (code !== undefined) {
      if (outcomes.passing(i)) bytes[at + FLAGS] = PASSING;
      bytes[at + CODE] = REFUSALS[code].number;
      continue;
    }
    view.setUint16(at + SHARD, outcomes.shard(i), true);
    view.setFloat64(at + SEQ, outcomes.seq(i), true);
    view.setFloat64(at + TIME, outcomes.time(i), true);
  }
  let end = start;
  for (const [i, text] of more) {
    view.setUint32(HEAD + i * SIZE + MORE, end, true);
    view.setUint16(end, text.length, true);
    bytes.set(text, end + 2);
    end += 2 + text.length;
  }
  return bytes;
}

type More = readonly (readonly [number, Uint8Array])[];
const NOTHING: More = [];

/** What refusals tell beside their codes. */
function moreOf(outcomes: PackedOutcomes): More {
  const more: [number, Uint8Array][] = [];
  for (let i = 0; i < outcomes.length; i++) {
    if (outcomes.ok(i)) continue;
    const { field, detail } = outcomes.outcome(i) as Refused;
    if (field === undefined && detail === undefined) continue;
    const text = new TextEncoder().encode(JSON.stringify({ field, detail }));
    if (text.length <= MORE_MAX) more.push([i, text]);
  }
  return more;
}

/** Outcomes read where they lie in bytes. Throws TypeError on bytes that are none. */
export class OutcomesInBytes implements PackedOutcomes<Refused | BriefPosted> {
  readonly length: number;
  readonly refused: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #idAt: (place: number) => string | undefined = () => undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const view = this.#view;
    const isKnown =
      bytes.length >= HEAD &&
      view.getUint16(0, true) === VERSION &&
      view.getUint16(2, true) === SIZE;
    this.length = isKnown ? view.getUint32(4, true) : 0;
    if (!isKnown || HEAD + this.length * SIZE > bytes.length)
      throw new TypeError('these are no outcomes');
    let refused = 0;
    for (let i = 0; i < this.length; i++) if (bytes[HEAD + i * SIZE] !== 0) refused++;
    this.refused = refused;
  }

  /** Their sender knows the ids. */
  named(idAt: (place: number) => string | undefined): this {
    this.#idAt = idAt;
    return this;
  }

  #at(place: number): number {
    if (place >= 0 && place < this.length) return HEAD + place * SIZE;
    throw new RangeError(`no command is at place ${place}`);
  }

  ok(place: number): boolean {
    return this.#bytes[this.#at(place) + CODE] === 0;
  }

  replayed(place: number): boolean {
    return this.#has(place, REPLAYED);
  }

  passing(place: number): boolean {
    return this.#has(place, PASSING);
  }

  #has(place: number, flag: number): boolean {
    return ((this.#bytes[this.#at(place) + FLAGS] as number) & flag) !== 0;
  }

  code(place: number): RefusalCode | undefined {
    const number = this.#bytes[this.#at(place) + CODE] as number;
    return number === 0 ? undefined : refusalCode(number);
  }

  id(place: number): string | undefined {
    return this.#idAt(place);
  }

  shard(place: number): number {
    return this.#view.getUint16(this.#at(place) + SHARD, true);
  }

  seq(place: number): number {
    return this.#view.getFloat64(this.#at(place) + SEQ, true);
  }

  time(place: number): number {
    return this.#view.getFloat64(this.#at(place) + TIME, true);
  }

  /** Of a command that was carried out: without its entries. */
  outcome(place: number): Refused | BriefPosted {
    const code = this.code(place);
    const [id, replayed] = [this.id(place), this.replayed(place)];
    if (code === undefined) {
      const [shard, seq, time] = [this.shard(place), this.seq(place), this.time(place)];
      return { ok: true, id, shard, seq, time, replayed };
    }
    const at = this.#view.getUint32(this.#at(place) + MORE, true);
    const plain = refused(code, undefined, id, replayed);
    const refusal: Refused = this.passing(place) ? { ...plain, passing: true } : plain;
    if (at === 0) return refusal;
    const end = at + 2 + this.#view.getUint16(at, true);
    const more = JSON.parse(new TextDecoder().decode(this.#bytes.subarray(at + 2, end)));
    const { field, detail } = more as Pick<Refused, 'field' | 'detail'>;
    const told = { ...refusal, field };
    return detail === undefined ? told : { ...told, detail };
  }
}

/** Outcomes that are objects already. */
export class OutcomeList implements PackedOutcomes {
  readonly length: number;
  readonly refused: number;
  readonly #outcomes: readonly Outcome[];

  constructor(outcomes: readonly Outcome[]) {
    this.length = outcomes.length;
    this.refused = outcomes.reduce((sum, { ok }) => sum + (ok ? 0 : 1), 0);
    this.#outcomes = outcomes;
  }

  outcome(place: number): Outcome {
    const outcome = this.#outcomes[place];
    if (outcome === undefined) throw new RangeError(`no command is at place ${place}`);
    return outcome;
  }

  ok(place: number): boolean {
    return this.outcome(place).ok;
  }

  replayed(place: number): boolean {
    return this.outcome(place).replayed;
  }

  code(place: number): RefusalCode | undefined {
    const outcome = this.outcome(place);
    return outcome.ok ? undefined : outcome.code;
  }

  passing(place: number): boolean {
    const outcome = this.outcome(place);
    return !outcome.ok && outcome.passing === true;
  }

  id(place: number): string | undefined {
    return this.outcome(place).id;
  }

  shard(place: number): number {
    return this.#posted(place, 'shard');
  }

  seq(place: number): number {
    return this.#posted(place, 'seq');
  }

  time(place: number): number {
    return this.#posted(place, 'time');
  }

  #posted(place: number, name: 'shard' | 'seq' | 'time'): number {
    const outcome = this.outcome(place);
    return outcome.ok ? outcome[name] : 0;
  }
}
