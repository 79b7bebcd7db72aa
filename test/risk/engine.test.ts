// Rules of risk over a real log: who is marked, that it is marked once, also after restarts; what is no behaviour; what evidence tells.

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Engine, open, verifyFolder } from '../../engine/index.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { asShop, looked, marksOf, movement, say } from './marking.js';
import { DAY, HOUR, SAMPLE_RULES } from './month.js';

const FARM = '198.51.100.77';

/** All bytes of all files of a folder. */
const bytesOf = (folder: string): string =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? bytesOf(path) : readFileSync(path, 'latin1')))
    .join('');

t.test('members are marked, once, also after restarts', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const start = (): Promise<Engine> => open({ folder, shards: 2, cacheMb: 16, clockOffset });
  let engine = await start();
  t.equal((await engine.stats()).risk, undefined, 'without rules there is no thread');
  await engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  await say(engine, clock, 'risk-rule', SAMPLE_RULES);
  const earn = async (owner: string, id: string, audit = {}, amount = 10) =>
    t.match(await asShop(engine).submit(movement(id, '@issue', owner, amount), { audit }), {
      ok: true,
    });
  const farm = { address: '10.0.0.1', memberAddress: FARM };

  for (let n = 0; n < 5; n++) await earn(`farm${n}`, 'e1', { ...farm, device: `d${n}` });
  // A platform's own address is nobody's.
  for (let n = 0; n < 9; n++) await earn(`shopper${n}`, 'e1', { address: '10.0.0.1' });
  // What occurred before is a history.
  const backdated = { ...movement('old', '@issue', 'ann', 90_000), occurredAt: Date.now() - DAY };
  t.match(await engine.submit(backdated as never), { ok: true });
  await looked(engine);
  t.strictSame(await marksOf(engine, 'farm0'), [], 'five are not over five');
  await earn('farm5', 'e1', { ...farm, memberAddress: `::ffff:${FARM}` });
  await until('all of the farm are marked', async () => {
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => marksOf(engine, `farm${n}`)));
    return all.every((marks) => marks.length === 1);
  });
  const [mark] = await marksOf(engine, 'farm0');
  t.match(mark, {
    ...{ mark: 'ip-multi-account', reason: 'IP_MULTI_ACCOUNT', action: 'review', version: 1 },
    ...{ by: 'engine', count: 1, evidence: /^6 members, address [\w-]{12}, 1 d$/ },
  });
  t.equal((mark?.until ?? 0) - (mark?.at ?? 0) > 6.9 * DAY, true);
  t.match(
    await asShop(engine).submit(movement('r1', 'farm0', '@redeem')),
    { code: 'RISK_REVIEW' },
    'it is judged in the commit',
  );

  // More than a hundred of a kind in an hour; all that came within a day; what goes right after it has come.
  const many = Array.from({ length: 101 }, (_, n) => movement(`h${n}`, '@issue', 'robot', 1));
  await asShop(engine).submitBatch(many);
  await earn('rich', 'e1', {}, 6_000);
  await earn('rich', 'e2', {}, 6_000);
  await earn('casher', 'e1', {}, 5_000);
  t.match(await asShop(engine).submit(movement('r1', 'casher', '@redeem', 3_000)), { ok: true });
  t.match(await asShop(engine).submit(movement('r1', 'robot', '@redeem', 1)), { ok: true });
  await until('they are marked', async () => {
    const all = await Promise.all(['robot', 'rich', 'casher'].map((one) => marksOf(engine, one)));
    return all.every((marks) => marks.length > 0);
  });
  t.match(await marksOf(engine, 'robot'), [
    { evidence: '101 earn, 1 h (over 100)', action: 'refuse' },
  ]);
  t.match(await marksOf(engine, 'rich'), [{ evidence: '12000 points earned, 1 d (over 10000)' }]);
  t.match(await marksOf(engine, 'casher'), [{ reason: 'REDEEM_AFTER_EARN' }]);
  t.match(await asShop(engine).submit(movement('r2', 'robot', '@redeem', 1)), {
    code: 'RISK_REFUSED',
  });
  await looked(engine);
  t.match((await engine.stats()).risk, {
    leftOut: [],
    forgotten: 0,
    found: { IP_MULTI_ACCOUNT: 6 },
  });
  for (const owner of ['ann', 'shopper1']) t.strictSame(await marksOf(engine, owner), [], owner);

  // Once more, from the same logs: the same marks, and the windows are full again.
  for (const isForgotten of [false, true]) {
    await engine.close();
    if (isForgotten) rmSync(join(folder, 'risk'), { recursive: true });
    engine = await start();
    await until('it looks again', async () => (await engine.stats()).risk !== undefined);
    await looked(engine);
    for (const owner of ['farm0', 'farm5', 'robot'])
      t.match(await marksOf(engine, owner), [{ count: 1 }], `${owner} is not marked again`);
    const owner = isForgotten ? 'farm7' : 'farm6';
    await earn(owner, 'e1', farm);
    await until(`${owner} is marked`, async () => (await marksOf(engine, owner)).length === 1);
  }

  // While it lasts it is said again, once in a quarter of the time that the mark holds.
  clock[0] = (clock[0] ?? 0) + 2 * DAY;
  t.match(await engine.acceptClock(), undefined);
  for (let n = 0; n < 6; n++) await earn(`farm${n}`, 'e2', farm);
  await until('it is renewed', async () => (await marksOf(engine, 'farm0'))[0]?.count === 2);
  await looked(engine);
  for (let n = 0; n < 6; n++) await earn(`farm${n}`, 'e3', farm);
  await looked(engine);
  t.match(await marksOf(engine, 'farm0'), [{ count: 2 }]);

  await engine.close();
  const all = bytesOf(folder);
  t.notOk(all.includes(FARM), 'an address is nowhere in clear');
  t.ok(existsSync(join(folder, 'audit-keys', 'evidence.key')));
  t.match(await verifyFolder(folder), { ok: true });
});

