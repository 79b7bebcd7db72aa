// Commands tried out on a copy of the state, for dry runs and before atomic batches.
// Owns: the copy, made of each page when it is first looked at. Never touches: the shard's own state, but to read it.
//   ledger.Y1. The shard's own state stays as it is, whatever is tried, also where a command throws.
//   ledger.Y2. A trial has the outcome that applying the command now would have: the same handlers, state and block time.

import { Draft } from '../protocol/draft.js';
import { Ledger } from './ledger.js';
import { MemoryIds, pastRecord } from './memory.js';
import type { Page } from './page.js';
import { Pages } from './pages.js';
import { borrowParts } from './parts.js';
import type { Slabs } from './slabs.js';
import type { Ids, Past, PastRecord, State } from './state.js';

/** The block that a trial's records are in: no block of a log has this number. */
export const TRIAL_SEQ = 0;

/** The ids of a trial, and those of the state beneath. */
class TrialIds implements Ids {
  foundSeq: ArrayLike<number> = [];
  foundOffset: ArrayLike<number> = [];
  readonly #beneath: Ids;
  #own = new MemoryIds();

  constructor(beneath: Ids) {
    this.#beneath = beneath;
  }

  clear(): void {
    this.#own = new MemoryIds();
  }

  find(hi: number, lo: number): number {
    const own = this.#own.find(hi, lo);
    const count = this.#beneath.find(hi, lo);
    const { foundSeq, foundOffset } = this.#beneath;
    this.foundSeq = own === 0 ? foundSeq : [...this.#own.foundSeq, ...upTo(foundSeq, count)];
    this.foundOffset =
      own === 0 ? foundOffset : [...this.#own.foundOffset, ...upTo(foundOffset, count)];
    return own + count;
  }

  add(hi: number, lo: number, seq: number, offset: number): void {
    this.#own.add(hi, lo, seq, offset);
  }
}

const upTo = (numbers: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: count }, (_, i) => numbers[i] as number);

export class Trial implements Past {
  /** What commands are applied to, between begin() and end(). */
  readonly ledger: Ledger;
  readonly draft = new Draft(1 << 12, 1 << 14);
  readonly #beneath: State;
  readonly #state: State;
  readonly #ids: TrialIds;
  /** Buckets that were copied. */
  readonly #copied: number[] = [];

  constructor(beneath: State) {
    this.#beneath = beneath;
    this.#ids = new TrialIds(beneath.ids);
    const pages = new Pages({ load: (bucket, slabs) => this.#copy(bucket, slabs) });
    const { places } = beneath;
    this.#state = { ...borrowParts(beneath), pages, ids: this.#ids, past: this, places };
    this.ledger = new Ledger(this.#state, this.draft);
  }

  #copy(bucket: number, slabs: Slabs): Page {
    this.#copied.push(bucket);
    return this.#beneath.pages.page(bucket).copy(slabs);
  }

  /** From here on, commands are applied to the state as it is, at this block time. */
  begin(time: number): void {
    this.#clear();
    Object.assign(this.#state, borrowParts(this.#beneath));
    this.draft.open(TRIAL_SEQ, time);
    this.ledger.openBlock(this.draft);
  }

  /** From here on, what is said of definitions is said of a copy of them. */
  ownDefinitions(): void {
    const { definitions } = this.#beneath;
    if (this.#state.definitions === definitions)
      Object.assign(this.#state, { definitions: definitions.copy() });
  }

  /** And of assets. */
  ownAssets(): void {
    const { assets } = this.#beneath;
    if (this.#state.assets === assets) Object.assign(this.#state, { assets: assets.copy() });
  }

  /** What was applied since begin() is gone; what was written of it stays readable until the next begin(). */
  end(): void {
    this.#clear();
  }

  #clear(): void {
    this.#state.pages.reset(this.#beneath.pages.shape, this.#copied);
    this.#copied.length = 0;
    this.#ids.clear();
    this.ledger.outbox.length = 0;
  }

  read(seq: number, offset: number): PastRecord {
    if (seq !== TRIAL_SEQ) return this.#beneath.past.read(seq, offset);
    const { draft } = this;
    return pastRecord(draft.commands(), draft.reader(), draft, offset);
  }
}
