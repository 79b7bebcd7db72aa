// What callers ask of a ledger in the crash tests. Owns: the mix of commands and reads, and what a caller remembers
// of its answers so that it can capture, release, reverse and repeat. Never touches: the ledger.

import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import {
  type ActCommand,
  type Command,
  isReference,
  type TransferCommand,
} from '../../engine/protocol/commands.js';
import type { Document } from '../../engine/protocol/definition-fields.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { homed } from '../homed.js';
import type { Random } from '../random.js';

/** What can be read; the fields are those of the public API. */
export type Read =
  | { readonly type: 'balance'; readonly owner: string }
  | { readonly type: 'read-transfer'; readonly owner: string; readonly id: string }
  | { readonly type: 'read-hold'; readonly owner: string; readonly holdId: string }
  | {
      readonly type: 'read-record';
      readonly owner: string;
      readonly recordType: string;
      readonly key: string;
    }
  /** What a claim of an offer would be answered, as a dry run. */
  | { readonly type: 'try-claim'; readonly owner: string; readonly offer: string }
  | {
      readonly type: 'entries';
      readonly owner: string;
      readonly asset: string;
      readonly shard?: number;
    };

export type Ask = Command | Read;

const READS: readonly string[] = [
  'balance',
  'read-transfer',
  'read-hold',
  'read-record',
  'try-claim',
  'entries',
] satisfies Read['type'][];

export function isRead(ask: Ask): ask is Read {
  return READS.includes(ask.type);
}

/** One budget for the members of each of two shards: claims are of one shard, whether there are two or one. */
export const BUDGETS = ['#budget:spring', '#budget:west'] as const;
/** What is put into each at first, of gold. */
const BUDGET_POINTS = 1_500;

export interface CrashOffer {
  readonly key: string;
  readonly points: number;
  readonly budget: string;
}

/** All members together ask for more than the budgets have. */
export const OFFERS: readonly CrashOffer[] = BUDGETS.flatMap((budget) =>
  [60, 210].map((points) => ({
    key: `${budget.slice('#budget:'.length)}-${points}`,
    ...{ points, budget },
  })),
);
const OFFERS_OF_SHARD = [0, 1].map((shard) =>
  OFFERS.filter(({ budget }) => slotOf(budget) % 2 === shard),
);
/** Those that a member may claim. */
export const offersFor = (owner: string): readonly CrashOffer[] =>
  OFFERS_OF_SHARD[slotOf(owner) % 2] ?? [];

/** What fills the budgets; asked again and again, it is done once. */
export const FUNDING: readonly TransferCommand[] = BUDGETS.map((to) => ({
  type: 'transfer',
  id: 'fund',
  legs: [{ from: '@issue', to, asset: 'gold', amount: BUDGET_POINTS }],
}));

