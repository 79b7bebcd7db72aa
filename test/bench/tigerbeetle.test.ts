// TigerBeetle as a peer, without its program: what it is given adds up to what the bench expects, on a book in memory that answers
// as its documentation says; and `--tigerbeetle` says what is wrong with a program or its version.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import {
  checkHistory,
  checkRepeats,
  checkShort,
  expectAllPosted,
} from '../../bench/peers/checks.js';
import { compareBalances, digestOf, Movements } from '../../bench/peers/movements.js';
import type { Accounts } from '../../bench/peers/peer.js';
import {
  type Account,
  type AccountBalance,
  type AccountFilter,
  type Client,
  idOf,
  type Library,
  openAccounts,
  resultOf,
  rowsOf,
  type Transfer,
  transferOf,
} from '../../bench/peers/tigerbeetle.js';
import { temporaryFolder } from '../temporary.js';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.js');
const ACCOUNTS: Accounts = { users: 50, funds: 1000, stripes: 4 };
const CREATED = 4_294_967_295;
/** What one request may have. */
const REQUEST_MAX = 8189;

const library: Library = {
  createClient: () => new Book(),
  AccountFlags: { debits_must_not_exceed_credits: 2, history: 8 },
  AccountFilterFlags: { debits: 1, credits: 2 },
  CreateAccountStatus: { created: CREATED, 21: 'exists' },
  CreateTransferStatus: {
    created: CREATED,
    exists: 46,
    exceeds_credits: 54,
    22: 'credit_account_not_found',
  },
};

/** Pages are short here, so that a history has several. */
const PAGE = 7;

/** Accounts and transfers in memory. */
class Book implements Client {
  readonly #accounts = new Map<bigint, Account>();
  readonly #transfers = new Map<bigint, Transfer>();
  readonly #balances = new Map<bigint, AccountBalance[]>();
  #time = 1n;

