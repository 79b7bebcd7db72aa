// MariaDB with Redis: the usual points mall. Lock in Redis, select, check, update where the version matches, insert, unlock.
// Owns: the database in its folder, schema, the lock. The design has no batches: each movement is locked for itself.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../test/fixtures/nats-server.js';
import { needProgram, type Program } from '../programs.js';
import { orStopped, ServerProcess } from '../server-process.js';
import { summed } from './movements.js';
import type {
  Balances,
  Connections,
  HistoryRow,
  Movement,
  Peer,
  PeerSetup,
  Result,
  RunningPeer,
} from './peer.js';
import { REDIS_SERVER, startRedis } from './redis-server.js';

const DEBIAN_PACKAGE = 'mariadb-server-core';
const MARIADBD: Program = { name: 'mariadbd', debianPackage: DEBIAN_PACKAGE };
const INSTALL_DB: Program = { name: 'mariadb-install-db', debianPackage: DEBIAN_PACKAGE };

/** Called by mariadb-install-db. */
const PRINT_DEFAULTS: Program = {
  name: 'my_print_defaults',
  debianPackage: 'mariadb-client-core',
};

/** Tuned for this work; what makes it durable is left on. */
const SETTINGS = [
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=1',
  '--innodb-buffer-pool-size=1G',
  '--innodb-log-file-size=2G',
  '--innodb-log-buffer-size=64M',
  '--skip-log-bin',
  '--max-connections=200',
  '--bind-address=127.0.0.1',
  '--skip-networking=0',
  '--skip-name-resolve',
];
const SCHEMA = [
  `create table accounts (
    id int primary key, balance bigint not null, version bigint not null default 0
  ) engine = InnoDB`,
  `create table transfers (
    id varchar(32) character set ascii collate ascii_bin primary key, from_account int not null,
    to_account int not null, amount bigint not null, posted_at timestamp(3) not null default now(3)
  ) engine = InnoDB`,
  `create table history (
    seq bigint auto_increment primary key, account int not null,
    transfer varchar(32) character set ascii collate ascii_bin not null,
    delta bigint not null, balance bigint not null, key (account, seq)
  ) engine = InnoDB`,
];

const SELECT = 'select id, balance, version from accounts where id in (?, ?)';
const UPDATE =
  'update accounts set balance = balance + ?, version = version + 1 where id = ? and version = ?';
const INSERT_TRANSFER =
  'insert into transfers (id, from_account, to_account, amount) values (?, ?, ?, ?)';
const INSERT_HISTORY =
  'insert into history (account, transfer, delta, balance) values (?, ?, ?, ?), (?, ?, ?, ?)';
/** Frees a lock only for the one that holds it. */
const UNLOCK = `for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end`;
const LOCK_MS = 10_000;
const LOCK_AGAIN_MS = 1;
/** Rows of one statement when many are written. */
const TOGETHER = 10_000;

/** MariaDB with Redis. */
export const mariadbRedis: Peer = {
  name: 'mariadb-redis',
  durability: 'innodb_flush_log_at_trx_commit=1: the redo log is synced before the answer',
  programs: [MARIADBD, INSTALL_DB, PRINT_DEFAULTS, REDIS_SERVER],
  isLarge: true,
  singles: [32, 64],
  batches: [],
  start,
};

async function start(setup: PeerSetup): Promise<RunningPeer> {
  const folder = join(setup.folder, 'mariadb');
  mkdirSync(folder);
  const data = join(folder, 'data');
  // The server refuses to run as root unless root says so by name.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const made = spawnSync(
    needProgram(INSTALL_DB),
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', ...user],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stdout}${made.stderr}`);
  const port = await freePort();
  const socket = `--socket=${join(folder, 'socket')}`;
  const server = await ServerProcess.start({
    program: needProgram(MARIADBD),
    args: ['--no-defaults', `--datadir=${data}`, `--port=${port}`, socket, ...user, ...SETTINGS],
    log: join(setup.folder, 'mariadb.log'),
    readyText: 'ready for connections',
  });
  return orStopped(server, async () => {
    const redis = await startRedis(setup.folder, 'none');
    return orStopped(redis.server, async () => {
      const locks = await redis.connect();
      const script = (await locks.script('LOAD', UNLOCK)) as string;
      const connect = () =>
        mysql.createConnection({ host: '127.0.0.1', port, user: 'root', database: 'mall' });
      const administration = await fill(port, setup, connect);
      const servers = [server, redis.server];
      return new MariadbPeer(servers, connect, setup, administration, { redis: locks, script });
    });
  });
}

async function fill(
  port: number,
  setup: PeerSetup,
  connect: () => Promise<Connection>,
): Promise<Connection> {
  const first = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
  await first.query('create database mall');
  await first.end();
  const administration = await connect();
  for (const statement of SCHEMA) await administration.query(statement);
  const all = setup.users + 2 * setup.stripes;
  for (let from = 0; from < all; from += TOGETHER) {
    const size = Math.min(TOGETHER, all - from);
    const rows = Array.from({ length: size }, (_, n) => [
      from + n,
      from + n < setup.users ? setup.funds : 0,
    ]);
    await administration.query('insert into accounts (id, balance) values ?', [rows]);
  }
  return administration;
}

