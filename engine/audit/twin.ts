// The log replayed by the rules, beside the check of what it records (L6). Owns: that state. Never touches: the folder.

import type { Again } from '../ledger/beside.js';
import { Ledger } from '../ledger/ledger.js';
import { RulesGoneError, replayBlock } from '../ledger/memory.js';
import { NO_SOURCE, Pages, type PagesShape } from '../ledger/pages.js';
import { emptyParts } from '../ledger/parts.js';
import type { State } from '../ledger/state.js';
import { type LoggedPlan, packedPlan } from '../programme/plan.js';
import { BlockView } from '../protocol/block.js';
import type { CommandView } from '../protocol/command-view.js';
import { Draft } from '../protocol/draft.js';
import { PLACES } from '../protocol/layout.js';
import { Blocks } from '../shard/blocks.js';
import { IdIndex } from '../store/id-index.js';
import type { Log } from '../store/log.js';
import { placesOf } from '../transfer/open/places.js';
import { ScratchChunks } from './scratch.js';
import type { Fault, TwinSettings, WhyFigures } from './tasks.js';

const STEP_MS = 1_000;
/** Acts whose reasons differ that are named. */
const NAMED_MAX = 20;

/** Decides each act again, and compares. */
export class WhyCheck implements Again {
  decided: LoggedPlan | undefined;
  hasAskedOutside = false;
  recomputed = 0;
  asLogged = 0;
  readonly faults: string[] = [];

  compare(command: CommandView, logged: LoggedPlan): void {
    // A refusal for now is none that was logged: what it met is not in the log either.
    if (this.hasAskedOutside || this.decided === undefined) {
      this.asLogged++;
      return;
    }
    if (isSamePlan(this.decided, logged)) this.recomputed++;
    else if (this.faults.length < NAMED_MAX) {
      const [owner, id] = [command.text(PLACES.act.owner), command.text(PLACES.act.id)];
      this.faults.push(`act ${id} of ${owner}: decided again it comes to something else`);
    }
  }
}

/** As they are packed; what was read is told where the plan goes to other shards, and today's shards may be others. */
const isSamePlan = (one: LoggedPlan, other: LoggedPlan): boolean =>
  Buffer.compare(packed(one), packed(other)) === 0;
const packed = (plan: LoggedPlan): Uint8Array => packedPlan({ ...plan, names: undefined });

export class Twin {
  readonly state: State;
  /** The first block that did not do what it records; nothing is replayed after it. */
  fault: Fault | undefined;
  /** A command came whose rules this release has not: from there on effects alone say what was done. */
  isBehind = false;
  readonly #ids: IdIndex;
  readonly #scratch: ScratchChunks;
  readonly #draft = new Draft(1 << 14, 1 << 16);
  readonly #ledger: Ledger;

  readonly #why: WhyCheck | null = null;

  constructor(log: Log, settings: TwinSettings) {
    const { shard, shards, slotMap, scratch, cacheBytes, why } = settings;
    this.#scratch = new ScratchChunks(scratch);
    this.#ids = new IdIndex(this.#scratch, { cacheBytes });
    const past = new Blocks(log);
    past.setDraft(this.#draft);
    const pages = new Pages(NO_SOURCE);
    this.state = {
      ...emptyParts(),
      pages,
      ids: this.#ids,
      past,
      places: placesOf(shard, shards, slotMap),
    };
    this.#ledger = new Ledger(this.state, this.#draft);
    this.#ledger.isReplaying = true;
    if (why !== true) return;
    this.#why = new WhyCheck();
    this.#ledger.again = this.#why;
    this.#ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
  }

  get why(): WhyFigures | undefined {
    if (this.#why === null) return undefined;
    const { recomputed, asLogged, faults } = this.#why;
    return { recomputed, asLogged, faults };
  }

  get shape(): PagesShape {
    return this.state.pages.shape;
  }

  /** Replays the next block. */
  replay(bytes: Uint8Array): void {
    if (this.fault !== undefined || this.isBehind) return;
    let seq: number | undefined;
    try {
      const block = new BlockView(bytes);
      seq = block.header.seq;
      this.#draft.open(seq, block.header.time, block.applyVersion);
      this.#ledger.openBlock(this.#draft);
      replayBlock(this.#ledger, block);
      this.#ledger.outbox.length = 0;
      if (this.#ids.isFull()) this.#spill();
    } catch (error) {
      this.isBehind = error instanceof RulesGoneError;
      if (this.isBehind) return;
      this.fault = { seq, what: `L6: ${(error as Error).message.replace(/^block \d+: /, '')}` };
    }
  }

  /** Ids out of memory, into the scratch file. */
  #spill(): void {
    this.#ids.freeze();
    for (let done = false; !done; ) {
      const step = this.#ids.step(STEP_MS);
      done = step.done;
      for (const [key, bytes] of step.chunks) this.#scratch.write(key, bytes);
    }
    for (const key of this.#ids.publish()) this.#scratch.remove(key);
  }

  /** Pages from a bucket on, about so many bytes. */
  pages(from: number, bytes: number): Uint8Array[] {
    const { pages } = this.state;
    const found: Uint8Array[] = [];
    let total = 0;
    for (let bucket = from; bucket < pages.shape.buckets && total < bytes; bucket++) {
      const page = pages.page(bucket).encode();
      total += page.length;
      found.push(page);
    }
    return found;
  }

  close(): void {
    this.#scratch.close();
  }
}
