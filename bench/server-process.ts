// A server that a bench starts: its process, its output, its end, whatever happens.
// Owns: the process. Never touches: what the server is asked.
//   P1. No server outlives this process: an exit by whatever way ends it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a server is started and ended. */
export interface ServerOrder {
  readonly program: string;
  readonly args: readonly string[];
  /** Where its output goes. */
  readonly log: string;
  /** What its output says when it can be asked. */
  readonly readyText: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Another user than this process's. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Ends it in order. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals | undefined;
  /** Ends it at once, with all of its processes. Default SIGKILL. */
  readonly endSignal?: NodeJS.Signals | undefined;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 60_000;
const LOG_SHOWN = 2000;

/** A server that is running. */
export class ServerProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #order: ServerOrder;
  readonly #end: () => void;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, order: ServerOrder) {
    this.#child = child;
    this.#order = order;
    this.pid = child.pid ?? 0;
    this.#end = () => child.kill(order.endSignal ?? 'SIGKILL');
    // Before the folders are removed, which was asked for earlier.
    process.prependOnceListener('exit', this.#end);
    this.#ended = once(child, 'exit').then(() => process.removeListener('exit', this.#end));
  }

  /** Resolves when it can be asked; rejects with the end of its output where it does not start. */
  static async start(order: ServerOrder): Promise<ServerProcess> {
    const log = openSync(order.log, 'a');
    const child = spawn(order.program, order.args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...order.env },
      ...(order.user ?? {}),
    });
    closeSync(log);
    await once(child, 'spawn');
    const server = new ServerProcess(child, order);
    const begun = performance.now();
    while (!server.output.includes(order.readyText)) {
      if (server.hasEnded || performance.now() - begun > START_LIMIT_MS) {
        server.#end();
        await server.#ended;
        throw new Error(`${order.program} does not start: ${server.output.slice(-LOG_SHOWN)}`);
      }
      await sleep(20);
    }
    return server;
  }

  /** What it has written so far. */
  get output(): string {
    return readFileSync(this.#order.log, 'utf8');
  }

  /** Resolves when it has ended, by whatever way. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Ends it in order; at once, where it takes too long. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill(this.#order.stopSignal ?? 'SIGTERM');
    const impatient = setTimeout(this.#end, STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(impatient);
  }
}

/** What `prepare` makes of a server that runs; where it fails, the server is stopped. */
export async function orStopped<T>(
  server: { stop(): Promise<void> },
  prepare: () => Promise<T>,
): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    await server.stop();
    throw error;
  }
}
