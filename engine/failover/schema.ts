// Seats in PostgreSQL, beside the log of record. Owns: their tables and functions. Never touches: connections, blocks.
//   failover.P1. Who leads is changed in one statement that judges what it changes: the term that was seen, and whether the seat is free by the
//       clock of the database.
//   failover.P2. Taking over a shard judges the seat's term under a lock of the seat, in the transaction that raises the shard's epoch.
//   failover.P3. Signs of life wait for no standby: where it is away nobody can acknowledge, and whoever led goes on leading. Who leads is
//       durable where blocks are.

/** All statements that make them, in one transaction; where they are there, nothing is done. `schema`: of the log of record. */
export const failoverSql = (schema: string): string => `
-- Who serves the shards of a node; '': of the whole ledger.
create table if not exists ${schema}.seat (
  node text primary key,
  leader text not null default '',
  -- Of the leader's process; null: the seat is free.
  life uuid,
  term bigint not null default 0,
  -- By which other nodes know this life: rises.
  session bigint not null default 0,
  incarnation text,
  beat timestamptz,
  since timestamptz
) with (fillfactor = 20);

create table if not exists ${schema}.replica (
  node text not null,
  replica text not null,
  life uuid not null,
  host text not null,
  state text not null,
  in_step boolean not null,
  blocks bigint not null,
  trouble text,
  beat timestamptz not null,
  primary key (node, replica)
) with (fillfactor = 20);

-- The seat for a replica, where it is still of the term that was seen, and free; no row: it is not.
create or replace function ${schema}.lead(
  p_node text, p_replica text, p_life uuid, p_seen bigint, p_stand_ms int, p_incarnation text
) returns table (term bigint, session bigint, incarnation text) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'on', true);
  return query update ${schema}.seat as seat set
      leader = p_replica, life = p_life, term = seat.term + 1,
      session = greatest(seat.session + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint),
      incarnation = coalesce(seat.incarnation, p_incarnation),
      beat = clock_timestamp(), since = clock_timestamp()
    where seat.node = p_node and seat.term = p_seen and (
      seat.life is null or seat.beat < clock_timestamp() - make_interval(secs => p_stand_ms / 1000.0)
    )
    returning seat.term, seat.session, seat.incarnation;
end $$;

-- As take_over, where the seat is of this term and this life.
create or replace procedure ${schema}.take_over_as(
  p_seat text, p_life uuid, p_term bigint,
  p_shard int, p_holder uuid, p_node text, p_seen_epoch bigint, p_seen_holder uuid, p_least bigint, p_standby boolean,
  inout said text, inout said_epoch bigint, inout said_lsn pg_lsn
) language plpgsql as $$
begin
  perform from ${schema}.seat where node = p_seat and life = p_life and term = p_term for share;
  if not found then said := 'replaced'; return; end if;
  call ${schema}.take_over(
    p_shard, p_holder, p_node, p_seen_epoch, p_seen_holder, p_least, p_standby, said, said_epoch, said_lsn
  );
end $$;
`;
