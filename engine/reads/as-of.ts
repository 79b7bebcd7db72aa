// How far the log counts in a read, so that it can be asked again. Owns: the forms of `asOf`, whether a read may name it. Never touches: logs.
//   reads.A1. What a read tells as `asOf` cuts each log behind a complete block: whoever names it reads the same, whatever was booked since.

import { SHARDS_MAX, TIME_MAX_MS } from '../limits.js';
import { type AsOf, type Refused, refused } from '../protocol/outcomes.js';
import type { Cut } from '../shard/history.js';
import type { Standing } from '../shard/messages.js';

const POSITIONS = /^\d{1,3}:\d{1,15}(?:,\d{1,3}:\d{1,15})*$/;

/** Last blocks by shard, as a text names them; undefined: it is none of this kind. */
function positionsIn(text: string): ReadonlyMap<number, number> | undefined {
  if (text.length > SHARDS_MAX * 20 || !POSITIONS.test(text)) return undefined;
  const pairs = text.split(',').map((pair) => pair.split(':').map(Number) as [number, number]);
  const positions = new Map(pairs);
  return positions.size === pairs.length ? positions : undefined;
}

const positionsText = (positions: Iterable<readonly [number, number]>): string =>
  [...positions]
    .sort(([a], [b]) => a - b)
    .map(([shard, seq]) => `${shard}:${seq}`)
    .join();

/** A time of the API: milliseconds since 1970. */
export const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= TIME_MAX_MS + 1;

/** Is it one of the forms of `asOf`? */
export const isAsOf = (value: unknown): value is AsOf =>
  isTime(value) || (typeof value === 'string' && positionsIn(value) !== undefined);

/** How far each log counts. */
export interface Cuts {
  readonly told: AsOf;
  readonly of: (shard: number) => Cut;
}

/** The cuts of a read of these shards, which stand there; `asOf`: what it names. Refused where it names what is not there yet, or not all shards. */
export function cutsOf(
  standings: ReadonlyMap<number, Standing>,
  asOf: AsOf | undefined,
): Cuts | Refused {
  const closed = (shard: number): number => standings.get(shard)?.closedSeq ?? 0;
  const now = positionsText([...standings.keys()].map((shard) => [shard, closed(shard)]));
  if (typeof asOf === 'string') {
    const positions = positionsIn(asOf) ?? new Map<number, number>();
    for (const shard of standings.keys()) {
      const seq = positions.get(shard);
      if (seq === undefined) return refused('QUERY_INVALID', 'asOf');
      if (seq > closed(shard)) return refused('POSITION_AHEAD', 'asOf');
    }
    const of = (shard: number): Cut => ({ seq: positions.get(shard) ?? 0, time: TIME_MAX_MS });
    return { told: asOf, of };
  }
  // Blocks of the time that it is now may still come.
  const isPast = asOf !== undefined && [...standings.values()].every(({ time }) => asOf < time);
  const time = asOf ?? TIME_MAX_MS;
  return { told: isPast ? asOf : now, of: (shard) => ({ seq: closed(shard), time }) };
}
