// The log of record of one shard in PostgreSQL. Owns: its one connection, holder and epoch, what is done where an outcome is not known.
// Never touches: the local log; what a block contains, but for the time and the hash in it.
//   record.U1. While an outcome is not known nothing is answered. A marker comes first: it waits for the shard's row, which a backend that has
//       not committed may hold, and raises the epoch, so that a backend that has not begun finds another one. Only then what is there is read.
//   record.U2. The marker itself must be where R3 says before what was read behind it counts: the standby has the log in its order.
//   record.U3. Blocks that were acknowledged and are gone are appended again only by the opening that holds the shard.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  RECORD_GROUP_BYTES,
  RECORD_HOLDER_LENGTH_MAX,
  RECORD_LOCK_MS,
  RECORD_LOOK_MS,
  RECORD_PAGE_BLOCKS,
  RECORD_PAUSE_MS,
} from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { blockGroups } from './groups.js';
import type { RecordPlace } from './place.js';
import {
  BEFORE_FIRST,
  FencedError,
  type Holding,
  type LogOfRecord,
  type Position,
  RecordError,
  RolledBackError,
  type SeatOf,
} from './record.js';
import type { Said } from './schema.js';
import { type Row, Session, UnknownOutcome } from './session.js';

const HEAD = 'select seq, hash, time from $.block where shard = $1 order by seq desc limit 1';

/** What keeps an append from being answered; null: nothing does. */
export type Trouble = string | null;

export interface RecordSettings {
  readonly place: RecordPlace;
  readonly shard: number;
  /** What this process calls itself. */
  readonly node: string;
  /** Must a synchronous standby have what is appended? */
  readonly standby: boolean;
  /** After how long a call that is not answered is looked after; left out: limits.RECORD_LOOK_MS. */
  readonly lookMs?: number | undefined;
  /** The seat that decides who may take over; left out: whoever comes first. */
  readonly seat?: SeatOf | undefined;
  /** A block of the local log, to append it again where the log of record lost it. */
  local(seq: number): Uint8Array | undefined;
  /** Told when something begins to hold up appends, and when nothing does. */
  onTrouble?(trouble: Trouble): void;
}

/** Where a block stands. */
export function positionOf(block: Uint8Array): Position {
  const { header, hash } = new BlockView(block);
  // A copy: the buffer takes other blocks.
  return { seq: header.seq, hash: hash.slice(), time: header.time };
}

const isSame = (one: Position, other: Position): boolean =>
  one.seq === other.seq && Buffer.compare(one.hash, other.hash) === 0;

const numberIn = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);

const messageOf = (error: unknown): string => (error as Error).message;

export class PostgresRecord implements LogOfRecord {
  readonly #settings: RecordSettings;
  readonly #schema: string;
  /** Of this opening: a name that no other has. */
  readonly holder = randomUUID();
  #session: Session | undefined;
  #epoch = 0;
  /** Up to which block time there are partitions. */
  #roomUntil = 0;
  #isUnderWay = false;
  #isClosed = false;
  #trouble: Trouble = null;

  constructor(settings: RecordSettings) {
    this.#settings = settings;
    this.#schema = settings.place.schema;
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  async holding(): Promise<Holding> {
    const [row] = await this.#read(
      'select epoch, holder::text, node from $.shard where shard = $1',
    );
    if (row === undefined)
      throw new RecordError(`has no shard ${this.#settings.shard}: it was made for fewer`);
    return {
      epoch: numberIn(row, 'epoch'),
      holder: String(row['holder'] ?? ''),
      node: String(row['node']),
    };
  }

  async head(): Promise<Position> {
    const [row] = await this.#read(HEAD);
    return row === undefined ? BEFORE_FIRST : placeIn(row);
  }

