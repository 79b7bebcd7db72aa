// What nodes say to each other, as bytes. Owns: the shapes, and that what comes has them. Never touches: connections.
//   cluster.N3. What comes is untrusted: unpacking checks every field that is used, and gives undefined where one is wrong; it never
//       throws.

import { Packr, Unpackr } from 'msgpackr';
import { BATCH_MAX, SHARDS_MAX } from '../limits.js';
import { EffectReader } from '../protocol/effects.js';
import { toldRefusal } from '../protocol/grants.js';
import type { HistoryEntry } from '../protocol/outcomes.js';
import { actDone, type RecordCommands } from '../protocol/read-back.js';
import { refusalCode } from '../protocol/refusals.js';
import {
  type Answer,
  type Decided,
  type Judged,
  RESULT,
  type Replayed,
  type Reply,
  type Said,
  type Segment,
} from '../shard/messages.js';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

/** Bytes of their own. */
export const pack = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));

/** What `read` makes of the value; undefined where that is not what was expected. */
export function unpack<T>(bytes: Uint8Array, read: (value: unknown) => T): T | undefined {
  try {
    return read(unpackr.unpack(bytes as Buffer));
  } catch {
    return undefined;
  }
}

class ShapeError extends Error {}

/** Throws where something is not as it should be. */
export function expect(holds: boolean): asserts holds {
  if (!holds) throw new ShapeError('another shape was expected');
}

export function tuple(value: unknown, length: number): readonly unknown[] {
  expect(Array.isArray(value) && value.length === length);
  return value;
}

export function list<T>(value: unknown, read: (item: unknown) => T): T[] {
  expect(Array.isArray(value));
  return Array.from(value, read);
}

export function whole(value: unknown, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  expect(Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max);
  return value as number;
}

export function text(value: unknown): string {
  expect(typeof value === 'string');
  return value;
}

/** Bytes of their own, so that they are aligned for whoever reads effects. */
function bytesOf(value: unknown): Uint8Array {
  expect(value instanceof Uint8Array);
  return new Uint8Array(value);
}

