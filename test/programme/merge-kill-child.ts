// A ledger whose members earn, spend, are merged and parted, many at once, to be killed: says what it was told, a line for each outcome
// (merge-races.test.ts).
//   node merge-kill-child.js <folder> <number of the first command> <seed>

import { type Command, type Engine, open, sampleProgramme } from '../../engine/index.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { until } from '../until.js';

const SHARDS = 3;
const AFTER_MS = 11_000;
export const MEMBERS = Array.from({ length: 8 }, (_, n) => `m${n}`);
const PROGRAMME = 'shop';

/** The n-th command of a life: the same for the same seed. */
export function commandOf(seed: number, n: number): Command {
  const random = new Random(seed * 7_919 + n);
  const id = `c${n}`;
  const owner = random.pick(MEMBERS);
  const other = random.pick(MEMBERS.filter((one) => one !== owner));
  const asset = 'points';
  const moved = (from: string, to: string, amount: number): Command => ({
    ...{ type: 'transfer', id, owner: from.startsWith('@') ? to : from },
    legs: [{ from, to, asset, amount }],
  });
  switch (n % 8) {
    case 0:
    case 1:
      return moved('@issue', owner, 10 + random.int(90));
    case 2:
      return moved(owner, '@redeem', 1 + random.int(30));
    case 3:
      return moved(owner, other, 1 + random.int(20));
    case 4:
      return { type: 'act', act: 'merge', id, owner, body: { into: other, reason: 'one' } };
    case 5:
      return { type: 'act', act: 'unmerge', id, owner, body: { reason: 'two' } };
    default: {
      const body = { programme: PROGRAMME, type: 'REVIEW', attributes: { length: 5 } };
      return { type: 'act', act: 'event', id, owner, body };
    }
  }
}

/** A ledger with the sample of a programme, which decides. */
export async function withMembers(folder: string): Promise<Engine> {
  const clockOffset = new SharedArrayBuffer(8);
  new Float64Array(clockOffset)[0] = AFTER_MS;
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64, clockOffset, tickMs: 20 });
  await engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const known = await engine.member('m0', PROGRAMME);
  if ('ok' in known)
    for (const { kind, key, document } of sampleProgramme(PROGRAMME, 'points')) {
      const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
      const outcome = await engine.submit(said as unknown as Command);
      if (!outcome.ok && outcome.code !== 'DEFINITION_VERSION_MISMATCH')
        throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
    }
  new Float64Array(clockOffset)[0] = 2 * AFTER_MS;
  await until('every shard decides', async () => {
    const all = await Promise.all(MEMBERS.map((owner) => engine.member(owner, PROGRAMME)));
    return all.every((one) => !('ok' in one));
  });
  return engine;
}

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const engine = await withMembers(folder);
  say({ say: 'ready' });
  let next = Number(from);
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const outcome = await engine.submit(commandOf(Number(seed), n), { timeoutMs: 500 });
      if (outcome.ok) say({ say: 'told', n, what: 'ok' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

if (process.argv[1]?.endsWith('programme/merge-kill-child.js')) await main();
