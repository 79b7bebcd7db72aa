// Which acts clients ask for in a simulation, and the definitions that decide them. Owns: the mix. Never touches: shards.

import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import type { Act } from '../../engine/programme/act.js';
import { ACTS } from '../../engine/programme/index.js';
import type {
  ActCommand,
  PutDefinitionCommand,
  TransferCommand,
} from '../../engine/protocol/commands.js';
import { everything, type Wish } from '../programme/everything.js';
import type { Random } from '../random.js';
import { EventWork } from './event-work.js';
import { BASE_MS } from './outside.js';

/** The acts of this release, and one that does whatever a plan can. */
export const SIM_ACTS: ReadonlyMap<string, Act> = new Map([...ACTS, [everything.name, everything]]);

/** The first definitions decide from here on. */
export const QUIET_MS = DEFINITION_LEAD_MS + 600;

const DAY_MS = 86_400_000;
/** In which budget there are which points. */
const BUDGETS = [
  ['#budget:spring', 'gold'],
  ['#budget:autumn', 'mint'],
] as const;
const OFFERS = ['spring', 'autumn'];
/** From this on a correction takes two. */
export const TWO_FROM = 30;
/** Who corrects balances: each has a credential of their own. */
const OPERATORS = ['amy', 'ben'];
/** Most of a counter in one window. */
const MOST = 3;

/** What commands are made of, and what may be undone, captured, released. */
export interface Means {
  id(): string;
  user(): string;
  purse(asset?: string): {
    readonly owner: string;
    readonly asset: string;
    readonly amount: number;
  };
  readonly holds: { readonly owner: string; readonly id: string; readonly asset: string }[];
  readonly transfers: { readonly owner: string; readonly id: string }[];
}

type Leg = Wish['legs'][number];

export class ActWork {
  readonly #random: Random;
  readonly #means: Means;
  readonly #events: EventWork;
  /** A large correction that was asked for: perhaps another one agrees. */
  #proposed: { readonly owner: string; readonly body: object } | undefined;

  constructor(random: Random, means: Means) {
    this.#random = random;
    this.#means = means;
    this.#events = new EventWork(random, means);
  }

