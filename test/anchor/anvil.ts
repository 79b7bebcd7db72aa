// A chain of its own: anvil, a real RPC. Owns: the process, its life. Never touches: what is asked of it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';

export interface Anvil {
  readonly url: string;
  ask(method: string, ...params: readonly unknown[]): Promise<any>;
  /** Ends the process. */
  stop(): Promise<void>;
  /** Begins it again on the same port, with nothing in it. */
  again(): Promise<void>;
}

export const CHAIN_ID = 31_337;
/** Which package has the binary of this machine. */
const PACKAGE = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
const binary = new URL(import.meta.resolve(`${PACKAGE}/bin/anvil`)).pathname;

/** Starts a chain whose accounts have 10,000 ether, and that mines each transaction at once. */
export async function anvil(t: Test): Promise<Anvil> {
  let child: ChildProcess | undefined;
  let port = 0;
  const begin = async (): Promise<void> => {
    const args = ['--port', String(port), '--chain-id', String(CHAIN_ID), '--accounts', '1'];
    const begun = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = begun;
    for await (const line of createInterface({ input: begun.stdout })) {
      const [, said] = /Listening on 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (said === undefined) continue;
      port = Number(said);
      break;
    }
    begun.stdout.resume();
    if (port === 0) throw new Error('anvil did not say where it listens');
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  };
  await begin();
  t.teardown(stop);
  const url = `http://127.0.0.1:${port}`;
  const ask: Anvil['ask'] = async (method, ...params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body });
    const told: any = await answer.json();
    if (told.error !== undefined) throw new Error(`${method}: ${told.error.message}`);
    return told.result;
  };
  return { url, ask, stop, again: begin };
}
