// The program as its users run it: in a process of its own. Owns: the processes. Never touches: their folders.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';

export const PROGRAM = join(import.meta.dirname, '..', '..', 'gateway', 'jifen.cjs');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export function run(cwd: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd, timeout: 60_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, out, err });
    });
  });
}

export interface Started {
  readonly child: ChildProcess;
  readonly address: string;
  /** What it said until it listened. */
  readonly out: string;
  /** What it said on stderr so far. */
  err(): string;
  readonly ended: Promise<Ended>;
}

/** Starts a server and waits until it listens; rejects with what it said where it ends before that. Gone after the test. */
export function start(t: Test, cwd: string, ...args: string[]): Promise<Started> {
  const all = [PROGRAM, 'start', '--port', '0', '--shards', '1', ...args];
  const child = spawn(process.execPath, all, { cwd });
  t.teardown(() => child.kill('SIGKILL'));
  let out = '';
  let err = '';
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    err += part;
  });
  return new Promise((resolve, reject) => {
    ended.then((result) => reject(new Error(`ended with ${result.code}: ${result.err}`)));
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part;
      const address = /Listening on (\S+)/.exec(out)?.[1];
      if (address !== undefined) resolve({ child, address, out, err: () => err, ended });
    });
  });
}
