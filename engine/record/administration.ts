// Making a log of record, and looking through one. Owns: what is done once, by an operator. Never touches: what a shard does.

import { randomUUID } from 'node:crypto';
import { RECORD_PARTITION_DAYS, SHARDS_MAX } from '../limits.js';
import { OWNER_HASH } from '../protocol/hash.js';
import { CorruptionError } from '../store/errors.js';
import { verifiedBlock } from '../store/verified-block.js';
import { lookOnce, type RecordLedger, type RecordLook } from './look.js';
import { type RecordPlace, recordPlace } from './place.js';
import { PostgresRecord, positionOf } from './postgres.js';
import { BEFORE_FIRST, type Holding, RecordError } from './record.js';
import { SCHEMA_FORMAT, schemaSql } from './schema.js';
import { Session } from './session.js';

const DAY_MS = 86_400_000;
const PARTITION_DAYS_MAX = 366;

/** Where a log of record is. */
export interface RecordAt {
  /** postgres://[user[:password]@]host[:port][,host[:port]]/database[?schema=...&sslmode=...&sslrootcert=...] */
  readonly url: string;
  /** Where the URL has none. */
  readonly password?: string | undefined;
}

/** A shard in the log of record. */
export interface RecordShard extends Holding {
  readonly shard: number;
  /** The last block; 0: there is none. */
  readonly seq: number;
  /** Its hash, hex. */
  readonly hash: string;
}

/** How a log of record is. */
export interface RecordStatus extends RecordLook {
  /** The ledger that it is of: a UUID. */
  readonly ledger: string;
  readonly shards: readonly RecordShard[];
}

const placeAt = ({ url, password }: RecordAt): RecordPlace => recordPlace(url, password);

const ofShard = (place: RecordPlace, shard: number): PostgresRecord =>
  new PostgresRecord({ place, shard, node: '', standby: false, local: () => undefined });

/**
 * Makes the schema of a log of record, for a ledger of so many shards; `partitionDays`: of its table of blocks, 1 to 366. Where it is there for as
 * many, nothing is done. Throws RecordError.
 */
export async function initRecord(
  at: RecordAt,
  shards: number,
  partitionDays = RECORD_PARTITION_DAYS,
): Promise<RecordLedger> {
  if (!Number.isInteger(shards) || shards < 1 || shards > SHARDS_MAX)
    throw new RangeError(`shards is a whole number from 1 to ${SHARDS_MAX}`);
  if (!Number.isInteger(partitionDays) || partitionDays < 1 || partitionDays > PARTITION_DAYS_MAX)
    throw new RangeError(`partitionDays is a whole number from 1 to ${PARTITION_DAYS_MAX}`);
  const place = placeAt(at);
  const { schema } = place;
  const session = await Session.toPrimary(place, 'jifen makes a log of record');
  try {
    const [there] = await session.ask('select to_regclass($1) is not null as yes', [
      `${schema}.ledger`,
    ]);
    if (there?.['yes'] !== 't')
      await session.ask(
        `begin; ${schemaSql(schema)}
         insert into ${schema}.ledger (format, ledger, shards, owner_hash, partition_ms)
           values (${SCHEMA_FORMAT}, '${randomUUID()}', ${shards}, '${OWNER_HASH}', ${partitionDays * DAY_MS});
         insert into ${schema}.shard (shard, epoch) select one, 0 from generate_series(0, ${shards - 1}) as one;
         commit`,
      );
  } catch (error) {
    throw new RecordError((error as Error).message, error);
  } finally {
    await session.close();
  }
  const made = await lookOnce(place, false);
  if (made.shards !== shards)
    throw new RecordError(`it is there, for ${made.shards} shards: ${shards} were asked for`);
  return { ledger: made.ledger, shards };
}

/** How a log of record is; `standby`: must a synchronous standby be there? Throws RecordError. */
export async function recordStatus(at: RecordAt, standby = true): Promise<RecordStatus> {
  const place = placeAt(at);
  const { ledger, shards, primary, standbys, trouble } = await lookOnce(place, standby);
  const found: RecordShard[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const record = ofShard(place, shard);
    try {
      const { seq, hash } = await record.head();
      const holding = await record.holding();
      found.push({ shard, seq, hash: Buffer.from(hash).toString('hex'), ...holding });
    } finally {
      await record.close();
    }
  }
  return { ledger, shards: found, primary, standbys, trouble };
}

/** Reads every block of every shard and checks its hash and the chain. Answers the last block of each. Throws CorruptionError, naming the block. */
export async function verifyRecord(
  at: RecordAt,
  onProgress: (shard: number, seq: number) => void = () => {},
): Promise<readonly number[]> {
  const place = placeAt(at);
  const { shards } = await lookOnce(place, false);
  const ends: number[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const record = ofShard(place, shard);
    try {
      let at = BEFORE_FIRST;
      for (;;) {
        const blocks = await record.read(at.seq + 1);
        if (blocks.length === 0) break;
        for (const bytes of blocks) {
          const { header, previousHash } = verifiedBlock(bytes, at.seq + 1);
          const key = `shard ${shard}, block ${header.seq}`;
          if (header.shard !== shard)
            throw new CorruptionError('log of record', key, `belongs to shard ${header.shard}`);
          if (Buffer.compare(previousHash, at.hash) !== 0)
            throw new CorruptionError('log of record', key, 'the hash chain is broken');
          at = positionOf(bytes);
        }
        onProgress(shard, at.seq);
      }
      const head = await record.head();
      if (head.seq !== at.seq)
        throw new CorruptionError(
          'log of record',
          `shard ${shard}`,
          `block ${at.seq + 1} is missing`,
        );
      ends.push(at.seq);
    } finally {
      await record.close();
    }
  }
  return ends;
}
