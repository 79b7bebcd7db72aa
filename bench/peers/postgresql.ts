// PostgreSQL: one PL/pgSQL function per movement, and one for arrays of them.
// Owns: the cluster in its folder, schema, functions, settings.

import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
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

const DEBIAN_PACKAGE = 'postgresql-15';
const POSTGRES: Program = { name: 'postgres', debianPackage: DEBIAN_PACKAGE };
const INITDB: Program = { name: 'initdb', debianPackage: DEBIAN_PACKAGE };
/** The server's user where this process is root, which the server refuses to be. */
const USER = 'postgres';

/** Tuned for this work; what makes it durable is left on. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '1GB',
  wal_buffers: '64MB',
  max_wal_size: '16GB',
  min_wal_size: '1GB',
  checkpoint_timeout: '15min',
  jit: 'off',
};

// Updates find room in the account's own page and touch no index: the half of each that is left free.
const SCHEMA = `
create table accounts (
  id int primary key, balance bigint not null, may_go_below boolean not null
) with (fillfactor = 50);
create table transfers (
  id text primary key, from_account int not null, to_account int not null, amount bigint not null,
  posted_at timestamptz not null default now()
);
-- A row's number is taken while its account is locked: the rows of an account are in order.
create table history (
  seq bigint generated always as identity, account int not null, transfer text not null,
  delta bigint not null, balance bigint not null
);
create index on history (account, seq);

-- Locks in the order of accounts, so that no two wait for each other.
create function move(p_id text, p_from int, p_to int, p_amount bigint) returns text
language plpgsql as $$
declare v_from bigint; v_to bigint;
begin
  insert into transfers (id, from_account, to_account, amount)
    values (p_id, p_from, p_to, p_amount) on conflict do nothing;
  if not found then return 'replayed'; end if;
  if p_to < p_from then
    update accounts set balance = balance + p_amount where id = p_to returning balance into v_to;
  end if;
  update accounts set balance = balance - p_amount
    where id = p_from and (balance >= p_amount or may_go_below) returning balance into v_from;
  if not found then raise exception 'short' using errcode = 'JF001'; end if;
  if p_to > p_from then
    update accounts set balance = balance + p_amount where id = p_to returning balance into v_to;
  end if;
  insert into history (account, transfer, delta, balance)
    values (p_from, p_id, -p_amount, v_from), (p_to, p_id, p_amount, v_to);
  return 'posted';
end $$;

-- One letter for each movement: p(osted), r(eplayed), s(hort).
create function move_each(p_ids text[], p_from int[], p_to int[], p_amounts bigint[]) returns text
language plpgsql as $$
declare v_from bigint; v_to bigint; v_answer text := '';
begin
  for i in 1 .. cardinality(p_ids) loop
    insert into transfers (id, from_account, to_account, amount)
      values (p_ids[i], p_from[i], p_to[i], p_amounts[i]) on conflict do nothing;
    if not found then v_answer := v_answer || 'r'; continue; end if;
    update accounts set balance = balance - p_amounts[i]
      where id = p_from[i] and (balance >= p_amounts[i] or may_go_below) returning balance into v_from;
    if not found then
      delete from transfers where id = p_ids[i];
      v_answer := v_answer || 's';
      continue;
    end if;
    update accounts set balance = balance + p_amounts[i] where id = p_to[i] returning balance into v_to;
    insert into history (account, transfer, delta, balance)
      values (p_from[i], p_ids[i], -p_amounts[i], v_from), (p_to[i], p_ids[i], p_amounts[i], v_to);
    v_answer := v_answer || 'p';
  end loop;
  return v_answer;
end $$;

-- All at once where nobody runs short, else one after the other.
create function move_many(p_ids text[], p_from int[], p_to int[], p_amounts bigint[]) returns text
language plpgsql as $$
declare v_fresh text[]; v_is_short boolean; v_answer text;
begin
  perform 1 from accounts where id = any (p_from || p_to) order by id for update;
  begin
    with fresh as (
      insert into transfers (id, from_account, to_account, amount)
      select distinct on (id) id, f, t, amount
        from unnest(p_ids, p_from, p_to, p_amounts) with ordinality as asked (id, f, t, amount, n)
        order by id, n
      on conflict do nothing returning id
    ) select array_agg(id) into v_fresh from fresh;
    with posted as materialized (
      select distinct on (id) asked.*
        from unnest(p_ids, p_from, p_to, p_amounts) with ordinality as asked (id, f, t, amount, n)
        join unnest(v_fresh) as fresh (id) using (id)
        order by id, n
    ), legs as materialized (
      select n, 1 as side, id, f as account, -amount as delta from posted
      union all select n, 2, id, t, amount from posted
    ), rows as materialized (
      select legs.*, may_go_below,
          balance + sum(delta) over (partition by account order by n, side) as after
        from legs join accounts on accounts.id = account
    ), written as (
      insert into history (account, transfer, delta, balance)
      select account, id, delta, after from rows order by n, side
    ), moved as (
      update accounts set balance = balance + change
        from (select account, sum(delta) as change from legs group by account) as sums
        where accounts.id = account
    )
    select coalesce(bool_or(delta < 0 and after < 0 and not may_go_below), false) into v_is_short from rows;
    if v_is_short then raise exception 'short' using errcode = 'JF001'; end if;
    if cardinality(v_fresh) = cardinality(p_ids) then return repeat('p', cardinality(p_ids)); end if;
    select string_agg(case when fresh.id is not null and earlier = 0 then 'p' else 'r' end, '' order by n)
      into v_answer
      from (
        select id, n, row_number() over (partition by id order by n) - 1 as earlier
          from unnest(p_ids) with ordinality as asked (id, n)
      ) as asked left join unnest(v_fresh) as fresh (id) using (id);
    return v_answer;
  exception when sqlstate 'JF001' then
    return move_each(p_ids, p_from, p_to, p_amounts);
  end;
end $$;
`;

const RESULTS: Readonly<Record<string, Result>> = { p: 'posted', r: 'replayed', s: 'short' };

/** PostgreSQL. */
export const postgresql: Peer = {
  name: 'postgresql',
  durability: 'synchronous_commit=on: the WAL is synced before the answer',
  programs: [POSTGRES, INITDB],
  isLarge: true,
  singles: [8, 32, 64],
  batches: [
    { size: 100, connections: 8 },
    { size: 1000, connections: 4 },
  ],
  start,
};

