// Worlds in which acts cause acts: shards in memory, messages that are lost, late, doubled and in any order, shards that are killed and come
// back from their log, undoings at every point. Owns: what must be so in the end. Never touches: what shards decide.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { ACT_BODY_BYTES_MAX, DAY_MS, SLOTS } from '../../engine/limits.js';
import type { Act } from '../../engine/programme/act.js';
import { BlockView } from '../../engine/protocol/block.js';
import { causedId } from '../../engine/protocol/caused-id.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import { type RefusalCode, refusalCode } from '../../engine/protocol/refusals.js';
import { prepareOf } from '../../engine/transfer/courier.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { Random } from '../random.js';
import { ACTS, ASSET, bodyOf, NAMES, type Wish } from './causing.js';

export const START = 20_500 * DAY_MS;
const USERS = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
const BUDGET = '#budget:a';
const FUNDS = 120;

interface Message {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** An act of a tree, under the id that it has if it is caused. */
interface Node {
  readonly owner: string;
  readonly id: string;
  readonly wish: Wish;
  readonly children: readonly Node[];
}

/** What a caller asks until it is answered for ever. */
interface Asked {
  readonly command: Command & { readonly id: string };
  code?: RefusalCode | 'ok';
}

function nodeOf(owner: string, id: string, wish: Wish): Node {
  const children = (wish.causes ?? []).map((one, i) =>
    nodeOf(one.owner, causedId({ owner, id, n: i + 1 }), one.wish),
  );
  return { owner, id, wish, children };
}

export class World {
  readonly shards: MemoryLedger[];
  readonly net: Message[] = [];
  readonly roots: Node[] = [];
  readonly asked: Asked[] = [];
  readonly #gates: readonly ForeignCheck[];
  readonly #acts: ReadonlyMap<string, Act>;
  readonly #spent = new Map<string, number>();

  constructor(count: number, acts = ACTS) {
    this.#acts = acts;
    const places = Array.from({ length: count }, (_, n) => placesOf(n, count, slotMapOf(count)));
    this.shards = places.map((one) => {
      const shard = new MemoryLedger();
      Object.assign(shard.state, { places: one });
      shard.ledger.acts = acts;
      return shard;
    });
    this.#gates = places.map((one) => new ForeignCheck(one));
    const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
    for (const shard of this.shards) shard.apply([asset], START);
    this.ask({
      type: 'transfer',
      id: 'funds',
      legs: [{ from: '@issue', to: BUDGET, asset: ASSET, amount: FUNDS }],
    });
  }

  at(owner: string): number {
    return (ownerHash(owner) & (SLOTS - 1)) % this.shards.length;
  }

  shardOf(owner: string): MemoryLedger {
    return this.shards[this.at(owner)]!;
  }

  ask(command: Command & { readonly id: string }): Asked {
    const asked = { command };
    this.asked.push(asked);
    this.again(asked);
    return asked;
  }

  again(asked: Asked): void {
    if (asked.code !== undefined) return;
    const owner = homeOwner(asked.command);
    const [outcome] = this.shardOf(owner).apply([asked.command], START);
    const code = outcome!.ok ? 'ok' : outcome!.code;
    if (code !== 'PREPARED' && code !== 'ACCOUNT_BUSY') asked.code = code;
    this.#collect(this.at(owner));
  }

  #collect(from: number): void {
    for (const said of this.shards[from]!.ledger.outbox.splice(0)) {
      const bytes = 'packed' in said ? said.packed : packCommand(said.command, said.command.id);
      this.net.push({ from, to: said.to, bytes: bytes.slice() });
    }
  }

  deliver({ from, to, bytes }: Message): void {
    if (from !== to && !this.#gates[to]!.isSound(from, bytes, 1))
      throw new Error(`${to} does not take what ${from} says: ${this.#shown(bytes)}`);
    const command = commandOfTuple(unpackTuple(bytes, 0, bytes.length));
    this.shards[to]!.apply([command as unknown as Command], START);
    this.#collect(to);
  }

  #shown(bytes: Uint8Array): string {
    return JSON.stringify(commandOfTuple(unpackTuple(bytes, 0, bytes.length)));
  }

  /** A shard asks again for all that it waits for. */
  repeat(from: number): void {
    const { transits, followUps } = this.shards[from]!.state;
    for (const { to, command } of followUps.all()) this.net.push({ from, to, bytes: command });
    for (const transit of transits.all()) {
      const { id, next } = transit;
      this.net.push({ from, to: next, bytes: packCommand(prepareOf(transit), id) });
    }
  }

