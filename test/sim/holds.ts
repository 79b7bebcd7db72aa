// What holds have, out of one shard's log: who takes from them and puts back, and nothing else. Owns: that adding up.
// Never touches: state but to compare it.
//   H1. A hold's slices are the held parts of its account's lots that belong to it.
//   N1. A pending earning begins with its transfer, is activated as a whole, and gets smaller by reversals of that transfer.
//   H2. A hold keeps its asset and deadline, and changes by what is captured, given back by a refusal, or released.
//   D3. Nothing is left that was due by the time of the last block.

import { balanceAt, balancesOf } from '../../engine/ledger/reads.js';
import { AMOUNT_MAX, NEVER } from '../../engine/limits.js';
import type { PlannedHold } from '../../engine/programme/act.js';
import { commandOfTuple, legsOf, type Tuple } from '../../engine/protocol/codec.js';
import type { CaptureCommand } from '../../engine/protocol/commands.js';
import { type EffectReader, EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../../engine/protocol/layout.js';
import { planOfTuple } from '../../engine/transfer/carried.js';
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
  /** The command's bytes. */
  readonly command: Uint8Array;
  readonly time: number;
}

/** Of what a leg of an act has pending, which leg; undefined: it is another hold. */
function legIn(name: string): number | undefined {
  const [, leg] = name.split('#');
  return leg === undefined ? undefined : Number(leg);
}

/** What a hold or a pending earning begins with; of an act: of the one that is posted. */
function begun(tuple: Tuple, name: string): unknown {
  const leg = legIn(name);
  if (leg !== undefined) return legsOf(tuple)[leg]?.amount;
  if (tuple[1] === OP.hold) return tuple[PLACES.hold.amount];
  if (tuple[1] === OP.act) return planOfTuple(tuple)?.hold?.amount;
  return sumOf(tuple.slice(PLACES.transfer.legs));
}

/** By hold, what a command takes, and whether the rest is released. */
type Taken = ReadonlyMap<string, { readonly amount: number; readonly isLast: boolean }>;

/** What a record does to one hold. */
interface Own {
  readonly taken: { readonly amount: number; readonly isLast: boolean } | undefined;
  readonly isOpened: boolean;
  readonly isDecided: boolean;
}

/** Of a transfer's legs. */
function sumOf(legs: Tuple): number {
  let sum = 0;
  for (let i = 0; i < legs.length; i += LEG_PLACES) sum += legs[i + LEG.amount] as number;
  return sum;
}

/** What is left of a transfer, or of a leg of an act, by the record of what undoes a part of it. */
function leftAfter(undone: readonly number[], name: string): number {
  const left = undone.slice(undone.length / 2);
  const leg = legIn(name);
  return leg === undefined ? left.reduce((sum, one) => sum + one, 0) : (left[leg] as number);
}

export class HoldBooks {
  readonly #shard: SimShard;
  readonly #holds = new Map<string, Held>();
  /** Open captures and acts between shards, by owner and id. */
  readonly #open = new Map<string, { readonly said: Tuple; readonly taken: Taken }>();

  constructor(shard: SimShard) {
    this.#shard = shard;
  }