  /** What a programme decides by, and when it is said: the first of each at once. */
  definitions(spanMs: number): (readonly [at: number, command: PutDefinitionCommand])[] {
    const random = this.#random;
    const first = [
      ...OFFERS.map((key) => this.#offer(key)),
      this.#correction(),
      ...this.#events.definitions(),
    ];
    const later = Array.from({ length: random.int(8) }, () => {
      const draw = random.int(12);
      const key = random.pick(OFFERS);
      const retired = { type: 'put-definition', kind: 'offer', key, state: 'retired' } as const;
      const made = draw < 6 ? this.#offer(key) : draw < 8 ? this.#correction() : undefined;
      const command = draw === 0 ? retired : (made ?? this.#events.change());
      return [1_000 + random.int(QUIET_MS + spanMs), command] as const;
    });
    return [...first.map((command) => [400, command] as const), ...later];
  }

  /** The first commands: budgets get points. */
  opening(): TransferCommand[] {
    return BUDGETS.map(([to, asset]) => {
      const legs = [{ from: '@issue', to, asset, amount: 20 + this.#random.int(100) }];
      return { type: 'transfer', id: this.#means.id(), legs };
    });
  }

  #offer(key: string): PutDefinitionCommand {
    const random = this.#random;
    const [budget, asset] = BUDGETS[random.chance(0.7) ? OFFERS.indexOf(key) : random.int(2)]!;
    const audience = random.chance(0.3) ? { audience: 'member.earned >= 30' } : {};
    const document = { points: 1 + random.int(20), asset, budget, ...audience };
    return { type: 'put-definition', kind: 'offer', key, state: 'active', document };
  }

  #correction(): PutDefinitionCommand {
    const mostUp = 20 + this.#random.int(50);
    const document = { asset: 'gold', mostUp, mostDown: 25 + TWO_FROM, secondFrom: TWO_FROM };
    return { type: 'put-definition', kind: 'correction', key: 'fix', state: 'active', document };
  }

  /** `now`: simulated time. */
  next(now: number): ActCommand {
    if (this.#random.chance(0.4)) return this.#events.next(now);
    const draw = this.#random.int(10);
    if (draw < 2) return this.#claim();
    return draw < (this.#proposed === undefined ? 3 : 6) ? this.#adjust() : this.#anything(now);
  }

  #act(owner: string, act: string, body: object): ActCommand {
    const id = this.#means.id();
    return { type: 'act', id, owner, act, body: body as ActCommand['body'] };
  }

  #remembered(command: ActCommand): ActCommand {
    this.#means.transfers.push({ owner: command.owner, id: command.id! });
    return command;
  }

  #claim(): ActCommand {
    const body = { offer: this.#random.pick(OFFERS) };
    return this.#remembered(this.#act(this.#means.user(), 'claim', body));
  }

  #adjust(): ActCommand {
    const random = this.#random;
    const operator = random.pick(OPERATORS);
    const asked = { correction: 'fix', reason: 'because', operator };
    const proposed = this.#proposed;
    if (proposed !== undefined && random.chance(0.8)) {
      if (random.chance(0.5)) this.#proposed = undefined;
      return this.#remembered(this.#act(proposed.owner, 'adjust', { ...asked, ...proposed.body }));
    }
    const isLarge = random.chance(0.6);
    const amount = isLarge ? TWO_FROM : 1 + random.int(40);
    const way = random.chance(0.5) ? { give: amount } : { take: amount };
    const owner = this.#means.user();
    const agreed = random.chance(0.8) ? { case: `c${random.int(3)}` } : {};
    if (isLarge) this.#proposed = { owner, body: { ...way, ...agreed } };
    return this.#remembered(this.#act(owner, 'adjust', { ...asked, ...way, ...agreed }));
  }

  /** Another body under the same id. */
  rivalOf(command: ActCommand): ActCommand {
    return { ...command, act: 'claim', body: { offer: 'none' } };
  }

  #anything(now: number): ActCommand {
    const random = this.#random;
    const purse = this.#means.purse();
    const { owner } = purse;
    const own = this.#means.holds.filter((one) => one.owner === owner);
    const past = this.#means.transfers.filter((one) => one.owner === owner);
    const counters = random.chance(0.5) ? [this.#counted()] : [];
    const length = random.int(3);
    const records = Array.from({ length }, () => {
      const value = random.chance(0.2) ? null : random.int(100);
      return [random.pick(['a', 'b', 'c']), value] as const;
    });
    if (past.length > 0 && random.chance(0.15)) {
      const parts = random.chance(0.5) ? { parts: [1 + random.int(20)] } : {};
      const reversal = { id: random.pick(past.slice(-4)).id, ...parts };
      return this.#wish(owner, { legs: [], records, counters, reversal });
    }
    // The latest are most likely to be open.
    const isHeld = own.length > 0 && random.chance(0.6);
    const held = isHeld ? random.pick(own.slice(-2)) : undefined;
    const asset = held?.asset ?? purse.asset;
    const part = Math.max(1, Math.floor(purse.amount / 2));
    const legs = Array.from({ length: random.int(3) }, () => this.#leg(now, owner, asset, part));
    const hold = random.chance(0.3) ? { hold: 1 + random.int(part) } : {};
    const until = BASE_MS + Math.ceil((now + 500 + random.int(10_000)) / 1_000) * 1_000;
    const deadline = random.chance(0.5) ? { until } : {};
    const more = { ...hold, ...deadline, records, counters, asset };
    return this.#wish(owner, { ...more, ...this.#taken(owner, held?.id, legs) });
  }

  /** What is captured and released of a hold, beside other legs. */
  #taken(
    owner: string,
    holdId: string | undefined,
    legs: readonly Leg[],
  ): Pick<Wish, 'legs' | 'releases'> {
    const random = this.#random;
    if (holdId === undefined) return { legs };
    const releases = random.chance(0.5) ? { releases: [holdId] } : {};
    const count = 'releases' in releases ? random.int(3) : 1 + random.int(2);
    const captures = Array.from({ length: count }, () => {
      const to = random.chance(0.3) ? '@redeem' : this.#other(owner);
      return { from: owner, to, amount: 1 + random.int(20), holdId };
    });
    return { legs: random.chance(0.5) ? captures : [...captures, ...legs], ...releases };
  }

  #leg(now: number, owner: string, asset: string, amount: number): Leg {
    const random = this.#random;
    const [budget] = BUDGETS.find(([, code]) => code === asset) ?? [];
    const draw = random.int(8);
    const [optional, most] = random.chance(0.6) ? [{ optional: true }, 80] : [{}, 20];
    if (draw < 2 && budget !== undefined)
      return { from: budget, to: owner, amount: 1 + random.int(most), ...optional };
    const expiresAt = random.chance(0.3)
      ? { expiresAt: BASE_MS + now + 1 + random.int(20_000) }
      : {};
    if (draw < 3) return { from: '@issue', to: owner, amount: 1 + random.int(50), ...expiresAt };
    if (draw < 4 && budget !== undefined) return { from: owner, to: budget, amount };
    const other = this.#other(owner);
    if (draw < 5) return { from: other, to: owner, amount: 1 + random.int(20) };
    if (draw < 6) return { from: owner, to: '@redeem', amount };
    return { from: owner, to: other, amount, ...expiresAt };
  }

  #other(than: string): string {
    let other = this.#means.user();
    while (other === than) other = this.#means.user();
    return other;
  }

  #counted(): Wish['counters'][number] {
    const random = this.#random;
    const from = BASE_MS + (random.chance(0.8) ? 0 : DAY_MS);
    return [random.pick(['x', 'y']), from, 1 + random.int(2), MOST];
  }

  #wish(owner: string, wish: Wish): ActCommand {
    const command = this.#act(owner, everything.name, { wish: JSON.stringify(wish) });
    const { hold, asset = '' } = wish;
    if (hold !== undefined) this.#means.holds.push({ owner, id: command.id!, asset });
    return wish.legs.length > 0 ? this.#remembered(command) : command;
  }
}
