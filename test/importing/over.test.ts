// Backdated transfers of a batch that is carried out as it occurred: what may be brought, who spends what, what is left at its end; elsewhere nothing of
// it. Owns: these rules. Never touches: what lines become.

import t, { type Test } from 'tap';
import { type Balance, type Command, type Engine, open, verifyFolder } from '../../engine/index.js';
import { codeOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';

t.setTimeout(0);

const DAY = 86_400_000;
const FIRST = Date.UTC(2024, 0, 1);

async function opened(t: Test): Promise<{ engine: Engine; folder: string }> {
  const folder = temporaryFolder(t);
  const engine = await open({ folder, shards: 1, cacheMb: 64 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  return { engine, folder };
}

const moved = (
  id: string,
  [from, to]: readonly [string, string],
  amount: number,
  day: number,
  expiresDay?: number,
): Command => {
  const expiresAt = expiresDay === undefined ? {} : { expiresAt: FIRST + expiresDay * DAY };
  const legs = [{ from, to, asset: 'gold', amount, ...expiresAt }];
  return { type: 'transfer', id, legs, occurredAt: FIRST + day * DAY };
};
const earned = (id: string, amount: number, day: number, expiresDay?: number): Command =>
  moved(id, ['@import:old', 'ann'], amount, day, expiresDay);
const spent = (id: string, amount: number, day: number, to = '@import:old'): Command =>
  moved(id, ['ann', to], amount, day);
const LIVE = 9_000;

t.test('points that expired since are there for the batch, and no longer', async (t) => {
  const { engine, folder } = await opened(t);
  const together = { atomic: true, asOccurred: true } as const;
  const all = async (commands: readonly Command[], options: object = together): Promise<string> =>
    (await engine.submitBatch(commands, options)).map(codeOf).join(' ');
  const has = async (): Promise<object> => {
    const [balance] = (await engine.balance('ann')) as Balance[];
    const { available, expired, lots } = balance as Balance;
    return { available, expired, lots: lots.map(({ available }) => available) };
  };
  const one = earned('a', 10, 0, 5);
  t.equal(await all([one], {}), 'EXPIRY_PAST', 'by itself');
  t.equal(await all([one], { atomic: true }), 'EXPIRY_PAST', 'in an atomic batch');
  t.equal(await all([one], { dryRun: true }), 'EXPIRY_PAST', 'tried');
  const booked = { ...one, occurredAt: undefined } as Command;
  t.equal(await all([booked]), 'EXPIRY_PAST', 'not backdated');
  t.equal(await all([earned('a', 10, 5, 5)]), 'EXPIRY_PAST', 'expired when it occurred');
  t.equal(await all([moved('a', ['bob', 'ann'], 10, 0, 5)]), 'EXPIRY_PAST', 'from a user');

  const story = [
    earned('a', 10, 0, 5),
    earned('b', 10, 1, 30),
    earned('c', 10, 2, LIVE),
    // On day 6 what was earned first has expired: it is spent last.
    spent('d', 7, 6),
    spent('e', 12, 7),
    spent('f', 1, 8, '@expire'),
  ];
  t.equal(await all(story, { ...together, dryRun: true }), 'ok ok ok ok ok ok', 'tried');
  t.same(await engine.balance('ann'), [], 'which changes nothing');
  t.equal(await all(story), 'ok ok ok ok ok ok');
  // Day 6: 7 of b. Day 7: 3 of b, 9 of c. Day 8: 1 of a, to `@expire`; 9 of a expire with the batch.
  t.same(await has(), { available: 1, expired: 9, lots: [1] });
  t.equal(await all(story), 'ok ok ok ok ok ok', 'again it is a repeat');
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});
