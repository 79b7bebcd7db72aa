// Nothing is sold twice: fifty who want the last piece, a rush of many on four shards, and both while the process is killed again and again.

import { join } from 'node:path';
import t from 'tap';
import { type Command, type Engine, isRefusal, verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { ASSET } from './earning-world.js';
import { commandOf, MEMBERS, POINTS, PRICE, SHARDS, withMall } from './mall-kill-child.js';
import { PIECE } from './mall-world.js';
import { settled } from './settled.js';

const KILLS = 3;
const PIECES = 120;
const CALLERS = 50;
const lives = campaign({ name: `lives of ${KILLS} kills under orders`, long: 40, sample: 1 });
const lasts = campaign({ name: 'last pieces', long: 100, sample: 1 });

const stockOf = async (engine: Engine) => {
  const pool = await engine.own.pool('#item:tea', PIECE);
  if (isRefusal(pool)) throw new Error(pool.code);
  return pool;
};

t.test('of fifty who want the last piece one has it, and nobody else pays', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await withMall(folder, 1);
  await lasts.run(async (seed) => {
    const before = await stockOf(engine);
    if (before.available + before.lent === 0) {
      const legs = [{ from: '@issue', to: '#item:tea', asset: PIECE, amount: 1 }] as const;
      await engine.own.submit({ type: 'transfer', id: `one-${seed}`, legs });
    }
    const members = new Random(seed).shuffle(Array.from({ length: MEMBERS }, (_, n) => `m${n}`));
    const owners = members.slice(0, CALLERS);
    const spent = async (): Promise<number[]> =>
      (await Promise.all(owners.map((owner) => engine.balance(owner, ASSET)))).map((found) => {
        if (isRefusal(found)) throw new Error(found.code);
        return POINTS - (found[0]?.available ?? 0);
      });
    const had = await spent();
    const asked = (round: number) =>
      owners.map(
        (owner): Command => ({
          ...{ type: 'act', act: 'order', owner, id: `last-${seed}-${round}` },
          body: { goods: 'tea' },
        }),
      );
    // A shard that was told that there are none may not have heard yet that there is one again: whoever is there asks once more.
    let outcomes = await settled(engine, asked(0));
    for (let round = 1; outcomes.every(({ ok }) => !ok); round++)
      outcomes = await settled(engine, asked(round));
    const won = outcomes.filter(({ ok }) => ok).length;
    const codes = new Set(outcomes.map((one) => (one.ok ? 'ok' : one.code)));
    t.equal(won, 1, `seed ${seed}`);
    t.strictSame([...codes].sort(), ['SOLD_OUT', 'ok']);
    const now = await spent();
    t.strictSame(
      now.map((points, i) => points - (had[i] as number)),
      outcomes.map(({ ok }) => (ok ? PRICE : 0)),
    );
    t.match(await stockOf(engine), { available: 0, held: 0, lent: 0 });
  });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('a killed process sells nothing twice, and gives nothing back twice', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const told = new Numbered(join(import.meta.dirname, 'mall-kill-child.js'));
    for (let kill = 0; kill < KILLS; kill++)
      await told.live(
        folder,
        { afterMs: random.int(random.chance(0.3) ? 60 : 500) },
        `${seed}`,
        `${PIECES}`,
      );
    const engine = await withMall(folder, PIECES);
    const commands = Array.from({ length: told.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await settled(engine, commands);
    const wrong: string[] = [];
    let [sold, points] = [0, 0];
    const orders = new Set<string>();
    outcomes.forEach((outcome, n) => {
      // What was told as done is done.
      if (told.outcomes.get(n) === 'ok' && !outcome.ok)
        wrong.push(`${n} was ok, is ${outcome.code}`);
      if (!outcome.ok) return;
      for (const effect of outcome.act?.effects ?? []) {
        const { type, quantity, number } = effect;
        if (type === 'orderCreated') {
          if (orders.has(String(number))) wrong.push(`two orders have the number ${number}`);
          orders.add(String(number));
          sold += Number(quantity);
          points += Number(effect['total']);
        }
        if (type === 'orderCancelled') {
          sold -= Number(quantity);
          points -= Number(effect['points']);
        }
      }
    });
    const { available, held, lent, paid } = await stockOf(engine);
    if (available + lent !== PIECES - sold || held !== 0)
      wrong.push(`${sold} of ${PIECES} are sold, ${available} and ${lent} lent are left`);
    if (paid !== sold) wrong.push(`${paid} were paid, ${sold} sold`);
    let spent = 0;
    for (let n = 0; n < MEMBERS; n++) {
      const found = await engine.balance(`m${n}`, ASSET);
      if (isRefusal(found)) throw new Error(found.code);
      spent += POINTS - (found[0]?.available ?? 0) - (found[0]?.held ?? 0);
    }
    if (spent !== points) wrong.push(`${spent} points were spent, ${points} for orders`);
    const { shards } = await engine.stats();
    if (shards.some(({ openTransfers }) => openTransfers > 0))
      wrong.push('a command is still open');
    await engine.close();
    for (const problem of (await verifyFolder(folder)).problems)
      wrong.push(JSON.stringify(problem));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(`seed ${seed}: ${SHARDS} shards, ${told.asked} asked, ${sold} sold, ${KILLS} kills`);
    t.ok(sold > PIECES / 2, `${sold} sold`);
  });
});