  async createAccounts(batch: Account[]): Promise<{ status: number }[]> {
    assert(batch.length <= REQUEST_MAX);
    return batch.map((account) => {
      if (this.#accounts.has(account.id)) return { status: 21 };
      assert(account.id > 0n && account.ledger > 0 && account.code > 0);
      this.#accounts.set(account.id, { ...account, timestamp: this.#time++ });
      return { status: CREATED };
    });
  }

  async createTransfers(batch: Transfer[]): Promise<{ status: number }[]> {
    assert(batch.length <= REQUEST_MAX);
    return batch.map((transfer) => ({ status: this.#create(transfer) }));
  }

  #create(transfer: Transfer): number {
    if (this.#transfers.has(transfer.id)) return 46;
    const debit = this.#accounts.get(transfer.debit_account_id)!;
    const credit = this.#accounts.get(transfer.credit_account_id);
    if (credit === undefined) return 22;
    const debits_posted = debit.debits_posted + transfer.amount;
    const credits_posted = credit.credits_posted + transfer.amount;
    if ((debit.flags & 2) !== 0 && debits_posted > debit.credits_posted) return 54;
    const timestamp = this.#time++;
    this.#transfers.set(transfer.id, { ...transfer, timestamp });
    for (const after of [
      { ...debit, debits_posted },
      { ...credit, credits_posted },
    ]) {
      this.#accounts.set(after.id, after);
      if ((after.flags & 8) === 0) continue;
      const before = this.#balances.get(after.id) ?? [];
      this.#balances.set(after.id, [...before, { ...after, timestamp }]);
    }
    return CREATED;
  }

  async lookupAccounts(ids: bigint[]): Promise<Account[]> {
    assert(ids.length <= REQUEST_MAX);
    return ids.flatMap((id) => this.#accounts.get(id) ?? []);
  }

  async getAccountTransfers({ account_id, timestamp_min }: AccountFilter): Promise<Transfer[]> {
    const all = [...this.#transfers.values()].filter(
      ({ debit_account_id: debit, credit_account_id: credit, timestamp }) =>
        (debit === account_id || credit === account_id) && timestamp >= timestamp_min,
    );
    return all.slice(0, PAGE);
  }

  async getAccountBalances(filter: AccountFilter): Promise<AccountBalance[]> {
    const all = this.#balances.get(filter.account_id) ?? [];
    return all.filter(({ timestamp }) => timestamp >= filter.timestamp_min).slice(0, PAGE);
  }

  destroy(): void {
    this.#accounts.clear();
  }
}

/** A server that ends when it is stopped. */
function server() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { pid: 1, ended, stop: async () => end() };
}

t.test('what it is given makes the sums that the bench expects', async (t) => {
  for (const kind of ['programme', 'pairs'] as const) {
    const running = await openAccounts(library, server(), 3000, ACCOUNTS);
    const movements = new Movements(kind, ACCOUNTS);
    const connections = await running.open(64);
    expectAllPosted(await connections.batch(0, movements.batch(2000)), 2000);
    const some = movements.batch(20);
    for (const movement of some) t.equal(await connections.transfer(1, movement), 'posted');
    await checkRepeats(connections, some, true);
    const short = { id: 'SHORT', from: 0, to: 1, amount: 1_000_000 };
    await checkShort(connections, [movements.next(), movements.next()], short, true);
    const balances = await running.balances();
    compareBalances(balances, movements);
    const { expected: users, issued, redeemed } = movements;
    t.equal(digestOf(balances), digestOf({ users, issuer: -issued, redeemer: redeemed }));
    await checkHistory(running, [0, 1, 49], ACCOUNTS.funds, movements.expected);
    t.ok((await running.history(0)).length > 2 * PAGE, 'a history of several pages');
    t.equal(await connections.balance(0, 3), movements.expected[3]);
    await running.stop();
    await t.rejects(connections.balance(0, 3), /no account 3/, 'its client is closed');
  }
});

t.test('more accounts than one request holds', async () => {
  const many = { users: 2 * REQUEST_MAX, funds: 5, stripes: 1 };
  const running = await openAccounts(library, server(), 3000, many);
  compareBalances(await running.balances(), new Movements('pairs', many));
  await running.stop();
});

t.test('ids, results and rows', (t) => {
  const ids = ['F9', 'F10', 'T0', 'T9', 'T10', 'T99999999', 'SHORT', 'SHORT-2'].map(idOf);
  t.equal(new Set(ids).size, ids.length);
  t.ok(idOf('T9') < idOf('T10') && idOf('T19') < idOf('T20'), 'ever larger');
  t.ok(idOf('x'.repeat(15)) < 2n ** 128n - 1n);
  t.throws(() => idOf('x'.repeat(16)), /too long/);
  t.match(transferOf({ id: 'T1', from: 0, to: 4, amount: 7 }), {
    debit_account_id: 1n,
    credit_account_id: 5n,
    amount: 7n,
  });
  t.throws(() => resultOf(library.CreateTransferStatus, 22), /credit_account_not_found/);
  const transfer = { ...transferOf({ id: 'T1', from: 0, to: 4, amount: 7 }), timestamp: 5n };
  const after = { debits_posted: 3n, credits_posted: 10n, timestamp: 5n };
  t.same(rowsOf(4, [transfer], [after]), [{ delta: 7, balance: 7 }]);
  t.same(rowsOf(0, [transfer], [after]), [{ delta: -7, balance: 7 }]);
  t.throws(() => rowsOf(4, [transfer], [{ ...after, timestamp: 6n }]), /no balance after/);
  t.throws(() => rowsOf(4, [transfer], []), /no balance after/);
  t.end();
});

t.test('a server that ends closes the client', async (t) => {
  const { ended, ...own } = server();
  const running = await openAccounts(library, { ...own, ended }, 3000, ACCOUNTS);
  const connections = await running.open(1);
  await own.stop();
  await ended;
  await t.rejects(connections.balance(0, 3), /no account 3/);
});

t.test('--tigerbeetle says what is wrong', async (t) => {
  const folder = temporaryFolder(t);
  // A registry that has one version of the client.
  const registry = createServer(({ url }, response) => {
    const versions = { '0.17.9': { name: 'tigerbeetle-node', version: '0.17.9', dist: {} } };
    response.writeHead(url === '/tigerbeetle-node' ? 200 : 404);
    response.end(JSON.stringify({ name: 'tigerbeetle-node', versions }));
  });
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  t.teardown(() => registry.close());
  const { port } = registry.address() as AddressInfo;
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(folder, 'cache'),
  };
  const data = join(folder, 'data');
  const bench = async (program: string, ...more: string[]) => {
    const args = [MAIN, 'peers', '--smoke', '--tigerbeetle', program, '--folder', data, ...more];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const [code] = await once(child, 'close');
    return { code, said };
  };
  const saying = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
    return path;
  };
  const other = saying('other', 'TigerBeetle version 0.17.8+abc');
  for (const [program, why] of [
    [join(folder, 'nothing'), /^it cannot be run .*ENOENT/],
    [saying('odd', 'no beetle'), /^asked for its version, it says "no beetle"/],
    [saying('old', 'TigerBeetle version 0.16.66'), /^it is 0\.16\.66, .* from 0\.17 on/],
    [other, /^npm cannot install tigerbeetle-node@0\.17\.8, .*ETARGET/s],
  ] as const) {
    const { code, said } = await bench(program);
    t.equal(code, 1);
    t.match(said.split(`--tigerbeetle ${program}: `)[1], why);
  }
  t.same(readdirSync(data), [], 'what was begun is removed');
  const { said } = await bench(other, '--list');
  t.match(said, /^peers\/tigerbeetle$/m);
});
