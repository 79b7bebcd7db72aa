// The question: what does the way over the gateway cost? Transfers and reads through it, beside the same web server answering a
// constant, and beside the engine in process. Owns: the figures, one run of each. Never touches: how a channel sends.
//   Y1. Generator and server are two processes that share the machine's cores.
//   Y2. A channel (HTTP, WebSocket) is a peer's file: to measure another one is a line in CHANNELS.

import { join } from 'node:path';
import { type Command, open } from '../engine/index.js';
import { driveBatches, Measurement } from './drive.js';
import type { Bench, FigurePlan, Run, RunContext } from './harness.js';
import { HttpConnection, requestText } from './http-client.js';
import { ASSET } from './jifen-server.js';
import { HALF_LOAD, LOAD_PARTS, type Send } from './loops.js';
import { expectAllPosted } from './peers/checks.js';
import { jifenHttp } from './peers/jifen-http.js';
import { compareBalances, digestOf, Movements } from './peers/movements.js';
import type { Accounts, Movement, Peer, RunningPeer } from './peers/peer.js';
import { usageOf } from './process-usage.js';
import { ServerProcess } from './server-process.js';
import { fullLoad, type Way, withParts } from './ways.js';

/** A way into the gateway, and what the names of its batches end with. */
interface Channel {
  readonly peer: Peer & { readonly channel: string };
  readonly encoding: string;
}

const CHANNELS: readonly Channel[] = [
  { peer: { ...jifenHttp, channel: 'http' }, encoding: '-json' },
];
const CONNECTIONS = 64;
const CONSTANT = 'gateway/constant';
const IN_PROCESS = 'gateway/in-process';
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Movements before the digest. */
const FIXED_BATCHES = { smoke: 2, full: 50 };
const BATCH = 1000;
const IN_FLIGHT = 3;

/** The gateway's bench. */
export const gatewayBench: Bench = {
  name: 'gateway',
  figures: () => [constantPlan, inProcessPlan, ...CHANNELS.map(channelPlan)],
};

const constantPlan: FigurePlan = {
  name: CONSTANT,
  unit: 'requests/s',
  headline: true,
  run: measureConstant,
};

const inProcessPlan: FigurePlan = {
  name: IN_PROCESS,
  unit: 'transfers/s',
  headline: true,
  sameWork: 'gateway',
  run: measureInProcess,
};

function channelPlan(channel: Channel): FigurePlan {
  const name = `gateway/${channel.peer.channel}`;
  const compareTo: Record<string, string> = {
    [`${name}-single`]: CONSTANT,
    [balanceName(channel)]: CONSTANT,
  };
  for (const { size } of channel.peer.batches) compareTo[batchName(channel, size)] = IN_PROCESS;
  return {
    name,
    unit: 'transfers/s',
    headline: true,
    sameWork: 'gateway',
    units: { [balanceName(channel)]: 'reads/s' },
    compareTo,
    run: (context) => measureChannel(channel, context),
  };
}

const batchName = ({ peer, encoding }: Channel, size: number): string =>
  `gateway/${peer.channel}-batch-${size}${encoding}`;

const balanceName = ({ peer }: Channel): string =>
  peer.channel === 'http' ? 'gateway/balance' : `gateway/${peer.channel}-balance`;

/** The same library answering as many bytes, at once and without looking at the request. */
async function measureConstant({ options, folder }: RunContext): Promise<Run> {
  const server = await ServerProcess.start({
    program: process.execPath,
    args: [join(import.meta.dirname, 'constant-server.js')],
    log: join(folder, 'constant.log'),
    readyText: 'Listening on',
  });
  try {
    const port = Number(/:(\d+)\n/.exec(server.output)?.[1]);
    const connections = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => HttpConnection.open(port)),
    );
    const movements = new Movements('programme', {
      users: options.users,
      funds: FUNDS,
      stripes: 1,
    });
    const head = `Authorization: Bearer ${'x'.repeat(43)}\r\n`;
    const send: Send = async (connection) => {
      const body = JSON.stringify(commandOf(movements.next(), movements.accounts));
      const text = requestText('POST', '/v1/transfers', head, body);
      const { status } = await (connections[connection] as HttpConnection).request(text);
      if (status !== 201) throw new Error(`the constant was answered ${status}`);
      return 1;
    };
    const way: Way = { send, connections: CONNECTIONS, perRequest: 1, pids: [server.pid] };
    const run = await withParts(await fullLoad(way, options), way, HALF_LOAD, options);
    for (const connection of connections) connection.close();
    return run;
  } finally {
    await server.stop();
  }
}

