// What a simulated shard has around it, and what it says. Owns: the seam between a shard and its world.
// Never touches: either.

import { type EffectReader, EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import type { Message } from '../../engine/transfer/messages.js';
import { EventQueue } from './queue.js';
import type { SimShard } from './shard.js';

/** Milliseconds since 1970 when a simulation begins. */
export const BASE_MS = 1_767_225_600_000;
/** Told of a transfer that is prepared and not decided. */
export const PREPARED = REFUSALS.PREPARED.number;

/** Where a simulated shard may crash, beside any moment between two events. */
export const SIM_CRASH_POINTS = [
  'before-append',
  'before-sync',
  'after-sync',
  'after-sending',
] as const;
export type SimCrashPoint = (typeof SIM_CRASH_POINTS)[number];

/** Who waits for an outcome: a number of the clients' own. */
export type Asker = number;

/** What a shard has around it. This one lets nothing go wrong, and nobody is there. */
export class Outside {
  readonly queue = new EventQueue();

  get now(): number {
    return this.queue.now;
  }

  /** Something is not as it must be: the end of the simulation. */
  failed(error: Error): void {
    this.queue.fail(error);
  }

  send(_from: number, _message: Message): void {}

  /** `told`: 0 posted, else the number of a refusal. */
  reply(_asker: Asker, _told: number): void {}

  /** What the clock of a shard that starts is wrong by: another shard's, another day's. */
  skewMs(): number {
    return 0;
  }

  /** How long the sync that begins now takes. */
  syncMs(): number {
    return 1;
  }

  /** Does the shard itself write the block that it has sealed, as it does small ones, and wait for it? */
  waitsForLog(): boolean {
    return false;
  }

  /** Does it crash here? Then it has. */
  crashesAt(_shard: SimShard, _point: SimCrashPoint): boolean {
    return false;
  }

  /** A block has been sealed: the state is the one after it. */
  sealed(_shard: SimShard): void {}

  note(_what: string, ..._figures: number[]): void {}
}

/** What one seed makes of a shard. */
export interface ShardSettings {
  readonly shard: number;
  readonly slotMap: Uint16Array;
  /** Commands after which a block takes no more. */
  readonly blockCommands: number;
  /** Bytes of the log after which a checkpoint begins. */
  readonly checkpointBytes: number;
  readonly cacheBytes: number;
}

/** What a record says to whoever asked: 0 posted, PREPARED, or the refusal's number. */
export function toldBy(effects: EffectReader, offset: number): number {
  const refusal = effects.refusalNumber(offset);
  if (refusal !== 0) return refusal;
  const transit = effects.extras(offset).find(({ tag }) => tag === EXTRA.transit);
  return transit?.numbers[0] === TRANSIT.open ? PREPARED : 0;
}

/** Throws where two states differ. */
export function sameLines(is: readonly string[], should: readonly string[], shard: number): void {
  const at = should.findIndex((line, n) => line !== is[n]);
  if (at < 0 && is.length === should.length) return;
  const place = at < 0 ? should.length : at;
  throw new Error(`L6: shard ${shard} replayed has ${is[place]} instead of ${should[place]}`);
}
