// The seats of nodes as a replica sees them. Owns: one connection, what is asked over it. Never touches: when something is asked, blocks.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { RecordPlace } from '../record/place.js';
import { type Row, Session } from '../record/session.js';
import { failoverSql } from './schema.js';

/** How a replica is. */
export type ReplicaState = 'follows' | 'opens' | 'leads';

/** What a replica says of itself. */
export interface Sign {
  readonly state: ReplicaState;
  /** Has its copy all that the log of record had at its last look? */
  readonly inStep: boolean;
  /** Blocks in its copy, over all shards. */
  readonly blocks: number;
  /** Why it can neither follow nor lead; null: it can. */
  readonly trouble: string | null;
}

/** A replica as the others know it. */
export interface Replica extends Sign {
  readonly replica: string;
  readonly host: string;
  /** Since its last sign of life. */
  readonly silentMs: number;
}

/** A node's seat. */
export interface Seat {
  /** Of a cluster's node; empty: of the whole ledger. */
  readonly node: string;
  /** Who led last; empty: nobody ever did. */
  readonly leader: string;
  /** Rises with each leader; 0: nobody ever led. */
  readonly term: number;
  /** The process that leads; empty: none does. */
  readonly life: string;
  /** Since the leader's last sign of life. */
  readonly silentMs: number;
}

/** What a replica that leads was given. */
export interface Led {
  readonly node: string;
  readonly replica: string;
  readonly life: string;
  readonly term: number;
  /** By which other nodes know this life of the node. */
  readonly session: number;
  /** What incarnations of the node's shards are made of. */
  readonly incarnation: string;
}

export interface SeatSettings {
  readonly place: RecordPlace;
  readonly node: string;
  readonly replica: string;
  /** After how long without a sign of life a seat is free. */
  readonly standMs: number;
}

const SEAT = `select node, leader, term, coalesce(life::text, '') as life, ${since('beat')} as silent from $.seat`;
const REPLICAS = `select replica, host, state, in_step, blocks, trouble, ${since('beat')} as silent from $.replica`;

function since(column: string): string {
  return `coalesce(floor(extract(epoch from clock_timestamp() - ${column}) * 1000), 0)::bigint`;
}

const textIn = (row: Row | undefined, name: string): string => String(row?.[name] ?? '');
const numberIn = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);

export const seatIn = (row: Row): Seat => ({
  node: textIn(row, 'node'),
  leader: textIn(row, 'leader'),
  term: numberIn(row, 'term'),
  life: textIn(row, 'life'),
  silentMs: numberIn(row, 'silent'),
});

export const replicaIn = (row: Row): Replica => ({
  replica: textIn(row, 'replica'),
  host: textIn(row, 'host'),
  state: textIn(row, 'state') as ReplicaState,
  inStep: row['in_step'] === 't',
  blocks: numberIn(row, 'blocks'),
  trouble: row['trouble'] === null ? null : textIn(row, 'trouble'),
  silentMs: numberIn(row, 'silent'),
});

/** Every seat, and every replica that was heard of within so many ms, by node. */
export async function readSeats(
  session: Session,
  { schema }: RecordPlace,
  shownMs: number,
): Promise<readonly (Seat & { readonly replicas: readonly Replica[] })[]> {
  const [there] = await session.ask('select to_regclass($1) is not null as yes', [
    `${schema}.seat`,
  ]);
  if (there?.['yes'] !== 't') return [];
  const seats = await session.ask(`${SEAT.replaceAll('$.', `${schema}.`)} order by node`);
  const shown = REPLICAS.replaceAll('$.', `${schema}.`).replace('select ', 'select node, ');
  const replicas = await session.ask(`${shown} order by node, replica`);
  return seats.map((row) => ({
    ...seatIn(row),
    replicas: replicas
      .filter((one) => one['node'] === row['node'])
      .map(replicaIn)
      .filter(({ silentMs }) => silentMs <= shownMs),
  }));
}

/** Makes the tables where they are not there. */
async function makeSeats(session: Session, schema: string): Promise<void> {
  const [there] = await session.ask('select to_regprocedure($1) is not null as yes', [
    `${schema}.lead(text,text,uuid,bigint,int,text)`,
  ]);
  if (there?.['yes'] === 't') return;
  const lock = `select pg_advisory_xact_lock(hashtext('${schema}.seat'))`;
  await session.ask(`begin; ${lock}; ${failoverSql(schema)} commit`);
}

