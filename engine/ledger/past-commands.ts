// Earlier commands by their ids, out of the log. Owns: which of the records under a key is meant. Never touches: what it did.

import { saidIn, type Tuple, unpackTuple } from '../protocol/codec.js';
import { ownerHash } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { Key } from './keys.js';
import { holdKey } from './page-items.js';
import { APPLIED } from './result.js';
import type { PastRecord, State } from './state.js';

const { reverse: REVERSED } = PLACES;

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
      : { ...(latest as PastRecord), tuple: found.tuple, command: found.command };
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

  /** The command that this owner's id belongs to; null: the id was never used. */
  lookUp(owner: string, id: string): PastRecord | null {
    this.#asked.set(owner, id);
    return this.confirm(this.#asked, owner, id);
  }

  /** The asset that an owner's hold is or was in; undefined: there has been none. */
  assetOfHold(owner: string, holdId: string): string | undefined {
    const { pages, assets } = this.#state;
    const open = pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, holdId));
    if (open !== undefined) return assets.at(open.asset).asset;
    const past = this.lookUp(owner, holdId);
    const isHold =
      past?.tuple[1] === OP.hold && past.effects.refusalNumber(past.offset) === APPLIED;
    return isHold ? saidIn<'hold'>(past.tuple).asset : undefined;
  }

  /** Was a transfer of this owner reversed? */
  isReversed(owner: string, transferId: string): boolean {
    const found = this.#candidate(this.reversedKey(owner, transferId), (tuple) => {
      const reversal = reversalIn(tuple);
      if (reversal[1] !== OP.reverse) return false;
      return reversal[REVERSED.owner] === owner && reversal[REVERSED.transferId] === transferId;
    });
    return found !== null;
  }
}

/** The reversal that a record is of, or decides. */
function reversalIn(tuple: Tuple): Tuple {
  const carried =
    tuple[1] === OP.decision ? (tuple[PLACES.decision.transfer] as Uint8Array | null) : null;
  return carried === null ? tuple : unpackTuple(carried, 0, carried.length);
}
