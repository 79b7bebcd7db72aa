// Blocks checked one after the other, from the first. Owns: the hash chain, that commands and records tile their parts of a
// block, ids; hands every record to the books. Never touches: where blocks come from.
//   L1-L4 are posting.ts's; L5 is checked over all ids at the end (duplicates()).

import { createHash } from 'node:crypto';
import { APPLY_VERSION, BlockView } from '../protocol/block.js';
import { commandOfTuple, type Tuple, unpackTuple } from '../protocol/codec.js';
import { FIRST_QUERY_OP } from '../protocol/commands.js';
import { EffectReader } from '../protocol/effects.js';
import { hasHome, homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES, typeOfOp } from '../protocol/layout.js';
import { isPassing, refusalCode } from '../protocol/refusals.js';
import type { Recount } from '../receipts/recount.js';
import { Books } from './books.js';
import { FREES, type IdSet, idKey, NO_USE, reversedId } from './id-set.js';
import { Poster } from './posting.js';
import { carriedBy, type Home, isBetweenShards } from './transit-check.js';

/** What was checked last. */
export interface Checked {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
  readonly time: number;
  readonly epoch: number;
  /** Version of the rules that it was written by. */
  readonly rules: number;
}

export class LogCheck {
  readonly books = new Books();
  readonly ids: IdSet;
  head: Checked = { seq: 0, hash: '0'.repeat(64), time: 0, epoch: 0, rules: 1 };
  blocks = 0;
  /** Transfers that were posted. */
  transfers = 0;
  readonly #home: Home;
  readonly #poster: Poster;
  readonly #tree: Recount | undefined;

  /** `tree`: undefined: the shard has none. */
  constructor(home: Home, ids: IdSet, tree?: Recount) {
    this.#home = home;
    this.#tree = tree;
    this.ids = ids;
    this.#poster = new Poster(this.books, home, new EffectReader(new Uint8Array(0)));
  }

  /** Checks the next block; throws an error that says what is wrong with it. */
  add(bytes: Uint8Array): void {
    const block = new BlockView(bytes);
    const hash = createHash('sha256').update(block.hashed).digest('hex');
    if (hash !== Buffer.from(block.hash).toString('hex'))
      throw new Error('its hash does not match its bytes');
    this.#follows(block);
    this.#records(block);
    this.#tree?.add(block);
    const { seq, time, epoch } = block.header;
    this.head = { seq, hash, time, epoch, rules: block.applyVersion };
    this.blocks++;
  }

  #follows({ header, previousHash, applyVersion }: BlockView): void {
    const { seq, shard, time, epoch, count } = header;
    const before = this.head;
    if (seq !== before.seq + 1) throw new Error(`says that it is block ${seq}`);
    if (shard !== this.#home.shard) throw new Error(`belongs to shard ${shard}`);
    if (Buffer.from(previousHash).toString('hex') !== before.hash) {
      throw new Error(`does not follow block ${before.seq}: the hash chain is broken`);
    }
    if (!(time >= before.time)) throw new Error('its time is before that of the block before it');
    if (epoch < before.epoch)
      throw new Error(`was written at opening ${epoch}, and the one before it at ${before.epoch}`);
    if (applyVersion < before.rules || applyVersion > APPLY_VERSION) {
      throw new Error(
        `was written by rules of version ${applyVersion}, after ${before.rules}, and this release has ${APPLY_VERSION}`,
      );
    }
    if (count === 0) throw new Error('has no commands');
  }

  /** Who asked is said of commands. */
  #contexts(block: BlockView): void {
    const contexts = block.contexts();
    if (contexts.isEmpty) return;
    const { effects } = block;
    const starts = new Set<number>();
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at))
      starts.add(effects.commandOffset(at));
    for (const offset of contexts.offsets)
      if (!starts.has(offset)) throw new Error(`names who asked for what begins at byte ${offset}`);
  }

  /** Records tile the effects, their commands tile the commands, in the same order. */
  #records(block: BlockView): void {
    const { header, commands, effects, applyVersion } = block;
    this.#poster.rules = applyVersion;
    this.books.time = header.time;
    let commandsAt = 0;
    let count = 0;
    for (let at = 0; at < effects.u8.length; count++) {
      const length = effects.recordLength(at);
      if (effects.commandOffset(at) !== commandsAt)
        throw new Error(`command ${count} is not where the one before it ends`);
      const end = commandsAt + effects.commandLength(at);
      if (end <= commandsAt || end > commands.length)
        throw new Error(`command ${count} ends at ${end} of ${commands.length}`);
      this.#record(header.seq, effects, at, length, commands.subarray(commandsAt, end), count);
      commandsAt = end;
      at += length;
    }
    if (count !== header.count)
      throw new Error(`says that it has ${header.count} commands, and has ${count}`);
    this.#contexts(block);
    if (commandsAt !== commands.length)
      throw new Error(
        `its records account for ${commandsAt} of ${commands.length} bytes of commands`,
      );
  }

  #record(
    seq: number,
    effects: EffectReader,
    at: number,
    length: number,
    bytes: Uint8Array,
    index: number,
  ): void {
    const tuple = decoded(bytes, index);
    const op = tuple[1] as number;
    if (effects.op(at) !== op)
      throw new Error(`command ${index} has op ${op}, and its record ${effects.op(at)}`);
    const refusal = effects.refusalNumber(at);
    if (refusal !== 0) {
      const code = refusalCode(refusal);
      if (isPassing(refusal) && !isBetweenShards(op))
        throw new Error(`command ${index} was kept with the transient refusal ${code}`);
      if (effects.entryCount(at) > 0 && op !== OP.decision)
        throw new Error(`command ${index} was refused, and has entries`);
    }
    try {
      this.#poster.post(effects, at, length, seq, tuple, bytes);
    } catch (error) {
      throw new Error(`command ${index} (${typeOfOp(op)}): ${(error as Error).message}`);
    }
    for (const [owner, id] of this.#poster.noted) this.#addId(owner, id, seq, at | NO_USE);
    if (op === OP.tick || op === OP.delivered) return;
    if (op === OP['define-asset'] || op === OP['put-definition']) return;
    if (op === OP.transfer && !hasHome(tuple))
      throw new Error(`command ${index} does not say which party is its home owner (W2)`);
    const owner = homeOwnerOfTuple(tuple);
    const use = op === OP.decision ? at | NO_USE : at;
    this.#addId(owner, tuple[2] as string, seq, isPassing(refusal) ? use | FREES : use);
    if (refusal !== 0 || !this.#poster.isDone) return;
    const carried = carriedBy(tuple);
    if (carried?.[1] === OP.transfer) this.transfers++;
    if (carried?.[1] === OP.reverse && carried[0] === 1)
      this.#addId(owner, reversedId(carried[PLACES.reverse.transferId] as string), seq, at);
  }

  #addId(owner: string, id: string, seq: number, at: number): void {
    const { hi, lo } = idKey(owner, id);
    this.ids.add(hi, lo, seq, at);
  }
}

/** A logged command's fields. */
function decoded(bytes: Uint8Array, index: number): Tuple {
  let tuple: Tuple;
  try {
    tuple = unpackTuple(bytes, 0, bytes.length);
    const op = Array.isArray(tuple) ? (tuple[1] as number) : Number.NaN;
    if (!(op > 0 && op < FIRST_QUERY_OP)) throw new Error(`op ${op}`);
    commandOfTuple(tuple);
  } catch (error) {
    throw new Error(`command ${index} cannot be read: ${(error as Error).message}`);
  }
  return tuple;
}
