// Names in short: what is counted is counted by numbers. Owns: how a text becomes one, and how two become one. Never touches: what they are of.
//   engine-risk.H1. The same on every node and after every start: nodes tell each other of addresses by them.

import { hash } from 'node:crypto';

const BITS_48 = 2 ** 48;
const LAST_FIVE = 31;
const FACTOR = 0x9e37_79b1;
const HALF = 2 ** 32;

/** The first 53 bits of a text's SHA-256, from 1 on. */
export function digestOf(text: string): number {
  const bytes = hash('sha256', text, 'buffer');
  return bytes.readUIntBE(0, 6) + ((bytes[6] as number) & LAST_FIVE) * BITS_48 || 1;
}

/** Of two numbers another one, from 1 on: the same two in another order give another one. */
export function mixed(one: number, other: number): number {
  const low = Math.imul((one % HALF) ^ Math.imul(other % HALF, FACTOR), FACTOR) >>> 0;
  const high =
    Math.imul(Math.floor(one / HALF) ^ Math.floor(other / HALF) ^ (low >>> 11), FACTOR) >>> 11;
  return high * HALF + low || 1;
}

/** Digests of texts that come again and again, remembered. */
export class Digests {
  readonly #before: string;
  readonly #known = new Map<string, number>();
  readonly #max: number;

  /** `of`: what the texts are. So an address and a device of the same text are two things. */
  constructor(of: string, max: number) {
    this.#before = `jifen risk ${of} `;
    this.#max = max;
  }

  of(text: string): number {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = digestOf(this.#before + text);
      if (this.#known.size >= this.#max) this.#known.clear();
      this.#known.set(text, known);
    }
    return known;
  }
}
