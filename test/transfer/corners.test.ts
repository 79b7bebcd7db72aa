// Captures, reversals and follow-ups between shards where limits, conditions, debts and the longest names meet
// (engine/transfer), through the public API. What verify says of the folder afterwards counts, too.

import t from 'tap';
import type { Command, Engine } from '../../engine/index.js';
import {
  AMOUNT_MAX,
  DAY_MS,
  ID_LENGTH_MAX,
  LOTS_MAX,
  OWNER_LENGTH_MAX,
} from '../../engine/limits.js';
import { followUpId } from '../../engine/protocol/follow-ups.js';
import { available, codeOf, leg, move } from '../movements.js';
import { until } from '../until.js';
import { DAY, lotsOf, withEngine } from './harness.js';

const reverse = (id: string, owner: string, transferId: string, allowDebt = false): Command => ({
  type: 'reverse',
  id,
  owner,
  transferId,
  allowDebt,
});

/** `available+held` of gold. */
async function has(engine: Engine, owner: string): Promise<string> {
  const balances = await engine.balance(owner);
  if (!Array.isArray(balances)) throw new Error('no balance');
  const gold = balances.find(({ asset }) => asset === 'gold');
  return `${gold?.available ?? 0}+${gold?.held ?? 0}`;
}

t.test('a shard that has nothing but the condition takes part in the reversal', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100)));
    await engine.submit(move('f', leg('@issue', eve, 100)));
    const condition = (owner: string) => ({ owner, asset: 'gold', availableAtLeast: 100 });
    for (const [id, legs, owner] of [
      ['last', [leg(ann, '@redeem', 10)], eve],
      ['middle', [leg(ann, eve, 10)], bob],
      ['first', [leg(ann, bob, 10)], ann],
    ] as const) {
      const outcome = await engine.submit({
        type: 'transfer',
        id,
        legs,
        condition: condition(owner),
      });
      t.equal(codeOf(outcome), owner === bob ? 'CONDITION_FAILED' : 'ok', id);
      if (!outcome.ok) continue;
      t.equal(codeOf(await engine.submit(reverse(`${id}:back`, ann, id))), 'ok', id);
      t.equal(codeOf(await engine.submit(reverse(`${id}:again`, ann, id))), 'ALREADY_REVERSED', id);
    }
    t.equal(await available(engine, ann), 100);
  }),
);

t.test('the longest names and ids, through causes, follow-ups and their reversal', (t) =>
  withEngine(t, async (engine) => {
    const long = (shard: number): string => {
      for (let n = 0; ; n++) {
        const name = `${n}`.padStart(OWNER_LENGTH_MAX, 'x');
        if (engine.shardOf(name) === shard) return name;
      }
    };
    const [ann, bob, eve] = [long(0), long(1), long(2)];
    const id = 'i'.repeat(ID_LENGTH_MAX);
    await engine.submit(move('e', leg('@issue', ann, 100), leg('@issue', bob, 50)));
    const legs = [leg(ann, bob, 10)];
    const followUps = [{ legs: [leg(bob, eve, 5)] }, { legs: [leg('@issue', eve, 7)] }];
    t.equal(codeOf(await engine.submit({ type: 'transfer', id, legs, followUps })), 'ok');
    await until('eve has it', async () => (await has(engine, eve)) === '12+0');
    t.equal(await available(engine, bob), 55);
    const bonus = followUpId(ann, id, 1);
    t.equal(
      codeOf(await engine.submit(reverse(id, bob, bonus))),
      'ok',
      'a follow-up is reversed like any other',
    );
    t.equal(
      codeOf(await engine.submit(reverse(`${id.slice(1)}j`, bob, bonus))),
      'ALREADY_REVERSED',
    );
    t.equal(codeOf(await engine.submit(reverse(id.slice(1), ann, id))), 'ok');
    t.equal(await available(engine, ann), 100);
    t.equal(await available(engine, bob), 50);
    t.equal(await available(engine, eve), 7, 'what a transfer caused stays when it is reversed');
    const deadline = Date.now() + 60_000;
    const hold = 'h'.repeat(ID_LENGTH_MAX);
    await engine.submit({
      type: 'hold',
      id: hold,
      owner: ann,
      asset: 'gold',
      amount: 100,
      deadline,
    });
    const capture = 'c'.repeat(ID_LENGTH_MAX);
    t.equal(
      codeOf(
        await engine.submit({ type: 'capture', id: capture, owner: ann, holdId: hold, to: eve }),
      ),
      'ok',
    );
    t.equal(codeOf(await engine.submit(reverse('k', ann, capture))), 'ok');
    t.equal(await has(engine, ann), '100+0');
  }),
);

