// What the load of a cluster asks for: transfers, some with follow-ups, holds and captures, reversals. Owns: commands from a seed, how
// they are asked over HTTP, what accounts have when they are posted. Never touches: answers.

import {
  type CaptureCommand,
  followUpId,
  type HoldCommand,
  homeOwner,
  type Leg,
  type ReverseCommand,
  type TransferCommand,
} from '../../engine/index.js';
import { homed } from '../homed.js';
import type { Random } from '../random.js';

export const ASSETS = ['coin', 'tin'] as const;
const OWNERS = 240;
const FUNDS = 3_000;
const AMOUNT_MAX = 400;
/** What may be captured or reversed is taken from the latest this many. */
const LATEST = 200;

type Named<T> = T & { readonly id: string };
export type Transfer = Named<TransferCommand>;
type Hold = Named<HoldCommand>;
type Capture = Named<CaptureCommand> & { readonly amount: number; readonly releaseRest: boolean };
type Reverse = Named<ReverseCommand>;
/** `isCaused`: a follow-up, which nobody asks for. */
export type Asked = (Transfer & { readonly isCaused?: boolean }) | Hold | Capture | Reverse;

/** Whose id it is. */
export const homeOf = (command: Asked): string =>
  command.type === 'transfer' ? homeOwner(command) : command.owner;

/** How a command is asked for; `decisionMs`: how long the answer may wait for a decision. */
export function requestOf(
  command: Asked,
  decisionMs: number,
): { readonly call: string; readonly body: object } {
  const query = `?timeoutMs=${decisionMs}`;
  switch (command.type) {
    case 'transfer': {
      const { type: _, ...body } = command;
      return { call: `POST /v1/transfers${query}`, body };
    }
    case 'hold': {
      const { type: _, ...body } = command;
      return { call: 'POST /v1/holds', body };
    }
    case 'capture': {
      const { type: _, owner, holdId, ...body } = command;
      return { call: `POST /v1/accounts/${owner}/holds/${holdId}/capture${query}`, body };
    }
    case 'reverse': {
      const { type: _, owner, transferId, ...body } = command;
      return { call: `POST /v1/accounts/${owner}/transfers/${transferId}/reverse${query}`, body };
    }
  }
}

export class Work {
  readonly owners = Array.from({ length: OWNERS }, (_, n) => `user${n}`);
  /** Everything, by id. Ids are unique over all owners. */
  readonly commands = new Map<string, Asked>();
  readonly #placeOf: (owner: string) => number;
  #holds: Hold[] = [];
  #movements: (Transfer | Capture)[] = [];
  #ids = 0;

  /** `placeOf`: the node of an owner. */
  constructor(placeOf: (owner: string) => number) {
    this.#placeOf = placeOf;
  }

  /** Something for everybody. */
  funds(): Asked[] {
    return this.owners.map((to) => {
      const legs = ASSETS.map((asset) => ({ from: '@issue', to, asset, amount: FUNDS }));
      return this.#keep({ type: 'transfer', id: `funds-${to}`, legs });
    });
  }

  next(random: Random): Asked {
    const draw = random.int(100);
    if (draw < 4) return this.#hold(random);
    if (draw < 9 && this.#holds.length > 0) return this.#capture(random);
    if (draw < 14 && this.#movements.length > 0) return this.#reverse(random);
    return this.#transfer(random);
  }

  /** What a posted transfer causes. */
  causedBy(id: string): Asked[] {
    const cause = this.commands.get(id);
    if (cause?.type !== 'transfer') return [];
    return (cause.followUps ?? []).map((one, n) => {
      const followUp = followUpId(homeOf(cause), id, n + 1);
      return this.#keep({ type: 'transfer', id: followUp, ...one, isCaused: true });
    });
  }

  #keep<T extends Asked>(command: T): T {
    this.commands.set(command.id, command);
    return command;
  }

  #id(kind: string): string {
    return `${kind}${this.#ids++}`;
  }

  /** Somebody else, mostly on another node. */
  #elsewhere(random: Random, than: readonly string[]): string {
    for (let tries = 0; ; tries++) {
      const owner = random.pick(this.owners);
      if (than.includes(owner)) continue;
      const place = this.#placeOf(owner);
      const isElsewhere = than.every((other) => this.#placeOf(other) !== place);
      if (isElsewhere || tries > 20 || random.chance(0.1)) return owner;
    }
  }

