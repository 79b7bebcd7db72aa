// What a record says of follow-ups: caused, delivered. Owns: that a posted transfer causes exactly those that its command
// names, and that what is delivered was waiting. Never touches: how records are read (posting.ts).

import { packTuple, type Tuple, unpackTuples } from '../protocol/codec.js';
import { followUpId } from '../protocol/follow-ups.js';
import { slotOf } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import type { Books } from './books.js';
import { broken } from './broken.js';
import type { Home } from './transit-check.js';

/** Place of the follow-ups in a transfer, of the refusal in what is delivered. */
const { followUps: FOLLOW_UPS } = PLACES.transfer;
const { refusal: REFUSAL } = PLACES.delivered;

export class FollowUpCheck {
  readonly #books: Books;
  readonly #slotMap: Uint16Array;
  /** (1, shard) or (0, refusal), and the id. */
  #said: (readonly [number, number, string])[] = [];

  constructor(books: Books, { slotMap }: Home) {
    this.#books = books;
    this.#slotMap = slotMap;
  }

  begin(): void {
    if (this.#said.length > 0) this.#said = [];
  }

  said([isCaused = 0, number = 0]: readonly number[], id: string): void {
    this.#said.push([isCaused, number, id]);
  }

  /** `carried`: the command that the record posts on its home shard; undefined: it posts none. */
  end(tuple: Tuple, carried: Tuple | undefined, seq: number): void {
    if (tuple[1] === OP.delivered) this.#delivered(tuple);
    else if (carried !== undefined) this.#caused(carried, seq);
    else if (this.#said.length > 0) broken('causes follow-ups, and posts nothing');
  }

  #delivered(tuple: Tuple): void {
    const [one, ...more] = this.#said;
    const id = tuple[2] as string;
    if (one === undefined || more.length > 0 || one[0] !== 0 || one[2] !== id)
      broken(`does not say that ${id} was delivered`);
    if (one[1] !== tuple[REFUSAL]) broken(`says that ${id} was answered ${one[1]}`);
    if (!this.#books.followUps.delete(id)) broken(`delivers ${id}, which does not wait`);
  }

  #caused(carried: Tuple, seq: number): void {
    const bytes = carried[1] === OP.transfer ? (carried[FOLLOW_UPS] as Uint8Array | null) : null;
    const tuples = bytes === null ? [] : unpackTuples(bytes);
    if (this.#said.length !== tuples.length)
      broken(`causes ${this.#said.length} follow-ups, and its command names ${tuples.length}`);
    tuples.forEach((followUp, i) => {
      const id = followUpId(homeOwnerOfTuple(carried), carried[2] as string, i + 1);
      const to = this.#slotMap[slotOf(homeOwnerOfTuple(followUp))] as number;
      const [isCaused, shard, said] = this.#said[i] as readonly [number, number, string];
      if (isCaused !== 1 || said !== id || followUp[2] !== id || shard !== to)
        broken(`causes ${said} on shard ${shard}, and it is ${id} on shard ${to}`);
      if (this.#books.followUps.has(id)) broken(`L5: causes ${id} twice`);
      this.#books.followUps.set(id, [id, to, seq, packTuple(followUp)]);
    });
  }
}
