// `jifen start`: serves a data folder. Owns: its options, what the terminal shows. Never touches:
// requests, signals (stop-signal.ts).

import { join, resolve } from 'node:path';
import { isFenced, limits, natsPlace, shardsText } from '../../engine/index.js';
import { originProblem } from '../http/server/cross-origin.js';
import { PROXIES_MAX } from '../limits.js';
import { readLimits } from '../limits-file.js';
import type { LogOptions } from '../logs/logs.js';
import { nameProblem } from '../receipts/keys.js';
import type { ServeOptions, Server } from '../serve.js';
import {
  type CliCommand,
  type Given,
  listOption,
  numberOption,
  textOption,
  UsageError,
} from './arguments.js';
import { DEFAULT_FOLDER } from './ask.js';
import { clusterOption } from './cluster.js';
import { progressShown } from './progress.js';
import { recordOption, replicaOption } from './record.js';
import { announceServer, withdrawServer } from './running.js';
import { checkRuns } from './runs-here.js';
import { EXIT_SECOND_SIGNAL, stopSignal } from './stop-signal.js';

const HOST = '127.0.0.1';
const PORT = 8080;
const CACHE_MB_MAX = 1_048_576;
const EXIT_FATAL = 70;
/** How long shards that another replica leads may take to close. */
const FENCED_CLOSE_MS = 15_000;
const EVENT_SUBJECT = 'jifen.events';
const SUBJECT = /^[\w-]+(?:\.[\w-]+)*$/;

