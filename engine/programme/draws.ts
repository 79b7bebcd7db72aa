// What is kept of a member's draws of a lottery. Owns: that record. Never touches: what is drawn.

import type { Chance, Json, Reads, RecordDelta } from './act.js';

/** The type of the record, whose key is the lottery's. */
const DRAWS = 'draws';

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
