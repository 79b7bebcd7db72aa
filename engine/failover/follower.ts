// The warm copy of a node's shards, filled out of the log of record. Owns: the connection that reads it, what counts as in step. Never touches:
// who leads.
//   failover.W1. What is copied is on the standby: what the primary alone has may be gone with it.
//   failover.W2. A copy that the log of record does not continue is not gone on with.
//   failover.W4. Nothing but the log of record is written into its logs, and nobody else has the folder open.

import { setTimeout as sleep } from 'node:timers/promises';
import { FAILOVER_PAGE_BYTES, RECORD_PAGE_BLOCKS, RECORD_PAUSE_MS } from '../limits.js';
import type { RecordWay } from '../record/joining.js';
import { type Row, Session } from '../record/session.js';
import type { Folder } from '../store/folder.js';
import { placesOf } from '../transfer/open/places.js';
import { ShardCopy } from './copy.js';

/** Further blocks of each shard: of one at least one, of all about as many bytes as a page has. */
const FURTHER = `select wanted.shard, page.bytes, page.seq
  from unnest($1::int[], $2::bigint[], $3::bigint[]) as wanted(shard, seq, time)
  cross join lateral (
    select one.seq, one.bytes from (
      select seq, bytes, sum(octet_length(bytes)) over (order by seq) as so_far from $.block
      where block.shard = wanted.shard and seq > wanted.seq and seq <= wanted.seq + $4 and block.time >= wanted.time
    ) as one where one.so_far <= $5 or one.seq = wanted.seq + 1
  ) as page order by 1, 3`;

/** Where each copy ends, in the log of record: its end, and its hash at the copy's. */
const ENDS = `select wanted.shard,
    coalesce((select max(seq) from $.block where block.shard = wanted.shard), 0) as head,
    (select hash from $.block where block.shard = wanted.shard and block.seq = wanted.seq) as hash
  from unnest($1::int[], $2::bigint[]) as wanted(shard, seq)`;

/** How often is looked whether a standby has what was read. */
const STANDBY_LOOKS = 20;

export interface FollowerSettings {
  readonly folder: Folder;
  readonly way: RecordWay;
  readonly cacheBytes: number;
}

/** Is there more than came of a shard? */
function isFullPage(rows: readonly Row[], shard: number): boolean {
  const mine = rows.filter((row) => Number(row['shard']) === shard);
  const bytes = mine.reduce((sum, row) => sum + (row['bytes'] as Buffer).length, 0);
  return mine.length >= RECORD_PAGE_BLOCKS || bytes >= FAILOVER_PAGE_BYTES / 2;
}

export class Follower {
  readonly #way: RecordWay;
  readonly #copies: readonly ShardCopy[];
  #session: Session | undefined;
  #first = -1;
  /** Was everything that there was at the last look copied? */
  #inStep = false;
  #trouble: string | null = null;

  private constructor(way: RecordWay, copies: readonly ShardCopy[]) {
    this.#way = way;
    this.#copies = copies;
  }

  static async open({ folder, way, cacheBytes }: FollowerSettings): Promise<Follower> {
    const { path, here, shards, slotMap } = folder;
    const copies: ShardCopy[] = [];
    try {
      for (const shard of here) {
        const places = placesOf(shard, shards, slotMap);
        copies.push(
          await ShardCopy.open({ folder: path, places, cacheBytes: cacheBytes / here.length }),
        );
      }
    } catch (error) {
      for (const copy of copies) await copy.close();
      throw error;
    }
    return new Follower(way, copies);
  }

  /** Had it all that there was at its last look? */
  get inStep(): boolean {
    return this.#inStep && this.#trouble === null;
  }

  /** Why it does not follow; null: it does. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Blocks in it, over all shards. */
  get blocks(): number {
    return this.#copies.reduce((sum, { last }) => sum + last.seq, 0);
  }

  /** Copies what there is, a page at most. Resolves with whether there may be more; rejects where a copy cannot be gone on with. */
  async step(): Promise<boolean> {
    let rows: readonly Row[];
    try {
      rows = await this.#further();
    } catch (error) {
      this.#session?.end();
      this.#inStep = false;
      this.#trouble = (error as Error).message;
      return false;
    }
    for (const copy of this.#copies) {
      const mine = rows.filter((row) => Number(row['shard']) === copy.shard);
      // Aligned, as blocks are read (protocol.P11).
      if (mine.length > 0)
        await copy.take(mine.map((row) => Uint8Array.from(row['bytes'] as Buffer)));
    }
    // Under load there is always more; what is in step has it in one go.
    const isFull = this.#copies.some((copy) => isFullPage(rows, copy.shard));
    this.#inStep = !isFull;
    return isFull;
  }

  /** Further blocks that are where they cannot be lost. */
  async #further(): Promise<readonly Row[]> {
    const session = await this.#connected();
    const ends = this.#copies.map(({ last }) => last);
    const values = [
      this.#copies.map(({ shard }) => shard),
      ends.map(({ seq }) => seq),
      ends.map(({ time }) => time),
      ...[RECORD_PAGE_BLOCKS, FAILOVER_PAGE_BYTES],
    ];
    const rows = await session.ask(this.#text(FURTHER), values);
    if (rows.length === 0 || !this.#way.standby) return rows;
    const [flushed] = await session.ask('select pg_current_wal_flush_lsn()::text as lsn');
    const asked = this.#text('select $.replicated($1::pg_lsn) as yes');
    for (let look = 0; look < STANDBY_LOOKS; look++) {
      const [found] = await session.ask(asked, [flushed?.['lsn']]);
      if (found?.['yes'] === 't') return rows;
      await sleep(RECORD_PAUSE_MS);
    }
    throw new Error('no synchronous standby has what the primary has');
  }

  async #connected(): Promise<Session> {
    if (this.#session?.isOver !== false) {
      this.#session = await Session.toPrimary(this.#way.place, 'jifen follows', ++this.#first);
      this.#trouble = 'the copy was not compared yet';
    }
    // Another primary may have another end.
    if (this.#trouble !== null) this.#trouble = await this.#odd(this.#session);
    if (this.#trouble !== null) throw new Error(this.#trouble);
    return this.#session;
  }

  /** What is odd about a copy (W2); null: nothing is. */
  async #odd(session: Session): Promise<string | null> {
    const values = [
      this.#copies.map(({ shard }) => shard),
      this.#copies.map(({ last }) => last.seq),
    ];
    const rows = await session.ask(this.#text(ENDS), values);
    for (const { shard, last } of this.#copies) {
      const row = rows.find((one) => Number(one['shard']) === shard);
      const head = Number(row?.['head'] ?? 0);
      if (head < last.seq)
        return `SHARD_ROLLED_BACK: shard ${shard}: the log of record ends with block ${head}, the copy with block ${last.seq}`;
      const hash = row?.['hash'] as Buffer | null | undefined;
      if (last.seq > 0 && (hash == null || Buffer.compare(hash, last.hash) !== 0))
        return `SHARD_ROLLED_BACK: shard ${shard}: block ${last.seq} of the copy is not the one of the log of record`;
    }
    return null;
  }

  #text(text: string): string {
    return text.replaceAll('$.', `${this.#way.place.schema}.`);
  }

  async close(): Promise<void> {
    await this.#session?.close();
    for (const copy of this.#copies) await copy.close();
  }
}