/** The engine in the generator's own process, on the same movements. */
async function measureInProcess({ options, folder }: RunContext): Promise<Run> {
  const accounts: Accounts = { users: options.users, funds: FUNDS, stripes: 1 };
  const movements = new Movements('programme', accounts);
  const engine = await open({ folder: join(folder, 'data'), cacheMb: options.cacheMb });
  await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false });
  let funded = 0;
  const fund = (): Command[] | undefined => {
    const from = funded;
    funded = Math.min(from + BATCH, accounts.users);
    if (from === funded) return undefined;
    return Array.from({ length: funded - from }, (_, n) => {
      const leg = { from: '@issue', to: `u${from + n}`, asset: ASSET, amount: FUNDS };
      return { type: 'transfer', id: `F${from + n}`, legs: [leg] };
    });
  };
  const ignore = (): void => {};
  await driveBatches(engine, engine.shards, fund, ignore);
  const commands = (): Command[] =>
    movements
      .batch(BATCH)
      .map((movement) => ({ type: 'transfer', ...commandOf(movement, accounts) }));
  const fixed = BATCH * (options.smoke ? FIXED_BATCHES.smoke : FIXED_BATCHES.full);
  const first = () => (movements.made < fixed ? commands() : undefined);
  await driveBatches(engine, engine.shards, first, ignore);
  const balances = async () => {
    const total = async (owner: string): Promise<number> => {
      const found = await engine.balance(owner);
      if (!Array.isArray(found)) throw new Error(`the balance of ${owner} was refused`);
      return found.reduce((sum, { available, held }) => sum + available + held, 0);
    };
    const users = new Float64Array(accounts.users);
    for (let from = 0; from < users.length; from += BATCH) {
      const some = Array.from({ length: Math.min(BATCH, users.length - from) }, (_, n) => from + n);
      users.set(await Promise.all(some.map((user) => total(`u${user}`))), from);
    }
    const issuer = (await total('@issue')) + accounts.users * FUNDS;
    return { users, issuer, redeemer: await total('@redeem') };
  };
  const before = await balances();
  compareBalances(before, movements);

  const from = performance.now() + options.warmUpSeconds * 1000;
  const measurement = new Measurement(from, from + options.seconds * 1000);
  const next = () => (measurement.over ? undefined : commands());
  const window = (options.inFlight ?? IN_FLIGHT) * engine.shards;
  await driveBatches(engine, window, next, measurement.answered.bind(measurement));
  const { cpuCores, ...rates } = measurement.result();
  const memoryMb = usageOf([process.pid])?.memoryMb;
  compareBalances(await balances(), movements);
  await engine.close();
  const also = memoryMb === undefined ? { cpuCores } : { cpuCores, memoryMb };
  return { ...rates, digest: digestOf(before), also };
}

/** Singles, batches and reads over one channel, all on one server. */
async function measureChannel(
  channel: Channel,
  context: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const { options, folder } = context;
  const { peer } = channel;
  const accounts: Accounts = { users: options.users, funds: FUNDS, stripes: 1 };
  const movements = new Movements('programme', accounts);
  const running = await peer.start({ folder, ...accounts });
  try {
    const digest = await fixedWork(running, movements, options.smoke);
    const runs: Record<string, Run> = {};
    const parts = options.smoke ? HALF_LOAD : LOAD_PARTS;
    const measured = async (
      name: string,
      connections: number,
      perRequest: number,
      percents: readonly number[],
    ): Promise<void> => {
      const opened = await running.open(connections);
      const send: Send = async (connection) => {
        const some = movements.batch(perRequest);
        const [one] = some;
        const results =
          perRequest === 1
            ? [await opened.transfer(connection, one as Movement)]
            : await opened.batch(connection, some);
        expectAllPosted(results, perRequest);
        return perRequest;
      };
      const way: Way = { send, connections, perRequest, pids: running.pids };
      const run = await withParts(await fullLoad(way, options), way, percents, options);
      await opened.close();
      runs[name] = { ...run, digest };
    };
    await measured(`gateway/${peer.channel}-single`, CONNECTIONS, 1, parts);
    for (const { size, connections } of peer.batches)
      await measured(batchName(channel, size), connections, size, HALF_LOAD);
    runs[balanceName(channel)] = {
      ...(await measureBalances(running, movements, context)),
      digest,
    };
    compareBalances(await running.balances(), movements);
    return runs;
  } finally {
    await running.stop();
  }
}

async function fixedWork(
  running: RunningPeer,
  movements: Movements,
  smoke: boolean,
): Promise<string> {
  const opened = await running.open(1);
  const batches = smoke ? FIXED_BATCHES.smoke : FIXED_BATCHES.full;
  for (let n = 0; n < batches; n++)
    expectAllPosted(await opened.batch(0, movements.batch(BATCH)), BATCH);
  await opened.close();
  const balances = await running.balances();
  compareBalances(balances, movements);
  return digestOf(balances);
}

/** Reads of single balances; each is compared with what it must be. */
async function measureBalances(
  running: RunningPeer,
  movements: Movements,
  { options }: RunContext,
): Promise<Run> {
  const opened = await running.open(CONNECTIONS);
  let read = 0;
  const send: Send = async (connection) => {
    const user = (read += 7919) % options.users;
    const balance = await opened.balance(connection, user);
    if (balance === movements.expected[user]) return 1;
    throw new Error(`account ${user} has ${balance}, not ${movements.expected[user]}`);
  };
  const way: Way = { send, connections: CONNECTIONS, perRequest: 1, pids: running.pids };
  const run = await withParts(await fullLoad(way, options), way, HALF_LOAD, options);
  await opened.close();
  return run;
}

/** A movement as jifen's command. */
function commandOf(
  { id, from, to, amount }: Movement,
  { users, stripes }: Accounts,
): { id: string; legs: { from: string; to: string; asset: string; amount: number }[] } {
  const owner = (account: number): string => {
    if (account < users) return `u${account}`;
    return account < users + stripes ? '@issue' : '@redeem';
  };
  return { id, legs: [{ from: owner(from), to: owner(to), asset: ASSET, amount }] };
}