  /** Mostly between nodes; some with three legs, over three owners on as many nodes as there are. */
  #transfer(random: Random): Asked {
    const first = random.pick(this.owners);
    const second = this.#elsewhere(random, [first]);
    const third = this.#elsewhere(random, [first, second]);
    const leg = (from: string, to: string, most = AMOUNT_MAX): Leg => {
      return { from, to, asset: random.pick(ASSETS), amount: 1 + random.int(most) };
    };
    const legs = [leg(first, second)];
    if (random.chance(0.35)) legs.push(leg(second, third), leg(third, first));
    const command: Transfer = homed({ type: 'transfer', id: this.#id('t'), legs });
    this.#latest(this.#movements, command);
    if (!random.chance(0.08)) return this.#keep(command);
    const followUps = [{ legs: [leg('@issue', second, 40)] }, { legs: [leg(second, third)] }];
    return this.#keep({ ...command, followUps });
  }

  #hold(random: Random): Asked {
    const [owner, asset] = [random.pick(this.owners), random.pick(ASSETS)];
    const amount = 1 + random.int(AMOUNT_MAX);
    const hold: Hold = { type: 'hold', id: this.#id('h'), owner, asset, amount };
    this.#latest(this.#holds, hold);
    return this.#keep(hold);
  }

  #capture(random: Random): Asked {
    const { owner, id: holdId, amount: held } = random.pick(this.#holds);
    const to = this.#elsewhere(random, [owner]);
    const amount = 1 + random.int(held);
    const releaseRest = random.chance(0.5);
    const id = this.#id('c');
    const capture: Capture = { type: 'capture', id, owner, holdId, to, amount, releaseRest };
    this.#latest(this.#movements, capture);
    return this.#keep(capture);
  }

  #reverse(random: Random): Asked {
    const original = random.pick(this.#movements);
    const [owner, transferId] = [homeOf(original), original.id];
    return this.#keep({ type: 'reverse', id: this.#id('r'), owner, transferId });
  }

  #latest<T>(some: T[], one: T): void {
    some.push(one);
    if (some.length > LATEST) some.shift();
  }

  /** What everybody has in all, and what of it is held, where these are posted: both by `owner asset`. */
  model(posted: readonly string[]): {
    readonly totals: ReadonlyMap<string, number>;
    readonly held: ReadonlyMap<string, number>;
  } {
    const totals = new Map<string, number>();
    const held = new Map<string, number>();
    const add = (sums: Map<string, number>, owner: string, asset: string, amount: number): void => {
      const key = `${owner} ${asset}`;
      sums.set(key, (sums.get(key) ?? 0) + amount);
    };
    const move = (command: Asked | undefined, sign: 1 | -1): void => {
      for (const { from, to, asset, amount } of this.#legsOf(command)) {
        add(totals, from, asset, -sign * amount);
        add(totals, to, asset, sign * amount);
      }
    };
    const remaining = new Map<string, number>();
    for (const id of posted) {
      const command = this.commands.get(id);
      if (command?.type === 'reverse') move(this.commands.get(command.transferId), -1);
      else move(command, 1);
      if (command?.type === 'hold') remaining.set(id, (remaining.get(id) ?? 0) + command.amount);
      if (command?.type === 'capture') {
        const taken = command.releaseRest ? Number.POSITIVE_INFINITY : command.amount;
        remaining.set(command.holdId, (remaining.get(command.holdId) ?? 0) - taken);
      }
    }
    for (const [id, amount] of remaining) {
      const hold = this.commands.get(id) as Hold;
      if (amount > 0) add(held, hold.owner, hold.asset, amount);
    }
    return { totals, held };
  }

  #legsOf(command: Asked | undefined): readonly Leg[] {
    if (command?.type === 'transfer') return command.legs;
    if (command?.type !== 'capture') return [];
    const { owner: from, to, amount } = command;
    const { asset } = this.commands.get(command.holdId) as Hold;
    return [{ from, to, asset, amount }];
  }
}
