// TigerBeetle, asked over its own Node client, where `--tigerbeetle PATH` names its program: see bench/tigerbeetle.md.
// Owns: the client's installation, the replica, movements as transfers. The types are those of tigerbeetle-node 0.17, which is
// no dependency of the repository.
//   T1. The client has the version of the program, or nothing is measured.
//   T2. All callers share one client, as its documentation asks: it gathers what is asked for at once.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../../test/fixtures/nats-server.js';
import type { Tigerbeetle } from '../harness.js';
import { orStopped, ServerProcess } from '../server-process.js';
import { expectAllPosted } from './checks.js';
import { summed } from './movements.js';
import type {
  Accounts,
  Balances,
  Connections,
  HistoryRow,
  Movement,
  Peer,
  PeerSetup,
  Result,
  RunningPeer,
} from './peer.js';

const PACKAGE = 'tigerbeetle-node';
/** Clients before it answer in another form: what failed, and nothing of the rest. */
const OLDEST_MINOR = 17;
const VERSION_LIMIT_MS = 10_000;
const INSTALL_LIMIT_MS = 120_000;
const LOG_SHOWN = 1000;
/** The most of one request: what fits into 1 MiB. */
const REQUEST_MAX = 8189;
/** Bytes of an id, but for one: neither 0 nor the largest number may be one. */
const ID_LENGTH_MAX = 15;

/** An account of TigerBeetle's. */
export interface Account {
  readonly id: bigint;
  readonly debits_pending: bigint;
  readonly debits_posted: bigint;
  readonly credits_pending: bigint;
  readonly credits_posted: bigint;
  readonly user_data_128: bigint;
  readonly user_data_64: bigint;
  readonly user_data_32: number;
  readonly reserved: number;
  readonly ledger: number;
  readonly code: number;
  readonly flags: number;
  readonly timestamp: bigint;
}

/** A transfer of TigerBeetle's. */
export interface Transfer {
  readonly id: bigint;
  readonly debit_account_id: bigint;
  readonly credit_account_id: bigint;
  readonly amount: bigint;
  readonly pending_id: bigint;
  readonly user_data_128: bigint;
  readonly user_data_64: bigint;
  readonly user_data_32: number;
  readonly timeout: number;
  readonly ledger: number;
  readonly code: number;
  readonly flags: number;
  readonly timestamp: bigint;
}

/** An account's balance after the transfer of the same time. */
export type AccountBalance = Pick<Account, 'debits_posted' | 'credits_posted' | 'timestamp'>;

/** Which transfers or balances of an account are asked for. */
export interface AccountFilter {
  readonly account_id: bigint;
  readonly user_data_128: bigint;
  readonly user_data_64: bigint;
  readonly user_data_32: number;
  readonly code: number;
  readonly timestamp_min: bigint;
  readonly timestamp_max: bigint;
  readonly limit: number;
  readonly flags: number;
}

/** What became of one of a request, in its order. */
interface Created {
  readonly status: number;
}

/** What is used of the client. */
export interface Client {
  createAccounts(batch: Account[]): Promise<Created[]>;
  createTransfers(batch: Transfer[]): Promise<Created[]>;
  lookupAccounts(batch: bigint[]): Promise<Account[]>;
  getAccountTransfers(filter: AccountFilter): Promise<Transfer[]>;
  getAccountBalances(filter: AccountFilter): Promise<AccountBalance[]>;
  destroy(): void;
}

/** What is used of the package. */
export interface Library {
  createClient(to: { cluster_id: bigint; replica_addresses: (string | number)[] }): Client;
  readonly AccountFlags: {
    readonly debits_must_not_exceed_credits: number;
    readonly history: number;
  };
  readonly AccountFilterFlags: { readonly debits: number; readonly credits: number };
  readonly CreateAccountStatus: { readonly created: number; readonly [status: number]: string };
  readonly CreateTransferStatus: {
    readonly created: number;
    readonly exists: number;
    readonly exceeds_credits: number;
    readonly [status: number]: string;
  };
}

/** TigerBeetle, with the program and the client's folder that the options name. */
export function tigerbeetlePeer(tigerbeetle: Tigerbeetle): Peer {
  return {
    name: 'tigerbeetle',
    durability:
      'one replica, its file opened with O_DIRECT and O_DSYNC, written before the answer; ' +
      'a transfer has no text id, lots, expiry or permissions',
    programs: [],
    singles: [64, 1000],
    // Eight of them fill a request of the client's; as many wait for the next one.
    batches: [{ size: 1000, connections: 16 }],
    start: (setup) => start(tigerbeetle, setup),
  };
}

