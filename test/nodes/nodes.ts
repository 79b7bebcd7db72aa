// A cluster of real `jifen start` processes, and the nats-server between them. Owns: processes, folders, ports; all of them are
// gone after the test, however it ends. Never touches: what is asked of them.
//   A cluster of one node is a single process with all shards, and needs no nats-server.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { slotOf } from '../../engine/protocol/hash.js';
import { plainEnv } from '../crash/program.js';
import { freePort, NatsServer } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';
import { type Address, Client } from './client.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'gateway', 'jifen.cjs');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 60_000;
/** To tell its figures is work for a node that has enough to do. */
const ASKED_EVERY_MS = 100;
/** Of what a node prints, this much is kept. */
const PRINTED_MAX = 20_000;

export interface Plan {
  readonly nodes: number;
  readonly shards: number;
  /** Makes the folder of the node that has the first shard, with these shards in it. Left out: the node does. */
  readonly making?: (folder: string, here: readonly number[]) => Promise<void>;
}

/** One process, over all its lives. */
export class Node implements Address {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** What it printed on stderr, and how its lives ended. */
  printed = '';
  key = '';
  isFrozen = false;

  constructor(name: string, folder: string, port: number, args: readonly string[]) {
    this.name = name;
    this.folder = folder;
    this.port = port;
    this.#args = args;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isUp(): boolean {
    return this.#child !== undefined && !this.isFrozen;
  }

  /** The same node of the cluster, on another folder and port. */
  twin(name: string, folder: string, port: number): Node {
    return new Node(name, folder, port, this.#args);
  }

  /** Starts it (again), on the folder and port it always had; resolves when it listens. */
  async start(): Promise<void> {
    const listening = this.launch();
    const child = this.#child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), START_LIMIT_MS);
    const isListening = await listening;
    clearTimeout(timer);
    if (!isListening) throw new Error(`${this.name} does not start: ${this.printed}`);
    this.key = readFileSync(join(this.folder, 'admin.key'), 'utf8').trim();
  }

  /** Starts it, and resolves with whether it came to listen. */
  launch(): Promise<boolean> {
    const { folder, port } = this;
    const args = [PROGRAM, 'start', '--folder', folder, '--port', `${port}`, '--cache-mb', '64'];
    const child = spawn(process.execPath, ['--max-semi-space-size=64', ...args, ...this.#args], {
      env: plainEnv(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.isFrozen = false;
    let out = '';
    const hear = (part: string): void => {
      this.printed = `${this.printed}${part}`.slice(-PRINTED_MAX);
    };
    child.stderr.setEncoding('utf8').on('data', hear);
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        hear(`[${this.name} ended: ${code ?? signal}]\n`);
        if (this.#child === child) this.#child = undefined;
        resolve();
      });
    });
    return new Promise<boolean>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        out = `${out}${part}`.slice(-PRINTED_MAX);
        if (out.includes('Listening on')) resolve(true);
      });
      this.#ended.then(() => resolve(false));
    });
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
    this.isFrozen = false;
  }

  /** SIGSTOP; returns once it stands still: what it is asked after that it has not seen. */
  freeze(): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    const isRunning = (thread: string): boolean =>
      !/^State:\s*[TZX]/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'));
    while (readdirSync(`/proc/${pid}/task`).some(isRunning));
    this.isFrozen = true;
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.isFrozen = false;
  }

  /** SIGTERM: returns whether it ended by itself, cleanly and in time. */
  async stop(): Promise<boolean> {
    const child = this.#child;
    if (child === undefined) return false;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
    return child.exitCode === 0;
  }
}

/** Several nodes that serve one programme. */
export class Nodes {
  readonly all: readonly Node[];
  readonly shards: number;
  readonly nats: NatsServer | undefined;

  readonly #t: Test;

  private constructor(t: Test, all: readonly Node[], shards: number, nats: NatsServer | undefined) {
    this.#t = t;
    this.all = all;
    this.shards = shards;
    this.nats = nats;
  }