/** A programme: what is bought earns points, up to a limit a day; days in a row are rewarded; tiers. */
const OF_SHOP = { programme: 'shop', event: 'BUY' } as const;
const PROGRAMME: readonly (readonly [kind: string, key: string, document: Document])[] = [
  ['programme', 'shop', { asset: 'gold', zone: 'Asia/Shanghai' }],
  ['event', 'shop.BUY', { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' }],
  ['tier', 'silver', { programme: 'shop', from: 500, multiplier: 150 }],
  ['rule', 'buy', { ...OF_SHOP, points: 1, per: 2, of: 'amount', limitPoints: 900 }],
  ['task', 'daily', { ...OF_SHOP, steps: [[1, 10]] }],
  ['task', 'much', { ...OF_SHOP, of: 'amount', need: 300, reward: 25 }],
];

/** Points that never expire, without and with lots, and points that are told to expire and do, while the test runs; and what a programme decides by. */
export const ASSETS: readonly Command[] = [
  { type: 'define-asset', asset: 'coin', scale: 0, lotTracked: false },
  { type: 'define-asset', asset: 'gold', scale: 2 },
  {
    type: 'define-asset',
    asset: 'flash',
    scale: 0,
    lotGranularityMs: 1000,
    defaultExpiryMs: 2000,
    expiryNoticeDays: 1,
  },
  ...OFFERS.map(
    ({ key, points, budget }): Command => ({
      type: 'put-definition',
      ...{ kind: 'offer', key, state: 'active' },
      document: {
        ...{ points, asset: 'gold', budget },
        ...(points === 60 ? { audience: 'member.available >= 50' } : {}),
      },
    }),
  ),
  {
    type: 'put-definition',
    ...{ kind: 'correction', key: 'fix', state: 'active' },
    document: { asset: 'gold', mostUp: 400, mostDown: 200, secondFrom: 300 },
  },
  ...PROGRAMME.map(
    ([kind, key, document]): Command => ({
      type: 'put-definition',
      ...{ kind, key, state: 'active', document },
    }),
  ),
];
/** From the first load on the ledger's clock is ahead by so much: what was defined by then decides. */
export const AHEAD_MS = DEFINITION_LEAD_MS + 500;
export const ASSET_CODES = ['coin', 'gold', 'flash'] as const;

/** The users; which shard one lives on is the folder's business. */
export const USERS: readonly string[] = Array.from({ length: 24 }, (_, n) => `user-${n}`);
export const SYSTEM_OWNERS = ['@issue', '@redeem', '@expire', '@fee', '@adjust'] as const;
export const OWNERS: readonly string[] = [...USERS, ...SYSTEM_OWNERS];

/** Open holds, transfers and commands that a caller remembers. */
const REMEMBERED = 40;

/** The id's key: unique for ever. Every command of the load has an id. */
export function keyOf(command: Command): string {
  return `${homeOwner(command)} ${'id' in command ? command.id : ''}`;
}

/** The offer that a command claims; undefined: none. */
export function claimedOffer(command: Command): CrashOffer | undefined {
  if (command.type !== 'act' || command.act !== 'claim') return undefined;
  const { offer } = command.body as unknown as { readonly offer: string };
  return OFFERS.find(({ key }) => key === offer);
}

export const claimOf = (owner: string, offer: string, id?: string): ActCommand => ({
  ...{ type: 'act', id, owner, act: 'claim', body: { offer } as unknown as ActCommand['body'] },
});

/** One caller: asks, is answered, asks again. */
export class Caller {
  readonly #random: Random;
  readonly #name: string;
  readonly #groups: readonly (readonly string[])[];
  readonly #holds: { owner: string; id: string; remaining: number }[] = [];
  /** `points`: of a claim, which may be undone in parts. */
  readonly #bought: { readonly owner: string; readonly id: string }[] = [];
  readonly #transfers: { owner: string; id: string; points?: number | undefined }[] = [];
  readonly #commands: Command[];
  readonly #now: () => number;
  #asked = 0;

  /**
   * `name` makes the ids its own, so no two callers of one folder may share it; `groups` are users who live on one shard
   * each; `earlier` are commands that were asked before, to be repeated now and then; `now`: the ledger's time.
   */
  constructor(
    random: Random,
    name: string,
    groups: readonly (readonly string[])[],
    earlier: readonly Command[] = [],
    now = Date.now,
  ) {
    this.#now = now;
    this.#random = random;
    this.#name = name;
    this.#groups = groups;
    this.#commands = [...earlier];
  }

  next(): Ask {
    const random = this.#random;
    const draw = random.int(100);
    if (draw < 9 && this.#commands.length > 0) return random.pick(this.#commands);
    if (draw < 10 && this.#commands.length > 0) return this.#reused(random.pick(this.#commands));
    if (draw < 24) return this.#read();
    const command = this.#command();
    this.#remember(this.#commands, command);
    return command;
  }

  /** What the answer to a command lets the caller do next. */
  answered(command: Command, outcome: Outcome): void {
    if (!outcome.ok) return;
    const id = outcome.id ?? '';
    if (command.type === 'transfer' || command.type === 'capture' || command.type === 'act') {
      const points = claimedOffer(command)?.points;
      this.#remember(this.#transfers, { owner: homeOwner(command), id, points });
    }
    if (outcome.hold === undefined) return;
    const { owner, id: holdId, remaining } = outcome.hold;
    const known = this.#holds.findIndex((hold) => hold.id === holdId && hold.owner === owner);
    if (known >= 0) this.#holds.splice(known, 1);
    if (remaining > 0) this.#remember(this.#holds, { owner, id: holdId, remaining });
  }

  #remember<T>(list: T[], item: T): void {
    if (list.length >= REMEMBERED) list.splice(this.#random.int(list.length), 1);
    list.push(item);
  }

  /** The same id with something else in it. */
  #reused(command: Command): Command {
    if (isReference(command)) return command;
    const owner = homeOwner(command);
    return {
      type: 'put-record',
      id: command.id,
      owner,
      recordType: 'reused',
      key: 'k',
      value: new Uint8Array(3),
    };
  }

  #user(): string {
    return this.#random.pick(this.#random.pick(this.#groups.filter(({ length }) => length > 0)));
  }

  #newId(): string {
    this.#asked++;
    return `${this.#name}.${this.#asked}`;
  }

  #read(): Read {
    const random = this.#random;
    const owner = random.chance(0.1) ? random.pick(SYSTEM_OWNERS) : this.#user();
    const draw = random.int(10);
    if (draw < 2 && this.#holds.length > 0) {
      const { owner: holder, id } = random.pick(this.#holds);
      return { type: 'read-hold', owner: holder, holdId: id };
    }
    if (draw < 4 && this.#commands.length > 0) {
      const command = random.pick(this.#commands);
      return {
        type: 'read-transfer',
        owner: homeOwner(command),
        id: ('id' in command && command.id) || '-',
      };
    }
    if (draw < 5)
      return { type: 'read-record', owner: this.#user(), recordType: 'note', key: this.#name };
    return { type: 'balance', owner };
  }

  #command(): Command {
    const random = this.#random;
    const draw = random.int(100);
    if (draw < 22) return this.#earn();
    if (draw < 28) return this.#correct();
    if (draw < 34) return this.#claim();
    if (draw < 38) return this.#report();
    if (draw < 44) return this.#spend();
    if (draw < 56) return this.#between();
    if (draw < 68) return this.#hold();
    if (draw < 78) return this.#capture();
    if (draw < 84) return this.#release();
    if (draw < 90) return this.#reverse();
    if (draw < 97) return this.#record();
    return this.#account();
  }

  #earn(): Command {
    const random = this.#random;
    const owner = this.#user();
    const asset = random.pick(ASSET_CODES);
    const amount = 1 + random.int(500);
    const leg = { from: random.chance(0.9) ? '@issue' : '@adjust', to: owner, asset, amount };
    const legs = random.chance(0.2)
      ? [leg, { from: owner, to: '@fee', asset, amount: 1 + random.int(amount) }]
      : [leg];
    const filler = random.chance(0.2) ? { metadata: { note: 'm'.repeat(random.int(900)) } } : {};
    return { type: 'transfer', id: this.#newId(), kind: 'EARN', legs, ...filler };
  }

  /** An act, by a definition: some ask for more than it allows, or for a second person's consent. */
  #correct(): Command {
    const random = this.#random;
    const way = random.chance(0.6) ? 'give' : 'take';
    const amount = random.chance(0.3) ? 310 : 1 + random.int(420);
    const agreed = random.chance(0.5) ? { case: 'complaint' } : {};
    const asked = { correction: 'fix', [way]: amount, ...agreed };
    const body = { ...asked, reason: 'a complaint', operator: random.pick(['amy', 'ben']) };
    return { type: 'act', id: this.#newId(), owner: this.#user(), act: 'adjust', body };
  }

  #claim(): Command {
    const owner = this.#user();
    return claimOf(owner, this.#random.pick(offersFor(owner)).key, this.#newId());
  }

  /** What was bought, or a part of that is given back. */
  #report(): Command {
    const random = this.#random;
    const id = this.#newId();
    if (this.#bought.length > 0 && random.chance(0.3)) {
      const { owner, id: event } = random.pick(this.#bought.slice(-REMEMBERED));
      const part = random.chance(0.5) ? { amount: 1 + random.int(100) } : {};
      return { type: 'act', id, owner, act: 'return-event', body: { event, ...part } };
    }
    const owner = this.#user();
    this.#bought.push({ owner, id });
    const said = { programme: 'shop', type: 'BUY', attributes: { amount: 1 + random.int(200) } };
    const body = said as unknown as ActCommand['body'];
    return { type: 'act', id, owner, act: 'event', body };
  }

  #spend(): Command {
    const asset = this.#random.pick(ASSET_CODES);
    const amount = 1 + this.#random.int(300);
    return {
      type: 'transfer',
      id: this.#newId(),
      kind: 'SPEND',
      legs: [{ from: this.#user(), to: '@redeem', asset, amount }],
    };
  }

  /** A transfer among users of one shard. */
  #between(): Command {
    const random = this.#random;
    const group = random.pick(this.#groups.filter(({ length }) => length > 1));
    const count = 1 + random.int(3);
    const legs = [];
    for (let n = 0; n < count; n++) {
      const from = random.int(group.length);
      const to = (from + 1 + random.int(group.length - 1)) % group.length;
      const asset = random.pick(ASSET_CODES);
      legs.push({
        from: group[from] ?? '',
        to: group[to] ?? '',
        asset,
        amount: 1 + random.int(100),
      });
    }
    const ref = `r-${this.#asked}`;
    return homed({ type: 'transfer', id: this.#newId(), kind: 'GIVE', ref, legs });
  }

  #hold(): Command {
    const random = this.#random;
    const asset = random.pick(ASSET_CODES);
    const deadline = random.chance(0.2) ? { deadline: this.#now() + 200 + random.int(3000) } : {};
    return {
      type: 'hold',
      id: this.#newId(),
      owner: this.#user(),
      asset,
      amount: 1 + random.int(200),
      ...deadline,
    };
  }

  #capture(): Command {
    const random = this.#random;
    if (this.#holds.length === 0) return this.#hold();
    const { owner, id: holdId, remaining } = random.pick(this.#holds);
    const amount = random.chance(0.5) ? {} : { amount: 1 + random.int(remaining) };
    const releaseRest = random.chance(0.3) ? { releaseRest: true } : {};
    return {
      type: 'capture',
      id: this.#newId(),
      owner,
      holdId,
      to: '@redeem',
      ...amount,
      ...releaseRest,
    };
  }

  #release(): Command {
    if (this.#holds.length === 0) return this.#hold();
    const { owner, id: holdId } = this.#random.pick(this.#holds);
    return { type: 'release', id: this.#newId(), owner, holdId };
  }

  #reverse(): Command {
    if (this.#transfers.length === 0) return this.#earn();
    const random = this.#random;
    const claims = this.#transfers.filter((one) => one.points !== undefined);
    const isClaim = claims.length > 0 && random.chance(0.4);
    const { owner, id: transferId, points } = random.pick(isClaim ? claims : this.#transfers);
    const isPart = points !== undefined && random.chance(0.4);
    return {
      type: 'reverse',
      id: this.#newId(),
      owner,
      transferId,
      allowDebt: random.chance(0.5),
      ...(isPart ? { amount: 1 + random.int(points) } : {}),
    };
  }

  /** A caller's records are its own, so that their order is the order in which it asked. */
  #record(): Command {
    const random = this.#random;
    const place = { id: this.#newId(), owner: this.#user(), recordType: 'note', key: this.#name };
    if (random.chance(0.25)) return { type: 'delete-record', ...place };
    return {
      type: 'put-record',
      ...place,
      value: new Uint8Array(random.int(200)).fill(random.int(256)),
    };
  }

  #account(): Command {
    const random = this.#random;
    const account = { id: this.#newId(), owner: this.#user(), asset: random.pick(ASSET_CODES) };
    if (random.chance(0.3))
      return { type: 'set-credit-limit', ...account, creditLimit: random.int(500) };
    return { type: random.chance(0.1) ? 'freeze-account' : 'unfreeze-account', ...account };
  }
}
