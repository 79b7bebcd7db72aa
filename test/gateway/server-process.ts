// A server in a process of its own, on a port that it keeps over restarts. Owns: the process. Never touches: other ones.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { freePort } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';
import { PROGRAM } from './program.js';

export class ServerProcess {
  readonly url: string;
  readonly #port: number;
  readonly folder: string;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.#port = port;
    this.folder = folder;
    this.#arguments = args;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** One that is started, and gone after the test. */
  static async start(t: Test, ...args: string[]): Promise<ServerProcess> {
    const folder = join(temporaryFolder(t), 'data');
    const server = new ServerProcess(await freePort(), folder, args);
    t.teardown(() => server.kill());
    await server.start();
    return server;
  }

  get key(): string {
    return readFileSync(join(this.folder, 'admin.key'), 'utf8').trim();
  }

  /** Starts it again; resolves when it listens and its ledger is open. */
  start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [PROGRAM, 'start', '--folder', this.folder, '--port', `${this.#port}`, ...this.#arguments],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    let said = '';
    return new Promise((resolve, reject) => {
      child.on('close', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
      child.stderr.on('data', (part) => {
        said += part;
      });
      child.stdout.on('data', (part) => {
        said += part;
        if (/Listening on/.test(said)) resolve();
      });
    });
  }

  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return Promise.resolve();
    return new Promise((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }
}
