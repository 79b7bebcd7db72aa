// One order a request over HTTP beside one spend and one balance, on one server, slice by slice in turn. Owns: the server's folder, requests, the look
// at each answer. Never touches: which goods there are.

import { type ActCommand, open, type TransferCommand } from '../engine/index.js';
import type { Run, RunContext } from './harness.js';
import {
  type JifenConnections,
  JifenServer,
  overConnections,
  readAccount,
} from './jifen-server.js';
import { isOpenTo, openMall, Shoppers } from './mall-work.js';
import { LEAD_MS } from './programme-work.js';
import { orStopped } from './server-process.js';
import { inTurns, type Way } from './turns.js';

const SPENDS = 'mall/http-spends';
const BALANCES = 'mall/http-balances';
const [SPREAD, HOT, SOLD_OUT] = [
  'mall/http-spread',
  'mall/http-hot',
  'mall/http-sold-out',
] as const;
/** What is compared with what. */
export const HTTP_RATIOS = { [SPREAD]: SPENDS, [HOT]: SPENDS, [SOLD_OUT]: BALANCES };

const SHARDS = 2;
const CONNECTIONS = 64;
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Slices of each in a run; at the smoke size one. */
const SLICES = 5;
/** Requests of each way before any is measured: of all goods several on each shard. */
const FIRST = 600;
/** Then each is asked so many times as long as others warm up: a server compiles what decides in its first 20,000 orders. */
const WARM_UPS = 2;
/** Between shards, the decision is waited for. */
const PATIENT = '?timeoutMs=60000';

/** A folder whose ledger was told the goods so long ago that they decide. */
async function prepare(folder: string): Promise<void> {
  const clockOffset = new SharedArrayBuffer(8);
  new Float64Array(clockOffset)[0] = -LEAD_MS;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, clockOffset });
  await openMall(engine);
  await engine.close();
}

/** What an answer must be; what is refused for now is asked again. */
interface Expected {
  readonly status: number;
  readonly text: string;
}
const POSTED: Expected = { status: 201, text: '' };
const GONE: Expected = { status: 409, text: '"SOLD_OUT"' };
const PASSING: ReadonlySet<number> = new Set([409, 503]);

async function ask(
  connections: JifenConnections,
  connection: number,
  path: string,
  body: object,
  { status, text }: Expected,
): Promise<number> {
  const said = JSON.stringify(body);
  for (;;) {
    const answer = await connections.send(connection, 'POST', path + PATIENT, said);
    if (answer.status === status && answer.body.includes(text)) return 1;
    if (!PASSING.has(answer.status) || !answer.body.includes('"retry":true'))
      throw new Error(`${said} was answered ${answer.status}: ${answer.body}`);
  }
}

/** Waits until both shards decide. */
async function untilOpen(connections: JifenConnections): Promise<void> {
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++) {
    const { owner, body } = isOpenTo(`u${n}`);
    const said = JSON.stringify({ owner, ...body });
    while ((await connections.send(0, 'POST', '/v1/quotes', said)).status !== 200)
      if (Date.now() > until) throw new Error('the mall does not open');
  }
}

/** Orders, spends and balances, one a request. */
export async function measureHttp({
  options,
  folder,
}: RunContext): Promise<Readonly<Record<string, Run>>> {
  await prepare(folder);
  const server = await JifenServer.start(folder, options.cacheMb);
  return orStopped(server, async () => {
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    await untilOpen(connections);
    const shoppers = new Shoppers(options.users);
    const spent = (connection: number, { id, legs }: TransferCommand) =>
      ask(connections, connection, '/v1/transfers', { id, legs }, POSTED);
    const ordered = (connection: number, { id, owner, body }: ActCommand, end: Expected) =>
      ask(connections, connection, '/v1/orders', { id, owner, ...body }, end);
    const ways: readonly Way[] = [
      [SPENDS, (connection) => spent(connection, shoppers.spend())],
      [
        BALANCES,
        (connection) => readAccount(connections, connection, shoppers.owner()).then(() => 1),
      ],
      [SPREAD, (connection) => ordered(connection, shoppers.spread(), POSTED)],
      [HOT, (connection) => ordered(connection, shoppers.hot(), POSTED)],
      [SOLD_OUT, (connection) => ordered(connection, shoppers.soldOut(), GONE)],
    ];
    // What is lent to the shards of the members is, before it is measured.
    const first = options.smoke ? CONNECTIONS : FIRST;
    for (const [, send] of ways)
      await overConnections(CONNECTIONS, first, async (connection) => {
        await send(connection);
      });
    const turns = { connections: CONNECTIONS, slices: SLICES, server: server.pid };
    await inTurns(
      ways,
      { ...turns, slices: 1 },
      { ...options, seconds: options.warmUpSeconds * WARM_UPS },
    );
    const runs = await inTurns(ways, turns, options);
    connections.close();
    await server.stop();
    return runs;
  });
}
