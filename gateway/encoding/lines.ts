// Lines out of bytes that come in pieces. Owns: where they end, those that cannot be read. Never touches: what they say.

import { readText } from './text.js';

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #lengthMax: number;
  /** The beginning of a line whose end has not come. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  /** It is too long already: what comes up to its end is left out. */
  #isSkipping = false;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  /** The lines that end in a piece, in order; undefined: one that is too long, or not UTF-8. */
  take(piece: Uint8Array): (string | undefined)[] {
    const end = piece.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#keep(piece);
      return [];
    }
    const first = piece.indexOf(NEWLINE);
    this.#keep(piece.subarray(0, first));
    const lines = this.end(true);
    if (end > first) lines.push(...this.#split(piece.subarray(first + 1, end)));
    this.#keep(piece.subarray(end + 1));
    return lines;
  }

  /** What has come of the last line. */
  end(isWhole = false): (string | undefined)[] {
    const isSkipping = this.#isSkipping;
    const [only] = this.#rest;
    const bytes = this.#rest.length === 1 && only ? only : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    this.#isSkipping = false;
    if (isSkipping) return [undefined];
    return isWhole || bytes.length > 0 ? [this.#line(bytes)] : [];
  }

  // UTF-8 takes at most three bytes for what is one character of a text.
  #keep(piece: Uint8Array): void {
    if (piece.length === 0 || this.#isSkipping) return;
    this.#rest.push(piece);
    this.#restBytes += piece.length;
    if (this.#restBytes <= 3 * this.#lengthMax) return;
    this.#isSkipping = true;
    this.#rest = [];
  }

  #split(bytes: Uint8Array): (string | undefined)[] {
    const text = readText(bytes);
    if (text !== undefined) return text.split('\n').map((line) => this.#short(line));
    const lines: (string | undefined)[] = [];
    for (let from = 0; from <= bytes.length; ) {
      const found = bytes.indexOf(NEWLINE, from);
      const to = found < 0 ? bytes.length : found;
      lines.push(this.#line(bytes.subarray(from, to)));
      from = to + 1;
    }
    return lines;
  }

  #line(bytes: Uint8Array): string | undefined {
    return this.#short(readText(bytes));
  }

  #short(line: string | undefined): string | undefined {
    return line !== undefined && line.length <= this.#lengthMax ? line : undefined;
  }
}
