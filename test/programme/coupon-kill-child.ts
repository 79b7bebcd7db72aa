// A ledger whose coupons many want at once, to be killed: says what it was told, a line for each outcome (coupon-races.test.ts).
//   node coupon-kill-child.js <folder> <number of the first command> <seed>

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, type Engine, type Outcome, open } from '../../engine/index.js';
import { COUPON_CODES_MAX } from '../../engine/protocol/coupon-code.js';
import { say } from '../crash/lines.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { keyOf, numbered, SECRET } from './coupon-world.js';

export const SHARDS = 3;
export const MEMBERS = 12;
/** After so many codes others want the next ones. */
const CODES_OF_MEMBERS = 1_024;
/** So many commands want the same code. */
export const WANTED_BY = 4;
const AFTER_MS = 11_000;

/** The number of the code that the n-th command wants. */
export const codeAt = (n: number): number => Math.floor(n / WANTED_BY);
/** Now and then others: what they use is kept of them. */
const memberAt = (seed: number, n: number): string => {
  const from = Math.floor(codeAt(n) / CODES_OF_MEMBERS) * MEMBERS;
  return `m${from + new Random(seed * 7_919 + n).int(MEMBERS)}`;
};

/** The n-th command of a life: the same for the same seed. */
export function commandOf(seed: number, n: number): Command {
  const code = numbered('RACE', codeAt(n));
  const owner = memberAt(seed, n);
  const [id, order] = [`c${n}`, `o${n}`];
  // Of every other code the first use is given back; the others are reserved and released meanwhile.
  switch (n % (2 * WANTED_BY)) {
    case 2:
      return { type: 'act', act: 'coupon-reserve', owner, id, body: { code, order, forMs: 20 } };
    case 3: {
      const body = { code, order: `o${n - 1}` };
      return { type: 'act', act: 'coupon-release', owner: memberAt(seed, n - 1), id, body };
    }
    case 6: {
      const of = memberAt(seed, n - 2);
      return { type: 'reverse', owner: of, id, transferId: `c${n - 2}` };
    }
    default:
      return { type: 'act', act: 'coupon-redeem', owner, id, body: { code, order } };
  }
}

/**
 * A ledger with a campaign whose codes can be used, under the key that tests have. `more`: what else its campaign says; `funded`: a budget, and how
 * much of the asset it has.
 */
export async function withCoupons(
  folder: string,
  more: object = {},
  [budget, amount]: readonly [budget: string, amount: number] = ['', 0],
  clockOffset = new SharedArrayBuffer(8),
): Promise<Engine> {
  const engine = await open({ folder, shards: SHARDS, cacheMb: 64, clockOffset });
  mkdirSync(folder, { recursive: true });
  const secret = Buffer.from(SECRET).toString('base64url');
  writeFileSync(join(folder, 'secrets.key'), secret, { mode: 0o600 });
  await engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const put = async (kind: string, key: string, document: object): Promise<void> => {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as const;
    const outcome = await engine.submit(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
  };
  await put('programme', 'shop', { asset: 'points', zone: 'UTC' });
  const codes = { codes: 'single', bearer: true, count: COUPON_CODES_MAX, keyId: keyOf('RACE') };
  await put('coupon', 'RACE', { programme: 'shop', amount: 100, ...codes, ...more });
  const legs = [{ from: '@issue', to: budget, asset: 'points', amount }];
  if (amount > 0) await engine.own.submit({ type: 'transfer', id: 'fund', legs });
  new Float64Array(clockOffset)[0] = AFTER_MS;
  // Every shard knows it, and has the key.
  for (let n = 0; n < MEMBERS; n++) {
    const body = { code: numbered('RACE', COUPON_CODES_MAX - 1) };
    const asked = { type: 'act', act: 'coupon-redeem', owner: `m${n}`, body } as const;
    await until('the coupons count', async () => (await engine.submit(asked, { dryRun: true })).ok);
  }
  return engine;
}

/** Each of those who want the same code asks in a batch of its own, of so many codes. */
const BATCH_CODES = 64;
/** So many codes more are raced for at the same time. */
const AT_A_TIME = 6;
/** Whoever is not told goes on without: but late, for what is asked for beyond what the shards can do comes to nothing, and is asked for again. */
const TIMEOUT_MS = 5_000;

async function main(): Promise<void> {
  const [folder = '', from = '0', seed = '0'] = process.argv.slice(2);
  const engine = await withCoupons(folder);
  say({ say: 'ready' });
  let next = Number(from);
  const race = async (): Promise<void> => {
    for (;;) {
      const first = next;
      next += BATCH_CODES * WANTED_BY;
      say({ say: 'asked', n: next - 1 });
      const batches = Array.from({ length: WANTED_BY }, async (_, by) => {
        const numbers = Array.from({ length: BATCH_CODES }, (_, i) => first + i * WANTED_BY + by);
        const commands = numbers.map((n) => commandOf(Number(seed), n));
        const outcomes = await engine.submitBatch(commands, { timeoutMs: TIMEOUT_MS });
        const done = numbers.filter((_, i) => (outcomes[i] as Outcome).ok);
        for (const n of done) say({ say: 'told', n, what: 'ok' });
      });
      await Promise.all(batches);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, race));
}

if (process.argv[1]?.endsWith('programme/coupon-kill-child.js')) await main();
