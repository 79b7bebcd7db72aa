// A ledger whose goods many want at once, to be killed: says what it was told, a line for each outcome (mall-races.test.ts).
//   node mall-kill-child.js <folder> <number of the first command> <seed>

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, type Engine, open } from '../../engine/index.js';
import { numberText, orderNumber } from '../../engine/programme/mall/order.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { proof, SECRET } from './coupon-world.js';
import { ASSET, SHOP } from './earning-world.js';
import { PIECE, TEA } from './mall-world.js';

export const SHARDS = 4;
export const MEMBERS = 60;
export const PRICE = TEA.price;
export const POINTS = 1_000_000;
const AFTER_MS = 11_000;
/** Of so many commands one is an order that is cancelled, and another one its cancelling. */
const ROUND = 6;

const memberAt = (seed: number, n: number): string =>
  `m${new Random(seed * 7_919 + n).int(MEMBERS)}`;

/** The number of the order that the n-th command makes. */
export const numberAt = (owner: string, n: number): string =>
  orderNumber(proof(numberText(owner, `c${n}`)));

/** The n-th command of a life: the same for the same seed. */
export function commandOf(seed: number, n: number): Command {
  const id = `c${n}`;
  const owner = memberAt(seed, n);
  const quantity = 1 + (n % 2);
  switch (n % ROUND) {
    case 3: {
      const of = memberAt(seed, n - 2);
      const body = { number: numberAt(of, n - 2) };
      return { type: 'act', act: 'order-cancel', owner: of, id, body };
    }
    case 5:
      return { type: 'reverse', owner: memberAt(seed, n - 1), id, transferId: `c${n - 1}` };
    default:
      return { type: 'act', act: 'order', owner, id, body: { goods: 'tea', quantity } };
  }
}

/** A ledger with a mall that is open, under the key that tests have. `pieces`: what is put into stock, once. `more`: goods beside it. */
export async function withMall(
  folder: string,
  pieces: number,
  clockOffset = new SharedArrayBuffer(8),
  more: Readonly<Record<string, object>> = {},
): Promise<Engine> {
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64, clockOffset });
  mkdirSync(folder, { recursive: true });
  const secret = Buffer.from(SECRET).toString('base64url');
  writeFileSync(join(folder, 'secrets.key'), secret, { mode: 0o600 });
  const put = async (kind: string, key: string, document: object): Promise<void> => {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
    const outcome = await engine.submit(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
  };
  for (const asset of [ASSET, PIECE])
    await engine.submit({ type: 'define-asset', asset, scale: 0 });
  await put('programme', SHOP, { asset: ASSET, zone: 'UTC' });
  for (const [key, document] of Object.entries({ tea: TEA, ...more }))
    await put('goods', key, document);
  const give = (to: string, asset: string, amount: number): Command =>
    ({
      ...{ type: 'transfer', id: `give-${to.replace('#', '')}` },
      legs: [{ from: '@issue', to, asset, amount }],
    }) as const;
  await engine.own.submit(give('#item:tea', PIECE, pieces) as never);
  const members = Array.from({ length: MEMBERS }, (_, n) => give(`m${n}`, ASSET, POINTS));
  await engine.submitBatch(members);
  new Float64Array(clockOffset)[0] = AFTER_MS;
  // Every shard knows it, and has the key.
  for (let n = 0; n < 16; n++) {
    const asked = {
      type: 'act',
      act: 'order-quote',
      owner: `m${n}`,
      body: { goods: 'tea' },
    } as const;
    await until('the mall is open', async () => (await engine.submit(asked, { dryRun: true })).ok);
  }
  return engine;
}

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0', pieces = '0'] = process.argv.slice(2);
  const engine = await withMall(folder, Number(pieces));
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
  await Promise.all(Array.from({ length: 48 }, caller));
}

if (process.argv[1]?.endsWith('programme/mall-kill-child.js')) await main();
