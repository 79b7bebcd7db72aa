// Packed batches of callers on their way to the shards. Owns: which commands go as the bytes they are, which are read back; what came of each.
// Never touches: lanes, threads.
//   router.K1. A batch is carried out command by command, or refused as a whole before anything of it is: where its bytes are no commands one
//       after the other.
//   router.K2. What the shard is handed is a copy, looked at after it was made. What passes in place goes as bytes; everything else is read back
//       and goes as the object it says, so that nothing is carried out that would be refused as an object.
//   router.K3. A packed command has the bytes of its object: whichever way it is repeated, it is a repeat.

import { PACKED_COMMANDS_MAX, SLOTS } from '../limits.js';
import type { AskedBy } from '../protocol/audit-context.js';
import { CommandView } from '../protocol/command-view.js';
import type { Command } from '../protocol/commands.js';
import type { Problem } from '../protocol/fields.js';
import type { Granted } from '../protocol/grants.js';
import { ownerHashBytes } from '../protocol/hash.js';
import { earlierPlace, homePlace } from '../protocol/home.js';
import { readPassing } from '../protocol/in-place.js';
import { LEG_PLACES, OP, PLACES, typeOfOp } from '../protocol/layout.js';
import {
  type Outcome,
  type PackedOutcomes,
  type Posted,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { PackedBatch, readBack } from '../protocol/packed-batch.js';
import { outcomeCode, outcomeOf } from '../protocol/read-back.js';
import { REFUSALS, type RefusalCode, refusalCode } from '../protocol/refusals.js';
import type { Answer } from '../shard/messages.js';
import type { Recorded, Waiter } from './lane.js';

/** What is needed of the router. */
export interface PackedHome {
  readonly slotMap: ArrayLike<number>;
  /** Does the shard take commands as bytes? Those of other nodes are handed objects. */
  takesBytes(shard: number): boolean;
  /** Hands over bytes[start, end). */
  handBytes(
    shard: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    waiter: Waiter,
    index: number,
  ): void;
  dispatch(command: Command, waiter: Waiter, index: number): void;
}

/** Not to be handed over as bytes. */
const NOWHERE = -1;
/** Where each command goes: used again for the next batch. */
const shards = new Int16Array(PACKED_COMMANDS_MAX);
const view = new CommandView();

/** The shard of a command that is handed over as bytes; NOWHERE: it must be read back. */
function shardIn(batch: PackedBatch, i: number, home: PackedHome): number {
  const start = batch.starts[i] as number;
  if (!readPassing(batch.bytes, start, view) || view.end !== batch.starts[i + 1]) return NOWHERE;
  if (mayBeElsewhere(view)) return NOWHERE;
  const place = homePlace(view);
  const hash = ownerHashBytes(view.bytes, view.textStart(place), view.textLength(place));
  const shard = home.slotMap[hash & (SLOTS - 1)] as number;
  return home.takesBytes(shard) ? shard : NOWHERE;
}

/** May an earlier release have kept its id under another owner? Then it is searched for (search.ts). */
function mayBeElsewhere(command: CommandView): boolean {
  if (command.op !== OP.transfer) return false;
  const legs = (command.count - PLACES.transfer.legs) / LEG_PLACES;
  const home = homePlace(command);
  for (let leg = 0; legs > 1 && leg < legs; leg++)
    if (!command.isSameText(earlierPlace(command, leg), home)) return true;
  return false;
}

const NOTHING = { shard: 0, seq: 0, time: 0 };

/** The outcomes of a batch. */
export class Answered implements PackedOutcomes {
  readonly length: number;
  refused = 0;
  /** By place: the number of the refusal; 0: it was carried out. */
  readonly #codes: Uint8Array;
  readonly #offsets: Int32Array;
  /** By place: where its record is, or its outcome. */
  readonly #told: (Recorded | Outcome)[];
  readonly #batch: PackedBatch;
  readonly #scope: string | undefined;

  constructor(batch: PackedBatch, scope: string | undefined) {
    const { count } = batch;
    this.length = count;
    this.#codes = new Uint8Array(count);
    this.#offsets = new Int32Array(count);
    this.#told = new Array(count);
    this.#batch = batch;
    this.#scope = scope;
  }

  recorded(place: number, at: Recorded, offset: number): void {
    const code = outcomeCode(at.effects, offset);
    if (code !== 0) this.refused++;
    this.#codes[place] = code;
    this.#offsets[place] = offset;
    this.#told[place] = at;
  }

  settled(place: number, outcome: Outcome): void {
    if (!outcome.ok) {
      this.refused++;
      this.#codes[place] = REFUSALS[outcome.code].number;
    }
    this.#told[place] = outcome;
  }

  ok(place: number): boolean {
    return this.#codes[place] === 0;
  }

  code(place: number): RefusalCode | undefined {
    const number = this.#codes[place] as number;
    return number > 0 ? refusalCode(number) : undefined;
  }

  passing(place: number): boolean {
    const told = this.#told[place];
    return told !== undefined && 'ok' in told && !told.ok && told.passing === true;
  }

  replayed(place: number): boolean {
    const told = this.#told[place];
    return told !== undefined && 'ok' in told && told.replayed;
  }

  id(place: number): string | undefined {
    const told = this.#told[place];
    return told !== undefined && 'ok' in told ? told.id : this.idAt(place);
  }

  /** Of what was carried out: where it is told. */
  #posted(place: number): { shard: number; seq: number; time: number } {
    const told = this.#told[place];
    return told === undefined || !this.ok(place) ? NOTHING : (told as Recorded | Posted);
  }

  shard(place: number): number {
    return this.#posted(place).shard;
  }

  seq(place: number): number {
    return this.#posted(place).seq;
  }

  time(place: number): number {
    return this.#posted(place).time;
  }

  outcome(place: number): Outcome {
    const told = this.#told[place];
    if (told === undefined) throw new RangeError(`no command is at place ${place}`);
    if ('ok' in told) return told;
    const { seq, time } = told;
    const id = this.idAt(place);
    const from = { ...told, scope: this.#scope };
    return outcomeOf(from, this.#offsets[place] as number, id, seq, time, false);
  }

  /** The id of a command that was handed over as bytes. */
  idAt(place: number): string | undefined {
    return this.#batch.idAt(place);
  }

  /** What kind of command it was, for the counts. */
  typeAt(place: number): string {
    return typeOfOp(this.#batch.opAt(place)) ?? 'unknown';
  }
}

/** Waits for the outcomes of a batch. */
class Answers implements Waiter {
  readonly granted: Granted;
  readonly context: AskedBy | null;
  readonly until: number;
  readonly promise: Promise<Answered>;
  readonly #answered: Answered;
  #left: number;
  #resolve: (answered: Answered) => void = () => {};

  constructor(batch: PackedBatch, timeoutMs: number, granted: Granted, context: AskedBy | null) {
    this.granted = granted;
    this.context = context;
    this.until = performance.now() + timeoutMs;
    this.#answered = new Answered(batch, granted.scope);
    this.#left = batch.count;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (batch.count === 0) this.#resolve(this.#answered);
  }

  recorded(index: number, at: Recorded, offset: number): void {
    this.#answered.recorded(index, at, offset);
    this.#over();
  }

  idAt(index: number): string | undefined {
    return this.#answered.idAt(index);
  }

  settled(index: number, result: Outcome | Answer): void {
    this.#answered.settled(index, result as Outcome);
    this.#over();
  }

  #over(): void {
    if (--this.#left === 0) this.#resolve(this.#answered);
  }
}

/** Carries a batch out; a refusal of all of it where it cannot be told apart into commands. */
export function submitPacked(
  home: PackedHome,
  given: Uint8Array,
  timeoutMs: number,
  granted: Granted,
  context: AskedBy | null,
): Promise<Answered> | Refused {
  const batch = PackedBatch.copy(given);
  if (!(batch instanceof PackedBatch)) return refusedBy(batch);
  const { bytes, starts, count } = batch;
  const waiter = new Answers(batch, timeoutMs, granted, context);
  for (let i = 0; i < count; i++) shards[i] = shardIn(batch, i, home);
  for (let index = 0; index < count; index++) {
    const shard = shards[index] as number;
    const [start, end] = [starts[index] as number, starts[index + 1] as number];
    if (shard !== NOWHERE) {
      home.handBytes(shard, bytes, start, end, waiter, index);
      continue;
    }
    const read = readBack(bytes, start, end);
    if ('command' in read) home.dispatch(read.command, waiter, index);
    else waiter.settled(index, refusedBy(read.problem, read.id));
  }
  return waiter.promise;
}

const refusedBy = ({ code, field }: Problem, id?: string): Refused => refused(code, field, id);
