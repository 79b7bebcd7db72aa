// The entry of a shard's thread: tasks in, replies out. Owns: the one actor of this thread. Never touches: the ledger.

import type { Bus } from '../bus/bus.js';
import type { BusFigures } from '../bus/connection.js';
import { LocalBus } from '../bus/local.js';
import { NatsBus, type NatsWay } from '../bus/nats.js';
import { RoutedBus } from '../bus/routed.js';
import { Seen, type Standing } from '../bus/seen.js';
import { goods, leaderboard } from '../programme/definitions/index.js';
import { Sleeper } from '../ring/bell.js';
import { parcelIn } from '../ring/parcel.js';
import { FrameReader, FrameWriter } from '../ring/ring.js';
import { type Failed, failedBy } from '../store/errors.js';
import { readSeen, writeSeen } from '../store/seen.js';
import { ForeignCheck } from '../transfer/foreign.js';
import { placesOf } from '../transfer/open/places.js';
import { Actor } from './actor.js';
import { DECIDED, decidedParts, replyParts } from './frames.js';
import { LoopDelay } from './loop-delay.js';
import { realMachine } from './machine.js';
import type { Opened, OpenShard, Reply, ShardEvent, ShardTask } from './messages.js';

/** Larger replies are not copied into the ring and out of it again. */
const COPIED_REPLY_BYTES_MAX = 128 * 1024;
/** Where there are no other processes. */
const NO_BUS: BusFigures = { connected: 0, sent: 0, received: 0, dropped: 0 };

let actor: Actor | null = null;
let loopDelay: LoopDelay | null = null;
let sleeper: Sleeper | null = null;
let natsBus: NatsBus | null = null;
let shard = 0;
/** The last block when the shard was opened. */
let openedSeq = 0;
let emit: (event: ShardEvent) => void = () => {};

function fatal(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  emit({ type: 'fatal', message, hangs: false, isFenced: false });
}

process.on('unhandledRejection', fatal);

/** Says by itself why it did not close: what it told as an event comes by another port, and may come later. */
async function closed(): Promise<Failed | undefined> {
  try {
    await opened().close();
    actor = null;
    return undefined;
  } catch (error) {
    return failedBy(shard, error as Error);
  }
}

async function open(task: OpenShard): Promise<Opened> {
  const { port, bell, main, peers, progress, type, nats, ...settings } = task;
  port.unref();
  shard = task.shard;
  const near = new LocalBus(peers);
  const bus = nats === undefined ? near : routed(task, near, nats);
  const watched = { limitMs: task.syncTimeoutMs, progress };
  const { folder, clockOffset, record } = task;
  const machine = realMachine(folder, shard, clockOffset, watched, record, (trouble) =>
    emit({ type: 'record', trouble }),
  );
  const toMain = new FrameWriter(main.to, main.bell);
  const send = (word: number, parts: readonly Uint8Array[]): void => {
    toMain.send(word, parts);
    toMain.ring();
  };
  emit = (event) => {
    if (event.type === 'decided') send(DECIDED, decidedParts(event.decided));
    else port.postMessage(event, ownedBy(event));
  };
  const opened = await Actor.open({ ...settings, emit, bus, machine });
  bus.receive((bytes, count) => opened.receive(bytes, count));
  openedSeq = opened.durableSeq;
  actor = opened;
  loopDelay = new LoopDelay();
  await natsBus?.introduce();
  const fromMain = new FrameReader(main.from, main.bell);
  sleeper = new Sleeper(bell, {
    isWaiting: () => fromMain.isWaiting || toMain.mayFlush || near.isWaiting,
    take: () => {
      toMain.flush();
      near.take();
      for (let frame = fromMain.next(); frame !== undefined; frame = fromMain.next()) {
        const { word } = frame;
        const { bytes, count } = parcelIn(frame);
        opened.submit(bytes, count).then((reply) => {
          if (bytesOf(reply) > COPIED_REPLY_BYTES_MAX) emit({ type: 'reply', number: word, reply });
          else send(word, replyParts(reply));
        });
      }
    },
  });
  const { assets, definitions } = actor.state;
  const isProjected = definitions.list.some(
    ({ kind }) => kind === leaderboard.name || kind === goods.name,
  );
  const { count } = definitions;
  return { seq: actor.durableSeq, assets: assets.list, definitions: count, isProjected };
}