/** Installs the client of the program's version in its folder; throws, naming the option, where that cannot be. */
export function installClient({ program, client }: Tigerbeetle): void {
  const refuse = (why: string): Error => new Error(`--tigerbeetle ${program}: ${why}`);
  const asked = spawnSync(program, ['version'], { encoding: 'utf8', timeout: VERSION_LIMIT_MS });
  if (asked.error !== undefined) throw refuse(`it cannot be run (${asked.error.message})`);
  const [, version, major, minor] =
    /^TigerBeetle version ((\d+)\.(\d+)\.\d+)/.exec(asked.stdout) ?? [];
  if (version === undefined)
    throw refuse(`asked for its version, it says "${(asked.stdout + asked.stderr).trim()}"`);
  if (major === '0' && Number(minor) < OLDEST_MINOR)
    throw refuse(`it is ${version}, and the bench knows the clients from 0.${OLDEST_MINOR} on`);
  mkdirSync(client, { recursive: true });
  const settings = ['--prefix', client, '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = spawnSync(
    'npm',
    ['install', '--loglevel=error', ...settings, `${PACKAGE}@${version}`],
    {
      cwd: client,
      encoding: 'utf8',
      timeout: INSTALL_LIMIT_MS,
    },
  );
  if (npm.status === 0) return;
  const why = npm.error?.message ?? npm.stderr.trim().slice(-LOG_SHOWN);
  throw refuse(`npm cannot install ${PACKAGE}@${version}, the client of its version: ${why}`);
}

async function start({ program, client }: Tigerbeetle, setup: PeerSetup): Promise<RunningPeer> {
  const library = createRequire(join(client, 'package.json'))(PACKAGE) as Library;
  const file = join(setup.folder, '0_0.tigerbeetle');
  const replica = ['--cluster=0', '--replica=0', '--replica-count=1'];
  const format = spawnSync(program, ['format', ...replica, file], { encoding: 'utf8' });
  if (format.status !== 0)
    throw new Error(`${program} format: ${format.error?.message ?? format.stderr}`);
  const port = await freePort();
  const server = await ServerProcess.start({
    program,
    // Without --development, as in production: direct I/O is then a must.
    args: ['start', `--addresses=${port}`, file],
    log: join(setup.folder, 'tigerbeetle.log'),
    readyText: 'listening on',
  });
  return orStopped(server, () => openAccounts(library, server, port, setup));
}

/** The accounts with their funds, in a replica that runs and is empty. */
export async function openAccounts(
  library: Library,
  server: Pick<ServerProcess, 'pid' | 'ended' | 'stop'>,
  port: number,
  setup: Accounts,
): Promise<RunningPeer> {
  const client = library.createClient({ cluster_id: 0n, replica_addresses: [port] });
  // A client asks a server that is gone again and again: when closed, it rejects what it was asked.
  server.ended.then(() => client.destroy());
  const peer = new TigerbeetlePeer(library, client, server, setup);
  const { created } = library.CreateAccountStatus;
  for (const some of parts(accountsOf(library.AccountFlags, setup)))
    for (const { status } of await client.createAccounts(some))
      if (status !== created)
        throw new Error(`an account was answered ${library.CreateAccountStatus[status]}`);
  for (const some of parts(fundsOf(setup))) expectAllPosted(await peer.carryOut(some), some.length);
  return peer;
}

function* parts<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += REQUEST_MAX)
    yield all.slice(from, from + REQUEST_MAX);
}

const countOf = ({ users, stripes }: Accounts): number => users + 2 * stripes;

/** An account's id: 0 may not be one. */
const accountId = (account: number): bigint => BigInt(account + 1);

/** All accounts, and after them one that the users' funds come from. Each keeps its balance after every transfer (C3). */
export function accountsOf(flags: Library['AccountFlags'], accounts: Accounts): Account[] {
  return Array.from({ length: countOf(accounts) + 1 }, (_, account) => ({
    id: accountId(account),
    debits_pending: 0n,
    debits_posted: 0n,
    credits_pending: 0n,
    credits_posted: 0n,
    user_data_128: 0n,
    user_data_64: 0n,
    user_data_32: 0,
    reserved: 0,
    ledger: 1,
    code: 1,
    flags: flags.history | (account < accounts.users ? flags.debits_must_not_exceed_credits : 0),
    timestamp: 0n,
  }));
}

/** What gives each user its funds. */
export function fundsOf(accounts: Accounts): Transfer[] {
  const from = countOf(accounts);
  return Array.from({ length: accounts.users }, (_, to) =>
    transferOf({ id: `F${to}`, from, to, amount: accounts.funds }),
  );
}

