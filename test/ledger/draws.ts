// What random commands are made of: names, amounts, times, and things the model knows to be there.
// Owns: one seed's choices. Never touches: the ledger that is tested.

import { AMOUNT_MAX, BACKDATE_MAX_MS, DAY_MS, NEVER } from '../../engine/limits.js';
import type { Command, DefineAssetCommand } from '../../engine/protocol/commands.js';
import { ZoneData } from '../../engine/reference/zones.js';
import type { Random } from '../random.js';
import { homeOwner, type Model } from './model.js';
import type { ModelAccount } from './model-account.js';

const HOUR_MS = 3_600_000;
const USERS = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
export const SOURCES = ['@issue', '@adjust', '@clearing:shop', '@expire'];
export const SINKS = ['@redeem', '@fee', '@clearing:shop', '@expire'];
const CROWD = Array.from({ length: 80 }, (_, n) => `u${n}`);
/** Days of a zone, as a definition has them. */
export function daysOf(zone: string): Pick<DefineAssetCommand, 'zone' | 'zoneOffsets'> {
  return { zone, zoneOffsets: CLOCKS.offsetsOf(zone) };
}
const CLOCKS = new ZoneData();
const KINDS = ['ORDER', 'SIGN', 'GIFT'];
export const ASSETS: readonly DefineAssetCommand[] = [
  {
    type: 'define-asset',
    asset: 'gold',
    scale: 0,
    defaultExpiryMs: 30 * DAY_MS,
    expiryNoticeDays: 10,
  },
  { type: 'define-asset', asset: 'mint', scale: 2, lotGranularityMs: HOUR_MS },
  { type: 'define-asset', asset: 'coin', scale: 2, lotTracked: false },
  {
    type: 'define-asset',
    asset: 'tea',
    scale: 0,
    expiresAfter: 'P1M',
    expiryNoticeDays: 2,
    ...daysOf('Asia/Shanghai'),
  },
];
export const CODES = ASSETS.map(({ asset }) => asset);

/** What a sequence is like. */
export type Profile = 'plain' | 'huge' | 'lots' | 'holds' | 'records' | 'crowd';

function profileOf(seed: number): Profile {
  if (seed % 500 === 100) return 'records';
  if (seed % 50 === 25) return 'holds';
  if (seed % 20 === 3) return 'lots';
  if (seed % 20 === 8) return 'crowd';
  return seed % 5 === 4 ? 'huge' : 'plain';
}

export class Draws {
  readonly profile: Profile;
  readonly random: Random;
  readonly model: Model;
  readonly users: readonly string[];
  time: number;
  #ids = 0;

  constructor(seed: number, random: Random, model: Model) {
    this.profile = profileOf(seed);
    this.random = random;
    this.model = model;
    this.time = 1_767_225_600_000 + random.int(400 * DAY_MS);
    this.users = this.profile === 'crowd' ? [...USERS, ...CROWD] : USERS;
  }

  passTime(): void {
    const draw = this.random.int(100);
    if (draw < 35) return;
    if (draw < 40) this.time = this.nextDue();
    else if (draw < 60) this.time += 1 + this.random.int(1_000);
    else if (draw < 78) this.time += 1 + this.random.int(2 * HOUR_MS);
    else if (draw < 93) this.time += 1 + this.random.int(2 * DAY_MS);
    else if (draw < 99) this.time += 1 + this.random.int(20 * DAY_MS);
    else this.time += 1 + this.random.int(120 * DAY_MS);
  }

  /** The moment at which something is due, or just before it. */
  nextDue(): number {
    const { holds, records } = this.model.books;
    const owner = this.user();
    const times = [
      ...[...(holds.get(owner)?.values() ?? [])].map(({ deadline }) => deadline ?? NEVER),
      ...[...(records.get(owner)?.values() ?? [])].map(({ expiresAt }) => expiresAt ?? NEVER),
      ...this.model.books.accountsOf(owner).flatMap(({ lots }) => [...lots.keys()]),
    ];
    const soon = times.filter((time) => time > this.time && time < this.time + 90 * DAY_MS);
    return soon.length === 0 ? this.time : this.random.pick(soon) - this.random.int(2);
  }

  /** A lot of an account, mostly one with points in it. */
  lot(): { owner: string; asset: string; expiry: number; available: number } | undefined {
    const some = this.accounts(({ lots }) => lots.size > 0);
    if (some.length === 0) return undefined;
    const { owner, asset, lots } = this.random.pick(some);
    const [expiry, { available }] = this.random.pick([...lots]);
    return { owner, asset: asset.asset, expiry, available };
  }

  /** A time to come, near or far. */
  span(): number {
    const scale = this.random.pick([1_000, HOUR_MS, DAY_MS, 3 * DAY_MS, 10 * DAY_MS, 60 * DAY_MS]);
    return 1 + this.random.int(scale);
  }

  future(): number {
    return this.random.chance(0.02) ? this.time - this.random.int(2) : this.time + this.span();
  }

  /** Of some transfers, most of them within the sequence. */
  occurredAt(): number | undefined {
    if (!this.random.chance(0.15)) return undefined;
    if (this.random.chance(0.05)) return this.time + 1;
    if (this.random.chance(0.05)) return this.time - BACKDATE_MAX_MS - 1;
    return this.time - this.random.int(60 * DAY_MS);
  }

  expiresAt(): number | null | undefined {
    const draw = this.random.int(10);
    return draw < 4 ? undefined : draw < 5 ? null : this.future();
  }

  user(): string {
    if (this.profile === 'crowd') return this.random.pick(this.users);
    if (this.profile !== 'plain' && this.random.chance(0.6)) return 'ann';
    return this.random.pick(this.users);
  }

