// Earlier commands by their ids, out of the log. Owns: which of the records under a key is meant. Never touches: what it did.
//   ledger.I3. A platform's X is its own one, else the one from before ids were platforms': the same for whatever it names, looks up or undoes.

import { SCOPED_IDS_VERSION } from '../protocol/block.js';
import { saidIn, type Tuple, unpackTuple } from '../protocol/codec.js';
import { ENTRY, type EntryView, EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { isPassing } from '../protocol/refusals.js';
import { bareId, scopeOf } from '../protocol/scope.js';
import { planOfTuple, reversalBy } from '../transfer/carried.js';
import { Key } from './keys.js';
import { holdKey } from './page-items.js';
import { APPLIED } from './result.js';
import type { PastRecord, State } from './state.js';

const { reverse: REVERSED } = PLACES;

const NOWHERE: ReadonlyMap<number, number> = new Map();

export class PastCommands {
  readonly #state: State;
  /** The key of what was asked for last. */
  readonly #asked = new Key();

  constructor(state: State) {
    this.#state = state;
  }

  /** The key under which it is noted that a transfer was reversed. */
  reversedKey(owner: string, transferId: string): Key {
    this.#asked.set(owner, `${transferId}\0reversed`);
    return this.#asked;
  }

  /** How the owner's command with this id stands: itself, with the effects of its decision where there is one. */
  confirm(key: Key, owner: string, id: string): PastRecord | null {
    let latest: PastRecord | null = null;
    const found = this.#candidate(key, (tuple, record) => {
      if (tuple[2] !== id || homeOwnerOfTuple(tuple) !== owner) return false;
      latest ??= record;
      return tuple[1] !== OP.decision;
    });
    return found === null || latest === null || latest === found
      ? found
      : {
          ...(latest as PastRecord),
          tuple: found.tuple,
          command: found.command,
          rules: found.rules,
        };
  }

  #candidate(
    { hi, lo }: Key,
    fits: (tuple: Tuple, record: PastRecord) => boolean,
  ): PastRecord | null {
    const { ids, past } = this.#state;
    const count = ids.find(hi, lo);
    for (let i = 0; i < count; i++) {
      const record = past.read(ids.foundSeq[i] as number, ids.foundOffset[i] as number);
      const op = record.tuple[1] as number;
      if (op !== OP.tick && op !== OP['define-asset'] && fits(record.tuple, record)) return record;
    }
    return null;
  }

  /**
   * The id in the log of what a caller names (ledger.I3): a platform's own, else one from before ids were platforms'.
   */
  meant(owner: string, id: string): string {
    return scopeOf(id) === undefined ||
      this.lookUp(owner, id) !== null ||
      this.shared(owner, id) === null
      ? id
      : bareId(id);
  }

  /** What was written under a platform's id before ids were platforms': whose it is, was not written down. */
  shared(owner: string, id: string): PastRecord | null {
    const past = this.lookUp(owner, bareId(id));
    return past !== null && past.rules < SCOPED_IDS_VERSION ? past : null;
  }

  /** The command that this owner's id belongs to; null: the id was never used, or is free again. */
  lookUp(owner: string, id: string): PastRecord | null {
    this.#asked.set(owner, id);
    const found = this.confirm(this.#asked, owner, id);
    return found !== null && isFree(found) ? null : found;
  }

  /** The asset that an owner's hold is or was in; undefined: there has been none. */
  assetOfHold(owner: string, holdId: string): string | undefined {
    const { pages, assets } = this.#state;
    const open = pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, holdId));
    if (open !== undefined && !open.isPending) return assets.at(open.asset).asset;
    const past = this.lookUp(owner, holdId);
    if (past === null || past.effects.refusalNumber(past.offset) !== APPLIED) return undefined;
    if (past.tuple[1] === OP.hold) return saidIn<'hold'>(past.tuple).asset;
    return past.tuple[1] === OP.act ? planOfTuple(past.tuple)?.hold?.asset : undefined;
  }

  /**
   * How much of each leg reversals of a transfer have undone so far; null: it has not been reversed; 'whole': by rules of version 1,
   * which knew no parts.
   */
  undoneOf(owner: string, transferId: string): ArrayLike<number> | 'whole' | null {
    const found = this.#candidate(this.reversedKey(owner, transferId), (tuple) => {
      const reversal = reversalIn(tuple);
      if (reversal[1] !== OP.reverse) return false;
      return reversal[REVERSED.owner] === owner && reversal[REVERSED.transferId] === transferId;
    });
    if (found === null) return null;
    const { effects, offset } = found;
    const said = effects.extras(offset).find(({ tag }) => tag === EXTRA.reversed);
    return said?.numbers ?? 'whole';
  }

  /** The key under which it is noted what expired out of a lot. */
  lotKey(owner: string, asset: number, expiry: number): Key {
    this.#asked.set(owner, `\0${asset}\0${expiry}`);
    return this.#asked;
  }

  /** Where points of a lot have gone, and no reversal has followed them: amounts by lot. */
  movedFrom(owner: string, asset: number, expiry: number): ReadonlyMap<number, number> {
    const { hi, lo } = this.lotKey(owner, asset, expiry);
    const { ids, past } = this.#state;
    const count = ids.find(hi, lo);
    if (count === 0) return NOWHERE;
    const found = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const { effects, offset } = past.read(
        ids.foundSeq[i] as number,
        ids.foundOffset[i] as number,
      );
      for (const { tag, numbers, texts } of effects.extras(offset)) {
        if (tag !== EXTRA.moved || texts[0] !== owner) continue;
        const [of, from, to = 0, amount = 0] = numbers;
        if (of === asset && from === expiry) found.set(to, (found.get(to) ?? 0) + amount);
      }
    }
    return found;
  }

  /** What has expired out of a lot and was not brought back. */
  expiredFrom(owner: string, asset: number, expiry: number): number {
    const { hi, lo } = this.lotKey(owner, asset, expiry);
    const { ids, past } = this.#state;
    const count = ids.find(hi, lo);
    let expired = 0;
    for (let i = 0; i < count; i++) {
      const { effects, offset } = past.read(
        ids.foundSeq[i] as number,
        ids.foundOffset[i] as number,
      );
      for (const { tag, numbers, texts } of effects.extras(offset)) {
        if (tag !== EXTRA.broughtBack || texts[0] !== owner) continue;
        if (numbers[0] === asset && numbers[1] === expiry) return expired + (numbers[2] as number);
      }
      for (const entry of effects.entries(offset))
        if (entry.type === ENTRY.expire && entry.owner === owner && entry.asset === asset)
          expired += expiredOf(entry, expiry);
    }
    return expired;
  }
}

/** Was its command refused for now, and its id so free again (transfer.X7)? */
export const isFree = ({ effects, offset }: PastRecord): boolean =>
  isPassing(effects.refusalNumber(offset));

/** What an entry says expired out of a lot. */
function expiredOf({ slices }: EntryView, expiry: number): number {
  for (let i = 0; i < slices.length; i += 3)
    if (slices[i] === expiry) return -(slices[i + 1] as number) - (slices[i + 2] as number);
  return 0;
}

/** The reversal that a record is of, or carries. */
function reversalIn(tuple: Tuple): Tuple {
  let carried: Uint8Array | null = null;
  if (tuple[1] === OP.decision) carried = tuple[PLACES.decision.transfer] as Uint8Array | null;
  else if (tuple[1] === OP.prepare) carried = tuple[PLACES.prepare.transfer] as Uint8Array;
  if (carried === null) return reversalBy(tuple) ?? tuple;
  return unpackTuple(carried, 0, carried.length);
}
