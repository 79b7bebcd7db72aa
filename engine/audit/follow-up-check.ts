// What a record says of follow-ups: caused, delivered. Owns: that a posted command causes exactly those that it names, or that its
// plan has, that what says its cause was minted by it, and that what is delivered was waiting. Never touches: how records are read.

import { packTuple, type Tuple, unpackTuples } from '../protocol/codec.js';
import { packCommand } from '../protocol/command-buffer.js';
import { followUpId } from '../protocol/follow-ups.js';
import { slotOf } from '../protocol/hash.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { planOfTuple } from '../transfer/carried.js';
import { causeIn, isCausable, isMinted, mintedBy, notBeforeOf } from '../transfer/caused.js';
import { type FollowUp, followUpTuple } from '../transfer/open/follow-ups.js';
import type { Books } from './books.js';
import { broken } from './broken.js';
import type { Home } from './transit-check.js';

/** Place of the follow-ups in a transfer, of the refusal in what is delivered. */
const { followUps: FOLLOW_UPS } = PLACES.transfer;
const { refusal: REFUSAL } = PLACES.delivered;

/** What a command causes, and how its record names it. */
interface Caused extends Omit<FollowUp, 'seq'> {
  readonly said: string;
}

export class FollowUpCheck {
  readonly #books: Books;
  readonly #slotMap: Uint16Array;
  /** (1, shard) or (0, refusal), and the id; of what was minted its home owner, too. */
  #said: (readonly [number, number, string])[] = [];

  constructor(books: Books, { slotMap }: Home) {
    this.#books = books;
    this.#slotMap = slotMap;
  }

  begin(): void {
    if (this.#said.length > 0) this.#said = [];
  }

  said([isCaused = 0, number = 0]: readonly number[], texts: readonly string[]): void {
    this.#said.push([isCaused, number, texts.join(' ')]);
  }

  /** `carried`: the command that the record posts on its home shard; undefined: it posts none. */
  end(tuple: Tuple, carried: Tuple | undefined, seq: number): void {
    this.#minted(carried ?? tuple);
    if (tuple[1] === OP.delivered) this.#delivered(tuple);
    else if (carried !== undefined) this.#caused(carried, seq);
    else if (this.#said.length > 0) broken('causes follow-ups, and posts nothing');
  }

  /** What a posted command causes: how its record names it, the shard it is for, and itself. */
  #causedBy(carried: Tuple): Caused[] {
    const shardOf = (owner: string): number => this.#slotMap[slotOf(owner)] as number;
    const plan = planOfTuple(carried);
    if (plan !== undefined)
      return mintedBy(carried, plan).map((one) => {
        const { id, owner } = one;
        const command = packCommand(one, id);
        const to = shardOf(owner);
        return { said: `${id} ${owner}`, id, to, command, notBefore: notBeforeOf(one, plan) };
      });
    const bytes = carried[1] === OP.transfer ? (carried[FOLLOW_UPS] as Uint8Array | null) : null;
    return (bytes === null ? [] : unpackTuples(bytes)).map((followUp, i) => {
      const id = followUpId(homeOwnerOfTuple(carried), carried[2] as string, i + 1);
      if (followUp[2] !== id) broken(`names ${String(followUp[2])}, and it is ${id}`);
      const to = shardOf(homeOwnerOfTuple(followUp));
      return { said: id, id, to, command: packTuple(followUp), notBefore: 0 };
    });
  }

  /** F3: what says its cause, or has an id as follow-ups have. */
  #minted(tuple: Tuple): void {
    if (!isCausable(tuple[1] as number)) return;
    const isCaused = causeIn(tuple) !== undefined || String(tuple[2]).startsWith('>');
    if (isCaused && !isMinted(tuple, undefined)) broken('F3: was not minted by its cause');
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
    const caused = this.#causedBy(carried);
    if (this.#said.length !== caused.length)
      broken(`causes ${this.#said.length} follow-ups, and its command names ${caused.length}`);
    caused.forEach(({ said, id, to, command, notBefore }, i) => {
      const [isCaused, shard, told] = this.#said[i] as readonly [number, number, string];
      if (isCaused !== 1 || told !== said || shard !== to)
        broken(`causes ${told} on shard ${shard}, and it is ${said} on shard ${to}`);
      if (this.#books.followUps.has(id)) broken(`L5: causes ${id} twice`);
      this.#books.followUps.set(id, followUpTuple({ id, to, seq, command, notBefore }));
    });
  }
}
