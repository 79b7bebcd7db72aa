// Worlds in which acts cause acts: shards in memory, messages that are lost, late, doubled and in any order, shards that are killed and come
// back from their log, undoings at every point. Owns: what goes wrong. Never touches: what shards decide; what must be in the end.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { ACT_BODY_BYTES_MAX, DAY_MS, SLOTS } from '../../engine/limits.js';
import type { Act } from '../../engine/programme/act.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import { type RefusalCode, refusalCode } from '../../engine/protocol/refusals.js';
import { prepareOf } from '../../engine/transfer/courier.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { Random } from '../random.js';
import { ACTS, ASSET, bodyOf, NAMES, type Wish } from './causing.js';
import {
  type Asked,
  type Counts,
  checkTrees,
  type Fate,
  type Node,
  nodeOf,
  wishOf,
} from './causing-trees.js';

export const START = 20_500 * DAY_MS;
const USERS = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
const POT = '#budget:a';
const FUNDS = 20;

interface Message {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

type Identified<C> = C & { readonly id: string };

/** What a caller asks until it is answered for ever. */
interface Question {
  readonly command: Identified<Command>;
  code?: RefusalCode | 'ok';
}

export class World {
  readonly shards: MemoryLedger[];
  readonly net: Message[] = [];
  readonly #asked = {
    roots: [] as Node[],
    undoings: [] as Asked['undoings'][number][],
    transfers: [] as Asked['transfers'][number][],
  } satisfies Asked;
  readonly #questions: Question[] = [];
  readonly gates: readonly ForeignCheck[];
  readonly #acts: ReadonlyMap<string, Act>;

  constructor(count: number, acts = ACTS) {
    this.#acts = acts;
    const places = Array.from({ length: count }, (_, n) => placesOf(n, count, slotMapOf(count)));
    this.shards = places.map((one) => {
      const shard = new MemoryLedger();
      Object.assign(shard.state, { places: one });
      shard.ledger.acts = acts;
      return shard;
    });
    this.gates = places.map((one) => new ForeignCheck(one));
    const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
    for (const shard of this.shards) shard.apply([asset], START);
    this.move('funds', POT, { from: '@issue', to: POT, amount: FUNDS });
  }

  get roots(): readonly Node[] {
    return this.#asked.roots;
  }

  at(owner: string): number {
    return (ownerHash(owner) & (SLOTS - 1)) % this.shards.length;
  }

  shardOf(owner: string): MemoryLedger {
    return this.shards[this.at(owner)]!;
  }

  ask(command: Identified<Command>): Question {
    const question = { command };
    this.#questions.push(question);
    this.#again(question);
    return question;
  }