  /** A shard comes back from its log; what it had to say is asked for again. */
  kill(n: number): void {
    const { blocks, state } = this.shards[n]!;
    const twin = MemoryLedger.replay(blocks, state.places);
    const [is, should] = [canonicalState(twin.state).join(), canonicalState(state).join()];
    if (is !== should) throw new Error('the log gives another state');
    twin.ledger.acts = this.#acts;
    this.shards[n] = twin;
  }

  spend(owner: string, id: string, amount: number): void {
    const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount }];
    const { code } = this.ask({ type: 'transfer', id, legs });
    if (code === 'ok') this.#spent.set(owner, (this.#spent.get(owner) ?? 0) + amount);
  }

  act(owner: string, id: string, wish: Wish): Node {
    const root = nodeOf(owner, id, wish);
    this.roots.push(root);
    this.ask({ type: 'act', id, owner, act: NAMES[0], body: bodyOf(wish) });
    return root;
  }

  /** Nothing is lost any more. */
  settle(): void {
    for (let round = 0; round < 100; round++) {
      while (this.net.length > 0) this.deliver(this.net.shift()!);
      for (const asked of this.asked) this.again(asked);
      for (const n of this.shards.keys()) this.repeat(n);
      if (this.net.length === 0 && this.asked.every(({ code }) => code !== undefined)) return;
    }
    throw new Error('it does not come to rest');
  }

  /** What became of a command: posted, what it was refused with, or nothing. */
  fate(owner: string, id: string): RefusalCode | 'ok' | undefined {
    const past = this.shardOf(owner).ledger.known.lookUp(owner, id);
    if (past === null) return undefined;
    const number = past.effects.refusalNumber(past.offset);
    return number === 0 ? 'ok' : refusalCode(number);
  }

  balance(owner: string): number {
    return balancesOf(this.shardOf(owner).state, owner, ASSET)[0]?.available ?? 0;
  }

  /** Throws where something is not as it must be in the end. */
  check(): void {
    const undone = new Map<Node, readonly number[]>();
    for (const root of this.roots) {
      this.#expectOnce(root, true);
      for (const { command, code } of this.asked)
        if (command.type === 'reverse' && command.transferId === root.id && code === 'ok')
          this.#undo(root, command.id, command.amount, command.allowDebt === true, undone);
    }
    const should = new Map<string, number>([[BUDGET, FUNDS]]);
    const add = (owner: string, by: number): void => {
      should.set(owner, (should.get(owner) ?? 0) + by);
    };
    for (const [owner, amount] of this.#spent) add(owner, -amount);
    const addAll = (node: Node): void => {
      if (this.fate(node.owner, node.id) !== 'ok') return;
      for (const [leg, { from, to, amount }] of (node.wish.legs ?? []).entries()) {
        const left = amount - (undone.get(node)?.[leg] ?? 0);
        add(from, -left);
        add(to, left);
      }
      node.children.forEach(addAll);
    };
    this.roots.forEach(addAll);
    for (const owner of [...USERS, BUDGET])
      if (this.balance(owner) !== (should.get(owner) ?? 0))
        throw new Error(`${owner} has ${this.balance(owner)}, not ${should.get(owner) ?? 0}`);
    this.#expectDelivered();
    for (const { blocks, state } of this.shards) {
      const fault = auditFault(blocks, state.places.shard, slotMapOf(state.places.shards));
      if (fault !== undefined) throw new Error(fault);
    }
    for (const n of this.shards.keys()) this.kill(n);
  }

  /** What is posted causes all of its follow-ups, and nothing else causes any. */
  #expectOnce({ owner, id, children }: Node, mayBe: boolean): void {
    const fate = this.fate(owner, id);
    if ((fate === undefined) === mayBe) throw new Error(`${id} of ${owner}: ${fate}`);
    for (const child of children) this.#expectOnce(child, fate === 'ok');
  }

  /** A posted reversal undoes what it must, down to the last. */
  #undo(
    node: Node,
    id: string,
    part: number | undefined,
    mayOwe: boolean,
    undone: Map<Node, readonly number[]>,
  ): void {
    const { wish, children, owner } = node;
    // Its id was taken before it came.
    if (this.fate(owner, node.id) !== 'ok') return;
    const legs = wish.legs ?? [];
    const before = undone.get(node) ?? legs.map(() => 0);
    undone.set(
      node,
      part === undefined
        ? legs.map(({ amount }) => amount)
        : before.map((sum, leg) => (leg === 0 && sum < legs[0]!.amount ? sum + part : sum)),
    );
    for (const [i, child] of children.entries()) {
      const asked = (wish.undoes ?? []).find(({ n }) => n === i + 1);
      if (part !== undefined && asked === undefined) continue;
      const back = causedId({ owner, id, n: i + 1 });
      const fate = this.fate(child.owner, back);
      const amount = part === undefined ? undefined : asked?.legs?.[0]?.amount;
      if (fate === 'ok') this.#undo(child, back, amount, mayOwe, undone);
      else if (fate !== 'ALREADY_REVERSED' && (fate !== 'POINTS_SHORT' || mayOwe))
        throw new Error(`${child.id} is not undone: ${fate}`);
    }
  }

  /** Each follow-up was delivered once, with the outcome that it has. */
  #expectDelivered(): void {
    const told = new Map<string, string>();
    for (const { blocks } of this.shards)
      for (const bytes of blocks) {
        const { commands, effects } = new BlockView(bytes);
        for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
          if (effects.op(at) !== OP.delivered) continue;
          const start = effects.commandOffset(at);
          const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
          const [, , id, , refusal] = tuple as [number, number, string, string, number];
          if (told.has(id)) throw new Error(`${id} is delivered twice`);
          told.set(id, refusal === 0 ? 'ok' : refusalCode(refusal));
        }
      }
    const expect = ({ owner, id, children }: Node, isCaused: boolean): void => {
      const fate = this.fate(owner, id);
      if (isCaused && told.get(id) !== fate) throw new Error(`${id}: ${fate}, not ${told.get(id)}`);
      for (const child of fate === 'ok' ? children : []) expect(child, true);
    };
    for (const root of this.roots) expect(root, false);
  }
}

