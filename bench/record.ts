// The question: what does it cost to have the log of record in PostgreSQL, and on a synchronous standby? Transfers, slice by slice in turn: on a ledger
// whose folder is all there is, and on one whose folder is a copy. Owns: both ledgers, primary and standby. Never touches: what a log of record is.
//   RE1. Both folders, the primary and the standby are on one disk, and share the processors with who asks.

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, type Engine, initRecord, open } from '../engine/index.js';
import { PostgresPair } from '../test/fixtures/postgres.js';
import { expectPosted } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { ASSET } from './jifen-server.js';
import { atParts, HALF_LOAD, type Send } from './loops.js';
import { inTurns, type Way } from './turns.js';

const BATCHES = ['record/batches-local', 'record/batches-elsewhere'] as const;
const SINGLES = ['record/single-local', 'record/single-elsewhere'] as const;
const SHARDS = 2;
const BATCH = 1_000;
const BATCH_CONNECTIONS = 8;
const CALLERS = 64;
const SLICES = 6;

let number = 0;

function transfer(users: number): Command {
  const to = `u${++number % users}`;
  return {
    type: 'transfer',
    id: `T${number}`,
    legs: [{ from: '@issue', to, asset: ASSET, amount: 1 }],
  };
}

const batches =
  (engine: Engine, users: number): Send =>
  async () => {
    const commands = Array.from({ length: BATCH }, () => transfer(users));
    for (const outcome of await engine.submitBatch(commands)) expectPosted(outcome);
    return BATCH;
  };

const singles =
  (engine: Engine, users: number): Send =>
  async () => {
    expectPosted(await engine.submit(transfer(users)));
    return 1;
  };

async function measure(
  { options, folder }: RunContext,
  [local, elsewhere]: readonly [string, string],
  sending: (engine: Engine, users: number) => Send,
  connections: number,
  percents: readonly number[],
): Promise<Readonly<Record<string, Run>>> {
  const pair = await PostgresPair.start(tmpdir());
  const engines: Engine[] = [];
  try {
    const url = pair.url();
    await initRecord({ url }, SHARDS);
    const ways: Way[] = [];
    for (const [name, record] of [
      [local, undefined],
      [elsewhere, { url }],
    ] as const) {
      const own = join(folder, name.replace('/', '-'));
      mkdirSync(own);
      const { cacheMb } = options;
      const engine = await open({ folder: own, shards: SHARDS, cacheMb, record });
      engines.push(engine);
      expectPosted(await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0 }));
      ways.push([name, sending(engine, options.users)]);
    }
    const turns = { connections, slices: options.smoke ? 1 : SLICES };
    await inTurns(ways, { ...turns, slices: 1 }, { ...options, seconds: options.warmUpSeconds });
    const runs: Record<string, Run> = { ...(await inTurns(ways, turns, options)) };
    for (const [name, send] of ways) {
      const run = runs[name] as Run;
      const full = { commandsPerSecond: run.value, perRequest: 1 };
      const at = await atParts(send, connections, full, percents, options);
      runs[name] = { ...run, also: { ...run.also, ...at } };
    }
    return runs;
  } finally {
    for (const engine of engines) await engine.close();
    await pair.stop();
  }
}

/** The bench of the log of record elsewhere. */
export const recordBench: Bench = {
  name: 'record',
  figures: () => [
    {
      name: 'record/batches',
      unit: 'transfers/s',
      headline: true,
      overview: false,
      ownProcesses: true,
      compareTo: { [BATCHES[1]]: BATCHES[0] },
      run: (context) => measure(context, BATCHES, batches, BATCH_CONNECTIONS, []),
    },
    {
      name: 'record/single',
      unit: 'transfers/s',
      headline: true,
      overview: false,
      ownProcesses: true,
      compareTo: { [SINGLES[1]]: SINGLES[0] },
      run: (context) => measure(context, SINGLES, singles, CALLERS, HALF_LOAD),
    },
  ],
};
