// What the clients of a history ask for. Owns: commands, from a seed. Never touches: sockets, answers.
//   Amounts are drawn from a wide range, so that a sum of reserves tells which ones they are. A client has at most one
//   open transfer between shards from one account in a batch, so that few are open on one account at a time.

import type { Leg } from '../../engine/index.js';
import { homed } from '../homed.js';
import type { Random } from '../random.js';
import { type Act, type Asked, chainOf, type Event, movedBy, type Undoable } from './operations.js';
import { CORRECTION, FUNDS, OFFERS, SHOP } from './programme.js';

export const ASSETS = ['gold', 'tin'] as const;
const AMOUNT_MAX = 350_000;
const OWNERS = 96;
/** Those that take part in most of it. */
const HOT = 12;

/** Those who are referred, most of them more than once. */
const NEWCOMERS = 24;
/** Those who have a code with which others are referred. */
const CODES = [...'ABCDEFGHJKLM'].map((letter) => `CDE22${letter}`);

export class Workload {
  readonly owners = Array.from({ length: OWNERS }, (_, n) => `user${n}`);
  readonly #shardOf: (owner: string) => number;

  constructor(shardOf: (owner: string) => number) {
    this.#shardOf = shardOf;
  }

  owner(random: Random): string {
    return this.owners[random.chance(0.5) ? random.int(HOT) : random.int(OWNERS)] as string;
  }

  /** Somebody else; `near`: on the same shard. */
  #other(random: Random, than: string, near: boolean | undefined): string {
    const shard = this.#shardOf(than);
    for (;;) {
      const other = this.owner(random);
      if (other === than) continue;
      if (near === undefined || (this.#shardOf(other) === shard) === near) return other;
    }
  }

  /** A transfer of 1 to 4 legs, some with a condition, some to and from system owners. */
  transfer(random: Random, id: string): Asked {
    const home = this.owner(random);
    const near = random.chance(0.55) ? true : random.chance(0.8) ? false : undefined;
    const legs: Leg[] = [];
    const wanted = random.chance(0.6) ? 1 : 2 + random.int(3);
    let from = home;
    for (let n = 0; n < wanted; n++) {
      const asset = random.pick(ASSETS);
      const amount = 1 + random.int(random.chance(0.9) ? AMOUNT_MAX / 8 : AMOUNT_MAX * 4);
      const to = this.#other(random, from, near);
      if (random.chance(0.06)) legs.push({ from: '@issue', to: from, asset, amount });
      else if (random.chance(0.04)) legs.push({ from, to: '@redeem', asset, amount });
      else legs.push({ from, to, asset, amount });
      if (random.chance(0.5)) from = to;
    }
    if (!random.chance(0.1)) return homed({ type: 'transfer', id, legs });
    const owner = random.chance(0.5) ? home : this.#other(random, home, near);
    const availableAtLeast = random.int(FUNDS);
    const condition = { owner, asset: random.pick(ASSETS), availableAtLeast };
    return homed({ type: 'transfer', id, legs, condition });
  }

  /** Transfers for one request. */
  batch(random: Random, ids: readonly string[]): Asked[] {
    const paying = new Set<string>();
    return ids.map((id) => {
      for (;;) {
        const command = this.transfer(random, id);
        if (chainOf(command, this.#shardOf).length === 1 || command.type !== 'transfer')
          return command;
        const payers = command.legs.map(({ from, asset }) => `${from} ${asset}`);
        if (payers.some((payer) => paying.has(payer))) continue;
        for (const payer of payers) paying.add(payer);
        return command;
      }
    });
  }

  /** Codes, by whose they are. */
  get codes(): readonly (readonly [owner: string, code: string])[] {
    return CODES.map((code, n) => [this.owners[n] as string, code]);
  }

  /**
   * Acts of one kind for one request: claims, of which many are claimed already, corrections, of which some go too far; events, gifts and
   * referrals, some beyond what there may be of them; returns, of more than is left at times.
   */
  acts(random: Random, ids: readonly string[], bought: readonly Event[]): Act[] {
    const draw = random.int(100);
    return ids.map((id) => {
      const owner = this.owner(random);
      const what = { type: 'act', id, owner } as const;
      if (draw < 45) return { ...what, act: 'claim', offer: random.pick(OFFERS) };
      if (draw >= 57) return this.#ofProgramme(random, { ...what, of: SHOP }, draw, bought);
      const most = CORRECTION.mostUp + 2_000;
      const amount =
        (1 + random.int(random.chance(0.5) ? most : most / 3)) * (random.chance(0.5) ? 1 : -1);
      return { ...what, act: 'adjust', correction: CORRECTION, amount };
    });
  }

  #ofProgramme(
    random: Random,
    what: Omit<Event, 'act' | 'amount'>,
    draw: number,
    bought: readonly Event[],
  ): Act {
    const { id, owner } = what;
    if (draw < 67) {
      const to = this.#other(random, owner, random.chance(0.5) ? true : undefined);
      const most = what.of.gift.mostEach + 12_000;
      return { ...what, act: 'gift', to, amount: 1 + random.int(most) };
    }
    if (draw < 75) {
      const [by, code] = random.pick(this.codes);
      const newcomer = this.owners[HOT + random.int(NEWCOMERS)] as string;
      return { ...what, act: 'refer', owner: random.chance(0.05) ? by : newcomer, code, by };
    }
    if (draw >= 88 && bought.length > 0) {
      const event = random.pick(bought);
      const { amount: all = 0 } = event;
      const amount = 1 + random.int(random.chance(0.4) ? all * 3 : all / 2);
      return { type: 'act', act: 'return-event', id, owner: event.owner, event, amount };
    }
    const amount = random.chance(0.6) ? { amount: 2 + random.int(AMOUNT_MAX / 8) } : {};
    return { ...what, act: 'event', ...amount };
  }

  /** The undo of an act, of all or a part of it. */
  undo(random: Random, id: string, original: Undoable): Asked {
    const { owner } = original;
    const amount = random.chance(0.4) ? { amount: 1 + random.int(movedBy(original)) } : {};
    return { type: 'reverse', id, owner, original, ...amount };
  }

  hold(random: Random, id: string): Extract<Asked, { type: 'hold' }> {
    const amount = 1 + random.int(AMOUNT_MAX / 4);
    return { type: 'hold', id, owner: this.owner(random), asset: random.pick(ASSETS), amount };
  }

  /** A capture (of a part at times) or release of a hold. */
  after(random: Random, id: string, hold: Extract<Asked, { type: 'hold' }>): Asked {
    const { owner, asset, id: holdId } = hold;
    if (random.chance(0.4)) return { type: 'release', id, owner, asset, holdId };
    const amount = random.chance(0.1) ? hold.amount + 1 : 1 + random.int(hold.amount);
    const releaseRest = random.chance(0.5);
    const near = random.chance(0.4) ? true : undefined;
    const to = random.chance(0.15) ? '@redeem' : this.#other(random, owner, near);
    return { type: 'capture', id, owner, asset, holdId, to, amount, releaseRest };
  }
}