const help = `Usage: jifen start [options]

Serves a data folder over HTTP until SIGINT (Ctrl-C), SIGTERM or SIGHUP: then it
answers the requests in flight, writes a checkpoint and ends. SIGINT or SIGTERM
again, half a second later or more, ends it at once; nothing that was answered is
lost. It goes on where nobody reads what it prints.

  --folder <path>    the data folder; made where there is none.
                     Default: ${DEFAULT_FOLDER}
  --host <address>   the address to listen on. Default: ${HOST}, this machine
                     only. It speaks plain HTTP: for other machines put a proxy
                     that ends TLS in front of it
  --port <n>         the port to listen on; 0: any that is free. Default: ${PORT}
  --public-url <u>   where browsers and applications reach it, e.g.
                     https://points.example: the issuer of OAuth, links in letters.
                     Default: http, the host and the port that it listens on
  --shards <n>       shards of a new folder, 1 to ${limits.SHARDS_MAX}, fixed for its life.
                     Default: one for each core, at least 2. An existing folder
                     keeps its own number; naming another one is an error
  --cache-mb <n>     memory for accounts, records and indexes, all shards
                     together, in MiB. Default: 1024
  --nats <url>       nats://[user:password@]host:port: serves some of the shards,
                     together with other processes. Needs --node and --cluster,
                     and each process its own folder; see ops/RUNBOOK.md.
                     Without a user in it: the node's name, and the password in
                     JIFEN_NATS_PASSWORD_<NODE>, where that is set
  --node <name>      which of the cluster's nodes this is
  --cluster <file>   which node serves which shards, the same file for all:
                     {"name": "jifen", "shards": 8, "nodes":
                     {"a": {"shards": "0-3"}, "b": {"shards": "4-7"}}}
  --shards-here <s>  the shards to serve, e.g. 0-3,6: an error unless the file
                     says the same. Default: what the file says
  --log-of-record <url>
                     postgres://user@host[:port][,host[:port]]/database: nothing is
                     answered before it is there and on a synchronous standby, and
                     the folder is a copy that can be lost. Made by jifen record
                     init; the password in JIFEN_RECORD_PASSWORD. An existing folder
                     brings what it has. See ops/docs/log-of-record.md
  --without-standby  your word that what the primary alone has may be answered:
                     where it is lost, so are answers
  --accept-record    your word that blocks which this folder has and the log of
                     record has not are given up; they are kept beside
  --replica <name>    this process is one of several, each with a folder and a name of
                     its own, that can serve these shards: one of them leads, the
                     others follow the log of record and take over when it is gone.
                     Copy secrets.key and admin.key into each folder. See
                     ops/docs/failover.md
  --accept-rolled-back <s>
                     your word that these shards of other nodes may go on with
                     less than was seen of them; see ops/RUNBOOK.md first
  --new-secrets-key  your word that secrets.key is lost: a new one is made where the
                     folder has none, and every platform needs a new secret
                     (jifen platform rotate). Without it such a folder is not
                     served
  --master-key-file <file>
                     master keys of personal data, one a line, the one that wraps
                     first. Default: the environment variable JIFEN_MASTER_KEYS, or
                     <folder>/master.key, made when something is first sealed
  --master-key-command <command>
                     asks a key management service: started with wrap or unwrap
                     behind it, bytes on stdin, bytes on stdout
  --logs <path>      where the logs go: service, business and audit, JSON, a file
                     a day, kept 30, 30 and 90 days. Default: <folder>/logs
  --no-logs          keep no logs
  --proxies <n>      proxies in front whose X-Forwarded-For is believed in the
                     audit log. Default: 0
  --origins <a,b>    origins whose web pages may read answers and open WebSockets,
                     e.g. https://shop.example. Default: only its own
  --webhook-hosts <a,b>
                     hosts that webhooks may go to, and partners be asked at,
                     although their addresses are
                     private, and over http, too, by name or address, e.g.
                     hooks.internal,10.0.0.7. Default: none
  --event-files <folder>
                     every event as a line of JSON, in files of this folder, one
                     a day and 256 MiB; they are never removed. Default: none
  --event-nats <url> every event as a message of a JetStream that is there:
                     nats://[user:password@]host:port. Default: none
  --event-subject <name>
                     what its subjects begin with. Default: ${EVENT_SUBJECT}, so
                     the stream takes ${EVENT_SUBJECT}.>
  --limits <file>    limits of requests, streams, rates and health, as a JSON object:
                     {"batchItemsMax": 1000, "streamsMax": 50000}. What is left
                     out has its default; gateway/cli/README.md lists them
  --reports          projects the logs for reports from the start on. Default:
                     from the first question on, or where that was done before
  --receipts         keeps the log of each shard as a Merkle tree, too: receipts,
                     signed checkpoints, witnesses. Turned on later it reads the
                     logs from their beginning. Default: off
  --ledger-name <n>  what the ledger is called in its checkpoints, e.g.
                     points.example/ledger: said once, before the first one.
                     Default: made out of --public-url and chance
  --draw-period-ms <n>
                     how long a seed decides draws of lotteries before it is
                     published, in milliseconds, ${limits.DRAW_PERIOD_MS_MIN} to ${limits.DRAW_PERIOD_MS_MAX}.
                     Default: ${limits.DRAW_PERIOD_MS}, a day of UTC; the seed that is in use
                     at the start, and the one after it, keep their time
  --accept-clock     your word that the clock is right although it is far from
                     the time of the folder's last block

At the first start it makes the administrator's key, prints it once and keeps
it in <folder>/admin.key, readable by you alone; a key that was put into a new
folder is used as it is. So is <folder>/secrets.key, which platforms' secrets
are sealed with and which all nodes of a cluster must have the same of. Every call under /v1 needs it:
Authorization: Bearer <key>.

Exit codes: 0 stopped cleanly; 1 it could not start; 2 wrong arguments;
${EXIT_FATAL} the ledger stopped itself (a write or sync failed, or a defect): what was
answered is on disk, start it again; ${EXIT_SECOND_SIGNAL} ended by a second signal.
`;

function logsOption(given: Given, folder: string): LogOptions | undefined {
  const named = textOption(given, 'logs');
  if (given.options['no-logs'] !== true) return { folder: resolve(named ?? join(folder, 'logs')) };
  if (named === undefined) return undefined;
  throw new UsageError('--logs and --no-logs contradict each other');
}

