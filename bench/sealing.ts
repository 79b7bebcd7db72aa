// The question: what does it cost that personal data is sealed under a key of its member? A mixture over HTTP on one server, slice by slice in turn: of so many
// requests all are transfers but one, which writes what is known of a member: where it is reached, sealed, or what it agrees to, in clear. Owns: the server, the
// requests. Never touches: how a text is sealed.
//   SE1. Each contact is of another member, which has no key before: the key is made, and durable, for each.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Run, RunContext } from './harness.js';
import { JifenServer } from './jifen-server.js';
import type { Send } from './loops.js';
import { singles } from './peers/asking.js';
import { HttpMovements } from './peers/jifen-http.js';
import { Movements } from './peers/movements.js';
import { orStopped } from './server-process.js';
import { inTurns } from './turns.js';

const CLEAR = 'sealing/clear';
const SEALED = 'sealing/sealed';
/** As `gateway/http-single`. */
const CONNECTIONS = 64;
const FUNDS = 1_000_000;
const SLICES = 6;
/** One of so many requests. */
const ONE_OF = 100;

async function measured({ options, folder }: RunContext): Promise<Readonly<Record<string, Run>>> {
  const own = join(folder, 'sealing');
  mkdirSync(own);
  const server = await JifenServer.start(own, options.cacheMb);
  return orStopped(server, async () => {
    const accounts = { users: options.users, funds: FUNDS, stripes: 1 };
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    const transfer = singles(
      new HttpMovements(connections, accounts),
      new Movements('programme', accounts),
    );
    const written = async (connection: number, path: string, body: object): Promise<number> => {
      const answer = await connections.send(connection, 'PUT', path, JSON.stringify(body));
      if (answer.status !== 200)
        throw new Error(`PUT ${path} was answered ${answer.status}: ${answer.body}`);
      return 1;
    };
    const mixed = (write: (connection: number, n: number) => Promise<number>): Send => {
      let count = 0;
      return (connection) => {
        const n = count++;
        return n % ONE_OF === 0 ? write(connection, n) : transfer(connection);
      };
    };
    const clear = mixed((connection, n) =>
      written(connection, `/v1/members/c${n}/sharing`, { share_contacts: true }),
    );
    const sealed = mixed((connection, n) =>
      written(connection, `/v1/members/s${n}/contact`, { email: `s${n}@mail.example` }),
    );
    const ways = [
      [CLEAR, clear],
      [SEALED, sealed],
    ] as const;
    const turns = { connections: CONNECTIONS, slices: SLICES, server: server.pid };
    await inTurns(ways, { ...turns, slices: 1 }, { ...options, seconds: options.warmUpSeconds });
    const runs = await inTurns(ways, turns, options);
    connections.close();
    await server.stop();
    return runs;
  });
}

/** The bench of sealing. */
export const sealingBench: Bench = {
  name: 'sealing',
  figures: () => [
    {
      name: 'sealing',
      unit: 'requests/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [SEALED]: CLEAR },
      run: measured,
    },
  ],
};
