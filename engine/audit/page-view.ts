// A stored page as the audit reads it. Owns: its own reading of the layout that engine/ledger/page.ts writes, so that a
// mistake there is not made here too. Never touches: memory of the ledger.
//   audit.P1. Throws RangeError on bytes that are no page; nothing outside of them is read.

import { F, F_STRIDE, I, I_STRIDE, LOT_FIELDS } from '../ledger/page.js';
import { unpackValue } from '../protocol/packed-value.js';

const FORMAT = 1;
const HEAD_BYTES = 64;

/** A hold as it is stored. */
export interface StoredHold {
  readonly owner: string;
  readonly id: string;
  readonly asset: number;
  readonly remaining: number;
  readonly deadline: number;
  /** Is it a pending earning? */
  readonly isPending: boolean;
  readonly slices: readonly number[];
}

/** An owner record as it is stored. */
export interface StoredOwnerRecord {
  readonly owner: string;
  readonly type: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
  readonly expiresAt: number;
}

/** An encoded page. The bytes must begin at a multiple of 8 of their buffer. */
export class PageView {
  readonly bucket: number;
  /** Accounts in it. */
  readonly count: number;
  readonly nextDue: number;
  readonly holds: readonly StoredHold[];
  readonly records: readonly StoredOwnerRecord[];
  /** By asset: up to which expiry all lots have been told. */
  readonly told: ReadonlyMap<number, number>;
  readonly #tags: Int32Array;
  readonly #f64: Float64Array;
  readonly #i32: Int32Array;
  readonly #lots: Float64Array;
  readonly #names: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (bytes.length < HEAD_BYTES) throw new RangeError('shorter than a page');
    const { buffer, byteOffset } = bytes;
    const head = new Float64Array(buffer, byteOffset, HEAD_BYTES / 8);
    const [format, bucket, count, nameBytes, lotNumbers, restBytes, nextDue] = head as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (format !== FORMAT) throw new RangeError(`unknown page format ${format}`);
    for (const size of [count, nameBytes, lotNumbers, restBytes]) {
      if (!(Number.isInteger(size) && size >= 0)) throw new RangeError(`a size of ${size}`);
    }
    const tagBytes = (count * 4 + 7) & ~7;
    const recordsAt = HEAD_BYTES + tagBytes;
    const lotsAt = recordsAt + count * F_STRIDE * 8;
    const namesAt = lotsAt + lotNumbers * 8;
    const end = namesAt + nameBytes + restBytes;
    if (!(end <= bytes.length && bytes.length - end < 8))
      throw new RangeError('its sizes do not fit its length');
    this.bucket = bucket;
    this.count = count;
    this.nextDue = nextDue;
    this.#tags = new Int32Array(buffer, byteOffset + HEAD_BYTES, count);
    this.#f64 = new Float64Array(buffer, byteOffset + recordsAt, count * F_STRIDE);
    this.#i32 = new Int32Array(buffer, byteOffset + recordsAt, count * I_STRIDE);
    this.#lots = new Float64Array(buffer, byteOffset + lotsAt, lotNumbers);
    this.#names = bytes.subarray(namesAt, namesAt + nameBytes);
    const [holds, records, told] = items(bytes.subarray(namesAt + nameBytes, end));
    this.holds = holds;
    this.records = records;
    this.told = told;
  }

  f(index: number, field: number): number {
    return this.#f64[index * F_STRIDE + field] as number;
  }

  i(index: number, field: number): number {
    return this.#i32[index * I_STRIDE + field] as number;
  }

  tag(index: number): number {
    return this.#tags[index] as number;
  }

  owner(index: number): string {
    const at = this.i(index, I.nameOffset);
    const length = this.i(index, I.nameLength);
    if (!(at >= 0 && length > 0 && at + length <= this.#names.length)) {
      throw new RangeError(`account ${index} has its name at ${at}`);
    }
    return Buffer.from(this.#names.buffer, this.#names.byteOffset + at, length).toString('latin1');
  }

  /** Lots of an account: (expiry, available, held) one after the other. */
  lots(index: number): Float64Array {
    const at = this.i(index, I.lotOffset);
    const numbers = this.i(index, I.lotCount) * LOT_FIELDS;
    if (!(at >= 0 && numbers >= 0 && at + numbers <= this.#lots.length)) {
      throw new RangeError(`account ${index} has its lots at ${at}`);
    }
    return this.#lots.subarray(at, at + numbers);
  }

  /** When something of an account is due at the earliest, as the page says. */
  due(index: number): number {
    return this.f(index, F.nextDue);
  }
}

type Items = [readonly StoredHold[], readonly StoredOwnerRecord[], ReadonlyMap<number, number>];

function items(bytes: Uint8Array): Items {
  if (bytes.length === 0) return [[], [], new Map()];
  const value = unpackValue(bytes);
  if (!Array.isArray(value) || !value.every((list) => Array.isArray(list)))
    throw new RangeError('no holds and records');
  const [holds, records, told = []] = value as [unknown[][], unknown[][], number[]?];
  const pairs = told.flatMap((asset, at) => (at % 2 === 0 ? [[asset, told[at + 1]]] : []));
  return [
    holds.map(
      ([owner, id, asset, remaining, deadline, slices, isPending = false]) =>
        ({ owner, id, asset, remaining, deadline, isPending, slices }) as StoredHold,
    ),
    records.map(
      ([owner, type, key, content, version, expiresAt]) =>
        ({
          owner,
          type,
          key,
          value: new Uint8Array(content as Uint8Array),
          version,
          expiresAt,
        }) as StoredOwnerRecord,
    ),
    new Map(pairs as [number, number][]),
  ];
}
