// Folders for the audit's tests: everything a ledger has, in as little as possible. Owns: what is in them.
// Never touches: what is tested.

import { setTimeout } from 'node:timers/promises';
import { DAY_MS } from '../../engine/limits.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { Actor } from '../../engine/shard/actor.js';
import { openFolder } from '../../engine/store/folder.js';
import { NO_BUS } from '../one-shard.js';
import type { Random } from '../random.js';

const TICK_MS = 10;
const USERS = Array.from({ length: 40 }, (_, n) => `user-${n}`);

export interface Shape {
  /** Batches, each a block or more. */
  readonly batches: number;
  readonly commandsPerBatch: number;
  /** After which batches a checkpoint is written, beside the one at the end. */
  readonly checkpoints: readonly number[];
}

export const SMALL: Shape = { batches: 40, commandsPerBatch: 10, checkpoints: [12, 26] };

/** Opens the one shard of a folder. */
export async function openActor(
  folder: string,
  offset?: SharedArrayBuffer,
  tickMs = 3_600_000,
): Promise<Actor> {
  const { slotMap } = openFolder(folder, { create: false, lock: false });
  return Actor.open({
    folder,
    shard: 0,
    slotMap,
    bus: NO_BUS,
    cacheBytes: 16 * 1024 * 1024,
    checkpointBytes: 1024 * 1024 * 1024,
    tickMs,
    acceptClock: true,
    clockOffset: offset,
    emit: (event) => {
      if (event.type === 'fatal') throw new Error(event.message);
    },
  });
}

/** Makes a cleanly stopped folder of one shard. */
export async function makeFolder(path: string, random: Random, shape = SMALL): Promise<void> {
  const offset = new SharedArrayBuffer(8);
  const clock = new Float64Array(offset);
  clock[0] = 1_767_225_600_000 - Date.now();
  openFolder(path, { shards: 1, create: true, lock: false });
  const actor = await openActor(path, offset, TICK_MS);
  const work = new Work(random);
  await submit(actor, work.opening());
  for (let batch = 0; batch < shape.batches; batch++) {
    const now = Date.now() + (clock[0] as number);
    await submit(
      actor,
      Array.from({ length: shape.commandsPerBatch }, () => work.command(now)),
    );
    if (shape.checkpoints.includes(batch)) await actor.checkpointNow();
    // What is due meanwhile is sometimes found by a tick, otherwise by the next command.
    if (batch % 5 === 4) await setTimeout(2 * TICK_MS);
    clock[0] = (clock[0] as number) + random.int(DAY_MS / 2);
    actor.acceptClock();
  }
  await actor.close();
}

/** Carries out commands as one batch. */
export async function submit(actor: Actor, commands: readonly Command[]): Promise<void> {
  const packed = commands.map((command) =>
    Uint8Array.from(packCommand(command, 'id' in command ? command.id : undefined)),
  );
  await actor.submit(Buffer.concat(packed), packed.length);
}

/** Commands that mostly succeed, of every kind. */
export class Work {
  readonly #random: Random;
  readonly #prefix: string;
  #id = 0;
  readonly #transfers: [string, string][] = [];
  readonly #holds: [string, string][] = [];
  readonly #pending: [string, string][] = [];

  constructor(random: Random, prefix = 'id') {
    this.#random = random;
    this.#prefix = prefix;
  }

  opening(): Command[] {
    return [
      {
        ...{ type: 'define-asset', asset: 'gold', scale: 0 },
        ...{ defaultExpiryMs: 5 * DAY_MS, expiryNoticeDays: 3 },
      },
      { type: 'define-asset', asset: 'coin', scale: 2, lotTracked: false },
      { type: 'set-credit-limit', id: 'limit', owner: 'user-1', asset: 'coin', creditLimit: 500 },
      { type: 'open-account', id: 'open', owner: 'user-1', asset: 'coin' },
    ];
  }

