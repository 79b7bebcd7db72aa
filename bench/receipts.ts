// The question: what do trees over the logs cost the transfers beside them, and how fast are they made of a log that is there? Transfers one a request,
// slice by slice in turn: on a server without receipts, and on one with them. Owns: the servers, the folder that is read. Never touches: what a tree is.
//   RC1. Processor time counts from the first slice until both servers have been left alone for a while: what trees lag behind is in it.
//   RC2. A log that is read from its beginning is read by the ledger's own thread, beside a ledger that does nothing else.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, isRefusal, open, type TreeHead } from '../engine/index.js';
import { expectPosted } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { ASSET, JifenServer } from './jifen-server.js';
import type { Send } from './loops.js';
import { singles } from './peers/asking.js';
import { HttpMovements } from './peers/jifen-http.js';
import { Movements } from './peers/movements.js';
import { usageOf } from './process-usage.js';
import { orStopped } from './server-process.js';
import { inTurns, type Way } from './turns.js';

const OFF = 'receipts/transfers-off';
const ON = 'receipts/transfers-on';
const ENTRIES = 'receipts/entries';

/** As `gateway/http-single`. */
const CONNECTIONS = 64;
const FUNDS = 1_000_000;
const SLICES = 6;
/** Trees are brought up each second. */
const LEFT_ALONE_MS = 3_000;
const SHARDS = 2;
/** Transfers of the log that is read. */
const LOGGED = { smoke: 4_000, full: 400_000 };
const BATCH = 2_000;

/** One of the two servers, and what of it is counted. */
class Counted {
  readonly server: JifenServer;
  readonly send: Send;
  readonly close: () => void;
  commands = 0;
  #before = 0;

  private constructor(server: JifenServer, send: Send, close: () => void) {
    this.server = server;
    this.close = close;
    this.send = async (connection) => {
      const count = await send(connection);
      this.commands += count;
      return count;
    };
  }

  static async start(
    { options, folder }: RunContext,
    name: string,
    more: readonly string[],
  ): Promise<Counted> {
    const own = join(folder, name);
    mkdirSync(own);
    const server = await JifenServer.start(own, options.cacheMb, more);
    const accounts = { users: options.users, funds: FUNDS, stripes: 1 };
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    const movements = new Movements('programme', accounts);
    const send = singles(new HttpMovements(connections, accounts), movements);
    return new Counted(server, send, () => connections.close());
  }

  get #seconds(): number {
    return usageOf([this.server.pid])?.cpuSeconds ?? Number.NaN;
  }

  begin(): void {
    this.commands = 0;
    this.#before = this.#seconds;
  }

  get cpuUsPerCommand(): number {
    return ((this.#seconds - this.#before) / this.commands) * 1e6;
  }
}

async function measureBeside(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const off = await Counted.start(context, 'off', []);
  return orStopped(off.server, async () => {
    const on = await Counted.start(context, 'on', ['--receipts']);
    return orStopped(on.server, async () => {
      const both = [off, on];
      const ways: readonly Way[] = [
        [OFF, off.send],
        [ON, on.send],
      ];
      const turns = { connections: CONNECTIONS, slices: options.smoke ? 1 : SLICES };
      await inTurns(ways, { ...turns, slices: 1 }, { ...options, seconds: options.warmUpSeconds });
      await sleep(options.smoke ? 0 : LEFT_ALONE_MS);
      for (const one of both) one.begin();
      const runs = await inTurns(ways, turns, options);
      await sleep(options.smoke ? 0 : LEFT_ALONE_MS);
      const counted = ways.map(([name], i): [string, Run] => {
        const { cpuUsPerCommand } = both[i] as Counted;
        const run = runs[name] as Run;
        const also = { ...run.also, serverCpuUsPerCommand: cpuUsPerCommand };
        return [name, { ...run, also }];
      });
      for (const one of both) one.close();
      await on.server.stop();
      await off.server.stop();
      return Object.fromEntries(counted);
    });
  });
}

/** A log that was written without receipts. */
async function logged(folder: string, options: RunContext['options']): Promise<void> {
  const engine = await open({ folder, shards: SHARDS, cacheMb: options.cacheMb });
  expectPosted(
    await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }),
  );
  const transfers = options.smoke ? LOGGED.smoke : LOGGED.full;
  for (let n = 0; n < transfers; n += BATCH) {
    const commands = Array.from({ length: BATCH }, (_, i): Command => {
      const to = `u${(n + i) % options.users}`;
      const legs = [{ from: '@issue', to, asset: ASSET, amount: 1 }];
      return { type: 'transfer', id: `T${n + i}`, legs };
    });
    for (const outcome of await engine.submitBatch(commands)) expectPosted(outcome);
  }
  await engine.close();
}

async function measureEntries({ options, folder }: RunContext): Promise<Run> {
  const data = `${folder}/data`;
  await logged(data, options);
  const startedAt = performance.now();
  const engine = await open({ folder: data, receipts: true, cacheMb: options.cacheMb });
  try {
    for (;;) {
      const found = await engine.receipts.heads();
      if (isRefusal(found)) throw new Error(found.code);
      const { heads } = found;
      const sum = (of: (head: TreeHead) => number): number =>
        heads.reduce((all, head) => all + of(head), 0);
      if (sum(({ behind }) => behind) === 0)
        return { value: sum(({ size }) => size) / ((performance.now() - startedAt) / 1000) };
      await sleep(1);
    }
  } finally {
    await engine.close();
  }
}

/** The bench of receipts. */
export const receiptsBench: Bench = {
  name: 'receipts',
  figures: () => [
    {
      name: 'receipts',
      unit: 'transfers/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [ON]: OFF },
      run: measureBeside,
    },
    { name: ENTRIES, unit: 'entries/s', headline: true, run: measureEntries },
  ],
};