interface Locks {
  readonly redis: Redis;
  readonly script: string;
}

class MariadbPeer implements RunningPeer {
  readonly pids: readonly number[];
  readonly #servers: readonly ServerProcess[];
  readonly #connect: () => Promise<Connection>;
  readonly #setup: PeerSetup;
  readonly #administration: Connection;
  readonly #locks: Locks;

  constructor(
    servers: readonly ServerProcess[],
    connect: () => Promise<Connection>,
    setup: PeerSetup,
    administration: Connection,
    locks: Locks,
  ) {
    this.pids = servers.map(({ pid }) => pid);
    this.#servers = servers;
    this.#connect = connect;
    this.#setup = setup;
    this.#administration = administration;
    this.#locks = locks;
  }

  async open(connections: number): Promise<Connections> {
    const opened: Connection[] = [];
    for (let n = 0; n < connections; n++) opened.push(await this.#connect());
    return new MariadbConnections(opened, this.#locks, this.#setup.users);
  }

  async balances(): Promise<Balances> {
    const [rows] = await this.#administration.query<RowDataPacket[]>(
      'select balance from accounts order by id',
    );
    const all = Float64Array.from(rows, (row) => Number(row['balance']));
    return summed(all, this.#setup);
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const [rows] = await this.#administration.execute<RowDataPacket[]>(
      'select delta, balance from history where account = ? order by seq',
      [account],
    );
    return rows.map((row) => ({ delta: Number(row['delta']), balance: Number(row['balance']) }));
  }

  async stop(): Promise<void> {
    await this.#administration.end().catch(() => {});
    this.#locks.redis.disconnect();
    for (const server of this.#servers) await server.stop();
  }
}

class MariadbConnections implements Connections {
  readonly #connections: readonly Connection[];
  readonly #locks: Locks;
  readonly #users: number;
  #tokens = 0;

  constructor(connections: readonly Connection[], locks: Locks, users: number) {
    this.#connections = connections;
    this.#locks = locks;
    this.#users = users;
  }

  /** Where a lock has expired while its holder was held up, the version tells, and the movement is tried again. */
  async transfer(connection: number, movement: Movement): Promise<Result> {
    for (;;) {
      const result = await this.#locked(connection, movement);
      if (result !== 'changed') return result;
    }
  }

  async #locked(connection: number, movement: Movement): Promise<Result | 'changed'> {
    const token = `${movement.id}/${++this.#tokens}`;
    const keys = [movement.from, movement.to]
      .sort((a, b) => a - b)
      .map((account) => `lock:${account}`);
    await this.#lock(keys, token);
    try {
      return await this.#move(this.#connections[connection] as Connection, movement);
    } finally {
      await this.#locks.redis.evalsha(this.#locks.script, keys.length, ...keys, token);
    }
  }

  // Both or none, so that nobody waits with one in hand.
  async #lock(keys: readonly string[], token: string): Promise<void> {
    const { redis, script } = this.#locks;
    for (;;) {
      const got = await Promise.all(keys.map((key) => redis.set(key, token, 'PX', LOCK_MS, 'NX')));
      if (got.every((answer) => answer === 'OK')) return;
      await redis.evalsha(script, keys.length, ...keys, token);
      await sleep(LOCK_AGAIN_MS);
    }
  }

  async #move(connection: Connection, movement: Movement): Promise<Result | 'changed'> {
    const { id, from, to, amount } = movement;
    await connection.query('start transaction');
    try {
      const [rows] = await connection.execute<RowDataPacket[]>(SELECT, [from, to]);
      const payer = rows.find((row) => row['id'] === from);
      const payee = rows.find((row) => row['id'] === to);
      if (payer === undefined || payee === undefined) throw new Error('an account is missing');
      await connection.execute(INSERT_TRANSFER, [id, from, to, amount]);
      const left = payer['balance'] - amount;
      if (left < 0 && from < this.#users) {
        await connection.query('rollback');
        return 'short';
      }
      const isTaken = await update(connection, [-amount, from, payer['version']]);
      if (!isTaken || !(await update(connection, [amount, to, payee['version']]))) {
        await connection.query('rollback');
        return 'changed';
      }
      const got = payee['balance'] + amount;
      await connection.execute(INSERT_HISTORY, [from, id, -amount, left, to, id, amount, got]);
      await connection.query('commit');
      return 'posted';
    } catch (error) {
      await connection.query('rollback');
      if ((error as { code?: string }).code === 'ER_DUP_ENTRY') return 'replayed';
      throw error;
    }
  }

  batch(): Promise<never> {
    throw new Error('this design has no batches');
  }

  async balance(connection: number, account: number): Promise<number> {
    const one = this.#connections[connection] as Connection;
    const [rows] = await one.execute<RowDataPacket[]>('select balance from accounts where id = ?', [
      account,
    ]);
    return Number(rows[0]?.['balance']);
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.end()));
  }
}

/** Is the account still as it was read? Then it is changed. */
async function update(connection: Connection, values: readonly number[]): Promise<boolean> {
  const [result] = await connection.execute<ResultSetHeader>(UPDATE, [...values]);
  return result.affectedRows === 1;
}
