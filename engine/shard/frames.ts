// What a shard's thread tells the main thread through their ring: replies to batches, and decisions. Owns: their layout. Never touches:
// rings, what is asked.
//
// reply     i32 segments, opened, results, bytes of the rest | f64 from, to, seq, time, bytes of effects, bytes of commands (-1: none),
//           where these begin, of each segment | f64 opened | i32 results, two for each command, so that what follows is aligned |
//           effects of each segment | commands of each segment | what is seldom there, as Node.js serializes it; the word is the batch's number
// decided   i32 tickets, i32 0 | f64 seq, time, bytes of commands (-1: none), where these begin | f64 tickets | effects | commands; the word
//           is DECIDED

import { deserialize, serialize } from 'node:v8';
import type { Frame } from '../ring/ring.js';
import type { Decided, Reply, Segment } from './messages.js';

/** The word of decisions: no batch has this number. */
export const DECIDED = 0;

const NOTHING: Uint8Array = new Uint8Array(0);
const SEGMENT_NUMBERS = 7;
const REPLY_HEAD = 16;
const DECIDED_NUMBERS = 5;

/** The parts of a reply's frame. */
export function replyParts(reply: Reply): readonly Uint8Array[] {
  const { results, segments, replayed, answers, opened } = reply;
  const rest = replayed.length + answers.length === 0 ? NOTHING : serialize({ replayed, answers });
  const numbers = new Float64Array(
    REPLY_HEAD / 8 + segments.length * SEGMENT_NUMBERS + opened.length,
  );
  new Int32Array(numbers.buffer, 0, 4).set([
    segments.length,
    opened.length,
    results.length,
    rest.length,
  ]);
  let at = REPLY_HEAD / 8;
  for (const { from, to, seq, time, effects, commands } of segments) {
    const told = commands === undefined ? [-1, 0] : [commands.bytes.length, commands.from];
    numbers.set([from, to, seq, time, effects.length, ...told], at);
    at += SEGMENT_NUMBERS;
  }
  numbers.set(opened, at);
  return [
    new Uint8Array(numbers.buffer),
    new Uint8Array(results.buffer, results.byteOffset, results.byteLength),
    ...segments.map(({ effects }) => effects),
    ...segments.map(({ commands }) => commands?.bytes ?? NOTHING),
    rest,
  ];
}

/** A reply as it came. Its parts are views of the frame. */
export function replyIn({ bytes }: Frame): Reply {
  const { buffer, byteOffset } = bytes;
  const [count = 0, openedCount = 0, resultCount = 0, restBytes = 0] = new Int32Array(
    buffer,
    byteOffset,
    4,
  );
  const numbers = new Float64Array(
    buffer,
    byteOffset + REPLY_HEAD,
    count * SEGMENT_NUMBERS + openedCount,
  );
  let at = REPLY_HEAD + numbers.byteLength;
  const results = new Int32Array(buffer, byteOffset + at, resultCount);
  at += results.byteLength;
  let commandsAt = at;
  for (let i = 0; i < count; i++) commandsAt += numbers[i * SEGMENT_NUMBERS + 4] as number;
  const segments: Segment[] = [];
  for (let i = 0; i < count; i++) {
    const of = numbers.subarray(i * SEGMENT_NUMBERS, (i + 1) * SEGMENT_NUMBERS);
    const [from = 0, to = 0, seq = 0, time = 0, length = 0, told = -1, toldFrom = 0] = of;
    const effects = bytes.subarray(at, at + length);
    at += length;
    const end = commandsAt + Math.max(0, told);
    const commands =
      told < 0 ? undefined : { bytes: bytes.subarray(commandsAt, end), from: toldFrom };
    commandsAt = end;
    segments.push({ from, to, seq, time, effects, commands });
  }
  const rest: Pick<Reply, 'replayed' | 'answers'> =
    restBytes === 0
      ? { replayed: [], answers: [] }
      : deserialize(bytes.subarray(commandsAt, commandsAt + restBytes));
  return {
    results,
    segments,
    opened: Array.from(numbers.subarray(count * SEGMENT_NUMBERS)),
    ...rest,
  };
}

/** The parts of a frame of decisions. */
export function decidedParts(decided: Decided): readonly Uint8Array[] {
  const { seq, time, effects, tickets, commands } = decided;
  const numbers = new Float64Array(DECIDED_NUMBERS + tickets.length);
  new Int32Array(numbers.buffer, 0, 1)[0] = tickets.length;
  numbers.set([seq, time, commands?.bytes.length ?? -1, commands?.from ?? 0], 1);
  numbers.set(tickets, DECIDED_NUMBERS);
  return [new Uint8Array(numbers.buffer), effects, commands?.bytes ?? NOTHING];
}

/** Decisions as they came. */
export function decidedIn({ bytes }: Frame): Decided {
  const [count = 0] = new Int32Array(bytes.buffer, bytes.byteOffset, 1);
  const [seq = 0, time = 0, told = -1, from = 0, ...tickets] = new Float64Array(
    bytes.buffer,
    bytes.byteOffset + 8,
    DECIDED_NUMBERS - 1 + count,
  );
  const at = (DECIDED_NUMBERS + count) * 8;
  const end = bytes.length - Math.max(0, told);
  const commands = told < 0 ? undefined : { bytes: bytes.subarray(end), from };
  return { seq, time, effects: bytes.subarray(at, end), tickets, commands };
}
