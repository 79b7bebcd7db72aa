// A ledger whose codes many want at once, to be killed: says what it was told, a line for each outcome (code-races.test.ts).
//   node code-kill-child.js <folder> <number of the first command> <seed> <until>

import type { Command, Engine } from '../../engine/index.js';
import { codeOwner } from '../../engine/programme/mall/codes.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { BOOK, named } from './digital-world.js';
import { MEMBERS, numberAt, withMall } from './mall-kill-child.js';
import { settled } from './settled.js';

/** Of so many commands one is an order of two, one is held, and one cancels that. */
const ROUND = 8;
const PAY_IN_MS = 30 * 86_400_000;

const memberAt = (seed: number, n: number): string =>
  `m${new Random(seed * 7_919 + n).int(MEMBERS)}`;

/** The n-th command of a life: the same for the same seed. `until`: for orders that are held. */
export function commandOf(seed: number, n: number, until: number): Command {
  const owner = memberAt(seed, n);
  const order = { type: 'act', act: 'order', owner, id: `c${n}` } as const;
  switch (n % ROUND) {
    case 2:
      return { ...order, body: { goods: 'book', quantity: 2 } };
    case 4:
      return { ...order, body: { goods: 'book', until } };
    case 6: {
      const of = memberAt(seed, n - 2);
      const body = { number: numberAt(of, n - 2) };
      return { type: 'act', act: 'order-cancel', owner: of, id: `c${n}`, body };
    }
    default:
      return { ...order, body: { goods: 'book' } };
  }
}

/** A ledger with goods that are codes. */
export const withBooks = (folder: string): Promise<Engine> =>
  withMall(folder, 0, undefined, { book: { ...BOOK, payInMs: PAY_IN_MS } });

/** The same, with so many codes, which are put there once. */
export async function withCodes(folder: string, codes: number): Promise<Engine> {
  const engine = await withBooks(folder);
  const asked = Array.from({ length: codes }, (_, n): Command => {
    const name = named(`code ${n}`);
    const body = { goods: 'book', codes: [[name, `sealed-${n}`]] };
    const owner = codeOwner('book', name);
    return { type: 'act', act: 'code-add', owner, id: `code${n}`, body };
  });
  await settled(
    { submitBatch: (all) => Promise.all(all.map((one) => engine.own.submit(one as never))) },
    asked,
  );
  return engine;
}

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0', until = '0'] = process.argv.slice(2);
  const engine = await withBooks(folder);
  say({ say: 'ready' });
  let next = Number(from);
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const command = commandOf(Number(seed), n, Number(until));
      const outcome = await engine.submit(command, { timeoutMs: 500 });
      if (outcome.ok) say({ say: 'told', n, what: 'ok' });
    }
  };
  await Promise.all(Array.from({ length: 32 }, caller));
}

if (process.argv[1]?.endsWith('programme/code-kill-child.js')) await main();
