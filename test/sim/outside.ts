// What a simulated shard has around it, and what it says. Owns: the seam between a shard and its world.
// Never touches: either.

import { packValue, unpackValue } from '../../engine/protocol/codec.js';
import { type EffectReader, EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import type { Message } from '../../engine/transfer/messages.js';
import type { Places } from '../../engine/transfer/open/places.js';
import {
  type Transits,
  transitOfTuple,
  transitTuple,
} from '../../engine/transfer/open/transits.js';
import type { SimShard } from './shard.js';

/** Milliseconds since 1970 when a simulation begins. */
export const BASE_MS = 1_767_225_600_000;
/** Told of a transfer that is prepared and not decided. */
export const PREPARED = REFUSALS.PREPARED.number;

/** Where a simulated shard may crash, beside any moment between two events. */
export const SIM_CRASH_POINTS = [
  'before-sync',
  'after-sync',
  'after-sending',
  'after-asking',
] as const;
export type SimCrashPoint = (typeof SIM_CRASH_POINTS)[number];

/** Who waits for an outcome: a number of the clients' own. */
export type Asker = number;

/** What a shard has around it. */
export interface Outside {
  readonly now: number;
  /** Plans something, for as long as this life of the shard lasts. */
  after(shard: SimShard, ms: number, run: () => void): void;
  send(from: number, message: Message): void;
  /** `told`: 0 posted, else the number of a refusal. */
  reply(asker: Asker, told: number): void;
  /** What the clock of a shard that starts is wrong by: another shard's, another day's. */
  skewMs(): number;
  /** How long the sync that begins now takes. */
  syncMs(): number;
  /** Does it crash here? Then it has. */
  crashesAt(shard: SimShard, point: SimCrashPoint): boolean;
  /** It is up: what it must have before anything else can be given to it. */
  started(shard: SimShard): void;
  /** A block has been sealed: the state is the one after it. */
  sealed(shard: SimShard): void;
  note(what: string, ...figures: number[]): void;
}

/** What one seed makes of a shard. */
export interface ShardSettings {
  readonly places: Places;
  /** Commands after which a block takes no more. */
  readonly blockCommands: number;
}

/** What a record says to whoever asked: 0 posted, PREPARED, or the refusal's number. */
export function toldBy(effects: EffectReader, offset: number): number {
  const refusal = effects.refusalNumber(offset);
  if (refusal !== 0) return refusal;
  const transit = effects.extras(offset).find(({ tag }) => tag === EXTRA.transit);
  return transit?.numbers[0] === TRANSIT.open ? PREPARED : 0;
}

/** Puts what is open through the form in which a checkpoint stores it. */
export function storeTransits(transits: Transits): void {
  for (const transit of [...transits.all()]) {
    transits.close(transit);
    const stored = packValue(transitTuple(transit));
    transits.open(transitOfTuple(unpackValue(stored) as unknown[]));
  }
}

/** Throws where two states differ. */
export function sameLines(is: readonly string[], should: readonly string[], shard: number): void {
  const at = should.findIndex((line, n) => line !== is[n]);
  if (at < 0 && is.length === should.length) return;
  const place = at < 0 ? should.length : at;
  throw new Error(`L6: shard ${shard} replayed has ${is[place]} instead of ${should[place]}`);
}
