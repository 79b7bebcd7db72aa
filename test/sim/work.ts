// What clients ask for in a simulation. Owns: the mix of commands, owners, amounts and expiries of one seed.
// Never touches: shards; whether a command is refused is theirs to say.

import { AMOUNT_MAX } from '../../engine/limits.js';
import type {
  Command,
  DefineAssetCommand,
  FollowUpTransfer,
  Leg,
  TransferCommand,
} from '../../engine/protocol/commands.js';
import { followUpId } from '../../engine/protocol/follow-ups.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Balance } from '../../engine/protocol/outcomes.js';
import { homed } from '../homed.js';
import type { Random } from '../random.js';
import { ActWork } from './act-work.js';
import { BASE_MS } from './outside.js';

/** What the seed's business is like. */
export type Business = 'plain' | 'scarce' | 'huge' | 'crowd';

export const SIM_ASSETS: readonly DefineAssetCommand[] = [
  {
    type: 'define-asset',
    asset: 'gold',
    scale: 0,
    lotGranularityMs: 1_000,
    defaultExpiryMs: 9_000,
    expiryNoticeDays: 1,
  },
  { type: 'define-asset', asset: 'mint', scale: 2, lotGranularityMs: 2_000 },
  { type: 'define-asset', asset: 'coin', scale: 2, lotTracked: false },
];
const CODES = SIM_ASSETS.map(({ asset }) => asset);
const SOURCES = ['@issue', '@adjust', '@clearing:shop'];
const SINKS = ['@redeem', '@fee', '@clearing:shop'];

/** How many payees, holds and transfers count as the latest. */
const RECENT = 8;
/** Owners per shard where pages are split. */
const CROWD = 40;

/** A hold that was asked for. */
interface Held {
  readonly owner: string;
  readonly id: string;
  readonly asset: string;
}

function businessOf(draw: number): Business {
  if (draw === 0) return 'crowd';
  if (draw < 10) return 'plain';
  return draw < 16 ? 'scarce' : 'huge';
}

export class Work {
  readonly business: Business;
  /** Owners by shard. */
  readonly users: readonly (readonly string[])[];
  readonly acts: ActWork;
  readonly #random: Random;
  readonly #everybody: readonly string[];
  readonly #shardOf: ReadonlyMap<string, number>;
  readonly #peek: (owner: string, shard: number) => readonly Balance[];
  readonly #holds: Held[] = [];
  readonly #transfers: { readonly owner: string; readonly id: string }[] = [];
  /** The accounts that were to be paid last. */
  readonly #payees: string[] = [];
  /** Accounts that were to be closed. */
  readonly #closed: { readonly owner: string; readonly asset: string }[] = [];
  #ids = 0;

