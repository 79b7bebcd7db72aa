// Simulated shards on a day when nothing goes wrong: one command after the other, each carried to its end.
// Owns: time, and the way between the shards. Never touches: what shards decide.

import { balancesOf } from '../../engine/ledger/reads.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Balance } from '../../engine/protocol/outcomes.js';
import type { Message } from '../../engine/transfer/messages.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { checkBlock } from './checks.js';
import type { Asker, Outside } from './outside.js';
import { EventQueue } from './queue.js';
import { SimShard } from './shard.js';
import { SIM_ASSETS } from './work.js';

/** Milliseconds after the full second at which a command is given: nothing is due while it is carried out. */
const GIVEN_AT_MS = 100;
const SECOND_MS = 1_000;

export class Calm implements Outside {
  readonly shards: readonly SimShard[];
  readonly slotMap: readonly number[];
  readonly #queue = new EventQueue();
  #told: number | undefined;

  constructor(slotMap: readonly number[]) {
    const count = Math.max(...slotMap) + 1;
    this.slotMap = slotMap;
    this.shards = Array.from(
      { length: count },
      (_, shard) =>
        new SimShard({ places: placesOf(shard, count, slotMap), blockCommands: 100 }, this),
    );
    for (const shard of this.shards) shard.start();
    this.nextSecond();
  }

  /** Lets the time go on to when the next command is given. */
  nextSecond(): void {
    const { now } = this.#queue;
    this.#queue.runUntil(now - (now % SECOND_MS) + SECOND_MS + GIVEN_AT_MS);
  }

  /** Carries out a command; returns what its client is told: 0 posted, else a refusal's number. */
  carryOut(command: Command): number {
    const shard = this.shards[this.slotMap[slotOf(homeOwner(command))]!]!;
    const id = command.type === 'define-asset' ? undefined : command.id;
    this.#told = undefined;
    shard.request(new Uint8Array(packCommand(command, id)), 0);
    this.#queue.runUntil(this.#queue.now + 60);
    if (this.#told === undefined) throw new Error(`no answer to ${id}`);
    return this.#told;
  }

  balances(owner: string): Balance[] {
    return balancesOf(this.shards[this.slotMap[slotOf(owner)]!]!.state, owner);
  }

  get now(): number {
    return this.#queue.now;
  }

  after(_shard: SimShard, ms: number, run: () => void): void {
    this.#queue.after(ms, run);
  }

  send(_from: number, message: Message): void {
    this.#queue.after(1, () => this.shards[message.to]!.receive(message));
  }

  reply(_asker: Asker, told: number): void {
    this.#told = told;
  }

  started(shard: SimShard): void {
    const parts = SIM_ASSETS.map((asset) => new Uint8Array(packCommand(asset, undefined)));
    shard.receive({ to: shard.number, count: parts.length, bytes: Buffer.concat(parts) });
  }

  sealed(shard: SimShard): void {
    checkBlock(shard);
  }

  skewMs(): number {
    return 0;
  }

  syncMs(): number {
    return 1;
  }

  crashesAt(): boolean {
    return false;
  }

  note(): void {}
}
