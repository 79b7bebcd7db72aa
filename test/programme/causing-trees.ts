// Trees of acts that cause acts, and what must have become of them in the end, wherever they were carried out. Owns: both. Never touches: what
// shards decide.

import type { BlockView } from '../../engine/protocol/block.js';
import { causedId } from '../../engine/protocol/caused-id.js';
import { unpackTuple } from '../../engine/protocol/codec.js';
import type { ReverseCommand, TransferCommand } from '../../engine/protocol/commands.js';
import { OP } from '../../engine/protocol/layout.js';
import { type RefusalCode, refusalCode } from '../../engine/protocol/refusals.js';
import type { Random } from '../random.js';
import type { Wish } from './causing.js';

/** An act of a tree, under the id that it has if it is caused. */
export interface Node {
  readonly owner: string;
  readonly id: string;
  readonly wish: Wish;
  readonly children: readonly Node[];
}

export function nodeOf(owner: string, id: string, wish: Wish): Node {
  const children = (wish.causes ?? []).map((one, i) =>
    nodeOf(one.owner, causedId({ owner, id, n: i + 1 }), one.wish),
  );
  return { owner, id, wish, children };
}

/** Any wish of `owner`, at this depth. `pot`: who pays some of it. */
export function wishOf(
  random: Random,
  { users, pot }: { readonly users: readonly string[]; readonly pot: string },
  owner: string,
  depth = 0,
): Wish {
  const legs = Array.from({ length: 1 + random.int(2) }, (_, leg) => ({
    from: leg > 0 && random.chance(0.3) ? pot : '@issue',
    to: leg > 0 && random.chance(0.5) ? random.pick(users.filter((one) => one !== owner)) : owner,
    amount: 2 + random.int(10),
  }));
  const isAlone = random.chance(0.2);
  const count = depth === 3 ? 0 : depth === 0 ? 1 + random.int(3) : random.int(3);
  const causes = Array.from({ length: count }, () => {
    const other = random.pick(users);
    return { owner: other, wish: wishOf(random, { users, pot }, other, depth + 1) };
  });
  const hasLegs = causes[0]?.wish.legs?.length ?? 0;
  const undoes = hasLegs > 0 && random.chance(0.5) ? [{ n: 1, legs: [{ leg: 0, amount: 1 }] }] : [];
  return { legs: isAlone && depth > 0 ? [] : legs, causes, ...(depth === 0 ? { undoes } : {}) };
}

/** What became of a command: posted, what it was refused with, or nothing. */
export type Fate = RefusalCode | 'ok' | undefined;

/** What shards have come to. */
export interface Rest {
  fate(owner: string, id: string): Fate;
  balance(owner: string): number;
  /** Of all shards. */
  readonly blocks: Iterable<BlockView>;
}

/** What callers have asked for, in this order. */
export interface Asked {
  readonly roots: readonly Node[];
  readonly undoings: readonly (ReverseCommand & { readonly id: string })[];
  readonly transfers: readonly (TransferCommand & {
    readonly id: string;
    readonly owner: string;
  })[];
}

/** How often what became of follow-ups. */
export type Counts = Map<string, number>;

/** Throws where something is not as it must be in the end. */
export function checkTrees(rest: Rest, asked: Asked, owners: readonly string[]): Counts {
  const trees = new Trees(rest);
  const sums = new Map<string, number>();
  const add = (owner: string, by: number): void => {
    sums.set(owner, (sums.get(owner) ?? 0) + by);
  };
  for (const { owner, id, legs } of asked.transfers)
    for (const { from, to, amount } of rest.fate(owner, id) === 'ok' ? legs : []) {
      add(from, -amount);
      add(to, amount);
    }
  for (const root of asked.roots) {
    for (const { id, transferId, amount, allowDebt } of asked.undoings)
      if (transferId === root.id && rest.fate(root.owner, id) === 'ok')
        trees.undo(root, id, amount, allowDebt === true);
    trees.expect(root, false);
    trees.add(root, add);
  }
  for (const owner of owners)
    if (rest.balance(owner) !== (sums.get(owner) ?? 0))
      throw new Error(`${owner} has ${rest.balance(owner)}, not ${sums.get(owner) ?? 0}`);
  return trees.counts;
}