  #demand(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${what} on shard ${this.#shard.number}`);
  }

  /** What a capture or an act takes. */
  #takenBy(tuple: Tuple): Taken {
    if (tuple[1] === OP.capture) {
      const { owner, holdId, amount, releaseRest } = commandOfTuple(tuple) as CaptureCommand;
      const remaining = this.#holds.get(`${owner} ${holdId}`)?.remaining ?? 0;
      return new Map([[holdId, { amount: amount ?? remaining, isLast: releaseRest === true }]]);
    }
    const legs = tuple[1] === OP.act ? legsOf(tuple) : [];
    const takes = (tuple[1] === OP.act && planOfTuple(tuple)?.takes) || [];
    return new Map(
      takes.map(({ holdId, legs: own, isReleased: isLast }) => {
        const amount = own.reduce((sum, leg) => sum + legs[leg]!.amount, 0);
        return [holdId, { amount, isLast }];
      }),
    );
  }

  add(record: HoldRecord): void {
    const { effects, offset, tuple } = record;
    const extras = effects.extras(offset);
    const isOpened = extras.some(
      ({ tag, numbers }) => tag === EXTRA.transit && numbers[0] === TRANSIT.open,
    );
    const key = `${homeOwnerOfTuple(tuple)} ${tuple[2]}`;
    const opened = tuple[1] === OP.decision ? this.#open.get(key) : undefined;
    const { said, taken } = opened ?? { said: tuple, taken: this.#takenBy(tuple) };
    const isRefused = effects.refusalNumber(offset) !== 0;
    const written = extras.filter(({ tag }) => tag === EXTRA.hold);
    const isDone = !isRefused || opened !== undefined;
    const names = [...taken].flatMap(([id, { amount }]) => (isDone && amount > 0 ? [id] : []));
    const made = said[1] === OP.act && !isRefused && !isOpened && planOfTuple(said)?.hold;
    if (made) names.push(said[2] as string);
    for (const name of names) {
      const times = written.filter(({ texts }) => texts[1] === name).length;
      this.#demand(times === 1, `H2: ${said[2]} says ${times} times what hold ${name} has`);
    }
    for (const { numbers, texts } of written) {
      const [asset, remaining, deadline, ...slices] = numbers as Iterable<number> as number[];
      const name = texts.slice(0, 2).join(' ');
      const known = this.#holds.get(name);
      const own = { taken: taken.get(texts[1]!), isOpened, isDecided: opened !== undefined };
      const should =
        known === undefined ? begun(said, texts[1]!) : this.#after(record, known, texts, own);
      this.#demand(remaining === should, `H2: hold ${name} has ${remaining}, not ${should},`);
      const isPending = texts.length === 3;
      const ofLeg = planOfTuple(said)?.pending?.find(([leg]) => leg === legIn(texts[1]!));
      const terms = ofLeg ? { asset, deadline: ofLeg[1] ?? NEVER } : { asset, deadline };
      const keeps = known ?? (made && !isPending ? this.#asPlanned(made) : terms);
      const isMade = isPending ? said[1] === OP.transfer || ofLeg !== undefined : made;
      const isIt = known !== undefined || isMade || (!isPending && said[1] === OP.hold);
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
    if (opened !== undefined) this.#open.delete(key);
    else if (isOpened && (taken.size > 0 || tuple[1] === OP.act))
      this.#open.set(key, { said, taken });
  }

  #asPlanned({ asset, deadline = NEVER }: PlannedHold): Pick<Held, 'asset' | 'deadline'> {
    return { asset: this.#shard.state.assets.indexOf(asset), deadline };
  }

  /** What a hold must have after the record. */
  #after(
    { effects, offset, tuple, time }: HoldRecord,
    { remaining, deadline }: Held,
    [, name, pending]: readonly string[],
    { taken, isOpened, isDecided }: Own,
  ): number {
    const [, op, id] = tuple;
    // A pending earning has less from then on, a hold other points, as many as before.
    const reversed = effects.extras(offset).find(({ tag }) => tag === EXTRA.reversed);
    if (reversed !== undefined)
      return pending === undefined ? remaining : leftAfter([...reversed.numbers], name!);
    if (op === OP.release || op === OP['confirm-pending']) return 0;
    if (op === OP.tick) {
      this.#demand(deadline <= time, `H2: a hold until ${deadline} is released at ${time}`);
      return 0;
    }
    this.#demand(taken !== undefined, `H2: op ${op} ${id} changes hold ${name}`);
    const { amount, isLast } = taken!;
    const isRefused = effects.refusalNumber(offset) !== 0;
    if (isRefused) return remaining + amount;
    if (isLast && !isOpened) return 0;
    return isDecided ? remaining : remaining - amount;
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
