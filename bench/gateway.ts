// The question: what does the way over the gateway cost? Transfers and reads through it, beside the same web server answering a
// constant, and beside the engine in process. Owns: the figures, one run of each. Never touches: how a channel sends.
//   Y1. Generator and server are two processes that share the machine's cores.
//   Y2. A channel (HTTP, WebSocket) is a peer's file: to measure another one is a line in CHANNELS.

import { join } from 'node:path';
import { fanOutPlan } from './fan-out.js';
import type { Bench, BenchOptions, FigurePlan, Run, RunContext } from './harness.js';
import { HttpConnection, requestText } from './http-client.js';
import { ASSET } from './jifen-server.js';
import { HALF_LOAD, LOAD_PARTS, type Send } from './loops.js';
import { batches, singles } from './peers/asking.js';
import { expectAllPosted } from './peers/checks.js';
import { ownerOf } from './peers/jifen.js';
import { jifenClient } from './peers/jifen-client.js';
import { jifenEngine } from './peers/jifen-engine.js';
import { jifenHttp } from './peers/jifen-http.js';
import { jifenHttpPacked } from './peers/jifen-http-packed.js';
import { jifenHttpPackedBatches, jifenWsPackedBatches } from './peers/jifen-packed.js';
import { jifenWs } from './peers/jifen-ws.js';
import { compareBalances, digestOf, Movements } from './peers/movements.js';
import type { Accounts, Peer, RunningPeer } from './peers/peer.js';
import { tigerbeetlePeer } from './peers/tigerbeetle.js';
import { ServerProcess } from './server-process.js';
import { fullLoad, type Way, withParts } from './ways.js';

/** A way into the gateway, and what the names of its batches end with. */
interface Channel {
  readonly peer: Peer & { readonly channel: string };
  readonly encoding: string;
  /** Are single transfers sent over it? */
  readonly hasSingles: boolean;
  /** Are balances read over it? */
  readonly hasReads: boolean;
}

const CHANNELS: readonly Channel[] = [
  { peer: jifenHttp, encoding: '-json', hasSingles: true, hasReads: true },
  { peer: jifenHttpPacked, encoding: '-msgpack', hasSingles: false, hasReads: false },
  { peer: jifenWs, encoding: '', hasSingles: true, hasReads: false },
  { peer: jifenHttpPackedBatches, encoding: '-packed', hasSingles: false, hasReads: false },
  { peer: jifenWsPackedBatches, encoding: '-packed', hasSingles: false, hasReads: false },
];
const CONNECTIONS = 64;
const CONSTANT = 'gateway/constant';
const IN_PROCESS = 'gateway/in-process';
const BALANCE = 'gateway/balance';
const CLIENT = 'gateway/client';
const TIGERBEETLE = 'gateway/tigerbeetle';
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Batches before the digest. */
const FIXED_BATCHES = { smoke: 2, full: 50 };
const FIXED_BATCH = 1000;

