// Simulated shards on a day when nothing goes wrong: one command after the other, each carried to its end.
// Owns: time, and the way between the shards. Never touches: what shards decide.

import { balancesOf } from '../../engine/ledger/reads.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import {
  type Command,
  isReference,
  type PutDefinitionCommand,
} from '../../engine/protocol/commands.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Balance } from '../../engine/protocol/outcomes.js';
import type { Message } from '../../engine/transfer/messages.js';
import { checkBlock } from './checks.js';
import { type Asker, Outside } from './outside.js';
import { Reference } from './reference.js';
import { SimShard } from './shard.js';

/** Milliseconds after the full second at which a command is given: nothing is due while it is carried out. */
const GIVEN_AT_MS = 100;
const SECOND_MS = 1_000;
/** Blocks with room for everything, pages that stay in memory, no checkpoints. */
const ROOMY = { blockCommands: 100, checkpointBytes: Infinity, cacheBytes: 2 ** 30 };

export class Calm extends Outside {
  readonly shards: readonly SimShard[];
  readonly slotMap: Uint16Array;
  readonly #reference: Reference;
  #told: number | undefined;

  private constructor(slotMap: Uint16Array) {
    super();
    this.slotMap = slotMap;
    this.shards = Array.from(
      { length: Math.max(...slotMap) + 1 },
      (_, shard) => new SimShard({ shard, slotMap, ...ROOMY }, this),
    );
    this.#reference = new Reference(this.queue, this.shards);
  }

  /** Says a definition; it decides ten seconds later. */
  define(command: PutDefinitionCommand): void {
    this.#reference.say(command);
  }

  static async start(slotMap: Uint16Array): Promise<Calm> {
    const calm = new Calm(slotMap);
    for (const shard of calm.shards) shard.start();
    await calm.nextSecond();
    calm.#reference.start();
    return calm;
  }

  /** Lets the time go on to when the next command is given. */
  nextSecond(): Promise<void> {
    const { now } = this;
    return this.queue.runUntil(now - (now % SECOND_MS) + SECOND_MS + GIVEN_AT_MS);
  }

  /** Carries out a command; returns what its client is told: 0 posted, else a refusal's number. */
  async carryOut(command: Command): Promise<number> {
    const shard = this.shards[this.slotMap[slotOf(homeOwner(command))]!]!;
    const id = isReference(command) ? undefined : command.id;
    this.#told = undefined;
    shard.request(new Uint8Array(packCommand(command, id)), 0);
    await this.queue.runUntil(this.now + 60);
    if (this.#told === undefined) throw new Error(`no answer to ${id}`);
    return this.#told;
  }

  balances(owner: string): Balance[] {
    return balancesOf(this.shards[this.slotMap[slotOf(owner)]!]!.state, owner);
  }

  override send(_from: number, message: Message): void {
    this.queue.after(1, () => this.shards[message.to]!.receive(message));
  }

  override reply(_asker: Asker, told: number): void {
    this.#told = told;
  }

  override sealed(shard: SimShard): void {
    checkBlock(shard);
  }
}
