// Keys of what is stored of leaderboards. Owns: their layout, by which LMDB's own order is a board's. Never touches: databases.
//   boards.K1. Members of a period are in the order of their keys: the higher score first, of equal ones who had it first, then by name.
//
// order   u32 table | u64 2^53 - 1 - score | u64 when it was reached | name
// scores  u32 table | name  ->  f64 score, f64 when it was reached
// notes   u64 until when it counts | u16 shard | name, 0, id  ->  f64 seq, f64 offset of the record, f64 definitions known, f64 undone of each leg
// (all big-endian but the values)

import { AMOUNT_MAX } from '../../limits.js';

/** A member of a period, with what the order of the board goes by. */
export interface Ranked {
  readonly owner: string;
  /** Minor units. */
  readonly score: number;
  /** Block time of the last change, milliseconds since 1970. */
  readonly reached: number;
}

const UINT32 = 2 ** 32;
const HEAD = 20;
const TABLE = 4;
const NOTE_HEAD = 10;

function writeUint64(into: Buffer, value: number, at: number): void {
  into.writeUInt32BE(Math.floor(value / UINT32), at);
  into.writeUInt32BE(value % UINT32, at + 4);
}

const readUint64 = (from: Buffer, at: number): number =>
  from.readUInt32BE(at) * UINT32 + from.readUInt32BE(at + 4);

export function orderKey(table: number, { owner, score, reached }: Ranked): Buffer {
  const key = Buffer.allocUnsafe(HEAD + owner.length);
  key.writeUInt32BE(table, 0);
  writeUint64(key, AMOUNT_MAX - score, TABLE);
  writeUint64(key, reached, TABLE + 8);
  key.write(owner, HEAD, 'latin1');
  return key;
}

export const rankedIn = (key: Buffer): Ranked => ({
  owner: key.toString('latin1', HEAD),
  score: AMOUNT_MAX - readUint64(key, TABLE),
  reached: readUint64(key, TABLE + 8),
});

/** Before all keys of a table, and behind those of the one before it. */
export function tableStart(table: number): Buffer {
  const key = Buffer.allocUnsafe(TABLE);
  key.writeUInt32BE(table, 0);
  return key;
}

/** Before all members of a table who have this score. */
export const scoreStart = (table: number, score: number): Buffer =>
  orderKey(table, { owner: '', score, reached: 0 });

/** The first key after this one. */
export const after = (key: Buffer): Buffer => Buffer.concat([key, Buffer.alloc(1)]);

export function scoreKey(table: number, owner: string): Buffer {
  const key = Buffer.allocUnsafe(TABLE + owner.length);
  key.writeUInt32BE(table, 0);
  key.write(owner, TABLE, 'latin1');
  return key;
}

export function numbersIn(value: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < value.length; at += 8) numbers.push(value.readDoubleLE(at));
  return numbers;
}

export function numbersAs(numbers: readonly number[]): Buffer {
  const value = Buffer.allocUnsafe(8 * numbers.length);
  numbers.forEach((number, i) => {
    value.writeDoubleLE(number, 8 * i);
  });
  return value;
}

export function noteKey(until: number, shard: number, owner: string, id: string): Buffer {
  const name = `${owner}\0${id}`;
  const key = Buffer.allocUnsafe(NOTE_HEAD + name.length);
  writeUint64(key, until, 0);
  key.writeUInt16BE(shard, 8);
  key.write(name, NOTE_HEAD, 'latin1');
  return key;
}

/** Until when the note under a key counts. */
export const untilIn = (key: Buffer): number => readUint64(key, 0);

/** Before all notes that count until then or later. */
export function notesStart(until: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  writeUint64(key, until, 0);
  return key;
}