  #again(question: Question): void {
    if (question.code !== undefined) return;
    const owner = homeOwner(question.command);
    const [outcome] = this.shardOf(owner).apply([question.command], START);
    const code = outcome!.ok ? 'ok' : outcome!.code;
    if (code !== 'PREPARED' && code !== 'ACCOUNT_BUSY') question.code = code;
    this.#collect(this.at(owner));
  }

  #collect(from: number): void {
    for (const said of this.shards[from]!.ledger.outbox.splice(0)) {
      const bytes = 'packed' in said ? said.packed : packCommand(said.command, said.command.id);
      this.net.push({ from, to: said.to, bytes: bytes.slice() });
    }
  }

  deliver({ from, to, bytes }: Message): void {
    const command = commandOfTuple(unpackTuple(bytes, 0, bytes.length));
    if (from !== to && !this.gates[to]!.isSound(from, bytes, 1))
      throw new Error(`X6: ${to} does not take ${JSON.stringify(command)} of ${from}`);
    this.shards[to]!.apply([command as unknown as Command], START);
    this.#collect(to);
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

  move(
    id: string,
    owner: string,
    leg: { readonly from: string; readonly to: string; readonly amount: number },
  ): void {
    const command = { type: 'transfer', id, owner, legs: [{ ...leg, asset: ASSET }] } as const;
    this.#asked.transfers.push(command);
    this.ask(command);
  }

  act(owner: string, id: string, wish: Wish): Node {
    const root = nodeOf(owner, id, wish);
    this.#asked.roots.push(root);
    this.ask({ type: 'act', id, owner, act: NAMES[0], body: bodyOf(wish) });
    return root;
  }

  undo(
    { owner, id: transferId }: Node,
    id: string,
    more: { readonly allowDebt?: boolean; readonly amount?: number } = {},
  ): Question {
    const command = { type: 'reverse', id, owner, transferId, ...more } as const;
    this.#asked.undoings.push(command);
    return this.ask(command);
  }

  /** Nothing is lost any more. */
  settle(): void {
    for (let round = 0; round < 100; round++) {
      while (this.net.length > 0) this.deliver(this.net.shift()!);
      for (const question of this.#questions) this.#again(question);
      for (const n of this.shards.keys()) this.repeat(n);
      const isDone = this.#questions.every(({ code }) => code !== undefined);
      if (this.net.length === 0 && isDone) return;
    }
    throw new Error('it does not come to rest');
  }

  fate(owner: string, id: string): Fate {
    const past = this.shardOf(owner).ledger.known.lookUp(owner, id);
    if (past === null) return undefined;
    const number = past.effects.refusalNumber(past.offset);
    return number === 0 ? 'ok' : refusalCode(number);
  }

  balance(owner: string): number {
    return balancesOf(this.shardOf(owner).state, owner, ASSET)[0]?.available ?? 0;
  }

  get blocks(): BlockView[] {
    return this.shards.flatMap(({ blocks }) => blocks.map((bytes) => new BlockView(bytes)));
  }

  /** Throws where something is not as it must be in the end. */
  check(): Counts {
    const counts = checkTrees(this, this.#asked, [...USERS, POT]);
    for (const { blocks, state } of this.shards) {
      const fault = auditFault(blocks, state.places.shard, slotMapOf(state.places.shards));
      if (fault !== undefined) throw new Error(fault);
    }
    for (const n of this.shards.keys()) this.kill(n);
    return counts;
  }
}

/** One world, whatever goes wrong in it. */
export function anything(seed: number): Counts {
  const random = new Random(seed);
  const world = new World(1 + random.int(4));
  const loss = random.chance(0.3) ? 0 : random.int(5) / 10;
  const parted = new Set<string>();
  let n = 0;
  for (let steps = 40 + random.int(120); steps > 0; steps--) {
    const kind = random.int(20);
    if (kind === 0 && world.roots.length < 4) {
      const owner = random.pick(USERS);
      const wish = wishOf(random, { users: USERS, pot: POT }, owner);
      const isTooLong = JSON.stringify(bodyOf(wish)).length > ACT_BODY_BYTES_MAX;
      if (!isTooLong) world.act(owner, `a${n++}`, wish);
    } else if (kind === 1 && world.roots.length > 0) {
      const root = random.pick(world.roots);
      const isPart = random.chance(0.4) && root.wish.legs!.length === 1 && !parted.has(root.id);
      if (isPart) parted.add(root.id);
      const allowDebt = random.chance(0.6);
      world.undo(root, `r${n++}`, { allowDebt, ...(isPart ? { amount: 1 } : {}) });
    } else if (kind === 2) {
      const from = random.pick(USERS);
      world.move(`s${n++}`, from, { from, to: '@redeem', amount: 1 + random.int(8) });
    } else if (kind === 3) world.repeat(random.int(world.shards.length));
    else if (kind === 4) world.kill(random.int(world.shards.length));
    else if (world.net.length > 0) {
      const at = random.int(world.net.length);
      const message = world.net[at]!;
      if (!random.chance(0.1)) world.net.splice(at, 1);
      if (!random.chance(loss)) world.deliver(message);
    }
  }
  world.settle();
  return world.check();
}