  asset(): string {
    if (this.profile !== 'plain' && this.random.chance(0.5)) return 'mint';
    return this.random.chance(0.01) ? 'ghost' : this.random.pick(CODES);
  }

  business(): {
    id?: string;
    kind?: string;
    ref?: string;
    memo?: string;
    metadata?: Record<string, unknown>;
  } {
    const { chance, int, pick } = bound(this.random);
    this.#ids += 1;
    const kind = chance(0.3) ? { kind: pick(KINDS) } : {};
    const memo = chance(0.1) ? { memo: `memo ${this.#ids} é` } : {};
    const metadata = chance(0.1) ? { metadata: { n: this.#ids, of: ['x', { y: null }] } } : {};
    if (chance(0.1)) return { kind: pick(KINDS), ref: `r${int(6)}`, ...memo, ...metadata };
    return { id: `t${this.#ids}`, ...kind, ...memo, ...metadata };
  }

  id(): { id: string } {
    this.#ids += 1;
    return { id: `c${this.#ids}` };
  }

  /** Any amount that fits the profile. */
  anyAmount(): number {
    const { int, pick } = bound(this.random);
    if (this.profile === 'huge' && int(3) > 0) {
      return pick([
        AMOUNT_MAX,
        AMOUNT_MAX - int(10),
        Math.ceil(AMOUNT_MAX / 2),
        AMOUNT_MAX - 1 - int(1e9),
      ]);
    }
    return 1 + int(pick([3, 20, 100, 1_000, 1_000_000]));
  }

  /** Mostly no more than there is. */
  amountOutOf(there: number): number {
    const draw = this.random.int(100);
    if (draw < 4 && there < AMOUNT_MAX) return there + 1;
    if (draw < 6 || there < 1) return this.anyAmount();
    if (draw < 20) return there;
    return 1 + this.random.int(draw < 60 ? there : Math.min(there, 100));
  }

  accounts(has: (account: ModelAccount) => boolean): ModelAccount[] {
    const all = this.model.books.allAccounts();
    return all.filter((account) => !account.isSystem && has(account));
  }

  /** An account with something to spend, mostly. */
  payer(): { owner: string; asset: string; spendable: number } {
    const rich = this.accounts((account) => account.available + account.creditLimit > 0);
    const first = this.model.books.find('ann', 'mint');
    if (this.profile === 'holds' && first !== undefined && this.random.chance(0.5)) {
      return { owner: 'ann', asset: 'mint', spendable: Math.max(0, first.available) };
    }
    if (rich.length === 0 || this.random.chance(0.06)) {
      return { owner: this.user(), asset: this.asset(), spendable: 0 };
    }
    const { owner, asset, available, creditLimit } = this.random.pick(rich);
    const spendable = Math.min(available + creditLimit, AMOUNT_MAX);
    return { owner, asset: asset.asset, spendable };
  }

  condition(): Extract<Command, { type: 'transfer' }>['condition'] {
    if (!this.random.chance(0.08)) return undefined;
    const { owner, asset, spendable } = this.payer();
    return { owner, asset, availableAtLeast: Math.min(this.amountOutOf(spendable), AMOUNT_MAX) };
  }

  openOrPastHold(): { owner: string; holdId: string; remaining: number } | undefined {
    const open = [...this.model.books.holds.values()].flatMap((holds) => [...holds.values()]);
    if (open.length > 0 && !this.random.chance(0.1)) {
      const { owner, id, pieces } = this.random.pick(open);
      return { owner, holdId: id, remaining: pieces.reduce((sum, { amount }) => sum + amount, 0) };
    }
    if (this.random.chance(0.7)) return undefined;
    const past = this.pastId(this.random.chance(0.7) ? 'hold' : undefined);
    return past === undefined ? undefined : { owner: past.owner, holdId: past.id, remaining: 10 };
  }

  /** A command done before, of this type. */
  pastId(type: Command['type'] | undefined): { owner: string; id: string } | undefined {
    const kept = [...this.model.books.kept.entries()].filter(
      ([, { command }]) => type === undefined || command.type === type,
    );
    if (kept.length === 0) return undefined;
    const [place, { command }] = this.random.pick(kept);
    return { owner: place.slice(0, place.indexOf(' ')), id: 'id' in command ? command.id! : '' };
  }

  /** A transfer with several legs, for what it did is hardest to undo. */
  pastChain(): { owner: string; id: string } | undefined {
    const chains = [...this.model.books.kept.values()].filter(
      ({ command, outcome }) =>
        outcome.ok && command.type === 'transfer' && command.legs.length > 1,
    );
    if (chains.length === 0) return undefined;
    const { command } = this.random.pick(chains);
    return { owner: homeOwner(command), id: 'id' in command ? command.id! : '' };
  }

  recordPlace(): { owner: string; recordType: string; key: string; version: number | undefined } {
    const { chance, pick, int } = bound(this.random);
    const owner = this.user();
    const own = [...this.model.books.recordsOf(owner)];
    if (own.length > 0 && chance(this.profile === 'records' ? 0.1 : 0.4)) return pick(own);
    const key = `k${int(this.profile === 'records' ? 100 : 5)}`;
    return { owner, recordType: pick(['streak', 'a/b']), key, version: undefined };
  }

  ifVersion(version: number | undefined): number | undefined {
    const draw = this.random.int(10);
    return draw < 5 ? undefined : draw < 8 ? (version ?? 0) : this.random.int(4);
  }
}

export function bound(random: Random) {
  return {
    chance: (p: number) => random.chance(p),
    int: (max: number) => random.int(max),
    pick: <T>(from: readonly T[]) => random.pick(from),
  };
}