async function start(setup: PeerSetup): Promise<RunningPeer> {
  const user = unprivileged();
  const folder = join(setup.folder, 'postgresql');
  mkdirSync(folder, { mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const init = spawnSync(
    needProgram(INITDB),
    [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { encoding: 'utf8', cwd: folder, ...(user ?? {}) },
  );
  if (init.status !== 0) throw new Error(`initdb: ${init.stderr}`);
  const port = await freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await ServerProcess.start({
    program: needProgram(POSTGRES),
    args: ['-D', data, '-p', String(port), ...settings],
    log: join(setup.folder, 'postgresql.log'),
    readyText: 'database system is ready to accept connections',
    env: { LC_ALL: 'C' },
    user,
    // "Fast" and "immediate" shutdown: a kill would leave the other processes and their memory.
    stopSignal: 'SIGINT',
    endSignal: 'SIGQUIT',
  });
  return orStopped(server, async () => {
    const administration = await connect(port);
    await administration.query(SCHEMA);
    await administration.query(
      `insert into accounts select n, case when n < $1 then $2 else 0 end, n >= $1
        from generate_series(0, $3::int - 1) as n`,
      [setup.users, setup.funds, setup.users + 2 * setup.stripes],
    );
    await administration.query('vacuum analyze');
    await administration.query('checkpoint');
    return new PostgresqlPeer(server, port, setup, administration);
  });
}

async function connect(port: number): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: USER, database: USER });
  await client.connect();
  return client;
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((which) => {
    const found = spawnSync('id', [which, USER], { encoding: 'utf8' });
    if (found.status !== 0) throw new Error(`there is no user ${USER} to run PostgreSQL as`);
    return Number(found.stdout);
  });
  return { uid: uid as number, gid: gid as number };
}

class PostgresqlPeer implements RunningPeer {
  readonly pids: readonly number[];
  readonly #server: ServerProcess;
  readonly #port: number;
  readonly #setup: PeerSetup;
  readonly #administration: pg.Client;

  constructor(server: ServerProcess, port: number, setup: PeerSetup, administration: pg.Client) {
    this.pids = [server.pid];
    this.#server = server;
    this.#port = port;
    this.#setup = setup;
    this.#administration = administration;
  }

  async open(connections: number): Promise<Connections> {
    const clients: pg.Client[] = [];
    for (let n = 0; n < connections; n++) clients.push(await connect(this.#port));
    return new PostgresqlConnections(clients);
  }

  async balances(): Promise<Balances> {
    const { rows } = await this.#administration.query<[string]>({
      text: 'select balance from accounts order by id',
      rowMode: 'array',
    });
    const all = Float64Array.from(rows, ([balance]) => Number(balance));
    return summed(all, this.#setup);
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const text = 'select delta, balance from history where account = $1 order by seq';
    const { rows } = await this.#administration.query<{ delta: string; balance: string }>(text, [
      account,
    ]);
    return rows.map(({ delta, balance }) => ({ delta: Number(delta), balance: Number(balance) }));
  }

  async stop(): Promise<void> {
    await this.#administration.end().catch(() => {});
    await this.#server.stop();
  }
}

class PostgresqlConnections implements Connections {
  readonly #clients: readonly pg.Client[];

  constructor(clients: readonly pg.Client[]) {
    this.#clients = clients;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    const { id, from, to, amount } = movement;
    try {
      const { rows } = await this.#client(connection).query<[Result]>({
        name: 'move',
        text: 'select move($1, $2, $3, $4)',
        values: [id, from, to, amount],
        rowMode: 'array',
      });
      return rows[0]?.[0] as Result;
    } catch (error) {
      if ((error as pg.DatabaseError).code === 'JF001') return 'short';
      throw error;
    }
  }

  async batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const { rows } = await this.#client(connection).query<[string]>({
      name: 'move_many',
      text: 'select move_many($1, $2, $3, $4)',
      values: [
        movements.map(({ id }) => id),
        movements.map(({ from }) => from),
        movements.map(({ to }) => to),
        movements.map(({ amount }) => amount),
      ],
      rowMode: 'array',
    });
    return Array.from(rows[0]?.[0] ?? '', (letter) => RESULTS[letter] as Result);
  }

  async balance(connection: number, account: number): Promise<number> {
    const { rows } = await this.#client(connection).query<[string]>({
      name: 'balance',
      text: 'select balance from accounts where id = $1',
      values: [account],
      rowMode: 'array',
    });
    return Number(rows[0]?.[0]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }

  #client(connection: number): pg.Client {
    return this.#clients[connection] as pg.Client;
  }
}
