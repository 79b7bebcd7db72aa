// Replicas of the nodes of one cluster: real `jifen start` processes, a primary with its standby, a nats-server, and a way to PostgreSQL for each
// replica that can be cut. Owns: processes, folders, ports; all are gone after the test. Never touches: what is asked of them.

import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type FailoverNode, failoverStatus, initRecord } from '../../engine/index.js';
import { freePort, NatsServer } from '../fixtures/nats-server.js';
import type { PostgresPair } from '../fixtures/postgres.js';
import { Node } from '../nodes/nodes.js';
import { temporaryFolder } from '../temporary.js';
import { slowly } from '../until.js';

const KEYS = ['admin.key', 'secrets.key'] as const;

/** A port that leads to another one, until it is cut: then what was sent is gone and what is dialled is taken, and silence follows. */
class Way {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number, server: Server) {
    this.port = port;
    this.#server = server;
  }

  static async to(target: number): Promise<Way> {
    const port = await freePort();
    const server = createServer((near) => way.#joined(near, target));
    const way = new Way(port, server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return way;
  }

  #joined(near: Socket, target: number): void {
    const far = dial(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('data', (bytes) => {
        if (!this.#isCut) other.write(bytes);
      });
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        if (!this.#isCut) other.destroy();
      });
    }
  }

  cut(): void {
    this.#isCut = true;
  }

  /** What was open stays lost. */
  heal(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** One process that can serve a node. */
export class ReplicaProcess extends Node {
  readonly node: string;
  readonly way: Way;

  constructor(node: string, name: string, folder: string, port: number, way: Way, args: string[]) {
    super(name, folder, port, args);
    this.node = node;
    this.way = way;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its disk is lost, but for the keys, which an operator puts there. */
  loseDisk(): void {
    for (const key of KEYS) copyFileSync(join(this.folder, key), `${this.folder}.${key}`);
    rmSync(this.folder, { recursive: true });
    mkdirSync(this.folder, { mode: 0o700 });
    for (const key of KEYS) copyFileSync(`${this.folder}.${key}`, join(this.folder, key));
  }
}

/** `a: 3`: node a has three replicas, a1, a2, a3. Each node has one shard. */
export type Plan = Readonly<Record<string, number>>;

export class Replicas {
  readonly all: readonly ReplicaProcess[];
  readonly key: string;
  /** Of the log of record, past all ways. */
  readonly recordUrl: string;

  readonly nats: NatsServer;

  private constructor(
    all: readonly ReplicaProcess[],
    key: string,
    recordUrl: string,
    nats: NatsServer,
  ) {
    this.all = all;
    this.nats = nats;
    this.key = key;
    this.recordUrl = recordUrl;
  }

  /** All are launched; resolves when each node has a leader, and all others follow in step. */
  static async start(t: Test, pair: PostgresPair, plan: Plan): Promise<Replicas> {
    const folder = temporaryFolder(t);
    const nodes = Object.entries(plan);
    const recordUrl = pair.url();
    await initRecord({ url: recordUrl }, nodes.length);
    const nats = await NatsServer.start();
    t.teardown(() => nats.close());
    const cluster = join(folder, 'cluster.json');
    const places = nodes.map(([node], shard) => [node, { shards: `${shard}` }]);
    writeFileSync(
      cluster,
      JSON.stringify({ shards: nodes.length, nodes: Object.fromEntries(places) }),
    );
    const key = `jifen_admin_${randomBytes(32).toString('base64url')}`;
    const all: ReplicaProcess[] = [];
    for (const [node, count] of nodes)
      for (let i = 1; i <= count; i++) {
        const name = `${node}${i}`;
        const own = join(folder, name);
        mkdirSync(own, { mode: 0o700 });
        writeFileSync(join(own, 'admin.key'), key, { mode: 0o600 });
        const way = await Way.to(pair.primary.port);
        t.teardown(() => way.close());
        const url = recordUrl.replace(`:${pair.primary.port}`, `:${way.port}`);
        const args = [
          ...['--nats', nats.url, '--node', node, '--cluster', cluster, '--no-logs'],
          ...['--log-of-record', url, '--replica', name],
        ];
        all.push(new ReplicaProcess(node, name, own, await freePort(), way, args));
      }
    t.teardown(async () => {
      await Promise.all(all.map((replica) => replica.kill()));
      if (!t.passing())
        for (const { name, printed } of all) process.stderr.write(`${name} printed:\n${printed}\n`);
    });
    const replicas = new Replicas(all, key, recordUrl, nats);
    await replicas.#begin(nodes.map(([node]) => node));
    return replicas;
  }

  /** The first replica of each node leads, and the others get its keys, as an operator gives them. */
  async #begin(nodes: readonly string[]): Promise<void> {
    const firsts = nodes.map((node) => this.of(node)[0] as ReplicaProcess);
    const [one] = firsts as [ReplicaProcess];
    await one.start();
    const secrets = join(one.folder, 'secrets.key');
    for (const { folder } of this.all)
      if (!existsSync(join(folder, 'secrets.key')))
        copyFileSync(secrets, join(folder, 'secrets.key'));
    await Promise.all(firsts.slice(1).map((first) => first.start()));
    for (const replica of this.all) if (!firsts.includes(replica)) void replica.launch();
    await this.settled();
  }

  of(node: string): readonly ReplicaProcess[] {
    return this.all.filter((replica) => replica.node === node);
  }

  named(name: string): ReplicaProcess {
    const found = this.all.find((replica) => replica.name === name);
    if (found === undefined) throw new Error(`there is no replica ${name}`);
    return found;
  }

  status(): Promise<FailoverNode[]> {
    return failoverStatus({ url: this.recordUrl });
  }

  async seat(node: string): Promise<FailoverNode> {
    const found = (await this.status()).find((one) => one.node === node);
    if (found === undefined) throw new Error(`node ${node} has no seat`);
    return found;
  }

  /** The process that leads a node, as the database says. */
  async leader(node: string): Promise<ReplicaProcess> {
    return this.named((await this.seat(node)).leader ?? '');
  }

  /** Resolves when each node has a leader that serves, and every replica that runs is in step. */
  async settled(): Promise<void> {
    await slowly('all replicas lead or follow', async () => {
      const seats = await this.status();
      return this.all
        .filter(({ isUp }) => isUp)
        .every(({ node, name }) => {
          const seat = seats.find((one) => one.node === node);
          const replica = seat?.replicas.find((one) => one.replica === name);
          const state = seat?.leader === name ? 'leads' : 'follows';
          return replica?.state === state && replica.inStep && replica.silentMs < 2_000;
        });
    });
  }
}
