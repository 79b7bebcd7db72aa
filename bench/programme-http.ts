// One event a request over HTTP beside one transfer, on one server, slice by slice in turn. Owns: the server's folder, requests, the look at each
// answer. Never touches: which events there are.

import { type ActCommand, open } from '../engine/index.js';
import { expectPosted } from './drive.js';
import type { Run, RunContext } from './harness.js';
import { type JifenConnections, JifenServer } from './jifen-server.js';
import { singles } from './peers/asking.js';
import { HttpMovements } from './peers/jifen-http.js';
import { Movements } from './peers/movements.js';
import { ASSET, definitions, LEAD_MS, Shop } from './programme-work.js';
import { orStopped } from './server-process.js';
import { inTurns, type Way } from './turns.js';

/** As `gateway/http-single`: the same movements over as many connections. */
export const TRANSFERS_HTTP = 'programme/http-transfers';
export const EVENTS_HTTP = 'programme/http-single';

const SHARDS = 2;
const CONNECTIONS = 64;
/** Enough that nobody runs short. */
const FUNDS = 1_000_000;
/** Slices of each in a run; at the smoke size one. */
const SLICES = 6;
/** Each is asked so many times as long as others warm up, before the first slice: a server compiles what decides in its first 20,000 events. */
const WARM_UPS = 2;

/** A folder whose ledger was told the definitions so long ago that they decide. */
async function define(folder: string): Promise<void> {
  const clockOffset = new SharedArrayBuffer(8);
  new Float64Array(clockOffset)[0] = -LEAD_MS;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, clockOffset });
  const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
  for (const one of [asset, ...definitions(Date.now())]) expectPosted(await engine.submit(one));
  await engine.close();
}

async function reported(
  connections: JifenConnections,
  connection: number,
  { id, owner, body }: ActCommand,
): Promise<number> {
  const text = JSON.stringify({ id, owner, ...body });
  const answer = await connections.send(connection, 'POST', '/v1/events', text);
  if (answer.status !== 201) throw new Error(`${id} was answered ${answer.status}: ${answer.body}`);
  return 1;
}

/** Waits until both shards decide. */
async function untilDecided(connections: JifenConnections): Promise<void> {
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++) {
    const body = JSON.stringify({ programme: 'shop', type: 'SHARE', owner: `u${n}` });
    while ((await connections.send(0, 'POST', '/v1/events?dryRun=true', body)).status !== 200)
      if (Date.now() > until) throw new Error('the programme does not decide');
  }
}

/** Events and transfers, one a request. */
export async function measureHttp({
  options,
  folder,
}: RunContext): Promise<Readonly<Record<string, Run>>> {
  await define(folder);
  const server = await JifenServer.start(folder, options.cacheMb);
  return orStopped(server, async () => {
    const accounts = { users: options.users, funds: FUNDS, stripes: 1 };
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    await untilDecided(connections);
    const shop = new Shop(options.users);
    const transfers = new HttpMovements(connections, accounts);
    const ways: readonly Way[] = [
      [TRANSFERS_HTTP, singles(transfers, new Movements('programme', accounts))],
      [EVENTS_HTTP, (connection) => reported(connections, connection, shop.event())],
    ];
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
