// What reservations take of a limit in total, on real shards: it goes back when they are over, also where the ledger was closed meanwhile; and no more
// is promised than there is, however many ask.

import { join } from 'node:path';
import t from 'tap';
import { type Engine, isRefusal, type Outcome, open, verifyFolder } from '../../engine/index.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { MEMBERS, SHARDS, withCoupons } from './coupon-kill-child.js';
import { isOk, numbered } from './coupon-world.js';

const TOTAL = 5;
const [POOL, ASSET] = ['#budget:few', 'points'];
const LIMIT = { uses: POOL, usesAsset: ASSET };
const [SHORT_MS, LONG_MS] = [60_000, 3_600_000];
/** Refusals that are to be asked again after. */
const AGAIN = new Set(['BUDGET_BUSY', 'ACCOUNT_BUSY', 'PREPARED', 'DEFINITIONS_UNCONFIRMED']);

let ids = 0;
async function ask(engine: Engine, act: string, n: number, more: object = {}): Promise<string> {
  const id = `c${ids++}`;
  const owner = `m${n % MEMBERS}`;
  const body = { code: numbered('RACE', n), order: `o${n}`, ...more };
  const command = { type: 'act', act, owner, id, body } as const;
  for (;;) {
    const told = isOk((await engine.submit(command)) as Outcome);
    if (!AGAIN.has(told)) return told;
  }
}

const left = async (engine: Engine): Promise<number> => {
  const pool = await engine.own.pool(POOL, ASSET);
  if (isRefusal(pool)) throw new Error(pool.code);
  return pool.available;
};

t.test('no more is reserved than may be used, and what is over is there again', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  let engine = await withCoupons(folder, LIMIT, [POOL, TOTAL], clockOffset);
  const reserved = async (forMs: number, from: number): Promise<number[]> => {
    const all = Array.from({ length: MEMBERS }, (_, n) => from + n);
    const told = await Promise.all(all.map((n) => ask(engine, 'coupon-reserve', n, { forMs })));
    const refused = told.filter((one) => one !== 'ok');
    t.ok(refused.every((one) => one === 'BUDGET_EXHAUSTED'));
    return all.filter((_, i) => told[i] === 'ok');
  };
  const first = await reserved(LONG_MS, 0);
  t.equal(first.length, TOTAL, 'at once, on all shards');
  t.equal(await left(engine), 0);
  const [used, freed, ...kept] = first as [number, number, number, number, number];
  t.equal(await ask(engine, 'coupon-redeem', used), 'ok', 'by the unit that is there');
  t.equal(await ask(engine, 'coupon-release', freed), 'ok');
  t.equal(await left(engine), 1);
  t.equal((await reserved(SHORT_MS, 100)).length, 1);
  // It is over while nobody is there.
  await engine.close();
  clock[0] = (clock[0] as number) + SHORT_MS;
  engine = await open({ folder, shards: SHARDS, cacheMb: 64, clockOffset });
  await until('the unit is back', async () => (await left(engine)) === 1);
  t.equal(await ask(engine, 'coupon-redeem', 200), 'ok', 'somebody else has it');
  t.equal(await left(engine), 0);
  const { shards } = await engine.stats();
  t.ok(
    shards.every(({ followUps }) => followUps === 0),
    'what waits for its time is not late',
  );
  clock[0] = (clock[0] as number) + LONG_MS;
  await engine.acceptClock();
  await until('all are back but what is used', async () => (await left(engine)) === kept.length);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});
