// Which texts have which terms. Owns: the terms, and the numbers of the texts that have each. Never touches: what the texts are of, in which order
// they are shown.
//   shown.X1. A number is of one text for ever: a text that changes gets another number, and its old one is dropped.
//   shown.X2. A search costs what its terms have in all, whatever else there is: numbers are marked in one array, and nothing is made for each.

import SearchableMap from 'minisearch/SearchableMap';
import { termsOf } from './segmenter.js';

/** How a text has a term that was asked for, the best first. */
const [EXACT, BEGINS, ALIKE] = [0, 1, 2] as const;
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

/** What was found: numbers, those of dropped texts among them, and of each how far from what was asked for, 0: exactly that. */
export interface Found {
  readonly numbers: readonly number[];
  readonly penalties: Uint8Array;
}

type Postings = number[];

export class SearchIndex {
  /** Words, which may be looked for by how they begin, or nearly. */
  #words = new SearchableMap<Postings>();
  /** All other terms. */
  #pieces = new Map<string, Postings>();
  /** The text of a number; undefined: it was dropped. */
  readonly #textOf: (number: number) => string | undefined;
  #size = 0;
  #dropped = 0;
  /** Of the search that is under way: how many of its terms each text has, and how well. */
  #marks = new Uint8Array(ROOM_MIN);
  #penalties = new Uint8Array(ROOM_MIN);

  constructor(textOf: (number: number) => string | undefined) {
    this.#textOf = textOf;
  }

  /** Numbers that were given out. */
  get size(): number {
    return this.#size;
  }

  /** Adds a text, and gives it the next number. */
  add(text: string): number {
    const number = this.#size++;
    this.#write(number, text);
    if (number >= this.#marks.length) {
      this.#marks = new Uint8Array(2 * this.#marks.length);
      this.#penalties = new Uint8Array(this.#marks.length);
    }
    return number;
  }

  /** A text was dropped: its number has none any more. */
  dropped(): void {
    if (++this.#dropped * DROPPED_SHARE < this.#size) return;
    this.#dropped = 0;
    this.#words = new SearchableMap();
    this.#pieces = new Map();
    for (let number = 0; number < this.#size; number++) {
      const text = this.#textOf(number);
      if (text !== undefined) this.#write(number, text);
    }
  }

  /** The texts that have all terms of a question. What it answers is good until the next search. */
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
  #meet(found: Iterable<readonly [Postings, number]>, before: number, into: number[]): void {
    const [marks, penalties] = [this.#marks, this.#penalties];
    for (const [postings, penalty] of found)
      for (let i = 0; i < postings.length; i++) {
        const number = postings[i] as number;
        if (marks[number] !== before) continue;
        marks[number] = before + 1;
        penalties[number] = (penalties[number] as number) + penalty;
        into.push(number);
      }
  }

  #piece(term: string): (readonly [Postings, number])[] {
    const postings = this.#pieces.get(term);
    return postings === undefined ? [] : [[postings, EXACT]];
  }

  /** A word; words that begin so; where there are none, words that are spelt nearly so. */
  #wordsLike(term: string): (readonly [Postings, number])[] {
    const found: (readonly [Postings, number])[] = [];
    const exact = this.#words.get(term);
    if (exact !== undefined) found.push([exact, EXACT]);
    if (term.length >= BEGINNING_MIN)
      for (const [word, postings] of this.#words.atPrefix(term)) {
        if (word !== term) found.push([postings, BEGINS]);
        if (found.length === WORDS_MAX) break;
      }
    if (found.length > 0 || term.length < ALIKE_MIN) return found;
    const wrong = term.length < ALIKE_TWO_MIN ? 1 : 2;
    for (const [postings] of this.#words.fuzzyGet(term, wrong).values()) {
      found.push([postings, ALIKE]);
      if (found.length === WORDS_MAX) break;
    }
    return found;
  }

  #write(number: number, text: string): void {
    for (const { term, isWord } of termsOf(text)) {
      const terms = isWord ? this.#words : this.#pieces;
      const postings = terms.get(term);
      if (postings === undefined) terms.set(term, [number]);
      else postings.push(number);
    }
  }
}
