// jifen over HTTP with MessagePack: batches alone. Owns: movements as packed requests, answers as results.

import { Packr, Unpackr } from 'msgpackr';
import { isBetweenUsers, JIFEN, legsOf } from './jifen.js';
import { HttpMovements } from './jifen-http.js';
import { resultsOf, startJifen } from './jifen-server-peer.js';
import type { Movement, Peer, Result } from './peer.js';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

/** jifen over HTTP with MessagePack. */
export const jifenHttpPacked: Peer & { readonly channel: string } = {
  ...JIFEN,
  name: 'jifen-http-msgpack',
  channel: 'http',
  singles: [],
  batches: [
    { size: 100, connections: 8 },
    { size: 1000, connections: 4 },
  ],
  start: (setup) =>
    startJifen(setup, async (server, accounts, connections) => {
      return new PackedMovements(await server.open(connections), accounts);
    }),
};

class PackedMovements extends HttpMovements {
  override async transfer(connection: number, movement: Movement): Promise<Result> {
    return (await this.batch(connection, [movement]))[0] as Result;
  }

  override async batch(
    connection: number,
    movements: readonly Movement[],
  ): Promise<readonly Result[]> {
    const far = movements.some((movement) => isBetweenUsers(this.accounts, movement));
    const path = `/v1/transfers?brief=true${far ? '&timeoutMs=60000' : ''}`;
    const commands = movements.map((movement) => ({
      id: movement.id,
      legs: legsOf(this.accounts, movement),
    }));
    const { status, body } = await this.connections.sendPacked(
      connection,
      path,
      packr.pack(commands),
    );
    if (status !== 200) throw new Error(`a batch was answered ${status}: ${body}`);
    return resultsOf(unpackr.unpack(body));
  }
}
