// A ledger under load whose audit and business logs are written behind it, to be killed (kill.test.ts).
//   node kill-child.js <folder> <number of the first command> <seed>

import { type Command, type Leg, OPERATIONS, open } from '../../engine/index.js';
import { TrailThread } from '../../gateway/logs/trail.js';
import { say } from '../crash/lines.js';
import { commandOf, FUNDS, SHARDS, USERS } from '../transfer/kill-child.js';

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
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64, checkpointBytes: 96 * 1024 });
  written(folder, (error) => say({ say: 'failed', what: String(error.stack) }));
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.submit({ type: 'define-asset', asset: 'tin', scale: 0, lotTracked: false });
  const funds = Array.from({ length: USERS }, (_, n): Command => {
    const earn = (asset: string): Leg => ({ from: '@issue', to: `user${n}`, asset, amount: FUNDS });
    return { type: 'transfer', id: 'funds', legs: [earn('gold'), earn('tin')] };
  });
  for (const outcome of await engine.submitBatch(funds))
    if (!outcome.ok) throw new Error(`no funds: ${outcome.code}`);
  say({ say: 'ready' });
  const caller = engine.as(granted);
  // Some of what the life before has asked for: repeats, of which the logs say nothing.
  let next = Math.max(0, Number(from) - 100);
  const ask = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const audit = contextOf(n, from);
      const outcome = await caller.submit(commandOf(Number(seed), n), { timeoutMs: 500, audit });
      const what = outcome.ok ? 'ok' : outcome.code;
      if (outcome.ok || what === 'POINTS_SHORT' || what === 'PREPARE_LATE')
        say({ say: 'told', n, what });
      else if (what !== 'PREPARED') say({ say: 'failed', what: `${n} was answered ${what}` });
    }
  };
  await Promise.all(Array.from({ length: 48 }, ask));
}

if (process.argv[1]?.endsWith('trail/kill-child.js')) await main();
