// Which texts have which terms. Owns: the terms, and the numbers of the texts that have each. Never touches: what the texts are of, in which order
// they are shown.
//   shown.X1. A number is of the texts of one good for ever: texts that change get another number, and their old one is dropped.
//   shown.X2. A search costs what its terms have in all, whatever else there is: numbers are marked in one array, and nothing is made for each.

import SearchableMap from 'minisearch/SearchableMap';
import { type Numbers, withNumber } from './postings.js';
import { termsOf } from './segmenter.js';

/** How a text has a term that was asked for, the best first; in the description: beside that. */
const [EXACT, BEGINS, ALIKE] = [0, 1, 2] as const;
const DESCRIBED = 3;
/** A shorter beginning of a word is looked for as it is: it would fit too much. */
const BEGINNING_MIN = 2;
/** Words that begin so, and are looked at. */
const WORDS_MAX = 512;
/** From so many letters on a word may have one wrong, and from so many two. */
const [ALIKE_MIN, ALIKE_TWO_MIN] = [4, 8] as const;
/** Marks are of 8 bits; a question of QUESTION_LENGTH_MAX characters has fewer. */
const TERMS_MAX = 127;
/** Where so much of what is kept is of dropped texts, it is made anew. */
const DROPPED_SHARE = 4;
const ROOM_MIN = 1_024;

/** What goods are found by: their names and what belongs to them, and how they are described. */
export interface Texts {
  readonly name: string;
  readonly description: string;
}

/** What was found: numbers, those of dropped texts among them, and of each how far from what was asked for, 0: exactly that, in the name. */
export interface Found {
  readonly numbers: readonly number[];
  readonly penalties: Uint16Array;
}

/** Terms of one of the texts. */
class Terms {
  /** Words, which may be looked for by how they begin, or nearly. */
  readonly words = new SearchableMap<Numbers>();
  /** All other terms. */
  readonly pieces = new Map<string, Numbers>();

  write(number: number, text: string): void {
    for (const { term, isWord } of termsOf(text)) {
      const terms = isWord ? this.words : this.pieces;
      const had = terms.get(term);
      const numbers = withNumber(had, number);
      if (numbers !== had) terms.set(term, numbers);
    }
  }
}

type Ways = (readonly [Numbers, penalty: number])[];

export class SearchIndex {
  #names = new Terms();
  #descriptions = new Terms();
  /** The texts of a number; undefined: it was dropped. */
  readonly #textsOf: (number: number) => Texts | undefined;
  #size = 0;
  #dropped = 0;
  /** Of the search that is under way: how many of its terms each text has, and how well. */
  #marks = new Uint8Array(ROOM_MIN);
  #penalties = new Uint16Array(ROOM_MIN);
  /** The numbers of a term that is looked at. */
  #read = new Uint32Array(ROOM_MIN);

  constructor(textsOf: (number: number) => Texts | undefined) {
    this.#textsOf = textsOf;
  }

  /** Numbers that were given out. */
  get size(): number {
    return this.#size;
  }

  /** Adds texts, and gives them the next number. */
  add(texts: Texts): number {
    const number = this.#size++;
    this.#write(number, texts);
    if (number >= this.#marks.length) {
      const room = 2 * this.#marks.length;
      this.#marks = new Uint8Array(room);
      this.#penalties = new Uint16Array(room);
      this.#read = new Uint32Array(room);
    }
    return number;
  }

  /** Texts were dropped: their number has none any more. */
  dropped(): void {
    if (++this.#dropped * DROPPED_SHARE < this.#size) return;
    this.#dropped = 0;
    this.#names = new Terms();
    this.#descriptions = new Terms();
    for (let number = 0; number < this.#size; number++) {
      const texts = this.#textsOf(number);
      if (texts !== undefined) this.#write(number, texts);
    }
  }

  #write(number: number, { name, description }: Texts): void {
    this.#names.write(number, name);
    if (description !== '') this.#descriptions.write(number, description);
  }

  /** The texts that have all terms of a question, each in the name or in the description. What it answers is good until the next search. */
  find(question: string): Found {
    const asked = termsOf(question, true).slice(0, TERMS_MAX);
    const penalties = this.#penalties;
    this.#marks.fill(0, 0, this.#size);
    penalties.fill(0, 0, this.#size);
    let numbers: number[] = [];
    let done = 0;
    for (const { term, isWord } of asked) {
      numbers = [];
      this.#meet(isWord ? this.#wordsLike(term) : this.#piece(term), done++, numbers);
      if (numbers.length === 0) break;
    }
    return { numbers, penalties };
  }

  /** Marks the texts of these words that had all `before` terms so far. A text that has it in several ways has it in the best: they come first. */
  #meet(found: Ways, before: number, into: number[]): void {
    for (const [numbers, penalty] of found) {
      const read = this.#read;
      let count = 1;
      if (typeof numbers === 'number') read[0] = numbers;
      else count = numbers.read(read);
      for (let i = 0; i < count; i++) this.#mark(read[i] as number, penalty, before, into);
    }
  }

  #mark(number: number, penalty: number, before: number, into: number[]): void {
    const [marks, penalties] = [this.#marks, this.#penalties];
    if (marks[number] !== before) return;
    marks[number] = before + 1;
    penalties[number] = (penalties[number] as number) + penalty;
    into.push(number);
  }

  #piece(term: string): Ways {
    const found: Ways = [];
    const named = this.#names.pieces.get(term);
    if (named !== undefined) found.push([named, EXACT]);
    const described = this.#descriptions.pieces.get(term);
    if (described !== undefined) found.push([described, DESCRIBED]);
    return found;
  }

  /** A word; words that begin so; the same in descriptions; where there are none, words of names that are spelt nearly so. */
  #wordsLike(term: string): Ways {
    const found: Ways = [];
    for (const [terms, penalty] of [
      [this.#names.words, 0],
      [this.#descriptions.words, DESCRIBED],
    ] as const) {
      const most = found.length + WORDS_MAX;
      const exact = terms.get(term);
      if (exact !== undefined) found.push([exact, EXACT + penalty]);
      if (term.length < BEGINNING_MIN) continue;
      for (const [word, numbers] of terms.atPrefix(term)) {
        if (word !== term) found.push([numbers, BEGINS + penalty]);
        if (found.length === most) break;
      }
    }
    if (found.length > 0 || term.length < ALIKE_MIN) return found;
    const wrong = term.length < ALIKE_TWO_MIN ? 1 : 2;
    for (const [numbers] of this.#names.words.fuzzyGet(term, wrong).values()) {
      found.push([numbers, ALIKE]);
      if (found.length === WORDS_MAX) break;
    }
    return found;
  }
}
