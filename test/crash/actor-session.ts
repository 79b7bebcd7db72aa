// One actor driven without router and threads. Owns: packing asks into a batch and reading the reply.
// Never touches: the folder behind the actor.

import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command, Query } from '../../engine/protocol/commands.js';
import { EffectReader } from '../../engine/protocol/effects.js';
import { toldRefusal } from '../../engine/protocol/grants.js';
import { outcomeOf } from '../../engine/protocol/read-back.js';
import { sealNext } from '../../engine/sealing/seal.js';
import { Actor } from '../../engine/shard/actor.js';
import { RESULT, type Reply } from '../../engine/shard/messages.js';
import { openFolder, raiseFormat, shardPath } from '../../engine/store/folder.js';
import { readManifest, segmentsPath } from '../../engine/store/segment/manifest.js';
import { NO_BUS } from '../one-shard.js';
import type { Ask } from './load.js';

export const SHARD = 0;

export interface ActorOptions {
  readonly folder: string;
  /** Of a new folder. Left out: one. */
  readonly shards?: number;
  /** Those of them that are in the folder. Left out: all. */
  readonly here?: readonly number[] | undefined;
  /** Which one is opened. Left out: the first. */
  readonly shard?: number;
  readonly acceptClock?: boolean;
  readonly cacheBytes: number;
  readonly checkpointBytes: number;
  /** Told of a failed write or a defect. */
  readonly onFatal: (message: string) => void;
  /** How far its clock is ahead. */
  readonly clockOffset: SharedArrayBuffer;
}

/** A clock that is ahead. */
export function clockAhead(ms: number): SharedArrayBuffer {
  const offset = new SharedArrayBuffer(8);
  new Float64Array(offset)[0] = ms;
  return offset;
}

/** What has been said decides: there is no other node that could have said more. */
export function confirmAll(actor: Actor): void {
  const { definitions } = actor.state;
  const { count } = definitions;
  const mark = definitions.mark(count);
  actor.confirmDefinitions({ count, mark, until: Number.MAX_SAFE_INTEGER });
}

/** Makes the folder where there is none. */
export async function openActor(options: ActorOptions): Promise<Actor> {
  const { folder, cacheBytes, checkpointBytes, onFatal, clockOffset } = options;
  const { shards = 1, here, shard = SHARD, acceptClock = false } = options;
  const { slotMap } = openFolder(folder, { shards, here, create: true, lock: false });
  return Actor.open({
    folder,
    shard,
    cacheBytes,
    checkpointBytes,
    tickMs: 15,
    acceptClock,
    clockOffset,
    slotMap,
    bus: NO_BUS,
    emit: (event) => {
      if (event.type === 'fatal') onFatal(event.message);
    },
  });
}

/** Seals about so many bytes of blocks that the last checkpoint has, and lets them go. */
export async function sealOnce(actor: Actor, folder: string, bytes: number): Promise<void> {
  const tail = actor.tail();
  if (tail === undefined) return;
  const through = Math.min(tail.checkpointSeq, tail.head - 1);
  raiseFormat(folder);
  const task = { folder, shard: SHARD, through, bytes, ms: Number.MAX_SAFE_INTEGER };
  const entry = await sealNext({ ...task, stop: new SharedArrayBuffer(4) });
  const last = entry?.last ?? readManifest(segmentsPath(shardPath(folder, SHARD))).at(-1)?.last;
  while (last !== undefined && (actor.tail()?.first ?? last + 1) <= last) await actor.cut(last);
}

/** Submits asks as one batch; one answer for each, in order. */
export async function askActor(actor: Actor, asks: readonly Ask[]): Promise<unknown[]> {
  const packed = asks.map((ask) => {
    const command = ask as Command | Query;
    return Uint8Array.from(packCommand(command, 'id' in command ? command.id : undefined));
  });
  const reply = await actor.submit(Buffer.concat(packed), packed.length);
  return asks.map((ask, index) => answerAt(actor, reply, ask, index));
}

function answerAt(actor: Actor, reply: Reply, ask: Ask, index: number): unknown {
  const kind = reply.results[index * 2];
  const value = reply.results[index * 2 + 1] ?? 0;
  const id = 'id' in ask ? ask.id : undefined;
  const { assets } = actor.state;
  if (kind === RESULT.refusal) return toldRefusal(value, id);
  if (kind === RESULT.record) {
    const segment = reply.segments.find(({ to }) => index < to);
    if (segment === undefined) throw new Error(`command ${index} is in no segment`);
    const effects = new EffectReader(segment.effects);
    return outcomeOf(
      { shard: SHARD, effects, assets, commands: segment.commands },
      value,
      id,
      segment.seq,
      segment.time,
      false,
    );
  }
  if (kind === RESULT.replay) return pastOutcome(actor, reply.replayed[value], id);
  const answer = reply.answers[value];
  switch (answer?.type) {
    case 'balance':
      return answer.balances;
    case 'read-transfer':
      return answer.found === undefined ? undefined : pastOutcome(actor, answer.found, id);
    case 'read-hold':
      return answer.hold;
    case 'read-record':
      return answer.record;
    default:
      throw new Error(`no answer to ${ask.type}`);
  }
}

function pastOutcome(
  actor: Actor,
  past: Reply['replayed'][number] | undefined,
  id: string | undefined,
): unknown {
  if (past === undefined) throw new Error('a replay without a record');
  const effects = new EffectReader(past.effects);
  const commands = { bytes: past.command, from: effects.commandOffset(0) };
  const place = { shard: SHARD, effects, assets: actor.state.assets, commands };
  return outcomeOf(place, 0, id, past.seq, past.time, true);
}
