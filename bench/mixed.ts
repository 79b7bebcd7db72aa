// The question: how does a programme's mixture of requests do? Earning, spending, reading, giving, reserving, by users of whom
// some are far more active than others. Owns: the mixture, expected balances. Never touches: how a channel sends.
//   X1. The n-th operation depends on the seed and n alone, whatever the speed of the server.
//   X2. Every operation must succeed.

import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { JifenServer, readAccount } from './jifen-server.js';
import { random, zipf } from './load.js';
import { HALF_LOAD, LOAD_PARTS, type Send } from './loops.js';
import type { MixedChannel } from './mixed-channel.js';
import { mixedHttp } from './mixed-http.js';
import { mixedWs } from './mixed-ws.js';
import { balancesOf } from './peers/jifen.js';
import { digestOf } from './peers/movements.js';
import type { Balances } from './peers/peer.js';
import { fullLoad, type Way, withParts } from './ways.js';

const OPERATIONS = ['earn', 'spend', 'balance', 'history', 'give', 'holdCapture'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Percent of the operations. */
const SHARES: Readonly<Record<Operation, number>> = {
  earn: 55,
  spend: 25,
  balance: 10,
  history: 5,
  give: 3,
  holdCapture: 2,
};

const CHANNELS = { http: mixedHttp, ws: mixedWs } as const;
const CONNECTIONS = 64;
const SEED = 20_261_123;
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Connections that fund and read all accounts. */
const SERVANTS = 32;

/** The bench of a mixture. */
export const mixedBench: Bench = {
  name: 'mixed',
  figures: () =>
    (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).map(
      (channel): FigurePlan => ({
        name: `mixed/${channel}`,
        unit: 'operations/s',
        headline: true,
        sameWork: 'mixed',
        run: (context) => measureMixed(channel, context),
      }),
    ),
};

async function measureMixed(channel: keyof typeof CHANNELS, context: RunContext): Promise<Run> {
  const { options, folder } = context;
  const server = await JifenServer.start(folder, options.cacheMb);
  try {
    const members = new Members(options);
    await fund(server, options.users);
    const open = CHANNELS[channel];
    const first = await open(server, 1);
    const fixed = options.smoke ? 500 : 10_000;
    for (let n = 0; n < fixed; n++) await members.send(first, 0);
    first.close();
    const before = await readBalances(server, options.users);
    members.compare(before);

    const opened = await open(server, CONNECTIONS);
    const send: Send = async (connection) => {
      await members.send(opened, connection);
      return 1;
    };
    const way: Way = { send, connections: CONNECTIONS, perRequest: 1, pids: [server.pid] };
    members.forgetLatencies();
    const full = await fullLoad(way, options);
    const latencies = members.latencies();
    const percents = options.smoke ? HALF_LOAD : LOAD_PARTS;
    const run = await withParts(full, way, percents, options);
    opened.close();
    members.compare(await readBalances(server, options.users));
    return { ...run, digest: digestOf(before), also: { ...run.also, ...latencies } };
  } finally {
    await server.stop();
  }
}

/** What the members do, and the balances that it makes. */
class Members {
  readonly #users: number;
  readonly #expected: Float64Array;
  readonly #pick: () => number;
  readonly #next = random(SEED);
  readonly #latency: Record<Operation, RecordableHistogram>;
  #issued = 0;
  #redeemed = 0;
  #made = 0;

  constructor({ users, skew }: BenchOptions) {
    this.#users = users;
    this.#expected = new Float64Array(users).fill(FUNDS);
    this.#pick = zipf(users, skew, SEED);
    const entries = OPERATIONS.map((operation) => [operation, createHistogram()]);
    this.#latency = Object.fromEntries(entries) as Record<Operation, RecordableHistogram>;
  }

  /** Sends the next operation. */
  async send(channel: MixedChannel, connection: number): Promise<void> {
    const n = this.#made++;
    const operation = this.#operation();
    const user = this.#pick();
    const other = (user + 1 + Math.floor(this.#next() * (this.#users - 1))) % this.#users;
    const begun = performance.now();
    await this.#carryOut(operation, { channel, connection, n, user, other });
    const microseconds = Math.round((performance.now() - begun) * 1000);
    this.#latency[operation].record(Math.max(1, microseconds));
  }

  forgetLatencies(): void {
    for (const operation of OPERATIONS) this.#latency[operation].reset();
  }

  /** `earnP50Ms`, `earnP99Ms`, and so for each operation, at full load; a hold and its capture are taken together. */
  latencies(): Record<string, number> {
    const figures: Record<string, number> = {};
    for (const operation of OPERATIONS) {
      const latency = this.#latency[operation];
      if (latency.count === 0) continue;
      figures[`${operation}P50Ms`] = latency.percentile(50) / 1000;
      figures[`${operation}P99Ms`] = latency.percentile(99) / 1000;
    }
    return figures;
  }

  /** Throws where any balance is not what the operations make of it. */
  compare({ users, issuer, redeemer }: Balances): void {
    for (let user = 0; user < this.#users; user++) {
      if (users[user] === this.#expected[user]) continue;
      throw new Error(`u${user} has ${users[user]}, not ${this.#expected[user]}`);
    }
    if (issuer !== -this.#issued) throw new Error(`@issue has ${issuer}, not ${-this.#issued}`);
    if (redeemer !== this.#redeemed)
      throw new Error(`@redeem has ${redeemer}, not ${this.#redeemed}`);
  }

  #operation(): Operation {
    let rest = this.#next() * 100;
    for (const operation of OPERATIONS) {
      rest -= SHARES[operation];
      if (rest < 0) return operation;
    }
    return 'earn';
  }

  async #carryOut(operation: Operation, one: Carried): Promise<void> {
    const { channel, connection, n, user, other } = one;
    const [id, owner] = [`T${n}`, `u${user}`];
    const amount = 1 + (n & 7);
    switch (operation) {
      case 'balance':
        return channel.balance(connection, owner);
      case 'history':
        return channel.history(connection, owner);
      case 'earn':
        this.#issued += amount;
        this.#add(user, amount);
        return channel.transfer(connection, { id, from: '@issue', to: owner, amount });
      case 'spend':
        this.#redeemed += amount;
        this.#add(user, -amount);
        return channel.transfer(connection, { id, from: owner, to: '@redeem', amount });
      case 'give':
        this.#add(user, -amount);
        this.#add(other, amount);
        return channel.transfer(connection, { id, from: owner, to: `u${other}`, amount });
      default:
        this.#redeemed += amount;
        this.#add(user, -amount);
        await channel.hold(connection, id, owner, amount);
        await channel.capture(connection, { id: `C${n}`, owner, holdId: id, to: '@redeem' });
    }
  }

  #add(user: number, points: number): void {
    this.#expected[user] = (this.#expected[user] ?? 0) + points;
  }
}

interface Carried {
  readonly channel: MixedChannel;
  readonly connection: number;
  readonly n: number;
  readonly user: number;
  /** Never the same. */
  readonly other: number;
}

async function fund(server: JifenServer, users: number): Promise<void> {
  const connections = await server.open(4);
  await connections.fund(users, FUNDS);
  connections.close();
}

async function readBalances(server: JifenServer, users: number): Promise<Balances> {
  const connections = await server.open(SERVANTS);
  const total = async (connection: number, owner: string): Promise<number> => {
    const { available, held } = await readAccount(connections, connection, owner);
    if (held !== 0) throw new Error(`${owner} still has ${held} held`);
    return available;
  };
  const balances = await balancesOf({ users, funds: FUNDS }, SERVANTS, total);
  connections.close();
  return balances;
}
