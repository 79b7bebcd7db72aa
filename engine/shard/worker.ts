// The entry of a shard's thread: tasks in, replies out. Owns: the one actor of this thread. Never touches: the ledger.

import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { Bus } from '../bus/bus.js';
import type { BusFigures } from '../bus/connection.js';
import { LocalBus } from '../bus/local.js';
import { NatsBus, type NatsWay } from '../bus/nats.js';
import { RoutedBus } from '../bus/routed.js';
import { ForeignCheck } from '../transfer/foreign.js';
import { placesOf } from '../transfer/places.js';
import { Actor } from './actor.js';
import type { Opened, OpenShard, ShardEvent, ShardTask } from './messages.js';

/** Where there are no other processes. */
const NO_BUS: BusFigures = { connected: 0, sent: 0, received: 0, dropped: 0 };

let actor: Actor | null = null;
let natsBus: NatsBus | null = null;
let emit: (event: ShardEvent) => void = () => {};

function fatal(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  emit({ type: 'fatal', message, hangs: false });
}

process.on('unhandledRejection', fatal);

async function open(task: OpenShard): Promise<Opened> {
  const { port, peers, type, nats, ...settings } = task;
  port.unref();
  emit = (event) => port.postMessage(event);
  const near = new LocalBus(peers);
  const bus = nats === undefined ? near : routed(task, near, nats);
  const opened = await Actor.open({ ...settings, emit, bus });
  bus.receive((bytes, count) => opened.receive(bytes, count));
  actor = opened;
  return { seq: actor.durableSeq, assets: actor.state.assets.list };
}

/** Ports to the shards of this process, NATS to all others. */
function routed({ shard, slotMap, peers }: OpenShard, near: Bus, nats: NatsWay): Bus {
  const shards = peers.length;
  const check = new ForeignCheck(placesOf(shard, shards, slotMap));
  natsBus = new NatsBus({
    ...nats,
    shard,
    shards,
    standing: () => ({ durableSeq: actor?.durableSeq ?? 0, incarnation: '' }),
    isSound: ({ from, bytes, count }) => check.isSound(from, bytes, count),
  });
  return new RoutedBus(
    near,
    natsBus,
    peers.map((peer) => peer !== null),
  );
}

function opened(): Actor {
  if (actor === null) throw new Error('the shard is not open');
  return actor;
}

/** The reply; its large parts go over by transfer, not by copy. */
async function batch(bytes: Uint8Array, count: number): Promise<unknown> {
  const reply = await opened().submit(bytes, count);
  const transfers: ArrayBufferLike[] = [reply.results.buffer];
  for (const segment of reply.segments) transfers.push(segment.effects.buffer);
  return move({ [transferableSymbol]: transfers, [valueSymbol]: reply });
}

/** One task of a shard's thread. */
export default async function run(task: ShardTask): Promise<unknown> {
  switch (task.type) {
    case 'open':
      return open(task);
    case 'batch':
      return batch(task.bytes, task.count);
    case 'stats':
      return { ...opened().figures(), bus: natsBus?.figures ?? NO_BUS };
    case 'digest':
      return opened().digest();
    case 'watch':
      opened().watch(task.on);
      return undefined;
    case 'accept-clock':
      opened().acceptClock();
      return undefined;
    case 'checkpoint':
      await opened().checkpointNow();
      return undefined;
    case 'pause':
      return opened().pause();
    case 'resume':
      opened().resume();
      return undefined;
    case 'copy-state':
      await opened().copyState(task.to);
      return undefined;
    case 'close':
      await opened().close();
      actor = null;
      return undefined;
  }
}
