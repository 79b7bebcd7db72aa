// The schema of the log of record in PostgreSQL. Owns: tables, procedures, the version of both. Never touches: connections.
//   record.P1. Appending, confirming, taking over and marking lock the shard's row and judge holder and epoch under that lock. It is a lock
//       alone: no new version of the row is written but by taking over and marking, so that long snapshots cost nothing.
//   record.P2. Every statement of a procedure has a snapshot of its own (READ COMMITTED): what is read after the lock is what is there.
//   record.P3. The commit is within the procedure. What is answered comes after it: whether a synchronous standby has flushed it.

/** Version of the schema. */
export const SCHEMA_FORMAT = 1;

/** Names of schemas: never quoted, never anything but a name. */
export const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;

/** What append and the others say; `replaced`: the seat is another's. */
export type Said = 'done' | 'alone' | 'fenced' | 'replaced' | 'misplaced' | `unsafe: ${string}`;

/** All statements that make the schema, in one transaction. `schema`: fits SCHEMA_NAME. */
export const schemaSql = (schema: string): string => `
create schema if not exists ${schema};

-- One row: what ledger this is.
create table ${schema}.ledger (
  single boolean primary key default true check (single),
  format int not null,
  ledger uuid not null,
  shards int not null,
  owner_hash text not null,
  partition_ms bigint not null,
  made timestamptz not null default now()
);

-- Who may append to a shard: changes when it is taken over, and after an outcome that was not known.
create table ${schema}.shard (
  shard int primary key,
  epoch bigint not null,
  holder uuid,
  node text not null default '',
  taken timestamptz
) with (fillfactor = 20);

-- By block time, ms since 1970. Blocks of transfers have a fifth of their size by LZ4, which takes less time than to write the rest; where the
-- server has no LZ4 they are as they are, for its own way of compressing is slow.
create table ${schema}.block (
  shard int not null,
  seq bigint not null,
  time bigint not null,
  epoch bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  bytes bytea not null,
  primary key (shard, seq, time)
) partition by range (time);
do $$ begin
  execute 'alter table ${schema}.block alter column bytes set compression lz4';
exception when syntax_error or feature_not_supported then
  alter table ${schema}.block alter column bytes set storage external;
end $$;

-- Why nothing may be committed by this session; null: it may.
create function ${schema}.unsafe(p_standby boolean) returns text language plpgsql as $$
declare v_names text := current_setting('synchronous_standby_names');
begin
  if pg_is_in_recovery() then return 'unsafe: the server is not the primary'; end if;
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    return 'unsafe: synchronous_commit is ' || current_setting('synchronous_commit');
  end if;
  if current_setting('fsync') <> 'on' then return 'unsafe: fsync is off'; end if;
  if current_setting('full_page_writes') <> 'on' then return 'unsafe: full_page_writes is off'; end if;
  if current_setting('statement_timeout') <> '0' then return 'unsafe: statement_timeout is set'; end if;
  if current_setting('transaction_isolation') <> 'read committed' then
    return 'unsafe: transactions are ' || current_setting('transaction_isolation');
  end if;
  if not p_standby then return null; end if;
  if btrim(v_names) = '' then
    return 'unsafe: synchronous_standby_names is empty: no standby is waited for';
  end if;
  if v_names like '%*%' then
    return 'unsafe: synchronous_standby_names has *: whoever connects would count as a standby';
  end if;
  return null;
end $$;

-- Has a synchronous standby flushed all up to there?
create function ${schema}.replicated(p_lsn pg_lsn) returns boolean language plpgsql as $$
begin
  return current_setting('synchronous_standby_names') not like '%*%' and exists (
    select from pg_stat_get_wal_senders() as sender
    where sender.sync_state in ('sync', 'quorum') and sender.flush_lsn >= p_lsn
  );
end $$;

-- After a commit: is it where it should be? Others' commits may be between: those are on their way.
create function ${schema}.standing_at(p_standby boolean, p_lsn pg_lsn) returns text language plpgsql as $$
begin
  if not p_standby then return 'done'; end if;
  for i in 1 .. 20 loop
    if ${schema}.replicated(p_lsn) then return 'done'; end if;
    perform pg_sleep(0.0005);
  end loop;
  return 'alone';
end $$;

-- Blocks behind the one before, all or none; no blocks: that the log ends there and nobody else has taken over.
create procedure ${schema}.append(
  p_shard int, p_holder uuid, p_epoch bigint, p_before bigint, p_before_hash bytea, p_before_time bigint,
  p_times bigint[], p_sizes int[], p_blocks bytea, p_standby boolean,
  inout said text, inout said_lsn pg_lsn
) language plpgsql as $$
declare
  v_epoch bigint; v_holder uuid; v_at int := 1; v_rows int; v_bytes bytea; v_size int;
begin
  said := ${schema}.unsafe(p_standby);
  if said is not null then return; end if;
  select epoch, holder into v_epoch, v_holder from ${schema}.shard
    where shard = p_shard for no key update;
  if v_epoch is distinct from p_epoch or v_holder is distinct from p_holder then
    said := 'fenced';
    return;
  end if;
  if p_before > 0 then
    perform from ${schema}.block where shard = p_shard and seq = p_before and time = p_before_time
      and hash = p_before_hash;
    if not found then said := 'misplaced'; return; end if;
  end if;
  perform from ${schema}.block where shard = p_shard and seq > p_before and time >= p_before_time limit 1;
  if found then said := 'misplaced'; return; end if;
  for i in 1 .. cardinality(p_sizes) loop
    v_size := p_sizes[i];
    v_bytes := substring(p_blocks from v_at for v_size);
    v_at := v_at + v_size;
    insert into ${schema}.block (shard, seq, time, epoch, hash, bytes)
      values (p_shard, p_before + i, p_times[i], p_epoch, substring(v_bytes from v_size - 31), v_bytes);
    get diagnostics v_rows = row_count;
    if v_rows <> 1 then raise exception 'block % of shard % was not placed', p_before + i, p_shard; end if;
  end loop;
  if v_at <> octet_length(p_blocks) + 1 then raise exception 'sizes do not fit the blocks'; end if;
  commit;
  said_lsn := pg_current_wal_flush_lsn();
  said := ${schema}.standing_at(p_standby, said_lsn);
end $$;

-- A new holder in the place of the one that was seen.
create procedure ${schema}.take_over(
  p_shard int, p_holder uuid, p_node text, p_seen_epoch bigint, p_seen_holder uuid, p_least bigint, p_standby boolean,
  inout said text, inout said_epoch bigint, inout said_lsn pg_lsn
) language plpgsql as $$
begin
  said := ${schema}.unsafe(p_standby);
  if said is not null then return; end if;
  update ${schema}.shard
    set epoch = greatest(epoch + 1, p_least), holder = p_holder, node = p_node, taken = clock_timestamp()
    where shard = p_shard and epoch = p_seen_epoch and holder is not distinct from p_seen_holder
    returning epoch into said_epoch;
  if not found then said := 'fenced'; return; end if;
  commit;
  said_lsn := pg_current_wal_flush_lsn();
  said := ${schema}.standing_at(p_standby, said_lsn);
end $$;

-- After an outcome that is not known: whatever of this holder has not committed by now never will.
create procedure ${schema}.mark(
  p_shard int, p_holder uuid, p_lock_ms int, p_standby boolean,
  inout said text, inout said_epoch bigint, inout said_lsn pg_lsn
) language plpgsql as $$
begin
  said := ${schema}.unsafe(p_standby);
  if said is not null then return; end if;
  perform set_config('lock_timeout', p_lock_ms::text, true);
  update ${schema}.shard set epoch = epoch + 1 where shard = p_shard and holder = p_holder
    returning epoch into said_epoch;
  if not found then said := 'fenced'; return; end if;
  commit;
  said_lsn := pg_current_wal_flush_lsn();
  said := ${schema}.standing_at(p_standby, said_lsn);
end $$;

-- The partition of a block time, and the one after it. Answers the time up to which there are partitions now.
create function ${schema}.make_room(p_time bigint) returns bigint language plpgsql as $$
declare v_ms bigint; v_from bigint; v_name text;
begin
  perform pg_advisory_xact_lock(hashtext('${schema}.block'));
  select partition_ms into strict v_ms from ${schema}.ledger;
  for i in 0 .. 1 loop
    v_from := (p_time / v_ms + i) * v_ms;
    v_name := 'block_' || v_from;
    if to_regclass('${schema}.' || v_name) is null then
      execute format('create table ${schema}.%I (like ${schema}.block including all)', v_name);
      execute format('alter table ${schema}.block attach partition ${schema}.%I for values from (%s) to (%s)',
        v_name, v_from, v_from + v_ms);
    end if;
  end loop;
  return v_from + v_ms;
end $$;
`;
