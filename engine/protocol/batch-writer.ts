// The writer of packed batches. Owns: the commands of the next batch. Never touches: how a batch is handed over, what becomes of it.
//   protocol.P28. A command is in the batch as soon as it was added; what its caller changes afterwards is not. What cannot be packed is
//       refused when it is added, and nothing of it is in the batch.

import { BATCH_MAX, COMMAND_BYTES_MAX, PACKED_BYTES_MAX, PACKED_COMMANDS_MAX } from '../limits.js';
import { CommandBuffer } from './command-buffer.js';
import {
  type Command,
  isReference,
  type ReferenceCommand,
  type TransferCommand,
} from './commands.js';
import type { Problem } from './fields.js';
import { HEAD_BYTES, packedBatch } from './packed-batch.js';
import { validate } from './validate.js';

/** What a packed batch may have: everything but assets and definitions. */
export type PackedCommand = Exclude<Command, ReferenceCommand>;

/** How large batches become. */
export interface BatchSize {
  /** Commands of one batch: what would be one more is a RangeError. Default 8,192, which is what a gateway takes; at most 65,536. */
  readonly commandsMax?: number | undefined;
  /** Bytes of one batch, likewise, unless one command has more. Default and most 16 MiB. */
  readonly bytesMax?: number | undefined;
}

/** A command that cannot be packed, with what is wrong. */
export class PackError extends TypeError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.field}`);
    this.name = 'PackError';
    this.problem = problem;
  }
}

/** Hands a batch over: its bytes, and how many commands they are. */
export type HandOver<Told, Options> = (
  bytes: Uint8Array,
  count: number,
  options: Options | undefined,
) => Promise<Told>;

/** Writes commands as bytes, and hands them over. May be filled again as soon as it has handed over what it had. */
export class BatchWriter<Told, Options> {
  readonly #commands = new CommandBuffer(0);
  #count = 0;
  readonly #commandsMax: number;
  readonly #bytesMax: number;
  readonly #newId: () => string;
  readonly #handOver: HandOver<Told, Options>;

  /** `newId`: the id of a command that comes without one. */
  constructor(newId: () => string, handOver: HandOver<Told, Options>, size: BatchSize = {}) {
    this.#newId = newId;
    this.#handOver = handOver;
    this.#commandsMax = within('commandsMax', size.commandsMax ?? BATCH_MAX, PACKED_COMMANDS_MAX);
    this.#bytesMax = within('bytesMax', size.bytesMax ?? PACKED_BYTES_MAX, PACKED_BYTES_MAX);
  }

  /** Commands so far. */
  get length(): number {
    return this.#count;
  }

  /** Has it all that fits? */
  get isFull(): boolean {
    const bytes = HEAD_BYTES + this.#commands.length + COMMAND_BYTES_MAX;
    return this.#count >= this.#commandsMax || (this.#count > 0 && bytes > this.#bytesMax);
  }

  /** Adds a command. Throws PackError on one that is not well formed, RangeError where the batch is full. Returns its place. */
  add(command: PackedCommand): number {
    const problem = validate(command) ?? (isReference(command) ? NO_REFERENCE : null);
    if (problem !== null) throw new PackError(problem);
    this.#expectRoom();
    this.#commands.append(command, this.#idOf(command));
    return this.#count++;
  }

  /** As add(), of a transfer. */
  transfer(fields: Omit<TransferCommand, 'type'>): number {
    return this.add({ ...fields, type: 'transfer' });
  }

  /**
   * Adds a transfer with one leg, of which no object is made: its id ('': `kind:ref`, or a new one), who pays, who receives, what,
   * how much. What is wrong with them is told as its outcome. Returns its place.
   */
  move(
    id: string,
    from: string,
    to: string,
    asset: string,
    amount: number,
    kind?: string,
    ref?: string,
  ): number {
    this.#expectRoom();
    const isNamed = kind !== undefined && ref !== undefined;
    const own = id !== '' ? id : isNamed ? `${kind}:${ref}` : this.#newId();
    this.#commands.appendMove(own, from, to, asset, amount, kind, ref);
    return this.#count++;
  }

  #idOf(command: PackedCommand): string {
    if (command.id !== undefined) return command.id;
    const { kind, ref } = command as Pick<TransferCommand, 'kind' | 'ref'>;
    return kind === undefined || ref === undefined ? this.#newId() : `${kind}:${ref}`;
  }

  #expectRoom(): void {
    if (this.isFull) throw new RangeError('the batch is full: submit() it');
  }

  /** The batch as bytes, which may be handed over again and again: its commands have ids. The writer is empty afterwards. */
  take(): Uint8Array {
    const bytes = packedBatch(this.#commands.bytes(), this.#count);
    this.#commands.clear();
    this.#count = 0;
    return bytes;
  }

  /** Hands the commands over, and is empty. Resolves with their outcomes, by their places. */
  submit(options?: Options): Promise<Told> {
    const count = this.#count;
    return this.#handOver(this.take(), count, options);
  }
}

const NO_REFERENCE: Problem = { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' };

function within(name: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new RangeError(`${name} is a whole number from 1 to ${most}`);
}
