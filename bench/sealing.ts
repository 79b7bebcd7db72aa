// The question: what does it cost that personal data is sealed under a key of its member? A mixture over HTTP on one server, slice by slice in turn: of so many
// requests all are transfers but one, which writes the contact of a member: with an address, sealed, or with a language alone, in clear. Owns: the server, the
// requests. Never touches: how a text is sealed.
//   SE1. Each member has its key before: one is made once in a member's life.
//   SE2. An address is another one each time: the digest by which it is found is written with it, as a part of what it costs.

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
/** Members whose contacts are written. */
const MEMBERS = 512;

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
    const contact = (connection: number, member: string, body: object): Promise<number> =>
      written(connection, `/v1/members/${member}/contact`, body);
    const reached = (connection: number, n: number): Promise<number> =>
      contact(connection, `s${n % MEMBERS}`, { email: `s${n}@mail.example` });
    const clear = mixed((connection, n) =>
      contact(connection, `c${(n / ONE_OF) % MEMBERS}`, { language: n % 2 === 0 ? 'zh' : 'en' }),
    );
    const sealed = mixed((connection, n) => reached(connection, n / ONE_OF + MEMBERS));
    for (let n = 0; n < MEMBERS; n += CONNECTIONS)
      await Promise.all(
        Array.from({ length: CONNECTIONS }, (_, connection) => reached(connection, n + connection)),
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