/** An id's bytes as a number: other ones for other texts, and the bench's are ever larger, which TigerBeetle likes best. */
export function idOf(text: string): bigint {
  const bytes = Buffer.from(text);
  if (bytes.length > ID_LENGTH_MAX) throw new Error(`${text} is too long for an id of 128 bits`);
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** A movement as a transfer: points are credits, so the payer is debited. */
export function transferOf({ id, from, to, amount }: Movement): Transfer {
  return {
    id: idOf(id),
    debit_account_id: accountId(from),
    credit_account_id: accountId(to),
    amount: BigInt(amount),
    pending_id: 0n,
    user_data_128: 0n,
    user_data_64: 0n,
    user_data_32: 0,
    timeout: 0,
    ledger: 1,
    code: 1,
    flags: 0,
    timestamp: 0n,
  };
}

/** What became of a transfer; throws where it was neither carried out nor short. */
export function resultOf(statuses: Library['CreateTransferStatus'], status: number): Result {
  if (status === statuses.created) return 'posted';
  if (status === statuses.exists) return 'replayed';
  if (status === statuses.exceeds_credits) return 'short';
  throw new Error(`a transfer was answered ${statuses[status] ?? status}`);
}

const pointsOf = (of: Pick<Account, 'debits_posted' | 'credits_posted'>): number =>
  Number(of.credits_posted - of.debits_posted);

/** An account's transfers as rows, each with the balance after it. */
export function rowsOf(
  account: number,
  transfers: readonly Transfer[],
  balances: readonly AccountBalance[],
): HistoryRow[] {
  return transfers.map(({ credit_account_id, amount, timestamp }, n) => {
    const after = balances[n];
    if (after?.timestamp !== timestamp)
      throw new Error(`account ${account} has no balance after the transfer of ${timestamp}`);
    const isReceived = credit_account_id === accountId(account);
    return { delta: Number(isReceived ? amount : -amount), balance: pointsOf(after) };
  });
}

class TigerbeetlePeer implements RunningPeer, Connections {
  readonly pids: readonly number[];
  readonly #library: Library;
  readonly #client: Client;
  readonly #server: Pick<ServerProcess, 'stop'>;
  readonly #accounts: Accounts;

  constructor(
    library: Library,
    client: Client,
    server: Pick<ServerProcess, 'pid' | 'stop'>,
    accounts: Accounts,
  ) {
    this.pids = [server.pid];
    this.#library = library;
    this.#client = client;
    this.#server = server;
    this.#accounts = accounts;
  }

  async carryOut(transfers: Transfer[]): Promise<readonly Result[]> {
    const statuses = this.#library.CreateTransferStatus;
    const created = await this.#client.createTransfers(transfers);
    return created.map(({ status }) => resultOf(statuses, status));
  }

  /** All share the one client. */
  async open(): Promise<Connections> {
    return this;
  }

  async transfer(_caller: number, movement: Movement): Promise<Result> {
    const [result] = await this.carryOut([transferOf(movement)]);
    return result as Result;
  }

  batch(_caller: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    return this.carryOut(movements.map(transferOf));
  }

  async balance(_caller: number, account: number): Promise<number> {
    const [found] = await this.#client.lookupAccounts([accountId(account)]);
    if (found === undefined) throw new Error(`there is no account ${account}`);
    return pointsOf(found);
  }

  async balances(): Promise<Balances> {
    const all = new Float64Array(countOf(this.#accounts)).fill(Number.NaN);
    const ids = Array.from(all, (_, account) => accountId(account));
    for (const some of parts(ids))
      for (const found of await this.#client.lookupAccounts(some))
        all[Number(found.id) - 1] = pointsOf(found);
    return summed(all, this.#accounts);
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const { debits, credits } = this.#library.AccountFilterFlags;
    const rows: HistoryRow[] = [];
    for (let from = 0n; ; ) {
      const filter: AccountFilter = {
        account_id: accountId(account),
        user_data_128: 0n,
        user_data_64: 0n,
        user_data_32: 0,
        code: 0,
        timestamp_min: from,
        timestamp_max: 0n,
        limit: REQUEST_MAX,
        flags: debits | credits,
      };
      const transfers = await this.#client.getAccountTransfers(filter);
      const last = transfers.at(-1);
      // The first row is the account's funds.
      if (last === undefined) return rows.slice(1);
      rows.push(...rowsOf(account, transfers, await this.#client.getAccountBalances(filter)));
      from = last.timestamp + 1n;
    }
  }

  async close(): Promise<void> {}

  async stop(): Promise<void> {
    this.#client.destroy();
    await this.#server.stop();
  }
}