function originsOption(given: Given): string[] | undefined {
  const origins = listOption(given, 'origins');
  for (const origin of origins ?? []) {
    const problem = originProblem(origin);
    if (problem !== undefined) throw new UsageError(`--origins: ${problem}`);
  }
  return origins;
}

function publicUrlOption(given: Given): string | undefined {
  const url = textOption(given, 'public-url');
  if (url === undefined) return undefined;
  const problem = originProblem(url);
  if (problem !== undefined) throw new UsageError(`--public-url: ${problem}`);
  return url;
}

function nameOption(given: Given): string | undefined {
  const name = textOption(given, 'ledger-name');
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw new UsageError(`--ledger-name: ${problem}`);
  return name;
}

function sinksOption(given: Given): NonNullable<ServeOptions['sinks']> {
  const [files, url] = [textOption(given, 'event-files'), textOption(given, 'event-nats')];
  const subject = textOption(given, 'event-subject');
  if (url === undefined && subject !== undefined)
    throw new UsageError('--event-subject goes with --event-nats');
  if (subject !== undefined && !SUBJECT.test(subject))
    throw new UsageError('--event-subject: names out of A-Z a-z 0-9 _ -, with dots between');
  if (url !== undefined)
    try {
      natsPlace(url);
    } catch (error) {
      throw new UsageError(`--event-nats ${(error as Error).message}`);
    }
  return [
    ...(files === undefined ? [] : [{ type: 'files', folder: resolve(files) } as const]),
    ...(url === undefined
      ? []
      : [{ type: 'nats', url, subject: subject ?? EVENT_SUBJECT } as const]),
  ];
}

/** Resolves when the server has stopped, with the exit code. */
async function run(given: Given, version: string): Promise<number> {
  const folder = resolve(textOption(given, 'folder') ?? DEFAULT_FOLDER);
  const host = textOption(given, 'host') ?? HOST;
  const port = numberOption(given, 'port', 0, 65_535) ?? PORT;
  const shards = numberOption(given, 'shards', 1, limits.SHARDS_MAX);
  const cacheMb = numberOption(given, 'cache-mb', 1, CACHE_MB_MAX);
  const { DRAW_PERIOD_MS_MIN: least, DRAW_PERIOD_MS_MAX: most } = limits;
  const drawPeriodMs = numberOption(given, 'draw-period-ms', least, most);
  const proxies = numberOption(given, 'proxies', 0, PROXIES_MAX) ?? 0;
  const origins = originsOption(given);
  const publicUrl = publicUrlOption(given);
  const ledgerName = nameOption(given);
  const limitsPath = textOption(given, 'limits');
  const some = limitsPath === undefined ? {} : readLimits(limitsPath);
  const logs = logsOption(given, folder);
  const sinks = sinksOption(given);
  const waiting = new AbortController();
  const record = recordOption(given);
  const replica = replicaOption(given, waiting.signal);
  const cluster = clusterOption(given, waiting.signal, shards);
  checkRuns();
  // Only now: it needs the web server's binary.
  const { startServer } = await import('../serve.js');
  const stop = stopSignal();
  stop.then(() => waiting.abort());
  const options = {
    host,
    port,
    limits: { ...some, proxies },
    publicUrl,
    origins,
    webhookHosts: listOption(given, 'webhook-hosts'),
    sinks,
    logs,
    ledgerName,
    reports: given.options['reports'] === true,
    newSecretsKey: given.options['new-secrets-key'] === true,
    engine: {
      folder,
      shards,
      cacheMb,
      drawPeriodMs,
      receipts: given.options['receipts'] === true,
      vault: {
        masterCommand: textOption(given, 'master-key-command'),
        masterFile: textOption(given, 'master-key-file'),
        masterKeys: process.env['JIFEN_MASTER_KEYS'],
      },
      cluster,
      record,
      replica,
      acceptClock: given.options['accept-clock'] === true,
    },
  };
  while (await serves(startServer, options, { stop, waiting: waiting.signal, version }));
  return 0;
}

/** What ends a server. */
interface Ends {
  readonly stop: Promise<void>;
  /** Aborted by it. */
  readonly waiting: AbortSignal;
  readonly version: string;
}