  /** `peek`: what an owner has at present, so that most of what is asked for can be had. */
  constructor(
    random: Random,
    shards: number,
    slotMap: Uint16Array,
    peek: (owner: string, shard: number) => readonly Balance[],
  ) {
    this.#random = random;
    this.#peek = peek;
    this.business = businessOf(random.int(20));
    const each = { plain: 3, scarce: 2, huge: 2, crowd: CROWD }[this.business];
    const users: string[][] = Array.from({ length: shards }, () => []);
    const shardOf = new Map<string, number>();
    for (let n = 0; users.some((some) => some.length < each); n++) {
      const name = `u${n}`;
      const shard = slotMap[slotOf(name)]!;
      if (users[shard]!.length >= each) continue;
      users[shard]!.push(name);
      shardOf.set(name, shard);
    }
    this.users = users;
    this.#shardOf = shardOf;
    this.#everybody = users.flat();
    const [holds, transfers] = [this.#holds, this.#transfers];
    const [id, user] = [() => this.#id(), () => this.#user()];
    this.acts = new ActWork(random, {
      id,
      user,
      purse: (one) => this.#purse(one),
      holds,
      transfers,
    });
  }

  /** The first commands: some owners get points, a few accounts a limit. `now`: simulated time. */
  opening(now: number): Command[] {
    const random = this.#random;
    const commands: Command[] = this.acts.opening();
    for (const owner of this.#everybody) {
      if (!random.chance(this.business === 'scarce' ? 0.5 : 0.8)) continue;
      const legs: Leg[] = [];
      for (let n = 1 + random.int(3); n > 0; n--) {
        const expiresAt = this.#expiresAt(now);
        const amount = this.#fortune();
        legs.push({ from: '@issue', to: owner, asset: this.#asset(), amount, expiresAt });
      }
      commands.push({ type: 'transfer', id: this.#id(), legs });
    }
    return commands;
  }

  /** The next one. `now`: simulated time. */
  next(now: number): Command {
    return this.#random.chance(0.2) ? this.acts.next(now) : this.movement(now);
  }

  /** One that is no act. */
  movement(now: number): Command {
    const draw = this.#random.int(100);
    if (draw < 60) return this.#transfer(now);
    if (draw < 68) return this.#hold(now);
    if (draw < 77) return this.#capture(now);
    if (draw < 80) return this.#release();
    if (draw < 84) return this.#flag();
    if (draw < 90) return this.#close();
    if (draw < 92) return this.#limit();
    return this.#reverse();
  }

  /** Another body under the same id and home owner, where that can be had. */
  rivalOf(command: Command): Command | undefined {
    if (command.type === 'act') return this.acts.rivalOf(command);
    if (command.type !== 'transfer') return undefined;
    const [first, ...rest] = command.legs;
    const amount = first!.amount === 1 ? 2 : first!.amount - 1;
    return { ...command, legs: [{ ...first!, amount }, ...rest] };
  }

  /** The same once more under another id, at times, where only one of the two can be. */
  twinOf(command: Command): Command | undefined {
    const isOnce = command.type === 'capture' || command.type === 'reverse';
    return isOnce && this.#random.chance(0.3) ? { ...command, id: this.#id() } : undefined;
  }

  #id(): string {
    return `t${++this.#ids}`;
  }

  #user(): string {
    return this.#random.pick(this.#everybody);
  }

  #asset(): string {
    return this.#random.chance(0.6) ? 'gold' : this.#random.pick(CODES);
  }

  /** What an owner begins with. */
  #fortune(): number {
    if (this.business === 'huge') return AMOUNT_MAX - this.#random.int(1_000);
    return this.business === 'scarce' ? 1 + this.#random.int(60) : 100 + this.#random.int(900);
  }

  /** Whose account, and how much of it: mostly what is there, or some of it. */
  #purse(asset?: string): {
    readonly owner: string;
    readonly asset: string;
    readonly amount: number;
  } {
    const random = this.#random;
    let owner = this.#user();
    let rich = this.#richIn(owner, asset);
    for (let tries = 3; tries > 0 && rich.length === 0; tries--) {
      owner = this.#user();
      rich = this.#richIn(owner, asset);
    }
    if (rich.length === 0 || random.chance(0.12))
      return { owner, asset: asset ?? this.#asset(), amount: this.#amount() };
    const { asset: code, available } = random.pick(rich);
    const draw = random.int(10);
    const most = draw < 3 ? available : draw < 7 ? Math.min(available, 150) : this.#amount();
    return { owner, asset: code, amount: draw < 2 ? available : 1 + random.int(most) };
  }

  #richIn(owner: string, asset: string | undefined): readonly Balance[] {
    return this.#peek(owner, this.#shardOf.get(owner)!).filter(
      (balance) => balance.available > 0 && (asset ?? balance.asset) === balance.asset,
    );
  }

