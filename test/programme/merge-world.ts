// Members on some shards, who earn, spend, are merged and parted again; and a naive model of it. Owns: both, and how they are compared. Never touches:
// what is drawn.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { SLOTS } from '../../engine/limits.js';
import { programme } from '../../engine/programme/definitions/index.js';
import { memberState } from '../../engine/programme/member-state.js';
import { sampleProgramme } from '../../engine/programme/sample.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { MemberState } from '../../engine/protocol/member.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import type { Random } from '../random.js';
import { DAY_MS, HOUR_MS, NOON, SHOP } from './earning-world.js';

export const ASSET = 'points';
const NEVER = Number.POSITIVE_INFINITY;
const ZONE = [0, 8 * HOUR_MS];
/** By type of event, how often its rule pays in a day. */
const LIMITS: Readonly<Record<string, number>> = { REVIEW: 5, SHARE: 3, SIGN: 1 };

/** By expiry, minor units. */
type Lots = Map<number, number>;

const add = (lots: Lots, expiry: number, amount: number): void => {
  const sum = (lots.get(expiry) ?? 0) + amount;
  if (sum === 0) lots.delete(expiry);
  else lots.set(expiry, sum);
};
const sorted = (lots: Lots): [number, number][] => [...lots].sort(([a], [b]) => a - b);
const sumOf = (lots: Lots): number => [...lots.values()].reduce((sum, one) => sum + one, 0);

/** What is known of a member. */
class Known {
  lots: Lots = new Map();
  expired: Lots = new Map();
  /** `type day`: how often. */
  counts = new Map<string, number>();
  progress = 0;
  days = new Set<number>();
  into: string | undefined;
  /** What the other one got. */
  gave:
    | { lots: Lots; counts: Map<string, number>; progress: number; days: Set<number> }
    | undefined;
}

export class MergeWorld {
  readonly shards: MemoryShards;
  readonly members: readonly string[];
  readonly #known = new Map<string, Known>();
  time = NOON - DAY_MS;
  #n = 0;

  constructor(count: number, members: number) {
    this.shards = new MemoryShards(count);
    for (const { ledger } of this.shards.shards)
      ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    this.members = Array.from({ length: members }, (_, n) => `m${n}`);
    for (const one of this.members) this.#known.set(one, new Known());
    this.do({ type: 'define-asset', asset: ASSET, scale: 0 } as Command);
    for (const { kind, key, document } of sampleProgramme(SHOP, ASSET)) {
      const zone = kind === 'programme' ? { zoneOffsets: ZONE } : {};
      const of = kind === 'programme' ? { programme: undefined } : {};
      const said = JSON.parse(JSON.stringify({ ...document, ...of }));
      this.do({
        type: 'put-definition',
        kind,
        key,
        state: 'active',
        ...zone,
        document: said,
      } as never);
    }
    this.time = NOON;
  }

  known(owner: string): Known {
    return this.#known.get(owner) as Known;
  }

  get day(): number {
    return Math.floor((this.time + 8 * HOUR_MS) / DAY_MS);
  }

  do(command: Command): Outcome {
    return this.shards.apply(command, this.time);
  }

  /** A time of so many days from now, as lots are rounded. */
  dayAfter(days: number): number {
    return Math.ceil((this.time + days * DAY_MS) / DAY_MS) * DAY_MS;
  }

  another(owner: string, random: Random): string {
    return random.pick(this.members.filter((one) => one !== owner));
  }

  id(): string {
    return `c${++this.#n}`;
  }

  act(act: string, owner: string, body: object, id = this.id()): Outcome {
    return this.do({ type: 'act', id, owner, act, body } as never);
  }

