// The clients of a simulation: they ask, wait, ask again, and remember what they were told.
// Owns: who asked for what. Never touches: shards but by their requests.

import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { EVERYTHING, Granted, OPERATIONS } from '../../engine/protocol/grants.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import { validate } from '../../engine/protocol/validate.js';
import type { Random } from '../random.js';
import type { EventQueue } from './queue.js';
import type { SimShard } from './shard.js';

/** A command as one client asks for it, again and again. */
export interface Wish {
  readonly command: Command;
  readonly owner: string;
  readonly id: string;
  readonly shard: number;
  readonly bytes: Uint8Array;
  /** What it was told, in this order: 0 posted, else numbers of refusals. */
  readonly told: number[];
  triesLeft: number;
  /** Asked for, and neither answered nor given up. */
  isWaiting: boolean;
}

/** Who asks for what a person does, by the name in it. */
function grantsOf(command: Command): Granted {
  const operator = command.type === 'act' ? command.body['operator'] : undefined;
  if (typeof operator !== 'string') return EVERYTHING;
  return new Granted({ operations: new Set(OPERATIONS), principal: operator });
}

/** How long a request or a reply takes at most. */
const WAY_MS = 15;

export class Clients {
  readonly wishes: Wish[] = [];
  /** Share of requests and replies that are lost. */
  loss: number;
  /** Requests and replies on their way. */
  inFlight = 0;
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #shards: readonly SimShard[];
  readonly #slotMap: Uint16Array;

  constructor(
    loss: number,
    queue: EventQueue,
    random: Random,
    shards: readonly SimShard[],
    slotMap: Uint16Array,
  ) {
    this.loss = loss;
    this.#queue = queue;
    this.#random = random;
    this.#shards = shards;
    this.#slotMap = slotMap;
  }

  /** Asks for something new. */
  submit(command: Command, tries = this.#patience()): Wish {
    // Budgets are among those who are paid.
    const problem = validate(command, true);
    if (problem !== null) throw new Error(`the work is malformed: ${problem.field}`);
    const id =
      command.type === 'define-asset'
        ? command.asset
        : command.type === 'put-definition'
          ? command.key
          : command.id!;
    const owner = homeOwner(command);
    const wish: Wish = {
      command,
      owner,
      id,
      shard: this.#slotMap[slotOf(owner)]!,
      bytes: new Uint8Array(packCommand(command, id)),
      told: [],
      triesLeft: tries,
      isWaiting: false,
    };
    this.wishes.push(wish);
    this.ask(this.wishes.length - 1);
    return wish;
  }

  /** How often a client asks at most: many give up at once. */
  #patience(): number {
    return this.#random.chance(0.5) ? 1 : 2 + this.#random.int(4);
  }

  /** Asks, for the first time or again. */
  ask(index: number): void {
    const wish = this.wishes[index]!;
    wish.triesLeft--;
    wish.isWaiting = true;
    const request = Buffer.concat([grantsOf(wish.command).packed, wish.bytes]);
    this.#travel(() => {
      const shard = this.#shards[wish.shard]!;
      if (shard.isUp) shard.request(request, index);
    });
    const patience = 800 + this.#random.int(3_000);
    this.#queue.after(patience, () => {
      if (!wish.isWaiting || wish.triesLeft <= 0) return;
      this.ask(index);
    });
  }

  /** A shard answers: it counts as told from here on, whether it arrives or not. */
  reply(index: number, told: number): void {
    const wish = this.wishes[index]!;
    wish.told.push(told);
    this.#travel(() => {
      if (told < 128) wish.isWaiting = false;
    });
  }

  #travel(arrive: () => void): void {
    const ms = 1 + this.#random.int(WAY_MS);
    if (this.#random.chance(this.loss)) return;
    this.inFlight++;
    this.#queue.after(ms, () => {
      this.inFlight--;
      arrive();
    });
  }

  /** From here on nothing is lost, and nobody asks again by itself. */
  heal(): void {
    this.loss = 0;
    for (const wish of this.wishes) wish.triesLeft = 0;
  }
}
