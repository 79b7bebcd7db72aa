// What a programme's members do: commands over WebSockets with MessagePack, each a batch of its own; reads, which a WebSocket does not
// have, over HTTP. Owns: commands, and the look at each outcome.

import { CommandSocket } from './command-socket.js';
import { ASSET, type JifenServer } from './jifen-server.js';
import type { MixedChannel } from './mixed-channel.js';
import { mixedHttp } from './mixed-http.js';

/** Between users, who may live on different shards, the decision is waited for. */
const PATIENT_MS = 60_000;

/** Commands over so many WebSockets, and reads over as many connections. */
export async function mixedWs(server: JifenServer, connections: number): Promise<MixedChannel> {
  const sockets: CommandSocket[] = [];
  for (let n = 0; n < connections; n++) sockets.push(await CommandSocket.open(server));
  return new MixedWs(sockets, await mixedHttp(server, connections));
}

class MixedWs implements MixedChannel {
  readonly #sockets: readonly CommandSocket[];
  readonly #reads: MixedChannel;

  constructor(sockets: readonly CommandSocket[], reads: MixedChannel) {
    this.#sockets = sockets;
    this.#reads = reads;
  }

  transfer(
    connection: number,
    { id, from, to, amount }: { id: string; from: string; to: string; amount: number },
  ): Promise<void> {
    const legs = [{ from, to, asset: ASSET, amount }];
    return this.#send(connection, { type: 'transfer', id, legs });
  }

  hold(connection: number, id: string, owner: string, amount: number): Promise<void> {
    return this.#send(connection, { type: 'hold', id, owner, asset: ASSET, amount });
  }

  capture(
    connection: number,
    capture: { id: string; owner: string; holdId: string; to: string },
  ): Promise<void> {
    return this.#send(connection, { type: 'capture', ...capture });
  }

  balance(connection: number, owner: string): Promise<void> {
    return this.#reads.balance(connection, owner);
  }

  history(connection: number, owner: string): Promise<void> {
    return this.#reads.history(connection, owner);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
    this.#reads.close();
  }

  async #send(
    connection: number,
    command: Readonly<Record<string, unknown>> & { readonly id: string },
  ): Promise<void> {
    const socket = this.#sockets[connection] as CommandSocket;
    const [told] = await socket.send([command], PATIENT_MS);
    if (told?.ok && !told.replayed) return;
    throw new Error(`${command.id} was answered ${JSON.stringify(told)}`);
  }
}
