// What holds have, out of one shard's log: who takes from them and puts back, and nothing else. Owns: that adding up.
// Never touches: state but to compare it.
//   H1. A hold's slices are the held parts of its account's lots that belong to it.
//   N1. A pending earning begins with its transfer, is activated as a whole, and gets smaller by reversals of that transfer.
//   H2. A hold keeps its asset and deadline, and changes by what is captured, given back by a refusal, or released.
//   D3. Nothing is left that was due by the time of the last block.

import { balanceAt, balancesOf } from '../../engine/ledger/reads.js';
import { AMOUNT_MAX, NEVER } from '../../engine/limits.js';
import type { Tuple } from '../../engine/protocol/codec.js';
import { type EffectReader, EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../../engine/protocol/layout.js';
import type { SimShard } from './shard.js';

interface Held {
  readonly asset: number;
  readonly deadline: number;
  remaining: number;
  slices: readonly number[];
}

/** A record, and the command that it is of or that it carries. */
export interface HoldRecord {
  readonly effects: EffectReader;
  readonly offset: number;
  readonly tuple: Tuple;
  readonly time: number;
}

/** Places in a capture. */
const [OWNER, AMOUNT, RELEASE_REST] = [7, 10, 11] as const;

/** What a hold or a pending earning begins with. */
const begun = (tuple: Tuple): unknown =>
  tuple[1] === OP.hold ? tuple[9] : sumOf(tuple.slice(PLACES.transfer.legs));

/** Of a transfer's legs. */
function sumOf(legs: Tuple): number {
  let sum = 0;
  for (let i = 0; i < legs.length; i += LEG_PLACES) sum += legs[i + LEG.amount] as number;
  return sum;
}

/** What a reversal took out of what is held. */
const takenBack = (effects: EffectReader, offset: number): number =>
  effects.entries(offset).reduce((sum, { heldDelta }) => sum - heldDelta, 0);

export class HoldBooks {
  readonly #shard: SimShard;
  readonly #holds = new Map<string, Held>();
  /** Open captures between shards, by owner and id: what they took, and whether the rest is to be released. */
  readonly #open = new Map<string, { readonly amount: number; readonly isLast: boolean }>();

  constructor(shard: SimShard) {
    this.#shard = shard;
  }

  #demand(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${what} on shard ${this.#shard.number}`);
  }

  add(record: HoldRecord): void {
    const { effects, offset, tuple } = record;
    const written = effects.extras(offset).filter(({ tag }) => tag === EXTRA.hold);
    const isDecided = tuple[1] === OP.decision && this.#open.has(`${tuple[3]} ${tuple[2]}`);
    this.#demand(!isDecided || written.length === 1, `H2: ${tuple[2]} says nothing of its hold`);
    for (const { numbers, texts } of written) {
      const [asset, remaining, deadline, ...slices] = numbers as Iterable<number> as number[];
      const name = texts.slice(0, 2).join(' ');
      const known = this.#holds.get(name);
      const should = known === undefined ? begun(tuple) : this.#after(record, known, texts[2]);
      this.#demand(remaining === should, `H2: hold ${name} has ${remaining}, not ${should},`);
      const keeps = known ?? { asset, deadline };
      const isPending = texts.length === 3;
      const isIt = known !== undefined || tuple[1] === (isPending ? OP.transfer : OP.hold);
      this.#demand(
        isIt && asset === keeps.asset && deadline === keeps.deadline,
        `H2: hold ${name} is another`,
      );
      this.#holds.set(name, {
        asset: asset!,
        deadline: deadline!,
        remaining: remaining!,
        slices,
      });
    }
  }

  /** What a hold must have after the record. */
  #after(
    { effects, offset, tuple, time }: HoldRecord,
    { remaining, deadline }: Held,
    pending: string | undefined,
  ): number {
    const [, op, id] = tuple;
    // A pending earning has less from then on, a hold other points, as many as before.
    if (effects.extras(offset).some(({ tag }) => tag === EXTRA.reversed))
      return pending === undefined ? remaining : remaining - takenBack(effects, offset);
    if (op === OP.release || op === OP['confirm-pending']) return 0;
    if (op === OP.tick) {
      this.#demand(deadline <= time, `H2: a hold until ${deadline} is released at ${time}`);
      return 0;
    }
    if (op === OP.capture) {
      const amount = (tuple[AMOUNT] as number | null) ?? remaining;
      const isLast = tuple[RELEASE_REST] === true;
      const transit = effects.extras(offset).find(({ tag }) => tag === EXTRA.transit);
      if (transit?.numbers[0] !== TRANSIT.open) return isLast ? 0 : remaining - amount;
      this.#open.set(`${tuple[OWNER]} ${id}`, { amount, isLast });
      return remaining - amount;
    }
    const key = `${tuple[3]} ${id}`;
    const open = this.#open.get(key);
    this.#demand(op === OP.decision && open !== undefined, `H2: op ${op} ${id} changes a hold`);
    this.#open.delete(key);
    if (effects.refusalNumber(offset) !== 0) return remaining + open!.amount;
    return open!.isLast ? 0 : remaining;
  }

  /** Throws where the state says otherwise. `time`: of the last block. */
  compare(time: number): void {
    const { state } = this.#shard;
    const { pages, assets } = state;
    const held = new Map<string, number>();
    let count = 0;
    for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
      const page = pages.page(bucket);
      for (const { owner, id, ...hold } of page.holds?.values() ?? []) {
        const name = `${owner} ${id}`;
        count++;
        const known = this.#holds.get(name);
        const isSame =
          known?.asset === hold.asset &&
          known.deadline === hold.deadline &&
          known.remaining === hold.remaining &&
          known.slices.join() === hold.slices.join();
        this.#demand(isSame, `H2: hold ${name} is not what the log says`);
        this.#demand(hold.deadline > time, `D3: hold ${name} was due`);
        for (let i = 0; i < hold.slices.length; i += 2) {
          const lot = `${owner} ${assets.at(hold.asset).asset} ${hold.slices[i]}`;
          held.set(lot, (held.get(lot) ?? 0) + hold.slices[i + 1]!);
        }
      }
      for (let i = 0; i < page.count; i++) this.#compareLots(balanceAt(state, page, i), held, time);
    }
    const open = [...this.#holds.values()].filter(({ remaining }) => remaining > 0);
    this.#demand(open.length === count, `H2: ${count} holds, and ${open.length} in the log`);
  }

  /** H1, and that what is past its expiry is not there any more, where `@expire` has room for it. */
  #compareLots(
    { owner, asset, lots, closed }: ReturnType<typeof balanceAt>,
    held: ReadonlyMap<string, number>,
    time: number,
  ): void {
    this.#demand(!closed || lots.length === 0, `${owner} ${asset} is closed and has lots`);
    for (const lot of lots) {
      const expiry = lot.expiresAt ?? NEVER;
      const should = held.get(`${owner} ${asset} ${expiry}`) ?? 0;
      this.#demand(
        lot.held === should,
        `H1: ${owner} ${asset} holds ${lot.held} of ${expiry}, its holds ${should},`,
      );
    }
    const dueBy = (by: number): number =>
      lots.reduce((sum, lot) => sum + ((lot.expiresAt ?? NEVER) <= by ? lot.available : 0), 0);
    // An account expires as a whole, at the last tick.
    const isRight = dueBy(time) === 0 || this.#isFull(asset, dueBy(this.#shard.ledger.draft.time));
    this.#demand(isRight, `D3: ${owner} ${asset} has points past their expiry`);
  }

  /** Has `@expire` no room for so much? */
  #isFull(asset: string, amount: number): boolean {
    const [sink] = balancesOf(this.#shard.state, '@expire', asset);
    return sink !== undefined && sink.earned + amount > AMOUNT_MAX;
  }
}
