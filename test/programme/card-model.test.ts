// Gift cards against a model in plain code: issued, paid with, given back, over, begun again; and on three shards at once.

import { join } from 'node:path';
import t from 'tap';
import { type Command, isRefusal, verifyFolder } from '../../engine/index.js';
import { cardOwner } from '../../engine/protocol/card-code.js';
import { campaign } from '../campaign.js';
import { temporaryFolder } from '../temporary.js';
import { cardSequence, STEPS } from './card-model.js';
import { cardNumbered, parts } from './digital-world.js';
import { ASSET, SHOP } from './earning-world.js';
import { MEMBERS, POINTS, withMall } from './mall-kill-child.js';
import { PIECE, TEA } from './mall-world.js';
import { settled } from './settled.js';

const sequences = campaign({
  name: `sequences of ${STEPS} steps with cards`,
  long: 10_000,
  sample: 20,
});

t.test('cards do what a model in plain code does', async (t) => {
  let orders = 0;
  const said = new Set<string>();
  await sequences.run((seed) => {
    for (const one of cardSequence(seed))
      if (one === 'order') orders++;
      else said.add(one);
  });
  t.ok(orders > 5 * sequences.count, `${orders} orders`);
  for (const code of ['CARD_SHORT', 'CARDS_EXCEED_ORDER', 'CARD_EXISTS', 'ORDER_STATE_INVALID'])
    t.ok(said.has(code), code);
});

t.test(
  'two cards on one order of each member, on four shards: the exact rest is left',
  async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const engine = await withMall(folder, 10_000);
    const cards = 24;
    const issued = Array.from({ length: cards }, (_, n): Command => {
      const body = { programme: SHOP, amount: 1_000 };
      const owner = cardOwner(cardNumbered(n));
      return { type: 'act', act: 'card-issue', id: `card${n}`, owner, body };
    });
    const own = {
      submitBatch: (all: readonly Command[]) =>
        Promise.all(all.map((one) => engine.own.submit(one as never))),
    };
    const made = await settled(own, issued);
    t.ok(made.every(({ ok }) => ok));
    const wanted = Array.from({ length: 400 }, (_, n) => [n % cards, (n * 7 + 1) % cards] as const);
    const pairs = wanted.filter(([one, other]) => one !== other);
    const asked = pairs.map(([one, other], n): Command => {
      const body = { goods: 'tea', ...parts([one, 37], [other, 41]) };
      return { type: 'act', act: 'order', owner: `m${n % MEMBERS}`, id: `o${n}`, body };
    });
    const outcomes = await settled(engine, asked);
    const spent = new Map<number, number>();
    let points = 0;
    outcomes.forEach((outcome, i) => {
      if (!outcome.ok) {
        t.equal(outcome.code, 'CARD_SHORT');
        return;
      }
      points += TEA.price - 78;
      const [one, other] = pairs[i] as readonly [number, number];
      spent.set(one, (spent.get(one) ?? 0) + 37);
      spent.set(other, (spent.get(other) ?? 0) + 41);
    });
    t.ok(
      outcomes.some(({ ok }) => !ok),
      'some cards were used up',
    );
    for (let n = 0; n < cards; n++) {
      const pool = await engine.own.pool(cardOwner(cardNumbered(n)), ASSET);
      if (isRefusal(pool)) throw new Error(pool.code);
      t.match(pool, { available: 1_000 - (spent.get(n) ?? 0), held: 0, lent: 0 });
    }
    let has = 0;
    for (let n = 0; n < MEMBERS; n++) {
      const found = await engine.balance(`m${n}`, ASSET);
      if (isRefusal(found)) throw new Error(found.code);
      has += found[0]?.available ?? 0;
    }
    t.equal(has, MEMBERS * POINTS - points);
    const stock = await engine.own.pool('#item:tea', PIECE);
    t.match(stock, { paid: outcomes.filter(({ ok }) => ok).length });
    await engine.close();
    t.same((await verifyFolder(folder)).problems, []);
  },
);