/** A batch for a shard of another node. */
export interface BatchAsked {
  readonly node: string;
  readonly session: number;
  /** Rises from batch to batch of one node's session for one shard. */
  readonly number: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

export const packBatch = ({ node, session, number, count, bytes }: BatchAsked): Uint8Array =>
  pack([node, session, number, count, bytes]);

export const unpackBatch = (bytes: Uint8Array): BatchAsked | undefined =>
  unpack(bytes, (value) => {
    const [node, session, number, count, commands] = tuple(value, 5);
    return {
      node: text(node),
      session: whole(session),
      number: whole(number, 1),
      count: whole(count, 1, BATCH_MAX),
      bytes: bytesOf(commands),
    };
  });

/** A reply, and the session of the node that gave it: its tickets count within it. */
export interface ReplySent {
  readonly session: number;
  readonly reply: Reply;
}

export function packReply({ session, reply }: ReplySent): Uint8Array {
  const { results, segments, replayed, answers, opened } = reply;
  return pack([
    session,
    new Uint8Array(results.buffer, results.byteOffset, results.byteLength),
    segments.map(({ from, to, seq, time, effects, commands }) => [
      ...[from, to, seq, time, effects],
      commandsTuple(commands),
    ]),
    replayed.map(replayedTuple),
    answers.map(answerShape),
    opened,
  ]);
}

const commandsTuple = (commands: RecordCommands | undefined): unknown[] | undefined =>
  commands && [commands.bytes, commands.from];

function answerShape(answer: Answer): object {
  if (answer.type === 'judged') {
    const { replayed, commands } = answer;
    return { ...answer, replayed: replayed.map(replayedTuple), commands: commandsTuple(commands) };
  }
  return answer.type === 'read-transfer' && answer.found !== undefined
    ? { ...answer, found: replayedTuple(answer.found) }
    : answer;
}

const replayedTuple = ({ seq, time, effects, command }: Replayed): unknown[] => [
  seq,
  time,
  effects,
  command,
];

/** The reply to a batch of `count`. */
export const unpackReply = (bytes: Uint8Array, count: number): ReplySent | undefined =>
  unpack(bytes, (value) => {
    const [session, resultBytes, segments, replayed, answers, opened] = tuple(value, 6);
    const numbers = bytesOf(resultBytes);
    expect(numbers.length === count * 8);
    const reply = {
      results: new Int32Array(numbers.buffer),
      segments: list(segments, segmentOf),
      replayed: list(replayed, replayedOf),
      answers: list(answers, answerOf),
      opened: list(opened, (ticket) => whole(ticket)),
    };
    checkResults(reply, count);
    return { session: whole(session), reply };
  });

function segmentOf(value: unknown): Segment {
  const [from, to, seq, time, effects, commands] = tuple(value, 6);
  return {
    from: whole(from),
    to: whole(to),
    seq: whole(seq),
    time: whole(time),
    effects: bytesOf(effects),
    commands: commandsOf(commands),
  };
}

function commandsOf(value: unknown): RecordCommands | undefined {
  if (value === undefined || value === null) return undefined;
  const [bytes, from] = tuple(value, 2);
  return { bytes: bytesOf(bytes), from: whole(from) };
}

function replayedOf(value: unknown): Replayed {
  const [seq, time, effects, command] = tuple(value, 4);
  const found = {
    seq: whole(seq),
    time: whole(time),
    effects: bytesOf(effects),
    command: bytesOf(command),
  };
  const effectsFound = new EffectReader(found.effects);
  const from = effectsFound.commandOffset(0);
  checkRecord(effectsFound, 0, { bytes: found.command, from });
  return found;
}

/** A record that can be read. */
function checkRecord(effects: EffectReader, offset: number, commands?: RecordCommands): void {
  expect(Number.isInteger(offset) && offset >= 0 && offset % 8 === 0);
  effects.recordLength(offset);
  const refusal = effects.refusalNumber(offset);
  if (refusal !== 0) refusalCode(refusal);
  else actDone(effects, offset, commands);
}

function answerOf(value: unknown): Answer {
  const answer = value as Answer & Record<string, unknown>;
  expect(typeof value === 'object' && value !== null);
  switch (answer.type) {
    case 'balance':
      for (const balance of list(answer.balances, (item) => item as Record<string, unknown>)) {
        text(balance.asset);
        for (const field of ['available', 'held', 'total', 'earned', 'spent', 'expired', 'version'])
          expect(typeof balance[field] === 'number');
      }
      return answer;
    case 'read-transfer':
      return {
        type: answer.type,
        found: answer.found === undefined ? undefined : replayedOf(answer.found),
        remaining:
          answer.remaining === undefined
            ? undefined
            : list(answer.remaining, (left) => whole(left)),
      };
    case 'read-record':
      expect(answer.record === undefined || typeof answer.record === 'object');
      return answer;
    case 'list-records':
      for (const record of list(answer.records, (item) => item as Record<string, unknown>)) {
        text(record.key);
        bytesOf(record.value);
      }
      return answer;
    case 'read-hold':
      expect(answer.hold === undefined || typeof answer.hold === 'object');
      return answer;
    case 'list-holds':
      for (const hold of list(answer.holds, (item) => item as Record<string, unknown>))
        text(hold.id);
      return answer;
    case 'read-member':
      expect(typeof answer.member === 'object' && answer.member !== null);
      return answer;
    case 'definitions-since':
      whole(answer.time);
      whole(answer.count);
      text(answer.mark);
      list(answer.versions, definitionOf);
      return answer;
    case 'read-definitions':
      for (const found of list(answer.definitions, (item) => item as Record<string, unknown>)) {
        text(found.key);
        list(found.versions, definitionOf);
      }
      return answer;
    case 'judged':
      return judgedOf(answer);
    default:
      throw new ShapeError('there is no such answer');
  }
}

/** A version of a definition. */
function definitionOf(value: unknown): object {
  expect(typeof value === 'object' && value !== null);
  const said = value as Record<string, unknown>;
  for (const field of ['kind', 'key', 'state']) text(said[field]);
  for (const field of ['version', 'number', 'activeFrom', 'definedAt']) whole(said[field]);
  expect(said.document === undefined || typeof said.document === 'object');
  expect(said.by === undefined || typeof said.by === 'string');
  return said;
}

function judgedOf({
  results,
  seq,
  time,
  effects,
  commands,
  replayed,
  said,
}: Record<string, unknown>): Judged {
  const judged: Judged = {
    type: 'judged',
    results: list(results, (number) => whole(number)),
    seq: whole(seq),
    time: whole(time),
    effects: bytesOf(effects),
    commands: commandsOf(commands),
    replayed: list(replayed, replayedOf),
    said: list(said, saidOf),
  };
  expect(judged.results.length > 0 && judged.results.length % 2 === 0);
  const reader = new EffectReader(judged.effects);
  for (let i = 0; i < judged.results.length; i += 2) {
    const value = judged.results[i + 1] as number;
    const kind = judged.results[i];
    if (kind === RESULT.record) checkRecord(reader, value, judged.commands);
    else if (kind === RESULT.replay) expect(judged.replayed[value] !== undefined);
    else if (kind === RESULT.refusal) toldRefusal(value);
    else throw new ShapeError('there is no such result');
  }
  return judged;
}

function saidOf(value: unknown): Said {
  expect(typeof value === 'object' && value !== null);
  const { index, to, isDecision, bytes } = value as Record<string, unknown>;
  expect(typeof isDecision === 'boolean');
  return {
    index: whole(index),
    to: whole(to, 0, SHARDS_MAX - 1),
    isDecision,
    bytes: bytesOf(bytes),
  };
}

/** Every result points at something that is there. */
function checkResults(
  { results, segments, replayed, answers, opened }: Reply,
  count: number,
): void {
  let segment = 0;
  for (let i = 0; i < count; i++) {
    while (segment < segments.length && (segments[segment] as Segment).to <= i) segment++;
    const value = results[i * 2 + 1] as number;
    switch (results[i * 2]) {
      case RESULT.record: {
        const found = segments[segment];
        expect(found !== undefined && found.from <= i);
        checkRecord(new EffectReader(found.effects), value, found.commands);
        break;
      }
      case RESULT.replay:
        expect(replayed[value] !== undefined);
        break;
      case RESULT.answer:
        expect(answers[value] !== undefined);
        break;
      case RESULT.refusal:
        toldRefusal(value);
        break;
      case RESULT.open:
        expect(opened[value] !== undefined);
        break;
      default:
        throw new ShapeError('there is no such result');
    }
  }
}

/** Decisions that a node's callers wait for. */
export interface DecidedSent {
  readonly shard: number;
  readonly session: number;
  readonly decided: Decided;
}

export const packDecided = ({ shard, session, decided }: DecidedSent): Uint8Array => {
  const { seq, time, effects, tickets, commands } = decided;
  return pack([shard, session, seq, time, effects, tickets, commandsTuple(commands)]);
};

/** More than any number of a refusal with what is told beside it (protocol/grants.ts). */
const TOLD_MAX = 2 ** 31;

export const unpackDecided = (bytes: Uint8Array): DecidedSent | undefined =>
  unpack(bytes, (value) => {
    const [shard, session, seq, time, effectBytes, ticketList, told] = tuple(value, 7);
    const commands = commandsOf(told);
    const effects = bytesOf(effectBytes);
    const tickets = list(ticketList, (ticket) => whole(ticket, -TOLD_MAX));
    expect(tickets.length % 2 === 0);
    const reader = new EffectReader(effects);
    for (let i = 1; i < tickets.length; i += 2) {
      const offset = tickets[i] as number;
      if (offset < 0) toldRefusal(-offset);
      else checkRecord(reader, offset, commands);
    }
    const decided = { seq: whole(seq), time: whole(time), effects, tickets, commands };
    return { shard: whole(shard), session: whole(session), decided };
  });

/** Changes of balances of one owner on a shard. */
export interface ChangedSent {
  readonly shard: number;
  readonly entries: readonly HistoryEntry[];
}

export const packChanged = ({ shard, entries }: ChangedSent): Uint8Array => pack([shard, entries]);

export const unpackChanged = (bytes: Uint8Array): ChangedSent | undefined =>
  unpack(bytes, (value) => {
    const [shard, told] = tuple(value, 2);
    const entries = list(told, (item) => {
      expect(typeof item === 'object' && item !== null);
      const entry = item as HistoryEntry;
      text(entry.owner);
      text(entry.asset);
      whole(entry.version, 1);
      for (const amount of [entry.delta, entry.heldDelta, entry.available, entry.held, entry.time])
        expect(typeof amount === 'number');
      return entry;
    });
    expect(entries.every(({ owner }) => owner === entries[0]?.owner));
    return { shard: whole(shard), entries };
  });