/** The gateway's bench. */
export const gatewayBench: Bench = {
  name: 'gateway',
  figures: ({ tigerbeetle }) => [
    constantPlan,
    inProcessPlan,
    ...CHANNELS.map(channelPlan),
    callersPlan(CLIENT, jifenClient),
    ...(tigerbeetle === undefined ? [] : [tigerbeetlePlan(tigerbeetlePeer(tigerbeetle))]),
    fanOutPlan,
  ],
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

const callersName = (client: string, callers: number): string =>
  `${client}-${callers}-caller${callers === 1 ? '' : 's'}`;

/** Callers who all share one client that gathers what they ask for; batches, where the peer has any. */
function callersPlan(name: string, peer: Peer): FigurePlan {
  const figures = [
    ...peer.singles.map((callers) => callersName(name, callers)),
    ...peer.batches.map(({ size }) => `${name}-batch-${size}`),
  ];
  return {
    name,
    unit: 'transfers/s',
    headline: true,
    sameWork: 'gateway',
    compareTo: Object.fromEntries(figures.map((figure) => [figure, IN_PROCESS])),
    run: (context) => measureCallers(name, peer, context),
  };
}

function tigerbeetlePlan(peer: Peer): FigurePlan {
  return { ...callersPlan(TIGERBEETLE, peer), durability: peer.durability };
}

function channelPlan(channel: Channel): FigurePlan {
  const way = `gateway/${channel.peer.channel}`;
  const name = channel.hasSingles ? way : way + channel.encoding;
  const compareTo: Record<string, string> = { [BALANCE]: CONSTANT };
  if (channel.hasSingles) compareTo[`${way}-single`] = CONSTANT;
  for (const { size } of channel.peer.batches) compareTo[batchName(channel, size)] = IN_PROCESS;
  return {
    name,
    unit: 'transfers/s',
    headline: true,
    sameWork: 'gateway',
    units: { [BALANCE]: 'reads/s' },
    compareTo,
    run: (context) => measureChannel(channel, context),
  };
}

const batchName = ({ peer, encoding }: Channel, size: number): string =>
  `gateway/${peer.channel}-batch-${size}${encoding}`;

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
      const { id, from, to, amount } = movements.next();
      const [payer, payee] = [ownerOf(movements.accounts, from), ownerOf(movements.accounts, to)];
      const legs = [{ from: payer, to: payee, asset: ASSET, amount }];
      const body = JSON.stringify({ id, legs });
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
function measureInProcess(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  return withPeer(jifenEngine, context, async (running, movements) => {
    const { size, connections } = jifenEngine.batches.at(-1) as (typeof jifenEngine.batches)[0];
    return {
      [IN_PROCESS]: await measure(running, movements, connections, size, HALF_LOAD, options),
    };
  });
}

/** Callers of one transfer, or one batch, after the other, all on one client. */
function measureCallers(
  name: string,
  peer: Peer,
  context: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  return withPeer(peer, context, async (running, movements) => {
    const runs: Record<string, Run> = {};
    const full = (callers: number, size: number): Promise<Run> =>
      measure(running, movements, callers, size, HALF_LOAD, options);
    for (const callers of peer.singles) runs[callersName(name, callers)] = await full(callers, 1);
    for (const { size, connections } of peer.batches)
      runs[`${name}-batch-${size}`] = await full(connections, size);
    return runs;
  });
}

/** Singles, batches and reads over one channel, all on one server. */
function measureChannel(
  channel: Channel,
  context: RunContext,
): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const { peer } = channel;
  return withPeer(peer, context, async (running, movements) => {
    const parts = options.smoke ? HALF_LOAD : LOAD_PARTS;
    const runs: Record<string, Run> = {};
    if (channel.hasSingles) {
      const single = await measure(running, movements, CONNECTIONS, 1, parts, options);
      runs[`gateway/${peer.channel}-single`] = single;
    }
    for (const { size, connections } of peer.batches) {
      const run = await measure(running, movements, connections, size, HALF_LOAD, options);
      runs[batchName(channel, size)] = run;
    }
    if (channel.hasReads) runs[BALANCE] = await measureBalances(running, movements, options);
    return runs;
  });
}

/** A new ledger, the fixed work, the digest; then what is asked; then every balance again. */
async function withPeer(
  peer: Peer,
  { options, folder }: RunContext,
  ask: (running: RunningPeer, movements: Movements) => Promise<Record<string, Run>>,
): Promise<Readonly<Record<string, Run>>> {
  const accounts: Accounts = { users: options.users, funds: FUNDS, stripes: 1 };
  const movements = new Movements('programme', accounts);
  const running = await peer.start({ folder, ...accounts });
  try {
    const opened = await running.open(1);
    const batches = options.smoke ? FIXED_BATCHES.smoke : FIXED_BATCHES.full;
    for (let n = 0; n < batches; n++)
      expectAllPosted(await opened.batch(0, movements.batch(FIXED_BATCH)), FIXED_BATCH);
    await opened.close();
    const balances = await running.balances();
    compareBalances(balances, movements);
    const digest = digestOf(balances);
    const runs: Record<string, Run> = {};
    for (const [name, run] of Object.entries(await ask(running, movements)))
      runs[name] = { ...run, digest };
    compareBalances(await running.balances(), movements);
    return runs;
  } finally {
    await running.stop();
  }
}

async function measure(
  running: RunningPeer,
  movements: Movements,
  connections: number,
  perRequest: number,
  percents: readonly number[],
  options: BenchOptions,
): Promise<Run> {
  const opened = await running.open(connections);
  const send =
    perRequest === 1 ? singles(opened, movements) : batches(opened, movements, perRequest);
  const way: Way = { send, connections, perRequest, pids: running.pids };
  const run = await withParts(await fullLoad(way, options), way, percents, options);
  await opened.close();
  return run;
}

/** Reads of single balances; each is compared with what it must be. */
async function measureBalances(
  running: RunningPeer,
  movements: Movements,
  options: BenchOptions,
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