  #ledgerOf(owner: string): MemoryLedger {
    const shard = (ownerHash(owner) & (SLOTS - 1)) % this.shards.shards.length;
    return this.shards.shards[shard] as MemoryLedger;
  }

  state(owner: string): MemberState {
    const { ledger } = this.#ledgerOf(owner);
    // A shard that had nothing to do since has the time of its last block.
    ledger.time = this.time;
    const see = new OwnerReads(ledger, owner);
    const of = see.definition(programme, SHOP);
    if (of === undefined) throw new Error('no programme');
    return memberState(see, of, owner, this.time);
  }

  /** What an operation comes to, as the ledger says it, and as the model does: a text where they differ. */
  check(what: string, is: Outcome, should: string): void {
    const came = is.ok ? 'ok' : is.code;
    if (came !== should) throw new Error(`${what}: ${came}, and should be ${should}`);
  }

  later(ms: number): void {
    this.time += ms;
    this.shards.tick(this.time);
    for (const one of this.#known.values()) this.#expire(one);
  }

  #expire(one: Known): void {
    for (const [expiry, amount] of sorted(one.lots)) {
      if (expiry > this.time) break;
      one.lots.delete(expiry);
      add(one.expired, expiry, amount);
    }
  }

  issue(owner: string, amount: number, expiry: number): void {
    const expiresAt = expiry === NEVER ? null : expiry;
    const legs = [{ from: '@issue', to: owner, asset: ASSET, amount, expiresAt }];
    const one = this.known(owner);
    const outcome = this.do({ type: 'transfer', id: this.id(), legs } as never);
    this.check(`issue to ${owner}`, outcome, one.into === undefined ? 'ok' : 'MEMBER_MERGED');
    if (outcome.ok) add(one.lots, expiry, amount);
  }

  give(from: string, to: string, amount: number): void {
    const [payer, payee] = [this.known(from), this.known(to)];
    const isGone = payer.into !== undefined || payee.into !== undefined;
    const isShort = sumOf(payer.lots) < amount;
    const legs = [{ from, to, asset: ASSET, amount }];
    const outcome = this.do({ type: 'transfer', id: this.id(), owner: from, legs } as never);
    const code = !outcome.ok ? outcome.code : '';
    // Which of two reasons it is depends on the shards.
    const should =
      isGone && isShort ? code : isGone ? 'MEMBER_MERGED' : isShort ? 'POINTS_SHORT' : 'ok';
    this.check(`${from} gives ${to}`, outcome, should);
    if (!outcome.ok) return;
    for (const [expiry, one] of this.#take(payer.lots, amount)) add(payee.lots, expiry, one);
  }

  spend(owner: string, amount: number): void {
    const one = this.known(owner);
    const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount }];
    const outcome = this.do({ type: 'transfer', id: this.id(), legs } as never);
    const should = sumOf(one.lots) < amount ? 'POINTS_SHORT' : 'ok';
    this.check(`${owner} spends`, outcome, one.into === undefined ? should : 'MEMBER_MERGED');
    if (outcome.ok) this.#take(one.lots, amount);
  }

  /** So much, soonest first: what was taken of which lots. */
  #take(lots: Lots, amount: number): [number, number][] {
    let rest = amount;
    const taken: [number, number][] = [];
    for (const [expiry, left] of sorted(lots)) {
      const one = Math.min(left, rest);
      if (one === 0) break;
      add(lots, expiry, -one);
      taken.push([expiry, one]);
      rest -= one;
    }
    return taken;
  }

  event(owner: string, type: string, attributes: object = {}): void {
    const one = this.known(owner);
    const before = one.into === undefined ? this.state(owner).progress : 0;
    const outcome = this.act('event', owner, { programme: SHOP, type, attributes });
    this.check(`${owner} ${type}`, outcome, one.into === undefined ? 'ok' : 'MEMBER_MERGED');
    if (!outcome.ok) return;
    const effects = (outcome.act?.effects ?? []) as readonly Readonly<Record<string, unknown>>[];
    const name = type === 'SIGN' ? 'SIGN' : type;
    const key = `${name} ${this.day}`;
    const paid = effects.filter((effect) => effect['type'] === 'earn');
    const limit = LIMITS[type];
    if (limit !== undefined && type !== 'SIGN') {
      const count = one.counts.get(key) ?? 0;
      const isPaid = paid.some(({ rule }) => rule === `${SHOP}.${type}`);
      if (isPaid !== count < limit)
        throw new Error(
          `${owner} ${key}: ${count} of ${limit}, and was ${isPaid ? '' : 'not '}paid`,
        );
      if (isPaid) one.counts.set(key, count + 1);
    }
    if (type === 'SIGN') one.days.add(this.day);
    const earned = paid.reduce((sum, { amount }) => sum + (amount as number), 0);
    if (earned > 0) add(one.lots, NEVER, earned);
    one.progress += this.state(owner).progress - before;
  }

  merge(owner: string, into: string): Outcome {
    const [one, other] = [this.known(owner), this.known(into)];
    const outcome = this.act('merge', owner, { into, reason: 'the same person' });
    const isGone = one.into !== undefined || other.into !== undefined;
    const should =
      one.into !== undefined
        ? 'MEMBER_MERGED'
        : owner === into
          ? 'ACT_BODY_INVALID'
          : isGone
            ? 'MEMBER_MERGED'
            : 'ok';
    this.check(`${owner} into ${into}`, outcome, should);
    if (!outcome.ok) return outcome;
    one.into = into;
    one.gave = {
      lots: new Map(one.lots),
      counts: new Map(one.counts),
      progress: one.progress,
      days: new Set([...one.days].filter((day) => !other.days.has(day))),
    };
    for (const [expiry, amount] of one.lots) add(other.lots, expiry, amount);
    for (const [key, count] of one.counts)
      other.counts.set(key, (other.counts.get(key) ?? 0) + count);
    for (const day of one.days) other.days.add(day);
    other.progress += one.progress;
    one.lots = new Map();
    return outcome;
  }

  unmerge(owner: string, allowDebt = false): Outcome {
    const one = this.known(owner);
    const outcome = this.act('unmerge', owner, {
      reason: 'two',
      ...(allowDebt ? { allowDebt } : {}),
    });
    if (one.into === undefined || one.gave === undefined) {
      this.check(`${owner} apart`, outcome, 'MERGE_NOT_FOUND');
      return outcome;
    }
    const other = this.known(one.into);
    if (other.into !== undefined) {
      this.check(
        `${owner} apart`,
        outcome,
        outcome.ok || outcome.code !== 'POINTS_SHORT' ? 'MEMBER_MERGED' : outcome.code,
      );
      return outcome;
    }
    const { lots, counts, progress, days } = one.gave;
    const left: Lots = new Map(other.lots);
    const expired: Lots = new Map(other.expired);
    let short = 0;
    for (const [expiry, amount] of sorted(lots)) {
      const taken = Math.min(amount, left.get(expiry) ?? 0);
      if (taken > 0) add(left, expiry, -taken);
      const over = Math.min(amount - taken, expired.get(expiry) ?? 0);
      if (over > 0) add(expired, expiry, -over);
      short += amount - taken - over;
    }
    const isShort = short > sumOf(left);
    this.check(`${owner} apart`, outcome, isShort ? 'POINTS_SHORT' : 'ok');
    if (!outcome.ok) return outcome;
    this.#take(left, short);
    other.lots = left;
    other.expired = expired;
    for (const [expiry, amount] of lots) add(one.lots, expiry, amount);
    this.#expire(one);
    for (const [key, count] of counts) other.counts.set(key, (other.counts.get(key) ?? 0) - count);
    for (const day of days) other.days.delete(day);
    other.progress -= progress;
    one.into = undefined;
    one.gave = undefined;
    return outcome;
  }

  /** Everybody has what the model says. */
  agree(): void {
    for (const owner of this.members) {
      const one = this.known(owner);
      const [balance] = this.shards.balances(owner);
      const is = new Map(
        (balance?.lots ?? []).flatMap(({ expiresAt, available }) =>
          available === 0 ? [] : [[expiresAt ?? NEVER, available] as const],
        ),
      );
      const told = (lots: Lots): string => sorted(lots).join(' ');
      if (told(is) !== told(one.lots))
        throw new Error(`${owner} has ${told(is)}, and should have ${told(one.lots)}`);
      if ((balance?.held ?? 0) !== 0) throw new Error(`${owner} has ${balance?.held} held`);
      const { progress, tasks, mergedInto } = this.state(owner);
      if (progress !== one.progress)
        throw new Error(`${owner} has ${progress} for tiers, and should have ${one.progress}`);
      const days = tasks.find(({ task }) => task === `${SHOP}.SIGN`)?.days ?? 0;
      let should = 0;
      const from = one.days.has(this.day) ? this.day : this.day - 1;
      while (one.days.has(from - should)) should++;
      if (days !== should) throw new Error(`${owner} has ${days} days, and should have ${should}`);
      if ((mergedInto !== undefined) !== (one.into !== undefined))
        throw new Error(`${owner} is ${mergedInto ?? 'nobody else'}`);
    }
    const issued = ['@issue', '@redeem', '@expire', '@adjust'].map((one) => this.shards.sumOf(one));
    const all = this.members.reduce((sum, one) => sum + sumOf(this.known(one).lots), 0);
    if (issued.reduce((sum, one) => sum + one, 0) + all !== 0)
      throw new Error('points were made, or lost');
  }

  /** The logs are sound, and lead to the same state. */
  close(): void {
    const { shards } = this.shards;
    for (const [n, shard] of shards.entries()) {
      const { state } = MemoryLedger.replay(shard.blocks, shard.state.places);
      const [is, was] = [state, shard.state].map((one) => JSON.stringify(canonicalState(one)));
      if (is !== was) throw new Error(`shard ${n}: another state by a replay`);
      const fault = auditFault(shard.blocks, n, slotMapOf(shards.length));
      if (fault !== undefined) throw new Error(fault);
    }
  }
}
