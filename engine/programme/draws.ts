// What is kept of a member's draws of a lottery. Owns: that record. Never touches: what is drawn.

import type { Chance, Json, Reads, RecordDelta } from './act.js';
import { recordType } from './record-type.js';

/** The type of the record, whose key is the lottery's. The numbers of draws stay each member's own; when the last one was goes over. */
const DRAWS = recordType('draws', {
  of: 'member',
  carry: {
    take: (value) => (value as Draws).at ?? undefined,
    add(see, lottery, last) {
      const own = drawsIn(see, lottery);
      const { at: was = null } = own;
      const at = last as number;
      if (was !== null && was >= at) return undefined;
      return { records: [drawsRecord(lottery, { ...own, at })], delta: [was, at] };
    },
    back(see, lottery, delta) {
      const [was, brought] = delta as readonly [number | null, number];
      const { at, ...own } = drawsIn(see, lottery);
      if (at !== brought) return {};
      return { records: [drawsRecord(lottery, was === null ? own : { ...own, at: was })] };
    },
  },
});

/** As it is kept. */
export interface Draws {
  readonly [name: string]: Json | undefined;
  /** How many there were: the number of the last. */
  readonly number: number;
  /** When the last one was; left out: there was none. */
  readonly at?: number;
  /** The seed, by shard and number, with which the word counts, and with no other. */
  readonly period?: readonly [shard: number, seed: number];
  readonly word?: string;
}

const NONE: Draws = { number: 0 };

export const drawsIn = (see: Reads, lottery: string): Draws =>
  see.record<Draws & Json>(DRAWS, lottery) ?? NONE;

export const drawsRecord = (lottery: string, value: Draws): RecordDelta => ({
  type: DRAWS,
  key: lottery,
  value: value as Json,
});

/** Does the word that is kept count with this seed? */
export const isOfPeriod = ({ period }: Draws, { shard, seed }: Chance): boolean =>
  period !== undefined && period[0] === shard && period[1] === seed;
