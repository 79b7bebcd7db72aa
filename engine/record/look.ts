// A look at a log of record: what it is of, whether it is safe. Owns: what is asked of the server for that. Never touches: blocks.

import { OWNER_HASH } from '../protocol/hash.js';
import type { RecordPlace } from './place.js';
import { RecordError } from './record.js';
import { SCHEMA_FORMAT } from './schema.js';
import { type Row, Session } from './session.js';

/** What a log of record was made for. */
export interface RecordLedger {
  /** A UUID. */
  readonly ledger: string;
  readonly shards: number;
}

/** A standby of the primary, as this one sees it. */
export interface Standby {
  readonly name: string;
  /** `sync`, `quorum`, `potential` or `async`. */
  readonly state: string;
  /** What it has not flushed yet, bytes. */
  readonly lagBytes: number;
}

/** How the servers are. */
export interface RecordLook {
  /** host:port of the primary. */
  readonly primary: string;
  readonly standbys: readonly Standby[];
  /** Why nothing can be acknowledged; null: it can. */
  readonly trouble: string | null;
}

const textIn = (row: Row | undefined, name: string): string => String(row?.[name] ?? '');

/** What the log of record is of. Throws RecordError where it has no schema, or one of another release. */
export async function ledgerOf(session: Session, { schema }: RecordPlace): Promise<RecordLedger> {
  const [there] = await session.ask('select to_regclass($1) is not null as yes', [
    `${schema}.ledger`,
  ]);
  if (there?.['yes'] !== 't')
    throw new RecordError(`there is no schema ${schema} of one: make it with jifen record init`);
  const [row] = await session.ask(
    `select format, ledger::text, shards, owner_hash from ${schema}.ledger`,
  );
  if (row === undefined) throw new RecordError(`${schema}.ledger is empty`);
  const format = Number(row['format']);
  if (format !== SCHEMA_FORMAT)
    throw new RecordError(
      `its schema is of version ${format}, and this release has ${SCHEMA_FORMAT}`,
    );
  if (textIn(row, 'owner_hash') !== OWNER_HASH)
    throw new RecordError(
      `it places owners by ${textIn(row, 'owner_hash')}, and this release by ${OWNER_HASH}`,
    );
  return { ledger: textIn(row, 'ledger'), shards: Number(row['shards']) };
}

/** How the servers are now. `standby`: must there be one? */
export async function lookAt(
  session: Session,
  { schema }: RecordPlace,
  standby: boolean,
): Promise<RecordLook> {
  const [row] = await session.ask(`select ${schema}.unsafe($1) as unsafe`, [standby]);
  const rows = await session.ask(
    `select application_name as name, coalesce(state, '') as state, coalesce(sync_state, '') as sync,
       coalesce(pg_wal_lsn_diff(pg_current_wal_flush_lsn(), flush_lsn), 0)::bigint as lag
     from pg_stat_replication order by 1`,
  );
  const unsafe = row?.['unsafe'];
  return {
    primary: `${session.at.host}:${session.at.port}`,
    standbys: rows.map((one) => ({
      name: textIn(one, 'name'),
      state: textIn(one, 'sync'),
      lagBytes: Math.max(0, Number(one['lag'])),
    })),
    trouble:
      typeof unsafe === 'string'
        ? unsafe.replace(/^unsafe: /, '')
        : standby
          ? standbyTrouble(rows)
          : null,
  };
}

function standbyTrouble(rows: readonly Row[]): string | null {
  const states = rows.map((row) => [textIn(row, 'sync'), textIn(row, 'state')]);
  if (
    states.some(([sync, state]) => (sync === 'sync' || sync === 'quorum') && state === 'streaming')
  )
    return null;
  if (states.some(([sync]) => sync === ''))
    return 'the role may not see the standbys: grant pg_monitor to it';
  return 'no synchronous standby is connected';
}

/** Looks once. Throws RecordError where there is no primary. */
export async function lookOnce(
  place: RecordPlace,
  standby: boolean,
): Promise<RecordLedger & RecordLook> {
  const session = await Session.toPrimary(place, 'jifen looks');
  try {
    return { ...(await ledgerOf(session, place)), ...(await lookAt(session, place, standby)) };
  } catch (error) {
    throw error instanceof RecordError ? error : new RecordError((error as Error).message, error);
  } finally {
    await session.close();
  }
}