t.test('a score, other versions, an end of a rule', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const engine = await open({ folder, shards: 1, cacheMb: 16, clockOffset });
  t.teardown(() => engine.close());
  await engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const score = {
    reason: 'WATCHED',
    signals: {
      often: { signal: 'commands', windowMs: HOUR, kinds: ['earn'] },
      much: { signal: 'earned', windowMs: DAY, asset: 'points' },
    },
    formula: 'signal.often * 100 + (signal.much > 1000 ? 400 : 0)',
    bands: [
      { from: 300, action: 'mark', holdsMs: DAY },
      { from: 700, action: 'refuse', holdsMs: DAY },
    ],
    stops: ['redeem'],
    stopsOver: 50,
  };
  await say(engine, clock, 'risk-score', { all: score });
  const earn = (owner: string, id: string, amount: number) =>
    engine.submit(movement(id, '@issue', owner, amount));
  for (let n = 0; n < 3; n++) await earn('ann', `e${n}`, 100);
  await until('marked', async () => (await marksOf(engine, 'ann')).length === 1);
  t.match(await marksOf(engine, 'ann'), [
    { action: 'mark', score: 300, evidence: '300: much 300, often 3', kinds: ['redeem'], over: 50 },
  ]);
  await earn('ann', 'e9', 1_000);
  await until('refused', async () => (await marksOf(engine, 'ann'))[0]?.action === 'refuse');
  t.match(await marksOf(engine, 'ann'), [{ score: 800, count: 2 }]);
  t.match(await engine.submit(movement('r1', 'ann', '@redeem', 50)), { ok: true }, 'not over 50');
  t.match(await engine.submit(movement('r2', 'ann', '@redeem', 51)), { code: 'RISK_REFUSED' });

  // Another version decides from its time on; one that has ended decides nothing.
  await engine.submit({
    ...{ type: 'put-definition', kind: 'risk-score', key: 'all', state: 'active' },
    document: { ...score, bands: [{ from: 1_000, action: 'mark', holdsMs: DAY }] },
  } as never);
  clock[0] = (clock[0] ?? 0) + 11_000;
  await looked(engine);
  for (let n = 0; n < 6; n++) await earn('bob', `e${n}`, 100);
  await looked(engine);
  t.strictSame(await marksOf(engine, 'bob'), [], '600 of 1,000');
  await engine.submit({ type: 'put-definition', kind: 'risk-score', key: 'all', state: 'retired' });
  clock[0] = (clock[0] ?? 0) + 11_000;
  await looked(engine);
  for (let n = 0; n < 12; n++) await earn('cat', `e${n}`, 100);
  await looked(engine);
  t.strictSame(await marksOf(engine, 'cat'), []);
});