  async position(seq: number): Promise<Position | undefined> {
    if (seq === 0) return BEFORE_FIRST;
    const [row] = await this.#read(
      'select seq, hash, time from $.block where shard = $1 and seq = $2',
      [seq],
    );
    return row && placeIn(row);
  }

  async read(seq: number): Promise<Uint8Array[]> {
    const rows = await this.#read(
      `select bytes from (
         select seq, bytes, sum(octet_length(bytes)) over (order by seq) as so_far from $.block
         where shard = $1 and seq >= $2 and seq < $2::bigint + $3
       ) as page where so_far <= $4 or seq = $2 order by seq`,
      [seq, RECORD_PAGE_BLOCKS, RECORD_GROUP_BYTES],
    );
    // Aligned, as blocks are read (protocol.P11).
    return rows.map((row) => Uint8Array.from(row['bytes'] as Buffer));
  }

  async takeOver(seen: Holding, least: number): Promise<number | undefined> {
    const { shard, node, standby, seat } = this.#settings;
    const seenHolder = seen.holder === '' ? null : seen.holder;
    const named = node.slice(0, RECORD_HOLDER_LENGTH_MAX);
    const judged = seat === undefined ? [] : [seat.node, seat.life, seat.term];
    const procedure = seat === undefined ? 'take_over' : 'take_over_as';
    const values = [...judged, shard, this.holder, named, seen.epoch, seenHolder, least, standby];
    for (let isKnown = true; ; ) {
      try {
        const session = await this.#connected();
        // What was sent before may have come to pass.
        if (!isKnown && (await this.holding()).holder === this.holder) {
          await this.#mark(session);
          return this.#epoch;
        }
        const row = await this.#call(session, procedure, values, 'null, null, null');
        if (!(await this.#isDone(session, row))) continue;
        if (row['said'] === 'fenced' && seat !== undefined) return undefined;
        if (row['said'] === 'fenced' || row['said'] === 'replaced') await this.#refused();
        this.#epoch = numberIn(row, 'said_epoch');
        this.#noteTrouble(null);
        return this.#epoch;
      } catch (error) {
        await this.#after(error);
        isKnown = false;
      }
    }
  }

  /** Another one holds it. */
  async #refused(): Promise<never> {
    const { node, epoch } = await this.holding();
    throw new FencedError(this.#settings.shard, `${JSON.stringify(node)}, epoch ${epoch}`);
  }

  confirm(at: Position): Promise<void> {
    return this.append(at, []);
  }

  async append(before: Position, blocks: readonly Uint8Array[]): Promise<void> {
    if (this.#isUnderWay) throw new Error('record.R4: a second append');
    this.#isUnderWay = true;
    try {
      await this.#append(before, blocks);
      this.#noteTrouble(null);
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #append(before: Position, blocks: readonly Uint8Array[]): Promise<void> {
    for (let isKnown = true; ; ) {
      try {
        const session = await this.#connected();
        if (!isKnown) {
          await this.#mark(session);
          if (await this.#isThere(session, before, blocks)) return;
          isKnown = true;
        }
        if (await this.#placed(session, before, blocks)) return;
      } catch (error) {
        await this.#after(error);
        isKnown = false;
      }
    }
  }

  /** Tries once. false: again. */
  async #placed(
    session: Session,
    before: Position,
    blocks: readonly Uint8Array[],
  ): Promise<boolean> {
    const { shard, standby } = this.#settings;
    const places = blocks.map(positionOf);
    const last = places.at(-1);
    if (last !== undefined && last.time >= this.#roomUntil)
      await this.#makeRoom(session, last.time);
    const bytes = blocks.length === 1 ? asBuffer(blocks[0] as Uint8Array) : Buffer.concat(blocks);
    const values = [
      ...[shard, this.holder, this.#epoch, before.seq, Buffer.from(before.hash), before.time],
      ...[places.map(({ time }) => time), blocks.map(({ length }) => length), bytes, standby],
    ];
    const row = await this.#call(session, 'append', values, 'null, null');
    if (!(await this.#isDone(session, row))) return false;
    if (row['said'] === 'fenced') await this.#refused();
    if (row['said'] === 'misplaced')
      throw new UnknownOutcome(`the log does not end with block ${before.seq}`);
    return true;
  }

  async #makeRoom(session: Session, time: number): Promise<void> {
    const [row] = await session.ask(`select ${this.#schema}.make_room($1) as until`, [time]);
    this.#roomUntil = numberIn(row, 'until');
  }

  #call(session: Session, name: string, values: unknown[], out: string): Promise<Row> {
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    const text = `call ${this.#schema}.${name}(${places}, ${out})`;
    const onWaiting = (why: string): void =>
      this.#noteTrouble(why === 'standby' ? 'waits for the standby' : `no answer: ${why}`);
    const { lookMs = RECORD_LOOK_MS } = this.#settings;
    return session.ask(text, values, { name, lookMs, onWaiting }).then(([row]) => row as Row);
  }

  /** Is what was called decided, and where it should be? false: nothing was done, and it is to be called again. */
  async #isDone(session: Session, row: Row): Promise<boolean> {
    const said = row['said'] as Said;
    if (said.startsWith('unsafe: ')) {
      this.#noteTrouble(said.slice('unsafe: '.length));
      await this.#pause();
      // Settings of the server come to a session between two statements.
      return false;
    }
    while (said === 'alone') {
      const [found] = await session.ask(`select ${this.#schema}.replicated($1) as yes`, [
        row['said_lsn'],
      ]);
      if (found?.['yes'] === 't') break;
      this.#noteTrouble('no synchronous standby has what was committed');
      await this.#pause();
    }
    return true;
  }

  /** Brings what is not known to an end: from here on nothing that was sent before can be committed (U1), and what can be read stays (U2). */
  async #mark(session: Session): Promise<void> {
    const { shard, standby } = this.#settings;
    const values = [shard, this.holder, RECORD_LOCK_MS, standby];
    for (;;) {
      const row = await this.#call(session, 'mark', values, 'null, null, null');
      if (!(await this.#isDone(session, row))) continue;
      if (row['said'] === 'fenced') await this.#refused();
      this.#epoch = numberIn(row, 'said_epoch');
      return;
    }
  }

  /** Are these blocks the end of the log? false: they are to be appended, and may be. By the connection that marked. */
  async #isThere(
    session: Session,
    before: Position,
    blocks: readonly Uint8Array[],
  ): Promise<boolean> {
    const [row] = await session.ask(this.#text(HEAD), [this.#settings.shard]);
    const head = row === undefined ? BEFORE_FIRST : placeIn(row);
    const last = blocks.at(-1);
    if (last !== undefined && isSame(head, positionOf(last))) return true;
    if (isSame(head, before)) return false;
    const { shard } = this.#settings;
    if (head.seq >= before.seq)
      throw new RolledBackError(
        shard,
        `block ${head.seq} of the log of record is not the one that is known here`,
      );
    await this.#again(head, before.seq);
    return false;
  }

  /** Appends once more what was acknowledged and is gone, up to `seq` (U3). */
  async #again(head: Position, seq: number): Promise<void> {
    const { shard, local } = this.#settings;
    const known = head.seq === 0 ? undefined : local(head.seq);
    const isOurs = head.seq === 0 || (known !== undefined && isSame(positionOf(known), head));
    const first = local(head.seq + 1);
    if (!isOurs || first === undefined || local(seq) === undefined)
      throw new RolledBackError(
        shard,
        `the log of record ends with block ${head.seq}, which is not the one known here, and block ${seq} was acknowledged`,
      );
    let before = head;
    for (const group of blockGroups(local, head.seq + 1, seq)) {
      await this.#append(before, group);
      before = positionOf(group.at(-1) as Uint8Array);
    }
  }

  async #connected(): Promise<Session> {
    if (this.#session !== undefined && !this.#session.isOver) return this.#session;
    const { place, shard } = this.#settings;
    const name = `jifen ${shard} ${this.holder}`;
    this.#first++;
    this.#session = await Session.toPrimary(place, name, this.#first);
    this.#roomUntil = 0;
    await this.#session.endOthers();
    return this.#session;
  }

  /** Another host first at every attempt: of two that say they are the primary one cannot commit. */
  #first = -1;

  /** After what went wrong: throws what is no passing trouble. */
  async #after(error: unknown): Promise<void> {
    const isPassing =
      error instanceof UnknownOutcome ||
      (error instanceof RecordError &&
        !(error instanceof FencedError) &&
        !(error instanceof RolledBackError));
    if (!isPassing || this.#isClosed) throw error;
    this.#noteTrouble(messageOf(error));
    await this.#pause();
  }

  #text(text: string): string {
    return text.replaceAll('$.', `${this.#schema}.`);
  }

  #pause(): Promise<void> {
    return sleep(RECORD_PAUSE_MS);
  }

  #noteTrouble(trouble: Trouble): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#settings.onTrouble?.(trouble);
  }

  /** A read of the primary, tried again where the connection is lost. */
  async #read(text: string, more: readonly unknown[] = []): Promise<readonly Row[]> {
    for (;;) {
      try {
        const session = await this.#connected();
        return await session.ask(this.#text(text), [this.#settings.shard, ...more]);
      } catch (error) {
        await this.#after(error);
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#session?.close();
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const placeIn = (row: Row): Position => ({
  seq: numberIn(row, 'seq'),
  hash: row['hash'] as Buffer,
  time: numberIn(row, 'time'),
});