function fatal(error: Error): void {
  process.stderr.write(`jifen: the ledger stopped itself: ${error.stack ?? error.message}\n`);
  process.exit(EXIT_FATAL);
}

/** Serves until it is stopped, or until another replica leads: resolves with whether to begin anew, which is to follow. */
async function serves(
  startServer: (options: ServeOptions) => Promise<Server>,
  options: ServeOptions,
  { stop, waiting, version }: Ends,
): Promise<boolean> {
  const { folder, replica } = options.engine;
  const progress = progressShown('Recovering');
  let onFenced = (): void => {};
  const fenced = new Promise<true>((resolve) => {
    onFenced = () => resolve(true);
  });
  const engine = {
    ...options.engine,
    onProgress: progress.tell,
    onFatal: (error: Error): void => {
      if (replica !== undefined && isFenced(error)) onFenced();
      else fatal(error);
    },
  };
  const server = await startServer({ ...options, engine }).catch((error) => {
    if (replica !== undefined && isFenced(error)) return true;
    if (!waiting.aborted || error !== waiting.reason) throw error;
    return false;
  });
  progress.end();
  if (server === true) return true;
  if (server === false) {
    process.stderr.write(
      replica === undefined ? 'Stopped while waiting for NATS.\n' : 'Stopped while following.\n',
    );
    return false;
  }
  let isLost = false;
  try {
    await announceServer(folder, server.address);
    greet(server, folder, version);
    isLost = (await Promise.race([stop, fenced])) === true;
    process.stderr.write(
      isLost
        ? 'jifen: another replica leads: this one closes its shards, and follows.\n'
        : 'Stopping: answering what is in flight. Press Ctrl-C again to end at once.\n',
    );
  } finally {
    // What hangs must not keep the folder from following.
    const timer = isLost ? setTimeout(() => process.exit(EXIT_FATAL), FENCED_CLOSE_MS) : undefined;
    await server.close();
    clearTimeout(timer);
    await withdrawServer(folder);
  }
  if (!isLost) process.stderr.write('Stopped.\n');
  return isLost;
}

function greet(server: Server, folder: string, version: string): void {
  const { adminKey, address, engine } = server;
  const { shards, shardsHere } = engine;
  const some = shardsHere.length === shards ? '' : ` (here ${shardsText(shardsHere)})`;
  if (adminKey.replaces)
    process.stderr.write(
      `jifen: ${folder} had no admin.key: a new administrator's key was made, and the one before is not good any more\n`,
    );
  const shown = adminKey.created
    ? `Administrator's key, shown this once and kept in ${folder}/admin.key:\n\n  ${adminKey.key}\n\n`
    : '';
  process.stdout.write(
    `jifen ${version}, data folder ${folder}, ${shards} shard${shards === 1 ? '' : 's'}${some}\n` +
      `${shown}Listening on ${address} (Ctrl-C stops it)\n`,
  );
}

export const start: CliCommand = {
  help,
  options: {
    folder: 'text',
    host: 'text',
    port: 'text',
    shards: 'text',
    'cache-mb': 'text',
    'draw-period-ms': 'text',
    'accept-clock': 'flag',
    nats: 'text',
    node: 'text',
    cluster: 'text',
    'log-of-record': 'text',
    'without-standby': 'flag',
    'accept-record': 'flag',
    replica: 'text',
    'shards-here': 'text',
    'accept-rolled-back': 'text',
    'master-key-file': 'text',
    'master-key-command': 'text',
    logs: 'text',
    'no-logs': 'flag',
    proxies: 'text',
    'public-url': 'text',
    origins: 'text',
    'webhook-hosts': 'text',
    'event-files': 'text',
    'event-nats': 'text',
    'event-subject': 'text',
    limits: 'text',
    'new-secrets-key': 'flag',
    'ledger-name': 'text',
    receipts: 'flag',
    reports: 'flag',
  },
  operands: [],
  serves: true,
  run,
};
