// jifen as a library, in the process of the one who asks.
// Owns: movements as commands, outcomes as results.

import { join } from 'node:path';
import { type Command, type Engine, open } from '../../engine/index.js';
import { ASSET } from '../jifen-server.js';
import { expectAllPosted } from './checks.js';
import { balancesOf, JIFEN, resultOf, transferOf } from './jifen.js';
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

/** Users of one batch when many are given their funds, and reads at once. */
const TOGETHER = 1000;
/** Between shards, the decision is waited for. */
const PATIENT = { timeoutMs: 60_000 } as const;

/** jifen as a library. */
export const jifenEngine: Peer & { readonly channel: string } = {
  ...JIFEN,
  channel: 'in-process',
  singles: [64, 1000],
  batches: [
    { size: 100, connections: 16 },
    { size: 1000, connections: 6 },
  ],
  start,
};

async function start(setup: PeerSetup): Promise<RunningPeer> {
  const engine = await open({ folder: join(setup.folder, 'data') });
  await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false });
  for (let from = 0; from < setup.users; from += TOGETHER) {
    const size = Math.min(TOGETHER, setup.users - from);
    const commands = Array.from({ length: size }, (_, n): Command => {
      const leg = { from: '@issue', to: `u${from + n}`, asset: ASSET, amount: setup.funds };
      return { type: 'transfer', id: `F${from + n}`, legs: [leg] };
    });
    expectAllPosted((await engine.submitBatch(commands)).map(resultOf), size);
  }
  return new EnginePeer(engine, setup);
}

class EnginePeer implements RunningPeer {
  readonly pids: readonly number[] = [process.pid];
  readonly #engine: Engine;
  readonly #accounts: Accounts;

  constructor(engine: Engine, accounts: Accounts) {
    this.#engine = engine;
    this.#accounts = accounts;
  }

  async open(): Promise<Connections> {
    return new EngineMovements(this.#engine, this.#accounts);
  }

  balances(): Promise<Balances> {
    return balancesOf(this.#accounts, TOGETHER, (_connection, owner) => total(this.#engine, owner));
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const rows: HistoryRow[] = [];
    let cursor: string | undefined;
    do {
      const asked = { owner: `u${account}`, asset: ASSET, order: 'oldest', limit: 1000 } as const;
      const page = await this.#engine.entries({ ...asked, cursor });
      if (!('entries' in page)) throw new Error(`the history of u${account} was refused`);
      for (const { delta, available, held } of page.entries) {
        // What is held for a transfer between shards is still the account's.
        rows.push({ delta, balance: available + held });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return rows.slice(1);
  }

  async stop(): Promise<void> {
    await this.#engine.close();
  }
}

class EngineMovements implements Connections {
  readonly #engine: Engine;
  readonly #accounts: Accounts;

  constructor(engine: Engine, accounts: Accounts) {
    this.#engine = engine;
    this.#accounts = accounts;
  }

  async transfer(_connection: number, movement: Movement): Promise<Result> {
    return resultOf(await this.#engine.submit(transferOf(this.#accounts, movement), PATIENT));
  }

  async batch(_connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const commands = movements.map((movement) => transferOf(this.#accounts, movement));
    return (await this.#engine.submitBatch(commands, PATIENT)).map(resultOf);
  }

  balance(_connection: number, account: number): Promise<number> {
    return total(this.#engine, `u${account}`);
  }

  async close(): Promise<void> {}
}

async function total(engine: Engine, owner: string): Promise<number> {
  const found = await engine.balance(owner);
  if (!Array.isArray(found)) throw new Error(`the balance of ${owner} was refused`);
  return found.reduce((sum, { available, held }) => sum + available + held, 0);
}
