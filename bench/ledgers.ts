// What a bench drives as one ledger: an engine, or two nodes of a cluster over a nats-server of their own, each asked for its own
// owners. Owns: the server and which node is asked. Never touches: the engines' threads.

import { createHash } from 'node:crypto';
import { type Command, type Engine, homeOwner, open, readCluster } from '../engine/index.js';
import { NatsServer } from '../test/fixtures/nats-server.js';

/** How shards reach each other. */
export type LedgerKind = 'local' | 'nats';

/** As much of an engine as is driven here. */
export type Ledger = Pick<
  Engine,
  'shards' | 'shardOf' | 'submit' | 'submitBatch' | 'balance' | 'digest' | 'close'
>;

const DESCRIPTION = readCluster(
  JSON.stringify({ shards: 2, nodes: { a: { shards: '0' }, b: { shards: '1' } } }),
);

/** Of both together, where nobody says. */
const CACHE_MB = 1024;

/** Two nodes with a shard each, in this process, which reach each other over NATS only. */
export async function twoNodes(folder: string, cacheMb = CACHE_MB): Promise<Ledger> {
  const server = await NatsServer.start();
  try {
    const [a, b] = await Promise.all(
      ['a', 'b'].map((node) => {
        const cluster = { nats: server.url, node, description: DESCRIPTION };
        return open({ folder: `${folder}/${node}`, cacheMb: cacheMb / 2, cluster });
      }),
    );
    return new TwoNodes([a as Engine, b as Engine], server);
  } catch (error) {
    await server.close();
    throw error;
  }
}

class TwoNodes implements Ledger {
  readonly shards = 2;
  readonly #nodes: readonly Engine[];
  readonly #server: NatsServer;

  constructor(nodes: readonly Engine[], server: NatsServer) {
    this.#nodes = nodes;
    this.#server = server;
  }

  shardOf(owner: string): number {
    return this.#node(0).shardOf(owner);
  }

  #node(shard: number): Engine {
    return this.#nodes[shard] as Engine;
  }

  submit(...[command, options]: Parameters<Engine['submit']>): ReturnType<Engine['submit']> {
    const owner = command.type === 'define-asset' ? undefined : homeOwner(command);
    return this.#node(owner === undefined ? 0 : this.shardOf(owner)).submit(command, options);
  }

  async submitBatch(
    ...[commands, options]: Parameters<Engine['submitBatch']>
  ): ReturnType<Engine['submitBatch']> {
    const places: number[][] = this.#nodes.map(() => []);
    const parts: Command[][] = this.#nodes.map(() => []);
    commands.forEach((command, place) => {
      const shard = this.shardOf(homeOwner(command));
      places[shard]?.push(place);
      parts[shard]?.push(command);
    });
    const answered = await Promise.all(
      parts.map((part, shard) => this.#node(shard).submitBatch(part, options)),
    );
    const outcomes: Awaited<ReturnType<Engine['submitBatch']>> = new Array(commands.length);
    answered.forEach((some, shard) => {
      some.forEach((outcome, i) => {
        outcomes[places[shard]?.[i] as number] = outcome;
      });
    });
    return outcomes;
  }

  balance(owner: string): ReturnType<Engine['balance']> {
    return this.#node(this.shardOf(owner)).balance(owner);
  }

  async digest(): Promise<string> {
    const digests = await Promise.all(this.#nodes.map((node) => node.digest()));
    return createHash('sha256').update(digests.join()).digest('hex');
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
    await this.#server.close();
  }
}