/** Bytes that an event takes along, which its thread does not need any more. */
function ownedBy(event: ShardEvent): ArrayBuffer[] {
  if (event.type === 'block') return [event.block.buffer as ArrayBuffer];
  if (event.type !== 'reply') return [];
  const { segments } = event.reply;
  const commands = segments.flatMap((one) => (one.commands ? [one.commands.bytes] : []));
  const all = [...segments.map(({ effects }) => effects), ...commands];
  return all.map(({ buffer }) => buffer as ArrayBuffer);
}

/** About how many. */
const bytesOf = ({ segments }: Reply): number =>
  segments.reduce(
    (sum, { effects, commands }) => sum + effects.length + (commands?.bytes.length ?? 0),
    0,
  );

/** Rings to the shards of this process, NATS to all others. */
function routed(task: OpenShard, near: Bus, { incarnation, forget, ...way }: NatsWay): Bus {
  const { folder, shard, slotMap, peers } = task;
  const isNear = peers.map((peer) => peer !== null);
  const far = [...isNear.keys()].filter((other) => !isNear[other] && other !== shard);
  const check = new ForeignCheck(placesOf(shard, peers.length, slotMap));
  const sights = readSeen(folder, shard).filter((sight) => !forget.includes(sight.shard));
  natsBus = new NatsBus({
    ...way,
    shard,
    shards: peers.length,
    far,
    seen: new Seen(sights),
    standing: () => ({
      incarnation,
      session: way.session,
      openedSeq,
      durableSeq: actor?.durableSeq ?? openedSeq,
    }),
    isSound: ({ from, bytes, count }) => check.isSound(from, bytes, count),
    onObjection: (objections) => emit({ type: 'objections', objections: new Map(objections) }),
    onRefused: (peer, standing, seenSeq) =>
      emit({ type: 'refused', peer, what: refusedText(standing, seenSeq) }),
    keep: (seen) => writeSeen(folder, shard, seen.sights),
    onProblems: (problems) => emit({ type: 'bus', problems }),
    onStandstill: (ms) => emit({ type: 'standstill', ms }),
  });
  return new RoutedBus(near, natsBus, isNear);
}

const refusedText = ({ openedSeq: seq }: Standing, seenSeq: number): string =>
  seq < seenSeq
    ? `came back at block ${seq}, and block ${seenSeq} was seen`
    : 'came back as another one';

function opened(): Actor {
  if (actor === null) throw new Error('the shard is not open');
  return actor;
}

/** One task of a shard's thread. */
export default async function run(task: ShardTask): Promise<unknown> {
  switch (task.type) {
    case 'open':
      return open(task);
    case 'stats':
      return {
        ...opened().figures(),
        loopDelay: loopDelay?.figures,
        bus: natsBus?.figures ?? NO_BUS,
      };
    case 'digest':
      return opened().digest();
    case 'watch':
      return opened().watch(task.on);
    case 'accept-clock':
      return opened().acceptClock();
    case 'confirm':
      return opened().confirmDefinitions(task);
    case 'checkpoint':
      await opened().checkpointNow();
      return undefined;
    case 'hold':
      natsBus?.hold();
      return undefined;
    case 'renew':
      openedSeq = opened().durableSeq;
      return natsBus?.renew();
    case 'pause':
      return opened().pause();
    case 'resume':
      opened().resume();
      return undefined;
    case 'copy-state':
      await opened().copyState(task.to);
      return undefined;
    case 'tail':
      return opened().tail();
    case 'cut':
      return opened().cut(task.through);
    case 'close':
      sleeper?.end();
      loopDelay?.close();
      return closed();
  }
}
