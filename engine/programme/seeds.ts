// The seeds that draws are decided by: acts by which a shard logs them, made by the engine, for nobody to ask for. Owns: what is kept and published
// of a seed, in which order they come. Never touches: how seeds are made and sealed (engine/shard/seeds.ts), what is drawn.
//   seeds.D1. A seed's hash is logged before its period begins, and nothing changes it afterwards.
//   seeds.D2. Periods of a shard follow one another and do not overlap. One is over at its end, or when its seed is lost.
//   seeds.D3. A seed is published when its period is over, and only where it has the hash that was logged.

import { DRAW_SEEDS_KEPT, SLOTS, TIME_MAX_MS } from '../limits.js';
import { allotmentOf } from '../protocol/allotment.js';
import { hashOfSeed } from '../protocol/chance.js';
import { words } from '../protocol/definition-fields.js';
import { flag, optional, time, whole } from '../protocol/fields.js';
import { type Act, act, type Json, type RecordDelta } from './act.js';
import { NOT_OF_MEMBERS, recordType } from './record-type.js';

/** Who has the seeds of the shard of a slot: `#draws@<slot>`. */
const DRAWS = '#draws';
/** The types of the records: seeds by number, and under one key the number of the last. */
export const SEED = recordType('seed', NOT_OF_MEMBERS);
export const LAST_SEED = recordType('last-seed', NOT_OF_MEMBERS);
const HEX_LENGTH_MAX = 512;
const NUMBER_MAX = 99_999_999;

/** A seed as it is kept. */
export interface SeedRecord {
  /** Its period: from when on, and before when, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the seed, in hexadecimal digits. */
  readonly hash: string;
  /** As long as its period is not over: the seed, sealed with the key of its shard, in hexadecimal digits. */
  readonly sealed?: string;
  /** Then: the seed itself. Neither: its key was lost. */
  readonly seed?: string;
}

/** Who has the seeds of a shard: of the first slot that lies on it. */
export function seedOwner(shard: number, shardOf: (owner: string) => number): string {
  for (let slot = 0; slot < SLOTS; slot++) {
    const owner = allotmentOf(DRAWS, slot) as string;
    if (shardOf(owner) === shard) return owner;
  }
  throw new RangeError(`no slot lies on shard ${shard}`);
}

/** Keys sort as numbers do. */
export const seedKey = (number: number): string => String(number).padStart(8, '0');

const seedRecord = (number: number, value: SeedRecord | null): RecordDelta => ({
  type: SEED,
  key: seedKey(number),
  value: value as unknown as Json,
});

const hex = (about: string) => words(HEX_LENGTH_MAX, about, 'ACT_BODY_INVALID');
const number = () => whole(1, NUMBER_MAX, 'ACT_BODY_INVALID', 'The number of the seed.');
const undo = () => ({ refusal: 'NOT_REVERSIBLE' }) as const;
const INVALID = { refusal: 'SEED_INVALID' } as const;

const sealSeed = act({
  name: 'seal-seed',
  version: 1,
  about: 'A shard commits to the seed of a period that has yet to begin.',
  body: {
    number: number(),
    from: time('ACT_BODY_INVALID'),
    to: time('ACT_BODY_INVALID'),
    hash: hex('SHA-256 of the seed.'),
    sealed: hex('The seed, sealed.'),
  },
  needs: ['admin'],
  refusals: ['SEED_INVALID'],
  decide(see, { number, from, to, hash, sealed }, { time }) {
    const last = see.record<number>(LAST_SEED, SEED) ?? 0;
    const before = see.record<SeedRecord & Json>(SEED, seedKey(last)) as SeedRecord | undefined;
    if (number !== last + 1 || from <= time || to <= from || to > TIME_MAX_MS) return INVALID;
    if (before !== undefined && from < before.to) return INVALID;
    const records = [
      seedRecord(number, { from, to, hash, sealed }),
      { type: LAST_SEED, key: SEED, value: number },
    ];
    const old = number - DRAW_SEEDS_KEPT;
    if (old > 0) records.push(seedRecord(old, null));
    return { legs: [], records, effects: [{ type: 'seedHash', number, from, to, hash }], why: {} };
  },
  undo,
});

const publishSeed = act({
  name: 'publish-seed',
  version: 1,
  about: 'A shard publishes the seed of a period that is over.',
  body: {
    number: number(),
    /** Left out: the key that it was sealed with is lost. */
    seed: optional(hex('The seed.')),
    /** Its period ends now, for its key is lost. */
    isLost: flag(false),
  },
  needs: ['admin'],
  refusals: ['SEED_INVALID'],
  decide(see, { number, seed, isLost = false }, { time }) {
    const before = see.record<SeedRecord & Json>(SEED, seedKey(number)) as SeedRecord | undefined;
    if (before?.sealed === undefined || isLost !== (seed === undefined)) return INVALID;
    const { from, to, hash } = before;
    if (seed === undefined) {
      const end = Math.min(to, time);
      return {
        legs: [],
        records: [seedRecord(number, { from: Math.min(from, end), to: end, hash })],
        effects: [{ type: 'seedLost', number, to: end }],
        why: {},
      };
    }
    if (time < to || hashOfSeed(bytesOfHex(seed)) !== hash) return INVALID;
    return {
      legs: [],
      records: [seedRecord(number, { from, to, hash, seed })],
      effects: [{ type: 'seedPublished', number, seed }],
      why: {},
    };
  },
  undo,
});

/** Bytes of hexadecimal digits. */
export const bytesOfHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (two) => Number.parseInt(two, 16));

/** The acts of seeds. */
export const SEED_ACTS: ReadonlyMap<string, Act> = new Map(
  [sealSeed, publishSeed].map((one) => [one.name, one as unknown as Act]),
);
export const SEAL_SEED = sealSeed.name;
export const PUBLISH_SEED = publishSeed.name;
