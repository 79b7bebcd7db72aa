// Names out of packed bytes, each with a number. Owns: which are known, how many there may be. Never touches: what they mean.

import { asciiText } from '../protocol/name.js';

/** Places of the hash table for each name there may be: so that looking up ends soon. */
const SPREAD = 4;

/** Gives names numbers from 0 on, in the order in which they are first seen; the ones beyond the most are all the same. */
export class NameTable {
  /** By number; the last one stands for all that there was no room for. */
  readonly names: string[];
  readonly #most: number;
  readonly #bytes: Uint8Array[] = [];
  readonly #places: Int16Array;
  #count = 0;
  /** The number that was asked for last: most often the next one is the same. */
  #last = 0;

  /** `rest`: the name of those beyond `most`, whose number is `most`. */
  constructor(most: number, rest: string) {
    this.#most = most;
    this.#places = new Int16Array(most * SPREAD).fill(-1);
    this.names = new Array(most + 1).fill('');
    this.names[most] = rest;
  }

  /** The number of an ASCII name. */
  numberOf(bytes: Uint8Array, start: number, length: number): number {
    const last = this.#bytes[this.#last];
    if (last !== undefined && isSame(last, bytes, start, length)) return this.#last;
    const places = this.#places;
    let hash = length;
    for (let i = 0; i < length; i++)
      hash = (Math.imul(hash, 31) + (bytes[start + i] as number)) | 0;
    let place = (hash >>> 0) % places.length;
    for (; (places[place] as number) >= 0; place = place + 1 < places.length ? place + 1 : 0) {
      const number = places[place] as number;
      if (!isSame(this.#bytes[number] as Uint8Array, bytes, start, length)) continue;
      this.#last = number;
      return number;
    }
    if (this.#count === this.#most) return this.#most;
    const number = this.#count++;
    this.#bytes.push(bytes.slice(start, start + length));
    this.names[number] = asciiText(bytes, start, length);
    places[place] = number;
    return number;
  }
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}
