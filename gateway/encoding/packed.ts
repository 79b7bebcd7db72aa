// Is this MessagePack that may be unpacked? Owns: the walk over its structure. Never touches: values.
//   ws.F3. What passes has one value, no extension types, no more members than bytes, and nests no deeper than allowed: unpacking
//       it takes memory in proportion to its bytes, and cannot overflow the stack.

/** Bytes behind the first one that are not the value's members: of numbers, by first byte from 0xca to 0xd3. */
const NUMBER_BYTES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

/** Walks over one message. */
class Walk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #deepest: number;
  at = 0;

  constructor(bytes: Uint8Array, deepest: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#deepest = deepest;
  }

  /** Goes over one value; false: it is not sound. */
  value(depth: number): boolean {
    const first = this.#bytes[this.at++];
    if (first === undefined) return false;
    if (first < 0x80 || first >= 0xe0) return true;
    if (first < 0x90) return this.#members((first & 15) * 2, depth);
    if (first < 0xa0) return this.#members(first & 15, depth);
    if (first < 0xc0) return this.#skip(first & 31);
    if (first === 0xc0 || first === 0xc2 || first === 0xc3) return true;
    if (first >= 0xca && first <= 0xd3) return this.#skip(NUMBER_BYTES[first - 0xca] as number);
    switch (first) {
      case 0xc4:
      case 0xd9:
        return this.#skip(this.#count(1));
      case 0xc5:
      case 0xda:
        return this.#skip(this.#count(2));
      case 0xc6:
      case 0xdb:
        return this.#skip(this.#count(4));
      case 0xdc:
        return this.#members(this.#count(2), depth);
      case 0xdd:
        return this.#members(this.#count(4), depth);
      case 0xde:
        return this.#members(this.#count(2) * 2, depth);
      case 0xdf:
        return this.#members(this.#count(4) * 2, depth);
      default:
        return false;
    }
  }

  /** A length of so many bytes; one that cannot be where the message ends within it. */
  #count(bytes: number): number {
    const { at } = this;
    this.at += bytes;
    if (this.at > this.#bytes.length) return Number.POSITIVE_INFINITY;
    if (bytes === 1) return this.#bytes[at] as number;
    return bytes === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #skip(bytes: number): boolean {
    this.at += bytes;
    return this.at <= this.#bytes.length;
  }

  #members(count: number, depth: number): boolean {
    if (depth >= this.#deepest || count > this.#bytes.length - this.at) return false;
    for (let i = 0; i < count; i++) if (!this.value(depth + 1)) return false;
    return true;
  }
}

/** Is it one sound value, and nothing behind it? */
export function isSound(bytes: Uint8Array, deepest: number): boolean {
  const walk = new Walk(bytes, deepest);
  return walk.value(0) && walk.at === bytes.length;
}
