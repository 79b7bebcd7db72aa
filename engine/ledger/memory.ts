// A ledger that lives in memory alone: the twin of a shard, for tests, dry runs and simulations.
// Owns: an in-memory log and id index. Never touches: files.

import { BlockView } from '../protocol/block.js';
import { type Tuple, unpackTuple } from '../protocol/codec.js';
import { packCommand } from '../protocol/command-buffer.js';
import { type Command, isReference } from '../protocol/commands.js';
import { Draft } from '../protocol/draft.js';
import { EffectReader } from '../protocol/effects.js';
import { toldRefusal } from '../protocol/grants.js';
import type { Outcome } from '../protocol/outcomes.js';
import { outcomeOf } from '../protocol/read-back.js';
import { withoutRules } from '../transfer/carried.js';
import { ALONE, type Places } from '../transfer/open/places.js';
import type { Again, Beside } from './beside.js';
import { Ledger } from './ledger.js';
import { NO_SOURCE, Pages } from './pages.js';
import { emptyParts } from './parts.js';
import { APPLIED, REPLAY } from './result.js';
import type { Ids, Past, PastRecord, State } from './state.js';

/** Ids in a Map. */
export class MemoryIds implements Ids {
  foundSeq: number[] = [];
  foundOffset: number[] = [];
  readonly #positions = new Map<string, [number, number][]>();

  find(hi: number, lo: number): number {
    const found = this.#positions.get(`${hi}:${lo}`) ?? [];
    this.foundSeq = found.map((position) => position[0]);
    this.foundOffset = found.map((position) => position[1]);
    return found.length;
  }

  add(hi: number, lo: number, seq: number, offset: number): void {
    const key = `${hi}:${lo}`;
    const known = this.#positions.get(key);
    if (known === undefined) this.#positions.set(key, [[seq, offset]]);
    else known.unshift([seq, offset]);
  }
}

/** One shard's ledger in memory, with its log. */
export class MemoryLedger implements Past {
  readonly state: State;
  readonly ledger: Ledger;
  /** Blocks so far, as they would be written (hashes are zeros). */
  readonly blocks: Uint8Array[] = [];
  readonly #draft = new Draft(1 << 12, 1 << 14);

