// Random command sequences, all from one seed: what most commands need to succeed is looked up in the model.
// Owns: the mix of commands, names, amounts and times. Never touches: the ledger that is tested.
//   Few owners and ids, so that everything collides; every final refusal comes up in a campaign.

import { AMOUNT_MAX, DAY_MS, HOLDS_MAX, NEVER, RECORDS_MAX } from '../../engine/limits.js';
import {
  type Command,
  isReference,
  type Leg,
  type TransferCommand,
} from '../../engine/protocol/commands.js';
import { parties } from '../homed.js';
import type { Random } from '../random.js';
import { ASSETS, bound, CODES, Draws, daysOf, type Profile, SINKS, SOURCES } from './draws.js';
import { completed, type Model } from './model.js';

/** One group of commands at one time, or what is due on everybody. */
export interface Step {
  readonly time: number;
  /** Empty: a tick. */
  readonly commands: readonly Command[];
}

type Maker = (this: CommandSource) => Command | undefined;

export class CommandSource extends Draws {
  readonly #past: Command[] = [];
  readonly #deck: readonly Maker[];

  constructor(seed: number, random: Random, model: Model) {
    super(seed, random, model);
    this.#deck = deckOf(this.profile);
  }

  /** The sequence: one step at a time, for each is made from what the model is after the one before. */
  *steps(commandsMax: number): IterableIterator<Step> {
    let left = 1 + this.random.int(commandsMax);
    yield* this.#opening();
    while (left > 0) {
      this.passTime();
      if (this.random.chance(0.04)) yield { time: this.time, commands: [] };
      const size = this.random.chance(0.8) ? 1 : 2 + this.random.int(6);
      const commands: Command[] = [];
      while (commands.length < Math.min(size, left)) commands.push(this.#command());
      left -= commands.length;
      yield { time: this.time, commands };
    }
  }

  *#opening(): IterableIterator<Step> {
    const time = this.time;
    const defined = ASSETS.filter(() => this.profile !== 'plain' || !this.random.chance(0.02));
    for (const command of defined) yield { time, commands: [command] };
    if (this.profile === 'crowd') yield* this.#many(100, (id) => this.#toMany(id));
    if (this.profile === 'lots') yield* this.#many(32, (id) => this.#manyLots(id, 'ann'));
    if (this.profile === 'holds') {
      const leg = { from: '@issue', to: 'ann', asset: 'mint', amount: 1_000_000 };
      yield { time, commands: [{ type: 'transfer', id: 'rich', legs: [leg] }] };
      yield* this.#many(HOLDS_MAX, (id) => {
        const deadline = this.random.chance(0.002) ? time + this.span() : undefined;
        return { type: 'hold', id, owner: 'ann', asset: 'mint', amount: 1, deadline };
      });
    }
    if (this.profile === 'records') {
      const value = new Uint8Array([1]);
      yield* this.#many(RECORDS_MAX - 1, (key) => {
        const expiresAt = this.random.chance(0.0005) ? time + this.span() : undefined;
        const place = { owner: 'ann', recordType: 'many', key };
        return { type: 'put-record', id: key, ...place, value, expiresAt };
      });
    }
  }

  *#many(count: number, make: (name: string) => Command): IterableIterator<Step> {
    const commands = Array.from({ length: count }, (_, n) => make(`m${n}`));
    for (let at = 0; at < count; at += 256) {
      yield { time: this.time, commands: commands.slice(at, at + 256) };
    }
  }

  #command(): Command {
    let made: Command | undefined;
    while (made === undefined) made = this.random.pick(this.#deck).call(this);
    const homed = made.type === 'transfer' ? this.#homed(made) : made;
    this.#past.push(homed);
    return homed;
  }

  /** Mostly with the owner that it must name, where it must. */
  #homed(transfer: TransferCommand): Command {
    if (transfer.owner !== undefined) return transfer;
    const known = parties(transfer);
    if (!this.random.chance(known.length > 1 ? 0.9 : 0.1)) return transfer;
    return { ...transfer, owner: this.random.pick(known) };
  }

  earn(): Command {
    const { pick } = bound(this.random);
    const leg: Leg = {
      from: pick(SOURCES),
      to: this.user(),
      asset: this.asset(),
      amount: this.anyAmount(),
      expiresAt: this.expiresAt(),
    };
    const occurredAt = this.occurredAt();
    if (this.random.chance(0.2)) return this.#pending(leg);
    const condition = this.condition();
    return { type: 'transfer', ...this.business(), legs: [leg], condition, occurredAt };
  }

  /** Points that are pending, often in several lots. */
  #pending(leg: Leg): Command {
    const legs = [leg];
    while (this.random.chance(0.3))
      legs.push({ ...leg, amount: 1 + this.random.int(40), expiresAt: this.expiresAt() });
    const pendingUntil = this.random.chance(0.3) ? null : this.future();
    return { type: 'transfer', ...this.business(), legs, pendingUntil };
  }

  confirm(): Command | undefined {
    const { books } = this.model;
    const pending = [...books.holds.values()]
      .flatMap((holds) => [...holds.values()])
      .filter(({ isPending }) => isPending);
    const isAny = pending.length === 0 || this.random.chance(0.1);
    const found = isAny ? this.pastId(undefined) : this.random.pick(pending);
    if (found === undefined || found.owner.startsWith('@')) return undefined;
    const { owner, id: transferId } = found;
    return { type: 'confirm-pending', ...this.business(), owner, transferId };
  }

  #toMany(id: string): Command {
    const legs = Array.from({ length: 1 + this.random.int(4) }, (): Leg => {
      const expiresAt = this.expiresAt();
      const amount = 1 + this.random.int(1_000);
      return {
        from: '@issue',
        to: this.user(),
        asset: this.random.pick(CODES),
        amount,
        expiresAt,
      };
    });
    return { type: 'transfer', id, legs };
  }

  /** Many lots in one command, to come together near the limit in one account. */
  manyLots(): Command {
    return this.#manyLots(this.id().id, this.user());
  }

  #manyLots(id: string, to: string): Command {
    const first = this.time + 100 * DAY_MS + this.random.int(2_000 * DAY_MS);
    const legs = Array.from({ length: 16 }, (_, n): Leg => {
      const expiresAt = first + n * DAY_MS;
      return { from: '@issue', to, asset: 'mint', amount: 1 + this.random.int(9), expiresAt };
    });
    return { type: 'transfer', id, legs };
  }

  spend(): Command {
    const { owner: from, asset, spendable } = this.payer();
    const to = this.random.pick(SINKS);
    const leg = { from, to, asset, amount: this.amountOutOf(spendable) };
    const occurredAt = this.occurredAt();
    const condition = this.condition();
    return { type: 'transfer', ...this.business(), legs: [leg], condition, occurredAt };
  }

  give(): Command {
    const { owner: from, asset, spendable } = this.payer();
    const to = this.random.pick(this.users.filter((user) => user !== from));
    const expiresAt = this.random.chance(0.7) ? undefined : this.expiresAt();
    const leg = { from, to, asset, amount: this.amountOutOf(spendable), expiresAt };
    return { type: 'transfer', ...this.business(), legs: [leg], condition: this.condition() };
  }

  /** From one to the next and on, often back to the first. */
  chain(): Command {
    const { owner, asset, spendable } = this.payer();
    const amount = this.amountOutOf(spendable);
    const legs: Leg[] = [];
    const length = 2 + this.random.int(this.random.chance(0.1) ? 15 : 4);
    let from = this.random.chance(0.2) ? '@issue' : owner;
    for (let n = 0; n < length; n++) {
      const others = [...this.users.slice(0, 3), owner, '@redeem', '@fee'].filter(
        (name) => name !== from,
      );
      const to = this.random.pick(others);
      const part = this.random.chance(0.6) ? amount : 1 + this.random.int(amount);
      const inOther = this.random.chance(0.1) ? this.asset() : asset;
      const expiresAt = this.random.chance(0.8) ? undefined : this.expiresAt();
      legs.push({ from, to, asset: inOther, amount: part, expiresAt });
      from = this.random.chance(0.7) ? to : this.random.chance(0.5) ? '@issue' : owner;
    }
    return { type: 'transfer', ...this.business(), legs, condition: this.condition() };
  }

  betweenSystems(): Command {
    const { pick } = bound(this.random);
    const from = pick(SOURCES);
    const to = pick(SINKS.filter((name) => name !== from));
    const leg = { from, to, asset: this.asset(), amount: this.anyAmount() };
    return { type: 'transfer', ...this.business(), legs: [leg] };
  }

  hold(): Command {
    const { owner, asset, spendable } = this.payer();
    const deadline = this.random.chance(0.5) ? undefined : this.future();
    const amount = this.amountOutOf(spendable);
    return { type: 'hold', ...this.business(), owner, asset, amount, deadline };
  }

  capture(): Command | undefined {
    const found = this.openOrPastHold();
    if (found === undefined) return undefined;
    const { owner, holdId, remaining } = found;
    const to = this.random.pick([...SINKS, ...this.users].filter((name) => name !== owner));
    const amount = this.random.chance(0.4) ? undefined : this.amountOutOf(remaining);
    const releaseRest = this.random.chance(0.3)
      ? true
      : this.random.chance(0.1)
        ? false
        : undefined;
    const expiresAt = this.random.chance(0.7) ? undefined : this.expiresAt();
    const what = { owner, holdId, to, amount, releaseRest, expiresAt };
    return { type: 'capture', ...this.business(), ...what };
  }

  release(): Command | undefined {
    const found = this.openOrPastHold();
    if (found === undefined) return undefined;
    return { type: 'release', ...this.business(), owner: found.owner, holdId: found.holdId };
  }

  reverse(): Command | undefined {
    const type = this.random.pick(['transfer', 'transfer', 'capture', undefined] as const);
    const past = this.random.chance(0.3) ? this.pastChain() : this.pastId(type);
    if (past === undefined) return undefined;
    const unknown = this.random.chance(0.03);
    const transferId = unknown ? 'never' : past.id;
    const allowDebt = this.random.chance(0.5) ? true : this.random.chance(0.1) ? false : undefined;
    const what = { owner: past.owner, transferId, allowDebt, ...this.#parts() };
    return { type: 'reverse', ...this.business(), ...what };
  }

  /** The whole, or a part of it. */
  #parts(): { amount?: number; legs?: { leg: number; amount: number }[] } {
    const draw = this.random.int(10);
    if (draw < 5) return {};
    if (draw < 8) return { amount: 1 + this.random.int(40) };
    const first = this.random.int(3);
    const legs = [first, first + 1 + this.random.int(2)].slice(0, 1 + this.random.int(2));
    return { legs: legs.map((leg) => ({ leg, amount: 1 + this.random.int(40) })) };
  }

  open(): Command {
    return { type: 'open-account', ...this.id(), owner: this.user(), asset: this.asset() };
  }

  freeze(): Command {
    const type = this.random.chance(0.4) ? 'freeze-account' : 'unfreeze-account';
    const frozen = this.accounts((account) => account.frozen);
    if (type === 'freeze-account' || frozen.length === 0) return this.#freezeAny(type);
    const { owner, asset } = this.random.pick(frozen);
    return { type, ...this.id(), owner, asset: asset.asset };
  }

  #freezeAny(type: 'freeze-account' | 'unfreeze-account'): Command {
    return { type, ...this.id(), owner: this.user(), asset: this.asset() };
  }

  close(): Command {
    const empty = this.random.chance(0.7);
    const all = this.accounts(({ available, held }) => !empty || (available === 0 && held === 0));
    if (all.length === 0) {
      return { type: 'close-account', ...this.id(), owner: this.user(), asset: this.asset() };
    }
    const { owner, asset } = this.random.pick(all);
    return { type: 'close-account', ...this.id(), owner, asset: asset.asset };
  }

  reopen(): Command {
    const closed = this.accounts((account) => account.closed);
    if (closed.length === 0 || this.random.chance(0.2))
      return { type: 'reopen-account', ...this.id(), owner: this.user(), asset: this.asset() };
    const { owner, asset } = this.random.pick(closed);
    return { type: 'reopen-account', ...this.id(), owner, asset: asset.asset };
  }

  extend(): Command | undefined {
    const lot = this.lot();
    if (lot === undefined || lot.expiry === NEVER) return undefined;
    const { owner, asset, expiry, available } = lot;
    const lotExpiresAt = this.random.chance(0.1) ? this.future() : expiry;
    const later = expiry + this.span();
    const expiresAt = this.random.chance(0.8) ? later : (this.expiresAt() ?? null);
    const amount = this.random.chance(0.4) ? undefined : this.amountOutOf(available);
    return {
      type: 'extend-lots',
      ...this.business(),
      ...{ owner, asset, lotExpiresAt, expiresAt, amount },
    };
  }

  creditLimit(): Command {
    const { owner, asset } = this.payer();
    const draw = this.random.int(10);
    const creditLimit = draw < 2 ? 0 : draw < 3 ? AMOUNT_MAX : this.random.int(500);
    return { type: 'set-credit-limit', ...this.id(), owner, asset, creditLimit };
  }

  put(): Command {
    const { owner, recordType, key, version } = this.recordPlace();
    const value = new Uint8Array(this.random.int(5)).fill(this.random.int(256));
    const expiresAt = this.random.chance(0.6) ? undefined : this.future();
    const ifVersion = this.ifVersion(version);
    const what = { owner, recordType, key, value, expiresAt, ifVersion };
    return { type: 'put-record', ...this.id(), ...what };
  }

  deleteRecord(): Command {
    const { owner, recordType, key, version } = this.recordPlace();
    const ifVersion = this.ifVersion(version);
    return { type: 'delete-record', ...this.id(), owner, recordType, key, ifVersion };
  }

  define(): Command {
    const asset = this.random.pick(ASSETS);
    const draw = this.random.int(10);
    if (draw < 4) return asset;
    if (draw < 7) return { ...asset, defaultExpiryMs: this.random.int(3) * 10 * DAY_MS };
    if (draw < 8 && this.random.chance(0.7))
      return {
        ...{ ...asset, defaultExpiryMs: undefined, ...daysOf('Pacific/Kiritimati') },
        expiresAfter: this.random.pick([undefined, 'P1D', 'P2M', 'P1Y']),
        expiresOn: this.random.pick([undefined, '02-29', '06-30']),
      };
    if (draw < 8) return { ...asset, scale: 5 };
    if (draw < 9) return { ...asset, lotTracked: asset.lotTracked === false };
    return { ...asset, lotGranularityMs: 5_000 };
  }

  /** A definition of a few, so that versions, times and conditions meet. */
  say(): Command {
    const { chance, int, pick } = bound(this.random);
    const state = pick(['draft', 'active', 'active', 'retired'] as const);
    const document = { points: 1 + int(2), asset: 'gold', budget: '#budget:spring' };
    return {
      type: 'put-definition',
      ...{ kind: 'offer', key: pick(['a', 'b', 'c']), state },
      document: state === 'retired' ? undefined : document,
      activeFrom: chance(0.4) && state !== 'draft' ? this.time + int(60_000) : undefined,
      ifVersion: chance(0.3) ? int(6) : undefined,
    };
  }

  /** With an expiry worked out anew: often one of the same lot. */
  #anew({ expiresAt, ...leg }: Leg): Leg {
    if (typeof expiresAt !== 'number') return { ...leg, expiresAt };
    return { ...leg, expiresAt: expiresAt + this.random.int(this.random.pick([60_000, DAY_MS])) };
  }

  /** Something done before: the same again, or something else under its id. */
  again(): Command | undefined {
    if (this.#past.length === 0) return undefined;
    const past = completed(this.random.pick(this.#past));
    if (this.random.chance(0.6) || isReference(past)) return past;
    if (past.type === 'hold') return { ...past, amount: past.amount === 1 ? 2 : 1 };
    if (past.type === 'transfer' && this.random.chance(0.5))
      return { ...past, legs: past.legs.map((leg) => this.#anew(leg)) };
    if (past.type === 'transfer')
      return { ...past, legs: [...past.legs.slice(0, 15), past.legs[0]!] };
    if (past.type === 'confirm-pending') return { ...past, transferId: 'other' };
    if (past.type === 'reverse') return { ...past, allowDebt: past.allowDebt !== true };
    if (past.type === 'extend-lots')
      return { ...past, expiresAt: past.expiresAt === null ? this.future() : null };
    return { type: 'release', id: past.id, owner: past.owner, holdId: 'other' };
  }
}

function deckOf(profile: Profile): Maker[] {
  const g = CommandSource.prototype;
  const weights: readonly (readonly [number, Maker])[] = [
    [22, g.earn],
    [profile === 'lots' ? 8 : 0, g.manyLots],
    [12, g.spend],
    [10, g.give],
    [9, g.chain],
    [1, g.betweenSystems],
    [profile === 'holds' ? 25 : 10, g.hold],
    [9, g.capture],
    [3, g.release],
    [9, g.reverse],
    [2, g.confirm],
    [1, g.open],
    [2, g.freeze],
    [1, g.close],
    [2, g.reopen],
    [4, g.extend],
    [3, g.creditLimit],
    [profile === 'records' ? 80 : 4, g.put],
    [3, g.deleteRecord],
    [1, g.define],
    [1, g.say],
    [5, g.again],
  ];
  return weights.flatMap(([weight, maker]) => new Array<Maker>(weight).fill(maker));
}
