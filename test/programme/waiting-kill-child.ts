// A ledger with members who wait for goods, and somebody who tells them, to be killed: says what it was told, a line for each outcome
// (waiting-races.test.ts).
//   node waiting-kill-child.js <folder> <number of the first command> <seed>

import type { Command, Engine } from '../../engine/index.js';
import { Mall } from '../../gateway/mall/mall.js';
import { Telling } from '../../gateway/mall/telling.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { MEMBERS, withMall } from './mall-kill-child.js';
import { PIECE, TEA } from './mall-world.js';

/** Of so many commands one brings a piece, and another one is withdrawn. */
const ROUND = 9;
export const GOODS = ['tea', 'mug', 'pen'];

/** The n-th command of a life: the same for the same seed. */
export function commandOf(seed: number, n: number): Command {
  const random = new Random(seed * 7_919 + n);
  const id = `c${n}`;
  const goods = random.pick(GOODS);
  const owner = `m${random.int(MEMBERS)}`;
  if (n % ROUND === 4) {
    const of = new Random(seed * 7_919 + n - 1);
    of.pick(GOODS);
    const before = `m${of.int(MEMBERS)}`;
    return { type: 'reverse', owner: before, id, transferId: `c${n - 1}` };
  }
  return { type: 'act', act: 'goods-wait', owner, id, body: { goods } };
}

/** A ledger whose goods have pieces, now and then; and who tells that there are some. */
export async function withTelling(folder: string): Promise<[Engine, Mall, Telling]> {
  const more = { mug: TEA, pen: TEA };
  const engine = await withMall(folder, 0, undefined, more);
  const mall = new Mall(engine);
  mall.start();
  await until('all goods are known', async () => mall.isWhole);
  return [engine, mall, new Telling(engine, mall.catalogue, mall.stocks)];
}

/** Pieces of goods come, once. */
export const bring = (engine: Engine, goods: string) =>
  engine.own.submit({
    ...{ type: 'transfer', id: 'first' },
    legs: [{ from: '@issue', to: `#item:${goods}`, asset: PIECE, amount: 1 }],
  } as never);

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const [engine, , telling] = await withTelling(folder);
  say({ say: 'ready' });
  let next = Number(from);
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      say({ say: 'asked', n });
      const outcome = await engine.submit(commandOf(Number(seed), n), { timeoutMs: 500 });
      if (outcome.ok) say({ say: 'told', n, what: 'ok' });
      if (n > 40) await bring(engine, GOODS[n % GOODS.length] as string);
    }
  };
  const teller = async (): Promise<void> => {
    for (;;) {
      await telling.look();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all([...Array.from({ length: 8 }, caller), teller()]);
}

if (process.argv[1]?.endsWith('programme/waiting-kill-child.js')) await main();