  constructor() {
    this.state = {
      ...emptyParts(),
      pages: new Pages(NO_SOURCE),
      ids: new MemoryIds(),
      past: this,
      places: ALONE,
    };
    this.ledger = new Ledger(this.state, this.#draft);
  }

  /** Carries out commands as one block at this time; each must have an id, but what defines something. */
  apply(commands: readonly Command[], time: number): Outcome[] {
    this.#draft.open(this.blocks.length + 1, time);
    this.ledger.openBlock(this.#draft);
    const outcomes = commands.map((command) => this.#one(command));
    this.seal();
    return outcomes;
  }

  #one(command: Command): Outcome {
    const id = isReference(command) ? undefined : command.id;
    const { ledger } = this;
    const { scope } = ledger.granted;
    const bytes = new Uint8Array(packCommand(command, id, ledger.granted));
    const result = ledger.apply(ledger.take(bytes, 0));
    const { assets } = this.state;
    if (result === REPLAY && ledger.replay !== null) {
      const { effects, offset, seq, time, command } = ledger.replay;
      const commands = { bytes: command.slice(), from: effects.commandOffset(offset) };
      // The block under way is written on.
      const own = seq === this.#draft.seq ? new EffectReader(effects.u8.slice()) : effects;
      const place = { shard: 0, effects: own, assets, commands, scope };
      return outcomeOf(place, offset, id, seq, time, true);
    }
    if (result !== APPLIED) return toldRefusal(result, id);
    const effects = new EffectReader(this.#draft.reader().u8.slice());
    return outcomeOf(
      { shard: 0, effects, assets, commands: this.#draft.commandsFrom(0), scope },
      ledger.recordOffset,
      id,
      this.#draft.seq,
      this.#draft.time,
      false,
    );
  }

  /** Applies everything that is due at this time, as a block of its own. */
  tick(time: number): void {
    this.#draft.open(this.blocks.length + 1, time);
    this.ledger.openBlock(this.#draft);
    const { pages } = this.state;
    this.ledger.settleCampaigns();
    for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
      if ((pages.minDue[bucket] as number) <= time) this.ledger.settleBucket(bucket);
    }
    this.seal();
  }

  /** Ends the block under way; an empty one leaves no trace. */
  seal(): void {
    const draft = this.#draft;
    if (draft.isEmpty) return;
    const block = new Uint8Array(draft.blockBytes());
    const { seq, time, count } = draft;
    draft.writeTo(block, { shard: 0, epoch: 1, seq, time, count }, new Uint8Array(32));
    this.blocks.push(block);
  }

  read(seq: number, offset: number): PastRecord {
    if (seq === this.#draft.seq && seq > this.blocks.length) {
      const draft = this.#draft;
      return pastRecord(draft.commands(), draft.reader(), draft, offset);
    }
    const block = new BlockView(this.blocks[seq - 1] as Uint8Array);
    return recordIn(block, offset);
  }

  /** Replays a log into an empty ledger; throws where the effects differ. `again`: acts are decided again beside it; `beside`: another world is. */
  static replay(
    blocks: readonly Uint8Array[],
    places: Places = ALONE,
    again: Again | null = null,
    beside: (ledger: Ledger) => Beside | null = () => null,
  ): MemoryLedger {
    const twin = new MemoryLedger();
    Object.assign(twin.state, { places });
    twin.ledger.isReplaying = true;
    twin.ledger.again = again;
    twin.ledger.beside = beside(twin.ledger);
    if (again !== null) twin.ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    for (const bytes of blocks) {
      const block = new BlockView(bytes);
      twin.#draft.open(block.header.seq, block.header.time, block.applyVersion);
      twin.ledger.openBlock(twin.#draft);
      replayBlock(twin.ledger, block);
      // As it was written, also by older rules.
      twin.blocks.push(bytes);
    }
    twin.ledger.isReplaying = false;
    return twin;
  }
}

/** What this release has not the rules for: where it is met in a log, its effects alone say what it did. */
export class RulesGoneError extends Error {
  constructor(where: string, what: string) {
    super(
      `${where}: ${what}, whose rules this release has not. Start the release that ran before, wait until no transfer is open and no follow-up waits, stop it cleanly, and start this one`,
    );
    this.name = 'RulesGoneError';
  }
}

/** Applies a block's commands; throws where what they do is not what the block says they did. */
export function replayBlock(ledger: Ledger, block: BlockView): void {
  const { effects, commands, header } = block;
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    const start = effects.commandOffset(at);
    const gone = withoutRules(commands, start);
    if (gone !== undefined) throw new RulesGoneError(`block ${header.seq}`, gone);
    ledger.apply(ledger.take(commands, start));
  }
  if (Buffer.compare(ledger.draft.effects.bytes(), effects.u8) !== 0)
    throw new Error(`block ${header.seq}: replaying it gives other effects than it records`);
}

/** The record at `offset` of a block. */
export const recordIn = (block: BlockView, offset: number): PastRecord => {
  const { seq, time } = block.header;
  const place = { seq, time, rules: block.applyVersion };
  return pastRecord(block.commands, block.effects, place, offset);
};

/** The record at `offset` of effects. */
export function pastRecord(
  commands: Uint8Array,
  effects: PastRecord['effects'],
  { seq, time, rules }: Pick<PastRecord, 'seq' | 'time' | 'rules'>,
  offset: number,
): PastRecord {
  const start = effects.commandOffset(offset);
  const end = start + effects.commandLength(offset);
  const tuple: Tuple = unpackTuple(commands, start, end);
  return { tuple, command: commands.subarray(start, end), effects, offset, seq, time, rules };
}
