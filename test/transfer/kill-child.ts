// A ledger under cross-shard load, to be killed: says what it was told, a line for each outcome (kill.test.ts).
//   node kill-child.js <folder> <number of the first command> <seed>

import { type Command, type Engine, type Leg, type Outcome, open } from '../../engine/index.js';
import { say } from '../crash/lines.js';
import { homed } from '../homed.js';
import { Random } from '../random.js';

export const SHARDS = 3;
export const USERS = 24;
export const FUNDS = 200;

/** The n-th command of a life: the same for the same seed, so that the test can ask again. */
export function commandOf(seed: number, n: number): Command {
  const random = new Random(seed * 1_000_003 + n);
  const legs: Leg[] = Array.from({ length: 1 + random.int(3) }, () => {
    const from = random.int(USERS);
    const to = (from + 1 + random.int(USERS - 1)) % USERS;
    const asset = random.chance(0.5) ? 'gold' : 'tin';
    return { from: `user${from}`, to: `user${to}`, asset, amount: 1 + random.int(40) };
  });
  return homed({ type: 'transfer', id: `t${n}`, legs });
}

/** A ledger to be killed. */
export const openToBeKilled = (folder: string): Promise<Engine> =>
  open({ folder, shards: SHARDS, cacheMb: 64, checkpointBytes: 96 * 1024 });

/** Gives everybody points, then asks without end, from a number on; says what it asks for and is told. */
export async function underLoad(
  engine: Engine,
  from: number,
  ask: (n: number) => Promise<Outcome>,
): Promise<void> {
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.submit({ type: 'define-asset', asset: 'tin', scale: 0, lotTracked: false });
  const funds = Array.from({ length: USERS }, (_, n): Command => {
    const earn = (asset: string): Leg => ({ from: '@issue', to: `user${n}`, asset, amount: FUNDS });
    return { type: 'transfer', id: 'funds', legs: [earn('gold'), earn('tin')] };
  });
  for (const outcome of await engine.submitBatch(funds))
    if (!outcome.ok) throw new Error(`no funds: ${outcome.code}`);
  say({ say: 'ready' });
  let next = from;
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const outcome = await ask(n);
      const what = outcome.ok ? 'ok' : outcome.code;
      if (outcome.ok || what === 'POINTS_SHORT' || what === 'PREPARE_LATE')
        say({ say: 'told', n, what });
      else if (what !== 'PREPARED') say({ say: 'failed', what: `${n} was answered ${what}` });
    }
  };
  await Promise.all(Array.from({ length: 48 }, caller));
}

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const engine = await openToBeKilled(folder);
  await underLoad(engine, Number(from), (n) =>
    engine.submit(commandOf(Number(seed), n), { timeoutMs: 500 }),
  );
}

if (process.argv[1]?.endsWith('transfer/kill-child.js')) await main();
