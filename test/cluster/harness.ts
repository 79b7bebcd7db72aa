// Nodes of one cluster in one process, over a real nats-server. Owns: their folders. Never touches: fixed ports.

import { join } from 'node:path';
import type { Test } from 'tap';
import {
  type ClusterDescription,
  type Engine,
  type OpenOptions,
  open,
  readCluster,
  verifyFolder,
} from '../../engine/index.js';
import { NatsServer } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';

const DESCRIPTION: ClusterDescription = readCluster(
  JSON.stringify({ shards: 4, nodes: { a: { shards: '0,2' }, b: { shards: '1,3' } } }),
);

/** A cluster's folders and its server. */
export class Cluster {
  readonly nats: NatsServer;
  readonly path: string;
  readonly description: ClusterDescription;
  readonly engines = new Map<string, Engine>();

  private constructor(nats: NatsServer, path: string, description: ClusterDescription) {
    this.nats = nats;
    this.path = path;
    this.description = description;
  }

  /** With a server of its own; nodes are opened with node(). Closed after the test. */
  static async make(t: Test, settings = '', description = DESCRIPTION): Promise<Cluster> {
    const path = temporaryFolder(t);
    const cluster = new Cluster(await NatsServer.start(settings), path, description);
    t.teardown(async () => {
      await cluster.close();
      await cluster.nats.close();
    });
    return cluster;
  }

  folder(node: string): string {
    return join(this.path, node);
  }

  options(node: string): OpenOptions {
    const cluster = { nats: this.nats.url, node, description: this.description };
    return { folder: this.folder(node), cacheMb: 64, cluster };
  }

  async node(node: string): Promise<Engine> {
    const engine = await open(this.options(node));
    this.engines.set(node, engine);
    return engine;
  }

  async stop(node: string): Promise<void> {
    const engine = this.engines.get(node);
    this.engines.delete(node);
    await engine?.close();
  }

  async close(): Promise<void> {
    for (const node of [...this.engines.keys()]) await this.stop(node);
  }

  /** Stops everything that was opened here and looks through the folders. */
  async verify(t: Test, nodes: Iterable<string> = this.description.nodes.keys()): Promise<void> {
    await this.close();
    for (const node of nodes) {
      const { problems } = await verifyFolder(this.folder(node));
      t.same(problems, [], `verify finds nothing on node ${node}`);
    }
  }
}