class Trees {
  readonly counts: Counts = new Map();
  readonly #rest: Rest;
  /** Of each leg. */
  readonly #undone = new Map<Node, readonly number[]>();
  readonly #told: ReadonlyMap<string, Fate>;

  constructor(rest: Rest) {
    this.#rest = rest;
    this.#told = delivered(rest.blocks);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** What is posted causes all of its follow-ups, each delivered with the outcome that it has; nothing else causes any. */
  expect({ owner, id, children }: Node, isCaused: boolean, depth = 0): void {
    const fate = this.#rest.fate(owner, id);
    const told = this.#told.get(id);
    if (isCaused && fate === undefined) throw new Error(`${id} of ${owner} was forgotten`);
    if (depth > 0 && !isCaused && fate !== undefined) throw new Error(`${id} has no cause`);
    if (depth > 0 && told !== fate) throw new Error(`${id}: ${fate}, and ${told} was delivered`);
    if (isCaused) this.#count(`${depth} deep ${fate}`);
    for (const child of children) this.expect(child, fate === 'ok', depth + 1);
  }

  /** A posted reversal undoes what it must, down to the last. */
  undo(node: Node, id: string, part: number | undefined, mayOwe: boolean): void {
    const { wish, children, owner } = node;
    // Its id was taken before it came, or it was refused.
    if (this.#rest.fate(owner, node.id) !== 'ok') return;
    const legs = wish.legs ?? [];
    const before = this.#undone.get(node) ?? legs.map(() => 0);
    const now = before.map((sum, leg) => (leg === 0 && sum < legs[0]!.amount ? sum + part! : sum));
    this.#undone.set(node, part === undefined ? legs.map(({ amount }) => amount) : now);
    for (const [i, child] of children.entries()) {
      const asked = (wish.undoes ?? []).find(({ n }) => n === i + 1);
      if (part !== undefined && asked === undefined) continue;
      const back = causedId({ owner, id, n: i + 1 }, node.id);
      const fate = this.#rest.fate(child.owner, back);
      this.#count(`undone ${fate}${part === undefined ? '' : ' in part'}`);
      const amount = part === undefined ? undefined : asked?.legs?.[0]?.amount;
      if (this.#told.get(back) !== fate) throw new Error(`${back} was not delivered`);
      if (fate === 'ok') this.undo(child, back, amount, mayOwe);
      else if (fate !== 'ALREADY_REVERSED' && (fate !== 'POINTS_SHORT' || mayOwe))
        throw new Error(`${child.id} is not undone: ${fate}`);
    }
  }

  /** What is left of what it moves. */
  add(node: Node, add: (owner: string, by: number) => void): void {
    if (this.#rest.fate(node.owner, node.id) !== 'ok') return;
    for (const [leg, { from, to, amount }] of (node.wish.legs ?? []).entries()) {
      const left = amount - (this.#undone.get(node)?.[leg] ?? 0);
      add(from, -left);
      add(to, left);
    }
    for (const child of node.children) this.add(child, add);
  }
}

/** What was delivered of follow-ups. */
function delivered(blocks: Iterable<BlockView>): ReadonlyMap<string, Fate> {
  const told = new Map<string, Fate>();
  for (const { commands, effects } of blocks)
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      if (effects.op(at) !== OP.delivered) continue;
      const start = effects.commandOffset(at);
      const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
      const [, , id, , refusal] = tuple as [number, number, string, string, number];
      if (told.has(id)) throw new Error(`${id} is delivered twice`);
      told.set(id, refusal === 0 ? 'ok' : refusalCode(refusal));
    }
  return told;
}
