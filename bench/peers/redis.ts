// Redis: one Lua script carries out a movement, or many of them.
// Owns: the script, the keys. With `everysec` an answer may come up to a second before it is durable.

import type { Redis } from 'ioredis';
import { orStopped, type ServerProcess } from '../server-process.js';
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
import { type AppendSync, REDIS_SERVER, startRedis } from './redis-server.js';

/**
 * ARGV: how many users there are, then id, from, to, amount of each movement. Keys: `a:<account>` its balance, `h:<account>` its
 * history, `t:<id>` a movement that was posted. The answer has a letter for each: p(osted), r(eplayed), s(hort).
 */
const SCRIPT = `
local users, answer = tonumber(ARGV[1]), {}
for i = 2, #ARGV, 4 do
  local id, from, to, amount = ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
  if redis.call('EXISTS', 't:' .. id) == 1 then
    answer[#answer + 1] = 'r'
  elseif tonumber(from) < users and tonumber(redis.call('GET', 'a:' .. from)) < amount then
    answer[#answer + 1] = 's'
  else
    local left = redis.call('DECRBY', 'a:' .. from, amount)
    local got = redis.call('INCRBY', 'a:' .. to, amount)
    redis.call('SET', 't:' .. id, from .. ' ' .. to .. ' ' .. amount)
    redis.call('RPUSH', 'h:' .. from, id .. ' ' .. -amount .. ' ' .. left)
    redis.call('RPUSH', 'h:' .. to, id .. ' ' .. amount .. ' ' .. got)
    answer[#answer + 1] = 'p'
  end
end
return table.concat(answer)
`;
const RESULTS: Readonly<Record<string, Result>> = { p: 'posted', r: 'replayed', s: 'short' };
/** Keys of one command when many are written or read. */
const TOGETHER = 10_000;

function peerOf(sync: Exclude<AppendSync, 'none'>, durability: string): Peer {
  return {
    name: `redis-${sync}`,
    durability,
    programs: [REDIS_SERVER],
    singles: [32, 64],
    batches: [
      { size: 100, connections: 8 },
      { size: 1000, connections: 4 },
    ],
    start: (setup) => start(setup, sync),
  };
}

/** Redis, its append-only file synced before the answers. */
export const redisAlways = peerOf('always', 'appendfsync always: synced before the answer');

/** Redis, its append-only file synced once a second. */
export const redisEverysec = peerOf(
  'everysec',
  'appendfsync everysec: NOT synced before the answer, up to a second of answered movements can be lost',
);

async function start(setup: PeerSetup, sync: AppendSync): Promise<RunningPeer> {
  const { server, connect } = await startRedis(setup.folder, sync);
  return orStopped(server, async () => {
    const administration = await connect();
    const all = setup.users + 2 * setup.stripes;
    for (let from = 0; from < all; from += TOGETHER) {
      const pairs: (string | number)[] = [];
      for (let n = from; n < Math.min(from + TOGETHER, all); n++) {
        pairs.push(`a:${n}`, n < setup.users ? setup.funds : 0);
      }
      await administration.mset(...pairs);
    }
    const script = (await administration.script('LOAD', SCRIPT)) as string;
    return new RedisPeer(server, connect, setup, administration, script);
  });
}

class RedisPeer implements RunningPeer {
  readonly pids: readonly number[];
  readonly #server: ServerProcess;
  readonly #connect: () => Promise<Redis>;
  readonly #setup: PeerSetup;
  readonly #administration: Redis;
  readonly #script: string;

  constructor(
    server: ServerProcess,
    connect: () => Promise<Redis>,
    setup: PeerSetup,
    administration: Redis,
    script: string,
  ) {
    this.pids = [server.pid];
    this.#server = server;
    this.#connect = connect;
    this.#setup = setup;
    this.#administration = administration;
    this.#script = script;
  }

  async open(connections: number): Promise<Connections> {
    const clients: Redis[] = [];
    for (let n = 0; n < connections; n++) clients.push(await this.#connect());
    return new RedisConnections(clients, this.#script, this.#setup.users);
  }

  async balances(): Promise<Balances> {
    const all = new Float64Array(this.#setup.users + 2 * this.#setup.stripes);
    for (let first = 0; first < all.length; first += TOGETHER) {
      const size = Math.min(TOGETHER, all.length - first);
      const keys = Array.from({ length: size }, (_, n) => `a:${first + n}`);
      all.set((await this.#administration.mget(keys)).map(Number), first);
    }
    return summed(all, this.#setup);
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const rows = await this.#administration.lrange(`h:${account}`, 0, -1);
    return rows.map((row) => {
      const [, delta, balance] = row.split(' ');
      return { delta: Number(delta), balance: Number(balance) };
    });
  }

  async stop(): Promise<void> {
    this.#administration.disconnect();
    await this.#server.stop();
  }
}

class RedisConnections implements Connections {
  readonly #clients: readonly Redis[];
  readonly #script: string;
  readonly #users: number;

  constructor(clients: readonly Redis[], script: string, users: number) {
    this.#clients = clients;
    this.#script = script;
    this.#users = users;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    const [result] = await this.batch(connection, [movement]);
    return result as Result;
  }

  async batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const values: (string | number)[] = [this.#users];
    for (const { id, from, to, amount } of movements) values.push(id, from, to, amount);
    const client = this.#clients[connection] as Redis;
    const letters = (await client.evalsha(this.#script, 0, ...values)) as string;
    return Array.from(letters, (letter) => RESULTS[letter] as Result);
  }

  async balance(connection: number, account: number): Promise<number> {
    return Number(await (this.#clients[connection] as Redis).get(`a:${account}`));
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
  }
}
