// What the next commands will need of memory, asked for together, so that the waits for it overlap.
// Owns: the keys of those commands. Never touches: what any of them does.
//   X1. Nothing is changed or read in, and everything it gives follows from the commands: without it, all is the same.

import { CODEC_VERSION, OP, type Tuple } from '../protocol/codec.js';
import { ownerHash } from '../protocol/hash.js';
import { isSystemOwner } from '../protocol/validate.js';
import { Key } from './keys.js';
import { type Page, tagOf } from './page.js';
import type { State } from './state.js';

/** Commands looked at together: enough for the waits to overlap, few enough for the nearest cache. */
const GROUP = 32;
/** Place of the second owner and the asset in a transfer's tuple, where the home owner is in its first leg. */
const [LEG_FROM, LEG_TO, LEG_ASSET] = [10, 11, 12];

export class Foresight {
  readonly #state: State;
  readonly #keys: Key[] = [];
  readonly #pages: (Page | null)[] = new Array(2 * GROUP).fill(null);
  readonly #tags = new Int32Array(2 * GROUP);
  readonly #places = new Int32Array(2 * GROUP);
  #tuples: readonly Tuple[] = [];
  #from = 0;
  #at = 0;
  #end = 0;
  /** Keeps what was read, so that it is read. */
  seen = 0;

  constructor(state: State) {
    this.#state = state;
    for (let i = 0; i < GROUP; i++) this.#keys.push(new Key());
  }

  /** The key of a command, at hand where look() has come by it. `own`: where to put it otherwise. */
  keyOf(tuple: Tuple, own: Key): Key {
    while (this.#at < this.#end) {
      const at = this.#at++;
      if (this.#tuples[at] === tuple) return this.#keys[at - this.#from] as Key;
    }
    own.setCommand(tuple);
    return own;
  }

  /** Looks at the commands from `from` on, unless it has already. */
  look(tuples: readonly Tuple[], from: number): void {
    if (tuples === this.#tuples && from < this.#end) return;
    this.#tuples = tuples;
    this.#from = from;
    this.#at = from;
    this.#end = Math.min(tuples.length, from + GROUP);
    const count = this.#findPages();
    let seen = 0;
    for (let i = 0; i < count; i++) seen |= this.#pages[i]?.touchTags() ?? 0;
    for (let i = 0; i < count; i++)
      this.#places[i] = this.#pages[i]?.placeOfTag(this.#tags[i] as number) ?? -1;
    for (let i = 0; i < count; i++)
      seen |= this.#pages[i]?.touchRecord(this.#places[i] as number) ?? 0;
    for (let i = 0; i < count; i++)
      seen |= this.#pages[i]?.touchName(this.#places[i] as number) ?? 0;
    this.seen = seen;
  }

  /** Keys of all, and the pages of the users in their first legs; returns how many. */
  #findPages(): number {
    const { ids } = this.#state;
    let count = 0;
    for (let i = this.#from; i < this.#end; i++) {
      const tuple = this.#tuples[i] as Tuple;
      const op = tuple[1] as number;
      if (op >= OP['define-asset'] || tuple[0] !== CODEC_VERSION) continue;
      const key = this.#keys[i - this.#from] as Key;
      key.setCommand(tuple);
      ids.find(key.hi, key.lo);
      if (op !== OP.transfer) continue;
      const asset = this.#state.assets.indexOf(tuple[LEG_ASSET] as string);
      this.#expect(count++, key.hash, asset);
      const other = (key.owner === tuple[LEG_FROM] ? tuple[LEG_TO] : tuple[LEG_FROM]) as string;
      if (!isSystemOwner(other)) this.#expect(count++, ownerHash(other), asset);
    }
    return count;
  }

  #expect(place: number, hash: number, asset: number): void {
    const { pages } = this.#state;
    this.#pages[place] = pages.resident(pages.bucketOf(hash));
    this.#tags[place] = tagOf(hash, asset);
  }
}
