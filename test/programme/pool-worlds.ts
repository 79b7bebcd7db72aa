// A pool that many claim from, on 1 to 4 shards whose messages are lost, repeated and late, and which are killed. Owns: the world, and what may be
// said of a pool at any moment. Never touches: what shards decide.
//   Q1. Nothing is refused for good while enough of the pool is anywhere.
//   Q2. What was ever issued is in pools, in their allotments, or at members, to the last point.
//   Q3. What an act can do without is left out only where its pool had not enough a moment ago, and never costs the rest of it.

import { canonicalState } from '../../engine/ledger/digest.js';
import { Key } from '../../engine/ledger/keys.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { EXHAUSTED_MS } from '../../engine/limits.js';
import { isAllotment, poolOf } from '../../engine/protocol/allotment.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type { Command } from '../../engine/protocol/commands.js';
import { EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { LEG, OP, PLACES } from '../../engine/protocol/layout.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { legPlace } from '../../engine/transfer/carried.js';
import { prepareOf } from '../../engine/transfer/courier.js';
import type { Outgoing } from '../../engine/transfer/messages.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { Random } from '../random.js';
import { START } from './act-worlds.js';
import { ACTS, ASSET } from './everything.js';

export const POOL = '#budget:a';
/** Another one, on whatever shard. */
export const OTHER = '#budget:c';
const USERS = Array.from({ length: 12 }, (_, n) => `u${n}`);
const WAITING = ['PREPARED', 'BUDGET_BUSY', 'BUDGET_SHORT', 'ACCOUNT_BUSY', 'SHARD_UNAVAILABLE'];
const LATE_MS = 11_000;
const EXHAUSTED = REFUSALS.BUDGET_EXHAUSTED.number;
const SHORT = REFUSALS.BUDGET_SHORT.number;

/** The pool that this shard has not enough of, for an act that can do without; undefined: it says nothing of it. */
function shortPool(view: CommandView, refusal: number, leg = 0): string | undefined {
  // What another shard has said is said on by decisions.
  if (refusal !== SHORT || view.op !== OP.prepare) return undefined;
  const carried = new CommandView();
  carried.read(view.bytes, view.bytesStart(PLACES.prepare.transfer));
  return carried.text(legPlace(carried, leg, LEG.from));
}

const commandIn = (packed: Uint8Array): Command =>
  commandOfTuple(unpackTuple(packed, 0, packed.length)) as unknown as Command;

interface Claim {
  readonly owner: string;
  readonly amount: number;
  readonly legs: readonly { readonly from: string; readonly amount: number }[];
  /** It can do without its pools. */
  readonly isBonus: boolean;
  readonly command: Command;
  end: 'open' | 'posted' | 'refused';
}

export class PoolWorld {
  readonly shards: MemoryLedger[] = [];
  readonly claims = new Map<string, Claim>();
  readonly #slotMap: readonly number[];
  readonly #mail: Outgoing[] = [];
  time = START;
  /** When how much was left of each pool. */
  readonly #lefts: { readonly time: number; readonly left: ReadonlyMap<string, number> }[] = [];
  /** When what is open was opened, by shard, id and deadline. */
  readonly #opened = new Map<string, number>();
  /** When a shard was told that a pool is short, of an act that it had opened then. */
  readonly #told: { readonly shard: number; readonly time: number; readonly since: number }[] = [];
  /** How many legs were left out. */
  dropped = 0;
  readonly #count: number;
  #n = 0;

  constructor(count: number) {
    this.#count = count;
    this.#slotMap = slotMapOf(count);
    for (let shard = 0; shard < count; shard++) {
      this.shards.push(this.#prepared(new MemoryLedger(), shard));
      this.#apply(shard, { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false });
    }
  }

  #prepared(ledger: MemoryLedger, shard: number): MemoryLedger {
    Object.assign(ledger.state, { places: placesOf(shard, this.#count, this.#slotMap) });
    ledger.ledger.acts = ACTS;
    return ledger;
  }

  shardOf(owner: string): number {
    return this.#slotMap[ownerHash(owner) & 1023] as number;
  }

  #apply(shard: number, command: Command) {
    const ledger = this.shards[shard]!;
    const blocks = ledger.blocks.length;
    const [outcome] = ledger.apply([command], this.time);
    this.#mail.push(...ledger.ledger.outbox.splice(0));
    if (ledger.blocks.length > blocks) this.#look(ledger);
    this.#remember(shard, command);
    if (command.type === 'act') this.#lookAtPlan(shard, command.id!);
    return outcome!;
  }

  #remember(shard: number, command: Command): void {
    const { time } = this;
    const left = new Map([POOL, OTHER].map((pool) => [pool, this.left(pool)]));
    this.#lefts.push({ time, left });
    const { opened, closed } = this.shards[shard]!.ledger;
    if (opened !== null) this.#opened.set(`${shard} ${opened.id} ${opened.deadline}`, time);
    const { refusal } = command as { readonly refusal?: number };
    if (closed === null || refusal !== SHORT) return;
    const since = this.#opened.get(`${shard} ${closed.id} ${closed.deadline}`)!;
    this.#told.push({ shard, time, since });
  }

  /** Q3, of what a shard has just decided: what it leaves out, a pool has not had since the act was opened of which the shard was told so. */
  #lookAtPlan(shard: number, id: string): void {
    const { plan } = this.shards[shard]!.ledger;
    for (const leg of (plan?.why?.['dropped'] as number[] | undefined) ?? []) {
      const { from, amount } = this.claims.get(id)!.legs[leg]!;
      this.dropped++;
      const believed = this.time - EXHAUSTED_MS;
      const told = this.#told.filter((one) => one.shard === shard && one.time > believed);
      const since = Math.min(this.time, ...told.map((one) => one.since));
      const lefts = this.#lefts.filter(({ time }) => time >= since);
      const least = Math.min(...lefts.map(({ left }) => left.get(from)!));
      if (least >= amount) throw new Error(`Q3: ${amount} of ${from} left out of ${least}`);
    }
  }

  /** Q1, of the block that a shard has just written. */
  #look(ledger: MemoryLedger): void {
    const { effects, commands } = new BlockView(ledger.blocks.at(-1)!);
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const refusal = effects.refusalNumber(at);
      const view = new CommandView();
      view.read(commands, effects.commandOffset(at));
      const claim = this.claims.get(view.text(2));
      if (claim === undefined) continue;
      const transit = effects.extras(at).find(({ tag }) => tag === EXTRA.transit);
      const short = refusal === EXHAUSTED ? POOL : shortPool(view, refusal, transit?.numbers[4]);
      if (short === undefined) continue;
      if (refusal === EXHAUSTED && claim.isBonus) throw new Error('Q3: all of it is lost');
      const { from, amount } = claim.legs.find((leg) => leg.from === short)!;
      if (ledger.state.places.shard === this.shardOf(from) && this.left(from) >= amount)
        throw new Error(`Q1: ${amount} refused for good, and ${this.left(from)} are left`);
    }
  }

  /** All that is left of a pool, wherever it is: what is on its way counts once. */
  left(pool = POOL): number {
    let sum = 0;
    for (const { state } of this.shards) {
      for (const owner of this.#parts(pool))
        for (const { available, held } of this.shardOf(owner) === state.places.shard
          ? balancesOf(state, owner, ASSET)
          : [])
          sum += available + held;
      for (const { owner, id, next, transfer } of state.transits.all()) {
        if (poolOf(owner) !== pool || !this.#isPosted(next, owner, id)) continue;
        const view = new CommandView();
        view.read(transfer, 0);
        sum -= view.number(legPlace(view, 0, 3));
      }
    }
    return sum;
  }

  #parts(pool = POOL): string[] {
    return [pool, ...this.shards.map((_, shard) => `${pool}@${shard}`)];
  }

  #isPosted(shard: number, owner: string, id: string): boolean {
    const past = this.#latest(shard, owner, id);
    return past !== null && past.effects.refusalNumber(past.offset) === 0;
  }

  #latest(shard: number, owner: string, id: string) {
    const key = new Key();
    key.set(owner, id);
    return this.shards[shard]!.ledger.known.confirm(key, owner, id);
  }

  fund(amount: number, to = POOL): void {
    const legs = [{ from: '@issue', to, asset: ASSET, amount }];
    const id = `f${++this.#n}`;
    if (!this.#apply(this.shardOf(to), { type: 'transfer', id, legs }).ok)
      throw new Error('not funded');
  }

  /** `giver`: another member, who adds a point: then some of the pool may be reserved. */
  claim(owner: string, amount: number, giver?: string, pool = POOL): Claim {
    const id = `c${++this.#n}`;
    const legs = [{ from: pool, to: owner, amount }];
    if (giver !== undefined && giver !== owner) legs.push({ from: giver, to: owner, amount: 1 });
    return this.#claimed({ id, owner, amount, legs, isBonus: false });
  }

  /** So much of a pool and of another one, where they have it, and a point in any case. */
  bonus(owner: string, amount: number, other: number): Claim {
    const legs = [
      { from: POOL, to: owner, amount, optional: true },
      { from: '@issue', to: owner, amount: 1 },
      { from: OTHER, to: owner, amount: other, optional: true },
    ];
    return this.#claimed({ id: `b${++this.#n}`, owner, amount, legs, isBonus: true });
  }

  /** So much of a pool, or what it has left, and a point in any case. */
  rest(owner: string, amount: number): Claim {
    const legs = [
      { from: OTHER, to: owner, amount, optional: true, less: true },
      { from: '@issue', to: owner, amount: 1 },
    ];
    return this.#claimed({ id: `l${++this.#n}`, owner, amount, legs, isBonus: true });
  }

  #claimed({ id, ...claimed }: Omit<Claim, 'command' | 'end'> & { readonly id: string }): Claim {
    const { owner, legs } = claimed;
    const body = { wish: JSON.stringify({ legs, records: [], counters: [] }) };
    const command = { type: 'act', id, owner, act: 'everything', body } as const;
    const claim: Claim = { ...claimed, command, end: 'open' };
    this.claims.set(id, claim);
    this.ask(claim);
    return claim;
  }

  /** Asks for it, or asks again under the same id. */
  ask(claim: Claim): void {
    const outcome = this.#apply(this.shardOf(claim.owner), claim.command);
    if (outcome.ok) claim.end = 'posted';
    else if (outcome.code === 'BUDGET_EXHAUSTED' || outcome.code === 'POINTS_SHORT')
      claim.end = 'refused';
    else if (!WAITING.includes(outcome.code)) throw new Error(outcome.code);
  }

  /** A member gives points to a pool. */
  give(from: string, to: string, amount: number): void {
    const legs = [{ from, to, asset: ASSET, amount }];
    this.#apply(this.shardOf(from), { type: 'transfer', id: `g${++this.#n}`, legs });
  }

  undo({ owner, command }: Claim, amount: number, leg = 0): void {
    const transferId = (command as { readonly id: string }).id;
    const id = `r${++this.#n}`;
    const legs = [{ leg, amount }];
    this.#apply(this.shardOf(owner), { type: 'reverse', id, owner, transferId, legs });
  }

  /** A shard has lost all that it had not written: messages, and whatever it kept beside its log. */
  kill(shard: number): void {
    const twin = MemoryLedger.replay(this.shards[shard]!.blocks, this.shards[shard]!.state.places);
    twin.ledger.outbox.length = 0;
    const [is, should] = [twin, this.shards[shard]!].map(({ state }) =>
      canonicalState(state).join(),
    );
    if (is !== should) throw new Error('L6: the log gives another state');
    this.shards[shard] = this.#prepared(twin, shard);
  }

  /** A message arrives. `fate`: what becomes of it. */
  deliver(random: Random, fate: 'once' | 'twice' | 'lost'): void {
    if (this.#mail.length === 0) return;
    const at = random.int(this.#mail.length);
    const said = this.#mail[at]!;
    if (fate !== 'twice') this.#mail.splice(at, 1);
    if (fate === 'lost') return;
    const command = 'command' in said ? said.command : commandIn(said.packed);
    this.#apply(said.to, command as unknown as Command);
  }

  get isQuiet(): boolean {
    return this.#mail.length === 0;
  }

  /** What is open is asked for again. */
  repeat(): void {
    for (const { state } of this.shards)
      for (const transit of state.transits.all())
        this.#mail.push({ to: transit.next, command: prepareOf(transit) });
  }

  /** Everything arrives, and nothing is under way any more. */
  calm(random: Random): void {
    for (let n = 0; n < 200; n++) {
      while (!this.isQuiet) this.deliver(random, 'once');
      if (this.shards.every(({ state }) => state.transits.size === 0)) return;
      this.repeat();
    }
    throw new Error('something stays open');
  }

  /** Every claim has an end, and every point is somewhere. */
  check(random: Random): void {
    this.calm(random);
    for (let n = 0; n < 50; n++) {
      const open = [...this.claims.values()].filter(({ end }) => end === 'open');
      if (open.length === 0) break;
      for (const claim of open) this.ask(claim);
      this.calm(random);
    }
    const open = [...this.claims].filter(([, { end }]) => end === 'open');
    if (open.length > 0) throw new Error(`${open.length} claims have no end`);
    const members = USERS.reduce((sum, user) => sum + this.have(user), 0);
    const left = this.left(POOL) + this.left(OTHER);
    const issued = this.shards.map(({ state }) => balancesOf(state, '@issue', ASSET)[0]);
    const sum = issued.reduce((all, one) => all - (one?.available ?? 0), 0);
    if (members + left !== sum) throw new Error(`Q2: ${sum} issued, ${members} paid, ${left} left`);
    for (const { blocks, state } of this.shards) {
      const fault = auditFault(blocks, state.places.shard, this.#slotMap);
      if (fault !== undefined) throw new Error(fault);
    }
  }

  have(owner: string): number {
    const { state } = this.shards[this.shardOf(owner)]!;
    const [found] = balancesOf(state, owner, ASSET);
    return (found?.available ?? 0) + (found?.held ?? 0);
  }

  /** How much is out, and what there is of each allotment. */
  allotted(): number {
    return this.#parts()
      .filter(isAllotment)
      .reduce((sum, owner) => sum + this.have(owner), 0);
  }
}

/** One such world from a seed. Returns what came up in it. */
export function anyPool(seed: number): { readonly wasSpread: boolean; readonly dropped: number } {
  const random = new Random(seed);
  const world = new PoolWorld(1 + random.int(4));
  world.fund(random.pick([50, 400, 3_000]));
  world.fund(random.pick([5, 100]), OTHER);
  let wasSpread = false;
  const isRough = random.chance(0.7);
  for (let n = 60 + random.int(200); n > 0; n--) {
    const kind = random.int(20);
    const claims = [...world.claims.values()];
    if (kind < 2) world.bonus(random.pick(USERS), 1 + random.int(12), 1 + random.int(6));
    else if (kind < 3) world.rest(random.pick(USERS), 1 + random.int(12));
    else if (kind < 7) {
      const giver = random.chance(0.2) ? random.pick(USERS) : undefined;
      world.claim(random.pick(USERS), 1 + random.int(random.pick([3, 12, 40])), giver);
    } else if (kind < 9 && claims.length > 0) {
      const one = random.pick(claims);
      if (one.end === 'open') world.ask(one);
      else if (one.end === 'posted') world.undo(one, 1 + random.int(one.amount));
    } else if (kind === 9 && isRough) world.kill(random.int(world.shards.length));
    else if (kind === 10 && isRough) world.repeat();
    else if (kind === 11 && random.chance(0.2))
      world.fund(1 + random.int(200), random.pick([POOL, OTHER]));
    else if (kind === 12 && isRough && random.chance(0.2)) world.time += LATE_MS;
    else {
      const fate = isRough ? random.pick(['once', 'once', 'twice', 'lost'] as const) : 'once';
      for (let m = random.int(4); m >= 0; m--) world.deliver(random, fate);
    }
    world.time += random.int(20);
    wasSpread ||= world.allotted() > 0;
  }
  world.check(random);
  return { wasSpread, dropped: world.dropped };
}
