// `jifen record ...` and how `jifen start` comes to a log of record in PostgreSQL. Owns: what is asked, what is shown. Never touches: the server.

import {
  initRecord,
  limits,
  type RecordOptions,
  type ReplicaOptions,
  recordPlace,
  recordStatus,
  verifyRecord,
} from '../../engine/index.js';
import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { show } from './ask.js';
import { progressShown } from './progress.js';

const PASSWORD = 'JIFEN_RECORD_PASSWORD';
const DAYS_MAX = 366;
const REPLICA_NAME = new RegExp(`^[A-Za-z0-9._-]{1,${limits.REPLICA_NAME_LENGTH_MAX}}$`);

export const PLACE = `  <url>      postgres://user@host[:port][,host[:port]]/database, the primary among
             the hosts. The password in ${PASSWORD}. Behind a ?,
             with & between: schema=<name> (jifen where left out), sslmode=verify-full
             (what holds for any host but this machine) or disable,
             sslrootcert=<file>, sslcert=<file>, sslkey=<file>
`;

const ENDING = `
ops/docs/log-of-record.md has the whole way.

Exit codes: 0 done; 1 it failed, or is not as it must be; 2 wrong arguments.
`;

function checked(url: string, what: string): { url: string; password: string | undefined } {
  const password = process.env[PASSWORD];
  try {
    recordPlace(url, password);
  } catch (error) {
    throw new UsageError(`${what} ${(error as Error).message}`);
  }
  return { url, password };
}

export const placeOf = ({ operands }: Given) => checked(operands[0] ?? '', '<url>');

/** What `--log-of-record` and what goes with it say; undefined: the folder's log is the log of record. Throws UsageError. */
export function recordOption(given: Given): RecordOptions | undefined {
  const url = textOption(given, 'log-of-record');
  const withoutStandby = given.options['without-standby'] === true;
  const accept = given.options['accept-record'] === true;
  if (url !== undefined) return { ...checked(url, '--log-of-record'), withoutStandby, accept };
  if (withoutStandby || accept)
    throw new UsageError('--without-standby and --accept-record go with --log-of-record');
  return undefined;
}

/** What `--replica` says; undefined: this process is the only one that can serve its shards. Throws UsageError. */
export function replicaOption(given: Given, signal: AbortSignal): ReplicaOptions | undefined {
  const name = textOption(given, 'replica');
  if (name === undefined) return undefined;
  if (textOption(given, 'log-of-record') === undefined)
    throw new UsageError('--replica goes with --log-of-record');
  if (!REPLICA_NAME.test(name))
    throw new UsageError(
      `--replica: 1 to ${limits.REPLICA_NAME_LENGTH_MAX} characters out of A-Z a-z 0-9 . _ -`,
    );
  const onWaiting = (why: string): void => {
    process.stderr.write(`jifen: ${why}\n`);
  };
  return { name, signal, onWaiting };
}

export const init: CliCommand = {
  help: `Usage: jifen record init <url> --shards <n> [options]

Makes the schema of a log of record in PostgreSQL. Where it is there for as many
shards, nothing is done.

${PLACE}
  --shards <n>          shards of the ledger, 1 to ${limits.SHARDS_MAX}, fixed for its life
  --partition-days <n>  days of one partition of its table of blocks, 1 to ${DAYS_MAX}.
                        Default: ${limits.RECORD_PARTITION_DAYS}
${ENDING}`,
  options: { shards: 'text', 'partition-days': 'text' },
  operands: ['url'],
  run: async (given) => {
    const shards = numberOption(given, 'shards', 1, limits.SHARDS_MAX);
    if (shards === undefined) throw new UsageError('--shards is missing');
    const days = numberOption(given, 'partition-days', 1, DAYS_MAX);
    show(await initRecord(placeOf(given), shards, days));
    return 0;
  },
};

export const status: CliCommand = {
  help: `Usage: jifen record status <url> [options]

Shows a log of record, as JSON: who holds each shard and where it ends, the primary, its
standbys, and what keeps it from being one ("trouble").

${PLACE}
  --without-standby  a synchronous standby need not be there
${ENDING}`,
  options: { 'without-standby': 'flag' },
  operands: ['url'],
  run: async (given) => {
    const standby = given.options['without-standby'] !== true;
    const found = await recordStatus(placeOf(given), standby);
    show(found);
    return found.trouble === null ? 0 : 1;
  },
};

export const verify: CliCommand = {
  help: `Usage: jifen record verify <url>

Reads every block of a log of record and checks its hash and its place in the chain.

${PLACE}${ENDING}`,
  options: {},
  operands: ['url'],
  run: async (given) => {
    const progress = progressShown('Verifying');
    const tell = (shard: number, seq: number): void => progress.tell({ shard, seq, headSeq: seq });
    const ends = await verifyRecord(placeOf(given), tell).finally(progress.end);
    for (const [shard, seq] of ends.entries())
      process.stdout.write(`shard ${shard}: ${seq} blocks, one chain\n`);
    return 0;
  },
};