function wishOf(random: Random, owner: string, depth: number): Wish {
  const legs = Array.from({ length: 1 + random.int(2) }, (_, leg) => ({
    from: leg > 0 && random.chance(0.3) ? BUDGET : '@issue',
    to: leg > 0 && random.chance(0.5) ? random.pick(USERS.filter((one) => one !== owner)) : owner,
    amount: 2 + random.int(10),
  }));
  const isAlone = random.chance(0.2);
  const count = depth === 3 ? 0 : depth === 0 ? 1 + random.int(3) : random.int(3);
  const causes = Array.from({ length: count }, () => {
    const other = random.pick(USERS);
    return { owner: other, wish: wishOf(random, other, depth + 1) };
  });
  const hasLegs = causes[0]?.wish.legs?.length ?? 0;
  const undoes = hasLegs > 0 && random.chance(0.5) ? [{ n: 1, legs: [{ leg: 0, amount: 1 }] }] : [];
  return { legs: isAlone && depth > 0 ? [] : legs, causes, ...(depth === 0 ? { undoes } : {}) };
}

/** One world, whatever goes wrong in it. */
export function anything(seed: number): World {
  const random = new Random(seed);
  const world = new World(1 + random.int(4));
  const loss = random.chance(0.3) ? 0 : random.int(5) / 10;
  const parted = new Set<string>();
  let n = 0;
  for (let steps = 40 + random.int(120); steps > 0; steps--) {
    const kind = random.int(20);
    if (kind === 0 && world.roots.length < 4) {
      const owner = random.pick(USERS);
      const wish = wishOf(random, owner, 0);
      const isTooLong = JSON.stringify(bodyOf(wish)).length > ACT_BODY_BYTES_MAX;
      if (!isTooLong) world.act(owner, `a${n++}`, wish);
    } else if (kind === 1 && world.roots.length > 0) {
      const { owner, id, wish } = random.pick(world.roots);
      const isPart = random.chance(0.4) && wish.legs!.length === 1 && !parted.has(id);
      if (isPart) parted.add(id);
      const allowDebt = random.chance(0.6);
      const more = { allowDebt, ...(isPart ? { amount: 1 } : {}) };
      world.ask({ type: 'reverse', id: `r${n++}`, owner, transferId: id, ...more });
    } else if (kind === 2) world.spend(random.pick(USERS), `s${n++}`, 1 + random.int(8));
    else if (kind === 3) world.repeat(random.int(world.shards.length));
    else if (kind === 4) world.kill(random.int(world.shards.length));
    else if (world.net.length > 0) {
      const at = random.int(world.net.length);
      const message = world.net[at]!;
      if (!random.chance(0.1)) world.net.splice(at, 1);
      if (!random.chance(loss)) world.deliver(message);
    }
  }
  world.settle();
  world.check();
  return world;
}
