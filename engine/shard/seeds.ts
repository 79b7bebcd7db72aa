// The seeds of a shard's draws: made, sealed, used, published. Owns: when that is; what a seed says to a text. Never touches: what is drawn; what is
// kept of a seed (engine/programme/seeds.ts).
//   seeds.S1. A seed is random, made by the shard as soon as the one before it is in use, and known to this thread alone until it is published.
//   seeds.S2. A shard that draws has one seed in use and the next one's hash logged. Without a lottery none is made.
//   seeds.S3. A seed whose key is lost is used no more: its period ends at once, plainly, and a new one begins.

import type { Ledger } from '../ledger/ledger.js';
import { recordsOf } from '../ledger/reads.js';
import { DRAW_PERIOD_MS, DRAW_SEED_LEAD_MS, RECORDS_PAGE_MAX } from '../limits.js';
import { lottery } from '../programme/definitions/index.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import {
  bytesOfHex,
  PUBLISH_SEED,
  SEAL_SEED,
  SEED,
  type SeedRecord,
  seedOwner,
} from '../programme/seeds.js';
import { poolActId } from '../protocol/allotment.js';
import { answerOf, hashOfSeed, SEED_BYTES } from '../protocol/chance.js';
import { packCommand } from '../protocol/command-buffer.js';
import { EVERYTHING } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import type { Secrets } from './secrets.js';

/** Seeds that are kept at hand: what was decided a while ago may have to be decided again. */
const AT_HAND = 4;
const TYPE = recordTypeOf(SEED);

/** A seed, and whether it is known here. */
interface Known extends Omit<SeedRecord, 'seed'> {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export class Seeds {
  readonly #ledger: Ledger;
  readonly #secrets: Secrets;
  readonly #periodMs: number;
  readonly #owner: string;
  /** The last ones, oldest first; null: not looked at yet. */
  #known: readonly Known[] | null = null;

  constructor(ledger: Ledger, secrets: Secrets, periodMs = DRAW_PERIOD_MS) {
    this.#ledger = ledger;
    this.#secrets = secrets;
    this.#periodMs = periodMs;
    const { places } = ledger.state;
    this.#owner = seedOwner(places.shard, (owner) => places.shardOf(ownerHash(owner)));
  }

  /** The seed that decides at this time. */
  at(time: number): ReturnType<NonNullable<Ledger['chance']>['at']> {
    const found = this.#seeds.find(({ from, to }) => from <= time && time < to);
    const bytes = found?.bytes;
    if (found === undefined || bytes === undefined) return undefined;
    const { number, hash } = found;
    const { shard } = this.#ledger.state.places;
    return { shard, seed: number, hash, answer: (message) => answerOf(bytes, message) };
  }

  /** Logs what is due: the end of a period, the seed of the one after the next. */
  go(time: number): void {
    for (const { number, to, sealed, bytes } of this.#seeds) {
      if (sealed === undefined || (bytes !== undefined && time < to)) continue;
      if (bytes === undefined) this.#tellLost(number);
      const said = bytes === undefined ? { isLost: true } : { seed: hexOf(bytes) };
      this.#do(PUBLISH_SEED, time, { number, ...said });
    }
    if (this.#ledger.state.definitions.keys(lottery.name).length === 0) return;
    const last = this.#seeds.at(-1);
    if (last !== undefined && last.from > time) return;
    const number = (last?.number ?? 0) + 1;
    const from = Math.max(last?.to ?? 0, time + DRAW_SEED_LEAD_MS);
    const next = (Math.floor(from / this.#periodMs) + 1) * this.#periodMs;
    // Too short for the one after it to be logged in time.
    const to = next - from > 2 * DRAW_SEED_LEAD_MS ? next : next + this.#periodMs;
    const seed = this.#secrets.random(SEED_BYTES);
    const hash = hashOfSeed(seed);
    const sealed = hexOf(this.#secrets.seal(this.#name(number, hash), seed));
    this.#do(SEAL_SEED, time, { number, from, to, hash, sealed });
  }

  get #seeds(): readonly Known[] {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): readonly Known[] {
    const { state } = this.#ledger;
    const all = recordsOf(state, this.#owner, TYPE, '', RECORDS_PAGE_MAX);
    return all.slice(-AT_HAND).map(({ key, value }) => {
      const record = recordValueIn(value) as unknown as SeedRecord;
      const number = Number(key);
      return { ...record, number, bytes: this.#bytesOf(number, record) };
    });
  }

  #bytesOf(number: number, { seed, sealed, hash }: SeedRecord): Uint8Array | undefined {
    if (seed !== undefined) return bytesOfHex(seed);
    if (sealed === undefined) return undefined;
    const bytes = this.#secrets.open(this.#name(number, hash), bytesOfHex(sealed));
    return bytes !== undefined && hashOfSeed(bytes) === hash ? bytes : undefined;
  }

  #name(number: number, hash: string): string {
    return `seed ${this.#owner} ${number} ${hash}`;
  }

  #do(act: string, time: number, body: Readonly<Record<string, unknown>>): void {
    const ledger = this.#ledger;
    const owner = this.#owner;
    const id = poolActId(act, String(body['number']), time);
    ledger.granted = EVERYTHING;
    ledger.apply(ledger.take(packCommand({ type: 'act', owner, act, body }, id), 0));
    this.#known = null;
  }

  #tellLost(number: number): void {
    const { shard } = this.#ledger.state.places;
    process.emitWarning(
      `shard ${shard}: the key of seed ${number} is not in the folder. Its draws can no longer be checked; its period ends now.`,
      'DrawSeedWarning',
    );
  }
}