  #amount(): number {
    const random = this.#random;
    if (this.business === 'huge' && random.chance(0.5)) {
      return Math.max(1, AMOUNT_MAX - random.int(2_000));
    }
    if (random.chance(0.05)) return 5_000 + random.int(5_000);
    return 1 + random.int(this.business === 'scarce' ? 60 : 120);
  }

  #expiresAt(now: number): number | null | undefined {
    const random = this.#random;
    const draw = random.int(10);
    if (draw < 5) return undefined;
    return draw < 6 ? null : BASE_MS + now + 1 + random.int(20_000);
  }

  #transfer(now: number): Command {
    const random = this.#random;
    const legs: Leg[] = [];
    const isPure = random.chance(0.5);
    const isWide = random.chance(this.business === 'crowd' ? 0.2 : 0.02);
    const count = isWide ? 5 + random.int(12) : 1 + Math.min(random.int(4), random.int(4));
    for (let n = 0; n < count; n++) legs.push(this.#leg(now, isPure, legs[0]?.asset));
    const condition = random.chance(0.12)
      ? { owner: this.#user(), asset: this.#asset(), availableAtLeast: random.int(80) }
      : undefined;
    const followUps = random.chance(0.15) ? this.#followUps(now) : undefined;
    const id = this.#id();
    // Without a draw: which ones they are follows from their numbers.
    const occurredAt = this.#ids % 9 === 0 ? BASE_MS + now - (this.#ids % 7) * 1_000 : undefined;
    const more = { condition, followUps, occurredAt };
    const command = homed<TransferCommand>({ type: 'transfer', id, legs, ...more });
    const owner = homeOwner(command);
    this.#mayReverse(owner, command.id!);
    command.followUps?.forEach((one, n) => {
      const home = homeOwner({ type: 'transfer', ...one });
      this.#mayReverse(home, followUpId(owner, command.id!, n + 1));
    });
    return command;
  }

  #mayReverse(owner: string, id: string): void {
    if (!owner.startsWith('@')) this.#transfers.push({ owner, id });
  }

  /** Mostly bonuses. */
  #followUps(now: number): FollowUpTransfer[] {
    const random = this.#random;
    return Array.from({ length: 1 + random.int(2) }, () => {
      const isBonus = random.chance(0.7);
      const legs = Array.from({ length: 1 + random.int(2) }, () =>
        isBonus
          ? { ...this.#leg(now, true, undefined), from: '@issue' }
          : this.#leg(now, false, undefined),
      );
      return { legs };
    });
  }

  /** `isPure`: from a user to a user, with what it has, and all legs in one asset. */
  #leg(now: number, isPure: boolean, first: string | undefined): Leg {
    const random = this.#random;
    const draw = isPure ? 0 : random.int(20);
    const purse = this.#purse(isPure ? first : undefined);
    const from = draw < 15 ? purse.owner : random.pick(SOURCES);
    let to = draw < 12 || draw >= 15 ? this.#user() : random.pick(SINKS);
    if (draw === 19) to = '@redeem';
    while (to === from) to = this.#user();
    this.#payees.push(`${to} ${purse.asset}`);
    if (this.#payees.length > RECENT) this.#payees.shift();
    const expiresAt = isPure ? undefined : this.#expiresAt(now);
    return { from, to, asset: purse.asset, amount: purse.amount, expiresAt };
  }

  #hold(now: number): Command {
    const random = this.#random;
    const id = this.#id();
    const { owner, asset, amount } = this.#purse();
    this.#holds.push({ owner, id, asset });
    const deadline = random.chance(0.5) ? BASE_MS + now + 500 + random.int(10_000) : undefined;
    return { type: 'hold', id, owner, asset, amount, deadline };
  }

  #held(): Held {
    if (this.#holds.length === 0) return { owner: this.#user(), id: 'none', asset: this.#asset() };
    const isRecent = this.#random.chance(0.7);
    return this.#random.pick(isRecent ? this.#holds.slice(-RECENT) : this.#holds);
  }

  #capture(now: number): Command {
    const random = this.#random;
    const { owner, id: holdId, asset } = this.#held();
    let to = random.chance(0.25) ? '@redeem' : this.#user();
    const closed = this.#closed.filter((one) => one.asset === asset);
    if (closed.length > 0 && random.chance(0.25)) to = random.pick(closed).owner;
    while (to === owner) to = this.#user();
    const id = this.#id();
    this.#mayReverse(owner, id);
    return {
      type: 'capture',
      id,
      owner,
      holdId,
      to,
      amount: random.chance(0.5) ? undefined : 1 + random.int(30),
      releaseRest: random.chance(0.3),
      expiresAt: this.#expiresAt(now),
    };
  }

  #release(): Command {
    const { owner, id: holdId } = this.#held();
    return { type: 'release', id: this.#id(), owner, holdId };
  }

  #flag(): Command {
    const draw = this.#random.int(10);
    const type = draw < 4 ? 'freeze-account' : draw < 9 ? 'unfreeze-account' : 'open-account';
    return { type, id: this.#id(), owner: this.#user(), asset: this.#asset() };
  }

  /** Mostly of an account with nothing in it: something may be on its way there. */
  #close(): Command {
    const random = this.#random;
    const empty = this.#everybody.flatMap((owner) =>
      this.#peek(owner, this.#shardOf.get(owner)!).filter(
        ({ available, held, closed }) => available === 0 && held === 0 && !closed,
      ),
    );
    const paid = empty.filter(({ owner, asset }) => this.#payees.includes(`${owner} ${asset}`));
    const some = paid.length > 0 ? paid : empty;
    const isSure = some.length > 0 && random.chance(0.8);
    const { owner, asset } = isSure
      ? random.pick(some)
      : { owner: this.#user(), asset: random.pick(CODES) };
    this.#closed.push({ owner, asset });
    return { type: 'close-account', id: this.#id(), owner, asset };
  }

  #limit(): Command {
    const creditLimit = this.#random.chance(0.3) ? 0 : this.#random.int(200);
    const owner = this.#user();
    return { type: 'set-credit-limit', id: this.#id(), owner, asset: this.#asset(), creditLimit };
  }

  #reverse(): Command {
    const all = this.#transfers;
    const some = this.#random.chance(0.5) ? all.slice(-RECENT) : all;
    const known = some.length === 0 ? undefined : this.#random.pick(some);
    const owner = known?.owner ?? this.#user();
    const allowDebt = this.#random.chance(0.3);
    const part = this.#random.chance(0.4) ? { amount: 1 + this.#random.int(20) } : {};
    const what = { owner, transferId: known?.id ?? 'none', allowDebt, ...part };
    return { type: 'reverse', id: this.#id(), ...what };
  }
}
