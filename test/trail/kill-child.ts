// A ledger under load whose audit and business logs are written behind it, to be killed (kill.test.ts).
//   node kill-child.js <folder> <number of the first command> <seed>

import { OPERATIONS } from '../../engine/index.js';
import { TrailThread } from '../../gateway/logs/trail.js';
import { say } from '../crash/lines.js';
import { commandOf, openToBeKilled, SHARDS, underLoad } from '../transfer/kill-child.js';

/** Who asks for a command in which life: the trace says the number. */
export const contextOf = (n: number, life: string) => ({
  address: `10.0.0.${n % 7}`,
  agent: `life ${life}`,
  traceId: (n + 1).toString(16).padStart(32, '0'),
});

/** Who the callers are. */
export const granted = { operations: new Set(OPERATIONS), principal: 'key:killed' };

export const shardsOf = Array.from({ length: SHARDS }, (_, shard) => shard);

/** Begins to write the logs of a ledger. */
export const written = (folder: string, onError: (error: Error) => void): TrailThread =>
  new TrailThread(
    { ledger: folder, shards: shardsOf, auditDays: 90, clockOffset: undefined },
    { folder: `${folder}.logs` },
    onError,
  );

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const engine = await openToBeKilled(folder);
  written(folder, (error) => say({ say: 'failed', what: String(error.stack) }));
  const caller = engine.as(granted);
  // Some of what the life before has asked for: repeats, of which the logs say nothing.
  await underLoad(engine, Math.max(0, Number(from) - 100), (n) =>
    caller.submit(commandOf(Number(seed), n), { timeoutMs: 500, audit: contextOf(n, from) }),
  );
}

if (process.argv[1]?.endsWith('trail/kill-child.js')) await main();
