// A connection to the primary of the log of record. Owns: connecting, the settings that what is committed depends on, which outcomes are
// known. Never touches: what is asked.
//   record.N1. Only a server that says it is the primary is spoken to.
//   record.N2. What a commit depends on is set for each connection, and read back. The procedures look once more, at every commit.
//   record.N3. An error, a warning, a lost connection: the outcome is not known, and this connection is not used again.

import type { Client, ClientConfig, QueryResult } from 'pg';
import { RECORD_CONNECT_MS, RECORD_LOOK_MS } from '../limits.js';
import type { RecordHost, RecordPlace } from './place.js';
import { RecordError } from './record.js';

/**
 * Nothing ends a statement or a session but we; warnings are heard; a commit waits for the standby's disk; and what procedures ask is not planned anew for
 * each append, which would take a third of its time.
 */
const SETTINGS = {
  synchronous_commit: 'on',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  client_min_messages: 'warning',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  bytea_output: 'hex',
  plan_cache_mode: 'force_generic_plan',
} as const;

/** What became of a call is not known. */
export class UnknownOutcome extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'UnknownOutcome';
  }
}

/** Rows as they come: numbers as text, bytes as Buffer. */
export type Row = Readonly<Record<string, string | Buffer | null>>;

const BYTEA = 17;
const AS_TEXT = (value: string): string => value;
const AS_BYTES = (value: string): Buffer => Buffer.from(value.slice(2), 'hex');
/** Numbers stay text. */
const types = { getTypeParser: (oid: number) => (oid === BYTEA ? AS_BYTES : AS_TEXT) };

const withLimit = <T>(promise: Promise<T>, ms: number, late: () => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      late();
      reject(new RecordError(`no answer after ${ms} ms`));
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** What each error of this kind begins with. */
const SAID = new RecordError('').message;

const messageOf = (error: unknown): string =>
  error instanceof Error
    ? error.message || ((error as { code?: string }).code ?? error.name)
    : String(error);

/** Why a call has not been answered yet, where the server says. */
export type Waits = 'standby' | 'something' | 'gone';

export class Session {
  readonly at: RecordHost;
  readonly #place: RecordPlace;
  readonly #client: Client;
  readonly #name: string;
  #warning: string | undefined;
  #isOver = false;

  private constructor(place: RecordPlace, at: RecordHost, name: string, client: Client) {
    this.#place = place;
    this.at = at;
    this.#name = name;
    this.#client = client;
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING') this.#warning = message ?? 'a warning';
    });
    // What waits hears of it by its own promise.
    client.on('error', () => this.end());
    client.on('end', () => {
      this.#isOver = true;
    });
  }

  /** Connects to this server. `name`: what others know the connection by. Throws RecordError where it is not the primary, or not to be had. */
  static async to(place: RecordPlace, at: RecordHost, name: string): Promise<Session> {
    const { default: pg } = await import('pg');
    const { host, port } = at;
    const { database, user, password, tls } = place;
    const config: ClientConfig = {
      ...{ host, port, database, user, password, application_name: name },
      ssl: tls === null ? false : { ...tls, rejectUnauthorized: true, servername: host },
      keepAlive: true,
      keepAliveInitialDelayMillis: RECORD_CONNECT_MS,
      connectionTimeoutMillis: RECORD_CONNECT_MS,
    };
    const client = new pg.Client(config);
    const session = new Session(place, at, name, client);
    try {
      const began = async (): Promise<void> => {
        await client.connect();
        await session.#begin();
      };
      await withLimit(began(), 2 * RECORD_CONNECT_MS, () => session.end());
      return session;
    } catch (error) {
      session.end();
      throw new RecordError(`${host}:${port}: ${messageOf(error)}`, error);
    }
  }

  /** Connects to the primary, wherever it is now. `first`: the host to try first. */
  static async toPrimary(place: RecordPlace, name: string, first = 0): Promise<Session> {
    const { hosts } = place;
    const faults: string[] = [];
    for (let i = 0; i < hosts.length; i++) {
      try {
        return await Session.to(place, hosts[(first + i) % hosts.length] as RecordHost, name);
      } catch (error) {
        faults.push(messageOf(error));
      }
    }
    throw new RecordError(faults.join('; ').replaceAll(SAID, ''));
  }

  async #begin(): Promise<void> {
    const set = Object.entries(SETTINGS).map(([key, value]) => `set ${key} = '${value}'`);
    await this.#client.query(set.join(';'));
    const names = Object.keys(SETTINGS);
    const { rows } = await this.#client.query(
      `select pg_is_in_recovery() as standby, ${names.map((one) => `current_setting('${one}') as ${one}`).join(', ')}`,
    );
    const found = rows[0] as Record<string, unknown>;
    if (found['standby'] !== false) throw new RecordError('it is a standby, not the primary');
    for (const [key, value] of Object.entries(SETTINGS))
      if (found[key] !== value) throw new RecordError(`${key} stays ${String(found[key])}`);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks, and answers the rows. Throws UnknownOutcome whatever went wrong. `onWaiting`: it takes long, and why. */
  async ask(
    text: string,
    values: readonly unknown[] = [],
    how: { readonly name?: string; readonly lookMs?: number; onWaiting?(why: Waits): void } = {},
  ): Promise<readonly Row[]> {
    if (this.#isOver) throw new UnknownOutcome('the connection is lost');
    this.#warning = undefined;
    const { name, lookMs = RECORD_LOOK_MS, onWaiting = () => {} } = how;
    const query = { text, values: [...values], name, types };
    const asked = this.#client.query(query as never) as unknown as Promise<QueryResult<Row>>;
    const looking = setInterval(() => void this.#look(onWaiting), lookMs);
    try {
      const { rows } = await asked;
      if (this.#warning !== undefined) throw new UnknownOutcome(this.#warning);
      return rows;
    } catch (error) {
      this.end();
      throw error instanceof UnknownOutcome ? error : new UnknownOutcome(messageOf(error), error);
    } finally {
      clearInterval(looking);
    }
  }

  #isLooking = false;

  /** It takes long: only where the server says that it waits for the standby it is left alone. */
  async #look(onWaiting: (why: Waits) => void): Promise<void> {
    if (this.#isLooking || this.#isOver) return;
    this.#isLooking = true;
    const why = await this.#why().catch(() => 'gone' as const);
    this.#isLooking = false;
    if (this.#isOver) return;
    onWaiting(why);
    if (why !== 'standby') this.end();
  }

  async #why(): Promise<Waits> {
    const beside = await Session.to(this.#place, this.at, `${this.#name} looks`);
    try {
      const { processID } = this.#client as unknown as { processID: number };
      const asked = beside.#client.query(
        'select wait_event from pg_stat_activity where pid = $1 and application_name = $2',
        [processID, this.#name],
      );
      const { rows } = await withLimit(asked, RECORD_CONNECT_MS, () => beside.end());
      if (rows.length === 0) return 'gone';
      return rows[0].wait_event === 'SyncRep' ? 'standby' : 'something';
    } finally {
      beside.end();
    }
  }

  /** Ends the server's side of earlier connections of this name: what they have not committed, they need not try. */
  async endOthers(): Promise<void> {
    await this.ask(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
      [this.#name],
    );
  }

  /** At once; whoever waits for an answer has none. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { connection } = this.#client as unknown as {
      connection: { stream: { destroy(error?: Error): void } };
    };
    connection.stream.destroy(new Error('the connection was given up'));
  }

  /** In order. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    await withLimit(this.#client.end(), RECORD_CONNECT_MS, () => this.end()).catch(() => undefined);
  }
}