/** Every call may throw: what became of it is not known then. */
export class Seats {
  readonly #settings: SeatSettings;
  /** Of this process. */
  readonly life = randomUUID();
  #session: Session | undefined;
  #first = -1;

  constructor(settings: SeatSettings) {
    this.#settings = settings;
  }

  async #ask(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const { place, standMs } = this.#settings;
    if (this.#session === undefined || this.#session.isOver)
      this.#session = await this.#connected();
    const how = { lookMs: standMs };
    return this.#session.ask(text.replaceAll('$.', `${place.schema}.`), values, how);
  }

  async #connected(): Promise<Session> {
    const { place, node, replica } = this.#settings;
    // Another host first at every attempt, as the log of record does.
    const session = await Session.toPrimary(place, `jifen replica ${replica}`, ++this.#first);
    await makeSeats(session, place.schema);
    // Signs of life wait for no standby (P3).
    await session.ask('set synchronous_commit = local');
    await session.ask(
      `insert into ${place.schema}.seat (node) values ($1) on conflict do nothing`,
      [node],
    );
    return session;
  }

  /** Says how this replica is. Answers false where another process that lives goes by its name. */
  async sign({ state, inStep, blocks, trouble }: Sign): Promise<boolean> {
    const { node, replica, standMs } = this.#settings;
    const rows = await this.#ask(
      `insert into $.replica as known (node, replica, life, host, state, in_step, blocks, trouble, beat)
         values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
         on conflict (node, replica) do update set life = excluded.life, host = excluded.host, state = excluded.state,
           in_step = excluded.in_step, blocks = excluded.blocks, trouble = excluded.trouble, beat = clock_timestamp()
         where known.life = excluded.life
           or known.beat < clock_timestamp() - make_interval(secs => $9::int / 1000.0)
         returning 1 as done`,
      [node, replica, this.life, hostname(), state, inStep, blocks, trouble, standMs],
    );
    return rows.length === 1;
  }

  async seat(): Promise<Seat> {
    const [row] = await this.#ask(`${SEAT} where node = $1`, [this.#settings.node]);
    return seatIn(row as Row);
  }

  /** The replicas of this node that have given a sign of life in time, this one too. */
  async replicas(): Promise<readonly Replica[]> {
    const { node, standMs } = this.#settings;
    const rows = await this.#ask(`${REPLICAS} where node = $1 order by replica`, [node]);
    return rows.map(replicaIn).filter(({ silentMs }) => silentMs <= standMs);
  }

  /** Takes the seat, where it is still as it was seen, and free; undefined: it is not (P1). */
  async lead(seen: Seat, incarnation: string): Promise<Led | undefined> {
    const { node, replica, standMs } = this.#settings;
    const { life } = this;
    const values = [node, replica, life, seen.term, standMs, incarnation];
    const [row] = await this.#ask('select * from $.lead($1, $2, $3, $4, $5, $6)', values);
    if (row === undefined) return undefined;
    const [term, session] = [numberIn(row, 'term'), numberIn(row, 'session')];
    return { node, replica, life, term, session, incarnation: textIn(row, 'incarnation') };
  }

  /** A leader's sign of life; false: it leads no more. */
  async beat({ node, life, term }: Led): Promise<boolean> {
    const rows = await this.#ask(
      'update $.seat set beat = clock_timestamp() where node = $1 and life = $2 and term = $3 returning 1 as done',
      [node, life, term],
    );
    return rows.length === 1;
  }

  /** Leaves the seat, where it is still this one's. */
  async leave({ node, life, term }: Led): Promise<void> {
    const which = 'where node = $1 and life = $2 and term = $3';
    await this.#ask(`update $.seat set life = null ${which}`, [node, life, term]);
  }

  /** Gives no sign of life any more. */
  async forget(): Promise<void> {
    const { node, replica } = this.#settings;
    const which = 'where node = $1 and replica = $2 and life = $3';
    await this.#ask(`delete from $.replica ${which}`, [node, replica, this.life]);
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}