  command(now: number): Command {
    const draw = this.#random.int(100);
    if (draw < 30) return this.#earn(now);
    if (draw < 50) return this.#move();
    if (draw < 62) return this.#hold(now);
    if (draw < 70) return this.#capture();
    if (draw < 74) return this.#release();
    if (draw < 80) return this.#reverse();
    if (draw < 90) return this.#record(now);
    if (draw < 93)
      return { type: 'freeze-account', id: this.#next(), owner: this.#user(), asset: 'gold' };
    if (draw < 97)
      return { type: 'unfreeze-account', id: this.#next(), owner: this.#user(), asset: 'gold' };
    return { type: 'close-account', id: this.#next(), owner: this.#user(), asset: 'coin' };
  }

  #next(): string {
    return `${this.#prefix}-${++this.#id}`;
  }

  #user(): string {
    return this.#random.pick(USERS);
  }

  #asset(): string {
    return this.#random.chance(0.7) ? 'gold' : 'coin';
  }

  #earn(now: number): Command {
    const to = this.#user();
    const id = this.#next();
    this.#transfers.push([to, id]);
    const expiresAt = this.#random.chance(0.5)
      ? now + (1 + this.#random.int(9)) * DAY_MS
      : undefined;
    const leg = {
      from: '@issue',
      to,
      asset: this.#asset(),
      amount: 1 + this.#random.int(900),
      expiresAt,
    };
    const pendingUntil = this.#pendingUntil(to, id, now);
    return { type: 'transfer', id, kind: 'ORDER', ref: `ref-${id}`, legs: [leg], pendingUntil };
  }

  /** Some earnings are pending, half of them until they are confirmed. */
  #pendingUntil(to: string, id: string, now: number): number | null | undefined {
    if (this.#id % 4 !== 0) return undefined;
    this.#pending.push([to, id]);
    return this.#id % 8 === 0 ? null : now + 4 * DAY_MS;
  }

  #confirm([owner, transferId]: [string, string]): Command {
    return { type: 'confirm-pending', id: this.#next(), owner, transferId };
  }

  #move(): Command {
    const [from, to, id] = [this.#user(), this.#user(), this.#next()];
    this.#transfers.push([from, id]);
    const asset = this.#asset();
    const amount = 1 + this.#random.int(60);
    const second = { from, to: '@fee', asset, amount: 1 };
    const first = { from, to: to === from ? '@redeem' : to, asset, amount };
    return { type: 'transfer', id, memo: 'thanks', metadata: { n: amount }, legs: [first, second] };
  }

  #hold(now: number): Command {
    const [owner, id] = [this.#user(), this.#next()];
    this.#holds.push([owner, id]);
    const deadline = this.#random.chance(0.6) ? now + 1 + this.#random.int(3 * DAY_MS) : undefined;
    return {
      type: 'hold',
      id,
      owner,
      asset: this.#asset(),
      amount: 1 + this.#random.int(60),
      deadline,
    };
  }

  #capture(): Command {
    const [owner, holdId] =
      this.#holds.length > 0 ? this.#random.pick(this.#holds) : ['user-0', 'none'];
    const amount = this.#random.chance(0.5) ? 1 + this.#random.int(20) : undefined;
    return {
      type: 'capture',
      id: this.#next(),
      owner,
      holdId,
      to: '@redeem',
      amount,
      releaseRest: this.#random.chance(0.3),
    };
  }

  #release(): Command {
    const [owner, holdId] =
      this.#holds.length > 0 ? this.#random.pick(this.#holds) : ['user-0', 'none'];
    const pending = this.#id % 2 === 0 ? this.#pending.pop() : undefined;
    if (pending !== undefined) return this.#confirm(pending);
    return { type: 'release', id: this.#next(), owner, holdId };
  }

  #reverse(): Command {
    const [owner, transferId] =
      this.#transfers.length > 0 ? this.#random.pick(this.#transfers) : ['user-0', 'none'];
    return {
      type: 'reverse',
      id: this.#next(),
      owner,
      transferId,
      allowDebt: this.#random.chance(0.5),
    };
  }

  #record(now: number): Command {
    const place = { owner: this.#user(), recordType: 'streak', key: `k${this.#random.int(3)}` };
    if (this.#random.chance(0.15)) return { type: 'delete-record', id: this.#next(), ...place };
    const value = Uint8Array.from({ length: this.#random.int(40) }, () => this.#random.int(256));
    const expiresAt = this.#random.chance(0.4) ? now + 1 + this.#random.int(4 * DAY_MS) : undefined;
    return { type: 'put-record', id: this.#next(), ...place, value, expiresAt };
  }
}