t.test('system owners among the legs, and debts', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = '', dan = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 20)));
    const limit = { type: 'set-credit-limit', asset: 'gold', creditLimit: 50 } as const;
    await engine.submit({ type: 'open-account', id: 'o', owner: ann, asset: 'gold' });
    t.equal(codeOf(await engine.submit({ ...limit, id: 'l', owner: ann })), 'ok');
    const many = [
      leg(ann, bob, 60),
      leg('@issue', eve, 5),
      leg('@fee', dan, 3),
      leg(ann, '@redeem', 10),
    ];
    t.equal(codeOf(await engine.submit(move('many', ...many))), 'ok');
    t.equal(await has(engine, ann), '-50+0');
    await engine.submit(move('spent', leg(bob, '@redeem', 40), leg(dan, '@redeem', 1)));
    t.equal(codeOf(await engine.submit(reverse('no', ann, 'many'))), 'POINTS_SHORT');
    t.equal(codeOf(await engine.submit(reverse('yes', ann, 'many', true))), 'ok');
    const all = [ann, bob, eve, dan].map((owner) => has(engine, owner));
    t.same(await Promise.all(all), ['20+0', '-40+0', '0+0', '-1+0']);
    // What is held may be owed.
    t.equal(
      codeOf(await engine.submit({ type: 'hold', id: 'h', owner: ann, asset: 'gold', amount: 60 })),
      'ok',
    );
    t.equal(await has(engine, ann), '-40+60');
    const capture = { type: 'capture', owner: ann, holdId: 'h' } as const;
    t.equal(
      codeOf(await engine.submit({ ...capture, id: 'c', to: bob, amount: 50, releaseRest: true })),
      'ok',
    );
    t.equal(await has(engine, ann), '-30+0');
    t.equal(await has(engine, bob), '10+0');
    t.equal(codeOf(await engine.submit(reverse('cb', ann, 'c', true))), 'ok');
    t.equal(await has(engine, ann), '20+0');
    t.same(await lotsOf(engine, ann), [{ expiresAt: undefined, available: 20, held: 0 }]);
  }),
);

t.test('no room: the hold and the original are as they were', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100, DAY)));
    for (let lot = 0; lot < LOTS_MAX; lot += 16) {
      const legs = Array.from({ length: 16 }, (_, n) =>
        leg('@issue', bob, 1, DAY + (lot + n) * DAY_MS),
      );
      await engine.submit(move(`lots${lot}`, ...legs));
    }
    await engine.submit(move('full', leg('@issue', eve, AMOUNT_MAX)));
    const before = await lotsOf(engine, ann);
    await engine.submit({ type: 'hold', id: 'h', owner: ann, asset: 'gold', amount: 100 });
    const capture = { type: 'capture', owner: ann, holdId: 'h' } as const;
    t.equal(codeOf(await engine.submit({ ...capture, id: 'c1', to: bob })), 'LOT_LIMIT');
    t.equal(
      codeOf(await engine.submit({ ...capture, id: 'c2', to: eve, amount: 1 })),
      'AMOUNT_OVERFLOW',
    );
    t.match(await engine.hold(ann, 'h'), { remaining: 100 });
    t.equal(
      codeOf(await engine.submit({ type: 'release', id: 'r', owner: ann, holdId: 'h' })),
      'ok',
    );
    t.same(await lotsOf(engine, ann), before);

    t.equal(codeOf(await engine.submit(move('pay', leg(bob, ann, 10)))), 'ok');
    const fill = Array.from({ length: 10 }, (_, n) =>
      leg('@issue', bob, 1, DAY + (600 + n) * DAY_MS),
    );
    t.equal(codeOf(await engine.submit(move('fill', ...fill))), 'ok');
    t.equal(codeOf(await engine.submit(reverse('b1', bob, 'pay'))), 'LOT_LIMIT');
    t.equal(await available(engine, ann), 110);
    t.equal(codeOf(await engine.submit(move('little', leg(bob, '@redeem', 9)))), 'ok');
    t.equal(codeOf(await engine.submit(reverse('b2', bob, 'pay'))), 'LOT_LIMIT', 'one too many');
    t.equal(codeOf(await engine.submit(move('room', leg(bob, '@redeem', 1)))), 'ok');
    t.equal(codeOf(await engine.submit(reverse('b4', bob, 'pay'))), 'ok');
    t.equal(await available(engine, bob), LOTS_MAX);
    t.equal((await lotsOf(engine, bob)).length, LOTS_MAX);
    t.equal(codeOf(await engine.submit(move('pay2', leg(eve, ann, 5)))), 'ok');
    t.equal(
      codeOf(await engine.submit(move('refill', leg('@issue', eve, 5)))),
      'AMOUNT_OVERFLOW',
      'earned has no room',
    );
    t.equal(codeOf(await engine.submit(reverse('b3', eve, 'pay2'))), 'ok');
    t.equal(await available(engine, eve), AMOUNT_MAX);
  }),
);

t.test('a capture says when its points expire', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100, DAY)));
    await engine.submit({ type: 'hold', id: 'h', owner: ann, asset: 'gold', amount: 100 });
    const capture = { type: 'capture', owner: ann, holdId: 'h', to: bob, amount: 10 } as const;
    for (const [id, expiresAt] of [
      ['with', undefined],
      ['later', DAY + DAY_MS - 1],
      ['never', null],
    ] as const)
      t.equal(codeOf(await engine.submit({ ...capture, id, expiresAt })), 'ok', id);
    t.same(
      (await lotsOf(engine, bob)).map((lot) => [lot.expiresAt, lot.available]),
      [
        [DAY, 10],
        [DAY + DAY_MS, 10],
        [undefined, 10],
      ],
    );
    t.equal(codeOf(await engine.submit(reverse('b', ann, 'never'))), 'ok');
    t.same(
      (await lotsOf(engine, ann)).map((lot) => [lot.expiresAt, lot.available, lot.held]),
      [[DAY, 10, 70]],
      'the payer has its own back',
    );
  }),
);