  /** Starts them; a single one serves all shards, without NATS. */
  static async start(t: Test, plan: Plan): Promise<Nodes> {
    const folder = temporaryFolder(t);
    const nats = plan.nodes === 1 ? undefined : await NatsServer.start();
    if (nats !== undefined) t.teardown(() => nats.close());
    const cluster = join(folder, 'cluster.json');
    const places: Record<string, { shards: string }> = {};
    const names = Array.from({ length: plan.nodes }, (_, n) => String.fromCharCode(97 + n));
    names.forEach((name, n) => {
      const first = Math.floor((n * plan.shards) / plan.nodes);
      const last = Math.floor(((n + 1) * plan.shards) / plan.nodes) - 1;
      places[name] = { shards: `${first}-${last}` };
    });
    const description = { name: 'jifen', shards: plan.shards, nodes: places };
    writeFileSync(cluster, JSON.stringify(description));
    const all: Node[] = [];
    for (const name of names) {
      const args =
        nats === undefined
          ? ['--shards', `${plan.shards}`]
          : [
              '--nats',
              nats.url,
              '--node',
              name,
              '--shards-here',
              places[name]?.shards ?? '',
            ].concat(['--cluster', cluster]);
      all.push(new Node(name, join(folder, name), await freePort(), args));
    }
    t.teardown(async () => {
      await Promise.all(all.map((node) => node.kill()));
      if (!t.passing())
        for (const { name, printed } of all) process.stderr.write(`${name} printed:\n${printed}\n`);
    });
    const [{ folder: first }] = all as [Node];
    const here = Array.from({ length: Math.floor(plan.shards / plan.nodes) }, (_, shard) => shard);
    await plan.making?.(first, here);
    await Promise.all(all.map((node) => node.start()));
    return new Nodes(t, all, plan.shards, nats);
  }

  /** A second process for a node, not started, with a folder of its own that is not there yet. */
  async twin(node: Node, name: string): Promise<Node> {
    const twin = node.twin(name, join(dirname(node.folder), name), await freePort());
    this.#t.teardown(() => twin.kill());
    return twin;
  }

  /** The shard of a user (engine/store/folder.ts makes the map of a new folder so). */
  shardOf(owner: string): number {
    return slotOf(owner) % this.shards;
  }

  /** The node of a shard. */
  nodeOf(shard: number): Node {
    const { all, shards } = this;
    const node = all.find((_, n) => shard < Math.floor(((n + 1) * shards) / all.length));
    if (node === undefined) throw new Error(`there is no shard ${shard}`);
    return node;
  }

  /** Everything works again: what is down is started, what is frozen goes on. */
  async heal(): Promise<void> {
    await Promise.all(
      this.all.map(async (node) => {
        if (node.isFrozen) node.thaw();
        else if (!node.isUp) await node.start();
      }),
    );
  }

  /** Transfers between shards that are not decided yet, and follow-ups that wait, over all nodes. */
  async openTransfers(): Promise<number> {
    const counts = await Promise.all(
      this.all.map(async (node) => {
        const client = new Client(node);
        const { body } = await client.ask('GET /metrics').finally(() => client.close());
        const found = [
          ...String(body).matchAll(/^jifen_shard_(?:open_transfers|follow_ups)\{[^}]*\} (\d+)$/gm),
        ];
        if (found.length === 0) throw new Error(`${node.name} does not tell its open transfers`);
        return found.reduce((sum, [, count]) => sum + Number(count), 0);
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Waits until no transfer is open and no follow-up waits: how long it took, in ms; Infinity: some still are. */
  async settled(limitMs: number): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const open = await this.openTransfers().catch(() => 1);
      const ms = performance.now() - begun;
      if (open === 0) return ms;
      if (ms > limitMs) return Number.POSITIVE_INFINITY;
      await sleep(ASKED_EVERY_MS);
    }
  }

  /** Stops all of them cleanly. Returns those that did not. */
  async stop(): Promise<string[]> {
    const clean = await Promise.all(this.all.map((node) => node.stop()));
    return this.all.filter((_, n) => !clean[n]).map(({ name }) => name);
  }
}

/** Runs another command of the program: its exit code and what it printed. */
export async function jifen(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: plainEnv(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  const hear = (part: string): void => {
    out += part;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}
